"""Scores of a stack that need no scorer: from its outputs, all networks at once.

Each function takes a `Fold`, the parameters of a stack, (M, P), and which rows: those
that the fold is "judged_by", or those it learns from, "train".
"""

import numpy as np

from .._lecture import Parameters, predict
from .folds import rows_of


def negative_losses(fold, theta, part):
    """Return −L, of shape (M,)."""
    return -fold.losses(theta, part)


@np.errstate(over="ignore", invalid="ignore", under="ignore")
def own_scores(fold, theta, part):
    """Return accuracy or R², of shape (M,)."""
    rows = getattr(fold, part)
    examples, data = fold.examples, fold.run.data
    network = fold.run.draft._network()
    parameters = Parameters(network.layer_sizes, theta)
    X, read = rows_of(data.X, rows), network.loss.logits
    outputs = predict(network, parameters.W, parameters.b, X, read, data.scaling)
    weight = fold.network._weigh(examples.targets, examples.y, examples.weight)
    weight = None if weight is None else weight[rows]
    y = data.y[rows]
    return np.array([fold.run.targets.score(Z, y, weight) for Z in outputs])
