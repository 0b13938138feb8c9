"""Show where the time of compiled steps goes, and how far it is from the bound.

    python -m benchmarks.profile_kernels --threads 1
    python -m benchmarks.profile_kernels --workloads W2 --networks 1 --threads 1

One fold of the searches of `benchmarks.search`, in this process: networks that differ
in the strength of L2 train as one stack, or as several. In a search of its own every
call of a kernel is timed, and booked on the kernel and its sizes. Times are processor
seconds per step and network. The last table sets the whole search beside one fit of
`MLPClassifier` in the same search, and beside what its products of matrices alone would
take at the processor's peak, which is the speed of a large product by NumPy. Prints
Markdown tables.
"""

from collections import Counter
from contextlib import contextmanager
from time import process_time, thread_time
from typing import NamedTuple

import numpy as np
from llvmlite import binding
from sklearn.model_selection import StratifiedKFold

from sklearn_mlp_edu._engine import fusion
from sklearn_mlp_edu._engine.layouts import FIRST_OPERAND
from sklearn_mlp_edu._engine.program import Program
from sklearn_mlp_edu._engine.tiles import VECTOR_BYTES

from . import environment, options
from .search import COMPILED, N_ALPHAS, N_FOLDS, THEIRS, search
from .tables import markdown, microseconds, significant
from .timing import interleaved

PRODUCTS = ("product", "product_with_column")
TERMS = FIRST_OPERAND + 8  # the place of a product's k in its row
LARGE = 800  # rows and columns of a product that runs at the processor's peak
LEAST_SHARE = 0.01  # kernels below this are added up


class Call(NamedTuple):
    """A kernel, for so many networks, with these sizes."""

    kernel: str
    networks: int
    m: int
    n: int
    k: int  # 0 for what is no product

    @property
    def operations(self):
        """Return the multiplications and additions of a product."""
        return 2 * self.networks * self.m * self.n * self.k

    @property
    def sizes(self):
        """Return the sizes in words."""
        if self.k:
            return f"{self.networks} × ({self.m}×{self.k}) ({self.k}×{self.n})"
        return f"{self.networks} × {self.m}×{self.n}"


class Ledger:
    """Processor seconds and numbers of calls, by `Call`."""

    def __init__(self):
        self.names, self.seconds, self.numbers = {}, Counter(), Counter()

    @contextmanager
    def booking(self):
        """Let kernels be called one at a time, and book them."""
        run, address_of = Program.run, fusion.address_of

        def noted(kernel, dtype):
            address = address_of(kernel, dtype)
            self.names[address] = kernel.__name__
            return address

        def timed(program, run, start, stop, one):
            own = self.own_cost(program, run, one)
            for i in range(start, stop):
                started = thread_time()
                run(program.address, i, i + 1, one)
                elapsed = thread_time() - started
                call = self.call(program.rows[i].tolist())
                self.seconds[call] += elapsed - own
                self.numbers[call] += 1

        Program.run, fusion.address_of = timed, noted
        try:
            yield
        finally:
            Program.run, fusion.address_of = run, address_of

    def call(self, row):
        """Return what a row of integers says."""
        address, *sizes = row[:FIRST_OPERAND]
        name = self.names[address]
        return Call(name, *sizes, row[TERMS] if name in PRODUCTS else 0)

    def own_cost(self, program, run, one):
        """Return what it takes to time a call that does nothing; measured once."""
        if not hasattr(self, "_own_cost"):

            def nothing():
                started = thread_time()
                run(program.address, 0, 0, one)
                return thread_time() - started

            self._own_cost = float(np.median([nothing() for _ in range(1000)]))
        return self._own_cost


class Measured(NamedTuple):
    """What is known of a workload, per step and network."""

    name: str
    search: float  # seconds
    theirs: float  # of MLPClassifier
    kernels: list  # (Call, seconds, calls), the slowest first

    @property
    def products(self):
        """Return the seconds of all products, and their operations."""
        products = [(s, c.operations * n) for c, s, n in self.kernels if c.k]
        return map(sum, zip(*products, strict=True))


def measure(workload, dtype, n_networks, repeats):
    """Return what is `Measured` of a workload."""
    X, y = workload.data(dtype)
    split = next(StratifiedKFold(N_FOLDS).split(X, y))
    n_steps = workload.epochs * -(-len(split[0]) // workload.batch_size)

    def one_fold(contender, n_alphas, work=workload):
        return search(contender, work, dtype, n_alphas, cv=[split], n_jobs=1)

    ledger = Ledger()
    with ledger.booking():
        one_fold(COMPILED, n_networks, workload.shortened(workload.epochs))()
        ledger.seconds.clear(), ledger.numbers.clear()
        one_fold(COMPILED, n_networks)()
    tasks = {COMPILED: one_fold(COMPILED, n_networks), THEIRS: one_fold(THEIRS, 1)}
    timed = interleaved(tasks, repeats, clock=process_time)
    each = n_steps * n_networks
    return Measured(
        workload.name,
        timed[COMPILED].median / each,
        timed[THEIRS].median / n_steps,
        [
            (call, seconds / each, ledger.numbers[call] / each)
            for call, seconds in ledger.seconds.most_common()
        ],
    )


def peak(dtype):
    """Return how many operations a second a large product by NumPy does."""
    A, B = np.random.default_rng(0).normal(size=(2, LARGE, LARGE)).astype(dtype)
    out = np.empty_like(A)
    tasks = {"product": lambda: np.dot(A, B, out)}
    timed = interleaved(tasks, 30, clock=process_time)
    return 2 * LARGE**3 / min(timed["product"].seconds)


def kernel_table(measured):
    """Return the kernels of a workload and what else there is in a search."""
    rows, minor, rest = [], 0.0, measured.search
    for call, seconds, number in measured.kernels:
        rest -= seconds
        if seconds < LEAST_SHARE * measured.search:
            minor += seconds
            continue
        speed = f"{call.operations * number / seconds / 1e9:.1f}" if call.k else ""
        shares = share(seconds, measured.search)
        rows.append([f"`{call.kernel}`", call.sizes, *shares, speed])
    rows += [
        [name, "", *share(seconds, measured.search), ""]
        for name, seconds in [
            ("other kernels", minor),
            ("no kernel: preparing, scores, …", rest),
            ("whole search", measured.search),
        ]
    ]
    return markdown(["kernel", "sizes", "µs", "%", "Gflop/s"], rows, n_left=2)


def share(seconds, total):
    """Return µs and per cent."""
    return microseconds(max(0.0, seconds)), f"{100 * seconds / total:.0f}"


def bound_table(several, highest):
    """Return each workload beside what its products would take at the peak."""
    rows = []
    for measured in several:
        seconds, operations = measured.products
        at_peak = operations / highest
        whole = measured.search
        times = at_peak, seconds, whole - seconds, whole, measured.theirs
        gains = measured.theirs / whole, measured.theirs / at_peak
        rows.append(
            [
                measured.name,
                significant(operations / 1e6),
                *map(microseconds, times),
                *(f"{gain:.1f}" for gain in gains),
            ]
        )
    header = ["µs per step", "Mflop in products", "they at the peak", "products"]
    header += ["the rest", "whole search", "MLPClassifier", "faster", "at most"]
    return markdown(header, rows)


def main(arguments=None):
    """Print the tables."""
    parser = options.parser("benchmarks.profile_kernels", __doc__, "W1,W2,W4")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float64")
    parser.add_argument(
        "--networks", type=options.positive, default=N_ALPHAS, help="strengths of L2"
    )
    parser.add_argument("--short", action="store_true", help="one epoch, measured once")
    chosen = options.parse(parser, arguments)
    several = []
    for workload in chosen.workloads:
        if chosen.short:
            workload = workload.shortened(workload.epochs)
        sizes = chosen.dtype, chosen.networks
        several.append(measure(workload, *sizes, chosen.repeats))
        print(f"### {workload.name}, {chosen.dtype}: {workload.description}\n")
        print(kernel_table(several[-1]), end="\n\n", flush=True)
    highest = peak(chosen.dtype)
    print(f"### {chosen.dtype}: {chosen.networks} networks, and the bound\n")
    print(bound_table(several, highest), end="\n\n")
    print(
        f"- peak: {highest / 1e9:.1f} Gflop/s, {LARGE}×{LARGE} by np.dot\n"
        f"- kernels are compiled for {binding.get_host_cpu_name()}, with vectors of "
        f"{8 * VECTOR_BYTES} bits\n"
    )
    print(environment.report())


if __name__ == "__main__":
    main()
