"""Backpropagation against central differences, for every activation and loss."""

import numpy as np
import pytest

from sklearn_mlp_edu._arithmetic import carry_out, multiply
from sklearn_mlp_edu._lecture import (
    ACTIVATIONS,
    Network,
    Parameters,
    Room,
    add_l2_gradient,
    backward,
    count,
    empty_output,
    forward,
)

from ..reference import (
    ACTIVATION_NAMES,
    HIDDEN,
    LOSSES,
    N_FEATURES,
    N_OUTPUTS,
    N_ROWS,
    WEIGHT,
    examples,
)


def cost_and_gradient(network, theta, X, Y, weight, alpha):
    """J_L2 and its gradient, from one forward and one backward pass."""
    sizes = network.layer_sizes
    parameters = Parameters(sizes, theta)
    grad = Parameters(sizes, np.empty_like(theta))
    room = Room(sizes, len(X), (), theta.dtype)
    logits, total = empty_output(Y.shape, theta.dtype), np.empty((len(X), 1))
    cache = room.bind(X, logits, total)
    carry_out(forward(network, parameters.W, parameters.b, cache))
    J = np.sum(network.loss.loss(logits, Y) * weight[:, 0])
    carry_out(backward(network, parameters.W, cache, Y, weight, grad))
    weights = parameters.weights
    carry_out(add_l2_gradient(weights, alpha, grad.weights))
    return J + alpha / 2 * np.sum(parameters.weights**2), grad.theta


def gradient_error(activation, kind, weighted, alpha, h=1e-5):
    """‖backprop − central differences‖ / ‖central differences‖, per layer the worst."""
    sizes = (N_FEATURES, *HIDDEN, N_OUTPUTS[kind])
    network = Network(sizes, ACTIVATIONS[activation], LOSSES[kind])
    X, y = examples(kind)
    Y = np.empty((N_ROWS, N_OUTPUTS[kind]))
    network.loss.targets(y, out=Y)
    weight = WEIGHT if weighted else np.ones(N_ROWS)
    weight = (weight / weight.mean() / N_ROWS)[:, np.newaxis]
    theta = np.random.RandomState(1).normal(scale=0.5, size=count(sizes))
    numeric = np.empty_like(theta)
    for p in range(theta.size):
        step = np.zeros_like(theta)
        step[p] = h
        rise = [
            cost_and_gradient(network, theta + s, X, Y, weight, alpha)[0]
            for s in (step, -step)
        ]
        numeric[p] = (rise[0] - rise[1]) / (2 * h)
    _, analytic = cost_and_gradient(network, theta, X, Y, weight, alpha)
    one, other = Parameters(sizes, analytic), Parameters(sizes, numeric)
    return max(
        np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
        for ours, theirs in zip(
            one.W[1:] + one.b[1:], other.W[1:] + other.b[1:], strict=True
        )
    )


@pytest.mark.parametrize("alpha", [0, 0.1])
@pytest.mark.parametrize("weighted", [False, True], ids=["equal", "weighted"])
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_gradient_agrees_with_central_differences(activation, kind, weighted, alpha):
    """(3.21), (3.27), (3.30), (3.37), in every layer."""
    assert gradient_error(activation, kind, weighted, alpha) < 1e-6


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_a_wrong_derivative_fails_the_gradient_check(activation, monkeypatch):
    """The check notices a g′ that is a thousandth too large."""
    g_prime = ACTIVATIONS[activation].derivative

    def broken(Z, A, out):
        return np.multiply(g_prime(Z, A, out), 1.001, out=out)

    broken_pair = ACTIVATIONS[activation]._replace(derivative=broken)
    monkeypatch.setitem(ACTIVATIONS, activation, broken_pair)
    assert gradient_error(activation, "binary", False, 0.1) > 1e-4


@pytest.mark.parametrize("kind", LOSSES)
def test_a_wrong_output_error_fails_the_gradient_check(kind, monkeypatch):
    """The check notices an a[L] − y that is a thousandth too large."""
    loss = type(LOSSES[kind])
    delta = loss.delta

    def broken(self, Z, Y, out, total):
        yield from delta(self, Z, Y, out, total)
        yield "broken", multiply(out, 1.001, out=out)

    monkeypatch.setattr(loss, "delta", broken)
    assert gradient_error("tanh", kind, False, 0) > 1e-4
