"""Where a report comes from: versions, data, seeds, and the call that repeats it."""

import inspect
import platform
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module

import numpy as np
from scipy.sparse import issparse

LIBRARIES = {"scikit-learn": "sklearn", "numpy": "numpy", "scipy": "scipy"}
LONGEST = 10**6  # characters of an estimator's representation
HIDDEN = ("estimator", "X", "y", "n_jobs", "progress")  # change nothing in the answer


def provenance(function, arguments, seeds):
    """Return what it takes to get the same report again.

    Parameters
    ----------
    function : callable
        Whose defaults need not be told.
    arguments : dict
        What it was called with, with an int as ``random_state``.
    seeds : dict of str to int
        Those that were drawn from it.

    Returns
    -------
    values : dict
        ``date`` (UTC), ``call``, ``estimator``, ``versions``, ``data`` with shape and
        SHA-256, ``seeds``.
    """
    package = __package__.partition(".")[0]
    versions = {name: import_module(m).__version__ for name, m in LIBRARIES.items()}
    X, y = arguments["X"], arguments["y"]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "call": _call(function, arguments),
        "estimator": _whole(arguments["estimator"]),
        "versions": {
            "sklearn_mlp_edu": import_module(package).__version__,
            "Python": platform.python_version(),
            **versions,
        },
        "data": {
            "X": {"shape": _shape(X), "sha256": _digest(X)},
            "y": {"shape": _shape(y), "sha256": _digest(y)},
        },
        "seeds": seeds,
    }


def _call(function, arguments):
    """Write the call, without what is as it would be anyway."""
    parameters = inspect.signature(function).parameters
    parts = []
    for name, value in arguments.items():
        if name in HIDDEN or value is parameters[name].default:
            continue
        if name == "groups":
            parts.append("groups=groups")
        else:
            parts.append(f"{name}={' '.join(repr(value).split())}")
    return f"{function.__name__}({', '.join(['estimator, X, y', *parts])})"


def _whole(estimator):
    """Return an estimator's representation, which scikit-learn would shorten."""
    try:
        text = estimator.__repr__(N_CHAR_MAX=LONGEST)
    except TypeError:  # not one of scikit-learn's
        text = repr(estimator)
    return " ".join(text.split())


def _shape(values):
    return list(values.shape) if hasattr(values, "shape") else [len(values)]


def _digest(values):
    """Return a hash of the values, which tells other data from the same."""
    digest = sha256()
    for part in _parts(values):
        part = np.asarray(part)
        if part.dtype == object:
            digest.update("\n".join(map(repr, part.ravel().tolist())).encode())
        else:
            digest.update(np.ascontiguousarray(part))
    return digest.hexdigest()


def _parts(values):
    if issparse(values):
        rows = values.tocsr()
        return rows.data, rows.indices, rows.indptr
    if hasattr(values, "columns") and hasattr(values, "iloc"):
        columns = (values.iloc[:, i] for i in range(values.shape[1]))
        return (np.array(list(map(str, values.columns)), dtype=object), *columns)
    return (np.asarray(values, dtype=None if hasattr(values, "dtype") else object),)
