"""A report as one matplotlib figure."""

import numpy as np

from .._arithmetic import required
from .curves import bars_of, confusion_names, curves_of
from .residuals import MOST_PICTURES, residuals_of

# Blue and vermilion of Okabe and Ito, told apart by readers of any colour vision; the
# shapes and dashes tell them apart without colour.
TRAIN = {"color": "#0072B2", "marker": "o", "linestyle": "-", "label": "train"}
TEST = {"color": "#D55E00", "marker": "s", "linestyle": "--", "label": "test"}


def draw(report, figure=None):
    """Draw the gap with each remedy and the report's curves; return the figure."""
    required("matplotlib", "OverfittingReport.plot")
    curves = curves_of(report)
    names, residuals = confusion_names(report), residuals_of(report)[:MOST_PICTURES]
    n_panels = 1 + len(curves) + bool(names) + len(residuals)
    n_rows = (n_panels + 1) // 2
    if figure is None:
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=(11, 3.8 * n_rows), layout="constrained")
    axes = figure.subplots(n_rows, 2, squeeze=False).ravel()
    _draw_bars(axes[0], bars_of(report), report)
    for ax, curve in zip(axes[1:], curves, strict=False):
        _draw_curve(ax, curve)
    if names:
        _draw_confusion(axes[n_panels - 1], names, report.confusion_)
    for ax, one in zip(axes[1 + len(curves) :], residuals, strict=False):
        _draw_residuals(ax, one)
    for ax in axes[n_panels:]:
        ax.set_axis_off()
    figure.suptitle(f"Verdict: {report.verdict}")
    return figure


def _draw_bars(ax, bars, report):
    rows = np.arange(len(bars))[::-1]
    train, test = (
        np.array([getattr(b, part) for b in bars]) for part in ("train", "test")
    )
    ax.barh(rows, train - test, left=test, height=0.45, color="0.85", label="gap")
    for scores, style in ((train, TRAIN), (test, TEST)):
        ax.plot(scores, rows, **{**style, "linestyle": ""})
    labels = [f"{b.label} (helps)" if b.helps else b.label for b in bars]
    ax.set_yticks(rows, labels)
    chance = report.chance_score
    _mark_chance(ax.axvline, None if chance is None else chance.mean)
    ax.set(xlabel=report.data["scoring"], title="The gap with each remedy")
    ax.margins(y=0.14)
    ax.legend(fontsize="small", ncols=4, loc="lower center")


def _draw_curve(ax, curve):
    for scores, style in ((curve.train, TRAIN), (curve.test, TEST)):
        mean, std = scores.mean(axis=1), scores.std(axis=1, ddof=1)
        ax.fill_between(
            curve.x, mean - std, mean + std, color=style["color"], alpha=0.15, lw=0
        )
        ax.plot(curve.x, mean, **style)
    ax.axvline(curve.x[curve.own], color="0.5", linestyle=":", label="as it is")
    _mark_chance(ax.axhline, curve.chance)
    ax.set_xticks(curve.x, curve.tick_labels, fontsize="small")
    ax.minorticks_off()
    ax.set(
        xlabel=f"{curve.x_label} (mean ± standard deviation of folds)",
        ylabel=curve.scoring,
        title=curve.title,
    )
    ax.legend(fontsize="small")


def _draw_confusion(ax, names, counts):
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    for i, j in np.ndindex(counts.shape):
        ax.text(j, i, f"{counts[i, j]:,}", ha="center", va="center", fontsize="small")
    places = np.arange(len(names))
    ax.set_xticks(places, _verbatim(names), rotation=30, fontsize="small")
    ax.set_yticks(places, _verbatim(names), fontsize="small")
    ax.set(xlabel="taken for", ylabel="class", title="What each class was taken for")


def _draw_residuals(ax, residuals):
    from sklearn.metrics import PredictionErrorDisplay

    predicted, missing = residuals.predicted, residuals.missing
    display = PredictionErrorDisplay(y_true=predicted + missing, y_pred=predicted)
    display.plot(ax=ax, scatter_kwargs={"alpha": 0.4, "s": 12})
    (name,) = _verbatim([residuals.name])
    ax.set(
        xlabel=f"predicted {name}".strip(),
        ylabel="actual less predicted",
        title="How far predictions missed",
    )


def _verbatim(names):
    """Keep matplotlib from reading formulas into names."""
    return [name.replace("$", r"\$") for name in names]


def _mark_chance(line, chance):
    if chance is not None:
        line(chance, color="0.5", lw=1, label="guessing")
