"""`LectureMLPRegressorCV`: what is not as `LectureMLPClassifierCV` has it."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import (
    GroupKFold,
    LeaveOneOut,
    PredefinedSplit,
    TimeSeriesSplit,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import LectureMLPRegressor, LectureMLPRegressorCV

from .test_cv_check_estimator import FOLDS_DEPEND_ON_THE_ROWS

ALPHAS = [0.003, 0.03, 0.3]


def quick(alphas=ALPHAS, **parameters):
    """An estimator that stops after 30 epochs, and does not warn of it."""
    brief = {"hidden_layer_sizes": 12, "cv": 3, "random_state": 0}
    brief |= {"learning_rate_init": 0.02, "max_iter": 30, "n_iter_no_change": np.inf}
    return LectureMLPRegressorCV(alphas, **{**brief, **parameters})


@pytest.fixture
def task():
    """A target far from 0 and large, with noise, and a column for its rows' folds."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 5))
    signal = X[:, 0] + np.abs(X[:, 1]) + 0.5 * rng.normal(size=120)
    return X, 5000 + 300 * signal


def predefined(n_rows):
    fold = np.arange(n_rows) % 3
    return fold, PredefinedSplit(fold)


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [quick([0.001, 0.01], cv=2, max_iter=40)],
    expected_failed_checks=lambda estimator: FOLDS_DEPEND_ON_THE_ROWS,
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


def test_scores_are_r2_of_rows_held_out_and_learned_from(task):
    X, y = task
    fold, cv = predefined(len(y))
    network = quick(cv=cv).fit(X, y)
    best = ALPHAS.index(network.alpha_)
    assert network.scores_.shape == network.train_scores_.shape == (3, 3)
    assert network.scores_[:, best].mean() >= network.scores_.mean(axis=0).max() - 3e-4
    for k, one in enumerate(network.estimators_):
        assert one.alpha_ == network.alpha_
        for rows, scores in [
            (fold != k, network.train_scores_),
            (fold == k, network.scores_),
        ]:
            r2 = r2_score(y[rows], one.predict(X[rows]))
            assert_allclose(scores[k, best], r2, rtol=1e-5)
        rows = fold == k
        assert_allclose(network.oof_prediction_[rows], one.predict(X[rows]))
    gaps = (network.train_scores_ - network.scores_)[:, best]
    assert_allclose(network.gap_, gaps.mean())
    assert network.gap_ > 0
    assert "score  r2" in network.summary()


def test_predictions_are_means(task):
    X, y = task
    network = quick().fit(X, y)
    mean = np.mean([one.predict(X) for one in network.estimators_], axis=0)
    assert_allclose(network.predict(X), mean, rtol=1e-12)
    assert network.score(X, y) == r2_score(y, network.predict(X)) > 0.6


def test_a_fold_knows_nothing_of_what_it_holds_out(task):
    """Neither X nor y of these rows reach its units, its weights or its epoch."""
    X, y = task
    fold, cv = predefined(len(y))
    other = X.copy(), y.copy()
    other[0][fold == 0] *= 3
    other[1][fold == 0] += 1e4
    one, two = (quick([0.003], cv=cv).fit(*data) for data in (task, other))
    for fitted in (one, two):
        for k, network in enumerate(fitted.estimators_):
            rows = fold != k
            targets = (X, y)[1] if fitted is one else other[1]
            assert_allclose(network.target_mean_, targets[rows].mean())
            assert_allclose(network.target_scale_, targets[rows].std())
    first, same = one.estimators_[0], two.estimators_[0]
    assert_allclose(first.coefs_[0], same.coefs_[0], rtol=1e-4, atol=1e-6)
    assert one.n_iter_[0] == two.n_iter_[0]
    assert one.scores_[0] > two.scores_[0]


@pytest.mark.parametrize("unit", [1e-150, 1e-3, 1e150])
def test_units_of_the_target_change_nothing(task, unit):
    X, y = task
    plain, scaled = quick().fit(X, y), quick().fit(X, y * unit)
    assert_allclose(plain.scores_, scaled.scores_, rtol=1e-4)
    assert plain.alpha_ == scaled.alpha_
    assert_allclose(scaled.oof_prediction_, plain.oof_prediction_ * unit, rtol=1e-4)


def test_the_chosen_strength_fits_the_noise():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 20))
    y = X[:, 0] + 2 * rng.normal(size=60)
    network = quick([1e-4, 0.3, 3.0], max_iter=60).fit(X, y)
    gaps = (network.train_scores_ - network.scores_).mean(axis=0)
    assert gaps[0] > gaps[1] > gaps[2]
    assert network.alpha_ > 1e-4
    assert "so much is overfitting" in network.summary()


def test_strengths_lie_around_the_automatic_one(task):
    X, y = task
    rows = np.tile(np.arange(len(y)), 20)
    middle = quick(1, max_iter=1).fit(X[rows], y[rows])
    alone = LectureMLPRegressor(max_iter=1, n_iter_no_change=np.inf)
    alone.fit(X[rows[: len(rows) * 2 // 3]], y[rows[: len(rows) * 2 // 3]])
    assert middle.alphas_ == [alone.alpha_] < [0.012]


@pytest.mark.parametrize(
    ("scoring", "sign"), [("neg_mean_squared_error", -1), (None, 1)]
)
def test_scoring_decides(task, scoring, sign):
    X, y = task
    fold, cv = predefined(len(y))
    network = quick(cv=cv, scoring=scoring).fit(X, y)
    best = ALPHAS.index(network.alpha_)
    measure = r2_score if scoring is None else mean_squared_error
    for k, one in enumerate(network.estimators_):
        rows = fold == k
        expected = sign * measure(y[rows], one.predict(X[rows]))
        assert_allclose(network.scores_[k, best], expected, rtol=1e-5)


@pytest.mark.parametrize("scoring", ["neg_log_loss", "accuracy"])
def test_scores_of_classes_are_refused(task, scoring):
    with pytest.raises((ValueError, AttributeError)):
        quick(scoring=scoring).fit(*task)


def test_several_targets(task):
    X, y = task
    Y = np.column_stack([y, X[:, 2] * 1e-3 + 7])
    fold, cv = predefined(len(y))
    network = quick(cv=cv).fit(X, Y)
    assert network.oof_prediction_.shape == network.predict(X).shape == (120, 2)
    best = ALPHAS.index(network.alpha_)
    for k, one in enumerate(network.estimators_):
        r2 = r2_score(Y[fold == k], one.predict(X[fold == k]))
        assert_allclose(network.scores_[k, best], r2, rtol=1e-4)
    with pytest.raises(ValueError, match="refit='single'"):
        network.to_sklearn()
    single = quick(refit="single").fit(X, Y)
    assert_allclose(single.to_sklearn().predict(X), single.predict(X))
    assert single.coefs_ is single.estimators_[0].coefs_


@pytest.mark.parametrize("refit", ["ensemble", "single"])
def test_to_sklearn_predicts_the_same(task, refit):
    X, y = task
    network = quick(refit=refit).fit(X, y)
    assert_allclose(network.to_sklearn().predict(X), network.predict(X), rtol=1e-12)
    names = pytest.importorskip("pandas").DataFrame(X, columns=list("abcde"))
    named = quick(refit=refit).fit(names, y).to_sklearn()
    assert_allclose(named.predict(names), network.predict(X))


@pytest.mark.parametrize(
    "parameters",
    [
        {"solver": "sgd", "learning_rate_init": "auto"},
        {
            "solver": "lbfgs",
            "learning_rate_init": "auto",
            "n_iter_no_change": 10,
            "tol": 0.02,
        },
        {"loss": "absolute_error"},
        {"loss": "huber", "refit": "single"},
        {"loss": "poisson"},
        {"standardize": False, "learning_rate_init": 0.05},
        {"hidden_layer_sizes": (), "learning_rate_init": 0.05},
        {"dropout": 0.1, "refit": "single"},
    ],
    ids=lambda parameters: "-".join(map(str, parameters.values())),
)
def test_it_learns_with_all_kinds_of_training(task, parameters):
    X, y = task
    y = (y - y.min()) / 1000
    parameters = {"max_iter": 120} | parameters
    network = quick([0.003, 0.03], **parameters).fit(X, y)
    assert network.score(X, y) > 0.4
    assert np.isfinite(network.scores_).all()


def test_weights_are_copies_where_folds_are_given(task):
    X, y = task
    weight = 1 + np.arange(len(y)) % 2
    fold = np.arange(len(y)) // 2 % 3
    rows = np.arange(len(y)).repeat(weight)
    weighted = quick(cv=PredefinedSplit(fold), batch_size="full")
    weighted.fit(X, y, sample_weight=weight)
    copies = quick(cv=PredefinedSplit(fold[rows]), batch_size="full")
    copies.fit(X[rows], y[rows])
    assert_allclose(weighted.scores_, copies.scores_, rtol=1e-3)
    assert_allclose(weighted.predict(X), copies.predict(X), rtol=1e-3)
    best = ALPHAS.index(weighted.alpha_)
    one, rows = weighted.estimators_[1], fold == 1
    r2 = r2_score(y[rows], one.predict(X[rows]), sample_weight=weight[rows])
    assert_allclose(weighted.scores_[1, best], r2, rtol=1e-5)


def test_rows_that_are_sorted_are_dealt_out_at_random(task):
    """Whole numbers of folds are drawn, always alike; other splitters are obeyed."""
    X, y = task
    order = np.argsort(y)
    network = quick(max_iter=100).fit(X[order], y[order])
    assert network.scores_.max(axis=1).min() > 0.4
    again = clone(network).fit(X[order], y[order])
    assert_array_equal(network.oof_prediction_, again.oof_prediction_)
    in_time = quick(cv=TimeSeriesSplit(3)).fit(X, y)
    assert np.isnan(in_time.oof_prediction_[:30]).all()
    assert np.isfinite(in_time.oof_prediction_[30:]).all()


def test_folds_of_one_row_are_scored(task):
    X, y = task[0][:12], task[1][:12]
    network = quick([0.03, 0.3], cv=LeaveOneOut()).fit(X, y)
    assert np.isfinite(network.scores_).all() and network.scores_.shape == (12, 2)
    with pytest.warns(UserWarning, match="is 4, so there are 4 folds"):
        few = quick([0.03], cv=5).fit(X[:4], y[:4])
    assert few.scores_.shape == (4, 1)


def test_groups_stay_together(task):
    X, y = task
    network = quick([0.01], cv=GroupKFold(3)).fit(X, y, groups=np.arange(len(y)) % 6)
    assert len(network.estimators_) == 3
    with pytest.raises(TypeError, match="colour"):
        quick().fit(X, y, colour=y)


def test_sparse_inputs_and_float32(task):
    X, y = np.maximum(task[0], 0), task[1]
    raw = {"standardize": False, "learning_rate_init": 0.1}
    y = (y - y.mean()) / y.std()
    dense, sparse = quick(**raw).fit(X, y), quick(**raw).fit(csr_matrix(X), y)
    assert_allclose(dense.scores_, sparse.scores_, rtol=1e-6)
    assert quick(max_iter=60).fit(csr_matrix(X), y).score(csr_matrix(X), y) > 0.3
    single = quick().fit(X.astype(np.float32), y)
    assert single.predict(X.astype(np.float32)).dtype == np.float32
    assert single.oof_prediction_.dtype == np.float32
    assert quick().fit(X, y).oof_prediction_.dtype == np.float64


def test_a_constant_target_is_all_that_is_predicted(task):
    X, _ = task
    with pytest.warns(UserWarning, match="y is constant"):
        network = quick().fit(X, np.full(len(X), 7.5))
    assert_allclose(network.predict(X), 7.5, atol=0.5)


def test_it_is_an_estimator_like_others(task):
    X, y = task
    network = quick().fit(X, y)
    again = pickle.loads(pickle.dumps(network))
    assert_array_equal(again.predict(X), network.predict(X))
    pipeline = make_pipeline(StandardScaler(), quick([0.01, 0.1], max_iter=100))
    nested = cross_validate(pipeline, X, y, cv=2)["test_score"].mean()
    assert nested > cross_validate(Ridge(), X, y, cv=2)["test_score"].mean()
    assert not hasattr(network, "partial_fit") and not hasattr(network, "coefs_")


def test_parameters_are_those_of_the_network():
    shared = LectureMLPRegressor().get_params()
    own = LectureMLPRegressorCV().get_params()
    assert shared.keys() - own.keys() == {
        "alpha",
        "warm_start",
        "early_stopping",
        "validation_fraction",
    }
    assert own.keys() - shared.keys() == {"alphas", "cv", "scoring", "refit", "n_jobs"}
    both = shared.keys() & own.keys()
    assert {name for name in both if own[name] != shared[name]} == {
        "hidden_layer_sizes"
    }


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"alphas": [-1.0]}, "alphas"),
        ({"loss": "log"}, "loss"),
        ({"loss": "poisson"}, "y holds"),
        ({"refit": "all"}, "refit"),
        ({"scoring": "beauty"}, "beauty"),
    ],
)
def test_bad_parameters_are_refused_and_change_nothing(task, parameters, match):
    X, y = task
    network = quick([0.01]).fit(X, y)
    before = network.predict(X)
    with pytest.raises(ValueError, match=match):
        network.set_params(**parameters).fit(X, y - 1e4)
    assert_array_equal(network.predict(X), before)


def test_what_is_too_large_to_predict_is_named(task):
    network = quick().fit(*task)
    with pytest.raises(ValueError, match="row 1 of X"):
        network.predict(np.array([[0.0] * 5, [1e308] * 5]))


def test_a_cost_that_overflows_where_lbfgs_begins_is_an_error():
    X, y = np.ones((8, 1)), np.arange(8.0)
    network = LectureMLPRegressorCV(
        [0.01, 0.1],
        hidden_layer_sizes=(),
        loss="poisson",
        solver="lbfgs",
        init=lambda fan_in, fan_out, rng: np.full((fan_in, fan_out), 1e4),
        standardize=False,
        cv=2,
    )
    with pytest.raises(ValueError, match="every strength.* or raise alphas."):
        network.fit(X, y)
