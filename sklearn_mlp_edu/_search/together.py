"""Fit one estimator with several settings to the same data, together where possible."""

from collections import defaultdict

from sklearn.base import clone

from .evaluation import last_step
from .side_by_side import train
from .stacks import NETWORKS, keys_of


class Candidate:
    """One setting of an estimator: what `side_by_side.train` asks of a fit."""

    def __init__(self, position, estimator, parameters):
        self.position, self.estimator, self.parameters = position, estimator, parameters
        self.stack = None

    def candidate(self):
        """Return a new estimator with the parameters."""
        parameters = {k: clone(v, safe=False) for k, v in self.parameters.items()}
        return clone(self.estimator).set_params(**parameters)


def fit_together(estimator, settings, X, y):
    """Return for each of ``settings`` the fitted estimator, or why it has failed.

    Settings that differ in nothing but what a stack of networks may differ in are
    trained as one, as in `FusedGridSearchCV`; a pipeline's other steps are fitted once.

    Parameters
    ----------
    estimator : estimator
        It is cloned.
    settings : list of dict
        Parameters for ``set_params``.
    X, y : array-like
        Training data.

    Returns
    -------
    fitted : list of estimator or Exception
    """
    candidates = [Candidate(i, estimator, s) for i, s in enumerate(settings)]
    batches, fitted = defaultdict(lambda: defaultdict(list)), {}
    for candidate in candidates:
        try:
            preparation = _note_stack(candidate)
        except Exception as error:  # parameters that do not exist
            fitted[candidate.position] = error
            continue
        if candidate.stack is None:
            fitted[candidate.position] = _fit_alone(candidate, X, y)
        else:
            batches[preparation][candidate.stack].append(candidate)
    for stacks in batches.values():
        batch = [candidate for stack in stacks.values() for candidate in stack]
        results = train(batch, X, y, {})
        fitted |= {c.position: one for c, one in zip(batch, results, strict=True)}
    return [fitted[i] for i in range(len(candidates))]


def _note_stack(candidate):
    """Note which stack a candidate belongs to; return what its batch has in common."""
    if not isinstance(last_step(candidate.estimator), NETWORKS):
        return None
    preparation, candidate.stack = keys_of(candidate)
    return preparation


def _fit_alone(candidate, X, y):
    try:
        return candidate.candidate().fit(X, y)
    except Exception as error:
        return error
