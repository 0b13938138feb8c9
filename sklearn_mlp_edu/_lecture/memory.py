"""Room for what a pass computes: memory, and no mathematics."""

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import SparseBatch


class Cache:
    """What the forward pass leaves for the backward pass (L12), and room for both.

    Allocated once for batches of up to ``m`` examples; ``lead`` is () for one network
    and (M,) for a stack. `bind` ties it to a batch.

    ``H[l]`` is what the next layer reads: A[l] itself, or with dropout A[l] ∘ mask[l],
    where the masks, of 0 and 1/(1−p), are the same for all networks of a stack.
    """

    def __init__(self, layer_sizes, m, lead, dtype, dropout=False):
        hidden = layer_sizes[1:-1]

        def room(*lead):
            return [None, *(np.empty((*lead, m, n), dtype) for n in hidden)]

        self.A, self.Z, self.delta, self.dA = (room(*lead) for _ in range(4))
        self.dropout = dropout
        self.mask, self.H = (room(), room(*lead)) if dropout else ([None], [None])
        self.delta.append(empty_output((*lead, m, layer_sizes[-1]), dtype))
        self.ones = np.ones((1, m), dtype)

    def bind(self, A0, logits, total):
        """Return a cache that reads x from ``A0`` and writes z[L] into ``logits``.

        It shares this one's memory: of all batches bound to one cache, only the values
        of the latest pass are there.
        """
        m = logits.shape[-2]

        def first_rows(room):
            return [None, *(array[..., :m, :] for array in room[1:])]

        bound = object.__new__(Cache)
        bound.A = first_rows(self.A)
        bound.mask, bound.dropout = first_rows(self.mask), self.dropout
        bound.H = [A0, *(first_rows(self.H) if self.dropout else bound.A)[1:]]
        bound.Z = [*first_rows(self.Z), logits]
        bound.delta, bound.dA = first_rows(self.delta), first_rows(self.dA)
        bound.total, bound.ones = total, self.ones[:, :m]
        return bound

    @classmethod
    def for_prediction(cls, A0, room, logits):
        """Return a cache that suffices for a forward pass.

        Activations take the place of linear variables in ``room``, an array for each
        hidden layer, of as many rows as there are in ``A0`` or more.
        """
        cache, m = object.__new__(cls), A0.shape[0]
        A0 = SparseBatch(A0) if issparse(A0) else A0
        cache.A = [None, *(array[:m] for array in room)]
        cache.H, cache.Z = [A0, *cache.A[1:]], [*cache.A, logits[:m]]
        cache.dropout = False
        return cache

    def draw_masks(self, p, rng):
        """Leave out each hidden unit with probability ``p``, scale up the others.

        Srivastava et al., "Dropout: a simple way to prevent neural networks from
        overfitting", JMLR 2014, in its inverted form: predictions need no change.
        """
        for mask in self.mask[1:]:
            rng.random(out=mask, dtype=mask.dtype)
            np.greater_equal(mask, p, out=mask)
            np.multiply(mask, 1 / (1 - p), out=mask)


def empty_output(shape, dtype):
    """Room for z[L] of shape (…, m, n[L]), with examples as neighbours in memory.

    NumPy then works along the many examples instead of the few outputs of each, which
    makes softmax three times faster.
    """
    *lead, m, n_outputs = shape
    return np.empty((*lead, n_outputs, m), dtype).swapaxes(-1, -2)
