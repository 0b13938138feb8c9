"""e**x and its kin, in steps that a processor takes for many numbers at once.

C's library has functions of one number at a time. These are sums and products, which
LLVM turns into instructions for vectors, and right to about the last digit:

    x = n log 2 + r  with whole n and |r| ≤ log 2 / 2,     eˣ = 2ⁿ (1 + p),
    p = r + r²/2! + r³/3! + …,                             eˣ − 1 = 2ⁿ p + (2ⁿ − 1).
"""

from math import factorial, log

import numpy as np
from numba import njit, types
from numba.extending import overload

from .machine import power_of_2

EXACTLY = {"contract"}  # a x + b may be rounded once; but nothing is reordered


def series_of(kind, high, low, n_terms, saturated):
    """Return eˣ and tanh x for numbers of that float type.

    ``high`` + ``low`` is log 2, the first with few digits, so that n times that is
    exact. Beyond ``saturated`` tanh is ±1.
    """
    number, info = kind, np.finfo(kind)
    rounding = number(1.5 * 2.0**info.nmant)  # adding it leaves a whole number
    per_log_2, high, low = number(1 / log(2)), number(high), number(low)
    smallest = number(info.minexp * log(2))
    largest = number((info.maxexp - 0.5) * log(2))
    saturated, zero, one, two = number(saturated), number(0), number(1), number(2)
    infinity = number(np.inf)
    terms = tuple(number(1 / factorial(k)) for k in range(n_terms, 1, -1))

    @njit(fastmath=EXACTLY)
    def parts(x):
        """Return 2ⁿ and p."""
        shifted = x * per_log_2 + rounding
        n = shifted - rounding
        r = x - n * high - n * low
        q = zero
        for term in terms:
            q = q * r + term
        return power_of_2(shifted), r + r * r * q

    @njit(fastmath=EXACTLY)
    def exp(x):
        limited = smallest if x < smallest else (largest if x > largest else x)
        power, p = parts(limited)
        return infinity if x > largest else power + power * p

    @njit(fastmath=EXACTLY)
    def tanh(x):
        """(e²ˣ − 1) / (e²ˣ + 1)."""
        limited = -saturated if x < -saturated else (saturated if x > saturated else x)
        power, p = parts(limited + limited)
        numerator = power * p + (power - one)
        return numerator / (numerator + two)

    @njit(fastmath=EXACTLY)
    def sigmoid(x):
        """1 / (1 + e⁻ˣ)."""
        return one / (one + exp(-x))

    return exp, tanh, sigmoid


SERIES = {
    types.float32: series_of(np.float32, 0.693359375, -2.12194440e-4, 7, 9.1),
    types.float64: series_of(
        np.float64, 0.693147180369123816, 1.90821492927058770e-10, 13, 20.0
    ),
}


def by_type(name, place):
    """Return a function for compiled code that chooses by the type of its argument."""

    # Numba puts what `choose` returns in the place of its calls; outside compiled code
    # nobody knows the type to choose by, so there it is refused.
    def function(x):
        raise TypeError(f"{name} of kernels can be called from compiled code only")

    function.__name__ = name

    @overload(function, jit_options={"fastmath": EXACTLY})
    def choose(x):
        chosen = SERIES[x][place]
        return lambda x: chosen(x)

    return function


exp, tanh, sigmoid = (by_type(n, i) for i, n in enumerate(["exp", "tanh", "sigmoid"]))
