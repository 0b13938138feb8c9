"""From what a user passes to `diagnose_overfitting` to folds, a scorer and values."""

from numbers import Integral, Real

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.metrics import check_scoring
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    check_cv,
)
from sklearn.utils.multiclass import type_of_target

from .classes import rare_class, rare_scorer
from .measuring import Case, scorer_name
from .quantities import SQUARED, check_classes, check_numbers, describe_target, unit_of

LARGEST_SEED = 2**31 - 1


def free_seeds(estimator, n_folds, seed):
    """Return for each fold a seed for every ``random_state`` that is None.

    With the same initial weights in a fold, settings are compared on equal terms; with
    others in the next, no comparison hangs on a lucky start.
    """
    free = [
        name
        for name, value in estimator.get_params(deep=True).items()
        if name.split("__")[-1] == "random_state" and value is None
    ]
    return [
        dict.fromkeys(free, (seed + fold) % LARGEST_SEED) for fold in range(n_folds)
    ]


def checked_values(name, values, low, high):
    """Return ``values`` as a sorted list of floats in [low, high)."""
    if isinstance(values, str | bytes) or not np.iterable(values):
        raise TypeError(f"{name} must be a sequence of numbers, got {values!r}.")
    values = list(values)
    for value in values:
        is_number = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
        if not is_number or not low <= value < high:
            raise ValueError(
                f"{name} has the entry {value!r}; pass finite numbers >= {low}"
                + (f" and < {high}." if high < np.inf else ".")
            )
    return sorted({float(value) for value in values})


def checked_budget(budget):
    """Return ``budget`` as a float of seconds, infinite for None."""
    if budget is None:
        return np.inf
    if isinstance(budget, bool) or not isinstance(budget, Real) or not budget > 0:
        raise ValueError(
            f"budget must be a number of seconds above 0, or None, got {budget!r}."
        )
    return float(budget)


def make_case(estimator, X, y, groups, cv, scoring, fold_seed, fit_seed):
    if isinstance(scoring, list | tuple | set | dict):
        raise TypeError(
            f"scoring must be one scorer, got {scoring!r}; pass its name, such as "
            "'accuracy', or diagnose once for each."
        )
    classification = is_classifier(estimator)
    if classification:
        check_classes(estimator, y, type_of_target(y))
    else:
        check_numbers(estimator, y)
    labels = classification and np.ndim(y) == 1
    classes = np.unique(np.asarray(y)) if labels else None
    rare = rare_class(y, classes)
    if scoring is None and rare is not None:
        scoring = rare_scorer(estimator, rare, classes)
    elif scoring is None:
        scoring = "accuracy" if classification else "r2"
    scorer = check_scoring(estimator, scoring=scoring)
    squared = not classification and scorer_name(scorer) in SQUARED
    n_samples = len(y) if not hasattr(y, "shape") else y.shape[0]
    if isinstance(cv, Integral) and not isinstance(cv, bool):
        cv = _folds(int(cv), y, n_samples, groups, classification, fold_seed)
    splitter = check_cv(cv, y, classifier=classification)
    splits = [_rows(split) for split in splitter.split(X, y, groups)]
    if len(splits) < 2:
        raise ValueError(
            f"cv={cv!r} gives {len(splits)} split; two are needed at least, since the "
            "uncertainty comes from their differences."
        )
    return Case(
        clone(estimator),
        X,
        y,
        splits,
        scorer,
        classification,
        classes,
        unit_of(y) if squared else None,
        rare,
        free_seeds(estimator, len(splits), fit_seed),
    )


def _rows(split):
    """Return a split as two arrays of row numbers."""
    parts = map(np.asarray, split)
    return tuple(np.flatnonzero(p) if p.dtype == bool else p for p in parts)


def _folds(k, y, n_samples, groups, classification, seed):
    if k < 2:
        raise ValueError(f"cv={k} folds were asked for; pass an int of 2 or more.")
    if n_samples < 2 * k:
        raise ValueError(
            f"{n_samples} examples are too few for cv={k} folds of two examples each; "
            "pass a smaller cv, or more data."
        )
    single = classification and type_of_target(y) in ("binary", "multiclass")
    if single:
        classes, counts = np.unique(np.asarray(y), return_counts=True)
        rare = counts.argmin()
        if len(classes) > 1 and counts[rare] < k:
            n_rare = int(counts[rare])
            fewer = f"pass a cv of {n_rare} or less, " if n_rare > 1 else ""
            raise ValueError(
                f"class {classes.tolist()[rare]!r} has {n_rare} "
                f"example{'s' * (n_rare > 1)}, too few for cv={k} folds; {fewer}leave "
                "out or merge rare classes, or add examples."
            )
        if len(classes) < 2:
            raise ValueError(
                f"y holds the single class {classes.tolist()[0]!r}; a classifier needs "
                "two at least."
            )
    if groups is not None:
        n_groups = len(np.unique(np.asarray(groups)))
        if n_groups < k:
            raise ValueError(
                f"{n_groups} groups are too few for cv={k} folds, each of which needs "
                "one of its own; pass a smaller cv."
            )
        kind = StratifiedGroupKFold if single else GroupKFold
        options = {"shuffle": True, "random_state": seed} if single else {}
        return kind(k, **options)
    kind = StratifiedKFold if single else KFold
    return kind(k, shuffle=True, random_state=seed)


def describe(case, estimator, scoring):
    """Return what the report says of the data and the estimator."""
    shape = case.X.shape if hasattr(case.X, "shape") else (len(case.X),)
    data = {
        "estimator": " ".join(repr(estimator).split()),
        "scoring": scoring if isinstance(scoring, str) else scorer_name(case.scorer),
        "n_samples": int(shape[0]),
        "n_features": int(shape[1]) if len(shape) > 1 else None,
        "n_folds": len(case.splits),
        "task": "classification" if case.classification else "regression",
        "loss": case.loss_name,
        "feature_names": [str(name) for name in getattr(case.X, "columns", ())],
    }
    y = np.asarray(case.y)
    if case.classification and y.ndim == 1:
        classes, counts = np.unique(y, return_counts=True)
        data["classes"] = {
            str(name): int(n) for name, n in zip(classes, counts, strict=True)
        }
    if not case.classification:
        data["targets"] = describe_target(case.y)
    return data
