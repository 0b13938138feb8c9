"""
Overfitting, and three remedies
===============================

Is there a ball in the picture? The lecture's network gets 96 % of the training set
right and 64 % of the test set. Here is a network in that state, and what becomes of it
with more data, with regularisation and with a smaller model. Lecture items L1 and L20
to L22.
"""

# %%
# The pictures (L1)
# -----------------
#
# Drawn footballs before all kinds of backgrounds, and as many pictures without one.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.base import clone

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LossCurveDisplay,
    WeightImageDisplay,
    diagnose_overfitting,
    make_ball_images,
)

SHAPE = (24, 24, 3)
X, y = make_ball_images(300, size=SHAPE[0], random_state=0)
figure, axes = plt.subplots(2, 6, figsize=(9, 3.4), layout="constrained")
for row, (has_ball, title) in enumerate([(1, "a ball"), (0, "no ball")]):
    for ax, image in zip(axes[row], X[y == has_ball], strict=False):
        ax.imshow(image.reshape(SHAPE))
        ax.set_axis_off()
    axes[row, 0].set_title(title, loc="left")

# %%
# The gap, and which remedy closes it (L20, L21)
# ----------------------------------------------
#
# `diagnose_overfitting` cross-validates the network, calls the gap between train and
# test score by its name, and tries each remedy on the same folds.

network = LectureMLPClassifier(
    (32, 16), alpha=0, max_iter=40, n_iter_no_change=np.inf, random_state=0
)
report = diagnose_overfitting(
    network, X, y, alphas=(0.1, 0.3), train_sizes=(0.25, 0.5), random_state=0
)
print(report)
figure = report.plot()

# %%
# Inside the network (L22)
# ------------------------
#
# Trained on half of the pictures, the network is shown the others after each epoch.
# Without regularisation the cost of the training set goes to 0 while that of the others
# rises. With λ > 0 all weights shrink at each step (3.38), and what is left of the
# first layer's is smoother.

half = len(X) // 2
costs, ax_costs = plt.subplots(figsize=(7, 4), layout="constrained")
weights, axes = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained")
for alpha, ax in zip((0, 0.3), axes, strict=True):
    regularised = clone(network).set_params(alpha=alpha)
    regularised.fit(X[:half], y[:half], X_val=X[half:], y_val=y[half:])
    name = f"alpha={alpha}"
    LossCurveDisplay.from_estimator(regularised, name=name, ax=ax_costs)
    WeightImageDisplay.from_estimator(regularised, SHAPE, n_neurons=9, ax=ax)
    ax.set_title(f"first layer, {name}")
    length = np.sqrt(sum(np.vdot(W, W) for W in regularised.coefs_))
    print(f"{name}: length of all weights {length:.1f}")
ax_costs.set_yscale("log")
plt.show()
