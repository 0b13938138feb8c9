"""
The training loop
=================

Pick a batch, go forward, go backward, update: over and over. Here two half moons, and
the boundary between them as it grows. Lecture item L19.
"""

# %%
# The boundary, epoch by epoch
# ----------------------------
#
# An epoch of `partial_fit` is a pass of the loop over the data. Red and blue is what
# the network makes of each place in the plane.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons

from sklearn_mlp_edu import LectureMLPClassifier, LossCurveDisplay

X, y = make_moons(300, noise=0.2, random_state=0)
settings = {"activation": "tanh", "learning_rate_init": 0.3, "random_state": 0}
network = LectureMLPClassifier((16, 16), batch_size=30, alpha=1e-3, **settings)

across, up = np.meshgrid(np.linspace(-1.8, 2.8, 140), np.linspace(-1.3, 1.8, 110))
plane = np.column_stack([across.ravel(), up.ravel()])
shown = [1, 3, 10, 30, 100, 300]
figure, axes = plt.subplots(2, 3, figsize=(10.5, 5.6), layout="constrained")
waiting = dict(zip(shown, axes.flat, strict=True))
for epoch in range(1, shown[-1] + 1):
    network.partial_fit(X, y, classes=[0, 1])
    if epoch in waiting:
        ax = waiting[epoch]
        p = network.predict_proba(plane)[:, 1].reshape(across.shape)
        ax.contourf(across, up, p, levels=np.linspace(0, 1, 12), cmap="RdBu", alpha=0.7)
        ax.contour(across, up, p, levels=[0.5], colors="k", linewidths=1.2)
        ax.scatter(*X.T, c=y, cmap="RdBu", edgecolors="k", linewidths=0.4, s=14)
        ax.set(xticks=[], yticks=[])
        score = network.score(X, y)
        cost = network.loss_
        ax.set_title(
            f"epoch {epoch}: cost {cost:.3f}, accuracy {score:.2f}", fontsize=10
        )

# %%
# The cost by epoch
# -----------------
#
# What each epoch leaves is in ``loss_curve_``. The first epochs find the straight line
# between the moons, and for a while the cost hardly falls; then the line bends.

display = LossCurveDisplay.from_estimator(network)
display.ax_.set(xscale="log", title="cost by epoch")
plt.show()
