"""What an estimator objects to in going on, and says when training has ended."""

import warnings
from numbers import Integral

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._lecture import ACTIVATIONS
from .parameters import check_hidden_layer_sizes


def check_stream(network):
    """Refuse or warn of what `partial_fit` cannot do."""
    if network.class_weight == "balanced":
        raise ValueError(
            "class_weight='balanced' cannot be found from a part of a stream; pass "
            "the weights as a dict, {class: weight}."
        )
    if network.learning_rate == "adaptive":
        _warn_of_single_epoch(
            "learning_rate='adaptive'", "set learning_rate_init between calls"
        )
    if network.early_stopping:
        _warn_of_single_epoch(
            "early_stopping=True", "watch a validation set with score"
        )


def _warn_of_single_epoch(setting, advice):
    warnings.warn(
        f"{setting} has no effect on partial_fit, which trains for one epoch; "
        f"{advice}, or call fit.",
        UserWarning,
        stacklevel=4,
    )


def check_unchanged(network, classes, multilabel):
    """Refuse to continue with another architecture, solver, or other classes."""
    hidden = network._network().layer_sizes[1:-1]
    now, meaning = network.hidden_layer_sizes, check_hidden_layer_sizes
    _refuse_change("hidden_layer_sizes", hidden, now, meaning)
    before, now = network._hidden_activation_, network.activation
    _refuse_change("activation", before, now, ACTIVATIONS.get)
    _refuse_change("solver", network._solver_, network.solver, str)
    if multilabel != network._labels().multilabel:
        before, now = ("one class", "several labels")[:: 1 if multilabel else -1]
        raise ValueError(
            f"Training goes on with {before} an example, but y has {now}. Use "
            "labels of the same kind, or fit with warm_start=False to start anew."
        )
    if not np.array_equal(classes, network.classes_):
        raise ValueError(
            f"The classes {classes.tolist()} differ from those of the first call, "
            f"{network.classes_.tolist()}. Use the same classes, or fit with "
            "warm_start=False to start anew."
        )


def _refuse_change(name, before, now, meaning):
    if meaning(before) != meaning(now):
        raise ValueError(
            f"Training goes on with {name}={before!r}, but the parameter is now "
            f"{now!r}. Set it back, or fit with warm_start=False to start anew."
        )


def warn_of_large_batch(network, n_rows):
    """Say that a mini-batch is meant to be larger than the training set."""
    if isinstance(network.batch_size, Integral) and network.batch_size > n_rows:
        warnings.warn(
            f"batch_size={network.batch_size} is more than the {n_rows} training "
            "examples, so every step uses all of them; batch_size='full' says so.",
            UserWarning,
            stacklevel=5,
        )


def divergence(network, n_before, outcome):
    """Return the message of the error for a training that has failed."""
    epoch = n_before + len(outcome.loss_curve)
    rate, advice = "", "raise alpha"
    if network.solver != "lbfgs":
        rate = f" with learning_rate_init={network.learning_rate_init!r}"
        advice = "lower learning_rate_init"
    return (
        f"Training diverged in epoch {epoch}{rate}: the cost has risen to "
        f"{outcome.loss_curve[-1]:.3g}, or weights are exploding. Scale the "
        f"inputs, for instance with StandardScaler in a Pipeline, or {advice}."
    )


def warn_of_no_convergence(network, status, n_before=0):
    """Warn if training since epoch ``n_before`` has not got where it should."""
    first = network.loss_curve_[n_before]
    if network.loss_ > first + network.tol:
        message = (
            f"Training ended with a higher cost, {network.loss_:.3g}, than after its "
            f"first epoch, {first:.3g}. Scale the inputs, for instance with "
            "StandardScaler in a Pipeline, or lower learning_rate_init."
        )
    elif status == "unfinished" and network.solver == "lbfgs":
        message = (
            f"L-BFGS stopped at max_iter={network.max_iter} iterations, or at "
            f"max_fun={network.max_fun} calculations of the cost, before its gradient "
            f"was below tol={network.tol}. Raise these limits, or scale the inputs, "
            "for instance with StandardScaler in a Pipeline."
        )
    elif status == "unfinished" and network.n_iter_no_change < np.inf:
        message = (
            f"Training stopped at max_iter={network.max_iter} epochs before the cost, "
            f"or the validation score, had settled to within tol={network.tol}. Raise "
            "max_iter, or learning_rate_init if the cost falls slowly."
        )
    else:
        return
    warnings.warn(message, ConvergenceWarning, stacklevel=4)
