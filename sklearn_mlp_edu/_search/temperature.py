"""How sure networks of classes are: the temperature of their probabilities.

The strength and the epoch that predict best often leave probabilities too close to each
other, or too far apart. That is undone by one number, the temperature τ, by which the
logits are divided; so is the last layer, W[L]/τ and b[L]/τ (Guo, Pleiss, Sun &
Weinberger, "On calibration of modern neural networks", ICML 2017; Berta, Holzmüller,
Jordan & Bach, "Rethinking early stopping: refine, then calibrate", 2025). Which class
is the likeliest stays the same.

As with the epoch, a fold's network has the τ that is best for what **the other** folds
have held out, each by its own network: the log loss, with `RESTRAINT` log² τ added, for
a few rows that are all right would ask for τ = 0.
"""

import numpy as np

from .._lecture import Parameters, predict
from .lockstep import of_others

RESTRAINT = 0.02
STEPS = np.linspace(-1.5, 1.5, 13)  # of −log τ that are compared


@np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore")
def temper(folds, thetas):
    """Divide the last layers of stacks, (K, M, P), in place; return −log τ, (K, M)."""
    network = folds[0].run.draft._network()
    pairs = zip(folds, thetas, strict=True)
    losses, weights = zip(*(_losses(fold, theta) for fold, theta in pairs), strict=True)
    share = np.array(weights)[:, np.newaxis, np.newaxis]
    means = of_others(np.array(losses) * share) / of_others(share)
    log_sharpness = _lowest(means + RESTRAINT * STEPS**2)
    for theta, logs in zip(thetas, log_sharpness, strict=True):
        sharpen(network, theta, logs)
    return log_sharpness


def sharpen(network, theta, logs):
    """Multiply the last layer of a stack, (M, P), by the exponentials of M numbers."""
    parameters = Parameters(network.layer_sizes, theta)
    factors = np.exp(logs)[:, np.newaxis, np.newaxis]
    parameters.W[-1] *= factors
    parameters.b[-1] *= factors


def _losses(fold, theta):
    """Return mean losses on rows held out, of shape (M, steps), and their weight."""
    network, (X, Y, weight) = fold.run.draft._network(), fold.held_out
    parameters, loss = Parameters(network.layer_sizes, theta), network.loss
    logits = predict(network, parameters.W, parameters.b, X, loss.logits)
    share = np.ones(len(Y)) if weight is None else weight
    of_rows = (loss.loss(logits * np.exp(step), Y) for step in STEPS.tolist())
    means = [losses @ share / share.sum() for losses in of_rows]
    return np.stack(means, axis=-1), share.sum()


def _lowest(curves):
    """Return where curves over `STEPS`, the last axis, are lowest.

    It is the lowest point of the parabola through the lowest step and its neighbours,
    or beyond the range its end; 0 where a curve is not finite.
    """
    at = np.clip(np.argmin(curves, axis=-1), 1, len(STEPS) - 2)[..., np.newaxis]
    before, here, after = (
        np.take_along_axis(curves, at + k, -1)[..., 0] for k in (-1, 0, 1)
    )
    curvature = before - 2 * here + after
    move = 0.5 * (before - after) / np.maximum(curvature, 0)  # ±∞ where there is none
    width = STEPS[1] - STEPS[0]
    found = STEPS[at[..., 0]] + width * np.clip(move, -1, 1)
    return np.where(np.isfinite(curves).all(axis=-1), found, 0.0)
