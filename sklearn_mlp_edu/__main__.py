"""``python -m sklearn_mlp_edu``: diagnose overfitting from the command line."""

import argparse
import json
import os
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from . import LectureMLPClassifier, LectureMLPRegressor, __version__
from ._arithmetic import required

PROGRAM = "sklearn-mlp-edu"
DESCRIPTION = """\
Diagnose overfitting: cross-validate a network with its training scores, state the
verdict, and measure which remedy helps: more data, regularisation, a smaller network.

Without a command the data are the lecture's, drawn pictures of which half show a ball.
The command "diagnose" does the same for a table of your own.
"""
EPILOG = f"""\
examples:
  {PROGRAM}
  {PROGRAM} diagnose data.csv --target label
  {PROGRAM} diagnose data.csv --target label --hidden 64,32 --scoring roc_auc
"""
DIAGNOSE = """\
Diagnose a network on a table: delimited text (packed or not), Parquet, Arrow or
Feather, Excel, JSON lines, an SQLite or DuckDB file, or - for the standard input.
Numbers are scaled, words that repeat become categories, dates and free text become
numbers, missing values are filled in; identifiers and constant columns are left out.
How each column was read is told; --columns tells only that. Targets of words, and of
few different numbers, are classes; other numbers are predicted as such (--task).

About a hundred networks are trained, which takes seconds for a thousand rows, and in
proportion to them for more. Progress tells how long; --budget ends it earlier.
"""
N_IMAGES = 600


def main(arguments=None):
    """Run the command with the given arguments, those of the shell by default.

    Ends with status 2 and one line on the standard error stream where something is
    wrong with the arguments or the data.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # names may hold what it cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        _check_outputs(options)
        result = options.run(options)
        if result is not None:
            report, title = result
            command = shlex.join([PROGRAM, *parser.given])
            origin = {"command": command, **report.provenance}
            _write(replace(report, provenance=origin), title, options)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on: head has what it wants
        _close_output()
    except (ValueError, TypeError, ImportError, OSError) as error:
        parser.error(" ".join(str(error).split()))
    except KeyboardInterrupt:
        sys.exit(130)


def _close_output():
    """Keep Python from complaining at its end that nobody reads."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # not a file
        pass


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def parse_args(self, args=None, namespace=None):
        """Keep the arguments, for what the error says of them."""
        self.given = sys.argv[1:] if args is None else [*map(str, args)]
        return super().parse_args(self.given, namespace)

    def error(self, message):
        """Exit with status 2; suggest the command where a file stands in its place."""
        file = re.match(r"argument COMMAND: invalid choice: '(.*?)' \(", message)
        if file and ("." in file[1] or Path(file[1]).is_file()):
            message = (
                f"{file[1]!r} is no command; to diagnose a table, write: "
                f"{PROGRAM} diagnose {shlex.join(self.given)}"
            )
        self.exit(2, f"{PROGRAM}: error: {message}\n")


def _parser():
    layout = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog=PROGRAM, description=DESCRIPTION, epilog=EPILOG, formatter_class=layout
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(run=_diagnose_images)
    _add_options(parser)
    commands = parser.add_subparsers(title="command", metavar="COMMAND")
    table = commands.add_parser(
        "diagnose",
        help="diagnose a network on a table of your own",
        description=DIAGNOSE,
        formatter_class=layout,
    )
    table.set_defaults(run=_diagnose_table)
    table.add_argument("file", help="file with a row for an example, or -")
    table.add_argument("--target", help="column to be predicted")
    table.add_argument(
        "--task",
        choices=("auto", "classification", "regression"),
        default="auto",
        help="what the target is (default: told by its values, with a note)",
    )
    table.add_argument(
        "--columns", action="store_true", help="tell how columns are read, and end"
    )
    table.add_argument(
        "--drop", type=_names, default=(), help="columns to leave out: a,b,c"
    )
    table.add_argument("--group", help="column that says which rows belong together")
    table.add_argument("--delimiter", type=_delimiter, help="default: found")
    table.add_argument("--encoding", help="of the text, such as utf-8 (default: found)")
    table.add_argument("--query", help="SELECT that an SQLite or DuckDB file is asked")
    table.add_argument(
        "--sample",
        type=_count(0),
        help="rows to draw at most, 0 for all (default: 20000)",
    )
    # What was given before the word "diagnose" holds unless it is given again.
    _add_options(table, argument_default=argparse.SUPPRESS)
    return parser


def _add_options(parser, argument_default=None):
    """Add what all commands understand."""

    def add(flag, default, **settings):
        if argument_default is not None:
            default = argument_default
        parser.add_argument(flag, default=default, **settings)

    add("--hidden", None, type=_layers, help="hidden layers, 64,32, or none")
    add(
        "--alpha",
        None,
        type=_alpha,
        help="L2 strength of the network, or auto: by the number of rows (default; "
        "1e-4 for the pictures)",
    )
    add(
        "--scoring",
        None,
        type=_scoring,
        help="scorer, or list to see their names (default: for numbers r2; for classes "
        "accuracy, but where one is rare a scorer that sees it)",
    )
    add("--cv", 5, type=_count(2), help="number of folds (default: 5)")
    add("--jobs", -1, type=int, help="processes (default: one for each core)")
    add(
        "--budget",
        None,
        type=_seconds,
        metavar="SECONDS",
        help="answer after so long, from what was measured (default: no limit)",
    )
    add("--seed", 0, type=_count(0), help="of all random choices (default: 0)")
    add(
        "--output",
        Path("overfitting_report.html"),
        type=Path,
        metavar="FILE",
        help="page to write (default: overfitting_report.html)",
    )
    add("--json", None, type=Path, metavar="FILE", help="numbers to write, as JSON")


def _count(least):
    def convert(text):
        if not text.isdecimal() or not text.isascii() or int(text) < least:
            message = f"needs an int >= {least}, got {text!r}"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return convert


def _layers(text):
    if text.strip() in ("", "none"):
        return ()
    return tuple(_count(1)(part.strip()) for part in text.split(","))


def _alpha(text):
    if text == "auto":
        return text
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not 0 <= value < np.inf:
        raise argparse.ArgumentTypeError(f"needs a number >= 0 or auto, got {text!r}")
    return value


def _seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not 0 < value < np.inf:
        raise argparse.ArgumentTypeError(f"needs a number > 0, got {text!r}")
    return value


def _names(text):
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _delimiter(text):
    text = {"tab": "\t", r"\t": "\t"}.get(text, text)
    if len(text) != 1:
        raise argparse.ArgumentTypeError(f"needs one character or tab, got {text!r}")
    return text


def _scoring(text):
    scorers = _scorers()
    names = [name for of_task in scorers.values() for name in of_task]
    if text == "list":
        for task, of_task in scorers.items():
            print(f"{task}:", *of_task, sep="\n  ")
        sys.exit(0)
    if text not in names:
        raise argparse.ArgumentTypeError(
            f"knows no scorer {text!r}; there are {', '.join(names)}"
        )
    return text


def _scorers():
    """Return the names of scikit-learn's scorers for each task."""
    from sklearn.metrics import get_scorer, get_scorer_names

    found = {"classification": [], "regression": []}
    for name in get_scorer_names():
        function = getattr(get_scorer(name), "_score_func", len)
        kind = function.__module__.removeprefix("sklearn.metrics._")
        if kind in ("classification", "ranking"):
            found["classification"].append(name)
        elif kind == "regression":
            found["regression"].append(name)
    return found


def _check_scoring(scoring, task):
    """Refuse a scorer of the other task."""
    of_task = _scorers()[task]
    if scoring is not None and scoring not in of_task:
        raise ValueError(
            f"the scorer {scoring!r} is not for {task}, which has {', '.join(of_task)}."
        )


def _check_outputs(options):
    """Refuse what could not be written before hours of work."""
    for path in filter(None, (options.output, options.json)):
        if path.is_dir() or not path.parent.is_dir():
            raise ValueError(
                f"{path} cannot be written: "
                + ("it is a folder." if path.is_dir() else "its folder is missing.")
            )
    for library in ("rich", "pandas"):
        required(library, f"The command {PROGRAM}")


def _diagnose_images(options):
    """Return the report on the lecture's own case, and its title."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from ._data import make_ball_images

    hidden = (32, 16) if options.hidden is None else options.hidden
    print(f"{N_IMAGES} drawn pictures of 32 x 32 pixels: is there a ball?", flush=True)
    X, y = make_ball_images(N_IMAGES, size=32, random_state=options.seed)
    network = LectureMLPClassifier(
        hidden,
        alpha=1e-4 if options.alpha is None else options.alpha,
        learning_rate_init=0.1,
        max_iter=40,
        n_iter_no_change=np.inf,
        random_state=options.seed,
    )
    names = np.array(["no ball", "ball"])
    pipeline = make_pipeline(StandardScaler(), network)
    dropouts = (0.3,) if hidden else ()
    report = _diagnose(
        pipeline, X, names[y], options, alphas=(0.03, 0.1, 0.3), dropouts=dropouts
    )
    return report, "Is there a ball in the picture?"


def _diagnose_table(options):
    """Return the report on the user's table, and its title."""
    from sklearn.pipeline import make_pipeline

    from ._tables import encoder, prepare, read_table

    if options.target is None and not options.columns:
        raise ValueError(
            "the following arguments are required: --target, the column to be "
            "predicted (--columns shows which there are)"
        )
    table = read_table(
        options.file,
        delimiter=options.delimiter,
        encoding=options.encoding,
        query=options.query,
        sample=options.sample,
        random_state=options.seed,
    )
    if options.columns:
        return _show_columns(table, options)
    asked = options.target, options.drop, options.group, options.cv, options.task
    prepared = prepare(table, *asked)
    notes = [*table.notes, *prepared.notes]
    for note in notes:
        print(note, flush=True)
    _check_scoring(options.scoring, prepared.task)
    network = _network(prepared.task, options)
    columns = encoder(prepared.features, prepared.X, options.seed)
    pipeline = make_pipeline(columns, network)
    y = required("pandas", PROGRAM).Series(prepared.y, name=options.target)
    report = _diagnose(pipeline, prepared.X, y, options, groups=prepared.groups)
    name = "standard input" if options.file == "-" else Path(options.file).name
    title = f"Overfitting report: {name}"
    notes = [*notes, *report.notes]
    return replace(report, notes=notes, columns=prepared.columns), title


def _network(task, options):
    """Return the network that a table is diagnosed with."""
    hidden = (100,) if options.hidden is None else options.hidden
    network = LectureMLPRegressor if task == "regression" else LectureMLPClassifier
    alpha = "auto" if options.alpha is None else options.alpha
    return network(hidden, alpha=alpha, random_state=options.seed)


def _show_columns(table, options):
    """Print how each column is read; there is no report then."""
    from ._tables import overview

    asked = options.target, options.drop, options.group, options.cv, options.task
    print("\n".join([*table.notes, overview(table, *asked)]))


def _diagnose(pipeline, X, y, options, **settings):
    from ._diagnosis import diagnose_overfitting

    return diagnose_overfitting(
        pipeline,
        X,
        y,
        cv=options.cv,
        scoring=options.scoring,
        n_jobs=options.jobs,
        random_state=options.seed,
        budget=options.budget,
        progress=True,
        **settings,
    )


def _write(report, title, options):
    written = [report.to_html(options.output, title=title)]
    if options.json is not None:
        content = {"title": title, **report.to_dict()}
        text = json.dumps(content, indent=2, allow_nan=False) + "\n"
        options.json.write_text(text, encoding="utf-8")
        written.append(options.json)
    print(f"\n{report}\n\nWrote {', '.join(map(str, written))}")


if __name__ == "__main__":
    main()
