"""Sparse, column-ordered and single-precision inputs give the same network."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix

from ..reference import LOSSES, WEIGHT, assert_same, estimator, examples

FORMS = {
    "csr": csr_matrix,
    "fortran": np.asfortranarray,
    "strided": lambda X: np.repeat(X, 2, axis=0)[::2],
    "reversed": lambda X: X[::-1].copy()[::-1],
}


def fit_both(kind, form, batch_size, dtype=np.float64):
    X, y = examples(kind)
    X[X < -0.5] = 0
    X = X.astype(dtype)
    params = dict(batch_size=batch_size, shuffle=True, alpha=0.01, momentum=0.9)
    dense = estimator(**params).fit(X, y, sample_weight=WEIGHT)
    other = estimator(**params).fit(form(X), y, sample_weight=WEIGHT)
    return X, dense, other


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", LOSSES)
def test_layout_of_x_does_not_matter(kind, form, batch_size):
    """Sparse, in columns, strided: the path of the dense array in rows."""
    X, dense, other = fit_both(kind, FORMS[form], batch_size)
    assert_same(dense, other, rtol=1e-9)
    assert_allclose(dense.loss_curve_, other.loss_curve_, rtol=1e-9)
    assert_allclose(
        dense.predict_proba(X), other.predict_proba(FORMS[form](X)), rtol=1e-9
    )


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("form", ["dense", "csr"])
@pytest.mark.parametrize("kind", LOSSES)
def test_single_precision_follows_double_precision(kind, form, batch_size):
    """To 1e-4 after fifty epochs; parameters and predictions are float32."""

    def single(X):
        X = X.astype(np.float32)
        return csr_matrix(X) if form == "csr" else X

    X, double, other = fit_both(kind, single, batch_size)
    assert_same(double, other, rtol=1e-4, atol=1e-4)
    assert_allclose(double.loss_curve_, other.loss_curve_, rtol=1e-4)
    assert {p.dtype for p in other.coefs_ + other.intercepts_} == {np.dtype("f4")}
    assert other.predict_proba(single(X)).dtype == np.float32


@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("kind", LOSSES)
def test_same_input_same_network(kind, batch_size):
    """Bit by bit."""
    _, one, other = fit_both(kind, np.copy, batch_size)
    for ours, theirs in zip(one.coefs_, other.coefs_, strict=True):
        assert_array_equal(ours, theirs)
