"""The benchmarks compare like with like, and report what they measured."""

import json
import re
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from benchmarks import (
    __main__,
    cold_start,
    contender,
    environment,
    first_fit,
    growth,
    prediction,
    profile_step,
    signal_propagation,
    tables,
    threads,
)
from benchmarks.comparison import Comparison, compare
from benchmarks.peers import CONTENDERS
from benchmarks.peers_numpy import MatrixProducts, OperatorProducts, Room, ThisPackage
from benchmarks.real_tables_list import Source
from benchmarks.workloads import WORKLOADS, Workload, select
from sklearn_mlp_edu._lecture import losses

TINY = Workload("tiny", "clusters", 210, 8, 3, (12,), 32, epochs=20)
WORK = {
    "three classes": TINY,
    "two classes": replace(TINY, n_classes=2),
    "two layers of tanh": replace(TINY, hidden=(12, 8), activation="tanh"),
    "sigmoid": replace(TINY, activation="logistic", epochs=60),
    "sparse": Workload("tiny", "sparse text", 210, 4000, 3, (12,), 32, epochs=20),
}
TRAINERS = [c for c in CONTENDERS if not isinstance(c, MatrixProducts)]


def trained(contender, workload, dtype):
    """Train, or skip what is not installed or cannot do the work."""
    for module in contender.modules:
        pytest.importorskip(module)
    obstacle = contender.obstacle(workload, dtype)
    if obstacle:
        pytest.skip(obstacle)
    with threadpool_limits(1):  # again, for what has been imported since
        return contender.prepare(workload, dtype)(workload.epochs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("contender", TRAINERS, ids=lambda c: c.name)
def test_contenders_do_all_steps_and_learn(contender, work, dtype):
    workload = WORK[work]
    result = trained(contender, workload, dtype)
    assert result.n_steps == workload.epochs * 7  # 210 = 6 · 32 + 18
    X, y = workload.data(dtype)
    assert (result.predict(X) == y).mean() > 0.9


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("products", [MatrixProducts, OperatorProducts])
def test_matrix_products_take_as_many_steps(products, work, dtype):
    workload = WORK[work]
    result = products().prepare(workload, dtype)(workload.epochs)
    assert result.n_steps == workload.epochs * 7


@pytest.mark.parametrize("layer_sizes", [(5, 3), (5, 4, 3), (5, 4, 6, 3)])
def test_matrix_products_are_those_of_forward_and_backward_pass(layer_sizes):
    m = 7  # of a last mini-batch that is smaller than the others
    room = Room(layer_sizes, 10, np.float64)
    products = room.products(np.ones((m, 5)))
    assert len(products) == 3 * (len(layer_sizes) - 1) - 1
    pairs = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    weights = [n_in * n_out for n_in, n_out in pairs]
    # forward, ∂J/∂W, and ∂J/∂a, which the inputs do not need
    expected = m * (3 * sum(weights) - weights[0])
    assert sum(A.size * B.shape[1] for _, A, B, _ in products) == expected
    for product, A, B, out in products:
        product(A, B, out)
        np.testing.assert_allclose(out, A @ B)


def test_workloads_are_what_their_descriptions_say():
    for workload in WORKLOADS:
        X, y = workload.data("float32")
        assert X.shape == (workload.n_rows, workload.n_features)
        assert X.dtype == np.float32
        assert set(y) == set(range(workload.n_classes))
        assert sum(workload.batch_sizes) == workload.n_rows
    (sparse,) = (w for w in WORKLOADS if w.is_sparse)
    X, _ = sparse.data("float32")
    assert X.nnz == 0.005 * X.shape[0] * X.shape[1]


def test_whoever_stops_early_is_found_out():
    class Lazy(ThisPackage):
        name = "lazy"

        def prepare(self, workload, dtype):
            train = super().prepare(workload, dtype)
            return lambda epochs: train(min(epochs, 2))

    with pytest.raises(RuntimeError, match="lazy did 14 steps instead of 140"):
        compare([ThisPackage(), Lazy()], TINY, "float32", 1)


def test_who_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(contender, "is_installed", lambda module: False)
    comparison = Comparison("float32", 1, CONTENDERS)
    comparison.add(compare(CONTENDERS, TINY, "float32", 1))
    report = comparison.report(verbose=True)
    for peer, module in {"JAX": "jax", "skorch": "skorch", "PyTorch": "torch"}.items():
        assert f"- {peer}, tiny: {module} is not installed" in report


def test_command_prints_times_ratios_and_versions(capsys, tmp_path):
    path = tmp_path / "times.json"
    arguments = ["--short", "--workloads", "W1", "--float32-only", "--json", str(path)]
    __main__.main(arguments)
    printed = capsys.readouterr().out
    for expected in (
        "µs per mini-batch step",
        "time of this package as a multiple of that of",
        "scikit-learn",
        "products by dot",
        f"| numpy                  | {np.__version__} ",
        "blas of ",
        "threads: ",
    ):
        assert expected in printed
    (measured,) = json.loads(path.read_text())["measurements"]
    assert measured["workload"] == "W1"
    assert len(set(measured["steps"].values())) == 1


def test_unknown_workload_is_refused_clearly(capsys):
    with pytest.raises(ValueError, match="unknown workloads: W99; choose from W1, W2"):
        select(["W1", "W99"])
    with pytest.raises(SystemExit):
        __main__.main(["--workloads", "W99"])
    assert "unknown workloads: W99; choose from W1, W2" in capsys.readouterr().err


def test_no_repeats_are_refused_clearly(capsys):
    with pytest.raises(SystemExit):
        __main__.main(["--repeats", "0"])
    assert "--repeats: 0 is not 1 or more" in capsys.readouterr().err


def test_markdown_aligns_columns():
    table = tables.markdown(["name", "µs"], [["one", 1], ["and two", "22.5"]])
    assert table.splitlines() == [
        "| name    |   µs |",
        "| ------- | ---: |",
        "| one     |    1 |",
        "| and two | 22.5 |",
    ]


@pytest.mark.parametrize(
    "number, text",
    [
        (0, "0"),
        (0.0123456, "0.0123"),
        (1.5, "1.50"),
        (9.999, "10.0"),
        (99.96, "100"),
        (1234567.8, "1,234,568"),
    ],
)
def test_three_digits_or_more(number, text):
    assert tables.significant(number) == text


def test_exponent_of_a_power_law():
    sizes = np.array([10, 100, 3000])
    assert growth.exponent(sizes, 3 * sizes**1.5) == pytest.approx(1.5)


def test_growth_writes_table_and_plot(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "growth.png"
    growth.main(["--largest", "3000", "--repeats", "1", "--plot", str(path)])
    assert "| 3,000    |" in capsys.readouterr().out
    assert path.read_bytes().startswith(b"\x89PNG")


def test_growth_needs_two_sizes(capsys):
    with pytest.raises(SystemExit):
        growth.main(["--largest", "2000"])
    assert "--largest must be 3000 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    "n_cores, expected", [(1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])]
)
def test_counts_of_threads(n_cores, expected):
    assert threads.counts(n_cores) == expected


def test_profile_tells_lines_and_leaves_the_package_as_it_was():
    _, lines = profile_step.profile(TINY, "float32", 1)
    lines = {line: (1e-6, calls) for line, (_, calls) in lines.items()}  # not by time
    table = profile_step.table(1e-5, lines)
    assert re.search(r"\n\| \w+\.py:\d+ ", table) and "whole fit" in table
    assert losses.np is np


def test_kernels_are_profiled_and_run_as_before():
    pytest.importorskip("numba")
    from benchmarks import profile_kernels
    from sklearn_mlp_edu._engine.program import Program

    run = Program.run
    measured = profile_kernels.measure(TINY, "float64", n_networks=2, repeats=1)
    assert Program.run is run
    calls = {call: number for call, _, number in measured.kernels}
    first = profile_kernels.Call("product", 2, 32, 12, 8)
    assert calls[first] == 20 * 5 / (20 * 6 * 2)  # 168 = 5 · 32 + 8 rows to learn from
    assert first.operations == 2 * 2 * 32 * 8 * 12
    assert "\n| whole search " in profile_kernels.kernel_table(measured)
    assert "\n| tiny " in profile_kernels.bound_table([measured], highest=1e9)


def test_predictions_of_both_agree():
    cells = prediction.row("float64", 100, 1)
    assert cells[:2] == ["float64", "100"]


@pytest.fixture
def one_thread_for_processes(monkeypatch):
    """Keep new processes, too, from competing for the cores."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


@pytest.mark.usefixtures("one_thread_for_processes")
def test_first_fit_runs_in_a_process_of_its_own():
    (workload,) = select(["W1"])
    assert first_fit.in_fresh_process(ThisPackage(), workload, threads=None) > 0


@pytest.mark.usefixtures("one_thread_for_processes")
def test_cold_start_learns_the_digits():
    accuracy, epochs = cold_start.run(cold_start.DIGITS + cold_start.THIS_PACKAGE, 0)
    assert accuracy > 0.95 and epochs > 1
    assert cold_start.run(cold_start.IMPORT)[0] > 0


def test_signal_keeps_its_strength_behind_relus_with_he():
    forward, backward = signal_propagation.mean_squares(
        "relu", "he", np.random.RandomState(0)
    )
    assert 0.3 < forward[-1] < 3 and 0.3 < backward[0] < 3


@pytest.fixture
def real():
    """Import what reads tables with pandas."""
    pytest.importorskip("pandas")
    from benchmarks import real_defaults, real_measuring, real_tables

    return SimpleNamespace(
        main=real_defaults.main, measuring=real_measuring, tables=real_tables
    )


def test_rules_for_real_tables(real, tmp_path, monkeypatch):
    rows = [f"{i},{'ab'[i % 2]},,{'xy'[i % 2]}" for i in range(12)]
    rows += ["NA,a,7,x", "8,None,7,x", "9,a,7,rare"]
    (tmp_path / "some.csv").write_text("number,string,empty,y\n" + "\n".join(rows))
    monkeypatch.setattr(real.tables, "folder", lambda package: tmp_path)
    source = Source("some", "package", ("some.csv",))
    table = real.tables.load(source, "classification")
    assert table.X.shape == (13, 4)  # number, and whether string is None, a, b
    assert table.X[-1].tolist() == [8, 1, 0, 0]
    assert np.bincount(table.y).tolist() == [7, 6]


def test_real_tables_have_a_name_of_their_own(real):
    for task, halves in real.tables.SETS.items():
        names = sum((real.tables.available(task, half) for half in halves), [])
        assert len(names) == len(set(names))
    with pytest.raises(ValueError, match="unknown tables: none; choose from iris, wi"):
        real.tables.classification("choose", ["none"])


def test_package_of_real_tables_that_is_missing_is_named(real):
    with pytest.raises(ModuleNotFoundError, match="no_such_package is not installed"):
        real.tables.folder("no_such_package")


def test_who_fails_has_guessed(real):
    (table,) = real.tables.classification("choose", ["iris"])
    nobody = SimpleNamespace(name="nobody", make=lambda seed: None)
    result = real.measuring.measure(nobody, table, 0)
    assert "AttributeError" in result["failure"]
    assert result["log_loss"] == pytest.approx(np.log(3))
    assert result["calibration_error"] == pytest.approx(0)


def test_calibration_error(real):
    sure, unsure = [0.91, 0.09], [0.35, 0.65]
    probabilities = np.array([sure, sure, unsure, unsure])
    labels, y = np.array([0, 1]), np.array([0, 0, 0, 1])
    error = real.measuring.calibration_error(labels, y, probabilities)
    assert error == pytest.approx((2 * 0.09 + 2 * 0.15) / 4)


def test_defaults_on_real_tables_are_measured_once(real, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "limit_threads", lambda n_threads: None)
    path = str(tmp_path / "results.json")
    arguments = ["--tables", "iris,wine", "--splits", "2"]
    real.main([*arguments, "--contenders", "MLPClassifier", "--save", path])
    arguments += ["--contenders", "ours,MLPClassifier", "--merge", path, "--save", path]
    capsys.readouterr()
    real.main(arguments)
    printed = capsys.readouterr()
    assert printed.err == "iris: 2 fits\nwine: 2 fits\n"
    for expected in (
        "| contender     | accuracy | log loss | ",
        "\n| ours          |   0.9",
        "\n| MLPClassifier |   0.9",
        "## Where ours is worse than MLPClassifier",
        "## Failures\n\nNone.",
    ):
        assert expected in printed.out
    assert len(json.loads((tmp_path / "results.json").read_text())["results"]) == 8


def test_dirty_tables_are_read_right_here(tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    from benchmarks import dirty_tables

    for name in ("READERS", "TYPERS"):
        ours = {"this package": getattr(dirty_tables, name)["this package"]}
        monkeypatch.setattr(dirty_tables, name, ours)
    for case in dirty_tables.TABLES:
        results = dirty_tables.table_results(case, tmp_path / "data.csv")
        assert [*results] == ["right"], case.name
    for case in dirty_tables.COLUMNS:
        assert [*dirty_tables.column_results(case)] == ["right"], case.name


def test_time_to_a_loss_is_measured_where_it_is_reached(real, capsys, monkeypatch):
    monkeypatch.setattr(environment, "limit_threads", lambda n_threads: None)
    from benchmarks import time_to_loss

    with warnings.catch_warnings():
        time_to_loss.main(["--tables", "iris", "--splits", "1"])
    printed = capsys.readouterr().out
    assert "\n| iris           | " in printed and " 1 / 1 |" in printed
    assert "over the 1 of 1 tables" in printed
    (table,) = real.tables.classification("choose", ["iris"])
    unreached = [[0.0, 1.0, 1.0, np.nan, np.nan, np.nan]]
    assert time_to_loss.row(table.name, unreached)[0][-1] == "0 / 1"


def test_a_pass_in_small_parts_is_measured(real, capsys, monkeypatch):
    monkeypatch.setattr(environment, "limit_threads", lambda n_threads: None)
    from benchmarks import small_parts

    monkeypatch.setattr(small_parts, "SIZES", (50,))
    with warnings.catch_warnings():
        small_parts.main(["--tables", "iris", "--splits", "2"])
    printed = capsys.readouterr().out
    assert "| 50          | MLPClassifier raw |" in printed
    assert "\n| iris            |          50 |" in printed


def test_remedies_for_numbers_are_held_against_the_other_half():
    pytest.importorskip("pandas")
    from benchmarks import verdict_numbers

    def case(promised, real, error=0.01, helps=False):
        interval = promised - 0.02, promised + 0.02
        names = ("promised", "interval", "real", "error", "helps")
        values = promised, interval, real, error, helps
        return dict(zip(names, values, strict=True))

    results = [
        case(0.10, 0.10, helps=True),
        case(0.10, 0.05),  # not noticed, and beyond the interval
        case(0.00, -0.10, helps=True),  # lost
        case(0.04, 0.04, error=0.03),  # its error is too large to be called a gain
    ]
    told = verdict_numbers.rows_of(results)
    assert told["gains that were noticed"] == "50.0% of 2"
    assert told["said to help, and did not lose"] == "50.0% of 2"
    assert told["said to help, and gained"] == "50.0% of 2"
    assert told["intervals that hold"] == "50.0% of 4"
    assert told["promised less real, median"] == "+0.0250"
    first, other = (
        verdict_numbers.halves(SimpleNamespace(y=range(9)), i) for i in (0, 1)
    )
    assert set(first[0]) == set(other[1]) and not set(first[0]) & set(first[1])


def test_the_cross_validated_network_is_judged(real, capsys, monkeypatch):
    monkeypatch.setattr(environment, "limit_threads", lambda n_threads: None)
    from benchmarks import cross_validated

    cross_validated.main(["--tables", "iris", "--splits", "1", "--n-jobs", "1"])
    numbers = ["--task", "regression", "--tables", "diabetes", "--splits", "1"]
    cross_validated.main([*numbers, "--n-jobs", "1"])
    printed = capsys.readouterr().out
    assert "| MLPRegressor | time ratio |" in printed
    assert (
        "| table          | out of fold |" in printed
        and "\n| median         | " in printed
    )
    assert "0 of them of this package" in printed


def test_unknown_contender_for_real_tables_is_refused_clearly(real, capsys):
    with pytest.raises(SystemExit):
        real.main(["--contenders", "nobody"])
    assert "unknown contenders: nobody; choose from ours, " in capsys.readouterr().err
