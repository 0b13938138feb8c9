"""Saving where training is, such that no crash leaves half a file."""

import os
import pickle
from pathlib import Path

FORMAT = 2


def save(path, state):
    """Write ``state``; the file is the old one or the new one at every moment."""
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    content = packed({"format": FORMAT, **state})
    with open(partial, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def packed(state):
    """Return the bytes of ``state``; what cannot be restored is refused."""
    try:
        return pickle.dumps(state, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise ValueError(
            "A checkpoint keeps the estimator's parameters, and one of them cannot be "
            f"pickled: {error}. Pass functions that have a name in a module, or no "
            "checkpoint."
        ) from error


def load(path, settings):
    """Return what was saved by a training with the same settings; None if nothing."""
    path = Path(path)
    if not path.exists():
        if not path.parent.is_dir():
            raise ValueError(f"checkpoint={str(path)!r}: there is no such folder.")
        return None
    try:
        state = pickle.loads(path.read_bytes())
        found = state["settings"] if state["format"] == FORMAT else None
    except Exception as error:
        raise _foreign(path, "cannot be read") from error
    if found is None:
        raise _foreign(path, "is of another version")
    differ = [name for name, value in settings.items() if found.get(name) != value]
    if differ:
        changes = ", ".join(
            f"{n}: {found.get(n)!r}, now {settings[n]!r}" for n in differ
        )
        raise _foreign(path, f"is of another training ({changes})")
    return state


def _foreign(path, fault):
    return ValueError(
        f"checkpoint={str(path)!r} {fault}. Remove the file to begin anew, or pass "
        "another path."
    )
