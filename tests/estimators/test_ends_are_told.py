"""Training that has come to nothing ends in a warning with both numbers and advice."""

import warnings

import numpy as np
import pytest
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
)
from sklearn.exceptions import ConvergenceWarning

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier


def raw(**parameters):
    return LectureMLPClassifier(standardize=False, random_state=0, **parameters)


def told(network, X, y):
    """Return the only warning of a fit."""
    with pytest.warns(ConvergenceWarning) as record:
        network.fit(X, y)
    (warning,) = record
    assert warning.filename == __file__
    return str(warning.message)


@pytest.mark.parametrize(
    "load", [load_iris, load_wine, load_breast_cancer, load_digits]
)
def test_defaults_on_raw_columns_end_without_a_word(load):
    X, y = load(return_X_y=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network = LectureMLPClassifier(random_state=0).fit(X, y)
    assert network.score(X, y) > 0.96


def test_inputs_that_are_not_standardised():
    message = told(raw(), *load_wine(return_X_y=True))
    assert "hardly moved" in message and "standardize=True" in message


@pytest.mark.parametrize("scale", [1e12, 1e24])
def test_steps_that_underflow(scale, iris):
    """The rate is next to nothing for so large inputs: no weight ever moves."""
    X, y = iris
    message = told(raw(), (X * scale).astype(np.float32), y)
    assert "guessing" in message and "standardize=True" in message


def test_a_rate_at_which_nothing_moves(iris):
    message = told(LectureMLPClassifier(learning_rate_init=1e-9, random_state=0), *iris)
    assert "guessing 1.099" in message and "learning_rate_init" in message


def test_tiny_inputs_to_the_letter(iris):
    X, y = iris
    message = told(raw(), 1e-8 * X, y)
    assert "no more than guessing" in message and "standardize=True" in message


def test_weights_of_classes_that_leave_one():
    X, y = make_blobs(centers=2, cluster_std=20, random_state=0)
    weight = {0: 1000, 1: 1e-4}
    network = LectureMLPClassifier(class_weight=weight, random_state=0)
    assert "guessing" in told(network, X[::2], y[::2])


def test_a_cost_that_swings(cancer):
    X, y = cancer
    network = LectureMLPClassifier(
        (4,),
        learning_rate="constant",
        learning_rate_init=2,
        alpha=0,
        batch_size=8,
        random_state=0,
    )
    assert "cost still swings: it rose by" in told(network, X, y)


def test_layers_that_lose_the_signal(cancer):
    X, y = cancer
    network = LectureMLPClassifier((10,) * 200, random_state=0)
    message = told(network, X, y)
    assert "guessing" in message and "so many layers" in message


def test_a_strong_alpha_that_leads_to_guessing_is_an_answer(cancer):
    X, y = cancer
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network = LectureMLPClassifier(alpha=5, random_state=0).fit(X, y)
    shares = np.bincount(y) / len(y)
    np.testing.assert_allclose(network.predict_proba(X), [shares] * len(y), atol=0.05)


def test_a_fused_search_tells_it_too(iris):
    search = FusedGridSearchCV(raw(), {"alpha": [0.0, 1e-3]}, cv=2, refit=False)
    with pytest.warns(ConvergenceWarning, match="guessing"):
        search.fit(1e-8 * iris[0], iris[1])
