"""One fit on one split of a real table, and what is measured of it.

Results are dictionaries, so that they can be saved and merged: slow contenders need
not be measured twice.
"""

import contextlib
import io
import json
import logging
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, mean_absolute_error, r2_score
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit

TEST_SHARE = 0.3
MOST_TRAINING_ROWS = {"classification": 4000, "regression": 2000}
N_BINS = 15  # of the calibration error


def split(table, seed):
    """Return indices of training and test rows.

    Those that the source gives, if it does. Else the test set is 30 % of the rows,
    drawn by class; of the others, no more than 4,000 are for training, or 2,000 in
    regression, unless the whole table is to be used.
    """
    rows = np.arange(len(table.y))
    if table.n_train is not None:
        return rows[: table.n_train], rows[table.n_train :]
    n_test = int(np.ceil(TEST_SHARE * len(rows)))
    n_train = len(rows) - n_test
    if not table.whole:
        n_train = min(n_train, MOST_TRAINING_ROWS[table.task])
    by_class = table.task == "classification"
    splitter = StratifiedShuffleSplit if by_class else ShuffleSplit
    splitter = splitter(1, train_size=n_train, test_size=n_test, random_state=seed)
    return next(splitter.split(rows, table.y))


def measure(contender, table, seed):
    """Fit on a split, and return what came of it.

    Seconds are the processor's, which other work on the machine does not lengthen.
    """
    train, test = split(table, seed)
    result = {
        "task": table.task,
        "contender": contender.name,
        "table": table.name,
        "split": seed,
        "n_train": len(train),
        "n_test": len(test),
        "failure": None,
    }
    judge = _classes if table.task == "classification" else _values
    with _silence() as caught:
        start = time.process_time()
        try:
            estimator = contender.make(seed).fit(table.X[train], table.y[train])
            result["seconds"] = time.process_time() - start
            scores = judge(table, train, test, estimator)
        except Exception as error:  # whatever it is, it is reported
            result["seconds"] = time.process_time() - start
            result["failure"] = f"{type(error).__name__}: {error}"
            scores = judge(table, train, test)
    result["convergence_warnings"] = sum(
        issubclass(warning.category, ConvergenceWarning) for warning in caught
    )
    return result | {name: float(score) for name, score in scores.items()}


@contextlib.contextmanager
def _silence():
    """Record all warnings; keep a library's chatter off the Markdown."""
    logging.disable(logging.INFO)
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("always")
        yield caught
    logging.disable(logging.NOTSET)


def _classes(table, train, test, estimator=None):
    """Judge probabilities; without an estimator, those are the shares of classes."""
    labels, y = np.unique(table.y), table.y[test]
    probabilities = np.zeros((len(test), len(labels)))
    if estimator is None:
        probabilities += np.bincount(table.y[train], minlength=len(labels)) / len(train)
    else:
        columns = np.searchsorted(labels, estimator.classes_)
        probabilities[:, columns] = estimator.predict_proba(table.X[test])
        if not np.isfinite(probabilities).all():
            raise ValueError("predict_proba gives NaN or infinity")
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    return {
        "accuracy": np.mean(labels[probabilities.argmax(axis=1)] == y),
        "log_loss": log_loss(y, probabilities, labels=labels),  # clips: it is finite
        "calibration_error": calibration_error(labels, y, probabilities),
    }


def calibration_error(labels, y, probabilities):
    """Return the expected difference of confidence and accuracy, over 15 equal bins."""
    confidence = probabilities.max(axis=1)
    excess = confidence - (labels[probabilities.argmax(axis=1)] == y)
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    return np.abs(np.bincount(bins, weights=excess)).sum() / len(y)


def _values(table, train, test, estimator=None):
    """Judge predictions; without an estimator, those are the mean of the target."""
    y, centre = table.y[test], np.median(table.y[train])
    if estimator is None:
        predictions = np.full(len(test), table.y[train].mean())
    else:
        predictions = estimator.predict(table.X[test])
    error = mean_absolute_error(y, predictions)
    return {
        "r2": r2_score(y, predictions),
        "relative_error": error / mean_absolute_error(y, np.full(len(y), centre)),
    }


def key(result):
    """Return what tells results apart."""
    return tuple(result[part] for part in ("task", "contender", "table", "split"))


def _lasting(environment):
    """Return what of an environment does not depend on the time."""
    return {what: environment[what] for what in environment.keys() - {"date", "load"}}


class Results:
    """Results by their key, and the environments in which they were measured."""

    def __init__(self):
        self.environments = []
        self._by_key = {}

    def __iter__(self):
        return iter(self._by_key.values())

    def __len__(self):
        return len(self._by_key)

    def __contains__(self, wanted):
        return wanted in self._by_key

    def add(self, result):
        """Keep a result; one with the same key gives way."""
        self._by_key[key(result)] = result

    def merge(self, path):
        """Add the results of a file that `save` wrote."""
        content = json.loads(Path(path).read_text())
        for result in content["results"]:
            self.add(result)
        for environment in content["environments"]:
            self.add_environment(environment)

    def add_environment(self, environment):
        """Keep an environment, {what: which}, unless one differs in time only."""
        known = [_lasting(other) for other in self.environments]
        if _lasting(environment) not in known:
            self.environments.append(environment)

    def save(self, path):
        """Write all results to a JSON file, whole or not at all."""
        content = {"environments": self.environments, "results": list(self)}
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.unfinished")
        unfinished.write_text(json.dumps(content, indent=0))
        unfinished.replace(path)
