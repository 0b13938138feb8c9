"""Networks trained as one stack, each as if it were alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix

from sklearn_mlp_edu._lecture import ACTIVATIONS, Network, Parameters, count
from sklearn_mlp_edu._lecture.optimizers import SGD
from sklearn_mlp_edu._lecture.schedules import Adaptive, Settling
from sklearn_mlp_edu._training import Patience, Training, TrainingSet

from ..reference import (
    ACTIVATION_NAMES,
    HIDDEN,
    LOSSES,
    N_FEATURES,
    N_OUTPUTS,
    SHARE,
    assert_same,
    estimator,
    examples,
)

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
    schedule=None,
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
        schedule=schedule,
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


@pytest.mark.parametrize("schedule", [Adaptive(), Settling()])
def test_the_rate_of_each_network_falls_when_its_own_patience_is_over(schedule):
    stack = STACK | dict(rate=np.array([2e-5, 0.5, 1.0, 2.0]))
    settings = dict(tol=0.005, patience=3, max_iter=60, schedule=schedule)
    together = train("multiclass", stack, **settings)
    assert_same_outcomes(together, network_by_network("multiclass", stack, **settings))
    assert len({len(outcome.loss_curve) for outcome in together}) > 2


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


@pytest.mark.parametrize("size", [1, 7, 20])
def test_multiples_are_added_in_pieces(size, monkeypatch):
    """To large vectors; here pieces are small instead, and the last one is smaller."""
    X, y = examples("multiclass")
    whole = estimator(momentum=0.9, alpha=0.1).fit(X, y)
    monkeypatch.setattr("sklearn_mlp_edu._arithmetic.linear_algebra.PIECE", size)
    assert_same(estimator(momentum=0.9, alpha=0.1).fit(X, y), whole, rtol=1e-12)
