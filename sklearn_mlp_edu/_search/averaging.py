"""What several networks predict together: the mean of their probabilities."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_expit, logsumexp
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

if TYPE_CHECKING:
    from sklearn.ensemble import VotingClassifier
    from sklearn.neural_network import MLPClassifier


class MeanPredictions(ClassifierMixin, BaseEstimator):
    """Predictions by the mean probabilities of the networks in ``estimators_``."""

    def _of_each(self, X, kind):
        """Return what the networks' losses make of their logits, network by network."""
        check_is_fitted(self)
        first = self.estimators_[0]
        X = validate_data(
            self,
            X,
            accept_sparse="csr",
            dtype=[np.float64, np.float32],
            reset=False,
        )
        return first._targets(), [
            network._outputs_of_valid(X, kind) for network in self.estimators_
        ]

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Estimate the probability of each class, or of each label.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes or n_labels)
            Means over `estimators_`, columns in the order of `classes_`.
        """
        _, each = self._of_each(X, "probabilities")
        return np.mean(each, axis=0)

    def predict_log_proba(self, X: ArrayLike) -> np.ndarray:
        """Estimate the logarithm of each mean probability: it is finite.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        log_probabilities : ndarray of shape (n_samples, n_classes or n_labels)
            Columns in the order of `classes_`.
        """
        _, each = self._of_each(X, "log_probabilities")
        return _log_mean(each)

    def decision_function(self, X: ArrayLike) -> np.ndarray:
        """Return how much speaks for each class, on the scale of logits.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        decision : ndarray of shape (n_samples,), (n_samples, n_classes or n_labels)
            For two classes and for labels, log p̄/(1−p̄) of the mean probability p̄: one
            column for two classes, positive for ``classes_[1]``. Otherwise log p̄. A
            single network's logits are returned as they are.
        """
        targets, each = self._of_each(X, "decision")
        if len(each) == 1:
            return each[0]
        if targets.loss.out_activation == "sigmoid":
            logits = np.stack(each)
            return _log_mean(log_expit(logits)) - _log_mean(log_expit(-logits))
        return _log_mean(self._of_each(X, "log_probabilities")[1])

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the class, or the set of labels, of each example.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_labels)
            The most probable class, or a matrix of 0 and 1.
        """
        decision = self.decision_function(X)
        targets = self.estimators_[0]._targets()
        if targets.multilabel or decision.ndim == 1:
            return targets.decode((decision > 0).astype(int))
        return targets.decode(decision.argmax(axis=1))

    def to_sklearn(self) -> VotingClassifier | MLPClassifier:
        """Return a fitted estimator of scikit-learn's own that predicts the same.

        Returns
        -------
        estimator : VotingClassifier or MLPClassifier
            A soft vote of `MLPClassifier`, or one of them for a single network.

        Raises
        ------
        ValueError
            If there is none: `MLPClassifier` has no leaky ReLU, and `VotingClassifier`
            no multilabel problems.
        """
        check_is_fitted(self)
        if len(self.estimators_) == 1:
            return self.estimators_[0].to_sklearn()
        return _vote(self)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.input_tags.sparse = True
        return tags


def _log_mean(logarithms):
    """Return the logarithm of the mean of numbers whose logarithms are given."""
    return logsumexp(logarithms, axis=0) - np.log(len(logarithms))


def _vote(owner):
    """Return the networks of ``owner`` as a fitted soft `VotingClassifier`."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder
    from sklearn.utils import Bunch

    if owner.estimators_[0]._targets().multilabel:
        raise ValueError(
            "VotingClassifier has no multilabel problems, so the mean of several "
            "networks cannot be written as one; fit with refit='single'."
        )
    members = {}
    for k, network in enumerate(owner.estimators_):
        network = copy(network)
        network.classes_ = np.arange(len(owner.classes_))  # as a vote encodes them
        members[f"fold_{k}"] = network.to_sklearn()
    vote = VotingClassifier(list(members.items()), voting="soft")
    vote.estimators_, vote.named_estimators_ = list(members.values()), Bunch(**members)
    vote.le_ = LabelEncoder().fit(owner.classes_)
    vote.classes_ = vote.le_.classes_
    if hasattr(owner, "feature_names_in_"):
        vote.feature_names_in_ = owner.feature_names_in_
    return vote
