"""
A stream in little memory
=========================

Training examples may come one by one and never be kept, as on a microcontroller: each
batch is used for one step and forgotten. Lecture item L24.
"""

# %%
# One step for each batch
# -----------------------
#
# A sensor brings batches of 20 rows. `partial_fit` takes a step for each, going on
# exactly from where training is, with momentum and all. The network is asked first and
# learns afterwards, so that every answer is about examples that it has not seen. Half
# way through the sensor is turned upside down, and the network has to learn anew.

import tracemalloc

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier

N_FEATURES, BATCH, N_BATCHES = 50, 20, 1500
rng = np.random.default_rng(0)
direction = rng.normal(size=N_FEATURES)


def stream(n_batches):
    """Yield batches whose classes are turned around half way through."""
    for k in range(n_batches):
        X = rng.normal(size=(BATCH, N_FEATURES))
        turned = k >= n_batches // 2
        yield X, ((X @ direction + X[:, 0] * X[:, 1] > 0) ^ turned).astype(int)


network = LectureMLPClassifier((32,), learning_rate_init=0.05, random_state=0)
right = []
for k, (X, y) in enumerate(stream(N_BATCHES)):
    if k > 0:
        right.append(network.score(X, y))
    network.partial_fit(X, y, classes=[0, 1])

figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
ax.plot(np.convolve(right, np.ones(50) / 50, mode="valid"), linewidth=1)
ax.axvline(N_BATCHES // 2, color="0.5", linestyle=":")
ax.text(N_BATCHES // 2 + 20, 0.2, "turned upside down")
ax.set(
    xlabel="batch", ylabel="accuracy", title="Examples not yet seen, mean of 50 batches"
)
ax.set(ylim=(0, 1))
print(f"{network.t_:,} examples seen")

# %%
# How much memory?
# ----------------
#
# The parameters, as many numbers again for the velocity, and room for one batch.
# However long the stream, the memory in use stays the same:

tracemalloc.start()
for n_batches in (10, 50, 250):
    tracemalloc.reset_peak()
    for X, y in stream(n_batches):
        network.partial_fit(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    print(f"{n_batches * BATCH:>6,} examples: at most {peak / 1024:.0f} kB")
tracemalloc.stop()
print(f"parameters: {network.n_parameters_ * 8 / 1024:.0f} kB")

# %%
# For a microcontroller proper the fitted network can be written as C, see
# :ref:`sphx_glr_auto_examples_plot_c_code.py`.
plt.show()
