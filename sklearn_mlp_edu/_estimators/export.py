"""A fitted network as scikit-learn's `MLPClassifier`, which exporters can read."""

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

    activation, sizes = network._hidden_activation_, network._network().layer_sizes
    if len(sizes) == 2:
        activation = "identity"  # there are no hidden layers
    if activation not in NAMES_OF_ACTIVATIONS:
        raise ValueError(
            f"MLPClassifier has no activation {activation!r}, so this network cannot "
            f"be written as one; it has {', '.join(sorted(NAMES_OF_ACTIVATIONS))}."
        )
    copy = MLPClassifier(
        hidden_layer_sizes=sizes[1:-1],
        activation=NAMES_OF_ACTIVATIONS[activation],
        max_iter=network.max_iter,
        random_state=network.random_state,
    )
    multilabel = network._targets().multilabel
    examples = np.eye(len(network.classes_), dtype=int)
    if multilabel:
        examples[0] = 1  # two labels together make it a multilabel problem
    copy._label_binarizer = LabelBinarizer().fit(
        examples if multilabel else network.classes_
    )
    copy.coefs_, copy.intercepts_ = _of_raw_inputs(network)
    copy.classes_ = network.classes_.copy()
    copy.n_layers_, copy.n_outputs_ = network.n_layers_, network.n_outputs_
    sigmoid = network.out_activation_ == "sigmoid"
    copy.out_activation_ = "logistic" if sigmoid else "softmax"
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
