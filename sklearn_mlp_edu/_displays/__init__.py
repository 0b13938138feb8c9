"""The Display classes: pictures of a fitted estimator or search.

In come estimators and searches; out go axes. Nothing else in the package imports from
here.
"""

from .loss_curve import LossCurveDisplay
from .regularization_path import RegularizationPathDisplay
from .signal_propagation import SignalPropagationDisplay
from .weight_image import WeightImageDisplay

__all__ = [
    "LossCurveDisplay",
    "RegularizationPathDisplay",
    "SignalPropagationDisplay",
    "WeightImageDisplay",
]
