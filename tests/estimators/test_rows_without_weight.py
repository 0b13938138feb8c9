"""Rows of weight 0 take no part, whatever stands in them: a code for no data, say."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
NUMBERS = 2 * X[:, 0] + 0.1 * rng.normal(size=60)
HIDDEN = np.array([0, 3, 30])
WEIGHT = np.ones(60)
WEIGHT[HIDDEN] = 0
SEEN = np.flatnonzero(WEIGHT)
kinds = pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])


def data_for(kind, dtype, nodata):
    Z, y = X.astype(dtype), NUMBERS.copy()
    Z[HIDDEN, 1] = nodata
    if kind is LectureMLPClassifier:
        return Z, (y > 0).astype(int)
    y[HIDDEN] = nodata
    return Z, y


@kinds
@pytest.mark.parametrize("dtype, nodata", [(np.float32, -1e30), (np.float64, 1e300)])
@pytest.mark.parametrize(
    "parameters",
    [{}, {"batch_size": 8}, {"solver": "adam"}, {"solver": "lbfgs"}],
    ids=["sgd", "small batches", "adam", "lbfgs"],
)
@pytest.mark.parametrize("form", [np.asarray, csr_array], ids=["dense", "sparse"])
def test_fit_learns_as_without_them(kind, dtype, nodata, parameters, form):
    Z, y = data_for(kind, dtype, nodata)
    one, same = (kind((5,), max_iter=5, random_state=0, **parameters) for _ in "ab")
    one.fit(form(Z), y, WEIGHT)
    same.fit(form(Z[SEEN]), y[SEEN])
    assert one.n_samples_seen_ == len(SEEN)
    for ours, theirs in zip(one.coefs_, same.coefs_, strict=True):
        assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    assert_allclose(one.loss_curve_, same.loss_curve_, rtol=1e-5)


@kinds
def test_validation_takes_no_notice_of_them(kind):
    """Nor do the rows that are set aside hold any, or those of one's own."""
    Z, y = data_for(kind, np.float64, 1e300)
    network = kind((5,), max_iter=3, random_state=0)
    network.fit(
        X, y[SEEN][np.arange(60) % 57], X_val=Z, y_val=y, sample_weight_val=WEIGHT
    )
    curve = network.validation_loss_curve_
    network.fit(X, y[SEEN][np.arange(60) % 57], X_val=Z[SEEN], y_val=y[SEEN])
    assert_allclose(network.validation_loss_curve_, curve, rtol=1e-12)
    assert np.isfinite(curve).all()
    network.set_params(early_stopping=True, validation_fraction=0.5).fit(Z, y, WEIGHT)
    assert np.isfinite(network.validation_loss_curve_).all()
    assert_array_equal(np.isfinite(network.loss_curve_), True)
