"""Inverted dropout: Srivastava et al., JMLR 2014, with activations scaled up instead.

In training a hidden unit is left out with probability p, the others count 1/(1−p)-fold.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._arithmetic import carry_out
from sklearn_mlp_edu._lecture import (
    ACTIVATIONS,
    Network,
    Parameters,
    Room,
    SoftmaxLogLoss,
    backward,
    count,
    draw_mask,
    empty_output,
    forward,
)
from sklearn_mlp_edu._lecture.optimizers import SGD
from sklearn_mlp_edu._training import Patience, Training, TrainingSet, descent

NEVER = 1e-300  # a rate at which no unit is ever left out, but masks are drawn
SIZES = (4, 8, 6, 3)


def fixed(**parameters):
    """A network with two hidden layers, for a given number of epochs."""
    defaults = {"max_iter": 6, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    settings = {"hidden_layer_sizes": (8, 6), "batch_size": 32, "standardize": False}
    settings |= {"learning_rate_init": 0.4, **defaults}
    return LectureMLPClassifier(**{**settings, **parameters})


def coefficients(network):
    return np.concatenate([array.ravel() for array in network.coefs_])


@pytest.fixture
def masks(monkeypatch):
    """Every step's masks, a list with one for each hidden layer."""
    seen = []

    def spy(p, rng, mask):
        draw_mask(p, rng, mask)
        if not seen or len(seen[-1]) == 2:  # hidden layers
            seen.append([])
        seen[-1].append(mask.copy())

    monkeypatch.setattr(descent, "draw_mask", spy)
    return seen


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_a_share_p_is_left_out_and_the_rest_scaled_up(p, masks, cancer):
    """In each layer and on average over steps; what is left counts 1/(1−p)-fold."""
    fixed(dropout=p, max_iter=10).fit(*cancer)
    for layer in zip(*masks, strict=True):
        values = np.concatenate([mask.ravel() for mask in layer])
        assert_allclose(np.unique(values), [0, 1 / (1 - p)], rtol=1e-12)
        assert_allclose(np.mean(values == 0), p, atol=0.01)
        assert_allclose(values.mean(), 1, atol=0.1 if p == 0.9 else 0.02)


def test_each_step_each_layer_and_each_example_has_a_mask_of_its_own(masks, cancer):
    """18 mini-batches an epoch, the last one of 25 examples."""
    fixed(dropout=0.5, max_iter=2).fit(*cancer)
    assert [first.shape for first, _ in masks] == ([(32, 8)] * 17 + [(25, 8)]) * 2
    assert [second.shape[1] for _, second in masks] == [6] * 36
    patterns = {step[0][:25].tobytes() for step in masks}
    assert len(patterns) == 36
    first, second = masks[0]
    assert not np.array_equal(first[:, :6], second)
    assert len({row.tobytes() for row in first}) > 25


def test_expected_logits_are_those_without_dropout(iris):
    """Behind linear units the mean over masks is exact: E[mask] = 1."""
    X, sizes = iris[0][:5], (4, 8, 3)
    rng = np.random.default_rng(0)
    parameters = Parameters(sizes, rng.normal(scale=0.3, size=count(sizes)))
    network = Network(sizes, ACTIVATIONS["identity"], SoftmaxLogLoss())

    def logits(dropout):
        room = Room(sizes, 5, (), np.float64, dropout=dropout > 0)
        cache = room.bind(X, np.empty((5, 3)), np.empty((5, 1)))
        if dropout:
            draw_mask(dropout, rng, cache.mask[1])
        carry_out(forward(network, parameters.W, parameters.b, cache))
        return cache.Z[-1].copy()

    mean = np.mean([logits(0.3) for _ in range(10_000)], axis=0)
    assert_allclose(mean, logits(0), atol=0.02)


def test_gradient_agrees_with_central_differences():
    """(3.30) with masks held: ∂L/∂z[l] gets the factor mask[l] too."""
    rng = np.random.default_rng(0)
    network = Network(SIZES, ACTIVATIONS["tanh"], SoftmaxLogLoss())
    X, Y = rng.normal(size=(9, 4)), np.eye(3)[np.arange(9) % 3]
    theta = rng.normal(scale=0.5, size=count(SIZES))
    room = Room(SIZES, 9, (), np.float64, dropout=True)
    cache = room.bind(X, empty_output((9, 3), np.float64), np.empty((9, 1)))
    for mask in cache.mask[1:]:
        draw_mask(0.4, rng, mask)

    def cost(theta):
        parameters = Parameters(SIZES, theta)
        carry_out(forward(network, parameters.W, parameters.b, cache))
        return network.loss.loss(cache.Z[-1], Y).mean()

    steps = 1e-5 * np.eye(theta.size)
    numeric = [(cost(theta + h) - cost(theta - h)) / 2e-5 for h in steps]
    cost(theta)
    grad = Parameters(SIZES, np.empty_like(theta))
    W = Parameters(SIZES, theta).W
    carry_out(backward(network, W, cache, Y, np.full((9, 1), 1 / 9), grad))
    assert np.linalg.norm(grad.theta - numeric) < 1e-6 * np.linalg.norm(numeric)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
@pytest.mark.parametrize("batch_size", [32, "full"])
def test_drawing_masks_shifts_no_other_draw(solver, batch_size, cancer):
    """A rate too small to leave anything out: same weights, same order, same path."""
    settings = {"solver": solver, "batch_size": batch_size, "learning_rate_init": 0.01}
    without = fixed(**settings).fit(*cancer)
    never = fixed(**settings, dropout=NEVER).fit(*cancer)
    assert_array_equal(coefficients(never), coefficients(without))
    assert never.loss_curve_ == without.loss_curve_


def test_first_weights_are_those_without_dropout(cancer):
    settings = {"learning_rate_init": 1e-300, "max_iter": 1}
    without = fixed(**settings).fit(*cancer)
    with_it = fixed(**settings, dropout=0.5).fit(*cancer)
    assert_array_equal(coefficients(with_it), coefficients(without))


def test_seed_decides_the_masks(masks, iris):
    for seed in (0, 0, 1):
        fixed(dropout=0.5, max_iter=1, batch_size="full", random_state=seed).fit(*iris)
    one, same, other = (step[0] for step in masks)
    assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_predictions_leave_nothing_out_and_repeat(masks, iris):
    X, y = iris
    network = fixed(dropout=0.5).fit(X, y)
    n_steps = len(masks)
    first, second = network.predict_proba(X), network.predict_proba(X)
    assert_array_equal(first, second)
    assert len(masks) == n_steps
    A = X
    for W, b in zip(network.coefs_[:-1], network.intercepts_[:-1], strict=True):
        A = np.maximum(A @ W + b, 0)
    logits = A @ network.coefs_[-1] + network.intercepts_[-1]
    assert_allclose(network.decision_function(X), logits, rtol=1e-10)


def test_predictions_between_steps_shift_no_mask(iris):
    X, y = iris
    silent, asked = (fixed(dropout=0.5) for _ in range(2))
    for _ in range(3):
        silent.partial_fit(X, y, classes=[0, 1, 2])
        asked.partial_fit(X, y, classes=[0, 1, 2]).predict_proba(X)
    assert_array_equal(coefficients(silent), coefficients(asked))


def test_validation_leaves_nothing_out(iris):
    X, y = iris
    network = fixed(dropout=0.5).fit(X, y, X_val=X, y_val=y)
    assert network.validation_scores_[-1] == network.score(X, y)
    loss = -network.predict_log_proba(X)[np.arange(150), y].mean()
    assert_allclose(network.validation_loss_curve_[-1], loss, rtol=1e-12)


def test_sparse_and_single_precision_get_the_masks_they_need(iris):
    X, y = iris
    dense = fixed(dropout=0.3).fit(X, y)
    sparse = fixed(dropout=0.3).fit(csr_array(X), y)
    assert_allclose(coefficients(sparse), coefficients(dense), rtol=1e-9, atol=1e-12)
    single = fixed(dropout=0.3).fit(X.astype(np.float32), y)
    assert coefficients(single).dtype == np.float32


def train_stack(alpha, data):
    """Outcomes of networks that differ in alpha, on one dropout stream."""
    theta = np.random.default_rng(1).normal(scale=0.5, size=count(SIZES))
    if np.ndim(alpha):
        theta = np.tile(theta, (len(alpha), 1))
    training = Training(
        Network(SIZES, ACTIVATIONS["relu"], SoftmaxLogLoss()),
        theta,
        TrainingSet(*data, None),
        SGD(theta, learning_rate=0.3, momentum=0.5),
        alpha=alpha,
        batch_size=40,
        rng=np.random.RandomState(0),
        dropout=0.4,
        dropout_rng=np.random.default_rng(2),
    )
    training.run(5, Patience(0, np.inf, np.size(alpha)))
    return training.outcomes


def test_networks_of_a_stack_share_their_masks(iris):
    """So that each is trained as it would be alone."""
    alphas = [0.0, 0.01, 0.1]
    together = train_stack(np.array(alphas), iris)
    for alpha, outcome in zip(alphas, together, strict=True):
        (alone,) = train_stack(alpha, iris)
        assert_allclose(outcome.theta, alone.theta, rtol=1e-9, atol=1e-12)


def test_dropout_keeps_a_network_from_learning_noise_by_heart():
    """Labels by chance: without dropout all are learned, with it they are not."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(100, 20)), rng.integers(0, 2, 100)
    settings = {
        "hidden_layer_sizes": (100,),
        "max_iter": 100,
        "alpha": 0,
        "learning_rate_init": 0.2,
    }
    free = fixed(**settings).fit(X, y)
    held = fixed(**settings, dropout=0.9).fit(X, y)
    assert free.score(X, y) == 1 and held.score(X, y) < 0.95
