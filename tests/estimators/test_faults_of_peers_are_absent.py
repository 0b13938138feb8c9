"""Faults that users found in other libraries' networks, and must not find here.

They are those of scikit-learn 1.9's `MLPClassifier`, in the order of this list:

1. A mini-batch in which all weights are zero trains to garbage.
2. Weights that are constant within each mini-batch have no effect.
3. Negative sample weights are accepted.
4. Early stopping on several classes splits without regard to them.
5. With a warm start, early stopping keeps the "best" weights as the live ones, and
   measures later fits by the best score and the patience of earlier ones.
6. A warm start with other hidden layers ignores them, or dies of an AttributeError.
7. Parameters changed between calls to ``partial_fit`` are ignored.
8. ``n_iter_`` is 1 after any number of calls to ``partial_fit``.
9. A flat cost takes one epoch more than patience allows.
10. Weights that explode, but stay finite, count as converged.
11. One class in y gives two columns of probabilities.
12. Log-probabilities are infinite.
13. L-BFGS ignores early stopping, and has no loss curve.
14. The error about a class too rare to split names encoded labels.
15. KeyboardInterrupt is swallowed.
"""

from re import findall

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

from sklearn_mlp_edu import LectureMLPClassifier

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)
X = np.random.default_rng(0).normal(size=(60, 4))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def fixed(**parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 20, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_1_mini_batch_of_zero_weight_only_decays(method):
    """In `fit` there is none, and in a part of a stream one divides by nothing."""
    weight = np.ones(60)
    weight[:10] = 0
    settings = {"batch_size": 10, "shuffle": False, "alpha": 0, "momentum": 0}
    network, without = fixed(**settings), fixed(**settings)
    arguments = {"classes": np.unique(y)} if method == "partial_fit" else {}
    for _ in range(20 if method == "partial_fit" else 1):
        getattr(network, method)(X, y, sample_weight=weight, **arguments)
        getattr(without, method)(X[10:], y[10:], **arguments)
    same = {"fit": {"rtol": 1e-12}, "partial_fit": {"rtol": 0.2, "atol": 0.1}}
    assert_allclose(network.coefs_[0], without.coefs_[0], **same[method])
    assert network.score(X[10:], y[10:]) > 0.9


def test_2_weights_constant_within_each_mini_batch_have_an_effect():
    weight = np.repeat([1.0, 5.0, 1.0, 5.0, 1.0, 5.0], 10)
    settings = {"batch_size": 10, "shuffle": False}
    network = fixed(**settings).fit(X, y, sample_weight=weight)
    unweighted = fixed(**settings).fit(X, y)
    assert not np.allclose(network.coefs_[0], unweighted.coefs_[0], rtol=1e-3)


def test_2_common_factor_of_weights_has_no_effect():
    weight = np.random.default_rng(1).uniform(size=60)
    small, large = (fixed().fit(X, y, sample_weight=c * weight) for c in (1e-9, 1e9))
    assert_allclose(small.coefs_[0], large.coefs_[0], rtol=1e-9)


def test_2_tiny_weights_survive_in_float32():
    weight = np.full(60, 1e-200)
    network = fixed().fit(X.astype("f"), y, sample_weight=weight)
    assert_allclose(
        network.coefs_[0], fixed().fit(X.astype("f"), y).coefs_[0], rtol=1e-5
    )


def test_3_negative_weights_are_refused():
    with pytest.raises(ValueError, match="Negative values .* `sample_weight`"):
        fixed().fit(X, y, sample_weight=-np.ones(60))


@ignore_unconverged
def test_4_early_stopping_sets_aside_every_class():
    """Of a class with 6 examples in 60, one is validated on, whatever the seed."""
    y = np.repeat(["a", "b", "c"], [30, 24, 6])
    for seed in range(20):
        network = fixed(early_stopping=True, random_state=seed, max_iter=1)
        network.set_params(learning_rate_init=1e-12, class_weight={"a": 0, "b": 0})
        network.fit(X, y)  # an error, if all that counts is on one side
        assert network.t_ == 5


@ignore_unconverged
def test_5_best_weights_are_no_longer_touched():
    network = fixed(early_stopping=True, warm_start=True, max_iter=3).fit(X, y)
    held, before = network.coefs_[0], network.coefs_[0].copy()
    network.fit(X, y)
    assert_array_equal(held, before)


def test_5_patience_and_best_score_begin_anew():
    """Against wrong labels no score is as good as before, yet training goes on."""
    network = fixed(early_stopping=True, warm_start=True, n_iter_no_change=5)
    network.set_params(max_iter=500).fit(X, y, X_val=X, y_val=y)
    first, best = network.n_iter_, network.best_validation_score_
    network.fit(X, y, X_val=X, y_val=1 - y)
    assert network.n_iter_ >= first + 6
    assert network.best_validation_score_ < best


@pytest.mark.parametrize("sizes", [(3,), (100, 100), ()])
def test_6_warm_start_with_other_layers_is_refused(sizes):
    network = fixed(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"goes on with hidden_layer_sizes=\(100,\)"):
        network.set_params(hidden_layer_sizes=sizes).fit(X, y)


@pytest.mark.parametrize(
    ("name", "value"), [("learning_rate_init", 0.01), ("alpha", 0.5), ("momentum", 0.1)]
)
def test_7_changed_parameter_takes_effect_in_the_next_partial_fit(name, value):
    network, other = (fixed().partial_fit(X, y, classes=[0, 1]) for _ in range(2))
    other.set_params(**{name: value})
    network.partial_fit(X, y)
    other.partial_fit(X, y)
    assert not np.allclose(network.coefs_[0], other.coefs_[0])


def test_8_n_iter_counts_every_partial_fit():
    network = fixed()
    for k in range(1, 5):
        network.partial_fit(X, y, classes=[0, 1])
        assert network.n_iter_ == len(network.loss_curve_) == k


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("patience", [1, 3, 10])
def test_9_flat_cost_stops_after_exactly_the_patience(patience):
    """The first epoch sets the mark; patience counts those after it."""
    network = LectureMLPClassifier(
        learning_rate="constant",
        learning_rate_init=1e-15,
        n_iter_no_change=patience,
        random_state=0,
    ).fit(X, y)
    assert network.n_iter_ == patience + 1


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "identity"])
@pytest.mark.parametrize("scale", [100, 1000, 1e7])
def test_10_exploding_weights_are_told_even_while_finite(activation, scale):
    """Steps too large for the inputs: weights grow a thousandfold, or units die."""
    network = LectureMLPClassifier(
        activation=activation,
        learning_rate_init=1.0,
        standardize=False,
        random_state=0,
    )
    with pytest.raises(ValueError, match="diverged in epoch .* standardize=True"):
        network.fit(scale * X, y)


def test_10_cost_that_rises_is_not_called_converged():
    network = LectureMLPClassifier(
        activation="identity",
        learning_rate="constant",
        learning_rate_init=1.0,
        standardize=False,
        random_state=0,
    )
    with pytest.warns(ConvergenceWarning, match="worse than guessing: .*standardize="):
        network.fit(30 * X, y)


def test_11_one_class_has_one_column():
    """It is learned, with a warning, and predicted with certainty."""
    with pytest.warns(UserWarning, match=r"y holds a single class, 1\.0"):
        network = fixed().fit(X, np.ones(60))
    assert (network.predict(X) == 1).all()
    assert_array_equal(network.predict_proba(X), np.ones((60, 1)))


def test_12_log_probabilities_are_finite():
    network = fixed(max_iter=100).fit(X, y)
    for scale in (1, 1e3, 1e100):
        assert np.isfinite(network.predict_log_proba(scale * X)).all()


def lbfgs(**parameters):
    """A network that L-BFGS finishes with."""
    return LectureMLPClassifier(
        (), solver="lbfgs", alpha=0.1, random_state=0, **parameters
    )


def test_13_lbfgs_says_that_it_does_not_stop_early():
    """And learns from all examples."""
    with pytest.warns(UserWarning, match="early_stopping=True has no effect with solv"):
        network = lbfgs(early_stopping=True).fit(X, y)
    plain = lbfgs().fit(X, y)
    assert_array_equal(network.coefs_[0], plain.coefs_[0])


@ignore_unconverged
def test_13_lbfgs_has_a_loss_curve():
    network = LectureMLPClassifier(solver="lbfgs", max_iter=5, random_state=0).fit(X, y)
    assert len(network.loss_curve_) == network.n_iter_ == 5
    assert network.loss_ == network.loss_curve_[-1] < network.loss_curve_[0]


def test_14_rare_class_is_called_by_its_name():
    names = np.array(["cat"] * 30 + ["dog"] * 29 + ["unicorn"])
    with pytest.raises(ValueError, match=r"classes \['unicorn'\] have a single"):
        fixed(early_stopping=True).fit(X, names)


def test_15_interrupt_is_not_swallowed(monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    network = fixed(verbose=True)
    monkeypatch.setattr("builtins.print", interrupt)
    with pytest.raises(KeyboardInterrupt):
        network.fit(X, y)
    monkeypatch.undo()
    one_epoch = fixed(max_iter=1).fit(X, y)
    assert_array_equal(network.coefs_[0], one_epoch.coefs_[0])


def test_every_fault_of_the_list_has_a_test():
    numbers = {int(number) for number in findall(r"test_(\d+)_", " ".join(globals()))}
    assert numbers == set(range(1, 16))
