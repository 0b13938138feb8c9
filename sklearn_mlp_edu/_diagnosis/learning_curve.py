"""What more data would bring: scores on parts of the training data, and a forecast."""

from dataclasses import replace
from itertools import starmap
from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_random_state

from .._report import AGAINST_OVERFITTING, Remedy
from .measuring import fit_tasks
from .remedies import compared

NAME = "more data"
# With n examples, what a score falls short of its limit shrinks about as n^(-1/2), the
# rate of an estimated mean, or as n^(-1), that of a well-chosen model's squared error.
# A forecast lies between the two. A straight line over log n would never flatten.
POWERS = (-0.5, -1.0)


def check_train_sizes(train_sizes):
    """Return ``train_sizes`` as a sorted list without repetitions."""
    advice = "pass fractions in (0, 1] or numbers of examples, such as (0.25, 0.5)"
    sizes = np.atleast_1d(np.asarray(train_sizes, dtype=object)).tolist()
    for size in sizes:
        is_count = isinstance(size, Integral) and not isinstance(size, bool)
        if is_count and size >= 1:
            continue
        if is_count or not isinstance(size, Real) or not 0 < size <= 1:
            raise ValueError(f"train_sizes has the entry {size!r}; {advice}.")
    if not sizes:
        raise ValueError(f"train_sizes is empty; {advice}.")
    return sorted(set(sizes))


def curve_splits(case, sizes, groups, random_state):
    """Return the training sizes, and for each the folds with as much training data.

    A fold's training examples are put into a random order in which every beginning has
    the classes in about their proportions, or with ``groups`` consists of whole groups
    but for the last; the smaller training sets are beginnings of it. Sizes at which a
    fold would lack a class, and all that is not smaller than the fold, are left out.
    """
    rng = check_random_state(random_state)
    orders = [_order(case, train, groups, rng) for train, _ in case.splits]
    smallest = min(map(len, orders))
    kept_sizes, kept_splits = [], []
    for size in sizes:
        count = size if isinstance(size, Integral) else round(size * smallest)
        parts = [order[:count] for order in orders]
        complete = all(map(_same_classes, [case] * len(parts), parts, orders))
        if 2 <= count < smallest and count not in kept_sizes and complete:
            kept_sizes.append(int(count))
            tests = (test for _, test in case.splits)
            kept_splits.append([*zip(parts, tests, strict=True)])
    return np.array([*kept_sizes, smallest]), kept_splits


def _order(case, train, groups, rng):
    train = rng.permutation(train)
    if groups is not None:
        names, codes = np.unique(np.asarray(groups)[train], return_inverse=True)
        return train[np.argsort(rng.permutation(len(names))[codes], kind="stable")]
    labels = np.asarray(case.y)[train]
    if not case.classification or labels.ndim > 1:
        return train
    place = np.empty(len(train))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return train[np.argsort(place, kind="stable")]


def _same_classes(case, part, whole):
    labels = np.asarray(case.y)
    if not case.classification or labels.ndim > 1:
        return True
    return len(np.unique(labels[part])) == len(np.unique(labels[whole]))


def curve_tasks(case, splits):
    """Return the tasks that measure the scores at the smaller sizes."""
    return [task for part in splits for task in fit_tasks(case, [{}], part)]


def forecast(sizes, train, test, base, perfect):
    """Return the `Remedy` "more data": what twice as many examples would bring.

    To the scores of each fold, of shape (n_sizes, n_folds), the curves a − b·n^p are
    fitted with p = −1/2 and p = −1. The forecast is the mean of the two, and each of
    its intervals spans those of both.
    """
    worked = np.isfinite(train).all(axis=1) & np.isfinite(test).all(axis=1)
    if worked.sum() < 2:
        reason = f"too few samples: {sizes[-1]} to train on cannot be split further"
        return Remedy(NAME, AGAINST_OVERFITTING, skipped=reason)
    n = sizes[worked]
    setting = f"{n[-1]:,} to {2 * n[-1]:,} examples, forecast"
    limit = np.inf if perfect is None else perfect

    def compared_to_base(*scores):
        scores = (np.minimum(score, limit) for score in scores)
        return compared(NAME, AGAINST_OVERFITTING, setting, {}, base, *scores)

    more = np.array(
        [
            [
                base.train + _gain(n, train[worked], power),
                base.test + _gain(n, test[worked], power),
            ]
            for power in POWERS
        ]
    )  # (n_powers, train and test, n_folds)
    return _spanning(
        compared_to_base(*more.mean(axis=0)), starmap(compared_to_base, more)
    )


def _gain(n, scores, power):
    """Return the change from n[-1] to twice that, one a fold, by least squares."""
    x = n.astype(np.float64) ** power
    step = (2.0 * n[-1]) ** power - x[-1]
    x -= x.mean()
    return step * (x @ scores) / (x @ x)


def _spanning(remedy, variants):
    """Widen the intervals of ``remedy`` to hold those of all ``variants``."""
    variants = list(variants)

    def span(name):
        parts = [getattr(variant, name) for variant in variants]
        low, high = min(p.low for p in parts), max(p.high for p in parts)
        return getattr(remedy, name)._replace(low=low, high=high)

    names = ("train_score", "test_score", "gap", "test_change", "gap_change")
    return replace(
        remedy,
        **{name: span(name) for name in names},
        helps=all(variant.helps for variant in variants),
        narrows_gap=all(variant.narrows_gap for variant in variants),
    )
