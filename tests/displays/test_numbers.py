"""Displays take a network that predicts numbers."""

import matplotlib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.model_selection import KFold, LearningCurveDisplay
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LossCurveDisplay,
    RegularizationPathDisplay,
)

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def numbers():
    """120 × 4, and a number far from 0."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 4))
    return X, 500 + 90 * X[:, 0] + 30 * rng.normal(size=120)


def network(**parameters):
    settings = {"max_iter": 8, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPRegressor((6,), **settings, **parameters)


def test_loss_curve(numbers):
    X, y = numbers
    fitted = network().fit(X[::2], y[::2], X_val=X[1::2], y_val=y[1::2])
    display = LossCurveDisplay.from_estimator(make_pipeline(fitted))
    assert_array_equal(display.line_.get_ydata(), fitted.loss_curve_)
    losses = fitted.validation_loss_curve_
    assert_array_equal(display.validation_line_.get_ydata(), losses)
    assert display.name == "LectureMLPRegressor"


def test_regularization_path(numbers):
    pipeline = make_pipeline(StandardScaler(), network())
    grid = {"lecturemlpregressor__alpha": [0.01, 0.1, 1.0]}
    search = FusedGridSearchCV(pipeline, grid, cv=3, return_train_score=True)
    display = RegularizationPathDisplay.from_estimator(search.fit(*numbers))
    mean = search.cv_results_["mean_test_score"]
    assert_allclose(display.test_line_.get_ydata(), mean)
    assert display.chosen_line_.get_xdata()[0] == search.best_params_.popitem()[1]


def test_learning_curve_of_scikit_learn(numbers):
    folds = KFold(3, shuffle=True, random_state=0)
    settings = {"train_sizes": [0.5, 1.0], "cv": folds, "score_name": "R²"}
    display = LearningCurveDisplay.from_estimator(network(), *numbers, **settings)
    assert display.test_scores.shape == (2, 3)


def test_path_of_a_pipeline_that_has_chosen_its_strength(iris):
    chooser = LectureMLPClassifierCV(
        [0.01, 0.1], cv=2, hidden_layer_sizes=(3,), tol=0.1, random_state=0
    )
    pipeline = make_pipeline(StandardScaler(), chooser).fit(*iris)
    display = RegularizationPathDisplay.from_estimator(pipeline)
    assert_array_equal(display.train_line_.get_xdata(), [0.01, 0.1])
    assert display.chosen_line_.get_xdata()[0] == chooser.alpha_
