"""Strengths and splits to try, how they are scored, and which strength is chosen."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._training import default_alpha
from .folds import rows_of

SPAN = 30.0  # from the value of alpha="auto" to either end of the grid
GROWTH = 2  # strengths that are added where the best is at the edge
MOST_GROWTHS = 3
MOST_STRENGTHS = 1000


def strengths(alphas, solver, n_rows, prior):
    """Return the strengths to try, rising: so many, or those that are given.

    ``prior`` is that of the loss, see `default_alpha`.
    """
    is_number = isinstance(alphas, int | np.integer) and not isinstance(alphas, bool)
    if is_number and 1 <= alphas <= MOST_STRENGTHS:
        middle = default_alpha(solver, n_rows, prior)
        if alphas == 1:
            return np.array([middle])
        return np.geomspace(middle / SPAN, middle * SPAN, alphas)
    try:
        with np.errstate(over="ignore"):
            values = np.unique(np.asarray(alphas).astype(float, casting="same_kind"))
    except (TypeError, ValueError, OverflowError):
        values = np.array([])
    if not (values.size and np.ndim(alphas) == 1 and np.isfinite(values).all()) or (
        values[0] < 0
    ):
        raise ValueError(
            "alphas must say how many strengths to try, an int from 1 to "
            f"{MOST_STRENGTHS}, or which: a sequence of finite numbers >= 0; got "
            f"{alphas!r}."
        )
    return values


def is_narrow(found, best, tol):
    """Tell whether the grid ends at its ``best``, and there might be better beyond it.

    There might be if the edge is more than ``tol`` better than its neighbour was after
    as many epochs.
    """
    n_alphas = len(found.alphas)
    if n_alphas == 1 or 0 < best < n_alphas - 1:
        return False
    pair = found.lowest[best], found.lowest[best - 1 if best else 1]
    n_rounds = min(map(len, pair))
    at_edge, beside = (curve[n_rounds - 1] for curve in pair)
    return bool(beside - at_edge > tol)


def beyond(alphas, best):
    """Return strengths to add to a grid whose ``best`` is an edge."""
    steps = (alphas[1] / alphas[0]) ** np.arange(1.0, GROWTH + 1)
    return alphas[-1] * steps if best else alphas[0] / steps[::-1]


def best_of(scores, tol):
    """Return the strongest strength that is as good as any, a column; None if none is.

    That is one whose mean is no more than ``tol`` below the highest. ``scores`` has a
    row for each fold; strengths rise with the columns.
    """
    means = scores.mean(axis=0)
    if np.isnan(means).all():
        return None
    return int(np.flatnonzero(means >= np.nanmax(means) - tol)[-1])


def splits_of(cv, deal, X, y, weight, targets, params):
    """Return pairs of rows to learn from and rows to be judged on.

    Where ``cv`` is a number, ``deal`` makes a splitter of it.
    """
    if X.shape[0] < 2:
        raise ValueError(
            f"Cross-validation needs two examples at least, got n_samples={X.shape[0]}."
        )
    if cv is None or isinstance(cv, int | np.integer):
        cv = deal(5 if cv is None else int(cv), y, targets)
    if hasattr(cv, "split"):
        splits = list(cv.split(X, targets.decode(y), **params))
    else:
        splits = list(cv) if getattr(cv, "ndim", 1) else []
    if not splits:
        raise ValueError(f"cv gives no splits, but one is needed at least: {cv!r}.")
    pairs = []
    for split in splits:
        pair = _as_rows(split, X.shape[0])
        if not all(len(part) for part in pair):
            raise ValueError(
                "cv gives a split whose training or test part is empty; every split "
                "needs rows in both."
            )
        if weight is not None and not weight[pair[1]].any():
            raise ValueError(
                "sample_weight is zero for every example of a fold's test part, which "
                "leaves nothing to judge by; use fewer folds."
            )
        pairs.append(pair)
    return pairs


def _as_rows(split, n_rows):
    """Return the rows of a split's two parts, which may be numbers or masks."""
    try:
        train, test = split
        return [np.arange(n_rows)[np.asarray(part)] for part in (train, test)]
    except (TypeError, ValueError, IndexError) as error:
        raise ValueError(
            "cv must give pairs of rows, to learn from and to be judged on, as numbers "
            f"from 0 to {n_rows - 1} or as masks of {n_rows} values; got {split!r}."
        ) from error


def score(folds, found, part, scoring):
    """Return scores on a ``part`` of the folds, (K, M): "judged_by" or "train".

    They are nan where training has failed.
    """
    result = np.empty(found.epochs.shape)
    for k, fold in enumerate(folds):
        if scoring.quick is not None:
            result[k] = scoring.quick(fold, found.thetas[k], part)
            continue
        for m in range(len(found.alphas)):
            result[k, m] = scoring.of_network(fitted(folds, found, k, m), fold, part)
    return np.where((found.epochs == 0) | ~np.isfinite(result), np.nan, result)


def fitted(folds, found, k, m):
    """Return the fitted network of a fold and a strength."""
    curve = found.loss_curves[k][m] or [np.nan]
    return folds[k].estimator(found.alphas[m], found.thetas[k, m], curve)


class Scoring(NamedTuple):
    """How networks are scored: by a function of `quick_scores`, or by a scorer."""

    quick: Callable | None
    scorer: Callable | None
    params: dict  # for the scorer

    def of_network(self, network, fold, part):
        """Return the score of a fitted network on a part of its fold."""
        rows, examples = getattr(fold, part), fold.examples
        y = examples.targets.decode(examples.y[rows])
        weight = network._weigh(examples.targets, examples.y, examples.weight)
        params = {name: np.asarray(each)[rows] for name, each in self.params.items()}
        if weight is not None:
            params["sample_weight"] = weight[rows]
        return self.scorer(network, rows_of(examples.X, rows), y, **params)
