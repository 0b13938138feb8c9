"""scikit-learn's callbacks, experimental there since version 1.9, and only they.

Nothing of `sklearn.callback` is imported or called for an estimator without callbacks.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sklearn import __version__ as sklearn_version

from .._training import Observer


def _callback_module():
    try:
        from sklearn import callback
    except ImportError:
        raise ImportError(
            "Callbacks need scikit-learn 1.9 or newer, this is "
            f"{sklearn_version}. Upgrade it, or use verbose=True to see progress."
        ) from None
    return callback


Fit = TypeVar("Fit", bound=Callable[..., Any])


def with_callbacks(fit: Fit) -> Fit:
    """Decorate ``fit`` so that callbacks are torn down however it ends."""

    @wraps(fit)
    def followed_fit(estimator, *args, **kwargs):
        if not getattr(estimator, "_skl_callbacks", None):
            return fit(estimator, *args, **kwargs)
        managed_fit = _callback_module().with_callbacks(fit)
        return managed_fit(estimator, *args, **kwargs)

    return followed_fit


def follow(estimator, X, y, sample_weight):
    """Return an observer that tells the estimator's callbacks; None without any."""
    if not getattr(estimator, "_skl_callbacks", None):
        return None
    return FitTask(estimator, X, y, sample_weight)


class FitTask(Observer):
    """A `fit` as a task for callbacks, with a subtask for every epoch.

    Callbacks get the training data as the user passed them, and on demand a fitted
    estimator, what `fit` would return if it ended with the epoch. Training stops when
    one of them answers True.
    """

    def __init__(self, estimator, X, y, sample_weight):
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        self.about = {"estimator": estimator, "X": X, "y": y, "metadata": metadata}
        mixin = _callback_module().CallbackSupportMixin
        self.task = mixin._init_callback_context(
            estimator, max_subtasks=estimator.max_iter
        )
        self.task.call_on_fit_task_begin(**self.about)
        self.learned = None  # outcome -> learned attributes, set by whoever trains

    def before_epoch(self, epoch):
        """Begin a subtask."""
        self.epoch = self.task.subcontext(task_name="epoch")
        self.epoch.call_on_fit_task_begin(**self.about)

    def after_epoch(self, epoch, outcomes):
        """End the subtask; return whether a callback asks to stop training."""
        (outcome,) = outcomes
        return self.epoch.call_on_fit_task_end(
            **self.about, reconstruction_attributes=lambda: self.learned(outcome)
        )

    def finish(self):
        """End the task."""
        estimator = self.about["estimator"]
        learned = {n: v for n, v in vars(estimator).items() if n.endswith("_")}
        self.task.call_on_fit_task_end(
            **self.about, reconstruction_attributes=lambda: learned
        )


class CallbackSupport:
    """What an estimator needs to have callbacks."""

    def set_callbacks(self, *callbacks):
        """Let scikit-learn's callbacks follow `fit`, epoch by epoch.

        Needs scikit-learn 1.9 or newer. In a search or a pipeline, set a `ProgressBar`
        on the outermost estimator, which hands it on. `partial_fit`, a single epoch,
        calls no callbacks.

        Parameters
        ----------
        *callbacks : instances of callbacks
            Those of `sklearn.callback`, or others that follow its `FitCallback`
            protocol; none to remove those that are set.

        Returns
        -------
        self : estimator

        Raises
        ------
        ImportError
            If scikit-learn has no callbacks.
        TypeError
            If an argument is not a callback.

        Examples
        --------
        >>> from sklearn.callback import ScoringMonitor  # doctest: +SKIP
        >>> monitor = ScoringMonitor(scoring="accuracy")  # doctest: +SKIP
        >>> network.set_callbacks(monitor).fit(X, y)  # doctest: +SKIP
        """
        mixin = _callback_module().CallbackSupportMixin
        return mixin.set_callbacks(self, *callbacks)
