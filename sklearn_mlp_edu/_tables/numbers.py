"""Numbers as people write them: 1,234.5 and 1.234,5, $3, 5 %, (12), 3 kg."""

import re
from collections import Counter

CURRENCY = r"US\$|USD|EUR|GBP|JPY|KRW|CHF|INR|CNY|Rs\.?|kr|[$€£¥₩₹]"
CELL = re.compile(
    rf"(?P<open>\()?(?P<sign>[+\-−])?\s*(?P<before>{CURRENCY})?\s*(?P<sign2>[+\-−])?"
    r"(?P<digits>[.,]?\d(?:[\d.,'’ \u00a0\u202f]*[\d.,])?(?:[eE][+-]?\d+)?)"
    rf"\s*(?P<after>{CURRENCY}|[%‰]|[A-Za-zµ°²³/]{{1,6}})?(?(open)\))"
)
PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:[eE][+-]?\d+)?")
GROUPED = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")  # of PLAIN, where the comma is the mark
CODE = re.compile(r"[+-]?0\d+|[+-]?\d{16,}")  # 01234, and more digits than floats keep
INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)


def _written(decimal, thousands):
    """Match numbers with this decimal mark, alone or with groups of three digits.

    Or in India's way: 12,34,567.
    """
    indian = rf"[1-9]\d?(?:{thousands}\d\d)+{thousands}\d{{3}}"
    groups = (
        rf"[1-9]\d{{0,2}}(?P<group>[{thousands}'’ \u00a0\u202f])\d{{3}}"
        r"(?:(?P=group)\d{3})*"
    )
    power = r"(?:[eE][+-]?\d+)?"
    return re.compile(rf"(?:\d+|{indian}|{groups})?(?:{decimal}\d*)?{power}")


WRITTEN = {".": _written(r"\.", ","), ",": _written(",", r"\.")}
GROUPS = str.maketrans("", "", "'’ \u00a0\u202f")


def value(digits, decimal):
    """Return the float that ``digits`` are with this decimal mark, None if none."""
    if not WRITTEN[decimal].fullmatch(digits):
        return None
    thousands = "," if decimal == "." else "."
    plain = digits.translate(GROUPS).replace(thousands, "").replace(decimal, ".")
    return float(plain)


def numbers(words):
    """Return what words are as numbers, with each decimal mark.

    Parameters
    ----------
    words : iterable of str
        Different ones, without blanks around them.

    Returns
    -------
    values : dict of str to dict of str to float
        For "." and for "," the words that are numbers then.
    affix : str
        What stands beside all of them, such as "%".
    """
    if all(map(PLAIN.fullmatch, words)):
        point = {word: float(word) for word in words}
        grouped = {w: w.replace(".", "") for w in words if GROUPED.fullmatch(w)}
        comma = {w: v for w, v in point.items() if "." not in w}
        comma |= {word: float(whole) for word, whole in grouped.items()}
        return {".": point, ",": comma}, ""
    values, affixes = {".": {}, ",": {}}, {}
    for word in words:
        match = CELL.fullmatch(word)
        if match is None:
            if INFINITE.fullmatch(word):
                values["."][word] = values[","][word] = float(word)
            continue
        affixes[word] = match["before"] or match["after"] or ""
        minus = (match["sign"] or "") + (match["sign2"] or "")
        negative = bool(match["open"]) or "-" in minus or "−" in minus
        for decimal, found in values.items():
            number = value(match["digits"], decimal)
            if number is not None:
                found[word] = -number if negative else number
    return _alike(values, affixes)


def _alike(values, affixes):
    """Leave out numbers of another unit than most: 5 % beside 0.05, $3 beside 3 €."""
    (usual, _), *_ = Counter(affixes.values()).most_common(1) or [("", 0)]
    if usual == "" and len(units := {*affixes.values()} - {""}) == 1:
        usual = units.pop() if re.fullmatch(CURRENCY, *units) else ""
    allowed = {usual, ""} if re.fullmatch(CURRENCY, usual) else {usual}
    for found in values.values():
        for word in [w for w in found if affixes.get(w, usual) not in allowed]:
            del found[word]
    return values, usual


def is_code(word):
    """Tell whether digits are a name: they begin with 0, or are too many for floats."""
    return CODE.fullmatch(word) is not None
