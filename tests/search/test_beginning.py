"""`LectureMLPClassifierCV`: networks begin without an answer that chance has given."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sklearn_mlp_edu import LectureMLPClassifierCV, LectureMLPRegressorCV

OF_CLASSES = pytest.mark.parametrize("data", ["iris", "cancer", "labels"])


def barely(kind=LectureMLPClassifierCV, **parameters):
    """One whose networks hardly move: an epoch of the smallest steps."""
    settings = {"learning_rate_init": 1e-12, "max_iter": 1, "n_iter_no_change": np.inf}
    settings |= {"hidden_layer_sizes": (8, 6), "cv": 3, "random_state": 0}
    return kind([0.1], **settings | parameters)


@OF_CLASSES
@pytest.mark.parametrize("refit", ["ensemble", "single"])
def test_at_first_every_class_is_as_likely(data, refit, request):
    X, y = request.getfixturevalue(data)
    network = barely(refit=refit).fit(X, y)
    for one in network.estimators_:
        assert_allclose(one.coefs_[-1], 0, atol=1e-6)
        assert all(np.ptp(W, axis=1).all() for W in one.coefs_[:-1])
    fair = 1 / 2 if y.ndim == 2 else 1 / len(network.classes_)
    assert_allclose(network.predict_proba(X), fair, rtol=1e-3)


@OF_CLASSES
def test_all_units_learn_something_of_their_own(data, request):
    X, y = request.getfixturevalue(data)
    settings = {"learning_rate_init": 0.1, "max_iter": 20}
    network = barely(**settings).fit(X, y)
    for one in network.estimators_:
        assert len(np.unique(one.coefs_[-1], axis=0)) == 6
        assert np.ptp(one.coefs_[-1], axis=0).all()


@OF_CLASSES
def test_weights_of_inputs_have_half_the_usual_spread(data, request):
    X, y = request.getfixturevalue(data)
    near, usual = (barely(init=init).fit(X, y) for init in ("auto", "lecun"))
    for one, other in zip(near.estimators_, usual.estimators_, strict=True):
        assert_allclose(2 * one.coefs_[0], other.coefs_[0], rtol=1e-4)


def test_an_initialisation_that_is_given_is_kept(iris):
    X, y = iris
    network = barely(init="he").fit(X, y)
    assert all(one.coefs_[-1].any() for one in network.estimators_)
    said = network.predict_proba(X)
    assert np.ptp(said, axis=1).max() > 0.1


def test_a_line_begins_at_zero(iris):
    X, y = iris
    network = barely(hidden_layer_sizes=()).fit(X, y)
    assert_allclose(network.estimators_[0].coefs_[0], 0, atol=1e-6)


@pytest.mark.parametrize(("n_rows", "at_zero"), [(1500, True), (1503, False)])
def test_networks_of_many_rows_begin_as_usual(n_rows, at_zero):
    """Two thirds of the rows are a fold's to learn from, at most 1000 of them."""
    X, y = np.random.default_rng(0).normal(size=(n_rows, 2)), np.arange(n_rows) % 2
    network, usual = (barely(init=init).fit(X, y) for init in ("auto", "lecun"))
    for one, other in zip(network.estimators_, usual.estimators_, strict=True):
        assert np.allclose(one.coefs_[-1], 0, atol=1e-6) == at_zero
        factor = 0.5 if at_zero else 1
        assert_allclose(one.coefs_[0], factor * other.coefs_[0], rtol=1e-4)


def test_networks_of_numbers_begin_as_usual(iris):
    X, _ = iris
    network = barely(LectureMLPRegressorCV).fit(X[:, :3], X[:, 3])
    assert all(one.coefs_[-1].all() for one in network.estimators_)


def test_chance_has_little_part_in_what_few_rows_teach():
    """Two networks that began differently say nearly the same of rows far away."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(24, 200)), np.arange(24) % 2
    X[:, 0] += 3 * y
    new = rng.normal(size=(50, 200))

    def differences(**parameters):
        settings = {"learning_rate_init": 0.1, "max_iter": 10, "refit": "single"}
        settings |= {"hidden_layer_sizes": 50, **parameters}
        said = [barely(random_state=s, **settings).fit(X, y) for s in range(2)]
        one, other = (network.decision_function(new) for network in said)
        return np.abs(one - other).mean() / np.abs(one + other).mean()

    assert differences() < differences(init="lecun") / 2
