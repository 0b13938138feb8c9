"""What equations are written in: operations, linear algebra, optional libraries.

In come arrays; out go operations on them, to be carried out now or many times. All
other rooms may import from here, and this one imports from none. Read `operations`
first, when you need to.
"""

from .extras import required
from .linear_algebra import SparseBatch, add_multiple, product
from .operations import carry_out, prepare, repeat

__all__ = [
    "SparseBatch",
    "add_multiple",
    "carry_out",
    "prepare",
    "product",
    "repeat",
    "required",
]
