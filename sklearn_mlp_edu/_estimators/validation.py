"""The validation set: the user's own, or rows that `fit` sets aside."""

from .._training import TrainingSet, Validation
from .parameters import is_default, stops_early
from .weights import check_weight, relative_to_mean


def own_validation_set(network, draft, targets, X_val, y_val, sample_weight_val):
    """Check the validation set that the user passed; None if there is none."""
    if X_val is None and y_val is None and sample_weight_val is None:
        return None
    if X_val is None or y_val is None:
        raise ValueError(
            "X_val and y_val make a validation set together, with "
            "sample_weight_val if wanted; pass both, or none of the three."
        )
    if network.solver == "lbfgs":
        raise ValueError(
            "solver='lbfgs' cannot watch a validation set; leave X_val and y_val "
            "out, or use solver='sgd', 'adam' or 'adamw'."
        )
    X_val, y_val = draft._check_examples(X_val, y_val, draft._floats(), reset=False)
    if not is_default(network, "validation_fraction"):
        raise ValueError(
            f"validation_fraction={network.validation_fraction} has no effect with "
            "X_val and y_val, from which nothing is set aside; leave it out."
        )
    weight = check_weight(sample_weight_val, X_val, name="sample_weight_val")
    y_val = targets.encode(y_val, "y_val")
    weight = network._weigh(targets, y_val, weight)
    return TrainingSet(X_val, y_val, weight)


def set_aside(network, data, targets, own, seed):
    """Return what to train on, and the `Validation` to watch, if any.

    That is the user's ``own`` set, or else with early stopping a part of ``data``.
    """
    weight = data.weight
    if own is not None:
        data = data._replace(weight=relative_to_mean(weight))
        return data, Validation(own, decides=stops_early(network))
    if not stops_early(network):
        return data._replace(weight=relative_to_mean(weight)), None
    rows, aside = targets.split(data.y, network.validation_fraction, seed)
    weight_aside = None if weight is None else weight[aside]
    if weight is not None and not weight_aside.any():
        raise ValueError(
            "sample_weight is zero for every example that is set aside for "
            "validation; weight more examples, or pass X_val and y_val."
        )
    watched = TrainingSet(data.X[aside], data.y[aside], weight_aside)
    data = data._replace(weight=relative_to_mean(weight, rows), rows=rows)
    return data, Validation(watched, decides=True)
