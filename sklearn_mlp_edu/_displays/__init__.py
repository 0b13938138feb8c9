"""The Display classes: pictures of a fitted estimator or search.

In come fitted objects; out go axes. Nothing else in the package imports from here.
"""

from .loss_curve import LossCurveDisplay
from .regularization_path import RegularizationPathDisplay
from .weight_image import WeightImageDisplay

__all__ = [
    "LossCurveDisplay",
    "RegularizationPathDisplay",
    "WeightImageDisplay",
]
