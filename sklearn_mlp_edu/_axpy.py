"""Sums of multiples of arrays, of which updates of parameters consist."""

import numpy as np
from scipy.linalg.blas import daxpy, saxpy

AXPY = {"f": saxpy, "d": daxpy}  # by the float type's character

# OpenBLAS shares longer vectors out among threads, and those of SciPy's copy would get
# into the way of those of NumPy's, which multiply matrices.
PIECE = 10_000


def add_multiple(y, a, x, scratch):
    """In place: y ← y + a x.

    ``a`` is a number for vectors, which BLAS takes in one pass through memory, and a
    column of numbers for a stack of vectors; ``scratch`` has room for the product.
    """
    if y.ndim > 1:
        np.multiply(x, a, out=scratch)
        np.add(y, scratch, out=y)
        return
    axpy, size = AXPY[y.dtype.char], y.size
    if 0 < size <= PIECE:
        axpy(x, y, size, a)
        return
    for start in range(0, size, PIECE):
        n, stride = min(PIECE, size - start), 1
        axpy(x, y, n, a, start, stride, start, stride)


def decay_and_add(y, a, x, scratch):
    """In place: y ← a y + x; ``x`` is overwritten. All else is as above."""
    if y.ndim > 1:
        np.multiply(y, a, out=y)
        np.add(y, x, out=y)
    else:
        add_multiple(x, a, y, scratch)
        np.copyto(y, x)
