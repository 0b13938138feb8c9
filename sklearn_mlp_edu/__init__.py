"""The network of a lecture on backpropagation, as a scikit-learn estimator."""

from importlib import import_module
from typing import TYPE_CHECKING

from ._estimators import LectureMLPClassifier

if TYPE_CHECKING:
    from ._data import make_ball_images
    from ._diagnosis import diagnose_overfitting
    from ._displays import (
        LossCurveDisplay,
        RegularizationPathDisplay,
        WeightImageDisplay,
    )
    from ._report import Estimate, OverfittingReport, Remedy
    from ._search import FusedGridSearchCV, LectureMLPClassifierCV

__all__ = [
    "Estimate",
    "FusedGridSearchCV",
    "LectureMLPClassifier",
    "LectureMLPClassifierCV",
    "LossCurveDisplay",
    "OverfittingReport",
    "RegularizationPathDisplay",
    "Remedy",
    "WeightImageDisplay",
    "diagnose_overfitting",
    "make_ball_images",
]
__version__ = "0.1.0"

_MODULES = {  # loaded when used: they take a while
    "Estimate": "._report",
    "FusedGridSearchCV": "._search",
    "LectureMLPClassifierCV": "._search",
    "LossCurveDisplay": "._displays",
    "OverfittingReport": "._report",
    "RegularizationPathDisplay": "._displays",
    "Remedy": "._report",
    "WeightImageDisplay": "._displays",
    "diagnose_overfitting": "._diagnosis",
    "make_ball_images": "._data",
}


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(globals().keys() | _MODULES.keys())
