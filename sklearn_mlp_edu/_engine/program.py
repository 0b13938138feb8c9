"""Prepares operations as rows of integers, many mini-batches for one call."""

from functools import partial

import numpy as np

from .fusion import Fusion
from .layouts import ROW
from .library import runner
from .reading import Operand, read

WORK_OF_A_CALL = 1e8  # multiplications: a few hundredths of a second


class Compiled:
    """What prepares operations for compiled kernels, as `prepare` does for NumPy.

    Parameters
    ----------
    dtype : dtype
        Float type of all arrays.
    n_networks : int
        M for a stack of networks, 1 for a network.
    """

    def __init__(self, dtype, n_networks=1):
        self.fusion, self.templates = Fusion(dtype, n_networks), {}
        self.one = self.fusion.dtype.type(1)
        self.run = runner(self.fusion.dtype)

    def prepare(self, *steps):
        """Return the operations of steps as functions without arguments, for `repeat`.

        Operations without a compiled form are among them as they are.
        """
        pieces = [piece for equations in steps for piece in self._pieces(equations)]
        functions, waiting = [], []
        for piece in [*pieces, None]:
            if isinstance(piece, tuple):
                waiting.append(piece)
                continue
            if waiting:
                functions += self._calls(waiting)
                waiting = []
            if piece is not None:
                functions.append(piece)
        return functions

    def _pieces(self, equations):
        """Yield the rows of a step with their work, and NumPy's operations between."""
        operations = [one for _, several in equations for one in several]
        readings, addresses = read(operations, self.fusion.dtype)
        signature = self._signature(readings, addresses)
        if signature not in self.templates:
            self.templates[signature] = self.fusion.template(readings)
        template = self.templates[signature]
        rows = template.filled(addresses)
        for piece in template.order:
            if isinstance(piece, tuple):
                part = slice(*piece)
                yield rows[part], template.work[part], operations
            else:
                function, arguments, _ = operations[piece]
                yield partial(function, *arguments)

    def _signature(self, readings, addresses):
        """Return what decides which rows operations become, but for addresses."""
        first = {}
        same = tuple(first.setdefault(a, i) for i, a in enumerate(addresses))
        steps = ()
        if self.fusion.n_networks > 1:
            axpy = [o.address for r in readings if r.name == "axpy" for o in r.operands]
            steps = tuple(b - a for a, b in zip(axpy, axpy[3:], strict=False))
        forms = tuple(
            (
                reading.name,
                *(
                    operand[1:3] if isinstance(operand, Operand) else operand
                    for operand in reading.operands
                ),
            )
            for reading in readings
        )
        return forms, same, steps

    def _calls(self, waiting):
        """Return calls for rows, each so short that an interruption is soon noticed."""
        rows = np.concatenate([rows for rows, _, _ in waiting])
        work = np.cumsum(np.concatenate([work for _, work, _ in waiting]))
        arrays = [operations for _, _, operations in waiting]
        program = Program(rows, (arrays, self.fusion.kept))
        calls, start = [], 0
        while start < len(rows):
            limit = WORK_OF_A_CALL + (work[start - 1] if start else 0)
            stop = max(start + 1, int(np.searchsorted(work, limit, side="right")))
            calls.append(partial(program.run, self.run, start, stop, self.one))
            start = stop
        return calls


class Program:
    """Rows, and the arrays that they hold the addresses of, so that these stay."""

    def __init__(self, rows, arrays):
        self.rows, self.arrays = np.ascontiguousarray(rows), arrays
        self.address = self.rows.__array_interface__["data"][0]
        assert rows.shape[1] == ROW

    def run(self, run, start, stop, one):
        """Carry out some rows."""
        run(self.address, start, stop, one)
