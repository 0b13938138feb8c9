"""From what users pass to a fitted network, and from there to predictions.

Labels, weights and parameters are checked and encoded here, once, and what training
leaves becomes attributes. Begin with `classifier`, then `base`. Searches and the
diagnosis import from here.
"""

from .checks import divergence, warn_of_no_convergence
from .classifier import LectureMLPClassifier

__all__ = [
    "LectureMLPClassifier",
    "divergence",
    "warn_of_no_convergence",
]
