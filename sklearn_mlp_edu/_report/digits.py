"""How many digits of a number are shown."""

import numpy as np


class Digits:
    """Writes numbers that are about as large as ``scale``.

    Scores up to 100 have three decimals; larger ones, as errors in the target's own
    unit may be, have about four digits in all.
    """

    def __init__(self, *scale):
        largest = max((abs(value) for value in scale if np.isfinite(value)), default=1)
        size = int(np.floor(np.log10(largest))) if largest else 0
        if size < -3 or size > 6:
            self.spec = ".3e"
        else:
            self.spec = f",.{max(0, 3 - size) if size > 1 else max(3, 2 - size)}f"

    @classmethod
    def of(cls, *estimates):
        """Return the digits for the means of some estimates; None are left out."""
        return cls(*(e.mean for e in estimates if e is not None))

    def __call__(self, value):
        """Write a number."""
        return f"{value + 0.0:{self.spec}}"  # a perfect −0 is 0

    def signed(self, value):
        """Write a change."""
        return f"{value:+{self.spec}}"

    def change(self, value):
        """Write the `Estimate` of a change, with its interval."""
        ends = f"{self.signed(value.low)}, {self.signed(value.high)}"
        return f"{self.signed(value.mean)} [{ends}]"

    def interval(self, value):
        """Write the 95 % interval of an `Estimate`."""
        return f"95 % interval {self(value.low)} to {self(value.high)}"


def digits_of(report):
    """Return the digits of a report's scores."""
    perfect = () if report.perfect_score is None else (report.perfect_score,)
    scores = report.train_score, report.test_score, report.chance_score
    return Digits(*(e.mean for e in scores if e is not None), *perfect)
