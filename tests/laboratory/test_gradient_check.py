"""`check_gradient` finds a right gradient right and a wrong one wrong."""

import pickle

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor, check_gradient
from sklearn_mlp_edu._arithmetic import multiply
from sklearn_mlp_edu._lecture import ACTIVATIONS, BinaryLogLoss
from sklearn_mlp_edu._training import lbfgs

from ..reference import ACTIVATION_NAMES, LOSSES, WEIGHT, examples


def network(**parameters):
    settings = {"activation": "tanh", "random_state": 0, **parameters}
    return LectureMLPClassifier(**{"hidden_layer_sizes": (4, 3), **settings})


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_every_loss_and_activation_with_decay(activation, kind, weighted):
    X, y = examples(kind)
    weight = WEIGHT if weighted else None
    check = check_gradient(network(activation=activation, alpha=0.1), X, y, weight)
    assert check.passed and check.error < 1e-6
    names = [row.name for row in check.rows]
    assert names == ["W[1]", "b[1]", "W[2]", "b[2]", "W[3]", "b[3]"]
    for row in check.rows:
        assert row.agrees and row.n_checked + row.n_kinks > 0
        np.testing.assert_allclose(row.backpropagation, row.differences, rtol=1e-5)


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_fitted_networks_of_every_solver(iris, solver):
    fitted = network(solver=solver, tol=1e-2).fit(*iris)
    before = pickle.dumps(fitted)
    assert check_gradient(fitted, *iris).passed
    assert pickle.dumps(fitted) == before


def test_float32_is_checked_in_double_precision(iris):
    X, y = iris
    assert check_gradient(network(), X.astype(np.float32), y).error < 1e-6


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_a_wrong_derivative_is_caught(iris, activation, monkeypatch):
    """A g′ that is a thousandth too large: in the layers before it, and there only."""
    g_prime = ACTIVATIONS[activation].derivative

    def broken(Z, A, out):
        return np.multiply(g_prime(Z, A, out), 1.001, out=out)

    pair = ACTIVATIONS[activation]._replace(derivative=broken)
    monkeypatch.setitem(ACTIVATIONS, activation, pair)
    wide = network(activation=activation, hidden_layer_sizes=(20, 10))
    check = check_gradient(wide, *iris)
    assert not check.passed
    wrong = [row.name for row in check.rows if not row.agrees]
    assert wrong == ["W[1]", "b[1]", "W[2]", "b[2]"]
    assert "They disagree in W[1], b[1], W[2], b[2]." in str(check)
    assert "failed" in repr(check)


def test_a_wrong_output_error_is_caught(monkeypatch):
    delta = BinaryLogLoss.delta

    def broken(self, Z, Y, out, total):
        yield from delta(self, Z, Y, out, total)
        yield "broken", multiply(out, 1.001, out=out)

    monkeypatch.setattr(BinaryLogLoss, "delta", broken)
    check = check_gradient(network(), *examples("binary"))
    assert not any(row.agrees for row in check.rows)


def test_a_wrong_backward_pass_is_caught(iris, monkeypatch):
    """The gradient of the weights forgets the last layer's."""
    backward = lbfgs.backward

    def broken(network, W, cache, Y, weight, grad):
        yield from backward(network, W, cache, Y, weight, grad)
        yield "broken", multiply(grad.W[-1], 0, out=grad.W[-1])

    monkeypatch.setattr(lbfgs, "backward", broken)
    check = check_gradient(network(alpha=0.0), *iris)
    assert [row.name for row in check.rows if not row.agrees] == ["W[3]"]


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_kinks_are_left_out_and_counted(activation):
    """Inputs of 0 and biases of 0: every unit of the first layer sits on its kink."""
    X, y = np.zeros((6, 3)), np.arange(6) % 2
    check = check_gradient(network(activation=activation), X, y)
    of = {row.name: row for row in check.rows}
    assert (of["b[1]"].n_checked, of["b[1]"].n_kinks) == (0, 4)
    assert of["W[1]"].n_kinks == 0  # it multiplies zeros
    assert check.passed
    assert "4 at a kink" in str(check)


def test_smooth_functions_have_no_kinks():
    X, y = np.zeros((6, 3)), np.arange(6) % 2
    check = check_gradient(network(activation="tanh"), X, y)
    assert check.passed and not any(row.n_kinks for row in check.rows)


@pytest.mark.parametrize(
    "loss", ["squared_error", "absolute_error", "huber", "poisson"]
)
def test_losses_of_numbers_and_their_kinks(loss):
    """Where predictions are right to the letter, the absolute error has a kink."""
    X = np.random.default_rng(0).normal(size=(8, 3))
    y = np.array([1.0, 3, 2, 2, 2, 2, 4, 0]) if loss != "poisson" else np.arange(8.0)
    network = LectureMLPRegressor(4, loss=loss, activation="tanh", random_state=0)
    smooth = check_gradient(network, X, y)
    assert smooth.passed and not any(row.n_kinks for row in smooth.rows)
    right = LectureMLPRegressor((), loss=loss, init="zeros", random_state=0)
    check = check_gradient(right, X, y)
    n_kinks = [row.n_kinks for row in check.rows]
    assert check.passed and n_kinks == ([3, 1] if loss == "absolute_error" else [0, 0])


def test_large_arrays_are_sampled():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 60)), np.arange(8) % 2
    check = check_gradient(LectureMLPClassifier(10, random_state=0), X, y)
    assert [row.n_checked + row.n_kinks for row in check.rows] == [200, 10, 10, 1]
    other = check_gradient(
        LectureMLPClassifier(10, random_state=0), X, y, random_state=1
    )
    assert check.rows[0] != other.rows[0] and check.rows[1] == other.rows[1]


def test_both_numbers_are_printed(iris):
    check = check_gradient(network(), *iris)
    header, first, *_, last = str(check).splitlines()
    assert header.split() == [
        "backpropagation",
        "differences",
        "relative",
        "error",
        "checked",
    ]
    name, ours, theirs, _, n_checked = first.split()
    assert (name, n_checked) == ("W[1]", "16")
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5) and float(ours) > 0
    assert last == "They agree."
    assert "passed" in repr(check)


def test_who_cannot_be_checked(iris):
    with pytest.raises(TypeError, match="network of this package"):
        check_gradient(LogisticRegression(), *iris)
    with pytest.raises(ValueError):
        check_gradient(network(), iris[0], iris[1][:-1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_standardised_inputs(dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(50, [1, 20, 300], size=(40, 3)).astype(dtype)
    check = check_gradient(network(standardize=True), X, np.arange(40) % 2)
    assert check.passed and check.error < 1e-5
