"""Update rules: how a gradient changes the parameters.

An optimizer sees all parameters of a network as one flat array, (P,) or (M, P) for M
networks, and works in place. Its hyperparameters are numbers, or arrays of M of them.

To add one: write a class with ``step``, with ``state``, which it carries from step to
step, and with ``settings``, the estimator's parameters that it needs; add one line to
`OPTIMIZERS`.
"""

import math

import numpy as np
from scipy.sparse import issparse

from ._axpy import add_multiple, decay_and_add


def per_network(value, like):
    """A hyperparameter as an array that broadcasts against ``like``, theta.

    It has no axes for one network, and is a column of shape (M, 1) for M of them.
    """
    values = np.full(like.shape[:-1], value, like.dtype)
    return values[:, np.newaxis] if values.ndim else values


class Optimizer:
    """Common to all update rules.

    ``step`` acts on all parameters, or on a part of them with the same part of the
    state, as every number is updated on its own.
    """

    def start_epoch(self):
        """Take note that an epoch begins; its learning rate is set."""

    def start_step(self):
        """Take note that a step begins, in one or more parts."""

    def part_of_state(self, columns):
        """Return views of what ``step`` keeps for these columns of theta."""
        return [self.state[name][..., columns] for name in self.kept]

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

    v starts at 0; with β = 0 this is plain descent (3.10), (3.11), (3.31). What is kept
    is the sum behind that average, u = v/(1−β), which saves a multiplication:

    u ← βu + ∂J/∂θ,   θ ← θ − α(1−β) u.

    ``state`` continues an earlier run: ``{"sum": u, "share": 1−β}``, updated in place.
    Where β is another now, it is v that goes on.
    """

    settings = ("momentum", "nesterovs_momentum")
    kept = ("sum",)

    @staticmethod
    def default_learning_rate(data, batch_size):
        """α = min(1, √(B/200)) / max(1, x̄², d x̄²/2000), for "auto".

        x̄² is the mean square of the d inputs, 1 when they are standardised: the
        curvature of the cost, which bounds a stable α, grows with it, and with the
        squared length d x̄² of correlated inputs such as pixels (LeCun, Bottou, Orr &
        Müller, "Efficient BackProp", 1998). The noise of a mini-batch gradient falls
        with √B, so batches of B < 200 get a smaller step (Krizhevsky, "One weird trick
        for parallelizing convolutional neural networks", 2014); "auto" and "full" do
        not.
        """
        rows = slice(None) if data.rows is None else data.rows
        weight = None if data.weight is None else data.weight[rows]
        mean_square = np.average(_mean_squares(data.X)[rows], weights=weight)
        noise = (
            1 if isinstance(batch_size, str) else min(1, math.sqrt(batch_size / 200))
        )
        squared_length = data.X.shape[1] * mean_square
        return noise / max(1.0, float(mean_square), float(squared_length) / 2000)

    def __init__(
        self, theta, *, learning_rate, momentum, nesterovs_momentum=False, state=None
    ):
        beta = np.asarray(momentum)
        self.learning_rate = per_network(learning_rate, theta)
        self.momentum = per_network(beta, theta)
        self.nesterov = nesterovs_momentum
        share = per_network(1 - beta, theta)
        self.state = state or {"sum": np.zeros_like(theta), "share": share}
        self.state["sum"] *= self.state["share"] / share
        self.state["share"] = share

    def start_epoch(self):
        """Take note that an epoch begins; its learning rate is set."""
        self.minus_rate = -self.learning_rate * self.state["share"]
        self.minus_rate_ahead = self.minus_rate * self.momentum

    def step(self, theta, grad, scratch, u):
        """Update ``theta`` in place; ``grad`` and ``scratch`` are overwritten."""
        if self.nesterov:
            add_multiple(theta, self.minus_rate, grad, scratch)
        decay_and_add(u, self.momentum, grad, scratch)
        rate = self.minus_rate_ahead if self.nesterov else self.minus_rate
        add_multiple(theta, rate, u, scratch)


class Adam(Optimizer):
    """Steps scaled by running averages of the gradient and of its square.

    m ← β₁m + (1−β₁) g,   s ← β₂s + (1−β₂) g²,
    θ ← θ − α m/(1−β₁ᵗ) / (√(s/(1−β₂ᵗ)) + ε)

    Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
    """

    settings = ("beta_1", "beta_2", "epsilon")
    kept = ("mean", "square")

    @staticmethod
    def default_learning_rate(data, batch_size):
        """α = 0.001, the paper's: the gradient's scale does not matter to Adam."""
        return 0.001

    def __init__(self, theta, *, learning_rate, beta_1, beta_2, epsilon, state=None):
        self.learning_rate = per_network(learning_rate, theta)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        zeros = np.zeros_like
        self.state = state or {"t": 0, "mean": zeros(theta), "square": zeros(theta)}

    def start_step(self):
        """Take note that a step begins, in one or more parts."""
        self.state["t"] += 1

    def step(self, theta, grad, scratch, mean, square):
        """Update ``theta`` in place; ``grad`` and ``scratch`` are overwritten."""
        t = self.state["t"]
        np.multiply(mean, self.beta_1, out=mean)
        np.multiply(grad, 1 - self.beta_1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.multiply(square, self.beta_2, out=square)
        np.multiply(grad, grad, out=grad)
        np.multiply(grad, 1 - self.beta_2, out=grad)
        np.add(square, grad, out=square)
        np.divide(square, 1 - self.beta_2**t, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.add(scratch, self.epsilon, out=scratch)
        np.divide(mean, scratch, out=grad)
        add_multiple(theta, -self.learning_rate / (1 - self.beta_1**t), grad, scratch)


def _mean_squares(X):
    """Each row's mean square."""
    if issparse(X):
        squares = np.concatenate([[0], np.cumsum(np.square(X.data, dtype=np.float64))])
        return np.diff(squares[X.indptr]) / X.shape[1]
    squares = np.einsum("ij,ij->i", X, X)
    if not np.isfinite(squares).all():  # too large for the float type of X
        squares = np.einsum("ij,ij->i", X, X, dtype=np.float64)
    return squares.astype(np.float64) / X.shape[1]


OPTIMIZERS = {"sgd": SGD, "adam": Adam}


class Constant:
    """α stays as it is."""

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        return np.zeros_like(over)


class InverseScaling(Constant):
    """α / tᵖ in epoch t."""

    def __init__(self, learning_rate, power):
        self.learning_rate, self.power = learning_rate, power

    def start_epoch(self, epoch, optimizer):
        """Set the learning rate for an epoch, counted from 1."""
        rate = optimizer.learning_rate
        rate[...] = self.learning_rate / epoch**self.power


class Adaptive(Constant):
    """α is divided by 5 whenever patience is over, until it is below 10⁻⁶."""

    def go_on(self, over, optimizer):
        """Tell which of the networks whose patience is over shall train on."""
        rate = np.atleast_2d(optimizer.learning_rate)[:, 0]
        lower = over & (rate > 1e-6)
        rate[lower] /= 5
        return lower
