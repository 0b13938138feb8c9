"""Numbers of unusual kinds and sizes work, or are refused before anything is done."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from sklearn.base import clone, is_regressor
from sklearn.exceptions import ConvergenceWarning

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LectureMLPRegressorCV,
)

HUGE = 10**400


@pytest.mark.parametrize(
    "name",
    [
        *("alpha", "batch_size", "beta_1", "epsilon", "learning_rate_init", "max_fun"),
        *("max_iter", "momentum", "n_iter_no_change", "power_t", "tol", "dropout"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_integers_that_no_float_can_hold(name, method, iris):
    network = LectureMLPClassifier(**{name: HUGE})
    arguments = {"classes": [0, 1, 2]} if method == "partial_fit" else {}
    with pytest.raises(ValueError, match=f"'{name}' parameter .* in the range"):
        getattr(network, method)(*iris, **arguments)


SMALL_TYPES = [np.uint8, np.int8, np.int16, np.uint64]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kind", SMALL_TYPES)
def test_small_integers_of_numpy_are_integers(kind, iris):
    plain = {"batch_size": 20, "max_iter": 100, "hidden_layer_sizes": (100, 100)}
    plain |= {"warm_start": True, "random_state": 3, "n_iter_no_change": 120}
    typed = {name: kind(v) for name, v in plain.items() if type(v) is int}
    typed["hidden_layer_sizes"] = (kind(100), kind(100))
    networks = [LectureMLPClassifier(**plain), LectureMLPClassifier(**plain | typed)]
    for network in networks:
        for _ in range(2):
            network.fit(*iris)
    assert networks[1].n_iter_ == networks[0].n_iter_ == 200
    assert networks[1].loss_curve_ == networks[0].loss_curve_


REALS = ("alpha", "epsilon", "learning_rate_init", "max_grad_norm", "tol", "power_t")


@pytest.mark.filterwarnings("ignore::UserWarning")  # of what has no effect
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble])
@pytest.mark.parametrize("name", [*REALS, "momentum", "beta_1", "dropout"])
def test_other_floats_of_numpy_are_floats(name, kind, iris):
    network = LectureMLPClassifier(3, max_iter=2, n_iter_no_change=9, random_state=0)
    solver = "sgd" if name == "momentum" else "adam"
    losses = [
        network.set_params(solver=solver, **{name: value}).fit(*iris).loss_
        for value in (kind(0.25), 0.25)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)


@pytest.mark.parametrize(
    "value", [Fraction(1, 4), Fraction(10**400, 3), np.timedelta64(1, "D")]
)
@pytest.mark.parametrize("name", [*REALS, "batch_size", "max_iter", "n_iter_no_change"])
def test_numbers_that_numpy_does_not_calculate_with_are_refused(name, value, iris):
    for kind in (LectureMLPClassifier, LectureMLPRegressor):
        with pytest.raises(TypeError, match=f"{name} must be a number such as int"):
            kind(**{name: value}).fit(*iris)


@pytest.mark.parametrize("value", [np.timedelta64(3, "D"), [np.timedelta64(3, "D")]])
def test_durations_are_no_sizes(value, iris):
    with pytest.raises(ValueError, match="hidden_layer_sizes must be an int"):
        LectureMLPClassifier(value).fit(*iris)


@pytest.mark.parametrize("power", [1100, 1e308])
def test_a_power_by_which_the_rate_vanishes(power, iris):
    network = LectureMLPClassifier(
        learning_rate="invscaling", power_t=power, max_iter=4, n_iter_no_change=np.inf
    )
    assert network.fit(*iris).learning_rate_ == 0


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"alpha": 1e39}, "alpha=1e.39 is beyond the range of float32"),
        ({"learning_rate_init": 1e39}, "learning_rate_init=.* the range of float32"),
        ({"solver": "adam", "epsilon": 1e-50}, "epsilon=1e-50 is beyond the range"),
        ({"init": lambda *size: np.full(size[:2], 1e300)}, "finite numbers of float32"),
    ],
    ids=["alpha", "learning rate", "epsilon", "init"],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_what_float32_cannot_hold(parameters, message, method, iris):
    X, y = iris
    network = LectureMLPClassifier(**parameters)
    arguments = {"classes": [0, 1, 2]} if method == "partial_fit" else {}
    with pytest.raises(ValueError, match=message):
        getattr(network, method)(X.astype(np.float32), y, **arguments)
    assert not hasattr(network, "coefs_")


EVERY_KIND = [
    LectureMLPClassifier((3,), max_iter=2, n_iter_no_change=9),
    LectureMLPRegressor((3,), max_iter=2, n_iter_no_change=9),
    LectureMLPClassifierCV([0.1, 1.0], cv=2, hidden_layer_sizes=(3,), max_iter=2),
    LectureMLPRegressorCV([0.1, 1.0], cv=2, hidden_layer_sizes=(3,), max_iter=2),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("network", EVERY_KIND, ids=lambda n: type(n).__name__)
def test_data_that_no_float_can_hold(network, iris):
    X, y = iris
    network = clone(network).set_params(random_state=0).fit(X, y)
    before = network.predict(X)
    objects, weight = X.astype(object), [1, HUGE] * 75
    objects[3, 1] = HUGE
    for arguments in [(objects, y), (X, y, weight)]:
        with pytest.raises(ValueError, match="integer that no float can hold"):
            network.fit(*arguments)
    with pytest.raises(ValueError, match="integer that no float can hold"):
        network.predict(objects)
    if is_regressor(network):
        with pytest.raises(ValueError, match="integer that no float can hold"):
            network.fit(X, [1, HUGE] * 75)
    np.testing.assert_array_equal(network.predict(X), before)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("network", EVERY_KIND, ids=lambda n: type(n).__name__)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rows", ["one", "all"])
def test_values_next_to_the_largest_number(network, dtype, rows, iris):
    """Something usable or an error that says what to do, and no warning of NumPy's."""
    X, y = iris[0].astype(dtype), iris[1]
    largest = np.finfo(dtype).max
    if rows == "one":
        X[3, 1] = largest
    else:
        X = np.where(X < 0, -largest, largest)
    try:
        fitted = clone(network).set_params(random_state=0).fit(X, y)
        fitted.predict(X)
    except ValueError as error:
        assert "scale" in str(error).lower()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("network", [LectureMLPClassifier, LectureMLPRegressor])
@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "lbfgs"])
def test_inputs_whose_square_is_infinite(network, solver, iris):
    X, y = iris[0] * 1e299, iris[1]
    settings = {"standardize": False, "solver": solver, "random_state": 0}
    try:
        fitted = network(**settings, max_iter=20).fit(X, y)
    except ValueError as error:
        assert "standardize=True" in str(error)
    else:
        assert np.isfinite(fitted.predict(X)).all()


def test_weights_whose_product_is_infinite(iris):
    network = LectureMLPClassifier(class_weight={0: 1e300})
    with pytest.raises(ValueError, match="beyond the range of float64; divide"):
        network.fit(*iris, sample_weight=np.full(150, 1e300))


def test_only_ratios_of_weights_matter_however_large(iris):
    X, y = iris
    weight = 1.0 + np.arange(150) % 3
    kwargs = {"class_weight": "balanced", "max_iter": 5, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        plain = LectureMLPClassifier(**kwargs).fit(X, y, sample_weight=weight)
        large = LectureMLPClassifier(**kwargs).fit(X, y, sample_weight=1e307 * weight)
    np.testing.assert_allclose(plain.loss_curve_, large.loss_curve_, rtol=1e-9)


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_a_strength_that_explodes_is_named(solver, iris):
    network = LectureMLPClassifier(3, solver=solver, alpha=1e308)
    with pytest.raises(ValueError, match=r"alpha=1e\+308.* lower alpha"):
        network.fit(*iris)


def test_initial_weights_that_explode_are_named(iris):
    network = LectureMLPClassifier(init=lambda *size: np.full(size[:2], 1e200))
    with pytest.raises(ValueError, match="weights of length .* another init"):
        network.fit(*iris)


def test_the_automatic_rate_ignores_a_large_batch(cancer):
    """Only batches below 100 rows are noisy enough for less."""
    rates = [
        LectureMLPClassifier(batch_size=size, max_iter=1, n_iter_no_change=np.inf)
        .fit(*cancer)
        .learning_rate_
        for size in (200, 201, 500)
    ]
    assert rates == [0.5] * 3


def test_the_automatic_rate_ignores_rows_that_are_set_aside(cancer):
    """Those are as large as you like: training does not see them."""
    X, y = cancer
    network = LectureMLPClassifier(
        standardize=False, early_stopping=True, max_iter=1, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        whole = network.fit(X, y, X_val=X[:50], y_val=y[:50]).learning_rate_
        aside = network.fit(X, y, X_val=1e6 * X[:50], y_val=y[:50]).learning_rate_
    assert whole == aside
