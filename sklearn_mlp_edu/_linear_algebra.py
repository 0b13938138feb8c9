"""The linear algebra of a step, as operations: products, and sums of multiples."""

import numpy as np
from scipy.linalg.blas import daxpy, saxpy
from scipy.sparse import issparse
from scipy.sparse._sparsetools import csc_matvecs

AXPY = {"f": saxpy, "d": daxpy}  # by the float type's character

# OpenBLAS shares longer vectors out among threads, and those of SciPy's copy would get
# into the way of those of NumPy's, which multiply matrices.
PIECE = 10_000


def product(A, B, out):
    """Write A B into ``out``, by the quickest function for arrays like these.

    ``A`` may be sparse. Each of them may be a stack of matrices, along leading axes.
    """
    if issparse(A):
        yield sparse_product, A, B, out
    elif out.ndim == 2 and out.flags.c_contiguous:
        yield np.dot, A, B, out
    elif out.ndim == 2 and out.flags.f_contiguous:
        yield np.dot, B.T, A.T, out.T  # (A B)ᵀ
    else:
        yield np.matmul, A, B, out


def sparse_product(A, B, out):
    """Write A B into ``out``, where A is sparse and B may be a stack of matrices.

    A CSC matrix is the transpose of a batch, and the product as large as W[1]. For that
    one SciPy's own routine adds to ``out`` what its operator ``@`` would allocate.
    """
    for model in np.ndindex(B.shape[:-2]):
        if A.format == "csc":
            result, shape = out[model], (*A.shape, B.shape[-1])
            result.fill(0)
            columns = A.indptr, A.indices, A.data
            csc_matvecs(*shape, *columns, B[model].ravel(), result.reshape(-1))
        else:
            out[model] = A @ B[model]


def transposed(A):
    """Return Aᵀ, or the transpose of each matrix of a stack."""
    return A.T if A.ndim == 2 else A.mT


def add_multiple(y, a, x, scratch):
    """In place: y ← y + a x.

    ``a`` is a number for vectors, which BLAS takes in one pass through memory, and a
    column of numbers for a stack of vectors; ``scratch`` has room for the product.
    """
    if y.ndim > 1:
        yield np.multiply, x, a, scratch
        yield np.add, y, scratch, y
    elif y.size > PIECE:
        yield axpy_in_pieces, x, y, a
    elif y.size:
        yield AXPY[y.dtype.char], x, y, y.size, a


def axpy_in_pieces(x, y, a):
    """In place: y ← y + a x for long vectors."""
    axpy, stride = AXPY[y.dtype.char], 1
    for start in range(0, y.size, PIECE):
        n = min(PIECE, y.size - start)
        axpy(x, y, n, a, start, stride, start, stride)
