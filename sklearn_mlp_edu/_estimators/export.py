"""Fitted networks as scikit-learn's own, which exporters can read."""

from __future__ import annotations

from copy import copy, deepcopy
from inspect import signature
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from .._arithmetic import public

NAMES_OF_ACTIVATIONS = {
    "identity": "identity",
    "sigmoid": "logistic",
    "logistic": "logistic",
    "tanh": "tanh",
    "relu": "relu",
}


@public
def to_sklearn(estimator: Any) -> BaseEstimator:
    """Return what predicts the same, made of scikit-learn's own objects alone.

    For exporters, and for machines that have scikit-learn but not this package: the
    pickle of the result needs no more.

    Parameters
    ----------
    estimator : LectureMLPClassifier, LectureMLPRegressor, LectureMLPClassifierCV, \
LectureMLPRegressorCV, Pipeline or search
        A fitted network, a fitted pipeline that ends in one, or a fitted search over
        either, of scikit-learn or of this package, whose best estimator is taken.

    Returns
    -------
    estimator : MLPClassifier, MLPRegressor, VotingClassifier, VotingRegressor or \
Pipeline
        What the method ``to_sklearn`` of the network returns; of a pipeline, one with
        copies of the other steps.

    Raises
    ------
    TypeError
        If there is no network at the end.
    ValueError
        If scikit-learn has no such network, or a search has not been refitted.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.decomposition import PCA
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier, to_sklearn
    >>> X, y = load_iris(return_X_y=True)
    >>> pipeline = make_pipeline(PCA(3), LectureMLPClassifier(random_state=0))
    >>> grid = {"lecturemlpclassifier__alpha": [0.001, 0.01]}
    >>> search = FusedGridSearchCV(pipeline, grid).fit(X, y)
    >>> plain = to_sklearn(search)
    >>> [type(step).__name__ for step in plain]
    ['PCA', 'MLPClassifier']
    >>> bool((plain.predict(X) == search.predict(X)).all())
    True
    """
    if hasattr(estimator, "cv_results_"):  # a search
        if not hasattr(estimator, "best_estimator_"):
            raise ValueError(
                f"{type(estimator).__name__} has no best estimator to export, as it "
                "was fitted with refit=False; fit it with refit=True."
            )
        return to_sklearn(estimator.best_estimator_)
    if isinstance(estimator, Pipeline):
        *others, (name, last) = estimator.steps
        plain = copy(estimator)
        plain.steps = [*deepcopy(others), (name, to_sklearn(last))]
        return plain
    if not hasattr(estimator, "to_sklearn"):
        raise TypeError(
            "to_sklearn takes a fitted network of this package, a pipeline that ends "
            f"in one, or a search over either; got {estimator!r}."
        )
    return estimator.to_sklearn()


def to_mlp_classifier(network):
    """Return a fitted `MLPClassifier` with the weights of a fitted ``network``."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import LabelBinarizer

    made = _begun(MLPClassifier, network)
    multilabel = network._targets().multilabel
    examples = np.eye(len(network.classes_), dtype=int)
    if multilabel:
        examples[0] = 1  # two labels together make it a multilabel problem
    made._label_binarizer = LabelBinarizer().fit(
        examples if multilabel else network.classes_
    )
    made.classes_ = network.classes_.copy()
    sigmoid = network.out_activation_ == "sigmoid"
    made.out_activation_ = "logistic" if sigmoid else "softmax"
    return made


def to_mlp_regressor(network):
    """Return a fitted `MLPRegressor` with the weights of a fitted ``network``.

    Its loss is the squared error, or the Poisson loss: it has no others, and of a
    fitted one only the output activation matters, which is that of the loss.
    """
    from sklearn.neural_network import MLPRegressor

    poisson = network.out_activation_ == "exp"
    if poisson and "loss" not in signature(MLPRegressor).parameters:
        raise ValueError(
            "MLPRegressor has no Poisson loss before scikit-learn 1.7; upgrade it."
        )
    made = _begun(MLPRegressor, network, **({"loss": "poisson"} if poisson else {}))
    targets = network._targets()
    centre, scale = targets.units
    targets.loss.rescale(made.coefs_[-1], made.intercepts_[-1], scale, centre)
    made.out_activation_ = network.out_activation_
    return made


def _begun(kind, network, **parameters):
    """Return a ``kind`` of scikit-learn's with the layers of ``network``."""
    activation, sizes = network._hidden_activation_, network._network().layer_sizes
    if len(sizes) == 2:
        activation = "identity"  # there are no hidden layers
    if activation not in NAMES_OF_ACTIVATIONS:
        raise ValueError(
            f"{kind.__name__} has no activation {activation!r}, so this network cannot "
            f"be written as one; it has {', '.join(sorted(NAMES_OF_ACTIVATIONS))}."
        )
    made = kind(
        hidden_layer_sizes=sizes[1:-1],
        activation=NAMES_OF_ACTIVATIONS[activation],
        max_iter=network.max_iter,
        random_state=network.random_state,
        **parameters,
    )
    made.coefs_, made.intercepts_ = _of_raw_inputs(network)
    made.n_layers_, made.n_outputs_ = network.n_layers_, network.n_outputs_
    made.n_features_in_ = network.n_features_in_
    if hasattr(network, "feature_names_in_"):
        made.feature_names_in_ = network.feature_names_in_
    made.n_iter_, made.t_ = network.n_iter_, network.t_
    made.loss_, made.best_loss_ = network.loss_, network.best_loss_
    made.loss_curve_ = list(network.loss_curve_)
    return made


def _of_raw_inputs(network):
    """Return the layers of the same network for inputs that are not standardised.

    W[1] x̃ + b[1] with x̃ = (x − m)/s is W[1]/s x + (b[1] − W[1]/s m).
    """
    W = [W.copy() for W in network.coefs_]
    b = [b.copy() for b in network.intercepts_]
    if network.mean_ is not None:
        dtype, first = W[0].dtype, W[0] / network.scale_[:, np.newaxis]
        W[0] = first.astype(dtype)
        b[0] = (b[0] - network.mean_ @ first).astype(dtype)
    return W, b
