"""Wide tables: `LectureMLPClassifierCV` trains in the space that their rows span."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import make_classification
from sklearn.metrics import log_loss

from sklearn_mlp_edu import LectureMLPClassifierCV

N_ROWS, N_NARROW, N_WIDE = 40, 8, 60


@pytest.fixture(scope="module")
def narrow():
    draws = {"n_informative": 4, "n_redundant": 0, "random_state": 0}
    return make_classification(N_ROWS, N_NARROW, **draws)


@pytest.fixture(scope="module")
def rotation():
    """Where eight columns lie among sixty."""
    draws = np.random.default_rng(0).normal(size=(N_WIDE, N_NARROW))
    return np.linalg.qr(draws)[0]


def brief(**parameters):
    settings = {"hidden_layer_sizes": 6, "cv": 4, "random_state": 0}
    if parameters.get("solver") != "lbfgs":
        settings |= {"max_iter": 30, "n_iter_no_change": np.inf}
    return LectureMLPClassifierCV([0.03, 0.3], **settings | parameters)


def outside(network, X):
    """How long the first layer's weights are outside the space of the rows."""
    W = network.coefs_[0]
    rows = ((X - network.mean_) / network.scale_).T
    inside = rows @ np.linalg.lstsq(rows, W, rcond=None)[0]
    return np.linalg.norm(W - inside) / np.linalg.norm(W)


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
@pytest.mark.parametrize("refit", ["ensemble", "single"])
def test_turned_columns_make_the_same_networks(narrow, rotation, solver, refit):
    """Columns that only repeat, turned, what others hold change no prediction."""
    X, y = narrow

    def turned(fan_in, fan_out, rng):
        start = rng.normal(size=(min(fan_in, N_NARROW), fan_out)) / 3
        return rotation @ start if fan_in == N_WIDE else start

    settings = {"solver": solver, "refit": refit, "standardize": False}
    settings["init"] = turned
    if solver == "sgd":
        settings["learning_rate_init"] = 0.1
    else:  # of a line, which has one minimum
        settings |= {"hidden_layer_sizes": (), "tol": 1e-6}
    few, many = brief(**settings), brief(**settings)
    few.fit(X, y)
    many.fit(X @ rotation.T, y)
    assert few.alpha_ == many.alpha_
    rtol = 1e-7 if solver == "sgd" else 1e-3
    assert_allclose(few.oof_proba_, many.oof_proba_, rtol)
    there = many.predict_proba(X @ rotation.T)
    assert_allclose(few.predict_proba(X), there, rtol)
    one, other = few.estimators_[0], many.estimators_[0]
    assert_allclose(rotation @ one.coefs_[0], other.coefs_[0], rtol, atol=rtol)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_are_of_the_networks_that_predict(dtype):
    X, y = make_classification(N_ROWS, N_WIDE, random_state=0)
    X = (3 * X + 1).astype(dtype)
    network = brief().fit(X, y)
    best = int(np.flatnonzero(network.alphas_ == network.alpha_)[0])
    for one, score in zip(network.estimators_, network.scores_[:, best], strict=True):
        assert one.coefs_[0].shape == (N_WIDE, 6)
        assert one.coefs_[0].dtype == dtype
        held_out = np.abs(network.oof_proba_ - one.predict_proba(X)).max(axis=1) < 1e-6
        assert held_out.sum() == N_ROWS / 4
        loss = log_loss(y[held_out], one.predict_proba(X[held_out]))
        assert_allclose(score, -loss, rtol=1e-4)


def test_only_solvers_that_know_no_columns_train_there():
    """Adam looks at every weight by itself, so its steps depend on the basis."""
    X, y = make_classification(N_ROWS, N_WIDE, random_state=0)
    inside, all_over = (brief(solver=s).fit(X, y) for s in ("sgd", "adam"))
    parts = [outside(one.estimators_[0], X) for one in (inside, all_over)]
    assert parts[0] < 0.3 < parts[1]  # a mean of 0 leaves one dimension free
