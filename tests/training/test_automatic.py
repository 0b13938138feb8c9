"""What "auto" stands for, in numbers (docs/defaults.md)."""

import numpy as np
import pytest
from pytest import approx
from scipy import sparse

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def fitted(kind=LectureMLPClassifier, n_rows=100, X=None, hidden=(), **parameters):
    """A network after one epoch on ±1, or on X."""
    if X is None:
        X = np.random.default_rng(0).choice([-1.0, 1.0], (n_rows, 3))
        X[:2] = [[1], [-1]]
    network = kind(hidden, max_iter=1, random_state=0, **parameters)
    return network.fit(X, np.arange(X.shape[0]) % 2)


@pytest.mark.parametrize(
    ("solver", "n_rows", "alpha"),
    [
        ("sgd", 100, 0.012),
        ("sgd", 500, 0.01),
        ("adam", 500, 0.01),
        ("lbfgs", 500, 0.012),
        ("lbfgs", 1000, 0.01),
        ("sgd", 8000, 5 / 8000 / 2),  # beyond 4000, by the square of it
    ],
)
def test_strength_by_the_number_of_rows(solver, n_rows, alpha):
    assert fitted(n_rows=n_rows, solver=solver).alpha_ == approx(alpha)
    numbers = fitted(LectureMLPRegressor, n_rows, solver=solver)
    assert numbers.alpha_ == approx(min(0.012, 2 * alpha))


@pytest.mark.parametrize(
    ("n_rows", "alpha"), [(100, 1.5), (1000, 1.0), (8000, 1000 / 8000 / 2)]
)
def test_strength_of_decoupled_decay(n_rows, alpha):
    network = fitted(n_rows=n_rows, solver="adamw")
    assert network.alpha_ == approx(alpha)
    assert network.learning_rate_ == approx(0.01)
    hidden = fitted(n_rows=100, solver="adamw", hidden=(2,))
    assert hidden.learning_rate_ == approx(0.002)


def test_strength_in_a_stream_by_a_hundredth_of_all_rows():
    X = np.random.default_rng(0).normal(size=(60_000, 1))
    network = LectureMLPClassifier((), batch_size=1000)
    y = (X[:, 0] > 0).astype(int)
    assert network.partial_fit(X, y, classes=[0, 1]).alpha_ == approx(5 / 60_000 / 15)
    assert network.partial_fit(X[:10], y[:10]).alpha_ == approx(5 / 600.1)


def test_strength_in_a_stream_by_the_calls_if_they_are_more(iris):
    X, y = iris
    network = LectureMLPClassifier(())
    for i in range(600):
        row = slice(i % 150, i % 150 + 1)
        network.partial_fit(X[row], y[row], classes=[0, 1, 2])
        if i == 299:
            assert network.alpha_ == 0.012
    assert network.alpha_ == approx(5 / 600)


@pytest.mark.parametrize(
    ("n_before", "n_rows", "rate"),
    [
        (99, 1, 0.5 / 300**0.5),
        (299, 1, 0.5 / 300**0.5),
        (1599, 1, 0.5 / 40),
        (1595, 5, 2.5 / 40),
        (30_000, 1, 0.5 / 100),
        (80, 20, 0.5 * 0.2**0.5),
        (30_000, 20, 10 / 100),
        (30_000, 100, 0.5),
    ],
)
def test_rate_of_sgd_in_a_stream_by_its_parts_and_rows_so_far(n_before, n_rows, rate):
    X = np.random.default_rng(0).choice([-1.0, 1.0], (n_before + n_rows, 1))
    y = (X[:, 0] > 0).astype(int)
    network = LectureMLPClassifier((), solver="sgd")
    network.partial_fit(X[:n_before], y[:n_before], classes=[0, 1])
    network.partial_fit(X[n_before:], y[n_before:], classes=[0, 1])
    assert network.learning_rate_ == approx(rate)


@pytest.mark.parametrize(
    ("batch_size", "rate"),
    [
        (1, 0.5 / 33),
        (10, 5 / 33),
        (25, 0.25),
        (100, 0.5),
        (300, 0.5),
        ("auto", 0.5),
        ("full", 0.5),
    ],
)
def test_rate_of_sgd_by_the_batch_if_it_is_given(batch_size, rate):
    settings = {"solver": "sgd", "batch_size": batch_size}
    assert fitted(n_rows=400, **settings).learning_rate_ == approx(rate)
    assert fitted(n_rows=400, standardize=False, **settings).learning_rate_ == approx(
        rate
    )
    numbers = fitted(LectureMLPRegressor, 400, **settings)
    assert numbers.learning_rate_ == approx(rate / 5)


@pytest.mark.parametrize(
    ("n_columns", "size", "rate"),
    [
        (4, 10, 0.5 / 100),  # the mean square
        (4, 0.1, 0.5),
        (4, 0, 0.5),
        (8000, 1, 0.5 / 10),  # 800 columns of mean square 1 are as many as it stands
        (3200, 0.5, 0.5),
        (800, 1, 0.5),
    ],
)
def test_rate_of_sgd_by_the_inputs_as_they_are(n_columns, size, rate):
    X = size * np.random.default_rng(0).choice([-1.0, 1.0], (20, n_columns))
    network = fitted(X=X, solver="sgd", standardize=False)
    assert network.learning_rate_ == approx(rate)


@pytest.mark.parametrize(("hidden", "rate"), [((), 0.01), ((2,), 0.002)])
def test_rate_of_adam_by_how_many_inputs_are_felt(hidden, rate):
    def rate_of(X):
        network = fitted(X=X, hidden=hidden, solver="adam", standardize=False)
        return network.learning_rate_

    X = np.random.default_rng(0).choice([-1.0, 1.0], (20, 6000))
    assert rate_of(X[:, :2000]) == approx(rate)
    assert rate_of(X) == rate_of(7 * X) == approx(rate / 3)
    few = np.where(np.arange(6000) < 3000, X, 0)  # others are 0
    assert rate_of(few) == rate_of(sparse.csr_array(few)) == approx(rate / 1.5)


@pytest.mark.parametrize(("hidden", "rate"), [((), 0.01), ((2,), 0.005)])
def test_rate_of_adam_for_numbers(hidden, rate, iris):
    network = LectureMLPRegressor(hidden, max_iter=1, n_iter_no_change=np.inf)
    assert network.fit(*iris).learning_rate_ == approx(rate)


def test_rate_of_standardised_inputs_knows_no_units(iris):
    X, y = iris
    wide = np.hstack([X] * 1000)
    narrow = fitted(X=wide, solver="sgd").learning_rate_
    assert narrow == fitted(X=1e6 * wide + 5, solver="sgd").learning_rate_ < 0.2
