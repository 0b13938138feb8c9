"""How the learning rate changes from epoch to epoch."""

import numpy as np


class Constant:
    """α stays as it is."""

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        return np.zeros_like(over)


class Scaled(Constant):
    """α f(t) in epoch t, for a function f."""

    def __init__(self, factor):
        self.factor = factor

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""
        rate = optimizer.learning_rate
        rate[...] = optimizer.initial_rate * self.factor(epoch)


class InverseScaling(Scaled):
    """α / tᵖ in epoch t."""

    def __init__(self, power):
        super().__init__(lambda epoch: float(epoch) ** -power)


class Adaptive(Constant):
    """α is divided by 5 whenever patience is over, until it is below 10⁻⁶."""

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        rate = np.atleast_2d(optimizer.learning_rate)[:, 0]
        lower = over & (rate > self._low(optimizer))
        rate[lower] /= 5
        return lower

    def _low(self, optimizer):
        """Return the rate, or a rate for each network, that is low enough."""
        return 1e-6


class Settling(Adaptive):
    """α is divided by 5 when patience is over, and once more.

    At the first rate the noise of mini-batches keeps the cost from its minimum. The two
    lower ones let it settle there (Robbins & Monro, "A stochastic approximation
    method", 1951, have why α must fall).
    """

    def _low(self, optimizer):
        return np.atleast_2d(optimizer.initial_rate)[:, 0] / 10
