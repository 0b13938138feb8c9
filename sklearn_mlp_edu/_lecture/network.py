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

Lists are indexed by the lecture's layer number. ``H[l]`` is what layer l + 1 reads:
``A[l]``, or with dropout ``A[l]`` ∘ ``mask[l]``. A line such as

    yield "3.2", g(Z[l], out=A[l])

is the equation a[l] = g(z[l]) with its number in the lecture. It is noted here, and
carried out by whoever asks for the equations, at once or again and again. "3.1" stands
for (3.3) and (3.5) too, which are (3.1) in the layers that follow, and so on.

All parameters lie in one flat array ``theta``, first every weight, then every bias; W
and b are views of it, so that an optimizer updates all layers at once. Its shape is
(P,), or (M, P) for M networks trained side by side: then every array above has a
leading axis of M, and the same lines compute M networks, because they act on the last
two axes only.
"""

from typing import NamedTuple

from .._arithmetic import add_multiple, affine, deferred, multiply, product
from .activations import Activation
from .losses import Loss


class Network(NamedTuple):
    """An architecture: neurons per layer n[0] … n[L], hidden activation g, loss."""

    layer_sizes: tuple[int, ...]
    activation: Activation
    loss: Loss


def forward(network, W, b, cache):
    """From x = a[0] to the logits z[L]: (3.1)–(3.5)."""
    A, H, Z, L = cache.A, cache.H, cache.Z, len(W) - 1
    g = deferred(network.activation.function)
    for l in range(1, L + 1):
        # (m, n[l-1]) (n[l-1], n[l]) + (1, n[l])
        yield "3.1", affine(H[l - 1], W[l], b[l], out=Z[l])
        if l < L:
            yield "3.2", g(Z[l], out=A[l])
            if cache.mask:
                yield "dropout", multiply(A[l], cache.mask[l], out=H[l])


def backward(network, W, cache, Y, weight, grad):
    """Fill ``grad`` with ∂J/∂W and ∂J/∂b by the chain rule, last layer first.

    ``weight`` is every example's share in the cost J: 1/B in a batch of B (3.32), or an
    array of shape (m, 1) for weighted examples (decision 7).
    """
    A, H, Z, delta, dA, L = cache.A, cache.H, cache.Z, cache.delta, cache.dA, len(W) - 1
    g_prime = deferred(network.activation.derivative)
    # a[L] − y  (3.21), (m, n[L])
    yield from network.loss.delta(Z[L], Y, out=delta[L], total=cache.total)
    yield "3.32", multiply(delta[L], weight, out=delta[L])
    for l in range(L, 0, -1):
        # (n[l-1], m) (m, n[l]), and the sum over examples: (1, m) (m, n[l])
        yield "3.27", product(H[l - 1].mT, delta[l], out=grad.W[l])
        yield "3.27", product(cache.ones, delta[l], out=grad.b[l])
        if l > 1:
            # (m, n[l]) (n[l], n[l-1]) ∘ g′
            yield "3.25", product(delta[l], W[l].mT, out=delta[l - 1])
            yield "3.28", g_prime(Z[l - 1], A[l - 1], out=dA[l - 1])
            yield "3.30", multiply(delta[l - 1], dA[l - 1], out=delta[l - 1])
            if cache.mask:
                mask = cache.mask[l - 1]
                yield "dropout", multiply(delta[l - 1], mask, out=delta[l - 1])


def add_l2_gradient(weights, alpha, grad):
    """∂J_L2/∂W = ∂J/∂W + λW: for weights only, never biases."""
    yield "3.37", add_multiple(alpha, weights, to=grad)
