"""The network of the lecture: forward pass, backward pass, L2 cost. Read this first.

The lecture stacks examples as columns, scikit-learn as rows; here they are rows. With m
examples in a batch and n[l] neurons in layer l = 1 … L:

===========  ===============================  ==================
lecture      here                             shape
===========  ===============================  ==================
x = a[0]     ``H[0]``                         (m, n[0])
a[l]         ``A[l]``                         (m, n[l])
z[l]         ``Z[l]``                         (m, n[l])
∂L/∂z[l]     ``delta[l]``                     (m, n[l])
W[l]         ``W[l]``, the lecture's W[l]ᵀ    (n[l-1], n[l])
b[l]         ``b[l]``, the lecture's b[l]ᵀ    (1, n[l])
λ            ``alpha``                        () or (M, 1)
===========  ===============================  ==================

Lists are indexed by the lecture's layer number; their entry 0 is ``None`` where the
lecture has none.

All parameters lie in one flat array ``theta``, first every weight, then every bias; W
and b are views of it, so that an optimizer updates all layers at once. Its shape is
(P,), or (M, P) for M networks trained side by side: then every array above has a
leading axis of M, and the same lines compute M networks, because they act on the last
two axes only.

The passes are generators of operations, which `_operations` explains.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse

from ._activations import Activation
from ._linear_algebra import SparseBatch, add_multiple, product
from ._losses import MultilabelLogLoss
from ._operations import carry_out

PREDICTION_BYTES = 2**20  # of each layer's values at a time


class Network(NamedTuple):
    """An architecture: neurons per layer n[0] … n[L], hidden activation g, loss."""

    layer_sizes: tuple[int, ...]
    activation: Activation
    loss: MultilabelLogLoss


def count(layer_sizes):
    """P = Σ_l (n[l-1] + 1) n[l], weights and biases: (3.7), (3.8)."""
    pairs = zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairs)


def pack(W, b):
    """Return theta for one network, from the weights and biases of its layers."""
    return np.concatenate([array.ravel() for array in (*W, *b)])


class Parameters:
    """Weights and biases as views of the flat array ``theta``.

    Gradients have the same layout, so they are `Parameters` too.
    """

    def __init__(self, layer_sizes, theta):
        lead = theta.shape[:-1]
        self.theta = theta
        self.W, self.b = [None], [None]
        start = 0
        for fan_in, fan_out in zip(layer_sizes[:-1], layer_sizes[1:], strict=True):
            stop = start + fan_in * fan_out
            self.W.append(theta[..., start:stop].reshape(*lead, fan_in, fan_out))
            start = stop
        self.weights = theta[..., :start]  # every W and no b: what L2 acts on
        for fan_out in layer_sizes[1:]:
            stop = start + fan_out
            self.b.append(theta[..., start:stop].reshape(*lead, 1, fan_out))
            start = stop


class Cache:
    """What the forward pass leaves for the backward pass (L12), and room for both.

    Allocated once for batches of up to ``m`` examples; ``lead`` is () for one network
    and (M,) for a stack. `bind` ties it to a batch.

    ``H[l]`` is what the next layer reads: A[l] itself, or with dropout A[l] ∘ mask[l],
    where the masks, of 0 and 1/(1−p), are the same for all networks of a stack.
    """

    def __init__(self, layer_sizes, m, lead, dtype, dropout=False):
        hidden = layer_sizes[1:-1]

        def room(*lead):
            return [None, *(np.empty((*lead, m, n), dtype) for n in hidden)]

        self.A, self.Z, self.delta, self.dA = (room(*lead) for _ in range(4))
        self.dropout = dropout
        self.mask, self.H = (room(), room(*lead)) if dropout else ([None], [None])
        self.delta.append(empty_output((*lead, m, layer_sizes[-1]), dtype))
        self.ones = np.ones((1, m), dtype)

    def bind(self, A0, logits, total):
        """Return a cache that reads x from ``A0`` and writes z[L] into ``logits``.

        It shares this one's memory: of all batches bound to one cache, only the values
        of the latest pass are there.
        """
        m = logits.shape[-2]

        def first_rows(room):
            return [None, *(array[..., :m, :] for array in room[1:])]

        bound = object.__new__(Cache)
        bound.A = first_rows(self.A)
        bound.mask, bound.dropout = first_rows(self.mask), self.dropout
        bound.H = [A0, *(first_rows(self.H) if self.dropout else bound.A)[1:]]
        bound.Z = [*first_rows(self.Z), logits]
        bound.delta, bound.dA = first_rows(self.delta), first_rows(self.dA)
        bound.total, bound.ones = total, self.ones[:, :m]
        return bound

    @classmethod
    def for_prediction(cls, A0, room, logits):
        """Return a cache that suffices for a forward pass.

        Activations take the place of linear variables in ``room``, an array for each
        hidden layer, of as many rows as there are in ``A0`` or more.
        """
        cache, m = object.__new__(cls), A0.shape[0]
        A0 = SparseBatch(A0) if issparse(A0) else A0
        cache.A = [None, *(array[:m] for array in room)]
        cache.H, cache.Z = [A0, *cache.A[1:]], [*cache.A, logits[:m]]
        cache.dropout = False
        return cache

    def draw_masks(self, p, rng):
        """Leave out each hidden unit with probability ``p``, scale up the others.

        Srivastava et al., "Dropout: a simple way to prevent neural networks from
        overfitting", JMLR 2014, in its inverted form: predictions need no change.
        """
        for mask in self.mask[1:]:
            rng.random(out=mask, dtype=mask.dtype)
            np.greater_equal(mask, p, out=mask)
            np.multiply(mask, 1 / (1 - p), out=mask)


def empty_output(shape, dtype):
    """Room for z[L] of shape (…, m, n[L]), with examples as neighbours in memory.

    NumPy then works along the many examples instead of the few outputs of each, which
    makes softmax three times faster.
    """
    *lead, m, n_outputs = shape
    return np.empty((*lead, n_outputs, m), dtype).swapaxes(-1, -2)


def forward(network, W, b, cache):
    """From x = ``H[0]`` to the logits ``Z[L]``: (3.1)–(3.5)."""
    A, H, Z = cache.A, cache.H, cache.Z
    g, last = network.activation.function, len(W) - 1
    for l in range(1, last + 1):
        yield from product(H[l - 1], W[l], Z[l])  # (m, n[l-1]) (n[l-1], n[l])
        yield np.add, Z[l], b[l], Z[l]
        if l < last:
            yield g, Z[l], A[l]
            if cache.dropout:
                yield np.multiply, A[l], cache.mask[l], H[l]


def backward(network, W, cache, Y, weight, grad):
    """Fill ``grad`` with ∂J/∂W and ∂J/∂b by the chain rule, last layer first.

    ``weight`` is every example's share in the cost J: 1/B in a batch of B (3.32), or an
    array of shape (m, 1) for weighted examples (decision 7).
    """
    A, H, Z, delta, dA = cache.A, cache.H, cache.Z, cache.delta, cache.dA
    g_prime, last = network.activation.derivative, len(W) - 1
    # a[L] − y  (3.21), (m, n[L])
    yield from network.loss.delta(Z[last], Y, delta[last], cache.total)
    yield np.multiply, delta[last], weight, delta[last]
    for l in range(last, 0, -1):
        # (n[l-1], m) (m, n[l])  (3.27), and the sum over rows: (1, m) (m, n[l])
        yield from product(H[l - 1].mT, delta[l], grad.W[l])
        yield from product(cache.ones, delta[l], grad.b[l])
        if l > 1:
            # (m, n[l]) (n[l], n[l-1]), then ∘ g′  (3.30)
            yield from product(delta[l], W[l].mT, delta[l - 1])
            yield g_prime, Z[l - 1], A[l - 1], dA[l - 1]
            yield np.multiply, delta[l - 1], dA[l - 1], delta[l - 1]
            if cache.dropout:
                yield np.multiply, delta[l - 1], cache.mask[l - 1], delta[l - 1]


def add_l2_gradient(weights, alpha, grad):
    """∂J_L2/∂W = ∂J/∂W + λW (3.37): for weights only, never biases."""
    yield from add_multiple(grad, alpha, weights)


def predict(network, W, b, X, read):
    """What ``read`` makes of z[L], for any number of examples.

    They pass in pieces, so that little memory is needed beside X and the result.
    """
    dtype = np.result_type(X.dtype, W[1].dtype)
    n_rows, sizes = X.shape[0], network.layer_sizes
    piece = min(n_rows, max(1, PREDICTION_BYTES // (max(sizes) * dtype.itemsize)))
    room = [np.empty((piece, n), dtype) for n in sizes[1:-1]]
    logits, result = empty_output((piece, sizes[-1]), dtype), None
    for start in range(0, n_rows, piece):
        rows = slice(start, start + piece)
        cache = Cache.for_prediction(X[rows], room, logits)
        carry_out(forward(network, W, b, cache))
        values = read(cache.Z[-1])
        if result is None:
            result = np.empty((n_rows, *values.shape[1:]), values.dtype)
        result[rows] = values
    return result
