"""What a pickle tells of the versions that wrote it, and what is made of that."""

import warnings
from importlib import import_module

from sklearn import __version__ as version_of_sklearn
from sklearn.exceptions import InconsistentVersionWarning

from .._arithmetic import PACKAGE
from .parameters import defaults_of

KEY = "_versions"


def _versions():
    return {
        PACKAGE: import_module(PACKAGE).__version__,
        "scikit-learn": version_of_sklearn,
    }


class Versioned:
    """An estimator whose state holds the versions of this package and scikit-learn.

    A state of other versions gives scikit-learn's warning; parameters that it lacks,
    because they are newer, get their defaults.
    """

    def __getstate__(self):
        return super().__getstate__() | {KEY: _versions()}

    def __setstate__(self, state):
        state, now = dict(state), _versions()
        for name, version in state.pop(KEY, {}).items():
            if version != now[name]:
                warnings.warn(
                    InconsistentVersionWarning(
                        estimator_name=f"{type(self).__name__} ({name})",
                        current_sklearn_version=now[name],
                        original_sklearn_version=version,
                    ),
                    stacklevel=2,
                )
        super().__setstate__(defaults_of(type(self)) | state)
