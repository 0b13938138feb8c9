"""What several networks predict together: the mean of what each predicts.

`MeanProbabilities` is for classes, `MeanValues` for numbers. Both also know how to
``_say`` what a single network predicts, which fills the attribute ``_out_of_fold``;
``rows`` are then the numbers of the rows of X, for errors.
"""

from __future__ import annotations

import math
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_expit, logsumexp
from sklearn.utils.validation import check_is_fitted

from .._estimators import ClassPredictions, ValuePredictions, in_range

if TYPE_CHECKING:
    from sklearn.ensemble import VotingClassifier, VotingRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor


class MeanProbabilities(ClassPredictions):
    """Predictions by the mean probabilities of the networks in ``estimators_``.

    They are read from logits as a single network's are: from those logits whose
    probabilities are the means.
    """

    _out_of_fold = "oof_proba_"

    @staticmethod
    def _say(network, X, rows):
        return network._outputs_of_valid(X, "probabilities", rows)

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
        return _class_vote(self)


class MeanValues(ValuePredictions):
    """Predictions by the mean of what the networks in ``estimators_`` predict.

    Each of them has learned targets in units of its own, so the mean is of numbers in
    the user's units.
    """

    _out_of_fold = "oof_prediction_"

    @staticmethod
    def _say(network, X, rows=None):
        predicted = network._outputs_of_valid(X, "predicted", rows)
        return in_range(network._targets().decode(predicted), rows)

    def _targets(self):
        return self.estimators_[0]._targets().in_given_units()

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def _outputs_of_valid(self, X, kind):
        n = len(self.estimators_)  # which divides first: no sum is out of range
        mean = sum(self._say(one, X) / n for one in self.estimators_)
        return mean.reshape(len(mean), -1)

    def to_sklearn(self) -> VotingRegressor | MLPRegressor:
        """Return a fitted estimator of scikit-learn's own that predicts the same.

        Returns
        -------
        estimator : VotingRegressor or MLPRegressor
            The mean of several `MLPRegressor`, or one of them for a single network.

        Raises
        ------
        ValueError
            If there is none: `MLPRegressor` has no leaky ReLU and before scikit-learn
            1.7 no Poisson loss, and `VotingRegressor` no more than one target.
        """
        check_is_fitted(self)
        if len(self.estimators_) == 1:
            return self.estimators_[0].to_sklearn()
        return _value_vote(self)


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


def _class_vote(owner):
    """Return the networks of ``owner`` as a fitted soft `VotingClassifier`."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder

    if owner.estimators_[0]._targets().multilabel:
        raise ValueError(
            "VotingClassifier has no multilabel problems, so the mean of several "
            "networks cannot be written as one; fit with refit='single'."
        )
    codes = {"classes_": np.arange(len(owner.classes_))}  # as a vote encodes them
    vote = _vote(owner, VotingClassifier, codes, voting="soft")
    vote.le_ = LabelEncoder().fit(owner.classes_)
    vote.classes_ = vote.le_.classes_
    return vote


def _value_vote(owner):
    """Return the networks of ``owner`` as a fitted `VotingRegressor`."""
    from sklearn.ensemble import VotingRegressor

    n_outputs = owner.estimators_[0].n_outputs_
    if n_outputs > 1:
        raise ValueError(
            f"VotingRegressor has one target, not {n_outputs}, so the mean of several "
            "networks cannot be written as one; fit with refit='single'."
        )
    return _vote(owner, VotingRegressor, {})


def _vote(owner, kind, changes, **parameters):
    """Return a fitted ``kind`` of vote; ``changes`` are made to copies of networks."""
    from sklearn.utils import Bunch

    members = {}
    for k, network in enumerate(owner.estimators_):
        network = copy(network)
        vars(network).update(changes)
        members[f"fold_{k}"] = network.to_sklearn()
    vote = kind(list(members.items()), **parameters)
    vote.estimators_, vote.named_estimators_ = list(members.values()), Bunch(**members)
    if hasattr(owner, "feature_names_in_"):
        vote.feature_names_in_ = owner.feature_names_in_
    return vote
