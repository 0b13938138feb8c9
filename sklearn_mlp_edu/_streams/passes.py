"""Passes over a stream: what is learned, watched, kept, and saved on the way."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np

from .._estimators import Parts, Whole
from .checkpoint import save
from .groups import Rows

LOWER = 5  # what the learning rate is divided by when patience is over
LOWEST = {"auto": 0.1, "adaptive": 0.0}  # rates, as a part of the first, that go on
SMALLEST_RATE = 1e-6


@dataclass
class State:
    """Where training is: all that is needed to go on from here."""

    network: Any  # as far as it has learned
    seed: int  # of the order of the rows, and of those held out
    whole: Whole  # what is known of the stream
    n_passes: int = 0  # that are finished
    n_groups: int = 0  # of the present pass that are done
    n_rows: int = 0  # in them
    cost: float = 0.0  # summed over these rows
    form: tuple | None = None  # of X, see `Reader`
    held: list = field(default_factory=list)  # `Rows` to validate on
    best: tuple | None = None  # weights and biases of the best pass
    best_loss: float = np.inf  # that patience watches
    waited: int = 0  # passes since the best one, or since the rate was lowered


class Passes:
    """Trains pass by pass, from a `State` on.

    Parameters
    ----------
    state : State
    reader : Reader
    classes : array-like or None
        All classes of the stream.
    patience : int
        Passes in a row without a lower loss that end training, or lower its rate.
    checkpoint : path or None
        Where to save the state, with ``settings``, every so many ``seconds`` and after
        each pass.
    report_progress : function (rows done, rows to do)
    """

    def __init__(
        self,
        state,
        reader,
        classes,
        patience,
        *,
        checkpoint,
        seconds,
        settings,
        report_progress,
    ):
        self.state, self.reader, self.classes = state, reader, classes
        self.patience, self.report_progress = patience, report_progress
        self.checkpoint, self.seconds, self.settings = checkpoint, seconds, settings
        self.saved = monotonic()

    def run(self, n_passes, verbose):
        """Train until there were ``n_passes``, or patience is over."""
        state = self.state
        while state.n_passes < n_passes and self._goes_on():
            self.parts = Parts(state.network, state.whole)
            for place, group in enumerate(self.reader.groups(state.n_passes)):
                if place >= state.n_groups:  # the others were learned from before
                    self._take(group)
                    self._tell(n_passes)
                    if monotonic() - self.saved >= self.seconds:
                        self._save()
            self._finish_pass()
            if verbose:
                print(_line(state.network))
            self._save()

    def _goes_on(self):
        """Tell whether another pass is worth while, if need be at a lower rate."""
        state, network = self.state, self.state.network
        if state.waited < self.patience:
            return True
        schedule, rate = network.learning_rate, state.whole.rate
        lowest = LOWEST[schedule] if schedule in ("auto", "adaptive") else np.inf
        if rate <= lowest or rate * network.learning_rate_init_ <= SMALLEST_RATE:
            return False
        state.whole.rate, state.waited = rate / LOWER, 0
        return True

    def _take(self, group):
        """Train on a group, and keep what it has to validate on."""
        state = self.state
        if state.n_passes == 0 and group.held is not None:
            state.held.append(group.held)
        if group.learned is not None:
            self._learn(group.learned)
        state.n_groups += 1
        state.form = self.reader.form

    def _learn(self, rows):
        state, network = self.state, self.state.network
        if rows.weight is None or np.any(rows.weight):
            if state.whole.seen and len(rows.y) == self.reader.size:
                self.parts.learn(*rows)
            else:
                classes = None if hasattr(network, "coefs_") else self.classes
                network._partial_fit(
                    rows.X, rows.y, classes, rows.weight, whole=state.whole
                )
            # The curve has one value a pass, as if all groups were one epoch.
            state.cost += network.loss_curve_.pop() * len(rows.y)
        state.n_rows += len(rows.y)

    def _finish_pass(self):
        """Take stock: curves, validation, and whether this was the best pass."""
        state, network = self.state, self.state.network
        if not hasattr(network, "coefs_"):
            raise ValueError(
                "The stream has no rows to learn from. A function has to return a new "
                "iterable each time that it is called; or validation holds out all, or "
                "all weights are zero."
            )
        cost = state.cost / state.n_rows
        network.loss_curve_ = [*network.loss_curve_, cost]
        _sum_up(network)
        loss = self._validate() if state.held else cost
        state.waited = 0 if loss < state.best_loss - network.tol else state.waited + 1
        if loss < state.best_loss:
            state.best_loss = loss
            if state.held:
                state.best = network.coefs_, network.intercepts_
        state.whole.n_rows, state.whole.seen = state.n_rows, True
        state.n_passes += 1
        state.n_groups, state.n_rows, state.cost = 0, 0, 0.0

    def _validate(self):
        state, network = self.state, self.state.network
        together = [
            None if parts[0] is None else np.concatenate(parts)
            for parts in zip(*state.held, strict=True)
        ]
        state.held = [Rows(*together)]
        loss, score = network._measure(*together)
        losses, scores = network.validation_loss_curve_, network.validation_scores_
        network.validation_loss_curve_ = [*(losses or []), loss]
        network.validation_scores_ = [*(scores or []), score]
        network.best_validation_score_ = max(network.validation_scores_)
        return loss

    def _tell(self, n_passes):
        state = self.state
        done, total = state.n_rows, state.whole.n_rows
        if total is not None:
            done = min(done, total) + state.n_passes * total
            self.report_progress(done, n_passes * total)

    def _save(self):
        if self.checkpoint is not None:
            save(self.checkpoint, {"settings": self.settings, "state": self.state})
        self.saved = monotonic()

    def learned(self):
        """Return the network with the weights of the best pass."""
        network = self.state.network
        if self.state.best is not None:
            network.coefs_, network.intercepts_ = self.state.best
        _sum_up(network)  # again, if it was interrupted within a pass
        if self.reader.form[1] is not None:
            network.feature_names_in_ = np.array(self.reader.form[1], object)
        return network


def _sum_up(network):
    """Set what follows from the costs of the passes."""
    network.loss_ = network.loss_curve_[-1]
    network.best_loss_ = min(network.loss_curve_)
    network.n_iter_ = len(network.loss_curve_)


def _line(network):
    text = f"pass {network.n_iter_:>4}  cost {network.loss_:>10.6f}"
    if network.validation_scores_:
        text += f"  val. loss {network.validation_loss_curve_[-1]:>10.6f}"
        text += f"  val. score {network.validation_scores_[-1]:>7.4f}"
    return text
