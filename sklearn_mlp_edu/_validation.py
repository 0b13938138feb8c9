"""What the constructor and ``sample_weight`` may hold."""

from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.validation import _check_sample_weight

from ._activations import ACTIVATIONS
from ._initializers import INITIALIZERS

AT_LEAST_1 = Interval(Integral, 1, None, closed="left")
AT_LEAST_0 = Interval(Real, 0, None, closed="left")

PARAMETER_CONSTRAINTS = {
    "hidden_layer_sizes": "no_validation",  # by check_hidden_layer_sizes
    "activation": [StrOptions(set(ACTIVATIONS))],
    "init": [StrOptions({"auto", *INITIALIZERS}), callable],
    "solver": [StrOptions({"sgd"})],
    "alpha": [AT_LEAST_0],
    "batch_size": [StrOptions({"auto", "full"}), AT_LEAST_1],
    "learning_rate_init": [
        StrOptions({"auto"}),
        Interval(Real, 0, None, closed="neither"),
    ],
    "momentum": [Interval(Real, 0, 1, closed="left")],
    "nesterovs_momentum": ["boolean"],
    "max_iter": [AT_LEAST_1],
    "tol": [AT_LEAST_0],
    "n_iter_no_change": [AT_LEAST_1, Options(Real, {np.inf})],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
}


def check_hidden_layer_sizes(hidden_layer_sizes):
    """Return the hidden layers' sizes as a tuple of int."""
    sizes = hidden_layer_sizes
    if isinstance(sizes, Integral):
        sizes = (sizes,)
    is_sequence = isinstance(sizes, Sequence | np.ndarray) and not isinstance(
        sizes, str
    )
    if not is_sequence or not all(map(_is_size, sizes)):
        raise ValueError(
            "hidden_layer_sizes must be an int >= 1, or a sequence of such, one for "
            f"each hidden layer, or () for none; got {hidden_layer_sizes!r}."
        )
    return tuple(int(size) for size in sizes)


def _is_size(value):
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= 1


def check_weight(sample_weight, X):
    """Return ``sample_weight`` as n numbers ≥ 0, not all of them 0."""
    if sample_weight is None:
        return None
    if not np.asarray(sample_weight).any():
        raise ValueError(
            "sample_weight is zero for every example, which leaves nothing to learn "
            "from; give some examples a positive weight."
        )
    return _check_sample_weight(
        sample_weight, X, dtype=np.float64, ensure_non_negative=True
    )


def relative_to_mean(weight):
    """w_i / w̄: a constant factor in all weights changes nothing (decision 7)."""
    if weight is None:
        return None
    weight = weight / weight.max()  # so that their sum is finite
    return weight / weight.mean()
