"""Features and target of a table."""

import re
from collections import Counter
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from .._arithmetic import required
from .columns import Column, describe
from .target import read_target
from .telling import as_row, roles, show

MISSING = "(missing)"
REMARKABLE = r"^number, |taken|among"  # of how a column was read


class Prepared(NamedTuple):
    """Features and target, and a word on all that was done to get them."""

    X: object  # DataFrame: float64, datetime64, or words
    y: np.ndarray
    groups: np.ndarray | None
    features: list[Column]
    columns: list[dict]  # of the table: name, how it was read, missing cells
    notes: list[str]
    task: str  # "classification" or "regression"


def prepare(table, target, drop=(), group=None, cv=5, task="auto"):
    """Make features and a target of a table.

    Parameters
    ----------
    table : Table
    target : str
        Column of the labels.
    drop : sequence of str, default=()
        Columns to leave out.
    group : str, default=None
        Column that says which rows belong together.
    cv : int, default=5
        How many folds each class has to be in.
    task : {"auto", "classification", "regression"}, default="auto"
        What the target is taken for.

    Returns
    -------
    prepared : Prepared

    Raises
    ------
    ValueError
        If a column is not there or asked for twice, no usable feature is left, or the
        target does not fit the task.
    """
    check_names(table, target, drop, group)
    y, has_label, notes, task = read_target(table.column(target), target, cv, task)
    n_without = int((~has_label).sum())
    if n_without:
        notes.insert(0, f"Rows without {target!r}, left out: {n_without:,}.")
        table = table.rows(np.flatnonzero(has_label))
    known = roles(target, drop, group, _as_told(y, task))
    columns = describe(table)
    others = [column for column in columns if column.name not in known]
    of_columns = _notes(others)
    features = [column for column in others if column.values is not None]
    if not features:
        told = " ".join(of_columns)
        raise ValueError(f"no column is left to learn from. {told}")
    notes += of_columns
    pandas = required("pandas", "Reading a table")
    X = pandas.DataFrame({column.name: _values(column) for column in features})
    groups = None
    if group is not None:
        groups, group_notes = _groups(table.column(group), group)
        notes += group_notes
    features = [column._replace(values=None) for column in features]
    shown = [
        as_row(column, known.get(column.name))
        | ({"missing": n_without} if column.name == target else {})
        for column in columns
    ]
    return Prepared(X, y, groups, features, shown, notes, task)


def _as_told(y, task):
    """Say what the target is."""
    if task == "classification":
        return f"{len(np.unique(y)):,} classes"
    return f"a number, {y.min():.10g} to {y.max():.10g}"


def overview(table, target=None, drop=(), group=None, cv=5, task="auto"):
    """Return lines that tell how each column is read, and what the target is."""
    check_names(table, target, drop, group)
    columns, known, notes = describe(table), roles(target, drop, group), []
    if target is not None:
        try:
            read = read_target(table.column(target), target, cv, task)
        except ValueError as error:
            notes = [f"With {target!r} nothing can be learned: {error}"]
        else:
            notes = read.notes
            known = roles(target, drop, group, _as_told(read.y, read.task))
            n_without = int((~read.has_label).sum())
            as_target = {
                "kind": "category",
                "how": "",
                "span": "",
                "missing": n_without,
            }
            columns = [
                column._replace(**as_target) if column.name == target else column
                for column in columns
            ]
    return "\n".join([*notes, show(columns, known)])


def check_names(table, target=None, drop=(), group=None):
    """Refuse names that the table lacks, or that contradict each other."""
    for name in filter(None, (target, *drop, group)):
        if name not in table.names:
            folded = {known.casefold(): known for known in table.names}
            near = get_close_matches(name.casefold(), folded, 1)
            meant = f" Did you mean {folded[near[0]]!r}?" if near else ""
            if len(table.names) == 1 and table.delimiter is not None:
                meant = " If it is several, pass --delimiter."
            raise ValueError(
                f"there is no column {name!r}; the columns are {some(table.names)}."
                + meant
            )
    if target is not None and target in drop:
        raise ValueError(
            f"the column {target!r} is the target and cannot be dropped; take it out "
            "of --drop, or choose another target."
        )
    if target is not None and target == group:
        raise ValueError(
            f"the column {target!r} cannot be both the target and the group."
        )


def some(names, limit=10):
    """Name the first of many."""
    text = ", ".join(repr(name) for name in names[:limit])
    return text + (f" and {len(names) - limit} more" if len(names) > limit else "")


def _values(column):
    if column.kind in ("category", "text"):
        return np.array([MISSING if v is None else v for v in column.values], object)
    return column.values


def _groups(cells, group):
    codes = {word: code for code, word in enumerate(dict.fromkeys(cells))}
    groups = np.array([codes[cell] for cell in cells])
    n_missing = Counter(cells)[None]
    if not n_missing:
        return groups, []
    return groups, [f"Rows without {group!r} are one group: {n_missing:,}."]


def _notes(columns):
    """Tell what was left out, and readings that a reader should know of."""
    left_out, read = {}, {}
    for column in columns:
        if column.kind == "left out":
            left_out.setdefault(column.how, []).append(column.name)
        elif column.kind in ("date", "text") or re.search(REMARKABLE, column.how):
            read.setdefault(column.how, []).append(column.name)
    notes = [f"Read as {how}: {some(names)}." for how, names in read.items()]
    for reason, names in left_out.items():
        notes.append(f"Left out as {reason}: {some(names)}.")
    return notes
