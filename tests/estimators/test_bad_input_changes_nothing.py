"""Bad input: a clear error, and a fitted estimator that stays as it was."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy import sparse

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._lecture import ACTIVATIONS
from sklearn_mlp_edu._lecture.activations import Activation

X = np.random.default_rng(0).normal(size=(30, 3))
y = np.arange(30) % 3

BAD_PARAMETERS = [
    ({"hidden_layer_sizes": 0}, "hidden_layer_sizes must be an int >= 1.* got 0"),
    ({"hidden_layer_sizes": (5, -1)}, "hidden_layer_sizes .* got \\(5, -1\\)"),
    ({"hidden_layer_sizes": 2.5}, "hidden_layer_sizes .* got 2.5"),
    ({"hidden_layer_sizes": (2.0,)}, "hidden_layer_sizes"),
    ({"hidden_layer_sizes": True}, "hidden_layer_sizes"),
    ({"hidden_layer_sizes": (True,)}, "hidden_layer_sizes"),
    ({"hidden_layer_sizes": "100"}, "hidden_layer_sizes"),
    ({"hidden_layer_sizes": None}, "hidden_layer_sizes"),
    ({"activation": "gelu"}, "activation.*'leaky_relu'.* Got 'gelu'"),
    ({"init": "orthogonal"}, "init.*'xavier'.* Got 'orthogonal'"),
    ({"solver": "newton"}, "solver.*'sgd'.* Got 'newton'"),
    ({"alpha": -1e-4}, r"alpha.* \[0.*Got -0.0001"),
    ({"alpha": "strong"}, "alpha.* float.*Got 'strong'"),
    ({"alpha": np.nan}, "alpha"),
    ({"batch_size": 0}, "batch_size.*'full'.*Got 0"),
    ({"batch_size": "all"}, "batch_size.*'auto'.*Got 'all'"),
    ({"learning_rate_init": 0}, r"learning_rate_init.* \(0.*Got 0"),
    ({"learning_rate_init": np.inf}, "learning_rate_init"),
    ({"momentum": 1.1}, r"momentum.* \[0.*1.*\].*Got 1.1"),
    ({"momentum": -0.1}, "momentum"),
    ({"max_iter": 0}, "max_iter"),
    ({"tol": -1}, "tol"),
    ({"n_iter_no_change": 0}, "n_iter_no_change"),
    ({"shuffle": "yes"}, "shuffle"),
    ({"random_state": "seed"}, "random_state"),
    ({"verbose": -1}, "verbose"),
]


@pytest.mark.parametrize(("parameters", "message"), BAD_PARAMETERS)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_bad_parameter(method, parameters, message):
    network = LectureMLPClassifier(**parameters)
    arguments = (X, y, [0, 1, 2]) if method == "partial_fit" else (X, y)
    with pytest.raises((ValueError, TypeError), match=message):
        getattr(network, method)(*arguments)
    assert not hasattr(network, "coefs_")


with_nan = X.copy()
with_nan[3, 1] = np.nan
with_inf = X.copy()
with_inf[3, 1] = np.inf
BAD_DATA = [
    (with_nan, y, None, "X contains NaN"),
    (with_inf, y, None, "X contains infinity"),
    (sparse.csr_array(with_nan), y, None, "X contains NaN"),
    (X[:, 0], y, None, "Expected 2D array, got 1D"),
    (X[:0], y[:0], None, "0 sample"),
    (X[:, :0], y, None, "0 feature"),
    (X, y[:-1], None, "inconsistent numbers of samples"),
    (X, y + 0.5, None, "Unknown label type: continuous"),
    (X, np.full(30, np.nan), None, "y contains NaN"),
    (X, np.stack([y, y], axis=1), None, "several outputs"),
    (X, y, np.full(30, -1.0), "Negative values in data passed to `sample_weight`"),
    (X, y, np.full(30, np.nan), "sample_weight contains NaN"),
    (X, y, np.zeros(30), "sample_weight is zero for every example"),
    (X, y, np.ones(29), r"sample_weight.shape == \(29,\)"),
]


@pytest.mark.parametrize(("bad_X", "bad_y", "weight", "message"), BAD_DATA)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_bad_data_leave_a_fitted_network_as_it_was(
    method, bad_X, bad_y, weight, message
):
    network = LectureMLPClassifier(max_iter=3, n_iter_no_change=np.inf)
    network.partial_fit(X, y, classes=[0, 1, 2])
    before = {name: repr(value) for name, value in vars(network).items()}
    with pytest.raises(ValueError, match=message):
        getattr(network, method)(bad_X, bad_y, sample_weight=weight)
    assert {name: repr(value) for name, value in vars(network).items()} == before


def test_other_number_of_features():
    network = LectureMLPClassifier(max_iter=1, n_iter_no_change=np.inf).fit(X, y)
    for call in (network.predict, network.predict_proba, network.decision_function):
        with pytest.raises(ValueError, match="X has 2 features, but .* expecting 3"):
            call(X[:, :2])
    with pytest.raises(ValueError, match="X has 2 features, but .* expecting 3"):
        network.partial_fit(X[:, :2], y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_look_at_every_value(dtype):
    network = LectureMLPClassifier(max_iter=1, n_iter_no_change=np.inf).fit(X, y)
    for value in (np.nan, np.inf, -np.inf):
        wrong = X.astype(dtype)
        wrong[17, 2] = value
        with pytest.raises(ValueError, match="X contains (NaN|infinity)"):
            network.predict(wrong)
    opposite = X.astype(dtype)
    opposite[3], opposite[4] = np.inf, -np.inf
    with pytest.raises(ValueError, match="X contains infinity"):
        network.predict(opposite)
    large = np.full((5, 3), np.finfo(dtype).max / 1e3)  # finite, though not their sum
    large = np.repeat(large, 400, axis=0)
    assert np.isin(network.predict(large), y).all()
    assert np.isfinite(network.predict_log_proba(large)).all()
    for shape in [(0, 3), (3,), (2, 3, 1)]:
        with pytest.raises(ValueError, match="0 sample|Expected 2D|dim 3"):
            network.predict(np.ones(shape, dtype))


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_outputs_beyond_floating_point_name_the_row(method):
    network = LectureMLPClassifier(max_iter=1, n_iter_no_change=np.inf).fit(X, y)
    rows = np.repeat(X, 20_000 // len(X) + 1, axis=0)  # predicted in several pieces
    rows[17_000] = np.finfo(float).max
    with pytest.raises(ValueError, match="Row 17000 of X .* beyond the range of float"):
        getattr(network, method)(rows)


def test_first_partial_fit_needs_classes():
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        LectureMLPClassifier().partial_fit(X, y)


def test_classes_are_settled_by_the_first_partial_fit():
    network = LectureMLPClassifier().partial_fit(X, y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"classes \[3\].* known ones, \[0, 1, 2\]"):
        network.partial_fit(X, y + 1)
    with pytest.raises(ValueError, match=r"classes \[0, 1\] differ from .*\[0, 1, 2\]"):
        network.partial_fit(X, y, classes=[0, 1])
    with pytest.raises(ValueError, match=r"y has shape \(30, 2\) where \(30,\)"):
        network.partial_fit(X, np.stack([y > 0, y > 1], axis=1).astype(int))
    assert network.n_iter_ == 1


def test_class_in_partial_fit_that_was_not_announced():
    with pytest.raises(ValueError, match=r"y holds the classes \[2\]"):
        LectureMLPClassifier().partial_fit(X, y, classes=[0, 1])


@pytest.mark.parametrize(
    "change", [{"hidden_layer_sizes": (5,)}, {"activation": "tanh"}, {"solver": "adam"}]
)
def test_partial_fit_with_another_architecture(change):
    network = LectureMLPClassifier().partial_fit(X, y, classes=[0, 1, 2])
    network.set_params(**change)
    with pytest.raises(ValueError, match="Training goes on with"):
        network.partial_fit(X, y)


@pytest.mark.parametrize(
    ("init", "message"),
    [
        (lambda n_in, n_out, rng: np.zeros((n_out, n_in)), r"shape \(100, 3\).*\(3, 1"),
        (lambda n_in, n_out, rng: 0.1, r"shape \(\)"),
        (lambda n_in, n_out, rng: np.full((n_in, n_out), np.nan), "finite"),
        (lambda n_in, n_out, rng: np.full((n_in, n_out), "a"), "finite"),
        (lambda n_in, n_out, rng: np.full((n_in, n_out), 1j), "finite"),
    ],
)
def test_initialiser_that_returns_something_else(init, message):
    with pytest.raises(ValueError, match=message):
        LectureMLPClassifier(init=init).fit(X, y)


def test_batch_larger_than_the_data_is_said():
    network = LectureMLPClassifier(
        batch_size=31, max_iter=1, n_iter_no_change=np.inf, random_state=0
    )
    with pytest.warns(UserWarning, match="batch_size=31 is more than the 30"):
        network.fit(X, y)


@pytest.mark.parametrize("activation", ["identity", "leaky_relu"])
@pytest.mark.parametrize("scale", [1e3, 1e200])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_divergence_is_told_and_changes_nothing(activation, scale, dtype):
    network = LectureMLPClassifier(
        activation=activation,
        max_iter=5,
        n_iter_no_change=np.inf,
        random_state=0,
        standardize=False,
    ).fit(X.astype(dtype), y)
    before = network.predict_proba(X)
    network.set_params(learning_rate_init=min(scale, 1e30), max_iter=200)
    too_large = (X * min(scale, 1e30)).astype(dtype)
    with pytest.raises(ValueError, match=r"diverged in epoch \d+ with learning_rate_i"):
        network.fit(too_large, y)
    assert network.n_iter_ == 5
    assert_array_equal(network.predict_proba(X), before)


def test_divergence_of_partial_fit_loses_that_call_only():
    network = LectureMLPClassifier(random_state=0).partial_fit(X, y, classes=[0, 1, 2])
    other = LectureMLPClassifier(random_state=0).partial_fit(X, y, classes=[0, 1, 2])
    network.set_params(learning_rate_init=1e30)
    with pytest.raises(ValueError, match="diverged in epoch 2.*Scale extreme"):
        network.partial_fit(1e9 * X, y)
    network.set_params(learning_rate_init="auto")
    assert_array_equal(network.predict_proba(X), other.predict_proba(X))
    assert network.n_iter_ == 1


def interrupted_after(n_calls, monkeypatch):
    """Make the activation "tanh" raise KeyboardInterrupt from the n-th call on."""
    calls = iter(range(n_calls))

    def function(Z, out):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return np.tanh(Z, out=out)

    tanh = Activation(function, ACTIVATIONS["tanh"].derivative)
    monkeypatch.setitem(ACTIVATIONS, "tanh", tanh)


def test_interrupt_keeps_the_finished_epochs(monkeypatch):
    settings = {"activation": "tanh", "batch_size": 10, "random_state": 0}
    settings |= {"n_iter_no_change": np.inf}
    two_epochs = LectureMLPClassifier(**settings, max_iter=2).fit(X, y)
    network = LectureMLPClassifier(**settings)
    with monkeypatch.context() as patch:
        interrupted_after(2 * 3 + 1, patch)
        with pytest.raises(KeyboardInterrupt):
            network.fit(X, y)
    assert network.n_iter_ == 2
    assert_array_equal(network.predict_proba(X), two_epochs.predict_proba(X))


def test_interrupt_of_lbfgs_keeps_the_finished_iterations(monkeypatch):
    network = LectureMLPClassifier(solver="lbfgs", activation="tanh", random_state=0)
    with monkeypatch.context() as patch:
        interrupted_after(10, patch)
        with pytest.raises(KeyboardInterrupt):
            network.fit(X, y)
    assert len(network.loss_curve_) == network.n_iter_ > 0
    assert network.loss_ < network.loss_curve_[0]
    assert network.predict(X).shape == (30,)


def test_interrupt_in_the_first_epoch_changes_nothing(monkeypatch):
    network = LectureMLPClassifier(activation="tanh", batch_size=10, random_state=0)
    with monkeypatch.context() as patch:
        interrupted_after(2, patch)
        with pytest.raises(KeyboardInterrupt):
            network.fit(X, y)
    assert not hasattr(network, "coefs_")
