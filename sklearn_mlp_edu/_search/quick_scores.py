"""Scores of a stack that need no scorer: from its outputs, all networks at once.

Each function takes a `Fold` and the parameters of a stack, (M, P). It returns the
scores of the networks on the rows that the fold held out, and on those it learned from.
"""

import numpy as np

from .._lecture import Parameters, predict
from .folds import rows_of


def negative_losses(fold, theta):
    """Return −L, both of shape (M,)."""
    return -fold.losses(theta), -fold.training_losses(theta)


def own_scores(fold, theta):
    """Return accuracy or R², both of shape (M,)."""
    parts = fold.judged_by, fold.train
    test, train = (_own_scores(fold, theta, rows) for rows in parts)
    return test, train


@np.errstate(over="ignore", invalid="ignore", under="ignore")
def _own_scores(fold, theta, rows):
    examples, data = fold.examples, fold.run.data
    network = fold.run.draft._network()
    parameters = Parameters(network.layer_sizes, theta)
    X, read = rows_of(data.X, rows), network.loss.logits
    outputs = predict(network, parameters.W, parameters.b, X, read, data.scaling)
    weight = fold.network._weigh(examples.targets, examples.y, examples.weight)
    weight = None if weight is None else weight[rows]
    y = data.y[rows]
    return np.array([fold.run.targets.score(Z, y, weight) for Z in outputs])
