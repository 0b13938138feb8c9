"""The fits of a search: their data, what they report on the way, their scores.

What scikit-learn's own ``_fit_and_score`` does for one estimator that it fits itself,
`fit_and_score` does for several that are fitted together.
"""

import time
from contextlib import nullcontext
from copy import copy
from traceback import format_exception

import joblib
from joblib.logger import short_format_time
from joblib.parallel import get_active_backend
from sklearn.base import clone
from sklearn.metrics._scorer import _MultimetricScorer
from sklearn.model_selection._validation import _score
from sklearn.pipeline import Pipeline
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.validation import _check_method_params, _num_samples
from threadpoolctl import threadpool_limits

HELD = {  # the arguments of ``_fit_and_score`` that matter here
    "train",
    "test",
    "parameters",
    "split_progress",
    "candidate_progress",
    "scorer",
    "fit_params",
    "score_params",
    "return_train_score",
    "error_score",
    "verbose",
}
WITH_CALLBACKS = {"caller", "callback_ctx"}  # from scikit-learn 1.9 on
RETURNED = {  # what every result has anyway, and no other
    "return_n_test_samples": True,
    "return_times": True,
    "return_parameters": False,
}


def is_known(task):
    """Tell whether a task of joblib's is a fit as `Fit` expects it, and no more."""
    _, arguments, options = task
    names = options.keys() - WITH_CALLBACKS - RETURNED.keys()
    returned = RETURNED.items() <= options.items()
    return len(arguments) == 3 and names == HELD and returned


class Fit:
    """A candidate on a split.

    Holds the arguments that `GridSearchCV` has for ``_fit_and_score``, by their names
    there, and the ``position`` in its list of fits.
    """

    callback_ctx = None

    def __init__(self, position, task):
        _, (self.estimator, self.X, self.y), options = task
        self.position = position
        vars(self).update(options)

    def candidate(self):
        """Return a new estimator with the candidate's parameters."""
        parameters = clone(self.parameters, safe=False)
        return clone(self.estimator).set_params(**parameters)


class Split:
    """What the fits of one split have in common."""

    def __init__(self, fit):
        X, y, train, test = fit.X, fit.y, fit.train, fit.test
        score_params = fit.score_params or {}
        self.fit_params = _check_method_params(X, fit.fit_params or {}, indices=train)
        self.score_params = {
            "train": _check_method_params(X, score_params, indices=train),
            "test": _check_method_params(X, score_params, indices=test),
        }
        self.examples = {
            "train": _safe_split(fit.estimator, X, y, train),
            "test": _safe_split(fit.estimator, X, y, test, train),
        }
        X_train, y_train = self.examples["train"]
        weight = self.fit_params.get("sample_weight")
        metadata = None if weight is None else {"sample_weight": weight}
        self.about = {"X": X_train, "y": y_train, "metadata": metadata}
        self.n_test_samples = _num_samples(self.examples["test"][0])


def fit_and_score(fits, train):
    """Return for each of ``fits``, all on one split, what ``_fit_and_score`` would.

    ``train(fits, X, y, fit_params)`` returns fitted estimators, and an exception in the
    place of each that could not be fitted. Its time is shared out equally.
    """
    started = time.perf_counter()
    split = Split(fits[0])
    for fit in fits:
        _begin(fit, split)
    try:
        fitted = train(fits, *split.examples["train"], split.fit_params)
        share = (time.perf_counter() - started) / len(fits)
        pairs = zip(fits, fitted, strict=True)
        results = [_result(fit, split, one, share) for fit, one in pairs]
        # All of them on the test part, then all on the training part: so preparing each
        # part's examples once, see `share_transforms`, takes the memory of one.
        for part in ["test", "train"][: 1 + fits[0].return_train_score]:
            for fit, one, result in zip(fits, fitted, results, strict=True):
                _add_scores(result, part, fit, split, one)
    finally:
        for fit in fits:
            if fit.callback_ctx is not None:
                fit.callback_ctx.call_on_fit_task_end(
                    estimator=fit.caller, **split.about
                )
    for fit, result in zip(fits, results, strict=True):
        _print_end(fit, result)
    return results


def _begin(fit, split):
    """Tell callbacks, and with much verbosity the reader, that a fit begins."""
    if fit.verbose > 9:
        message = f"[CV{_progress(fit)}] START {_settings(fit)}"
        print(message + "." * (80 - len(message)))
    if fit.callback_ctx is not None:
        fit.callback_ctx.call_on_fit_task_begin(estimator=fit.caller, **split.about)


def _result(fit, split, fitted, seconds):
    error = None
    if isinstance(fitted, Exception):
        if fit.error_score == "raise":
            raise fitted
        error = "".join(format_exception(fitted))
    return {
        "fit_error": error,
        "n_test_samples": split.n_test_samples,
        "fit_time": seconds,
        "score_time": 0.0,
    }


def _add_scores(result, part, fit, split, fitted):
    """Note the scores of a fitted estimator on a part of the split."""
    started = time.perf_counter()
    if result["fit_error"] is None:
        parameters = split.score_params[part], fit.error_score
        scores = _score(fitted, *split.examples[part], fit.scorer, *parameters)
        if part == "test":
            result["score_time"] = time.perf_counter() - started
    elif isinstance(fit.scorer, _MultimetricScorer):
        scores = {name: fit.error_score for name in fit.scorer._scorers}
    else:
        scores = fit.error_score
    result[f"{part}_scores"] = scores


def _print_end(fit, result):
    """Print the line that `GridSearchCV` has for a fit."""
    if fit.verbose <= 1:
        return
    line = f"[CV{_progress(fit)}] END "
    settings = _settings(fit)
    details = settings + ";" * bool(settings)
    if fit.verbose > 2:
        details += _formatted_scores(result)
    seconds = result["fit_time"] + result["score_time"]
    details += f" total time={short_format_time(seconds)}"
    print(line + "." * (80 - len(line) - len(details)) + details)


def _formatted_scores(result):
    test, train = result["test_scores"], result.get("train_scores")
    if isinstance(test, dict):
        parts = []
        for name in sorted(test):
            before = "" if train is None else f"train={train[name]:.3f}, "
            parts.append(f" {name}: ({before}test={test[name]:.3f})")
        return "".join(parts)
    if train is None:
        return f", score={test:.3f}"
    return f", score=(train={train:.3f}, test={test:.3f})"


def _progress(fit):
    """Say which split of how many it is, and which candidate."""
    text = ""
    if fit.verbose > 2:
        split, n_splits = fit.split_progress
        text = f" {split + 1}/{n_splits}"
    if fit.verbose > 9:
        candidate, n_candidates = fit.candidate_progress
        text += f"; {candidate + 1}/{n_candidates}"
    return text


def _settings(fit):
    return ", ".join(
        f"{name}={fit.parameters[name]}" for name in sorted(fit.parameters)
    )


def is_watched(search, task):
    """Tell whether callbacks need to see every fit by itself.

    A `ProgressBar` of the search does not; without stepping inside the fits it shows
    how many there have been.
    """
    _, (estimator, *_), _ = task
    handed_on = [
        callback
        for callback in getattr(search, "_skl_callbacks", [])
        if getattr(callback, "max_propagation_depth", 0) != 0
        and type(callback).__name__ != "ProgressBar"
    ]
    return bool(handed_on) or has_callbacks(estimator)


def has_callbacks(estimator):
    """Tell whether callbacks are set on an estimator or on one inside it."""
    parts = [estimator, *estimator.get_params().values()]
    return any(hasattr(part, "_skl_callbacks") for part in parts)


def one_level_of_threads(n_workers):
    """Return a context in which workers that are threads have no more of them."""
    backend, _ = get_active_backend()
    if n_workers == 1 or not getattr(backend, "uses_threads", False):
        return nullcontext()
    return threadpool_limits(max(1, joblib.cpu_count() // n_workers))


# Pipelines whose last step is exchanged


def last_step(estimator):
    """Return the last step of a pipeline, or of one within it, or what is none."""
    while isinstance(estimator, Pipeline):
        estimator = estimator.steps[-1][1]
    return estimator


def path_to_last_step(estimator):
    """Return what the names of its parameters begin with."""
    path = ""
    while isinstance(estimator, Pipeline):
        name, estimator = estimator.steps[-1]
        path += f"{name}__"
    return path


def with_last_step(estimator, last):
    """Return a pipeline that has another last step, and shares the others."""
    if not isinstance(estimator, Pipeline):
        return last
    result = copy(estimator)
    name, step = estimator.steps[-1]
    result.steps = [*estimator.steps[:-1], (name, with_last_step(step, last))]
    return result


def share_transforms(estimator):
    """Return a fitted pipeline whose steps need not transform the same data again.

    For pipelines with the same steps before the last.
    """
    if not isinstance(estimator, Pipeline):
        return estimator
    result = copy(estimator)
    result.steps = [(name, _remembering(step)) for name, step in estimator.steps[:-1]]
    name, step = estimator.steps[-1]
    result.steps.append((name, share_transforms(step)))
    return result


def _remembering(step):
    if not hasattr(step, "transform"):  # None, or "passthrough"
        return step
    step = copy(step)
    step.transform = _Remembering(step.transform)
    return step


class _Remembering:
    """A function of one argument that knows its latest result."""

    def __init__(self, function):
        self.function = function
        self.argument = self.result = None

    def __call__(self, X, **params):
        if params:
            return self.function(X, **params)
        if self.result is None or X is not self.argument:
            self.result = self.function(X)
            self.argument = X
        return self.result
