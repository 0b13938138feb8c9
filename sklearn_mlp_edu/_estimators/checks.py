"""What an estimator objects to when training is to begin, or to go on."""

from contextlib import contextmanager
from numbers import Integral, Real

import numpy as np

from .._lecture import ACTIVATIONS
from .parameters import DESCENT, check_hidden_layer_sizes
from .warning import warn


@contextmanager
def floats_expected():
    """Refuse integers that no float can hold, as scikit-learn refuses infinity.

    NumPy does not warn of the sums by which scikit-learn looks for it.
    """
    try:
        with np.errstate(all="ignore"):
            yield
    except OverflowError as error:
        raise ValueError(
            "X, y or sample_weight holds an integer that no float can hold. Correct "
            "the row, or scale the values."
        ) from error


def warn_of_single_class(targets):
    """Say that there is nothing to tell apart."""
    if len(targets.classes) == 1 and not targets.multilabel:
        warn(
            f"y holds a single class, {targets.classes.tolist()[0]!r}, which is all "
            "that will be predicted. In cross-validation, use stratified folds."
        )


def warn_of_constant(y):
    """Say that there is nothing to learn of encoded targets (n, K)."""
    if len(y) > 1 and (y == y[0]).all():
        warn(
            f"y is constant, {y[0].tolist()}, so there is nothing to learn but to "
            "predict it."
        )


def streams(network):
    """Tell that a network can learn by parts, or else raise as scikit-learn does."""
    if network.solver == "lbfgs":
        obstacle = "solver='sgd', 'adam' or 'adamw': L-BFGS sees all data at once"
    elif network.early_stopping:
        obstacle = (
            "early_stopping=False, as it trains for one epoch; watch a validation set "
            "with X_val and y_val"
        )
    elif getattr(network, "class_weight", None) == "balanced":
        obstacle = (
            "class_weight as a dict, {class: weight}: a part of a stream does not tell "
            "how often each class will come"
        )
    else:
        return True
    raise AttributeError(f"partial_fit needs {obstacle}.")


def check_range(network, dtype):
    """Refuse numbers that the float type of the inputs cannot hold."""
    for name in ("alpha", "learning_rate_init", "epsilon", "max_grad_norm"):
        value = getattr(network, name)
        if not isinstance(value, Real):
            continue
        with np.errstate(over="ignore", under="ignore"):
            held = dtype.type(value)
        not_0 = name in ("epsilon", "max_grad_norm")
        if np.isinf(held) or (not_0 and held == 0):
            raise ValueError(
                f"{name}={value!r} is beyond the range of {dtype}, the type of X; pass "
                "a number nearer to 1, or X as float64."
            )


def check_unchanged(network, targets):
    """Refuse to continue with another architecture, solver, or other targets."""
    hidden = network._network().layer_sizes[1:-1]
    now, meaning = network.hidden_layer_sizes, check_hidden_layer_sizes
    _refuse_change("hidden_layer_sizes", hidden, now, meaning)
    before, now = network._hidden_activation_, network.activation
    _refuse_change("activation", before, now, ACTIVATIONS.get)
    _refuse_change("solver", network._solver_, network.solver, str)
    _refuse_change("standardize", network.mean_ is not None, network.standardize, bool)
    if hasattr(network, "loss"):  # which not every network leaves to choose
        _refuse_change("loss", network._loss_, network.loss, str)
    network._targets().check_same(targets)


def _refuse_change(name, before, now, meaning):
    if meaning(before) != meaning(now):
        raise ValueError(
            f"Training goes on with {name}={before!r}, but the parameter is now "
            f"{now!r}. Set it back, or fit with warm_start=False to start anew."
        )


def warn_of_large_batch(network, n_rows):
    """Say that a mini-batch is meant to be larger than the training set."""
    descends = network.solver in DESCENT
    size = network.batch_size
    if descends and isinstance(size, Integral) and size > n_rows:
        warn(
            f"batch_size={size} is more than the {n_rows} training "
            "examples, so every step uses all of them; batch_size='full' says so."
        )
