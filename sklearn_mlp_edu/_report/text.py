"""A report as plain text, of at most 80 columns."""

from textwrap import fill, shorten

import numpy as np

from .digits import Digits, digits_of
from .estimates import Estimate
from .residuals import MOST_TOLD, residuals_of, target_lines

WIDTH = 80
INDENT = 16
LONGEST = 240  # characters of an estimator


def as_text(report):
    """Return the whole report."""
    lines = ["Overfitting report", "=" * 18, ""]
    lines += _facts(report)
    lines += ["", *_entry("verdict", f"{report.verdict.upper()}. {report.reason}")]
    lines += _entry("recommended", report.recommendation)
    lines += ["", *_scores(report), *_others(report)]
    lines += [*_classes(report), *_misses(report)]
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
    for line in target_lines(report):
        lines += _entry("target", line)
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
    rows = score_rows(report)
    width = max(len(name) for name, *_ in rows) + 2
    width = max(width, INDENT)
    lines = [f"{'score':<{width}}{'mean':>9}{'std':>9}   over the folds"]
    for name, value, told in rows:
        line = f"{name:<{width}}{told(value.mean):>9}"
        if np.isfinite(value.std):
            line += f"{told(value.std):>9}   {told.interval(value)}"
        lines.append(line)
    return lines


def _others(report):
    """Show other scores of the same predictions, those of guessing beside them."""
    if not report.other_scores:
        return []
    width = max(INDENT + 4, *(len(name) + 2 for name in report.other_scores))
    lines = ["", f"{'other scores':<{width}}{'test':>9}{'guessing':>11}"]
    for name, (test, guessing) in report.other_scores.items():
        told = Digits.of(test, guessing)
        lines.append(
            f"{name:<{width}}{told(test.mean):>9}{told(guessing.mean):>11}   "
            f"{told.interval(test)}"
        )
    return lines


def _misses(report):
    """Say by how much predictions of numbers missed."""
    lines = []
    for one in residuals_of(report)[:MOST_TOLD]:
        name = f"{one.name}: " if one.name else ""
        lines += _entry("misses", f"{name}{one.misses_told}")
    return ["", *lines] if lines else []


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
    """Return what every form of the report shows of scores: name, value, `Digits`.

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
    ]
    loss, told = report.data["loss"], digits_of(report)
    losses = [
        (f"train {loss}", report.train_loss),
        (f"test {loss}", report.test_loss),
        ("its guessing", report.chance_loss),
    ]
    rows = [(*row, told) for row in rows] + [(*row, Digits(1)) for row in losses]
    return [row for row in rows if row[1] is not None]


def _remedies(report):
    measured = [r for r in report.remedies.values() if not r.skipped]
    told, change = digits_of(report), "change of test score"
    rows = [
        [told(v.mean) for v in (r.train_score, r.test_score, r.gap)] for r in measured
    ]
    width = max([6, *(len(number) for row in rows for number in row)]) + 1
    narrow = width == 7  # else the change has a line of its own
    head = "".join(f"{name:>{width}}" for name in ("train", "test", "gap"))
    lines = [f"{'remedy':<21}{head}   {f'{change:<26}  ' if narrow else ''}helps"]
    for remedy, row in zip(measured, rows, strict=True):
        helps = "yes" if remedy.helps else "no"
        name = remedy.name
        if len(name) > 20:
            lines, name = [*lines, name], ""
        line = f"{name:<21}{''.join(f'{number:>{width}}' for number in row)}   "
        if narrow:
            line += f"{told.change(remedy.test_change):<26}  "
        lines += [line + helps, *_entry("", remedy.setting, indent=2)]
        changes = [] if narrow else [(change, remedy.test_change, told)]
        for name, value, digits in changes + _other_changes(remedy, report):
            lines.append(f"{name:>42}   {digits.change(value)}")
        lines += _entry("", f"{helps}: {remedy.why}", indent=2)
        if remedy.edge:
            lines += _entry("", f"{remedy.setting}: {remedy.edge}", indent=2)
    return lines


def _other_changes(remedy, report):
    """Return what else a remedy changes: name, `Estimate`, `Digits`."""
    changes = (
        ("change of balanced accuracy", remedy.balanced_change, Digits(1)),
        (f"change of {report.data['loss']}", remedy.loss_change, Digits(1)),
        ("change of gap", remedy.gap_change, digits_of(report)),
    )
    return [change for change in changes if change[1] is not None]
