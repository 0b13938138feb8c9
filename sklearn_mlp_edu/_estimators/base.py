"""How an estimator learns: from what users pass, through a run, to attributes.

A run acts on a draft, a copy of the estimator, which the estimator becomes when all
has gone well. So nothing that fails can leave it half changed. What the targets are,
classes or numbers, only the public classes know.
"""

import numpy as np
from sklearn.utils.validation import validate_data

from .._lecture import OPTIMIZERS, Parameters, initial_parameters, pack
from .._training import Patience, TrainingSet, Validation, reexpress, statistics_of
from .callbacks import CallbackSupport, follow
from .checks import check_range, check_unchanged, floats_expected, warn_of_large_batch
from .convergence import warn_of_how_it_ended
from .fitted import FLOATS, FittedMLP, canonical
from .memory import check_room
from .parameters import (
    LARGEST,
    PARAMETER_CONSTRAINTS,
    check_combination,
    check_hidden_layer_sizes,
    check_parameters,
    warn_of_no_effect,
)
from .run import Run, copy_of_state
from .streams import Streams
from .unchanged import are_plain, has_settings, settings_to_remember
from .validation import own_validation_set, set_aside
from .weights import check_weight


class BaseMLP(CallbackSupport, FittedMLP):
    """What `fit` and `partial_fit` are made of.

    A subclass tells what the targets are: ``_check_targets(y)`` returns validated y,
    ``_read(y)`` and ``_announced(classes, y)`` the targets they are, ``_targets()``
    those that the network was fitted to. ``_note_targets`` sets attributes. Where a
    stream tells more of the targets, ``_refine`` returns what they are by now.
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def _fit(self, X, y, sample_weight=None, **validation):
        """Train for up to ``max_iter`` epochs, with a validation set of one's own."""
        self._check()
        task = follow(self, X, y, sample_weight)
        run = self._prepare(X, y, sample_weight, **validation)
        patience = Patience(self.tol, self.n_iter_no_change)
        ending = run.train(self.max_iter, patience, resume=self.warm_start, task=task)
        warn_of_how_it_ended(self, ending)
        return self

    def _prepare(
        self,
        X,
        y,
        sample_weight=None,
        X_val=None,
        y_val=None,
        sample_weight_val=None,
    ):
        """Return the `Run` that `fit`'s arguments ask for; parameters are checked."""
        go_on = self.warm_start and hasattr(self, "coefs_")
        draft = self._draft(keep_learned=go_on)
        X, y = draft._check_examples(X, y, draft._floats(), reset=not go_on)
        weight = check_weight(sample_weight, X)
        targets = self._read(y)
        y = targets.encode(y)
        data = TrainingSet(X, y, self._weigh(targets, y, weight))
        own = own_validation_set(self, draft, targets, X_val, y_val, sample_weight_val)
        if go_on:
            check_unchanged(self, targets)
        chance = self._chance(go_on)
        data, validation = set_aside(self, data, targets, own, chance.split_seed)
        targets = self._targets() if go_on else targets.learned_from(data)
        if not go_on:
            draft._initialise(targets, X.dtype, chance)
        draft.n_samples_seen_ = data.n_rows
        if self._needs_statistics() and not hasattr(draft, "_statistics_"):
            draft._set_statistics(draft._statistics_of(X, weight, data.rows))
        warn_of_large_batch(self, data.n_rows)
        return Run(self, draft, targets, data, chance, validation)

    def _partial_fit(
        self,
        X,
        y,
        classes=None,
        sample_weight=None,
        X_val=None,
        y_val=None,
        whole=None,
    ):
        """Train for one epoch; ``classes`` may announce what later calls will bring.

        ``whole`` is what is known of the stream, a `Whole`.
        """
        first = not hasattr(self, "coefs_")
        settled = has_settings(self, getattr(self, "_checked_", None))
        if not settled:
            self._check(streams=whole is None)
        draft = self._draft(keep_learned=not first)
        targets, X, y = draft._read_part(X, y, classes, first, settled)
        weight = check_weight(sample_weight, X)
        own = own_validation_set(self, draft, targets, X_val, y_val, None)
        chance = self._chance(go_on=not first)
        if first:
            draft._initialise(targets, X.dtype, chance)
        draft._checked_ = settings_to_remember(self)
        if whole is None or not whole.seen:
            draft.n_samples_seen_ = getattr(draft, "n_samples_seen_", 0) + X.shape[0]
            if self._needs_statistics():
                draft._add_to_statistics(X, weight)
            targets = draft._refine(targets, y, weight)
        weight = self._weigh(targets, y, weight)
        if whole is not None:
            weight = whole.relative(weight)
        data = TrainingSet(X, y, weight)
        validation = own and Validation(own, decides=False)
        run = Run(self, draft, targets, data, chance, validation, streams=True)
        if whole is not None:
            run.n_stream_rows, run.rate = whole.n_rows, whole.rate
        run.train(1, Patience(tol=0, n_iter_no_change=np.inf))
        return self

    def _read_part(self, X, y, classes, first, settled):
        """Return the targets of a stream, and a part of it: X and encoded y.

        Parts like those before, when also parameters are ``settled``, are taken as
        they are; all others are checked.
        """
        if settled and classes is None and are_plain(self, X, y):
            targets = self._targets()
            encoded = targets.encode_plain(y)
            if encoded is not None:
                return targets, X, encoded
        X, y = self._check_examples(X, y, self._floats(), reset=first)
        targets = self._announced(classes, y) if first else self._targets()
        if not first:
            known = targets if classes is None else self._announced(classes, y)
            encoded = targets.encode(y)
            check_unchanged(self, known)
            return targets, X, encoded
        return targets, X, targets.encode(y)

    def _measure(self, X, y, weight=None):
        """Return loss and score of the fitted network on a validation set."""
        targets = self._targets()
        X, y = self._check_examples(X, y, self._floats(), reset=False)
        y = targets.encode(y, "y_val")
        data = TrainingSet(X, y, self._weigh(targets, y, weight))
        validation = Validation(data, decides=False)
        validation = validation.scaled(self._scaling(), targets)
        network = self._network()
        theta = pack(self.coefs_, self.intercepts_)
        return validation.measure(network, Parameters(network.layer_sizes, theta))

    def _chance(self, go_on):
        """Return the streams of chance, those of before where training goes on."""
        if go_on and hasattr(self, "_streams_"):
            return Streams.at(self._streams_)
        return Streams.of(self.random_state)

    def _weigh(self, targets, y, weight):
        """Return the weights of examples with encoded targets ``y``, None if all are 1.

        Where classes have weights, this is the place to multiply by them.
        """
        return weight

    def _refine(self, targets, y, weight):
        """Return the targets with what more of them, encoded, in a stream tell."""
        return targets

    def _check(self, streams=False):
        """Refuse parameters that are wrong, and name those that have no effect."""
        check_parameters(self)
        check_combination(self)
        warn_of_no_effect(self, streams)

    def _draft(self, keep_learned):
        """Return a copy to be trained, so that failure leaves ``self`` as it was."""
        draft = object.__new__(type(self))  # `copy` would write and read a state
        kept = vars(self).items()
        if not keep_learned:
            kept = [(name, value) for name, value in kept if not name.endswith("_")]
        vars(draft).update(kept)
        return draft

    def _adopt(self, draft):
        """Become what ``draft`` is, in one step that no interruption divides."""
        self.__dict__ = dict(vars(draft))

    def _floats(self):
        """Return the float types that X may have, that of a network to go on with."""
        return self.coefs_[0].dtype if hasattr(self, "coefs_") else FLOATS

    @floats_expected()
    def _check_examples(self, X, y, dtype, reset):
        X, y = validate_data(
            self, X, y, accept_sparse="csr", dtype=dtype, multi_output=True, reset=reset
        )
        check_range(self, X.dtype)
        return canonical(X), self._check_targets(y)

    def _initialise(self, targets, dtype, chance):
        """Set all that is known before training."""
        hidden = check_hidden_layer_sizes(self.hidden_layer_sizes)
        layer_sizes = (self.n_features_in_, *hidden, targets.n_outputs)
        check_room(layer_sizes, dtype)
        theta = initial_parameters(
            self.init, self.activation, layer_sizes, chance.order, dtype
        )
        self._note_targets(targets)
        self.n_outputs_ = targets.n_outputs
        self.out_activation_ = targets.loss.out_activation
        self.n_layers_ = len(layer_sizes)
        self.n_parameters_ = theta.size
        self.loss_curve_ = []
        self.validation_loss_curve_ = self.validation_scores_ = None
        self.best_validation_score_ = None
        self.t_ = 0
        self.mean_ = self.scale_ = None
        self._hidden_activation_ = self.activation
        self._set_layers(layer_sizes, theta)

    def _needs_statistics(self):
        """Tell whether training depends on what is typical of the inputs."""
        return self.standardize or self.learning_rate_init == "auto"

    def _statistics_of(self, X, weight, rows=None):
        if weight is not None and weight.max() > LARGEST / len(weight):
            weight = weight / weight.max()  # so that their sum is finite
        return statistics_of(X, weight, rows, centred=self.standardize)

    def _set_statistics(self, statistics):
        """Note what is typical of the inputs, and standardise them accordingly."""
        self._statistics_ = statistics.plain()
        if self.standardize:
            self.mean_, self.scale_ = statistics.mean, statistics.scale

    def _add_to_statistics(self, X, weight):
        """Refine the statistics by more rows, and let the network compute the same."""
        if not hasattr(self, "_statistics_"):
            self._set_statistics(self._statistics_of(X, weight))
            return
        before = self._statistics()
        now = before.with_more(X, weight)
        self._set_statistics(now)
        if not self.standardize:
            return
        sizes = self._network().layer_sizes
        theta = pack(self.coefs_, self.intercepts_)
        state = copy_of_state(getattr(self, "_optimizer_state_", {}))
        states = [
            (Parameters(sizes, state[name]), degree)
            for name, degree in OPTIMIZERS[self.solver].degrees.items()
            if name in state
        ]
        reexpress(before, now, Parameters(sizes, theta), states)
        self._set_layers(sizes, theta)
        if state:
            self._optimizer_state_ = state
