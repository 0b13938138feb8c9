"""Shared by all tests: one BLAS thread, the same chance, and small data sets."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

try:
    from hypothesis import settings
except ImportError:  # whose tests are skipped
    pass
else:
    common = {"deadline": None, "database": None}
    settings.register_profile("quick", max_examples=400, derandomize=True, **common)
    settings.register_profile("long", max_examples=6000, **common)
    settings.load_profile("quick")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Keep parallel tests from competing for the cores."""
    with threadpool_limits(1):
        yield


@pytest.fixture(autouse=True)
def same_chance():
    """Make ``random_state=None`` repeatable: it draws from NumPy's global generator."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(0)  # noqa: NPY002
    yield
    np.random.set_state(state)  # noqa: NPY002


def _standardised(load):
    X, y = load(return_X_y=True)
    return StandardScaler().fit_transform(X), y


@pytest.fixture
def iris():
    """150 × 4, three classes."""
    return _standardised(load_iris)


@pytest.fixture
def cancer():
    """569 × 30, two classes."""
    return _standardised(load_breast_cancer)


@pytest.fixture
def digits():
    """1797 × 64, ten classes."""
    return _standardised(load_digits)


@pytest.fixture
def labels():
    """120 × 6, three labels an example."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 6))
    return X, (X @ rng.normal(size=(6, 3)) > 0).astype(int)


@pytest.fixture
def data():
    """12 × 4, two classes: little enough to follow by hand."""
    rng = np.random.RandomState(0)
    return rng.normal(size=(12, 4)), np.tile([0, 1, 1], 4)


@pytest.fixture
def xor():
    """100 × 2, four blobs, whose two classes no straight line divides."""
    rng = np.random.RandomState(0)
    corner = np.tile([[1, 1], [-1, -1], [1, -1], [-1, 1]], (25, 1))
    return corner + rng.normal(scale=0.2, size=(100, 2)), np.tile([0, 0, 1, 1], 25)


@pytest.fixture(scope="session")
def torch():
    """PyTorch on one thread, which small networks need."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(before)


@pytest.fixture
def frequent_switches():
    """Let the interpreter change between threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
