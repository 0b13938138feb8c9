"""When to stop: patience, and the validation set that it may watch."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._lecture import predict
from .batches import TrainingSet


class Patience:
    """Counts epochs in a row that did not lower a value by more than ``tol``."""

    def __init__(self, tol, n_iter_no_change, n_networks=1):
        self.tol, self.limit = float(tol), n_iter_no_change
        self.best = np.full(n_networks, np.inf)
        self.waited = np.zeros(n_networks)

    def is_over(self, values):
        """Take in an epoch's values and tell for which networks patience is over."""
        improved = values < self.best - self.tol
        self.waited = (self.waited + 1) * ~improved
        self.best = np.minimum(values, self.best)
        return ~self.lasts()

    def lasts(self):
        """Tell for which networks it is not over."""
        return self.waited < self.limit

    def start_again(self, rows, share=0.0):
        """Wait anew for these networks, of which a ``share`` counts as over."""
        self.waited[rows] = share * self.limit if share else 0

    def keep(self, mask):
        """Go on with part of the stack."""
        self.best, self.waited = self.best[mask], self.waited[mask]


class Validation(NamedTuple):
    """Examples to watch after every epoch, and whether they decide when to stop.

    ``score`` is a function of logits, targets and weights.
    """

    data: TrainingSet
    decides: bool
    score: Callable | None = None

    def scaled(self, scaling, targets):
        """Return the same, of inputs and targets like those of training."""
        data = self.data._replace(scaling=scaling, y=targets.scaled(self.data.y))
        return self._replace(data=data, score=targets.score)

    def measure(self, network, parameters):
        """Return the loss and the score, both weighted, of one network."""
        X, y, weight = self.data.X, self.data.y, self.data.weight
        Z = predict(
            network,
            parameters.W,
            parameters.b,
            X,
            read=network.loss.logits,
            scaling=self.data.scaling,
        )
        Y = np.empty_like(Z)
        network.loss.targets(y, out=Y)
        loss = np.average(network.loss.loss(Z, Y), weights=weight)
        return float(loss), self.score(Z, y, weight)
