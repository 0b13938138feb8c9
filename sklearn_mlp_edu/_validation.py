"""What the constructor and ``sample_weight`` may hold, and what goes together."""

import warnings
from collections.abc import Mapping, Sequence
from numbers import Integral, Real

import numpy as np
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import _check_sample_weight

from ._activations import ACTIVATIONS
from ._initializers import INITIALIZERS

AT_LEAST_1 = Interval(Integral, 1, None, closed="left")
AT_LEAST_0 = Interval(Real, 0, None, closed="left")
POSITIVE = Interval(Real, 0, None, closed="neither")
BELOW_1 = Interval(Real, 0, 1, closed="left")

PARAMETER_CONSTRAINTS = {
    "hidden_layer_sizes": "no_validation",  # by check_hidden_layer_sizes
    "activation": [StrOptions(set(ACTIVATIONS))],
    "init": [StrOptions({"auto", *INITIALIZERS}), callable],
    "solver": [StrOptions({"sgd", "adam", "lbfgs"})],
    "alpha": [AT_LEAST_0],
    "batch_size": [StrOptions({"auto", "full"}), AT_LEAST_1],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
    "learning_rate_init": [StrOptions({"auto"}), POSITIVE],
    "power_t": [AT_LEAST_0],
    "momentum": [BELOW_1],
    "nesterovs_momentum": ["boolean"],
    "beta_1": [BELOW_1],
    "beta_2": [BELOW_1],
    "epsilon": [POSITIVE],
    "dropout": [BELOW_1],
    "class_weight": [StrOptions({"balanced"}), dict, None],
    "max_iter": [AT_LEAST_1],
    "max_fun": [AT_LEAST_1],
    "tol": [AT_LEAST_0],
    "n_iter_no_change": [AT_LEAST_1, Options(Real, {np.inf})],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
}

DESCENT = ("sgd", "adam")
SOLVERS_THAT_USE = {
    "batch_size": DESCENT,
    "learning_rate": ("sgd",),
    "learning_rate_init": DESCENT,
    "momentum": ("sgd",),
    "nesterovs_momentum": ("sgd",),
    "beta_1": ("adam",),
    "beta_2": ("adam",),
    "epsilon": ("adam",),
    "dropout": DESCENT,
    "max_fun": ("lbfgs",),
    "shuffle": DESCENT,
    "early_stopping": DESCENT,
}

# Values beside the default that ask for nothing: scikit-learn's own defaults, and the
# one batch of all examples that L-BFGS uses anyway.
NO_REQUEST = {
    "learning_rate_init": 0.001,
    "nesterovs_momentum": True,
    "batch_size": "full",
}


def check_combination(parameters, defaults):
    """Refuse parameters that were set, but have no effect beside the others."""

    def was_set(name):
        return parameters[name] not in (defaults[name], NO_REQUEST.get(name))

    def refuse(name, condition, advice):
        raise ValueError(
            f"{name}={parameters[name]!r} has no effect with {condition}; {advice}."
        )

    solver = parameters["solver"]
    for name, solvers in SOLVERS_THAT_USE.items():
        if solver not in solvers and was_set(name):
            advice = (
                f"leave {name} out, or use solver={' or '.join(map(repr, solvers))}"
            )
            refuse(name, f"solver={solver!r}", advice)
    if solver == "lbfgs" and was_set("n_iter_no_change"):
        warnings.warn(
            "n_iter_no_change has no effect with solver='lbfgs', which stops where the "
            "gradient is below tol.",
            UserWarning,
            stacklevel=6,
        )
    if parameters["learning_rate"] != "invscaling" and was_set("power_t"):
        condition = f"learning_rate={parameters['learning_rate']!r}"
        refuse("power_t", condition, "use learning_rate='invscaling'")
    if not parameters["early_stopping"] and was_set("validation_fraction"):
        refuse("validation_fraction", "early_stopping=False", "set early_stopping=True")
    hidden = check_hidden_layer_sizes(parameters["hidden_layer_sizes"])
    if parameters["dropout"] and not hidden:
        advice = "only hidden layers have dropout: add one, or set dropout=0"
        refuse("dropout", "hidden_layer_sizes=()", advice)
    if not hidden and was_set("activation"):
        warnings.warn(
            f"activation={parameters['activation']!r} has no effect with "
            "hidden_layer_sizes=(), as it is that of hidden layers.",
            UserWarning,
            stacklevel=6,
        )
    nesterov = solver == "sgd" and parameters["nesterovs_momentum"]
    if nesterov and parameters["momentum"] == 0:
        refuse("nesterovs_momentum", "momentum=0", "set a momentum in (0, 1)")


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


def check_weight(sample_weight, X, name="sample_weight"):
    """Return ``sample_weight`` as n numbers ≥ 0, not all of them 0."""
    if sample_weight is None:
        return None
    if not np.asarray(sample_weight).any():
        raise ValueError(
            f"{name} is zero for every example, which leaves nothing to learn from; "
            "give some examples a positive weight."
        )
    try:
        return _check_sample_weight(
            sample_weight, X, dtype=np.float64, ensure_non_negative=True
        )
    except ValueError as error:  # scikit-learn knows one name only
        raise ValueError(str(error).replace("sample_weight", name)) from None


def with_class_weight(class_weight, labels, y, weight):
    """Multiply each example's weight by that of its class.

    ``"balanced"`` gives every class the same total weight; with several labels an
    example, its weight is the product over labels, as scikit-learn defines it. ``y``
    holds class codes, or label indicators.
    """
    if class_weight is None:
        return weight
    if weight is None:
        weight = np.ones(len(y))
    if labels.multilabel:
        return weight * _balance_of_labels(class_weight, y)
    if isinstance(class_weight, Mapping):
        factors = _factors_of(class_weight, labels.classes)
    else:
        totals = np.bincount(y, weights=weight, minlength=len(labels.classes))
        present = totals > 0
        mean = weight.sum() / present.sum()
        factors = np.divide(mean, totals, out=np.zeros_like(totals), where=present)
    weight = weight * factors[y]
    if not weight.any():
        raise ValueError(
            f"class_weight={class_weight!r} gives every example weight zero, which "
            "leaves nothing to learn from."
        )
    return weight


def _balance_of_labels(class_weight, y):
    if isinstance(class_weight, Mapping):
        raise ValueError(
            f"class_weight={class_weight!r} is not defined for multilabel y, where an "
            "example has no one class; pass sample_weight, or 'balanced'."
        )
    return compute_sample_weight("balanced", y)


def _factors_of(class_weight, classes):
    unknown = [label for label in class_weight if label not in classes.tolist()]
    if unknown:
        raise ValueError(
            f"class_weight names the classes {unknown}, which y has not; it has "
            f"{classes.tolist()}."
        )
    factors = np.array([class_weight.get(label, 1.0) for label in classes.tolist()])
    if (
        factors.dtype.kind not in "fiu"
        or not (np.isfinite(factors) & (factors >= 0)).all()
    ):
        raise ValueError(
            f"class_weight must hold finite numbers >= 0, got {class_weight!r}."
        )
    return factors.astype(np.float64)


def relative_to_mean(weight, rows=slice(None)):
    """w_i / w̄: a constant factor in all weights changes nothing (decision 7).

    The mean is over ``rows``, the examples that are learned from.
    """
    if weight is None:
        return None
    if not weight[rows].any():
        raise ValueError(
            "sample_weight is zero for every example that is left for training; give "
            "more examples a positive weight, or set early_stopping=False."
        )
    weight = weight / weight[rows].max()  # so that their sum is finite
    return weight / weight[rows].mean()
