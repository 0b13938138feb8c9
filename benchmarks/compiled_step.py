"""Measure what a compiled step would bring; an experiment.

    python -m benchmarks.compiled_step

The equations of a network with one hidden layer of ReLUs, compiled by Numba, a whole
epoch at a time: gathering, forward and backward pass, L2, momentum and the cost. The
package does not depend on Numba; this only tells what it would gain. Compared with the
package and with JAX in one run, compilation apart. Prints a Markdown table.
"""

from time import perf_counter

import numpy as np

from . import environment, options
from .comparison import Comparison, compare
from .contender import Contender, Trained
from .peers_jax import Jax, initial, targets
from .peers_numpy import MatrixProducts, ThisPackage
from .workloads import ALPHA, MOMENTUM, SEED


class Compiled(Contender):
    """One hidden layer of ReLUs, by Numba."""

    name = "compiled by Numba"
    modules = ("numba", "scipy")
    takes_sparse = False

    def obstacle(self, workload, dtype):
        """Only what the equations below are for."""
        if len(workload.hidden) != 1 or workload.activation != "relu":
            return "cannot: one hidden layer of ReLUs only"
        return super().obstacle(workload, dtype)

    def prepare(self, workload, dtype):
        """Compile, and return a function that trains."""
        from numba import njit

        X, y = workload.data(dtype)
        Y = targets(workload, y, dtype)
        (W1, b1), (W2, b2) = initial(workload, dtype)
        settings = np.array([workload.learning_rate, MOMENTUM, ALPHA], dtype)
        compiled = njit(fastmath=True)
        error = compiled(sigmoid_error if Y.shape[1] == 1 else softmax_error)
        pieces = compiled(add_and_clip), error, compiled(add_rows), compiled(descend)
        epoch = compiled(epoch_function(*pieces))

        def run(orders):
            theta = [array.copy() for array in (W1, b1, W2, b2)]
            velocity = [np.zeros_like(array) for array in theta]
            for order in orders:
                epoch(*theta, *velocity, X, Y, order, settings, workload.batch_size)
            return theta

        started = perf_counter()
        run([np.arange(1)])
        compilation = perf_counter() - started

        def train(epochs):
            rng = np.random.default_rng(SEED)
            theta = run(rng.permutation(workload.n_rows) for _ in range(epochs))
            n_steps = workload.n_steps(epochs)
            return Trained(n_steps, lambda X: predict(theta, X), compilation)

        return train


def epoch_function(add_and_clip, error, add_rows, descend):
    """Return one pass over the data, from functions that are compiled already."""

    def epoch(W1, b1, W2, b2, vW1, vb1, vW2, vb2, X, Y, order, settings, batch_size):
        J = 0.0
        no_limit = -np.inf
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            A0, T = X[rows], Y[rows]
            A1 = np.dot(A0, W1)
            add_and_clip(A1, b1, 0.0)
            Z2 = np.dot(A1, W2)
            add_and_clip(Z2, b2, no_limit)
            delta2 = np.empty_like(Z2)
            J += error(Z2, T, delta2)
            delta1 = np.dot(delta2, W2.T)
            for i in range(len(rows)):
                for j in range(delta1.shape[1]):
                    if A1[i, j] <= 0:
                        delta1[i, j] = 0
            norm = descend(W1, vW1, np.dot(A0.T, delta1), settings)
            norm += descend(W2, vW2, np.dot(A1.T, delta2), settings)
            add_rows(b1, vb1, delta1, settings)
            add_rows(b2, vb2, delta2, settings)
            J += settings[2] / 2 * norm
        return J

    return epoch


def add_and_clip(Z, b, lowest):
    """Add a bias to every row, and raise values to the lowest allowed."""
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            Z[i, j] = max(Z[i, j] + b[j], Z.dtype.type(lowest))


def descend(W, v, gradient, settings):
    """Add λW to the gradient, take a step, and return ‖W‖² from before it."""
    rate, momentum, alpha = settings
    norm = W.dtype.type(0)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            w = W[i, j]
            norm += w * w
            v[i, j] = momentum * v[i, j] + gradient[i, j] + alpha * w
            W[i, j] = w - rate * v[i, j]
    return norm


def add_rows(b, v, delta, settings):
    """Take a step with a bias; its gradient is the sum of the rows of delta."""
    rate, momentum, _ = settings
    for j in range(b.shape[0]):
        v[j] *= momentum
    for i in range(delta.shape[0]):
        for j in range(b.shape[0]):
            v[j] += delta[i, j]
    for j in range(b.shape[0]):
        b[j] -= rate * v[j]


def predict(theta, X):
    """Return class codes."""
    W1, b1, W2, b2 = theta
    Z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    return Z[:, 0] > 0 if Z.shape[1] == 1 else Z.argmax(axis=1)


def sigmoid_error(Z, Y, delta):
    """Write (σ(z) − y)/m and return the mean of −log ŷ_y."""
    m, loss = Z.dtype.type(Z.shape[0]), Z.dtype.type(0)
    for i in range(Z.shape[0]):
        z, y = Z[i, 0], Y[i, 0]
        loss += np.log1p(np.exp(-abs(z))) + max(z, Z.dtype.type(0)) - y * z
        delta[i, 0] = (1 / (1 + np.exp(-z)) - y) / m
    return loss / m


def softmax_error(Z, Y, delta):
    """Write (softmax(z) − y)/m and return the mean of −log ŷ_y."""
    m, loss = Z.dtype.type(Z.shape[0]), Z.dtype.type(0)
    for i in range(Z.shape[0]):
        top = Z[i].max()
        total = Z.dtype.type(0)
        for k in range(Z.shape[1]):
            delta[i, k] = np.exp(Z[i, k] - top)
            total += delta[i, k]
        loss += np.log(total)
        for k in range(Z.shape[1]):
            loss -= Y[i, k] * (Z[i, k] - top)
            delta[i, k] = (delta[i, k] / total - Y[i, k]) / m
    return loss / m


def main():
    """Print the tables."""
    parser = options.parser("benchmarks.compiled_step", __doc__, "W1,W2,W3,W4")
    chosen = options.parse(parser)
    contenders = [ThisPackage(), Compiled(), Jax(), MatrixProducts()]
    comparison = Comparison("float32", chosen.repeats, contenders)
    for workload in chosen.workloads:
        comparison.add(compare(contenders, workload, "float32", chosen.repeats))
    print(comparison.report(verbose=True), end="\n\n")
    print(environment.report())


if __name__ == "__main__":
    main()
