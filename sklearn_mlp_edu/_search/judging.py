"""The held-out log losses of a stack of networks, epoch after epoch."""

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import SparseBatch, repeat
from .._engine import Plain
from .._lecture import Cache, Parameters, empty_output, forward

PIECE_BYTES = 2**20  # of a layer's values at a time


class Judge:
    """What a stack is judged by: the forward pass over some rows, prepared once.

    Parameters
    ----------
    network : Network
    theta : ndarray of shape (M, P)
        Parameters, which may change from one call of `losses` to the next.
    X : ndarray or CSR matrix of shape (n, d)
    Y : ndarray of shape (n, K)
    weight : ndarray of shape (n,) or None
    engineer : Plain or Compiled, default=Plain
        Prepares the pass.
    """

    def __init__(self, network, theta, X, Y, weight, engineer=Plain):
        self.loss, self.engineer, n_rows = network.loss, engineer, len(Y)
        share = np.ones(n_rows) if weight is None else weight
        self.share = share / share.sum()
        n_networks, sizes = len(theta), network.layer_sizes
        size = PIECE_BYTES // (max(sizes) * n_networks * theta.itemsize)
        size = min(n_rows, max(1, size))
        room = [np.empty((n_networks, size, n), theta.dtype) for n in sizes[1:-1]]
        logits = empty_output((n_networks, size, sizes[-1]), theta.dtype)
        parameters = Parameters(sizes, theta)
        self.pieces = []
        for start in range(0, n_rows, size):
            rows = slice(start, min(start + size, n_rows))
            m = rows.stop - start
            x = SparseBatch(X[rows]) if issparse(X) else X[rows]
            A = [None, *(array[:, :m] for array in room)]  # they take the place of Z
            cache = Cache(H=[x, *A[1:]], Z=[*A, logits[:, :m]], A=A)
            equations = forward(network, parameters.W, parameters.b, cache)
            step = engineer.prepare(equations)
            self.pieces.append((step, cache.Z[-1], Y[rows], self.share[rows]))

    def shrink(self, n_networks):
        """Go on with the first networks of the stack; tell whether that is possible."""
        if not self.engineer.shrink(n_networks):
            return False
        self.pieces = [
            (step, logits[:n_networks], Y, share)
            for step, logits, Y, share in self.pieces
        ]
        return True

    def losses(self):
        """Return the weighted mean log loss of each network, (M,), float64."""
        total = 0.0
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for step, logits, Y, share in self.pieces:
                repeat([step])
                total = total + self.loss.loss(logits, Y) @ share
        return np.where(np.isfinite(total), total, np.inf)
