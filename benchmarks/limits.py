"""Trainings at the limits, each in a process of its own, with the memory it takes."""

import multiprocessing
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from scipy import sparse

from sklearn_mlp_edu import LectureMLPClassifier

from .memory import watched


def memory_map(short):
    """Train on a memory map."""
    n_rows = 10**5 if short else 10**6
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "X.npy"
        X = np.lib.format.open_memmap(path, "w+", np.float32, shape=(n_rows, 100))
        for start in range(0, n_rows, 10**5):
            X[start : start + 10**5] = rng.normal(size=(10**5, 100))
        y = (X[:, 0] > 0).astype(int)
        del X
        X = np.load(path, mmap_mode="r")
        network = LectureMLPClassifier((32,), batch_size=200, max_iter=2)
        return f"{n_rows:,} × 100 float32 in a memory map", fit(network, X, y)


def sparse_columns(solver):
    """Return a function that trains on 2·10⁵ sparse columns."""

    def work(short):
        X = sparse.random(500, 200_000, 1e-3, "csr", random_state=0)
        network = LectureMLPClassifier((20,), solver=solver, max_iter=5)
        name = f"200,000 sparse columns, {solver}"
        return name, fit(network, X, np.arange(500) % 2)

    return work


def many_classes(short):
    """Train with 10,000 classes."""
    X = np.random.default_rng(0).normal(size=(20_000, 10))
    network = LectureMLPClassifier((20,), max_iter=2)
    return "10,000 classes", fit(network, X, np.arange(20_000) % 10_000)


def many_layers(short):
    """Train 200 layers."""
    X = np.random.default_rng(0).normal(size=(500, 10))
    network = LectureMLPClassifier((20,) * 200, activation="tanh", max_iter=5)
    return "200 layers of 20 neurons", fit(network, X, np.arange(500) % 2)


def thin_layers(short):
    """Train layers of one neuron."""
    X = np.random.default_rng(0).normal(size=(500, 10))
    network = LectureMLPClassifier((1,) * 5, max_iter=5)
    return "5 layers of 1 neuron", fit(network, X, np.arange(500) % 2)


def large_batch(short):
    """Train with a batch larger than n."""
    X = np.random.default_rng(0).normal(size=(500, 10))
    network = LectureMLPClassifier((20,), batch_size=10**9, max_iter=5)
    return "a batch of 10⁹ of 500 rows", fit(network, X, np.arange(500) % 2)


def fit(network, X, y):
    """Train, predict some rows; return MB of parameters, MB at most, seconds."""
    few = type(network)(**network.get_params())
    few.fit(X[:50], y[:50])  # so that all is imported
    started = time.process_time()
    with watched() as peak:
        network.fit(X, y)
        probabilities = network.predict_proba(X[:100])
    assert np.isfinite(probabilities).all()
    n_bytes = network.n_parameters_ * network.coefs_[0].itemsize
    return n_bytes / 1e6, peak.most / 1e6, time.process_time() - started


LIMITS = [
    memory_map,
    *map(sparse_columns, ["sgd", "adam", "lbfgs"]),
    many_classes,
    many_layers,
    thin_layers,
    large_batch,
]


def rows(short):
    """Return a row of a table for each limit."""
    result = []
    for k in range(len(LIMITS)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            name, (parameters, peak, seconds) = pool.apply(work, (k, short))
        result.append([name, f"{parameters:,.3g}", f"{peak:,.0f}", f"{seconds:,.1f}"])
    return result


def work(k, short):
    """Do the k-th."""
    warnings.simplefilter("ignore")
    return LIMITS[k](short)
