"""How an estimator learns: from checked data through training to attributes.

Training acts on a draft, a copy of the estimator, which the estimator becomes when all
has gone well. So nothing that fails can leave it half changed.
"""

from copy import copy, deepcopy
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from .._lecture import (
    OPTIMIZERS,
    Adaptive,
    Constant,
    InverseScaling,
    Parameters,
    initial_parameters,
    pack,
)
from .._training import (
    Outcome,
    ProgressPrinter,
    Training,
    TrainingSet,
    Validation,
    minimise,
)
from .callbacks import CallbackSupport
from .checks import check_unchanged, divergence, warn_of_large_batch
from .fitted import FLOATS, FittedMLP
from .labels import Labels, check_labels
from .parameters import (
    PARAMETER_CONSTRAINTS,
    check_combination,
    check_hidden_layer_sizes,
)
from .weights import check_weight, relative_to_mean, with_class_weight

AUTO_BATCH_SIZE = 200


class Streams(NamedTuple):
    """Independent sources of chance, so that using one does not shift the others."""

    order: np.random.RandomState  # initial weights, then the order of the examples
    dropout: np.random.Generator
    split_seed: int

    @classmethod
    def of(cls, random_state):
        """Derive them from the estimator's ``random_state``."""
        rng = check_random_state(random_state)
        dropout_seed, split_seed = deepcopy(rng).randint(2**31 - 1, size=2)
        return cls(rng, np.random.default_rng(dropout_seed), int(split_seed))

    @property
    def state(self):
        """Where the streams are."""
        return self.order.get_state(), self.dropout.bit_generator.state

    def go_back(self, state):
        """Go back to where the streams were."""
        self.order.set_state(state[0])
        self.dropout.bit_generator.state = state[1]


class BaseMLP(CallbackSupport, FittedMLP):
    """What `fit` and `partial_fit` are made of."""

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def _prepare(
        self,
        X,
        y,
        sample_weight=None,
        X_val=None,
        y_val=None,
        sample_weight_val=None,
    ):
        """Return what to train, on what, and what to watch, from `fit`'s arguments."""
        go_on = self.warm_start and hasattr(self, "coefs_")
        draft = self._draft(keep_learned=go_on)
        dtype = self.coefs_[0].dtype if go_on else FLOATS
        X, y = draft._check_examples(X, y, dtype, reset=not go_on)
        weight = check_weight(sample_weight, X)
        labels = Labels.of(y)
        y = labels.encode(y)
        weight = with_class_weight(self.class_weight, labels, y, weight)
        own = draft._own_validation_set(labels, X_val, y_val, sample_weight_val)
        if go_on:
            check_unchanged(self, labels.classes, labels.multilabel)
            draft._resume()
        else:
            draft._initialise(labels, X.dtype)
        data, validation = draft._set_aside(TrainingSet(X, y, weight), labels, own)
        warn_of_large_batch(self, data.n_rows)
        return draft, data, validation

    def _draft(self, keep_learned):
        """Return a copy to be trained, so that failure leaves ``self`` as it was."""
        self._validate_params()
        check_combination(self.get_params(deep=False), type(self)().get_params())
        draft = copy(self)
        if not keep_learned:
            for name in [name for name in vars(draft) if name.endswith("_")]:
                delattr(draft, name)
        return draft

    def _adopt(self, draft):
        """Become what ``draft`` is."""
        for name in vars(self).keys() - vars(draft).keys():
            delattr(self, name)
        vars(self).update(vars(draft))

    def _check_examples(self, X, y, dtype, reset):
        X, y = validate_data(
            self, X, y, accept_sparse="csr", dtype=dtype, multi_output=True, reset=reset
        )
        return X, check_labels(y)

    def _initialise(self, labels, dtype):
        """Set all that is known before training."""
        hidden = check_hidden_layer_sizes(self.hidden_layer_sizes)
        layer_sizes = (self.n_features_in_, *hidden, labels.n_outputs)
        self._streams_ = Streams.of(self.random_state)
        theta = initial_parameters(
            self.init, self.activation, layer_sizes, self._streams_.order, dtype
        )
        self.classes_ = labels.classes
        self.n_outputs_ = labels.n_outputs
        self.out_activation_ = labels.loss.out_activation
        self.n_layers_ = len(layer_sizes)
        self.n_parameters_ = theta.size
        self.loss_curve_ = []
        self.t_ = 0
        self._hidden_activation_ = self.activation
        self._set_layers(layer_sizes, theta)

    def _set_layers(self, layer_sizes, theta):
        parameters = Parameters(layer_sizes, theta)
        self.coefs_ = parameters.W[1:]
        self.intercepts_ = [b[0] for b in parameters.b[1:]]

    def _resume(self):
        """Go on with what is there; after a finished `fit` that is the weights only."""
        if not hasattr(self, "_streams_"):
            self._streams_ = Streams.of(self.random_state)

    def _own_validation_set(self, labels, X_val, y_val, sample_weight_val):
        """Check the validation set that the user passed; None if there is none."""
        if X_val is None and y_val is None and sample_weight_val is None:
            return None
        if X_val is None or y_val is None:
            raise ValueError(
                "X_val and y_val make a validation set together, with "
                "sample_weight_val if wanted; pass both, or none of the three."
            )
        if self.solver == "lbfgs":
            raise ValueError(
                "solver='lbfgs' cannot watch a validation set; leave X_val and y_val "
                "out, or use solver='sgd' or 'adam'."
            )
        X_val, y_val = self._check_examples(X_val, y_val, FLOATS, reset=False)
        if self.validation_fraction != type(self)().validation_fraction:
            raise ValueError(
                f"validation_fraction={self.validation_fraction} has no effect with "
                "X_val and y_val, from which nothing is set aside; leave it out."
            )
        weight = check_weight(sample_weight_val, X_val, name="sample_weight_val")
        y_val = labels.encode(y_val, "y_val")
        weight = with_class_weight(self.class_weight, labels, y_val, weight)
        return TrainingSet(X_val, y_val, weight)

    def _set_aside(self, data, labels, own):
        """Return what to train on, and the `Validation` to watch, if any.

        That is the user's ``own`` set, or else with early stopping a part of ``data``.
        """
        X, y, weight, _ = data
        if own is not None:
            data = TrainingSet(X, y, relative_to_mean(weight))
            return data, Validation(own, decides=self.early_stopping)
        if not self.early_stopping:
            return TrainingSet(X, y, relative_to_mean(weight)), None
        seed = self._streams_.split_seed
        rows, aside = labels.split(y, self.validation_fraction, seed)
        weight_aside = None if weight is None else weight[aside]
        if weight is not None and not weight_aside.any():
            raise ValueError(
                "sample_weight is zero for every example that is set aside for "
                "validation; weight more examples, or pass X_val and y_val."
            )
        validation = Validation(TrainingSet(X[aside], y[aside], weight_aside), True)
        return TrainingSet(X, y, relative_to_mean(weight, rows), rows), validation

    def _learn(
        self, draft, data, max_iter, patience, validation=None, resume=True, task=None
    ):
        """Train ``draft``, become it, and return how the training ended.

        ``resume`` says whether to keep what continuing will need beside the weights;
        ``task`` is the observer of callbacks, if there are any.
        """
        n_before, chance = len(draft.loss_curve_), draft._streams_.state
        observers = [ProgressPrinter(self.verbose)] if self.verbose else []
        if task is not None:
            task.learned = lambda outcome: draft._as_of(outcome, data)
            observers.append(task)
        if self.solver == "lbfgs":
            outcome = Outcome(pack(draft.coefs_, draft.intercepts_))
            run = partial(self._minimise, draft, data, outcome, observers)
        else:
            training = self._training(draft, data, validation)
            (outcome,) = training.outcomes
            run = partial(training.run, max_iter, patience, observers, n_before)
        try:
            run()
        except KeyboardInterrupt:
            draft._streams_.go_back(chance)
            if outcome.loss_curve:  # keep the epochs that were finished
                self._adopt(draft._with_learned(outcome, data, resume=False))
            raise
        if self.solver != "lbfgs":
            draft._optimizer_state_ = training.optimizer.state
            draft.learning_rate_ = float(training.optimizer.learning_rate)
        if outcome.status == "diverged":
            draft._streams_.go_back(chance)  # for they are the estimator's, too
            raise ValueError(divergence(self, n_before, outcome))
        self._adopt(draft._with_learned(outcome, data, resume))
        if task is not None:
            task.finish()
        return outcome.status

    def _starting_rate(self, draft, data):
        """Return the learning rate that training begins with."""
        if self.learning_rate_init != "auto":
            return float(self.learning_rate_init)
        if not hasattr(draft, "_auto_rate_"):
            optimizer_class = OPTIMIZERS[self.solver]
            draft._auto_rate_ = optimizer_class.default_learning_rate(
                data, self.batch_size
            )
        return draft._auto_rate_

    def _training(self, draft, data, validation, stack=None):
        """Return a mini-batch training of ``draft``, going on from where it is.

        ``stack`` asks for M networks that all start as ``draft``: it maps ``"alpha"``
        and other settings, by the names that `Optimizer` has for them, to M values.
        """
        rate = self._starting_rate(draft, data)
        optimizer_class = OPTIMIZERS[self.solver]
        settings = {name: getattr(self, name) for name in optimizer_class.settings}
        settings |= {"alpha": self.alpha, "learning_rate": rate}
        theta = pack(draft.coefs_, draft.intercepts_)
        if stack is not None:
            settings |= stack
            theta = np.tile(theta, (len(stack["alpha"]), 1))
        alpha = settings.pop("alpha")
        state = deepcopy(getattr(draft, "_optimizer_state_", None))
        optimizer = optimizer_class(theta, state=state, **settings)
        return Training(
            draft._network(),
            theta,
            data,
            optimizer,
            alpha=alpha,
            batch_size=self._batch_size(data),
            rng=draft._streams_.order if self.shuffle else None,
            schedule=self._schedule(rate),
            dropout=self.dropout,
            dropout_rng=draft._streams_.dropout,
            validation=validation,
        )

    def _schedule(self, rate):
        if self.learning_rate == "invscaling":
            return InverseScaling(rate, self.power_t)
        return Adaptive() if self.learning_rate == "adaptive" else Constant()

    def _minimise(self, draft, data, outcome, observers):
        minimise(
            draft._network(),
            outcome,
            data,
            alpha=self.alpha,
            max_iter=self.max_iter,
            max_fun=self.max_fun,
            tol=self.tol,
            observers=observers,
        )

    def _with_learned(self, outcome, data, resume):
        """Note what a training resulted in."""
        self._set_layers(self._network().layer_sizes, outcome.theta)
        self._solver_ = self.solver
        self.loss_curve_ = self.loss_curve_ + outcome.loss_curve
        self.loss_ = self.loss_curve_[-1]
        self.best_loss_ = min(self.loss_curve_)
        self.n_iter_ = len(self.loss_curve_)
        self.t_ += data.n_rows * len(outcome.loss_curve)
        if outcome.validation_scores:
            past = getattr(self, "validation_scores_", [])
            self.validation_scores_ = past + outcome.validation_scores
            past = getattr(self, "validation_loss_curve_", [])
            self.validation_loss_curve_ = past + outcome.validation_losses
            self.best_validation_score_ = max(outcome.validation_scores)
        if not resume:
            for name in ("_streams_", "_optimizer_state_", "_auto_rate_"):
                vars(self).pop(name, None)
        return self

    def _as_of(self, outcome, data):
        """Return the attributes that training would lead to if it ended now."""
        outcome = replace(outcome, theta=outcome.theta.copy())
        learned = vars(copy(self)._with_learned(outcome, data, resume=False))
        return {name: value for name, value in learned.items() if name.endswith("_")}

    def _batch_size(self, data):
        """Return B, the number of examples in a mini-batch."""
        if self.batch_size == "full":
            return data.n_rows
        size = AUTO_BATCH_SIZE if self.batch_size == "auto" else self.batch_size
        return min(size, data.n_rows)
