"""Parts of a stream: what is known of the whole, and training that is prepared once."""

from dataclasses import dataclass

import numpy as np

from .._training import Patience, TrainingSet
from .run import Run, copy_of_state
from .weights import check_weight

PASSES_TO_COME = 2  # at least, when a stream was seen once


@dataclass
class Whole:
    """What is known of the stream that parts belong to."""

    n_rows: int | None = None
    seen: bool = False  # all of it, so that parts tell nothing new
    rate: float = 1.0  # what the learning rate is multiplied by
    n_weighed: int = 0
    weight: float = 0.0  # summed over them

    def relative(self, weight):
        """w_i / w̄ of a part; the mean is that of all rows so far."""
        if weight is None:
            return None
        if not self.seen:
            self.n_weighed += len(weight)
            self.weight += float(weight.sum())
        return weight * (self.n_weighed / self.weight)


class Parts:
    """Trains a network on parts with so many rows, of a stream that was seen before.

    It learns what `partial_fit` would have it learn. Each part is copied to where the
    first one lay, for which the steps are prepared.
    """

    def __init__(self, network, whole):
        self.network, self.whole, self.run = network, whole, None

    def learn(self, X, y, weight=None):
        """Train for one epoch on a part."""
        network = self.network
        targets, X, y = network._read_part(X, y, None, first=False, settled=True)
        weight = network._weigh(targets, y, check_weight(weight, X))
        weight = self.whole.relative(weight)
        if self.run is None:
            self._prepare(targets, X, y, weight)
        else:
            self.run.take(X, y, weight)
        self.run.draft = network._draft(keep_learned=True)
        self.run.train(1, Patience(tol=0, n_iter_no_change=np.inf))
        network._optimizer_state_ = copy_of_state(network._optimizer_state_)
        if self.run.batch_size == len(X):  # a single batch is fetched but once
            self.run = None

    def _prepare(self, targets, X, y, weight):
        network, whole = self.network, self.whole
        draft = network._draft(keep_learned=True)
        chance = network._chance(go_on=True)
        data = TrainingSet(X.copy(), y.copy(), weight)
        self.run = Run(network, draft, targets, data, chance, streams=True)
        self.run.n_stream_rows, self.run.rate = whole.n_rows, whole.rate
        self.run.n_parts = max(1, PASSES_TO_COME * whole.n_rows // len(X))
