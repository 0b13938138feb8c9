"""Weights of examples: the user's, those of classes, and relative to their mean."""

from collections.abc import Mapping

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import _check_sample_weight

from .checks import floats_expected


def check_weight(sample_weight, X, name="sample_weight"):
    """Return ``sample_weight`` as n numbers ≥ 0, not all of them 0."""
    if sample_weight is None:
        return None
    if not np.asarray(sample_weight).any():
        raise ValueError(
            f"{name} is zero for every example, which leaves nothing to learn from; "
            "give some examples a positive weight."
        )
    try:
        with floats_expected():
            return _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
    except ValueError as error:  # scikit-learn knows one name only
        raise ValueError(str(error).replace("sample_weight", name)) from None


def with_class_weight(class_weight, labels, y, weight):
    """Multiply each example's weight by that of its class.

    ``"balanced"`` gives every class the same total weight; with several labels an
    example, its weight is the product over labels, as scikit-learn defines it. ``y``
    holds class codes, or label indicators.
    """
    if class_weight is None:
        return weight
    if weight is None:
        weight = np.ones(len(y))
    if labels.multilabel:
        return weight * _balance_of_labels(class_weight, y)
    if isinstance(class_weight, Mapping):
        factors = _factors_of(class_weight, labels.classes)
    else:
        weight = weight / (weight.max() or 1)  # so that sums are finite
        totals = np.bincount(y, weights=weight, minlength=len(labels.classes))
        present = totals > 0
        mean = weight.sum() / present.sum()
        factors = np.divide(mean, totals, out=np.zeros_like(totals), where=present)
    with np.errstate(over="ignore", under="ignore"):
        weight = weight * factors[y]
    if np.isinf(weight).any():
        raise ValueError(
            "Weights of examples times those of their classes are beyond the range of "
            f"{weight.dtype}; divide sample_weight or class_weight by a large number."
        )
    if not weight.any():
        raise ValueError(
            f"class_weight={class_weight!r} gives every example weight zero, which "
            "leaves nothing to learn from."
        )
    return weight


def _balance_of_labels(class_weight, y):
    if isinstance(class_weight, Mapping):
        raise ValueError(
            f"class_weight={class_weight!r} is not defined for multilabel y, where an "
            "example has no one class; pass sample_weight, or 'balanced'."
        )
    return compute_sample_weight("balanced", y)


def _factors_of(class_weight, classes):
    unknown = [label for label in class_weight if label not in classes.tolist()]
    if unknown:
        raise ValueError(
            f"class_weight names the classes {unknown}, which y has not; it has "
            f"{classes.tolist()}."
        )
    factors = np.array([class_weight.get(label, 1.0) for label in classes.tolist()])
    if (
        factors.dtype.kind not in "fiu"
        or not (np.isfinite(factors) & (factors >= 0)).all()
    ):
        raise ValueError(
            f"class_weight must hold finite numbers >= 0, got {class_weight!r}."
        )
    return factors.astype(np.float64)


def rows_that_count(weight, rows=None):
    """Return ``rows`` less those of weight 0, from which nothing is learned.

    None, for all, stays None where all count. That others have no part in a calculation
    is more than that they weigh nothing in it: 0 times infinity is no number.
    """
    if weight is None or weight.all():
        return rows
    rows = np.arange(len(weight)) if rows is None else rows
    return rows[weight[rows] > 0]


def relative_to_mean(weight, rows=None):
    """w_i / w̄: a constant factor in all weights changes nothing (decision 7).

    The mean is over ``rows``, the examples that are learned from; over all by default.
    """
    if weight is None:
        return None
    rows = slice(None) if rows is None else rows
    if not weight[rows].any():
        raise ValueError(
            "sample_weight is zero for every example that is left for training; give "
            "more examples a positive weight, or set early_stopping=False."
        )
    weight = weight / weight[rows].max()  # so that their sum is finite
    return weight / weight[rows].mean()
