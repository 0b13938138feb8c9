"""What the constructor and ``sample_weight`` may hold, and what goes together."""

import sys
from collections.abc import Sequence
from functools import cache
from inspect import signature
from numbers import Integral, Real

import numpy as np
from sklearn.utils._param_validation import (
    Interval,
    Options,
    StrOptions,
    validate_parameter_constraints,
)

from .._arithmetic import PACKAGE
from .._engine import check_engine
from .._lecture import ACTIVATIONS, INITIALIZERS
from .warning import warn

LARGEST = sys.float_info.max
AT_LEAST_1 = Interval(Integral, 1, sys.maxsize, closed="both")
AT_LEAST_0 = Interval(Real, 0, LARGEST, closed="both")
POSITIVE = Interval(Real, 0, LARGEST, closed="right")
BELOW_1 = Interval(Real, 0, 1, closed="left")
UP_TO_1 = Interval(Real, 0, 1, closed="both")

PARAMETER_CONSTRAINTS = {
    "hidden_layer_sizes": "no_validation",  # by check_hidden_layer_sizes
    "activation": [StrOptions(set(ACTIVATIONS))],
    "init": [StrOptions({"auto", *INITIALIZERS}), callable],
    "solver": [StrOptions({"sgd", "adam", "adamw", "lbfgs"})],
    "alpha": [StrOptions({"auto"}), AT_LEAST_0],
    "batch_size": [StrOptions({"auto", "full"}), AT_LEAST_1],
    "learning_rate": [
        StrOptions({"auto", "constant", "invscaling", "adaptive"}),
        callable,
    ],
    "learning_rate_init": [StrOptions({"auto"}), POSITIVE],
    "power_t": [AT_LEAST_0],
    "momentum": [UP_TO_1],
    "nesterovs_momentum": ["boolean"],
    "beta_1": [BELOW_1],
    "beta_2": [BELOW_1],
    "epsilon": [POSITIVE],
    "max_grad_norm": [POSITIVE, None],
    "dropout": [BELOW_1],
    "standardize": ["boolean"],
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
    "validation_fraction": [BELOW_1],
    "engine": [StrOptions({"auto", "numpy", "compiled"})],
}

DESCENT = ("sgd", "adam", "adamw")
ADAM = ("adam", "adamw")
NEEDS = [  # parameter, what it needs beside it, which values of that
    ("early_stopping", "solver", DESCENT),
    ("n_iter_no_change", "solver", DESCENT),
    ("batch_size", "solver", DESCENT),
    ("shuffle", "solver", DESCENT),
    ("learning_rate", "solver", DESCENT),
    ("learning_rate_init", "solver", DESCENT),
    ("power_t", "solver", DESCENT),
    ("power_t", "learning_rate", ("invscaling",)),
    ("momentum", "solver", ("sgd",)),
    ("beta_1", "solver", ADAM),
    ("beta_2", "solver", ADAM),
    ("epsilon", "solver", ADAM),
    ("max_grad_norm", "solver", DESCENT),
    ("max_fun", "solver", ("lbfgs",)),
    ("validation_fraction", "solver", DESCENT),
    ("engine", "solver", DESCENT),
    ("validation_fraction", "early_stopping", (True,)),
]

# Values beside the default that ask for nothing: scikit-learn's own defaults, the one
# batch of all examples and the engine that L-BFGS uses anyway, and no tolerance where
# none is needed.
NO_REQUEST = {
    "learning_rate": ("constant",),
    "learning_rate_init": (0.001,),
    "batch_size": ("full",),
    "tol": (1e-4, 0),
    "engine": ("numpy",),
}


def settings_of(network):
    """Return the parameters by name, those too that a subclass's constructor hides."""
    return {name: getattr(network, name) for name in network._parameter_constraints}


@cache
def defaults_of(kind):
    """Return the defaults of the public class that ``kind`` is or derives from."""
    public = next(c for c in kind.__mro__ if c.__module__.partition(".")[0] == PACKAGE)
    return {p.name: p.default for p in signature(public).parameters.values()}


def is_default(network, name):
    """Tell whether a parameter is as the constructor would have it."""
    return getattr(network, name) == defaults_of(type(network))[name]


def check_parameters(network):
    """Refuse parameters of the wrong type or out of range."""
    check_hidden_layer_sizes(network.hidden_layer_sizes)
    settings = settings_of(network).items()
    validate_parameter_constraints(
        network._parameter_constraints,
        {name: usual_number(name, value) for name, value in settings},
        caller_name=type(network).__name__,
    )
    check_engine(network.engine)


def usual_number(name, value):
    """Return a number as int or float; refuse those that NumPy does not calculate with.

    Bounds are compared in the type of the value, and a float32 cannot hold them all.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    if _is_integer(value):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value)
    raise TypeError(
        f"{name} must be a number such as int, float or NumPy's, got {value!r}; "
        "convert it with float()."
    )


def check_combination(network):
    """Refuse what contradicts itself.

    Of what `MLPClassifier` has, too, only that which it cannot do either; for the rest
    see `warn_of_no_effect`.
    """
    if stops_early(network) and not network.validation_fraction:
        raise ValueError(
            "early_stopping=True needs a validation_fraction above 0, got "
            f"{network.validation_fraction!r}; set 0.1, or early_stopping=False."
        )
    if not network.dropout:
        return
    given = f"dropout={network.dropout!r} has no effect with"
    if network.solver not in DESCENT:
        raise ValueError(
            f"{given} solver={network.solver!r}; leave dropout out, or use "
            "solver='sgd', 'adam' or 'adamw'."
        )
    if not check_hidden_layer_sizes(network.hidden_layer_sizes):
        raise ValueError(
            f"{given} hidden_layer_sizes=(); only hidden layers have dropout: add one, "
            "or set dropout=0."
        )


def stops_early(network):
    """Tell whether a validation set decides when training ends."""
    return bool(network.early_stopping) and network.solver in DESCENT


def warn_of_no_effect(network, streams=False):
    """Name in one warning what was set, but has no effect beside other parameters.

    ``streams`` says that `partial_fit` trains.
    """
    obstacles = {}
    for name, obstacle in _obstacles(network, streams):
        if _was_set(network, name):
            setting = f"{name}={getattr(network, name)!r}"
            obstacles.setdefault(setting, obstacle)
    if network.solver == "sgd" and network.momentum == 1:
        obstacles["training"] = "momentum=1, an average that takes no gradient in"
    if obstacles:
        found = [f"{what} has no effect with {why}" for what, why in obstacles.items()]
        warn("; ".join(found) + ".")


def _was_set(network, name):
    """Tell whether a parameter asks for something that would not be done anyway."""
    value, default = getattr(network, name), defaults_of(type(network))[name]
    return value not in (default, *NO_REQUEST.get(name, ()))


def _obstacles(network, streams):
    """Yield names of parameters, each with what would rob it of its effect."""
    for name, beside, values in NEEDS:
        if getattr(network, beside) not in values:
            needed = " or ".join(map(repr, values))
            yield name, f"{beside}={getattr(network, beside)!r} (it needs {needed})"
    if network.n_iter_no_change == np.inf and network.solver in DESCENT:
        yield "tol", "n_iter_no_change=inf"
    if network.learning_rate == "adaptive":
        if network.n_iter_no_change == np.inf:
            yield "learning_rate", "n_iter_no_change=inf, which never ends patience"
        if streams:
            yield (
                "learning_rate",
                "partial_fit, which trains for one epoch (set "
                "learning_rate_init between calls)",
            )
    if not check_hidden_layer_sizes(network.hidden_layer_sizes):
        yield "activation", "hidden_layer_sizes=(), as it is that of hidden layers"


def factor_of(learning_rate):
    """Return a user's schedule such that it refuses what is no factor."""

    def factor(epoch):
        value = learning_rate(epoch)
        if not (isinstance(value, Real) and 0 <= value <= LARGEST):
            raise ValueError(
                "learning_rate, a function, must return a finite factor >= 0 for each "
                f"epoch, counted from 1; for epoch {epoch} it returned {value!r}."
            )
        return float(value)

    return factor


def check_hidden_layer_sizes(hidden_layer_sizes):
    """Return the hidden layers' sizes as a tuple of int."""
    sizes = hidden_layer_sizes
    if _is_integer(sizes):
        sizes = (sizes,)
    is_sequence = isinstance(sizes, Sequence) and not isinstance(sizes, str)
    is_array = hasattr(sizes, "__array__") and np.ndim(sizes) == 1
    if not (is_sequence or is_array) or not all(map(_is_size, sizes)):
        raise ValueError(
            "hidden_layer_sizes must be an int >= 1, or a sequence of such, one for "
            f"each hidden layer, or () for none; got {hidden_layer_sizes!r}."
        )
    return tuple(int(size) for size in sizes)


def _is_size(value):
    return _is_integer(value) and not isinstance(value, bool) and value >= 1


def _is_integer(value):
    return isinstance(value, Integral) and not isinstance(value, np.timedelta64)
