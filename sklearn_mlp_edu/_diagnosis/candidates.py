"""What can be tried: the parameters of an estimator, and the settings of a remedy."""

from numbers import Integral, Real
from typing import NamedTuple

import numpy as np

from .._report import AGAINST_IMBALANCE, AGAINST_OVERFITTING, AGAINST_UNDERFITTING
from .measuring import final_step


class Candidates(NamedTuple):
    """Settings that one remedy may choose from."""

    name: str
    against: str
    settings: list[dict]
    skipped: str = ""
    edge: tuple[dict, dict] | None = None  # the last setting, and what would be next


def cost_of(setting, knobs, n_features):
    """Return about how long a fit with ``setting`` takes, as a multiple of one without.

    It is the number of weights times that of epochs.
    """
    cost = 1.0
    sizes = setting.get(knobs.full_name("hidden_layer_sizes"))
    if sizes is not None and knobs.hidden is not None:
        cost *= n_weights(sizes, n_features) / n_weights(knobs.hidden, n_features)
    n_epochs = setting.get(knobs.full_name("max_iter"))
    if n_epochs is not None:
        cost *= n_epochs / (knobs.n_epochs or knobs.values["max_iter"])
    return max(cost, 0.1)  # for what does not depend on the network


def n_weights(sizes, n_features, n_outputs=1):
    """Return the number of weights of a network with such hidden layers."""
    sizes = (n_features, *sizes, n_outputs)
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))


def in_words(parameters):
    """Describe parameters: ``alpha=0.1``."""
    parts = []
    for name, value in parameters.items():
        value = f"{value:g}" if isinstance(value, float) else repr(value)
        parts.append(f"{name.split('__')[-1]}={value}")
    return ", ".join(parts)


class Knobs:
    """The parameters of an estimator that remedies turn.

    They belong to the estimator itself, or to the last step of a pipeline.
    """

    def __init__(self, estimator, learned):
        self.step, self.prefix = final_step(estimator)
        self.values = self.step.get_params(deep=False)
        self.kind = type(self.step).__name__
        self.n_epochs = learned.get("n_iter_")  # that training took
        # Where a parameter is a rule, such as "auto", the number that came of it.
        for name, ruled in (
            ("alpha", "alpha_"),
            ("learning_rate_init", "learning_rate_init_"),
        ):
            if isinstance(self.values.get(name), str) and ruled in learned:
                self.values[name] = learned[ruled]

    def __contains__(self, name):
        return name in self.values

    def full_name(self, name):
        """Return the name for ``set_params`` of the whole."""
        return self.prefix + name

    def setting(self, **parameters):
        """Return parameters under their full names."""
        return {self.full_name(name): value for name, value in parameters.items()}

    def missing(self, name):
        """Say why there is no remedy that turns the parameter ``name``."""
        if name == "alpha" and "alphas" in self.values:
            return f"{self.kind} chooses its strength by itself"
        if name == "early_stopping" and "alphas" in self.values:
            return f"{self.kind} is told by its folds when to stop"
        return f"{self.kind} has no parameter {name}"

    @property
    def hidden(self):
        """Sizes of the hidden layers, None where there is no such thing."""
        sizes = self.values.get("hidden_layer_sizes")
        if isinstance(sizes, Integral):
            return (int(sizes),)
        try:
            return tuple(int(size) for size in sizes)
        except (TypeError, ValueError):
            return None


def path_values(knobs, name, values):
    """Return the values of the parameter ``name`` to try, sorted, without its own."""
    own = knobs.values[name]
    return sorted({float(value) for value in values} - {own})


def strength_candidates(knobs, name, values, remedy, opposite):
    """Return two `Candidates`: values of ``name`` above its own, and below it."""
    found = []
    for title, against, side in (
        (remedy, AGAINST_OVERFITTING, np.greater),
        (opposite, AGAINST_UNDERFITTING, np.less),
    ):
        if name not in knobs:
            found.append(Candidates(title, against, [], knobs.missing(name)))
            continue
        own = knobs.values[name]
        if not isinstance(own, Real):
            reason = f"{name}={own!r} is not a number"
            found.append(Candidates(title, against, [], reason))
            continue
        kept = [v for v in path_values(knobs, name, values) if side(v, own)]
        settings = [knobs.setting(**{name: v}) for v in kept]
        edge = _edge_of_path(knobs, name, kept, against)
        direction = "above" if side is np.greater else "below"
        reason = "" if kept else f"no {name} {direction} the present {own:g} was given"
        found.append(Candidates(title, against, settings, reason, edge))
    return found


def _edge_of_path(knobs, name, values, against):
    """Return the value farthest from the present one, and the next; None at an end."""
    if not values or name == "dropout":
        return None
    last = values[-1] if against == AGAINST_OVERFITTING else values[0]
    beyond = further(last, up=against == AGAINST_OVERFITTING)
    if not beyond:
        return None
    return knobs.setting(**{name: last}), knobs.setting(**{name: beyond[0]})


def further(value, up):
    """Return the two next strengths beyond ``value``, rounded; none beyond 0."""
    factors = (3, 10) if up else (1 / 3, 1 / 10)
    return [float(f"{factor * value:.1g}") for factor in factors if value]


def smaller_networks(knobs):
    """Return networks with a layer less, and with narrower layers, as candidates."""
    name, against = "smaller network", AGAINST_OVERFITTING
    hidden = knobs.hidden
    if hidden is None:
        reason = knobs.missing("hidden_layer_sizes")
        return Candidates(name, against, [], reason)
    if not hidden:
        return Candidates(name, against, [], "there is no hidden layer to leave out")
    halved, quartered = (tuple(max(1, n // by) for n in hidden) for by in (2, 4))
    sizes = dict.fromkeys([hidden[:-1], halved, quartered])
    settings = [knobs.setting(hidden_layer_sizes=s) for s in sizes if s != hidden]
    eighth = tuple(max(1, n // 8) for n in hidden)
    edge = None
    if eighth not in sizes:
        edge = tuple(knobs.setting(hidden_layer_sizes=s) for s in (quartered, eighth))
    return Candidates(name, against, settings, edge=edge)


def larger_networks(knobs):
    """Return networks with a layer more, and with wider layers, as candidates."""
    name, against = "larger network", AGAINST_UNDERFITTING
    hidden = knobs.hidden
    if hidden is None:
        reason = knobs.missing("hidden_layer_sizes")
        return Candidates(name, against, [], reason)
    if hidden:
        doubled, fourfold = (tuple(by * n for n in hidden) for by in (2, 4))
        sizes = [(*hidden, hidden[-1]), doubled, fourfold]
    else:
        sizes = [(10,), (100,), (400,)]
    *tried, beyond = (knobs.setting(hidden_layer_sizes=s) for s in sizes)
    return Candidates(name, against, tried, edge=(tried[-1], beyond))


def stopping_early(knobs):
    """Return the candidate that watches rows set aside, and keeps the best epoch."""
    name, against = "early stopping", AGAINST_OVERFITTING
    if "early_stopping" not in knobs:
        return Candidates(name, against, [], knobs.missing("early_stopping"))
    if knobs.values.get("solver") == "lbfgs":
        return Candidates(name, against, [], "solver='lbfgs' does not stop early")
    if knobs.values["early_stopping"] is True:
        return Candidates(name, against, [], "the estimator stops early already")
    return Candidates(name, against, [knobs.setting(early_stopping=True)])


def balanced_classes(knobs):
    """Return the candidate that weighs each class the same."""
    name, against = "class weights", AGAINST_IMBALANCE
    if "class_weight" not in knobs:
        return Candidates(name, against, [], knobs.missing("class_weight"))
    if knobs.values["class_weight"] is not None:
        return Candidates(name, against, [], "classes have weights already")
    return Candidates(name, against, [knobs.setting(class_weight="balanced")])


def longer_training(knobs):
    """Return candidates that train for more epochs, and do not stop early."""
    name, against = "longer training", AGAINST_UNDERFITTING
    max_iter = knobs.values.get("max_iter")
    if not isinstance(max_iter, Integral) or max_iter < 1:
        return Candidates(name, against, [], knobs.missing("max_iter"))
    if knobs.n_epochs is not None and knobs.n_epochs < max_iter:
        reason = (
            f"training ended by itself, after {knobs.n_epochs:.0f} of {max_iter} "
            "epochs; with a smaller tol it would go on"
        )
        return Candidates(name, against, [], reason)
    also = {"tol": 0.0} if "tol" in knobs else {}
    if "alphas" in knobs:
        also = {}  # its folds tell it when to stop
    elif "n_iter_no_change" in knobs and knobs.values.get("solver") != "lbfgs":
        also = {"n_iter_no_change": np.inf}
    last, beyond = (
        knobs.setting(max_iter=int(factor * max_iter), **also) for factor in (4, 16)
    )
    return Candidates(name, against, [last], edge=(last, beyond))


def higher_learning_rates(knobs):
    """Return candidates that take larger steps."""
    name, against = "higher learning rate", AGAINST_UNDERFITTING
    rate = knobs.values.get("learning_rate_init")
    if knobs.values.get("solver") == "lbfgs":
        reason = "solver='lbfgs' has no learning rate"
        return Candidates(name, against, [], reason)
    if not isinstance(rate, Real):
        reason = knobs.missing("learning_rate_init")
        return Candidates(name, against, [], reason)
    *tried, beyond = (
        knobs.setting(learning_rate_init=float(factor * rate)) for factor in (3, 10, 30)
    )
    return Candidates(name, against, tried, edge=(tried[-1], beyond))
