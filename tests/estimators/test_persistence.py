"""A pickle tells which versions wrote it, and newer parameters get their defaults."""

import pickle
import warnings
from unittest.mock import patch

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import InconsistentVersionWarning

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier


@pytest.fixture
def network(iris):
    network = LectureMLPClassifier(4, max_iter=3, n_iter_no_change=np.inf)
    return network.fit(*iris)


def test_round_trips_are_exact_and_silent(network, iris):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = pickle.loads(pickle.dumps(network))
    np.testing.assert_array_equal(
        network.predict_proba(iris[0]), again.predict_proba(iris[0])
    )
    assert vars(again).keys() == vars(network).keys()


def test_another_version_warns_as_scikit_learn_does(network, iris):
    with patch.object(sklearn_mlp_edu, "__version__", "99.0"):
        pickled = pickle.dumps(network)
    with pytest.warns(InconsistentVersionWarning, match="from version 99.0") as record:
        again = pickle.loads(pickled)
    assert len(record) == 1 and again.score(*iris) == network.score(*iris)


def test_parameters_that_an_older_state_lacks_get_their_defaults(network, iris):
    state = network.__getstate__()
    del state["standardize"], state["dropout"]
    older = LectureMLPClassifier.__new__(LectureMLPClassifier)
    older.__setstate__(state)
    assert older.get_params() == network.get_params()
    clone(older).fit(*iris)
    assert older.score(*iris) == network.score(*iris)


def test_a_finished_network_is_its_parameters_and_little_else(digits):
    network = LectureMLPClassifier(max_iter=5, n_iter_no_change=np.inf).fit(*digits)
    n_bytes = sum(W.nbytes for W in network.coefs_ + network.intercepts_)
    n_bytes += network.mean_.nbytes + network.scale_.nbytes
    assert len(pickle.dumps(network)) < n_bytes + 20_000
