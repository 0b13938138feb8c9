"""Fits and scores for a diagnosis: every setting on the same folds."""

import inspect
import re
import time
import warnings
from collections import Counter
from numbers import Real
from textwrap import shorten
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.metaestimators import _safe_split

from .._search import fit_together
from .outputs import Outputs, outputs_of


class Case(NamedTuple):
    """What is diagnosed: an estimator, data, folds, and how to score."""

    estimator: Any
    X: Any
    y: Any
    splits: list  # of (train, test), arrays of row numbers
    scorer: Any
    classification: bool
    classes: np.ndarray | None  # sorted labels, where each row has one
    unit: np.ndarray | None  # of squared errors, where they count: the variance
    rare: Any  # a class that accuracy hardly sees, or None
    seeds: list  # parameters for each fold, so that each has chance of its own

    @property
    def loss_name(self):
        """What each row is judged by beside the score, or ""."""
        if self.unit is not None:
            return "squared error"
        return "log loss" if self.classification else ""


LATE = "not measured, for the budget of time was spent"


class Measurement(NamedTuple):
    """One setting in one fold; scores of a failed fit are nan."""

    train: float
    test: float
    train_loss: float = np.nan  # mean
    outputs: Outputs | None = None  # for the test rows
    error: str = ""
    learned: dict[str, float] | None = None

    @property
    def test_loss(self):
        """Mean loss of the test rows, nan where there is none."""
        known = self.outputs is not None and self.outputs.loss is not None
        return float(self.outputs.loss.mean()) if known else np.nan


class Task(NamedTuple):
    """Work for one process: some settings in one fold."""

    fold: int
    settings: list  # of dict
    split: tuple  # (train, test)
    strict: bool = False
    cost: float = 1.0  # in fits of the estimator as it is
    estimator: Any = None  # in the place of the one that is diagnosed
    not_after: float = np.inf  # when it is too late to begin, in seconds since 1970


def tasks_of(case, settings, splits=None, strict=False, cost=1.0, estimator=None):
    """Return tasks that fit ``settings`` together, one task a fold."""
    splits = case.splits if splits is None else splits
    return [
        Task(fold, list(settings), split, strict, cost, estimator)
        for fold, split in enumerate(splits)
    ]


def measure(X, y, estimator, scorer, target, seeds, task):
    """Fit with each setting of a task, and score; say what was warned of.

    Failures lead to scores of nan, or in a strict task to a ValueError; so does what
    would begin too late. X and y are arguments by themselves, so that joblib hands them
    to a worker once; ``target`` are the classes, and the unit of squared errors.

    Returns
    -------
    measurements : list of Measurement
    messages : Counter
        How often there was which warning.
    seconds : float
        That it took.
    """
    start = time.time()
    if start > task.not_after:
        late = Measurement(np.nan, np.nan, error=LATE)
        return [late] * len(task.settings), Counter(), 0.0
    if task.estimator is not None:
        estimator = task.estimator
    train, test = task.split
    settings = [{**seeds, **setting} for setting in task.settings]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        X_train, y_train = _safe_split(estimator, X, y, train)
        X_test, y_test = _safe_split(estimator, X, y, test, train)
        fitted = fit_together(estimator, settings, X_train, y_train)
        parts = (X_train, y_train), (X_test, y_test)
        measurements = [_scored(one, scorer, target, *parts, task) for one in fitted]
    return measurements, _texts(caught), time.time() - start


def _scored(fitted, scorer, target, train, test, task):
    doing, error = "fit", fitted
    if not isinstance(fitted, Exception):
        doing = "score"
        try:
            scores = [_as_number(scorer(fitted, *part)) for part in (train, test)]
            outputs = outputs_of(fitted, *test, *target)
            seen = outputs_of(fitted, *train, *target).loss
            train_loss = np.nan if seen is None else float(seen.mean())
            return Measurement(*scores, train_loss, outputs, learned=learned_by(fitted))
        except Exception as problem:
            error = problem
    if task.strict:
        raise ValueError(_explain(doing, error, scorer)) from error
    return Measurement(np.nan, np.nan, error=f"{type(error).__name__}: {error}")


def final_step(estimator):
    """Return what learns at the end of pipelines, and the prefix of its names.

    A `TransformedTargetRegressor` is looked into as well.
    """
    prefix = ""
    while True:
        if hasattr(estimator, "steps"):
            name, estimator = estimator.steps[-1]
        elif getattr(estimator, "regressor", None) is not None:
            name = "regressor"
            estimator = getattr(estimator, "regressor_", estimator.regressor)
        else:
            return estimator, prefix
        prefix += f"{name}__"


def learned_by(estimator):
    """Return what later candidates depend on: numbers that training has settled."""
    step, _ = final_step(estimator)
    first, *_ = [*getattr(step, "estimators_", []), step]  # of several the rate is one
    names = {"learning_rate_init_": first, "alpha_": step, "n_iter_": step}
    found = {name: getattr(one, name, None) for name, one in names.items()}
    return {name: float(v) for name, v in found.items() if isinstance(v, Real)}


def _as_number(score):
    score = float(score)
    if not np.isfinite(score):
        raise ValueError(
            f"the score is {score}; is there a class that the fold has no example of?"
        )
    return score


def _explain(doing, error, scorer):
    name = scorer_name(scorer)
    what, advice = {
        "fit": ("could not be fitted", "Fit it once on all the data to see more."),
        "score": (
            f"could not be scored with scoring={name!r}",
            "Choose a scorer that fits the target and the estimator's methods.",
        ),
    }[doing]
    return f"The estimator {what} in a fold: {type(error).__name__}: {error} {advice}"


def scorer_name(scorer):
    """Return a short name of a scorer."""
    score_function = getattr(scorer, "_score_func", None)
    if score_function is not None:
        return score_function.__name__.removesuffix("_score")
    if inspect.isfunction(scorer):
        return scorer.__name__
    return "score"


def _texts(caught):
    """Count each kind of warning, shortened; numbers make no kind of their own."""
    texts = [f"{w.category.__name__}: {w.message}" for w in caught]
    counts = Counter(re.sub(r"[\d.]*\d", "…", text) for text in texts)
    return Counter(
        {shorten(text, 240, placeholder=" ..."): n for text, n in counts.items()}
    )
