"""The training loop (L19): epochs, when to stop, and when training has failed."""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from ._batches import MiniBatches
from ._network import Parameters, add_l2_gradient, backward, forward
from ._optimizers import per_network

# Training has failed, though all is finite, when a parameter is beyond what data of any
# ordinary scale lead to, or the cost is far above where it began. Networks that learn
# stay away from both by orders of magnitude.
LARGEST_PARAMETER = 1e6
LARGEST_RISE = 10


@dataclass
class Outcome:
    """What became of one network, as of the end of its latest finished epoch."""

    theta: np.ndarray
    loss_curve: list[float] = field(default_factory=list)
    status: str = "unfinished"  # later "converged" or "diverged"


class Patience:
    """Counts epochs in a row that did not lower the cost by more than ``tol``."""

    def __init__(self, tol, n_iter_no_change, n_networks):
        self.tol, self.n_iter_no_change = tol, n_iter_no_change
        self.best = np.full(n_networks, np.inf)
        self.waited = np.zeros(n_networks)

    def is_over(self, costs):
        """Take in an epoch's costs and tell which networks should stop."""
        improved = costs < self.best - self.tol
        self.waited = np.where(improved, 0, self.waited + 1)
        self.best = np.minimum(costs, self.best)
        return self.waited >= self.n_iter_no_change

    def keep(self, mask):
        """Forget the networks that have left."""
        self.best, self.waited = self.best[mask], self.waited[mask]


class Training:
    """Mini-batch descent of one network, or of a stack on the same mini-batches.

    Parameters
    ----------
    network : Network
    theta : ndarray of shape (P,) or (M, P)
        Initial parameters, trained in place.
    data : TrainingSet
    optimizer : SGD
        Made for ``theta``.
    alpha : float or array of shape (M,)
        L2 strength λ.
    batch_size : int
    rng : RandomState or None
        Draws each epoch's order of the examples; None leaves them in theirs.

    Attributes
    ----------
    outcomes : list of Outcome
        One for each network. Only finished epochs count, so that an interrupted
        training leaves something usable.
    """

    def __init__(self, network, theta, data, optimizer, *, alpha, batch_size, rng):
        self.network, self.data, self.optimizer = network, data, optimizer
        self.alpha, self.batch_size = np.asarray(alpha, theta.dtype), batch_size
        self.rng = rng
        self.outcomes = [Outcome(row.copy()) for row in np.atleast_2d(theta)]
        self.running = np.arange(len(self.outcomes))  # which network is in which row
        self._prepare(theta)

    def _prepare(self, theta):
        """Make room for training ``theta``."""
        sizes = self.network.layer_sizes
        self.parameters = Parameters(sizes, theta)
        self.grad = Parameters(sizes, np.empty_like(theta))
        self.scratch = Parameters(sizes, np.empty_like(theta))
        self.decay = per_network(self.alpha, theta)
        lead = theta.shape[:-1]
        self.batches = MiniBatches(
            self.network, self.data, self.batch_size, lead, theta.dtype
        )

    def run(self, max_iter, patience, after_epoch=None):
        """Train up to ``max_iter`` epochs; networks that have stopped leave the stack.

        ``after_epoch(epoch, costs)`` is called at the end of each epoch.
        """
        # Overflow needs no warning on the way: the epoch's end tells what it led to.
        with np.errstate(over="ignore", invalid="ignore"):
            for epoch in range(1, max_iter + 1):
                costs = self._epoch()
                diverged = self._record(costs)
                if after_epoch is not None:
                    after_epoch(epoch, costs)
                over = patience.is_over(costs)
                self._mark(over, "converged")
                self._mark(diverged, "diverged")
                leaving = over | diverged
                if leaving.all():
                    return
                if leaving.any():
                    self._keep(~leaving)
                    patience.keep(~leaving)

    def _epoch(self):
        """One pass over the data; returns each network's mean mini-batch cost."""
        n_rows = self.data.X.shape[0]
        order = np.arange(n_rows) if self.rng is None else self.rng.permutation(n_rows)
        costs = []
        for chunk in self.batches(order):
            for step in chunk.steps:
                self._step(*step)
            costs.append(chunk.costs(self.alpha))
        costs = np.concatenate(costs).mean(axis=0, dtype=np.float64)
        return np.atleast_1d(costs)

    def _step(self, cache, Y, weight, squared_norm):
        """Forward, backward, update."""
        parameters, grad = self.parameters, self.grad
        forward(self.network, parameters.W, parameters.b, cache)
        backward(self.network, parameters.W_T, cache, Y, weight, grad)
        np.vecdot(parameters.weights, parameters.weights, out=squared_norm)
        add_l2_gradient(parameters, self.decay, grad, self.scratch)
        self.optimizer.step(parameters.theta, grad.theta)

    def _record(self, costs):
        """Note the epoch's costs and results; tell which networks have diverged."""
        thetas = np.atleast_2d(self.parameters.theta)
        size = np.maximum(thetas.max(axis=-1), -thetas.min(axis=-1))
        diverged = np.empty(len(costs), bool)
        for row, network in enumerate(self.running):
            outcome = self.outcomes[network]
            outcome.loss_curve.append(float(costs[row]))
            limit = LARGEST_RISE * max(1.0, outcome.loss_curve[0])
            finite = costs[row] < limit and size[row] < LARGEST_PARAMETER  # not so nan
            diverged[row] = not finite
            if finite:
                np.copyto(outcome.theta, thetas[row])
        return diverged

    def _mark(self, rows, status):
        for network in self.running[rows]:
            self.outcomes[network].status = status

    def _keep(self, mask):
        """Go on with part of the stack."""
        self.running = self.running[mask]
        self.optimizer.keep(mask)
        if self.alpha.ndim:
            self.alpha = self.alpha[mask]
        self._prepare(self.parameters.theta[mask])


def progress_printer(verbose, n_before=0):
    """Return a function that prints every ``verbose``-th epoch on a line of its own."""
    started = perf_counter()

    def print_epoch(epoch, costs):
        if epoch == 1 and n_before == 0:
            print(f"{'epoch':>7}  {'cost':>12}  {'time':>9}")
        if (epoch + n_before) % verbose == 0:
            seconds = perf_counter() - started
            print(f"{epoch + n_before:>7}  {costs[0]:>12.6f}  {seconds:>7.2f} s")

    return print_epoch
