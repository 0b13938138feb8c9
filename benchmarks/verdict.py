"""Hold the verdicts of `diagnose_overfitting` against the truth, on real tables.

    python -m benchmarks.verdict --save verdict.json
    python -m benchmarks.verdict --merge verdict.json --save verdict.json --half choose

Each table is cut in two halves, by class. One is diagnosed, of it 1,000 rows at most;
then each remedy that the report has measured is applied to the network, which is
trained on that half with five seeds; and the other half, never seen, tells what it
brings, with its standard error over rows and seeds. The same with the halves changed.
The networks are one with 32 hidden units and else the defaults ("fit"), one with 64
and without regularisation at a high rate ("overfit"), and a small one that has hardly
trained ("underfit").

A remedy *gains* if its accuracy rises by more than 0.02, or its log loss falls by more
than 0.03, and by more than twice its standard error, and it beats guessing. It *loses*
if the score that the report used falls by more than twice its standard error. An
interval *holds* if what came lies in it, allowing for the other half's error. Twice
the data for the forecast are four fifths of the one half with as much of the other; the
rest of that is tested.

Rules may be chosen on the tables of "choose"; "confirm" shows whether they hold on
others. Results can be saved and merged, so that a run can be stopped and resumed.
Prints Markdown.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from . import environment, real_tables
from .options import positive
from .real_defaults import describe, names
from .tables import markdown
from .verdict_goals import misses, table_of_goals
from .verdict_truth import NETWORKS, measure

FEWEST_ROWS, MOST_COLUMNS, RAREST = 180, 60, 30  # of a table, or of a class in it


def key(result):
    """Return what tells results apart."""
    return tuple(result[part] for part in ("table", "half", "network"))


def chosen_tables(half, wanted):
    """Yield tables with enough rows, also of each class, and not too many columns."""
    for table in real_tables.classification(half, wanted):
        enough = len(table.y) >= FEWEST_ROWS and np.bincount(table.y).min() >= RAREST
        if enough and table.X.shape[1] <= MOST_COLUMNS:
            yield table


def run(tables, results, save):
    """Measure what ``results`` lacks, and add it."""
    for table in tables:
        for network in NETWORKS:
            for half in (0, 1):
                if (table.name, half, network) in results:
                    continue
                result = measure(table, half, network)
                results[key(result)] = result
                print(*key(result), f"{result['seconds']:.1f} s", file=sys.stderr)
        if save:
            write(save, results)


def read(path):
    """Return the results that a file holds."""
    return {key(result): result for result in json.loads(Path(path).read_text())}


def write(path, results):
    """Write all results to a JSON file, whole or not at all."""
    unfinished = Path(f"{path}.unfinished")
    unfinished.write_text(json.dumps(list(results.values()), indent=0))
    unfinished.replace(path)


def parser():
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(
        "python -m benchmarks.verdict",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = result.add_argument
    add("--half", choices=("choose", "confirm"), help="which tables; both by default")
    add("--tables", type=names, metavar="A,B", help="of the half; all by default")
    add("--first", type=positive, help="so many tables of a half only")
    add("--merge", action="append", default=[], metavar="FILE.json")
    add("--save", metavar="FILE.json", help="where to write all results")
    return result


def main(arguments=None):
    """Measure, save, and print."""
    options = parser().parse_args(arguments)
    environment.limit_threads(1)
    results = {}
    for path in options.merge:
        results |= read(path)
    used = []
    for half in [options.half] if options.half else ["choose", "confirm"]:
        tables = list(chosen_tables(half, options.tables))[: options.first]
        used += [table.name for table in tables]
        run(tables, results, options.save)
    kept = [result for result in results.values() if result["table"] in used]
    print(table_of_goals(kept), "\n\n" + misses(kept) + "\n")
    print(f"Tables: {', '.join(used)}.\n")
    print(markdown(["environment", ""], describe().items(), n_left=2))


if __name__ == "__main__":
    main()
