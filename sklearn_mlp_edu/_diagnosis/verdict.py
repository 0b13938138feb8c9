"""The rule behind the verdict, and the sentences that follow from the numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .._report import (
    AGAINST_IMBALANCE,
    AGAINST_OVERFITTING,
    AGAINST_UNDERFITTING,
    Digits,
    Estimate,
)
from .decision import FALSE_ALARMS

TOLERANCE = 0.1  # of the way from chance to a perfect score
LEAST_LOSS = 0.02  # of the loss of guessing; less is no reason for a verdict
SHOWN = 3  # suspects that the reason names
TOLD = Digits(1)  # of losses and shares


class Words(NamedTuple):
    """What is said differently of classes and of numbers."""

    by_heart: str = "it is sure of what it has learned by heart"
    too_close: str = "the network is surer than it should be"
    hopeless: str = "the features may not tell the classes apart"
    guessing: str = "guessing by the shares of the classes"


OF_NUMBERS = Words(
    "it has learned those by heart",
    "the network has learned more by heart than it should",
    "the features may tell nothing of the target",
    "guessing the mean of the target",
)


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
    loss_name: str = "log loss"
    words: Words = Words()

    @property
    def digits(self):
        """How many digits scores are told with."""
        chance = () if self.chance is None else (self.chance.mean,)
        return Digits(self.train.mean, self.test.mean, self.best, *chance)

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
    gap, size = evidence.gap, _size_of_gap(evidence)
    if gap.low <= 0:
        return "balanced", size + " is within the noise of the folds."
    return "balanced", f"{size}{_relative(evidence)}, less than {TOLERANCE:.0%}."


def _size_of_gap(evidence):
    gap, digits = evidence.gap, evidence.digits
    return f"The gap of {digits(gap.mean)} ({digits.interval(gap)})"


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
        f"On rows that it has not seen its {evidence.loss_name}, "
        f"{TOLD(evidence.test_loss.mean)}, is worse than the "
        f"{TOLD(evidence.chance_loss.mean)} of guessing, and on those that it was "
        f"trained on {TOLD(evidence.train_loss.mean)}: {evidence.words.by_heart}."
    )


def _underfitting(evidence, remedies):
    tolerated = TOLERANCE * evidence.scale
    train, test, gap = evidence.train, evidence.test, evidence.gap
    told = evidence.digits
    above = evidence.above_chance
    if above is not None and (above.low <= 0 or above.mean < tolerated):
        return "underfitting", (
            f"Even the training score, {told(train.mean)}, is not clearly above the "
            f"{told(evidence.chance.mean)} of guessing."
        )
    for remedy in _by_test_score(remedies, AGAINST_UNDERFITTING):
        gain = remedy.test_change
        learns_more = (remedy.train_score.values - train.values).mean() > 0
        if remedy.helps and learns_more and gain.mean >= max(gap.mean, tolerated):
            return "underfitting", (
                f"With {_what(remedy)} the training score rises from "
                f"{told(train.mean)} to {told(remedy.train_score.mean)}, and the test "
                f"score from {told(test.mean)} to {told(remedy.test_score.mean)}, by "
                f"more than the gap of {told(gap.mean)}."
            )
    return None


def _overfitting(evidence, remedies):
    gap = evidence.gap
    if gap.low > 0 and gap.mean >= TOLERANCE * evidence.scale:
        size = _size_of_gap(evidence)
        if not evidence.scale:
            return "overfitting", size + " is beyond the noise of the folds."
        return "overfitting", f"{size}{_relative(evidence)}."
    if evidence.loss_gap is None or evidence.loss_gap.low <= 0:
        return None
    least = LEAST_LOSS * evidence.chance_loss.mean
    for remedy in _by_test_score(remedies, AGAINST_OVERFITTING):
        if not remedy.helps or remedy.is_forecast or remedy.loss_change is None:
            continue
        if least <= min(-remedy.loss_change.mean, evidence.loss_gap.mean):
            return "overfitting", (
                f"The gap of {evidence.digits(gap.mean)} is small, but the "
                f"{evidence.loss_name} is {TOLD(evidence.train_loss.mean)} on rows "
                f"trained on and {TOLD(evidence.test_loss.mean)} on others, where "
                f"{_what(remedy)} brings it to {TOLD(remedy.test_loss.mean)}: "
                f"{evidence.words.too_close}."
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
                f"accuracy changes by {TOLD.signed(change.mean)} "
                f"({TOLD.interval(change)}), but the probabilities are no longer those "
                "of the classes."
            )
    return " ".join(sentences)


def _recommendation(verdict, evidence, remedies):
    if all(remedy.skipped for remedy in remedies):
        return "No remedy was measured; what was skipped says why."
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
            f"as it is, but what is left may be {evidence.words.guessing}."
        )
    if verdict == "underfitting":
        return f"{nothing}; {evidence.words.hopeless}."
    narrowing = [r for r in candidates if r.narrows_gap and r.test_change.high >= 0]
    narrowing.sort(key=lambda remedy: remedy.gap.mean)
    if not narrowing:
        return f"{nothing}, and none narrows the gap beyond it."
    remedy, told = narrowing[0], evidence.digits
    return (
        f"{nothing}; {_what(remedy)} narrows the gap from "
        f"{told(evidence.gap.mean)} to {told(remedy.gap.mean)} with a test score of "
        f"{told(remedy.test_score.mean)} in the place of {told(evidence.test.mean)}."
    )


SUSPECT = (
    "Find out whether all this is known, and new, when the network is used. Leave out "
    "columns that are not known then, and identifiers; keep copies of a row in one "
    "fold, with groups=; then diagnose again."
)


def _advice(remedy, evidence):
    gain, loss, told = remedy.test_change, remedy.loss_change, evidence.digits
    sentence = (
        f"Try {_what(remedy)}: it {_verb(remedy, gain.mean)} the test score from "
        f"{told(evidence.test.mean)} to {told(remedy.test_score.mean)} "
        f"({told.signed(gain.mean)}, {told.interval(gain)}), and brings the gap from "
        f"{told(evidence.gap.mean)} to {told(remedy.gap.mean)}"
    )
    if loss is not None and evidence.test_loss is not None:
        sentence += (
            f", the {evidence.loss_name} from {TOLD(evidence.test_loss.mean)} to "
            f"{TOLD(remedy.test_loss.mean)} ({TOLD.signed(loss.mean)}, "
            f"{TOLD.interval(loss)})"
        )
    return f"{sentence}. It is {remedy.edge}." if remedy.edge else f"{sentence}."


def _what(remedy):
    countable = remedy.name.endswith(("network", "rate"))
    return f"{'a ' if countable else ''}{remedy.name} ({remedy.setting})"


def _verb(remedy, gain):
    verb = "change" if round(gain, 3) <= 0 else "raise"
    return f"is expected to {verb}" if remedy.is_forecast else f"{verb}s"
