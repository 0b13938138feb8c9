"""`fit_stream`: whatever rows come from, they are learned from alike."""

import copy
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor, fit_stream

ROWS = 1200


@pytest.fixture(scope="module")
def rows():
    """1200 × 4, three classes, sorted by class, as tables often are."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], ROWS // 3)
    X = rng.normal(size=(ROWS, 4)) * [1, 100, 0.01, 1]
    X[:, 1] += 300 * y
    X[:, 2] += 0.03 * (y == 2)
    return X.astype(np.float32), y


def network(**parameters):
    defaults = {"hidden_layer_sizes": 5, "batch_size": 20, "random_state": 0}
    return LectureMLPClassifier(**defaults | parameters)


def chunks(X, y, size=100):
    return [(X[i : i + size], y[i : i + size]) for i in range(0, len(y), size)]


def assert_same(one, other):
    for ours, theirs in zip(
        [*one.coefs_, *one.intercepts_],
        [*other.coefs_, *other.intercepts_],
        strict=True,
    ):
        assert_array_equal(ours, theirs)
    assert one.loss_curve_ == other.loss_curve_
    assert one.validation_loss_curve_ == other.validation_loss_curve_


def table(X, y):
    return {**{f"x{j}": X[:, j] for j in range(X.shape[1])}, "label": y}


def as_memmap(X, y, folder):
    X.tofile(folder / "X")
    return (np.memmap(folder / "X", np.float32, "r", shape=X.shape), y), {}


def as_parquet(X, y, folder):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table(table(X, y)), folder / "a.parquet", row_group_size=150)
    return folder / "a.parquet", {"target": "label"}


def as_csv(X, y, folder):
    dataset, csv = (pytest.importorskip(f"pyarrow.{n}") for n in ("dataset", "csv"))
    pa = pytest.importorskip("pyarrow")
    for k, (some, labels) in enumerate(chunks(X, y, 300)):
        csv.write_csv(pa.table(table(some, labels)), folder / f"{k}.csv")
    return dataset.dataset(folder, format="csv"), {"target": "label"}


def as_dask_frame(X, y, folder):
    dask = pytest.importorskip("dask.dataframe")
    pd = pytest.importorskip("pandas")
    frame = dask.from_pandas(pd.DataFrame(table(X, y)), npartitions=8)
    return frame, {"target": "label"}


def as_dask_arrays(X, y, folder):
    array = pytest.importorskip("dask.array")
    return (array.from_array(X, chunks=200), array.from_array(y, chunks=200)), {}


def as_polars(X, y, folder):
    polars = pytest.importorskip("polars")
    return polars.LazyFrame(table(X, y)), {"target": "label"}


def as_frames(X, y, folder):
    pd = pytest.importorskip("pandas")
    return [
        (pd.DataFrame({"a": X[:, 0], "b": X[:, 1]}), y) for X, y in chunks(X, y)
    ], {}


SOURCES = {
    "list": lambda X, y, folder: (chunks(X, y), {}),
    "small batches": lambda X, y, folder: (chunks(X, y, 7), {}),
    "arrays": lambda X, y, folder: ((X, y), {}),
    "memmap": as_memmap,
    "Parquet": as_parquet,
    "CSV": as_csv,
    "Dask frame": as_dask_frame,
    "Dask arrays": as_dask_arrays,
    "Polars": as_polars,
    "data frames": as_frames,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_any_source_is_learned_from(kind, rows, tmp_path):
    """Though sorted by class, and of columns of very different scale."""
    data, options = SOURCES[kind](*rows, tmp_path)
    one = fit_stream(network(), data, n_passes=12, rows_at_once=300, **options)
    assert max(one.validation_scores_) > 0.85
    assert_array_equal(one.classes_, [0, 1, 2])
    assert 0.8 * ROWS < one.n_samples_seen_ < 0.97 * ROWS  # the rest is held out
    again = fit_stream(network(), data, n_passes=12, rows_at_once=300, **options)
    assert_same(one, again)
    if options:
        assert list(one.feature_names_in_) == ["x0", "x1", "x2", "x3"]
        one.predict(pytest.importorskip("pandas").DataFrame(table(*rows)).iloc[:, :4])


def test_a_function_gives_its_batches_in_their_order(rows):
    """So what it yields should be mixed already."""
    X, y = (part[np.random.default_rng(0).permutation(ROWS)] for part in rows)
    data = chunks(X, y)
    calls = []

    def batches():
        calls.append(1)
        yield from data

    one = fit_stream(network(), batches, n_passes=8, rows_at_once=300)
    assert max(one.validation_scores_) > 0.85
    assert len(calls) == 1 + one.n_iter_  # the first was for the classes
    calls.clear()
    fit_stream(network(), batches, n_passes=1, classes=[0, 1, 2])
    assert len(calls) == 1


def test_it_is_as_good_as_in_memory(rows):
    """The same inputs, standardised by the same statistics, as well learned."""
    X, y = rows
    stream = fit_stream(network(), chunks(X, y), n_passes=30, patience=30, validation=0)
    whole = network(max_iter=30, tol=0, n_iter_no_change=np.inf).fit(X, y)
    assert_allclose(stream.mean_, whole.mean_, rtol=1e-5)
    assert_allclose(stream.scale_, whole.scale_, rtol=1e-5)
    assert stream.alpha_ == whole.alpha_
    assert stream.n_samples_seen_ == ROWS
    assert stream.n_iter_ == len(stream.loss_curve_) == 30
    assert stream.t_ == 30 * ROWS
    assert stream.validation_scores_ is None
    assert stream.loss_ == pytest.approx(whole.loss_, rel=0.1)


def test_the_best_pass_is_kept_and_patience_ends(rows):
    X, y = rows
    rng = np.random.default_rng(0)
    noise = rng.integers(3, size=ROWS)  # nothing to learn: it gets worse
    X_val, y_val = (
        rng.normal(size=(300, 4)).astype(np.float32),
        rng.integers(3, size=300),
    )
    one = fit_stream(
        network(hidden_layer_sizes=50, alpha=0.0, learning_rate="constant"),
        (X, noise),
        n_passes=40,
        patience=3,
        validation=(X_val, y_val),
    )
    curve = np.array(one.validation_loss_curve_)
    assert len(curve) == np.argmin(curve) + 1 + 3 < 40
    p = one.predict_proba(X_val)[np.arange(300), y_val]
    assert -np.log(p).mean() == pytest.approx(curve.min(), rel=1e-5)
    assert one.best_validation_score_ == max(one.validation_scores_)


@pytest.mark.parametrize("share", [0.1, 0])
def test_the_rate_is_lowered_twice_when_patience_is_over(share, rows):
    """As in `fit`; without a validation set, patience watches the cost."""
    X, y = rows
    noise = np.random.default_rng(0).integers(3, size=ROWS)
    one = network(tol=0.1)
    fit_stream(one, (X, noise), n_passes=40, patience=2, validation=share)
    assert one.n_iter_ < 40
    assert one.learning_rate_ == pytest.approx(one.learning_rate_init_ / 25)
    adaptive = network(tol=10, learning_rate="adaptive", learning_rate_init=1e-3)
    fit_stream(adaptive, (X, y), n_passes=40, patience=1, validation=share)
    assert 1e-6 / 5 < adaptive.learning_rate_ < 1e-6


def test_rows_of_weight_zero_are_not_learned_from(rows, tmp_path):
    X, y = rows
    rng = np.random.default_rng(0)
    weight = 5.0 * (rng.random(ROWS) < 0.7)
    wrong = np.where(weight, y, (y + 1) % 3)
    weight[:300] = 0  # a whole group
    options = {"n_passes": 12, "rows_at_once": 150}
    batches = [
        (X[i : i + 50], wrong[i : i + 50], weight[i : i + 50])
        for i in range(0, ROWS, 50)
    ]
    one = fit_stream(network(), batches, **options)
    assert one.score(X, y) > 0.85
    assert max(one.validation_scores_) > 0.85  # weighted, too
    own = X[::5], wrong[::5], weight[::5]
    two = fit_stream(network(), (X, wrong, weight), validation=own, **options)
    assert two.best_validation_score_ == pytest.approx(two.score(*own), abs=0.05)
    dataset = pytest.importorskip("polars").LazyFrame
    frame = dataset(table(X, wrong) | {"w": weight})
    three = fit_stream(network(), frame, target="label", weight="w", **options)
    assert list(three.feature_names_in_) == ["x0", "x1", "x2", "x3"]
    assert three.n_features_in_ == 4
    assert max(three.validation_scores_) > 0.85


@pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])
def test_a_common_factor_of_all_weights_changes_nothing(kind, rows):
    """Nor does it that of classes."""
    X, y = rows
    options = {"n_passes": 3, "rows_at_once": 300}
    weight = np.random.default_rng(0).choice([1.0, 2.0], ROWS)
    one, other = (
        fit_stream(kind(5, random_state=0), (X, y, factor * weight), **options)
        for factor in (1, 1024)
    )
    assert_same(one, other)
    plain = fit_stream(kind(5, random_state=0), (X, y), **options)
    ones = fit_stream(kind(5, random_state=0), (X, y, 4 * np.ones(ROWS)), **options)
    assert_allclose(ones.coefs_[0], plain.coefs_[0], rtol=1e-3, atol=1e-4)


def test_numbers_and_labels_are_learned_too(rows):
    X, y = rows
    target = X @ [1, 0.01, 3, 0] + 5
    regressor = LectureMLPRegressor(5, batch_size=20, random_state=0)
    fit_stream(regressor, chunks(X, target), n_passes=12, rows_at_once=300)
    assert regressor.score(X, target) > 0.8
    labels = np.stack([y > 0, y > 1], axis=1).astype(int)
    many = fit_stream(network(), chunks(X, labels), n_passes=5, rows_at_once=300)
    assert many.predict(X).shape == (ROWS, 2)


# Going on after a crash


class Crash(Exception):
    """Stands for anything that ends a process."""


class Fragile:
    """Batches of which, in the end, none can be read."""

    def __init__(self, batches, n_left):
        self.batches, self.n_left = batches, n_left

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, place):
        self.n_left -= 1
        if self.n_left < 0:
            raise Crash
        return self.batches[place]


@pytest.mark.parametrize(
    "changes",
    [{}, {"solver": "adam"}, {"engine": "compiled"}, {"batch_size": "full"}],
    ids=["sgd", "adam", "compiled", "full batch"],
)
def test_it_goes_on_as_if_nothing_had_happened(changes, rows, tmp_path):
    """Also within passes whose groups one prepared training learns from."""
    if "engine" in changes:
        pytest.importorskip("numba")
    options = {"n_passes": 3, "rows_at_once": 300, "classes": [0, 1, 2]}
    options["checkpoint_seconds"] = 0
    batches = chunks(*rows)
    make = lambda: network(dropout=0.1, **changes)  # noqa: E731
    undisturbed = fit_stream(make(), Fragile(batches, 10**6), **options)
    for n_left in (5, 12, 21):
        path = tmp_path / f"{n_left}"
        one = make()
        with pytest.raises(Crash):
            fit_stream(one, Fragile(batches, n_left), checkpoint=path, **options)
        assert not hasattr(one, "coefs_")
        fit_stream(one, Fragile(batches, 10**6), checkpoint=path, **options)
        assert_same(one, undisturbed)
        assert one.get_params() == make().get_params()
    # One that has ended gives its result, and goes on if there are to be more passes.
    assert_same(
        fit_stream(make(), Fragile(batches, 0), checkpoint=path, **options), one
    )
    options["n_passes"] = 5
    more = fit_stream(make(), Fragile(batches, 10**6), checkpoint=path, **options)
    assert_same(more, fit_stream(make(), Fragile(batches, 10**6), **options))


SCRIPT = """
    import os, signal, sys, threading
    import numpy as np
    from sklearn_mlp_edu import LectureMLPClassifier, fit_stream
    path, n_left = sys.argv[1], int(sys.argv[2])
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 4)); y = (X[:, 0] > X[:, 1] ** 2).astype(int)

    def progress(done, total):
        global n_left
        n_left -= 1
        if n_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    network = LectureMLPClassifier(5, random_state=0)
    data = [(X[i : i + 100], y[i : i + 100]) for i in range(0, 2000, 100)]
    fit_stream(network, data, n_passes=3, rows_at_once=400, checkpoint=path,
               checkpoint_seconds=0, progress=progress)
    print(repr(network.coefs_), repr(network.intercepts_), network.loss_curve_)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_and_started_again_it_ends_with_the_same_weights(
    tmp_path, monkeypatch, capsys
):
    script = textwrap.dedent(SCRIPT)

    def run_elsewhere(n_left):
        command = [sys.executable, "-c", script, str(tmp_path / "one"), str(n_left)]
        return subprocess.run(command, capture_output=True, text=True)

    killed = run_elsewhere(7)  # in the second pass
    assert killed.returncode == -9, killed
    monkeypatch.setattr(sys, "argv", ["-c", str(tmp_path / "other"), "0"])
    exec(script, {})
    assert run_elsewhere(0).stdout == capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"network": network(alpha=0.5)}, "alpha"),
        ({"rows_at_once": 77}, "rows_at_once"),
        ({"classes": [0, 1, 2, 3]}, "classes"),
    ],
    ids=["parameter", "rows", "classes"],
)
def test_a_checkpoint_of_another_training_is_refused(change, message, rows, tmp_path):
    options = {"n_passes": 1, "classes": [0, 1, 2], "checkpoint": tmp_path / "saved"}
    fit_stream(network(), rows, **options)
    other = change.pop("network", network())
    with pytest.raises(ValueError, match=f"another training .*{message}"):
        fit_stream(other, rows, **options | change)


def halved(epoch):
    """A schedule."""
    return 0.5**epoch


def thirded(epoch):
    """Another."""
    return 0.3**epoch


def test_functions_among_the_parameters_are_known_by_name(rows, tmp_path):
    path = tmp_path / "saved"
    options = {"n_passes": 1, "checkpoint": path, "checkpoint_seconds": 0}
    one = fit_stream(network(learning_rate=halved), rows, **options)
    assert_same(fit_stream(network(learning_rate=halved), rows, **options), one)
    with pytest.raises(ValueError, match="another training .*learning_rate"):
        fit_stream(network(learning_rate=thirded), rows, **options)


def test_a_function_without_a_name_is_refused_with_a_checkpoint(rows, tmp_path):
    path = tmp_path / "saved"
    with pytest.raises(ValueError, match="cannot be pickled: .* have a name"):
        fit_stream(network(learning_rate=lambda epoch: 1.0), rows, checkpoint=path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_checkpoint_is_refused(rows, tmp_path):
    path = tmp_path / "saved"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="cannot be read. Remove the file"):
        fit_stream(network(), rows, checkpoint=path)
    path.write_bytes(pickle.dumps({"format": 0}))
    with pytest.raises(ValueError, match="another version"):
        fit_stream(network(), rows, checkpoint=path)
    with pytest.raises(ValueError, match="no such folder"):
        fit_stream(network(), rows, checkpoint=tmp_path / "nowhere" / "saved")
    assert path.exists()


def test_ctrl_c_keeps_finished_passes(rows):
    def progress(done, total):
        if done > 1.5 * 0.9 * ROWS:
            raise KeyboardInterrupt

    one = network()
    options = {"rows_at_once": 300, "classes": [0, 1, 2]}
    with pytest.raises(KeyboardInterrupt):
        fit_stream(one, rows, n_passes=5, progress=progress, **options)
    assert one.n_iter_ == 1
    assert one.predict(rows[0]).shape == (ROWS,)


# What is refused


def other_columns(X, y):
    return [*chunks(X, y), (X[:50, :3], y[:50])]


def other_type(X, y):
    return [*chunks(X, y), (X[:50].astype(str), y[:50])]


def other_float(X, y):
    return [*chunks(X, y), (X[:50].astype(np.float64), y[:50])]


def other_targets(X, y):
    return [(X, y), (X, y.astype(str))]


def more_targets(X, y):
    return [(X, y), (X, np.c_[y, y])]


def some_weighted(X, y):
    return [(X, y, np.ones(ROWS)), (X, y)]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (other_columns, {}, "Batch 12 has X with a number of columns of 3, where"),
        (other_type, {}, "Batch 12 has X of shape .* pass numbers"),
        (other_float, {}, "Batch 12 has X with numbers of type float64, where"),
        (other_targets, {}, "targets that are (text|numbers), where the first one"),
        (
            more_targets,
            {"classes": [0, 1, 2]},
            "targets that are numbers( in 2 col.*)?, w",
        ),
        (chunks, {"classes": [0, 1]}, r"classes \[2\], which are not among"),
        (lambda X, y: [], {}, "no rows"),
        (lambda X, y: lambda: iter(()), {}, "no rows"),
        (lambda X, y: lambda: iter(()), {"classes": [0, 1]}, "no rows"),
        (lambda X, y: [(X, y[:9])], {}, "Batch 0 has 1200 rows of X, but 9 of y"),
        (lambda X, y: (X, y[:9]), {}, "X has 1200 rows, but y has 9"),
        (lambda X, y: [(X, y, y[:9])], {}, "1200 rows of X, but 9 of sample_weight"),
        (lambda X, y: (X, y, y[:9]), {}, "X has 1200 rows, but sample_weight has 9"),
        (lambda X, y: (X, y, -1.0 - y), {}, "Negative values"),
        (lambda X, y: (X, y, 0 * y), {}, "all weights are zero"),
        (some_weighted, {}, "rows with (no )?weights, where the first one had "),
        (chunks, {"target": "label"}, "y of their own"),
        (chunks, {"weight": "w"}, "weight='w' names a column .* of their own"),
        (chunks, {"n_passes": 0}, "n_passes must be an int >= 1"),
        (chunks, {"patience": 1.5}, "patience must be"),
        (chunks, {"rows_at_once": 0}, "rows_at_once must be"),
        (chunks, {"checkpoint_seconds": -1}, "checkpoint_seconds must be"),
        (chunks, {"validation": 1.0}, "validation must be"),
        (chunks, {"validation": (np.ones((9, 3)), np.ones(9, int))}, "3 features"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(data, options, message, rows):
    one = network().fit(*rows)
    before = copy.deepcopy(one)
    with pytest.raises(ValueError, match=message):
        fit_stream(
            one, data(*rows), rows_at_once=options.pop("rows_at_once", 300), **options
        )
    assert_same(one, before)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (other_columns, "a number of columns of 3, where"),
        (other_float, "numbers of type float64, where"),
        (more_targets, "targets that are numbers"),
        (lambda X, y: [*chunks(X, y), (X, y * np.nan)], "Input y contains NaN"),
        (lambda X, y: [(X[:0], y[:0])], "no rows"),
    ],
)
def test_numbers_are_refused_alike(data, message, rows):
    one = LectureMLPRegressor(5, random_state=0)
    with pytest.raises(ValueError, match=message):
        fit_stream(one, data(*rows), rows_at_once=300, n_passes=1)
    assert not hasattr(one, "coefs_")


@pytest.mark.parametrize("data", [3, [1, 2], object(), {"a": 1}])
def test_what_is_no_data_is_refused(data):
    with pytest.raises(TypeError, match="pair|must be a list"):
        fit_stream(network(), data, classes=[0, 1])


def test_tables_are_refused_that_hold_text_or_no_target(tmp_path):
    polars = pytest.importorskip("polars")
    frame = polars.LazyFrame({"a": [1.0, 2.0], "b": ["x", "y"], "label": [0, 1]})
    for target in (None, "c"):
        with pytest.raises(ValueError, match="must name the column"):
            fit_stream(network(), frame, target=target)
    with pytest.raises(ValueError, match="Column 'b' holds"):
        fit_stream(network(), frame, target="label")
    for weight in ("c", "label"):
        with pytest.raises(ValueError, match="must name a column of weights"):
            fit_stream(network(), frame, target="label", weight=weight)


def test_estimators_are_refused_that_cannot_stream(rows):
    from sklearn.linear_model import SGDClassifier

    with pytest.raises(TypeError, match="fit_stream trains a LectureMLPClassifier"):
        fit_stream(SGDClassifier(), rows)
    for parameters in ({"solver": "lbfgs"}, {"early_stopping": True}):
        with pytest.raises(ValueError, match="fit_stream needs"):
            fit_stream(network(**parameters), rows)


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.dataset", None)
    with pytest.raises(ImportError, match=r"pyarrow.*sklearn-mlp-edu\[report\]"):
        fit_stream(network(), "some.parquet", target="label")


def test_progress_and_verbose_tell_of_passes(rows, capsys):
    told = []
    fit_stream(
        network(verbose=True),
        rows,
        n_passes=2,
        rows_at_once=300,
        validation=0,
        progress=lambda *numbers: told.append(numbers),
    )
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["pass", "1"],
        ["pass", "2"],
    ]
    assert told == [(300 * (k + 1), 2 * ROWS) for k in range(8)]
