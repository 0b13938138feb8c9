"""`WeightImageDisplay`: what the first layer looks for in an image."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from .._arithmetic import public, required


@public
class WeightImageDisplay:
    """First-layer weights of a network on images, each neuron's as an image.

    Make it with `from_estimator`. Grey, or the middle of the colour scale, is a weight
    of 0. Each neuron has its own scale, up to its largest weight.

    Parameters
    ----------
    weights : array-like of shape (n_neurons, height, width) or (n_neurons, height, \
width, 3)
        Weights of the neurons to show.
    neurons : sequence of int, default=None
        Their numbers in the layer.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        All neurons side by side in one picture, row by row.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_mlp_edu import LectureMLPClassifier, WeightImageDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> network = LectureMLPClassifier((12,), max_iter=1000).fit(X / 4, y)
    >>> display = WeightImageDisplay.from_estimator(network, (8, 8))
    >>> display.weights.shape
    (12, 8, 8)
    """

    def __init__(
        self, weights: ArrayLike, *, neurons: Sequence[int] | None = None
    ) -> None:
        self.weights = weights
        self.neurons = neurons

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        image_shape: tuple[int, ...],
        *,
        n_neurons: int = 16,
        ax: Any = None,
        **image_kwargs,
    ) -> WeightImageDisplay:
        """Draw the first layer of a fitted network.

        Parameters
        ----------
        estimator : estimator
            Fitted; with an attribute ``coefs_``, as `LectureMLPClassifier` has, or a
            pipeline that ends in such a one. Behind a scaler the weights are those of
            the scaled pixels.
        image_shape : (height, width) or (height, width, 3)
            How the features make an image.
        n_neurons : int, default=16
            How many neurons to show: those of the largest weights, largest first.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **image_kwargs : dict
            For ``imshow``, such as ``cmap``.

        Returns
        -------
        display : WeightImageDisplay

        Raises
        ------
        NotFittedError
            If the estimator is not fitted.
        ValueError
            If it has no weights, ``image_shape`` does not fit the number of features,
            or ``n_neurons`` is not positive.
        ImportError
            If matplotlib is not installed.
        """
        check_is_fitted(estimator)
        while hasattr(estimator, "steps"):
            estimator = estimator.steps[-1][1]
        if not hasattr(estimator, "coefs_"):
            raise ValueError(
                f"{type(estimator).__name__} has no attribute coefs_, the weights; "
                "pass a fitted LectureMLPClassifier, or a pipeline that ends in one."
            )
        W = np.asarray(estimator.coefs_[0])  # (n_features, n[1])
        shape = _check_shape(image_shape, W.shape[0])
        if not isinstance(n_neurons, Integral) or n_neurons < 1:
            raise ValueError(f"n_neurons must be an int >= 1, got {n_neurons!r}.")
        largest = np.argsort(-np.linalg.norm(W, axis=0), kind="stable")[:n_neurons]
        display = cls(W.T[largest].reshape(-1, *shape), neurons=largest.tolist())
        return display.plot(ax=ax, **image_kwargs)

    def plot(self, ax: Any = None, **image_kwargs) -> WeightImageDisplay:
        """Draw the weights.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **image_kwargs : dict
            For ``imshow``, such as ``cmap``.

        Returns
        -------
        display : WeightImageDisplay
            This one.
        """
        if ax is None:
            plt = required("matplotlib.pyplot", "WeightImageDisplay", extra="plot")
            _, ax = plt.subplots(layout="constrained")
        mosaic = _mosaic(np.asarray(self.weights, dtype=np.float64))
        defaults = {"interpolation": "nearest"}
        if mosaic.ndim == 2:
            defaults |= {"cmap": "RdBu_r", "vmin": 0.0, "vmax": 1.0}
        self.image_ = ax.imshow(mosaic, **{**defaults, **image_kwargs})
        ax.set_axis_off()
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _check_shape(image_shape, n_features):
    shape = tuple(image_shape)
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] != 3):
        raise ValueError(
            "image_shape must be (height, width), or (height, width, 3) for colours, "
            f"got {image_shape!r}."
        )
    if np.prod(shape) != n_features:
        raise ValueError(
            f"image_shape={image_shape!r} has {np.prod(shape):,} values, but the "
            f"network {n_features:,} features; pass the shape of its images."
        )
    return shape


def _mosaic(weights):
    """Put images (n, height, width, ...) side by side, as values in [0, 1]."""
    n, height, width, *rest = weights.shape
    largest = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True)
    images = 0.5 + weights / (2 * np.where(largest > 0, largest, 1))
    n_columns = int(np.ceil(np.sqrt(n)))
    n_rows = -(-n // n_columns)
    border = max(1, height // 16)
    empty = 1.0 if rest else np.nan
    shape = (n_rows * (height + border) - border, n_columns * (width + border) - border)
    mosaic = np.full((*shape, *rest), empty)
    for k, image in enumerate(images):
        row, column = divmod(k, n_columns)
        top, left = row * (height + border), column * (width + border)
        mosaic[top : top + height, left : left + width] = image
    return mosaic
