"""Threads that share an estimator, or its parameters, get what one alone would get."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
MUTABLE = (dict, list, set, bytearray, np.ndarray)


def in_threads(n_threads, work, arguments):
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(work, arguments))


@pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])
def test_eight_threads_predict_with_one_estimator(kind, iris, frequent_switches):
    X, y = iris
    network = kind((8, 4), max_iter=2).fit(X, y)
    methods = ["predict"]
    if kind is LectureMLPClassifier:
        methods += ["predict_proba", "predict_log_proba", "decision_function"]
    pieces = [X[k::40] * (k + 1) for k in range(40)] * 4
    for name in methods:
        predict = getattr(network, name)
        found = in_threads(8, predict, pieces)
        for ours, piece in zip(found, pieces, strict=True):
            assert_array_equal(ours, predict(piece))


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_four_threads_fit_clones_of_one_estimator(solver, iris, frequent_switches):
    X, y = iris
    network = LectureMLPClassifier((5,), solver=solver, max_iter=3, random_state=0)
    network.set_params(early_stopping=solver != "lbfgs")

    def weights(seed):
        fitted = clone(network).set_params(random_state=seed).fit(X, y)
        return np.concatenate([W.ravel() for W in fitted.coefs_])

    seeds = [*range(4)] * 3
    for found, seed in zip(in_threads(4, weights, seeds), seeds, strict=True):
        assert_array_equal(found, weights(seed))


def modules():
    """All modules of the package."""
    prefix = f"{sklearn_mlp_edu.__name__}."
    for found in walk_packages(sklearn_mlp_edu.__path__, prefix):
        needs_an_extra = found.name.endswith(".onnx") and find_spec("skl2onnx") is None
        if not found.name.endswith("__main__") and not needs_an_extra:
            yield import_module(found.name)


def test_what_modules_hold_are_constants():
    """Named as such; nothing that calls could share or leave behind."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, MUTABLE) and not name.startswith("__"):
                assert name.lstrip("_").isupper(), f"{module.__name__}.{name}"


def test_work_changes_no_constant(iris):
    X, y = iris

    def constants():
        return {
            (module.__name__, name): repr(value)
            for module in modules()
            for name, value in vars(module).items()
            if isinstance(value, MUTABLE) and not name.startswith("__")
        }

    before = constants()
    LectureMLPClassifier((3,), max_iter=2, dropout=0.1).fit(X, y).predict(X)
    LectureMLPRegressor((3,), solver="adam", max_iter=2).fit(X, y).predict(X)
    assert constants() == before
