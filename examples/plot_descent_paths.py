"""The paths that descent takes: with and without momentum, in batches of all sizes.

    python examples/plot_descent_paths.py

Lecture items L14, L15 and L23. A network of two weights and a bias learns to tell two
clouds of points apart, step by step; its weights walk over the landscape of the cost,
drawn for the best bias. The landscape is a narrow valley, because one input is larger
than the other. Draws ``descent_paths.png``. Needs the extra ``plot``.
"""

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier

N_STEPS = 40
START = -1.0, 2.6
ALPHA = 0.02
COLORS = {"blue": "#0072B2", "orange": "#D55E00", "green": "#009E73"}


def clouds():
    """Return 128 points in two clouds that overlap; the second input is the larger."""
    rng = np.random.default_rng(0)
    y = np.arange(128) % 2
    X = rng.normal(size=(128, 2)) + 0.8 * (2 * y - 1)[:, np.newaxis]
    return X * [0.6, 2.4], y


def walk(X, y, batch_size, rate, momentum):
    """Return the weights before the first step and after each, of shape (n, 2)."""
    network = LectureMLPClassifier(
        (),
        init=lambda fan_in, fan_out, rng: np.array(START)[:, np.newaxis],
        alpha=ALPHA,
        standardize=False,
        batch_size="full",  # of what a call to partial_fit brings: one step
        learning_rate_init=rate,
        momentum=momentum,
        random_state=0,
    )
    rng, path = np.random.default_rng(1), [START]
    while len(path) <= N_STEPS:
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            network.partial_fit(X[rows], y[rows], classes=[0, 1])
            path.append(network.coefs_[0][:, 0].copy())
    return np.array(path[: N_STEPS + 1])


def landscape(X, y, axis_1, axis_2):
    """Return the cost (3.35) over a grid of weights, with the best of some biases."""
    sign = 2 * y - 1
    W = np.stack(np.meshgrid(axis_1, axis_2), axis=-1)
    Z = W @ X.T
    biases = np.linspace(-1.5, 1.5, 13)
    J = [np.logaddexp(0, -sign * (Z + b)).mean(axis=-1) for b in biases]
    return np.min(J, axis=0) + ALPHA / 2 * (W**2).sum(axis=-1)


def draw(axes, cost, paths):
    """Draw paths over lines of equal cost."""
    axis_1, axis_2, J = cost
    axes.contour(axis_1, axis_2, J, levels=18, colors="0.8", linewidths=0.8)
    lowest = np.unravel_index(J.argmin(), J.shape)
    axes.plot(
        axis_1[lowest[1]],
        axis_2[lowest[0]],
        "k*",
        markersize=11,
        label="lowest",
        zorder=3,
    )
    for (label, (path, marker)), color in zip(
        paths.items(), COLORS.values(), strict=False
    ):
        style = {"color": color, "marker": marker, "markersize": 3.5, "linewidth": 1.2}
        axes.plot(*path.T, label=label, **style)
    axes.set(xlabel="weight of the small input", ylabel="weight of the large input")
    axes.legend(loc="upper right")


def main():
    """Walk, and draw."""
    X, y = clouds()
    axis_1, axis_2 = np.linspace(-1.6, 3.2, 121), np.linspace(-0.6, 3.0, 121)
    cost = axis_1, axis_2, landscape(X, y, axis_1, axis_2)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
    draw(
        left,
        cost,
        {
            "β = 0": (walk(X, y, 128, 5.0, 0.0), "o"),
            "β = 0.7": (walk(X, y, 128, 5.0, 0.7), "s"),
        },
    )
    left.set_title("Momentum (3.33), batch descent, α = 5")
    draw(
        right,
        cost,
        {
            "batch, B = n = 128": (walk(X, y, 128, 0.5, 0.0), "o"),
            "mini-batch, B = 16": (walk(X, y, 16, 0.5, 0.0), "s"),
            "stochastic, B = 1": (walk(X, y, 1, 0.5, 0.0), "^"),
        },
    )
    right.set_title("Size of the batch (3.32), no momentum, α = 0.5")
    figure.suptitle(f"{N_STEPS} steps each")
    figure.savefig("descent_paths.png", dpi=110)
    print("Wrote descent_paths.png")


if __name__ == "__main__":
    main()
