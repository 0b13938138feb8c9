"""Fewer rows than columns: training in the space that the rows span.

What a unit of the first layer receives is x w + b, so of its weights w only the part in
the space of the rows can make a difference to them, and the gradient, a sum of rows,
has no other part. There are d weights, but n rows span n dimensions at most. With an
orthonormal basis Q of that space, of shape (d, n), x w = (x Q)(Qᵀ w): n coordinates of
each row and n weights do for all d of them. Steps of gradient descent are the same in
either, as rotations change no length and no angle; Adam's, which look at each weight by
itself, are not.

What initial weights have outside the space would never be trained, and only add noise
to other rows. It is left out.
"""

import numpy as np
from scipy.sparse import issparse

from .._lecture import Parameters, pack

SAME_IN_ANY_BASIS = ("sgd", "lbfgs")


def is_worth_it(network, X):
    """Tell whether rows are fewer than columns, and a basis makes no difference."""
    n_rows, n_features = X.shape
    dense = not issparse(X)
    return dense and n_rows < n_features and network.solver in SAME_IN_ANY_BASIS


def enter(run):
    """Let a run have its rows, and its first layer, in a basis; return that."""
    data, draft = run.data, run.draft
    X = data.X if data.scaling is None else data.scaling.standardised(data.X)
    basis, coordinates = np.linalg.qr(X.T)
    rows = np.ascontiguousarray(coordinates.T)
    run.data = data._replace(X=rows, scaling=None)
    draft.coefs_ = [basis.T @ draft.coefs_[0], *draft.coefs_[1:]]
    return basis


def leave(basis, draft, theta):
    """Let a draft have a first layer for all columns again, and return its theta."""
    trained = Parameters(draft._network().layer_sizes, theta)
    _, first, *others = trained.W
    draft.coefs_ = [basis @ first, *others]
    return pack(draft.coefs_, trained.b[1:])
