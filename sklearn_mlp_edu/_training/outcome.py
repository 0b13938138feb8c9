"""What becomes of a network in training."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Outcome:
    """What became of one network, as of the end of its latest finished epoch."""

    theta: np.ndarray
    loss_curve: list[float] = field(default_factory=list)
    data_losses: list[float] = field(default_factory=list)  # the same without L2
    validation_losses: list[float] = field(default_factory=list)
    validation_scores: list[float] = field(default_factory=list)
    status: str = "unfinished"  # later "converged", "diverged", or "stopped" on demand

    def note(self, theta=None, **values):
        """Note an epoch: a value for each list, and parameters if they are to be kept.

        It is done in one step, so that no interruption leaves half an epoch.
        """
        noted = {name: [*getattr(self, name), value] for name, value in values.items()}
        if theta is not None:
            noted["theta"] = theta
        vars(self).update(noted)
