"""Markdown tables with aligned columns."""


def markdown(header, rows):
    """Return a table; all but the first column are aligned to the right."""
    rows = [list(map(str, row)) for row in rows]
    columns = list(zip(header, *rows, strict=True))
    widths = [max(3, *map(len, column)) for column in columns]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [_line(header, widths), _line(rule, widths)]
    return "\n".join(lines + [_line(row, widths) for row in rows])


def _line(cells, widths):
    first, *others = map(str, cells)
    padded = [first.ljust(widths[0])]
    padded += [c.rjust(width) for c, width in zip(others, widths[1:], strict=True)]
    return "| " + " | ".join(padded) + " |"


def microseconds(seconds):
    """Format a duration as µs with three digits or more."""
    return significant(seconds * 1e6)


def significant(number):
    """Format with three significant digits, and never in powers of ten."""
    if number == 0:
        return "0"
    decimals = max(0, 2 - int(f"{number:.2e}".partition("e")[2]))
    return f"{number:,.{decimals}f}"
