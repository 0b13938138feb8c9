"""`fit_stream`: `fit` for data that are read in parts."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from numbers import Integral, Real
from os import PathLike
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import is_classifier

from .._arithmetic import public
from .._diagnosis import progress_shown
from .._estimators import (
    LectureMLPClassifier,
    LectureMLPRegressor,
    Streams,
    Whole,
)
from .checkpoint import load
from .groups import N_OPEN, Reader, Rows
from .passes import Passes, State
from .tables import source_of

MOST_HELD_OUT = 20_000  # rows: enough for a loss to 1 %, and little memory
Network = TypeVar("Network", LectureMLPClassifier, LectureMLPRegressor)


@public
def fit_stream(
    estimator: Network,
    data: Any,
    *,
    target: str | None = None,
    weight: str | None = None,
    classes: ArrayLike | None = None,
    n_passes: int = 100,
    patience: int = 5,
    validation: float | tuple[ArrayLike, ...] = 0.1,
    rows_at_once: int = 20_000,
    checkpoint: str | PathLike | None = None,
    checkpoint_seconds: float = 60.0,
    progress: bool | str | Callable[[int, int], Any] = "auto",
) -> Network:
    """Fit a network to data that are read in parts, pass by pass.

    What is in memory at a time are ``rows_at_once`` rows, the validation set, and what
    the source needs to read a piece of four of its parts. Inputs are standardised by
    statistics that the first pass gathers on the way.

    Parameters
    ----------
    estimator : LectureMLPClassifier or LectureMLPRegressor
        A network, not with L-BFGS. It is trained anew, in place. ``learning_rate``
        acts on passes as in `fit` on epochs: ``"auto"`` divides α by 5 when patience
        would end the training, twice.
        ``shuffle``, ``random_state``, ``tol`` and ``verbose`` (a line a pass) are
        heeded; ``max_iter`` and ``n_iter_no_change`` are for `fit`.
    data : list of batches, callable, tuple of arrays, path or table
        A list or other sequence of batches (X, y) or (X, y, sample_weight); or a
        function without arguments that returns an iterable of such, the same each time,
        which come in its order; or one tuple of arrays that are sliced, such as
        `numpy.memmap`. Or a table, whose columns but ``target`` and ``weight`` are the
        inputs: a ``pyarrow.dataset``, the path of one (a Parquet file, say, or a folder
        of them), a Dask dataframe or a Polars LazyFrame.
    target : str, default=None
        Column of a table that is to be predicted.
    weight : str, default=None
        Column of a table that holds weights ≥ 0 of the rows. As in `fit`, a common
        factor of all weights changes nothing.
    classes : array-like of shape (n_classes,), default=None
        All classes. None reads all targets beforehand to find them.
    n_passes : int, default=100
        Largest number of passes over the data.
    patience : int, default=5
        The learning rate is lowered, or training ends, after so many passes in a row
        that did not lower the validation loss by more than the estimator's ``tol``; the
        cost, if there is no validation set. With 10, and ``validation=0``, training
        ends as that of `fit`.
    validation : float or (X_val, y_val[, sample_weight_val]), default=0.1
        Share of the rows, in [0, 1), that are held out, drawn at random from all parts,
        and of which no more than about 20,000 where the number of rows is known; or a
        validation set of one's own. After each pass loss and score are measured on it,
        and the weights of the best pass are kept. With 0 there is none, and those of
        the last pass are kept.
    rows_at_once : int, default=20000
        Rows that are gathered from four parts of the data at once, in a random order
        of the parts, and shuffled before they are learned from.
    checkpoint : path, default=None
        File to save the training to, and to go on from if it exists. However training
        was ended, it goes on to exactly the weights that it would have had; of a
        training that is over, the result is returned at once, or with more
        ``n_passes`` continued. It is a pickle: load only what you have saved.
    checkpoint_seconds : float, default=60
        Save when so much time has passed, and after each pass.
    progress : bool, "auto" or callable, default="auto"
        As in `diagnose_overfitting`; a function is called with the numbers of rows that
        are done, and that are to do at most, once the latter is known.

    Returns
    -------
    estimator : LectureMLPClassifier or LectureMLPRegressor
        The same object, fitted. ``loss_curve_``, ``validation_loss_curve_`` and
        ``validation_scores_`` have a value for each pass, and ``n_iter_`` is their
        number.

    Raises
    ------
    TypeError
        If the estimator or ``data`` is none of those above.
    ValueError
        If an argument is not as described, there are no rows, a batch has other columns
        than the first or another type, a class was not announced, the checkpoint is of
        another training, or training diverges. The estimator stays as it was.
    ImportError
        If reading needs a library that is not installed; the extra is named.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_mlp_edu import LectureMLPClassifier, fit_stream
    >>> X, y = load_digits(return_X_y=True)
    >>> batches = [(X[i : i + 300], y[i : i + 300]) for i in range(0, 1797, 300)]
    >>> network = LectureMLPClassifier(random_state=0)
    >>> network = fit_stream(network, batches)
    >>> print(f"{network.best_validation_score_:.1f}")
    1.0
    """
    _check_estimator(estimator)
    _check_numbers(n_passes, patience, rows_at_once, checkpoint_seconds)
    source = source_of(data, target, weight, max(1, rows_at_once // N_OPEN))
    share, held = _checked_validation(validation, source.n_rows)
    settings = _settings(
        estimator, source, target, weight, classes, share, bool(held), rows_at_once
    )
    saved = None if checkpoint is None else load(checkpoint, settings)
    if saved is None:
        state = _start(estimator, source, share, held)
        if classes is None and is_classifier(estimator):
            classes = _classes_of(source)
    else:
        state = saved["state"]
    with progress_shown(progress) as report_progress:
        reader = Reader(
            source, rows_at_once, share, state.seed, estimator.shuffle, state.form
        )
        passes = Passes(
            state,
            reader,
            classes,
            patience,
            checkpoint=checkpoint,
            seconds=checkpoint_seconds,
            settings=settings,
            report_progress=report_progress,
        )
        try:
            passes.run(n_passes, estimator.verbose)
        except KeyboardInterrupt:
            if state.n_passes:  # keep the passes that were finished
                _adopt(estimator, passes)
            raise
    _adopt(estimator, passes)
    return estimator


def _start(estimator, source, share, held):
    """Return the state before the first row."""
    network = estimator._draft(keep_learned=False)
    network.random_state, network.verbose = deepcopy(estimator.random_state), False
    seed = Streams.of(network.random_state).split_seed
    n_rows = source.n_rows and round(source.n_rows * (1 - share))
    return State(network, seed, Whole(n_rows), held=held)


def _adopt(estimator, passes):
    learned = passes.learned()
    learned.random_state, learned.verbose = estimator.random_state, estimator.verbose
    estimator._adopt(learned)


def _classes_of(source):
    """Return all classes in the source, None where rows carry several labels."""
    found = [np.unique(y) if y.ndim == 1 else None for y in source.labels()]
    if not found:
        raise ValueError("The stream has no rows to learn from.")
    if any(some is None for some in found):
        return None
    return np.unique(np.concatenate(found))


def _check_estimator(estimator):
    if not isinstance(estimator, LectureMLPClassifier | LectureMLPRegressor):
        raise TypeError(
            "fit_stream trains a LectureMLPClassifier or a LectureMLPRegressor, which "
            f"standardise inputs by themselves; got {estimator!r}."
        )
    try:
        estimator.partial_fit  # noqa: B018
    except AttributeError as error:
        reason = str(error.__cause__ or error)
        if estimator.early_stopping:
            reason = (
                "partial_fit needs early_stopping=False: it watches rows that it holds "
                "out by itself, see validation and patience"
            )
        raise ValueError(reason.replace("partial_fit", "fit_stream")) from None


def _check_numbers(n_passes, patience, rows_at_once, checkpoint_seconds):
    counts = {"n_passes": n_passes, "patience": patience, "rows_at_once": rows_at_once}
    for name, value in counts.items():
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be an int >= 1, got {value!r}.")
    if not isinstance(checkpoint_seconds, Real) or not checkpoint_seconds >= 0:
        raise ValueError(
            f"checkpoint_seconds must be a number >= 0, got {checkpoint_seconds!r}."
        )


def _checked_validation(validation, n_rows):
    """Return the share of rows to hold out, and rows to validate on."""
    if isinstance(validation, Real) and 0 <= validation < 1:
        share = float(validation)
        return (min(share, MOST_HELD_OUT / n_rows) if n_rows else share), []
    if not isinstance(validation, tuple) or len(validation) not in (2, 3):
        raise ValueError(
            "validation must be a number in [0, 1), the share of rows to hold out, or "
            "(X_val, y_val), or (X_val, y_val, sample_weight_val); got "
            f"{validation!r}."
        )
    return 0.0, [Rows(*map(np.asarray, validation))]


def _name(thing):
    """Return what tells a function or another object from others, after a restart."""
    named = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{named.__module__}.{named.__qualname__}"


def _settings(estimator, source, target, weight, classes, share, own, rows_at_once):
    """Return what has to be the same for a training to go on."""
    parameters = estimator.get_params().items()
    simple = str | bool | int | float | tuple | list | dict | None
    told = {n: repr(v) if isinstance(v, simple) else _name(v) for n, v in parameters}
    return told | {
        "estimator": type(estimator).__name__,
        "number of parts": source.n_shards,
        "number of rows": source.n_rows,
        "columns": source.columns,
        "target": target,
        "weight": weight,
        "classes": None if classes is None else np.asarray(classes).tolist(),
        "validation": "own" if own else share,
        "rows_at_once": rows_at_once,
    }
