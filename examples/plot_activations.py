"""
Activation functions and why they are not linear
================================================

Each activation function with its derivative, and what becomes of a deep network without
one. Lecture items L16 and L17.
"""

# %%
# Functions and derivatives (L16)
# -------------------------------
#
# A network of one hidden layer with one neuron, weight 1 and bias 0 has z = x, so the
# trace of a step holds g(z) and g′(z): of the very functions that train.

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier, trace_step

X = np.linspace(-4, 4, 401)[:, np.newaxis]
y = np.arange(401) % 2


def ones(fan_in, fan_out, rng):
    """Return weights of 1."""
    return np.ones((fan_in, fan_out))


names = {
    "sigmoid": "σ(z) = 1 / (1 + e⁻ᶻ), range (0, 1)",
    "tanh": "tanh z, range (−1, 1)",
    "relu": "ReLU: max(z, 0), range [0, ∞)",
    "leaky_relu": "leaky ReLU: max(z, 0.01 z)",
}
figure, axes = plt.subplots(1, 4, figsize=(12, 3), layout="constrained")
for ax, (activation, title) in zip(axes, names.items(), strict=True):
    trace = trace_step(
        LectureMLPClassifier(1, activation, init=ones, standardize=False), X, y
    )
    z = trace["z[1]"][0]
    ax.plot(z, trace["a[1]"][0], label="g(z)")
    ax.plot(z, trace["g'(z[1])"][0], "--", label="g′(z)")
    ax.set(title=title, xlabel="z", ylim=(-1.2, 2.2))
    ax.title.set_fontsize(9)
axes[0].legend()

# %%
# Far from 0, sigmoid and tanh are flat: their derivative is next to 0, and with it
# every gradient that has it as a factor (3.30). A ReLU passes the gradient on as it
# is, or not at all. At the kink its derivative is 1 here, as in the lecture's table.
#
# Without non-linear units layers collapse (L17)
# ----------------------------------------------
#
# With the identity as activation function three layers compute W₃(W₂(W₁x)), which is
# one matrix times x. No such network tells apart what no straight line divides,
# however deep:

corners = np.tile([[1, 1], [-1, -1], [1, -1], [-1, 1]], (50, 1))
points = corners + np.random.default_rng(0).normal(scale=0.3, size=(200, 2))
classes = np.tile([0, 0, 1, 1], 50)
grid = np.stack(np.meshgrid(*[np.linspace(-2, 2, 101)] * 2), axis=-1)

figure, axes = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
for ax, activation in zip(axes, ("identity", "tanh"), strict=True):
    network = LectureMLPClassifier(
        (8, 8), activation, solver="lbfgs", alpha=0.005, random_state=0
    ).fit(points, classes)
    p = network.predict_proba(grid.reshape(-1, 2))[:, 1].reshape(101, 101)
    ax.contourf(*grid.transpose(2, 0, 1), p, levels=11, cmap="RdBu_r", alpha=0.6)
    ax.scatter(*points.T, c=classes, cmap="RdBu_r", edgecolors="k", s=18)
    ax.set_title(f"{activation}, accuracy {network.score(points, classes):.2f}")

# %%
# The layers of the deep linear network, multiplied, are those of a network without
# hidden layers:

network = LectureMLPClassifier(
    (8, 8), "identity", solver="lbfgs", alpha=0.005, random_state=0
)
network.fit(points, classes)
W = np.linalg.multi_dot(network.coefs_)
differences = network.decision_function([[1.0, 0.0], [0.0, 1.0]])
differences -= network.decision_function([[0.0, 0.0]])
print("product of the layers", W.ravel())
print("what the network does", differences)
plt.show()
