"""Measure whether the BLAS's own choice of threads is a good one for this package.

    python -m benchmarks.threads

Each workload in float32 with matrix products on 1, 2, 4, … threads, up to the number of
cores, and on as many as the BLAS takes by default. Prints a Markdown table in µs per
mini-batch step.
"""

from contextlib import nullcontext

from threadpoolctl import threadpool_limits

from . import environment, options
from .peers_numpy import ThisPackage
from .tables import markdown, microseconds
from .timing import interleaved


def limits(n_threads):
    """Return a context in which products use ``n_threads``; None for the default."""
    return threadpool_limits(n_threads) if n_threads else nullcontext()


def counts(n_cores):
    """Return the powers of two up to ``n_cores``, and ``n_cores``."""
    powers = {2**k for k in range(n_cores.bit_length())}
    return sorted(powers | {n_cores})


def row(workload, repeats):
    """Return one line of the table."""
    train = ThisPackage().prepare(workload, "float32")
    train(1)

    def task(n_threads):
        with limits(n_threads):
            return train(workload.epochs)

    tried = [*counts(environment.n_cores()), None]
    timed = interleaved({n: lambda n=n: task(n) for n in tried}, repeats)
    seconds = [t.median / t.result.n_steps for t in timed.values()]
    ratio = f"{seconds[-1] / min(seconds[:-1]):.2f}"
    return [workload.name, *map(microseconds, seconds), ratio]


def main():
    """Print the table."""
    parser = options.parser("benchmarks.threads", __doc__, "", threads=False)
    chosen = options.parse(parser)
    rows = [row(workload, chosen.repeats) for workload in chosen.workloads]
    tried = [f"threads: {n}" for n in counts(environment.n_cores())]
    header = ["workload", *tried, "default", "default / best"]
    print(markdown(header, rows), end="\n\n")
    print(environment.report())


if __name__ == "__main__":
    main()
