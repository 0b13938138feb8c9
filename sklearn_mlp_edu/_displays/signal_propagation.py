"""`SignalPropagationDisplay`: what an initialisation does to signal and error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone

from .._arithmetic import public, required
from .._laboratory import trace_step

INITS = ("small_normal", "inverse_fan_in", "lecun", "xavier", "he")


@public
class SignalPropagationDisplay:
    """Variance of activations and of errors, layer by layer, before any training (L7).

    Make it with `from_estimator`. Where each layer multiplies the variance by the same
    factor other than 1, the lines are straight, and the signal fades or explodes:

        Var a[l] = n[l-1] · Var W[l] · Var a[l-1]        forward
        Var δ[l] = n[l+1] · Var W[l+1] · Var δ[l+1]      backward, δ = ∂J/∂z

    for units that are linear around 0, see ``docs/equations.md``.

    Parameters
    ----------
    activations : dict of {str: array-like of shape (n_layers,)}
        For each initialisation, the variance of a[0] … a[L-1].
    gradients : dict of {str: array-like of shape (n_layers,)}
        For each initialisation, the variance of ∂J/∂z[1] … ∂J/∂z[L].

    Attributes
    ----------
    axes_ : ndarray of shape (2,)
        Matplotlib Axes: of the activations, and of the gradients.
    lines_ : list of matplotlib Line2D
        First those of the activations.
    figure_ : matplotlib Figure

    See Also
    --------
    trace_step : All that one step computes; these variances are of its arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mlp_edu import LectureMLPClassifier, SignalPropagationDisplay
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(200, 100)), np.arange(200) % 2
    >>> network = LectureMLPClassifier((100,) * 10, activation="tanh", random_state=0)
    >>> display = SignalPropagationDisplay.from_estimator(network, X, y)
    >>> for init in ("small_normal", "xavier"):
    ...     print(init, "%.0e" % display.activations[init][-1])
    small_normal 1e-20
    xavier 5e-02
    """

    def __init__(
        self,
        activations: Mapping[str, ArrayLike],
        gradients: Mapping[str, ArrayLike],
    ) -> None:
        self.activations, self.gradients = activations, gradients

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: ArrayLike,
        y: ArrayLike,
        *,
        inits: Sequence[Any] = INITS,
        axes: Any = None,
        **line_kwargs,
    ) -> SignalPropagationDisplay:
        """Send examples through a network of several initialisations, and errors back.

        Parameters
        ----------
        estimator : LectureMLPClassifier or LectureMLPRegressor
            Its architecture counts; whether it is fitted does not, nor its dropout.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Their targets.
        inits : sequence of str or callable, default=("small_normal", \
"inverse_fan_in", "lecun", "xavier", "he")
            Values of the parameter ``init`` to compare.
        axes : array-like of two matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **line_kwargs : dict
            For matplotlib's ``plot``.

        Returns
        -------
        display : SignalPropagationDisplay

        Raises
        ------
        TypeError
            If ``estimator`` is not a network of this package.
        ValueError
            If it or the examples are not as they must be, or ``inits`` is empty.
        ImportError
            If matplotlib is not installed.
        """
        if isinstance(inits, str) or len(inits) == 0:
            raise ValueError(
                "inits must be a sequence of one or more values of the parameter init, "
                f"got {inits!r}."
            )
        activations, gradients = {}, {}
        for init in inits:
            network = clone(estimator).set_params(init=init, dropout=0.0)
            trace = trace_step(network, X, y)
            n_layers = sum(key.startswith("z[") for key in trace)
            first = "x̃" if "x̃" in trace.keys() else "x"
            hidden = [trace[f"a[{l}]"] for l in range(1, n_layers)]
            errors = [trace[f"dz[{l}]"] for l in range(1, n_layers + 1)]
            name = init if isinstance(init, str) else init.__name__
            activations[name] = np.array([np.var(a) for a in [trace[first], *hidden]])
            gradients[name] = np.array([np.var(error) for error in errors])
        return cls(activations, gradients).plot(axes=axes, **line_kwargs)

    def plot(self, axes: Any = None, **line_kwargs) -> SignalPropagationDisplay:
        """Draw the variances by layer, on logarithmic scales.

        A variance of 0 has no place there: a scheme whose signal is 0 ends its line.

        Parameters
        ----------
        axes : array-like of two matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **line_kwargs : dict
            For matplotlib's ``plot``.

        Returns
        -------
        display : SignalPropagationDisplay
            This one.
        """
        if axes is None:
            plt = required("matplotlib.pyplot", "SignalPropagationDisplay", "plot")
            _, axes = plt.subplots(1, 2, figsize=(9.5, 3.8), layout="constrained")
        axes = np.asarray(axes, dtype=object).ravel()
        if axes.shape != (2,):
            raise ValueError(f"axes must be two matplotlib Axes, got {axes.size}.")
        panels = (
            (self.activations, 0, "activations a[l]", "variance"),
            (self.gradients, 1, "errors ∂J/∂z[l]", ""),
        )
        self.lines_ = []
        for ax, (variances, first, title, ylabel) in zip(axes, panels, strict=True):
            for name, values in variances.items():
                layers = np.arange(first, first + len(values))
                positive = np.where(np.asarray(values) > 0, values, np.nan)
                style = {"marker": "o", "markersize": 4, "label": name, **line_kwargs}
                self.lines_ += ax.plot(layers, positive, **style)
            ax.set(title=title, xlabel="layer l", ylabel=ylabel, yscale="log")
            ax.xaxis.get_major_locator().set_params(integer=True)
        axes[0].legend()
        self.axes_, self.figure_ = axes, axes[0].figure
        return self
