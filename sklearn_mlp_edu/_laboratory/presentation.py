"""A trace as a table, for a terminal and for a notebook."""

import re
from html import escape

import numpy as np

DIGITS = 4
N_SHOWN = 2  # rows and columns at either end of an array with more than `LARGEST`
LARGEST = 5
STYLE = "text-align: left; vertical-align: top"


def as_text(trace):
    """Return the trace as aligned columns."""
    cells = [("equation", "quantity", "shape", "value")]
    for row in trace.rows:
        cells.append(
            (_number(row), _equation(row), _shape(row.value), _text(row.value))
        )
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    lines = [trace.title, trace.settings, trace.parameters, ""]
    section = None
    for row, (*columns, value) in zip([None, *trace.rows], cells, strict=True):
        if row is not None and row.section != section:
            section = row.section
            lines += ["", section]
        head = "  ".join(c.ljust(w) for c, w in zip(columns, widths, strict=True))
        first, *others = value.splitlines()
        lines.append(f"{head}  {first}".rstrip())
        lines += [" " * (len(head) + 2) + line for line in others]
    return "\n".join(lines)


def as_html(trace):
    """Return the trace as a table, its formulas set as the lecture sets them."""
    parts = [f"<p><b>{escape(trace.title)}</b>, {_set(trace.settings)}<br>"]
    parts.append(f"{escape(trace.parameters)}</p>")
    parts.append('<div style="overflow-x: auto"><table>')
    titles = ("equation", "quantity", "shape", "value")
    parts.append("<tr>" + "".join(f"<th>{title}</th>" for title in titles) + "</tr>")
    section = None
    for row in trace.rows:
        if row.section != section:
            section = row.section
            parts.append(f'<tr><th colspan="4" style="{STYLE}">{section}</th></tr>')
        cells = (
            escape(_number(row)),
            _set(_equation(row)),
            _shape(row.value),
            f"<pre>{escape(_text(row.value))}</pre>",
        )
        parts.append("<tr>")
        parts += [f'<td style="{STYLE}">{cell}</td>' for cell in cells]
        parts.append("</tr>")
    return "".join([*parts, "</table></div>"])


def _number(row):
    return f"({row.equation})" if row.equation[:1] == "3" else row.equation


def _equation(row):
    """Return a quantity's symbol and what it is equal to."""
    if not row.formula:
        return row.symbol
    sign = "" if row.symbol.endswith("←") else " ="
    return f"{row.symbol}{sign} {row.formula}"


def _shape(value):
    return " × ".join(map(str, np.shape(value))) or "number"


def _text(value):
    """Return a number, or an array; one column as a row, marked ᵀ."""
    if np.ndim(value) == 0:
        return _digits(value)
    if value.shape[1] == 1 and value.size > 1:
        return f"{_text(value.T)}ᵀ"
    rows = [[_digits(v) for v in row] for row in _ends(value)]
    rows = [_with_gap(row, value.shape[1], "…") for row in rows]
    rows = _with_gap(rows, len(value), ["…"] * len(rows[0]))
    width = max(len(cell) for row in rows for cell in row)
    return "\n".join(f"[{'  '.join(c.rjust(width) for c in row)}]" for row in rows)


def _ends(value):
    """Return the corners of a large array."""
    for axis, size in enumerate(value.shape):
        if size > LARGEST:
            value = value.take([*range(N_SHOWN), *range(size - N_SHOWN, size)], axis)
    return value


def _with_gap(items, size, gap):
    """Put ``gap`` in the middle of items that are the ends of ``size`` of them."""
    if size == len(items):
        return items
    return [*items[:N_SHOWN], gap, *items[N_SHOWN:]]


def _digits(number):
    return f"{number + 0.0:.{DIGITS}g}"  # no minus before 0


def _set(text):
    """Return a formula as HTML: layers as superscripts, names of v and J below."""
    text = re.sub(r"\[(\d+)\]", r"<sup>[\1]</sup>", escape(text))
    return re.sub(r"_(dW|db|L2)", r"<sub>\1</sub>", text)
