"""What any fitted network can do: compute its outputs, and describe itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from .._lecture import ACTIVATIONS, Network, Parameters, count, predict
from .._training import Scaling, statistics_from
from .checks import floats_expected
from .persistence import Versioned

FLOATS = [np.float64, np.float32]


class OutputsOfExamples(Versioned, BaseEstimator):
    """Outputs for examples that users pass: checked, then ``_outputs_of_valid``."""

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def _outputs(self, X, kind):
        """Return what the loss's method ``kind`` makes of the logits."""
        check_is_fitted(self)
        if not self._is_plainly_valid(X):
            with floats_expected():
                X = validate_data(
                    self, X, accept_sparse="csr", dtype=FLOATS, reset=False
                )
        return self._outputs_of_valid(X, kind)

    def _is_plainly_valid(self, X):
        """Tell whether X needs none of scikit-learn's checks.

        They take longer than the prediction of a few rows. A sum is finite only if all
        of its terms are.
        """
        return (
            type(X) is np.ndarray
            and X.dtype in FLOATS
            and X.shape[1:] == (self.n_features_in_,)
            and len(X) > 0
            and not hasattr(self, "feature_names_in_")
            and bool(np.isfinite(np.add.reduce(X, axis=None)))
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class FittedMLP(OutputsOfExamples):
    """A network by virtue of its learned attributes."""

    coefs_: list[np.ndarray]
    intercepts_: list[np.ndarray]
    loss_curve_: list[float]
    loss_: float
    best_loss_: float
    learning_rate_: float
    learning_rate_init_: float
    alpha_: float
    mean_: np.ndarray | None
    scale_: np.ndarray | None
    n_samples_seen_: int
    n_iter_: int
    t_: int
    n_layers_: int
    n_outputs_: int
    n_parameters_: int
    out_activation_: str
    n_features_in_: int
    feature_names_in_: np.ndarray

    if TYPE_CHECKING:  # what scikit-learn, which has no type hints, defines

        def get_params(self, deep: bool = True) -> dict[str, Any]: ...
        def set_params(self, **params: Any) -> Self: ...

    def _network(self):
        """Return the fitted architecture, whatever the parameters say by now."""
        sizes = (self.coefs_[0].shape[0], *(W.shape[1] for W in self.coefs_))
        activation = ACTIVATIONS[self._hidden_activation_]
        return Network(sizes, activation, self._targets().loss)

    def _set_layers(self, layer_sizes, theta):
        parameters = Parameters(layer_sizes, theta)
        self.coefs_ = parameters.W[1:]
        self.intercepts_ = [b[0] for b in parameters.b[1:]]

    def _statistics(self):
        """Return the statistics of the inputs."""
        return statistics_from(self._statistics_)

    def _scaling(self):
        """Return how inputs are standardised, None for not at all."""
        if self.mean_ is None:
            return None
        return Scaling.of(self.mean_, self.scale_, self.coefs_[0].dtype)

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def _outputs_of_valid(self, X, kind, rows=None):
        network = self._network()
        W = [None, *self.coefs_]
        b = [None, *(b[np.newaxis] for b in self.intercepts_)]
        read = _finite(getattr(network.loss, kind), rows)
        return predict(network, W, b, X, read, self._scaling())

    def summary(self) -> str:
        """Describe the fitted network layer by layer (3.7), (3.8).

        Shapes are those of ``coefs_`` and ``intercepts_``, and memory is theirs.

        Returns
        -------
        table : str
            To be printed.

        Examples
        --------
        >>> from sklearn.datasets import load_digits
        >>> from sklearn_mlp_edu import LectureMLPClassifier
        >>> network = LectureMLPClassifier(random_state=0).fit(
        ...     *load_digits(return_X_y=True))
        >>> print(network.summary())
        layer        weights  biases  parameters    memory  activation
            1       64 x 100     100       6,500   50.8 kB  relu
            2       100 x 10      10       1,010    7.9 kB  softmax
        total                              7,510   58.7 kB
        """
        check_is_fitted(self)
        sizes = self._network().layer_sizes
        activations = [self._hidden_activation_] * (len(sizes) - 2)
        activations.append(self.out_activation_)
        bytes_each = self.coefs_[0].itemsize
        titles = f"{'layer':>5}  {'weights':>13}  {'biases':>6}  {'parameters':>10}"
        lines = [f"{titles}  {'memory':>8}  activation"]

        def line(name, shape, n_biases, n_parameters, activation):
            memory = f"{n_parameters * bytes_each / 1024:,.1f} kB"
            counts = f"{name:>5}  {shape:>13}  {n_biases:>6}  {n_parameters:>10,}"
            lines.append(f"{counts}  {memory:>8}  {activation}".rstrip())

        for l, activation in enumerate(activations, start=1):
            shape, n_parameters = (
                f"{sizes[l - 1]} x {sizes[l]}",
                count(sizes[l - 1 : l + 1]),
            )
            line(l, shape, sizes[l], n_parameters, activation)
        line("total", "", "", self.n_parameters_, "")
        return "\n".join(lines)


def _finite(read, rows=None):
    """Return ``read``, which piece by piece is given all logits, refusing inf and nan.

    ``rows`` are the numbers of the rows of X, if they are not all of them.
    A sum is finite only if all of its terms are.
    """
    n_read = 0

    def read_finite(logits):
        nonlocal n_read
        if not np.isfinite(np.add.reduce(logits, axis=None)):
            wrong = np.flatnonzero(~np.isfinite(logits).all(axis=-1))
            if wrong.size:
                row = n_read + wrong[0]
                row = row if rows is None else rows[row]
                raise ValueError(
                    f"Row {row} of X has values so large that the output is beyond the "
                    f"range of {logits.dtype}. Correct the row, or scale the inputs "
                    "before training."
                )
        n_read += len(logits)
        return read(logits)

    return read_finite


def canonical(X):
    """Return X, if it is sparse with each entry once and in order."""
    if issparse(X) and not X.has_canonical_format:
        X = X.copy()
        X.sum_duplicates()
    return X
