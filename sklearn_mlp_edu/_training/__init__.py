"""How the equations are carried out: mini-batches, a step, the loop, its end.

In come a `TrainingSet`, initial parameters and an optimizer; out goes an `Outcome` for
each network. Begin with `loop`. Estimators and searches import from here.
"""

from .automatic import (
    default_alpha,
    default_learning_rate,
    usual_learning_rate,
)
from .batches import MiniBatches, TrainingSet
from .descent import Descent
from .lbfgs import BATCH_SIZE as LBFGS_BATCH_SIZE
from .lbfgs import Cost, minimise
from .loop import LARGEST_PARAMETER, Training
from .observers import Observer, ProgressPrinter
from .outcome import Outcome
from .standardisation import (
    ColumnStatistics,
    Scaling,
    reexpress,
    statistics_from,
    statistics_of,
)
from .stopping import Patience, Validation

__all__ = [
    "LARGEST_PARAMETER",
    "LBFGS_BATCH_SIZE",
    "ColumnStatistics",
    "Cost",
    "Descent",
    "MiniBatches",
    "Observer",
    "Outcome",
    "Patience",
    "ProgressPrinter",
    "Scaling",
    "Training",
    "TrainingSet",
    "Validation",
    "default_alpha",
    "default_learning_rate",
    "minimise",
    "reexpress",
    "statistics_from",
    "statistics_of",
    "usual_learning_rate",
]
