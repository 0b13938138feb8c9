"""Whoever changes one import from `MLPClassifier` keeps every setting."""

import re
import warnings
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = np.arange(40) % 2

SHARED = {  # the default of `MLPClassifier` first
    "hidden_layer_sizes": [(100,), (), 3, np.array([4, 3])],
    "activation": ["relu", "logistic", "tanh"],
    "solver": ["adam", "sgd", "lbfgs"],
    "alpha": [0.0001, 0],
    "batch_size": ["auto", 7, 1000],
    "learning_rate": ["constant", "invscaling", "adaptive"],
    "learning_rate_init": [0.001, 0.01],
    "power_t": [0.5, 0],
    "max_iter": [200, 5],
    "shuffle": [True, False],
    "random_state": [None, 0, np.random.RandomState(0)],
    "tol": [0.0001, 0, 0.1],
    "verbose": [False, 0],
    "warm_start": [False, True],
    "momentum": [0.9, 0, 1, 0.5],
    "nesterovs_momentum": [True, False],
    "early_stopping": [False, True],
    "validation_fraction": [0.1, 0.3],
    "beta_1": [0.9, 0],
    "beta_2": [0.999, 0.5],
    "epsilon": [1e-8, 1e-3],
    "n_iter_no_change": [10, 1, np.inf],
    "max_fun": [15000, 3],
}


def drawn(n):
    """Settings of all shared parameters, each value drawn at random."""
    draws = np.random.default_rng(1)
    for _ in range(n):
        yield {name: SHARED[name][draws.integers(len(SHARED[name]))] for name in SHARED}


def pairs(name):
    """Settings of a parameter, and of another with it, to values beside the default."""
    for value in SHARED[name][1:]:
        yield {name: value}
    for other in list(SHARED)[list(SHARED).index(name) + 1 :]:
        for value, beside in product(SHARED[name][1:], SHARED[other][1:]):
            yield {name: value, other: beside}


def ours(setting, **more):
    """Return our network with the parameters of theirs."""
    parameters = MLPClassifier(**setting).get_params()
    return LectureMLPClassifier(**parameters | more)


def said_of_no_effect(train, *arguments):
    """Return the warnings that ``train`` gives of parameters without effect."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(*arguments)
    said = [warning for warning in caught if "no effect" in str(warning.message)]
    return [str(warning.message) for warning in said]


def check(setting, train):
    """Train: one warning at most, and what it names makes no difference."""
    fixed = {"random_state": 0, "max_iter": 3}
    network = ours(setting, **fixed)
    said = said_of_no_effect(train, network)
    assert len(said) <= 1
    named = re.findall(r"(?:^|; )(\w+)=.*? has no effect", "".join(said))
    assert set(named) <= set(setting)
    without = ours(setting, **fixed, **{name: SHARED[name][0] for name in named})
    assert "=" not in "".join(said_of_no_effect(train, without)).partition(" has")[0]
    assert_array_equal(network.predict_proba(X), without.predict_proba(X))


def fit(network):
    network.fit(X, y)


def partial_fit(network):
    network.partial_fit(X, y, classes=[0, 1])


@pytest.mark.parametrize("name", SHARED)
def test_any_two_shared_parameters_fit(name):
    for setting in pairs(name):
        check(setting, fit)


def test_any_shared_parameters_fit():
    for setting in drawn(100):
        check(setting, fit)


def test_any_shared_parameters_fit_a_stream():
    """Where there is a ``partial_fit``, which is where scikit-learn's works."""
    n_checked = 0
    for setting in drawn(100):
        if setting["solver"] == "lbfgs" or setting["early_stopping"]:
            assert not hasattr(ours(setting), "partial_fit")
        else:
            check(setting, partial_fit)
            n_checked += 1
    assert n_checked > 20


def test_nothing_to_set_aside_is_no_matter_where_nothing_is():
    """`MLPClassifier` takes ``validation_fraction=0`` where it does not use it."""
    for setting in ({}, {"solver": "lbfgs", "early_stopping": True}):
        (said,) = said_of_no_effect(fit, ours(setting, validation_fraction=0))
        assert "validation_fraction=0 has no effect" in said


GRIDS = [
    {"solver": ["sgd", "adam", "lbfgs"], "learning_rate_init": [0.01, 0.1]},
    {"solver": ["sgd", "adam"], "momentum": [0, 0.5], "alpha": [0, 0.1]},
    {"learning_rate": ["constant", "invscaling", "adaptive"], "power_t": [0.3, 0.5]},
    {
        "solver": ["lbfgs", "sgd"],
        "batch_size": [7, 20],
        "early_stopping": [False, True],
    },
]


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_searches_fit_every_point_and_warn_alike(grid):
    """Once for each fit of a point with something that has no effect."""
    network = ours({}, random_state=0, max_iter=3)
    said, scores = [], []
    for search in (GridSearchCV, FusedGridSearchCV):
        found = search(network, grid, cv=2, refit=False)
        said.append(sorted(said_of_no_effect(found.fit, X, y)))
        scores.append(found.cv_results_["mean_test_score"])
    assert said[0] and said[0] == said[1]
    assert_array_equal(*scores)
    assert not np.isnan(scores[0]).any()


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_defaults_are_not_warned_of(solver):
    """Neither theirs nor ours, with any solver."""
    assert said_of_no_effect(fit, ours({"solver": solver})) == []
    assert said_of_no_effect(fit, LectureMLPClassifier(solver=solver)) == []


def test_parameters_that_scikit_learn_has_are_all_tried():
    assert set(SHARED) == set(MLPClassifier().get_params())
    defaults = {name: values[0] for name, values in SHARED.items()}
    assert defaults == MLPClassifier().get_params()


def test_steps_too_long_end_in_a_warning_while_numbers_are_ordinary():
    """`MLPClassifier` says nothing; an error is for costs that run away."""
    X, y = load_iris(return_X_y=True)
    theirs = MLPClassifier((5,), batch_size=1, learning_rate_init=0.1, beta_2=0.5)
    network = LectureMLPClassifier(**theirs.get_params())
    network.set_params(random_state=0, max_iter=3)
    with pytest.warns(ConvergenceWarning, match="worse than guessing"):
        network.fit(X[::3], y[::3])
