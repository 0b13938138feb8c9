"""Where rows come from: shards, each of which can be read in pieces of rows.

A source has ``n_shards``, ``n_rows`` (None where nobody knows), ``columns`` (names, or
None), ``pieces(k, size)``, which yields (X, y) of at most ``size`` rows of shard k, and
``labels()``, which yields the targets of all rows. ``reads_ahead`` says that a thread
may read while training goes on: not what is the user's own code.
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
            for _, y in self.pieces(k, 100_000):
                yield y


class Arrays(Shards):
    """X and y that are sliced: arrays, memory-mapped files, Dask arrays."""

    def __init__(self, X, y, size):
        if len(X) != len(y):
            raise ValueError(f"X has {len(X)} rows, but y has {len(y)}.")
        self.X, self.y, self.size = X, y, size
        self.n_rows = len(X)
        self.n_shards = -(-self.n_rows // size)

    def pieces(self, k, size):
        """Yield the k-th ``self.size`` rows, which is one piece."""
        rows = slice(k * self.size, (k + 1) * self.size)
        yield np.asarray(self.X[rows]), np.asarray(self.y[rows])

    def labels(self):
        """Yield the targets of all rows, in parts."""
        for start in range(0, self.n_rows, 1_000_000):
            yield np.asarray(self.y[start : start + 1_000_000])


class Chunks(Shards):
    """A sequence of pairs (X, y)."""

    def __init__(self, chunks):
        self.chunks, self.n_shards = chunks, len(chunks)
        if isinstance(chunks, list | tuple):
            pairs = (pair_of(chunk, k) for k, chunk in enumerate(chunks))
            self.n_rows = sum(len(y) for _, y in pairs)

    def pieces(self, k, size):
        """Yield the rows of chunk k."""
        yield from cut(*pair_of(self.chunks[k], k), size)


class Repeated(Shards):
    """A function that returns an iterable of pairs (X, y), anew for each pass."""

    def __init__(self, function):
        self.function = function

    def pieces(self, k, size):
        """Yield the rows of all chunks in their order."""
        for place, chunk in enumerate(self.function()):
            yield from cut(*pair_of(chunk, place), size)


def pair_of(chunk, place):
    """Return X and y of a chunk, or say that it is no pair."""
    if not isinstance(chunk, tuple | list) or len(chunk) != 2:
        raise TypeError(
            f"Batch {place} is {type(chunk).__name__}; every batch has to be a pair "
            "(X, y)."
        )
    X, y = chunk
    if len(X) != len(y):
        raise ValueError(f"Batch {place} has {len(X)} rows of X, but {len(y)} of y.")
    return X, y


def cut(X, y, size):
    """Yield pieces of at most ``size`` rows."""
    for start in range(0, len(y), size):
        rows = slice(start, start + size)
        some = X.iloc[rows] if hasattr(X, "iloc") else X[rows]
        yield some, np.asarray(y)[rows]


def is_pair_of_arrays(data):
    """Tell whether ``data`` is (X, y), and not two chunks."""
    return (
        isinstance(data, tuple)
        and len(data) == 2
        and all(hasattr(part, "shape") for part in data)
    )


def plain_source(data, size):
    """Return the source for arrays, chunks or a function; None for anything else."""
    if is_pair_of_arrays(data):
        return Arrays(*data, size)
    listed = hasattr(data, "__len__") and hasattr(data, "__getitem__")
    if listed and not isinstance(data, str | Mapping):
        return Chunks(data)
    return Repeated(data) if callable(data) else None
