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


class Rows(NamedTuple):
    """Some rows: inputs, targets, and weights if they have any."""

    X: np.ndarray
    y: np.ndarray
    weight: np.ndarray | None = None


class Group(NamedTuple):
    """Rows to learn from, and rows to validate on; None if there are none."""

    learned: Rows | None
    held: Rows | None


class Reader:
    """Reads a source in groups of ``size`` rows to learn from; the last has the rest.

    ``share`` is the part of the rows that is held out, which the first pass brings. All
    pieces have to be like the first one that was ever read, whose ``form`` is kept.
    """

    def __init__(self, source, size, share, seed, shuffle, form=None):
        self.source, self.size, self.share = source, size, share
        self.seed, self.shuffle, self.form = seed, shuffle, form

    def groups(self, number):
        """Yield the groups of a pass, which is told its number."""
        groups = self._groups(number)
        return ahead(groups) if self.source.reads_ahead else groups

    def _groups(self, number):
        chosen, held, n_rows = [], [], 0
        for name, piece in self._pieces(number):
            rows = self._checked(piece, name)
            aside = self._held_out(len(rows.y), name)
            if number == 0:
                held.append((rows, np.flatnonzero(aside)))
            left = np.flatnonzero(~aside)
            while n_rows + len(left) >= self.size:
                now, left = np.split(left, [self.size - n_rows])
                yield Group(_gathered([*chosen, (rows, now)]), _gathered(held))
                chosen, held, n_rows = [], [], 0
            chosen.append((rows, left))
            n_rows += len(left)
        last = Group(_gathered(chosen), _gathered(held))
        if last.learned is not None or last.held is not None:
            yield last

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
                place, parts = piece
                yield (k, place), parts

    def _held_out(self, n_rows, name):
        """Tell which rows of a piece are held out, the same ones in every pass."""
        if not self.share:
            return np.zeros(n_rows, bool)
        return np.random.default_rng([self.seed, *name]).random(n_rows) < self.share

    def _checked(self, piece, name):
        """Return `Rows`, or say in what they differ from the first ones."""
        X, y, weight = piece
        columns = [str(c) for c in X.columns] if hasattr(X, "columns") else None
        columns = columns or self.source.columns
        X = np.asarray(X)
        if X.ndim != 2 or X.dtype.kind not in "biuf":
            raise ValueError(
                f"{_place(name)} has X of shape {X.shape} and type {X.dtype}; pass "
                "numbers, of shape (n_samples, n_features)."
            )
        kind = "text" if y.dtype.kind in "USO" else "numbers"
        targets = kind if y.ndim == 1 else f"{kind} in {y.shape[1]} columns"
        weighted = "no weights" if weight is None else "weights"
        form = (X.shape[1], columns, X.dtype.name, targets, weighted)
        if self.form is None:
            self.form = form
        whats = (
            "X with a number of columns of",
            "X with the columns",
            "X with numbers of type",
            "targets that are",
            "rows with",
        )
        for what, now, first in zip(whats, form, self.form, strict=True):
            if now != first:
                raise ValueError(
                    f"{_place(name)} has {what} {now}, where the first one had {first}."
                    " All batches need the same columns, of the same type, targets of "
                    "one kind, and weights or none."
                )
        return Rows(X, y, weight)


def _gathered(parts):
    """Return those of each part's rows that are chosen, together; None if none are."""
    parts = [(rows, chosen) for rows, chosen in parts if len(chosen)]
    if not parts:
        return None
    first = parts[0][0]
    n_rows = sum(len(chosen) for _, chosen in parts)
    X = np.empty((n_rows, first.X.shape[1]), first.X.dtype)
    start = 0
    for rows, chosen in parts:
        stop = start + len(chosen)
        np.take(rows.X, chosen, axis=0, out=X[start:stop], mode="clip")
        start = stop
    y = np.concatenate([rows.y[chosen] for rows, chosen in parts])
    if first.weight is None:
        return Rows(X, y)
    return Rows(X, y, np.concatenate([rows.weight[chosen] for rows, chosen in parts]))


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
