"""What a training step does not do: allocate, or loop over examples."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._arithmetic import carry_out
from sklearn_mlp_edu._engine import Plain
from sklearn_mlp_edu._lecture import ACTIVATIONS, BinaryLogLoss, Network, count
from sklearn_mlp_edu._lecture.optimizers import SGD
from sklearn_mlp_edu._training.descent import Descent

BATCH, WIDTH = 500, 400


def peak_of_steps(monkeypatch, parameters, y):
    """Return the most bytes that anything but the first fetching has allocated."""
    peaks, prepare = [], Plain.prepare

    def traced(*steps):
        operations = prepare(*steps)

        def run():
            tracemalloc.start()
            for operation in operations:
                operation()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

        return [run]

    monkeypatch.setattr(Plain, "prepare", traced)
    X = np.random.default_rng(0).normal(size=(len(y), 30))
    LectureMLPClassifier(
        (WIDTH, WIDTH),
        batch_size=BATCH,
        max_iter=2,
        n_iter_no_change=np.inf,
        learning_rate_init=1e-4,
        random_state=0,
        engine="numpy",
        **parameters,
    ).fit(X, y)
    assert len(peaks) == 6  # of two epochs: inputs, steps, and rounding at their end
    return max(peaks[1:])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("n_classes", [2, 10])
@pytest.mark.parametrize(
    "parameters",
    [
        {"activation": "relu"},
        {"activation": "leaky_relu"},
        {"activation": "sigmoid"},
        {"activation": "tanh"},
        {"activation": "identity"},
        {"dropout": 0.5},
        {"solver": "adam"},
        {"solver": "adamw"},
        {"max_grad_norm": 0.1},
        {"nesterovs_momentum": True},
        {"class_weight": "balanced"},
    ],
    ids=str,
)
def test_a_step_allocates_no_layer(monkeypatch, parameters, n_classes):
    """A layer of the batch would be 1.6 MB; NumPy's own buffers take 64 kB at most."""
    y = np.arange(2 * BATCH) % n_classes
    assert peak_of_steps(monkeypatch, parameters, y) < 100_000 < 8 * BATCH * WIDTH / 10


def test_steps_do_not_grow_in_number_with_the_batch(monkeypatch):
    """One call of the activation a batch, however many examples it has."""
    calls = []
    tanh = ACTIVATIONS["tanh"]

    def counted(Z, out):
        calls.append(len(Z))
        return tanh.function(Z, out)

    monkeypatch.setitem(ACTIVATIONS, "tanh", tanh._replace(function=counted))
    X, y = np.random.default_rng(0).normal(size=(600, 3)), np.arange(600) % 2
    settings = {"max_iter": 1, "n_iter_no_change": np.inf, "activation": "tanh"}
    for batch_size in (10, 200, "full"):
        calls.clear()
        LectureMLPClassifier(5, batch_size=batch_size, **settings).fit(X, y)
        size = 600 if batch_size == "full" else batch_size
        assert calls == [size] * (600 // size)


def test_numpys_treatment_of_errors_stays_as_it_is():
    """It is changed during training."""
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    with np.errstate(over="raise"):
        before = np.geterr()
        LectureMLPClassifier(5, max_iter=2, n_iter_no_change=np.inf).fit(X, y)
        assert np.geterr() == before


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_velocities_that_decay_end_at_zero(solver):
    """Not among the denormal numbers, with which processors are many times slower."""
    X, y = np.random.default_rng(0).normal(size=(400, 3)), np.arange(400) % 2
    X = X.astype(np.float32)
    network = LectureMLPClassifier(
        5, alpha=0, batch_size=2, solver=solver, standardize=False
    )
    network.partial_fit(X, y, classes=[0, 1])
    for _ in range(8):  # 0.9 ** 1600 is far below what float32 can hold
        network.partial_fit(0 * X, y)  # inputs of 0: no gradient for their weights
    kept = network._optimizer_state_["sum" if solver == "sgd" else "mean"]
    assert kept.dtype == np.float32
    magnitudes = abs(kept)
    smallest = np.finfo(np.float32).smallest_normal
    assert not ((magnitudes > 0) & (magnitudes < smallest)).any()
    assert (magnitudes[:15] == 0).all() and magnitudes.any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rounding_loses_what_is_not_normal_and_nothing_else(dtype):
    limits, sizes = np.finfo(dtype), (3, 15, 1)
    exponents = np.linspace(np.log2(limits.smallest_subnormal), 0, count(sizes))
    values = np.exp2(exponents).astype(dtype) * (-1) ** np.arange(count(sizes))
    theta = np.zeros(count(sizes), dtype)
    optimizer = SGD(theta, learning_rate=1, momentum=0.9)
    network = Network(sizes, ACTIVATIONS["relu"], BinaryLogLoss())
    descent = Descent(network, theta, optimizer, alpha=0, dropout=0, dropout_rng=None)
    rounded = optimizer.state["sum"]
    rounded[...] = values
    carry_out(descent.round_state())
    assert ((rounded == 0) | (abs(rounded) >= limits.smallest_normal)).all()
    assert (rounded == 0).any()
    large = exponents > np.log2(limits.smallest_normal / limits.eps**2) + 3
    assert_array_equal(rounded[large], values[large])
    assert_allclose(
        rounded, values, rtol=2 * limits.eps, atol=float(limits.smallest_normal)
    )
