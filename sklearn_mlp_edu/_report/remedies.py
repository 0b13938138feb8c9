"""One remedy, and what it was found to do."""

from dataclasses import dataclass, field
from typing import Any

from .._arithmetic import public
from .estimates import Estimate

AGAINST_OVERFITTING = "overfitting"
AGAINST_UNDERFITTING = "underfitting"
AGAINST_IMBALANCE = "rare classes"


@public
@dataclass(frozen=True)
class Remedy:
    """One remedy, and its measured effect.

    Attributes
    ----------
    name : str
        For instance ``"regularisation"``.
    against : {"overfitting", "underfitting", "rare classes"}
        What it is a remedy for.
    setting : str
        What was changed, in words: ``"alpha=0.1"``.
    parameters : dict
        The same for ``estimator.set_params(**parameters)``; empty where nothing about
        the estimator changes, or another takes its place.
    estimator : estimator or None
        What takes the place of the estimator, not fitted; None where it stays.
    train_score, test_score, gap : Estimate or None
        Scores with the remedy. For more data they are a forecast.
    test_change, gap_change : Estimate or None
        Differences to the estimator as it is, paired over folds.
    test_loss, loss_change : Estimate or None
        Loss with the remedy, and its difference to the estimator as it is: less is
        better. See `OverfittingReport` for which loss it is, and where it is None.
    balanced_change : Estimate or None
        Change of the balanced accuracy, by which a remedy for rare classes is judged;
        None for others.
    p_value : float
        How often chance alone would make any of the page's remedies look as good, were
        none of any use.
    beats_guessing : bool
        Whether score or loss with the remedy are better than those of guessing, and
        something on the page clearly is.
    helps : bool
        Whether the gain is beyond the noise, with all remedies of the page allowed for,
        and the remedy beats guessing.
    why : str
        What the decision rests on, in words.
    edge : str
        What would be next, where the setting is the last that was tried; else empty.
    narrows_gap : bool
        Whether the interval of the change in the gap lies below 0.
    skipped : str
        Why it was not measured; empty if it was.
    """

    name: str
    against: str
    setting: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    train_score: Estimate | None = None
    test_score: Estimate | None = None
    gap: Estimate | None = None
    test_change: Estimate | None = None
    gap_change: Estimate | None = None
    test_loss: Estimate | None = None
    loss_change: Estimate | None = None
    balanced_change: Estimate | None = None
    p_value: float = 1.0
    beats_guessing: bool = True
    helps: bool = False
    why: str = ""
    edge: str = ""
    narrows_gap: bool = False
    skipped: str = ""
    estimator: Any = None

    @property
    def is_forecast(self) -> bool:
        """Whether scores are expected, not measured."""
        return not self.parameters and self.estimator is None
