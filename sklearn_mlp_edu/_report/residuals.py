"""How far predictions of numbers missed, for whatever shows it."""

from typing import NamedTuple

import numpy as np

from .digits import Digits

MOST_PICTURES = 4
MOST_TOLD = 20  # targets
MOST_POINTS = 1000  # of a picture
FRAME = 0.01, 0.99  # quantiles; half their distance more is inside the frame


class Residuals(NamedTuple):
    """What was predicted for rows not trained on, and what is missing to the truth."""

    name: str  # of the target, or ""
    predicted: np.ndarray  # (n_rows,)
    missing: np.ndarray  # (n_rows,) actual less predicted

    @property
    def misses(self):
        """By how much half of the rows miss at most, nine of ten, and all."""
        return np.quantile(abs(self.missing), [0.5, 0.9, 1.0])

    @property
    def misses_told(self):
        """Say the same in words."""
        half, most, largest = map(Digits(*self.misses), self.misses)
        return (
            f"half of the rows by less than {half}, nine of ten by less than {most}, "
            f"the largest by {largest}"
        )

    @property
    def description(self):
        """Say in words what the picture shows."""
        of = f" of {self.name}" if self.name else ""
        return f"How far predictions{of} missed: {self.misses_told}."

    def shown(self):
        """Return rows for a picture: of many some, those that miss most among them."""
        order = np.argsort(abs(self.missing), kind="stable")
        ranks = np.linspace(0, len(order) - 1, min(MOST_POINTS, len(order)))
        rows = order[ranks.round().astype(int)]
        return self._replace(predicted=self.predicted[rows], missing=self.missing[rows])


def residuals_of(report):
    """Return the `Residuals` of each target, none for classes."""
    kept = report.out_of_fold_
    if kept is None:
        return []
    actual, predicted = (
        kept[name].reshape(len(kept["row"]), -1).T for name in ("actual", "predicted")
    )
    names = [target["name"] or "" for target in report.data["targets"]]
    return [
        Residuals("".join(c if c.isprintable() else " " for c in name), p, a - p)
        for name, a, p in zip(names, actual, predicted, strict=True)
    ]


def frame(values):
    """Return limits that leave out what lies far from all else."""
    low, high = np.quantile(values, FRAME)
    room = (high - low) / 2
    low, high = max(values.min(), low - room), min(values.max(), high + room)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def target_lines(report):
    """Describe each target in one line, the first ones if there are many."""
    lines, targets = [], report.data.get("targets", [])
    for target in targets[:MOST_TOLD]:
        told = Digits(target["low"], target["high"])
        name = f"{target['name']}: " if target["name"] else ""
        lines.append(
            f"{name}numbers from {told(target['low'])} to {told(target['high'])}, mean "
            f"{told(target['mean'])}, standard deviation {told(target['std'])}"
        )
    left = len(targets) - MOST_TOLD
    return [*lines, f"and {left} more"] if left > 0 else lines
