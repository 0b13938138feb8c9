"""The task, the forward pass, the loss and its gradient (L1–L3, L9–L12)."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import log_loss

from sklearn_mlp_edu._arithmetic import carry_out
from sklearn_mlp_edu._data import make_ball_images
from sklearn_mlp_edu._lecture import (
    ACTIVATIONS,
    REGRESSION_LOSSES,
    BinaryLogLoss,
    MultilabelLogLoss,
    SoftmaxLogLoss,
)
from sklearn_mlp_edu._lecture.activations import Activation

from ..lecture_notation import (
    descent,
    given_weights,
    gradient_by_one_step,
    initial_parameters,
    lecture_forward,
    lecture_parameters,
    sigma,
)


def test_L1_a_colour_picture_is_12288_features_and_one_answer():
    """L1: 64 × 64 × 3 values in a row; a ball or none."""
    X, y = make_ball_images(8, random_state=0)
    assert X.shape == (8, 64 * 64 * 3) == (8, 12288)
    assert set(y) == {0, 1}
    model = descent(learning_rate_init=0.001).fit(X, y)
    assert model.predict_proba(X).shape == (8, 2)
    assert model.n_outputs_ == 1


def test_L2_forward_pass_is_the_six_equations(data):
    """L2: (3.1)–(3.6), with biases that have moved away from 0."""
    X, y = data
    model = descent(max_iter=20).fit(X, y)
    W, b = lecture_parameters(model)
    assert all(np.all(layer != 0) for layer in b)
    *_, a3 = lecture_forward(W, b, X.T)
    assert_allclose(model.predict_proba(X)[:, 1], a3[0], rtol=1e-12)
    assert_array_equal(model.predict(X), a3[0] > 0.5)


@pytest.mark.parametrize("d", [1, 5, 30])
def test_L3_shapes_and_number_of_parameters(d):
    """L3: (3.7), (3.8): 3d+3, 2·3+2 and 2+1, together 3d+14."""
    model = descent().fit(np.eye(6, d), [0, 1] * 3)
    W, b = lecture_parameters(model)
    assert [layer.shape for layer in W] == [(3, d), (2, 3), (1, 2)]
    assert [layer.shape for layer in b] == [(3, 1), (2, 1), (1, 1)]
    sizes = [u.size + v.size for u, v in zip(W, b, strict=True)]
    assert sizes == [3 * d + 3, 2 * 3 + 2, 2 + 1]
    assert model.n_parameters_ == sum(sizes) == 3 * d + 14


def test_L9_cost_at_the_start_is_the_mean_log_loss(data):
    """L9, §3.1: −[(1−y) log(1−ŷ) + y log ŷ], averaged."""
    X, y = data
    *_, a3 = lecture_forward(*initial_parameters(4), X.T)
    losses = -((1 - y) * np.log(1 - a3) + y * np.log(a3))
    model = descent().fit(X, y)
    assert_allclose(model.loss_curve_[0], losses.mean(), rtol=1e-12)
    assert_allclose(model.loss_curve_[0], log_loss(y, a3[0]), rtol=1e-12)


LOSSES = {
    "binary": (BinaryLogLoss(), 1),
    "softmax": (SoftmaxLogLoss(), 3),
    "multilabel": (MultilabelLogLoss(), 3),
}


def one_hot_or_all(name, n_outputs):
    """Every target that the loss can be asked about."""
    if name == "softmax":
        return np.eye(n_outputs)
    return np.array(list(product([0, 1], repeat=n_outputs)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LOSSES)
def test_L9_loss_is_finite_for_every_finite_logit(name, dtype):
    """L9, §3.1: and so are its derivative and the (log-)probabilities."""
    loss, n_outputs = LOSSES[name]
    largest = np.finfo(dtype).max
    values = [0, 1e4, -1e4, largest, -largest, np.finfo(dtype).tiny]
    Z = np.array(list(product(values, repeat=n_outputs)), dtype)
    for target in one_hot_or_all(name, n_outputs):
        Y = np.tile(target.astype(dtype), (len(Z), 1))
        losses = loss.loss(Z, Y)
        assert losses.dtype == dtype
        assert np.isfinite(losses).all() and (losses >= 0).all()
        with np.errstate(over="ignore"):  # as in training
            out, total = np.empty_like(Z), np.empty((len(Z), 1), dtype)
            carry_out(loss.delta(Z.copy(), Y, out, total))
        assert np.isfinite(out).all()
    assert np.isfinite(loss.log_probabilities(Z)).all()
    probabilities = loss.probabilities(Z)
    assert np.isfinite(probabilities).all()
    if name != "multilabel":
        assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_L9_loss_is_the_formula_on_probabilities(name):
    """L9, §3.1, and decision 5: softmax cross entropy, or a sum over labels."""
    loss, n_outputs = LOSSES[name]
    Z = np.random.RandomState(0).normal(scale=3, size=(20, n_outputs))
    for target in one_hot_or_all(name, n_outputs):
        if name == "softmax":
            p = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
            expected = -np.log(p[:, target == 1])[:, 0]
        else:
            p = sigma(Z)
            expected = -np.log(np.where(target, p, 1 - p)).sum(axis=1)
        assert_allclose(loss.loss(Z, np.tile(target, (20, 1))), expected, rtol=1e-10)


@pytest.mark.parametrize("name", [*LOSSES, *REGRESSION_LOSSES])
def test_losses_carry_leading_axes_along(name):
    """As for stacked networks; two times five examples, so that no axis is another."""
    loss, n_outputs = LOSSES.get(name) or (REGRESSION_LOSSES[name], 3)
    rng = np.random.RandomState(0)
    Z = rng.normal(size=(2, 5, n_outputs))
    Y = rng.randint(2, size=Z.shape).astype(float)
    assert_array_equal(
        loss.loss(Z, Y), [loss.loss(z, y) for z, y in zip(Z, Y, strict=True)]
    )
    if name == "softmax":
        assert_array_equal(loss.probabilities(Z), [loss.probabilities(z) for z in Z])
        many = [loss.log_probabilities(z) for z in Z]
        assert_array_equal(loss.log_probabilities(Z), many)


@pytest.mark.parametrize("n_labels", [None, 2])
def test_an_even_chance_is_not_said_to_be_a_yes(n_labels):
    """ŷ = 1/2 to the letter, z = 0: the first class, or no label."""
    X = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    y = np.array([0, 0, 1, 1])
    if n_labels is not None:
        y = np.tile(y[:, np.newaxis], n_labels)
    network = descent(activation="tanh", init="zeros").fit(X, y)
    assert (network.predict_proba(X) == 0.5).all()
    assert not network.predict(X).any()


@pytest.mark.parametrize("row", range(3))
def test_L10_gradient_of_the_last_layer(data, row):
    """L10, (3.14)–(3.21): (a[3] − y) a[2]ᵀ for one example."""
    X, y = data[0][row : row + 3], data[1][row : row + 3]
    x, only = X[:1].T, [1, 0, 0]  # weights pick one example, of both classes known
    _, a2, a3 = lecture_forward(*initial_parameters(4), x)
    model = descent(learning_rate_init=1).fit(X, y, sample_weight=only)
    dW3 = given_weights(2, 1, None).T - model.coefs_[2].T
    assert_allclose(dW3, (a3 - y[0]) @ a2.T, rtol=1e-10, atol=1e-15)
    assert_allclose(-model.intercepts_[2], (a3 - y[0])[0], rtol=1e-10)


@pytest.mark.parametrize("row", range(3))
def test_L11_gradient_of_an_inner_layer(data, row):
    """L11, (3.22)–(3.30): W[3]ᵀ ∘ g′(z[2]) (a[3] − y) a[1]ᵀ for one example."""
    X, y = data[0][row : row + 3], data[1][row : row + 3]
    W, b = initial_parameters(4)
    a1, a2, a3 = lecture_forward(W, b, X[:1].T)
    model = descent(learning_rate_init=1).fit(X, y, sample_weight=[1, 0, 0])
    expected = W[2].T * (a2 * (1 - a2)) @ (a3 - y[0]) @ a1.T  # (3.30)
    assert_allclose(W[1] - model.coefs_[1].T, expected, rtol=1e-10, atol=1e-15)


def test_L11_gradient_agrees_with_finite_differences(data):
    """L11: ∂J/∂W[l] of every layer, by (J(W + h) − J(W − h)) / 2h."""
    X, y = data

    def cost_with(layer, i, j, h):
        def init(fan_in, fan_out, rng):
            W = given_weights(fan_in, fan_out, rng)
            if (fan_in, fan_out) == shapes[layer]:
                W[i, j] += h
            return W

        return descent(init=init).fit(X, y).loss_curve_[0]

    shapes, h = [(4, 3), (3, 2), (2, 1)], 1e-5
    dW, _ = gradient_by_one_step(X, y)
    for layer, shape in enumerate(shapes):
        numeric = np.empty(shape)
        for i, j in np.ndindex(shape):
            rise = cost_with(layer, i, j, h) - cost_with(layer, i, j, -h)
            numeric[i, j] = rise / (2 * h)
        error = np.linalg.norm(dW[layer].T - numeric) / np.linalg.norm(numeric)
        assert error < 1e-6


def test_L12_each_layer_is_multiplied_once_a_step(data, monkeypatch):
    """L12, §3.2: the backward pass reads A and Z and computes neither again."""
    shapes = Counter()

    def spy(multiply):
        def counting(A, B, out):
            shapes[A.shape + B.shape[1:]] += 1  # (m, n[l-1], n[l]) when forward
            return multiply(A, B, out)

        return counting

    monkeypatch.setattr(np, "dot", spy(np.dot))
    monkeypatch.setattr(np, "matmul", spy(np.matmul))
    descent(max_iter=7).fit(*data)
    forward = [shapes[12, 4, 3], shapes[12, 3, 2], shapes[12, 2, 1]]
    assert forward == [7, 7, 7]
    errors = [shapes[12, 1, 2], shapes[12, 2, 3]]  # delta[l] W[l]ᵀ, none for x
    assert errors == [7, 7]


def test_L12_backward_gets_the_values_of_the_forward_pass(data, monkeypatch):
    """L12, §3.2: g runs once a hidden layer, and g′ is handed its Z and A."""
    computed, used = [], []
    g, g_prime, _ = ACTIVATIONS["sigmoid"]

    def spy(Z, out):
        computed.append((Z.copy(), g(Z, out).copy()))
        return out

    def spy_prime(Z, A, out):
        used.append((Z.copy(), A.copy()))
        return g_prime(Z, A, out)

    monkeypatch.setitem(ACTIVATIONS, "sigmoid", Activation(spy, spy_prime))
    descent().fit(*data)
    assert len(computed) == len(used) == 2
    for forward, backward in zip(computed, reversed(used), strict=True):
        assert_array_equal(forward, backward)
