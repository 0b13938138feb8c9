"""Scores with what is known of their chance: the arithmetic behind every interval.

A cross-validated score is a mean over rows. `Layout` knows which rows the folds test.
`Measured` keeps a score fold by fold, and beside it a *spread*: a vector whose sum of
squares is the variance that is due to which rows were there to be tested. Scores of the
same rows can be added, subtracted and multiplied by numbers; their spreads follow, so
that what two settings have in common cancels in the difference, row by row.

The variance by rows is that of Bayle, Bayle, Janson and Mackey, "Cross-validation
confidence intervals for test error", NeurIPS 2020. It is too narrow where training
itself is left to chance (Bates, Hastie and Tibshirani, "Cross-validation: what does it
estimate and how well does it do it?", 2021): what the folds differ by beyond their rows
is added, see `Measured.estimate`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from .._report import CONFIDENCE, Estimate, estimate


class Layout:
    """Which rows the folds test, one fold after another.

    Attributes
    ----------
    rows, folds : ndarray of shape (n_tested,)
        Row numbers, and the folds that test them.
    sizes : ndarray of shape (n_folds,)
        Rows that each fold tests.
    clusters : ndarray of shape (n_tested,)
        Which of them vary together: tests of the same row, or rows of the same group.
    n_clusters : int
    ratio : float
        Size of a test set over that of a training set, mean over folds.
    """

    def __init__(self, splits, groups=None):
        tests = [test for _, test in splits]
        self.rows = np.concatenate(tests)
        self.sizes = np.array([len(test) for test in tests])
        self.folds = np.repeat(np.arange(len(tests)), self.sizes)
        names = self.rows if groups is None else np.asarray(groups)[self.rows]
        found, self.clusters = np.unique(names, return_inverse=True)
        self.n_clusters = len(found)
        ratios = [len(test) / len(train) for train, test in splits]
        self.ratio = float(np.mean(ratios))

    @property
    def n_folds(self):
        """Number of folds."""
        return len(self.sizes)

    def means(self, values):
        """Return the mean of ``values``, one a tested row, in each fold."""
        return np.bincount(self.folds, weights=values) / self.sizes

    def measured(self, values):
        """Return the mean of ``values``, one a tested row, as `Measured`."""
        values = np.asarray(values, dtype=np.float64)
        folds = self.means(values)
        share = 1.0 / (self.n_folds * self.sizes[self.folds])
        away = (values - folds.mean()) * share
        spread = np.bincount(self.clusters, weights=away, minlength=self.n_clusters)
        n = self.n_clusters
        return Measured(folds, spread * np.sqrt(n / max(1, n - 1)), n - 1)


@dataclass(frozen=True)
class Measured:
    """A score in each fold, and what it owes to the rows that were there.

    Attributes
    ----------
    folds : ndarray of shape (n_folds,)
    spread : ndarray or None
        Its sum of squares is the variance of the mean over other rows; None where only
        the folds are known.
    freedom : int
        Degrees of freedom of that variance.
    extra : float
        Variance from a source that has nothing to do with rows and folds.
    """

    folds: np.ndarray
    spread: np.ndarray | None = None
    freedom: int = 0
    extra: float = 0.0

    @property
    def mean(self):
        """Mean over the folds."""
        return float(self.folds.mean())

    def __add__(self, other):
        """Return the sum with another score of the same rows."""
        spread = None
        if self.spread is not None and other.spread is not None:
            spread = self.spread + other.spread
        extra = self.extra + other.extra
        return Measured(self.folds + other.folds, spread, self.freedom, extra)

    def __mul__(self, factor):
        """Return the score times a number."""
        spread = None if self.spread is None else factor * self.spread
        extra = factor**2 * self.extra
        return Measured(factor * self.folds, spread, self.freedom, extra)

    __rmul__ = __mul__

    def __sub__(self, other):
        """Return the difference to another score of the same rows."""
        return self + -1.0 * other

    def variance(self, ratio):
        """Return the variance of the mean: by rows, and by what training adds.

        Rows alone make fold means differ by k times the variance of their mean. What
        they differ by beyond that is due to training: the examples that a fold lacks,
        initial weights, the order of examples. It counts as in Nadeau and Bengio's
        correction, with 1/k + ``ratio``.
        """
        k = len(self.folds)
        by_rows = float(self.spread @ self.spread)
        beyond = max(0.0, float(self.folds.var(ddof=1)) - k * by_rows)
        return by_rows + beyond * (1 / k + ratio) + self.extra

    def estimate(self, ratio, low=-np.inf, high=np.inf):
        """Return an `Estimate` whose interval stays within ``low`` and ``high``."""
        if self.spread is None:
            value = estimate(self.folds, ratio)
        else:
            error = float(np.sqrt(self.variance(ratio)))
            half = stdtrit(self.freedom, (1 + CONFIDENCE) / 2) * error
            mean, std = self.mean, float(self.folds.std(ddof=1))
            ends = float(mean - half), float(mean + half)
            value = Estimate(mean, std, *ends, self.folds, error)
        return value._replace(low=max(value.low, low), high=min(value.high, high))

    def p_value(self, ratio):
        """Return how often chance alone would make the mean as high, were it 0."""
        if self.spread is None:
            error, freedom = estimate(self.folds, ratio).error, len(self.folds) - 1
        else:
            error, freedom = np.sqrt(self.variance(ratio)), self.freedom
        if error == 0:
            return 0.0 if self.mean > 0 else 1.0
        return float(stdtr(freedom, -self.mean / error))
