"""Sources of chance: what ``random_state`` seeds, and how it goes on."""

from contextlib import contextmanager
from copy import deepcopy

import numpy as np
from sklearn.utils import check_random_state


class Streams:
    """Independent sources of chance, so that using one does not shift the others.

    Attributes
    ----------
    order : RandomState
        Draws initial weights, then the order of the examples. It is the user's own
        where ``random_state`` is one.
    dropout : Generator
        Draws which units are left out.
    split_seed : int
        For the validation set.
    """

    def __init__(self, order, dropout, split_seed):
        self.order, self.dropout, self.split_seed = order, dropout, split_seed

    @classmethod
    def of(cls, random_state):
        """Derive them from the estimator's ``random_state``."""
        rng = check_random_state(random_state)
        dropout_seed, split_seed = deepcopy(rng).randint(2**31 - 1, size=2)
        return cls(rng, np.random.default_rng(dropout_seed), int(split_seed))

    @classmethod
    def at(cls, state):
        """Return streams that go on from a `state`."""
        order, dropout = np.random.RandomState(), np.random.default_rng()
        streams = cls(order, dropout, state["split_seed"])
        streams._go_to(state)
        return streams

    @property
    def state(self):
        """Where they are, as plain numbers and arrays."""
        return {
            "order": self.order.get_state(legacy=False),
            "dropout": self.dropout.bit_generator.state,
            "split_seed": self.split_seed,
        }

    def _go_to(self, state):
        self.order.set_state(state["order"])
        self.dropout.bit_generator.state = state["dropout"]

    @contextmanager
    def rewound_on_failure(self):
        """Return to where the streams are now if what is done fails."""
        state = self.state
        try:
            yield
        except BaseException:
            self._go_to(state)
            raise
