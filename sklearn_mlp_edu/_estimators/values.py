"""What a fitted regressor can do: predict numbers, become another estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from .._lecture import REGRESSION_LOSSES
from .._training import ColumnStatistics
from .export import to_mlp_regressor
from .quantities import Quantities

if TYPE_CHECKING:
    from sklearn.neural_network import MLPRegressor


class ValuePredictions(RegressorMixin):
    """Predictions of a network that estimates numbers."""

    if TYPE_CHECKING:  # what scikit-learn, which has no type hints, defines

        def score(
            self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
        ) -> float: ...

    def _targets(self):
        plain = self._target_statistics_
        return Quantities(
            REGRESSION_LOSSES[self._loss_],
            self.n_outputs_,
            self.target_mean_ is not None,
            len(self.coefs_) > 1,
            None if plain is None else ColumnStatistics(**plain),
        )

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the target, or the targets, of each example.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_targets)
            ŷ, in the units of the targets in `fit`, and no further away from them
            than half their range, unless the network is a straight line, see
            ``standardize``.

        Raises
        ------
        ValueError
            If X is not as described, or a prediction is beyond floating point.
        """
        predicted = self._outputs(X, "predicted")
        return in_range(self._targets().decode(predicted))

    def to_sklearn(self) -> MLPRegressor:
        """Return a fitted `sklearn.neural_network.MLPRegressor` with the same weights.

        It predicts the same, from inputs and to targets as they are: what standardises
        both is in its first and last layers. But it sets predictions no limits. ONNX,
        C and SHAP exporters read it. Its parameters of training, such as ``alpha``, are
        scikit-learn's defaults.

        Returns
        -------
        network : MLPRegressor

        Raises
        ------
        ValueError
            If there is no such `MLPRegressor`: it has no leaky ReLU, and before
            scikit-learn 1.7 no Poisson loss.

        Examples
        --------
        >>> from sklearn.datasets import load_diabetes
        >>> from sklearn_mlp_edu import LectureMLPRegressor
        >>> X, y = load_diabetes(return_X_y=True)
        >>> network = LectureMLPRegressor(random_state=0).fit(X, y)
        >>> same = network.to_sklearn()
        >>> print(abs(same.predict(X) - network.predict(X)).max() < 1e-9)
        True
        """
        check_is_fitted(self)
        return to_mlp_regressor(self)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def in_range(values, rows=None):
    """Return predictions, refusing inf; ``rows`` are the numbers of X's, if not all."""
    finite = np.isfinite(values)
    if not finite.all():
        row = np.argwhere(~finite)[0, 0]
        row = row if rows is None else rows[row]
        raise ValueError(
            f"The prediction for row {row} of X is beyond the range of {values.dtype}. "
            "Correct the row, or scale the targets before training."
        )
    return values
