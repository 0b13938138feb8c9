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
    examples, tests = folds[0].examples, [fold.test for fold in folds]
    count = np.bincount(np.concatenate(tests), minlength=len(examples.y))[:, np.newaxis]
    mean = np.where(count, 0.0, np.nan)
    for network, test in zip(networks, tests, strict=True):
        said = say(network, rows_of(examples.X, test), test)
        part = np.zeros((len(mean), said[0].size))
        np.add.at(part, test, said.reshape(len(test), -1) / count[test])
        mean = mean + part  # of shares, as no sum of them is out of range
    return mean.astype(examples.X.dtype).reshape(len(mean), *said.shape[1:])
