"""The training loop (L19): epochs, when to stop, and when training has failed."""

import numpy as np

from .._arithmetic import moved_up, repeat
from .._engine import Engine
from .._lecture import Constant, Parameters
from .batches import MiniBatches
from .descent import Descent
from .outcome import Outcome

# Training has failed, though all is finite, when a parameter is beyond what data of any
# ordinary scale lead to, or the cost is far above where it began. Networks that learn
# stay away from both by orders of magnitude. One that is merely worse than guessing may
# still come round; if it does not, a warning says so at the end.
LARGEST_PARAMETER = 1e6
LARGEST_RISE = 1e5


class Training:
    """Mini-batch descent of one network, or of a stack on the same mini-batches.

    Parameters
    ----------
    network : Network
    theta : ndarray of shape (P,) or (M, P)
        Initial parameters, trained in place.
    data : TrainingSet
    optimizer : Optimizer
        Made for ``theta``.
    alpha : float or array of shape (M,)
        L2 strength λ.
    batch_size : int
    rng : RandomState or None
        Draws each epoch's order of the examples; None leaves them in theirs.
    schedule : Constant, optional
        How the learning rate changes.
    dropout : float, default=0
        Probability p for a hidden unit to be left out of a step.
    dropout_rng : Generator, optional
        Draws which units those are, the same ones for all networks of a stack.
    max_grad_norm : float, optional
        Bound for the length of each network's gradient.
    validation : Validation, optional
        Where it decides, patience watches its score instead of the cost, and the
        outcome is the parameters of the best epoch.
    engine : {"numpy", "compiled", "auto"}, default="numpy"
        What carries out the operations of the steps.
    n_epochs : int, optional
        Largest number of epochs, for the choice of an engine.
    one_pass : bool, default=False
        Whether there will be a single epoch, for which less is prepared.

    Attributes
    ----------
    outcomes : list of Outcome
        One for each network. Only finished epochs count, so that an interrupted
        training leaves something usable.
    """

    def __init__(
        self,
        network,
        theta,
        data,
        optimizer,
        *,
        alpha,
        batch_size,
        rng,
        schedule=None,
        dropout=0.0,
        dropout_rng=None,
        max_grad_norm=None,
        validation=None,
        engine="numpy",
        n_epochs=1,
        one_pass=False,
    ):
        self.network, self.data, self.optimizer = network, data, optimizer
        self.alpha, self.batch_size = np.asarray(alpha, theta.dtype), batch_size
        self.rng, self.schedule = rng, schedule or Constant()
        self.dropout, self.dropout_rng = dropout, dropout_rng
        self.max_grad_norm = max_grad_norm
        self.validation, self.one_pass = validation, one_pass
        self.outcomes = [Outcome(row.copy()) for row in np.atleast_2d(theta)]
        self.running = np.arange(len(self.outcomes))  # which network is in which row
        n_steps = int(n_epochs) * -(-data.n_rows // batch_size)
        self.engine = Engine(
            engine, network.layer_sizes, batch_size, n_steps, len(self.outcomes)
        )
        self._prepare(theta)

    def _prepare(self, theta):
        """Make room for training ``theta``."""
        self.engineer = self.engine.preparing(theta)
        prepare = self.engineer.prepare
        self.descent = descent = Descent(
            self.network,
            theta,
            self.optimizer,
            alpha=self.alpha,
            dropout=self.dropout,
            dropout_rng=self.dropout_rng,
            max_grad_norm=self.max_grad_norm,
        )
        self.theta, self.rounding = theta, prepare(descent.round_state())
        self.batches = MiniBatches(
            self.network,
            self.data,
            self.batch_size,
            descent.step,
            theta.shape[:-1],
            theta.dtype,
            dropout=self.dropout > 0,
            prepare=prepare,
            one_pass=self.one_pass,
        )

    def run(self, max_iter, patience, observers=(), n_before=0):
        """Train up to ``max_iter`` epochs; networks that have stopped leave the stack.

        Epochs are counted from ``n_before`` + 1.
        """
        for epoch in range(n_before + 1, n_before + int(max_iter) + 1):
            for observer in observers:
                observer.before_epoch(epoch)
            diverged, watched = self.advance(epoch)
            asked = [
                observer.after_epoch(epoch, self.outcomes) for observer in observers
            ]
            over = patience.is_over(watched)
            if over.any():
                going_on = self.schedule.go_on(over, self.optimizer)
                patience.start_again(going_on)
                over &= ~going_on
            leaving = over | diverged
            if leaving.any():
                self._mark(over, "converged")
                self._mark(diverged, "diverged")
                if leaving.all():
                    return
                self.keep(~leaving)
                patience.keep(~leaving)
            if any(asked):
                self._mark(np.ones_like(self.running, bool), "stopped")
                return

    def advance(self, epoch):
        """Train for one epoch, which is told its number, counted from 1.

        Returns which networks have diverged, and the values that patience watches.
        """
        self.schedule.start_epoch(epoch, self.optimizer)
        self.optimizer.start_epoch()
        # Overflow needs no warning on the way: the epoch's end tells where it led.
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            return self._record(*self._epoch())

    def _epoch(self):
        """One pass over the data; returns two costs of each network.

        They are J, the mean over examples and without L2, and the mean over
        mini-batches of J_mb + λ/2 ‖W‖² (3.35).
        """
        J, J_mb, norm, n_batches = 0.0, 0.0, 0.0, 0
        for chunk, steps in self.batches(self.rng):
            repeat(steps)
            repeat([self.rounding])
            costs, norms = chunk.costs()
            total = np.add.reduce(costs, dtype=np.float64)  # over mini-batches, [M]
            J, J_mb = J + chunk.batch_size * total, J_mb + total
            norm = norm + np.add.reduce(norms, dtype=np.float64)
            n_batches += chunk.n_batches
        J, J_mb = J / self.data.n_rows, J_mb / n_batches
        J_L2 = J_mb + self.alpha / 2 * norm / n_batches
        return np.atleast_1d(J), np.atleast_1d(J_L2)

    def _record(self, data_costs, costs):
        """Note an epoch's results.

        Returns which networks have diverged, and the values that patience watches.
        """
        diverged, watched = np.empty(len(costs), bool), costs.copy()
        thetas = np.atleast_2d(self.theta)
        size = np.maximum(thetas.max(axis=-1), -thetas.min(axis=-1))
        for row, index in enumerate(self.running):
            outcome, theta, cost = self.outcomes[index], thetas[row], float(costs[row])
            noted = {"data_losses": float(data_costs[row]), "loss_curve": cost}
            limit = LARGEST_RISE * max(1.0, (outcome.loss_curve or [cost])[0])
            healthy = cost < limit and size[row] < LARGEST_PARAMETER  # not so nan
            diverged[row] = not healthy
            if not healthy:
                outcome.note(**noted)
                continue
            is_best = True
            if self.validation is not None:
                loss, score = self._validate(theta)
                noted |= {"validation_losses": loss, "validation_scores": score}
                if self.validation.decides:
                    watched[row] = -score
                    is_best = score > max(outcome.validation_scores, default=-np.inf)
            outcome.note(theta.copy() if is_best else None, **noted)
        return diverged, watched

    def _validate(self, theta):
        parameters = Parameters(self.network.layer_sizes, theta)
        return self.validation.measure(self.network, parameters)

    def _mark(self, rows, status):
        for network in self.running[rows]:
            self.outcomes[network].status = status

    def keep(self, mask):
        """Go on with part of the stack, which moves to the front of its memory."""
        self.running = self.running[mask]
        self.optimizer.keep(mask)
        if self.alpha.ndim:
            self.alpha = self.alpha[mask]
        self.descent.keep(mask)
        theta = moved_up(self.theta, mask)
        if self.engineer.shrink(len(theta)):
            self.theta = theta
            self.batches.keep(len(theta))
        else:
            self._prepare(theta)
