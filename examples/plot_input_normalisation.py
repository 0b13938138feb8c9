"""
Normalising the input
=====================

Subtract the mean, divide by the standard deviation: the valley of the cost becomes a
bowl, and one learning rate fits all weights. Lecture item L18.
"""

# %%
# The cost before and after
# -------------------------
#
# A patient's temperature in °C and leucocytes in 10⁹/l, to tell who has an infection.
# The cost over the two weights of a network without hidden layers is drawn at the best
# bias, with 30 steps of plain descent over it. The rate is about the highest that still
# comes down.

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier, LossCurveDisplay, trace_step

rng = np.random.default_rng(0)
y = np.arange(200) % 2
X = rng.normal(size=(200, 2)) + 1.2 * y[:, np.newaxis]
X = [36.8, 8.0] + X * [0.6, 3.0]
centred = X - X.mean(axis=0)
standardised = centred / X.std(axis=0)


def descend(X, start, rate, n_steps=30):
    """Return the weights before the first step of plain descent and after each."""
    network = LectureMLPClassifier(
        (),
        init=lambda fan_in, fan_out, rng: np.array(start)[:, np.newaxis],
        alpha=0,
        standardize=False,
        batch_size="full",
        momentum=0,
        learning_rate_init=rate,
    )
    path = [start]
    for _ in range(n_steps):
        network.partial_fit(X, y, classes=[0, 1])
        path.append(network.coefs_[0][:, 0].copy())
    return np.array(path)


def cost(X, W):
    """Return the cost (3.32) for weights (..., 2), at the best of some biases."""
    Z = W @ X.T
    sign = 2 * y - 1
    biases = np.linspace(-2, 2, 21)
    J = [np.logaddexp(0, -sign * (Z + b)).mean(axis=-1) for b in biases]
    return np.min(J, axis=0)


panels = {
    "mean subtracted": (centred, 1.0, (-1.0, 1.2)),
    "and divided by the deviation": (standardised, 4.0, (-1.0, 2.8)),
}
grid = np.linspace(-1.6, 3.4, 121), np.linspace(-1.5, 3.2, 121)
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.6), layout="constrained")
for ax, (title, (inputs, rate, start)) in zip(axes, panels.items(), strict=True):
    J = cost(inputs, np.stack(np.meshgrid(*grid), axis=-1))
    ax.contour(*grid, J, levels=24, colors="0.8", linewidths=0.8)
    ax.plot(
        *descend(inputs, start, rate).T, "o-", markersize=3.5, label=f"α = {rate:g}"
    )
    lowest = np.unravel_index(J.argmin(), J.shape)
    ax.plot(grid[0][lowest[1]], grid[1][lowest[0]], "k*", markersize=11, label="lowest")
    ax.set(title=title, xlabel="weight of temperature", aspect="equal")
    ax.set_ylabel("weight of leucocytes")
    ax.legend(loc="upper right")

# %%
# One input is five times as large as the other, so the cost is steep in one direction
# and flat in the other: the steps have to be short, and hardly get on along the valley.
# Dividing by the standard deviation makes a bowl of it. (A mean that is not subtracted
# does the same between weights and bias: with temperatures around 37 the valley is
# hundreds of times as long as it is wide.)
#
# The network does it itself
# --------------------------
#
# With ``standardize=True``, the default, the network learns mean and scale from the
# training data, and standardises its inputs before the first layer. The trace of a step
# shows x and what becomes of it:

network = LectureMLPClassifier((8,), max_iter=60, n_iter_no_change=np.inf)
network.set_params(random_state=0)
trace = trace_step(network, X, y)
for name in ("x", "x̃"):
    mean, deviation = trace[name].mean(axis=1), trace[name].std(axis=1)
    print(f"{name:<2} mean {mean.round(2)}, deviation {deviation.round(2)}")

# %%
# The same network with the same settings, but for the inputs:

figure, ax = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
for standardize in (True, False):
    network.set_params(standardize=standardize).fit(X, y)
    name = f"standardize={standardize}"
    LossCurveDisplay.from_estimator(network, name=name, ax=ax)
    print(f"{name}: accuracy {network.score(X, y):.2f}")
ax.set(yscale="log", title="cost by epoch, same settings")
plt.show()
