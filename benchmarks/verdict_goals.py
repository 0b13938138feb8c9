"""What results of `verdict_truth` say: each promise of a report beside what came."""

import math
from statistics import mean

from .tables import markdown

GAINS = {"accuracy": 0.02, "log_loss": 0.03}  # least that counts
ERRORS = 2  # standard errors on the other half that a gain or a fall must exceed
QUANTILE = 1.96
HEADER = ["", "goal", "all", "fit", "overfit", "underfit"]


def table_of_goals(results):
    """Return a Markdown table with a row for each promise."""
    groups = [
        [r for r in results if name in ("all", r["network"])] for name in HEADER[2:]
    ]
    rows = []
    for name, goal, count in PROMISES:
        rows.append([name, goal, *(count(group) for group in groups)])
    return markdown(HEADER, rows, n_left=2)


def misses(results):
    """Return lines of Markdown: gains not noticed, and losses said to help."""
    lines = ["Gains that were not noticed:", ""]
    for result, remedy in _settings(results):
        gained = [name for name in GAINS if _gains(remedy, name)]
        if gained and not remedy["helps"]:
            changes = ", ".join(_change(remedy, name) for name in gained)
            lines.append(f"- {_where(result, remedy)}: {changes}")
    lines += ["", "Remedies that were said to help, and lost:", ""]
    for result, remedy in _settings(results):
        if remedy["helps"] and _loses(remedy):
            lines.append(f"- {_where(result, remedy)}: {_change(remedy, 'score')}")
    lines += ["", "Verdicts of the two halves that differ:", ""]
    for one, two in _pairs(results):
        if one["verdict"] != two["verdict"]:
            verdicts = f"{one['verdict']}, {two['verdict']}"
            lines.append(f"- {one['table']}, {one['network']}: {verdicts}")
    return "\n".join(lines)


def _where(result, remedy):
    half = "first half" if result["half"] == 0 else "second half"
    return (
        f"{result['table']}, {half}, {result['network']}, {remedy['name']} "
        f"({remedy['setting']})"
    )


def _change(remedy, name):
    promised, real = _promise(remedy, name)
    return f"{name.replace('_', ' ')} promised {promised[0]:+.3f}, came {real[0]:+.3f}"


def _promise(remedy, name):
    """Return what was promised, (mean, low, high), and what came, (mean, error)."""
    if name != "log_loss":
        real = remedy["real"] if name == "score" else remedy[f"real_{name}"]
        return remedy["promised"], real
    mean_, low, high = remedy["promised_loss"]
    return [-mean_, -high, -low], remedy["real_log_loss"]


def _settings(results):
    """Yield pairs of a result and a remedy that changes the network."""
    for result in results:
        for remedy in result["remedies"]:
            if remedy["name"] != "more data":
                yield result, remedy


def _forecasts(results):
    return [
        (result, remedy)
        for result in results
        for remedy in result["remedies"]
        if remedy["name"] == "more data"
    ]


def _gains(remedy, name):
    """Tell whether a remedy really gains, and beats guessing."""
    gain, error = remedy[f"real_{name}"]
    above = remedy["above_guessing"][list(GAINS).index(name)]
    return gain > GAINS[name] and gain > ERRORS * error and above > 0


def _loses(remedy):
    gain, error = remedy["real"]
    return gain < -ERRORS * error


def _holds(remedy, name):
    """Tell whether an interval holds what came, allowing for the other half's error."""
    (promised, low, high), (real, error) = _promise(remedy, name)
    half = promised - low if real < promised else high - promised
    return abs(real - promised) <= math.hypot(half, QUANTILE * error)


def _pairs(results):
    """Yield the results of both halves of a table for a network."""
    by_key = {(r["table"], r["network"], r["half"]): r for r in results}
    for (table, network, half), result in by_key.items():
        other = by_key.get((table, network, 1))
        if half == 0 and other is not None:
            yield result, other


def share(answers):
    """Write which share of answers is yes, and how many there are."""
    answers = list(answers)
    if not answers:
        return "–"
    return f"{mean(answers):.1%} of {len(answers)}"


def _noticed(name):
    def count(results):
        return share(
            remedy["helps"] for _, remedy in _settings(results) if _gains(remedy, name)
        )

    return count


def _right(results):
    return share(not _loses(r) for _, r in _settings(results) if r["helps"])


def _gain_something(results):
    """Of those said to help: score or log loss gets better beyond the error."""
    return share(
        any(real[0] > ERRORS * real[1] for real in (r["real"], r["real_log_loss"]))
        for _, r in _settings(results)
        if r["helps"]
    )


def _held(name):
    def count(results):
        return share(_holds(r, name) for _, r in _settings(results))

    return count


def _optimism(results):
    excess = [r["promised"][0] - r["real"][0] for _, r in _settings(results)]
    return f"{mean(excess):+.4f}" if excess else "–"


def _forecast_held(results):
    return share(_holds(r, "score") for _, r in _forecasts(results))


def _forecast_width(results):
    widths = [(r["promised"][2] - r["promised"][1]) / 2 for _, r in _forecasts(results)]
    return f"±{mean(widths):.3f}" if widths else "–"


def _forecast_bias(results):
    excess = [r["promised"][0] - r["real"][0] for _, r in _forecasts(results)]
    return f"{mean(excess):+.4f}" if excess else "–"


def _agreeing(results):
    return share(one["verdict"] == two["verdict"] for one, two in _pairs(results))


def _suspected(results):
    suspected = {r["table"] for r in results if r["verdict"] == "suspect"}
    return f"{len(suspected)} of {len({r['table'] for r in results})}"


def _seconds(results):
    return f"{mean(r['seconds'] for r in results):.1f}" if results else "–"


PROMISES = (
    ("gains in accuracy that were noticed", "≥ 75 %", _noticed("accuracy")),
    ("gains in log loss that were noticed", "≥ 75 %", _noticed("log_loss")),
    ("said to help, and did not lose", "≥ 95 %", _right),
    ("said to help, and gained", "", _gain_something),
    ("intervals of the score's change that hold", "90–99 %", _held("score")),
    ("intervals of the log loss's change that hold", "90–99 %", _held("log_loss")),
    ("promised less real change of the score", "≤ 0.003", _optimism),
    ("forecasts of more data that hold", "≥ 90 %", _forecast_held),
    ("half width of a forecast", "", _forecast_width),
    ("forecast less real change", "", _forecast_bias),
    ("verdicts of two halves that agree", "≥ 85 %", _agreeing),
    ("tables suspected", "≤ 1 of 30", _suspected),
    ("seconds for a diagnosis", "", _seconds),
)
