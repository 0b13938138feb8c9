"""A report as HTML: a page of its own, or a fragment for a notebook.

All that comes from the user goes through `html.escape`. The page holds its style and
pictures, and a policy that forbids browsers to load anything.
"""

from html import escape

import numpy as np

from .digits import Digits, digits_of
from .residuals import MOST_TOLD, residuals_of, target_lines
from .style import PAGE, STYLE
from .svg import pictures
from .text import class_line, data_line, score_rows, shown_classes
from .words import words

SHORT = 160  # characters of an estimator that need not be folded


def as_page(report, title):
    """Return the report as a whole HTML document."""
    return PAGE.format(title=escape(title), body=as_fragment(report, title, "main"))


def as_fragment(report, title="Overfitting report", element="div"):
    """Return the report as one element, with its style."""
    parts = [
        _verdict(report),
        _scores(report),
        _others(report),
        "<h2>Pictures</h2>",
        f'<div class="pictures">{"".join(pictures(report))}</div>',
        _remedies(report),
        _list("Skipped", _skipped(report)),
        _classes(report),
        _misses(report),
        _list("Notes", report.notes),
        _columns(report),
        _facts(report),
        _words(report),
        _provenance(report),
    ]
    return (
        f'<{element} class="mlp-report"><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1>"
        f'<p class="faint">{escape(data_line(report))}</p>'
        f"{''.join(parts)}</{element}>"
    )


def _verdict(report):
    return (
        f'<div class="verdict {escape(report.verdict)}">'
        f"<p><b>{escape(report.verdict)}</b></p>"
        f"<p>{escape(report.reason)}</p><p>{escape(report.recommendation)}</p></div>"
    )


def _table(columns, rows, classes=None):
    """Write a table; on a phone each cell shows its column's name instead."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = []
    for row in rows:
        first, *others = map(escape, row)
        cells = [f'<th scope="row">{first}</th>']
        for name, cell in zip(columns[1:], others, strict=True):
            style = f' class="{classes[cell]}"' if classes and cell in classes else ""
            cells.append(f'<td data-name="{escape(name)}"{style}>{cell}</td>')
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _scores(report):
    rows = [
        (
            name,
            told(value.mean),
            told(value.std) if np.isfinite(value.std) else "",
            f"{told(value.low)} to {told(value.high)}"
            if np.isfinite(value.std)
            else "",
        )
        for name, value, told in score_rows(report)
    ]
    columns = ("score", "mean", "std over folds", "95 % interval")
    return f"<h2>Scores: {escape(report.data['scoring'])}</h2>{_table(columns, rows)}"


def _others(report):
    if not report.other_scores:
        return ""
    rows = []
    for name, (test, guess) in report.other_scores.items():
        told = Digits.of(test, guess)
        ends = f"{told(test.low)} to {told(test.high)}"
        rows.append((name, told(test.mean), ends, told(guess.mean)))
    columns = ("other test scores", "mean", "95 % interval", "guessing")
    return _table(columns, rows)


def _classes(report, limit=50):
    results = shown_classes(report, limit)
    if not results:
        return ""
    rows = [
        (
            result.name,
            f"{result.n_rows:,}",
            f"{result.recall:.3f}",
            f"{result.low:.3f} to {result.high:.3f}",
            "–" if np.isnan(result.precision) else f"{result.precision:.3f}",
        )
        for result in results
    ]
    columns = ("class", "rows", "recall", "95 % interval", "precision")
    left = len(report.class_results) - len(results)
    more = f"<p>And {left} more classes, of higher recall.</p>" if left else ""
    return f"<h2>Classes</h2>{_table(columns, rows)}{more}"


def _misses(report):
    """Show by how much predictions of numbers missed."""
    rows = []
    for one in residuals_of(report)[:MOST_TOLD]:
        told = Digits(*one.misses)
        rows.append((one.name or "target", *map(told, one.misses)))
    if not rows:
        return ""
    columns = ("misses", "half of the rows, less than", "nine of ten", "the largest")
    return f"<h2>How far predictions missed</h2>{_table(columns, rows)}"


def _columns(report, limit=200):
    """Show how each column of a table was read, so that a wrong reading is noticed."""
    if not report.columns:
        return ""
    heads = ("column", "read as", "missing")
    rows = [(c["column"], c["read as"], f"{c['missing']:,}") for c in report.columns]
    left = len(rows) - limit
    more = f"<p>And {left:,} more; --columns shows all.</p>" if left > 0 else ""
    return f"<h2>Columns</h2>{_table(heads, rows[:limit])}{more}"


def _words(report):
    entries = "".join(
        f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>"
        for word, meaning in words(report).items()
    )
    return f"<h2>What the words mean</h2><dl>{entries}</dl>"


def _provenance(report):
    origin = report.provenance
    if not origin:
        return ""
    versions = ", ".join(f"{name} {v}" for name, v in origin["versions"].items())
    data = "; ".join(
        f"{name} of shape {tuple(part['shape'])}, SHA-256 {part['sha256']}"
        for name, part in origin["data"].items()
    )
    seeds = ", ".join(f"{name} {seed}" for name, seed in origin["seeds"].items())
    facts = {"date": origin["date"], "versions": versions, "data": data, "seeds": seeds}
    facts = {"call": origin["call"], **facts}
    if "command" in origin:
        facts = {"command": origin["command"], **facts}
    entries = "".join(
        f"<dt>{name}</dt><dd><code>{escape(text)}</code></dd>"
        for name, text in facts.items()
    )
    return f"<h2>To get it again</h2><dl>{entries}</dl>"


def _remedies(report):
    rows, told, loss = [], digits_of(report), report.data["loss"]
    for remedy in report.remedies.values():
        if remedy.skipped:
            continue
        rows.append(
            (
                remedy.name,
                remedy.setting,
                told(remedy.train_score.mean),
                told(remedy.test_score.mean),
                told(remedy.gap.mean),
                told.change(remedy.test_change),
                *_change_of_loss(remedy, loss),
                told.change(remedy.gap_change),
                "yes" if remedy.helps else "no",
                _because(remedy),
            )
        )
    columns = (
        "remedy",
        "setting",
        "train",
        "test",
        "gap",
        "change of test score",
        *([f"change of {loss}"] if loss else []),
        "change of gap",
        "helps",
        "because",
    )
    better = f"the {loss} falls or the score rises" if loss else "the score rises"
    note = (
        '<p class="faint">In brackets: 95 % intervals. A remedy helps where '
        f"{better} by more than chance among the rows would bring, "
        f"{'the other does not get worse, ' if loss else ''}and guessing is beaten. "
        "All remedies share an "
        "allowance of 5 % for false alarms. More data is a forecast from the learning "
        "curve.</p>"
    )
    return f"<h2>Remedies</h2>{_table(columns, rows, {'yes': 'yes'})}{note}"


def _change_of_loss(remedy, loss):
    """Return the cell for the change of the loss, none where there is no loss."""
    if not loss:
        return []
    change = remedy.loss_change
    return ["" if change is None else Digits(1).change(change)]


def _because(remedy):
    parts = [remedy.why, remedy.edge]
    if remedy.balanced_change is not None:
        change = Digits(1).change(remedy.balanced_change)
        parts.append(f"change of balanced accuracy {change}")
    return "; ".join(filter(None, parts))


def _skipped(report):
    return [f"{r.name}: {r.skipped}" for r in report.remedies.values() if r.skipped]


def _list(heading, entries):
    if not entries:
        return ""
    items = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f"<h2>{heading}</h2><ul>{items}</ul>"


def _facts(report, limit=20):
    facts = {"classes": class_line(report), "target": "; ".join(target_lines(report))}
    names = report.data["feature_names"]
    if names:
        more = f" and {len(names) - limit} more" if len(names) > limit else ""
        facts["features"] = ", ".join(names[:limit]) + more
    entries = "".join(
        f"<dt>{name}</dt><dd>{escape(text)}</dd>"
        for name, text in facts.items()
        if text
    )
    estimator = report.provenance.get("estimator", report.data["estimator"])
    return (
        f"<h2>What was diagnosed</h2><dl><dt>estimator</dt><dd>{_folded(estimator)}"
        f"</dd>{entries}</dl>"
    )


def _folded(text):
    """Show a long text on demand."""
    if len(text) <= SHORT:
        return f"<code>{escape(text)}</code>"
    return (
        f"<details><summary><code>{escape(text[:SHORT])} …</code></summary>"
        f"<code>{escape(text)}</code></details>"
    )
