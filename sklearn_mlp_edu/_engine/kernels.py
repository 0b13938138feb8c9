"""Compiled forms of operations, each the equation in its docstring.

A kernel gets the row of integers that `program` writes for an operation: its own
address, the number of networks M, the sizes m and n, and for each operand, in the order
of `rules`, an address and the distance to the same in the next network of the stack.
``one`` is 1 in the float type that all operands have.
"""

import math

from numba import njit

from .._lecture import LEAKY_SLOPE
from . import elementary
from .machine import as_float, pointer, uniform

FIRST_OPERAND = 4  # before it stand the kernel's address, M, m and n


@njit
def operand(op, place, network, one):
    """Return what points at an operand's numbers for one of the networks."""
    address, step = op[FIRST_OPERAND + 2 * place], op[FIRST_OPERAND + 2 * place + 1]
    return pointer(address + network * step, one)


# Inputs


def gather(op, one):
    """A[i] ← X[rows[i]]."""
    n, rows, A = op[3], pointer(op[6], op[6]), operand(op, 2, 0, one)
    for i in range(op[2]):
        x = pointer(op[4] + rows[i] * op[5], one)
        for j in range(n):
            A[i * n + j] = x[j]


def gather_scaled(op, one):
    """A[i] ← X[rows[i]] / scale."""
    n, rows, A = op[3], pointer(op[6], op[6]), operand(op, 2, 0, one)
    scale = operand(op, 3, 0, one)
    for i in range(op[2]):
        x = pointer(op[4] + rows[i] * op[5], one)
        for j in range(n):
            A[i * n + j] = x[j] / scale[j]


def gather_standardised(op, one):
    """A[i] ← (X[rows[i]] − mean) / scale."""
    n, rows, A = op[3], pointer(op[6], op[6]), operand(op, 2, 0, one)
    mean, scale = operand(op, 3, 0, one), operand(op, 4, 0, one)
    for i in range(op[2]):
        x = pointer(op[4] + rows[i] * op[5], one)
        for j in range(n):
            A[i * n + j] = (x[j] - mean[j]) / scale[j]


# Functions of every number: activations and their derivatives, dropout


def copy(op, one):
    """A ← Z."""
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = Z[i]


def relu(op, one):
    """A ← max(Z, 0)."""
    zero = as_float(0.0, one)
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = zero if Z[i] < zero else Z[i]  # so that NaN stays


def leaky_relu(op, one):
    """A ← max(Z, slope Z)."""
    zero, slope = as_float(0.0, one), as_float(LEAKY_SLOPE, one)
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = slope * Z[i] if Z[i] < zero else Z[i]


def tanh(op, one):
    """A ← tanh Z."""
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = elementary.tanh(Z[i])


def sigmoid(op, one):
    """A ← σ(Z)."""
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = elementary.sigmoid(Z[i])


def exp(op, one):
    """A ← exp Z."""
    for network in range(op[1]):
        Z, A = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            A[i] = elementary.exp(Z[i])


def times_relu_derivative(op, one):
    """Δ ← Δ ∘ [Z ≥ 0]."""
    zero = as_float(0.0, one)
    for network in range(op[1]):
        Z, delta = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            delta[i] *= one if Z[i] >= zero else zero


def times_leaky_relu_derivative(op, one):
    """Δ ← Δ ∘ (1 where Z ≥ 0, else the slope)."""
    zero, slope = as_float(0.0, one), as_float(LEAKY_SLOPE, one)
    for network in range(op[1]):
        Z, delta = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            delta[i] *= one if Z[i] >= zero else slope


def times_tanh_derivative(op, one):
    """Δ ← Δ ∘ (1 − A²)."""
    unit = as_float(1.0, one)
    for network in range(op[1]):
        A, delta = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            delta[i] *= unit - A[i] * A[i]


def times_sigmoid_derivative(op, one):
    """Δ ← Δ ∘ A (1 − A)."""
    unit = as_float(1.0, one)
    for network in range(op[1]):
        A, delta = operand(op, 0, network, one), operand(op, 1, network, one)
        for i in range(op[2] * op[3]):
            delta[i] *= A[i] * (unit - A[i])


def multiply(op, one):
    """C ← A ∘ B."""
    for network in range(op[1]):
        A, B = operand(op, 0, network, one), operand(op, 1, network, one)
        C = operand(op, 2, network, one)
        for i in range(op[2] * op[3]):
            C[i] = A[i] * B[i]


def draw_mask(op, one):
    """M ← 0 with probability p, else 1/(1−p), by numbers of NumPy's generator."""
    p = operand(op, 0, 0, 1.0)[0]
    limit, scale = as_float(p, one), as_float(1.0 / (1.0 - p), one)
    zero, function, state = as_float(0.0, one), op[6], op[8]
    mask = operand(op, 3, 0, one)
    for i in range(op[2] * op[3]):
        mask[i] = scale if uniform(function, state, one) >= limit else zero


# Errors of the last layer, whose examples are neighbours in memory: n columns of m


def softmax_error(op, one):
    """Z ← Z − max Z,  T ← Σ exp Z,  Δ ← w (exp Z / T − Y), for each example."""
    m, n = op[2], op[3]
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, total = operand(op, 2, network, one), operand(op, 3, network, one)
        w = operand(op, 4, network, one)[0]
        for i in range(m):
            total[i] = Z[i]
        for k in range(1, n):
            for i in range(m):
                z = Z[k * m + i]
                total[i] = total[i] if z < total[i] else z
        for k in range(n):
            for i in range(m):
                Z[k * m + i] -= total[i]
        for k in range(n):
            for i in range(m):
                delta[k * m + i] = elementary.exp(Z[k * m + i])
        for i in range(m):
            total[i] = delta[i]
        for k in range(1, n):
            for i in range(m):
                total[i] += delta[k * m + i]
        for k in range(n):
            for i in range(m):
                y = delta[k * m + i] / total[i]
                delta[k * m + i] = w * (y - Y[k * m + i])


def sigmoid_error(op, one):
    """Δ ← w (σ(Z) − Y)."""
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, w = operand(op, 2, network, one), operand(op, 3, network, one)[0]
        for i in range(op[2] * op[3]):
            delta[i] = w * (elementary.sigmoid(Z[i]) - Y[i])


def exponential_error(op, one):
    """Δ ← w (exp Z − Y)."""
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, w = operand(op, 2, network, one), operand(op, 3, network, one)[0]
        for i in range(op[2] * op[3]):
            delta[i] = w * (elementary.exp(Z[i]) - Y[i])


def error(op, one):
    """Δ ← w (Z − Y)."""
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, w = operand(op, 2, network, one), operand(op, 3, network, one)[0]
        for i in range(op[2] * op[3]):
            delta[i] = w * (Z[i] - Y[i])


def sign_of_error(op, one):
    """Δ ← w sign(Z − Y)."""
    zero = as_float(0.0, one)
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, w = operand(op, 2, network, one), operand(op, 3, network, one)[0]
        for i in range(op[2] * op[3]):
            e = Z[i] - Y[i]
            delta[i] = w if e > zero else (-w if e < zero else w * e)


def limited_error(op, one):
    """Δ ← w (Z − Y, limited to [low, high])."""
    low, high = operand(op, 4, 0, one)[0], operand(op, 5, 0, one)[0]
    for network in range(op[1]):
        Z, Y = operand(op, 0, network, one), operand(op, 1, network, one)
        delta, w = operand(op, 2, network, one), operand(op, 3, network, one)[0]
        for i in range(op[2] * op[3]):
            e = Z[i] - Y[i]
            delta[i] = w * (low if e < low else (high if e > high else e))


def weigh(op, one):
    """Δ ← w Δ, with a weight for each example."""
    m, n = op[2], op[3]
    for network in range(op[1]):
        w, delta = operand(op, 0, network, one), operand(op, 1, network, one)
        for k in range(n):
            for i in range(m):
                delta[k * m + i] *= w[i]


# Updates: the first m of n parameters are weights


def squared_norm(op, one):
    """N ← ‖W‖²."""
    for network in range(op[1]):
        W, norm = operand(op, 0, network, one), operand(op, 1, network, one)
        total = as_float(0.0, one)
        for i in range(op[2]):
            total += W[i] * W[i]
        norm[0] = total


def add_multiple(op, one):
    """Y ← Y + a X."""
    for network in range(op[1]):
        a = operand(op, 0, network, one)[0]
        x, y = operand(op, 1, network, one), operand(op, 2, network, one)
        for i in range(op[3]):
            y[i] += a * x[i]


def descend(op, one):
    """N ← ‖W‖²,  g ← g + λW + βu,  θ ← θ + r g: all that is left of a step."""
    n_weights, n = op[2], op[3]
    for network in range(op[1]):
        decay = operand(op, 1, network, one)[0]
        beta, u = operand(op, 2, network, one)[0], operand(op, 3, network, one)
        rate, g = operand(op, 4, network, one)[0], operand(op, 5, network, one)
        theta, norm = operand(op, 7, network, one), operand(op, 6, network, one)
        total = as_float(0.0, one)
        for i in range(n_weights):
            w = theta[i]
            total += w * w
            g[i] += decay * w + beta * u[i]
            theta[i] = w + rate * g[i]
        for i in range(n_weights, n):
            g[i] += beta * u[i]
            theta[i] += rate * g[i]
        norm[0] = total


def descend_ahead(op, one):
    """The same by Nesterov: g ← g + λW,  θ ← θ + s g,  g ← g + βu,  θ ← θ + r g."""
    n_weights, n = op[2], op[3]
    for network in range(op[1]):
        decay = operand(op, 1, network, one)[0]
        beta, u = operand(op, 2, network, one)[0], operand(op, 3, network, one)
        rate, g = operand(op, 4, network, one)[0], operand(op, 5, network, one)
        theta, norm = operand(op, 7, network, one), operand(op, 6, network, one)
        ahead, total = operand(op, 8, network, one)[0], as_float(0.0, one)
        for i in range(n_weights):
            w = theta[i]
            total += w * w
            gradient = g[i] + decay * w
            g[i] = gradient + beta * u[i]
            theta[i] = w + ahead * gradient + rate * g[i]
        for i in range(n_weights, n):
            gradient = g[i]
            g[i] = gradient + beta * u[i]
            theta[i] += ahead * gradient + rate * g[i]
        norm[0] = total


def count_step(op, one):
    """T ← t + 1,  S ← 1 − β₂ᵗ,  R ← −α / (1 − β₁ᵗ), with powers in double precision."""
    beta_1 = operand(op, 1, 0, 1.0)[0]
    beta_2 = operand(op, 2, 0, 1.0)[0]
    t, share = operand(op, 3, 0, one), operand(op, 4, 0, one)
    t[0] += one
    share[0] = as_float(1.0 - beta_2 ** as_float(t[0], 1.0), one)
    correction = as_float(beta_1 ** as_float(t[0], 1.0) - 1.0, one)
    for network in range(op[1]):
        alpha, rate = operand(op, 0, network, one), operand(op, 5, network, one)
        rate[0] = alpha[0] / correction


def descend_by_adam(op, one):
    """N ← ‖W‖²,  g ← g + λW, the averages of g and g², and the step (Adam)."""
    n_weights, n = op[2], op[3]
    for network in range(op[1]):
        decay = operand(op, 1, network, one)[0]
        b_1, rest_1 = operand(op, 2, network, one)[0], operand(op, 3, network, one)[0]
        b_2, rest_2 = operand(op, 4, network, one)[0], operand(op, 5, network, one)[0]
        share, epsilon = operand(op, 6, 0, one)[0], operand(op, 7, 0, one)[0]
        rate, g = operand(op, 8, network, one)[0], operand(op, 9, network, one)
        mean, square = operand(op, 10, network, one), operand(op, 11, network, one)
        norm, theta = operand(op, 12, network, one), operand(op, 13, network, one)
        total = as_float(0.0, one)
        for i in range(n_weights):
            total += theta[i] * theta[i]
        for i in range(n_weights):
            g[i] += decay * theta[i]
        for i in range(n):
            mean[i] = b_1 * mean[i] + rest_1 * g[i]
            square[i] = b_2 * square[i] + rest_2 * g[i] * g[i]
            theta[i] += rate * (mean[i] / (math.sqrt(square[i] / share) + epsilon))
        norm[0] = total


def round_away(op, one):
    """V ← (V + t) − t, which rounds denormal numbers."""
    for network in range(op[1]):
        v, tiny = operand(op, 0, network, one), operand(op, 1, network, one)[0]
        for i in range(op[2] * op[3]):
            v[i] = (v[i] + tiny) - tiny
