"""What several networks predict together: the mean of their probabilities."""

from __future__ import annotations

import math
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_expit, logsumexp
from sklearn.utils.validation import check_is_fitted

from .._estimators import ClassPredictions, OutputsOfExamples

if TYPE_CHECKING:
    from sklearn.ensemble import VotingClassifier
    from sklearn.neural_network import MLPClassifier


class MeanPredictions(ClassPredictions, OutputsOfExamples):
    """Predictions by the mean probabilities of the networks in ``estimators_``.

    They are read from logits as a single network's are: from those logits whose
    probabilities are the means.
    """

    def _targets(self):
        return self.estimators_[0]._targets()

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def _outputs_of_valid(self, X, kind):
        first, *others = self.estimators_
        if not others:
            return first._outputs_of_valid(X, kind)
        each = [one._outputs_of_valid(X, "logits") for one in self.estimators_]
        loss = self._targets().loss
        return getattr(loss, kind)(_mean_logits(each, loss))

    def to_sklearn(self) -> VotingClassifier | MLPClassifier:
        """Return a fitted estimator of scikit-learn's own that predicts the same.

        Returns
        -------
        estimator : VotingClassifier or MLPClassifier
            A soft vote of `MLPClassifier`, or one of them for a single network or
            class.

        Raises
        ------
        ValueError
            If there is none: `MLPClassifier` has no leaky ReLU, and `VotingClassifier`
            no multilabel problems.
        """
        check_is_fitted(self)
        if len(self.estimators_) == 1 or len(self.classes_) == 1:
            return self.estimators_[0].to_sklearn()
        return _vote(self)


def _mean_logits(each, loss):
    """Return logits whose probabilities are the means of several networks' ones.

    They are log p̄ for softmax, and log p̄/(1−p̄) for sigmoids.
    """
    if loss.out_activation == "sigmoid":
        logits = np.stack(each)
        return _log_mean(log_expit(logits)) - _log_mean(log_expit(-logits))
    return _log_mean([loss.log_probabilities(logits) for logits in each])


def _log_mean(logarithms):
    """Return the logarithm of the mean of numbers whose logarithms are given."""
    return logsumexp(logarithms, axis=0) - math.log(len(logarithms))


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
