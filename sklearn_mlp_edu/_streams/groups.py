"""The order of a pass: rows of several shards at a time, and some that are held out.

Shards come in random order. Several are open at once and give a piece in turn, until
the group of rows that is learned from next is complete; training shuffles it. So rows
that lie together in a file do not come together, and nothing but the group is in
memory. All follows from a seed, so that a pass can be read again from where it was.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

N_OPEN = 4  # shards that are read at once


class Group(NamedTuple):
    """Rows to learn from, and rows to validate on, as arrays."""

    X: np.ndarray
    y: np.ndarray
    X_held: np.ndarray
    y_held: np.ndarray


class Reader:
    """Reads a source in groups of about ``size`` rows.

    ``share`` is the part of the rows that is held out. All pieces have to be like the
    first one that was ever read, whose ``form`` is kept.
    """

    def __init__(self, source, size, share, seed, shuffle, form=None):
        self.source, self.size, self.share = source, size, share
        self.seed, self.shuffle, self.form = seed, shuffle, form

    def groups(self, number):
        """Yield the groups of a pass, which is told its number."""
        groups = self._groups(number)
        return ahead(groups) if self.source.reads_ahead else groups

    def _groups(self, number):
        parts, n_rows = [], 0
        for name, X, y in self._pieces(number):
            X = self._checked(X, name)
            held = self._held_out(len(y), name)
            parts.append((X, y, held))
            n_rows += len(y) - np.count_nonzero(held)
            if n_rows >= self.size:
                yield _group(parts)
                parts, n_rows = [], 0
        if parts:
            yield _group(parts)

    def _pieces(self, number):
        """Yield names and rows of pieces, in turn from all shards that are open."""
        order = np.arange(self.source.n_shards)
        if self.shuffle:
            order = np.random.default_rng([self.seed, number]).permutation(order)
        waiting, opened = iter(order.tolist()), []
        size = max(1, self.size // N_OPEN)
        while True:
            while len(opened) < N_OPEN and (k := next(waiting, None)) is not None:
                opened.append((k, enumerate(self.source.pieces(k, size))))
            if not opened:
                return
            for shard in [*opened]:
                k, pieces = shard
                piece = next(pieces, None)
                if piece is None:
                    opened.remove(shard)
                    continue
                place, (X, y) = piece
                yield (k, place), X, y

    def _held_out(self, n_rows, name):
        """Tell which rows of a piece are held out, the same ones in every pass."""
        if not self.share:
            return np.zeros(n_rows, bool)
        return np.random.default_rng([self.seed, *name]).random(n_rows) < self.share

    def _checked(self, X, name):
        """Return X as an array, or say in what it differs from the first one."""
        columns = [str(c) for c in X.columns] if hasattr(X, "columns") else None
        columns = columns or self.source.columns
        X = np.asarray(X)
        if X.ndim != 2 or X.dtype.kind not in "biuf":
            raise ValueError(
                f"{_place(name)} has X of shape {X.shape} and type {X.dtype}; pass "
                "numbers, of shape (n_samples, n_features)."
            )
        form = (X.shape[1], columns, X.dtype.name)
        if self.form is None:
            self.form = form
        whats = ("a number of columns of", "the columns", "numbers of type")
        for what, now, first in zip(whats, form, self.form, strict=True):
            if now != first:
                raise ValueError(
                    f"{_place(name)} has X with {what} {now}, where the first one had "
                    f"{first}. All batches need the same columns, of the same type."
                )
        return X


def _group(parts):
    """Return the group of rows that pieces X, y, and which are held out, make up."""
    taken = []
    for wanted in (False, True):
        rows = [np.flatnonzero(held == wanted) for _, _, held in parts]
        X0 = parts[0][0]
        X = np.empty((sum(map(len, rows)), X0.shape[1]), X0.dtype)
        start = 0
        for (some, _, _), chosen in zip(parts, rows, strict=True):
            stop = start + len(chosen)
            np.take(some, chosen, axis=0, out=X[start:stop], mode="clip")
            start = stop
        y = [y[chosen] for (_, y, _), chosen in zip(parts, rows, strict=True)]
        taken += [X, np.concatenate(y)]
    return Group(*taken)


def ahead(groups):
    """Yield ``groups``, of which a thread prepares the next one in the meantime."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, groups, None)
        while (group := coming.result()) is not None:
            coming = thread.submit(next, groups, None)
            yield group


def _place(name):
    shard, piece = name
    return f"Batch {shard}" if piece == 0 else f"Piece {piece} of batch {shard}"
