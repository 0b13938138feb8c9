"""
The 3-2-1 network by hand
=========================

Is there a ball in the picture? The lecture's network answers with three layers of 3, 2
and 1 neurons. Here is one step of its training, every number of it, and the same once
more with nothing but NumPy. Lecture items L1 to L3 and L9 to L12.
"""

# %%
# A picture is a row of numbers (L1)
# ----------------------------------
#
# A colour picture of 64 × 64 pixels is a volume of 64 × 64 × 3 numbers. Flattened, it
# is a vector x of 12,288 features. The answer y is 1 where there is a ball, and else
# 0.

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    count_parameters,
    make_ball_images,
    trace_step,
)

images, has_ball = make_ball_images(6, random_state=1)
figure, axes = plt.subplots(1, 6, figsize=(9, 1.9), layout="constrained")
for ax, image, answer in zip(axes, images, has_ball, strict=True):
    ax.imshow(image.reshape(64, 64, 3))
    ax.set(title=f"y = {answer}", xticks=[], yticks=[])
print(f"{len(images[0]):,} features")

# %%
# How many parameters? (L2, L3)
# -----------------------------
#
# Each of the 3 neurons of the first layer has d weights and a bias, each of the 2 of
# the second layer has 3 weights and a bias, and the last one 2 weights and a bias.
# Together these are 3d + 14, by (3.7) and (3.8):

for d in (2, 4, 12_288):
    print(f"d = {d:>6,}: {count_parameters(d, (3, 2), 1):>6,} = 3·{d:,} + 14")

# %%
# One step (L9 to L12)
# --------------------
#
# Two features instead of 12,288 make it a step that fits on a page. `trace_step`
# carries it out with the functions that train, and shows what each equation has
# written. As in the lecture, an example is a column.

network = LectureMLPClassifier(
    (3, 2),
    activation="sigmoid",
    alpha=0,
    momentum=0,
    learning_rate_init=0.5,
    standardize=False,
    random_state=4,
)
x, y = np.array([[0.8, -1.2]]), [1]
trace = trace_step(network, x, y, classes=[0, 1])
trace

# %%
# The same by hand
# ----------------
#
# The six equations of the forward pass, and the chain rule backwards. The values of
# the forward pass are needed again on the way back, so they are kept (L12).


def sigma(z):
    """Return the sigmoid function of z."""
    return 1 / (1 + np.exp(-z))


W1, W2, W3 = (trace[f"W[{l}]"] for l in (1, 2, 3))
b1, b2, b3 = (trace[f"b[{l}]"] for l in (1, 2, 3))
x = trace["x"]

z1 = W1 @ x + b1  # (3.1)
a1 = sigma(z1)  # (3.2)
z2 = W2 @ a1 + b2  # (3.3)
a2 = sigma(z2)  # (3.4)
z3 = W3 @ a2 + b3  # (3.5)
a3 = sigma(z3)  # (3.6)

L = -((1 - 1) * np.log(1 - a3) + 1 * np.log(a3))  # with y = 1

dW3 = (a3 - 1) @ a2.T  # (3.21)
dW2 = W3.T * a2 * (1 - a2) @ (a3 - 1) @ a1.T  # (3.30)

for key, by_hand in {"a[3]": a3, "L": L, "dW[3]": dW3, "dW[2]": dW2}.items():
    print(f"{key:>6}  {trace[key].ravel()}  by hand {by_hand.ravel()}")

# %%
# Seen as a network
# -----------------
#
# Activations stand in the neurons. A line's colour is its weight on the left, and on
# the right the derivative of the loss by it: where to change something, and which way.


def draw(ax, name, title):
    """Draw the network; ``name`` says what colours the lines."""
    layers = [trace["x"], *(trace[f"a[{l}]"] for l in (1, 2, 3))]
    places = [
        [(l, i - (len(a) - 1) / 2) for i in range(len(a))] for l, a in enumerate(layers)
    ]
    largest = max(abs(trace[f"{name}[{l}]"]).max() for l in (1, 2, 3))
    for l in (1, 2, 3):
        for (i, j), value in np.ndenumerate(trace[f"{name}[{l}]"]):
            color = plt.cm.RdBu_r(0.5 + value / (2 * largest))
            line = np.transpose([places[l - 1][j], places[l][i]])
            ax.plot(*line, color=color, linewidth=3, zorder=1)
    for place, activation in zip(places, layers, strict=True):
        ax.scatter(*np.transpose(place), s=1400, color="white", edgecolors="0.3")
        for (left, height), value in zip(place, activation[:, 0], strict=True):
            ax.text(left, height, f"{value:.2f}", ha="center", va="center")
    ax.set(title=title, xlim=(-0.5, 3.5), ylim=(-1.5, 1.5))
    ax.set_xticks(range(4), ["x", "a[1]", "a[2]", "a[3] = ŷ"])
    ax.set_yticks([])
    bound = plt.Normalize(-largest, largest)
    ax.figure.colorbar(plt.cm.ScalarMappable(bound, "RdBu_r"), ax=ax, shrink=0.8)


figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), layout="constrained")
draw(left, "W", "weights W")
draw(right, "dW", "∂L/∂W, for y = 1")
plt.show()
