"""The thresholds between a training that is good enough and one that is warned of."""

from types import SimpleNamespace

import numpy as np
import pytest

from sklearn_mlp_edu._estimators.convergence import Ending
from sklearn_mlp_edu._training import Outcome


def complaint(costs, status="converged", n_before=0, guessing=1.0, **parameters):
    """What is said of such mean costs, where guessing has a cost of 1."""
    ending = Ending.__new__(Ending)
    ending.outcome = Outcome(None, [*costs], [*costs], status=status)
    ending.n_before, ending.guessing, ending.initial_length = n_before, guessing, 10.0
    length = parameters.pop("length", 10.0)
    n_layers = parameters.pop("n_layers", 2)
    network = {"solver": "sgd", "early_stopping": False, "n_iter_no_change": 10}
    network |= {"alpha": 0.1, "learning_rate_init": 0.1, "learning_rate_init_": 0.1}
    network |= {"standardize": True, "max_iter": 7, "max_fun": 9, "tol": 0.01}
    coefs = [np.full((1, 1), length), *[np.zeros((1, 1))] * (n_layers - 1)]
    return ending.complaint(SimpleNamespace(**network | parameters, coefs_=coefs))


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ([1.5, 1.02], "worse than guessing"),
        ([1.5, 1.009], "no more than guessing"),
        ([1.5, 0.9995], "no more than guessing"),
        ([1.5, 0.9985], None),
        ([0.9989, 0.9985], "hardly moved"),
        ([0.9981, 0.9985], "hardly moved"),
        ([1.0, 0.9985], None),
        ([0.5014, 0.5005], "hardly moved"),
        ([0.5004, 0.4995], None),
        # at a threshold nothing is wrong yet
        ([1.5, 1.01], "no more than guessing"),
        ([1.5, 0.999], None),
        ([0.75 + (1 - 0.999), 0.75], None),
        ([0.5, 0.5], None),
    ],
)
def test_the_cost_beside_that_of_guessing(costs, said):
    found = complaint(costs)
    assert (found is None) if said is None else said in found
    assert complaint(costs, guessing=0) is None
    assert (complaint([4 * c for c in costs], guessing=4) is None) == (said is None)
    assert complaint(costs, length=4.9) is None  # as alpha was asked to
    for same in (
        complaint(costs, length=5.0),
        complaint(costs, length=1, alpha="auto"),
    ):
        assert same == found


def test_going_on_it_may_stand_still():
    assert complaint([0.8, 0.8]) is not None
    assert complaint([0.8, 0.8], n_before=1) is None


@pytest.mark.parametrize(
    ("cost", "rise", "swings"),
    [
        (0.2, 0.085, True),  # a tenth of the fall
        (0.2, 0.075, False),
        (0.9, 0.055, True),  # a twentieth of what guessing costs
        (0.9, 0.045, False),
    ],
)
def test_a_cost_that_swings(cost, rise, swings):
    costs = [2.0, cost + 0.01, cost, cost + rise, cost]
    assert (complaint(costs) is not None) == swings
    if swings:
        assert f"rose by {rise:.4g}" in complaint(costs)
    later = [*costs, *[cost] * 4]
    assert complaint(later, n_iter_no_change=7) == complaint(costs)
    assert complaint(later, n_iter_no_change=6) is None  # it was before these
    assert complaint(costs, guessing=0) is None  # there is nothing to learn
    for settings in ({"solver": "lbfgs"}, {"early_stopping": True}):
        assert complaint(costs, **settings) is None
    assert complaint(costs, status="stopped") is None
    assert (complaint([4 * c for c in costs], guessing=4) is not None) == swings


def test_a_rise_as_large_as_is_allowed_is_no_swing():
    assert complaint([2.0, 0.0, 0.1, 0.0]) is None
    assert complaint([2.0, 0.0, 0.1001, 0.0]) is not None


def test_so_many_epochs_and_no_more_were_asked_for():
    forever = {"n_iter_no_change": np.inf, "status": "unfinished"}
    assert complaint([1.02, 1.02], **forever) is None
    assert "worse than guessing" in complaint([1.02, 1.03], **forever)
    assert complaint([1.02, 1.03], **forever).startswith("Training ended worse")


def test_a_limit_that_was_reached():
    assert "max_iter=7 epochs" in complaint([1.0, 0.3], status="unfinished")
    found = complaint([1.0, 0.3], status="unfinished", solver="lbfgs")
    assert "max_iter=7" in found and "max_fun=9" in found and "tol=0.01" in found
    both = complaint([1.5, 1.02], status="unfinished")
    assert "max_iter=7" in both and "worse than guessing" in both


@pytest.mark.parametrize(
    ("costs", "settings", "advice"),
    [
        ([1.5, 1.02], {}, "Lower learning_rate_init (it is 0.1)"),
        ([1.5, 1.02], {"solver": "lbfgs"}, "Raise max_iter, or alpha"),
        ([1.5, 1.02], {"standardize": False}, "standardize=True"),
        ([1.5, 1.0], {"n_layers": 4}, "learning_rate_init (it is 0.1)"),
        ([1.5, 1.0], {"n_layers": 5}, "so many layers"),
        ([1.5, 1.0], {"solver": "lbfgs"}, "another init or activation"),
        ([1.5, 1.0], {"standardize": False}, "standardize=True"),
    ],
)
def test_what_to_do(costs, settings, advice):
    assert advice in complaint(costs, **settings)


def test_a_rate_that_inputs_have_made_tiny():
    """A thousandth of the usual one, 0.5."""
    tiny = {"standardize": False, "learning_rate_init": "auto"}
    assert "hardly moved" in complaint([1.0, 0.6], learning_rate_init_=4.9e-4, **tiny)
    assert complaint([1.0, 0.6], learning_rate_init_=5e-4, **tiny) is None
    given = tiny | {"learning_rate_init": 4.9e-4}
    assert complaint([1.0, 0.6], learning_rate_init_=4.9e-4, **given) is None
    standardised = tiny | {"standardize": True}
    assert complaint([1.0, 0.6], learning_rate_init_=4.9e-4, **standardised) is None
