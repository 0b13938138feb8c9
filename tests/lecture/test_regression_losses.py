"""Losses of numbers: gradients, and whole trainings against other implementations."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import mean_poisson_deviance, r2_score

from sklearn_mlp_edu import LectureMLPRegressor, check_gradient, trace_step
from sklearn_mlp_edu._lecture import REGRESSION_LOSSES

from ..reference import N_FEATURES, N_ROWS, WEIGHT, given_weights, relative

LOSSES = ["squared_error", "absolute_error", "huber", "poisson"]


def examples(loss, n_targets=1):
    """Thirty examples; counts for the Poisson loss, some large errors for Huber's."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(N_ROWS, N_FEATURES))
    y = X @ rng.normal(size=(N_FEATURES, n_targets)) + rng.normal(size=n_targets)
    y[::7] *= 5
    y = np.floor(np.abs(y)) if loss == "poisson" else y
    return X, y[:, 0] if n_targets == 1 else y


def estimator(**parameters):
    """Full-batch descent for 40 epochs from `given_weights`, to the letter."""
    plain = dict(
        hidden_layer_sizes=(5,),
        activation="tanh",
        solver="sgd",
        init=given_weights,
        alpha=0.1,
        batch_size="full",
        learning_rate_init=0.05,
        max_iter=40,
        tol=0,
        n_iter_no_change=np.inf,
        standardize=False,
    )
    return LectureMLPRegressor(**plain | parameters)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("n_targets", [1, 3])
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_agrees_with_central_differences(loss, n_targets, weight, activation):
    """(3.21), (3.27), (3.30), (3.37), in every layer."""
    network = LectureMLPRegressor(
        (4, 3), loss=loss, activation=activation, alpha=0.1, random_state=0
    )
    check = check_gradient(network, *examples(loss, n_targets), weight)
    assert check.passed
    assert all(row.error < 1e-6 for row in check.rows if row.backpropagation > 1e-12)
    assert sum(row.n_checked for row in check.rows) > 20


def test_gradient_agrees_where_outputs_are_at_the_kink_of_the_absolute_error():
    """L-BFGS leads to a minimum, where some ŷ = y; there is no derivative there."""
    network = LectureMLPRegressor(
        (), loss="absolute_error", solver="lbfgs", alpha=0, tol=0, max_fun=10**6
    )
    X, y = examples("absolute_error")
    check = check_gradient(network.fit(X, y), X, y)
    assert check.passed
    assert any(row.n_kinks for row in check.rows)


class Reference:
    """A tanh layer, an identity output and squared errors, written out in NumPy."""

    def __init__(self, n_targets):
        self.W = [given_weights(*s, None) for s in ((N_FEATURES, 5), (5, n_targets))]
        self.b = [np.zeros(5), np.zeros(n_targets)]
        self.v = [np.zeros_like(p) for p in self.W + self.b]

    def step(self, X, y, weight, alpha, rate, beta):
        A = np.tanh(X @ self.W[0] + self.b[0])
        error = A @ self.W[1] + self.b[1] - y.reshape(len(X), -1)
        squares = sum((W**2).sum() for W in self.W)
        cost = weight @ (error**2).sum(axis=1) / 2 / len(X) + alpha / 2 * squares
        delta = error * weight[:, np.newaxis] / len(X)
        below = delta @ self.W[1].T * (1 - A**2)
        gradient = [X.T @ below, A.T @ delta, below.sum(axis=0), delta.sum(axis=0)]
        gradient[0] += alpha * self.W[0]
        gradient[1] += alpha * self.W[1]
        for p, v, g in zip(self.W + self.b, self.v, gradient, strict=True):
            v[...] = beta * v + (1 - beta) * g
            p -= rate * v
        return cost


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("n_targets", [1, 3])
def test_trajectory_is_that_of_equations_written_out(n_targets, weight):
    """(3.33), (3.38), decisions 7 and 10: losses are summed over targets."""
    X, y = examples("squared_error", n_targets)
    reference = Reference(n_targets)
    costs = [reference.step(X, y, relative(weight), 0.1, 0.05, 0.9) for _ in range(40)]
    network = estimator().fit(X, y, sample_weight=weight)
    assert_allclose(network.loss_curve_, costs, rtol=1e-9)
    for ours, theirs in zip(network.coefs_, reference.W, strict=True):
        assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_trajectory_is_that_of_pytorch(torch, loss):
    """Every loss, by autograd; the Poisson loss but for what no weight changes."""
    X, y = examples(loss, n_targets=2)
    functional = torch.nn.functional
    of_torch = {
        "squared_error": lambda z, t: 0.5 * (z - t) ** 2,
        "absolute_error": lambda z, t: functional.l1_loss(z, t, reduction="none"),
        "huber": lambda z, t: functional.huber_loss(z, t, reduction="none", delta=1.35),
        "poisson": lambda z, t: functional.poisson_nll_loss(
            z, t, log_input=True, reduction="none"
        ),
    }
    W = [given_weights(*s, None) for s in ((N_FEATURES, 5), (5, 2))]
    W = [torch.tensor(w, requires_grad=True) for w in W]
    b = [torch.zeros(n, dtype=torch.float64, requires_grad=True) for n in (5, 2)]
    inputs, target = torch.tensor(X), torch.tensor(y)
    for _ in range(40):
        z = torch.tanh(inputs @ W[0] + b[0]) @ W[1] + b[1]
        cost = of_torch[loss](z, target).sum(dim=1).mean()
        cost = cost + 0.05 * sum((w * w).sum() for w in W)
        gradients = torch.autograd.grad(cost, W + b)
        with torch.no_grad():
            for p, g in zip(W + b, gradients, strict=True):
                p -= 0.05 * g
    network = estimator(loss=loss, momentum=0).fit(X, y)
    for ours, theirs in zip(network.coefs_, W, strict=True):
        assert_allclose(ours, theirs.detach().numpy(), rtol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_step_shows_its_error_as_the_loss_has_it(loss):
    X, y = examples(loss)
    trace = trace_step(estimator(loss=loss), X, y)
    z = trace["z[2]"]
    errors = {
        "squared_error": z - y,
        "absolute_error": np.sign(z - y),
        "huber": np.clip(z - y, -1.35, 1.35),
        "poisson": np.exp(z) - y,
    }
    assert_allclose(trace["dL/dz[2]"], errors[loss])
    assert_allclose(trace["J"], trace["L"].mean())


def test_without_hidden_layers_it_is_ridge_regression():
    """The minimum of ½ mean (ŷ − y)² + λ/2 ‖W‖² in closed form."""
    X, y = examples("squared_error")
    network = LectureMLPRegressor(
        (), solver="lbfgs", alpha=0.1, tol=1e-10, standardize=False
    ).fit(X, y)
    centred = X - X.mean(axis=0)
    gram = centred.T @ centred / N_ROWS + 0.1 * np.eye(N_FEATURES)
    W = np.linalg.solve(gram, centred.T @ (y - y.mean()) / N_ROWS)
    assert_allclose(network.coefs_[0][:, 0], W, rtol=1e-6)


def test_the_poisson_loss_is_half_the_deviance():
    rng = np.random.RandomState(0)
    Z, Y = rng.normal(size=(9, 1)), rng.poisson(2, size=(9, 1)).astype(float)
    assert (Y == 0).any() and (Y > 1).any()
    mean = REGRESSION_LOSSES["poisson"].loss(Z, Y).mean()
    assert_allclose(2 * mean, mean_poisson_deviance(Y[:, 0], np.exp(Z[:, 0])))


def test_less_error_is_a_better_score_of_a_constant_too():
    loss = REGRESSION_LOSSES["squared_error"]
    y = np.array([[1.0, 5], [2, 5], [6, 5]])
    Z = y + [[1, 0.5], [0, 0.5], [2, 0.5]]
    weight = np.array([1.0, 2, 1])
    explained = r2_score(y[:, 0], Z[:, 0], sample_weight=weight)
    assert_allclose(loss.score(Z, y, weight), (explained + 1 - 0.25) / 2)
