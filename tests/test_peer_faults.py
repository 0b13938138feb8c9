"""Faults that users found in other libraries' networks, and must not find here."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

from sklearn_mlp_edu import LectureMLPClassifier

X = np.random.default_rng(0).normal(size=(60, 4))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def fixed(**parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 20, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


def test_mini_batch_of_zero_weight_only_decays():
    """A batch whose weights are all 0 adds no gradient and divides by nothing."""
    weight = np.ones(60)
    weight[:10] = 0
    settings = {"batch_size": 10, "shuffle": False, "alpha": 0, "momentum": 0}
    network = fixed(**settings).fit(X, y, sample_weight=weight)
    without = fixed(**settings).fit(X[10:], y[10:])
    assert_allclose(network.coefs_[0], without.coefs_[0], rtol=0.2, atol=0.1)
    assert network.score(X[10:], y[10:]) > 0.9


def test_weights_constant_within_each_mini_batch_have_an_effect():
    weight = np.repeat([1.0, 5.0, 1.0, 5.0, 1.0, 5.0], 10)
    settings = {"batch_size": 10, "shuffle": False}
    network = fixed(**settings).fit(X, y, sample_weight=weight)
    unweighted = fixed(**settings).fit(X, y)
    assert not np.allclose(network.coefs_[0], unweighted.coefs_[0], rtol=1e-3)


def test_common_factor_of_weights_has_no_effect():
    weight = np.random.default_rng(1).uniform(size=60)
    small, large = (fixed().fit(X, y, sample_weight=c * weight) for c in (1e-9, 1e9))
    assert_allclose(small.coefs_[0], large.coefs_[0], rtol=1e-9)


def test_tiny_weights_survive_in_float32():
    weight = np.full(60, 1e-200)
    network = fixed().fit(X.astype("f"), y, sample_weight=weight)
    assert_allclose(
        network.coefs_[0], fixed().fit(X.astype("f"), y).coefs_[0], rtol=1e-5
    )


def test_negative_weights_are_refused():
    with pytest.raises(ValueError, match="Negative values .* `sample_weight`"):
        fixed().fit(X, y, sample_weight=-np.ones(60))


@pytest.mark.parametrize(
    ("name", "value"), [("learning_rate_init", 0.01), ("alpha", 0.5), ("momentum", 0.1)]
)
def test_changed_parameter_takes_effect_in_the_next_partial_fit(name, value):
    network, other = (fixed().partial_fit(X, y, classes=[0, 1]) for _ in range(2))
    other.set_params(**{name: value})
    network.partial_fit(X, y)
    other.partial_fit(X, y)
    assert not np.allclose(network.coefs_[0], other.coefs_[0])


def test_n_iter_counts_every_partial_fit():
    network = fixed()
    for k in range(1, 5):
        network.partial_fit(X, y, classes=[0, 1])
        assert network.n_iter_ == len(network.loss_curve_) == k


@pytest.mark.parametrize("patience", [1, 3, 10])
def test_flat_cost_stops_after_exactly_the_patience(patience):
    """The first epoch sets the mark; patience counts those after it."""
    network = LectureMLPClassifier(
        learning_rate_init=1e-15, n_iter_no_change=patience, random_state=0
    ).fit(X, y)
    assert network.n_iter_ == patience + 1


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "identity"])
@pytest.mark.parametrize("scale", [100, 1000, 1e7])
def test_exploding_weights_are_told_even_while_finite(activation, scale):
    """Steps too large for the inputs: weights grow a thousandfold, or units die."""
    network = LectureMLPClassifier(
        activation=activation, learning_rate_init=1.0, random_state=0
    )
    with pytest.raises(ValueError, match="diverged in epoch"):
        network.fit(scale * X, y)


def test_cost_that_rises_is_not_called_converged():
    network = LectureMLPClassifier(
        activation="identity", learning_rate_init=1.0, random_state=0
    )
    with pytest.warns(ConvergenceWarning, match="higher cost, .* Scale the inputs"):
        network.fit(30 * X, y)


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="needs two classes at least"):
        fixed().fit(X, np.ones(60))


def test_log_probabilities_are_finite():
    network = fixed(max_iter=100).fit(X, y)
    for scale in (1, 1e3, 1e100):
        assert np.isfinite(network.predict_log_proba(scale * X)).all()


def test_interrupt_is_not_swallowed(monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    network = fixed(verbose=True)
    monkeypatch.setattr("builtins.print", interrupt)
    with pytest.raises(KeyboardInterrupt):
        network.fit(X, y)
    monkeypatch.undo()
    one_epoch = fixed(max_iter=1).fit(X, y)
    assert_array_equal(network.coefs_[0], one_epoch.coefs_[0])
