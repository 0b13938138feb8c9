"""`RegularizationPathDisplay`."""

import sys

import matplotlib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressorCV,
    RegularizationPathDisplay,
)

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")

ALPHAS = [0.1, 0.001, 0.01]


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def searched(data, grid=None, search_class=FusedGridSearchCV, **settings):
    network = LectureMLPClassifier(
        (8,), max_iter=5, n_iter_no_change=np.inf, random_state=0
    )
    settings = {"return_train_score": True, "cv": 3, **settings}
    return search_class(network, grid or {"alpha": ALPHAS}, **settings).fit(*data)


def test_means_over_folds_by_rising_alpha(iris):
    search = searched(iris)
    display = RegularizationPathDisplay.from_estimator(search)
    order = np.argsort(ALPHAS)
    for part, line in [("train", display.train_line_), ("test", display.test_line_)]:
        assert_array_equal(line.get_xdata(), np.sort(ALPHAS))
        mean = search.cv_results_[f"mean_{part}_score"][order]
        assert_allclose(line.get_ydata(), mean)
    assert display.ax_.get_xscale() == "log"
    assert display.figure_ is display.ax_.figure
    assert display.ax_.get_ylabel() == "score"


def test_bands_are_one_standard_deviation_and_the_gap_lies_between(iris):
    search = searched(iris)
    display = RegularizationPathDisplay.from_estimator(search)
    mean, deviation = (search.cv_results_[f"{k}_test_score"] for k in ("mean", "std"))
    (band,) = display.test_band_.get_paths()
    assert_allclose(band.vertices[:, 1].max(), (mean + deviation).max())
    assert_allclose(band.vertices[:, 1].min(), (mean - deviation).min())
    (gap,) = display.gap_.get_paths()
    train = search.cv_results_["mean_train_score"]
    assert_allclose(gap.vertices[:, 1].min(), min(train.min(), mean.min()))
    assert_allclose(gap.vertices[:, 1].max(), max(train.max(), mean.max()))


def test_the_chosen_value_is_marked(iris):
    def least_regularised(results):
        return int(np.argmin(results["param_alpha"].astype(float)))

    search = searched(iris, refit=least_regularised)
    display = RegularizationPathDisplay.from_estimator(search)
    assert display.chosen_alpha == 0.001
    assert_array_equal(display.chosen_line_.get_xdata(), [0.001, 0.001])


@pytest.mark.parametrize("search_class", [GridSearchCV, FusedGridSearchCV])
def test_results_alone_suffice(search_class, iris):
    search = searched(iris, search_class=search_class)
    display = RegularizationPathDisplay.from_cv_results(search.cv_results_)
    assert display.chosen_alpha == search.best_params_["alpha"]


def test_no_regularisation_has_a_place_on_the_axis(iris):
    search = searched(iris, {"alpha": [0, 0.01, 0.1]})
    display = RegularizationPathDisplay.from_estimator(search)
    assert display.ax_.get_xscale() == "symlog"
    assert_array_equal(display.test_line_.get_xdata(), [0, 0.01, 0.1])


def test_other_parameters_are_those_of_the_best_candidate(iris):
    grid = {"alpha": ALPHAS, "learning_rate_init": [1e-3, 1.0]}
    search = searched(iris, grid)
    display = RegularizationPathDisplay.from_estimator(search)
    best = search.best_params_["learning_rate_init"]
    chosen = search.cv_results_["param_learning_rate_init"] == best
    order = np.argsort(search.cv_results_["param_alpha"][chosen].astype(float))
    mean = search.cv_results_["mean_test_score"][chosen][order]
    assert_allclose(display.test_line_.get_ydata(), mean)


def test_alpha_of_a_pipeline_and_of_another_estimator(iris):
    pipeline = make_pipeline(StandardScaler(), SGDClassifier(random_state=0))
    grid = {"sgdclassifier__alpha": ALPHAS}
    search = GridSearchCV(pipeline, grid, return_train_score=True).fit(*iris)
    display = RegularizationPathDisplay.from_estimator(search)
    assert_array_equal(display.alphas, np.sort(ALPHAS))


def test_one_of_several_scores(iris):
    scoring = ["accuracy", "neg_log_loss"]
    search = searched(iris, scoring=scoring, refit="neg_log_loss")
    display = RegularizationPathDisplay.from_estimator(search)
    assert display.ax_.get_ylabel() == "neg_log_loss"
    assert (display.test_line_.get_ydata() < 0).all()
    display = RegularizationPathDisplay.from_estimator(search, scoring="accuracy")
    assert (display.test_line_.get_ydata() > 0).all()


def test_drawn_again_into_given_axes(iris):
    display = RegularizationPathDisplay.from_estimator(searched(iris))
    _, ax = plt.subplots()
    assert display.plot(ax=ax) is display
    assert display.ax_ is ax and len(ax.lines) == 3


def test_what_is_missing_is_said(iris):
    with pytest.raises(NotFittedError):
        RegularizationPathDisplay.from_estimator(
            FusedGridSearchCV(LectureMLPClassifier(), {})
        )
    search = searched(iris, {"momentum": [0.5, 0.9]})
    with pytest.raises(ValueError, match=r"one parameter alpha .* \['momentum'\]"):
        RegularizationPathDisplay.from_estimator(search)
    search = searched(iris, return_train_score=False)
    with pytest.raises(ValueError, match="search with return_train_score=True"):
        RegularizationPathDisplay.from_estimator(search)
    search = searched(iris, scoring=["accuracy", "f1_macro"], refit="accuracy")
    with pytest.raises(ValueError, match=r"pass scoring, one of \['accuracy', 'f1_m"):
        RegularizationPathDisplay.from_cv_results(search.cv_results_)


def test_matplotlib_is_an_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    display = RegularizationPathDisplay([0.1], [[1.0]], [[0.9]])
    with pytest.raises(ImportError, match=r"sklearn-mlp-edu\[plot\]"):
        display.plot()


@pytest.mark.parametrize(
    ("kind", "score"),
    [(LectureMLPClassifierCV, "neg_log_loss"), (LectureMLPRegressorCV, "r2")],
)
def test_the_path_of_a_network_that_has_chosen_its_strength(kind, score, iris):
    network = kind(ALPHAS, hidden_layer_sizes=8, cv=3, random_state=0)
    display = RegularizationPathDisplay.from_estimator(network.fit(*iris))
    assert_array_equal(display.train_line_.get_xdata(), np.sort(ALPHAS))
    assert_allclose(display.test_line_.get_ydata(), network.scores_.mean(axis=0))
    assert_allclose(display.train_line_.get_ydata(), network.train_scores_.mean(axis=0))
    assert display.chosen_line_.get_xdata()[0] == network.alpha_
    assert display.ax_.get_ylabel() == score
