"""What more data would bring: scores on parts of the training data, and a forecast."""

from dataclasses import replace
from numbers import Integral, Real

import numpy as np
from scipy.special import ndtri, stdtrit
from sklearn.utils import check_random_state

from .._report import AGAINST_OVERFITTING, CONFIDENCE, Remedy
from .decision import TOLERATED, Finding, is_above
from .remedies import above_guessing, compared

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


def forecast(sizes, trials, base):
    """Return the `Finding` of "more data": what twice as many examples would bring.

    Through the scores at all ``sizes``, which ``trials`` tried on the same test rows,
    the curves a − b·n^p are laid by least squares, with p = −1/2 and p = −1. The
    forecast is the mean of the two, and each of its intervals spans those of both. By
    how much the scores miss a curve widens them.
    """
    if len(trials) < 2:
        return not_made(
            f"too few samples: {sizes[-1]} to train on cannot be split further"
        )
    sizes, trials = _where_learning_has_set_in(sizes, trials, base)
    above = above_guessing(base.trial, base)
    if above and not is_above(above, base.ratio, TOLERATED):
        return not_made(
            "neither score nor loss is better than guessing by more than its "
            "error, and no curve foresees when learning will set in"
        )
    setting = f"{sizes[-1]:,} to {2 * sizes[-1]:,} examples, forecast"
    weights = np.array([_weights(sizes, power) for power in POWERS])

    def expected(weights):
        trial = _extrapolated(trials, weights, sizes, base.perfect)
        return compared(NAME, AGAINST_OVERFITTING, setting, {}, base, trial)

    return _spanning(
        expected(weights.mean(axis=0)), list(map(expected, weights)), base.ratio
    )


def _where_learning_has_set_in(sizes, trials, base):
    """Leave out sizes at which a score without a lower end is worse than guessing.

    Such a score, as R² is, may be far below, and tells nothing of where it will level.
    The last two sizes stay.
    """
    if base.chance is None or np.isfinite(base.worst):
        return sizes, trials
    worse = [i for i, t in enumerate(trials[:-2]) if t.test.mean < base.chance.mean]
    first = worse[-1] + 1 if worse else 0
    return sizes[first:], trials[first:]


def not_made(reason):
    """Return the `Finding` of a forecast that could not be made."""
    return Finding(Remedy(NAME, AGAINST_OVERFITTING, skipped=reason))


def _weights(sizes, power):
    """Return how much the score at each size counts for the change to twice the last.

    By least squares the slope over x = n^power is a weighted sum of the scores.
    """
    n = sizes.astype(np.float64)
    x = n**power
    step = (2.0 * n[-1]) ** power - x[-1]
    x -= x.mean()
    return step * x / (x @ x)


def _extrapolated(trials, weights, sizes, perfect):
    """Return the last of ``trials`` plus the weighted sum of all, within the range."""
    last = trials[-1]

    def more(part):
        scores = [getattr(trial, part) for trial in trials]
        if any(score is None for score in scores):
            return None
        first, *others = (w * score for w, score in zip(weights, scores, strict=True))
        gain = sum(others, start=first)
        missed = _misfit_variance(sizes, [score.mean for score in scores])
        return scores[-1] + replace(gain, extra=missed * (weights @ weights))

    limit = np.inf if perfect is None else perfect
    train, test, loss = more("train"), more("test"), more("loss")
    return last._replace(
        train=replace(train, folds=np.minimum(train.folds, limit)),
        test=replace(test, folds=np.minimum(test.folds, limit)),
        loss=loss and replace(loss, folds=np.maximum(loss.folds, 0)),
    )


def _misfit_variance(sizes, scores):
    """Return the variance of ``scores`` about the curve that they follow best.

    It tells what training owes to chance, beyond what rows and folds tell; 0 where two
    scores leave nothing to miss. Scores are few, so that Student's t asks for more.
    """
    freedom = len(scores) - 2
    if freedom < 1:
        return 0.0
    missed = min(_squared_misses(sizes**power, np.array(scores)) for power in POWERS)
    end = (1 + CONFIDENCE) / 2
    return missed / freedom * (stdtrit(freedom, end) / ndtri(end)) ** 2


def _squared_misses(x, scores):
    """Return the sum of squares about a straight line over ``x``."""
    x, scores = x - x.mean(), scores - scores.mean()
    missed = scores - x * (x @ scores) / (x @ x)
    return missed @ missed


def _spanning(finding, variants, ratio):
    """Widen the intervals of a `Finding` to hold those of all ``variants``.

    What is tested is the variant that gains least.
    """
    remedies = [variant.remedy for variant in variants]

    def span(name):
        value = getattr(finding.remedy, name)
        if value is None:
            return None
        parts = [getattr(remedy, name) for remedy in remedies]
        low, high = min(p.low for p in parts), max(p.high for p in parts)
        return value._replace(low=low, high=high)

    def least(name):
        gains = [getattr(variant, name) for variant in variants]
        if any(gain is None for gain in gains):
            return None
        return max(gains, key=lambda gain: gain.p_value(ratio))

    names = ("train_score", "test_score", "gap", "test_change", "gap_change")
    names += ("test_loss", "loss_change")
    remedy = replace(
        finding.remedy,
        **{name: span(name) for name in names},
        beats_guessing=all(remedy.beats_guessing for remedy in remedies),
        narrows_gap=all(remedy.narrows_gap for remedy in remedies),
    )
    return Finding(remedy, least("score_gain"), least("loss_gain"))
