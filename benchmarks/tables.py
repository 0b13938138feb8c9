"""Markdown tables with aligned columns."""


def markdown(header, rows, n_left=1):
    """Return a table, all but its first ``n_left`` columns aligned to the right."""
    rows = [list(map(str, row)) for row in rows]
    columns = list(zip(header, *rows, strict=True))
    widths = [max(3, *map(len, column)) for column in columns]
    rule = ["-" * width for width in widths[:n_left]]
    rule += ["-" * (width - 1) + ":" for width in widths[n_left:]]
    lines = [header, rule, *rows]
    return "\n".join(_line(cells, widths, n_left) for cells in lines)


def _line(cells, widths, n_left):
    pairs = list(zip(cells, widths, strict=True))
    padded = [cell.ljust(width) for cell, width in pairs[:n_left]]
    padded += [cell.rjust(width) for cell, width in pairs[n_left:]]
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
