"""Equations, written down first and carried out later, once or many times.

An equation is a pair: its number in the lecture (or a word, where the lecture has
none), and the operations that compute it. So this line is equation (3.2),

    yield "3.2", g(Z[l], out=A[l])                 # a[l] = g(z[l])

and `forward`, `backward` and the optimizers generate such lines in the lecture's order.
A function that takes ``out`` notes what to do and does not do it yet: it returns
operations, a list of triples ``(function, arguments, out)``, where ``out`` is the array
that ``function(*arguments)`` will write.

Which operations they are does not depend on the values of arrays. So training prepares
the equations of each mini-batch once and repeats them at every epoch: nothing is looked
up or decided again. Arguments go by position, which NumPy takes more quickly than
names.
"""

from functools import partial

import numpy as np


def deferred(function):
    """Return ``function`` such that a call of it only notes what to do.

    ``function`` takes the array for its result last.
    """

    def note(*arguments, out):
        return [(function, (*arguments, out), out)]

    return note


add = deferred(np.add)
subtract = deferred(np.subtract)
multiply = deferred(np.multiply)
divide = deferred(np.divide)
exp = deferred(np.exp)
clip = deferred(np.clip)
sign = deferred(np.sign)
sqrt = deferred(np.sqrt)
copy = deferred(np.positive)


def carry_out(equations):
    """Do now, in their order, what the equations say."""
    for _, operations in equations:
        for function, arguments, _ in operations:
            function(*arguments)


def prepare(*steps):
    """Return the operations of steps as functions without arguments, for `repeat`.

    Each of the steps is an iterable of equations.
    """
    return [
        partial(function, *arguments)
        for equations in steps
        for _, operations in equations
        for function, arguments, _ in operations
    ]


def repeat(steps):
    """Do what each of the steps, lists of prepared operations, consists of."""
    for step in steps:
        for operation in step:
            operation()
