"""A report's pictures as SVG, drawn with the colours of the page around them.

Colours and dashes come from the page's style sheet by class name, so that a picture
follows light, dark and print. Lengths are in units of the picture's own coordinates.
"""

from html import escape

import numpy as np

from .curves import (
    bars_of,
    confusion_names,
    curves_of,
    describe_bars,
    describe_confusion,
)
from .digits import digits_of
from .residuals import MOST_PICTURES, frame, residuals_of

WIDTH, HEIGHT = 380, 262
LEFT, RIGHT, TOP, BOTTOM = 60, 12, 30, 56  # margins
ROW = 30  # height of a bar's row
N_TICKS = 5


def pictures(report):
    """Return the pictures of a report as SVG elements."""
    curves = [_curve(curve, report) for curve in curves_of(report)]
    residuals = [_residuals(one) for one in residuals_of(report)[:MOST_PICTURES]]
    return [_bars(bars_of(report), report), *curves, *_confusion(report), *residuals]


class Scale:
    """Maps values linearly to coordinates."""

    def __init__(self, low, high, start, stop):
        self.low, self.high = low, high
        self.start, self.stop = start, stop

    def __call__(self, value):
        """Return the coordinate of ``value``."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)

    def ticks(self):
        """Return round values within the range."""
        rough = (self.high - self.low) / N_TICKS
        power = 10 ** np.floor(np.log10(rough))
        step = next(f * power for f in (1, 2, 5, 10) if f * power >= rough * 0.999)
        first = np.ceil(self.low / step - 1e-9)
        count = int(np.floor(self.high / step + 1e-9) - first) + 1
        return [(first + i) * step for i in range(count)]


def _range(values, chance):
    """Return limits around ``values``, guessing included, with some room."""
    values = np.ravel(values)
    if chance is not None:
        values = np.append(values, chance)
    low, high = values.min(), values.max()
    room = 0.06 * (high - low) or 0.05
    return low - room, high + room


def _svg(title, description, height, parts):
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{escape(description)}">'
        f"{_text(WIDTH / 2, 16, title, 'heading', 'middle')}{''.join(parts)}</svg>"
    )


def _text(x, y, text, style="label", anchor="start"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _line(x1, y1, x2, y2, style):
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'class="{style}"/>'
    )


def _mark(x, y, part):
    """Draw a disc for a train score, a square for a test score."""
    if part == "train":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="mark train"/>'
    return (
        f'<rect x="{x - 3.6:.1f}" y="{y - 3.6:.1f}" width="7.2" height="7.2" '
        'class="mark test"/>'
    )


def _number(value):
    return f"{value:,.6g}"


def _legend(x, y, own=False):
    """Say what disc, square, solid and dotted line stand for."""
    parts = [
        _mark(x, y - 4, "train"),
        _text(x + 8, y, "train"),
        _mark(x + 52, y - 4, "test"),
        _text(x + 60, y, "test"),
        _line(x + 96, y - 4, x + 112, y - 4, "chance"),
        _text(x + 116, y, "guessing"),
    ]
    if own:
        parts += [_line(x + 176, y - 4, x + 192, y - 4, "own")]
        parts += [_text(x + 196, y, "as it is")]
    return "".join(parts)


def _bars(bars, report):
    longest = max(len(bar.label) + 2 for bar in bars)
    left, bottom = max(150, 14 + 5.6 * longest), 58
    height = TOP + ROW * len(bars) + bottom
    chance = None if report.chance_score is None else report.chance_score.mean
    low, high = _range([(bar.train, bar.test) for bar in bars], chance)
    x = Scale(low, high, left, WIDTH - RIGHT)
    floor = height - bottom
    parts = []
    for tick in x.ticks():
        parts.append(_line(x(tick), TOP, x(tick), floor, "grid"))
        parts.append(_text(x(tick), floor + 14, _number(tick), anchor="middle"))
    if chance is not None:
        at = x(chance)
        parts.append(_line(at, TOP, at, floor, "chance"))
    for row, bar in enumerate(bars):
        y = TOP + ROW * (row + 0.5)
        start, stop = sorted((x(bar.train), x(bar.test)))
        parts.append(
            f'<rect x="{start:.1f}" y="{y - 5:.1f}" width="{stop - start:.1f}" '
            'height="10" class="gap"/>'
        )
        parts += [_mark(x(bar.train), y, "train"), _mark(x(bar.test), y, "test")]
        name = f"{bar.label} ✓" if bar.helps else bar.label
        parts.append(_text(left - 8, y + 4, name, anchor="end"))
    middle = (left + WIDTH - RIGHT) / 2
    parts.append(_text(middle, floor + 30, report.data["scoring"], anchor="middle"))
    parts.append(_legend(left, height - 8))
    title = "The gap between train and test score"
    return _svg(title, describe_bars(bars, digits_of(report)), height, parts)


def _curve(curve, report):
    means = {"train": curve.train.mean(axis=1), "test": curve.test.mean(axis=1)}
    spreads = {part: getattr(curve, part).std(axis=1, ddof=1) for part in means}
    ends = [means[part] + sign * spreads[part] for part in means for sign in (-1, 1)]
    y = Scale(*_range(ends, curve.chance), HEIGHT - BOTTOM, TOP)
    x = Scale(curve.x[0], curve.x[-1], LEFT + 10, WIDTH - RIGHT - 12)
    parts = _frame(curve, x, y)
    for part, mean in means.items():
        xs, ys = x(curve.x), y(mean)
        upper, lower = y(mean + spreads[part]), y(mean - spreads[part])
        band = [*zip(xs, upper, strict=True), *zip(xs[::-1], lower[::-1], strict=True)]
        parts.append(f'<polygon points="{_points(band)}" class="band {part}"/>')
        line = _points(zip(xs, ys, strict=True))
        parts.append(f'<polyline points="{line}" class="line {part}"/>')
        parts += [_mark(*point, part) for point in zip(xs, ys, strict=True)]
    parts.append(_legend(LEFT + 10, HEIGHT - 4, own=True))
    title = f"{curve.title}: score by {curve.x_label}"
    return _svg(title, curve.describe(digits_of(report)), HEIGHT, parts)


def _frame(curve, x, y):
    floor = HEIGHT - BOTTOM
    parts = []
    for tick in y.ticks():
        parts.append(_line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid"))
        parts.append(_text(LEFT - 5, y(tick) + 4, _number(tick), anchor="end"))
    last_end = -np.inf
    for at, label in zip(x(curve.x), curve.tick_labels, strict=True):
        half = 3.1 * len(label)
        if at - half > last_end:  # labels that would overlap are left out
            parts.append(_text(at, floor + 14, label, anchor="middle"))
            last_end = at + half + 3
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, floor + 29, curve.x_label, anchor="middle"))
    parts.append(_text_along(floor, curve.scoring))
    own = x(curve.x[curve.own])
    parts.append(_line(own, TOP, own, floor, "own"))
    if curve.chance is not None:
        at = y(curve.chance)
        parts.append(_line(LEFT, at, WIDTH - RIGHT, at, "chance"))
    return parts


def _text_along(floor, text):
    """Write along the vertical axis."""
    middle = (TOP + floor) / 2
    return (
        f'<text transform="translate(12 {middle:.1f}) rotate(-90)" class="label" '
        f'text-anchor="middle">{escape(text)}</text>'
    )


def _points(pairs):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def _confusion(report):
    """Draw how often which class was taken for which, by share of the true class."""
    names = confusion_names(report)
    if not names:
        return []
    counts = report.confusion_
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    left, top = 110, TOP + 26
    size = (WIDTH - left - RIGHT) / len(names)
    height = top + min(size, 2 * ROW) * len(names) + 14
    row = (height - top - 14) / len(names)
    parts = [_text(left, TOP + 4, "taken for", anchor="end")]
    for i, name in enumerate(names):
        parts.append(_text(left - 6, top + (i + 0.5) * row + 4, name, anchor="end"))
        at = left + (i + 0.5) * size
        parts.append(_text(at, top - 6, name[: max(2, int(size / 6))], anchor="middle"))
        for j in range(len(names)):
            x, y, share = left + j * size, top + i * row, shares[i, j]
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" '
                f'height="{row:.1f}" class="cell" fill-opacity="{0.75 * share:.3f}"/>'
            )
            label = f"{counts[i, j]:,}" if size > 26 else ""
            middle = x + size / 2, y + row / 2 + 4
            parts.append(_text(*middle, label, anchor="middle"))
    title = "What each class was taken for: rows"
    return [_svg(title, describe_confusion(report), height, parts)]


def _residuals(residuals):
    """Draw predictions against what they miss by; edges hold what lies far outside."""
    shown, floor = residuals.shown(), HEIGHT - BOTTOM + 14
    x = Scale(*frame(residuals.predicted), LEFT + 10, WIDTH - RIGHT)
    far = max(map(abs, frame(residuals.missing)))
    y = Scale(-far, far, floor, TOP)
    parts = []
    for tick in y.ticks():
        parts.append(_line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid"))
        parts.append(_text(LEFT - 5, y(tick) + 4, _number(tick), anchor="end"))
    for tick in x.ticks()[::2]:
        parts.append(_text(x(tick), floor + 14, _number(tick), anchor="middle"))
    parts.append(_line(LEFT, y(0), WIDTH - RIGHT, y(0), "chance"))
    beyond = 0
    for predicted, missing in zip(shown.predicted, shown.missing, strict=True):
        inside = x.low <= predicted <= x.high and -far <= missing <= far
        beyond += not inside
        at = x(np.clip(predicted, x.low, x.high)), y(np.clip(missing, -far, far))
        parts.append(_dot(*at, inside))
    middle = (LEFT + WIDTH - RIGHT) / 2
    of = f" {residuals.name}" if residuals.name else ""
    parts.append(_text(middle, floor + 29, f"predicted{of}", anchor="middle"))
    parts.append(_text_along(floor, "actual less predicted"))
    note = f"{len(shown.missing):,} of {len(residuals.missing):,} rows"
    note += f"; {beyond:,} beyond the frame, at its edge" if beyond else ""
    parts.append(_text(middle, HEIGHT + 2, note, anchor="middle"))
    title = "How far predictions missed, rows not trained on"
    return _svg(title, residuals.description, HEIGHT + 6, parts)


def _dot(x, y, inside):
    """Draw a row, a hollow one where it lies beyond the frame."""
    style = "dot" if inside else "dot beyond"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" class="{style}"/>'
