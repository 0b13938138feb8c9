"""Activation functions g, each beside its derivative g′ (lecture item L16).

Every function writes into ``out``, an array of the shape of ``Z``, and returns it, so
that a training step allocates nothing. ``out`` may be ``Z`` itself for g. A derivative
gets the linear variable ``Z`` and the activation ``A = g(Z)``, both kept from the
forward pass, and uses whichever is cheaper.

To add an activation: write the pair, add one line to `ACTIVATIONS`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LEAKY_SLOPE = 0.01

# Exact in every float type; as arrays they spare NumPy a conversion at every call.
ZERO, HALF, ONE = (np.full((), value, np.float32) for value in (0, 0.5, 1))


class Activation(NamedTuple):
    """An activation function and its derivative."""

    function: Callable  # g(Z, out) -> A
    derivative: Callable  # g′(Z, A, out) -> dA/dZ
    has_kink: bool = False  # at z = 0, where there is no derivative


def identity(Z, out):
    """g(z) = z, range (-∞, ∞): with it, layers collapse into one (L17)."""
    np.copyto(out, Z)
    return out


def identity_derivative(Z, A, out):
    """g′(z) = 1."""
    out.fill(1)
    return out


def sigmoid(Z, out):
    """σ(z) = 1 / (1 + e⁻ᶻ), range (0, 1).

    Computed as (1 + tanh(z/2)) / 2, the same function: tanh never overflows, and
    NumPy vectorises it.
    """
    np.multiply(Z, HALF, out)
    np.tanh(out, out)
    np.multiply(out, HALF, out)
    return np.add(out, HALF, out)


def sigmoid_derivative(Z, A, out):
    """σ′(z) = σ(z) (1 − σ(z))."""
    np.subtract(ONE, A, out)
    return np.multiply(out, A, out)


def tanh(Z, out):
    """g(z) = tanh(z), range (-1, 1)."""
    return np.tanh(Z, out)


def tanh_derivative(Z, A, out):
    """tanh′(z) = 1 − tanh²(z)."""
    np.multiply(A, A, out)
    return np.subtract(ONE, out, out)


def relu(Z, out):
    """g(z) = max(z, 0), range [0, ∞)."""
    if out is Z:
        return np.maximum(Z, ZERO, out=out)
    out.fill(0)  # NumPy is three times faster with an array than with a number
    return np.maximum(Z, out, out=out)


def relu_derivative(Z, A, out):
    """g′(z) = 0 for z < 0 and 1 for z ≥ 0: the kink belongs to the right."""
    return np.greater_equal(Z, ZERO, out)


def leaky_relu(Z, out):
    """g(z) = max(z, 0.01 z), range (-∞, ∞)."""
    scaled = np.multiply(Z, LEAKY_SLOPE, out=None if out is Z else out)
    return np.maximum(Z, scaled, out=out)


def leaky_relu_derivative(Z, A, out):
    """g′(z) = 0.01 for z < 0 and 1 for z ≥ 0."""
    np.greater_equal(Z, ZERO, out)
    return np.maximum(out, LEAKY_SLOPE, out=out)


ACTIVATIONS = {
    "identity": Activation(identity, identity_derivative),
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "relu": Activation(relu, relu_derivative, has_kink=True),
    "leaky_relu": Activation(leaky_relu, leaky_relu_derivative, has_kink=True),
}
ACTIVATIONS["logistic"] = ACTIVATIONS["sigmoid"]  # scikit-learn's word for it
