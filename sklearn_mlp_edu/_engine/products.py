"""Products of matrices that are too small for BLAS to be worth its preparations.

C is made of tiles, see `tiles`: columns of them up to three vectors wide, and in each
column from the top the tallest that fit. A matrix is an address and two distances, from
row to row and from column to column, all in bytes.
"""

from numba import njit

from .machine import pointer, size_of
from .tiles import TALLEST, VECTOR_BYTES, tile_of

MIDDLE = TALLEST // 2
tall_1, tall_2, tall_3 = (tile_of(TALLEST, n) for n in (1, 2, 3))
middle_1, middle_2, middle_3 = (tile_of(MIDDLE, n) for n in (1, 2, 3))
flat_1, flat_2, flat_3 = (tile_of(1, n) for n in (1, 2, 3))

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
            transpose(pointer(B[0], one), B[2] // size, pointer(room, one), k, n)
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
def transpose(B, step, out, k, n):
    """Copy the n columns of B, contiguous and so far apart, to k rows."""
    for j in range(n):
        for p in range(k):
            out[p * n + j] = B[j * step + p]


@njit
def add_columns(m, n, k, A, B, C, S, size, one):
    """Go from one column of tiles to the next."""
    per_vector, j = VECTOR_BYTES // size, 0
    while j < n:
        left = (n - j + per_vector - 1) // per_vector
        n_vectors = 2 if left == 4 else min(left, 3)
        lanes = min(n - j - (n_vectors - 1) * per_vector, per_vector)
        start = moved(S, 0, j) if S[0] else S
        add_rows(m, k, A, moved(B, 0, j), moved(C, 0, j), start, n_vectors, lanes, one)
        j += n_vectors * per_vector


@njit
def add_rows(m, k, A, B, C, S, n_vectors, lanes, one):
    """Go down a column of tiles."""
    i = 0
    while i < m:
        a, c, s = moved(A, i, 0), moved(C, i, 0), moved(S, i, 0)
        if m - i >= TALLEST:
            if n_vectors == 3:
                tall_3(a, B, c, s, k, lanes, one)
            elif n_vectors == 2:
                tall_2(a, B, c, s, k, lanes, one)
            else:
                tall_1(a, B, c, s, k, lanes, one)
            i += TALLEST
        elif m - i >= MIDDLE:
            if n_vectors == 3:
                middle_3(a, B, c, s, k, lanes, one)
            elif n_vectors == 2:
                middle_2(a, B, c, s, k, lanes, one)
            else:
                middle_1(a, B, c, s, k, lanes, one)
            i += MIDDLE
        else:
            if n_vectors == 3:
                flat_3(a, B, c, s, k, lanes, one)
            elif n_vectors == 2:
                flat_2(a, B, c, s, k, lanes, one)
            else:
                flat_1(a, B, c, s, k, lanes, one)
            i += 1
