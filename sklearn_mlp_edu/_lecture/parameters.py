"""Weights and biases: how many, and where in the flat array they lie."""

import numpy as np


def count(layer_sizes):
    """P = Σ_l (n[l-1] + 1) n[l], weights and biases: (3.7), (3.8)."""
    pairs = zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairs)


def pack(W, b):
    """Return theta for one network, from the weights and biases of its layers."""
    return np.concatenate([array.ravel() for array in (*W, *b)])


class Parameters:
    """Weights and biases as views of the flat array ``theta``.

    Gradients have the same layout, so they are `Parameters` too.
    """

    def __init__(self, layer_sizes, theta):
        lead = theta.shape[:-1]
        self.theta = theta
        self.W, self.b = [None], [None]
        start = 0
        for fan_in, fan_out in zip(layer_sizes[:-1], layer_sizes[1:], strict=True):
            stop = start + fan_in * fan_out
            self.W.append(theta[..., start:stop].reshape(*lead, fan_in, fan_out))
            start = stop
        self.weights = theta[..., :start]  # every W and no b: what L2 acts on
        for fan_out in layer_sizes[1:]:
            stop = start + fan_out
            self.b.append(theta[..., start:stop].reshape(*lead, 1, fan_out))
            start = stop
