"""Rare classes, scores that see them, and what becomes of each class."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    make_scorer,
    roc_auc_score,
)

from .._report import CONFIDENCE, ClassResult
from .measured import Measured
from .outputs import codes_of

RARE = 0.2  # of the share that a class would have, were all alike


class Rare(NamedTuple):
    """The least frequent class, where it is so rare that accuracy hardly sees it."""

    label: object
    share: float


def rare_class(y, classes):
    """Return the `Rare` class, or None: less than a fifth of an equal share.

    Of two classes that is less than 10 % of the rows.
    """
    if classes is None or len(classes) < 2:
        return None
    shares = np.bincount(codes_of(y, classes)) / len(np.asarray(y))
    least = int(shares.argmin())
    if shares[least] >= RARE / len(classes):
        return None
    return Rare(classes[least], float(shares[least]))


def rare_scorer(estimator, rare, classes):
    """Return a scorer that sees a rare class.

    With two classes it is the average precision of the rare one, where there is
    something to order rows by; else the balanced accuracy.
    """
    can_order = any(
        hasattr(estimator, m) for m in ("predict_proba", "decision_function")
    )
    if len(classes) > 2 or not can_order:
        return make_scorer(balanced_accuracy_score)
    return make_scorer(
        average_precision_score,
        response_method=("predict_proba", "decision_function"),
        pos_label=rare.label,
    )


def rare_note(rare, scoring):
    """Return a note on the score of a page with a rare class, none without one."""
    if rare is None or scoring not in (None, "accuracy"):
        return []
    note = (
        f"Class {str(rare.label)!r} is {rare.share:.1%} of the rows: who never names "
        f"it has an accuracy of about {1 - rare.share:.3f}."
    )
    if scoring is None:
        return [f"{note} So the score is one that sees it, which accuracy does not."]
    return [f"{note} Try scoring='balanced_accuracy' or 'average_precision'."]


def other_scores(assessor, trial, prior):
    """Return scores of the predictions beside the page's, and those of guessing.

    By name ``(test, guessing)``, `Measured` both. Areas under curves are those of the
    rarer of two classes, or of each class against the rest, and have their folds only.
    """
    case, layout = assessor.case, assessor.layout
    if case.classes is None:
        return {}
    scores = {}
    for name in ("accuracy", "balanced_accuracy"):
        rows = (assessor.row_scores(name, one) for one in (trial.outputs, prior))
        scores[name.replace("_", " ")] = tuple(map(layout.measured, rows))
    if trial.outputs.probability is None:
        return scores
    y = codes_of(assessor.y, case.classes)
    curves = {"ROC AUC": _area_of_each}
    if len(case.classes) == 2:
        curves = {"average precision": _precision_of_rarer, "ROC AUC": _area_of_each}
    for name, function in curves.items():
        try:
            scores[name] = tuple(
                Measured(_by_fold(function, y, one.probability, layout))
                for one in (trial.outputs, prior)
            )
        except ValueError:  # a fold lacks a class
            continue
    return scores


def _by_fold(function, y, probability, layout):
    parts = (layout.folds == fold for fold in range(layout.n_folds))
    return np.array([function(y[part], probability[part]) for part in parts])


def _precision_of_rarer(y, probability):
    rarer = int(np.bincount(y, minlength=2).argmin())
    return average_precision_score(y == rarer, probability[:, rarer])


def _area_of_each(y, probability):
    n_classes = probability.shape[1]
    if n_classes == 2:
        return roc_auc_score(y, probability[:, 1])
    whole = probability.astype(np.float64)
    whole /= whole.sum(axis=1, keepdims=True)
    return roc_auc_score(y, whole, multi_class="ovr", labels=range(n_classes))


def confusion(assessor, outputs):
    """Return how often which class (rows) was taken for which (columns)."""
    n = len(assessor.case.classes)
    right = codes_of(assessor.y, assessor.case.classes)
    pairs = right * n + outputs.predicted
    return np.bincount(pairs, minlength=n * n).reshape(n, n)


def class_results(classes, counts):
    """Return a `ClassResult` for each class, with Wilson's interval for its recall."""
    z = ndtri((1 + CONFIDENCE) / 2)
    results = []
    for i, label in enumerate(classes):
        n, hits, named = int(counts[i].sum()), counts[i, i], counts[:, i].sum()
        recall = hits / n if n else np.nan
        middle, half = np.nan, np.nan
        if n:
            middle = (recall + z**2 / (2 * n)) / (1 + z**2 / n)
            half = z * np.sqrt(recall * (1 - recall) / n + (z / (2 * n)) ** 2)
            half /= 1 + z**2 / n
        precision = float(hits / named) if named else np.nan
        ends = float(middle - half), float(middle + half)
        results.append(ClassResult(str(label), n, float(recall), *ends, precision))
    return results
