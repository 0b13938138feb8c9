"""Update rules: how a gradient changes the parameters.

An optimizer sees all parameters of a network as one flat array, (P,) or (M, P) for M
networks, and works in place. Its hyperparameters are numbers, or arrays of M of them.

To add one: write a class with ``step``, which generates equations as `network` does,
with ``state``, which it carries from step to step, with ``degrees``, the names of the
arrays in it, and with ``settings``, the estimator's parameters that it needs; add one
line to `OPTIMIZERS`. Equations are prepared once, so what changes later, such as a
rate, must be an array changed in place.
"""

import numpy as np

from .._arithmetic import (
    add,
    add_multiple,
    deferred,
    divide,
    moved_up,
    multiply,
    sqrt,
)
from .network import add_l2_gradient


def per_network(value, like):
    """A hyperparameter as an array that broadcasts against ``like``, theta.

    It has no axes for one network, and is a column of shape (M, 1) for M of them.
    """
    values = np.full(like.shape[:-1], value, like.dtype)
    return values[:, np.newaxis] if values.ndim else values


class Optimizer:
    """Common to all update rules.

    The learning rate α is ``initial_rate``, times what a schedule makes of it.
    """

    degrees = {}  # arrays in the state: averages of gradients, or of squares of them
    leaves_state_in_grad = False  # the new value of the only array that is kept
    decouples = False  # L2 from the cost: λ is then the optimizer's own

    def __init__(self, theta, learning_rate):
        self.initial_rate = per_network(learning_rate, theta)
        self.learning_rate = self.initial_rate.copy()

    def start_epoch(self):
        """Take note that an epoch begins; its learning rate is set."""

    def start_step(self):
        """Generate what comes before L2 and the update."""
        return ()

    def regularise(self, W, alpha, grad):
        """Generate how λ acts on weights, here by their gradient in J_L2."""
        yield from add_l2_gradient(W, alpha, grad)

    def keep(self, mask):
        """Go on with those networks of the stack that ``mask`` selects."""
        for holder in (vars(self), self.state):
            for name, value in holder.items():
                if isinstance(value, np.ndarray) and value.ndim > 0:
                    holder[name] = moved_up(value, mask)


class SGD(Optimizer):
    """Gradient descent with momentum, by a running average of gradients.

    v ← βv + (1−β) ∂J/∂θ,   θ ← θ − αv                          (3.33)
    θ ← θ − α (βv + (1−β) ∂J/∂θ)        Nesterov's variant (decision 9)

    v starts at 0; with β = 0 this is plain descent (3.10), (3.11), (3.31). What is kept
    is the sum behind that average, u = v/(1−β), which saves a multiplication:

    u ← βu + ∂J/∂θ,   θ ← θ − α(1−β) u.

    ``state`` continues an earlier run: ``{"sum": u, "share": 1−β}``, updated in place.
    Where β is another now, it is v that goes on; with β = 1, which takes no gradient
    in, v is 0.
    """

    settings = ("momentum", "nesterovs_momentum")
    degrees = {"sum": 1}
    leaves_state_in_grad = True

    def __init__(
        self, theta, *, learning_rate, momentum, nesterovs_momentum=False, state=None
    ):
        super().__init__(theta, learning_rate)
        beta = np.asarray(momentum)
        self.momentum = per_network(beta, theta)
        self.minus_rate = np.empty_like(self.momentum)  # of u: −α(1−β)
        self.minus_rate_ahead = np.empty_like(self.momentum)  # β times that
        self.nesterov = nesterovs_momentum
        share = per_network(1 - beta, theta)
        self.state = state or {"sum": np.zeros_like(theta), "share": share}
        before = self.state["share"]
        self.state["sum"] *= np.divide(
            before, share, out=np.zeros_like(share), where=share > 0
        )
        self.state["share"] = share

    def start_epoch(self):
        """Take note that an epoch begins; its learning rate is set."""
        np.multiply(-self.learning_rate, self.state["share"], out=self.minus_rate)
        np.multiply(self.minus_rate, self.momentum, out=self.minus_rate_ahead)

    def step(self, theta, grad, u):
        """Update ``theta`` in place, and leave the new sum in ``grad``."""
        rate = self.minus_rate_ahead if self.nesterov else self.minus_rate
        if self.nesterov:
            yield "Nesterov", add_multiple(self.minus_rate, grad, to=theta)
        yield "3.33", add_multiple(self.momentum, u, to=grad)
        yield "3.33", add_multiple(rate, grad, to=theta)


def count_step(learning_rate, beta_1, beta_2, t, share_of_square, minus_rate):
    """Count a step, t ← t + 1, and write 1−β₂ᵗ and −α/(1−β₁ᵗ)."""
    t += 1
    share_of_square[...] = 1 - beta_2 ** float(t)
    np.divide(learning_rate, beta_1 ** float(t) - 1, out=minus_rate)


class Adam(Optimizer):
    """Steps scaled by running averages of the gradient and of its square.

    m ← β₁m + (1−β₁) g,   s ← β₂s + (1−β₂) g²,
    θ ← θ − α m/(1−β₁ᵗ) / (√(s/(1−β₂ᵗ)) + ε)

    Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
    """

    settings = ("beta_1", "beta_2", "epsilon")
    degrees = {"mean": 1, "square": 2}

    def __init__(self, theta, *, learning_rate, beta_1, beta_2, epsilon, state=None):
        super().__init__(theta, learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.minus_rate = np.empty_like(self.learning_rate)  # −α/(1−β₁ᵗ)
        self.share_of_square = np.empty((), theta.dtype)  # 1−β₂ᵗ
        zeros = np.zeros_like
        self.state = state or {
            "t": np.zeros((), theta.dtype),
            "mean": zeros(theta),
            "square": zeros(theta),
        }

    def start_step(self):
        """Generate what comes before L2 and the update."""
        yield (
            "Adam",
            deferred(count_step)(
                self.learning_rate,
                self.beta_1,
                self.beta_2,
                self.state["t"],
                self.share_of_square,
                out=self.minus_rate,
            ),
        )

    def step(self, theta, grad, mean, square):
        """Update ``theta`` in place; ``grad`` is overwritten."""
        constants = self.beta_1, 1 - self.beta_1, self.beta_2, 1 - self.beta_2
        beta_1, rest_1, beta_2, rest_2 = (per_network(c, theta) for c in constants)
        epsilon = theta.dtype.type(self.epsilon)
        yield "Adam", multiply(mean, beta_1, out=mean)
        yield "Adam", add_multiple(rest_1, grad, to=mean)
        yield "Adam", multiply(square, beta_2, out=square)
        yield "Adam", multiply(grad, grad, out=grad)
        yield "Adam", add_multiple(rest_2, grad, to=square)
        yield "Adam", divide(square, self.share_of_square, out=grad)
        yield "Adam", sqrt(grad, out=grad)
        yield "Adam", add(grad, epsilon, out=grad)
        yield "Adam", divide(mean, grad, out=grad)
        yield "Adam", add_multiple(self.minus_rate, grad, to=theta)


class AdamW(Adam):
    """Adam, with weights that decay beside its steps instead of through the gradient.

    W ← (1 − αλ) W, as in (3.38), then Adam's step for the gradient of J alone

    So a weight with large gradients decays like any other, where √s would divide its
    share λW, too. Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR
    2019, Algorithm 2; their λ is αλ here, as in PyTorch.
    """

    decouples = True

    def __init__(self, theta, *, decay, **settings):
        super().__init__(theta, **settings)
        self.decay = per_network(decay, theta)
        self.kept = np.empty_like(self.decay)  # 1 − αλ

    def start_epoch(self):
        """Take note that an epoch begins; its learning rate is set."""
        np.multiply(self.learning_rate, self.decay, out=self.kept)
        np.subtract(1, self.kept, out=self.kept)

    def regularise(self, W, alpha, grad):
        """Generate how λ acts on weights, here beside the gradient."""
        yield "3.38", multiply(W, self.kept, out=W)


OPTIMIZERS = {"sgd": SGD, "adam": Adam, "adamw": AdamW}
