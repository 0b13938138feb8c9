"""`OverfittingReport`: what a diagnosis found, as numbers, text, table and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._arithmetic import public, required
from .classes import ClassResult
from .estimates import Estimate
from .remedies import Remedy
from .suspects import Suspect


@public
@dataclass(frozen=True, repr=False)
class OverfittingReport:
    """What `diagnose_overfitting` found.

    Printing it shows a plain text of at most 80 columns; a notebook shows it as a page.

    Attributes
    ----------
    verdict : {"overfitting", "underfitting", "balanced", "suspect"}
        The rule is in the docstring of `diagnose_overfitting`.
    reason : str
        The sentence that gives the verdict's evidence.
    recommendation : str
        What to do, in one sentence; says so when nothing that was tried helps.
    train_score, test_score, gap : Estimate
        Scores of the estimator as it is, and their difference, over the folds.
    chance_score : Estimate or None
        Score of guessing, None where the scorer cannot score it.
    perfect_score : float or None
        Score of right answers only, None where the scorer cannot score it.
    remedies : dict of str to Remedy
        Every remedy by name, measured or skipped.
    data : dict
        What was diagnosed: estimator, scoring, n_samples, n_features, n_folds,
        feature_names, ``task`` ("classification" or "regression"), ``loss``, and for
        classifiers the classes with their counts, for regressors ``targets``, a dict
        each of name, low, high, mean, std.
    notes : list of str
        Warnings that the fits gave, and how many of them did; copies of rows.
    suspects : list of Suspect
        Reasons not to trust the scores; where there are any, the verdict is
        ``"suspect"``.
    other_scores : dict of str to tuple of Estimate
        ``(test, guessing)`` for accuracy, balanced accuracy, average precision (of the
        rarer of two classes) and ROC AUC; of numbers for the mean absolute error and
        the root mean squared error, in the target's unit, and R². Empty where rows have
        several labels.
    class_results : list of ClassResult
        Recall and precision of each class, on rows not trained on.
    confusion_ : ndarray of shape (n_classes, n_classes), or None
        How many rows of each class (first axis) were taken for which.
    out_of_fold_ : dict of str to ndarray, or None
        For numbers ``actual`` and ``predicted`` of the rows not trained on, of shape
        (n_tested,) or (n_tested, n_targets), and ``row``, which they are. None for
        classes.
    train_loss, test_loss, chance_loss : Estimate or None
        Loss of the estimator as it is, on rows that it was trained on and on others,
        and that of guessing by the shares of the classes or the mean: the log loss, or
        for numbers the squared error in units of the target's variance. None where
        there are no probabilities, and where numbers are scored by something that does
        not go by squared errors.
    columns : list of dict
        Of a table that the command line read: for each ``column`` what it was
        ``read as``, and how many cells are ``missing``. Empty for arrays.
    provenance : dict
        Where the report comes from: ``date``, ``call``, ``estimator``, ``versions``,
        ``data`` (shapes and SHA-256), ``seeds``. The call with the same data gives the
        same numbers.
    learning_curve_ : dict of str to ndarray
        ``train_sizes`` (n_sizes,), ``train_scores`` and ``test_scores``
        (n_sizes, n_folds).
    regularization_path_ : dict of str to ndarray, or None
        ``alpha`` (n_alphas,), the estimator's own among them, and scores
        (n_alphas, n_folds); nan where training failed. Of a fitted network that has
        chosen its strength it is that choice, by the score ``scoring`` on its folds.
    dropout_path_ : dict of str to ndarray, or None
        The same for ``dropout``.
    size_curve_ : dict, or None
        ``hidden_layer_sizes``, a list of tuples from small to large, the estimator's
        own among them, and scores (n_networks, n_folds).

    See Also
    --------
    diagnose_overfitting : Makes it, and has an example.
    """

    verdict: str
    reason: str
    recommendation: str
    train_score: Estimate
    test_score: Estimate
    gap: Estimate
    chance_score: Estimate | None
    perfect_score: float | None
    remedies: dict[str, Remedy]
    data: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    other_scores: dict[str, tuple] = field(default_factory=dict)
    class_results: list[ClassResult] = field(default_factory=list)
    confusion_: np.ndarray | None = None
    out_of_fold_: dict[str, np.ndarray] | None = None
    train_loss: Estimate | None = None
    test_loss: Estimate | None = None
    chance_loss: Estimate | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)
    learning_curve_: dict[str, Any] | None = None
    regularization_path_: dict[str, Any] | None = None
    dropout_path_: dict[str, Any] | None = None
    size_curve_: dict[str, Any] | None = None

    def __str__(self) -> str:
        """Return the report as plain text, aligned, of at most 80 columns."""
        from .text import as_text

        return as_text(self)

    def __repr__(self):
        scores = (
            f"{name.removesuffix('_score')} {getattr(self, name)}"
            for name in ("train_score", "test_score", "gap")
        )
        return f"<OverfittingReport: {self.verdict}; {', '.join(scores)}>"

    def _repr_html_(self):
        from .html import as_fragment

        return as_fragment(self)

    def to_html(self, path: str | Path, *, title: str = "Overfitting report") -> Path:
        """Write the report as one HTML page that needs nothing else.

        Parameters
        ----------
        path : str or Path
            File to write; one that is there is replaced.
        title : str, default="Overfitting report"
            Heading of the page.

        Returns
        -------
        path : Path
            The file.

        Raises
        ------
        OSError
            If the file cannot be written.

        Notes
        -----
        The page holds its own style and draws its pictures as SVG, with a description
        of each for screen readers. It makes no request, follows the reader's choice of
        light or dark, fits a phone, and prints on paper.
        """
        from .html import as_page

        path = Path(path)
        path.write_text(as_page(self, title), encoding="utf-8")
        return path

    def to_frame(self):
        """Return a table with a row for the estimator as it is and for each remedy.

        Returns
        -------
        frame : pandas.DataFrame
            Indexed by ``remedy``; columns ``setting``, ``train_score``, ``test_score``,
            ``gap``, ``test_change``, ``test_change_low``, ``test_change_high``, the
            same three for ``loss_change`` and ``gap_change``, ``p_value``, ``helps``,
            ``why``, ``narrows_gap``, ``skipped``.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        pandas = required("pandas", "OverfittingReport.to_frame")
        as_is = Remedy(
            "none, as it is",
            "",
            train_score=self.train_score,
            test_score=self.test_score,
            gap=self.gap,
        )
        rows = map(_row, (as_is, *self.remedies.values()))
        return pandas.DataFrame(rows).set_index("remedy")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as dicts, lists, numbers and strings, ready for JSON.

        Returns
        -------
        values : dict
            The attributes by name; what is not a number is None.
        """
        return _plain(self)

    def plot(self, figure=None):
        """Draw the gap, the curves of the remedies, and classes or residuals.

        Residuals are drawn by scikit-learn's `PredictionErrorDisplay`.

        Parameters
        ----------
        figure : matplotlib Figure, default=None
            Where to draw; None makes a new figure with pyplot.

        Returns
        -------
        figure : matplotlib Figure

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        from .figure import draw

        return draw(self, figure)


def _row(remedy):
    row = {"remedy": remedy.name, "setting": remedy.setting}
    for name in ("train_score", "test_score", "gap"):
        value = getattr(remedy, name)
        row[name] = np.nan if value is None else value.mean
    for name in ("test_change", "loss_change", "gap_change"):
        value = getattr(remedy, name)
        for suffix, part in (("", "mean"), ("_low", "low"), ("_high", "high")):
            row[name + suffix] = np.nan if value is None else getattr(value, part)
    rest = ("p_value", "helps", "why", "narrows_gap", "skipped")
    return row | {name: getattr(remedy, name) for name in rest}


def _plain(value):
    """Turn what a report holds into what JSON knows."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Estimate | Suspect | ClassResult):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
