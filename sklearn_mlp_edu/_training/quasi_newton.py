"""L-BFGS, in place: Newton's method with a curvature that past steps have shown.

Liu & Nocedal, "On the limited memory BFGS method for large scale optimization",
Mathematical Programming 45, 1989; Nocedal & Wright, *Numerical Optimization*, 2nd
edition, 2006, algorithms 7.4 and 7.5.
"""

import numpy as np

from .._arithmetic import axpy_in_pieces
from .line_search import Trial, wolfe_step

EPS = np.finfo(np.float64).eps
LEAST_REDUCTION = 64 * EPS  # of the cost in a step: less is rounding


class History:
    """The last m pairs s = θ' − θ and y = g' − g, and H ≈ (∇²J)⁻¹ that they tell."""

    def __init__(self, n_pairs, theta):
        self.s, self.y = np.empty((2, n_pairs, theta.size), theta.dtype)
        self.rho = np.empty(n_pairs)  # 1 / yᵀs
        self.gamma = 1.0  # H = γI before the pairs say more
        self.n_known, self.next = 0, 0  # of m rows, which are used in turn

    def remember(self, theta, last_theta, grad, last_grad):
        """Take a step's s and y in, instead of the oldest ones."""
        n_pairs, row = len(self.rho), self.next
        s, y = self.s[row], self.y[row]
        self.n_known = min(self.n_known, n_pairs - 1)
        np.subtract(theta, last_theta, out=s)
        np.subtract(grad, last_grad, out=y)
        ys, yy = float(np.dot(y, s)), float(np.dot(y, y))
        if ys > EPS * yy:  # the cost bends upwards along the step
            self.rho[row], self.gamma = 1 / ys, ys / yy
            self.n_known, self.next = self.n_known + 1, (row + 1) % n_pairs

    def forget(self):
        """Start again with H = I."""
        self.n_known, self.gamma = 0, 1.0

    def apply(self, q):
        """In place: q ← H q, by two loops over the pairs (7.4)."""
        rows = np.arange(self.next - self.n_known, self.next) % len(self.rho)
        a = {}
        for i in reversed(rows):  # the newest first
            a[i] = self.rho[i] * np.dot(self.s[i], q)
            axpy_in_pieces(self.y[i], q, -a[i])  # q ← q − a y
        q *= self.gamma
        for i in rows:
            b = self.rho[i] * np.dot(self.y[i], q)
            axpy_in_pieces(self.s[i], q, a[i] - b)  # q ← q + (a − b) s


class LBFGS:
    """The minimisation of a cost, iteration by iteration (7.5).

    Parameters
    ----------
    cost : Cost
        Trials are made where its ``parameters`` are.
    theta : ndarray of shape (P,)
        Where to start. The second iteration overwrites it.
    n_pairs : int
        m.
    tol : float
        No component of the gradient is larger at a minimum.
    max_fun : int
        How often the cost and its gradient may be calculated.

    Attributes
    ----------
    theta : ndarray of shape (P,)
        Where it is. The next iteration leaves this array as it is.
    value : float
        The cost there.
    status : str
        "converged" or "diverged" when it has; "unfinished" before.
    """

    def __init__(self, cost, theta, n_pairs, *, tol, max_fun):
        self.cost, self.theta, self.tol, self.n_left = cost, theta, tol, max_fun
        self.history, self.direction = History(n_pairs, theta), np.empty_like(theta)
        self.value, grad = self._calculate(theta)
        self.grad = grad.copy()
        largest = largest_entry(self.grad)
        finite = np.isfinite(self.value) and np.isfinite(largest)
        flat = "converged" if largest <= tol else "unfinished"
        self.status = flat if finite else "diverged"

    def iterate(self):
        """Go one step downhill; return whether there was one to be found."""
        d = self.direction
        np.negative(self.grad, out=d)
        self.history.apply(d)
        slope = float(np.dot(self.grad, d))
        first = 1.0 if self.history.n_known else min(1.0, 1 / np.sqrt(-slope))
        start, found = Trial(0.0, self.value, slope), None
        if slope < 0:  # not so for nan
            found = wolfe_step(self._try, start, first, self.n_left)
        if found is not None:
            self._go_to(found.value)
            return True
        if self.n_left <= 0:
            return False
        if self.history.n_known:  # that may mislead: try along the gradient
            self.history.forget()
            return self.iterate()
        self.status = "converged" if np.isfinite(slope) else "diverged"
        return False

    def _calculate(self, theta):
        self.n_left -= 1
        return self.cost(theta)

    def _try(self, step):
        """Return the `Trial` θ + step d."""
        trial = self.cost.parameters.theta
        np.multiply(self.direction, step, out=trial)
        trial += self.theta
        value, grad = self._calculate(trial)
        return Trial(step, value, float(np.dot(grad, self.direction)))

    def _go_to(self, value):
        """Take the last trial for θ."""
        theta, grad = self.cost.parameters.theta, self.cost.grad.theta
        self.history.remember(theta, self.theta, grad, self.grad)
        self.theta, self.direction = self.direction, self.theta
        np.copyto(self.theta, theta)
        np.copyto(self.grad, grad)
        scale = max(abs(self.value), abs(value), 1.0)
        stuck = self.value - value <= LEAST_REDUCTION * scale
        self.value = value
        if stuck or largest_entry(grad) <= self.tol:
            self.status = "converged"


def largest_entry(x):
    """Return the largest |x[i]|, without an array of them; nan if there is one."""
    return float(max(x.max(), -x.min()))
