"""The options that the scripts share."""

import argparse

from .environment import limit_threads
from .workloads import select


def parser(module, description, workloads=None, threads=True):
    """Return a parser that knows --repeats.

    It also knows --threads, and, where ``workloads`` says which are the default, such
    as "W1,W4", --workloads.
    """
    result = argparse.ArgumentParser(
        f"python -m {module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument(
        "--repeats", type=positive, help="how often to measure; 5 by default"
    )
    if threads:
        result.add_argument(
            "--threads",
            type=positive,
            help="of BLAS, PyTorch and JAX; by default what they choose",
        )
    if workloads is not None:
        result.add_argument(
            "--workloads",
            type=selected,
            default=workloads,
            metavar="W1,W4",
            help=f"{workloads or 'all of them'} by default",
        )
    return result


def tables_parser(module, description, halves=("choose", "confirm")):
    """Return a parser that knows which real tables, and how many splits of each."""
    result = argparse.ArgumentParser(
        f"python -m {module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = result.add_argument
    add("--half", choices=halves, default=halves[0], help="which tables")
    add("--splits", type=positive, default=3, help="of each table; 3 by default")
    add("--tables", type=names, help="all of the half by default", metavar="A,B")
    add("--without", type=names, default=[], help="tables to leave out", metavar="A,B")
    return result


def parse(parser, arguments=None):
    """Return the options, and limit the threads if they say so."""
    options = parser.parse_args(arguments)
    if getattr(options, "threads", None):
        limit_threads(options.threads)
    if options.repeats is None:
        options.repeats = 1 if getattr(options, "short", False) else 5
    return options


def names(text):
    """Return what stands between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def positive(text):
    """Return a number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def selected(names):
    """Return the workloads with these names, separated by commas."""
    try:
        return select(names.split(",") if names else [])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
