"""A square block of a matrix, turned over its diagonal within registers.

Numbers that lie next to each other lie far apart in the transpose, and one by one they
take longer to copy than to multiply. A block of as many rows as a vector has lanes is
turned in vectors, see `tiles.transposed`.
"""

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from .machine import size_of
from .tiles import INT, VECTOR_BYTES, Tile, transposed


@njit
def transpose(A, out, m, n, one):
    """Write the transpose of A, of shape (m, n), to ``out``; rows are contiguous.

    Of both it takes the address, and the distance from row to row in bytes.
    """
    size = size_of(one)
    width = VECTOR_BYTES // size
    for i in range(0, m, width):
        for j in range(0, n, width):
            here = A[0] + i * A[1] + j * size, A[1]
            there = out[0] + j * out[1] + i * size, out[1]
            turn(here, there, min(m - i, width), min(n - j, width), one)


@intrinsic
def turn(typing, A, out, m, n, one):
    """Write the transpose of a block of m rows and n columns, at most a vector each."""

    def generate(context, builder, signature, arguments):
        A, out, m, n, one = arguments
        A, out = (cgutils.unpack_tuple(builder, x, 2) for x in (A, out))
        read = Tile(builder, 1, 1, n, one.type)
        width = INT(read.n_lanes)
        is_whole = builder.and_(
            builder.icmp_signed("==", m, width), builder.icmp_signed("==", n, width)
        )
        with builder.if_else(is_whole) as (whole, part):
            with whole:
                _turn_whole(read, A, out)
            with part:
                _turn_part(read, A, out, m, n)
        return context.get_dummy_value()

    pair = types.UniTuple(types.int64, 2)
    return types.void(pair, pair, types.int64, types.int64, one), generate


def _turn_whole(tile, A, out):
    rows = [tile.load(tile.row(*A, i)) for i in range(tile.n_lanes)]
    for i, row in enumerate(transposed(tile.builder, rows)):
        tile.store(row, tile.row(*out, i))


def _turn_part(tile, A, out, m, n):
    """Read m rows of n numbers, and write n rows of m."""
    builder, rows = tile.builder, []
    none = ir.Constant(tile.mask.type, None)
    for i in range(tile.n_lanes):
        is_there = builder.icmp_signed("<", INT(i), m)
        mask = builder.select(is_there, tile.mask, none)
        rows.append(tile.load(tile.row(*A, i), mask))
    written = Tile(builder, 1, 1, m, tile.scalar)
    for i, row in enumerate(transposed(builder, rows)):
        with builder.if_then(builder.icmp_signed("<", INT(i), n)):
            written.store(row, tile.row(*out, i), written.mask)
