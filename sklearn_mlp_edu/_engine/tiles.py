"""A tile of a product, whose numbers stay in registers while terms are added to them.

Compilers do not find this form by themselves, so it is written in instructions of LLVM
for vectors.
"""

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

HAS_AVX512 = bool(binding.get_host_cpu_features().get("avx512f"))
VECTOR_BYTES = 64 if HAS_AVX512 else 32  # of a register
TALLEST = 8 if HAS_AVX512 else 4  # rows of a tile; with 3 vectors in each they fit
INT, SHORT = ir.IntType(64), ir.IntType(32)


def tile_of(n_rows, n_vectors):
    """Return an intrinsic: C ← S + A B, for ``n_rows`` rows of ``n_vectors`` vectors.

    The last vector of a row has ``lanes`` numbers. A matrix is the address of its first
    number, and the distances from row to row and from column to column, in bytes. Rows
    of B and S are contiguous; the address of S is 0 for a start at zero. ``k`` ≥ 1 is
    the number of rows of B.
    """

    @intrinsic
    def tile(typing, A, B, C, S, k, lanes, one):
        def generate(context, builder, signature, arguments):
            *matrices, k, lanes, one = arguments
            A, B, C, S = (cgutils.unpack_tuple(builder, one, 3) for one in matrices)
            tile = Tile(builder, n_rows, n_vectors, lanes, one.type)
            sums = tile.sums(*A, *B[:2], tile.start(*S[:2]), k)
            tile.write(sums, *C)
            return context.get_dummy_value()

        matrix = types.UniTuple(types.int64, 3)
        return types.void(*[matrix] * 4, types.int64, types.int64, one), generate

    return tile


class Tile:
    """Generates instructions for a tile."""

    def __init__(self, builder, n_rows, n_vectors, lanes, scalar):
        self.builder, self.scalar, self.lanes = builder, scalar, lanes
        self.rows, self.columns = range(n_rows), range(n_vectors)
        self.size = 4 if isinstance(scalar, ir.FloatType) else 8
        self.n_lanes = VECTOR_BYTES // self.size
        self.vector = ir.VectorType(scalar, self.n_lanes)
        self.zero = ir.Constant(self.vector, None)
        numbers = ir.Constant(self._shorts(), list(range(self.n_lanes)))
        all_lanes = self._in_all_lanes(builder.trunc(lanes, SHORT), self._shorts())
        self.mask = builder.icmp_signed("<", numbers, all_lanes)

    def start(self, S, S_row):
        """Return the first value of each sum."""
        builder = self.builder
        with builder.if_else(builder.icmp_signed("!=", S, INT(0))) as (
            given,
            not_given,
        ):
            with given:
                values = [self._load_row(self.row(S, S_row, i)) for i in self.rows]
                end_of_given = builder.block
            with not_given:
                end_of_not_given = builder.block
        result = []
        for row in values:
            phis = [builder.phi(self.vector) for _ in row]
            for phi, value in zip(phis, row, strict=True):
                phi.add_incoming(value, end_of_given)
                phi.add_incoming(self.zero, end_of_not_given)
            result.append(phis)
        return result

    def sums(self, A, A_row, A_column, B, B_row, start, k):
        """Return start[i][j] + Σ_p A[i, p] B[p, j]."""
        builder = self.builder
        before, loop = builder.block, builder.append_basic_block("loop")
        after = builder.append_basic_block("after")
        builder.branch(loop)
        builder.position_at_end(loop)
        p, a, b = (builder.phi(INT) for _ in range(3))
        old = [[builder.phi(self.vector) for _ in self.columns] for _ in self.rows]
        row = self._load_row(b)
        new = []
        for i in self.rows:
            factor = builder.load(self.pointer(self.row(a, A_row, i)), align=self.size)
            factor = self._in_all_lanes(factor, self.vector)
            new.append([self.fma(factor, row[j], old[i][j]) for j in self.columns])
        ends = [(p, INT(0), builder.add(p, INT(1)))]
        ends += [(a, A, builder.add(a, A_column)), (b, B, builder.add(b, B_row))]
        for i in self.rows:
            ends += zip(old[i], start[i], new[i], strict=True)
        for phi, first, following in ends:
            phi.add_incoming(first, before)
            phi.add_incoming(following, loop)
        builder.cbranch(builder.icmp_signed("<", ends[0][2], k), loop, after)
        builder.position_at_end(after)
        return new

    def write(self, sums, C, C_row, C_column):
        """Write the result, of which either rows or columns are contiguous."""
        builder = self.builder
        contiguous = builder.icmp_signed("==", C_column, INT(self.size))
        with builder.if_else(contiguous) as (by_rows, by_columns):
            with by_rows:
                for i in self.rows:
                    self._store_row(sums[i], self.row(C, C_row, i))
            with by_columns:
                self._store_columns(sums, C, C_column)

    def _store_columns(self, sums, C, C_column):
        """Write the columns of the result, each as a vector."""
        nothing = [self.zero] * (self.n_lanes - len(self.rows))
        there = [i < len(self.rows) for i in range(self.n_lanes)]
        mask = ir.Constant(self.mask.type, there) if nothing else None
        for j in self.columns:
            values = transposed(self.builder, [row[j] for row in sums] + nothing)
            for lane, value in enumerate(values):
                address = self.row(C, C_column, j * self.n_lanes + lane)
                if self._mask_of(j) is None:
                    self.store(value, address, mask)
                    continue
                is_there = self.builder.icmp_signed("<", INT(lane), self.lanes)
                with self.builder.if_then(is_there):
                    self.store(value, address, mask)

    def _load_row(self, address):
        return [self.load(self._at(address, j), self._mask_of(j)) for j in self.columns]

    def load(self, address, mask=None):
        """Return the vector at an address, with 0 where a mask is false."""
        place = self.pointer(address, self.vector)
        if mask is None:
            return self.builder.load(place, align=self.size)
        kinds = [place.type, SHORT, mask.type, self.vector]
        load = self._masked("load", self.vector, kinds)
        return self.builder.call(load, [place, SHORT(self.size), mask, self.zero])

    def _store_row(self, values, address):
        for j in self.columns:
            self.store(values[j], self._at(address, j), self._mask_of(j))

    def store(self, value, address, mask=None):
        """Write a vector to an address, but where a mask is false."""
        place = self.pointer(address, self.vector)
        if mask is None:
            self.builder.store(value, place, align=self.size)
            return
        kinds = [self.vector, place.type, SHORT, mask.type]
        store = self._masked("store", ir.VoidType(), kinds)
        self.builder.call(store, [value, place, SHORT(self.size), mask])

    def _masked(self, verb, result, kinds):
        letters = "f32" if self.size == 4 else "f64"
        name = f"llvm.masked.{verb}.v{self.n_lanes}{letters}.p0"
        kind = ir.FunctionType(result, kinds)
        return cgutils.get_or_insert_function(self.builder.module, kind, name)

    def fma(self, a, b, c):
        """Return a b + c, rounded once where the processor can."""
        product = self.builder.fmul(a, b, flags=("contract",))
        return self.builder.fadd(product, c, flags=("contract",))

    def _in_all_lanes(self, value, kind):
        builder, undefined = self.builder, ir.Constant(kind, ir.Undefined)
        first = builder.insert_element(undefined, value, SHORT(0))
        zeros = ir.Constant(self._shorts(), None)
        return builder.shuffle_vector(first, undefined, zeros)

    def _shorts(self):
        return ir.VectorType(SHORT, self.n_lanes)

    def _mask_of(self, j):
        return self.mask if j == self.columns[-1] else None

    def row(self, address, step, i):
        """Return the address of row i."""
        return self.builder.add(address, self.builder.mul(step, INT(i)))

    def _at(self, address, j):
        return self.builder.add(address, INT(j * VECTOR_BYTES))

    def pointer(self, address, kind=None):
        """Return what points at the numbers, or vectors, from an address on."""
        return self.builder.inttoptr(address, (kind or self.scalar).as_pointer())


def transposed(builder, rows):
    """Return the columns of as many vectors as each of them has numbers.

    First all pairs of numbers change places across the diagonals of 2 × 2 blocks, then
    2 × 2 blocks across those of 4 × 4 blocks, and so on (Eklundh, "A fast computer
    method for matrix transposing", IEEE Transactions on Computers, 1972).
    """
    n, distance = len(rows), 1
    while distance < n:
        below = [k + n - distance if k & distance else k for k in range(n)]
        above = [k + n if k & distance else k + distance for k in range(n)]
        result = list(rows)
        for i in range(n):
            if not i & distance:
                pair = rows[i], rows[i + distance]
                result[i] = _chosen(builder, *pair, below)
                result[i + distance] = _chosen(builder, *pair, above)
        rows, distance = result, 2 * distance
    return rows


def _chosen(builder, a, b, places):
    """Return the numbers of a vector, then another one, that stand in these places."""
    places = ir.Constant(ir.VectorType(SHORT, len(places)), places)
    return builder.shuffle_vector(a, b, places)
