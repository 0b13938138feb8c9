"""`LectureMLPRegressor`: targets and their units, and all that classifiers do, too."""

import pickle
import warnings
from re import findall

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import sklearn_mlp_edu
from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPRegressor,
    SignalPropagationDisplay,
    diagnose_overfitting,
)

LOSSES = ["squared_error", "absolute_error", "huber", "poisson"]
SETTINGS = [
    {},
    {"solver": "sgd", "activation": "leaky_relu"},
    {"solver": "lbfgs", "hidden_layer_sizes": ()},
    {"loss": "absolute_error", "learning_rate_init": 0.01},
    {"loss": "huber", "activation": "tanh", "hidden_layer_sizes": (20, 10)},
    {"solver": "sgd", "batch_size": "full", "learning_rate": "adaptive"},
    {"early_stopping": True},
]
CHANCE_DEPENDS_ON_THE_ROWS = {
    check: "15 weighted examples make other validation sets than their copies"
    for check in (
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    )
}
ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [LectureMLPRegressor(**setting) for setting in SETTINGS],
    expected_failed_checks=lambda network: (
        CHANCE_DEPENDS_ON_THE_ROWS if network.early_stopping else {}
    ),
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


@pytest.fixture
def task():
    """80 × 3, a target far from 0 and small in its spread."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(80, 3))
    return X, 50 + 0.01 * (X @ [1.0, -2.0, 0.5] + 0.3 * rng.normal(size=80))


def fixed(**parameters):
    """A network for a given number of epochs, without any stopping."""
    defaults = {"max_iter": 8, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPRegressor(**{"hidden_layer_sizes": 8, **defaults, **parameters})


def counts(X):
    """Targets for the Poisson loss."""
    return np.floor(np.exp(1 + X[:, 0]))


# Units of the targets


@pytest.mark.parametrize("loss", LOSSES[:3])
def test_other_units_of_the_target_change_nothing(loss, task):
    X, y = task
    network, other = fixed(loss=loss).fit(X, y), fixed(loss=loss).fit(X, 1e6 * y - 3)
    assert_allclose(other.predict(X), 1e6 * network.predict(X) - 3, rtol=1e-9)
    assert_allclose(other.loss_curve_, network.loss_curve_, rtol=1e-6)


def test_the_poisson_loss_is_learned_in_units_of_the_mean(task):
    X, _ = task
    y = counts(X)
    network, other = (fixed(loss="poisson").fit(X, t) for t in (y, 1000 * y))
    assert_allclose(other.predict(X), 1000 * network.predict(X), rtol=1e-9)
    assert network.predict(X).min() > 0
    assert_array_equal(network.target_mean_, [0])
    assert_allclose(network.target_scale_, [y.mean()])
    assert network.out_activation_ == "exp"


def test_units_are_those_of_the_weighted_training_rows(task):
    X, y = task
    weight = np.arange(80) % 3
    network = fixed().fit(X, y, sample_weight=weight)
    mean = np.average(y, weights=weight)
    deviation = np.sqrt(np.average((y - mean) ** 2, weights=weight))
    assert_allclose(network.target_mean_, [mean])
    assert_allclose(network.target_scale_, [deviation])
    stopped = fixed(early_stopping=True, validation_fraction=0.5).fit(X, y)
    assert stopped.n_samples_seen_ == 40
    assert abs(stopped.target_mean_ - y.mean()) > 1e-5
    watched = fixed(early_stopping=True).fit(X, y, X_val=X, y_val=100 * y)
    assert_allclose(watched.target_mean_, [y.mean()])


def test_without_standardisation_targets_are_as_they_are(task):
    X, y = task
    network = fixed(standardize=False, learning_rate_init=0.05).fit(X, 100 * (y - 50))
    assert network.target_mean_ is network.target_scale_ is network.mean_ is None
    at_last = network.score(X, 100 * (y - 50))
    assert at_last > 0.3


def test_several_targets_have_units_of_their_own(task):
    X, y = task
    Y = np.column_stack([y, 1e5 * X[:, 1], -y])
    network = LectureMLPRegressor(random_state=0).fit(X, Y)
    assert network.predict(X).shape == (80, 3)
    assert network.n_outputs_ == 3
    assert_allclose(network.target_mean_, Y.mean(axis=0))
    assert (r2_score(Y, network.predict(X), multioutput="raw_values") > 0.8).all()


def test_a_weight_of_two_counts_as_two_copies(task):
    X, y = task
    weight = np.arange(80) % 4
    weighted = fixed(batch_size="full").fit(X, y, sample_weight=weight)
    copies = fixed(batch_size="full").fit(X.repeat(weight, axis=0), y.repeat(weight))
    assert_allclose(weighted.predict(X), copies.predict(X), rtol=1e-9)


# Going on


@ignore_unconverged
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_pieces_equal_one_long_run(solver, loss, task):
    X, _ = task
    y = counts(X)
    at_once = fixed(solver=solver, loss=loss).fit(X, y)
    streamed = fixed(solver=solver, loss=loss)
    warm = fixed(solver=solver, loss=loss, warm_start=True, max_iter=4)
    for _ in range(8):
        streamed.partial_fit(X, y)
    warm.fit(X, y).fit(X, y)
    rate = at_once.learning_rate_
    if solver == "sgd":  # parts of a stream have less than 100 rows, so another rate
        assert streamed.learning_rate_ < rate
        streamed = fixed(loss=loss, learning_rate_init=rate)
        for _ in range(8):
            streamed.partial_fit(X, y)
    assert_allclose(warm.predict(X), at_once.predict(X), rtol=1e-9)
    assert warm.n_iter_ == streamed.n_iter_ == 8
    assert streamed.n_samples_seen_ == 640


@pytest.mark.parametrize("hidden_layer_sizes", [(8,), ()])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_stream_that_tells_more_of_targets_leaves_predictions(
    loss, hidden_layer_sizes, task
):
    """The last layer is re-expressed; a rate near 0 shows it alone."""
    X, _ = task
    y = counts(X)
    network = fixed(loss=loss, learning_rate_init=0.05).set_params(
        hidden_layer_sizes=hidden_layer_sizes
    )
    for _ in range(5):
        network.partial_fit(X[:40], y[:40])
    before, units = network.predict(X), network.target_scale_
    network.set_params(learning_rate_init=1e-14)
    network.partial_fit(X[40:], 7 * y[40:])
    assert_allclose(network.predict(X), before, rtol=1e-8)
    assert network.target_scale_ != units
    both = np.concatenate([*[y[:40]] * 5, 7 * y[40:]])  # as often as they came
    if loss != "poisson":
        assert_allclose(network.target_mean_, [both.mean()])
        assert_allclose(network.target_scale_, [both.std()])


def test_a_stream_of_few_targets_predicts_their_mean_not_the_first():
    """At a rate near 0: what has been learned so far is where the targets are."""
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(90, 2)), rng.normal(size=90)
    y[0] = 50
    network = fixed(learning_rate_init=1e-14)
    for i in range(90):
        network.partial_fit(X[i : i + 1], y[i : i + 1])
    assert abs(np.median(network.predict(X)) - y.mean()) < 3


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_a_stream_may_begin_with_a_single_row(scale):
    rng = np.random.RandomState(0)
    X = rng.normal(size=(60, 2))
    y = scale * (5 + X[:, 0])
    network = LectureMLPRegressor((10,), random_state=0, learning_rate_init=0.05)
    for i in range(10):
        network.partial_fit(X[i : i + 1], y[i : i + 1])
    for _ in range(150):
        network.partial_fit(X, y)
    assert network.score(X, y) > 0.9


def test_what_training_cannot_go_on_with_is_refused(task):
    X, y = task
    network = fixed(warm_start=True).fit(X, y)
    before = network.predict(X)
    for change in (
        lambda: network.fit(X, np.column_stack([y, y])),
        lambda: network.partial_fit(X, np.column_stack([y, y])),
        lambda: network.set_params(loss="huber").fit(X, y),
        lambda: network.partial_fit(X, y),
    ):
        with pytest.raises(ValueError, match="warm_start=False"):
            change()
        assert_array_equal(network.predict(X), before)


# What there is to say


@pytest.mark.parametrize("loss", LOSSES)
def test_never_silently_worse_than_guessing(loss):
    """Targets that inputs do not tell of, and too few epochs to come near them."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(200, 10))
    y = rng.poisson(2.0, size=200)
    for rate, epochs in ((1e-9, 3), (1e-4, 5)):
        network = LectureMLPRegressor(
            loss=loss, learning_rate_init=rate, max_iter=epochs, random_state=0
        )
        with pytest.warns(ConvergenceWarning, match="guessing"):
            network.fit(X, y)
        assert network.score(X, y) < 0.01


def test_a_constant_target_is_told_and_predicted(task):
    X, _ = task
    with pytest.warns(UserWarning, match="constant"):
        network = LectureMLPRegressor(random_state=0).fit(X, np.full(80, 1e5))
    assert_allclose(network.predict(X), 1e5, atol=0.5)


@pytest.mark.filterwarnings("ignore:y is constant")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    ("loss", "y", "shift", "factor"),
    [
        ("squared_error", [4.5, 5.5], 5, 0.5),  # mean and standard deviation
        ("squared_error", [5, 5], 5, 1),
        ("poisson", [0, 0.5], 0, 0.25),  # the mean
        ("poisson", [0, 0], 0, 1),
    ],
)
def test_units_in_which_numbers_are_learned(loss, y, shift, factor):
    """ŷ is shift + factor times what the network says, here w x or its exponential."""
    X = np.array([[-1.0], [1.0]])
    network = LectureMLPRegressor(
        (),
        loss=loss,
        init=lambda fan_in, fan_out, rng: np.full((fan_in, fan_out), 0.5),
        learning_rate_init=1e-300,
        max_iter=1,
    )
    said = np.exp(0.5 * X[:, 0]) if loss == "poisson" else 0.5 * X[:, 0]
    assert_allclose(network.fit(X, y).predict(X), shift + factor * said)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.full(80, -1.0), "loss='poisson'.*-1"),
        (np.full(80, np.nan), "NaN"),
        (np.full(80, "a"), "could not convert|dtype"),
        (np.zeros((80, 2, 2)), "dim 3|3D"),
    ],
)
def test_targets_that_cannot_be_learned_are_refused(y, message, task):
    network = fixed(loss="poisson")
    with pytest.raises(ValueError, match=message):
        network.fit(task[0], y)
    assert not hasattr(network, "coefs_")


def test_classes_of_numbers_are_refused(task):
    with pytest.raises(ValueError, match="leave it out"):
        sklearn_mlp_edu.trace_step(fixed(), *task, classes=[0, 1])


def test_early_stopping_by_a_target_that_does_not_vary_goes_by_the_error(task):
    """R² would be 0 whatever is predicted."""
    X, y = task
    network = LectureMLPRegressor((8,), early_stopping=True, random_state=0)
    network.fit(X, y, X_val=X[:1], y_val=y[:1])
    assert network.n_iter_ > 11
    assert abs(network.predict(X[:1]) - y[:1]) < 0.1 * y.std()


def test_early_stopping_needs_rows_to_watch():
    network = LectureMLPRegressor(early_stopping=True)
    with pytest.raises(ValueError, match="n_samples=2"):
        network.fit([[0.0], [1.0]], [0.0, 1.0])


def test_a_prediction_beyond_floating_point_is_refused(task):
    X, _ = task
    network = LectureMLPRegressor((), loss="poisson", random_state=0)
    network.fit(X, counts(X))
    with pytest.raises(ValueError, match="row 1 of X is beyond the range"):
        network.predict([[0, 0, 0], [1e6, 0, 0]])


# Scores


def test_scores_are_r2(task):
    X, y = task
    weight = np.linspace(1, 2, 30)
    Y = np.column_stack([y, X[:, 0] ** 2])
    network = fixed().fit(
        X[30:], Y[30:], X_val=X[:30], y_val=Y[:30], sample_weight_val=weight
    )
    at_last = network.score(X[:30], Y[:30], sample_weight=weight)
    assert_allclose(network.validation_scores_[-1], at_last)
    assert len(network.validation_loss_curve_) == 8


@ignore_unconverged
def test_early_stopping_keeps_the_best_epoch(task):
    X, y = task
    network = LectureMLPRegressor((20,), early_stopping=True, random_state=0)
    network.fit(X[20:], y[20:], X_val=X[:20], y_val=y[:20])
    assert_allclose(network.score(X[:20], y[:20]), network.best_validation_score_)
    assert network.best_validation_score_ == max(network.validation_scores_)


# In company


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_to_sklearn_predicts_the_same(loss, standardize, task):
    X, _ = task
    y = counts(X)
    network = fixed(loss=loss, standardize=standardize, learning_rate_init=0.01)
    network.fit(X, y)
    if loss == "poisson":
        pytest.importorskip("sklearn", minversion="1.7")
    same = network.to_sklearn()
    assert isinstance(same, MLPRegressor)
    assert_allclose(same.predict(X), network.predict(X), rtol=1e-10)
    Y = np.column_stack([y, 9 * y + X[:, 1] ** 2])
    network.fit(csr_matrix(X), Y)
    assert_allclose(network.to_sklearn().predict(X), network.predict(X), rtol=1e-10)


def test_settings_of_mlp_regressor_are_accepted(task):
    X, y = task
    network = LectureMLPRegressor(**MLPRegressor(max_iter=3).get_params())
    with pytest.warns(ConvergenceWarning):
        network.fit(X, y)


def test_float_types_and_sparse_inputs(task):
    X, y = task
    double, single = fixed().fit(X, y), fixed().fit(X.astype(np.float32), y)
    assert single.predict(X.astype(np.float32)).dtype == np.float32
    assert_allclose(single.predict(X.astype(np.float32)), double.predict(X), rtol=1e-5)
    assert single.coefs_[0].dtype == np.float32
    network = LectureMLPRegressor(random_state=0)
    assert network.fit(csr_matrix(X), y).score(csr_matrix(X), y) > 0.9


CHANGES = {  # parameter: (another value, what it needs beside it)
    "hidden_layer_sizes": ((11,), {}),
    "activation": ("tanh", {}),
    "loss": ("huber", {}),
    "init": ("xavier", {}),
    "solver": ("adam", {}),
    "alpha": (0.1, {}),
    "batch_size": (32, {}),
    "learning_rate": ("invscaling", {}),
    "learning_rate_init": (0.1, {}),
    "power_t": (0.9, {"learning_rate": "invscaling"}),
    "momentum": (0.5, {}),
    "nesterovs_momentum": (True, {}),
    "beta_1": (0.5, {"solver": "adam"}),
    "beta_2": (0.5, {"solver": "adam"}),
    "epsilon": (0.1, {"solver": "adam"}),
    "dropout": (0.5, {}),
    "standardize": (False, {}),
    "max_iter": (6, {}),
    "max_grad_norm": (1e-3, {}),
    "max_fun": (3, {"solver": "lbfgs", "batch_size": "full", "n_iter_no_change": 10}),
    "tol": (0.5, {"max_iter": 100, "n_iter_no_change": 10}),
    "n_iter_no_change": (1, {"max_iter": 99, "tol": 0.01, "n_iter_no_change": 10}),
    "shuffle": (False, {}),
    "random_state": (1, {}),
    "early_stopping": (True, {}),
    "validation_fraction": (0.4, {"early_stopping": True}),
}


@ignore_unconverged
@pytest.mark.parametrize("name", CHANGES)
def test_each_parameter_has_an_effect(name, task):
    X, y = task
    y = 100 * (y - 50)
    value, beside = CHANGES[name]
    beside = {"batch_size": 20, "solver": "sgd", **beside}
    usual, changed = fixed(**beside).fit(X, y), fixed(**{**beside, name: value})
    changed.fit(X, y)
    assert value != usual.get_params()[name]
    assert not np.array_equal(usual.predict(X), changed.predict(X))


def test_all_parameters_are_tested():
    elsewhere = {"verbose", "warm_start", "engine"}
    assert set(LectureMLPRegressor().get_params()) == set(CHANGES) | elsewhere


def test_pickles_name_the_package_and_none_of_its_modules(task):
    X, y = task
    network = fixed().partial_fit(X, y)
    pickled = pickle.dumps(network)
    assert set(findall(rb"sklearn_mlp_edu[\w.]*", pickled)) == {b"sklearn_mlp_edu"}
    same = pickle.loads(pickled).partial_fit(X, y)
    assert_array_equal(same.predict(X), network.partial_fit(X, y).predict(X))


@pytest.mark.skipif(
    not hasattr(StandardScaler, "set_callbacks"), reason="from scikit-learn 1.9 on"
)
def test_callbacks_follow(task):
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring="r2")
    fixed(max_iter=3).set_callbacks(monitor).fit(*task)
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert len(rows) == 3
    assert rows[0]["r2"] != rows[-1]["r2"]


@ignore_unconverged
def test_a_fused_search_finds_what_a_grid_search_finds(task):
    X, y = task
    grid = {"alpha": [0.001, 0.1, 1.0], "learning_rate_init": [0.01, 0.1]}
    searches = [
        kind(fixed(), grid, cv=3, scoring="neg_mean_absolute_error").fit(X, y)
        for kind in (FusedGridSearchCV, GridSearchCV)
    ]
    fused, usual = (search.cv_results_["mean_test_score"] for search in searches)
    assert_allclose(fused, usual, rtol=1e-9)
    assert searches[0].best_params_ == searches[1].best_params_


@ignore_unconverged
def test_overfitting_is_diagnosed_by_r2():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 30))
    y = X[:, 0] + rng.normal(size=40)
    network = LectureMLPRegressor((20,), alpha=1e-4, max_iter=200, random_state=0)
    report = diagnose_overfitting(
        network, X, y, cv=3, alphas=(0.3,), dropouts=(), random_state=0
    )
    assert report.data["scoring"] == "r2"
    assert report.verdict == "overfitting"
    assert "R²" in str(report) or "r2" in str(report)


def test_signals_are_shown(task):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    display = SignalPropagationDisplay.from_estimator(
        LectureMLPRegressor((9, 9), random_state=0), *task, inits=["he"]
    )
    assert display.gradients["he"].shape == (3,)
    loss_curve = sklearn_mlp_edu.LossCurveDisplay.from_estimator(fixed().fit(*task))
    assert len(loss_curve.line_.get_xdata()) == 8


def test_the_summary_names_the_output(task):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "identity" in fixed().fit(*task).summary()


def test_predictions_beyond_the_float_type_are_refused_without_a_warning():
    """Targets are float64 also where X, and so the network, is float32."""
    X, y = np.zeros((2, 1), np.float32), np.array([1.3e149, -1.2e149])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network = LectureMLPRegressor((), max_iter=1).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="row 0 of X is beyond the range"):
            network.predict(X)
