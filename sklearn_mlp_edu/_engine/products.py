"""Products of matrices that are too small for BLAS to be worth its preparations.

C is made of tiles, see `tiles`: columns of them up to three vectors wide, and in each
column from the top the tallest that fit; a single row is of wider ones. A matrix is an
address and two distances, from row to row and from column to column, all in bytes.
"""

from numba import njit

from .machine import size_of
from .tiles import TALLEST, VECTOR_BYTES, tile_of
from .turning import transpose

MIDDLE = TALLEST // 2
WIDEST = 8  # vectors of a single row, whose sums do not wait for each other
DEPTH = 1024  # terms at a time, so that rows of B stay in a core's cache


def product(op, one):
    """C ← A B, or S + A B for a row S, the bias."""
    m, n, k, size = op[2], op[3], op[12], size_of(one)
    room, depth = op[19], k
    if op[18] == size:  # rows of C are contiguous, so that it can be added to
        depth = DEPTH
    for network in range(op[1]):
        A = op[4] + network * op[5], op[13], op[14]
        B = op[6] + network * op[7], op[15], op[16]
        C = op[8] + network * op[9], op[17], op[18]
        S = op[10] + network * op[11], 0, size
        if room:  # for a copy of B, whose rows are not contiguous
            transpose((B[0], B[2]), (room, n * size), n, k, one)
            B = room, n * size, size
        for p in range(0, k, depth):
            A_part, B_part = moved(A, 0, p), moved(B, p, 0)
            add_columns(m, n, min(depth, k - p), A_part, B_part, C, S, size, one)
            S = C


@njit
def moved(matrix, i, j):
    """Return the part of a matrix from row i and column j on."""
    return matrix[0] + i * matrix[1] + j * matrix[2], matrix[1], matrix[2]


@njit
def add_columns(m, n, k, A, B, C, S, size, one):
    """Go from one column of tiles to the next."""
    per_vector, j = VECTOR_BYTES // size, 0
    while j < n:
        left = (n - j + per_vector - 1) // per_vector
        n_vectors = 2 if left == 4 else min(left, 3)
        if m == 1 and left >= WIDEST:
            n_vectors = WIDEST
        lanes = min(n - j - (n_vectors - 1) * per_vector, per_vector)
        b, c, s = moved(B, 0, j), moved(C, 0, j), moved(S, 0, j) if S[0] else S
        if n_vectors == WIDEST:
            wide(A, b, c, s, k, lanes, one)
        elif n_vectors == 3:
            add_rows_of_3(m, k, A, b, c, s, lanes, one)
        elif n_vectors == 2:
            add_rows_of_2(m, k, A, b, c, s, lanes, one)
        else:
            add_rows_of_1(m, k, A, b, c, s, lanes, one)
        j += n_vectors * per_vector


def rows_of(n_vectors):
    """Return a function that goes down a column of tiles which is so many wide."""
    tall, middle = tile_of(TALLEST, n_vectors), tile_of(MIDDLE, n_vectors)
    low, flat = tile_of(2, n_vectors), tile_of(1, n_vectors)

    @njit
    def add_rows(m, k, A, B, C, S, lanes, one):
        i = 0
        while i < m:
            a, c, s = moved(A, i, 0), moved(C, i, 0), moved(S, i, 0)
            if m - i >= TALLEST:
                tall(a, B, c, s, k, lanes, one)
                i += TALLEST
            elif m - i >= MIDDLE:
                middle(a, B, c, s, k, lanes, one)
                i += MIDDLE
            elif m - i >= 2:
                low(a, B, c, s, k, lanes, one)
                i += 2
            else:
                flat(a, B, c, s, k, lanes, one)
                i += 1

    return add_rows


add_rows_of_1, add_rows_of_2, add_rows_of_3 = map(rows_of, (1, 2, 3))
wide = tile_of(1, WIDEST)
