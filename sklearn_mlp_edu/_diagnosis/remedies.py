"""What came of each remedy: choice among its settings, comparison, decision."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .._report import Remedy
from .candidates import in_words
from .choice import choose, choose_out_of_fold
from .measured import Measured
from .trials import Assessor, Trial

FALSE_ALARMS = 0.05  # at most, over all remedies of a page
CLEARLY = 0.05  # chance of beating guessing by luck
TOLERATED = 0.16  # a fall that chance alone would exceed in so many of 1: one error


class Base(NamedTuple):
    """The estimator as it is, and what all remedies are held against."""

    trial: Trial
    chance: Measured | None  # score of guessing
    prior_loss: Measured | None  # log loss of guessing
    assessor: Assessor
    worst: float
    perfect: float | None

    @property
    def ratio(self):
        """Size of a test set over that of a training set."""
        return self.assessor.layout.ratio

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
    """Return a `Remedy` with what ``trial`` brings over the estimator as it is."""
    gain = trial.test - base.trial.test
    losses = {}
    if trial.loss is not None and base.trial.loss is not None:
        losses = {
            "test_loss": trial.loss.estimate(base.ratio, low=0),
            "loss_change": base.difference(trial.loss - base.trial.loss),
        }
    gap_change = base.difference(trial.gap - base.trial.gap)
    return Remedy(
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
        p_value=_p_value(gain, trial, base),
        beats_guessing=beats_guessing(trial, base),
        narrows_gap=bool(gap_change.high < 0),
    )


def _p_value(gain, trial, base):
    """Return how often chance alone would make a useless remedy look as good.

    Two tests, of the log loss and of the score, so the smaller value counts twice. What
    the one gains does not count where the other gets worse by more than its error.
    """
    p_score = gain.p_value(base.ratio)
    if trial.loss is None or base.trial.loss is None:
        return p_score
    if base.assessor.name == "log_loss":
        return p_score
    less = base.trial.loss - trial.loss
    p_loss = less.p_value(base.ratio)
    score_falls = (-1.0 * gain).p_value(base.ratio) < TOLERATED
    loss_rises = (-1.0 * less).p_value(base.ratio) < TOLERATED
    return min(1.0, 2 * min(p_loss + score_falls, p_score + loss_rises))


def beats_guessing(trial, base):
    """Tell whether score or log loss are better than those of guessing."""
    above = []
    if base.chance is not None:
        above.append(trial.test - base.chance)
    if base.prior_loss is not None and trial.loss is not None:
        above.append(base.prior_loss - trial.loss)
    return not above or any(m.p_value(base.ratio) < CLEARLY for m in above)


def evaluated(candidates, measurements, base):
    """Return the `Remedy` that chooses among ``candidates``.

    ``measurements`` are lists of one `Measurement` a fold, a list for each setting. A
    setting that failed in some fold is left out. Each fold is scored at the setting
    that the other folds chose; the setting named is the choice of all.
    """
    name, against, settings, skipped = candidates
    if skipped:
        return Remedy(name, against, skipped=skipped)
    worked = [i for i, tried in enumerate(measurements) if succeeded(tried)]
    if not worked:
        errors = (m.error for tried in measurements for m in tried)
        reason = next(filter(None, errors), "every fit failed")
        return Remedy(name, against, skipped=f"training failed ({reason})")
    tried = [measurements[i] for i in worked]
    merit = merit_of(tried)
    chosen = settings[worked[choose(merit)]]
    by_fold = choose_out_of_fold(merit)
    trial = base.assessor.trial([tried[i][f] for f, i in enumerate(by_fold)])
    return compared(name, against, in_words(chosen), chosen, base, trial)


def succeeded(measurements):
    """Tell whether a setting could be fitted and scored in every fold."""
    return all(np.isfinite(m.train) and np.isfinite(m.test) for m in measurements)


def merit_of(measurements):
    """Return what settings are chosen by, (n_settings, n_folds): more is better.

    The log loss says more of each row than whether it was right, so it chooses where
    there are probabilities; else the score does.
    """
    losses = _table(measurements, "test_loss")
    return -losses if np.isfinite(losses).all() else _table(measurements, "test")


def _table(measurements, part):
    return np.array([[getattr(m, part) for m in tried] for tried in measurements])


def decided(remedies):
    """Return the remedies, with ``helps`` decided for all of them together, and why.

    Holm's procedure: the smallest of m p-values is held against 5 %/m, the next against
    5 %/(m − 1), and so on until one is too large. So on a page where nothing helps, the
    chance that anything is said to is 5 % at most.
    """
    measured = sorted((r for r in remedies if not r.skipped), key=lambda r: r.p_value)
    gaining = set()
    for rank, remedy in enumerate(measured):
        if remedy.p_value > FALSE_ALARMS / (len(measured) - rank):
            break
        gaining.add(remedy.name)
    return [
        r
        if r.skipped
        else replace(
            r,
            helps=r.name in gaining and r.beats_guessing,
            why=_why(r, r.name in gaining, len(measured)),
        )
        for r in remedies
    ]


def _why(remedy, gains, n_remedies):
    """Say in words what the decision rests on."""
    better, worse = _directions(remedy)
    if gains and remedy.beats_guessing:
        return "the gain is more than chance among the rows would bring"
    if gains:
        return "better than before, but not clearly better than guessing"
    if not better:
        return "nothing gets better"
    if worse and remedy.p_value > FALSE_ALARMS:
        return f"the {better} gets better, the {worse} worse"
    if remedy.p_value <= FALSE_ALARMS:
        return (
            f"the {better} gets better, but of {n_remedies} remedies tried one may "
            "do so by chance"
        )
    return f"the {better} gets better, but chance among the rows could bring as much"


def _directions(remedy):
    """Return what gets better, and what gets worse, by more than its error if both."""
    changes = {"test score": (remedy.test_change, 1)}
    if remedy.loss_change is not None:
        changes["log loss"] = remedy.loss_change, -1
    better = [name for name, (c, sign) in changes.items() if sign * c.mean > 0]
    worse = [name for name, (c, sign) in changes.items() if sign * c.mean < -c.error]
    return " and the ".join(better), " and the ".join(worse)
