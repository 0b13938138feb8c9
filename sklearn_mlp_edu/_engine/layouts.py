"""How the operands of a kernel lie, as integers for its row; None if they do not fit.

Every operand of a kernel is, in each network of a stack, one contiguous piece of
memory. The pieces of the next network lie a constant step further on, of 0 where all
networks share one.
"""

from math import inf
from typing import NamedTuple

from .tiles import VECTOR_BYTES

ROW = 36  # integers
FIRST_OPERAND = 4
LARGEST_PRODUCT = 2**26  # terms; larger ones are left to BLAS and its threads
TRANSPOSING = 0.7  # steps, each with a vector, that copying a number takes


class Row(NamedTuple):
    """What stands in a row behind the kernel's address."""

    networks: int
    m: int
    n: int
    operands: list  # with their steps from network to network
    work: int  # roughly its multiplications
    more: tuple = ()


def matrices(operands, kinds, size):
    """Return the row for arrays of one shape (m, n), and columns and numbers beside.

    Rows are contiguous, or all columns are if there is a column beside them.
    """
    main = next(o for o, kind in zip(operands, kinds, strict=True) if kind == "array")
    m, n = _last_two(main.shape)
    networks = max(_networks(o, 2) for o in operands)
    by_columns = any(kind == "column" for kind in kinds)
    orders = {"rows", "columns"} if not by_columns else {"columns"}
    placed = []
    for operand, kind in zip(operands, kinds, strict=True):
        if kind in ("number", "double", "integer"):
            fits = operand.shape == ()
        elif kind == "column":
            fits = _last_two(operand.shape) == (m, 1)
            fits = fits and "columns" in _orders(operand, size)
        else:
            fits = _last_two(operand.shape) == (m, n)
            orders &= _orders(operand, size)
        if not fits or not orders or _networks(operand, 2) not in (1, networks):
            return None
        placed.append((operand, _step(operand, 2)))
    return Row(networks, m, n, placed, 4 * networks * m * n)


def vectors(operands, kinds, size):
    """Return the row for vectors: m numbers in the first one, n in the last one."""
    arrays = [o for o, kind in zip(operands, kinds, strict=True) if kind == "array"]
    m, n = arrays[0].shape[-1], arrays[-1].shape[-1]
    networks = max(_networks(o, 1) for o in arrays)
    placed = []
    for operand, kind in zip(operands, kinds, strict=True):
        if kind == "array":
            fits = operand.shape[-1] in (m, n) and operand.strides[-1] == size
            step = _step(operand, 1)
        else:
            fits = _count(operand.shape) in (1, networks)
            step = _step_of_numbers(operand)
        if not fits:
            return None
        placed.append((operand, step))
    return Row(networks, m, n, placed, 4 * networks * n)


def inputs(operands, kinds, size):
    """Return the row for rows of X that become A; X's step is from row to row."""
    X, rows, A, *statistics = operands
    m, n = A.shape
    fits = _rows_are_contiguous(X, size) and "rows" in _orders(A, size)
    fits = fits and all(_rows_are_contiguous(one, size) for one in statistics)
    if not fits:
        return None
    placed = [(X, X.strides[0]), *((one, 0) for one in (rows, A, *statistics))]
    return Row(1, m, n, placed, 4 * m * n)


def numbers(operands, kinds, size):
    """Return the row for numbers, one for each network or for all of them."""
    networks = max(_count(operand.shape) for operand in operands)
    placed = [(operand, _step_of_numbers(operand)) for operand in operands]
    return Row(networks, 1, 1, placed, networks)


def product(operands, kinds, size):
    """Return the row for C ← A B, or S + A B, where it is small enough.

    It may be quicker to compute Cᵀ ← Bᵀ Aᵀ.
    """
    A, B, C, *S = operands
    networks = max(_networks(o, 2) for o in operands)
    (m, k), n = _last_two(A.shape), B.shape[-1]
    if m * k * n > LARGEST_PRODUCT or not m * k * n:
        return None
    if S and (S[0].shape[-1] != n or C.shape[-1] != n):
        return None
    steps = _steps_of_product(A, B, C, size)
    if not S and _steps_of_product(B.T, A.T, C.T, size) < steps:
        A, B, C, m, n = B.T, A.T, C.T, n, m
    elif steps == inf:
        return None
    placed = [(o, _step(o, 2)) for o in (A, B, C, *S)]
    distances = [d for o in (A, B, C) for d in o.strides[-2:]]
    room = 0 if _rows_are_contiguous(B, size) else k * n  # for a copy of B
    more = k, *distances, room
    return Row(networks, m, n, placed, networks * m * k * n, more)


def _steps_of_product(A, B, C, size):
    """Return roughly how many steps C ← A B takes, where vectors go along rows of C.

    B is transposed first where it has to be, and C at the end.
    """
    (m, k), n = _last_two(A.shape), B.shape[-1]
    if size not in C.strides[-2:] and m > 1:
        return inf
    steps = m * k * -(-n * size // VECTOR_BYTES)
    for X in (B, C):
        if not _rows_are_contiguous(X, size):
            if not _columns_are_contiguous(X, size):
                return inf
            steps += TRANSPOSING * X.shape[-2] * X.shape[-1]
    return steps


def product_with_column(operands, kinds, size):
    """Return the same row, where rows of A and the only column of B are contiguous."""
    A, B = operands[:2]
    (m, k), n = _last_two(A.shape), B.shape[-1]
    fits = n == 1 < min(m, k) and A.strides[-1] == B.strides[-2] == size
    return product(operands, kinds, size) if fits else None


def _last_two(shape):
    return (1, 1, *shape)[-2:]


def _count(shape):
    result = 1
    for length in shape:
        result *= length
    return result


def _networks(operand, n_axes):
    """Return how many networks have an array of their own."""
    return operand.shape[0] if len(operand.shape) > n_axes else 1


def _step(operand, n_axes):
    return operand.strides[0] if _networks(operand, n_axes) > 1 else 0


def _step_of_numbers(operand):
    return operand.strides[0] if _count(operand.shape) > 1 else 0


def _orders(operand, size):
    """Tell whether memory goes along rows or columns, without gaps."""
    m, n = _last_two(operand.shape)
    row, column = (0, 0, *operand.strides)[-2:]
    orders = set()
    if (n == 1 or column == size) and (m == 1 or row == n * size):
        orders.add("rows")
    if (m == 1 or row == size) and (n == 1 or column == m * size):
        orders.add("columns")
    return orders


def _rows_are_contiguous(operand, size):
    return operand.shape[-1] == 1 or operand.strides[-1] == size


def _columns_are_contiguous(operand, size):
    return operand.shape[-2] == 1 or operand.strides[-2] == size
