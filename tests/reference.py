"""Small problems, and the same network in PyTorch, for independent comparisons."""

from itertools import pairwise

import numpy as np
from numpy.testing import assert_allclose

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor
from sklearn_mlp_edu._lecture import BinaryLogLoss, MultilabelLogLoss, SoftmaxLogLoss

ACTIVATION_NAMES = ["identity", "sigmoid", "tanh", "relu", "leaky_relu"]
LOSSES = {
    "binary": BinaryLogLoss(),
    "multiclass": SoftmaxLogLoss(),
    "multilabel": MultilabelLogLoss(),
}
N_OUTPUTS = {"binary": 1, "multiclass": 3, "multilabel": 3, "numbers": 2}
N_ROWS, N_FEATURES, HIDDEN = 30, 4, (7, 5)
WEIGHT = np.random.RandomState(2).uniform(0.2, 3, size=N_ROWS)
SHARE = WEIGHT / WEIGHT.mean()  # decision 7


def examples(kind):
    """Thirty examples: X and y."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(N_ROWS, N_FEATURES))
    if kind == "multilabel":
        return X, rng.randint(2, size=(N_ROWS, 3))
    if kind == "numbers":
        return X, np.sin(X[:, :2]) + rng.normal(scale=0.1, size=(N_ROWS, 2))
    return X, np.arange(N_ROWS) % (2 if kind == "binary" else 3)


def given_weights(fan_in, fan_out, rng):
    """Initial weights that a test can compute again."""
    rng = np.random.RandomState(10 * fan_in + fan_out)
    return rng.normal(scale=0.7, size=(fan_in, fan_out))


def estimator(**params):
    """Full-batch descent for 50 epochs from `given_weights`."""
    plain = dict(
        hidden_layer_sizes=HIDDEN,
        activation="tanh",
        init=given_weights,
        alpha=0,
        batch_size="full",
        learning_rate_init=0.2,  # more is chaotic here: rounding would decide the path
        momentum=0,
        max_iter=50,
        tol=0,
        n_iter_no_change=np.inf,
        shuffle=False,
        standardize=False,
        random_state=0,
    )
    return LectureMLPClassifier(**(plain | params))


def regressor(**params):
    """The same for numbers."""
    plain = estimator().get_params()
    del plain["class_weight"]
    return LectureMLPRegressor(**(plain | params))


def assert_same(ours, theirs, rtol=1e-8, atol=1e-12):
    """Layer by layer: weights, then biases."""
    pairs = zip(
        [*ours.coefs_, *ours.intercepts_],
        [*theirs.coefs_, *theirs.intercepts_],
        strict=True,
    )
    for one, other in pairs:
        assert_allclose(one, other, rtol=rtol, atol=atol)


def relative(weight):
    """w_i / w̄, or ones."""
    return np.ones(N_ROWS) if weight is None else weight / weight.mean()


class TorchNetwork:
    """The same network in PyTorch: autograd for the gradient, (3.33) for the step."""

    def __init__(self, torch, activation, kind):
        self.torch, self.kind = torch, kind
        self.g = {
            "identity": lambda z: z,
            "sigmoid": torch.sigmoid,
            "tanh": torch.tanh,
            # relu′(0) = 1 as in the lecture; torch.relu takes 0 (decision 8)
            "relu": lambda z: torch.where(z >= 0, z, 0 * z),
            "leaky_relu": lambda z: torch.where(z >= 0, z, 0.01 * z),
        }[activation]
        sizes = (N_FEATURES, *HIDDEN, N_OUTPUTS[kind])
        weights = [given_weights(*pair, None) for pair in pairwise(sizes)]
        self.W = [torch.tensor(W, requires_grad=True) for W in weights]
        self.b = [
            torch.zeros(n, dtype=torch.float64, requires_grad=True) for n in sizes[1:]
        ]
        self.v = [torch.zeros_like(p) for p in self.W + self.b]

    def cost(self, X, y, weight, alpha):
        """(1/B) Σ w_i L_i + λ/2 Σ W²."""
        functional = self.torch.nn.functional
        A = self.torch.as_tensor(X)
        for W, b in zip(self.W[:-1], self.b[:-1], strict=True):
            A = self.g(A @ W + b)
        Z = A @ self.W[-1] + self.b[-1]
        target = self.torch.as_tensor(y)
        if self.kind == "multiclass":
            losses = functional.cross_entropy(Z, target, reduction="none")
        elif self.kind == "numbers":
            losses = ((Z - target) ** 2).sum(dim=1) / 2
        else:
            losses = functional.binary_cross_entropy_with_logits(
                Z, target.reshape(Z.shape).double(), reduction="none"
            ).sum(dim=1)
        squares = sum((W * W).sum() for W in self.W)
        return (self.torch.as_tensor(weight) * losses).mean() + alpha / 2 * squares

    def step(self, X, y, weight, *, alpha, rate, momentum, nesterovs_momentum):
        """One update by (3.33), or by decision 9; returns the cost before it."""
        parameters = self.W + self.b
        J = self.cost(X, y, weight, alpha)
        gradients = self.torch.autograd.grad(J, parameters)
        with self.torch.no_grad():
            for p, v, g in zip(parameters, self.v, gradients, strict=True):
                v.copy_(momentum * v + (1 - momentum) * g)
                ahead = momentum * v + (1 - momentum) * g
                p -= rate * (ahead if nesterovs_momentum else v)
        return float(J.detach())

    @property
    def coefs_(self):
        """Weights as arrays."""
        return [W.detach().numpy() for W in self.W]

    @property
    def intercepts_(self):
        """Biases as arrays."""
        return [b.detach().numpy() for b in self.b]
