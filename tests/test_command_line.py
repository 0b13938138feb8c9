"""``python -m sklearn_mlp_edu``: what it writes, reads and refuses."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPRegressor,
    __main__,
    __version__,
)
from sklearn_mlp_edu.__main__ import main

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
pytest.importorskip("rich")
pytest.importorskip("skrub")
HOSTILE = "<img src=x onerror=alert(1)>"


def people(n_rows=120):
    """A table with every kind of column."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"id": np.arange(n_rows)})
    frame["age"] = rng.normal(40, 10, n_rows).round(1)
    frame["income"] = rng.normal(3e4, 1e4, n_rows).round(2)
    frame["city"] = rng.choice(["Köln", "Bonn", "Ulm"], n_rows)
    frame["member"] = rng.uniform(size=n_rows) > 0.5
    frame["when"] = pd.date_range("2024-01-31", periods=n_rows).strftime("%Y-%m-%d")
    frame["note"] = [f"a remark, number {i}" for i in range(n_rows)]
    frame["country"] = "DE"
    label = frame["age"] + 5 * (frame["city"] == "Köln") + rng.normal(0, 3, n_rows)
    frame["label"] = np.where(label > 42, HOSTILE, "no")
    frame.loc[::7, "age"] = np.nan
    frame.loc[::9, "city"] = None
    frame.loc[5, "label"] = None
    return frame


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def quick(*arguments):
    """Diagnose ``data.csv`` with a small network in this process."""
    main(["diagnose", *arguments, "--hidden", "2", "--cv", "2", "--jobs", "1"])


@pytest.fixture(autouse=True)
def few_epochs(monkeypatch):
    """Train tables briefly: these tests are about all but the training."""

    def brief(kind):
        def network(*arguments, **parameters):
            epochs = {"max_iter": 2, "n_iter_no_change": np.inf}
            return kind(*arguments, **{**parameters, **epochs})

        monkeypatch.setattr(__main__, kind.__name__, network)

    brief(LectureMLPClassifier)
    brief(LectureMLPRegressor)


def test_no_argument_diagnoses_the_lectures_case(folder, monkeypatch, capsys):
    """With fewer and smaller pictures than in earnest."""
    from sklearn_mlp_edu import _data

    draw = _data.make_ball_images
    monkeypatch.setattr(
        _data, "make_ball_images", lambda n, **k: draw(n, **{**k, "size": 8})
    )
    monkeypatch.setattr(__main__, "N_IMAGES", 60)
    main(["--jobs", "1"])
    output = capsys.readouterr()
    assert "is there a ball?" in output.out
    assert "60 examples, 192 features, 2 classes; 5 folds" in output.out
    for remedy in ("regularisation", "smaller network", "dropout"):
        assert f"\n{remedy}" in output.out
    assert output.out.endswith("Wrote overfitting_report.html\n")
    assert "Is there a ball in the picture?" in (
        folder / "overfitting_report.html"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("data.csv", lambda t, p: t.to_csv(p, index=False)),
        ("data.tsv", lambda t, p: t.to_csv(p, index=False, sep="\t")),
        ("data.parquet", lambda t, p: t.to_parquet(p)),
        (
            "semicolons.csv",
            lambda t, p: t.to_csv(
                p, index=False, sep=";", decimal=",", encoding="cp1252"
            ),
        ),
        ("utf16.txt", lambda t, p: t.to_csv(p, index=False, encoding="utf-16")),
        ("mark.csv", lambda t, p: t.to_csv(p, index=False, encoding="utf-8-sig")),
    ],
)
def test_formats_delimiters_and_encodings_are_found(folder, capsys, name, write):
    write(people(), folder / name)
    main(["diagnose", name, "--columns"])
    output = capsys.readouterr().out
    told = {line.split()[0]: " ".join(line.split()[1:]) for line in output.splitlines()}
    assert told["id"].endswith("0 left out: row numbers")
    assert told["age"].startswith("18 number")
    assert told["income"].startswith("0 number")
    assert told["city"] == "14 category, 3 values"
    assert told["when"] == "0 date, ISO 8601, 2024-01-31 to 2024-05-29"
    assert told["label"] == "1 category, 2 values"
    assert ("Windows-1252" in output) == (name == "semicolons.csv")


def test_the_answer_tells_what_was_done_with_each_column(folder, capsys):
    people().to_csv("data.csv", index=False)
    quick("data.csv", "--target", "label", "--json", "report.json")
    output = capsys.readouterr().out
    assert "119 examples, 5 features, 2 classes; 2 folds" in output
    assert "Rows without 'label', left out: 1." in output
    assert "Left out as row numbers: 'id'." in output
    assert "Read as date, ISO 8601: 'when'." in output
    assert "Left out as numbered, different in nearly each row: 'note'." in output
    assert "Left out as always 'DE': 'country'." in output
    values = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    names = ["age", "income", "city", "member", "when"]
    assert values["data"]["feature_names"] == names
    assert values["data"]["classes"].keys() == {HOSTILE, "no"}
    assert values["title"] == "Overfitting report: data.csv"
    assert values["verdict"] in output.lower()
    columns = {row.pop("column"): row for row in values["columns"]}
    assert columns["id"] == {"read as": "left out: row numbers", "missing": 0}
    assert columns["city"] == {"read as": "category, 3 values", "missing": 14}
    assert columns["label"] == {"read as": "target, 2 classes", "missing": 1}
    page = (folder / "overfitting_report.html").read_text(encoding="utf-8")
    assert '<td data-name="read as">date, ISO 8601, 2024-01-31 to' in page


def test_options_reach_the_diagnosis(folder, capsys):
    people().to_csv("data.csv", index=False)
    arguments = ["--target", "label", "--hidden", "3,2", "--alpha", "1e-3", "--cv", "3"]
    more = ["--scoring", "roc_auc", "--jobs", "2", "--seed", "7", "--drop", "member,id"]
    more += ["--json", "report.json", "--output", "page.html"]
    main(["diagnose", "data.csv", *arguments, *more])
    values = json.loads((folder / "report.json").read_text())
    data = values["data"]
    assert data["scoring"] == "roc_auc" and data["n_folds"] == 3
    assert data["alpha"] == 1e-3 and data["hidden_layer_sizes"] == [3, 2]
    assert "random_state=7" in data["estimator"]
    assert "member" not in data["feature_names"]
    assert "scoring         roc_auc" in capsys.readouterr().out
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "<img" not in page and "&lt;img src=x" in page


def test_options_before_the_command_hold(folder):
    people().to_csv("data.csv", index=False)
    main(
        ["--cv", "2", "--jobs", "1", "--json", "a.json", "diagnose", "data.csv"]
        + ["--target", "label"]
    )
    assert json.loads((folder / "a.json").read_text())["data"]["n_folds"] == 2


def test_groups_and_samples(folder, capsys):
    people().to_csv("data.csv", index=False)
    quick("data.csv", "--target", "label", "--group", "city", "--sample", "90")
    output = capsys.readouterr().out
    assert "90 of 120 rows were drawn at random." in output


def test_delimiter_and_encoding_can_be_given(folder, capsys):
    people().to_csv("data.csv", index=False, sep="|", encoding="cp1252")
    options = ["--delimiter", "|", "--encoding", "cp1252"]
    main(["diagnose", "data.csv", "--columns", *options])
    output = capsys.readouterr().out
    assert "Windows-1252" not in output and "category, 3 values" in output


def fails(capsys, *arguments):
    """Return the one line that the command ends with, after checking its status."""
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("sklearn-mlp-edu: error: ") and error.count("\n") == 1
    return error


def test_unfit_targets_are_told(folder, capsys):
    frame = pd.DataFrame({"x": np.sin(np.arange(60)), "y": range(60)})
    frame.to_csv("data.csv", index=False)
    classes = ["--target", "y", "--task", "classification"]
    message = fails(capsys, "diagnose", "data.csv", *classes)
    assert "the target 'y' holds 60 different whole numbers" in message
    assert "or pass --task regression" in message
    message = fails(capsys, "diagnose", "data.csv", "--target", "x", "--drop", "x")
    assert "'x' is the target and cannot be dropped" in message


def test_table_without_features_is_told(folder, capsys):
    pd.DataFrame({"x": [1] * 20, "y": [0, 1] * 10}).to_csv("data.csv", index=False)
    message = fails(capsys, "diagnose", "data.csv", "--target", "y")
    assert "no column is left to learn from. Left out as always '1': 'x'." in message


def test_missing_column_is_told_with_those_there_are(folder, capsys):
    people().to_csv("data.csv", index=False)
    message = fails(capsys, "diagnose", "data.csv", "--target", "lable")
    assert "no column 'lable'; the columns are 'id', 'age'" in message
    options = ["--target", "label", "--group", "house"]
    message = fails(capsys, "diagnose", "data.csv", *options)
    assert "no column 'house'" in message


def test_unfit_files_are_told(folder, capsys):
    (folder / "noise.csv").write_bytes(bytes(range(256)) * 4)
    (folder / "ragged.csv").write_text("a,b\n1,2\n1,2,3,4\n")
    for name, message in {
        "missing.csv": "missing.csv does not exist",
        ".": "is not a file",
        "noise.csv": "could not be read: it holds bytes that no text has",
        "ragged.csv": "could not be read: line 3 has 4 cells",
    }.items():
        assert message in fails(capsys, "diagnose", name, "--target", "y")
    people().to_csv("data.csv", index=False)
    options = ["--target", "label", "--encoding", "klingon"]
    assert "klingon" in fails(capsys, "diagnose", "data.csv", *options)


def test_columns_are_told_without_training(folder, capsys):
    people().to_csv("data.csv", index=False)
    main(["diagnose", "data.csv", "--columns"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["column", "missing", "read", "as"]
    cells = {line.split()[0]: line.split(maxsplit=2)[1:] for line in lines}
    assert len(lines) == 1 + people().shape[1]
    assert cells["id"] == ["0", "left out: row numbers"]
    assert cells["age"] == ["18", "number, 16.7 to 60"]
    assert cells["city"] == ["14", "category, 3 values"]
    main(["diagnose", "data.csv", "--columns", "--target", "label", "--drop", "age"])
    output = capsys.readouterr().out
    assert "target, 2 classes" in output
    assert "left out, as asked for; number" in output
    assert list(folder.glob("*.html")) == []
    options = ["--columns", "--target", "lable"]
    assert "Did you mean 'label'?" in fails(capsys, "diagnose", "data.csv", *options)


def test_a_database_is_asked(folder, capsys):
    with closing(sqlite3.connect("data.db")) as connection:
        people().to_sql("people", connection, index=False)
    query = "SELECT age, city FROM people WHERE age > 30"
    main(["diagnose", "data.db", "--columns", "--query", query])
    assert "category, 3 values" in capsys.readouterr().out


def test_a_file_without_the_command_is_told_the_command(folder, capsys):
    message = fails(capsys, "my data.csv", "--target", "y")
    assert "write: sklearn-mlp-edu diagnose 'my data.csv' --target y" in message
    message = fails(capsys, "--cv", "3", "data.csv", "--target", "y")
    assert "write: sklearn-mlp-edu diagnose --cv 3 data.csv --target y" in message


def test_a_closed_pipe_ends_quietly(tmp_path):
    path = tmp_path / "data.csv"
    names = ",".join(f"a_long_name_of_column_{i}" for i in range(5000))
    path.write_text(f"{names}\n{'1,' * 4999}1\n")
    command = [sys.executable, "-m", "sklearn_mlp_edu", "diagnose", path, "--columns"]
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **settings) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_ten_gigabytes_are_refused_at_once(folder, capsys):
    with open("large.csv", "wb") as file:
        file.truncate(10 * 10**9)  # takes no room on disk
    message = fails(capsys, "diagnose", "large.csv", "--target", "y")
    assert "large.csv has 10.0 GB, more than the 2 GB" in message
    assert "--sample 20000" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cv", "1"], "argument --cv: needs an int >= 2, got '1'"),
        (["--cv", "x"], "argument --cv: needs an int >= 2, got 'x'"),
        (["--hidden", "8,0"], "argument --hidden: needs an int >= 1, got '0'"),
        (["--alpha", "-1"], "argument --alpha: needs a number >= 0 or auto, got '-1'"),
        (["--scoring", "beauty"], "knows no scorer 'beauty'"),
        (["--output", "no/where.html"], "its folder is missing"),
        (["--json", "."], "it is a folder"),
        (["mnist"], "invalid choice: 'mnist'"),
        (["diagnose", "data.csv"], "arguments are required: --target"),
        (["diagnose", "data.csv", "--target", "y", "--delimiter", "ab"], "got 'ab'"),
    ],
)
def test_bad_option_is_one_line_and_status_2(folder, capsys, arguments, message):
    assert message in fails(capsys, *arguments)


def test_missing_library_is_told_with_its_extra(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "rich", None)
    assert 'pip install "sklearn-mlp-edu[report]"' in fails(capsys)


@pytest.mark.parametrize("arguments", [["--help"], ["diagnose", "--help"]])
def test_help_explains_the_command(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    output = capsys.readouterr().out
    assert "iagnose" in output and "--scoring" in output


def run(*arguments, **settings):
    """Run the command as a shell would."""
    command = [sys.executable, "-m", "sklearn_mlp_edu", *arguments]
    return subprocess.run(command, check=True, **settings)


def test_scorers_are_listed(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--scoring", "list"])
    assert ended.value.code == 0
    head, *classes = capsys.readouterr().out.split("regression:")[0].split()
    assert head == "classification:"
    assert {"accuracy", "average_precision", "roc_auc", "neg_log_loss"} <= set(classes)
    assert "r2" not in classes and "rand_score" not in classes
    message = fails(capsys, "--scoring", "nonsense")
    assert ", ".join(classes) in message and "neg_mean_absolute_error" in message


# Numbers


def homes(n_rows=120):
    """A table with a price, a few stars and a kind."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.uniform(30, 200, n_rows).round()})
    frame["city"] = rng.choice(["Köln", "Bonn"], n_rows)
    frame["price"] = (3000 * frame["size"] + rng.normal(0, 5e4, n_rows)).round()
    frame["stars"] = rng.integers(1, 6, n_rows)
    frame["kind"] = np.where(frame["size"] > 100, "house", "flat")
    frame.loc[3, "price"] = np.nan
    return frame


def test_a_price_is_predicted_as_a_number(folder, capsys):
    homes().to_csv("data.csv", index=False)
    quick("data.csv", "--target", "price", "--json", "report.json")
    output = capsys.readouterr().out
    assert "read as a quantity, so the task is regression" in output
    assert "target          price: numbers from" in output
    assert "mean absolute error" in output and "misses          price:" in output
    values = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert values["data"]["task"] == "regression"
    assert values["data"]["scoring"] == "r2"
    assert values["data"]["targets"][0]["name"] == "price"
    assert len(values["out_of_fold_"]["predicted"]) == 119
    command = values["provenance"]["command"]
    assert command.startswith("sklearn-mlp-edu diagnose data.csv --target price --json")
    page = (folder / "overfitting_report.html").read_text(encoding="utf-8")
    assert "How far predictions missed" in page and "predicted price" in page
    assert "sklearn-mlp-edu diagnose data.csv" in page


def test_few_numbers_are_predicted_as_numbers_where_asked_for(folder, capsys):
    homes().to_csv("data.csv", index=False)
    options = ["--target", "stars", "--budget", "1e-9"]
    quick("data.csv", *options)
    output = capsys.readouterr().out
    assert "read as classes" in output and "5 classes; 2 folds" in output
    scoring = ["--scoring", "neg_mean_absolute_error"]
    quick("data.csv", *options, "--task", "regression", *scoring)
    output = capsys.readouterr().out
    assert "scoring         neg_mean_absolute_error" in output
    assert "target          stars: numbers from 1.000 to 5.000" in output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["kind", "--task", "regression"], "but a regression predicts numbers"),
        (["price", "--task", "classification"], "or pass --task regression"),
        (["price", "--scoring", "accuracy"], "'accuracy' is not for regression, which"),
        (["kind", "--scoring", "r2"], "'r2' is not for classification, which has"),
        (["price", "--task", "both"], "argument --task: invalid choice: 'both'"),
    ],
)
def test_a_task_that_does_not_fit_is_told(folder, capsys, options, message):
    homes().to_csv("data.csv", index=False)
    assert message in fails(capsys, "diagnose", "data.csv", "--target", *options)


def test_columns_tell_a_target_of_numbers(folder, capsys):
    homes().to_csv("data.csv", index=False)
    main(["diagnose", "data.csv", "--columns", "--target", "price"])
    lines = capsys.readouterr().out.splitlines()
    assert "read as a quantity" in lines[0]
    (told,) = (line for line in lines if line.startswith("price"))
    assert "target, a number, " in told


def test_budget_and_a_rare_class_reach_the_report(folder):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=200).round(3)})
    frame["label"] = np.where(frame["a"] > frame["a"].nlargest(12).min(), "ill", "well")
    frame.to_csv("data.csv", index=False)
    arguments = ["--target", "label", "--budget", "1e-9", "--json", "a.json"]
    quick("data.csv", *arguments)
    report = json.loads((folder / "a.json").read_text())
    assert report["data"]["scoring"] == "average_precision"
    assert "budget" in report["remedies"]["regularisation"]["skipped"]


def test_runs_as_a_module():
    result = run("--version", capture_output=True, text=True)
    assert result.stdout.strip() == __version__


def test_progress_bar_on_a_terminal_and_none_in_a_pipe(tmp_path):
    path = tmp_path / "data.csv"
    frame = people()
    frame[["age", "income", "label"]].dropna().to_csv(path, index=False)
    arguments = ["diagnose", path, "--target", "label", "--hidden", "2", "--cv", "2"]
    arguments += ["--jobs", "1", "--output", tmp_path / "page.html"]
    piped = run(*arguments, capture_output=True, text=True)
    # Where it takes long, there are lines of how far it is; no bar either way.
    assert re.fullmatch(r"(\d+% done in [^\r\n\x1b\[]+\n)*", piped.stderr)
    ours, theirs = pytest.importorskip("pty").openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "sklearn_mlp_edu", *arguments]
    settings = {"stdout": subprocess.DEVNULL, "stderr": theirs, "env": environment}
    shown = b""
    with subprocess.Popen(command, **settings) as process:
        os.close(theirs)
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"Fitting" in shown and b"100%" in shown


def _read(descriptor):
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    "classes, told",
    [(["NA", "EU", "AS"], "target, 3 classes"), (["None", "NA"], "target, 2 classes")],
)
def test_columns_tell_the_target_as_it_will_be_learned(folder, capsys, classes, told):
    lines = [f"{i % 7},{classes[i % len(classes)]}" for i in range(60)]
    (folder / "data.csv").write_text("\n".join(["x,y", *lines]), "utf-8")
    main(["diagnose", "data.csv", "--columns", "--target", "y"])
    output = capsys.readouterr().out
    assert output.splitlines()[-1].split(maxsplit=2) == ["y", "0", told]
    assert "'NA' (" in output and " taken for classes" in output


def test_columns_tell_why_a_target_cannot_be_learned(folder, capsys):
    (folder / "data.csv").write_text("x,y\n" + "1,\n2,\n" * 20, "utf-8")
    main(["diagnose", "data.csv", "--columns", "--target", "y"])
    assert "With 'y' nothing can be learned: the target 'y' is empty" in (
        capsys.readouterr().out
    )
