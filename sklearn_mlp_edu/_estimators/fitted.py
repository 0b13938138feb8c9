"""What a fitted network can do: predict, describe itself, become another estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from .._lecture import ACTIVATIONS, Network, count, predict
from .export import to_mlp_classifier
from .labels import Labels

if TYPE_CHECKING:
    from sklearn.neural_network import MLPClassifier

FLOATS = [np.float64, np.float32]


class FittedMLP(ClassifierMixin, BaseEstimator):
    """A classifier by virtue of its learned attributes."""

    # scikit-learn's HTML representation links parameters to the class's page.
    _doc_link_module = "sklearn_mlp_edu"
    _doc_link_template = "https://sklearn-mlp-edu.readthedocs.io/api.html"

    def _doc_link_url_param_generator(self):
        return {}

    def _labels(self):
        multilabel = self.out_activation_ == "sigmoid" and self.n_outputs_ > 1
        return Labels(self.classes_, multilabel)

    def _network(self):
        """Return the fitted architecture, whatever the parameters say by now."""
        sizes = (self.coefs_[0].shape[0], *(W.shape[1] for W in self.coefs_))
        activation = ACTIVATIONS[self._hidden_activation_]
        return Network(sizes, activation, self._labels().loss)

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def _outputs(self, X, kind):
        """Return what the loss's method ``kind`` makes of the logits."""
        check_is_fitted(self)
        if not self._is_plainly_valid(X):
            X = validate_data(self, X, accept_sparse="csr", dtype=FLOATS, reset=False)
        network = self._network()
        W = [None, *self.coefs_]
        b = [None, *(b[np.newaxis] for b in self.intercepts_)]
        return predict(network, W, b, X, read=getattr(network.loss, kind))

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

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the class, or the set of labels, of each example.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_labels)
            Class labels, or a matrix of 0 and 1.
        """
        codes = self._outputs(X, "predicted")
        return self._labels().decode(codes)

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Estimate the probability of each class, or of each label.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes or n_labels)
            ŷ, columns in the order of `classes_`.
        """
        return self._outputs(X, "probabilities")

    def predict_log_proba(self, X: ArrayLike) -> np.ndarray:
        """Estimate the logarithm of each probability, from the logits: it is finite.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        log_probabilities : ndarray of shape (n_samples, n_classes or n_labels)
            Log ŷ, columns in the order of `classes_`.
        """
        return self._outputs(X, "log_probabilities")

    def decision_function(self, X: ArrayLike) -> np.ndarray:
        """Return the logits z[L], the linear variables of the last layer.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        logits : ndarray of shape (n_samples,), (n_samples, n_classes or n_labels)
            For two classes one column suffices: positive means ``classes_[1]``.
        """
        return self._outputs(X, "decision")

    def summary(self) -> str:
        """Describe the fitted network: weights and parameters by layer (3.7), (3.8).

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
        layer        weights  parameters  activation
            1       64 x 100       6,500  relu
            2       100 x 10       1,010  softmax
        total                      7,510
        """
        check_is_fitted(self)
        sizes = self._network().layer_sizes
        activations = [self._hidden_activation_] * (len(sizes) - 2)
        activations.append(self.out_activation_)
        lines = [f"{'layer':>5}  {'weights':>13}  {'parameters':>10}  activation"]
        for number, activation in enumerate(activations, start=1):
            shape = f"{sizes[number - 1]} x {sizes[number]}"
            n_parameters = count(sizes[number - 1 : number + 1])
            lines.append(f"{number:>5}  {shape:>13}  {n_parameters:>10,}  {activation}")
        lines.append(f"{'total':>5}  {'':>13}  {self.n_parameters_:>10,}")
        return "\n".join(lines)

    def to_sklearn(self) -> MLPClassifier:
        """Return a fitted `sklearn.neural_network.MLPClassifier` with the same weights.

        It predicts the same. ONNX, C and SHAP exporters read it. Its parameters of
        training, such as ``alpha``, are scikit-learn's defaults.

        Returns
        -------
        network : MLPClassifier

        Raises
        ------
        ValueError
            If there is no such `MLPClassifier`: it has no leaky ReLU.

        Examples
        --------
        >>> from sklearn.datasets import load_iris
        >>> from sklearn_mlp_edu import LectureMLPClassifier
        >>> X, y = load_iris(return_X_y=True)
        >>> network = LectureMLPClassifier(random_state=0).fit(X, y)
        >>> same = network.to_sklearn()
        >>> print(abs(same.predict_proba(X) - network.predict_proba(X)).max() < 1e-12)
        True
        """
        check_is_fitted(self)
        return to_mlp_classifier(self)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags
