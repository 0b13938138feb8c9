"""Products with a single column, such as the logits of two classes.

A tile would have one number in each of its vectors. Here vectors go along the rows of
A: of each row they add up products with the column, and then themselves.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .machine import size_of
from .tiles import INT, VECTOR_BYTES, Tile

TOGETHER = 4  # rows, whose sums do not wait for each other


def product_with_column(op, one):
    """C ← A B, or S + A B for a number S, where B and C are columns."""
    m, k, size = op[2], op[12], size_of(one)
    per_vector = VECTOR_BYTES // size
    whole = (k - 1) // per_vector
    lanes = k - whole * per_vector
    for network in range(op[1]):
        A, B = op[4] + network * op[5], op[6] + network * op[7]
        C, S = op[8] + network * op[9], op[10] + network * op[11]
        i = 0
        while i < m:
            a, c = A + i * op[13], C + i * op[17]
            if m - i >= TOGETHER:
                several((a, op[13]), B, (c, op[17]), S, whole, lanes, one)
                i += TOGETHER
            else:
                single((a, op[13]), B, (c, op[17]), S, whole, lanes, one)
                i += 1


def dots_of(n_rows):
    """Return an intrinsic: C ← S + A B for ``n_rows`` rows of A.

    ``whole`` is how many vectors a row fills, before the last one with ``lanes``
    numbers. The address of S is 0 for no S.
    """

    @intrinsic
    def dots(typing, A, B, C, S, whole, lanes, one):
        def generate(context, builder, signature, arguments):
            A, B, C, S, whole, lanes, one = arguments
            (A, A_row), (C, C_row) = (
                cgutils.unpack_tuple(builder, x, 2) for x in (A, C)
            )
            tile = Tile(builder, n_rows, 1, lanes, one.type)
            rows = [builder.add(A, builder.mul(A_row, INT(i))) for i in range(n_rows)]
            sums = _sums(tile, rows, B, whole)
            start = _start(tile, S)
            for i, total in enumerate(sums):
                place = builder.add(C, builder.mul(C_row, INT(i)))
                total = _added_up(tile, start, total)
                builder.store(total, tile.pointer(place), align=tile.size)
            return context.get_dummy_value()

        pair = types.UniTuple(types.int64, 2)
        numbers = [types.int64] * 3
        return types.void(pair, types.int64, pair, *numbers, one), generate

    return dots


several, single = dots_of(TOGETHER), dots_of(1)


def _sums(tile, rows, B, whole):
    """Return for each row a vector, whose numbers' sum is its product with B."""
    builder = tile.builder
    end = builder.mul(whole, INT(VECTOR_BYTES))
    last = tile.load(builder.add(B, end), tile.mask)
    first = [
        tile.fma(tile.load(builder.add(row, end), tile.mask), last, tile.zero)
        for row in rows
    ]
    before, loop = builder.block, builder.append_basic_block("loop")
    body, after = (builder.append_basic_block(name) for name in ("body", "after"))
    builder.branch(loop)
    builder.position_at_end(loop)
    done, *sums = builder.phi(INT), *(builder.phi(tile.vector) for _ in rows)
    builder.cbranch(builder.icmp_signed("<", done, end), body, after)
    builder.position_at_end(body)
    column = tile.load(builder.add(B, done))
    new = [
        tile.fma(tile.load(builder.add(row, done)), column, old)
        for row, old in zip(rows, sums, strict=True)
    ]
    ends = [(done, INT(0), builder.add(done, INT(VECTOR_BYTES)))]
    for phi, start, following in [*ends, *zip(sums, first, new, strict=True)]:
        phi.add_incoming(start, before)
        phi.add_incoming(following, body)
    builder.branch(loop)
    builder.position_at_end(after)
    return sums


def _start(tile, S):
    """Return the number at S, or 0 where there is none."""
    builder = tile.builder
    place = cgutils.alloca_once_value(builder, ir.Constant(tile.scalar, 0))
    with builder.if_then(builder.icmp_signed("!=", S, INT(0))):
        builder.store(builder.load(tile.pointer(S)), place)
    return builder.load(place)


def _added_up(tile, start, vector):
    """Return the sum of a vector's numbers and a start."""
    letters = "f32" if tile.size == 4 else "f64"
    name = f"llvm.vector.reduce.fadd.v{tile.n_lanes}{letters}"
    kind = ir.FunctionType(tile.scalar, [tile.scalar, tile.vector])
    function = cgutils.get_or_insert_function(tile.builder.module, kind, name)
    return tile.builder.call(function, [start, vector], fastmath=("reassoc",))
