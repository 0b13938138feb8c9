"""How the learning rate changes from epoch to epoch."""

import numpy as np


class Constant:
    """α stays as it is."""

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        return np.zeros_like(over)

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""


class InverseScaling(Constant):
    """α / tᵖ in epoch t, where α is a number or an array of the optimizer's rates."""

    def __init__(self, learning_rate, power):
        self.learning_rate = np.array(learning_rate, np.float64)
        self.power = power

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""
        rate = optimizer.learning_rate
        rate[...] = self.learning_rate * float(epoch) ** -self.power

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""
        if self.learning_rate.ndim:
            self.learning_rate = self.learning_rate[mask]


class Adaptive(Constant):
    """α is divided by 5 whenever patience is over, while it is above ``lowest``.

    ``lowest`` is a number, or an array with the shape of the optimizer's rates.
    """

    def __init__(self, lowest=1e-6):
        self.lowest = np.atleast_2d(lowest)[:, 0]

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        rate = np.atleast_2d(optimizer.learning_rate)[:, 0]
        lower = over & (rate > self.lowest)
        rate[lower] /= 5
        return lower

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""
        if len(self.lowest) > 1:
            self.lowest = self.lowest[mask]


class Settling(Adaptive):
    """α is divided by 5 when patience is over, and once more.

    At the first rate the noise of mini-batches keeps the cost from its minimum. The two
    lower ones let it settle there (Robbins & Monro, "A stochastic approximation
    method", 1951, have why α must fall).
    """

    def __init__(self, learning_rate):
        super().__init__(lowest=np.asarray(learning_rate) / 10)
