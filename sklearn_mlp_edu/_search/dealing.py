"""How rows are dealt out to folds where ``cv`` is a number."""

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold

from .._estimators import warn


def by_class(n_folds, y, targets):
    """Return stratified folds, fewer of them where a class has few examples."""
    if targets.multilabel:
        return KFold(_at_most(n_folds, len(y), "all"))
    counts = np.bincount(y)
    smallest = counts[counts > 0].min()
    where = "the rarest class" if smallest < len(y) else "all"
    n = _at_most(n_folds, smallest, where)
    if smallest < 2:  # rows may be sorted by class
        return KFold(n, shuffle=True, random_state=0)
    return StratifiedKFold(n)


def at_random(n_folds, y, targets):
    """Return folds of rows that are drawn, always alike: rows may be sorted."""
    n = _at_most(n_folds, len(y), "all")
    return KFold(n, shuffle=True, random_state=0)


def _at_most(n_folds, n_examples, where):
    """Return how many folds there can be, two at least, and tell if they are fewer."""
    n = max(2, min(n_folds, n_examples))
    if n < n_folds:
        warn(
            f"The number of examples in {where} is {n_examples}, so there are {n} "
            f"folds instead of cv={n_folds}. Add examples, or pass splits of your own "
            "as cv."
        )
    return n
