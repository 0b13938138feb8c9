"""What an estimator objects to when training is to go on."""

from numbers import Integral

from .._lecture import ACTIVATIONS
from .parameters import check_hidden_layer_sizes
from .warning import warn


def warn_of_single_class(targets):
    """Say that there is nothing to tell apart."""
    if len(targets.classes) == 1 and not targets.multilabel:
        warn(
            f"y holds a single class, {targets.classes.tolist()[0]!r}, which is all "
            "that will be predicted. In cross-validation, use stratified folds."
        )


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
    warn(
        f"{setting} has no effect on partial_fit, which trains for one epoch; "
        f"{advice}, or call fit."
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
    network._targets().check_same(targets)


def _refuse_change(name, before, now, meaning):
    if meaning(before) != meaning(now):
        raise ValueError(
            f"Training goes on with {name}={before!r}, but the parameter is now "
            f"{now!r}. Set it back, or fit with warm_start=False to start anew."
        )


def warn_of_large_batch(network, n_rows):
    """Say that a mini-batch is meant to be larger than the training set."""
    if isinstance(network.batch_size, Integral) and network.batch_size > n_rows:
        warn(
            f"batch_size={network.batch_size} is more than the {n_rows} training "
            "examples, so every step uses all of them; batch_size='full' says so."
        )
