"""The equations of the lecture, and nothing else. Read this room first.

Begin with `network` (forward, backward, L2), then `losses`, `activations`,
`initializers`, `optimizers`. `parameters` and `memory` say where the numbers lie, and
hold no mathematics. In come arrays that have been checked; out go the equations of a
step, or predictions. Nothing here knows of estimators or of mini-batches.
"""

from .activations import ACTIVATIONS, LEAKY_SLOPE
from .clipping import clip_gradient
from .dropout import draw_masks
from .initializers import INITIALIZERS, initial_parameters
from .losses import (
    REGRESSION_LOSSES,
    BinaryLogLoss,
    Loss,
    MultilabelLogLoss,
    SoftmaxLogLoss,
)
from .memory import Cache, Room, empty_output
from .network import Network, add_l2_gradient, backward, forward
from .optimizers import OPTIMIZERS, per_network
from .parameters import Parameters, count, pack
from .prediction import predict
from .schedules import Adaptive, Constant, InverseScaling, Scaled, Settling

__all__ = [
    "ACTIVATIONS",
    "Adaptive",
    "BinaryLogLoss",
    "Cache",
    "Constant",
    "INITIALIZERS",
    "InverseScaling",
    "LEAKY_SLOPE",
    "Loss",
    "MultilabelLogLoss",
    "Network",
    "OPTIMIZERS",
    "Parameters",
    "REGRESSION_LOSSES",
    "Room",
    "Scaled",
    "Settling",
    "SoftmaxLogLoss",
    "add_l2_gradient",
    "backward",
    "clip_gradient",
    "count",
    "draw_masks",
    "empty_output",
    "forward",
    "initial_parameters",
    "pack",
    "per_network",
    "predict",
]
