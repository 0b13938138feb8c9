"""
Good and bad initialisations
============================

Weights of 0 learn nothing, equal weights learn the same, and small random ones lose the
signal on its way through many layers. Lecture items L4 to L8.
"""

# %%
# Zeros (L4)
# ----------
#
# With W = 0 and b = 0 the network answers σ(0) = 0.5, whatever x is. The weights of
# one layer are what the gradient of another is multiplied by, so that nothing moves
# but the last bias.

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    SignalPropagationDisplay,
    make_ball_images,
    trace_step,
)

X, y = make_ball_images(300, size=16, random_state=0)
settings = {
    "hidden_layer_sizes": (6, 4),
    "activation": "tanh",
    "learning_rate_init": 0.05,
    "max_iter": 40,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}
trace = trace_step(LectureMLPClassifier(init="zeros", **settings), X, y)
print("predictions", np.unique(trace["a[3]"]))
for l in (1, 2, 3):
    print(f"largest ∂J/∂W[{l}]: {abs(trace[f'dW[{l}]']).max():.3g}")

# %%
# Equal weights, and what breaks the symmetry (L5, L6)
# ----------------------------------------------------
#
# Where all weights of a layer are equal, so are its activations (3.12) and its
# gradients. Its neurons learn the same and remain copies of each other, however long
# they train. Below, a row of pixels is a neuron's weights for the first 60 inputs
# after 40 epochs. Small random values break the symmetry.

figure, axes = plt.subplots(2, 1, figsize=(8, 3.6), layout="constrained")
for ax, init in zip(axes, ("constant", "small_normal"), strict=True):
    network = LectureMLPClassifier(init=init, **settings).fit(X, y)
    W = network.coefs_[0].T  # the lecture's W[1], a row for each neuron
    image = ax.imshow(W[:, :60], cmap="RdBu_r", aspect="auto")
    figure.colorbar(image, ax=ax)
    spread = W.std(axis=0).mean()
    ax.set(title=f'init="{init}", spread among neurons {spread:.2g}', ylabel="neuron")
    ax.set_xticks([])

# %%
# Variance through ten layers (L7, L8)
# ------------------------------------
#
# (3.13) takes a standard deviation of √(2 / (n[l] + n[l-1])). Why that? A neuron adds
# up n[l-1] independent products, so the variance of what a layer puts out is
#
# .. math:: \mathrm{Var}\, a^{[l]} = n^{[l-1]} \cdot \mathrm{Var}\, W^{[l]} \cdot
#           \mathrm{Var}\, a^{[l-1]}
#
# as long as the units are about linear. Ten layers multiply by the tenth power of
# n[l-1] Var W: with anything but 1 the signal fades or explodes. The errors come back
# through the same weights, with n[l] in the place of n[l-1]. (3.13) is the compromise.
# Measured at the start, before any training:

rng = np.random.default_rng(0)
noise, labels = rng.normal(size=(500, 300)), rng.integers(2, size=500)
for activation in ("tanh", "relu"):
    network = LectureMLPClassifier((300,) * 10, activation, random_state=0)
    display = SignalPropagationDisplay.from_estimator(network, noise, labels)
    display.figure_.suptitle(f"ten layers of 300 neurons, {activation}")

# %%
# With 300 neurons in every layer ``"lecun"`` and ``"xavier"`` ask for the same
# variance. Behind tanh both keep the signal; ``"he"`` has twice the variance and makes
# up for the half of the values that ReLU cuts off, so it is the one that keeps it
# behind ReLUs. The lecture's rule for sigmoid units, 1/n[l-1], loses more at each
# layer than 0.01 does.

for init in ("small_normal", "xavier", "he"):
    factor = display.activations[init][9] / display.activations[init][8]
    print(f"{init:>12}: from a[8] to a[9] the variance is multiplied by {factor:.2g}")
plt.show()
