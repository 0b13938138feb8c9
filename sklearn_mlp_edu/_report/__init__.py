"""What a diagnosis found, as numbers, text, pictures and a page.

`estimates` and `remedies` are the data, `report` holds them; all else shows them. In
comes what `_diagnosis` measured. Nothing here trains or scores a network.
"""

from .estimates import CONFIDENCE, Estimate, estimate, interval
from .remedies import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Remedy
from .report import OverfittingReport

__all__ = [
    "AGAINST_OVERFITTING",
    "AGAINST_UNDERFITTING",
    "CONFIDENCE",
    "Estimate",
    "OverfittingReport",
    "Remedy",
    "estimate",
    "interval",
]
