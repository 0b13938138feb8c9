"""`LossCurveDisplay`."""

import matplotlib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier, LossCurveDisplay

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def network(**parameters):
    settings = {"max_iter": 15, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier((8,), **settings, **parameters)


def test_training_cost_by_epoch(iris):
    fitted = network().fit(*iris)
    display = LossCurveDisplay.from_estimator(fitted)
    assert_array_equal(display.line_.get_xdata(), np.arange(1, 16))
    assert_array_equal(display.line_.get_ydata(), fitted.loss_curve_)
    assert display.validation_line_ is None
    assert display.best_epoch == np.argmin(fitted.loss_curve_) + 1
    assert display.figure_ is display.ax_.figure
    assert display.ax_.get_xlabel() == "epoch"


def test_validation_loss_with_its_best_epoch(iris):
    X, y = iris
    fitted = network().fit(X[::2], y[::2], X_val=X[1::2], y_val=y[1::2])
    display = LossCurveDisplay.from_estimator(make_pipeline(fitted))
    losses = fitted.validation_loss_curve_
    assert_array_equal(display.validation_line_.get_ydata(), losses)
    assert display.best_epoch == np.argmin(losses) + 1
    assert display.best_epoch_line_.get_xdata() == [display.best_epoch]
    assert display.best_epoch_line_.get_ydata() == [min(losses)]


def test_early_stopping_keeps_the_epoch_that_is_marked(iris):
    fitted = network(early_stopping=True).fit(*iris)
    display = LossCurveDisplay.from_estimator(fitted)
    assert display.best_epoch == np.argmax(fitted.validation_scores_) + 1


def test_pipelines_and_several_estimators_in_one_picture(iris):
    slow = network(learning_rate_init=0.01).fit(*iris)
    quick = make_pipeline(StandardScaler(), network()).fit(*iris)
    first = LossCurveDisplay.from_estimator(slow, name="slow")
    second = LossCurveDisplay.from_estimator(quick, name="quick", ax=first.ax_)
    assert second.ax_ is first.ax_
    assert first.line_.get_color() != second.line_.get_color()
    labels = [text.get_text() for text in first.ax_.get_legend().get_texts()]
    assert "slow, training cost" in labels and "quick, training cost" in labels


def test_plot_again_elsewhere_and_in_ones_own_style():
    display = LossCurveDisplay([3.0, 2.0, 1.0], name="a")
    _, ax = plt.subplots()
    assert display.plot(ax=ax, color="green", name="b") is display
    assert display.ax_ is ax and display.line_.get_color() == "green"
    assert display.line_.get_label() == "b, training cost"
    assert display.best_epoch_line_ is None


def test_what_has_no_curve_is_refused(iris):
    with pytest.raises(NotFittedError):
        LossCurveDisplay.from_estimator(network())
    with pytest.raises(
        ValueError, match="LogisticRegression has no attribute loss_cur"
    ):
        LossCurveDisplay.from_estimator(LogisticRegression().fit(*iris))


def test_missing_matplotlib_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"sklearn-mlp-edu\[plot\]"):
        LossCurveDisplay([1.0]).plot()
