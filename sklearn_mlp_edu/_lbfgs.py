"""L-BFGS: the whole training set's cost, minimised by SciPy instead of by descent.

Liu & Nocedal, "On the limited memory BFGS method for large scale optimization",
Mathematical Programming 45, 1989. Examples pass in batches, so memory stays bounded.
"""

import numpy as np
import scipy.optimize

from ._batches import MiniBatches
from ._network import Parameters, add_l2_gradient, backward, forward

BATCH_SIZE = 1000


def minimise(network, outcome, data, *, alpha, max_iter, max_fun, tol, observers):
    """Minimise J_L2 over all examples, starting from the parameters in ``outcome``.

    ``outcome`` follows the iterations, and so do observers, who are told of each when
    it has ended. ``tol`` bounds the largest component of the gradient.
    """
    cost = _Cost(network, data, alpha, outcome.theta.dtype)

    def after_iteration(intermediate_result):
        outcome.theta[...] = intermediate_result.x
        outcome.loss_curve.append(float(intermediate_result.fun))
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
                "maxiter": max_iter,
                "maxfun": max_fun,
                "gtol": tol,
                "ftol": 64 * np.finfo(np.float64).eps,
            },
        )
    if not outcome.loss_curve:  # the start was the minimum
        outcome.loss_curve.append(float(result.fun))
    if not (np.isfinite(result.fun) and np.isfinite(result.x).all()):
        outcome.status = "diverged"
    elif result.status != 1 and outcome.status != "stopped":
        # 1 is a limit reached; 2 says that nothing lower is left to floating point.
        outcome.status = "converged"


class _Cost:
    """J_L2 and its gradient, as functions of theta."""

    def __init__(self, network, data, alpha, dtype):
        self.network, self.n_rows = network, data.n_rows
        self.alpha = np.asarray(alpha, dtype)
        self.batches = MiniBatches(network, data, BATCH_SIZE, (), dtype)
        self.dtype = dtype

    def __call__(self, theta):
        theta = theta.astype(self.dtype)
        sizes = self.network.layer_sizes
        parameters = Parameters(sizes, theta)
        grad, part = (Parameters(sizes, np.zeros_like(theta)) for _ in range(2))
        cost = 0.0
        for chunk, steps in self.batches():
            share = chunk.batch_size / self.n_rows
            for cache, Y, weight, (squared_norm,) in steps:
                forward(self.network, parameters.W, parameters.b, cache)
                backward(self.network, parameters.W_T, cache, Y, weight, part)
                grad.theta += share * part.theta
                squared_norm[...] = 0
            cost += share * float(chunk.costs(0).sum(dtype=np.float64))
        squared_norm = np.vecdot(parameters.weights, parameters.weights)
        cost += float(self.alpha / 2 * squared_norm)
        add_l2_gradient(parameters.weights, self.alpha, grad.weights, part.weights)
        return cost, grad.theta.astype(np.float64)
