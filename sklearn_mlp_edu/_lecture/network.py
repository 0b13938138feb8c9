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

from .._arithmetic import add_multiple, product
from .activations import Activation
from .losses import MultilabelLogLoss

PREDICTION_BYTES = 2**20  # of each layer's values at a time


class Network(NamedTuple):
    """An architecture: neurons per layer n[0] … n[L], hidden activation g, loss."""

    layer_sizes: tuple[int, ...]
    activation: Activation
    loss: MultilabelLogLoss


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
