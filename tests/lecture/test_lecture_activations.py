"""Activations, why they are not linear, and normalised inputs (L16–L18)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_wine
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu._lecture import ACTIVATIONS
from sklearn_mlp_edu._lecture.activations import LEAKY_SLOPE

from ..lecture_notation import (
    assert_parameters,
    descent,
    lecture_parameters,
    sigma,
)


def values(activation, Z):
    """g(Z) and g′(Z)."""
    g, g_prime, _ = ACTIVATIONS[activation]
    A = g(Z, np.empty_like(Z))
    return A, g_prime(Z, A, np.empty_like(Z))


FORMULAS = {
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigma, lambda z: sigma(z) * (1 - sigma(z))),
    "tanh": (lambda z: 2 * sigma(2 * z) - 1, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.where(z < 0, 0, z), lambda z: np.where(z < 0, 0.0, 1.0)),
    "leaky_relu": (
        lambda z: np.where(z < 0, 0.01 * z, z),
        lambda z: np.where(z < 0, 0.01, 1.0),
    ),
}


@pytest.mark.parametrize("activation", FORMULAS)
def test_L16_activation_and_derivative_are_the_formulas(activation):
    """L16, "improving", 1: by formulas written another way, the value at 0 too."""
    Z = np.linspace(-10, 10, 401).reshape(1, -1)
    assert 0 in Z
    g, g_prime = FORMULAS[activation]
    A, slope = values(activation, Z)
    assert_allclose(A, g(Z), rtol=1e-9, atol=1e-14)
    assert_allclose(slope, g_prime(Z), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("activation", FORMULAS)
def test_L16_an_activation_may_take_the_place_of_z(activation):
    Z = np.linspace(-3, 3, 13)
    g = ACTIVATIONS[activation].function
    elsewhere, before = np.full_like(Z, np.nan), Z.copy()
    assert g(Z, elsewhere) is elsewhere
    assert_array_equal(Z, before)
    assert g(Z, Z) is Z
    assert_array_equal(Z, elsewhere)


@pytest.mark.parametrize("activation", FORMULAS)
def test_L16_derivative_agrees_with_finite_differences(activation):
    """L16: away from the kink."""
    h, Z = 1e-6, np.linspace(-4, 4, 80).reshape(1, -1)
    assert abs(Z).min() > 10 * h
    rise = values(activation, Z + h)[0] - values(activation, Z - h)[0]
    assert_allclose(values(activation, Z)[1], rise / (2 * h), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "activation, slope",
    [("identity", 1), ("sigmoid", 0.25), ("tanh", 1), ("relu", 1), ("leaky_relu", 1)],
)
def test_L16_derivative_at_zero(activation, slope):
    """L16 and decision 8: the kink belongs to the right, −0.0 included."""
    assert_array_equal(values(activation, np.array([[0.0, -0.0]]))[1], [[slope] * 2])


@pytest.mark.parametrize(
    "activation, lowest, highest",
    [
        ("identity", -1e5, 1e5),
        ("sigmoid", 0, 1),
        ("tanh", -1, 1),
        ("relu", 0, 1e5),
        ("leaky_relu", -1e5 * LEAKY_SLOPE, 1e5),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_L16_range(activation, lowest, highest, dtype):
    """L16: the output range, without a warning at large |z|."""
    A, slope = values(activation, np.linspace(-1e5, 1e5, 1001, dtype=dtype)[None])
    assert A.dtype == slope.dtype == dtype
    assert_allclose([A.min(), A.max()], [lowest, highest], rtol=1e-6)


def test_L16_logistic_is_another_name_for_sigmoid(data):
    """L16: scikit-learn's name."""
    one, other = (descent(activation=g).fit(*data) for g in ("sigmoid", "logistic"))
    assert_parameters(one, *lecture_parameters(other))


def test_L17_identity_layers_collapse_into_one(data):
    """L17, "improving", 1: W[1]ᵀ W[2]ᵀ … x plus one bias is the whole network."""
    X, y = data
    params = dict(hidden_layer_sizes=(6, 5, 4), learning_rate_init=0.01)
    model = descent(activation="identity", max_iter=20, **params).fit(X, y)
    W, b = np.eye(4), np.zeros(4)
    for layer, bias in zip(model.coefs_, model.intercepts_, strict=True):
        W, b = W @ layer, b @ layer + bias
    assert W.shape == (4, 1)
    assert_allclose(model.decision_function(X), (X @ W + b)[:, 0], rtol=1e-10)


def test_L17_only_non_linear_units_solve_xor(xor):
    """L17, "improving", 1: depth does not help a linear network."""
    params = dict(hidden_layer_sizes=(8, 8), init="xavier", max_iter=300, momentum=0.9)
    linear = descent(activation="identity", **params).fit(*xor)
    bent = descent(activation="tanh", **params).fit(*xor)
    assert linear.score(*xor) < 0.8
    assert bent.score(*xor) == 1


def test_L18_standard_scaler_is_the_lectures_normalisation():
    """L18, "improving", 2: subtract the mean, divide by the standard deviation."""
    X, y = load_wine(return_X_y=True)
    by_hand = (X - X.mean(axis=0)) / X.std(axis=0)
    pipeline = make_pipeline(StandardScaler(), descent(init="xavier", max_iter=30))
    alone = descent(init="xavier", max_iter=30).fit(by_hand, y)
    assert_allclose(
        pipeline.fit(X, y).predict_proba(X), alone.predict_proba(by_hand), rtol=1e-10
    )


def test_L18_normalised_inputs_learn_more_easily():
    """L18, "improving", 2: after as many steps, and at the better of several rates."""
    X, y = load_wine(return_X_y=True)
    rates = (0.001, 0.01, 0.1, 1.0)

    def lowest_cost(X):
        model = descent(init="xavier", max_iter=50, activation="tanh")
        costs = (
            model.set_params(learning_rate_init=rate).fit(X, y).loss_ for rate in rates
        )
        return min(costs)

    assert lowest_cost(StandardScaler().fit_transform(X)) < 0.5 * lowest_cost(X)
