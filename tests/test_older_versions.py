"""Estimators pickled by earlier versions load, and compute what they did then.

``tests/pickles`` has a folder for each version. The present one's was written by

    python -m tests.test_older_versions

which is done once for each release, and never again.
"""

import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sklearn_mlp_edu
from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
)

FOLDER = Path(__file__).parent / "pickles"
PICKLES = sorted(FOLDER.glob("*/*.pickle"))
FIXED = {"max_iter": 5, "n_iter_no_change": np.inf, "random_state": 0}


def estimators():
    """What is kept, fitted to iris: {name: estimator}."""
    X, y = load_iris(return_X_y=True)
    classifier = LectureMLPClassifier((3, 2), **FIXED)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    stream = LectureMLPClassifier((3,), solver="adam", dropout=0.1, random_state=0)
    return {
        "classifier": classifier.fit(X, names),
        "stream": stream.partial_fit(X, names, classes=np.unique(names)),
        "regressor": LectureMLPRegressor((3,), **FIXED).fit(X, X[:, :2]),
        "lbfgs": LectureMLPRegressor((3,), solver="lbfgs", loss="poisson").fit(X, y),
        "pipeline": make_pipeline(StandardScaler(), classifier).fit(X, y),
        "cross-validated": LectureMLPClassifierCV(
            [0.01, 0.1], hidden_layer_sizes=(3,), cv=2, max_iter=5, random_state=0
        ).fit(X, y),
    }


def answers(estimator):
    X, _ = load_iris(return_X_y=True)
    return getattr(estimator, "predict_proba", estimator.predict)(X)


def load(path):
    """Return the estimator and its answers at the time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InconsistentVersionWarning)
        with open(path, "rb") as file:
            return pickle.load(file)


def test_this_version_and_every_earlier_one_has_its_pickles():
    folders = {path.parent.name for path in PICKLES}
    assert sklearn_mlp_edu.__version__ in folders
    for folder in folders:
        assert len(list((FOLDER / folder).glob("*.pickle"))) >= 6


@pytest.mark.parametrize("path", PICKLES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_computes_what_it_did(path):
    estimator, expected = load(path)
    assert_allclose(answers(estimator), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("path", PICKLES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_can_be_pickled_again_and_fitted_again(path):
    estimator, _ = load(path)
    again = pickle.loads(pickle.dumps(estimator))
    assert_array_equal(answers(again), answers(estimator))
    X, y = load_iris(return_X_y=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if path.stem == "stream":
            n_epochs = estimator.n_iter_
            names = estimator.classes_[y]
            assert estimator.partial_fit(X, names).n_iter_ == n_epochs + 1
        estimator.fit(X, y)


def write():
    """Write the pickles of the present version."""
    folder = FOLDER / sklearn_mlp_edu.__version__
    folder.mkdir(parents=True)
    for name, estimator in estimators().items():
        content = pickle.dumps((estimator, answers(estimator)), protocol=4)
        (folder / f"{name}.pickle").write_bytes(content)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write()
