"""Passes over a stream: what is learned, watched, kept, and saved on the way."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np

from .checkpoint import save


@dataclass
class State:
    """Where training is: all that is needed to go on from here."""

    network: Any  # as far as it has learned
    seed: int  # of the order of the rows, and of those held out
    n_passes: int = 0  # that are finished
    n_groups: int = 0  # of the present pass that are done
    n_rows: int = 0  # in them
    cost: float = 0.0  # summed over these rows
    n_stream_rows: int | None = None  # to learn from in a pass, where known
    form: tuple | None = None  # of X, see `Reader`
    held: list = field(default_factory=list)  # pairs (X, y) to validate on
    best: tuple | None = None  # weights and biases of the best pass
    best_loss: float = np.inf
    waited: int = 0  # passes since the best one


class Passes:
    """Trains pass by pass, from a `State` on.

    Parameters
    ----------
    state : State
    reader : Reader
    classes : array-like or None
        All classes of the stream.
    patience : int
        Passes in a row without a lower validation loss that end training.
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
        while state.n_passes < n_passes and state.waited < self.patience:
            for place, group in enumerate(self.reader.groups(state.n_passes)):
                if place >= state.n_groups:  # the others were learned from before
                    self._learn(group)
                    self._tell(n_passes)
                    if monotonic() - self.saved >= self.seconds:
                        self._save()
            self._finish_pass()
            if verbose:
                print(_line(state.network))
            self._save()

    def _learn(self, group):
        """Train on a group, and note what it costs."""
        state = self.state
        first_pass = state.n_passes == 0
        if first_pass and len(group.y_held):
            state.held.append((group.X_held, group.y_held))
        if len(group.y):
            network = state.network
            network._partial_fit(
                group.X,
                group.y,
                None if hasattr(network, "coefs_") else self.classes,
                n_stream_rows=state.n_stream_rows,
                seen=not first_pass,
            )
            # The curve has one value a pass, as if all groups were one epoch.
            state.cost += network.loss_curve_.pop() * len(group.y)
            state.n_rows += len(group.y)
        state.n_groups += 1
        state.form = self.reader.form

    def _finish_pass(self):
        """Take stock: curves, validation, and whether this was the best pass."""
        state, network = self.state, self.state.network
        if not state.n_rows:
            raise ValueError(
                "The stream has no rows to learn from. A function has to return a new "
                "iterable each time that it is called; or validation holds out all."
            )
        network.loss_curve_ = [*network.loss_curve_, state.cost / state.n_rows]
        _sum_up(network)
        if state.held:
            self._validate()
        state.n_stream_rows = state.n_rows
        state.n_passes += 1
        state.n_groups, state.n_rows, state.cost = 0, 0, 0.0

    def _validate(self):
        state, network = self.state, self.state.network
        X, y = map(np.concatenate, zip(*state.held, strict=True))
        state.held = [(X, y)]
        loss, score = network._measure(X, y)
        network.validation_loss_curve_ = [
            *(network.validation_loss_curve_ or []),
            loss,
        ]
        network.validation_scores_ = [*(network.validation_scores_ or []), score]
        network.best_validation_score_ = max(network.validation_scores_)
        state.waited += 1
        if loss < state.best_loss - network.tol:
            state.waited = 0
        if loss < state.best_loss:
            state.best_loss = loss
            state.best = network.coefs_, network.intercepts_

    def _tell(self, n_passes):
        state = self.state
        done, total = state.n_rows, state.n_stream_rows
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
