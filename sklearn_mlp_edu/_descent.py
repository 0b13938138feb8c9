"""A step of descent: forward pass, backward pass, L2, update."""

from typing import NamedTuple

import numpy as np

from ._network import Parameters, add_l2_gradient, backward, forward
from ._optimizers import per_network

PART_BYTES = 2**19  # of parameters: they, gradient and velocity stay in a core's cache


class Part(NamedTuple):
    """Some of the parameters, small enough to stay in the cache during their update."""

    theta: np.ndarray
    weights: np.ndarray  # those of theta that are no biases
    grad: np.ndarray
    grad_of_weights: np.ndarray
    scratch: np.ndarray
    scratch_of_weights: np.ndarray
    state: list[np.ndarray]  # the optimizer's


def in_parts(parameters, grad, state):
    """Cut all that an update reads and writes into parts of bounded size."""
    theta, n_weights = parameters.theta, parameters.weights.shape[-1]
    size = max(1, PART_BYTES // theta[..., 0].nbytes)
    scratch = np.empty_like(theta[..., :size])
    parts = []
    for start in range(0, theta.shape[-1], size):
        columns = slice(start, start + size)
        pieces = theta[..., columns], grad.theta[..., columns]
        room = scratch[..., : pieces[0].shape[-1]]
        n = max(0, n_weights - start)
        theta_and_grad = ((piece, piece[..., :n]) for piece in (*pieces, room))
        (t, w), (g, g_w), (s, s_w) = theta_and_grad
        parts.append(Part(t, w, g, g_w, s, s_w, [x[..., columns] for x in state]))
    return parts


class Descent:
    """What the steps of one network, or of a stack, have in common.

    Parameters
    ----------
    network : Network
    theta : ndarray of shape (P,) or (M, P)
        Parameters, changed in place by the steps.
    optimizer : Optimizer
        Made for ``theta``.
    alpha : float or array of shape (M,)
        L2 strength λ.
    dropout : float
        Probability p for a hidden unit to be left out of a step.
    dropout_rng : Generator or None
        Draws which units those are, the same ones for all networks of a stack.
    """

    def __init__(self, network, theta, optimizer, *, alpha, dropout, dropout_rng):
        self.network, self.optimizer = network, optimizer
        self.dropout, self.dropout_rng = dropout, dropout_rng
        sizes = network.layer_sizes
        self.parameters = Parameters(sizes, theta)
        state = [optimizer.state[name] for name in optimizer.kept]
        grad = Parameters(sizes, np.empty_like(theta))
        self.roles = [(grad, in_parts(self.parameters, grad, state))]
        if optimizer.exchanges:
            (other,) = (Parameters(sizes, array) for array in state)
            self.roles.append((other, in_parts(self.parameters, other, [grad.theta])))
        self.n_parts = len(self.roles[0][1])
        self.decay = per_network(alpha, theta)
        self.vecdot = np.dot if theta.ndim == 1 else np.vecdot  # np.dot is the quicker

    def round_state(self):
        """Generate operations that round what has decayed to almost nothing to 0.

        Where gradients vanish, as behind a dead ReLU, velocities decay until they leave
        the normal range of the float type, where processors are many times slower. Here
        numbers lose what is below a millionth of the range's end on the way to a larger
        number and back; every number that matters comes back as it was.
        """
        limits = np.finfo(self.parameters.theta.dtype)
        detour = np.array(2**20 * limits.smallest_normal / limits.eps, limits.dtype)
        for name in self.optimizer.kept:
            state = self.optimizer.state[name]
            yield np.add, state, detour, state
            yield np.subtract, state, detour, state

    def step(self, cache, Y, weight, squared_norms, place):
        """Generate the operations of a step, which leave ‖W‖² in ``squared_norms``.

        ``place`` is that of the step in a pair of them, 0 or 1, after which gradient
        and state are where they were before; it is None for a step without another.
        """
        W, b, optimizer = self.parameters.W, self.parameters.b, self.optimizer
        exchange = optimizer.exchanges and place is not None
        grad, parts = self.roles[place if exchange else 0]
        if self.dropout:
            yield cache.draw_masks, self.dropout, self.dropout_rng
        yield from forward(self.network, W, b, cache)
        yield from backward(self.network, W, cache, Y, weight, grad)
        yield from optimizer.start_step()
        for part, squared_norm in zip(parts, squared_norms, strict=True):
            yield self.vecdot, part.weights, part.weights, squared_norm
            yield from add_l2_gradient(
                part.weights, self.decay, part.grad_of_weights, part.scratch_of_weights
            )
            yield from optimizer.step(
                part.theta, part.grad, part.scratch, *part.state, exchange=exchange
            )
