"""`FusedGridSearchCV`: a grid search in which networks are trained together.

`GridSearchCV` lists its fits, a candidate on a split each, and has joblib run them one
by one. Here the list is sorted first. Fits on one split whose data are prepared alike
make a *batch*: the steps before the network are fitted once for all of it. Networks of
a batch that differ in nothing but `STACKED` make a *stack*, which trains along the
leading axis of `_training.Training`. A *piece* of a batch is what one worker does.
"""

from collections import defaultdict
from copy import copy
from functools import partial
from itertools import chain
from warnings import warn

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.utils import check_random_state
from sklearn.utils.parallel import delayed

from .._arithmetic import public
from .._estimators import (
    Ending,
    LectureMLPClassifier,
    LectureMLPRegressor,
    divergence,
    warn_of_how_it_ended,
)
from .._lecture import OPTIMIZERS
from .._training import Observer, Patience
from .evaluation import (
    Fit,
    fit_and_score,
    has_callbacks,
    is_watched,
    last_step,
    one_level_of_threads,
    path_to_last_step,
    share_transforms,
    shared_by,
    with_last_step,
)
from .handing import handed_once

NETWORKS = LectureMLPClassifier, LectureMLPRegressor
STACKED = ("alpha", "learning_rate_init", "momentum")
STACK_BYTES = 2**25  # of parameters and activations; a stack that needs more is cut


@public
class FusedGridSearchCV(GridSearchCV):
    """Grid search with cross-validation that trains networks together.

    A drop-in for `sklearn.model_selection.GridSearchCV` over `LectureMLPClassifier` or
    `LectureMLPRegressor`, with the same parameters, attributes, methods and results.
    Candidates that differ in ``alpha``, ``learning_rate_init`` or ``momentum`` only are
    trained as a stack, on the same mini-batches at the same time [1]_, which takes the
    time of a few fits.

    Parameters
    ----------
    estimator : LectureMLPClassifier, LectureMLPRegressor or Pipeline
        The network, or a pipeline that ends in one. The pipeline's other steps are
        fitted on the training part of each split, once for all candidates that have the
        same parameters for them.
    param_grid : dict of str to sequence, or list of such
        Names of parameters, and the values to try; or several such grids.
    scoring : str, callable, list, tuple or dict, default=None
        One score, or several; None is the accuracy.
    n_jobs : int, default=None
        Number of workers, -1 for one per processor; None is 1 unless
        `joblib.parallel_config` says otherwise. Stacks are cut so that each worker gets
        the same number of networks.
    refit : bool, str or callable, default=True
        Whether to fit the best candidate to all data; with several scores, by which one
        of them; or a function that takes `cv_results_` and returns the best index.
    cv : int, cross-validation generator or iterable, default=None
        How to split the data: the number of stratified folds (None is 5), a splitter,
        or pairs of training and test indices.
    verbose : int, default=0
        1 prints the number of fits; 2 the time of each, its share of the time of a
        stack; 3 the scores, too; 10 also when fits start.
    pre_dispatch : int or str, default="2*n_jobs"
        How many stacks to hand to the workers in advance.
    error_score : "raise" or float, default=numpy.nan
        The score of a candidate whose fit fails, after a warning. The others of its
        stack are unaffected.
    return_train_score : bool, default=False
        Whether to compute training scores, which show the gap.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray of shape (n_candidates,)
        Scores, ranks, parameters and times, under the names that `GridSearchCV` uses.
    best_estimator_ : LectureMLPClassifier, LectureMLPRegressor or Pipeline
        Fitted to all data with the best parameters, with ``refit``.
    best_index_, best_params_, best_score_ : int, dict, float
        Place, parameters and mean test score of the best candidate.
    scorer_, multimetric_ : callable or dict of str to callable, bool
        What computed the scores, and whether there are several.
    n_splits_, refit_time_ : int, float
        Number of splits, and seconds that the refit took.
    classes_, n_features_in_, feature_names_in_ : ndarray, int, ndarray
        Those of `best_estimator_`.

    See Also
    --------
    RegularizationPathDisplay : Plot the scores against ``alpha``.

    Notes
    -----
    With an int or a RandomState as ``random_state``, every network trains as it would
    alone, and the scores are those of `GridSearchCV` up to rounding. With None, the
    networks of a stack share initial weights, order of examples, dropout's masks and
    validation set, drawn anew for each stack: their scores differ by their parameters
    and not by chance.

    Networks of other shapes or settings make further stacks. Those with L-BFGS, of
    subclasses, and with ``verbose`` are trained one at a time. So are all if callbacks
    have to follow every fit; a `ProgressBar` of the search need not, and counts fits.

    A stack of M networks holds parameters and activations M times and the examples
    once. Stacks that would need more than 32 MB, and gain nothing from it, are cut.

    References
    ----------
    .. [1] S. Wang, P. Yang, Y. Zheng, X. Li and G. Pekhimenko, "Horizontally Fused
       Training Array: an effective hardware utilization squeezer for training novel
       deep learning models", MLSys 2021.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> network = LectureMLPClassifier(max_iter=800, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), network)
    >>> grid = {"lecturemlpclassifier__alpha": [0.001, 0.01, 0.1]}
    >>> search = FusedGridSearchCV(pipeline, grid, return_train_score=True).fit(X, y)
    >>> for part in ("train", "test"):
    ...     print(part, search.cv_results_[f"mean_{part}_score"].round(2))
    train [0.98 0.98 0.97]
    test [0.97 0.98 0.96]
    """

    def fit(self, X, y=None, **params):
        """Score all candidates by cross-validation, and refit the best one.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Training examples, or what the first step of the pipeline takes.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Class labels, or a matrix of 0 and 1 with a column for each label.
        **params : dict of str to object
            Passed to ``fit`` of the estimator, the scorer and the splitter, such as
            ``sample_weight`` and ``groups``. Arrays with a row for each example are
            split as X is.

        Returns
        -------
        self : FusedGridSearchCV

        Raises
        ------
        TypeError
            If the estimator is neither a `LectureMLPClassifier` or a
            `LectureMLPRegressor` nor a pipeline that ends in one.
        ValueError
            If the grid names unknown parameters or is empty, all fits have failed, or
            one has and ``error_score="raise"``.
        """
        if not isinstance(last_step(self.estimator), NETWORKS):
            raise TypeError(
                "FusedGridSearchCV needs a LectureMLPClassifier, a LectureMLPRegressor "
                "or a Pipeline that ends in one, as its estimator; got "
                f"{self.estimator!r}. For others use "
                "sklearn.model_selection.GridSearchCV, with the same arguments."
            )
        return super().fit(X, y, **params)

    def _run_search(self, evaluate_candidates, *, callback_ctx=None):
        # All that `GridSearchCV.fit` wants done it passes to its variable `parallel`,
        # as a list of fits. That is where to step in: the rest remains its own work.
        code = getattr(evaluate_candidates, "__code__", None)
        variables = code.co_freevars if code else ()
        if "parallel" in variables:
            cell = evaluate_candidates.__closure__[variables.index("parallel")]
            cell.cell_contents = partial(run, cell.cell_contents, self)
        else:
            warn(
                "FusedGridSearchCV does not know this version of scikit-learn and "
                "trains one network at a time, as GridSearchCV does.",
                RuntimeWarning,
                stacklevel=3,
            )
        context = {} if callback_ctx is None else {"callback_ctx": callback_ctx}
        super()._run_search(evaluate_candidates, **context)


def run(parallel, search, tasks):
    """Return what ``parallel(tasks)`` would: the results of all fits in their order."""
    tasks = list(tasks)
    if not tasks or is_watched(search, tasks[0]):
        return parallel(tasks)
    batches, alone = sort([Fit(*numbered) for numbered in enumerate(tasks)])
    n_workers = joblib.effective_n_jobs(search.n_jobs)
    pieces = cut(batches, n_workers)
    shared = shared_by(tasks)
    work = [delayed(fit_and_score)(shared, piece, train) for piece in pieces]
    work += [tasks[fit.position] for fit in alone]
    with handed_once(shared), one_level_of_threads(n_workers):
        done = parallel(work)
    results = [*chain(*done[: len(pieces)]), *done[len(pieces) :]]
    order = [fit.position for fit in chain(*pieces, alone)]
    return [results[i] for i in np.argsort(order)]


# Which fits go together


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
    if network.learning_rate == "invscaling":  # its schedule knows one rate
        free.discard(f"{path}learning_rate_init")
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


# How they are trained


def train(fits, X, y, fit_params):
    """Return for each fit of a piece the fitted estimator, or why it has failed."""
    estimators = [fit.candidate() for fit in fits]
    networks = [last_step(estimator) for estimator in estimators]
    side_by_side = SideBySide(networks, [fit.stack for fit in fits])
    whole = with_last_step(estimators[0], side_by_side)
    try:
        whole.fit(X, y, **fit_params)
    except Exception as error:
        return [error] * len(fits)
    whole = share_transforms(whole)
    return [
        with_last_step(whole, network) if error is None else error
        for network, error in zip(networks, side_by_side.errors, strict=True)
    ]


class SideBySide(BaseEstimator):
    """Several networks as one last step: what comes before is done for all of them."""

    def __init__(self, networks, stacks):
        self.networks, self.stacks = networks, stacks

    def get_metadata_routing(self):
        """Ask for what the networks ask for."""
        return self.networks[0].get_metadata_routing()

    def fit(self, X, y=None, **params):
        """Train stack by stack, and note in ``errors`` what has failed, or None."""
        self.errors = []
        stacks = defaultdict(list)
        for network, stack in zip(self.networks, self.stacks, strict=True):
            stacks[stack].append(network)  # neighbours, so the order stays
        for networks in stacks.values():
            if can_be_stacked(networks[0]):
                self.errors += train_stack(networks, X, y, params)
            else:
                self.errors += [train_alone(one, X, y, params) for one in networks]
        return self


def train_alone(network, X, y, params):
    """Fit a network as `GridSearchCV` would; return what went wrong, or None."""
    try:
        network.fit(X, y, **params)
    except Exception as error:
        return error


def train_stack(networks, X, y, params):
    """Fit networks that differ in `STACKED` only; return what went wrong, or None."""
    errors, valid = {}, []
    for network in networks:
        try:
            network._check()
            valid.append(network)
        except Exception as error:
            errors[network] = error
    try:
        if valid:
            leader = copy(valid[0])
            if leader.random_state is None:
                leader.random_state = check_random_state(None).randint(2**31 - 1)
            run = leader._prepare(X, y, **params)
            n_parts = -(-len(valid) // largest_stack(run))
            for part in np.array_split(np.arange(len(valid)), n_parts):
                errors |= descend([valid[i] for i in part], run)
    except Exception as error:
        errors |= dict.fromkeys(valid, error)
    return [errors.get(network) for network in networks]


def largest_stack(run):
    """Return how many networks train together within `STACK_BYTES`, one at least."""
    draft = run.draft
    n_units = sum(b.size for b in draft.intercepts_)
    numbers = 8 * draft.n_parameters_ + 6 * run.batch_size * n_units
    return max(1, STACK_BYTES // (numbers * draft.coefs_[0].itemsize))


class Rates(Observer):
    """The learning rate of every network in its latest epoch."""

    def __init__(self, training):
        self.training, self.latest = training, {}

    def after_epoch(self, epoch, outcomes):
        """Note the rates of those that are still in the stack."""
        rates = self.training.optimizer.learning_rate[:, 0].tolist()
        self.latest |= zip(self.training.running.tolist(), rates, strict=True)


def descend(networks, run):
    """Train networks together, each from a copy of the run's draft; return errors.

    The run's chance is copied too, so one run serves several stacks.
    """
    leader = networks[0]
    runs = [run.of(network) for network in networks]
    stack = {
        "alpha": [one.alpha for one in runs],
        "learning_rate": [one.starting_rate for one in runs],
    }
    if "momentum" in OPTIMIZERS[leader.solver].settings:
        stack["momentum"] = [network.momentum for network in networks]
    training = runs[0].training(stack)
    patience = Patience(leader.tol, leader.n_iter_no_change, len(networks))
    rates = Rates(training)
    endings = [
        Ending(one, outcome)
        for one, outcome in zip(runs, training.outcomes, strict=True)
    ]
    training.run(leader.max_iter, patience, [rates])
    errors = {}
    for i, (network, one, ending) in enumerate(
        zip(networks, runs, endings, strict=True)
    ):
        if ending.outcome.status == "diverged":
            errors[network] = ValueError(divergence(network, ending))
            continue
        one.draft.learning_rate_ = rates.latest[i]
        network._adopt(one.learned(ending.outcome, resume=False))
        try:
            warn_of_how_it_ended(network, ending)
        except Warning as warning:  # for users who make errors of them
            errors[network] = warning
    return errors
