"""Drawing rows at random, so that a table of any length fits the memory."""

from itertools import islice

import numpy as np

LARGEST_SAMPLE = 20_000  # rows used unless asked for more
CELLS = 10**7  # cells used unless asked for more, about 1 GB
MOST_CELLS = 5 * CELLS  # that are held at all
CHUNK = 50_000  # rows looked at together
CHUNK_CELLS = 10**6


class Draw:
    """Keeps at most so many rows, each with the same chance, in their order.

    Parameters
    ----------
    sample : int or None
        How many rows at most; 0 is all. None is 20,000, or fewer of a wide table.
    random_state : int
    """

    def __init__(self, sample, random_state):
        self.sample = sample
        self.random_state = random_state
        self.n_rows = 0

    def limit(self, width):
        """Return how many rows to keep of a table with so many columns."""
        if self.sample is None:
            return min(LARGEST_SAMPLE, max(1, CELLS // width))
        return self.sample or np.inf

    def rows(self, rows, width):
        """Return the drawn ones of an iterator of rows."""
        rows, limit, self.n_rows = iter(rows), self.limit(width), 0
        rng = np.random.default_rng(self.random_state)
        size = max(1, min(CHUNK, CHUNK_CELLS // width))
        kept, lots, highest = [], np.empty(0), 1.0
        while chunk := list(islice(rows, size)):
            self.n_rows += len(chunk)
            drawn = rng.uniform(size=len(chunk))
            low = np.flatnonzero(drawn < highest)
            kept += [chunk[i] for i in low]
            lots = np.append(lots, drawn[low])
            if len(kept) > limit:  # the rows of the lowest lots stay
                stay = np.sort(np.argpartition(lots, limit)[:limit])
                kept, lots = [kept[i] for i in stay], lots[stay]
                highest = lots.max()
            self._check(len(kept), width)
        return kept

    def indices(self, n_rows, width):
        """Return the numbers of the drawn rows, of a table that knows its length."""
        self.n_rows, limit = n_rows, self.limit(width)
        self._check(min(n_rows, limit), width)
        if n_rows <= limit:
            return np.arange(n_rows)
        rng = np.random.default_rng(self.random_state)
        return np.sort(rng.choice(n_rows, limit, replace=False))

    def fewer(self, rows, width):
        """Return rows again, fewer where they turned out to be wide."""
        n_rows = self.n_rows
        rows = [rows[i] for i in self.indices(len(rows), width)]
        self.n_rows = n_rows
        return rows

    def note(self, n_kept):
        """Tell that rows were drawn, if they were."""
        if n_kept == self.n_rows:
            return []
        return [f"{n_kept:,} of {self.n_rows:,} rows were drawn at random."]

    def _check(self, n_rows, width):
        if n_rows * width > MOST_CELLS:
            raise ValueError(
                f"it would hold more than {MOST_CELLS:,} cells in memory; draw rows "
                f"with --sample {max(1, CELLS // width)}."
            )
