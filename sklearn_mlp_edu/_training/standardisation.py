"""Standardised inputs (L18): x̃ = (x − mean) / scale, learned from the training rows.

What is learned are running statistics, so that a stream can refine them. X is never
copied: mini-batches are standardised in the buffer that they are gathered into.

Which statistics depends on the first rows that are seen. Dense ones have
`ColumnStatistics`, a mean and a scale for each column. Sparse ones have
`MagnitudeStatistics`, a scale and no mean, and stay sparse.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import divide, subtract

BOUND = 3.0
SQUARED_LENGTH = 1000.0
SOFTENING = 0.4
RAREST = 1e-12  # mean square, of a column whose maximum is 1: weights may be tiny
LEAST = np.finfo(np.float64).tiny  # of what a scale is, in units of the largest
PIECE_BYTES = 2**20  # of X at a time, as float64

# Means and scales that rest on fewer rows are no more than a guess, see `reexpress`.
PROVISIONAL = 100


class Scaling(NamedTuple):
    """x̃ = (x − mean) / scale, in the float type of a network.

    ``mean`` is None where nothing is subtracted, which keeps sparse inputs sparse.
    """

    mean: np.ndarray | None  # (d,)
    scale: np.ndarray  # (d,)

    @classmethod
    def of(cls, mean, scale, dtype):
        """Return it for a network of that float type."""
        mean = mean.astype(dtype) if mean.any() else None
        return cls(mean, scale.astype(dtype))

    def keeps_sparse(self):
        """Tell whether sparse inputs stay sparse."""
        return self.mean is None

    def equations(self, X):
        """Generate what standardises the array X in place."""
        if self.mean is not None:
            yield "L18", subtract(X, self.mean, out=X)
        yield "L18", divide(X, self.scale, out=X)

    @np.errstate(over="ignore", invalid="ignore")
    def standardised(self, X):
        """Return X, an array or a CSR matrix, standardised: a copy.

        What is beyond the range of the float type becomes inf or nan, in silence:
        whoever looks at the outputs says so.
        """
        if issparse(X) and self.keeps_sparse():
            X = X.copy()
            X.data = X.data / self.scale[X.indices]
            return X
        X = X.toarray() if issparse(X) else X
        return (X if self.mean is None else X - self.mean) / self.scale


class ColumnStatistics(NamedTuple):
    """A mean and a scale for each column, for dense inputs.

    The scale is the standard deviation, or a `BOUND`-th of the largest deviation from
    the mean where that is more: else a rare indicator or a heavy tail would become an
    input of a hundred deviations. A constant column has scale 1.
    """

    count: float  # total weight of the rows
    mean: np.ndarray  # (d,)
    deviation: np.ndarray  # (d,), √ of the mean squared deviation from the mean
    low: np.ndarray  # (d,)
    high: np.ndarray  # (d,)

    @classmethod
    def of(cls, X, weight, rows=None):
        """Return the statistics of ``rows`` of X, weighted; of all by default."""
        rows = _weighted_rows(X, weight, rows)
        low, high = np.full(X.shape[1], np.inf), np.full(X.shape[1], -np.inf)
        pieces = _all_pieces(X, weight, rows)
        for piece, _ in pieces():
            np.minimum(low, piece.min(axis=0), out=low)
            np.maximum(high, piece.max(axis=0), out=high)
        # In units of the largest value, where neither sums nor squares overflow.
        unit = np.maximum(np.abs(low), np.abs(high))
        unit[unit == 0] = 1
        total, mean = 0.0, np.zeros_like(unit)
        for piece, w in pieces():
            total += w.sum()
            mean += w @ (piece / unit)
        mean /= total
        square = np.zeros_like(unit)
        for piece, w in pieces():
            square += w @ (piece / unit - mean) ** 2
        deviation = unit * np.sqrt(square / total)
        constant = low == high
        mean = np.where(constant, low, unit * mean)
        return cls(total, mean, np.where(constant, 0, deviation), low, high)

    def with_more(self, X, weight):
        """Return the statistics of all rows so far and of those of X (Chan et al.).

        Chan, Golub & LeVeque, "Algorithms for computing the sample variance", The
        American Statistician 37, 1983.
        """
        more = type(self).of(X, weight)
        total = self.count + more.count
        share = more.count / total
        low, high = np.minimum(self.low, more.low), np.maximum(self.high, more.high)
        step = more.mean - self.mean
        unit = np.maximum(np.abs(step), np.maximum(self.deviation, more.deviation))
        unit[unit == 0] = 1
        square = (1 - share) * (self.deviation / unit) ** 2
        square += share * (more.deviation / unit) ** 2
        square += share * (1 - share) * (step / unit) ** 2
        mean = np.where(low == high, low, self.mean + share * step)
        return type(self)(total, mean, unit * np.sqrt(square), low, high)

    @property
    def scale(self):
        """What a deviation from the mean is divided by, of shape (d,)."""
        with np.errstate(over="ignore"):
            largest = np.maximum(self.high - self.mean, self.mean - self.low)
        largest = np.minimum(largest, np.finfo(float).max)
        scale = np.maximum(self.deviation, largest / BOUND)
        return np.where(self.low == self.high, 1.0, scale)

    def plain(self):
        """Return them as a dict of numbers and arrays, for `statistics_from`."""
        return self._asdict()

    @property
    def scaled_length(self):
        """√ of the mean squared length of the rows when they are standardised."""
        return float(np.linalg.norm(self.deviation / self.scale))

    @property
    def provisional(self):
        """Whether they rest on a few rows only."""
        return self.count < PROVISIONAL

    @property
    def varied(self):
        """Which columns have shown a scale, (d,) of bool: those not constant."""
        return self.low < self.high


class MagnitudeStatistics(NamedTuple):
    """A scale for each column and no mean, for sparse inputs.

    A column's magnitude r is the root of its mean square. To divide by it would make
    rare words as loud as frequent ones, which does harm, and so does not to divide. The
    scale is between, r to the power of `SOFTENING`, times what gives the rows a mean
    squared length of `SQUARED_LENGTH`, or of the number of columns if that is less.
    """

    count: float  # total weight of the rows
    magnitude: np.ndarray  # (d,)

    @classmethod
    def of(cls, X, weight, rows=None):
        """Return the statistics of ``rows`` of X, weighted; of all by default."""
        rows = _weighted_rows(X, weight, rows)
        unit = np.zeros(X.shape[1])  # the largest of each column: squares overflow not
        for piece, _ in _pieces(X, weight, rows, dense=False):
            np.maximum(unit, _column_maxima(piece), out=unit)
        seen = unit > 0
        unit[~seen] = 1
        total, square = 0.0, np.zeros_like(unit)
        for piece, w in _pieces(X, weight, rows, dense=False):
            total += w.sum()
            square += _column_squares(piece, unit, w)
        square = np.where(seen, np.maximum(square / total, RAREST), 0)
        return cls(float(total), unit * np.sqrt(square))

    def with_more(self, X, weight):
        """Return the statistics of all rows so far and of those of X."""
        more = type(self).of(X, weight)
        total = self.count + more.count
        unit = np.maximum(self.magnitude, more.magnitude)
        unit[unit == 0] = 1
        square = self.count / total * (self.magnitude / unit) ** 2
        square += more.count / total * (more.magnitude / unit) ** 2
        return type(self)(total, unit * np.sqrt(square))

    def plain(self):
        """Return them as a dict of numbers and arrays, for `statistics_from`."""
        return self._asdict()

    @property
    def length(self):
        """√ of the mean squared length of the rows."""
        return float(np.hypot.reduce(self.magnitude))

    @property
    def mean(self):
        """What is subtracted: nothing, (d,)."""
        return np.zeros_like(self.magnitude)

    @property
    def scale(self):
        """What inputs are divided by, (d,); an empty column's like the rarest one's."""
        seen = self.magnitude > 0
        if not seen.any():
            return np.ones_like(self.magnitude)
        magnitude = np.where(seen, self.magnitude, self.magnitude[seen].min())
        unit = magnitude.max()
        softened = np.maximum(magnitude / unit, LEAST) ** SOFTENING
        length = np.linalg.norm(self.magnitude / unit / softened)
        target = np.sqrt(min(len(magnitude), SQUARED_LENGTH))
        return unit * (softened * (length / target))

    @property
    def scaled_length(self):
        """√ of the mean squared length of the rows when they are standardised."""
        return float(np.linalg.norm(self.magnitude / self.scale))

    @property
    def provisional(self):
        """Whether they rest on a few rows only."""
        return self.count < PROVISIONAL

    @property
    def varied(self):
        """Which columns have shown a scale, (d,) of bool: those not empty."""
        return self.magnitude > 0


def statistics_from(plain):
    """Return the statistics that `plain` has made dicts of."""
    kind = ColumnStatistics if "low" in plain else MagnitudeStatistics
    return kind(**plain)


def statistics_of(X, weight, rows=None, centred=True):
    """Return the statistics that suit X, of its ``rows``; of all by default."""
    dense = centred and not issparse(X)
    kind = ColumnStatistics if dense else MagnitudeStatistics
    return kind.of(X, weight, rows)


def reexpress(before, now, parameters, states=()):
    """Let a network read inputs that are standardised by ``now`` instead of ``before``.

    In place, and so that it computes the same from x:

        W[1] ← W[1] ∘ s′/s,   b[1] ← b[1] + W[1]ᵀ (m′ − m)/s,

    with means m, m′ and scales s, s′. ``states`` are pairs of what an optimizer carries
    along, in the layout of ``parameters``, and its degree: 1 for averages of gradients,
    which transform as ∂J/∂W[1] does, 2 for averages of their squares.

    As long as means and scales are provisional the parameters stay as they are, and the
    network computes the same from x̃ instead. It has learned little yet, and to keep
    its units where the first rows happened to be, at a scale that they happened to
    have, would put them out of the way of all others. Neither do the weights of a
    column change whose first value that is not constant has come.
    """
    if before.provisional:
        return
    scale = np.where(before.varied, before.scale, now.scale)
    step = now.mean - before.mean
    ratio = (now.scale / scale)[:, np.newaxis]
    W, b = parameters.W[1], parameters.b[1]
    b += ((step / scale) @ W).astype(b.dtype)
    W *= ratio.astype(W.dtype)
    back = -(step / now.scale)[:, np.newaxis]
    for state, degree in states:
        W, b = state.W[1], state.b[1]
        W /= (ratio**degree).astype(W.dtype)
        W += (back**degree * b).astype(W.dtype)


def _weighted_rows(X, weight, rows):
    """Return the rows that count, None for all."""
    if weight is None or weight.all():
        return rows
    rows = np.arange(X.shape[0]) if rows is None else np.asarray(rows)
    return rows[weight[rows] > 0]


def _all_pieces(X, weight, rows):
    """Return a function that yields `_pieces`; a single one is made once."""
    n_rows = X.shape[0] if rows is None else len(rows)
    if 8 * n_rows * X.shape[1] > PIECE_BYTES:
        return lambda: _pieces(X, weight, rows)
    pieces = [*_pieces(X, weight, rows)]
    return lambda: pieces


def _pieces(X, weight, rows, dense=True):
    """Yield some rows of X after another, as float64, and their weights."""
    n_rows = X.shape[0] if rows is None else len(rows)
    size = max(1, PIECE_BYTES // (8 * X.shape[1]))
    for start in range(0, n_rows, size):
        part = slice(start, min(start + size, n_rows))
        chosen = part if rows is None else rows[part]
        piece = X[chosen]
        piece = piece.toarray() if dense and issparse(piece) else piece
        w = np.ones(piece.shape[0]) if weight is None else weight[chosen]
        yield piece.astype(np.float64, copy=False), w


def _column_maxima(X):
    """Return the largest absolute value of each column, (d,)."""
    if not issparse(X):
        return np.abs(X).max(axis=0)
    maxima = np.zeros(X.shape[1])
    np.maximum.at(maxima, X.indices, np.abs(X.data))
    return maxima


def _column_squares(X, unit, weight):
    """Return each column's weighted sum of squares, in such units, (d,)."""
    if not issparse(X):
        return weight @ (X / unit) ** 2
    squares = (X.data / unit[X.indices]) ** 2 * np.repeat(weight, np.diff(X.indptr))
    return np.bincount(X.indices, weights=squares, minlength=X.shape[1])
