"""What came of each remedy: the choice among its settings, and the comparison."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .._report import AGAINST_IMBALANCE, Remedy
from .candidates import in_words
from .choice import choose, choose_out_of_fold
from .decision import Finding, Least
from .measured import Measured
from .measuring import LATE
from .trials import Assessor, Trial

LOSSES = ("log_loss", "mean_squared_error")  # scores that are the loss itself
WORTH = 0.01  # of the way from guessing to the best; less is no help, however sure


class Base(NamedTuple):
    """The estimator as it is, and what all remedies are held against."""

    trial: Trial
    chance: Measured | None  # score of guessing
    prior_loss: Measured | None  # loss of guessing
    assessor: Assessor
    worst: float
    perfect: float | None
    floor_test: Measured | None = None  # of numbers: score in each fold of the better
    floor_loss: Measured | None = None  # of the network and guessing, and its loss

    @property
    def ratio(self):
        """Size of a test set over that of a training set."""
        return self.assessor.layout.ratio

    @property
    def least(self):
        """What a remedy has to gain, at least, to be worth a word."""
        way = loss = 0.0
        if self.chance is not None and self.perfect is not None:
            way = max(0.0, self.perfect - self.chance.mean)
        if self.prior_loss is not None:
            loss = self.prior_loss.mean
        return Least(WORTH * way, WORTH * loss)

    def score(self, measured):
        """Return the `Estimate` of a score, within its range."""
        high = np.inf if self.perfect is None else self.perfect
        return measured.estimate(self.ratio, self.worst, high)

    def change(self, measured):
        """Return the `Estimate` of a change of the test score, within its range."""
        mean = self.trial.test.mean
        high = np.inf if self.perfect is None else self.perfect
        return measured.estimate(self.ratio, self.worst - mean, high - mean)

    def difference(self, measured):
        """Return the `Estimate` of what may take any value."""
        return measured.estimate(self.ratio)


def compared(name, against, setting, parameters, base, trial):
    """Return the `Finding` of what ``trial`` brings over the estimator as it is."""
    gain = trial.test - base.trial.test
    above = above_guessing(trial, base)
    losses = {}
    if trial.loss is not None and base.trial.loss is not None:
        losses = {
            "test_loss": trial.loss.estimate(base.ratio, low=0),
            "loss_change": base.difference(trial.loss - base.trial.loss),
        }
    gap_change = base.difference(trial.gap - base.trial.gap)
    remedy = Remedy(
        name,
        against,
        setting,
        parameters,
        base.score(trial.train),
        base.score(trial.test),
        base.difference(trial.gap),
        base.change(gain),
        gap_change,
        **losses,
        beats_guessing=not above or any(part.mean > 0 for part in above),
        narrows_gap=bool(gap_change.high < 0),
    )
    if against == AGAINST_IMBALANCE:  # of which the log loss must get worse
        balanced = _balanced_gain(trial, base)
        remedy = replace(remedy, balanced_change=base.difference(balanced))
        return Finding(remedy, balanced, None, above)
    less = None
    if losses and base.assessor.name not in LOSSES:  # else it is the score
        less = base.trial.loss - trial.loss
    return _held_against_guessing(Finding(remedy, gain, less, above), trial, base)


def _held_against_guessing(finding, trial, base):
    """Test gains over the better of network and guessing, where that is surer.

    How much worse than guessing a network for numbers can be has no limit, and hangs on
    its initial weights. Gains over the better of the two are no larger than those over
    the network, but folds differ less in them.
    """
    gain, less = finding.score_gain, finding.loss_gain
    if base.floor_test is not None:
        gain = _surer(gain, trial.test - base.floor_test, base.ratio)
    if base.floor_loss is not None and less is not None:
        less = _surer(less, base.floor_loss - trial.loss, base.ratio)
    over = less is not finding.loss_gain or gain is not finding.score_gain
    return finding._replace(score_gain=gain, loss_gain=less, over_guessing=over)


def _surer(gain, other, ratio):
    """Return the gain that chance explains less."""
    return min(gain, other, key=lambda one: one.p_value(ratio))


def _balanced_gain(trial, base):
    """Return the change of the balanced accuracy."""
    rows = (
        base.assessor.row_scores("balanced_accuracy", one.outputs)
        for one in (trial, base.trial)
    )
    after, before = map(base.assessor.layout.measured, rows)
    return after - before


def above_guessing(trial, base):
    """Return by how much score and loss are better than those of guessing."""
    above = []
    if base.chance is not None:
        above.append(trial.test - base.chance)
    if base.prior_loss is not None and trial.loss is not None:
        above.append(base.prior_loss - trial.loss)
    return above


def evaluated(candidates, measurements, base):
    """Return the `Finding` of the remedy that chooses among ``candidates``.

    ``measurements`` are lists of one `Measurement` a fold, a list for each setting. A
    setting that failed in some fold is left out. Each fold is scored at the setting
    that the other folds chose; the setting named is the choice of all.
    """
    name, against, settings, skipped, edge = candidates
    if skipped:
        return Finding(Remedy(name, against, skipped=skipped))
    if skipped := why_none_worked(measurements):
        return Finding(Remedy(name, against, skipped=skipped))
    worked = [i for i, tried in enumerate(measurements) if succeeded(tried)]
    tried = [measurements[i] for i in worked]
    merit = merit_of(tried)
    chosen = settings[worked[choose(merit)]]
    by_fold = choose_out_of_fold(merit)
    trial = base.assessor.trial([tried[i][f] for f, i in enumerate(by_fold)])
    finding = compared(name, against, in_words(chosen), chosen, base, trial)
    if edge is None or chosen != edge[0]:
        return finding
    beyond = f"the last that was tried; {in_words(edge[1])} would be next"
    return finding._replace(remedy=replace(finding.remedy, edge=beyond))


def why_none_worked(measurements):
    """Say why no setting could be measured; empty if one could."""
    if any(map(succeeded, measurements)):
        return ""
    errors = (m.error for tried in measurements for m in tried)
    reason = next(filter(None, errors), "every fit failed")
    return reason if reason == LATE else f"training failed ({reason})"


def succeeded(measurements):
    """Tell whether a setting could be fitted and scored in every fold."""
    return all(np.isfinite(m.train) and np.isfinite(m.test) for m in measurements)


def merit_of(measurements):
    """Return what settings are chosen by, (n_settings, n_folds): more is better.

    The log loss says more of each row than whether it was right, so it chooses where
    there are probabilities; of numbers the squared error; else the score does.
    """
    losses = _table(measurements, "test_loss")
    return -losses if np.isfinite(losses).all() else _table(measurements, "test")


def _table(measurements, part):
    return np.array([[getattr(m, part) for m in tried] for tried in measurements])
