"""From the operations of a step to rows for kernels, by the rules."""

from typing import NamedTuple

import numpy as np

from .compilation import address_of
from .layouts import FIRST_OPERAND, ROW
from .reading import Operand
from .rules import RULES

STARTS = {}  # rules by the name of their first operation
for _rule in RULES:
    STARTS.setdefault(_rule.pattern[0][0], []).append(_rule)


class Template(NamedTuple):
    """What steps have in common that differ in nothing but where arrays lie."""

    rows: np.ndarray  # (n, ROW) of int64
    cells: np.ndarray  # places in the rows, counted through, that hold addresses
    sources: np.ndarray  # of which arrays, numbered in the order of the operations
    rooms: np.ndarray  # places that hold the address of room to work in
    room: int  # for how many numbers that is
    work: np.ndarray  # (n,) of float
    order: list  # of pieces: (start, stop) of rows, or the number of an operation
    kept: list  # arrays that rows hold the addresses of, and nobody else

    def filled(self, addresses, room):
        """Return the rows for arrays at these addresses, and room at that one."""
        rows = self.rows.copy()
        rows.reshape(-1)[self.cells] = np.array(addresses, np.int64)[self.sources]
        rows.reshape(-1)[self.rooms] = room
        return rows


class Fusion:
    """Applies the rules for one float type, to make one template."""

    def __init__(self, dtype):
        self.dtype = np.dtype(dtype)
        self.rooms, self.room, self.kept = [], 0, []

    def template(self, readings):
        """Return the `Template` of operations that have been read."""
        rows, cells, sources, work, order = [], [], [], [], []
        i = 0
        while i < len(readings):
            rule, row, length = self._first_fit(readings, i)
            if rule is None:
                order.append(i)
            elif rule.kernel is not None:
                numbers, places = self._encoded(rule.kernel, row, len(rows) * ROW)
                cells += [len(rows) * ROW + place for place, _ in places]
                sources += [source for _, source in places]
                if order and isinstance(order[-1], tuple):
                    order[-1] = order[-1][0], len(rows) + 1
                else:
                    order.append((len(rows), len(rows) + 1))
                rows.append(numbers)
                work.append(row.work)
            i += length
        return Template(
            np.array(rows, np.int64).reshape(-1, ROW),
            np.array(cells, np.intp),
            np.array(sources, np.intp),
            np.array(self.rooms, np.intp),
            self.room,
            np.array(work, float),
            order,
            self.kept,
        )

    def _first_fit(self, readings, i):
        """Return the rule for what begins at ``i``, its row, and how much it covers."""
        for rule in STARTS.get(readings[i].name, ()):
            length = len(rule.pattern)
            part = readings[i : i + length]
            names = unified(rule.pattern, part)
            if names is None:
                continue
            names["1"] = 1
            operands = [
                self._operand(names[name], kind)
                for name, kind in zip(rule.operands, rule.kinds, strict=True)
            ]
            others = readings[:i] + readings[i + length :]
            written = [names[variables[-1]] for _, variables in rule.pattern]
            if forgets_what_is_needed(written, operands, others):
                continue
            if rule.kernel is None:
                return rule, None, length
            row = rule.layout(operands, rule.kinds, self.dtype.itemsize)
            if row is not None:
                return rule, row, length
        return None, None, 1

    def _operand(self, value, kind):
        """Return an operand in memory, or an integer in the place of its address."""
        if isinstance(value, Operand):
            return value
        if kind == "integer":
            return Operand(value, (), (), -1)
        array = np.array(value, np.float64 if kind == "double" else self.dtype)
        self.kept.append(array)
        return Operand(array.__array_interface__["data"][0], (), (), -1)

    def _encoded(self, kernel, row, first):
        """Return a row's integers, and which of them are addresses of sources.

        ``first`` is the place of the row's first integer among those of all rows.
        """
        numbers = [address_of(kernel, self.dtype), row.networks, row.m, row.n]
        places = []
        for operand, step in row.operands:
            if operand.source >= 0:
                places.append((len(numbers), operand.source))
            numbers += [operand.address, step]
        if row.more:
            numbers += [0] * (FIRST_OPERAND + 8 - len(numbers))
            *more, room = row.more
            if room:
                self.rooms.append(first + len(numbers) + len(more))
                self.room = max(self.room, room)
            numbers += [*more, 0]
        return numbers + [0] * (ROW - len(numbers)), places


def unified(pattern, readings):
    """Return the operands by their names in the pattern, None if it does not fit."""
    if len(readings) < len(pattern):
        return None
    names = {}
    for (operation, variables), reading in zip(pattern, readings, strict=True):
        if reading.name != operation or len(variables) != len(reading.operands):
            return None
        for variable, operand in zip(variables, reading.operands, strict=True):
            known = names.setdefault(variable, operand)
            if known is not operand and not is_same(known, operand):
                return None
    return names


def is_same(a, b):
    """Tell whether two operands are the same array."""
    if not (isinstance(a, Operand) and isinstance(b, Operand)):
        return False
    return a._replace(source=b.source) == b


def forgets_what_is_needed(written, operands, others):
    """Tell whether a kernel lacks an operand that its pattern writes for others."""
    forgotten = {operand.address for operand in written}
    forgotten -= {operand.address for operand in operands}
    return any(
        isinstance(operand, Operand) and operand.address in forgotten
        for reading in others
        for operand in reading.operands
    )
