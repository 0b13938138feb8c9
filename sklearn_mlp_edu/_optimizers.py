"""Update rules: how a gradient changes the parameters.

An optimizer sees all parameters of a network as one flat array, (P,) or (M, P) for M
networks, and works in place. Its hyperparameters are numbers, or arrays of M of them.

To add one: write a class with ``step`` and ``state``, the arrays that it carries from
step to step.
"""

import numpy as np
from scipy.sparse import issparse


def per_network(value, like):
    """A hyperparameter as an array that broadcasts against ``like``, theta.

    One number becomes an array without axes, M numbers a column of shape (M, 1).
    """
    value = np.asarray(value, like.dtype)
    return value[:, np.newaxis] if value.ndim else value


def default_learning_rate(data, batch_size):
    """α = min(1, √(B/200)) / max(1, x̄²), for ``learning_rate_init="auto"``.

    x̄² is the mean square of the inputs, 1 when they are standardised: the curvature of
    the cost, which bounds a stable α, grows with it (LeCun, Bottou, Orr & Müller,
    "Efficient BackProp", 1998). The noise of a mini-batch gradient falls with √B, so
    batches of B < 200 get a smaller step (Krizhevsky, "One weird trick for
    parallelizing convolutional neural networks", 2014); "auto" and "full" do not.
    """
    mean_square = np.average(_mean_squares(data.X), weights=data.weight)
    noise = 1.0 if isinstance(batch_size, str) else min(1.0, (batch_size / 200) ** 0.5)
    return noise / max(1.0, float(mean_square))


def _mean_squares(X):
    """Each row's mean square, in double precision so as not to overflow."""
    if issparse(X):
        squares = np.concatenate([[0], np.cumsum(np.square(X.data, dtype=np.float64))])
        return np.diff(squares[X.indptr]) / X.shape[1]
    return np.einsum("ij,ij->i", X, X, dtype=np.float64) / X.shape[1]


class Optimizer:
    """Common to all update rules: what a stack of networks needs."""

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""
        for holder in (vars(self), self.state):
            for name, value in holder.items():
                if isinstance(value, np.ndarray) and value.ndim > 0:
                    holder[name] = value[mask]


class SGD(Optimizer):
    """Gradient descent with momentum, by a running average of gradients.

    v ← βv + (1−β) ∂J/∂θ,   θ ← θ − αv                          (3.33)
    θ ← θ − α (βv + (1−β) ∂J/∂θ)        Nesterov's variant (decision 9)

    v starts at 0; with β = 0 this is plain descent (3.10), (3.11), (3.31).

    ``state`` continues an earlier run: ``{"velocity": v}``, updated in place.
    """

    def __init__(self, theta, *, learning_rate, momentum, nesterov=False, state=None):
        beta = np.asarray(momentum)
        self.learning_rate = per_network(learning_rate, theta)
        self.momentum = per_network(beta, theta)
        self.gradient_share = per_network(1 - beta, theta)
        self.nesterov = nesterov
        self.state = state or {"velocity": np.zeros_like(theta)}

    def step(self, theta, grad):
        """Update ``theta`` in place; ``grad`` is overwritten."""
        v = self.state["velocity"]
        np.multiply(v, self.momentum, out=v)
        np.multiply(grad, self.gradient_share, out=grad)
        np.add(v, grad, out=v)  # v ← βv + (1−β) ∂J/∂θ
        if self.nesterov:
            descend(theta, grad, self.learning_rate, grad)
            descend(theta, v, self.learning_rate * self.momentum, grad)
        else:
            descend(theta, v, self.learning_rate, grad)


def descend(theta, direction, rate, scratch):
    """θ ← θ − rate · direction."""
    np.multiply(direction, rate, out=scratch)
    np.subtract(theta, scratch, out=theta)
