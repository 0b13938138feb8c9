"""Means over the folds of a cross-validation, with intervals that allow for overlap."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from .._arithmetic import public

CONFIDENCE = 0.95


@public
class Estimate(NamedTuple):
    """A mean over folds, with its uncertainty.

    Attributes
    ----------
    mean, std : float
        Mean and standard deviation over the folds.
    low, high : float
        Ends of the 95 % interval for the mean.
    values : ndarray of shape (n_folds,)
        One value a fold.
    error : float
        Standard error of the mean that the interval rests on.
    """

    mean: float
    std: float
    low: float
    high: float
    values: np.ndarray
    error: float = np.nan

    def __str__(self):
        return f"{self.mean:.3f} ± {self.std:.3f}"


def estimate(values, test_ratio):
    """Return the mean of ``values``, one a fold, as an `Estimate`.

    Training sets of different folds share examples, so the values of the folds are
    alike, and their spread says too little about other data. Nadeau and Bengio's
    correction puts 1/k + ``test_ratio`` in the place of 1/k, where ``test_ratio`` is
    the size of a test set over that of a training set.

    Parameters
    ----------
    values : array-like of shape (n_folds,)
    test_ratio : float

    References
    ----------
    C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning
    52, 2003.
    """
    values = np.asarray(values, dtype=np.float64)
    k = len(values)
    mean, std = values.mean(), values.std(ddof=1)
    t = stdtrit(k - 1, (1 + CONFIDENCE) / 2)
    error = std * np.sqrt(1 / k + test_ratio)
    low, high = mean - t * error, mean + t * error
    return Estimate(
        float(mean), float(std), float(low), float(high), values, float(error)
    )
