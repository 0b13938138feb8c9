"""How a training has ended, and what there is to say of it."""

from functools import cached_property

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._training import LARGEST_PARAMETER, usual_learning_rate
from .warning import warn

WORSE = 1.01  # times the cost of guessing: more is worse than guessing
LEVEL = 0.999  # times the cost of guessing: between the two, nothing was learned
HARDLY = 0.5  # times the cost of guessing: with less, much was learned
CRAWL = (
    1e-3  # times the usual learning rate: inputs are so large that it cannot be more
)
SHRUNK = 0.5  # times the first length of the weights: below it, alpha has decided
# The cost swings if it rises by more than so much of its fall from that of guessing,
# and of the latter: where little can be learned, the fall is small and noise is not.
SWING_OF_FALL, SWING_OF_GUESSING = 0.1, 0.05


class Ending:
    """What is known of a training of one network, once it has ended.

    Parameters
    ----------
    run : Run
        Before it begins.
    outcome : Outcome
        Of the training; it may be filled in later.
    """

    def __init__(self, run, outcome):
        self.outcome = outcome
        self.n_before = len(run.draft.loss_curve_)
        self.targets, self.data = run.targets, run.data
        self.initial_length = _length(run.draft.coefs_)

    @cached_property
    def guessing(self):
        """Mean cost of always saying the same."""
        return self.targets.cost_of_guessing(self.data)

    @property
    def epoch(self):
        """Number of the last epoch, over all calls that went on from each other."""
        return self.n_before + len(self.outcome.loss_curve)

    @property
    def cost(self):
        """Mean cost of the last epoch without L2, J."""
        return self.outcome.data_losses[-1]

    def complaint(self, network):
        """Return what is wrong with how the ``network`` was trained; None if nothing.

        A strong ``alpha`` that has led to guessing is an answer, and no failure: it
        has shrunk the weights.
        """
        costs = self.outcome.data_losses
        if network.n_iter_no_change == np.inf and self.cost <= costs[0]:
            return None  # just so many epochs were asked for, and the cost has fallen
        found = [_unfinished(network, self.outcome), self._no_gain(network)]
        found = [sentence for sentence in found if sentence]
        settled = self.outcome.status == "converged" and self.guessing > 0
        if not found and settled and _may_swing(network):
            found = [self._swing(network)]
        return " ".join(filter(None, found)) or None

    def _no_gain(self, network):
        """Say that the network is no better than guessing, if it is not."""
        if self.guessing == 0:
            return None  # of a single class, or a constant, guessing is right
        length = _length(network.coefs_)
        if network.alpha != "auto" and length < SHRUNK * self.initial_length:
            return None  # as it was asked to
        both = f"the mean cost is {self.cost:.4g}, that of guessing {self.guessing:.4g}"
        if self.cost > WORSE * self.guessing:
            return f"Training ended worse than guessing: {both}. " + (
                _advice_when_worse(network)
            )
        if self.cost > LEVEL * self.guessing:
            return f"Training has learned no more than guessing: {both}. " + (
                _advice_when_level(network)
            )
        if self.cost > HARDLY * self.guessing and self._has_stood_still(network):
            return f"Training has hardly moved: {both}. {_advice_when_level(network)}"
        return None

    def _has_stood_still(self, network):
        """Tell whether steps were too small for the cost to fall."""
        fall = self.outcome.data_losses[0] - self.cost
        if self.n_before == 0 and abs(fall) < (1 - LEVEL) * self.guessing:
            return True
        rate = getattr(network, "learning_rate_init_", np.inf)
        automatic = network.learning_rate_init == "auto" and not network.standardize
        return automatic and rate < CRAWL * usual_learning_rate(network.solver)

    def _swing(self, network):
        """Say that the cost still swings, if it does."""
        n_epochs = min(network.n_iter_no_change, len(self.outcome.data_losses))
        costs = np.array(self.outcome.data_losses[-int(n_epochs) :])
        rise = float((costs - np.minimum.accumulate(costs)).max())
        fall = self.guessing - self.cost
        if rise <= max(SWING_OF_FALL * fall, SWING_OF_GUESSING * self.guessing):
            return None
        return (
            f"The cost still swings: it rose by {rise:.4g} in the last epochs, and "
            f"ended at {self.cost:.4g}. Lower learning_rate_init"
            f"{_rate_in_use(network)}, or use larger batches."
        )


def _length(coefs):
    with np.errstate(over="ignore"):
        return np.sqrt(sum(float(np.vdot(W, W)) for W in coefs))


def _advice_when_worse(network):
    if not network.standardize:
        return "Let standardize=True standardise the inputs, or scale them yourself."
    if network.solver == "lbfgs":
        return "Raise max_iter, or alpha."
    return f"Lower learning_rate_init{_rate_in_use(network)}, or raise max_iter."


def _advice_when_level(network):
    if not network.standardize:
        return (
            "The inputs may be so large or small that nothing moves: let "
            "standardize=True standardise them."
        )
    advice = "The inputs may not tell about the target"
    if len(network.coefs_) > 4:
        return f"{advice}, or the signal is lost in so many layers: use fewer of them."
    if network.solver == "lbfgs":
        return f"{advice}, or units are dead: try another init or activation."
    return (
        f"{advice}, or units are dead, or the steps too small: try another "
        f"learning_rate_init{_rate_in_use(network)}, init or activation."
    )


def _may_swing(network):
    """Tell whether the end of the curve of costs is where the weights are."""
    return network.solver != "lbfgs" and not network.early_stopping


def _unfinished(network, outcome):
    """Say that a limit has ended training before it had settled, if so it is."""
    if outcome.status != "unfinished":
        return None
    if network.solver == "lbfgs":
        return (
            f"L-BFGS stopped at max_iter={network.max_iter} iterations, or at "
            f"max_fun={network.max_fun} calculations of the cost, before its gradient "
            f"was below tol={network.tol}. Raise these limits, or alpha."
        )
    if network.n_iter_no_change == np.inf:
        return None
    return (
        f"Training stopped at max_iter={network.max_iter} epochs before the cost, "
        f"or the validation score, had settled to within tol={network.tol}. Raise "
        "max_iter, or learning_rate_init if the cost falls slowly."
    )


def _rate_in_use(network):
    return f" (it is {network.learning_rate_init_:.3g})"


def warn_of_how_it_ended(network, ending):
    """Warn if the training of ``network`` has not got where it should."""
    complaint = ending.complaint(network)
    if complaint is not None:
        warn(complaint, ConvergenceWarning)


def divergence(network, ending):
    """Return the message of the error for a training that has failed."""
    rate, advice = "", "choose another init"
    if network.solver != "lbfgs":
        rate = f" with learning_rate_init={network.learning_rate_init!r}"
        advice = "lower learning_rate_init"
    if network.solver == "adamw":
        rate += f" and alpha={network.alpha!r}"
        advice += ", or alpha, as each step takes their product off the weights"
    elif network.alpha != "auto" and network.alpha > 1:
        rate += f"{' and' if rate else ' with'} alpha={network.alpha!r}"
        advice += ", or lower alpha"
    if not network.standardize:
        advice = f"let standardize=True standardise the inputs, or {advice}"
    cost = ending.outcome.loss_curve[-1]
    if ending.n_before == 0 and not ending.initial_length < LARGEST_PARAMETER:
        return (
            f"Training diverged in epoch {ending.epoch}, as it began with weights of "
            f"length {ending.initial_length:.3g}: choose another init."
        )
    return (
        f"Training diverged in epoch {ending.epoch}{rate}: the cost has risen to "
        f"{cost:.3g}, or weights are exploding. Scale extreme values, or {advice}."
    )
