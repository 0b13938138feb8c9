"""A subclass may have another constructor than `LectureMLPClassifier`."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    diagnose_overfitting,
)


class Narrow(LectureMLPClassifier):
    """Logistic regression, of which two things can be chosen."""

    def __init__(self, alpha=0.01, random_state=0):
        super().__init__((), alpha=alpha, max_iter=5, tol=0, random_state=random_state)
        self.n_iter_no_change = np.inf


class Wider(LectureMLPClassifier):
    """A network that has a parameter of its own."""

    def __init__(self, width=4, *, alpha=0.01, max_iter=5, random_state=0):
        super().__init__(
            (width,), alpha=alpha, max_iter=max_iter, tol=0, random_state=random_state
        )
        self.width = width
        self.n_iter_no_change = np.inf


kinds = pytest.mark.parametrize("kind", [Narrow, Wider])


def as_the_base(network):
    """Return what the subclass stands for."""
    names = LectureMLPClassifier().get_params()
    return LectureMLPClassifier(**{name: getattr(network, name) for name in names})


@kinds
def test_a_subclass_trains_as_the_network_it_stands_for(kind, iris):
    X, y = iris
    ours, plain = kind().fit(X, y), as_the_base(kind()).fit(X, y)
    assert_array_equal(ours.predict_proba(X), plain.predict_proba(X))
    for _ in range(2):
        ours.partial_fit(X, y)
        plain.partial_fit(X, y)
    assert_array_equal(ours.predict_proba(X), plain.predict_proba(X))
    assert_array_equal(pickle.loads(pickle.dumps(ours)).coefs_[0], ours.coefs_[0])
    assert_array_equal(ours.to_sklearn().predict(X), ours.predict(X))
    assert type(clone(ours)) is kind and not hasattr(clone(ours), "coefs_")


@kinds
def test_a_stream_may_begin_with_a_subclass(kind, iris):
    X, y = iris
    network = kind().partial_fit(X, y, classes=[0, 1, 2])
    assert network.n_iter_ == 1


@kinds
@pytest.mark.parametrize("search", [GridSearchCV, FusedGridSearchCV])
def test_a_subclass_can_be_searched(kind, search, iris):
    found = search(kind(), {"alpha": [0.001, 0.1]}, cv=2).fit(*iris)
    assert type(found.best_estimator_) is kind
    assert not np.isnan(found.cv_results_["mean_test_score"]).any()


@kinds
def test_a_subclass_can_be_diagnosed(kind, iris):
    report = diagnose_overfitting(
        kind(), *iris, cv=2, alphas=[0.001, 0.1], random_state=0
    )
    assert report.verdict in {"overfitting", "underfitting", "balanced", "suspect"}
