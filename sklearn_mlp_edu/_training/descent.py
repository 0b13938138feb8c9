"""A step of descent: forward pass, backward pass, L2, update."""

import numpy as np

from .._arithmetic import add, copy, deferred, moved_up, squared_length, subtract
from .._lecture import (
    Parameters,
    backward,
    clip_gradient,
    draw_mask,
    forward,
    per_network,
)


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
    max_grad_norm : float, optional
        Bound for the length of each network's gradient.
    """

    def __init__(
        self,
        network,
        theta,
        optimizer,
        *,
        alpha,
        dropout,
        dropout_rng,
        max_grad_norm=None,
    ):
        self.network, self.optimizer = network, optimizer
        self.dropout, self.dropout_rng = dropout, dropout_rng
        self.max_grad_norm = max_grad_norm
        self.parameters = Parameters(network.layer_sizes, theta)
        self.grad = Parameters(network.layer_sizes, np.empty_like(theta))
        self.state = [optimizer.state[name] for name in optimizer.degrees]
        self.roles = [(self.grad, self.state)] * 2  # of the steps in a pair
        if optimizer.leaves_state_in_grad:
            other = Parameters(network.layer_sizes, *self.state)
            self.roles[1] = other, [self.grad.theta]
        self.decay = per_network(alpha, theta)

    def step(self, cache, Y, weight, squared_norm, place):
        """Generate the equations of a step, which leave ‖W‖² in ``squared_norm``.

        ``place`` is that of the step in a pair of them, 0 or 1, or None for a step
        without a partner. In a pair, gradient and state may change places in memory,
        and do so back again, which saves copying.
        """
        theta, weights = self.parameters.theta, self.parameters.weights
        W, b, optimizer = self.parameters.W, self.parameters.b, self.optimizer
        grad, state = self.roles[place or 0]
        if self.dropout:
            draw = deferred(draw_mask)
            for mask in cache.mask[1:]:
                yield "dropout", draw(self.dropout, self.dropout_rng, out=mask)
        yield from forward(self.network, W, b, cache)
        yield from backward(self.network, W, cache, Y, weight, grad)
        yield from optimizer.start_step()
        yield "3.35", squared_length(weights, out=squared_norm)
        yield from optimizer.regularise(weights, self.decay, grad.weights)
        if self.max_grad_norm is not None:
            yield from clip_gradient(grad.theta, self.max_grad_norm)
        yield from optimizer.step(theta, grad.theta, *state)
        if optimizer.leaves_state_in_grad and place is None:
            yield "3.33", copy(grad.theta, out=state[0])

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""
        self.decay = moved_up(self.decay, mask)

    def round_state(self):
        """Generate what rounds the state to the normal range of its type.

        Where gradients vanish, as behind a dead ReLU, velocities decay until they are
        denormal, and processors many times slower. By adding and subtracting a tiny
        number they become multiples of the smallest normal one, so at last 0. Numbers
        far above the tiny one stay as they are.
        """
        limits = np.finfo(self.parameters.theta.dtype)
        tiny = np.array(2 * limits.smallest_normal / limits.eps, limits.dtype)
        for array in self.state:
            yield "rounding", add(array, tiny, out=array)
            yield "rounding", subtract(array, tiny, out=array)
