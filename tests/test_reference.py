"""Gradients and trajectories against independent implementations.

Every formula is checked twice: by central differences, and by networks written in
PyTorch, whose gradients come from its autograd.
"""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._activations import ACTIVATIONS
from sklearn_mlp_edu._batches import TrainingSet
from sklearn_mlp_edu._losses import BinaryLogLoss, MultilabelLogLoss, SoftmaxLogLoss
from sklearn_mlp_edu._network import (
    Cache,
    Network,
    Parameters,
    add_l2_gradient,
    backward,
    count,
    empty_output,
    forward,
)
from sklearn_mlp_edu._optimizers import SGD
from sklearn_mlp_edu._training import Patience, Training

ACTIVATION_NAMES = ["identity", "sigmoid", "tanh", "relu", "leaky_relu"]
LOSSES = {
    "binary": BinaryLogLoss(),
    "multiclass": SoftmaxLogLoss(),
    "multilabel": MultilabelLogLoss(),
}
N_OUTPUTS = {"binary": 1, "multiclass": 3, "multilabel": 3}
N_ROWS, N_FEATURES, HIDDEN = 30, 4, (7, 5)
WEIGHT = np.random.RandomState(2).uniform(0.2, 3, size=N_ROWS)
SHARE = WEIGHT / WEIGHT.mean()  # decision 7


def examples(kind):
    """Thirty examples: X and y."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(N_ROWS, N_FEATURES))
    if kind == "multilabel":
        return X, rng.randint(2, size=(N_ROWS, 3))
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
        random_state=0,
    )
    return LectureMLPClassifier(**(plain | params))


def assert_same(ours, theirs, rtol=1e-8, atol=1e-12):
    """Layer by layer: weights, then biases."""
    pairs = zip(
        [*ours.coefs_, *ours.intercepts_],
        [*theirs.coefs_, *theirs.intercepts_],
        strict=True,
    )
    for one, other in pairs:
        assert_allclose(one, other, rtol=rtol, atol=atol)


# Central differences


def cost_and_gradient(network, theta, X, Y, weight, alpha):
    """J_L2 and its gradient, from one forward and one backward pass."""
    sizes = network.layer_sizes
    parameters = Parameters(sizes, theta)
    grad, scratch = (Parameters(sizes, np.empty_like(theta)) for _ in range(2))
    cache = Cache(sizes, len(X), (), theta.dtype)
    cache = cache.bind(X, empty_output(Y.shape, theta.dtype))
    Z = forward(network, parameters.W, parameters.b, cache)
    J = np.sum(network.loss.loss(Z, Y) * weight[:, 0])
    backward(network, parameters.W_T, cache, Y, weight, grad)
    add_l2_gradient(parameters, alpha, grad, scratch)
    return J + alpha / 2 * np.sum(parameters.weights**2), grad.theta


def gradient_error(activation, kind, weighted, alpha, h=1e-5):
    """‖backprop − central differences‖ / ‖central differences‖, per layer the worst."""
    sizes = (N_FEATURES, *HIDDEN, N_OUTPUTS[kind])
    network = Network(sizes, ACTIVATIONS[activation], LOSSES[kind])
    X, y = examples(kind)
    Y = np.empty((N_ROWS, N_OUTPUTS[kind]))
    network.loss.targets(y, out=Y)
    weight = WEIGHT if weighted else np.ones(N_ROWS)
    weight = (weight / weight.mean() / N_ROWS)[:, np.newaxis]
    theta = np.random.RandomState(1).normal(scale=0.5, size=count(sizes))
    numeric = np.empty_like(theta)
    for p in range(theta.size):
        step = np.zeros_like(theta)
        step[p] = h
        rise = [
            cost_and_gradient(network, theta + s, X, Y, weight, alpha)[0]
            for s in (step, -step)
        ]
        numeric[p] = (rise[0] - rise[1]) / (2 * h)
    _, analytic = cost_and_gradient(network, theta, X, Y, weight, alpha)
    one, other = Parameters(sizes, analytic), Parameters(sizes, numeric)
    return max(
        np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
        for ours, theirs in zip(
            one.W[1:] + one.b[1:], other.W[1:] + other.b[1:], strict=True
        )
    )


@pytest.mark.parametrize("alpha", [0, 0.1])
@pytest.mark.parametrize("weighted", [False, True], ids=["equal", "weighted"])
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_gradient_agrees_with_central_differences(activation, kind, weighted, alpha):
    """(3.21), (3.27), (3.30), (3.37), in every layer."""
    assert gradient_error(activation, kind, weighted, alpha) < 1e-6


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_a_wrong_derivative_fails_the_gradient_check(activation, monkeypatch):
    """The check notices a g′ that is a thousandth too large."""
    g, g_prime = ACTIVATIONS[activation]

    def broken(Z, A, out):
        return np.multiply(g_prime(Z, A, out), 1.001, out=out)

    broken_pair = ACTIVATIONS[activation]._replace(derivative=broken)
    monkeypatch.setitem(ACTIVATIONS, activation, broken_pair)
    assert gradient_error(activation, "binary", False, 0.1) > 1e-4


@pytest.mark.parametrize("kind", LOSSES)
def test_a_wrong_output_error_fails_the_gradient_check(kind, monkeypatch):
    """The check notices an a[L] − y that is a thousandth too large."""
    loss = type(LOSSES[kind])
    delta = loss.delta

    def broken(self, Z, Y, out):
        return np.multiply(delta(self, Z, Y, out), 1.001, out=out)

    monkeypatch.setattr(loss, "delta", broken)
    assert gradient_error("tanh", kind, False, 0) > 1e-4


# PyTorch


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


@pytest.fixture(scope="module")
def torch():
    """PyTorch on one thread, which small networks need."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(before)


def relative(weight):
    """w_i / w̄, or ones."""
    return np.ones(N_ROWS) if weight is None else weight / weight.mean()


UPDATES = {
    "plain": dict(momentum=0, nesterovs_momentum=False),
    "momentum": dict(momentum=0.9, nesterovs_momentum=False),
    "nesterov": dict(momentum=0.9, nesterovs_momentum=True),
}


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("alpha", [0, 0.1])
@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_trajectory_is_that_of_pytorch(torch, activation, kind, update, alpha, weight):
    """(3.33), (3.38), decisions 5, 7, 9: fifty full-batch steps."""
    X, y = examples(kind)
    theirs, costs = TorchNetwork(torch, activation, kind), []
    settings = dict(alpha=alpha, rate=0.2, **UPDATES[update])
    for _ in range(50):
        costs.append(theirs.step(X, y, relative(weight), **settings))
    ours = estimator(
        activation=activation,
        alpha=alpha,
        momentum=settings["momentum"],
        nesterovs_momentum=settings["nesterovs_momentum"],
    ).fit(X, y, sample_weight=weight)
    assert_same(ours, theirs)
    assert_allclose(ours.loss_curve_, costs, rtol=1e-8)


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
def test_mini_batch_trajectory_is_that_of_pytorch(torch, kind, update, weight):
    """(3.32), decisions 6 and 7: batches of 8, 8, 8 and 6; the curve is their mean."""
    X, y = examples(kind)
    theirs, costs = TorchNetwork(torch, "relu", kind), []
    settings = dict(alpha=0.01, rate=0.2, **UPDATES[update])
    share = relative(weight)
    for _ in range(20):
        costs.append([])
        for rows in np.split(np.arange(N_ROWS), [8, 16, 24]):
            costs[-1].append(theirs.step(X[rows], y[rows], share[rows], **settings))
    ours = estimator(
        activation="relu",
        alpha=0.01,
        batch_size=8,
        learning_rate_init=0.2,
        max_iter=20,
        momentum=settings["momentum"],
        nesterovs_momentum=settings["nesterovs_momentum"],
    ).fit(X, y, sample_weight=weight)
    assert_same(ours, theirs)
    assert_allclose(ours.loss_curve_, np.mean(costs, axis=1), rtol=1e-8)


@pytest.mark.parametrize("nesterov", [False, True], ids=["momentum", "nesterov"])
def test_torch_sgd_needs_the_rate_times_one_minus_beta(torch, nesterov):
    """Decision 3: torch.optim.SGD sums gradients where the lecture averages them."""
    X, y = examples("multiclass")
    theirs = TorchNetwork(torch, "tanh", "multiclass")
    optimizer = torch.optim.SGD(
        [dict(params=theirs.W, weight_decay=0.1), dict(params=theirs.b)],
        lr=0.2 * (1 - 0.9),
        momentum=0.9,
        nesterov=nesterov,
    )
    for _ in range(50):
        optimizer.zero_grad()
        theirs.cost(X, y, relative(None), alpha=0).backward()
        optimizer.step()
    ours = estimator(alpha=0.1, momentum=0.9, nesterovs_momentum=nesterov).fit(X, y)
    assert_same(ours, theirs)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("nesterov", [False, True], ids=["momentum", "nesterov"])
@pytest.mark.parametrize("kind", LOSSES)
def test_scikit_learns_alpha_and_rate_convert(kind, nesterov):
    """Decisions 2 and 3: alpha = λ · (batch size), learning rate = α (1 − β)."""
    X, y = examples(kind)
    theirs = MLPClassifier(
        HIDDEN,
        activation="tanh",
        solver="sgd",
        alpha=0.01 * 10,
        batch_size=10,
        learning_rate_init=1e-300,
        momentum=0.9,
        nesterovs_momentum=nesterov,
        max_iter=1,
        shuffle=False,
        random_state=0,
    ).fit(X, y)
    start = [W.copy() for W in theirs.coefs_], [b.copy() for b in theirs.intercepts_]
    theirs.set_params(
        learning_rate_init=0.2 * (1 - 0.9), max_iter=20, n_iter_no_change=100
    ).fit(X, y)
    ours = estimator(learning_rate_init=1e-300, max_iter=1).fit(X, y)
    ours.coefs_, ours.intercepts_ = start
    ours.set_params(
        alpha=0.01,
        batch_size=10,
        learning_rate_init=0.2,
        momentum=0.9,
        nesterovs_momentum=nesterov,
    )
    for _ in range(20):
        ours.partial_fit(X, y)
    assert_same(ours, theirs)


# A stack of networks


STACK = dict(
    alpha=np.array([0, 1e-3, 0.1, 0.03]),
    rate=np.array([0.1, 0.5, 1.0, 0.3]),
    momentum=np.array([0.9, 0.0, 0.5, 0.8]),
)


def train(
    kind,
    stack,
    *,
    X=None,
    nesterovs_momentum=False,
    max_iter=15,
    tol=0.0,
    patience=np.inf,
    activation="relu",
    weight=SHARE,
):
    """Train networks of one start on the same mini-batches.

    ``stack`` holds alpha, rate and momentum: arrays for M networks, numbers for one.
    """
    rows, y = examples(kind)
    sizes = (N_FEATURES, *HIDDEN, N_OUTPUTS[kind])
    theta = np.random.RandomState(4).normal(scale=0.5, size=count(sizes))
    M = np.size(stack["alpha"])
    if np.ndim(stack["alpha"]):
        theta = np.tile(theta, (M, 1))
    training = Training(
        Network(sizes, ACTIVATIONS[activation], LOSSES[kind]),
        theta,
        TrainingSet(rows if X is None else X, y, weight),
        SGD(
            theta,
            learning_rate=stack["rate"],
            momentum=stack["momentum"],
            nesterovs_momentum=nesterovs_momentum,
        ),
        alpha=stack["alpha"],
        batch_size=8,
        rng=np.random.RandomState(5),
    )
    training.run(max_iter, Patience(tol, patience, n_networks=M))
    return training.outcomes


def network_by_network(kind, stack, **settings):
    """The same networks, trained alone."""
    singles = [
        dict(zip(stack, values, strict=True))
        for values in zip(*stack.values(), strict=True)
    ]
    return [train(kind, single, **settings)[0] for single in singles]


def assert_same_outcomes(together, alone):
    for one, other in zip(together, alone, strict=True):
        assert one.status == other.status
        assert_allclose(one.loss_curve, other.loss_curve, rtol=1e-9)
        assert_allclose(one.theta, other.theta, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("nesterov", [False, True], ids=["momentum", "nesterov"])
@pytest.mark.parametrize("kind", LOSSES)
def test_a_stack_trains_each_network_as_if_alone(kind, nesterov, sparse):
    """Different alpha, learning rate and momentum, same shuffled mini-batches."""
    settings = dict(nesterovs_momentum=nesterov)
    if sparse:
        settings["X"] = csr_matrix(examples(kind)[0])
    together = train(kind, STACK, **settings)
    assert_same_outcomes(together, network_by_network(kind, STACK, **settings))
    assert len({outcome.loss_curve[-1] for outcome in together}) == 4


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_a_stack_trains_with_every_activation(activation):
    """The same without weights."""
    settings = dict(activation=activation, weight=None)
    together = train("multiclass", STACK, **settings)
    alone = network_by_network("multiclass", STACK, **settings)
    assert_same_outcomes(together, alone)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("kind", LOSSES)
def test_networks_leave_the_stack_when_they_stop(kind, sparse):
    """At the epoch, and with the result, of training alone."""
    stack = STACK | dict(rate=np.array([0.02, 0.5, 1.0, 0.1]))
    settings = dict(tol=0.005, patience=3, max_iter=60)
    if sparse:
        settings["X"] = csr_matrix(examples(kind)[0])
    together = train(kind, stack, **settings)
    assert_same_outcomes(together, network_by_network(kind, stack, **settings))
    epochs = {len(outcome.loss_curve) for outcome in together}
    assert len(epochs) > 2
    assert "converged" in {outcome.status for outcome in together}


@pytest.mark.parametrize("kind", LOSSES)
def test_a_network_that_diverges_leaves_the_others_alone(kind):
    """The second of four runs away in an early epoch."""
    stack = STACK | dict(rate=np.array([0.1, 1e9, 1.0, 0.3]))
    together = train(kind, stack, activation="identity")
    assert [outcome.status for outcome in together] == [
        "unfinished",
        "diverged",
        "unfinished",
        "unfinished",
    ]
    alone = network_by_network(kind, stack, activation="identity")
    assert_same_outcomes(together, alone)
    assert all(np.isfinite(outcome.theta).all() for outcome in together)


def test_training_of_one_network_is_that_of_the_estimator():
    """The private route of the tests above and the public one meet."""
    X, y = examples("binary")
    single = dict(alpha=0.01, rate=0.2, momentum=0.9)
    (outcome,) = train("binary", single)
    sizes = (N_FEATURES, *HIDDEN, 1)
    theta = np.random.RandomState(4).normal(scale=0.5, size=count(sizes))
    start = Parameters(sizes, theta)
    ours = estimator(activation="relu", max_iter=1, learning_rate_init=1e-300)
    ours.fit(X, y)
    ours.coefs_, ours.intercepts_ = start.W[1:], [b[0] for b in start.b[1:]]
    ours.set_params(alpha=0.01, learning_rate_init=0.2, momentum=0.9, batch_size=8)
    ours.set_params(shuffle=True, random_state=5)
    for _ in range(15):
        ours.partial_fit(X, y, sample_weight=SHARE)
    result = Parameters(sizes, outcome.theta)
    for one, other in zip(ours.coefs_, result.W[1:], strict=True):
        assert_allclose(one, other, rtol=1e-9, atol=1e-13)
    assert_allclose(ours.loss_curve_[1:], outcome.loss_curve, rtol=1e-9)


# Layout and precision of X


FORMS = {
    "csr": csr_matrix,
    "fortran": np.asfortranarray,
    "strided": lambda X: np.repeat(X, 2, axis=0)[::2],
    "reversed": lambda X: X[::-1].copy()[::-1],
}


def fit_both(kind, form, batch_size, dtype=np.float64):
    X, y = examples(kind)
    X[X < -0.5] = 0
    X = X.astype(dtype)
    params = dict(batch_size=batch_size, shuffle=True, alpha=0.01, momentum=0.9)
    dense = estimator(**params).fit(X, y, sample_weight=WEIGHT)
    other = estimator(**params).fit(form(X), y, sample_weight=WEIGHT)
    return X, dense, other


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", LOSSES)
def test_layout_of_x_does_not_matter(kind, form, batch_size):
    """Sparse, in columns, strided: the path of the dense array in rows."""
    X, dense, other = fit_both(kind, FORMS[form], batch_size)
    assert_same(dense, other, rtol=1e-9)
    assert_allclose(dense.loss_curve_, other.loss_curve_, rtol=1e-9)
    assert_allclose(
        dense.predict_proba(X), other.predict_proba(FORMS[form](X)), rtol=1e-9
    )


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("form", ["dense", "csr"])
@pytest.mark.parametrize("kind", LOSSES)
def test_single_precision_follows_double_precision(kind, form, batch_size):
    """To 1e-4 after fifty epochs; parameters and predictions are float32."""

    def single(X):
        X = X.astype(np.float32)
        return csr_matrix(X) if form == "csr" else X

    X, double, other = fit_both(kind, single, batch_size)
    assert_same(double, other, rtol=1e-4, atol=1e-4)
    assert_allclose(double.loss_curve_, other.loss_curve_, rtol=1e-4)
    assert {p.dtype for p in other.coefs_ + other.intercepts_} == {np.dtype("f4")}
    assert other.predict_proba(single(X)).dtype == np.float32


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("kind", LOSSES)
def test_same_input_same_network(kind, batch_size):
    """Bit by bit."""
    _, one, other = fit_both(kind, np.copy, batch_size)
    for ours, theirs in zip(one.coefs_, other.coefs_, strict=True):
        assert_array_equal(ours, theirs)
