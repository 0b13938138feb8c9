"""Operations: the equations of a training step, to be carried out now or many times.

An operation is a function with its arguments, among them the array for its result:

    yield np.add, Z, b, Z        is        np.add(Z, b, out=Z)

The equations of `_network`, `_losses` and `_optimizers` generate operations in the
order of the lecture. Which ones they are does not depend on the values of arrays, so
training prepares the operations of each mini-batch once and repeats them at every
epoch: nothing is looked up or decided again. Arguments are given by position, which
NumPy takes more quickly than names.
"""

from functools import partial


def carry_out(operations):
    """Do now, in their order, what the operations say."""
    for function, *arguments in operations:
        function(*arguments)


def prepare(operations):
    """Return the operations as functions without arguments, for `repeat`."""
    return [partial(*operation) for operation in operations]


def repeat(steps):
    """Do what each of the steps, lists of prepared operations, consists of."""
    for step in steps:
        for operation in step:
            operation()
