"""Whole trainings against PyTorch, whose gradients come from its autograd."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.neural_network import MLPClassifier

from ..reference import (
    ACTIVATION_NAMES,
    HIDDEN,
    LOSSES,
    N_ROWS,
    WEIGHT,
    TorchNetwork,
    assert_same,
    estimator,
    examples,
    relative,
)

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
