"""Compiles kernels, or fetches them from Numba's cache on disk."""

import logging
from functools import cache
from time import perf_counter

import numpy as np
from numba import cfunc, njit, types

from . import kernels
from .layouts import ROW
from .machine import call, pointer

FLOATS = {np.dtype(np.float32): types.float32, np.dtype(np.float64): types.float64}
REORDERED = {"contract", "reassoc", "nsz"}  # sums may be taken in any order
AS_WRITTEN = {"contract"}
SUMMING = {
    kernels.descend,
    kernels.descend_ahead,
    kernels.descend_by_adam,
    kernels.squared_norm,
}
ROW_BYTES = 8 * ROW

logger = logging.getLogger(__name__.partition(".")[0])


@cache
def address_of(kernel, dtype):
    """Return the address of the compiled kernel for a float type."""
    return _compiled(kernel, dtype).address


@cache
def _compiled(kernel, dtype):
    signature = types.void(types.CPointer(types.int64), FLOATS[dtype])
    options = {
        "error_model": "numpy",
        "fastmath": REORDERED if kernel in SUMMING else AS_WRITTEN,
    }
    started = perf_counter()
    try:
        compiled = cfunc(signature, cache=True, **options)(kernel)
    except RuntimeError:  # there is no place for a cache
        compiled = cfunc(signature, **options)(kernel)
    if not compiled.cache_hits:
        logger.info(
            "compiled %s for %s in %.1f s, once for all", kernel.__name__, dtype,
            perf_counter() - started,
        )  # fmt: skip
    return compiled


@cache
def runner(dtype):
    """Return a function that carries out rows, from one number to another."""
    signature = types.void(types.int64, types.int64, types.int64, FLOATS[dtype])
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(signature, cache=True, **options)(run)
    except RuntimeError:
        return njit(signature, **options)(run)


def run(program, start, stop, one):
    """Call the kernels of some rows, one after another."""
    for i in range(start, stop):
        row = pointer(program + i * ROW_BYTES, i)
        call(row[0], row, one)
