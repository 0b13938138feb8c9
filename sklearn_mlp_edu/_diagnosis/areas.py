"""Areas under curves of two classes, for many draws of the same rows at once."""

import numpy as np


def average_precision(hits, drawn):
    """Return the mean precision, weighted by what each threshold adds to the recall.

    ``hits`` and ``drawn`` count the positive rows, and all rows, that lie at or above
    each threshold, (n_draws, n_thresholds).
    """
    precision = hits / np.maximum(drawn, 1)
    return (np.diff(hits, prepend=0) * precision).sum(axis=1) / hits[:, -1]


def roc_auc(hits, drawn):
    """Return the area under the ROC curve, by trapezia."""
    misses = drawn - hits
    before = np.pad(hits, ((0, 0), (1, 0)))[:, :-1]
    areas = np.diff(misses, prepend=0) * (hits + before) / 2
    return areas.sum(axis=1) / (hits[:, -1] * misses[:, -1])


AREAS = {"average_precision": average_precision, "roc_auc": roc_auc}


def area_of_draws(area, positive, score, draws):
    """Return the area for each draw, (n_draws,).

    Parameters
    ----------
    area : function of `AREAS`
    positive : ndarray of bool, shape (n_rows,)
    score : ndarray of shape (n_rows,)
        By which rows are ordered, high scores for positive ones.
    draws : list of ndarray
        Numbers of rows, some of them several times.
    """
    counts = np.array([np.bincount(draw, minlength=len(score)) for draw in draws])
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)  # of ties
    counts = counts[:, order]
    hits = np.cumsum(counts * positive[order], axis=1)[:, ends]
    with np.errstate(invalid="ignore"):  # 0/0 where one class is missing
        return area(hits, np.cumsum(counts, axis=1)[:, ends])
