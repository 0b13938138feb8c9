"""The validation set: the user's own, or rows that `fit` sets aside."""

from .._training import TrainingSet, Validation
from .parameters import is_default, stops_early
from .weights import check_weight, relative_to_mean, rows_that_count


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
    return _watched(X_val, y_val, weight, rows_that_count(weight))


def set_aside(network, data, targets, own, seed):
    """Return what to train on, and the `Validation` to watch, if any.

    That is the user's ``own`` set, or else with early stopping a part of ``data``.
    """
    weight = data.weight
    if own is not None:
        return _learned_from(data), Validation(own, decides=stops_early(network))
    if not stops_early(network):
        return _learned_from(data), None
    rows, aside = targets.split(data.y, network.validation_fraction, seed)
    aside = rows_that_count(weight, aside)
    if not len(aside):
        raise ValueError(
            "sample_weight is zero for every example that is set aside for "
            "validation; weight more examples, or pass X_val and y_val."
        )
    watched = _watched(data.X, data.y, weight, aside)
    return _learned_from(data, rows), Validation(watched, decides=True)


def _watched(X, y, weight, rows):
    """Return the ``rows`` of examples, None for all, as a set of their own."""
    if rows is None:
        return TrainingSet(X, y, weight)
    return TrainingSet(X[rows], y[rows], None if weight is None else weight[rows])


def _learned_from(data, rows=None):
    """Return the training set of those ``rows``, of all by default, that count."""
    rows = rows_that_count(data.weight, rows)
    return data._replace(weight=relative_to_mean(data.weight, rows), rows=rows)
