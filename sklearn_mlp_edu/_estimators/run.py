"""A run: one training of an estimator's draft, and what it leaves."""

from copy import copy, deepcopy
from dataclasses import replace

import numpy as np

from .._lecture import (
    OPTIMIZERS,
    Adaptive,
    Constant,
    InverseScaling,
    Scaled,
    Settling,
    pack,
)
from .._training import (
    LBFGS_BATCH_SIZE,
    Outcome,
    ProgressPrinter,
    Training,
    default_alpha,
    default_learning_rate,
    minimise,
)
from .convergence import Ending, divergence
from .memory import out_of_memory
from .parameters import factor_of, settings_of, usual_number

AUTO_BATCH_SIZE = 200
SCHEDULES = {"auto": Settling, "constant": Constant, "adaptive": Adaptive}
PASSES = 100  # that a stream is taken to make over its rows, by alpha="auto"
RESUMED = ("_streams_", "_optimizer_state_")  # what continuing needs beside weights


def copy_of_state(state):
    """Return an optimizer's state, numbers and arrays by name, as a copy."""
    arrays = {n: v.copy() for n, v in state.items() if isinstance(v, np.ndarray)}
    return {**state, **arrays}


class Run:
    """What is trained, on what, watched on what, and how it is carried out.

    Parameters
    ----------
    network : BaseMLP
        The estimator, whose parameters say how to train.
    draft : BaseMLP
        Its copy, which learns, and which it becomes when all has gone well.
    targets : Labels or Quantities
        What the targets are.
    data : TrainingSet
        Encoded examples; they are standardised as the draft says.
    chance : Streams
        Draws the order of the examples, and dropout's masks.
    validation : Validation, optional
        Examples to watch.
    streams : bool, default=False
        Whether the examples are a part of a stream.

    Attributes
    ----------
    n_stream_rows : int or None
        Number of rows that the stream has, where that is known.
    rate : float
        What a stream's learning rate is multiplied by.
    n_parts : int
        How many parts of a stream are to `take` the place of ``data``, one by one.
    """

    n_stream_rows, rate, n_parts = None, 1.0, 1

    def __init__(
        self, network, draft, targets, data, chance, validation=None, streams=False
    ):
        scaling = draft._scaling()
        self.network, self.draft, self.targets = network, draft, targets
        y, self.chance = targets.scaled(data.y), chance
        self.data = data._replace(scaling=scaling, y=y)
        self.validation = validation and validation.scaled(scaling, targets)
        self.streams = streams
        self.prepared = None  # the training, once there is one

    def of(self, network):
        """Return the same run for a ``network`` that differs in parameters only."""
        run = copy(self)
        run.network, run.chance = network, deepcopy(self.chance)
        run.draft = copy(self.draft)
        vars(run.draft).update(settings_of(network))
        return run

    def take(self, X, y, weight):
        """Let a part of the same size take the place of ``data``."""
        self.data.X[...] = X
        self.data.y[...] = self.targets.scaled(y)
        if weight is not None:
            self.data.weight[...] = weight

    @property
    def batch_size(self):
        """B, the number of examples in a mini-batch."""
        size, n_rows = self.network.batch_size, self.data.n_rows
        if size == "full":
            return n_rows
        return min(AUTO_BATCH_SIZE if size == "auto" else int(size), n_rows)

    @property
    def starting_rate(self):
        """The learning rate that training begins with."""
        network = self.network
        if network.learning_rate_init != "auto":
            return float(network.learning_rate_init)
        # What is chosen for all rows must not depend on their number, or a row of
        # weight 2 would not count as two.
        noisy = self.streams or not isinstance(network.batch_size, str)
        size = self.batch_size if noisy else AUTO_BATCH_SIZE
        statistics = self.draft._statistics()
        length = statistics.scaled_length if network.standardize else statistics.length
        n_features = self.draft.n_features_in_
        hidden = len(self.draft.coefs_) > 1
        return default_learning_rate(
            network.solver,
            self.targets.loss,
            hidden,
            length,
            n_features,
            size,
            self.draft.n_samples_seen_ if self.streams else None,
        )

    @property
    def alpha(self):
        """λ, the strength of regularisation."""
        if self.network.alpha != "auto":
            return float(self.network.alpha)
        n_rows = self.data.n_rows
        if self.n_stream_rows is not None:
            n_rows = self.n_stream_rows
        elif self.streams:  # rows may come again, but each call is taken to bring one
            n_calls = len(self.draft.loss_curve_) + 1
            n_rows = max(n_rows, self.draft.n_samples_seen_ / PASSES, n_calls)
        return default_alpha(self.network.solver, n_rows, self.targets.loss.prior)

    @property
    def penalty(self):
        """λ in the cost J_L2: 0 where weights decay beside it."""
        return 0.0 if self.network.solver == "adamw" else self.alpha

    def training(self, stack=None):
        """Return a mini-batch training of the draft, going on from where it is.

        ``stack`` asks for M networks that all start as the draft: it maps ``"alpha"``
        and other settings, by the names that `Optimizer` has for them, to M values.
        """
        network, draft = self.network, self.draft
        optimizer_class = OPTIMIZERS[network.solver]
        given = settings_of(network)
        settings = {n: usual_number(n, given[n]) for n in optimizer_class.settings}
        settings |= {"alpha": self.alpha, "learning_rate": self.starting_rate}
        theta = pack(draft.coefs_, draft.intercepts_)
        if stack is not None:
            settings |= stack
            theta = np.tile(theta, (len(stack["alpha"]), 1))
        alpha = settings.pop("alpha")
        if optimizer_class.decouples:
            settings["decay"], alpha = alpha, 0.0
        state = copy_of_state(getattr(draft, "_optimizer_state_", {}))
        optimizer = optimizer_class(theta, state=state, **settings)
        return Training(
            draft._network(),
            theta,
            self.data,
            optimizer,
            alpha=alpha,
            batch_size=self.batch_size,
            rng=self.chance.order if network.shuffle else None,
            schedule=self._schedule(),
            dropout=float(network.dropout),
            dropout_rng=self.chance.dropout,
            max_grad_norm=usual_number("max_grad_norm", network.max_grad_norm),
            validation=self.validation,
            engine=network.engine,
            n_epochs=self.n_parts if self.streams else network.max_iter,
            one_pass=self.streams and self.n_parts == 1,
        )

    def _schedule(self):
        schedule = self.network.learning_rate
        if callable(schedule):
            return Scaled(factor_of(schedule))
        if schedule == "invscaling":
            return InverseScaling(float(self.network.power_t))
        if self.rate != 1:  # somebody else sees to it
            return Scaled(lambda epoch: self.rate)
        return SCHEDULES[schedule]()

    def train(self, max_iter, patience, resume=True, task=None):
        """Carry it out, let the estimator become the draft, and return the `Ending`.

        ``resume`` says whether to keep what continuing will need beside the weights;
        ``task`` is the observer of callbacks, if there are any.
        """
        network = self.network
        observers = [ProgressPrinter(network.verbose)] if network.verbose else []
        if task is not None:
            task.learned = self._as_of
            observers.append(task)
        descends = network.solver != "lbfgs"
        work = self._descend if descends else self._minimise
        outcome = Outcome(pack(self.draft.coefs_, self.draft.intercepts_))
        ending = Ending(self, outcome)
        try:
            work(outcome, observers, max_iter, patience)
        except KeyboardInterrupt:
            if outcome.loss_curve:  # keep the epochs that were finished
                self._become(self.learned(outcome, resume=False))
            raise
        except MemoryError as error:
            sizes, dtype = self.draft._network().layer_sizes, outcome.theta.dtype
            size = self.batch_size if descends else LBFGS_BATCH_SIZE
            size = min(size, self.data.n_rows)
            raise out_of_memory(sizes, dtype, size) from error
        if outcome.status == "diverged":
            raise ValueError(divergence(network, ending))
        self._become(self.learned(outcome, resume))
        if task is not None:
            task.finish()
        return ending

    def _become(self, learned):
        self.network._adopt(learned)
        self.chance.end_at(getattr(learned, "_streams_", None))

    def _descend(self, outcome, observers, max_iter, patience):
        if self.prepared is None:
            self.prepared = self.training()
        training = self.prepared
        training.outcomes[0] = outcome
        training.run(max_iter, patience, observers, len(self.draft.loss_curve_))

    def _minimise(self, outcome, observers, max_iter, patience):
        minimise(
            self.draft._network(),
            outcome,
            self.data,
            alpha=self.alpha,
            max_iter=max_iter,
            max_fun=self.network.max_fun,
            tol=float(self.network.tol),
            observers=observers,
        )

    def learned(self, outcome, resume):
        """Return the draft with what training has led to."""
        draft = self.draft
        draft._set_layers(draft._network().layer_sizes, outcome.theta)
        draft._solver_ = self.network.solver
        if self.prepared is not None:
            optimizer = self.prepared.optimizer
            draft._optimizer_state_ = optimizer.state
            draft.learning_rate_ = float(optimizer.learning_rate)
        draft.alpha_ = self.alpha
        if self.network.solver != "lbfgs":
            draft.learning_rate_init_ = self.starting_rate
        best = min(outcome.loss_curve)
        draft.best_loss_ = min(best, draft.best_loss_) if draft.loss_curve_ else best
        draft.loss_curve_ = draft.loss_curve_ + outcome.loss_curve
        draft.loss_ = draft.loss_curve_[-1]
        draft.n_iter_ = len(draft.loss_curve_)
        draft.t_ += self.data.n_rows * len(outcome.loss_curve)
        scores, losses = outcome.validation_scores, outcome.validation_losses
        if scores:
            draft.validation_scores_ = (draft.validation_scores_ or []) + scores
            past = draft.validation_loss_curve_ or []
            draft.validation_loss_curve_ = past + losses
        draft.best_validation_score_ = max(scores, default=None)
        draft._streams_ = self.chance.state
        if not resume:
            for name in RESUMED:
                vars(draft).pop(name, None)
        return draft

    def _as_of(self, outcome):
        """Return the attributes that training would lead to if it ended now."""
        run = copy(self)
        run.draft = copy(self.draft)
        outcome = replace(outcome, theta=outcome.theta.copy())
        learned = vars(run.learned(outcome, resume=False))
        return {name: value for name, value in learned.items() if name.endswith("_")}
