"""What a training step does not do: allocate, or loop over examples."""

import tracemalloc

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, _activations, _batches

BATCH, WIDTH = 500, 400


def peak_of_steps(monkeypatch, parameters, y):
    """Return the most bytes that any step after the first has allocated."""
    peaks, prepare = [], _batches.prepare

    def traced(operations):
        step = prepare(operations)

        def run():
            tracemalloc.start()
            for operation in step:
                operation()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

        return [run]

    monkeypatch.setattr(_batches, "prepare", traced)
    X = np.random.default_rng(0).normal(size=(len(y), 30))
    LectureMLPClassifier(
        (WIDTH, WIDTH),
        batch_size=BATCH,
        max_iter=2,
        n_iter_no_change=np.inf,
        learning_rate_init=1e-4,
        random_state=0,
        **parameters,
    ).fit(X, y)
    assert len(peaks) == 4
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
    tanh = _activations.ACTIVATIONS["tanh"]

    def counted(Z, out):
        calls.append(len(Z))
        return tanh.function(Z, out)

    monkeypatch.setitem(
        _activations.ACTIVATIONS, "tanh", tanh._replace(function=counted)
    )
    X, y = np.random.default_rng(0).normal(size=(600, 3)), np.arange(600) % 2
    settings = {"max_iter": 1, "n_iter_no_change": np.inf, "activation": "tanh"}
    for batch_size in (10, 200, "full"):
        calls.clear()
        LectureMLPClassifier(5, batch_size=batch_size, **settings).fit(X, y)
        size = 600 if batch_size == "full" else batch_size
        assert calls == [size] * (600 // size)


def test_numpys_own_settings_stay_as_they_are():
    """The size of its buffers is changed in training, and its errors' treatment."""
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    with np.errstate(over="raise"):
        np.setbufsize(4096)
        before = np.geterr()
        LectureMLPClassifier(5, max_iter=2, n_iter_no_change=np.inf).fit(X, y)
        assert np.getbufsize() == 4096 and np.geterr() == before
