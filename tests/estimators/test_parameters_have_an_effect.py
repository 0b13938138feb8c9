"""Every parameter of the constructor has an effect."""

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier


def fixed(**parameters):
    """A network for a given number of epochs, without any stopping."""
    defaults = {"max_iter": 5, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


LBFGS = {"solver": "lbfgs", "batch_size": "full", "n_iter_no_change": 10}
CHANGES = {  # parameter: (another value, what it needs beside it)
    "hidden_layer_sizes": ((11,), {}),
    "activation": ("tanh", {}),
    "init": ("xavier", {}),
    "solver": ("adam", {}),
    "alpha": (0.1, {}),
    "batch_size": (32, {}),
    "learning_rate": ("invscaling", {}),
    "learning_rate_init": (0.3, {}),
    "power_t": (0.9, {"learning_rate": "invscaling"}),
    "momentum": (0.5, {}),
    "nesterovs_momentum": (True, {}),
    "beta_1": (0.5, {"solver": "adam"}),
    "beta_2": (0.5, {"solver": "adam"}),
    "epsilon": (0.1, {"solver": "adam"}),
    "max_grad_norm": (0.01, {}),
    "dropout": (0.5, {}),
    "standardize": (False, {}),
    "class_weight": ({0: 3.0}, {}),
    "max_iter": (6, {}),
    "max_fun": (3, LBFGS),
    "tol": (0.5, {"max_iter": 100, "n_iter_no_change": 10}),
    "n_iter_no_change": (1, {"max_iter": 99, "tol": 0.01, "n_iter_no_change": 10}),
    "shuffle": (False, {}),
    "random_state": (1, {}),
    "early_stopping": (True, {}),
    "validation_fraction": (0.4, {"early_stopping": True}),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", CHANGES)
def test_each_parameter_has_an_effect(name, iris):
    value, beside = CHANGES[name]
    usual = fixed(**{"batch_size": 50, **beside}).fit(*iris)
    changed = fixed(**{"batch_size": 50, **beside, name: value}).fit(*iris)
    assert value != usual.get_params()[name]
    logits = [network.decision_function(iris[0]) for network in (usual, changed)]
    assert not np.array_equal(*logits)


def test_warm_start_has_an_effect(iris):
    anew, further = fixed().fit(*iris), fixed(warm_start=True).fit(*iris)
    assert anew.fit(*iris).n_iter_ == 5
    assert further.fit(*iris).n_iter_ == 10


def test_all_parameters_are_tested():
    elsewhere = {"verbose", "warm_start"}
    assert set(LectureMLPClassifier().get_params()) == set(CHANGES) | elsewhere
