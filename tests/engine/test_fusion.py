"""How much of a step is compiled, and how exact its functions are."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit

from sklearn_mlp_edu._lecture import (
    ACTIVATIONS,
    OPTIMIZERS,
    Network,
    SoftmaxLogLoss,
    count,
)
from sklearn_mlp_edu._training import Training, TrainingSet

pytest.importorskip("numba")


def groups_of(n_rows=96, activation="relu", weight=None, **settings):
    """Return what the steps of an epoch are prepared as."""
    rng = np.random.default_rng(0)
    sizes, n_networks = (5, 7, 6, 3), settings.pop("n_networks", None)
    shape = (count(sizes),) if n_networks is None else (n_networks, count(sizes))
    theta = rng.normal(size=shape)
    kind, dropout = settings.pop("solver", "sgd"), settings.pop("dropout", 0)
    beside = {
        "sgd": {"momentum": 0.9},
        "adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
    }
    settings = beside[kind] | settings
    optimizer = OPTIMIZERS[kind](theta, learning_rate=0.1, **settings)
    training = Training(
        Network(sizes, ACTIVATIONS[activation], SoftmaxLogLoss()),
        theta,
        TrainingSet(rng.normal(size=(n_rows, 5)), np.arange(n_rows) % 3, weight),
        optimizer,
        alpha=0.1,
        batch_size=16,
        rng=None,
        dropout=dropout,
        dropout_rng=np.random.default_rng(0),
        engine="compiled",
    )
    return [
        operations
        for chunk in training.batches.chunks
        for _, operations in chunk.groups
    ]


@pytest.mark.parametrize(
    "activation", ["identity", "sigmoid", "tanh", "relu", "leaky_relu"]
)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"nesterovs_momentum": True},
        {"solver": "adam"},
        {"solver": "adam", "n_networks": 3},
        {"n_networks": 3},
        {"n_networks": 1},
        {"weight": np.ones(96)},
        {"dropout": 0.3},
    ],
    ids=lambda settings: " ".join(settings) or "plain",
)
def test_six_steps_are_one_call(activation, settings):
    """Behind another that fetches their inputs."""
    (operations,) = groups_of(activation=activation, **settings)
    assert len(operations) == 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid"])
def test_functions_are_right_to_the_last_digits(name, dtype):
    numba = pytest.importorskip("numba")
    from sklearn_mlp_edu._engine import elementary

    function = getattr(elementary, name)

    @numba.njit(error_model="numpy")
    def of_all(x, out):
        for i in range(x.size):
            out[i] = function(x[i])

    tiny = np.logspace(-30, 0, 2000)
    x = np.concatenate([np.linspace(-80, 80, 5000), tiny, -tiny, [np.inf, -np.inf, 0]])
    x = np.append(x.astype(dtype), dtype(np.nan))
    out = np.empty_like(x)
    of_all(x, out)
    expected = {"exp": np.exp, "tanh": np.tanh, "sigmoid": expit}[name]
    with np.errstate(over="ignore"):
        exact = expected(x.astype(np.longdouble)).astype(dtype)
    limits = np.finfo(dtype)
    assert_allclose(out, exact, rtol=3 * limits.eps, atol=2 * limits.smallest_normal)
