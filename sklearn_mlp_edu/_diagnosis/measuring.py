"""Fits and scores for a diagnosis: every setting on the same folds, in parallel."""

import inspect
import warnings
from collections import Counter
from textwrap import shorten
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.parallel import Parallel, delayed

from .._estimators import LectureMLPClassifier
from .._search import FusedGridSearchCV


class Case(NamedTuple):
    """What is diagnosed: an estimator, data, folds, and how to score."""

    estimator: Any
    X: Any
    y: Any
    splits: list  # of (train, test), arrays of row numbers
    scorer: Any
    classification: bool

    @property
    def test_ratio(self):
        """Size of a test set over that of a training set, mean over folds."""
        return float(np.mean([len(test) / len(train) for train, test in self.splits]))


class Measurement(NamedTuple):
    """Scores of some settings in one fold; of failed fits they are nan."""

    train: np.ndarray  # (n_settings,)
    test: np.ndarray  # (n_settings,)
    messages: list[str]  # of warnings
    error: str = ""
    learned: dict[str, float] | None = None


class Task(NamedTuple):
    """Work for one process: some settings in one fold."""

    run: Any
    arguments: tuple
    n_fits: int


def final_step(estimator):
    """Return the last step of a pipeline, however deep, and the prefix of its names."""
    prefix = ""
    while hasattr(estimator, "steps"):
        name, estimator = estimator.steps[-1]
        prefix += f"{name}__"
    return estimator, prefix


def search_class(estimator):
    """Return the quickest search that gives the estimator's path."""
    if isinstance(final_step(estimator)[0], LectureMLPClassifier):
        return FusedGridSearchCV
    return GridSearchCV


class Runner:
    """Runs tasks, in parallel where asked, and tells how far they are.

    Attributes
    ----------
    messages : Counter
        Warnings, and how many fits gave them.
    n_done : int
        Number of fits so far.
    """

    def __init__(self, n_jobs, report_progress):
        self.n_jobs, self.report_progress = n_jobs, report_progress
        self.messages, self.n_done, self.n_total = Counter(), 0, 0

    def run(self, tasks):
        """Return the `Measurement` of each task."""
        self.n_total += sum(task.n_fits for task in tasks)
        self.report_progress(self.n_done, self.n_total)
        parallel = Parallel(self.n_jobs, return_as="generator")
        measurements = []
        results = parallel(delayed(task.run)(*task.arguments) for task in tasks)
        for task, measurement in zip(tasks, results, strict=True):
            measurements.append(measurement)
            self.messages.update(measurement.messages)
            self.n_done += task.n_fits
            self.report_progress(self.n_done, self.n_total)
        return measurements


def fit_tasks(case, settings, splits=None, strict=False):
    """Return tasks that fit the estimator with each setting in each fold."""
    splits = case.splits if splits is None else splits
    return [
        Task(measure_fit, (case, setting, split, strict), 1)
        for setting in settings
        for split in splits
    ]


def path_tasks(case, name, values):
    """Return tasks that fit, fold by fold, all ``values`` of the parameter ``name``."""
    return [
        Task(measure_path, (case, name, values, split), len(values))
        for split in case.splits
    ]


def table(measurements, n_folds):
    """Return train and test scores of shape (n_settings, n_folds) of `fit_tasks`."""
    train, test = (
        np.array([getattr(m, part)[0] for m in measurements]).reshape(-1, n_folds)
        for part in ("train", "test")
    )
    return train, test


def measure_fit(case, setting, split, strict=False):
    """Fit with the parameters ``setting``, score on both parts of ``split``.

    A failure leads to scores of nan, or with ``strict`` to a ValueError.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        doing = "fit"
        try:
            estimator = clone(case.estimator).set_params(**setting)
            train, test = split
            X_train, y_train = _safe_split(estimator, case.X, case.y, train)
            X_test, y_test = _safe_split(estimator, case.X, case.y, test, train)
            estimator.fit(X_train, y_train)
            doing = "score"
            scores = (
                _as_number(case.scorer(estimator, X_train, y_train)),
                _as_number(case.scorer(estimator, X_test, y_test)),
            )
        except Exception as error:
            if strict:
                raise ValueError(_explain(doing, error, case.scorer)) from error
            scores, estimator = (np.nan, np.nan), None
            problem = f"{type(error).__name__}: {error}"
        else:
            problem = ""
    return Measurement(
        *(np.array([score]) for score in scores),
        _texts(caught),
        problem,
        _learned(estimator),
    )


def measure_path(case, name, values, split):
    """Fit with each of ``values`` for the parameter ``name``, and score."""
    search = search_class(case.estimator)(
        case.estimator,
        {name: list(values)},
        scoring=case.scorer,
        cv=[split],
        refit=False,
        return_train_score=True,
        error_score=np.nan,
    )
    failed = np.full(len(values), np.nan)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            search.fit(case.X, case.y)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            return Measurement(failed, failed, _texts(caught), problem)
    results = search.cv_results_
    train, test = results["split0_train_score"], results["split0_test_score"]
    return Measurement(
        np.asarray(train, float), np.asarray(test, float), _texts(caught)
    )


def measure_chance(case):
    """Return the score of guessing without looking at X, in each fold (n_folds,).

    The better of guessing by class frequencies and always the most frequent class (or
    for a regressor the mean).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = [_train_labels_and_test(case, split) for split in case.splits]
        scores = [
            np.mean([_guess(case.scorer, guess, parts) for guess in guesses], axis=0)
            for guesses in _ways_to_guess(case.classification)
        ]
    usable = [score for score in scores if np.isfinite(score).all()]
    return max(usable, key=np.mean, default=None)


def _train_labels_and_test(case, split):
    train, test = split
    _, y_train = _safe_split(case.estimator, case.X, case.y, train)
    return y_train, *_safe_split(case.estimator, case.X, case.y, test, train)


def _guess(scorer, guess, parts):
    """Return the score of ``guess`` in each fold, nan where it cannot be scored."""
    try:
        return [
            float(scorer(guess.fit(np.zeros((len(y_train), 1)), y_train), X, y))
            for y_train, X, y in parts
        ]
    except Exception:  # a scorer may ask for more than guesses can give
        return np.full(len(parts), np.nan)


def _ways_to_guess(classification):
    """Return lists of estimators; the scores of those in a list are to be averaged."""
    if not classification:
        return [[DummyRegressor()]]
    return [
        [DummyClassifier(strategy="prior")],
        [DummyClassifier(strategy="stratified", random_state=i) for i in range(10)],
    ]


class Oracle:
    """Knows the answers: what it scores is a perfect score."""

    def __init__(self, estimator, y):
        self._estimator_type = getattr(estimator, "_estimator_type", None)
        self.y, self.tags = np.asarray(y), estimator
        self.classes_ = np.unique(self.y)

    def fit(self, X, y):
        """Do nothing."""
        return self

    def predict(self, X):
        """Return the answers."""
        return self.y

    def predict_proba(self, X):
        """Return 1 for the right class and 0 for the others."""
        return (self.y[:, np.newaxis] == self.classes_).astype(float)

    def decision_function(self, X):
        """Return 1 for the right class and 0 for the others."""
        scores = self.predict_proba(X)
        return scores[:, 1] if len(self.classes_) == 2 else scores

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        from sklearn.utils import get_tags

        return get_tags(self.tags)


def perfect_score(case):
    """Return what the scorer gives for right answers, or None where it cannot tell."""
    rows = case.splits[0][0]
    X, y = _safe_split(case.estimator, case.X, case.y, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            score = float(case.scorer(Oracle(case.estimator, y), X, y))
        except Exception:  # a scorer may look at more of an estimator
            return None
    return score if np.isfinite(score) else None


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
    """Return each kind of warning once, shortened."""
    texts = {f"{w.category.__name__}: {w.message}" for w in caught}
    return sorted({shorten(text, 240, placeholder=" ...") for text in texts})


def _learned(estimator):
    """Return what later candidates depend on: the learning rate in use."""
    if estimator is None:
        return None
    rate = getattr(final_step(estimator)[0], "learning_rate_", None)
    return {} if rate is None else {"learning_rate_": float(rate)}
