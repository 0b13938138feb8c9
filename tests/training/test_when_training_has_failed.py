"""The limits beyond which a training is given up, though all is finite."""

import re
from fnmatch import fnmatch

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning", "ignore:y is constant"
)


def divergence(train, X, y):
    """Return the message of a training that fails."""
    with pytest.raises(ValueError, match="diverged") as error:
        train(X, y)
    return str(error.value)


def starting_from(weight):
    return lambda fan_in, fan_out, rng: np.full((fan_in, fan_out), weight)


@pytest.mark.parametrize("weight", [0.99e6, -0.99e6, 1e6, 1.01e6, -1.01e6])
def test_a_parameter_of_a_million(weight, iris):
    network = LectureMLPClassifier(
        (), init=starting_from(weight), learning_rate_init=1e-300, max_iter=1, alpha=0
    )
    if abs(weight) < 1e6:
        assert (network.fit(*iris).coefs_[0] == weight).all()
        return
    with pytest.raises(ValueError, match="epoch 1, as it began .*choose another init"):
        network.fit(*iris)


def test_a_first_weight_of_just_a_million():
    network = LectureMLPClassifier(
        (), init=starting_from(1e6), learning_rate_init=1e-300, alpha=0
    )
    X, y = np.array([[-1.0], [1.0]]), np.array([0, 1])
    message = divergence(network.fit, X, y)
    assert "as it began with weights of length 1e+06" in message


@pytest.mark.parametrize("cost", [0.005, 2.0])  # of the first epoch
@pytest.mark.parametrize("rise", [0.999_999e5, 1.000_001e5])  # by the second
def test_a_cost_a_hundred_thousand_times_the_first_one_or_1(cost, rise):
    """With x = 1 and y = 0, the error e of w x + b becomes e (1 − 2α)."""
    factor = np.sqrt(rise * max(1, cost) / cost)
    network = LectureMLPRegressor(
        (),
        solver="sgd",
        init=starting_from(np.sqrt(2 * cost)),
        learning_rate_init=(1 + factor) / 2,
        momentum=0,
        alpha=0,
        batch_size="full",
        standardize=False,
        max_iter=2,
    )
    X, y = np.ones((2, 1)), np.zeros(2)
    if rise < 1e5:
        assert network.fit(X, y).loss_curve_ == pytest.approx([cost, cost * factor**2])
        return
    said = rf"epoch 2 with .*cost has risen to {cost * factor**2:.3g}"
    with pytest.raises(ValueError, match=re.escape(said).replace(r"\.\*", ".*")):
        network.fit(X, y)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "with learning_rate_init=1e+20: * values, or lower learning_rate_init."),
        (
            {"alpha": 1.0},
            "with learning_rate_init=1e+20: * values, or lower learning_rate_init.",
        ),
        (
            {"alpha": 1.5},
            "with learning_rate_init=1e+20 and alpha=1.5: * values, or lower "
            "learning_rate_init, or lower alpha.",
        ),
        (
            {"solver": "adamw", "alpha": 0.1},
            "with learning_rate_init=1e+20 and alpha=0.1: * values, or lower "
            "learning_rate_init, or alpha, as each step takes their product off the "
            "weights.",
        ),
        (
            {"standardize": False},
            "with learning_rate_init=1e+20: * values, or let standardize=True "
            "standardise the inputs, or lower learning_rate_init.",
        ),
    ],
)
def test_what_to_do(parameters, said, iris):
    network = LectureMLPClassifier((), learning_rate_init=1e20, **parameters)
    message = divergence(network.fit, *iris)
    assert fnmatch(message, f"Training diverged in epoch 1 {said}")


def test_what_to_do_of_lbfgs():
    """Whose cost overflows where it begins: exp(10⁴)."""
    X, y = np.ones((4, 1)), np.arange(4.0)
    network = LectureMLPRegressor(
        (), loss="poisson", solver="lbfgs", init=starting_from(1e4), standardize=False
    )
    message = divergence(network.fit, X, y)
    assert message.endswith(
        "let standardize=True standardise the inputs, or choose another init."
    )
    assert "learning_rate_init" not in message


def test_the_epoch_is_counted_over_all_calls(iris):
    X, y = iris
    network = LectureMLPClassifier(()).partial_fit(X, y, classes=[0, 1, 2])
    network.set_params(learning_rate_init=1e20)
    assert divergence(network.partial_fit, X, y).startswith(
        "Training diverged in epoch 2"
    )
