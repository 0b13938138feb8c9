"""What makes a score too good to trust: leaks of the target, and copies of rows."""

import numpy as np
from scipy.sparse import issparse
from scipy.stats import rankdata
from sklearn.feature_selection import f_classif, f_regression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .._report import Suspect

TELLS_ALL = 0.97  # share of guessing's error that one column takes away
ORDERS = 0.5  # the same for an identifier, which should take away nothing
MOST_COLUMNS = 500  # to look at one by one; of more, those that vary most with y
ENOUGH_ROWS = 100  # of which all being right says something
COPIES = 0.05  # share of tested rows that stand in the training part as well
SPARE = 10  # identifiers lie within so many times the number of rows
TREE = {"max_leaf_nodes": 32, "min_samples_leaf": 3, "random_state": 0}


def find_suspects(case, test_score, perfect):
    """Return a `Suspect` for each reason not to trust the scores."""
    found = [*_columns(case), *_copies(case)]
    n_tested = sum(len(test) for _, test in case.splits)
    if (
        perfect is not None
        and n_tested >= ENOUGH_ROWS
        and (test_score == perfect).all()
    ):
        found.append(
            Suspect(
                "perfect score",
                "",
                perfect,
                f"the test score is {perfect:g}, that of right answers only, in every "
                "fold",
            )
        )
    return found


# Columns that tell the target


def _columns(case):
    columns, found = Columns(case.X, case.y, case.classification), []
    # Of numbers their order: a few that are far from all others would hide a leak.
    y = columns.y if case.classification or not columns.n else rankdata(columns.y)
    for column in columns.candidates():
        values = columns.values(column)
        identifier = _is_identifier(values)
        least = ORDERS if identifier else TELLS_ALL
        first, *others = case.splits
        if _error_removed(case, y, values, first) < least:
            continue
        removed = [_error_removed(case, y, values, s) for s in (first, *others)]
        share = float(np.mean(removed))
        if share >= least:
            name = columns.name(column)
            what = "the identifier " if identifier else ""
            of_order = "" if case.classification else " the order of the target"
            found.append(
                Suspect(
                    "identifier" if identifier else "column",
                    name,
                    share,
                    f"{what}{name} alone takes away {share:.0%} of the error of "
                    f"guessing{of_order}, on rows not trained on",
                )
            )
    return found


class Columns:
    """The columns of X as numbers, whatever X is."""

    def __init__(self, X, y, classification):
        self.frame = X if hasattr(X, "columns") and hasattr(X, "iloc") else None
        self.X = X.tocsc() if issparse(X) else X
        self.y, self.classification = np.asarray(y), classification
        shape = getattr(X, "shape", ())
        self.n = shape[1] if len(shape) == 2 and self.y.ndim == 1 else 0

    def candidates(self):
        """Return which columns to look at."""
        if self.n <= MOST_COLUMNS:
            return range(self.n)
        if self.frame is not None:
            return range(MOST_COLUMNS)
        score = f_classif if self.classification else f_regression
        with np.errstate(all="ignore"):
            strength = score(self.X, self.y)[0]
        return np.argsort(-np.nan_to_num(strength), kind="stable")[:MOST_COLUMNS]

    def values(self, column):
        """Return a column as floats; words become their places in the alphabet."""
        if issparse(self.X):
            return self.X[:, [column]].toarray().ravel().astype(np.float64)
        if self.frame is None:
            values = np.asarray(self.X)[:, column]
        else:
            values = np.asarray(self.frame.iloc[:, column])
        try:
            return values.astype(np.float64)
        except (TypeError, ValueError):
            return np.unique(values.astype(str), return_inverse=True)[1].astype(float)

    def name(self, column):
        """Return what to call a column."""
        if self.frame is None:
            return f"column {column}"
        return f"column {self.frame.columns[column]!r}"


def _is_identifier(values):
    """Tell whether values look like numbers that rows were given."""
    n = len(values)
    if n < ENOUGH_ROWS or not np.isfinite(values).all():
        return False
    whole = (values == np.round(values)).all()
    return bool(whole and np.ptp(values) <= SPARE * n and len(np.unique(values)) == n)


def _error_removed(case, y, values, split):
    """Return which share of guessing's error a shallow tree on ``values`` removes."""
    train, test = split
    x = values[:, np.newaxis]
    if case.classification:
        tree = DecisionTreeClassifier(**TREE).fit(x[train], y[train])
        names, counts = np.unique(y[train], return_counts=True)
        guessed = np.mean(y[test] != names[counts.argmax()])
        missed = np.mean(y[test] != tree.predict(x[test]))
    else:
        tree = DecisionTreeRegressor(**TREE).fit(x[train], y[train])
        guessed = np.mean((y[test] - y[train].mean()) ** 2)
        missed = np.mean((y[test] - tree.predict(x[test])) ** 2)
    return 1 - missed / guessed if guessed > 0 else 0.0


# Copies of rows


def _copies(case):
    count, share = copies(case)
    if share < COPIES or not _rows_are_rich(case.X):
        return []
    return [Suspect("copies", "", share, _in_words(count, share))]


def copies_note(case):
    """Return a note on copies of rows, none where there are none."""
    count, share = copies(case)
    return [_in_words(count, share)] if count else []


def _in_words(count, share):
    return (
        f"{count:,} tested rows ({share:.1%}) have a copy in the training part of "
        "their fold"
    )


def copies(case):
    """Return how many tested rows stand in their training part too, and which share."""
    keys = row_keys(case.X)
    copied = 0
    for train, test in case.splits:
        known = {keys[i] for i in train}
        copied += sum(keys[i] in known for i in test)
    return copied, copied / sum(len(test) for _, test in case.splits)


def row_keys(X):
    """Return for each row what it has in common with its copies."""
    if hasattr(X, "iloc"):
        columns = [np.asarray(X.iloc[:, i]).tolist() for i in range(X.shape[1])]
        return [hash(tuple(map(repr, row))) for row in zip(*columns, strict=True)]
    if issparse(X):
        X = X.tocsr()
        X.sort_indices()
        ends = zip(X.indptr[:-1], X.indptr[1:], strict=True)
        return [(X.indices[a:b].tobytes(), X.data[a:b].tobytes()) for a, b in ends]
    rows = np.ascontiguousarray(np.asarray(X))
    if rows.dtype == object:
        return [repr(row) for row in rows.tolist()]
    return [row.tobytes() for row in rows]


def _rows_are_rich(X):
    """Tell whether some column has mostly different values in rows that differ.

    Then two rows are not alike by chance, as those of a few categories may be.
    """
    shape = getattr(X, "shape", ())
    if len(shape) != 2 or issparse(X):
        return len(shape) < 2  # texts
    keys = row_keys(X)
    different = list(dict(zip(keys, range(len(keys)), strict=True)).values())
    columns = Columns(X, np.empty(0), classification=True)
    return any(
        len(np.unique(columns.values(i)[different])) > len(different) / 2
        for i in range(min(shape[1], MOST_COLUMNS))
    )
