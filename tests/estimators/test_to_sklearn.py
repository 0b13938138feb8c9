"""`to_sklearn`: fitted pipelines and searches of scikit-learn's own objects."""

import pickle
import runpy
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    to_sklearn,
)

EXAMPLES = Path(__file__).parents[2] / "examples"


def fixed(kind=LectureMLPClassifier, **parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 5, "n_iter_no_change": np.inf, "random_state": 0}
    return kind((6,), **{**defaults, **parameters})


def is_plain(estimator):
    """Tell whether its pickle needs no package but scikit-learn's."""
    return b"sklearn_mlp_edu" not in pickle.dumps(estimator)


def test_a_network(iris):
    network = fixed().fit(*iris)
    plain = to_sklearn(network)
    assert isinstance(plain, MLPClassifier) and is_plain(plain)
    assert_allclose(plain.predict_proba(iris[0]), network.predict_proba(iris[0]))


@pytest.mark.parametrize("nested", [False, True])
def test_a_pipeline(iris, nested):
    X, y = iris
    last = make_pipeline(PCA(3), fixed()) if nested else fixed()
    pipeline = Pipeline([("scale", StandardScaler()), ("rest", last)]).fit(X, y)
    before = pickle.dumps(pipeline)
    plain = to_sklearn(pipeline)
    assert is_plain(plain)
    assert list(plain.named_steps) == ["scale", "rest"]
    assert_allclose(plain.predict_proba(X), pipeline.predict_proba(X), atol=1e-12)
    assert_array_equal(plain.predict(X), pipeline.predict(X))
    plain[0].mean_[...] = 99  # it is a copy
    assert pickle.dumps(pipeline) == before


def test_steps_that_are_left_out(iris):
    pipeline = Pipeline([("scale", "passthrough"), ("network", fixed())]).fit(*iris)
    plain = to_sklearn(pipeline)
    assert_array_equal(plain.predict(iris[0]), pipeline.predict(iris[0]))


def test_a_regressor_and_its_pipeline():
    rng = np.random.default_rng(0)
    X, y = rng.normal(5, 2, size=(60, 3)), 100 + 50 * rng.normal(size=60)
    pipeline = make_pipeline(StandardScaler(), fixed(LectureMLPRegressor)).fit(X, y)
    plain = to_sklearn(pipeline)
    assert is_plain(plain)
    assert_allclose(plain.predict(X), pipeline.predict(X))


@pytest.mark.parametrize("in_pipeline", [False, True])
@pytest.mark.parametrize("kind", [GridSearchCV, RandomizedSearchCV, FusedGridSearchCV])
def test_a_search(iris, kind, in_pipeline):
    X, y = iris
    name = "lecturemlpclassifier__alpha" if in_pipeline else "alpha"
    estimator = make_pipeline(PCA(3), fixed()) if in_pipeline else fixed()
    more = {"n_iter": 2} if kind is RandomizedSearchCV else {}
    search = kind(estimator, {name: [0.01, 1.0]}, cv=2, **more).fit(X, y)
    plain = to_sklearn(search)
    assert is_plain(plain)
    assert_array_equal(plain.predict(X), search.predict(X))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_network_that_chooses_its_strength(iris):
    X, y = iris
    network = LectureMLPClassifierCV(2, cv=2, max_iter=3, random_state=0)
    pipeline = make_pipeline(PCA(3), network).fit(X, y)
    plain = to_sklearn(pipeline)
    assert is_plain(plain)
    assert_allclose(plain.predict_proba(X), pipeline.predict_proba(X), atol=1e-12)


def test_what_cannot_be_written(iris):
    with pytest.raises(TypeError, match="network of this package.* got LogisticRegr"):
        to_sklearn(make_pipeline(StandardScaler(), LogisticRegression()))
    for unfitted in (fixed(), make_pipeline(StandardScaler(), fixed())):
        with pytest.raises(NotFittedError):
            to_sklearn(unfitted)
    search = GridSearchCV(fixed(), {"alpha": [0.1]}, cv=2, refit=False).fit(*iris)
    with pytest.raises(ValueError, match="refit=False; fit it with refit=True"):
        to_sklearn(search)
    with pytest.raises(TypeError, match="got GridSearchCV"):
        to_sklearn(GridSearchCV(fixed(), {"alpha": [0.1]}))
    with pytest.raises(ValueError, match="has no activation 'leaky_relu'"):
        to_sklearn(fixed(activation="leaky_relu").fit(*iris))


def test_the_example_in_c_predicts_as_python_does():
    """Ten rows, through gcc; the picture is not drawn here."""
    with np.errstate(), warnings.catch_warnings():  # which importing it changes
        warnings.simplefilter("ignore")
        pytest.importorskip("emlearn")
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    example = runpy.run_path(str(EXAMPLES / "plot_c_code.py"))
    pyplot.close("all")
    network, rows = example["network"], example["X"][::15]
    assert len(rows) == 10
    assert_array_equal(example["predict_in_c"](network, rows), network.predict(rows))
    assert set(network.predict(rows)) == {0, 1, 2}
