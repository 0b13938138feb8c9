"""The network that chooses its own strength: as a remedy, and where it is diagnosed.

It is known by its attributes ``alphas_``, ``alpha_``, ``scores_`` and
``train_scores_``, so that networks for classes and for numbers are the same here.
"""

from dataclasses import replace

import numpy as np
from sklearn.base import clone

from .. import _search
from .._report import AGAINST_OVERFITTING, Digits, Remedy
from .decision import Finding
from .measuring import final_step
from .remedies import compared, why_none_worked

NAME = "cross-validated regularisation"
BOUNDS = {"alphas": 5, "cv": 3}  # strengths and folds: less than by default, for time
COST = 6.0  # in fits of the network as it is, about
PATIENCE = {"tol", "n_iter_no_change"}  # of its own, as it watches other rows


def counterpart(estimator):
    """Return ``estimator`` with a network that chooses its strength in its place.

    All that both networks have is the same, the largest number of epochs as well. None
    where there is no such network.
    """
    step, prefix = final_step(estimator)
    kind = getattr(_search, f"{type(step).__name__}CV", None)
    if kind is None:
        return None
    shared = kind().get_params().keys() - BOUNDS.keys() - PATIENCE
    parameters = {n: v for n, v in step.get_params().items() if n in shared}
    network = kind(**parameters, **BOUNDS)
    if not prefix:
        return network
    return clone(estimator).set_params(**{prefix.removesuffix("__"): network})


def not_nested():
    """Return the `Finding` where rows belong together, which inner folds would part."""
    reason = "its own folds would part the groups; pass them to its fit"
    return Finding(Remedy(NAME, AGAINST_OVERFITTING, skipped=reason))


def finding(estimator, measurements, base):
    """Return the `Finding` of what `counterpart` brings, one `Measurement` a fold."""
    if skipped := why_none_worked([measurements]):
        return Finding(Remedy(NAME, AGAINST_OVERFITTING, skipped=skipped))
    step, prefix = final_step(estimator)
    chosen = [m.learned["alpha_"] for m in measurements]
    bounds = ", ".join(f"{name}={value}" for name, value in BOUNDS.items())
    setting = f"{type(step).__name__}({bounds}): alpha {_range(chosen)}"
    parameters = {prefix.removesuffix("__"): step} if prefix else {}
    trial = base.assessor.trial(measurements)
    found = compared(NAME, AGAINST_OVERFITTING, setting, parameters, base, trial)
    return found._replace(remedy=replace(found.remedy, estimator=estimator))


def _range(values):
    low, high = f"{min(values):.2g}", f"{max(values):.2g}"
    return low if low == high else f"{low} to {high}"


def own_choice(estimator, n_samples):
    """Return path and notes of a network that was fitted, and has chosen its strength.

    The path is None where there was no such choice, or it was made on other rows.
    """
    step, _ = final_step(estimator)
    names = ("alphas_", "alpha_", "scores_", "train_scores_")
    if not all(hasattr(step, name) for name in names):
        return None, []
    kind, n_rows = type(step).__name__, _n_rows(step)
    if n_rows != n_samples:
        return None, [
            f"The fitted {kind} has chosen its strength on {n_rows:,} rows, not on "
            f"these {n_samples:,}; its path is not shown."
        ]
    best = int(np.flatnonzero(step.alphas_ == step.alpha_)[0])
    train, test = step.train_scores_[:, best].mean(), step.scores_[:, best].mean()
    name = _scoring_of(step)
    told = Digits(train, test)
    note = (
        f"The fitted {kind} has chosen alpha={step.alpha_:.3g} of "
        f"{len(step.alphas_)} from {step.alphas_[0]:.3g} to {step.alphas_[-1]:.3g}, by "
        f"{name} on {len(step.scores_)} folds of its own: train {told(train)}, test "
        f"{told(test)}, gap {told(step.gap_)}. Its path is shown as it was found; the "
        "scores of this report are of the whole choice, made anew in each fold."
    )
    path = {
        "alpha": step.alphas_,
        "train_scores": step.train_scores_.T,
        "test_scores": step.scores_.T,
        "scoring": name,
    }
    return path, [note]


def _n_rows(step):
    """Return how many rows a network has chosen its strength on."""
    for name in ("oof_proba_", "oof_prediction_"):
        if hasattr(step, name):
            return len(getattr(step, name))
    return None


def _scoring_of(step):
    name = step.scoring or ("accuracy" if hasattr(step, "classes_") else "r2")
    return name if isinstance(name, str) else getattr(name, "__name__", "score")
