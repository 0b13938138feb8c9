"""What the lecture teaches, row by row (L1–L22, L24), through the estimator.

The reference here is the lecture's own notation: examples are columns, and the 3-2-1
network of sigmoids is written out equation by equation.
"""

import tracemalloc
from collections import Counter
from importlib import import_module
from itertools import product
from pathlib import Path
from re import findall

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedShuffleSplit, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._activations import ACTIVATIONS, LEAKY_SLOPE, Activation
from sklearn_mlp_edu._datasets import make_ball_images
from sklearn_mlp_edu._initializers import INITIALIZERS
from sklearn_mlp_edu._losses import BinaryLogLoss, MultilabelLogLoss, SoftmaxLogLoss

NO_MOVE = 1e-300  # a learning rate that leaves every non-zero weight as it is


def given_weights(fan_in, fan_out, rng):
    """Initial weights that a test can compute again."""
    return np.random.RandomState(10 * fan_in + fan_out).normal(size=(fan_in, fan_out))


def descent(**params):
    """Plain full-batch gradient descent of the 3-2-1 network, one step an epoch."""
    plain = dict(
        hidden_layer_sizes=(3, 2),
        activation="sigmoid",
        init=given_weights,
        alpha=0,
        batch_size="full",
        learning_rate_init=0.5,
        momentum=0,
        max_iter=1,
        tol=0,
        n_iter_no_change=np.inf,
        shuffle=False,
        random_state=0,
    )
    return LectureMLPClassifier(**(plain | params))


@pytest.fixture
def data():
    """Twelve examples with four features, of both classes."""
    rng = np.random.RandomState(0)
    return rng.normal(size=(12, 4)), np.tile([0, 1, 1], 4)


@pytest.fixture
def xor():
    """Four blobs, whose classes no straight line divides."""
    rng = np.random.RandomState(0)
    corner = np.tile([[1, 1], [-1, -1], [1, -1], [-1, 1]], (25, 1))
    return corner + rng.normal(scale=0.2, size=(100, 2)), np.tile([0, 0, 1, 1], 25)


# The lecture's network, in columns: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).


def sigma(z):
    return 1 / (1 + np.exp(-z))


def lecture_parameters(model):
    """(W[1], W[2], W[3]) and (b[1], b[2], b[3]) of an estimator."""
    return [W.T for W in model.coefs_], [b[:, np.newaxis] for b in model.intercepts_]


def initial_parameters(n_features):
    """What `descent` starts from, in the lecture's notation."""
    shapes = (n_features, 3), (3, 2), (2, 1)
    W = [given_weights(*shape, None).T for shape in shapes]
    return W, [np.zeros((len(layer), 1)) for layer in W]


def lecture_forward(W, b, x):
    """a[1], a[2], a[3] by the six equations."""
    (W1, W2, W3), (b1, b2, b3) = W, b
    z1 = W1 @ x + b1  # (3.1)
    a1 = sigma(z1)  # (3.2)
    z2 = W2 @ a1 + b2  # (3.3)
    a2 = sigma(z2)  # (3.4)
    z3 = W3 @ a2 + b3  # (3.5)
    return a1, a2, sigma(z3)  # (3.6)


def lecture_gradient(W, b, x, y):
    """∂J/∂W and ∂J/∂b, lists over the layers, where J is the mean over m columns."""
    m = x.shape[1]
    a1, a2, a3 = lecture_forward(W, b, x)
    dz3 = a3 - y  # (3.21)
    dz2 = W[2].T @ dz3 * a2 * (1 - a2)  # (3.30)
    dz1 = W[1].T @ dz2 * a1 * (1 - a1)
    dW = [dz1 @ x.T / m, dz2 @ a1.T / m, dz3 @ a2.T / m]
    return dW, [dz.mean(axis=1, keepdims=True) for dz in (dz1, dz2, dz3)]


def lecture_descent(W, b, batches, rate, beta=0.0, decay=0.0):
    """Update by (3.33), with λ = ``decay`` (3.37), on one batch after another."""
    vW, vb = [0] * len(W), [0] * len(b)
    for X, y in batches:
        dW, db = lecture_gradient(W, b, X.T, y)
        dW = [d + decay * w for d, w in zip(dW, W, strict=True)]
        vW = [beta * v + (1 - beta) * d for v, d in zip(vW, dW, strict=True)]
        vb = [beta * v + (1 - beta) * d for v, d in zip(vb, db, strict=True)]
        W = [w - rate * v for w, v in zip(W, vW, strict=True)]
        b = [w - rate * v for w, v in zip(b, vb, strict=True)]
    return W, b


def assert_parameters(model, W, b, rtol=1e-10):
    for ours, theirs in zip(lecture_parameters(model), (W, b), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert_allclose(one, other, rtol=rtol, atol=1e-14)


def gradient_by_one_step(X, y, **params):
    """∂J/∂W and ∂J/∂b at the start: what a step with α = 1 subtracts."""
    model = descent(learning_rate_init=1, **params).fit(X, y)
    W0, b0 = initial_parameters(X.shape[1])
    W1, b1 = lecture_parameters(model)
    return [u - v for u, v in zip(W0, W1, strict=True)], [
        u - v for u, v in zip(b0, b1, strict=True)
    ]


# L1–L3: the task and the network


def test_L1_a_colour_picture_is_12288_features_and_one_answer():
    """L1: 64 × 64 × 3 values in a row; a ball or none."""
    X, y = make_ball_images(8, random_state=0)
    assert X.shape == (8, 64 * 64 * 3) == (8, 12288)
    assert set(y) == {0, 1}
    model = descent(learning_rate_init=0.001).fit(X, y)
    assert model.predict_proba(X).shape == (8, 2)
    assert model.n_outputs_ == 1


def test_L2_forward_pass_is_the_six_equations(data):
    """L2: (3.1)–(3.6), with biases that have moved away from 0."""
    X, y = data
    model = descent(max_iter=20).fit(X, y)
    W, b = lecture_parameters(model)
    assert all(np.all(layer != 0) for layer in b)
    *_, a3 = lecture_forward(W, b, X.T)
    assert_allclose(model.predict_proba(X)[:, 1], a3[0], rtol=1e-12)
    assert_array_equal(model.predict(X), a3[0] > 0.5)


@pytest.mark.parametrize("d", [1, 5, 30])
def test_L3_shapes_and_number_of_parameters(d):
    """L3: (3.7), (3.8): 3d+3, 2·3+2 and 2+1, together 3d+14."""
    model = descent().fit(np.eye(6, d), [0, 1] * 3)
    W, b = lecture_parameters(model)
    assert [layer.shape for layer in W] == [(3, d), (2, 3), (1, 2)]
    assert [layer.shape for layer in b] == [(3, 1), (2, 1), (1, 1)]
    sizes = [u.size + v.size for u, v in zip(W, b, strict=True)]
    assert sizes == [3 * d + 3, 2 * 3 + 2, 2 + 1]
    assert model.n_parameters_ == sum(sizes) == 3 * d + 14


# L4–L8: initialisation


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


# L9–L11: loss and gradients


def test_L9_cost_at_the_start_is_the_mean_log_loss(data):
    """L9, §3.1: −[(1−y) log(1−ŷ) + y log ŷ], averaged."""
    X, y = data
    *_, a3 = lecture_forward(*initial_parameters(4), X.T)
    losses = -((1 - y) * np.log(1 - a3) + y * np.log(a3))
    model = descent().fit(X, y)
    assert_allclose(model.loss_curve_[0], losses.mean(), rtol=1e-12)
    assert_allclose(model.loss_curve_[0], log_loss(y, a3[0]), rtol=1e-12)


LOSSES = {
    "binary": (BinaryLogLoss(), 1),
    "softmax": (SoftmaxLogLoss(), 3),
    "multilabel": (MultilabelLogLoss(), 3),
}


def one_hot_or_all(name, n_outputs):
    """Every target that the loss can be asked about."""
    if name == "softmax":
        return np.eye(n_outputs)
    return np.array(list(product([0, 1], repeat=n_outputs)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LOSSES)
def test_L9_loss_is_finite_for_every_finite_logit(name, dtype):
    """L9, §3.1: and so are its derivative and the (log-)probabilities."""
    loss, n_outputs = LOSSES[name]
    largest = np.finfo(dtype).max
    values = [0, 1e4, -1e4, largest, -largest, np.finfo(dtype).tiny]
    Z = np.array(list(product(values, repeat=n_outputs)), dtype)
    for target in one_hot_or_all(name, n_outputs):
        Y = np.tile(target.astype(dtype), (len(Z), 1))
        losses = loss.loss(Z, Y)
        assert losses.dtype == dtype
        assert np.isfinite(losses).all() and (losses >= 0).all()
        with np.errstate(over="ignore"):  # as in training
            assert np.isfinite(loss.delta(Z, Y, np.empty_like(Z))).all()
    assert np.isfinite(loss.log_probabilities(Z)).all()
    probabilities = loss.probabilities(Z)
    assert np.isfinite(probabilities).all()
    if name != "multilabel":
        assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_L9_loss_is_the_formula_on_probabilities(name):
    """L9, §3.1, and decision 5: softmax cross entropy, or a sum over labels."""
    loss, n_outputs = LOSSES[name]
    Z = np.random.RandomState(0).normal(scale=3, size=(20, n_outputs))
    for target in one_hot_or_all(name, n_outputs):
        if name == "softmax":
            p = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
            expected = -np.log(p[:, target == 1])[:, 0]
        else:
            p = sigma(Z)
            expected = -np.log(np.where(target, p, 1 - p)).sum(axis=1)
        assert_allclose(loss.loss(Z, np.tile(target, (20, 1))), expected, rtol=1e-10)


@pytest.mark.parametrize("row", range(3))
def test_L10_gradient_of_the_last_layer(data, row):
    """L10, (3.14)–(3.21): (a[3] − y) a[2]ᵀ for one example."""
    X, y = data[0][row : row + 3], data[1][row : row + 3]
    x, only = X[:1].T, [1, 0, 0]  # weights pick one example, of both classes known
    _, a2, a3 = lecture_forward(*initial_parameters(4), x)
    model = descent(learning_rate_init=1).fit(X, y, sample_weight=only)
    dW3 = given_weights(2, 1, None).T - model.coefs_[2].T
    assert_allclose(dW3, (a3 - y[0]) @ a2.T, rtol=1e-10, atol=1e-15)
    assert_allclose(-model.intercepts_[2], (a3 - y[0])[0], rtol=1e-10)


@pytest.mark.parametrize("row", range(3))
def test_L11_gradient_of_an_inner_layer(data, row):
    """L11, (3.22)–(3.30): W[3]ᵀ ∘ g′(z[2]) (a[3] − y) a[1]ᵀ for one example."""
    X, y = data[0][row : row + 3], data[1][row : row + 3]
    W, b = initial_parameters(4)
    a1, a2, a3 = lecture_forward(W, b, X[:1].T)
    model = descent(learning_rate_init=1).fit(X, y, sample_weight=[1, 0, 0])
    expected = W[2].T * (a2 * (1 - a2)) @ (a3 - y[0]) @ a1.T  # (3.30)
    assert_allclose(W[1] - model.coefs_[1].T, expected, rtol=1e-10, atol=1e-15)


def test_L11_gradient_agrees_with_finite_differences(data):
    """L11: ∂J/∂W[l] of every layer, by (J(W + h) − J(W − h)) / 2h."""
    X, y = data

    def cost_with(layer, i, j, h):
        def init(fan_in, fan_out, rng):
            W = given_weights(fan_in, fan_out, rng)
            if (fan_in, fan_out) == shapes[layer]:
                W[i, j] += h
            return W

        return descent(init=init).fit(X, y).loss_curve_[0]

    shapes, h = [(4, 3), (3, 2), (2, 1)], 1e-5
    dW, _ = gradient_by_one_step(X, y)
    for layer, shape in enumerate(shapes):
        numeric = np.empty(shape)
        for i, j in np.ndindex(shape):
            rise = cost_with(layer, i, j, h) - cost_with(layer, i, j, -h)
            numeric[i, j] = rise / (2 * h)
        error = np.linalg.norm(dW[layer].T - numeric) / np.linalg.norm(numeric)
        assert error < 1e-6


# L12–L15: descent


def test_L12_each_layer_is_multiplied_once_a_step(data, monkeypatch):
    """L12, §3.2: the backward pass reads A and Z and computes neither again."""
    shapes = Counter()

    def spy(multiply):
        def counting(A, B, **kwargs):
            shapes[A.shape + B.shape[1:]] += 1  # (m, n[l-1], n[l]) when forward
            return multiply(A, B, **kwargs)

        return counting

    monkeypatch.setattr(np, "dot", spy(np.dot))
    monkeypatch.setattr(np, "matmul", spy(np.matmul))
    descent(max_iter=7).fit(*data)
    forward = [shapes[12, 4, 3], shapes[12, 3, 2], shapes[12, 2, 1]]
    assert forward == [7, 7, 7]
    errors = [shapes[12, 1, 2], shapes[12, 2, 3]]  # delta[l] W[l]ᵀ, none for x
    assert errors == [7, 7]


def test_L12_backward_gets_the_values_of_the_forward_pass(data, monkeypatch):
    """L12, §3.2: g runs once a hidden layer, and g′ is handed its Z and A."""
    computed, used = [], []
    g, g_prime = ACTIVATIONS["sigmoid"]

    def spy(Z, out):
        computed.append((Z.copy(), g(Z, out).copy()))
        return out

    def spy_prime(Z, A, out):
        used.append((Z.copy(), A.copy()))
        return g_prime(Z, A, out)

    monkeypatch.setitem(ACTIVATIONS, "sigmoid", Activation(spy, spy_prime))
    descent().fit(*data)
    assert len(computed) == len(used) == 2
    for forward, backward in zip(computed, reversed(used), strict=True):
        assert_array_equal(forward, backward)


def test_L13_a_step_subtracts_the_rate_times_the_gradient(data):
    """L13, (3.10), (3.11), (3.31): for weights and biases, J a mean."""
    X, y = data
    model = descent(learning_rate_init=0.3, max_iter=4).fit(X, y)
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), [(X, y)] * 4, rate=0.3)
    )


def test_L13_the_cost_is_a_mean_not_a_sum(data):
    """L13: the same examples twice give the same step."""
    X, y = data
    once = descent(max_iter=4).fit(X, y)
    twice = descent(max_iter=4).fit(np.tile(X, (2, 1)), np.tile(y, 2))
    assert_parameters(twice, *lecture_parameters(once))
    assert_allclose(once.loss_curve_, twice.loss_curve_, rtol=1e-12)


BATCHES = {"batch": ("full", [12]), "stochastic": (1, [1] * 12), "mini": (5, [5, 5, 2])}


@pytest.mark.parametrize("kind", BATCHES)
def test_L14_number_of_updates_in_an_epoch(data, kind, monkeypatch):
    """L14, (3.32): 1, n or n/B forward passes, on batches of the sizes expected."""
    batch_size, sizes = BATCHES[kind]
    seen = []
    g, g_prime = ACTIVATIONS["tanh"]

    def spy(Z, out):
        seen.append(Z.shape[-2])
        return g(Z, out)

    monkeypatch.setitem(ACTIVATIONS, "tanh", Activation(spy, g_prime))
    model = descent(hidden_layer_sizes=3, activation="tanh", batch_size=batch_size)
    model.set_params(max_iter=3).fit(*data)
    assert seen == sizes * 3


@pytest.mark.parametrize("kind", BATCHES)
def test_L14_an_epoch_is_one_update_on_each_batch(data, kind):
    """L14, (3.32), decision 6: each batch's mean is over its own size."""
    (X, y), (batch_size, sizes) = data, BATCHES[kind]
    batches = zip(
        np.split(X, np.cumsum(sizes)[:-1]),
        np.split(y, np.cumsum(sizes)[:-1]),
        strict=True,
    )
    model = descent(batch_size=batch_size).fit(X, y)
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), batches, rate=0.5)
    )


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_L15_momentum_averages_gradients(data, beta):
    """L15, (3.33): v ← βv + (1−β)∂J/∂W from v = 0; W ← W − αv."""
    X, y = data
    model = descent(momentum=beta, max_iter=6).fit(X, y)
    expected = lecture_descent(*initial_parameters(4), [(X, y)] * 6, 0.5, beta)
    assert_parameters(model, *expected)


def test_L15_the_first_step_is_one_minus_beta_as_long(data):
    """L15, (3.33): v starts at 0, so the first v is (1−β) times the gradient."""
    W0, _ = initial_parameters(4)
    plain, slow = (
        lecture_parameters(descent(momentum=beta).fit(*data))[0] for beta in (0, 0.9)
    )
    for start, one, other in zip(W0, plain, slow, strict=True):
        assert_allclose(start - other, 0.1 * (start - one), rtol=1e-10, atol=1e-15)


# L16–L19: activations, inputs, loop


def values(activation, Z):
    """g(Z) and g′(Z)."""
    g, g_prime = ACTIVATIONS[activation]
    A = g(Z, np.empty_like(Z))
    return A, g_prime(Z, A, np.empty_like(Z))


FORMULAS = {
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigma, lambda z: sigma(z) * (1 - sigma(z))),
    "tanh": (lambda z: 2 * sigma(2 * z) - 1, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.where(z < 0, 0, z), lambda z: np.where(z < 0, 0.0, 1.0)),
    "leaky_relu": (
        lambda z: np.where(z < 0, 0.01 * z, z),
        lambda z: np.where(z < 0, 0.01, 1.0),
    ),
}


@pytest.mark.parametrize("activation", FORMULAS)
def test_L16_activation_and_derivative_are_the_formulas(activation):
    """L16, "improving", 1: by formulas written another way, the value at 0 too."""
    Z = np.linspace(-10, 10, 401).reshape(1, -1)
    assert 0 in Z
    g, g_prime = FORMULAS[activation]
    A, slope = values(activation, Z)
    assert_allclose(A, g(Z), rtol=1e-9, atol=1e-14)
    assert_allclose(slope, g_prime(Z), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("activation", FORMULAS)
def test_L16_derivative_agrees_with_finite_differences(activation):
    """L16: away from the kink."""
    h, Z = 1e-6, np.linspace(-4, 4, 80).reshape(1, -1)
    assert abs(Z).min() > 10 * h
    rise = values(activation, Z + h)[0] - values(activation, Z - h)[0]
    assert_allclose(values(activation, Z)[1], rise / (2 * h), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "activation, slope",
    [("identity", 1), ("sigmoid", 0.25), ("tanh", 1), ("relu", 1), ("leaky_relu", 1)],
)
def test_L16_derivative_at_zero(activation, slope):
    """L16 and decision 8: the kink belongs to the right, −0.0 included."""
    assert_array_equal(values(activation, np.array([[0.0, -0.0]]))[1], [[slope] * 2])


@pytest.mark.parametrize(
    "activation, lowest, highest",
    [
        ("identity", -1e5, 1e5),
        ("sigmoid", 0, 1),
        ("tanh", -1, 1),
        ("relu", 0, 1e5),
        ("leaky_relu", -1e5 * LEAKY_SLOPE, 1e5),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_L16_range(activation, lowest, highest, dtype):
    """L16: the output range, without a warning at large |z|."""
    A, slope = values(activation, np.linspace(-1e5, 1e5, 1001, dtype=dtype)[None])
    assert A.dtype == slope.dtype == dtype
    assert_allclose([A.min(), A.max()], [lowest, highest], rtol=1e-6)


def test_L16_logistic_is_another_name_for_sigmoid(data):
    """L16: scikit-learn's name."""
    one, other = (descent(activation=g).fit(*data) for g in ("sigmoid", "logistic"))
    assert_parameters(one, *lecture_parameters(other))


def test_L17_identity_layers_collapse_into_one(data):
    """L17, "improving", 1: W[1]ᵀ W[2]ᵀ … x plus one bias is the whole network."""
    X, y = data
    params = dict(hidden_layer_sizes=(6, 5, 4), learning_rate_init=0.01)
    model = descent(activation="identity", max_iter=20, **params).fit(X, y)
    W, b = np.eye(4), np.zeros(4)
    for layer, bias in zip(model.coefs_, model.intercepts_, strict=True):
        W, b = W @ layer, b @ layer + bias
    assert W.shape == (4, 1)
    assert_allclose(model.decision_function(X), (X @ W + b)[:, 0], rtol=1e-10)


def test_L17_only_non_linear_units_solve_xor(xor):
    """L17, "improving", 1: depth does not help a linear network."""
    params = dict(hidden_layer_sizes=(8, 8), init="xavier", max_iter=300, momentum=0.9)
    linear = descent(activation="identity", **params).fit(*xor)
    bent = descent(activation="tanh", **params).fit(*xor)
    assert linear.score(*xor) < 0.8
    assert bent.score(*xor) == 1


def test_L18_standard_scaler_is_the_lectures_normalisation():
    """L18, "improving", 2: subtract the mean, divide by the standard deviation."""
    X, y = load_wine(return_X_y=True)
    by_hand = (X - X.mean(axis=0)) / X.std(axis=0)
    pipeline = make_pipeline(StandardScaler(), descent(init="xavier", max_iter=30))
    alone = descent(init="xavier", max_iter=30).fit(by_hand, y)
    assert_allclose(
        pipeline.fit(X, y).predict_proba(X), alone.predict_proba(by_hand), rtol=1e-10
    )


def test_L18_normalised_inputs_learn_more_easily():
    """L18, "improving", 2: after as many steps, and at the better of several rates."""
    X, y = load_wine(return_X_y=True)
    rates = (0.001, 0.01, 0.1, 1.0)

    def lowest_cost(X):
        model = descent(init="xavier", max_iter=50, activation="tanh")
        costs = (
            model.set_params(learning_rate_init=rate).fit(X, y).loss_ for rate in rates
        )
        return min(costs)

    assert lowest_cost(StandardScaler().fit_transform(X)) < 0.5 * lowest_cost(X)


def test_L19_training_loop(data):
    """L19, "improving", 3: pick a batch, forward, backward, update; epoch by epoch."""
    X, y = data
    model = descent(
        batch_size=5, shuffle=True, max_iter=4, momentum=0.9, random_state=3
    ).fit(X, y)
    rng, batches = np.random.RandomState(3), []
    for _ in range(4):
        order = rng.permutation(12)
        batches += [(X[rows], y[rows]) for rows in np.split(order, [5, 10])]
    assert_parameters(
        model, *lecture_descent(*initial_parameters(4), batches, 0.5, beta=0.9)
    )


# L20–L22: overfitting and its remedies


def gap_and_weights(X, y, train_size, **params):
    """Mean train score, test score, their gap, and ‖W‖², over three splits."""
    model = LectureMLPClassifier(
        **dict(
            hidden_layer_sizes=(50, 50),
            alpha=0,
            batch_size=50,
            max_iter=150,
            tol=0,
            n_iter_no_change=np.inf,
            random_state=0,
        )
        | params
    )
    splits = StratifiedShuffleSplit(
        3, train_size=train_size, test_size=150, random_state=0
    )
    result = cross_validate(
        make_pipeline(StandardScaler(), model),
        X,
        y,
        cv=splits,
        return_train_score=True,
        return_estimator=True,
    )
    train, test = result["train_score"].mean(), result["test_score"].mean()
    weights = [W for pipeline in result["estimator"] for W in pipeline[-1].coefs_]
    squared_norm = sum(np.sum(W**2) for W in weights) / 3
    return train, test, train - test, squared_norm


@pytest.fixture(scope="module")
def mislabelled():
    """Breast cancer with every fifth label wrong, which a large network memorises."""
    X, y = load_breast_cancer(return_X_y=True)
    wrong = np.random.RandomState(0).permutation(len(y))[: len(y) // 5]
    y[wrong] = 1 - y[wrong]
    return X, y


def test_L20_a_large_network_overfits(mislabelled):
    """L20, §3.3: the training score says nothing of the score on unseen data."""
    train, test, gap, _ = gap_and_weights(*mislabelled, 150)
    assert train > 0.96
    assert test < 0.7
    assert gap > 0.3


def test_L21_more_data_narrow_the_gap():
    """L21, §3.3: handwritten digits, from 50 to 800 examples."""
    X, y = load_digits(return_X_y=True)
    gaps = [
        gap_and_weights(X, y, n, hidden_layer_sizes=30, max_iter=50)[2]
        for n in (50, 200, 800)
    ]
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert gaps[2] < 0.06


def test_L21_a_shallower_or_narrower_model_narrows_the_gap(mislabelled):
    """L21, §3.3: from two hidden layers of 50 to one of 3, to none."""
    _, tests, gaps, _ = zip(
        *(
            gap_and_weights(*mislabelled, 150, hidden_layer_sizes=sizes)
            for sizes in ((50, 50), (3,), ())
        ),
        strict=True,
    )
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert tests[2] > tests[0] + 0.03


def test_L21_L22_regularisation_shrinks_weights_and_gap(mislabelled):
    """L21, L22, §3.3: larger λ, smaller ‖W‖², smaller gap, better test score."""
    _, tests, gaps, norms = zip(
        *(gap_and_weights(*mislabelled, 150, alpha=a) for a in (0, 0.03, 0.1)),
        strict=True,
    )
    assert norms[0] > 5 * norms[1] > 25 * norms[2]
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert tests[2] > tests[0] + 0.03


@pytest.mark.parametrize("decay", [0.1, 1.5])
def test_L22_one_step_shrinks_weights_but_no_bias(data, decay):
    """L22, (3.37), (3.38): W ← (1−αλ)W − α∂J/∂W; b ← b − α∂J/∂b."""
    X, y = data
    model = descent(alpha=decay).partial_fit(X, y, classes=[0, 1])
    W, b = lecture_parameters(model)  # after one step the biases are not 0
    assert all(np.all(layer != 0) for layer in b)
    dW, db = lecture_gradient(W, b, X.T, y)
    model.partial_fit(X, y)
    expected_W = [(1 - 0.5 * decay) * w - 0.5 * d for w, d in zip(W, dW, strict=True)]
    expected_b = [w - 0.5 * d for w, d in zip(b, db, strict=True)]
    assert_parameters(model, expected_W, expected_b)


@pytest.mark.parametrize("decay", [0, 0.1, 1.5])
def test_L22_cost_has_the_squared_weights_added(data, decay):
    """L22, (3.34)–(3.36): J + λ/2 Σ_l Σ_ij W_ij², biases left out."""
    X, y = data
    model = descent(alpha=decay).partial_fit(X, y, classes=[0, 1])
    J = log_loss(y, model.predict_proba(X))
    squares = sum(np.sum(W**2) for W in model.coefs_)
    model.partial_fit(X, y)
    assert_allclose(model.loss_curve_[1], J + decay / 2 * squares, rtol=1e-10)


def test_L22_momentum_averages_the_regularised_gradient(data):
    """L22 and decision 1: v ← βv + (1−β)(∂J/∂W + λW)."""
    X, y = data
    model = descent(alpha=0.1, momentum=0.9, max_iter=6).fit(X, y)
    expected = lecture_descent(*initial_parameters(4), [(X, y)] * 6, 0.5, 0.9, 0.1)
    assert_parameters(model, *expected)


# L24: a stream


def stream(n_chunks, n_rows, seed):
    """Chunks of examples in 50 features; the sum of the first ten decides."""
    rng = np.random.RandomState(seed)
    for _ in range(n_chunks):
        X = rng.normal(size=(n_rows, 50))
        yield X, (X[:, :10].sum(axis=1) > 0).astype(int)


def test_L24_learns_from_a_stream_in_little_memory():
    """L24: ``partial_fit`` needs room for a chunk, however long the stream is."""
    n_chunks, n_rows = 200, 100
    model = LectureMLPClassifier(16, batch_size=20, random_state=0)
    chunk_bytes = n_rows * 50 * 8
    ((X_test, y_test),) = stream(1, 500, seed=1)
    tracemalloc.start()
    try:
        for X, y in stream(n_chunks, n_rows, seed=0):
            model.partial_fit(X, y, classes=[0, 1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * chunk_bytes < n_chunks * chunk_bytes / 10
    assert model.t_ == n_chunks * n_rows
    assert model.score(X_test, y_test) > 0.95


def test_L24_chunks_in_order_are_mini_batches_in_order(data):
    """L24: the stream in pieces, velocity included, is one epoch of ``fit``."""
    X, y = data
    whole = descent(batch_size=4, momentum=0.9).fit(X, y)
    piecewise = descent(batch_size=4, momentum=0.9)
    for rows in np.split(np.arange(12), 3):
        piecewise.partial_fit(X[rows], y[rows], classes=[0, 1])
    assert_parameters(piecewise, *lecture_parameters(whole))


# docs/equations.md


EQUATIONS = (Path(__file__).parents[1] / "docs" / "equations.md").read_text("utf-8")


def exists(reference):
    """Tell whether ``_module.name.name`` is in the package."""
    module, *names = reference.rstrip(".").split(".")
    found = import_module(f"sklearn_mlp_edu.{module}")
    for name in names:
        found = getattr(found, name, None)
    return found is not None


def test_equations_name_code_that_exists():
    """Each `_module.name` of the document."""
    references = findall(r"`(_\w+[\w.]*)", EQUATIONS)
    assert len(references) > 40
    assert [name for name in references if not exists(name)] == []


def test_equations_name_tests_that_exist():
    """Each `lecture::test_…` and `reference::test_…`, which may be a beginning."""
    references = findall(r"`(\w+)::(test_\w+)", EQUATIONS)
    assert len(references) > 40
    for file, beginning in references:
        source = Path(__file__).with_name(f"test_{file}.py").read_text("utf-8")
        assert f"def {beginning}" in source
