"""The forward pass over any number of examples, in little memory."""

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import SparseBatch, carry_out
from .memory import Cache, empty_output
from .network import forward

PREDICTION_BYTES = 2**20  # of each layer's values at a time


def predict(network, W, b, X, read, scaling=None):
    """What ``read`` makes of z[L], for any number of examples.

    They pass in pieces, so that little memory is needed beside X and the result, and
    are standardised by ``scaling`` where there is one. From a stack of M networks come
    results with a leading axis of M.
    """
    dtype = np.result_type(X.dtype, W[1].dtype)
    n_rows, sizes, lead = X.shape[0], network.layer_sizes, W[1].shape[:-2]
    row_bytes = max(sizes) * dtype.itemsize * int(np.prod(lead))
    piece = min(n_rows, max(1, PREDICTION_BYTES // row_bytes))
    room = [np.empty((*lead, piece, n), dtype) for n in sizes[1:-1]]
    logits, result = empty_output((*lead, piece, sizes[-1]), dtype), None
    for start in range(0, n_rows, piece):
        rows = slice(start, start + piece)
        x = X[rows] if scaling is None else scaling.standardised(X[rows])
        x = SparseBatch(x) if issparse(x) else x
        m = min(piece, n_rows - start)
        A = [None, *(array[..., :m, :] for array in room)]  # they take the place of Z
        cache = Cache(H=[x, *A[1:]], Z=[*A, logits[..., :m, :]], A=A)
        carry_out(forward(network, W, b, cache))
        values = read(cache.Z[-1])
        if result is None:
            shape = *lead, n_rows, *values.shape[len(lead) + 1 :]
            result = np.empty(shape, values.dtype)
        result[(*[slice(None)] * len(lead), rows)] = values
    return result
