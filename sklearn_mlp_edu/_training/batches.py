"""Mini-batches: the training set in shuffled pieces, through buffers of fixed size.

The data are never copied whole. Inputs are gathered for a few mini-batches at once, and
many consecutive mini-batches form a `Chunk`, whose targets are written and whose costs
are read off with one call: small networks are spared some larger expenses of a step.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import SparseBatch, deferred, gather, prepare
from .._lecture import Loss, Room, empty_output
from .standardisation import Scaling

GATHER_BYTES = 2**19  # of inputs at once: they stay in a core's second-level cache
CHUNK_BYTES = 2**20  # of z[L] in a chunk
MAX_BATCHES_IN_CHUNK = 64
MAX_FOR_ONE_PASS = 8  # to prepare a step takes longer than to carry it out


class TrainingSet(NamedTuple):
    """Validated examples."""

    X: Any  # (n, d), an array or a CSR matrix
    y: np.ndarray  # class codes (n,), label indicators or numbers (n, K)
    weight: np.ndarray | None  # w_i / w̄ (n,); None where all are 1
    rows: np.ndarray | None = None  # the rows to learn from; None for all
    scaling: Scaling | None = None  # how inputs are standardised; None for not at all

    @property
    def stays_sparse(self):
        """Whether mini-batches are sparse matrices."""
        keeps = self.scaling is None or self.scaling.keeps_sparse()
        return issparse(self.X) and keeps

    @property
    def n_rows(self):
        """How many examples there are to learn from."""
        return self.X.shape[0] if self.rows is None else len(self.rows)

    def whole(self):
        """Return all inputs to learn from, standardised: a copy if they need be."""
        X = self.X if self.rows is None else self.X[self.rows]
        return X if self.scaling is None else self.scaling.standardised(X)


class Common(NamedTuple):
    """What all chunks of a training set share."""

    data: TrainingSet
    loss: Loss
    operations: Callable  # those of a step
    prepare: Callable  # makes steps of them functions without arguments
    room: Room
    lead: tuple[int, ...]  # (M,) for a stack of networks, else ()
    n_gathered: int  # mini-batches whose inputs are fetched at once


class Chunk:
    """``n_batches`` consecutive mini-batches of ``batch_size`` examples each.

    Its steps are prepared in groups, those of a group as one list of operations.
    `Common.operations` generates the equations of a step, from its ``cache``, its
    targets ``Y`` (m, K), each example's share ``weight`` in the cost, of shape (m, 1)
    or () if all are equal, room for ‖W‖² of each network, and its place 0 or 1 in a
    pair of steps: None if it has none.
    """

    def __init__(self, common, n_outputs, n_batches, batch_size):
        self.common, self.batch_size, self.n_batches = common, batch_size, n_batches
        self.n_rows = n_batches * batch_size
        lead, dtype = common.lead, common.room.ones.dtype
        one_for_all = (1,) * len(lead)
        self.Y = empty_output((n_batches, *one_for_all, batch_size, n_outputs), dtype)
        unweighted = common.data.weight is None
        share = () if unweighted else (*one_for_all, batch_size, 1)
        self.weight = np.full((n_batches, *share), 1 / batch_size, dtype)
        self.logits = empty_output((n_batches, *lead, batch_size, n_outputs), dtype)
        self.totals = np.empty((n_batches, *lead, batch_size, 1), dtype)
        self.squared_norms = np.empty((n_batches, *lead), dtype)
        self.inputs = None  # what they are fetched to
        self.rows = None  # which ones, where that is an operation
        self._prepare(common.data.X, common.n_gathered)

    def _prepare(self, X, size):
        """Prepare the steps, in groups of ``size``, whose inputs come at once."""
        m, ks = self.batch_size, range(self.n_batches)
        if self.n_rows == self.common.data.n_rows == m:  # all examples, as they are
            whole = self.common.data.whole()
            inputs = [SparseBatch(whole) if issparse(whole) else whole]
        elif self.common.data.stays_sparse:
            inputs = self.inputs = [SparseBatch() for _ in ks]
        else:
            n_rows = min(size, self.n_batches) * m
            buffer = empty_inputs(X, n_rows)
            inputs = [buffer[k % size * m : (k % size + 1) * m] for k in ks]
            self.inputs, self.rows = buffer, np.empty(self.n_rows, np.intp)
        prepare, self.groups = self.common.prepare, []
        for first in ks[::size]:
            steps = [self._step(k, inputs[k]) for k in ks[first : first + size]]
            fetching = self._fetching(slice(first * m, (first + len(steps)) * m))
            self.groups.append((len(steps), prepare(fetching) + prepare(*steps)))

    def _fetching(self, part):
        """Generate what fetches a part of the rows to the inputs of a group."""
        if self.rows is None:
            return
        data, rows = self.common.data, self.rows[part]
        fetched = self.inputs[: len(rows)]
        yield "rows", deferred(gather)(data.X, rows, out=fetched)
        if data.scaling is not None:
            yield from data.scaling.equations(fetched)

    def _step(self, k, A0):
        """Generate the equations of step ``k``, whose inputs are ``A0``."""
        common, last = self.common, self.n_batches - 1
        cache = common.room.bind(A0, self.logits[k], self.totals[k])
        place = None if k == last and k % 2 == 0 else k % 2  # the last may be alone
        weight, squared_norm = self.weight[k, ...], self.squared_norms[k, ...]
        yield from common.operations(cache, self.Y[k], weight, squared_norm, place)

    def load(self, rows):
        """Fetch the examples ``rows`` of the training set, and yield groups of steps.

        The inputs of a group are there until the next one is asked for.
        """
        data = self.common.data
        self.common.loss.targets(self._split(data.y[rows]), out=self.Y)
        if data.weight is not None:
            share = self._split(data.weight[rows])[..., np.newaxis]
            np.divide(share, self.batch_size, out=self.weight)
        if self.rows is not None:
            self.rows[...] = rows
        start = 0
        for n_steps, operations in self.groups:
            stop = start + n_steps
            if self.inputs is not None and self.rows is None:
                fetched = slice(start * self.batch_size, stop * self.batch_size)
                self._fetch_sparse(rows[fetched], start)
            yield operations
            start = stop

    def _fetch_sparse(self, rows, first):
        """Let these rows be the inputs from the ``first`` mini-batch of a group on."""
        data, m = self.common.data, self.batch_size
        examples = data.X[rows]
        if data.scaling is not None:
            examples = data.scaling.standardised(examples)
        for k in range(len(rows) // m):
            self.inputs[first + k].rows = examples[k * m : (k + 1) * m]

    def costs(self):
        """J_mb (3.32) and ‖W‖² (3.35) at each step, both of shape (n_batches, [M])."""
        losses = self.common.loss.loss_after_delta(self.logits, self.Y, self.totals)
        share = self.weight.reshape(len(self.weight), *self.Y.shape[1:-2], -1)
        J = np.add.reduce(losses * share, axis=-1)
        return J, self.squared_norms

    def keep(self, n_networks):
        """Let results be those of the first networks of the stack."""
        self.logits = self.logits[:, :n_networks]
        self.totals = self.totals[:, :n_networks]
        self.squared_norms = self.squared_norms[:, :n_networks]

    def _split(self, array):
        """From one row an example to (n_batches, [1,] batch_size, ...)."""
        return array.reshape(*self.Y.shape[:-1], *array.shape[1:])


class MiniBatches:
    """One pass over the training set after another, chunk by chunk.

    The last mini-batch of a pass may be smaller (decision 6).
    """

    def __init__(
        self,
        network,
        data,
        batch_size,
        operations,
        lead,
        dtype,
        *,
        dropout=False,
        prepare=prepare,
        one_pass=False,
    ):
        n_rows, n_features = data.n_rows, data.X.shape[1]
        batch_size = min(batch_size, n_rows)
        n_outputs = network.layer_sizes[-1]
        column_bytes = batch_size * np.dtype(dtype).itemsize
        n_gathered = max(1, GATHER_BYTES // (n_features * column_bytes))
        room = Room(network.layer_sizes, batch_size, lead, dtype, dropout)
        common = Common(data, network.loss, operations, prepare, room, lead, n_gathered)
        output_bytes = int(np.prod(lead)) * n_outputs * column_bytes
        fitting = max(1, CHUNK_BYTES // output_bytes)
        n_batches, rest = divmod(n_rows, batch_size)
        most = MAX_FOR_ONE_PASS if one_pass else MAX_BATCHES_IN_CHUNK
        per_chunk = min(fitting, most, n_batches)
        n_chunks, left_over = divmod(n_batches, per_chunk)
        self.data = data
        self.chunks = [Chunk(common, n_outputs, per_chunk, batch_size)] * n_chunks
        if left_over:
            self.chunks.append(Chunk(common, n_outputs, left_over, batch_size))
        if rest:
            self.chunks.append(Chunk(common, n_outputs, 1, rest))
        self.whole = None
        if batch_size == n_rows:  # every pass is the same
            rows = slice(None) if data.rows is None else data.rows
            self.whole = list(self.chunks[0].load(rows))

    def __call__(self, rng=None):
        """Yield each chunk of one pass and an iterator of its steps.

        ``rng``, if there is one, draws an order of the examples. One batch of all rows
        is the same in any order, so it is left as it is.
        """
        if self.whole is not None:
            yield self.chunks[0], self.whole
            return
        n_rows, rows = self.data.n_rows, self.data.rows
        if rng is not None:
            order = rng.permutation(n_rows if rows is None else rows)
        else:
            order = np.arange(n_rows) if rows is None else rows
        start = 0
        for chunk in self.chunks:
            stop = start + chunk.n_rows
            yield chunk, chunk.load(order[start:stop])
            start = stop

    def keep(self, n_networks):
        """Go on with the first networks of the stack."""
        for chunk in self.chunks:
            chunk.keep(n_networks)


def empty_inputs(X, n_rows):
    """Room for so many rows of ``X``, in its memory layout if it is an array."""
    shape = n_rows, X.shape[1]
    if issparse(X):
        return np.empty(shape, X.dtype)
    return np.empty_like(X, shape=shape, subok=False)
