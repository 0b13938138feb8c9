"""The rule behind the verdict, and the sentences that follow from the numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .._report import (
    AGAINST_IMBALANCE,
    AGAINST_OVERFITTING,
    AGAINST_UNDERFITTING,
    Estimate,
    interval,
)
from .decision import FALSE_ALARMS

TOLERANCE = 0.1  # of the way from chance to a perfect score
LEAST_LOSS = 0.02  # of the log loss of guessing; less is no reason for a verdict
SHOWN = 3  # suspects that the reason names


class Evidence(NamedTuple):
    """What the verdict rests on."""

    train: Estimate
    test: Estimate
    gap: Estimate
    chance: Estimate | None
    above_chance: Estimate | None  # train score less chance, paired
    best: float  # a perfect score, or the best that was reached
    train_loss: Estimate | None = None
    test_loss: Estimate | None = None
    chance_loss: Estimate | None = None
    loss_above_chance: Estimate | None = None  # test loss less guessing's, paired
    loss_gap: Estimate | None = None  # test less train loss
    suspects: Sequence = ()

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
    for rule in (_suspect, _worse_than_guessing, _underfitting, _overfitting):
        verdict = rule(evidence, remedies)
        if verdict is not None:
            return verdict
    gap = evidence.gap
    size = f"The gap of {gap.mean:.3f} ({interval(gap)})"
    if gap.low <= 0:
        return "balanced", size + " is within the noise of the folds."
    return "balanced", f"{size}{_relative(evidence)}, less than {TOLERANCE:.0%}."


def _relative(evidence):
    share = evidence.gap.mean / evidence.scale if evidence.scale else np.nan
    return f" is {share:.0%} of the way from guessing to the best score"


def _suspect(evidence, remedies):
    if not evidence.suspects:
        return None
    reasons = "; ".join(suspect.text for suspect in evidence.suspects[:SHOWN])
    more = len(evidence.suspects) - SHOWN
    also = f"; and {more} more" if more > 0 else ""
    return "suspect", f"Too good to trust: {reasons}{also}."


def _worse_than_guessing(evidence, remedies):
    """Sure of what it learned by heart, and wrong on other rows."""
    above = evidence.loss_above_chance
    if above is None or above.low <= 0:
        return None
    if evidence.train_loss.mean > (1 - TOLERANCE) * evidence.chance_loss.mean:
        return None  # it has learned next to nothing
    return "overfitting", (
        f"On rows that it has not seen its log loss, {evidence.test_loss.mean:.3f}, is "
        f"worse than the {evidence.chance_loss.mean:.3f} of guessing, and on those "
        f"that it was trained on {evidence.train_loss.mean:.3f}: it is sure of what it "
        "has learned by heart."
    )


def _underfitting(evidence, remedies):
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
    return None


def _overfitting(evidence, remedies):
    gap = evidence.gap
    if gap.low > 0 and gap.mean >= TOLERANCE * evidence.scale:
        size = f"The gap of {gap.mean:.3f} ({interval(gap)})"
        if not evidence.scale:
            return "overfitting", size + " is beyond the noise of the folds."
        return "overfitting", f"{size}{_relative(evidence)}."
    if evidence.loss_gap is None or evidence.loss_gap.low <= 0:
        return None
    least = LEAST_LOSS * evidence.chance_loss.mean
    for remedy in _by_test_score(remedies, AGAINST_OVERFITTING):
        if not remedy.helps or not remedy.parameters or remedy.loss_change is None:
            continue
        if least <= min(-remedy.loss_change.mean, evidence.loss_gap.mean):
            return "overfitting", (
                f"The gap of {gap.mean:.3f} is small, but the log loss is "
                f"{evidence.train_loss.mean:.3f} on rows trained on and "
                f"{evidence.test_loss.mean:.3f} on others, where {_what(remedy)} "
                f"brings it to {remedy.test_loss.mean:.3f}: the network is surer than "
                "it should be."
            )
    return None


def _by_test_score(remedies, against):
    measured = [r for r in remedies if r.against == against and not r.skipped]
    return sorted(measured, key=lambda remedy: -remedy.test_change.mean)


def recommendation_of(verdict, evidence, remedies):
    """Return what to do, in a sentence or two."""
    if verdict == "suspect":
        return SUSPECT
    sentences = [_recommendation(verdict, evidence, remedies)]
    for remedy in remedies:
        if remedy.against == AGAINST_IMBALANCE and remedy.helps:
            change = remedy.balanced_change
            sentences.append(
                f"To find more of the rare class, try {_what(remedy)}: the balanced "
                f"accuracy changes by {change.mean:+.3f} ({interval(change)}), but the "
                "probabilities are no longer those of the classes."
            )
    return " ".join(sentences)


def _recommendation(verdict, evidence, remedies):
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
            "Leave the estimator as it is: no remedy that was tried is better beyond "
            "the noise."
        )
    nothing = "No remedy that was tried is better beyond the noise"
    better = [
        r for r in candidates if r.p_value <= FALSE_ALARMS and not r.beats_guessing
    ]
    if better:
        return (
            f"{nothing} than guessing; {_what(better[0])} is better than the estimator "
            "as it is, but what is left may be guessing by the shares of the classes."
        )
    if verdict == "underfitting":
        return f"{nothing}; the features may not tell the classes apart."
    narrowing = [r for r in candidates if r.narrows_gap and r.test_change.high >= 0]
    narrowing.sort(key=lambda remedy: remedy.gap.mean)
    if not narrowing:
        return f"{nothing}, and none narrows the gap beyond it."
    remedy = narrowing[0]
    return (
        f"{nothing}; {_what(remedy)} narrows the gap from "
        f"{evidence.gap.mean:.3f} to {remedy.gap.mean:.3f} with a test score of "
        f"{remedy.test_score.mean:.3f} in the place of {evidence.test.mean:.3f}."
    )


SUSPECT = (
    "Find out whether all this is known, and new, when the network is used. Leave out "
    "columns that are not known then, and identifiers; keep copies of a row in one "
    "fold, with groups=; then diagnose again."
)


def _advice(remedy, evidence):
    gain, loss = remedy.test_change, remedy.loss_change
    sentence = (
        f"Try {_what(remedy)}: it {_verb(remedy, gain.mean)} the test score from "
        f"{evidence.test.mean:.3f} to {remedy.test_score.mean:.3f} "
        f"({gain.mean:+.3f}, {interval(gain)}), and brings the gap from "
        f"{evidence.gap.mean:.3f} to {remedy.gap.mean:.3f}"
    )
    if loss is not None and evidence.test_loss is not None:
        sentence += (
            f", the log loss from {evidence.test_loss.mean:.3f} to "
            f"{remedy.test_loss.mean:.3f} ({loss.mean:+.3f}, {interval(loss)})"
        )
    return f"{sentence}. It is {remedy.edge}." if remedy.edge else f"{sentence}."


def _what(remedy):
    countable = remedy.name.endswith(("network", "rate"))
    return f"{'a ' if countable else ''}{remedy.name} ({remedy.setting})"


def _verb(remedy, gain):
    verb = "change" if round(gain, 3) <= 0 else "raise"
    return f"{verb}s" if remedy.parameters else f"is expected to {verb}"
