"""From the user's numbers to the network's targets, and back."""

import math
from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import check_array, column_or_1d

from .._lecture import Loss
from .._training import ColumnStatistics

MARGIN = 0.5  # of the range of the targets, which predictions may leave by as much


class Quantities(NamedTuple):
    """One or several numbers to be predicted, and the units in which they are learned.

    A target y is learned as (y − centre) / scale, by what is typical of the training
    rows; the loss says what centre and scale are. ``hidden`` tells whether the network
    has hidden layers.
    """

    loss: Loss
    n_outputs: int
    standardize: bool
    hidden: bool
    statistics: ColumnStatistics | None = None  # None until there are rows

    @property
    def units(self):
        """Centre and scale, both of shape (K,); 0 and 1 for targets as they are."""
        if self.statistics is None:
            return np.zeros(self.n_outputs), np.ones(self.n_outputs)
        return self.loss.units(self.statistics.mean, self.statistics.deviation)

    @property
    def limits(self):
        """Lowest and highest prediction, both of shape (K,); infinite where unknown.

        Far from its data a network goes on as it left them, so that a single slip of
        the pen in a row to predict may cost more than all other rows together. The
        range of the targets, once it rests on more than a few rows, says what is out of
        the question. But without hidden layers the network is a straight line, which
        people expect to go on.
        """
        statistics = self.statistics
        straight = not self.hidden and self.loss.out_activation == "identity"
        if straight or statistics is None or statistics.provisional:
            return np.full((2, self.n_outputs), [[-np.inf], [np.inf]])
        low, high = statistics.low, statistics.high
        with np.errstate(over="ignore"):
            margin = np.where(statistics.varied, MARGIN * (high - low), np.inf)
            return np.stack([low - margin, high + margin])

    def limited(self, predicted):
        """Return what the network predicts, no further away than `limits`."""
        low, high = self.scaled(self.limits).astype(predicted.dtype)
        return np.clip(predicted, low, high)

    def in_given_units(self):
        """Return the same as they are, not standardised."""
        return self._replace(standardize=False, statistics=None)

    def learned_from(self, data):
        """Return the same in units that suit the rows to learn from, weighted."""
        if not self.standardize:
            return self
        statistics = ColumnStatistics.of(data.y, data.weight, data.rows)
        return self._replace(statistics=statistics)

    def with_more(self, y, weight):
        """Return the same in units that suit all rows so far and those of encoded y."""
        if not self.standardize:
            return self
        if self.statistics is None:
            return self._replace(statistics=ColumnStatistics.of(y, weight))
        return self._replace(statistics=self.statistics.with_more(y, weight))

    def reexpress(self, now, W, b):
        """In place, let a last layer that was learned in these units suit ``now``.

        The network predicts the same. But as long as the units are those of a few rows,
        it predicts as many of them from the centre as before.
        """
        if self.statistics.provisional:
            return
        (centre, scale), (new_centre, new_scale) = self.units, now.units
        scale = np.where(self.statistics.varied, scale, new_scale)
        shift = (centre - new_centre) / new_scale
        self.loss.rescale(W, b, (scale / new_scale).astype(W.dtype), shift)

    def encode(self, y, name="y"):
        """Return validated ``y`` as an array (n, K)."""
        encoded = y.reshape(len(y), -1)
        if encoded.shape[1] != self.n_outputs:
            raise ValueError(
                f"{name} has {encoded.shape[1]} targets an example where "
                f"{self.n_outputs} are needed, as in y so far. Pass as many, or start "
                "anew with fit and warm_start=False."
            )
        return encoded

    def encode_plain(self, y):
        """Return what `encode` would for an array of numbers, None if unsure.

        A loss that learns logarithms does not take all numbers.
        """
        wanted = self.loss.out_activation == "identity" and y.dtype.kind == "f"
        if not wanted or y.size != len(y) * self.n_outputs:
            return None
        y = y.astype(np.float64, copy=False).reshape(len(y), -1)
        return y if np.isfinite(np.add.reduce(y, axis=None)) else None

    @np.errstate(over="ignore")  # training says what is too far from all others
    def scaled(self, y):
        """Return encoded ``y`` as the network learns it."""
        centre, scale = self.units
        return 2 * ((y / 2 - centre / 2) / scale)  # no difference of halves overflows

    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def score(self, Z, y, weight):
        """Return R² of what the logits predict, within `limits`; y is scaled."""
        return self.loss.score(self.limited(self.loss.predicted(Z)), y, weight)

    @np.errstate(over="ignore", invalid="ignore")
    def decode(self, predicted):
        """Return the user's numbers, (n,) or (n, K), for what the network predicts.

        They are inf where they are beyond the range of the float type.
        """
        centre, scale = self.units
        limited = self.limited(predicted)
        values = (limited * scale + centre).astype(predicted.dtype)
        return values[:, 0] if self.n_outputs == 1 else values

    def cost_of_guessing(self, data):
        """Return the mean loss of always saying the mean, or the median if it is less.

        ``data`` are as the network learns them. The mean is best for the squared error
        and the Poisson loss, the median for the absolute error.
        """
        y, weight = data.y, data.weight
        if data.rows is not None:
            y, weight = y[data.rows], None if weight is None else weight[data.rows]
        mean = np.average(y, axis=0, weights=weight)
        median = np.quantile(y, 0.5, axis=0, weights=weight, method="inverted_cdf")
        with np.errstate(over="ignore"):
            losses = [self.loss.loss(self.loss.logit(g), y) for g in (mean, median)]
            return min(float(np.average(each, weights=weight)) for each in losses)

    def check_same(self, others):
        """Refuse to go on from these targets with ``others``."""
        if self.n_outputs != others.n_outputs:
            raise ValueError(
                f"Training goes on with {self.n_outputs} targets an example, but y has "
                f"{others.n_outputs}. Pass as many, or fit with warm_start=False to "
                "start anew."
            )

    def split(self, y, fraction, seed):
        """Set examples aside: return the rows to train on and the rows to validate on.

        Two at least are set aside, since R² of one says nothing.
        """
        n_rows = len(y)
        n_aside = max(2, math.ceil(fraction * n_rows))
        if n_rows <= n_aside:
            raise ValueError(
                "early_stopping=True needs three examples at least, two of them to "
                f"validate on, and a validation_fraction that leaves some to train on; "
                f"got n_samples={n_rows} and {fraction}. Add examples, pass X_val and "
                "y_val, or set early_stopping=False."
            )
        order = np.random.RandomState(seed).permutation(n_rows)
        return np.sort(order[n_aside:]), np.sort(order[:n_aside])


def check_quantities(y):
    """Return validated ``y`` as finite float64 numbers (n,) or (n, K)."""
    y = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
    if y.ndim == 2 and y.shape[1] == 1:
        y = column_or_1d(y, warn=True)
    return y
