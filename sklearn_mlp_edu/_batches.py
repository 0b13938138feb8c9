"""Mini-batches: the training set in shuffled pieces, through buffers of fixed size.

The data are never copied whole. Consecutive mini-batches form a `Chunk`: they are
gathered with one call, and their costs are read off with one call, which spares small
networks two of the larger expenses of a step.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from ._network import Cache, empty_output

CHUNK_BYTES = 2**21  # what fits in a core's second-level cache
MAX_BATCHES_IN_CHUNK = 64


class TrainingSet(NamedTuple):
    """Validated examples."""

    X: Any  # (n, d), an array or a CSR matrix
    y: np.ndarray  # class codes (n,), or label indicators (n, K)
    weight: np.ndarray | None  # w_i / w̄ (n,); None where all are 1
    rows: np.ndarray | None = None  # the rows to learn from; None for all

    @property
    def n_rows(self):
        """How many examples there are to learn from."""
        return self.X.shape[0] if self.rows is None else len(self.rows)


class Step(NamedTuple):
    """What one step of descent reads and writes."""

    cache: Cache
    Y: np.ndarray  # targets (m, K)
    weight: np.ndarray  # each example's share in the cost: (m, 1), or () if all equal
    squared_norms: np.ndarray  # room for ‖W‖² of each network, in ``n_parts`` summands


class Chunk:
    """``n_batches`` mini-batches of ``batch_size`` examples each."""

    def __init__(self, network, room, data, n_batches, batch_size, lead, n_parts):
        n_outputs, dtype = network.layer_sizes[-1], room.ones.dtype
        same_for_all = (1,) * len(lead)
        targets = (n_batches, *same_for_all, batch_size, n_outputs)
        self.loss, self.room = network.loss, room
        self.batch_size, self.n_rows = batch_size, n_batches * batch_size
        self.Y = empty_output(targets, dtype)
        share = () if data.weight is None else (*targets[1:-1], 1)
        self.weight = np.full((n_batches, *share), 1 / batch_size, dtype)
        self.logits = empty_output((n_batches, *lead, batch_size, n_outputs), dtype)
        self.squared_norms = np.empty((n_batches, n_parts, *lead), dtype)
        self.buffer = None
        if not issparse(data.X) and self.n_rows < data.n_rows:
            shape = (self.n_rows, data.X.shape[1])
            self.buffer = np.empty_like(data.X, shape=shape, subok=False)
            self.steps = self._steps(self.buffer)

    def load(self, data, rows):
        """Fetch the examples ``rows`` of the training set."""
        if self.buffer is None:  # sparse rows, or the whole set as it is
            self.steps = self._steps(data.X[rows])
        else:
            gather(data.X, rows, out=self.buffer)
        self.loss.targets(self._split(data.y[rows]), out=self.Y)
        if data.weight is not None:
            share = self._split(data.weight[rows])[..., np.newaxis]
            np.divide(share, self.batch_size, out=self.weight)

    def costs(self, alpha):
        """J_mb + λ/2 ‖W‖² at each step, of shape (n_batches, [M]): (3.32), (3.35)."""
        losses = self.loss.loss(self.logits, self.Y)
        share = self.weight.reshape(len(self.weight), *self.Y.shape[1:-2], -1)
        J = (losses * share).sum(axis=-1)
        return J + alpha / 2 * self.squared_norms.sum(axis=1)

    def _split(self, array):
        """From one row an example to (n_batches, [1,] batch_size, ...)."""
        return array.reshape(*self.Y.shape[:-1], *array.shape[1:])

    def _steps(self, inputs):
        starts = range(0, self.n_rows, self.batch_size)
        parts = [inputs[start : start + self.batch_size] for start in starts]
        caches = map(self.room.bind, parts, self.logits)
        norms = ([row[k, ...] for k in range(len(row))] for row in self.squared_norms)
        shares = (self.weight[k, ...] for k in range(len(parts)))
        return list(map(Step, caches, self.Y, shares, norms))


class MiniBatches:
    """One pass over the training set after another, chunk by chunk.

    The last mini-batch of a pass may be smaller (decision 6).
    """

    def __init__(
        self, network, data, batch_size, lead, dtype, *, dropout=False, n_parts=1
    ):
        n_rows, n_features = data.n_rows, data.X.shape[1]
        self.data = data
        batch_size = min(batch_size, n_rows)
        self.room = room = Cache(network.layer_sizes, batch_size, lead, dtype, dropout)

        def chunk(n_batches, batch_size):
            return Chunk(network, room, data, n_batches, batch_size, lead, n_parts)

        row_bytes = max(n_features, int(np.prod(lead)) * network.layer_sizes[-1])
        fitting = CHUNK_BYTES // (row_bytes * np.dtype(dtype).itemsize * batch_size)
        n_batches, rest = divmod(n_rows, batch_size)
        per_chunk = min(max(fitting, 1), MAX_BATCHES_IN_CHUNK, n_batches)
        n_chunks, left_over = divmod(n_batches, per_chunk)
        self.chunks = [chunk(per_chunk, batch_size)] * n_chunks
        if left_over:
            self.chunks.append(chunk(left_over, batch_size))
        if rest:
            self.chunks.append(chunk(1, rest))
        self.whole = batch_size == n_rows
        if self.whole:  # every pass is the same
            self.chunks[0].load(data, slice(None) if data.rows is None else data.rows)

    def __call__(self, rng=None):
        """Yield the chunks of one pass, in an order drawn by ``rng``, if there is one.

        One batch of all rows is the same in any order, so it is left as it is.
        """
        if self.whole:
            yield self.chunks[0]
            return
        rows = np.arange(self.data.n_rows) if self.data.rows is None else self.data.rows
        order = rows if rng is None else rng.permutation(rows)
        start = 0
        for chunk in self.chunks:
            stop = start + chunk.n_rows
            chunk.load(self.data, order[start:stop])
            yield chunk
            start = stop


def gather(X, rows, out):
    """Copy rows of ``X`` into ``out``, which has the memory layout of ``X``."""
    if X.flags.c_contiguous:  # mode="clip" spares np.take a temporary array
        np.take(X, rows, axis=0, out=out, mode="clip")
    elif X.flags.f_contiguous:
        np.take(X.T, rows, axis=1, out=out.T, mode="clip")
    else:
        out[...] = X[rows]
