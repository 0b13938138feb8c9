"""Operations: the equations of a training step, to be carried out now or many times.

An operation is a function with its arguments, among them the array for its result:

    yield np.add, Z, b, Z        is        np.add(Z, b, out=Z)

The equations of `_network`, `_losses` and `_optimizers` generate operations in the
order of the lecture. Which ones they are does not depend on the values of arrays, so
training prepares the operations of a mini-batch once and repeats them at every epoch:
nothing is looked up, decided or allocated again. Arguments are given by position, which
NumPy takes more quickly than names.
"""

from functools import partial


def carry_out(operations):
    """Do now, in their order, what the operations say."""
    for function, *arguments in operations:
        function(*arguments)


def prepare(operations):
    """Return a function without arguments for each operation, to be called in order."""
    return [partial(*operation) for operation in operations]
