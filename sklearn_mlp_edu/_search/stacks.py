"""Which fits go together.

A search lists its fits, a candidate on a split each, and has joblib run them one by
one. Here the list is sorted first. Fits on one split whose data are prepared alike make
a *batch*: the steps before the network are fitted once for all of it. Networks of a
batch that differ in nothing but `STACKED` make a *stack*, which trains along the
leading axis of `_training.Training`. A *piece* of a batch is what one worker does.
"""

from collections import defaultdict
from itertools import chain

from .._estimators import LectureMLPClassifier, LectureMLPRegressor
from .evaluation import has_callbacks, last_step, path_to_last_step

NETWORKS = LectureMLPClassifier, LectureMLPRegressor
STACKED = ("alpha", "learning_rate_init", "momentum")


def sort(fits):
    """Return batches, stack by stack, and fits for none; note each one's ``stack``."""
    keys, batches, alone = {}, defaultdict(lambda: defaultdict(list)), []
    for fit in fits:
        candidate, split = fit.candidate_progress[0], fit.split_progress[0]
        if candidate not in keys:
            keys[candidate] = keys_of(fit)
        preparation, fit.stack = keys[candidate]
        if fit.stack is None:
            alone.append(fit)
        else:
            batches[split, preparation][fit.stack].append(fit)
    return [list(chain(*stacks.values())) for stacks in batches.values()], alone


def keys_of(fit):
    """Return what fits of the same batch, and of the same stack, have in common.

    Both are None where the candidate brings another estimator in the network's place,
    or one with callbacks.
    """
    estimator = fit.candidate()
    network, path = last_step(estimator), path_to_last_step(estimator)
    if not isinstance(network, NETWORKS) or has_callbacks(estimator):
        return None, None
    free = {path + name for name in STACKED} if can_be_stacked(network) else set()
    preparation, stack = set(), set()
    for name, value in fit.parameters.items():
        if name not in free:
            simple = isinstance(value, str | bool | int | float)
            key = (type(value), value) if simple else id(value)
            (stack if name.startswith(path) else preparation).add((name, key))
    return frozenset(preparation), frozenset(stack)


def can_be_stacked(network):
    """Tell whether such networks can train side by side."""
    plain = type(network) in NETWORKS  # a subclass may fit in its own way
    return plain and network.solver != "lbfgs" and not network.verbose


def cut(batches, n_workers):
    """Cut batches into pieces, so that each worker can have the same number of fits.

    Laid end to end they are cut in ``n_workers`` parts. The longest pieces come first,
    because the shorter ones make up better for what takes longer than it seemed.
    """
    n_fits = sum(map(len, batches))
    cuts = {round(n_fits * k / n_workers) for k in range(1, n_workers)}
    pieces, start = [], 0
    for batch in batches:
        stop = start + len(batch)
        ends = [start, *sorted(cut for cut in cuts if start < cut < stop), stop]
        for one, other in zip(ends[:-1], ends[1:], strict=True):
            pieces.append(batch[one - start : other - start])
        start = stop
    return sorted(pieces, key=len, reverse=True)
