"""The network of a lecture on backpropagation, as scikit-learn estimators."""

from importlib import import_module
from typing import TYPE_CHECKING

from ._estimators import LectureMLPClassifier, LectureMLPRegressor, to_sklearn

if TYPE_CHECKING:
    from ._data import make_ball_images
    from ._diagnosis import diagnose_overfitting
    from ._displays import (
        LossCurveDisplay,
        RegularizationPathDisplay,
        SignalPropagationDisplay,
        WeightImageDisplay,
    )
    from ._laboratory import (
        GradientCheck,
        StepTrace,
        check_gradient,
        count_parameters,
        trace_step,
    )
    from ._report import ClassResult, Estimate, OverfittingReport, Remedy, Suspect
    from ._search import (
        FusedGridSearchCV,
        FusedRandomizedSearchCV,
        LectureMLPClassifierCV,
        LectureMLPRegressorCV,
    )
    from ._search.halving_search import (
        FusedHalvingGridSearchCV,
        FusedHalvingRandomSearchCV,
    )

__all__ = [
    "ClassResult",
    "Estimate",
    "FusedGridSearchCV",
    "FusedHalvingGridSearchCV",
    "FusedHalvingRandomSearchCV",
    "FusedRandomizedSearchCV",
    "GradientCheck",
    "LectureMLPClassifier",
    "LectureMLPClassifierCV",
    "LectureMLPRegressor",
    "LectureMLPRegressorCV",
    "LossCurveDisplay",
    "OverfittingReport",
    "RegularizationPathDisplay",
    "Remedy",
    "SignalPropagationDisplay",
    "StepTrace",
    "Suspect",
    "WeightImageDisplay",
    "check_gradient",
    "count_parameters",
    "diagnose_overfitting",
    "make_ball_images",
    "to_sklearn",
    "trace_step",
]
__version__ = "0.1.0"

_MODULES = {  # loaded when used: they take a while
    "ClassResult": "._report",
    "Estimate": "._report",
    "FusedGridSearchCV": "._search",
    "FusedHalvingGridSearchCV": "._search.halving_search",
    "FusedHalvingRandomSearchCV": "._search.halving_search",
    "FusedRandomizedSearchCV": "._search",
    "GradientCheck": "._laboratory",
    "LectureMLPClassifierCV": "._search",
    "LectureMLPRegressorCV": "._search",
    "LossCurveDisplay": "._displays",
    "OverfittingReport": "._report",
    "RegularizationPathDisplay": "._displays",
    "Remedy": "._report",
    "SignalPropagationDisplay": "._displays",
    "StepTrace": "._laboratory",
    "Suspect": "._report",
    "WeightImageDisplay": "._displays",
    "check_gradient": "._laboratory",
    "count_parameters": "._laboratory",
    "diagnose_overfitting": "._diagnosis",
    "make_ball_images": "._data",
    "trace_step": "._laboratory",
}


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(globals().keys() | _MODULES.keys())
