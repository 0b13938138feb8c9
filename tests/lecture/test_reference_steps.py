"""What a step may have beside its gradient, against PyTorch.

A schedule of the learning rate, a bound for the gradient, and decoupled weight decay:
each for classes, labels and numbers.
"""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from ..reference import (
    N_ROWS,
    WEIGHT,
    TorchNetwork,
    assert_same,
    estimator,
    examples,
    regressor,
    relative,
)

KINDS = ["binary", "multiclass", "multilabel", "numbers"]
RATE, BETA, N_EPOCHS = 0.05, 0.9, 40
BATCHES = np.split(np.arange(N_ROWS), [8, 16, 24])


def ours(kind, **parameters):
    """Our network in batches of 8, trained."""
    make = regressor if kind == "numbers" else estimator
    settings = dict(learning_rate_init=RATE, batch_size=8, max_iter=N_EPOCHS)
    settings["momentum"] = BETA  # the default, which Adam does not use
    network = make(**settings | parameters)
    weight = settings_weight(kind)
    return network.fit(*examples(kind), sample_weight=weight)


def settings_weight(kind):
    """Examples of the problems with two outputs and more have weights."""
    return None if kind == "binary" else WEIGHT


def sgd(torch, theirs, decay):
    """torch.optim.SGD on our path (decision 3)."""
    assert decay == 0
    parameters = theirs.W + theirs.b
    return torch.optim.SGD(parameters, lr=RATE * (1 - BETA), momentum=BETA)


def adam(torch, theirs, decay):
    assert decay == 0
    return torch.optim.Adam(theirs.W + theirs.b, lr=RATE)


def adamw(torch, theirs, decay):
    """torch.optim.AdamW, whose decay biases are spared."""
    groups = [
        {"params": theirs.W, "weight_decay": decay},
        {"params": theirs.b, "weight_decay": 0},
    ]
    return torch.optim.AdamW(groups, lr=RATE)


OPTIMIZERS = {"sgd": sgd, "adam": adam, "adamw": adamw}


def theirs(torch, kind, solver, *, alpha=0.0, decay=0.0, bound=None, factor=None):
    """The same in PyTorch; also each epoch's cost, and each step's gradient norm."""
    X, y = examples(kind)
    network, costs, norms = TorchNetwork(torch, "tanh", kind), [], []
    optimizer = OPTIMIZERS[solver](torch, network, decay)
    schedule = None
    if factor is not None:  # PyTorch counts epochs from 0
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: factor(t + 1))
    share = relative(settings_weight(kind))
    for _ in range(N_EPOCHS):
        costs.append([])
        for rows in BATCHES:
            optimizer.zero_grad()
            cost = network.cost(X[rows], y[rows], share[rows], alpha)
            cost.backward()
            if bound is not None:
                parameters = network.W + network.b
                norm = torch.nn.utils.clip_grad_norm_(parameters, bound)
                norms.append(float(norm))
            optimizer.step()
            costs[-1].append(float(cost.detach()))
        if schedule is not None:
            schedule.step()
    return network, np.mean(costs, axis=1), norms


@pytest.mark.parametrize("decay", [0, 0.3, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_decoupled_decay_is_that_of_pytorch(torch, kind, decay):
    """Loshchilov & Hutter 2019, Algorithm 2; the cost that is noted has no L2 term."""
    reference, costs, _ = theirs(torch, kind, "adamw", decay=decay)
    network = ours(kind, solver="adamw", alpha=decay)
    assert_same(network, reference)
    assert_allclose(network.loss_curve_, costs, rtol=1e-8)


def test_decoupled_decay_differs_from_the_gradient_of_l2():
    """Where there is any."""
    coupled, decoupled = (
        ours("binary", solver=solver, alpha=0.3) for solver in ("adam", "adamw")
    )
    assert not np.allclose(coupled.coefs_[0], decoupled.coefs_[0], rtol=0.1)
    coupled, decoupled = (
        ours("binary", solver=solver, alpha=0) for solver in ("adam", "adamw")
    )
    assert_same(coupled, decoupled)


@pytest.mark.parametrize("solver", OPTIMIZERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_for_the_gradient_is_that_of_pytorch(torch, kind, solver):
    """clip_grad_norm_ over all parameters, L2 included; some steps are within it."""
    bound = 0.3 if kind == "binary" else 0.7
    strength = {"decay": 0.1} if solver == "adamw" else {"alpha": 0.02}
    reference, costs, norms = theirs(torch, kind, solver, bound=bound, **strength)
    assert min(norms) < bound < max(norms)
    (alpha,) = strength.values()
    network = ours(kind, solver=solver, alpha=alpha, max_grad_norm=bound)
    assert_same(network, reference)
    assert_allclose(network.loss_curve_, costs, rtol=1e-8)


def warm_up_and_cosine(epoch):
    """Five epochs to the full rate, then half a cosine, to 0 at the end."""
    if epoch <= 5:
        return epoch / 5
    return (1 + math.cos(math.pi * (epoch - 5) / (N_EPOCHS - 5))) / 2


@pytest.mark.parametrize("solver", OPTIMIZERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_schedule_is_that_of_pytorch(torch, kind, solver):
    """LambdaLR, a step each epoch; decay follows the rate, too."""
    decay = 0.3 if solver == "adamw" else 0
    settings = {"decay": decay, "factor": warm_up_and_cosine}
    reference, costs, _ = theirs(torch, kind, solver, **settings)
    network = ours(kind, solver=solver, alpha=decay, learning_rate=warm_up_and_cosine)
    assert_same(network, reference)
    assert_allclose(network.loss_curve_, costs, rtol=1e-8)
    assert network.learning_rate_ == 0
