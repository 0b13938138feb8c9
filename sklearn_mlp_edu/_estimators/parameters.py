"""What the constructor and ``sample_weight`` may hold, and what goes together."""

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

from .._lecture import ACTIVATIONS, INITIALIZERS
from .warning import warn

AT_LEAST_1 = Interval(Integral, 1, None, closed="left")
AT_LEAST_0 = Interval(Real, 0, None, closed="left")
POSITIVE = Interval(Real, 0, None, closed="neither")
BELOW_1 = Interval(Real, 0, 1, closed="left")

PARAMETER_CONSTRAINTS = {
    "hidden_layer_sizes": "no_validation",  # by check_hidden_layer_sizes
    "activation": [StrOptions(set(ACTIVATIONS))],
    "init": [StrOptions({"auto", *INITIALIZERS}), callable],
    "solver": [StrOptions({"sgd", "adam", "lbfgs"})],
    "alpha": [StrOptions({"auto"}), AT_LEAST_0],
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


def settings_of(network):
    """Return the parameters by name, those too that a subclass's constructor hides."""
    return {name: getattr(network, name) for name in network._parameter_constraints}


@cache
def defaults_of(kind):
    """Return the defaults of the public class that ``kind`` is or derives from."""
    public = next(c for c in kind.__mro__ if c.__module__.startswith("sklearn_mlp_edu"))
    return {p.name: p.default for p in signature(public).parameters.values()}


def is_default(network, name):
    """Tell whether a parameter is as the constructor would have it."""
    return getattr(network, name) == defaults_of(type(network))[name]


def check_parameters(network):
    """Refuse parameters of the wrong type or out of range."""
    validate_parameter_constraints(
        network._parameter_constraints,
        settings_of(network),
        caller_name=type(network).__name__,
    )
    check_hidden_layer_sizes(network.hidden_layer_sizes)


def check_combination(network):
    """Refuse parameters that were set, but have no effect beside the others."""
    parameters, defaults = settings_of(network), defaults_of(type(network))

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
        warn(
            "n_iter_no_change has no effect with solver='lbfgs', which stops where the "
            "gradient is below tol."
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
        warn(
            f"activation={parameters['activation']!r} has no effect with "
            "hidden_layer_sizes=(), as it is that of hidden layers."
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
