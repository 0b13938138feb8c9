"""Predictions keep to the range of the training targets, and half of it beyond."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import r2_score

from sklearn_mlp_edu import LectureMLPRegressor, LectureMLPRegressorCV

FAR = np.array([[1e4, 0.0], [-1e4, 0.0]])


def line(n_rows=120, weight=None, **parameters):
    """Return examples with y = 3x in [-3, 3], and a network that has learned them."""
    rng = np.random.RandomState(0)
    X = np.column_stack([np.linspace(-1, 1, n_rows), rng.normal(size=n_rows)])
    y = 3 * X[:, 0]
    settings = {"hidden_layer_sizes": (8,), "activation": "identity"} | parameters
    network = LectureMLPRegressor(random_state=0, **settings)
    return X, y, network.fit(X, y, weight)


def test_a_row_far_away_costs_no_more_than_the_range():
    X, y, network = line()
    assert_allclose(network.predict(FAR), [6, -6])
    inside = network.predict(X)
    assert np.ptp(inside) > 5
    assert_allclose(inside, network.to_sklearn().predict(X))
    assert network.score(np.vstack([X, FAR]), np.append(y, [3, -3])) > 0.9


def test_the_network_that_is_exported_goes_on():
    """`MLPRegressor` has no limits."""
    *_, network = line()
    assert abs(network.to_sklearn().predict(FAR)).min() > 1e3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_each_target_has_its_range(dtype):
    X, y, network = line()
    network.fit(X.astype(dtype), np.column_stack([y, 100 + y]))
    predicted = network.predict(FAR.astype(dtype))
    assert predicted.dtype == dtype
    assert_allclose(predicted, [[6, 106], [-6, 94]], rtol=1e-5)


@pytest.mark.parametrize(
    ("n_rows", "parameters"), [(120, {"standardize": False}), (99, {})]
)
def test_where_the_range_is_not_known(n_rows, parameters):
    *_, network = line(n_rows, **parameters)
    assert abs(network.predict(FAR)).min() > 1e3


def test_rows_without_weight_do_not_count():
    weight = np.ones(120)
    weight[-10:] = 0
    _, y, network = line(weight=weight)
    low, high = y[0], y[-11]
    limit = high + (high - low) / 2
    assert_allclose(network.predict(FAR[:1]), [limit])


def test_a_stream_widens_the_range():
    X, y, network = line()
    network.partial_fit(X, y)
    assert_allclose(network.predict(FAR), [6, -6])
    network.partial_fit(X, 10 * y)
    assert_allclose(network.predict(FAR), [60, -60])


def test_counts_keep_to_their_range():
    X, y, network = line()
    counts = np.round(np.exp(y))
    network.set_params(loss="poisson")
    for hidden, activation in [((8,), "identity"), ((), "relu")]:
        network.set_params(hidden_layer_sizes=hidden, activation=activation)
        network.fit(X, counts)
        assert_allclose(network.predict([[20, 0]]), [counts.max() * 1.5], rtol=1e-3)
        assert network.predict([[-20, 0]]) < 1


def test_a_straight_line_goes_on():
    """Without hidden layers it is what `Ridge` and `MLPRegressor` go on with, too."""
    X, y, network = line(hidden_layer_sizes=(), activation="relu")
    assert_allclose(network.predict([[10, 0]]), [30], rtol=0.05)
    assert_allclose(network.predict(FAR), network.to_sklearn().predict(FAR))
    network.partial_fit(X, y)
    assert abs(network.predict(FAR)).min() > 1e4
    chooses = LectureMLPRegressorCV([1e-3], hidden_layer_sizes=(), cv=3).fit(X, y)
    assert abs(chooses.predict(FAR)).min() > 1e4


def test_networks_that_choose_their_strength_are_judged_by_what_they_predict():
    X, y, _ = line(150)
    X[7, 0] = 1e3
    settings = {"hidden_layer_sizes": (8,), "activation": "identity", "cv": 3}
    quick = LectureMLPRegressorCV([1e-3], **settings, random_state=0).fit(X, y)
    asked = LectureMLPRegressorCV([1e-3], **settings, random_state=0)
    asked.set_params(scoring=lambda e, X, y: r2_score(y, e.predict(X))).fit(X, y)
    assert_allclose(quick.scores_, asked.scores_, rtol=1e-6)
    assert_array_equal(quick.predict(X), asked.predict(X))
    assert abs(quick.predict(FAR)).max() < 7
