"""Prepares operations as rows of integers, many mini-batches for one call."""

from functools import partial
from typing import NamedTuple

import numpy as np

from .compilation import runner
from .fusion import Fusion
from .layouts import ROW
from .reading import Operand, read

MANY = 8  # steps, of which some need not be read
TEMPLATES = {}  # of all trainings, by what decides which rows operations become
MOST_TEMPLATES = 256
WORK_OF_A_CALL = 1e8  # multiplications: a few hundredths of a second


class Rows(NamedTuple):
    """A part of a step that is compiled."""

    numbers: np.ndarray  # (n, ROW) of int64
    work: np.ndarray  # (n,)
    arrays: tuple  # what holds them: operations, constants, room


class Compiled:
    """What prepares operations for compiled kernels, as `prepare` does for NumPy.

    Parameters
    ----------
    dtype : dtype
        Float type of all arrays.
    n_networks : int or None
        M for a stack of networks, None for a network.
    """

    def __init__(self, dtype, n_networks=None):
        self.dtype, self.n_networks = np.dtype(dtype), n_networks
        self.one, self.run = self.dtype.type(1), runner(self.dtype)
        self.room = np.empty(0, self.dtype)
        self.programs, self.is_whole = [], True

    def prepare(self, *steps):
        """Return the operations of steps as functions without arguments, for `repeat`.

        Operations without a compiled form are among them as they are.
        """
        functions, waiting = [], []
        for piece in [*(p for step in self._read_all(steps) for p in step), None]:
            if isinstance(piece, Rows):
                waiting.append(piece)
                continue
            if waiting:
                functions += self._calls(waiting)
                waiting = []
            if piece is not None:
                functions.append(piece)
                self.is_whole = False
        return functions

    def shrink(self, n_networks):
        """Go on with the first networks of the stack; tell whether that is possible.

        It is not where NumPy carries out a part, for all of them.
        """
        if self.is_whole:
            for program in self.programs:
                program.shrink(self.n_networks, n_networks)
            self.n_networks = n_networks
        return self.is_whole

    def _read_all(self, steps):
        """Return the pieces of all steps.

        In a long row of steps every second one has the same operations, on arrays that
        lie a constant step further on. Where the first and the last ones confirm that,
        those between are not even generated.
        """
        n_paired = len(steps) - len(steps) % 2
        if n_paired < MANY:
            return [self._read(equations) for equations in steps]
        ends = [0, 1, 2, 3, n_paired - 2, n_paired - 1]
        pieces = {k: self._read(steps[k]) for k in ends}
        progressions = [
            progression([pieces[k] for k in ends[place::2]], n_paired // 2)
            for place in (0, 1)
        ]
        for k in range(len(steps)):
            if k < n_paired and None not in progressions:
                pieces[k] = progressions[k % 2][k // 2]
            elif k not in pieces:
                pieces[k] = self._read(steps[k])
        return [pieces[k] for k in range(len(steps))]

    def _read(self, equations):
        """Return the rows of a step, in pieces with NumPy's operations between."""
        operations = [one for _, several in equations for one in several]
        readings, addresses = read(operations, self.dtype)
        template = template_of(readings, addresses, self.dtype)
        if self.room.size < template.room:
            self.room = np.empty(template.room, self.dtype)
        rows = template.filled(addresses, self.room.__array_interface__["data"][0])
        arrays, pieces = (operations, template.kept, self.room), []
        for piece in template.order:
            if isinstance(piece, tuple):
                part = slice(*piece)
                pieces.append(Rows(rows[part], template.work[part], arrays))
            else:
                function, arguments, _ = operations[piece]
                pieces.append(partial(function, *arguments))
        return pieces

    def _calls(self, waiting):
        """Return calls for rows, each so short that an interruption is soon noticed."""
        rows = np.concatenate([piece.numbers for piece in waiting])
        work = np.cumsum(np.concatenate([piece.work for piece in waiting]))
        program = Program(rows, [piece.arrays for piece in waiting])
        self.programs.append(program)
        calls, start = [], 0
        while start < len(rows):
            limit = WORK_OF_A_CALL + (work[start - 1] if start else 0)
            stop = max(start + 1, int(np.searchsorted(work, limit, side="right")))
            calls.append(partial(program.run, self.run, start, stop, self.one))
            start = stop
        return calls


def template_of(readings, addresses, dtype):
    """Return the `Template` of operations that have been read; made once for its kind.

    Folds and later trainings of the same sizes share it.
    """
    first = {}
    same = tuple([first.setdefault(a, i) for i, a in enumerate(addresses)])
    forms = tuple(
        [
            (reading.name, *[o[1:3] if isinstance(o, Operand) else o for o in operands])
            for reading in readings
            for operands in [reading.operands]
        ]
    )
    signature = dtype, forms, same
    template = TEMPLATES.get(signature)
    if template is None:
        if len(TEMPLATES) >= MOST_TEMPLATES:
            TEMPLATES.clear()
        template = TEMPLATES[signature] = Fusion(dtype).template(readings)
    return template


def progression(steps, n):
    """Return ``n`` steps at constant distances: the first, the second, …, the last.

    ``steps`` are these three. None if that is not what they are.
    """
    if any(len(step) != 1 or not isinstance(step[0], Rows) for step in steps):
        return None
    first, second, last = (step[0] for step in steps)
    if not first.numbers.shape == second.numbers.shape == last.numbers.shape:
        return None
    distance = second.numbers - first.numbers
    if not np.array_equal(last.numbers, first.numbers + (n - 1) * distance):
        return None
    numbers = (first.numbers + k * distance for k in range(n))
    return [[first._replace(numbers=one)] for one in numbers]


class Program:
    """Rows, and the arrays that they hold the addresses of, so that these stay."""

    def __init__(self, rows, arrays):
        self.rows, self.arrays = np.ascontiguousarray(rows), arrays
        self.address = self.rows.__array_interface__["data"][0]
        assert rows.shape[1] == ROW

    def shrink(self, before, now):
        """Let rows for so many networks be for the first ones only, so many now."""
        n_networks = self.rows[:, 1]
        n_networks[n_networks == before] = now

    def run(self, run, start, stop, one):
        """Carry out some rows."""
        run(self.address, start, stop, one)
