"""L-BFGS: the whole training set's cost, minimised by SciPy instead of by descent.

Liu & Nocedal, "On the limited memory BFGS method for large scale optimization",
Mathematical Programming 45, 1989. Examples pass in batches, so memory stays bounded.
"""

import numpy as np
import scipy.optimize

from .._arithmetic import add_multiple, carry_out, repeat
from .._lecture import Parameters, add_l2_gradient, backward, count, forward
from .batches import MiniBatches

BATCH_SIZE = 1000
CORRECTIONS = 10  # pairs of vectors that the curvature is known by
FEWEST_CORRECTIONS = 3
HISTORY_BYTES = 200 * 10**6  # of these vectors, with fewer corrections if need be


def minimise(network, outcome, data, *, alpha, max_iter, max_fun, tol, observers):
    """Minimise J_L2 over all examples, starting from the parameters in ``outcome``.

    ``outcome`` follows the iterations, and so do observers, who are told of each when
    it has ended. ``tol`` bounds the largest component of the gradient.
    """
    dtype = outcome.theta.dtype
    cost = Cost(network, data, alpha, dtype)

    def after_iteration(intermediate_result):
        outcome.note(
            intermediate_result.x.astype(dtype),
            loss_curve=float(intermediate_result.fun),
            data_losses=cost.without_l2(intermediate_result),
        )
        asked = []
        for observer in observers:
            observer.before_epoch(len(outcome.loss_curve))
            asked.append(observer.after_epoch(len(outcome.loss_curve), [outcome]))
        if any(asked):
            outcome.status = "stopped"
            raise StopIteration

    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        result = scipy.optimize.minimize(
            cost,
            outcome.theta,
            method="L-BFGS-B",
            jac=True,
            callback=after_iteration,
            options={
                "maxcor": corrections(outcome.theta.size),
                "maxiter": int(max_iter),
                "maxfun": int(max_fun),
                "gtol": float(tol),
                "ftol": 64 * np.finfo(np.float64).eps,
            },
        )
    if not outcome.loss_curve:  # the start was the minimum
        outcome.note(loss_curve=float(result.fun), data_losses=cost.without_l2(result))
    if not (np.isfinite(result.fun) and np.isfinite(result.x).all()):
        outcome.status = "diverged"
    elif result.status != 1 and outcome.status != "stopped":
        # 1 is a limit reached; 2 says that nothing lower is left to floating point.
        outcome.status = "converged"


def corrections(n_parameters):
    """Return how many pairs of vectors L-BFGS keeps, fewer for large networks.

    With m of them SciPy and `Cost` need about 2m + 22 vectors of the length of theta in
    float64, however many examples there are.
    """
    fitting = HISTORY_BYTES // (2 * 8 * n_parameters)
    return int(min(CORRECTIONS, max(FEWEST_CORRECTIONS, fitting)))


class Cost:
    """J_L2 over all examples and its gradient, as functions of theta."""

    def __init__(self, network, data, alpha, dtype):
        sizes, n_rows = network.layer_sizes, data.n_rows
        parameters, grad, grad_of_batch = (
            Parameters(sizes, np.zeros(count(sizes), dtype)) for _ in range(3)
        )

        def operations(cache, Y, weight, squared_norms, place):
            share = np.array(len(Y) / n_rows, dtype)
            yield from forward(network, parameters.W, parameters.b, cache)
            yield from backward(network, parameters.W, cache, Y, weight, grad_of_batch)
            yield "3.32", add_multiple(share, grad_of_batch.theta, to=grad.theta)

        self.parameters, self.grad, self.n_rows = parameters, grad, n_rows
        self.alpha = np.asarray(alpha, dtype)
        self.batches = MiniBatches(
            network, data, BATCH_SIZE, operations, (), dtype, n_parts=0
        )

    def __call__(self, theta):
        weights, grad = self.parameters.weights, self.grad
        self.parameters.theta[...] = theta
        grad.theta.fill(0)
        cost = 0.0
        for chunk, steps in self.batches():
            repeat(steps)
            share = chunk.batch_size / self.n_rows
            J, _ = chunk.costs()
            cost += share * float(J.sum(dtype=np.float64))
        cost += float(self.alpha / 2 * np.dot(weights, weights))
        carry_out(add_l2_gradient(weights, self.alpha, grad.weights))
        return cost, grad.theta.astype(np.float64, copy=False)  # SciPy copies it

    def without_l2(self, result):
        """Return J at what SciPy has found."""
        weights = result.x[: self.parameters.weights.size]
        return float(result.fun - self.alpha / 2 * np.dot(weights, weights))
