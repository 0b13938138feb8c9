"""Going on: ``warm_start`` and ``partial_fit`` in pieces equal one long run."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._lecture import draw_mask
from sklearn_mlp_edu._training import descent

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


def cosine(epoch):
    """A schedule that ends at 0 in the sixth epoch."""
    return (1 + np.cos(np.pi * epoch / 6)) / 2


SETTINGS = {
    "plain": {"momentum": 0},
    "momentum": {},
    "nesterov": {"nesterovs_momentum": True},
    "adam": {"solver": "adam"},
    "full batch": {"batch_size": "full", "learning_rate_init": 0.2},
    "in order": {"shuffle": False},
    "dropout": {"dropout": 0.3},
    "adam, dropout": {"solver": "adam", "dropout": 0.3, "learning_rate_init": 0.01},
    "adamw": {"solver": "adamw", "alpha": 1.0},
    "invscaling": {"learning_rate": "invscaling"},
    "schedule": {"learning_rate": cosine, "solver": "adamw"},
    "bounded gradient": {"max_grad_norm": 0.1},
    "class weight": {"class_weight": {0: 2.0, 1: 0.5, 2: 0.5}},  # 1 on average
    "instance": {"random_state": np.random.RandomState},
}


def fixed(**parameters):
    """A small network for a given number of epochs, without any stopping."""
    defaults = {"max_iter": 6, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    settings = {"batch_size": 32, **defaults, **parameters}
    if settings["random_state"] is np.random.RandomState:
        settings["random_state"] = np.random.RandomState(0)
    return LectureMLPClassifier((8,), **settings)


def assert_same(one, other):
    """The same network, by the same way, bit by bit."""
    for ours, theirs in zip(
        [*one.coefs_, *one.intercepts_],
        [*other.coefs_, *other.intercepts_],
        strict=True,
    ):
        assert_array_equal(ours, theirs)
    assert one.loss_curve_ == other.loss_curve_
    assert (one.n_iter_, one.t_) == (other.n_iter_, other.t_)
    assert one.learning_rate_ == other.learning_rate_


def reload(network):
    return pickle.loads(pickle.dumps(network))


# Pieces equal the whole


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("pieces", [(1,) * 6, (4, 2), (1, 5)])
def test_warm_starts_equal_one_long_run(pieces, setting, iris):
    at_once = fixed(**SETTINGS[setting]).fit(*iris)
    network = fixed(**SETTINGS[setting], warm_start=True)
    for n_epochs in pieces:
        network.set_params(max_iter=n_epochs).fit(*iris)
    assert_same(network, at_once)


@pytest.mark.parametrize("setting", SETTINGS)
def test_partial_fits_equal_one_long_run(setting, iris):
    at_once = fixed(**SETTINGS[setting]).fit(*iris)
    network = fixed(**SETTINGS[setting])
    for _ in range(6):
        network.partial_fit(*iris, classes=[0, 1, 2])
    assert_same(network, at_once)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_pickle_goes_on_as_the_original_does(setting, iris):
    at_once = fixed(**SETTINGS[setting]).fit(*iris)
    warm = fixed(**SETTINGS[setting], warm_start=True, max_iter=3).fit(*iris)
    assert_same(reload(warm).fit(*iris), at_once)
    network = fixed(**SETTINGS[setting])
    for _ in range(6):
        network = reload(network.partial_fit(*iris, classes=[0, 1, 2]))
    assert_same(network, at_once)


def test_ways_of_going_on_may_be_mixed(labels):
    X, Y = labels
    network = fixed(warm_start=True, max_iter=2).fit(X, Y)
    network.partial_fit(X, Y).partial_fit(X, Y).fit(X, Y)
    assert_same(network, fixed(warm_start=True).fit(X, Y))


def test_warm_start_with_weights(iris):
    weight = np.random.default_rng(0).uniform(0.1, 5, 150)
    network = fixed(warm_start=True, max_iter=3)
    network.fit(*iris, weight).fit(*iris, weight)
    assert_same(network, fixed().fit(*iris, weight))


@ignore_unconverged
def test_warm_start_of_lbfgs_goes_on_from_the_weights(iris):
    """Its memory of curvature starts anew, so the path may be another one."""
    X, y = iris
    network = LectureMLPClassifier(
        (), solver="lbfgs", alpha=0.01, tol=1e-6, max_iter=8, random_state=0
    )
    network.set_params(warm_start=True).fit(X, y)
    before = network.loss_
    network.fit(X, y)
    assert network.n_iter_ == 16 and network.loss_ < before
    assert (np.diff(network.loss_curve_) <= 0).all()
    minimum = network.set_params(max_iter=1000).fit(X, y).loss_
    assert network.fit(X, y).loss_ == pytest.approx(minimum, rel=1e-9)


# From where, and with what


def test_without_warm_start_fit_begins_anew(iris):
    network = fixed(warm_start=True).fit(*iris).set_params(warm_start=False).fit(*iris)
    assert_same(network, fixed().fit(*iris))


def test_a_finished_fit_passes_on_its_weights_only(iris):
    """The velocity is gone, so the next step is plain descent's, (1−β) as long."""
    settings = {"batch_size": "full", "alpha": 0, "learning_rate_init": 0.5}
    network = fixed(**settings).fit(*iris)
    start = [W.copy() for W in network.coefs_]
    network.set_params(warm_start=True, max_iter=1).fit(*iris)
    plain = fixed(**settings, momentum=0).fit(*iris)
    plain.coefs_, plain.intercepts_ = start, fixed(**settings).fit(*iris).intercepts_
    plain.partial_fit(*iris)
    for before, slow, whole in zip(start, network.coefs_, plain.coefs_, strict=True):
        assert_allclose(slow - before, 0.1 * (whole - before), rtol=1e-6, atol=1e-12)


def one_more_step(start, **changes):
    """How far one epoch of one batch moves the weights, after changing parameters."""
    network = reload(start).set_params(max_iter=1, **changes).fit(*start.data)
    pairs = zip(network.coefs_, start.coefs_, strict=True)
    return np.concatenate([(after - before).ravel() for after, before in pairs])


@pytest.fixture
def trained(iris):
    """A function that trains a network to go on from."""

    def train(**parameters):
        network = fixed(warm_start=True, batch_size="full", **parameters).fit(*iris)
        network.data = iris
        return network

    return train


@pytest.mark.parametrize("setting", ["plain", "momentum", "adam"])
def test_changed_learning_rate_takes_effect(setting, trained):
    """The same direction, twice as far."""
    start = trained(**SETTINGS[setting], learning_rate_init=0.01)
    usual = one_more_step(start)
    double = one_more_step(start, learning_rate_init=0.02)
    assert_allclose(double, 2 * usual, rtol=1e-6, atol=1e-14)


@ignore_unconverged
def test_changed_alpha_takes_effect(trained):
    """(3.37): λ more or less moves W by −α Δλ W."""
    start = trained(momentum=0, learning_rate_init=0.1, alpha=0)
    W = np.concatenate([W.ravel() for W in start.coefs_])
    change = one_more_step(start, alpha=0.5) - one_more_step(start)
    assert_allclose(change, -0.1 * 0.5 * W, rtol=1e-9, atol=1e-14)


def test_changed_momentum_takes_effect_on_the_velocity_there(trained):
    """(3.33): a step is linear in β, between those at β = 0 and at β = 0.9."""
    start = trained(learning_rate_init=0.1)
    at_0, at_9 = (one_more_step(start, momentum=beta) for beta in (0, 0.9))
    at_3 = one_more_step(start, momentum=0.3)
    assert_allclose(at_3, at_0 + (at_9 - at_0) / 3, rtol=1e-6, atol=1e-14)


@ignore_unconverged
@pytest.mark.filterwarnings("ignore:training has no effect")
@pytest.mark.parametrize("nesterovs_momentum", [False, True])
def test_momentum_of_1_stands_still_and_forgets_the_velocity(
    trained, nesterovs_momentum
):
    """(3.33): an average that takes no gradient in is 0, and goes on from there."""
    settings = {"learning_rate_init": 0.1, "nesterovs_momentum": nesterovs_momentum}
    start = trained(**settings)
    assert_array_equal(one_more_step(start, momentum=1), 0)
    still = reload(start).set_params(max_iter=1, momentum=1).fit(*start.data)
    still.data = start.data
    plain = one_more_step(start, momentum=0)
    assert_allclose(one_more_step(still, momentum=0), plain, rtol=1e-9, atol=1e-14)
    slow = one_more_step(still, momentum=0.9)
    share = 0.1 * 1.9 if nesterovs_momentum else 0.1
    assert_allclose(slow, share * plain, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ({"solver": "adam"}, {"beta_1": 0.5}),
        ({"solver": "adam"}, {"beta_2": 0.5}),
        ({"solver": "adam"}, {"epsilon": 0.1}),
        ({}, {"nesterovs_momentum": True}),
        ({}, {"dropout": 0.5}),
        ({}, {"class_weight": "balanced"}),
        ({}, {"batch_size": 10}),
    ],
)
def test_other_changes_take_effect(before, change, trained):
    start = trained(**before)
    X, y = start.data
    start.data = X[20:], y[20:]  # classes of unequal size
    assert not np.allclose(one_more_step(start, **change), one_more_step(start))


def test_larger_alpha_is_no_reason_to_warn_of_a_higher_cost(iris):
    """Costs are compared within a call: those before may have been of another λ."""
    network = fixed(warm_start=True, alpha=0, max_iter=30).fit(*iris)
    network.set_params(alpha=2.0, learning_rate_init=0.01, max_iter=3).fit(*iris)
    assert network.loss_ > network.loss_curve_[0]


# What cannot go on


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_layer_sizes": (9,)},
        {"hidden_layer_sizes": ()},
        {"activation": "tanh"},
        {"solver": "adam"},
    ],
)
def test_changed_architecture_is_refused(change, iris):
    network = fixed(warm_start=True).fit(*iris)
    before = network.coefs_[0].copy()
    ((name, value),) = change.items()
    old = network.get_params()[name]
    for method in (network.set_params(**change).fit, network.partial_fit):
        with pytest.raises(ValueError, match=f"goes on with {name}=.* now .*anew"):
            method(*iris)
    assert network.get_params()[name] == value != old
    assert_array_equal(network.coefs_[0], before)
    network.set_params(warm_start=False).fit(*iris)


def kinds(iris):
    """The same examples with other sets of labels."""
    X, y = iris
    return {
        "three classes": y,
        "two classes": y % 2,
        "other names": np.array(["a", "b", "c"])[y],
        "more classes": np.arange(150) % 4,
        "three labels": np.eye(3, dtype=int)[y],
        "two labels": np.eye(3, dtype=int)[y][:, :2],
    }


@pytest.mark.parametrize("second", kinds((None, np.zeros(150, int))))
@pytest.mark.parametrize("first", kinds((None, np.zeros(150, int))))
def test_changed_labels_are_refused(first, second, iris):
    """Also where their numbers are the same, as with two labels and two classes."""
    X, y = iris[0], kinds(iris)
    network = fixed(warm_start=True).fit(X, y[first])
    if first == second:
        assert network.fit(X, y[second]).n_iter_ == 12
        return
    with pytest.raises(ValueError, match="anew"):
        network.fit(X, y[second])
    assert network.n_iter_ == 6


def test_a_class_that_is_missing_later_is_refused_by_fit_and_not_by_partial_fit(iris):
    X, y = iris
    network = fixed(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"classes \[0, 1\] differ from"):
        network.fit(X[y < 2], y[y < 2])
    assert network.partial_fit(X[y < 2], y[y < 2]).n_iter_ == 7


def test_two_names_of_one_activation_are_no_change(iris):
    X, y = iris
    network = fixed(activation="sigmoid").partial_fit(X, y, classes=[0, 1, 2])
    network.set_params(activation="logistic").partial_fit(X, y)
    assert network.n_iter_ == 2


def test_other_features_are_refused(iris):
    X, y = iris
    network = fixed(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match="X has 3 features, but .* expecting 4"):
        network.fit(X[:, :3], y)


@pytest.mark.parametrize("dtypes", [("f4", "f8"), ("f8", "f4")])
def test_precision_is_that_of_the_first_call(dtypes, iris):
    X, y = iris
    network = fixed(warm_start=True).fit(X.astype(dtypes[0]), y)
    network.fit(X.astype(dtypes[1]), y).partial_fit(X.astype(dtypes[1]), y)
    assert {W.dtype for W in network.coefs_} == {np.dtype(dtypes[0])}
    assert network.n_iter_ == 13


@pytest.mark.parametrize("setting", ["momentum", "adam", "dropout"])
def test_a_call_that_fails_leaves_no_trace(setting, iris):
    """Neither in the weights, nor in the optimizer, nor in the streams of chance."""
    X, y = iris
    network, other = (fixed(**SETTINGS[setting], warm_start=True) for _ in range(2))
    other.fit(X, y).fit(X, y)
    rate = network.fit(X, y).learning_rate_init
    with pytest.raises(ValueError, match="diverged"):
        network.set_params(learning_rate_init=1e30).fit(X, y)
    with pytest.raises(ValueError, match="diverged"):
        network.partial_fit(X, y)
    assert_same(network.set_params(learning_rate_init=rate).fit(X, y), other)


def test_an_interrupt_in_its_first_epoch_leaves_no_trace(iris, monkeypatch):
    steps = []

    def interrupt(*arguments):
        steps.append(draw_mask(*arguments))
        if len(steps) == 2:
            raise KeyboardInterrupt

    network, other = (fixed(dropout=0.3).partial_fit(*iris, [0, 1, 2]) for _ in "ab")
    with monkeypatch.context() as patch:
        patch.setattr(descent, "draw_mask", interrupt)  # once a step
        with pytest.raises(KeyboardInterrupt):
            network.partial_fit(*iris)
    assert_same(network.partial_fit(*iris), other.partial_fit(*iris))


# The size of a pickle


@pytest.mark.parametrize(
    ("setting", "method", "copies"),
    [
        ("momentum", "fit", 1),
        ("adam", "fit", 1),
        ("momentum", "warm", 2),
        ("adam", "warm", 3),
        ("momentum", "partial_fit", 2),
        ("adam", "partial_fit", 3),
    ],
)
def test_a_pickle_holds_what_going_on_needs_and_no_more(
    setting, method, copies, digits
):
    """Parameters, and one more array as large (velocity), or two (Adam's averages)."""
    network = fixed(**SETTINGS[setting], warm_start=method == "warm", max_iter=2)
    network.set_params(hidden_layer_sizes=(300,))
    if method == "partial_fit":
        network.partial_fit(*digits, classes=range(10))
    else:
        network.fit(*digits)
    n_bytes = 8 * network.n_parameters_
    assert 0 < len(pickle.dumps(network)) - copies * n_bytes < 12_000 < n_bytes / 10
