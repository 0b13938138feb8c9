"""Dates and times as people write them."""

import re
from datetime import UTC, datetime
from itertools import product

import numpy as np

ISO = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?)?"
)
LIKE_DATE = re.compile(
    r"(?=.*\d)(\d{1,4}\D{1,3}\d{1,2}\D|\d{4}[-/]\d|\d\d?/\d{4}|(19|20)\d{6}"
    r"|.*[A-Za-z]{3,}.*\d{2}|\d{4}-[A-Za-z]{3}).*"
)
DAYS = [
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y년 %m월 %d일"),
    *(f"{{}}{s}{{}}{s}{{}}" for s in "./-"),
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
    *("%d-%b-%Y", "%d-%b-%y", "%d-%B-%Y", "%b-%d-%Y", "%d/%b/%Y", "%a, %d %b %Y"),
    *("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%Y-%b"),
]
ORDERS = [  # of readings that fit as well, the one of the shortest time is taken
    *(("%d", "%m", year) for year in ("%Y", "%y")),
    *(("%m", "%d", year) for year in ("%Y", "%y")),
    ("%y", "%m", "%d"),
]
TIMES = ["", *(s + t for s in (" ", "T", ", ") for t in ("%H:%M", "%H:%M:%S"))]
TIMES += [" %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S %z"]
TIME_OF_DAY = re.compile(
    r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?(?: ?([AP])\.?M\.?)?",
    re.IGNORECASE,
)
ENDLESS = (1, 9999)  # years
FEW = 30  # words on which formats are tried before all


def formats(word, *order):
    """Yield formats with this order of day, month and year that a word may have."""
    for day, time in product(DAYS, TIMES):
        form = day.format(*order) + time
        if set(re.sub("%.", "", form)) <= set(word):
            yield form


def dates(words):
    """Return what words are as dates, and how they were read.

    Parameters
    ----------
    words : list of str
        Different ones, without blanks around them.

    Returns
    -------
    values : dict of str to datetime64 or None
        Of the words that are dates, in UTC where they have a zone; empty if most are
        none. None stands for the years 1 and 9999, which mean that there is no date.
    how : str
        The format, with a word of doubt where others would fit as well.
    """
    likely = [word for word in words if LIKE_DATE.fullmatch(word)]
    if len(likely) < len(words) * 0.9:
        return {}, ""
    if all(map(ISO.fullmatch, likely)):
        iso = {word.replace(" ", "T", 1).replace(" ", ""): word for word in likely}
        parsed = _parsed(iso, None)
        return {iso[word]: moment for word, moment in parsed.items()}, "ISO 8601"
    few = likely[:: max(1, len(likely) // FEW)]
    readings = [_first(likely, few, order) for order in ORDERS]
    most = max(len(values) for values, _ in readings)
    readings = [reading for reading in readings if len(reading[0]) == most]
    if "/" in few[0]:  # usual where the month comes first
        readings.sort(key=lambda reading: not reading[1].startswith("%m"))
    values, how = min(readings, key=lambda reading: _span(reading[0]))
    if any(others != values for others, _ in readings):
        how += ", though day, month and year could change places"
    return values, how


def _first(words, few, order):
    """Return the dates by the first format that fits nearly all."""
    best = {}, ""
    for form in formats(few[0], *order):
        if len(_parsed(few, form)) < len(few) * 0.9:
            continue
        values = _parsed(words, form)
        if len(values) == len(words):
            return values, form
        best = max(best, (values, form), key=lambda pair: len(pair[0]))
    return best


def _span(values):
    """Return how long the time is from the first date to the last."""
    known = [value for value in values.values() if value is not None]
    return max(known) - min(known) if known else np.timedelta64(0, "s")


def _parsed(words, form):
    """Return the dates of words, None where a year stands for never or always."""
    moments = ((word, _moment(word, form)) for word in words)
    return {
        word: None if moment.year in ENDLESS else np.datetime64(moment, "us")
        for word, moment in moments
        if moment is not None
    }


def _moment(word, form):
    """Return a date, in UTC where it has a zone, None where it is none."""
    try:
        moment = datetime.strptime(word, form) if form else datetime.fromisoformat(word)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def seconds(word):
    """Return the seconds since midnight of a time such as 12:30, None if none."""
    match = TIME_OF_DAY.fullmatch(word)
    if match is None:
        return None
    hour, half = int(match[1]), (match[4] or "").upper()
    if half:
        hour = hour % 12 + 12 * (half == "P")
    return 3600 * hour + 60 * int(match[2]) + float(match[3] or 0)
