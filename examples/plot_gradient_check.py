"""
Checking the gradient
=====================

Is backpropagation right? Move one weight a little to either side, and see how much the
cost changes: that is its derivative, found without any chain rule. Lecture item L11.
"""

# %%
# Both numbers
# ------------
#
# `check_gradient` compares the two for the weights and biases of every layer.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_iris
from sklearn.preprocessing import scale

from sklearn_mlp_edu import LectureMLPClassifier, check_gradient, trace_step

X, y = load_iris(return_X_y=True)
X = scale(X)
network = LectureMLPClassifier((6, 4), activation="tanh", alpha=0.1, random_state=0)
print(check_gradient(network, X, y))

# %%
# How small is a little?
# ----------------------
#
# The difference (J(θ + h) − J(θ − h)) / 2h has an error that shrinks with h², until
# the two costs have so many digits in common that rounding takes over. In between lies
# the best h, near the third root of the precision of a number. The one-sided
# difference is worse everywhere.


def cost(W, i, j, change):
    """Return J_L2 where one weight of the second layer is changed."""
    moved = [array.copy() for array in W]
    moved[1][i, j] += change
    layers = iter(moved)
    network.set_params(init=lambda *shape_and_rng: next(layers))
    return trace_step(network, X, y)["J_L2"]


start = trace_step(network, X, y)
W = [start[f"W[{l}]"].T for l in (1, 2, 3)]
exact = start["dJ_L2/dW[2]"].T[0, 0]
steps = np.geomspace(1e-12, 1, 49)
central, one_sided = [], []
for h in steps:
    above, here, below = (cost(W, 0, 0, change) for change in (h, 0, -h))
    central.append(abs((above - below) / (2 * h) - exact) / abs(exact))
    one_sided.append(abs((above - here) / h - exact) / abs(exact))

figure, ax = plt.subplots(figsize=(6.5, 4), layout="constrained")
ax.loglog(steps, central, "o-", markersize=3, label="(J(θ + h) − J(θ − h)) / 2h")
ax.loglog(steps, one_sided, "s-", markersize=3, label="(J(θ + h) − J(θ)) / h")
ax.axvline(np.cbrt(np.finfo(float).eps), color="0.5", linestyle=":")
ax.set(xlabel="h", ylabel="relative error", title="Differences of the cost")
ax.legend()

# %%
# Kinks
# -----
#
# A ReLU has a kink at 0. Where a unit passes it between θ − h and θ + h, the
# difference is taken across it and says nothing. Such entries are left out, and
# counted. Inputs of 0 put every unit on its kink:

network = LectureMLPClassifier((4,), activation="relu", random_state=0)
print(check_gradient(network, np.zeros((6, 2)), [0, 1, 0, 1, 0, 1]))
plt.show()
