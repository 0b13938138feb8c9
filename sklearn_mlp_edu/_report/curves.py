"""The pictures of a report as numbers, for whatever draws them."""

from typing import NamedTuple

import numpy as np


class Curve(NamedTuple):
    """Train and test scores over settings, the estimator's own among them."""

    title: str
    x_label: str
    x: np.ndarray  # (n_points,)
    tick_labels: list[str]
    own: int  # which point is the estimator as it is
    train: np.ndarray  # (n_points, n_folds)
    test: np.ndarray  # (n_points, n_folds)
    scoring: str
    chance: float | None  # score of guessing

    def describe(self, told):
        """Say in words what the picture shows, with the digits of its report."""
        points = [
            f"{label}: train {told(train)}, test {told(test)}"
            for label, train, test in zip(
                self.tick_labels,
                self.train.mean(axis=1),
                self.test.mean(axis=1),
                strict=True,
            )
        ]
        return f"{self.title}. Scores by {self.x_label}: {'; '.join(points)}."


class Bar(NamedTuple):
    """Train and test score with one remedy."""

    label: str
    setting: str
    train: float
    test: float
    helps: bool


def bars_of(report):
    """Return a `Bar` for the estimator as it is and for each measured remedy."""
    bars = [Bar("as it is", "", report.train_score.mean, report.test_score.mean, False)]
    for remedy in report.remedies.values():
        if not remedy.skipped:
            bars.append(
                Bar(
                    remedy.name,
                    remedy.setting,
                    remedy.train_score.mean,
                    remedy.test_score.mean,
                    remedy.helps,
                )
            )
    return bars


def describe_bars(bars, told):
    """Say in words what the picture of the gaps shows."""
    rows = [
        f"{bar.label}: train {told(bar.train)}, test {told(bar.test)}, "
        f"gap {told(bar.train - bar.test)}"
        for bar in bars
    ]
    return f"The gap with each remedy. {'; '.join(rows)}."


MOST_CLASSES = 12  # that a picture of them shows
LONGEST_NAME = 14


def confusion_names(report):
    """Return the names of the classes for a picture; none if there are too many."""
    results = report.class_results
    if not 2 <= len(results) <= MOST_CLASSES:
        return []
    names = ["".join(c if c.isprintable() else " " for c in r.name) for r in results]
    return [n if len(n) <= LONGEST_NAME else f"{n[: LONGEST_NAME - 1]}…" for n in names]


def describe_confusion(report):
    """Say in words what the picture of the classes shows."""
    parts = [
        f"{result.name}: {result.recall:.0%} of {result.n_rows} rows right"
        for result in report.class_results
    ]
    return f"What each class was taken for. {'; '.join(parts)}."


def curves_of(report):
    """Return the curves that a report has."""
    candidates = (
        _learning_curve(report),
        _path(report, "alpha", report.regularization_path_, "Regularisation"),
        _path(report, "dropout", report.dropout_path_, "Dropout"),
        _size_curve(report),
    )
    return [curve for curve in candidates if curve is not None and len(curve.x) > 1]


def _learning_curve(report):
    curve = report.learning_curve_
    if curve is None:
        return None
    sizes = curve["train_sizes"]
    return _curve(
        report,
        "More data",
        "training examples",
        np.log2(sizes),
        [f"{size:,}" for size in sizes],
        len(sizes) - 1,
        curve,
    )


def _path(report, name, path, title):
    if path is None:
        return None
    values = path[name]
    labels = [f"{value:g}" for value in values]
    own = int(np.flatnonzero(values == report.data[name])[0])
    return _curve(report, title, name, np.arange(len(values)), labels, own, path)


def _size_curve(report):
    curve = report.size_curve_
    if curve is None:
        return None
    sizes = curve["hidden_layer_sizes"]
    labels = ["-".join(map(str, layers)) or "none" for layers in sizes]
    own = sizes.index(report.data["hidden_layer_sizes"])
    return _curve(
        report,
        "Size of the network",
        "hidden layers",
        np.arange(len(sizes)),
        labels,
        own,
        curve,
    )


def _curve(report, title, x_label, x, labels, own, scores):
    """Leave out points at which training failed."""
    train, test = scores["train_scores"], scores["test_scores"]
    scoring = scores.get("scoring", report.data["scoring"])  # a path may have its own
    known = report.chance_score is not None and scoring == report.data["scoring"]
    kept = np.flatnonzero(
        np.isfinite(train).all(axis=1) & np.isfinite(test).all(axis=1)
    )
    return Curve(
        title,
        x_label,
        np.asarray(x, dtype=float)[kept],
        [labels[i] for i in kept],
        int(np.searchsorted(kept, own)),
        train[kept],
        test[kept],
        scoring,
        report.chance_score.mean if known else None,
    )
