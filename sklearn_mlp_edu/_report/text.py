"""A report as plain text, of at most 80 columns."""

from textwrap import fill, shorten

import numpy as np

from .estimates import Estimate, interval

WIDTH = 80
INDENT = 16
LONGEST = 240  # characters of an estimator


def as_text(report):
    """Return the whole report."""
    lines = ["Overfitting report", "=" * 18, ""]
    lines += _facts(report)
    lines += ["", *_entry("verdict", f"{report.verdict.upper()}. {report.reason}")]
    lines += _entry("recommended", report.recommendation)
    lines += ["", *_scores(report), *_others(report), *_classes(report)]
    lines += ["", *_remedies(report)]
    skipped = [r for r in report.remedies.values() if r.skipped]
    if skipped:
        lines += ["", "Skipped"]
        for remedy in skipped:
            lines += _entry("", f"{remedy.name}: {remedy.skipped}", indent=2)
    if report.notes:
        lines += ["", "Notes"]
        for note in report.notes:
            lines += _entry("", note, indent=2)
    return "\n".join(line.rstrip() for line in lines)


def data_line(report):
    """Describe the data in one line."""
    data = report.data
    parts = [f"{data['n_samples']:,} examples"]
    if data["n_features"] is not None:
        parts.append(f"{data['n_features']:,} features")
    if "classes" in data:
        parts.append(f"{len(data['classes'])} classes")
    return f"{', '.join(parts)}; {data['n_folds']} folds"


def class_line(report, limit=10):
    """Name the classes with their counts, the first ones if there are many."""
    classes = report.data.get("classes", {})
    named = [f"{name} ({count:,})" for name, count in [*classes.items()][:limit]]
    if len(classes) > limit:
        named.append(f"and {len(classes) - limit} more")
    return ", ".join(named)


def _facts(report):
    lines = _entry("data", data_line(report))
    if report.data.get("classes"):
        lines += _entry("classes", class_line(report))
    lines += _entry(
        "estimator", shorten(report.data["estimator"], LONGEST, placeholder=" …")
    )
    return lines + _entry("scoring", report.data["scoring"])


def _entry(name, text, indent=INDENT):
    """Write ``name`` and behind it ``text``, in as many lines as it takes."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return fill(
        text,
        WIDTH,
        initial_indent=name.ljust(indent),
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    ).splitlines()


def _scores(report):
    lines = [f"{'score':<{INDENT}}{'mean':>7}{'std':>8}   over the folds"]
    for name, value in score_rows(report):
        line = f"{name:<{INDENT}}{value.mean:>7.3f}"
        if np.isfinite(value.std):
            line += f"{value.std:>8.3f}   {interval(value)}"
        lines.append(line)
    return lines


def _others(report):
    """Show other scores of the same predictions, those of guessing beside them."""
    if not report.other_scores:
        return []
    lines = ["", f"{'other scores':<{INDENT + 4}}{'test':>7}{'guessing':>10}"]
    for name, (test, guessing) in report.other_scores.items():
        lines.append(
            f"{name:<{INDENT + 4}}{test.mean:>7.3f}{guessing.mean:>10.3f}   "
            f"{interval(test)}"
        )
    return lines


def _classes(report, limit=10):
    """Show recall and precision by class, the lowest first if there are many."""
    results = shown_classes(report, limit)
    if not results:
        return []
    lines = ["", f"{'class':<{INDENT + 4}}{'rows':>7}{'recall':>8}{'precision':>11}"]
    for result in results:
        name = _entry("", result.name)[0].strip()[: INDENT + 2]
        precision = "–" if np.isnan(result.precision) else f"{result.precision:.3f}"
        lines.append(
            f"{name:<{INDENT + 4}}{result.n_rows:>7,}{result.recall:>8.3f}"
            f"{precision:>11}"
        )
    left = len(report.class_results) - len(results)
    return lines + ([f"and {left} more, of higher recall"] if left else [])


def shown_classes(report, limit):
    """Return the results of the classes, of many those of the lowest recall."""
    results = report.class_results
    if len(results) <= limit:
        return results
    return sorted(results, key=lambda result: result.recall)[:limit]


def score_rows(report):
    """Return the scores that every form of the report shows: pairs of name and value.

    A perfect score has no uncertainty: its other numbers are nan.
    """
    nothing = {"std": np.nan, "low": np.nan, "high": np.nan, "values": None}
    perfect = report.perfect_score
    rows = [
        ("train", report.train_score),
        ("test", report.test_score),
        ("gap", report.gap),
        ("guessing", report.chance_score),
        ("perfect", None if perfect is None else Estimate(mean=perfect, **nothing)),
        ("train log loss", report.train_loss),
        ("test log loss", report.test_loss),
        ("its guessing", report.chance_loss),
    ]
    return [(name, value) for name, value in rows if value is not None]


def _remedies(report):
    change = "change of test score"
    lines = [
        f"{'remedy':<21}{'train':>7}{'test':>7}{'gap':>7}   {change:<26}  helps",
    ]
    for remedy in report.remedies.values():
        if remedy.skipped:
            continue
        values = (remedy.train_score, remedy.test_score, remedy.gap)
        numbers = "".join(f"{value.mean:>7.3f}" for value in values)
        helps = "yes" if remedy.helps else "no"
        lines.append(
            f"{remedy.name:<21}{numbers}   {change_text(remedy.test_change):<26}"
            f"  {helps}"
        )
        lines += _entry("", remedy.setting, indent=2)
        others = [("change of balanced accuracy", remedy.balanced_change)]
        others.append(("change of log loss", remedy.loss_change))
        others.append(("change of gap", remedy.gap_change))
        for name, value in others:
            if value is not None:
                lines.append(f"{name:>42}   {change_text(value)}")
        lines += _entry("", f"{helps}: {remedy.why}", indent=2)
        if remedy.edge:
            lines += _entry("", f"{remedy.setting}: {remedy.edge}", indent=2)
    return lines


def change_text(value):
    """Write a change with its interval."""
    return f"{value.mean:+.3f} [{value.low:+.3f}, {value.high:+.3f}]"
