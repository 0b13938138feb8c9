"""What equations are written in: operations, linear algebra, optional libraries.

In come arrays; out go operations on them, to be carried out now or many times. All
other rooms may import from here, and this one imports from none. Read `operations`
first, when you need to.
"""

from .extras import required
from .linear_algebra import (
    AXPY,
    SparseBatch,
    add_multiple,
    affine,
    axpy_in_pieces,
    axpy_of_stack,
    gather,
    largest_of_rows,
    moved_up,
    product,
    squared_length,
)
from .naming import PACKAGE, public
from .operations import (
    add,
    carry_out,
    clip,
    copy,
    deferred,
    divide,
    exp,
    multiply,
    prepare,
    repeat,
    sign,
    sqrt,
    subtract,
)

__all__ = [
    "AXPY",
    "PACKAGE",
    "SparseBatch",
    "add",
    "add_multiple",
    "affine",
    "axpy_in_pieces",
    "axpy_of_stack",
    "carry_out",
    "clip",
    "copy",
    "deferred",
    "divide",
    "exp",
    "gather",
    "largest_of_rows",
    "moved_up",
    "multiply",
    "prepare",
    "product",
    "public",
    "repeat",
    "required",
    "sign",
    "sqrt",
    "squared_length",
    "subtract",
]
