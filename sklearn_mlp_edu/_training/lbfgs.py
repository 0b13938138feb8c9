"""L-BFGS: the whole training set's cost, minimised instead of followed downhill.

Examples pass in batches, so their number takes no more memory.
"""

import numpy as np

from .._arithmetic import add_multiple, carry_out, repeat
from .._lecture import Parameters, add_l2_gradient, backward, count, forward
from .batches import MiniBatches
from .quasi_newton import LBFGS

BATCH_SIZE = 1000
CORRECTIONS = 10  # pairs of vectors that the curvature is known by
FEWEST_CORRECTIONS = 3
OTHER_VECTORS = 8  # that L-BFGS needs beside the pairs
MOST_BYTES = 200 * 10**6  # of all these vectors, with fewer corrections if need be


def minimise(network, outcome, data, *, alpha, max_iter, max_fun, tol, observers):
    """Minimise J_L2 over all examples, starting from the parameters in ``outcome``.

    ``outcome`` follows the iterations, and so do observers, who are told of each when
    it has ended. ``tol`` bounds the largest component of the gradient.
    """
    theta = outcome.theta
    cost = Cost(network, data, alpha, theta.dtype)
    # Overflow needs no warning on the way: a step that leads there is not taken.
    with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
        solver = LBFGS(cost, theta, corrections(theta.nbytes), tol=tol, max_fun=max_fun)
    n_iterations = 0
    while solver.status == "unfinished" and n_iterations < max_iter:
        with np.errstate(all="ignore"):
            found = solver.iterate()
        if not found:
            break
        n_iterations += 1
        note(outcome, cost, solver)
        asked = []
        for observer in observers:
            observer.before_epoch(n_iterations)
            asked.append(observer.after_epoch(n_iterations, [outcome]))
        if any(asked):
            outcome.status = "stopped"
            return
    if n_iterations == 0:  # the start was the minimum, or beyond all numbers
        with np.errstate(all="ignore"):
            note(outcome, cost, solver)
    outcome.status = solver.status


def note(outcome, cost, solver):
    """Note where the solver is as an iteration of the outcome."""
    weights = solver.theta[: cost.parameters.weights.size]
    penalty = cost.alpha / 2 * np.dot(weights, weights)
    outcome.note(
        solver.theta,
        loss_curve=solver.value,
        data_losses=float(solver.value - penalty),
    )


def corrections(bytes_of_theta):
    """Return m, how many pairs of vectors L-BFGS keeps: fewer for large networks.

    Training needs 2m + 8 vectors like theta, however many examples there are.
    """
    fitting = (MOST_BYTES // bytes_of_theta - OTHER_VECTORS) // 2
    return min(CORRECTIONS, max(FEWEST_CORRECTIONS, fitting))


class Cost:
    """J_L2 over all examples and its gradient, as functions of theta.

    They are calculated at ``parameters``, where theta is copied to; the gradient, which
    is returned beside the cost, is the array ``grad.theta``.
    """

    def __init__(self, network, data, alpha, dtype):
        sizes, n_rows = network.layer_sizes, data.n_rows
        parameters, grad, grad_of_batch = (
            Parameters(sizes, np.zeros(count(sizes), dtype)) for _ in range(3)
        )

        def operations(cache, Y, weight, squared_norm, place):
            share = np.array(len(Y) / n_rows, dtype)
            yield from forward(network, parameters.W, parameters.b, cache)
            yield from backward(network, parameters.W, cache, Y, weight, grad_of_batch)
            yield "3.32", add_multiple(share, grad_of_batch.theta, to=grad.theta)

        self.parameters, self.grad, self.n_rows = parameters, grad, n_rows
        self.alpha = np.asarray(alpha, dtype)
        self.batches = MiniBatches(network, data, BATCH_SIZE, operations, (), dtype)

    def __call__(self, theta):
        weights, grad = self.parameters.weights, self.grad
        if theta is not self.parameters.theta:
            np.copyto(self.parameters.theta, theta)
        grad.theta.fill(0)
        cost = 0.0
        for chunk, steps in self.batches():
            repeat(steps)
            share = chunk.batch_size / self.n_rows
            J, _ = chunk.costs()
            cost += share * float(J.sum(dtype=np.float64))
        cost += float(self.alpha / 2 * np.dot(weights, weights))
        carry_out(add_l2_gradient(weights, self.alpha, grad.weights))
        return cost, grad.theta
