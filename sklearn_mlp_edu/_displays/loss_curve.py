"""`LossCurveDisplay`: how the cost fell from epoch to epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from .._arithmetic import public, required


@public
class LossCurveDisplay:
    """Training cost, and where there is one the validation loss, by epoch.

    The training cost includes the L2 term (3.35), the validation loss does not.

    Make it with `from_estimator`. To compare estimators, draw each into the axes of
    the first: ``LossCurveDisplay.from_estimator(other, ax=display.ax_)``.

    Parameters
    ----------
    loss_curve : array-like of shape (n_epochs,)
        Training cost of each epoch.
    validation_loss_curve : array-like of shape (n_epochs,), default=None
        Loss on the validation set after each epoch.
    best_epoch : int, default=None
        Number of the epoch to mark, counted from 1.
    name : str, default=None
        Name for the legend.

    Attributes
    ----------
    line_ : matplotlib Line2D
        The training cost.
    validation_line_ : matplotlib Line2D or None
        The validation loss.
    best_epoch_line_ : matplotlib Line2D or None
        The mark at the best epoch, a single point.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import LectureMLPClassifier, LossCurveDisplay
    >>> X, y = load_iris(return_X_y=True)
    >>> network = LectureMLPClassifier(max_iter=20, n_iter_no_change=float("inf"))
    >>> display = LossCurveDisplay.from_estimator(network.fit(X, y))
    >>> len(display.line_.get_xdata())
    20
    """

    def __init__(
        self,
        loss_curve: ArrayLike,
        *,
        validation_loss_curve: ArrayLike | None = None,
        best_epoch: int | None = None,
        name: str | None = None,
    ) -> None:
        self.loss_curve = loss_curve
        self.validation_loss_curve = validation_loss_curve
        self.best_epoch = best_epoch
        self.name = name

    @classmethod
    def from_estimator(
        cls, estimator: Any, *, name: str | None = None, ax: Any = None, **line_kwargs
    ) -> LossCurveDisplay:
        """Draw the curves of a fitted estimator.

        Parameters
        ----------
        estimator : estimator
            Fitted; with an attribute ``loss_curve_``, as `LectureMLPClassifier`,
            `LectureMLPRegressor` and scikit-learn's networks have. Or a pipeline that
            ends in such a one.
        name : str, default=None
            Name for the legend; None is the name of the class.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **line_kwargs : dict
            For the lines, such as ``color``.

        Returns
        -------
        display : LossCurveDisplay
            The best epoch is that of the highest validation score, else of the lowest
            validation loss, else of the lowest cost.

        Raises
        ------
        NotFittedError
            If the estimator is not fitted.
        ValueError
            If it kept no cost for each epoch.
        ImportError
            If matplotlib is not installed.
        """
        check_is_fitted(estimator)
        while hasattr(estimator, "steps"):
            estimator = estimator.steps[-1][1]
        curve = getattr(estimator, "loss_curve_", None)
        if curve is None:
            raise ValueError(
                f"{type(estimator).__name__} has no attribute loss_curve_, the cost of "
                "each epoch; pass a fitted LectureMLPClassifier, or a pipeline that "
                "ends in one."
            )
        validation = getattr(estimator, "validation_loss_curve_", None)
        display = cls(
            np.asarray(curve),
            validation_loss_curve=None
            if validation is None
            else np.asarray(validation),
            best_epoch=_best_epoch(estimator),
            name=type(estimator).__name__ if name is None else name,
        )
        return display.plot(ax=ax, **line_kwargs)

    def plot(
        self, ax: Any = None, *, name: str | None = None, **line_kwargs
    ) -> LossCurveDisplay:
        """Draw the curves.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        name : str, default=None
            Name for the legend; None is the one given before.
        **line_kwargs : dict
            For the lines, such as ``color``.

        Returns
        -------
        display : LossCurveDisplay
            This one.
        """
        if ax is None:
            plt = required("matplotlib.pyplot", "LossCurveDisplay", extra="plot")
            _, ax = plt.subplots(layout="constrained")
        name = self.name if name is None else name
        prefix = "" if name is None else f"{name}, "
        epochs = np.arange(1, len(self.loss_curve) + 1)
        (self.line_,) = ax.plot(
            epochs,
            self.loss_curve,
            **{"label": f"{prefix}training cost", **line_kwargs},
        )
        curve, color = self.loss_curve, self.line_.get_color()
        self.validation_line_ = self.best_epoch_line_ = None
        if self.validation_loss_curve is not None:
            curve = np.asarray(self.validation_loss_curve)
            style = {"linestyle": "--", **line_kwargs, "color": color}
            style["label"] = f"{prefix}validation loss"
            (self.validation_line_,) = ax.plot(
                epochs[len(epochs) - len(curve) :], curve, **style
            )
        if self.best_epoch is not None:
            height = curve[self.best_epoch - 1 - (len(epochs) - len(curve))]
            label = f"{prefix}best epoch: {self.best_epoch}"
            (self.best_epoch_line_,) = ax.plot(
                self.best_epoch, height, "o", color=color, label=label
            )
        ax.set(xlabel="epoch", ylabel="cost")
        ax.legend()
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _best_epoch(estimator):
    n_epochs = len(estimator.loss_curve_)
    scores = getattr(estimator, "validation_scores_", None)
    losses = getattr(estimator, "validation_loss_curve_", None)
    if scores is not None and getattr(estimator, "early_stopping", False):
        return n_epochs - len(scores) + int(np.argmax(scores)) + 1
    if losses is not None:
        return n_epochs - len(losses) + int(np.argmin(losses)) + 1
    return int(np.argmin(estimator.loss_curve_)) + 1
