"""Measure what each initialisation does to the signal and to the error (L7).

    python -m benchmarks.signal_propagation

Normal inputs of variance 1 go forward through ten layers of 500 neurons before any
training, and errors of variance 1 go back. Printed is their mean square by layer,
which is the variance where the mean is 0: everywhere but behind ReLUs. A last table is
for one layer that narrows from 900 to 300 neurons. Prints Markdown.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from sklearn_mlp_edu._lecture import ACTIVATIONS, INITIALIZERS

from .tables import markdown

N_LAYERS, WIDTH, N_EXAMPLES = 10, 500, 1000
SHOWN = (0, 1, 2, 5, 10)
SCHEMES = ("small_normal", "inverse_fan_in", "lecun", "xavier", "he")


def mean_squares(activation, init, rng):
    """Return those of a[0] … a[10], and of ∂L/∂a[0] … ∂L/∂a[10]."""
    g, g_prime = ACTIVATIONS[activation][:2]
    W = [INITIALIZERS[init](WIDTH, WIDTH, rng) for _ in range(N_LAYERS)]
    A, slopes = [rng.normal(size=(N_EXAMPLES, WIDTH))], []
    for layer in W:
        Z = A[-1] @ layer
        A.append(g(Z, np.empty_like(Z)))
        slopes.append(g_prime(Z, A[-1], np.empty_like(Z)))
    errors = [rng.normal(size=(N_EXAMPLES, WIDTH))]
    for layer, slope in zip(reversed(W), reversed(slopes), strict=True):
        errors.append((errors[-1] * slope) @ layer.T)
    return _mean_square(A), _mean_square(reversed(errors))


def growth(scheme, n_in, n_out, rng):
    """Return the factors by which a layer multiplies variance, forward and backward."""
    W = INITIALIZERS[scheme](n_in, n_out, rng)
    forward = rng.normal(size=(N_EXAMPLES, n_in)) @ W
    backward = rng.normal(size=(N_EXAMPLES, n_out)) @ W.T
    return _mean_square([forward, backward])


def _mean_square(arrays):
    return [np.mean(array**2) for array in arrays]


def _row(name, values):
    return [f"`{name}`", *(f"{value:.2g}" for value in values)]


def main():
    """Print the tables."""
    for activation in ("identity", "tanh", "relu"):
        rng = np.random.RandomState(0)
        results = {init: mean_squares(activation, init, rng) for init in SCHEMES}
        for direction, symbol in enumerate(("a[{}]", "∂L/∂a[{}]")):
            header = [activation, *map(symbol.format, SHOWN)]
            rows = [
                _row(init, [result[direction][l] for l in SHOWN])
                for init, result in results.items()
            ]
            print(markdown(header, rows), end="\n\n")
    rng = np.random.RandomState(0)
    rows = [_row(init, growth(init, 900, 300, rng)) for init in ("lecun", "xavier")]
    print(markdown(["900 to 300", "forward", "backward"], rows))


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
