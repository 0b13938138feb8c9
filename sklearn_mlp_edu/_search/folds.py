"""The folds of a cross-validated network: what each learns from, and is judged on."""

from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from .._estimators import Run, Streams, relative_to_mean, rows_that_count
from .._training import Outcome, Scaling, TrainingSet, statistics_of
from .beginning import begin
from .judging import Judge
from .row_space import enter, is_worth_it, leave

# Of a fold's mean from the origin, in units of its scale, and of any target from its
# centre: float32 then errs by less than 1e-4 of the scale, and squares do not overflow.
FARTHEST, FARTHEST_TARGET = 1e3, 1e15


class Examples(NamedTuple):
    """Validated examples, and how they are read in training.

    Training of float64 inputs that are standardised anyway is done in float32. For
    that, ``inner`` is X minus ``origin`` over ``unit``, mean and scale of all rows;
    every fold then standardises by its own training rows, as if from X itself. Where a
    value is so far from all others that these are in a heap in such units, they are not
    `resolved` without it, and training is in float64.
    """

    X: Any  # (n, d), an array or a CSR matrix
    y: np.ndarray  # class codes (n,), label indicators or numbers (n, K)
    weight: np.ndarray | None  # the user's, (n,)
    targets: Any  # Labels or Quantities
    inner: Any  # (n, d)
    origin: np.ndarray | None = None  # (d,); None where X is read as it is
    unit: np.ndarray | None = None  # (d,)

    @classmethod
    def read(cls, X, y, weight, targets, halve):
        """Return the examples; ``halve`` asks for training in half the bytes."""
        if weight is not None:
            weight = weight / weight.max()  # so that their sum is finite
        if not halve or X.dtype == np.float32:
            return cls(X, y, weight, targets, X)
        whole = statistics_of(X, weight)
        inner = Scaling.of(whole.mean, whole.scale, X.dtype).standardised(X)
        with np.errstate(over="ignore"):
            inner = inner.astype(np.float32)
        return cls(X, y, weight, targets, inner, whole.mean, whole.scale)

    def resolved(self, statistics, targets):
        """Tell whether ``inner`` is exact enough for rows with such statistics.

        And whether its float type holds the targets, in the units of those rows.
        """
        if self.origin is None:
            return True
        varied = statistics.varied  # all others are zeros
        with np.errstate(over="ignore"):
            shift = np.abs(statistics.mean - self.origin)[varied]
            scale = statistics.scale[varied]
            near = (shift <= FARTHEST * scale).all()
            y = np.abs(targets.scaled(self.y)).max()
        limits = np.finfo(self.inner.dtype)
        normal = (scale / self.unit[varied] >= limits.tiny / limits.eps).all()
        return bool(near and normal and y <= FARTHEST_TARGET)

    def in_given_floats(self):
        """Return the same examples, read in the float type of X."""
        return self._replace(inner=self.X, origin=None, unit=None)

    def scaling(self, draft):
        """Return how a draft's inputs are standardised from ``inner``."""
        if self.origin is None or draft.mean_ is None:
            return draft._scaling()
        mean = (draft.mean_ - self.origin) / self.unit
        return Scaling.of(mean, draft.scale_ / self.unit, self.inner.dtype)


class Fold:
    """Rows to learn from and rows to be judged on, and a network that begins there.

    Parameters
    ----------
    network : BaseMLP
        Its parameters say how to train; its ``alpha`` does not matter.
    examples : Examples
    train, test : ndarray of int
        Rows of the examples.

    Attributes
    ----------
    judged_by : ndarray of int
        Those of ``test`` that have a weight.
    """

    @classmethod
    def all_of(cls, networks, examples, splits):
        """Return a fold for each network and split, in float32 if that will do."""
        pairs = list(zip(networks, splits, strict=True))
        folds = [cls(network, examples, *split) for network, split in pairs]
        if all(fold.resolved for fold in folds):
            return folds
        examples = examples.in_given_floats()
        return [cls(network, examples, *split) for network, split in pairs]

    def __init__(self, network, examples, train, test):
        self.network, self.examples, self.test = network, examples, test
        self.judged_by = rows_that_count(examples.weight, test)
        self.train = train = rows_that_count(examples.weight, train)
        chance = Streams.of(network.random_state)
        data = TrainingSet(examples.inner, examples.y, self._weights(), rows=train)
        targets = examples.targets.learned_from(data)
        draft = network._draft(keep_learned=False)
        draft.n_features_in_ = examples.X.shape[1]
        draft._initialise(targets, examples.inner.dtype, chance)
        begin(draft, network.init, len(train))
        draft.n_samples_seen_ = len(train)
        statistics = None
        if network._needs_statistics():
            statistics = draft._statistics_of(examples.X, examples.weight, train)
            draft._set_statistics(statistics)
        self.resolved = examples.resolved(statistics, targets)
        with np.errstate(over="ignore"):  # of statistics of X, not of the inner ones
            self.run = Run(network, draft, targets, data, chance)
        self.run.data = self.run.data._replace(scaling=examples.scaling(draft))
        self.basis = None  # of the space that all rows span, if they are few
        if self.resolved and is_worth_it(network, examples.inner):
            self.basis = enter(self.run)

    def _weights(self):
        """Return w_i / w̄ of the rows to learn from, at their places among all rows."""
        y, weight = self.examples.y, self.examples.weight
        weight = None if weight is None else weight[self.train]
        weight = self.network._weigh(self.examples.targets, y[self.train], weight)
        if weight is None:
            return None
        result = np.zeros(len(y))
        result[self.train] = relative_to_mean(weight)
        return result

    @cached_property
    def held_out(self):
        """The rows to be judged on, as a network reads them."""
        return self._part(self.judged_by)

    def _part(self, rows):
        """Return some rows as a network reads them: inputs, targets, weights."""
        data, targets = self.run.data, self.run.targets
        X, weight = data.X[rows], self.examples.weight
        X = X if data.scaling is None else data.scaling.standardised(X)
        Y = np.empty((len(rows), targets.n_outputs), self.examples.inner.dtype)
        targets.loss.targets(data.y[rows], out=Y)
        weight = self.network._weigh(targets, self.examples.y, weight)
        return X, Y, None if weight is None else weight[rows]

    def judge(self, theta, *engineer):
        """Return the `Judge` of a stack by the rows that are held out."""
        return Judge(self.run.draft._network(), theta, *self.held_out, *engineer)

    def training(self, alphas):
        """Return the training of a stack, one network for each strength.

        A number beyond the range of the float type lets training fail.
        """
        with np.errstate(over="ignore"):
            return self._new_run().training({"alpha": alphas})

    def _new_run(self, **parameters):
        network = copy(self.network)
        vars(network).update(parameters)
        return self.run.of(network)

    def losses(self, theta, part="judged_by"):
        """Return the mean losses of a stack, (M,), on rows held out or learned from."""
        rows = self.held_out if part == "judged_by" else self._part(self.train)
        return Judge(self.run.draft._network(), theta, *rows).losses()

    def estimator(self, alpha, theta, loss_curve):
        """Return the fitted network of one strength, in the float type of X."""
        run = self._new_run(alpha=float(alpha))
        if self.basis is not None:
            theta = leave(self.basis, run.draft, theta)
        theta = theta.astype(self.examples.X.dtype)
        outcome = Outcome(theta, loss_curve=list(loss_curve))
        return run.learned(outcome, resume=False)


def rows_of(X, rows):
    """Return rows of X, an array or a CSR matrix."""
    return X[rows] if issparse(X) else np.take(X, rows, axis=0)
