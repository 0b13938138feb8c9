"""The lecture's network in the lecture's notation: examples are columns.

It is written out equation by equation, for a 3-2-1 network of sigmoids.
"""

import numpy as np
from numpy.testing import assert_allclose

from sklearn_mlp_edu import LectureMLPClassifier

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
        standardize=False,
        random_state=0,
    )
    return LectureMLPClassifier(**(plain | params))


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
