"""Is there a ball in the picture? A network that overfits, and three remedies.

    python examples/plot_overfitting_ball.py

The lecture's own case (items L1, L20 and L21) in four pictures: some of the images, the
gap between train and test score with each remedy, the cost by epoch with and without
regularisation, and the weights of the first layer. Prints the report, and draws the
pictures into ``ball_images.png``, ``ball_report.png``, ``ball_loss.png`` and
``ball_weights.png``. Needs the extra ``report``.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LossCurveDisplay,
    WeightImageDisplay,
    diagnose_overfitting,
    make_ball_images,
)

SHAPE = (64, 64, 3)


def main():
    """Draw the images, diagnose the network, and look into it."""
    X, y = make_ball_images(400, size=SHAPE[0], random_state=0)
    draw_images(X, y)
    network = LectureMLPClassifier(
        (32, 16),
        alpha=0,
        learning_rate_init=0.1,
        max_iter=40,
        n_iter_no_change=np.inf,
        random_state=0,
    )
    pipeline = make_pipeline(StandardScaler(), network)
    report = diagnose_overfitting(
        pipeline,
        X,
        y,
        alphas=(0.1, 0.3),
        train_sizes=(0.25, 0.5),
        n_jobs=2,
        random_state=0,
    )
    print(report)
    report.plot().savefig("ball_report.png", dpi=120)
    look_inside(pipeline, X, y)
    print("Wrote ball_images.png, ball_report.png, ball_loss.png, ball_weights.png")


def draw_images(X, y):
    """Show six images with a ball above six without."""
    figure, axes = plt.subplots(2, 6, figsize=(9, 3.4), layout="constrained")
    for row, (has_ball, title) in enumerate([(1, "a ball"), (0, "no ball")]):
        for ax, image in zip(axes[row], X[y == has_ball], strict=False):
            ax.imshow(image.reshape(SHAPE))
            ax.set_axis_off()
        axes[row, 0].set_title(title, loc="left")
    figure.savefig("ball_images.png", dpi=120)


def look_inside(pipeline, X, y):
    """Train on half of the images, watch the others; show costs and weights."""
    half = len(X) // 2
    scaler = StandardScaler().fit(X[:half])
    train, validation = scaler.transform(X[:half]), scaler.transform(X[half:])
    settings = {"alpha=0": {"alpha": 0}, "alpha=0.3": {"alpha": 0.3}}
    costs, ax_costs = plt.subplots(figsize=(7, 4), layout="constrained")
    weights, axes = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained")
    for (name, parameters), ax in zip(settings.items(), axes, strict=True):
        network = clone(pipeline[-1]).set_params(**parameters)
        network.fit(train, y[:half], X_val=validation, y_val=y[half:])
        LossCurveDisplay.from_estimator(network, name=name, ax=ax_costs)
        WeightImageDisplay.from_estimator(network, SHAPE, n_neurons=9, ax=ax)
        ax.set_title(f"first layer, {name}")
    ax_costs.set_yscale("log")
    costs.savefig("ball_loss.png", dpi=120)
    weights.savefig("ball_weights.png", dpi=120)


if __name__ == "__main__":
    main()
