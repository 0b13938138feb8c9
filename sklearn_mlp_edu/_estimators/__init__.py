"""From what users pass to a fitted network, and from there to predictions.

Labels, weights and parameters are checked and encoded here, once, and what training
leaves becomes attributes. Begin with `classifier`, then `base`. Searches and the
diagnosis import from here.
"""

from .classifier import LectureMLPClassifier
from .convergence import Ending, divergence, warn_of_how_it_ended

__all__ = [
    "Ending",
    "LectureMLPClassifier",
    "divergence",
    "warn_of_how_it_ended",
]
