"""From what users pass to a fitted network, and from there to predictions.

Labels, weights and parameters are checked and encoded here, once, and what training
leaves becomes attributes. Begin with `classifier`, then `base`. Searches and the
diagnosis import from here.
"""

from .classifier import LectureMLPClassifier
from .convergence import Ending, divergence, warn_of_how_it_ended
from .one_batch import run_of_one_batch
from .parameters import check_hidden_layer_sizes

__all__ = [
    "Ending",
    "LectureMLPClassifier",
    "check_hidden_layer_sizes",
    "divergence",
    "run_of_one_batch",
    "warn_of_how_it_ended",
]
