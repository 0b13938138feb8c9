"""A report as HTML: a page of its own, or a fragment for a notebook.

All that comes from the user goes through `html.escape`. The page holds its style and
pictures, and a policy that forbids browsers to load anything.
"""

from html import escape

import numpy as np

from .svg import pictures
from .text import change_text, class_line, data_line, score_rows

STYLE = """
.mlp-report {
  --paper: #ffffff; --ink: #1c2024; --faint: #5b646d; --rule: #d5dadf;
  --train: #0072b2; --test: #c04f00; --gap: #c9d0d7; --accent: #0b6e4f;
  background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", sans-serif; font-size: 16px;
  margin: 0 auto; padding: 1.2rem; max-width: 76rem; box-sizing: border-box;
  overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  .mlp-report {
    --paper: #15191d; --ink: #e8ebee; --faint: #a3adb7; --rule: #3a424a;
    --train: #56b4e9; --test: #f0a04b; --gap: #49535d; --accent: #62d2a2;
  }
}
.mlp-report h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
.mlp-report h2 { font-size: 1.2rem; margin: 1.8rem 0 .5rem; }
.mlp-report p { margin: .3rem 0; max-width: 48rem; }
.mlp-report .faint { color: var(--faint); }
.mlp-report .verdict {
  border-left: .4rem solid var(--test); padding: .2rem 0 .2rem 1rem; margin: 1rem 0;
}
.mlp-report .verdict.balanced { border-color: var(--accent); }
.mlp-report .verdict b { font-size: 1.3rem; text-transform: capitalize; }
.mlp-report .pictures {
  display: grid; gap: 1rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
}
.mlp-report svg { width: 100%; max-width: 34rem; height: auto; display: block; }
.mlp-report svg text { fill: var(--ink); font-size: 11px; font-family: inherit; }
.mlp-report svg .heading { font-size: 13px; font-weight: 600; }
.mlp-report svg .grid { stroke: var(--rule); stroke-width: .7; }
.mlp-report svg .chance { stroke: var(--faint); stroke-width: 1.5; }
.mlp-report svg .own { stroke: var(--faint); stroke-dasharray: 2 3; }
.mlp-report svg .gap { fill: var(--gap); }
.mlp-report svg .mark { stroke: var(--paper); stroke-width: 1; }
.mlp-report svg .mark.train { fill: var(--train); }
.mlp-report svg .mark.test { fill: var(--test); }
.mlp-report svg .line { fill: none; stroke-width: 2; }
.mlp-report svg .line.train { stroke: var(--train); }
.mlp-report svg .line.test { stroke: var(--test); stroke-dasharray: 6 4; }
.mlp-report svg .band { stroke: none; opacity: .16; }
.mlp-report svg .band.train { fill: var(--train); }
.mlp-report svg .band.test { fill: var(--test); }
.mlp-report table {
  border-collapse: collapse; width: 100%; background: none; font-size: .95rem;
  color: inherit; table-layout: auto;
}
.mlp-report tr { background: none; }
.mlp-report th, .mlp-report td {
  text-align: left; padding: .35rem .7rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid var(--rule); font-variant-numeric: tabular-nums;
  overflow-wrap: break-word;
}
.mlp-report td.yes { color: var(--accent); font-weight: 700; }
.mlp-report dl {
  display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem;
}
.mlp-report dt { color: var(--faint); }
.mlp-report dd { margin: 0; }
@media (max-width: 45rem) {
  .mlp-report thead { position: absolute; left: -999rem; }
  .mlp-report tr {
    display: block; padding: .5rem 0; border-bottom: 1px solid var(--rule);
  }
  .mlp-report th, .mlp-report td { display: flex; border: 0; padding: .1rem 0; }
  .mlp-report td::before {
    content: attr(data-name); color: var(--faint); flex: 0 0 9.5rem;
  }
}
@media print {
  .mlp-report {
    --paper: #ffffff; --ink: #000000; --faint: #444444; --rule: #bbbbbb;
    --train: #0072b2; --test: #c04f00; --gap: #cccccc; --accent: #000000;
    font-size: 11pt; padding: 0;
  }
  .mlp-report svg, .mlp-report tr, .mlp-report .verdict { break-inside: avoid; }
  .mlp-report h2 { break-after: avoid; }
}
""".strip()

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
body {{ margin: 0; background: #ffffff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #15191d; }} }}
@media print {{ body {{ background: #ffffff; }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def as_page(report, title):
    """Return the report as a whole HTML document."""
    return PAGE.format(title=escape(title), body=as_fragment(report, title, "main"))


def as_fragment(report, title="Overfitting report", element="div"):
    """Return the report as one element, with its style."""
    parts = [
        _verdict(report),
        _scores(report),
        "<h2>Pictures</h2>",
        f'<div class="pictures">{"".join(pictures(report))}</div>',
        _remedies(report),
        _list("Skipped", _skipped(report)),
        _facts(report),
        _list("Notes", report.notes),
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
            f"{value.mean:.3f}",
            f"{value.std:.3f}" if np.isfinite(value.std) else "",
            f"{value.low:.3f} to {value.high:.3f}" if np.isfinite(value.std) else "",
        )
        for name, value in score_rows(report)
    ]
    columns = ("score", "mean", "std over folds", "95 % interval")
    return f"<h2>Scores: {escape(report.data['scoring'])}</h2>{_table(columns, rows)}"


def _remedies(report):
    rows = []
    for remedy in report.remedies.values():
        if remedy.skipped:
            continue
        rows.append(
            (
                remedy.name,
                remedy.setting,
                f"{remedy.train_score.mean:.3f}",
                f"{remedy.test_score.mean:.3f}",
                f"{remedy.gap.mean:.3f}",
                change_text(remedy.test_change),
                "" if remedy.loss_change is None else change_text(remedy.loss_change),
                change_text(remedy.gap_change),
                "yes" if remedy.helps else "no",
                remedy.why,
            )
        )
    columns = (
        "remedy",
        "setting",
        "train",
        "test",
        "gap",
        "change of test score",
        "change of log loss",
        "change of gap",
        "helps",
        "because",
    )
    note = (
        '<p class="faint">In brackets: 95 % intervals. A remedy helps where the log '
        "loss falls or the score rises by more than chance among the rows would bring, "
        "the other does not get worse, and guessing is beaten. All remedies share an "
        "allowance of 5 % for false alarms. More data is a forecast from the learning "
        "curve.</p>"
    )
    return f"<h2>Remedies</h2>{_table(columns, rows, {'yes': 'yes'})}{note}"


def _skipped(report):
    return [f"{r.name}: {r.skipped}" for r in report.remedies.values() if r.skipped]


def _list(heading, entries):
    if not entries:
        return ""
    items = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f"<h2>{heading}</h2><ul>{items}</ul>"


def _facts(report, limit=20):
    facts = {"estimator": report.data["estimator"], "classes": class_line(report)}
    names = report.data["feature_names"]
    if names:
        more = f" and {len(names) - limit} more" if len(names) > limit else ""
        facts["features"] = ", ".join(names[:limit]) + more
    entries = "".join(
        f"<dt>{name}</dt><dd>{escape(text)}</dd>"
        for name, text in facts.items()
        if text
    )
    return f"<h2>What was diagnosed</h2><dl>{entries}</dl>"
