"""`LectureMLPClassifierCV`: networks are as sure as the other folds' rows ask for."""

from unittest.mock import patch

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss
from sklearn.model_selection import PredefinedSplit

from sklearn_mlp_edu import LectureMLPClassifierCV
from sklearn_mlp_edu._search import selection

N_FOLDS, RESTRAINT = 3, 0.02


def fitted(X, y, sample_weight=None, alpha=0.1, **parameters):
    """One with temperatures, and the same without."""
    settings = {"hidden_layer_sizes": 8, "max_iter": 15, "n_iter_no_change": np.inf}
    settings |= {"cv": PredefinedSplit(folds(y)), "random_state": 0} | parameters
    network = LectureMLPClassifierCV([alpha], **settings)
    tempered = network.fit(X, y, sample_weight=sample_weight)
    with patch.object(selection, "temper", lambda *_: np.zeros((N_FOLDS, 1))):
        raw = LectureMLPClassifierCV([alpha], **settings)
        raw.fit(X, y, sample_weight=sample_weight)
    return tempered, raw


def folds(y):
    return np.arange(len(y)) % N_FOLDS


def factors(tempered, raw, X):
    """What each fold's logits are multiplied by."""
    pairs = zip(tempered.estimators_, raw.estimators_, strict=True)
    logits = [[one.decision_function(X) for one in pair] for pair in pairs]
    result = [(one / other).ravel() for one, other in logits]
    for ratios in result:
        assert_allclose(ratios, ratios[0], rtol=1e-3)
    return np.array([ratios[0] for ratios in result])


def losses_of(network, X, Y, log_factor):
    """Log losses of rows, summed over the columns of ``Y``."""
    Z = network.decision_function(X) * np.exp(log_factor)
    if Z.ndim == 1:
        return np.logaddexp(0, np.where(Y == 1, -Z, Z))
    if Y.ndim == 2:
        return np.logaddexp(0, np.where(Y == 1, -Z, Z)).sum(axis=1)
    return np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(Z)), Y]


@pytest.mark.parametrize("data", ["iris", "cancer", "labels"])
@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_the_best_one_for_the_other_folds(data, weighted, request):
    X, y = request.getfixturevalue(data)
    weight = 1.0 + np.arange(len(y)) % 4 if weighted else np.ones(len(y))
    tempered, raw = fitted(X, y, weight if weighted else None)
    found = factors(tempered, raw, X[:5])
    fold = folds(y)
    for k, factor in enumerate(found):

        def cost(log_factor, k=k):
            others = [j for j in range(N_FOLDS) if j != k]
            parts = [(raw.estimators_[j], fold == j) for j in others]
            total = sum(
                losses_of(one, X[rows], y[rows], log_factor) @ weight[rows]
                for one, rows in parts
            )
            return total / weight[fold != k].sum() + RESTRAINT * log_factor**2

        best = minimize_scalar(cost, bounds=(-1.5, 1.5), method="bounded").x
        assert abs(np.log(factor) - best) < 0.03
    assert (np.abs(np.log(found)) > 0.05).any()


def test_networks_that_are_not_sure_enough_become_so(iris):
    X, y = iris
    tempered, raw = fitted(X, y, alpha=0.3)
    assert (factors(tempered, raw, X[:1]) > 1.3).all()
    assert log_loss(y, tempered.oof_proba_) < log_loss(y, raw.oof_proba_) - 0.02
    assert (tempered.scores_ > raw.scores_).all()
    for one, other in zip(tempered.estimators_, raw.estimators_, strict=True):
        assert_array_equal(one.predict(X), other.predict(X))


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_a_single_network_is_as_sure_as_those_of_the_folds(iris, solver):
    X, y = iris
    settings = {"solver": solver}
    if solver == "lbfgs":
        settings |= {"n_iter_no_change": 10, "max_iter": 1000, "tol": 0.01}
    found = factors(*fitted(X, y, **settings), X[:1])
    tempered, raw = fitted(X, y, refit="single", **settings)
    mean = np.exp(np.log(found).mean())
    assert_allclose(tempered.coefs_[-1], mean * raw.coefs_[-1], rtol=1e-3)
    assert_allclose(tempered.intercepts_[-1], mean * raw.intercepts_[-1], rtol=1e-3)
    assert_array_equal(tempered.coefs_[0], raw.coefs_[0])


def test_it_stays_within_bounds(iris):
    """Logits that are right, but small, would have to be many times as large."""
    X, y = iris
    start = {"hidden_layer_sizes": (), "init": "zeros", "learning_rate_init": 0.01}
    found = factors(*fitted(X, y, alpha=0.0, **start), X[:1])
    assert_allclose(found, np.exp([1.5, 1.5, 1.5]), rtol=0.01)


def test_rows_that_are_all_right_do_not_make_it_endless():
    X = np.concatenate([np.full((30, 2), -1.0), np.full((30, 2), 1.0)])
    y = np.repeat([0, 1], 30)
    tempered, raw = fitted(X, y)
    assert (factors(tempered, raw, X[:1]) < 4.5).all()
    assert np.isfinite(tempered.predict_log_proba(X)).all()
