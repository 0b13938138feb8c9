"""Where rows come from: shards, each of which can be read in pieces of rows.

A source has ``n_shards``, ``n_rows`` (None where nobody knows), ``columns`` (names, or
None), ``pieces(k, size)``, which yields (X, y, weight) of at most ``size`` rows of
shard k, where no weights are None, and ``labels()``, which yields the targets of all
rows. ``reads_ahead`` says that a thread may read while training goes on: not what is
the user's own code.
"""

from collections.abc import Mapping

import numpy as np


class Shards:
    """What all sources have in common."""

    n_rows = columns = None
    n_shards = 1
    reads_ahead = False

    def labels(self):
        """Yield the targets of all rows, in parts."""
        for k in range(self.n_shards):
            for _, y, _ in self.pieces(k, 100_000):
                yield y


class Arrays(Shards):
    """X, y and weights that are sliced: arrays, memory-mapped files, Dask arrays."""

    def __init__(self, size, X, y, weight=None):
        for name, part in (("y", y), ("sample_weight", weight)):
            if part is not None and len(X) != len(part):
                raise ValueError(f"X has {len(X)} rows, but {name} has {len(part)}.")
        self.X, self.y, self.weight, self.size = X, y, weight, size
        self.n_rows = len(X)
        self.n_shards = -(-self.n_rows // size)

    def pieces(self, k, size):
        """Yield the k-th ``self.size`` rows, which is one piece."""
        rows = slice(k * self.size, (k + 1) * self.size)
        weight = None if self.weight is None else np.asarray(self.weight[rows])
        yield np.asarray(self.X[rows]), np.asarray(self.y[rows]), weight

    def labels(self):
        """Yield the targets of all rows, in parts."""
        for start in range(0, self.n_rows, 1_000_000):
            yield np.asarray(self.y[start : start + 1_000_000])


class Chunks(Shards):
    """A sequence of batches (X, y) or (X, y, sample_weight)."""

    def __init__(self, chunks):
        self.chunks, self.n_shards = chunks, len(chunks)
        if isinstance(chunks, list | tuple):
            batches = (batch_of(chunk, k) for k, chunk in enumerate(chunks))
            self.n_rows = sum(len(y) for _, y, _ in batches)

    def pieces(self, k, size):
        """Yield the rows of chunk k."""
        yield from cut(*batch_of(self.chunks[k], k), size)


class Repeated(Shards):
    """A function that returns an iterable of batches, anew for each pass."""

    def __init__(self, function):
        self.function = function

    def pieces(self, k, size):
        """Yield the rows of all chunks in their order."""
        for place, chunk in enumerate(self.function()):
            yield from cut(*batch_of(chunk, place), size)


def batch_of(chunk, place):
    """Return X, y and weights, or None, of a chunk, or say that it is no batch."""
    if not isinstance(chunk, tuple | list) or len(chunk) not in (2, 3):
        raise TypeError(
            f"Batch {place} is {type(chunk).__name__}; every batch has to be a pair "
            "(X, y), or (X, y, sample_weight)."
        )
    X, y, weight = chunk if len(chunk) == 3 else (*chunk, None)
    for name, part in (("y", y), ("sample_weight", weight)):
        if part is not None and len(X) != len(part):
            raise ValueError(
                f"Batch {place} has {len(X)} rows of X, but {len(part)} of {name}."
            )
    return X, y, weight


def cut(X, y, weight, size):
    """Yield pieces of at most ``size`` rows."""
    y, weight = np.asarray(y), None if weight is None else np.asarray(weight)
    for start in range(0, len(y), size):
        rows = slice(start, start + size)
        some = X.iloc[rows] if hasattr(X, "iloc") else X[rows]
        yield some, y[rows], None if weight is None else weight[rows]


def are_arrays(data):
    """Tell whether ``data`` is (X, y) or (X, y, sample_weight), and not chunks."""
    return (
        isinstance(data, tuple)
        and len(data) in (2, 3)
        and all(hasattr(part, "shape") for part in data)
    )


def plain_source(data, size):
    """Return the source for arrays, chunks or a function; None for anything else."""
    if are_arrays(data):
        return Arrays(size, *data)
    listed = hasattr(data, "__len__") and hasattr(data, "__getitem__")
    if listed and not isinstance(data, str | Mapping):
        return Chunks(data)
    return Repeated(data) if callable(data) else None
