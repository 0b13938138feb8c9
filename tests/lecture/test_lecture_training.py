"""Descent, momentum, the L2 step, a stream of data (L13–L15, L19, L22, L24)."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import log_loss

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._lecture import ACTIVATIONS
from sklearn_mlp_edu._lecture.activations import Activation

from ..lecture_notation import (
    assert_parameters,
    descent,
    initial_parameters,
    lecture_descent,
    lecture_gradient,
    lecture_parameters,
)


def test_L13_a_step_subtracts_the_rate_times_the_gradient(data):
    """L13, (3.10), (3.11), (3.31): for weights and biases, J a mean."""
    X, y = data
    model = descent(learning_rate_init=0.3, max_iter=4).fit(X, y)
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), [(X, y)] * 4, rate=0.3)
    )


def test_L13_the_cost_is_a_mean_not_a_sum(data):
    """L13: the same examples twice give the same step."""
    X, y = data
    once = descent(max_iter=4).fit(X, y)
    twice = descent(max_iter=4).fit(np.tile(X, (2, 1)), np.tile(y, 2))
    assert_parameters(twice, *lecture_parameters(once))
    assert_allclose(once.loss_curve_, twice.loss_curve_, rtol=1e-12)


BATCHES = {"batch": ("full", [12]), "stochastic": (1, [1] * 12), "mini": (5, [5, 5, 2])}


@pytest.mark.parametrize("kind", BATCHES)
def test_L14_number_of_updates_in_an_epoch(data, kind, monkeypatch):
    """L14, (3.32): 1, n or n/B forward passes, on batches of the sizes expected."""
    batch_size, sizes = BATCHES[kind]
    seen = []
    g, g_prime, _ = ACTIVATIONS["tanh"]

    def spy(Z, out):
        seen.append(Z.shape[-2])
        return g(Z, out)

    monkeypatch.setitem(ACTIVATIONS, "tanh", Activation(spy, g_prime))
    model = descent(hidden_layer_sizes=3, activation="tanh", batch_size=batch_size)
    model.set_params(max_iter=3).fit(*data)
    assert seen == sizes * 3


@pytest.mark.parametrize("kind", BATCHES)
def test_L14_an_epoch_is_one_update_on_each_batch(data, kind):
    """L14, (3.32), decision 6: each batch's mean is over its own size."""
    (X, y), (batch_size, sizes) = data, BATCHES[kind]
    batches = zip(
        np.split(X, np.cumsum(sizes)[:-1]),
        np.split(y, np.cumsum(sizes)[:-1]),
        strict=True,
    )
    model = descent(batch_size=batch_size).fit(X, y)
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), batches, rate=0.5)
    )


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_L15_momentum_averages_gradients(data, beta):
    """L15, (3.33): v ← βv + (1−β)∂J/∂W from v = 0; W ← W − αv."""
    X, y = data
    model = descent(momentum=beta, max_iter=6).fit(X, y)
    expected = lecture_descent(*initial_parameters(4), [(X, y)] * 6, 0.5, beta)
    assert_parameters(model, *expected)


def test_L15_the_first_step_is_one_minus_beta_as_long(data):
    """L15, (3.33): v starts at 0, so the first v is (1−β) times the gradient."""
    W0, _ = initial_parameters(4)
    plain, slow = (
        lecture_parameters(descent(momentum=beta).fit(*data))[0] for beta in (0, 0.9)
    )
    for start, one, other in zip(W0, plain, slow, strict=True):
        assert_allclose(start - other, 0.1 * (start - one), rtol=1e-10, atol=1e-15)


def test_L19_training_loop(data):
    """L19, "improving", 3: pick a batch, forward, backward, update; epoch by epoch."""
    X, y = data
    model = descent(
        batch_size=5, shuffle=True, max_iter=4, momentum=0.9, random_state=3
    ).fit(X, y)
    rng, batches = np.random.RandomState(3), []
    for _ in range(4):
        order = rng.permutation(12)
        batches += [(X[rows], y[rows]) for rows in np.split(order, [5, 10])]
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), batches, 0.5, beta=0.9)
    )


@pytest.mark.parametrize("decay", [0.1, 1.5])
def test_L22_one_step_shrinks_weights_but_no_bias(data, decay):
    """L22, (3.37), (3.38): W ← (1−αλ)W − α∂J/∂W; b ← b − α∂J/∂b."""
    X, y = data
    model = descent(alpha=decay).partial_fit(X, y, classes=[0, 1])
    W, b = lecture_parameters(model)  # after one step the biases are not 0
    assert all(np.all(layer != 0) for layer in b)
    dW, db = lecture_gradient(W, b, X.T, y)
    model.partial_fit(X, y)
    expected_W = [(1 - 0.5 * decay) * w - 0.5 * d for w, d in zip(W, dW, strict=True)]
    expected_b = [w - 0.5 * d for w, d in zip(b, db, strict=True)]
    assert_parameters(model, expected_W, expected_b)


@pytest.mark.parametrize("decay", [0, 0.1, 1.5])
def test_L22_cost_has_the_squared_weights_added(data, decay):
    """L22, (3.34)–(3.36): J + λ/2 Σ_l Σ_ij W_ij², biases left out."""
    X, y = data
    model = descent(alpha=decay).partial_fit(X, y, classes=[0, 1])
    J = log_loss(y, model.predict_proba(X))
    squares = sum(np.sum(W**2) for W in model.coefs_)
    model.partial_fit(X, y)
    assert_allclose(model.loss_curve_[1], J + decay / 2 * squares, rtol=1e-10)


def test_L22_momentum_averages_the_regularised_gradient(data):
    """L22 and decision 1: v ← βv + (1−β)(∂J/∂W + λW)."""
    X, y = data
    model = descent(alpha=0.1, momentum=0.9, max_iter=6).fit(X, y)
    expected = lecture_descent(*initial_parameters(4), [(X, y)] * 6, 0.5, 0.9, 0.1)
    assert_parameters(model, *expected)


def stream(n_chunks, n_rows, seed):
    """Chunks of examples in 50 features; the sum of the first ten decides."""
    rng = np.random.RandomState(seed)
    for _ in range(n_chunks):
        X = rng.normal(size=(n_rows, 50))
        yield X, (X[:, :10].sum(axis=1) > 0).astype(int)


def test_L24_learns_from_a_stream_in_little_memory():
    """L24: ``partial_fit`` needs room for a chunk, however long the stream is."""
    n_chunks, n_rows = 200, 100
    model = LectureMLPClassifier(16, batch_size=20, random_state=0)
    chunk_bytes = n_rows * 50 * 8
    ((X_test, y_test),) = stream(1, 500, seed=1)
    tracemalloc.start()
    try:
        for X, y in stream(n_chunks, n_rows, seed=0):
            model.partial_fit(X, y, classes=[0, 1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * chunk_bytes < n_chunks * chunk_bytes / 10
    assert model.t_ == n_chunks * n_rows
    assert model.score(X_test, y_test) > 0.95


def test_L24_chunks_in_order_are_mini_batches_in_order(data):
    """L24: the stream in pieces, velocity included, is one epoch of ``fit``."""
    X, y = data
    whole = descent(batch_size=4, momentum=0.9).fit(X, y)
    piecewise = descent(batch_size=4, momentum=0.9)
    for rows in np.split(np.arange(12), 3):
        piecewise.partial_fit(X[rows], y[rows], classes=[0, 1])
    assert_parameters(piecewise, *lecture_parameters(whole))
