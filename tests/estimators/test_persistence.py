"""A pickle tells which versions wrote it, and newer parameters get their defaults."""

import pickle
import warnings
from unittest.mock import patch

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import InconsistentVersionWarning

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor


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


# Other ways to write it down


@pytest.mark.parametrize("target", ["classes", "numbers"])
def test_joblib_round_trips_are_exact(target, iris, tmp_path):
    joblib = pytest.importorskip("joblib")
    X, y = iris
    kind = LectureMLPClassifier if target == "classes" else LectureMLPRegressor
    network = kind(4, max_iter=3, n_iter_no_change=np.inf).fit(X, y)
    joblib.dump(network, tmp_path / "plain")
    joblib.dump(network, tmp_path / "packed", compress=3)
    mapped = joblib.load(tmp_path / "plain", mmap_mode="r")
    for again in (mapped, joblib.load(tmp_path / "packed")):
        np.testing.assert_array_equal(again.predict(X), network.predict(X))
        for W, expected in zip(again.coefs_, network.coefs_, strict=True):
            np.testing.assert_array_equal(W, expected)


@pytest.mark.parametrize("target", ["classes", "numbers"])
def test_skops_round_trips_are_exact(target, iris, tmp_path):
    skops = pytest.importorskip("skops.io")
    X, y = iris
    kind = LectureMLPClassifier if target == "classes" else LectureMLPRegressor
    network = kind(4, max_iter=3, n_iter_no_change=np.inf).fit(X, y)
    skops.dump(network, tmp_path / "network.skops")
    again = skops.load(
        tmp_path / "network.skops", trusted=[f"sklearn_mlp_edu.{kind.__name__}"]
    )
    for W, expected in zip(again.coefs_, network.coefs_, strict=True):
        np.testing.assert_array_equal(W, expected)
    assert again.get_params() == network.get_params()
    assert again.loss_curve_ == network.loss_curve_


class Malicious:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_skops_runs_no_code_that_a_file_holds(network, tmp_path):
    """A pickle does, and so it must come from somebody you trust."""
    skops = pytest.importorskip("skops.io")
    mark, path = tmp_path / "was here", tmp_path / "network.skops"
    network.verbose = Malicious(mark)
    pickle.loads(pickle.dumps(network)).verbose.close()
    assert mark.exists()
    mark.unlink()
    skops.dump(network, path)
    ours = "sklearn_mlp_edu.LectureMLPClassifier"
    assert set(skops.get_untrusted_types(file=path)) > {ours}
    with pytest.raises(TypeError, match="Untrusted"):
        skops.load(path, trusted=[ours])
    assert not mark.exists()


def test_a_state_is_plain_values(network):
    """It names no function, and no class but NumPy's, that loading would call."""
    plain = bool | int | float | str | tuple | list | dict | np.ndarray | np.generic
    for value in network.__getstate__().values():
        assert value is None or isinstance(value, plain)
