"""Labels of a table's target column."""

import re
from collections import Counter

import numpy as np

from .columns import MARKS
from .numbers import is_code, numbers

MOST_NUMBERS = 100  # different ones that may still be classes
SOME_NUMBERS = 20  # which certainly may, if each has enough rows
MOST_FRACTIONS = 10
EXACT = 2**53
IN_PYTHON = (
    "the command is for classes; in Python, diagnose_overfitting takes a "
    "LectureMLPRegressor for numbers"
)
QUANTITY = f" If it is a quantity: {IN_PYTHON}."


def labels(cells, target, cv):
    """Return the labels that cells hold.

    Empty cells have none. Words such as NA are classes among words, since a class may
    be called so, and missing among numbers.

    Parameters
    ----------
    cells : list of str or None
    target : str
        What to call them.
    cv : int
        How many folds each class has to be in.

    Returns
    -------
    y : ndarray of shape (n_labelled,)
        Of int or str.
    has_label : ndarray of shape (n_rows,)
        Of bool.
    notes : list of str
    """
    counts = Counter(cells)
    counts.pop(None, None)
    if not counts:
        raise ValueError(
            f"the target {target!r} is empty in all {len(cells):,} rows; choose "
            "another column."
        )
    codes, notes = _codes(counts, target)
    has_label = np.array([cell in codes for cell in cells])
    y = np.array([codes[cell] for cell in cells if cell in codes])
    _check(y, target, cv)
    folded = Counter(str(label).casefold() for label in np.unique(y))
    twice = [word for word, n in folded.items() if n > 1]
    if twice:
        notes.append(
            f"Classes of {target!r} that differ in capitals only stay apart: {twice}."
        )
    return y, has_label, notes


def _codes(counts, target):
    """Return which label each word of the target stands for, and notes."""
    words = [word for word in counts if word not in MARKS]
    marks = [word for word in counts if word in MARKS]
    readings, affix = numbers(words)
    values = max(readings.values(), key=len)
    if words and len(values) == len(words) and not any(map(is_code, words)):
        notes = []
        if marks:
            named = ", ".join(map(repr, marks))
            notes.append(f"{named} in {target!r} among numbers: taken as missing.")
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
    if not np.isfinite(array).all():
        raise ValueError(
            f"the target {target!r} holds infinite numbers; classes are needed. Leave "
            "those cells empty, or choose another column."
        )
    distinct = np.unique(array)
    if (array != np.round(array)).any():
        if len(distinct) > MOST_FRACTIONS:
            raise ValueError(
                f"the target {target!r} holds {len(distinct):,} different numbers with "
                f"fractions, from {distinct[0]:g} to {distinct[-1]:g}: it looks like a "
                f"quantity. Make classes of it, such as low and high: {IN_PYTHON}."
            )
        return {word: f"{value:.15g}" for word, value in values.items()}
    if np.abs(array).max() > EXACT:
        return {word: f"{value:.15g}" for word, value in values.items()}
    return {word: int(value) for word, value in values.items()}


def _check(y, target, cv):
    names, counts = np.unique(y, return_counts=True)
    if len(names) < 2:
        raise ValueError(
            f"the target {target!r} is the same in all {len(y):,} rows; there is "
            "nothing to tell apart."
        )
    few = len(names) > SOME_NUMBERS and counts.min() < cv
    if y.dtype.kind == "i" and (len(names) > MOST_NUMBERS or few):
        raise ValueError(
            f"the target {target!r} holds {len(names):,} different whole numbers, from "
            f"{names[0]:,} to {names[-1]:,}: it looks like a quantity. Make "
            "classes of it, such as low and high, or choose another column: "
            f"{IN_PYTHON}."
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
