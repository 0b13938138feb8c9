"""A fitted network as scikit-learn's own, which exporters can read."""

from inspect import signature

import numpy as np

NAMES_OF_ACTIVATIONS = {
    "identity": "identity",
    "sigmoid": "logistic",
    "logistic": "logistic",
    "tanh": "tanh",
    "relu": "relu",
}


def to_mlp_classifier(network):
    """Return a fitted `MLPClassifier` with the weights of a fitted ``network``."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import LabelBinarizer

    copy = _begun(MLPClassifier, network)
    multilabel = network._targets().multilabel
    examples = np.eye(len(network.classes_), dtype=int)
    if multilabel:
        examples[0] = 1  # two labels together make it a multilabel problem
    copy._label_binarizer = LabelBinarizer().fit(
        examples if multilabel else network.classes_
    )
    copy.classes_ = network.classes_.copy()
    sigmoid = network.out_activation_ == "sigmoid"
    copy.out_activation_ = "logistic" if sigmoid else "softmax"
    return copy


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
    copy = _begun(MLPRegressor, network, **({"loss": "poisson"} if poisson else {}))
    targets = network._targets()
    centre, scale = targets.units
    targets.loss.rescale(copy.coefs_[-1], copy.intercepts_[-1], scale, centre)
    copy.out_activation_ = network.out_activation_
    return copy


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
    copy = kind(
        hidden_layer_sizes=sizes[1:-1],
        activation=NAMES_OF_ACTIVATIONS[activation],
        max_iter=network.max_iter,
        random_state=network.random_state,
        **parameters,
    )
    copy.coefs_, copy.intercepts_ = _of_raw_inputs(network)
    copy.n_layers_, copy.n_outputs_ = network.n_layers_, network.n_outputs_
    copy.n_features_in_ = network.n_features_in_
    if hasattr(network, "feature_names_in_"):
        copy.feature_names_in_ = network.feature_names_in_
    copy.n_iter_, copy.t_ = network.n_iter_, network.t_
    copy.loss_, copy.best_loss_ = network.loss_, network.best_loss_
    copy.loss_curve_ = list(network.loss_curve_)
    return copy


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
