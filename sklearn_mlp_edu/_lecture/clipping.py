"""Gradient clipping: a bound for the length of the gradient."""

import numpy as np

from .._arithmetic import add, clip, divide, multiply, sqrt, squared_length

AWAY_FROM_0 = 1e-6  # as PyTorch has it


def clip_gradient(grad, largest):
    """Shorten the gradient: g ← g min(1, c / (‖g‖ + 10⁻⁶)), c being ``largest``.

    The norm is over all parameters of a network, so the gradient keeps its direction.
    Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, Algorithm 1.
    """
    constants = 0, 1, largest, AWAY_FROM_0
    zero, one, c, away = (grad.dtype.type(value) for value in constants)
    norm = np.empty(grad.shape[:-1], grad.dtype)
    share = norm[:, np.newaxis] if norm.ndim else norm  # of g, in the same place
    yield "clipping", squared_length(grad, out=norm)
    yield "clipping", sqrt(norm, out=norm)
    yield "clipping", add(norm, away, out=norm)
    yield "clipping", divide(c, norm, out=norm)
    yield "clipping", clip(norm, zero, one, out=norm)
    yield "clipping", multiply(grad, share, out=grad)
