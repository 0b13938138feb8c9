"""The linear algebra of a step, to be carried out later (see `operations`)."""

import numpy as np
from scipy.linalg.blas import daxpy, saxpy
from scipy.sparse import issparse
from scipy.sparse._sparsetools import csc_matvecs

from .operations import add, prepare

AXPY = {"f": saxpy, "d": daxpy}  # by the float type's character

# OpenBLAS shares longer vectors out among threads, and those of SciPy's copy would get
# into the way of those of NumPy's, which multiply matrices.
PIECE = 10_000


def product(A, B, out):
    """Note: out ← A B, by the quickest function for arrays like these.

    ``A`` may be a `SparseBatch`, and each array a stack of matrices.
    """
    if not isinstance(A, np.ndarray):
        function, arguments = A.multiply, (B, out)
    elif out.ndim == 2 and out.flags.c_contiguous:
        function, arguments = np.dot, (A, B, out)
    elif out.ndim == 2 and out.flags.f_contiguous:
        function, arguments = np.dot, (B.T, A.T, out.T)  # (A B)ᵀ
    elif A.shape[-1] == 1:
        function, arguments = np.multiply, (A, B, out)  # quicker for a stack of these
    else:
        function, arguments = np.matmul, (A, B, out)
    return [(function, arguments, out)]


def affine(A, W, b, out):
    """Note: out ← A W + b."""
    return product(A, W, out=out) + add(out, b, out=out)


def squared_length(x, out):
    """Note: out ← ‖x‖², for a vector or each of a stack of them."""
    dot = np.dot if x.ndim == 1 else np.vecdot  # for the speed
    return [(dot, (x, x, out), out)]


def largest_of_rows(A, out):
    """Note: out ← the largest value of each row, which remains an axis of length 1."""
    over_columns, keepdims = -1, True
    return [(np.maximum.reduce, (A, over_columns, None, out, keepdims), out)]


class SparseBatch:
    """A mini-batch of sparse examples, whose place others take: ``rows``, CSR."""

    def __init__(self, rows=None):
        self.rows = rows

    @property
    def mT(self):
        """Its transpose, which has a product too."""
        return TransposedBatch(self)

    def multiply(self, B, out):
        """Write the product with ``B``, a matrix or a stack of them, into ``out``."""
        for model in np.ndindex(B.shape[:-2]):
            out[model] = self.rows @ B[model]


class TransposedBatch:
    """The transpose of a `SparseBatch`."""

    def __init__(self, batch):
        self.batch = batch

    def multiply(self, B, out):
        """Write the product with ``B``, a matrix or a stack of them, into ``out``.

        It is as large as W[1]. SciPy's own routine for CSC matrices, such as the
        transpose is, adds to ``out`` what the operator ``@`` would allocate.
        """
        rows = self.batch.rows
        columns = rows.indptr, rows.indices, rows.data
        out.fill(0)
        for model in np.ndindex(B.shape[:-2]):
            vectors, result = B[model].ravel(), out[model].reshape(-1)
            csc_matvecs(*rows.shape[::-1], B.shape[-1], *columns, vectors, result)


def add_multiple(a, x, to):
    """Note: y ← y + a x, in one pass through memory, where y is ``to``.

    ``a`` is a number for vectors, and a column of numbers for a stack of vectors.
    """
    y = to
    if not y.size:
        return []
    if y.ndim > 1:
        rows = (add_multiple(a[k, 0, ...], x[k], y[k]) for k in range(len(y)))
        return [(axpy_of_stack, (x, y, a, prepare(enumerate(rows))), y)]
    if y.size > PIECE:
        return [(axpy_in_pieces, (x, y, a), y)]
    return [(AXPY[y.dtype.char], (x, y, y.size, a), y)]


def axpy_of_stack(x, y, a, prepared):
    """In place: y ← y + a x for each vector of a stack, by what is prepared for it."""
    for operation in prepared:
        operation()


def axpy_in_pieces(x, y, a):
    """In place: y ← y + a x for long vectors."""
    axpy, stride = AXPY[y.dtype.char], 1
    for start in range(0, y.size, PIECE):
        n = min(PIECE, y.size - start)
        axpy(x, y, n, a, start, stride, start, stride)


def moved_up(array, mask):
    """Return the rows that ``mask`` selects, now at the front of the array's memory."""
    front = array[: np.count_nonzero(mask)]
    front[...] = array[mask]
    return front


def gather(X, rows, out):
    """Copy rows of ``X`` into ``out``, a matrix in the layout of an array X."""
    if issparse(X):
        X[rows].toarray(out=out)
    elif X.flags.c_contiguous:  # mode="clip" spares np.take a temporary array
        np.take(X, rows, axis=0, out=out, mode="clip")
    elif X.flags.f_contiguous:
        np.take(X.T, rows, axis=1, out=out.T, mode="clip")
    else:
        out[...] = X[rows]
