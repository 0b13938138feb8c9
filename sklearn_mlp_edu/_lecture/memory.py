"""Where the values of a pass lie: memory, and no mathematics."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Cache:
    """What the forward pass leaves for the backward pass (L12), and what that leaves.

    Lists are indexed by layer. The forward pass needs no more than the first three.
    """

    H: list  # what layer l + 1 reads: x; A[l], or with dropout A[l] ∘ mask[l]
    Z: list
    A: list
    mask: list | None = None  # for dropout, the same for all networks of a stack
    delta: list | None = None
    dA: list | None = None  # g′(z[l])
    total: Any = None  # (m, 1), for the loss
    ones: Any = None  # (1, m)


class Room:
    """Room for what a training step computes, in batches of up to ``m`` examples.

    It is allocated once. ``lead`` is () for one network and (M,) for a stack.
    """

    def __init__(self, layer_sizes, m, lead, dtype, dropout=False):
        hidden = layer_sizes[1:-1]

        def layers(*lead):
            return [np.empty((*lead, m, n), dtype) for n in hidden]

        self.A, self.Z, self.delta, self.dA = (layers(*lead) for _ in range(4))
        self.mask, self.H = (layers(), layers(*lead)) if dropout else (None, self.A)
        self.last_delta = np.empty((*lead, m * layer_sizes[-1]), dtype)
        self.ones = np.ones((1, m), dtype)

    def bind(self, A0, logits, total):
        """Return the cache of a batch whose x is ``A0`` and whose z[L] is ``logits``.

        It lies in this room: of all batches bound to one room, only the values of the
        latest pass are there, but for what was passed here.
        """
        *lead, m, n_outputs = logits.shape
        last_delta = self.last_delta[..., : n_outputs * m]
        last_delta = last_delta.reshape(*lead, n_outputs, m).swapaxes(-1, -2)

        def first_rows(layers):
            return [array[..., :m, :] for array in layers]

        return Cache(
            H=[A0, *first_rows(self.H)],
            Z=[None, *first_rows(self.Z), logits],
            A=[None, *first_rows(self.A)],
            mask=self.mask and [None, *first_rows(self.mask)],
            delta=[None, *first_rows(self.delta), last_delta],
            dA=[None, *first_rows(self.dA)],
            total=total,
            ones=self.ones[:, :m],
        )


def empty_output(shape, dtype):
    """Room for z[L] of shape (…, m, n[L]), with examples as neighbours in memory.

    NumPy then works along the many examples instead of the few outputs of each, which
    makes softmax three times faster.
    """
    *lead, m, n_outputs = shape
    return np.empty((*lead, n_outputs, m), dtype).swapaxes(-1, -2)
