"""
Paths of descent: momentum and the size of the batch
====================================================

Gradient descent with and without momentum, in batches of all sizes, walking over the
surface of the cost. Lecture items L13 to L15 and L23.
"""

# %%
# A cost with two weights
# -----------------------
#
# A network without hidden layers has two weights and a bias for two inputs, so its
# cost can be drawn over the weights, at the best bias. One input is larger than the
# other, which makes the cost a narrow valley.

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier

N_STEPS, ALPHA, START = 40, 0.02, (-1.0, 2.6)

rng = np.random.default_rng(0)
y = np.arange(128) % 2
X = rng.normal(size=(128, 2)) + 0.8 * (2 * y - 1)[:, np.newaxis]
X *= [0.6, 2.4]

grid = np.linspace(-1.6, 3.2, 121), np.linspace(-0.6, 3.0, 121)
W = np.stack(np.meshgrid(*grid), axis=-1)
sign = 2 * y - 1
J = [
    np.logaddexp(0, -sign * (W @ X.T + b)).mean(axis=-1)
    for b in np.linspace(-1.5, 1.5, 13)
]
J = np.min(J, axis=0) + ALPHA / 2 * (W**2).sum(axis=-1)  # (3.35)


def walk(batch_size, rate, momentum=0.0):
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


def draw(paths, title):
    """Draw paths over lines of equal cost."""
    figure, ax = plt.subplots(figsize=(7, 4.8), layout="constrained")
    ax.contour(*grid, J, levels=18, colors="0.8", linewidths=0.8)
    lowest = np.unravel_index(J.argmin(), J.shape)
    ax.plot(grid[0][lowest[1]], grid[1][lowest[0]], "k*", markersize=11, label="lowest")
    for (label, path), marker in zip(paths.items(), "os^", strict=False):
        ax.plot(*path.T, marker=marker, markersize=3.5, linewidth=1.2, label=label)
    ax.set(
        title=f"{title}, {N_STEPS} steps each",
        xlabel="weight of the small input",
        ylabel="weight of the large input",
    )
    ax.legend(loc="upper right")


# %%
# Momentum (3.33)
# ---------------
#
# Plain descent bounces between the walls of the valley. The velocity v averages the
# gradients: what points now to one wall and now to the other cancels out, and what
# points along the valley stays.

draw(
    {"β = 0": walk(128, 5.0), "β = 0.7": walk(128, 5.0, momentum=0.7)},
    "Momentum, batch descent, α = 5",
)

# %%
# The factor 1 − β
# ----------------
#
# In the lecture v ← βv + (1−β) ∂J/∂W is an average, so a step has the size of a
# gradient whatever β is. scikit-learn and PyTorch leave the factor out: there v is a
# sum, up to 1/(1−β) times as large. The same path needs their learning rate to be α
# (1−β). Put the other way round: with their rule and the same rate, momentum makes the
# steps longer, which here is drawn as a rate that is 1/(1−β) times as high.

draw(
    {
        "β = 0, α = 1": walk(128, 1.0),
        "β = 0.7, α = 1, an average": walk(128, 1.0, momentum=0.7),
        "β = 0.7, α = 1/(1−β), a sum": walk(128, 1.0 / 0.3, momentum=0.7),
    },
    "An average or a sum",
)

# %%
# The size of the batch (3.32)
# ----------------------------
#
# The gradient of the whole batch is that of the cost, and the path is smooth. A single
# example knows one loss only: cheap steps in a direction that is right on average. A
# mini-batch lies in between.

draw(
    {
        "batch, B = n = 128": walk(128, 0.5),
        "mini-batch, B = 16": walk(16, 0.5),
        "stochastic, B = 1": walk(1, 0.5),
    },
    "Size of the batch, no momentum, α = 0.5",
)
plt.show()
