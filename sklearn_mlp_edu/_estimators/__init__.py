"""From what users pass to a fitted network, and from there to predictions.

Targets, weights and parameters are checked and encoded here, once, and what training
leaves becomes attributes. Begin with `classifier` or `regressor`, then `base`. Searches
and the diagnosis import from here.
"""

from .callbacks import CallbackSupport, follow, with_callbacks
from .checks import floats_expected, warn_of_single_class
from .classifier import LectureMLPClassifier
from .convergence import Ending, divergence, warn_of_how_it_ended
from .export import to_sklearn
from .fitted import FLOATS, OutputsOfExamples, canonical
from .labels import Labels, check_labels
from .one_batch import run_of_one_batch
from .parameters import (
    PARAMETER_CONSTRAINTS,
    check_hidden_layer_sizes,
    check_parameters,
)
from .parts import Parts, Whole
from .predictions import ClassPredictions
from .regressor import LectureMLPRegressor
from .run import Run
from .streams import Streams
from .values import ValuePredictions, in_range
from .warning import warn
from .weights import check_weight, relative_to_mean, rows_that_count

__all__ = [
    "FLOATS",
    "PARAMETER_CONSTRAINTS",
    "CallbackSupport",
    "ClassPredictions",
    "Ending",
    "Labels",
    "LectureMLPClassifier",
    "LectureMLPRegressor",
    "OutputsOfExamples",
    "Parts",
    "Run",
    "Whole",
    "Streams",
    "ValuePredictions",
    "canonical",
    "check_labels",
    "check_parameters",
    "check_weight",
    "divergence",
    "floats_expected",
    "follow",
    "in_range",
    "relative_to_mean",
    "rows_that_count",
    "warn",
    "check_hidden_layer_sizes",
    "run_of_one_batch",
    "to_sklearn",
    "warn_of_how_it_ended",
    "warn_of_single_class",
    "with_callbacks",
]
