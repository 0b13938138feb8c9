"""Shared by all tests: one BLAS thread, and small data sets."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Keep parallel tests from competing for the cores."""
    with threadpool_limits(1):
        yield


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
