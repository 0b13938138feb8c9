"""What a diagnosis found, as numbers, text, pictures and a page.

`estimates`, `remedies` and `suspects` are the data, `report` holds them; all else shows
them. In comes what `_diagnosis` measured. Nothing here trains or scores a network.
"""

from .classes import ClassResult
from .digits import Digits
from .estimates import CONFIDENCE, Estimate, estimate
from .remedies import (
    AGAINST_IMBALANCE,
    AGAINST_OVERFITTING,
    AGAINST_UNDERFITTING,
    Remedy,
)
from .report import OverfittingReport
from .suspects import Suspect

__all__ = [
    "AGAINST_IMBALANCE",
    "AGAINST_OVERFITTING",
    "AGAINST_UNDERFITTING",
    "CONFIDENCE",
    "ClassResult",
    "Digits",
    "Estimate",
    "OverfittingReport",
    "Remedy",
    "Suspect",
    "estimate",
]
