"""How a search in which networks are trained together enters scikit-learn's.

A search of scikit-learn's calls ``_run_search(evaluate_candidates)``, which its
documentation offers to those who schedule candidates in their own way. But what
``evaluate_candidates`` does with candidates, splits and callbacks ends in one call,
``parallel(tasks)``, of a variable in ``fit``: there is no way in between a list of
candidates and their results. So `FusedSearch` hands on a copy of that function in which
this variable does what `run` does. All else is scikit-learn's own work, whatever
version it is. Other ways would

- repeat ``fit``: 150 lines of which most call private functions, and which would stay
  as they are while scikit-learn's change, as when callbacks came in 1.9;
- replace ``Parallel`` in scikit-learn's module: for all searches of all threads;
- be a joblib backend: it is given the tasks in portions, by ``pre_dispatch`` and the
  number of workers, and has to look into private objects for what is in them. Nested in
  `joblib.parallel_config`, it would take the place of the user's, and of all that the
  estimators run in parallel;
- hand pretrained networks to ``fit`` through the estimator: all have to be kept in
  memory and sent to each worker, and times are not those of fits.

The copy depends on two things that scikit-learn does not promise: that there is one
such variable, and what a task holds. Both are looked at before anything is done; where
they are not as expected, fits are done one at a time, as scikit-learn has them, after a
warning.
"""

from functools import partial
from itertools import chain
from types import CellType, FunctionType
from warnings import warn

import joblib
import numpy as np
from sklearn.utils.parallel import delayed

from .evaluation import (
    Fit,
    fit_and_score,
    is_known,
    is_watched,
    last_step,
    one_level_of_threads,
    shared_by,
)
from .handing import handed_once
from .side_by_side import train
from .stacks import NETWORKS, cut, sort


class FusedSearch:
    """A mixin, before a search of scikit-learn's, that trains networks together."""

    def fit(self, X, y=None, **params):
        """Score candidates by cross-validation, and refit the best one.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Training examples, or what the first step of the pipeline takes.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Class labels, a matrix of 0 and 1 with a column for each label, or numbers.
        **params : dict of str to object
            Passed to ``fit`` of the estimator, the scorer and the splitter, such as
            ``sample_weight`` and ``groups``. Arrays with a row for each example are
            split as X is.

        Returns
        -------
        self : FusedGridSearchCV or FusedRandomizedSearchCV

        Raises
        ------
        TypeError
            If the estimator is neither a `LectureMLPClassifier` or a
            `LectureMLPRegressor` nor a pipeline that ends in one.
        ValueError
            If there are no candidates or they name unknown parameters, all fits have
            failed, or one has and ``error_score="raise"``.
        """
        if not isinstance(last_step(self.estimator), NETWORKS):
            name = type(self).__name__
            raise TypeError(
                f"{name} needs a LectureMLPClassifier, a LectureMLPRegressor "
                "or a Pipeline that ends in one, as its estimator; got "
                f"{self.estimator!r}. For others use sklearn.model_selection."
                f"{name.removeprefix('Fused')}, with the same arguments."
            )
        before = vars(self).copy()
        try:
            return super().fit(X, y, **params)
        except BaseException:  # scikit-learn's may have changed in part
            self.__dict__ = before
            raise

    def _run_search(self, evaluate_candidates, *, callback_ctx=None):
        fused = with_run(partial(run, self), evaluate_candidates)
        if fused is None:
            warn_of_unknown(self)
            fused = evaluate_candidates
        context = {} if callback_ctx is None else {"callback_ctx": callback_ctx}
        super()._run_search(fused, **context)  # before 1.9 there are no callbacks


def with_run(run, function):
    """Return a copy of ``function`` that calls ``run(parallel, tasks)``.

    It does so where the function itself has ``parallel(tasks)``: ``parallel`` is that
    one of the variables that it shares with what surrounds it that holds a
    `joblib.Parallel`. None where there is no such variable, or more than one.
    """
    cells = getattr(function, "__closure__", None) or ()
    places = [i for i, cell in enumerate(cells) if _holds_parallel(cell)]
    if len(places) != 1:
        return None
    closure, (place,) = list(cells), places
    closure[place] = CellType(partial(run, cells[place].cell_contents))
    code, name = function.__code__, function.__name__
    shared, defaults = function.__globals__, function.__defaults__
    return FunctionType(code, shared, name, defaults, tuple(closure))


def _holds_parallel(cell):
    try:
        return isinstance(cell.cell_contents, joblib.Parallel)
    except ValueError:  # it is empty yet
        return False


def warn_of_unknown(search):
    """Say that nothing is trained together."""
    name = type(search).__name__
    warn(
        f"{name} does not know this version of scikit-learn and trains one network at "
        f"a time, as {name.removeprefix('Fused')} does.",
        RuntimeWarning,
        stacklevel=3,
    )


def run(search, parallel, tasks):
    """Return what ``parallel(tasks)`` would: the results of all fits in their order."""
    tasks = list(tasks)
    if not all(map(is_known, tasks)):
        warn_of_unknown(search)
        return parallel(tasks)
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
