"""How columns were read, as lines for a terminal and rows for a page."""

WIDEST = 40  # characters of a name


def roles(target=None, drop=(), group=None, what=""):
    """Return what is done with columns that the user has named."""
    found = dict.fromkeys(drop, "left out, as asked for")
    if group is not None:
        found[group] = "group: tells which rows belong together"
    if target is not None:
        found[target] = f"target, {what}" if what else "target"
    return found


def as_row(column, role=None):
    """Return a column as a page shows it: name, how it was read, missing cells."""
    left_out = "left out: " if column.kind == "left out" else ""
    return {
        "column": column.name,
        "read as": role
        or ", ".join(filter(None, (left_out + column.how, column.span))),
        "missing": column.missing,
    }


def show(columns, known):
    """Return a line for each column; ``known`` are those with a role."""
    rows = [as_row(column) for column in columns]
    names = [_printable(row["column"]) for row in rows]
    width = max(map(len, [*names, "column"]))
    lines = [f"{'column':<{width}}  {'missing':>9}  read as"]
    for row, name in zip(rows, names, strict=True):
        told = "; ".join(filter(None, (known.get(row["column"]), row["read as"])))
        lines.append(f"{name:<{width}}  {row['missing']:>9,}  {told}")
    return "\n".join(lines)


def _printable(text):
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
