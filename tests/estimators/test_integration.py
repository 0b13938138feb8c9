"""Inside scikit-learn's tools: pipelines, searches, ensembles, persistence."""

import joblib
import numpy as np
import pytest
import sklearn
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate, learning_curve
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier


@pytest.fixture
def network():
    """A quick one."""
    return LectureMLPClassifier((10,), max_iter=500, random_state=0)


def test_pipeline_and_cross_validation(network, cancer):
    scores = cross_validate(
        make_pipeline(StandardScaler(), network), *cancer, return_train_score=True
    )
    assert scores["test_score"].mean() > 0.95
    assert scores["train_score"].mean() > scores["test_score"].mean()


def test_grid_search_in_two_processes_on_memory_maps(network, cancer):
    X, y = cancer
    X = np.vstack([X] * 8)  # above 1 MB, joblib passes a read-only memory map
    assert X.nbytes > 1e6
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        search = GridSearchCV(
            network, {"alpha": [1e-4, 1e-1]}, cv=3, n_jobs=2, error_score="raise"
        )
        search.fit(X, np.tile(y, 8))
    assert search.best_params_ == {"alpha": 1e-4}
    assert search.best_score_ > 0.95


def test_learning_curve(network, iris):
    X, y = iris
    sizes, train, test = learning_curve(
        network, X, y, train_sizes=[0.3, 1.0], shuffle=True, random_state=0
    )
    assert train.shape == test.shape == (2, 5)
    assert test[1].mean() > 0.9


def test_calibration(network, iris):
    probabilities = (
        CalibratedClassifierCV(network, cv=3).fit(*iris).predict_proba(iris[0])
    )
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_one_versus_rest(network, iris):
    assert OneVsRestClassifier(network).fit(*iris).score(*iris) > 0.9


def test_voting(network, iris):
    others = [("ours", network), ("logistic", LogisticRegression())]
    voting = VotingClassifier(others, voting="soft").fit(*iris)
    assert voting.score(*iris) > 0.9


def test_clone_copies_parameters_and_nothing_learned(network, iris):
    network.fit(*iris)
    copy = clone(network)
    assert copy.get_params() == network.get_params()
    assert not hasattr(copy, "coefs_")


def test_joblib_round_trip(network, iris, tmp_path):
    X, y = iris
    joblib.dump(network.fit(X, y), tmp_path / "network.joblib")
    loaded = joblib.load(tmp_path / "network.joblib", mmap_mode="r")
    assert_array_equal(loaded.predict_proba(X), network.predict_proba(X))
    loaded.fit(X, y)
    assert_array_equal(loaded.predict_proba(X), network.predict_proba(X))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_weights_are_routed_through_a_pipeline(network, iris):
    X, y = iris
    weight = np.where(y == 0, 1.0, 1e-3)
    with sklearn.config_context(enable_metadata_routing=True):
        routed = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False),
            clone(network).set_fit_request(sample_weight=True),
        ).fit(X, y, sample_weight=weight)
    scaled = StandardScaler().fit_transform(X)
    direct = network.fit(scaled, y, sample_weight=weight)
    assert_array_equal(routed.predict_proba(X), direct.predict_proba(scaled))
    assert not np.allclose(
        direct.predict_proba(scaled), network.fit(scaled, y).predict_proba(scaled)
    )


def test_shared_parameters_of_mlp_classifier_are_accepted():
    theirs = MLPClassifier(solver="sgd", learning_rate_init=0.01).get_params()
    ours = LectureMLPClassifier().get_params()
    shared = {name: theirs[name] for name in ours.keys() & theirs.keys()}
    assert len(shared) >= 14
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    network = LectureMLPClassifier(**{**shared, "n_iter_no_change": np.inf})
    assert network.fit(X, X[:, 0] > 0).n_iter_ == 200


def test_html_representation_shows_the_parameters(network):
    page = network._repr_html_()
    assert "LectureMLPClassifier" in page and "hidden_layer_sizes" in page
