"""What a fitted classifier can do: predict classes, become another estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .export import to_mlp_classifier
from .labels import Labels

if TYPE_CHECKING:
    from sklearn.neural_network import MLPClassifier


class ClassPredictions(ClassifierMixin):
    """Predictions of a network that tells classes apart."""

    if TYPE_CHECKING:  # what scikit-learn, which has no type hints, defines

        def score(
            self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
        ) -> float: ...

    def _targets(self):
        multilabel = self.out_activation_ == "sigmoid" and self.n_outputs_ > 1
        return Labels(self.classes_, multilabel)

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
        return self._targets().decode(codes)

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
        tags.classifier_tags.multi_label = True
        return tags
