"""At the limits: it works, or an error says at once what to change."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore:The number of unique classes",
    "ignore:batch_size",
)
SOLVERS = ["sgd", "adam", "lbfgs"]


def network(*args, **parameters):
    return LectureMLPClassifier(
        *args, **{"max_iter": 2, "random_state": 0} | parameters
    )


def peak_of(work):
    """Return the most memory that was allocated at a time, in bytes."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def works(fitted, X):
    probabilities = fitted.predict_proba(X)
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("layers", [(1, 1, 1), (2,) * 200, (1,) * 200], ids=len)
def test_thin_and_deep_networks(solver, layers, iris):
    X, y = iris
    works(network(layers, solver=solver, activation="tanh").fit(X, y), X)


def test_ten_thousand_classes():
    X = np.random.default_rng(0).normal(size=(10_000, 2))
    fitted = network((), max_iter=1).fit(X, np.arange(10_000))
    works(fitted, X[:3])
    assert fitted.n_outputs_ == 10_000


@pytest.mark.parametrize("batch_size", [10**9, 10**18, 151])
def test_batches_larger_than_the_data_are_all_of_them(batch_size, iris):
    X, y = iris
    found = network(4, batch_size=batch_size).fit(X, y)
    whole = network(4, batch_size=len(X)).fit(X, y)
    np.testing.assert_array_equal(found.coefs_[0], whole.coefs_[0])


@pytest.mark.parametrize(
    ("solver", "vectors"), [("sgd", 5), ("adam", 6), ("lbfgs", 2 * 10 + 8)]
)
def test_so_many_sparse_columns_need_a_few_vectors_of_parameters(solver, vectors):
    X = sparse.random(30, 200_000, 1e-4, "csr", random_state=0)
    fitted = network(2, solver=solver, max_iter=1)
    peak = peak_of(lambda: fitted.fit(X, np.arange(30) % 2))
    columns = 7 * 200_000 * 8  # their statistics
    assert peak < vectors * 8 * fitted.n_parameters_ + columns


def test_lbfgs_keeps_less_history_of_large_networks():
    """2m + 8 vectors are at most 200 MB, or else there are three pairs."""
    from sklearn_mlp_edu._training.lbfgs import corrections

    assert corrections(80) == corrections(200 * 10**6 // 28) == 10
    assert corrections(10**7) == (20 - 8) / 2
    assert corrections(200 * 10**6 // 16) == 4
    assert corrections(10**7 + 10**6 * 4) == corrections(10**9) == 3


@pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])
@pytest.mark.parametrize("layers", [(10**8, 10**8), (10**10, 10**10)])
def test_layers_beyond_all_memory(kind, layers, iris):
    fitted = kind(2, max_iter=1).fit(*iris)
    before = vars(fitted).copy()
    fitted.set_params(hidden_layer_sizes=layers)
    with pytest.raises(MemoryError, match=r"parameters, [\d,]+ GB .*smaller layers"):
        fitted.fit(*iris)
    assert fitted.coefs_ is before["coefs_"]


def test_batches_beyond_all_memory():
    X = np.zeros((10**5, 1), np.float32)
    X[::2] = 1
    wide = network((2 * 10**6,), batch_size="full", init="zeros")
    with pytest.raises(MemoryError, match=r"100,000 examples, [\d,]+ GB.*batch_size"):
        wide.fit(X, X[:, 0])


def test_a_memory_map_is_not_read_whole(tmp_path):
    X = np.lib.format.open_memmap(
        tmp_path / "X.npy", "w+", np.float32, shape=(40_000, 100)
    )
    X[:] = np.random.default_rng(0).normal(size=X.shape)
    y = (X[:, 0] > 0).astype(int)
    fitted = network(8, max_iter=1)
    assert peak_of(lambda: fitted.fit(X, y)) < X.nbytes / 2
    assert isinstance(X, np.memmap) and fitted.score(X, y) > 0.8
