"""Which remedies help: tests of all of them together, and the reason in words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from .._report import Remedy
from .measured import Measured

FALSE_ALARMS = 0.05  # at most, over all remedies of a page
SHARE_OF_LOSS = 0.8  # of the false alarms; the rest is the score's
CLEARLY = 0.02  # chance of beating guessing by luck
TOLERATED = 0.16  # what chance alone would exceed in so many of 1: one error
N_DRAWS = 10_000
LEAST_P = 1e-12  # beyond it a normal deviate is infinite


class Finding(NamedTuple):
    """A remedy, and what it gains over the estimator as it is; more is better."""

    remedy: Remedy
    score_gain: Measured | None = None
    loss_gain: Measured | None = None  # by how much the loss falls
    above_guessing: Sequence = ()  # by how much score and loss are better
    over_guessing: bool = False  # whether gains are over it in folds where it is better


class Least(NamedTuple):
    """What a remedy has to gain, at least, to be worth a word."""

    score: float = 0.0
    loss: float = 0.0


def decided(findings, above_guessing, ratio, least=Least(), loss="log loss"):  # noqa: B008
    """Return the remedies, with ``helps`` decided for all of them together, and why.

    The ``loss`` has four fifths of the allowance for false alarms, the score the rest,
    or all where there is no loss. What the one gains does not count where the other
    gets worse by more than its error, or where it is ``least`` or less. Where nothing
    clearly beats guessing, neither the estimator as it is, ``above_guessing``, nor any
    remedy, none helps, for then there may be nothing to learn.
    """
    everything = [*above_guessing, *(m for f in findings for m in f.above_guessing)]
    signal = not everything or is_above(everything, ratio, CLEARLY)
    share = SHARE_OF_LOSS if any(f.loss_gain is not None for f in findings) else 0.0
    p_loss = _p_values([f.loss_gain for f in findings], ratio)
    p_score = _p_values([f.score_gain for f in findings], ratio)
    n_measured = sum(not f.remedy.skipped for f in findings)
    remedies = []
    for finding, by_loss, by_score in zip(findings, p_loss, p_score, strict=True):
        remedy = finding.remedy
        small_loss = _is_small(finding.loss_gain, least.loss)
        small_score = _is_small(finding.score_gain, least.score)
        if small_loss or _falls(finding.score_gain, ratio):
            by_loss = 1.0
        if small_score or _falls(finding.loss_gain, ratio):
            by_score = 1.0
        p_value = min(1.0, by_score / (1 - share))
        if share:
            p_value = min(p_value, by_loss / share)
        if not remedy.skipped:
            beats = signal and remedy.beats_guessing
            remedy = replace(remedy, p_value=float(p_value), beats_guessing=beats)
            remedy = replace(
                remedy,
                helps=bool(beats and p_value <= FALSE_ALARMS),
                why=_why(finding, remedy, n_measured, small_loss and small_score, loss),
                edge=remedy.edge if _directions(remedy, loss)[0] else "",
            )
        remedies.append(remedy)
    return remedies


def is_above(above_guessing, ratio, chance):
    """Tell whether any of several is above 0 by more than so much chance allows."""
    return any(above.p_value(ratio) < chance for above in above_guessing)


def _falls(gain, ratio):
    return gain is not None and (-1.0 * gain).p_value(ratio) < TOLERATED


def _is_small(gain, least):
    return gain is None or gain.mean <= least


def _p_values(gains, ratio):
    """Return p-values of gains, 1 for None, adjusted for there being several.

    Step-down by the largest deviate, after Westfall and Young ("Resampling-based
    multiple testing", 1993): the largest of all gains, as a multiple of its error, is
    held against the largest of as many that chance alone would give; then the next
    against those that remain. Remedies that change the same rows in the same way count
    as little more than one, for chance is drawn with their correlations.
    """
    p_values = np.ones(len(gains))
    tested = [i for i, gain in enumerate(gains) if gain is not None]
    if not tested:
        return p_values
    single = np.array([gains[i].p_value(ratio) for i in tested])
    deviates = -ndtri(np.clip(single, LEAST_P, 1 - LEAST_P))
    rng = np.random.default_rng(0)
    correlations = _correlations([gains[i] for i in tested], ratio)
    chance = rng.multivariate_normal(
        np.zeros(len(tested)), correlations, N_DRAWS, method="eigh"
    )
    order, least = np.argsort(-deviates), 0.0
    for rank, at in enumerate(order):
        highest = chance[:, order[rank:]].max(axis=1)
        p = max(single[at], np.mean(highest >= deviates[at]))
        least = p_values[tested[at]] = max(least, p)  # never below the one before
    return p_values


def _correlations(gains, ratio):
    """Return how gains go together by their rows; what training adds is their own."""
    sizes = {None if gain.spread is None else len(gain.spread) for gain in gains}
    if None in sizes or len(sizes) > 1:  # of other draws, or known by folds only
        return np.eye(len(gains))
    errors = np.sqrt([gain.variance(ratio) for gain in gains])
    errors[errors == 0] = 1.0
    spreads = np.array([gain.spread for gain in gains]) / errors[:, np.newaxis]
    result = spreads @ spreads.T
    np.fill_diagonal(result, 1.0)
    return result


def _why(finding, remedy, n_remedies, is_small, loss):
    """Say in words what the decision rests on."""
    better, worse = _directions(remedy, loss)
    if remedy.p_value <= FALSE_ALARMS:
        if remedy.beats_guessing and finding.over_guessing:
            return (
                "the gain is more than chance would bring, even where folds that are "
                "worse than guessing count as guessing"
            )
        if remedy.beats_guessing:
            return "the gain is more than chance among the rows would bring"
        return "better than before, but not clearly better than guessing"
    if not better:
        return "nothing gets better"
    if worse:
        return f"better {better}, but worse {worse}"
    if is_small:
        return f"better {better}, but by next to nothing"
    return (
        f"better {better}, but of {n_remedies} remedies one may have as much by chance "
        "among the rows"
    )


def _directions(remedy, loss):
    """Return what gets better, and what gets worse by more than its error."""
    if remedy.balanced_change is not None:
        better = remedy.balanced_change.mean > 0
        return "balanced accuracy" if better else "", ""
    changes = {"test score": (remedy.test_change, 1)}
    if remedy.loss_change is not None:
        changes[loss] = remedy.loss_change, -1
    better = [name for name, (c, sign) in changes.items() if sign * c.mean > 0]
    worse = [name for name, (c, sign) in changes.items() if sign * c.mean < -c.error]
    return " and ".join(better), " and ".join(worse)
