"""The rule behind the verdict, and the sentences that follow from the numbers."""

from typing import NamedTuple

import numpy as np

from .._report import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Estimate

TOLERANCE = 0.1  # of the way from chance to a perfect score


class Evidence(NamedTuple):
    """What the verdict rests on."""

    train: Estimate
    test: Estimate
    gap: Estimate
    chance: Estimate | None
    above_chance: Estimate | None  # train score less chance, paired
    best: float  # a perfect score, or the best that was reached

    @property
    def scale(self):
        """How far the best score is from chance; 0 where that cannot be told."""
        if self.chance is None:
            return 0.0
        return max(0.0, self.best - self.chance.mean)


def verdict_of(evidence, remedies):
    """Return the verdict and the sentence that gives its reason.

    The rule is in the docstring of `diagnose_overfitting`.
    """
    tolerated = TOLERANCE * evidence.scale
    train, test, gap = evidence.train, evidence.test, evidence.gap
    above = evidence.above_chance
    if above is not None and (above.low <= 0 or above.mean < tolerated):
        return "underfitting", (
            f"Even the training score, {train.mean:.3f}, is not clearly above the "
            f"{evidence.chance.mean:.3f} of guessing."
        )
    for remedy in _by_test_score(remedies, AGAINST_UNDERFITTING):
        gain = remedy.test_change
        learns_more = (remedy.train_score.values - train.values).mean() > 0
        if remedy.helps and learns_more and gain.mean >= max(gap.mean, tolerated):
            return "underfitting", (
                f"With {_what(remedy)} the training score rises from {train.mean:.3f} "
                f"to {remedy.train_score.mean:.3f}, and the test score from "
                f"{test.mean:.3f} to {remedy.test_score.mean:.3f}, by more than the "
                f"gap of {gap.mean:.3f}."
            )
    share = gap.mean / evidence.scale if evidence.scale else np.nan
    size = f"The gap of {gap.mean:.3f} ({interval(gap)})"
    relative = f" is {share:.0%} of the way from guessing to the best score"
    if gap.low > 0 and gap.mean >= tolerated:
        return "overfitting", size + (
            relative + "." if evidence.scale else " is beyond the noise of the folds."
        )
    if gap.low <= 0:
        return "balanced", size + " is within the noise of the folds."
    return "balanced", f"{size}{relative}, less than {TOLERANCE:.0%}."


def interval(value):
    """Write the 95 % interval of an `Estimate`."""
    return f"95 % interval {value.low:.3f} to {value.high:.3f}"


def _by_test_score(remedies, against):
    measured = [r for r in remedies if r.against == against and not r.skipped]
    return sorted(measured, key=lambda remedy: -remedy.test_change.mean)


def recommendation_of(verdict, evidence, remedies):
    """Return one sentence on what to do."""
    wanted = AGAINST_UNDERFITTING if verdict == "underfitting" else AGAINST_OVERFITTING
    candidates = _by_test_score(remedies, wanted)
    if verdict == "balanced":
        candidates = sorted(
            candidates + _by_test_score(remedies, AGAINST_UNDERFITTING),
            key=lambda remedy: -remedy.test_change.mean,
        )
    helping = [remedy for remedy in candidates if remedy.helps]
    if helping:
        return _advice(helping[0], evidence)
    if verdict == "balanced":
        return (
            "Leave the estimator as it is: no remedy raises the test score "
            "beyond the noise of the folds."
        )
    nothing = "No remedy that was tried raises the test score beyond the noise"
    if verdict == "underfitting":
        return f"{nothing}; the features may not tell the classes apart."
    narrowing = [r for r in candidates if r.narrows_gap and r.test_change.high >= 0]
    narrowing.sort(key=lambda remedy: remedy.gap.mean)
    if not narrowing:
        return f"{nothing} of the folds, and none narrows the gap beyond it."
    remedy = narrowing[0]
    return (
        f"{nothing} of the folds; {_what(remedy)} narrows the gap from "
        f"{evidence.gap.mean:.3f} to {remedy.gap.mean:.3f} with a test score of "
        f"{remedy.test_score.mean:.3f} in the place of {evidence.test.mean:.3f}."
    )


def _advice(remedy, evidence):
    gain = remedy.test_change
    return (
        f"Try {_what(remedy)}: it {_verb(remedy)} the test score from "
        f"{evidence.test.mean:.3f} to {remedy.test_score.mean:.3f} "
        f"({gain.mean:+.3f}, {interval(gain)}), and brings the gap from "
        f"{evidence.gap.mean:.3f} to {remedy.gap.mean:.3f}."
    )


def _what(remedy):
    countable = remedy.name.endswith(("network", "rate"))
    return f"{'a ' if countable else ''}{remedy.name} ({remedy.setting})"


def _verb(remedy):
    return "raises" if remedy.parameters else "is expected to raise"
