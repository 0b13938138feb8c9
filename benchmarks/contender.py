"""What all contenders have in common.

Every contender trains the same network on the same data with the same float type, the
same number of mini-batches, shuffled anew each epoch, momentum 0.9, and L2.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .environment import is_installed


class Trained(NamedTuple):
    """What a training did and brought."""

    n_steps: int
    predict: Callable | None = None  # X -> class codes
    compilation: float = 0.0  # seconds that it took beforehand


class Contender(ABC):
    """One way to do a workload."""

    name = ""
    modules = ()  # what must be installed
    takes_sparse = True
    loads = False  # something at the first training, which is of one epoch
    remark = ""  # what a reader of the results has to know

    def obstacle(self, workload, dtype):
        """Say why this contender cannot do the workload; None if it can."""
        for module in self.modules:
            if not is_installed(module):
                return f"{module} is not installed"
        if workload.is_sparse and not self.takes_sparse:
            cells = workload.n_rows * workload.n_features
            megabytes = cells * np.dtype(dtype).itemsize // 10**6
            return f"skipped: takes dense inputs only, here {megabytes} MB"
        return None

    @abstractmethod
    def prepare(self, workload, dtype):
        """Return a function that trains from scratch for so many epochs."""
