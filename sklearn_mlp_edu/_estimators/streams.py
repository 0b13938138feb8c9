"""Sources of chance: what ``random_state`` seeds, and how it goes on."""

from copy import deepcopy
from threading import local

import numpy as np
from sklearn.utils import check_random_state


class Ready(local):
    """Generators as the latest call in this thread has left them, and their state.

    To make a `RandomState` takes longer than a step of a small network.
    """

    state = generators = None

    def take(self, state):
        """Return them, once, if they are where the very object ``state`` says."""
        if state is None or state is not self.state:
            return None
        generators, self.state, self.generators = self.generators, None, None
        return generators


_READY = Ready()


class Streams:
    """Independent sources of chance, so that using one does not shift the others.

    Attributes
    ----------
    order : RandomState
        Draws initial weights, then the order of the examples.
    dropout : Generator
        Draws which units are left out.
    split_seed : int
        For the validation set.
    source : RandomState or None
        The user's generator that ``order`` is a copy of.
    """

    def __init__(self, order, dropout, split_seed, source=None):
        self.order, self.dropout, self.split_seed = order, dropout, split_seed
        self.source = source

    @classmethod
    def of(cls, random_state):
        """Derive them from the estimator's ``random_state``."""
        source = check_random_state(random_state)
        order = deepcopy(source)
        dropout_seed, split_seed = deepcopy(source).randint(2**31 - 1, size=2)
        dropout = np.random.default_rng(dropout_seed)
        return cls(order, dropout, int(split_seed), source)

    @classmethod
    def at(cls, state):
        """Return streams that go on from a `state`."""
        ready = _READY.take(state)
        if ready is not None:
            return cls(*ready, state["split_seed"])
        order, dropout = np.random.RandomState(), np.random.default_rng()
        order.set_state(state["order"])
        dropout.bit_generator.state = state["dropout"]
        return cls(order, dropout, state["split_seed"])

    @property
    def state(self):
        """Where they are, as plain numbers and arrays."""
        return {
            "order": self.order.get_state(legacy=False),
            "dropout": self.dropout.bit_generator.state,
            "split_seed": self.split_seed,
        }

    def end_at(self, state):
        """Take note that work has succeeded, and left the streams at their ``state``.

        It is None where that is not kept, and training will not go on from it.

        The user's generator advances to where ``order`` is: what it drew has been used.
        Work that fails never gets here, so it can be tried again.
        """
        if self.source is not None:
            self.source.set_state(self.order.get_state())
        _READY.state, _READY.generators = state, (self.order, self.dropout)
