"""The attributes that a selection leads to."""

import numpy as np

from .choosing import is_narrow
from .folds import rows_of


def learned_from(draft, selection, network):
    """Return the attributes that a selection leads to, {name: value}."""
    examples, best = selection.folds[0].examples, selection.best
    networks = selection.networks()
    draft.alphas_ = selection.found.alphas
    draft.alpha_ = float(draft.alphas_[best])
    draft.scores_, draft.train_scores_ = selection.scores, selection.train_scores
    draft.gap_ = float(np.mean(draft.train_scores_[:, best] - draft.scores_[:, best]))
    draft.n_iter_ = selection.found.epochs
    draft._narrow_ = is_narrow(selection.found, best, draft.tol)
    out_of_fold = _out_of_fold(draft._say, networks, selection.folds)
    setattr(draft, draft._out_of_fold, out_of_fold)
    draft.estimators_ = networks
    if draft.refit == "single":
        (single,) = draft.estimators_ = [selection.single(network, examples)]
        draft.coefs_, draft.intercepts_ = single.coefs_, single.intercepts_
    for one in draft.estimators_:
        if hasattr(draft, "feature_names_in_"):
            one.feature_names_in_ = draft.feature_names_in_
    return {n: v for n, v in vars(draft).items() if n.endswith("_")}


def _out_of_fold(say, networks, folds):
    """Return the mean of what networks say of rows that their folds held out."""
    examples = folds[0].examples
    total, count = 0.0, np.zeros((len(examples.y), 1))
    for network, fold in zip(networks, folds, strict=True):
        said = say(network, rows_of(examples.X, fold.test))
        part = np.zeros((len(count), said[0].size))
        np.add.at(part, fold.test, said.reshape(len(said), -1))
        np.add.at(count, fold.test, 1)
        total = total + part
    with np.errstate(invalid="ignore"):
        mean = (total / count).astype(examples.X.dtype)
    return mean.reshape(len(count), *said.shape[1:])
