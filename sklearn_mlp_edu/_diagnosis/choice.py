"""Which of several settings to prefer, by what they reached in the folds."""

import numpy as np


def choose(merit, gap, *, prefer_small_gap):
    """Return which setting to prefer, from arrays of shape (n_settings, n_folds).

    That is the one of the highest mean merit, or with ``prefer_small_gap`` of all those
    within one standard error of it the one of the smallest mean gap.
    """
    means = merit.mean(axis=1).round(12)  # so that rounding decides no tie
    best = int(means.argmax())
    if not prefer_small_gap:
        return best
    k = merit.shape[1]
    behind = merit[best] - merit  # paired: (n_settings, n_folds)
    error = behind.std(axis=1, ddof=1) / np.sqrt(k) if k > 1 else np.zeros(len(merit))
    as_good = np.flatnonzero(behind.mean(axis=1) <= error + 1e-12)
    gaps = gap.mean(axis=1).round(12)
    return int(as_good[gaps[as_good].argmin()])


def choose_out_of_fold(merit, gap, *, prefer_small_gap):
    """Return for each fold which setting the other folds `choose`.

    A setting picked for its scores looks better on these scores than it is. The score
    of a fold that had no say in the choice does not.
    """
    folds = range(merit.shape[1])
    others = ([fold for fold in folds if fold != left_out] for left_out in folds)
    return [
        choose(merit[:, kept], gap[:, kept], prefer_small_gap=prefer_small_gap)
        for kept in others
    ]
