"""What fits on real tables say, in Markdown."""

from collections import defaultdict

import numpy as np

from .tables import markdown, significant

TOLERANCE = 0.02
MEASURES = {  # name, title, whether more is better
    "classification": (
        ("accuracy", "accuracy", True),
        ("log_loss", "log loss", False),
        ("calibration_error", "calibration error", False),
    ),
    "regression": (
        ("r2", "R²", True),
        ("relative_error", "error / median's", False),
    ),
}


class Report:
    """Tables of Markdown from results of one task.

    Parameters
    ----------
    results : iterable of dict
    contenders, tables : list of str
        In the order in which they are to be shown.
    task : {"classification", "regression"}
    """

    def __init__(self, results, contenders, tables, task):
        self._fits = defaultdict(dict)  # (contender, table): {split: result}
        for result in results:
            if result["task"] == task:
                pair = result["contender"], result["table"]
                self._fits[pair][result["split"]] = result
        self._measures = MEASURES[task]
        self._contenders = [
            c for c in contenders if any((c, t) in self for t in tables)
        ]
        self._tables = [t for t in tables if any((c, t) in self for c in contenders)]

    def __contains__(self, pair):
        return pair in self._fits

    def _values(self, contender, table, measure):
        return [fit[measure] for fit in self._fits[contender, table].values()]

    def _fits_of(self, contender):
        """Return one list of fits for each table that the contender did."""
        pairs = [(contender, table) for table in self._tables]
        return [list(self._fits[pair].values()) for pair in pairs if pair in self]

    def summary(self):
        """Return means over tables, each of the same weight."""
        titles = [title for _, title, _ in self._measures]
        medians = [f"median {title}" for title in titles[:1]]
        header = ["contender", *titles, *medians, "seconds a fit", "unconverged"]
        header += ["failed", "tables", "fits"]
        return markdown(header, map(self._summary_row, self._contenders))

    def _summary_row(self, contender):
        by_table = self._fits_of(contender)
        fits = [fit for table in by_table for fit in table]

        def means(measure):
            return [np.mean([fit[measure] for fit in table]) for table in by_table]

        unconverged = np.mean([fit["convergence_warnings"] > 0 for fit in fits])
        return [
            contender,
            *(f"{np.mean(means(name)):.4f}" for name, _, _ in self._measures),
            f"{np.median(means(self._measures[0][0])):.4f}",
            significant(np.mean(means("seconds"))),
            f"{unconverged:.0%}",
            sum(fit["failure"] is not None for fit in fits),
            len(by_table),
            len(fits),
        ]

    def by_table(self, measure):
        """Return the means over splits, a line for each table."""
        rows = []
        for table in self._tables:
            cells = [self._cell(c, table, measure) for c in self._contenders]
            rows.append([table, *cells])
        return markdown(["table", *self._contenders], rows)

    def _cell(self, contender, table, measure):
        if (contender, table) not in self:
            return "–"
        return f"{np.mean(self._values(contender, table, measure)):.3f}"

    def worse(self, contender, reference):
        """Return the tables where a contender is clearly worse than the reference.

        That is by more than 0.02 and two standard errors of the paired difference.
        """
        rows = []
        for table in self._tables:
            for measure, title, more_is_better in self._measures[:2]:
                pairs = self._pairs(contender, reference, table, measure)
                if len(pairs) < 2:
                    continue
                difference = (pairs[:, 0] - pairs[:, 1]) * (-1 if more_is_better else 1)
                error = difference.std(ddof=1) / np.sqrt(len(pairs))
                if difference.mean() > TOLERANCE + 2 * error:
                    values = [f"{mean:.3f}" for mean in pairs.mean(axis=0)]
                    rows.append([table, title, *values, f"{error:.3f}"])
        if not rows:
            return "None."
        header = ["table", "measure", contender, reference, "standard error"]
        return markdown(header, rows, n_left=2)

    def _pairs(self, contender, reference, table, measure):
        """Return the measure of both on the splits that both did."""
        one, other = (self._fits.get((c, table), {}) for c in (contender, reference))
        both = sorted(one.keys() & other.keys())
        return np.array([[one[s][measure], other[s][measure]] for s in both])

    def failures(self):
        """Return lines that say what failed, and why."""
        lines = []
        for contender in self._contenders:
            for fit in sum(self._fits_of(contender), []):
                if fit["failure"]:
                    reason = fit["failure"].strip().partition("\n")[0]
                    lines.append(
                        f"- {contender}, {fit['table']}, split {fit['split']}: {reason}"
                    )
        return "\n".join(lines) or "None."

    def whole(self, reference, ours):
        """Return all of it; ``ours`` begins the names that the reference is held to."""
        parts = ["## Means over tables", self.summary()]
        for measure, title, _ in self._measures[:2][::-1]:
            parts += [f"## By table: {title}", self.by_table(measure)]
        for contender in self._contenders:
            if contender.startswith(ours) and reference in self._contenders:
                parts += [
                    f"## Where {contender} is worse than {reference} by more than "
                    f"{TOLERANCE} and two standard errors",
                    self.worse(contender, reference),
                ]
        return "\n\n".join([*parts, "## Failures", self.failures()])
