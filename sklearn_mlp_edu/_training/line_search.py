"""How far to go along a direction: a step that meets the strong Wolfe conditions.

Along a direction d the cost is φ(α) = J(θ + αd), which falls at first: φ'(0) < 0. A
step has to lower it by a share of what that slope promises, and is too short where the
cost still falls nearly as steeply:

    φ(α) ≤ φ(0) + c₁ α φ'(0)        |φ'(α)| ≤ c₂ |φ'(0)|

Nocedal & Wright, *Numerical Optimization*, 2nd edition, 2006, algorithms 3.5 and 3.6.
"""

from typing import NamedTuple

import numpy as np

C1, C2 = 1e-3, 0.9
MOST_TRIALS = 20
BETWEEN = 0.1, 0.9  # in which share of a bracket the next trial is
BEYOND = 2.0, 5.0  # how many times further, while there is no bracket


class Trial(NamedTuple):
    """A step α and what the cost does there."""

    step: float  # α
    value: float  # φ(α)
    slope: float  # φ'(α)


def wolfe_step(phi, start, step, most):
    """Return the `Trial` of a step that meets the conditions; ``step`` is tried first.

    ``phi(step)`` makes a `Trial`, ``most`` of them at most; ``start`` is that of step
    0. Where rounding or a kink lets no step meet the conditions, it is the best that
    lowers the cost enough, or None. It is always the one that ``phi`` has made last.
    """
    low, high = start, None  # the best so far, and what is on the other side of it
    for _ in range(min(MOST_TRIALS, most)):
        trial = phi(step)
        enough = trial.value <= start.value + C1 * step * start.slope  # not so for nan
        if not enough or trial.value > low.value:
            high = trial
        elif abs(trial.slope) <= C2 * -start.slope:
            return trial
        else:
            ahead = 1.0 if high is None else high.step - low.step
            before, low = low, trial
            if trial.slope * ahead >= 0:  # it rises again: back to where it came from
                high = before
        if high is None:
            step = minimum_of_cubic(before, low, *BEYOND)
        else:
            step = minimum_of_cubic(low, high, *BETWEEN)
    if low is start:
        return None
    return low if low is trial else phi(low.step)


def minimum_of_cubic(a, b, least, most):
    """Return where the cubic with the values and slopes of two trials is lowest.

    In units of the way from ``a`` to ``b``, along which it falls at first, that is
    kept from ``least`` to ``most``.
    """
    way = b.step - a.step
    rise, slope, slope_b = b.value - a.value, a.slope * way, b.slope * way
    third = slope + slope_b - 2 * rise  # φ ≈ φ(a) + slope t + second t² + third t³
    second = 3 * rise - 2 * slope - slope_b
    share = -slope / (second + np.sqrt(np.float64(second * second - 3 * third * slope)))
    if not np.isfinite(share):
        share = (least + most) / 2
    return float(a.step + way * min(max(share, least), most))
