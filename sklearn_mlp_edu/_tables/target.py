"""What is to be learned from a table's target column: classes, or numbers.

Words are classes, and so are numbers of which there are few. Others are read as a
quantity where the task is left open, and a note says so.
"""

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from .columns import MARKS
from .numbers import is_code, numbers

MOST_NUMBERS = 100  # different ones that may still be classes
SOME_NUMBERS = 20  # which certainly may, if each has enough rows
MOST_FRACTIONS = 10
EXACT = 2**53
AS_NUMBERS = "pass --task regression to predict it as a number"
QUANTITY = f" If it is a quantity, {AS_NUMBERS}."


class Target(NamedTuple):
    """What is to be learned."""

    y: np.ndarray  # (n_labelled,) of int or str for classes, of float for numbers
    has_label: np.ndarray  # (n_rows,) of bool
    notes: list[str]
    task: str  # "classification" or "regression"


class LooksLikeQuantity(ValueError):
    """Numbers that nobody would take for classes."""

    def __init__(self, target, what):
        super().__init__(
            f"the target {target!r} holds {what}: it looks like a quantity. Make "
            f"classes of it, such as low and high, or {AS_NUMBERS}."
        )
        self.what = what


def read_target(cells, target, cv, task="auto"):
    """Return the `Target` that cells hold.

    Empty cells have no label. Words such as NA are classes among words, since a class
    may be called so, and missing among numbers.

    Parameters
    ----------
    cells : list of str or None
    target : str
        What to call them.
    cv : int
        How many folds each class has to be in.
    task : {"auto", "classification", "regression"}, default="auto"

    Raises
    ------
    ValueError
        If the cells do not fit the task, or there is nothing to learn.
    """
    counts = Counter(cells)
    counts.pop(None, None)
    if not counts:
        raise ValueError(
            f"the target {target!r} is empty in all {len(cells):,} rows; choose "
            "another column."
        )
    if task == "regression":
        return _quantity(cells, counts, target)
    try:
        return _labels(cells, counts, target, cv, task)
    except LooksLikeQuantity as reason:
        if task == "classification":
            raise
        found = _quantity(cells, counts, target)
        note = (
            f"{target!r} holds {reason.what}: read as a quantity, so the task is "
            "regression. If it names classes, pass --task classification."
        )
        return found._replace(notes=[note, *found.notes])


def _quantity(cells, counts, target):
    """Return the numbers that cells hold as `Target`."""
    words, values = _as_numbers(counts)
    others = [word for word in words if word not in values]
    if others or not words:
        named = ", ".join(map(repr, (others or [*counts])[:5]))
        named += " …" if others[5:] else ""
        raise ValueError(
            f"the target {target!r} holds {named}, but a regression predicts numbers; "
            "leave those cells empty, choose another column, or pass --task "
            "classification."
        )
    _refuse_infinite([*values.values()], target)
    has_label = np.array([cell in values for cell in cells])
    y = np.array([values[cell] for cell in cells if cell in values])
    if (y == y[0]).all():
        raise ValueError(
            f"the target {target!r} is {y[0]:g} in all {len(y):,} rows; there is "
            "nothing to learn."
        )
    marks = [word for word in counts if word in MARKS]
    return Target(y, has_label, _told_as_missing(marks, target), "regression")


def _as_numbers(counts):
    """Return the words that are no marks, and those of them that are numbers."""
    words = [word for word in counts if word not in MARKS]
    return words, max(numbers(words)[0].values(), key=len)


def _told_as_missing(marks, target):
    named = ", ".join(map(repr, marks))
    return [f"{named} in {target!r} among numbers: taken as missing."] if marks else []


def _refuse_infinite(values, target):
    if not np.isfinite(values).all():
        raise ValueError(
            f"the target {target!r} holds infinite numbers; leave those cells empty, "
            "or choose another column."
        )


def _labels(cells, counts, target, cv, task):
    """Return the classes that cells hold as `Target`."""
    codes, notes = _codes(counts, target)
    has_label = np.array([cell in codes for cell in cells])
    y = np.array([codes[cell] for cell in cells if cell in codes])
    _check(y, target, cv, task)
    words, values = _as_numbers(counts)
    if task == "auto" and words and len(values) == len(words):
        note = f"{target!r} holds {len(np.unique(y)):,} different numbers: read as "
        notes.insert(0, f"{note}classes.{QUANTITY}")
    folded = Counter(str(label).casefold() for label in np.unique(y))
    twice = [word for word, n in folded.items() if n > 1]
    if twice:
        notes.append(
            f"Classes of {target!r} that differ in capitals only stay apart: {twice}."
        )
    return Target(y, has_label, notes, "classification")


def _codes(counts, target):
    """Return which label each word of the target stands for, and notes."""
    words = [word for word in counts if word not in MARKS]
    marks = [word for word in counts if word in MARKS]
    readings, affix = numbers(words)
    values = max(readings.values(), key=len)
    if words and len(values) == len(words) and not any(map(is_code, words)):
        notes = _told_as_missing(marks, target)
        found = _numbers(values, target)
        few = len(set(found.values())) <= SOME_NUMBERS
        return {word: word for word in found} if affix and few else found, notes
    signs = [word for word in marks if not word[0].isalnum()]
    names = [word for word in marks if word not in signs]
    notes = []
    if names:
        named = ", ".join(f"{word!r} ({counts[word]:,} rows)" for word in names)
        notes.append(
            f"{named} in {target!r} {'is' if len(names) == 1 else 'are'} taken for "
            "classes; leave cells empty where there is no label."
        )
    if signs and words:
        named = ", ".join(map(repr, signs))
        notes.append(f"{named} in {target!r} is taken as missing.")
        counts = {word: n for word, n in counts.items() if word not in signs}
    return {word: _whole(word, counts) for word in counts}, notes


def _whole(word, counts):
    """Return 1 for 1.0 where 1 is a class of its own."""
    short = re.sub(r"\.0+$", "", word)
    return short if short in counts else word


def _numbers(values, target):
    """Return labels of numbers: ints where they are whole, else words."""
    array = np.array(list(values.values()))
    _refuse_infinite(array, target)
    distinct = np.unique(array)
    if (array != np.round(array)).any():
        if len(distinct) > MOST_FRACTIONS:
            raise LooksLikeQuantity(
                target,
                f"{len(distinct):,} different numbers with fractions, from "
                f"{distinct[0]:g} to {distinct[-1]:g}",
            )
        return {word: f"{value:.15g}" for word, value in values.items()}
    if np.abs(array).max() > EXACT:
        return {word: f"{value:.15g}" for word, value in values.items()}
    return {word: int(value) for word, value in values.items()}


def _check(y, target, cv, task):
    names, counts = np.unique(y, return_counts=True)
    if len(names) < 2:
        raise ValueError(
            f"the target {target!r} is the same in all {len(y):,} rows; there is "
            "nothing to tell apart."
        )
    few = len(names) > SOME_NUMBERS and counts.min() < cv
    many = len(names) > MOST_NUMBERS and task == "auto"
    if y.dtype.kind == "i" and (many or few):
        raise LooksLikeQuantity(
            target,
            f"{len(names):,} different whole numbers, from {names[0]:,} to "
            f"{names[-1]:,}",
        )
    if len(names) > len(y) / 2:
        raise ValueError(
            f"the target {target!r} has {len(names):,} classes in {len(y):,} rows; "
            "each needs several rows. Is it the right column?"
        )
    if counts.min() < cv:
        rare = names[counts < cv]
        _refuse_rare(rare.tolist(), counts.min(), target, cv)


def _refuse_rare(rare, n_least, target, cv):
    quantity = "" if isinstance(rare[0], str) else QUANTITY
    named = ", ".join(repr(name) for name in rare[:5]) + (" …" if rare[5:] else "")
    classes = f"class {named} has" if len(rare) == 1 else f"classes {named} have"
    rows = "row" if n_least == 1 else "rows"
    least = "" if len(rare) == 1 else " as few as"
    fewer = f"pass --cv {n_least}, " if n_least > 1 else ""
    raise ValueError(
        f"the target's {classes}{least} {n_least} {rows}, too few for the {cv} folds "
        f"of the cross-validation; {fewer}leave those rows out (empty cells in "
        f"{target!r}), merge rare classes, or add rows.{quantity}"
    )
