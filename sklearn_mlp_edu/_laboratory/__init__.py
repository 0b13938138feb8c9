"""Experiments on a network: every quantity of a step, its gradient checked, its size.

In come an estimator and a few examples; out come tables to look at. What is shown is
computed by the functions that train. Begin with `trace`. Displays may import from here.
"""

from .counting import count_parameters
from .gradient_check import GradientCheck, check_gradient
from .trace import StepTrace, trace_step

__all__ = [
    "GradientCheck",
    "StepTrace",
    "check_gradient",
    "count_parameters",
    "trace_step",
]
