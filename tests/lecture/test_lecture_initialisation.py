"""How the weights start (L4–L8)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu._lecture import ACTIVATIONS, INITIALIZERS

from ..lecture_notation import NO_MOVE, descent


def assert_neurons_alike(model):
    """Within each hidden layer: the same incoming and outgoing weights."""
    for incoming, bias, outgoing in zip(
        model.coefs_, model.intercepts_, model.coefs_[1:], strict=False
    ):
        assert_allclose(incoming, incoming[:, :1].repeat(len(bias), 1), rtol=1e-10)
        assert_allclose(bias, bias[:1].repeat(len(bias)), rtol=1e-10)
        assert_allclose(outgoing, outgoing[:1].repeat(len(bias), 0), rtol=1e-10)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_L4_zero_weights_predict_one_half_whatever_x(data, activation):
    """L4, §3.1: z[3] = 0, so the first prediction is σ(0)."""
    X, y = data
    model = descent(init="zeros", activation=activation, learning_rate_init=NO_MOVE)
    probability = model.fit(X, y).predict_proba(1e3 * X)
    assert_array_equal(probability, np.full((12, 2), 0.5))


@pytest.mark.parametrize("activation", ["tanh", "relu", "leaky_relu", "identity"])
def test_L4_zero_weights_never_move_where_g_of_0_is_0(data, activation):
    """L4, §3.1: every hidden value is 0 and every error stops at a weight of 0."""
    model = descent(init="zeros", activation=activation, max_iter=30, momentum=0.9)
    model.fit(*data)
    assert not any(W.any() for W in model.coefs_)
    assert model.intercepts_[-1] != 0  # the last bias alone learns


def test_L4_zero_weights_of_sigmoid_units_move_but_stay_alike(data):
    """L4, §3.1: σ(0) = 1/2, so the last weights get a gradient, all the same one."""
    model = descent(init="zeros", max_iter=30).fit(*data)
    assert all(W.any() for W in model.coefs_)
    assert_neurons_alike(model)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_L5_equal_weights_stay_equal(data, activation):
    """L5, (3.12): neurons with equal weights compute, and learn, the same."""
    X, y = data
    model = descent(init="constant", activation=activation, learning_rate_init=0.1)
    start = model.set_params(max_iter=1).fit(X, y).coefs_
    model.set_params(max_iter=40, batch_size=5, momentum=0.9).fit(X, y)
    assert_neurons_alike(model)
    assert not np.allclose(model.coefs_[0], start[0])


def test_L6_small_random_weights_break_the_symmetry(xor):
    """L6, §3.1: XOR needs unlike neurons; equal ones cannot become unlike."""
    params = dict(hidden_layer_sizes=8, activation="tanh", batch_size=10)
    params |= dict(learning_rate_init=1, max_iter=150, momentum=0.9)
    alike = descent(init="constant", **params).fit(*xor)
    unlike = descent(init="small_normal", **params).fit(*xor)
    assert alike.score(*xor) < 0.8
    assert unlike.score(*xor) == 1


def test_L6_small_random_weights_are_small_and_differ():
    """L6, §3.1: a normal distribution about 0, of standard deviation 0.01."""
    W = INITIALIZERS["small_normal"](300, 200, np.random.RandomState(0))
    assert_allclose([W.mean(), W.std()], [0, 0.01], rtol=0.02, atol=1e-4)


def layer_variances(init, activation, scale=1.0, width=400, n_layers=5):
    """The variance of x, a[1], …, a[n_layers] for normal inputs, before training."""
    X = np.random.RandomState(1).normal(scale=scale, size=(300, width))
    model = descent(
        hidden_layer_sizes=(width,) * n_layers,
        activation=activation,
        init=init,
        learning_rate_init=NO_MOVE,
    ).fit(X, [0, 1] * 150)
    variances, A = [X.var()], X
    for W, b in zip(model.coefs_[:-1], model.intercepts_[:-1], strict=True):
        Z = A @ W + b
        A = ACTIVATIONS[activation].function(Z, np.empty_like(Z))
        variances.append(A.var())
    return np.array(variances)


@pytest.mark.parametrize("activation, scale", [("identity", 1.0), ("tanh", 0.1)])
def test_L7_xavier_keeps_the_variance_from_layer_to_layer(activation, scale):
    """L7, (3.13): in wide layers, and where tanh is nearly linear."""
    variances = layer_variances("xavier", activation, scale)
    assert_allclose(variances, variances[0], rtol=0.15)


def test_L7_other_schemes_do_not_keep_it():
    """L7: weights of 0.01 let the signal fade, He's double it in each linear layer."""
    fading = layer_variances("small_normal", "identity")
    growing = layer_variances("he", "identity")
    assert fading[-1] < 1e-6 * fading[0]
    assert_allclose(growing[1:] / growing[:-1], 2, rtol=0.15)


def test_L7_he_keeps_the_mean_square_behind_relus():
    """L7: a ReLU passes half of the mean square on, which He's factor 2 makes good."""
    rng = np.random.RandomState(0)
    Z = rng.normal(size=(500, 800))
    A = ACTIVATIONS["relu"].function(Z, np.empty_like(Z))
    assert_allclose((A @ INITIALIZERS["he"](800, 600, rng)).var(), 1, rtol=0.05)


def test_L7_xavier_is_the_compromise_between_forward_and_backward():
    """L7: the signal's variance grows n_in Var(w)-fold, the error's n_out Var(w)."""
    n_in, n_out, rng = 900, 300, np.random.RandomState(0)
    W = INITIALIZERS["xavier"](n_in, n_out, rng)
    forward = (rng.normal(size=(500, n_in)) @ W).var()
    backward = (rng.normal(size=(500, n_out)) @ W.T).var()
    assert_allclose([forward, backward], [1.5, 0.5], rtol=0.03)


@pytest.mark.parametrize(
    "init, std",
    [
        ("inverse_fan_in", 1 / 400),
        ("lecun", np.sqrt(1 / 400)),
        ("xavier", np.sqrt(2 / (400 + 300))),
        ("he", np.sqrt(2 / 400)),
    ],
)
def test_L8_standard_deviation_of_each_scheme(init, std):
    """L8, L7 (3.13): the list of "improving", 2, for a layer of 400 to 300."""
    X = np.random.RandomState(0).normal(size=(4, 400))
    model = descent(init=init, hidden_layer_sizes=300, learning_rate_init=NO_MOVE)
    W = model.fit(X, [0, 1, 0, 1]).coefs_[0]
    assert_allclose(W.std(), std, rtol=0.01)
    assert abs(W.mean()) < 0.01 * std
    assert_allclose(np.mean(abs(W) < std), 0.6827, atol=0.01)  # normal


@pytest.mark.parametrize(
    "activation, stds",
    [
        ("relu", [np.sqrt(1 / 400), np.sqrt(2 / 300), np.sqrt(2 / 200)]),
        ("leaky_relu", [np.sqrt(1 / 400), np.sqrt(2 / 300), np.sqrt(2 / 200)]),
        ("tanh", [np.sqrt(1 / 400), np.sqrt(1 / 300), np.sqrt(1 / 200)]),
        ("sigmoid", [np.sqrt(2 / 700), np.sqrt(2 / 500), np.sqrt(2 / 203)]),
        ("identity", [np.sqrt(2 / 700), np.sqrt(2 / 500), np.sqrt(2 / 203)]),
    ],
)
def test_L8_auto_fits_what_feeds_each_layer(activation, stds):
    """L8: He's behind ReLUs, LeCun's for tanh and data before ReLUs, else Xavier's."""
    X, y = np.random.RandomState(0).normal(size=(6, 400)), [0, 1, 2] * 2
    fixed = {"init": "auto", "learning_rate_init": NO_MOVE}
    model = descent(hidden_layer_sizes=(300, 200), activation=activation, **fixed)
    found = [W.std() for W in model.fit(X, y).coefs_]
    assert_allclose(found[:2], stds[:2], rtol=0.02)
    assert_allclose(found[2], stds[2], rtol=0.1)


@pytest.mark.filterwarnings("ignore:activation=.* has no effect")
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_L8_auto_without_hidden_layers_is_lecuns(activation):
    X, y = np.random.RandomState(0).normal(size=(6, 4000)), [0, 1, 2] * 2
    model = descent(init="auto", hidden_layer_sizes=(), learning_rate_init=NO_MOVE)
    W = model.set_params(activation=activation).fit(X, y).coefs_[0]
    assert_allclose(W.std(), np.sqrt(1 / 4000), rtol=0.03)


def test_L5_constant_weights_and_biases_are_one_half(data):
    """L5, (3.12)."""
    model = descent(init="constant", learning_rate_init=NO_MOVE).fit(*data)
    for array in (*model.coefs_, *model.intercepts_):
        assert_array_equal(array, np.full_like(array, 0.5))


def test_a_scheme_of_ones_own_may_return_a_list(data):
    def scheme(fan_in, fan_out, rng):
        return [[0.25] * fan_out] * fan_in

    model = descent(init=scheme, learning_rate_init=NO_MOVE).fit(*data)
    assert all((W == 0.25).all() for W in model.coefs_)


def test_a_scheme_of_ones_own_returns_finite_numbers_only(data):
    def scheme(fan_in, fan_out, rng):
        W = np.full((fan_in, fan_out), 0.25)
        W[0, 0] = np.inf
        return W

    with pytest.raises(ValueError, match="not all finite"):
        descent(init=scheme).fit(*data)
