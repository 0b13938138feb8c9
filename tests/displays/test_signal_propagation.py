"""`SignalPropagationDisplay`."""

import matplotlib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    SignalPropagationDisplay,
    trace_step,
)

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def noise():
    rng = np.random.default_rng(0)
    return rng.normal(size=(100, 50)), np.arange(100) % 2


def deep(**parameters):
    settings = {"activation": "tanh", "random_state": 0, **parameters}
    return LectureMLPClassifier((50,) * 6, **settings)


def test_variances_are_those_of_a_step(noise):
    display = SignalPropagationDisplay.from_estimator(deep(), *noise, inits=["he"])
    trace = trace_step(deep(init="he"), *noise)
    forward, backward = display.activations["he"], display.gradients["he"]
    assert forward.shape == backward.shape == (7,)
    assert_allclose(forward[3], np.var(trace["a[3]"]))
    assert_allclose(backward[0], np.var(trace["dz[1]"]))


def test_xavier_keeps_what_small_values_lose(noise):
    """L7: Var a[l] = n[l-1] Var W Var a[l-1]."""
    network = deep(activation="identity")
    display = SignalPropagationDisplay.from_estimator(network, *noise)
    for variances in (display.activations, display.gradients):
        ratio = variances["xavier"][-2] / variances["xavier"][1]
        assert 0.3 < ratio < 3
    forward = display.activations["small_normal"]
    assert_allclose(forward[1:] / forward[:-1], 50 * 0.01**2, rtol=0.35)


def test_two_panels_with_a_line_for_each_scheme(noise):
    display = SignalPropagationDisplay.from_estimator(
        deep(), *noise, inits=("xavier", "he"), linewidth=3
    )
    activations, gradients = display.axes_
    assert [line.get_label() for line in activations.get_lines()] == ["xavier", "he"]
    assert len(display.lines_) == 4 and display.lines_[0].get_linewidth() == 3
    assert_array_equal(activations.get_lines()[0].get_xdata(), np.arange(7))
    assert_array_equal(gradients.get_lines()[0].get_xdata(), np.arange(1, 8))
    assert activations.get_yscale() == gradients.get_yscale() == "log"
    assert display.figure_ is activations.figure


def test_axes_of_ones_own(noise):
    _, axes = plt.subplots(2, 1)
    display = SignalPropagationDisplay.from_estimator(deep(), *noise, axes=axes)
    assert display.axes_[1] is axes[1]
    with pytest.raises(ValueError, match="axes must be two matplotlib Axes, got 1"):
        display.plot(axes=plt.subplots()[1])


def test_functions_and_zeros(noise):
    def tiny(fan_in, fan_out, rng):
        return np.full((fan_in, fan_out), 1e-3)

    display = SignalPropagationDisplay.from_estimator(
        deep(), *noise, inits=[tiny, "zeros"]
    )
    assert list(display.activations) == ["tiny", "zeros"]
    assert_array_equal(display.activations["zeros"][1:], 0)
    assert np.isnan(display.lines_[1].get_ydata()[1:]).all()


def test_fitted_estimators_and_dropout_make_no_difference(noise):
    network = deep(dropout=0.5).partial_fit(*noise, classes=[0, 1])
    fitted = SignalPropagationDisplay.from_estimator(network, *noise, inits=["he"])
    plain = SignalPropagationDisplay.from_estimator(deep(), *noise, inits=["he"])
    assert_array_equal(fitted.activations["he"], plain.activations["he"])


@pytest.mark.parametrize("inits", ["he", (), []])
def test_inits_that_are_none(noise, inits):
    with pytest.raises(ValueError, match="inits must be a sequence"):
        SignalPropagationDisplay.from_estimator(deep(), *noise, inits=inits)


def test_other_estimators(noise):
    from sklearn.neural_network import MLPClassifier

    with pytest.raises((TypeError, ValueError)):
        SignalPropagationDisplay.from_estimator(MLPClassifier(), *noise)
