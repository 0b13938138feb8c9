"""The limits beyond which a training is given up, though all is finite."""

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning", "ignore:y is constant"
)


def starting_from(weight):
    return lambda fan_in, fan_out, rng: np.full((fan_in, fan_out), weight)


@pytest.mark.parametrize("weight", [0.99e6, -0.99e6, 1.01e6, -1.01e6])
def test_a_parameter_of_a_million(weight, iris):
    network = LectureMLPClassifier(
        (), init=starting_from(weight), learning_rate_init=1e-300, max_iter=1, alpha=0
    )
    if abs(weight) < 1e6:
        assert (network.fit(*iris).coefs_[0] == weight).all()
        return
    with pytest.raises(ValueError, match="diverged in epoch 1"):
        network.fit(*iris)


@pytest.mark.parametrize("cost", [0.005, 2.0])  # of the first epoch
@pytest.mark.parametrize("rise", [0.99e5, 1.01e5])  # by the second
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
    with pytest.raises(ValueError, match="diverged in epoch 2"):
        network.fit(X, y)
