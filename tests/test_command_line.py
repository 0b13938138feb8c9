"""``python -m sklearn_mlp_edu``."""

import subprocess
import sys

import pytest

from sklearn_mlp_edu import __version__
from sklearn_mlp_edu.__main__ import main


def test_reports_gap_and_best_alpha(capsys):
    main(["--data", "breast_cancer", "--cv", "3"])
    output = capsys.readouterr().out
    assert "breast_cancer: 569 examples, 30 features, 2 classes" in output
    table = [line.split() for line in output.splitlines() if line.startswith("  ")]
    rows = [row for row in table if row[0] != "alpha"]
    assert len(rows) >= 7
    for _, train, test, gap, *_ in rows:
        assert float(train) - float(test) == pytest.approx(float(gap), abs=2e-3)
    marked = [row[0] for row in rows if "closes" in row]
    assert len(marked) == 1
    assert f"alpha={marked[0]} leaves the smallest gap" in output
    train_scores = [float(row[1]) for row in rows]
    assert train_scores[-1] < train_scores[0]


def test_help_explains_the_command(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert (
        "gap between its training score and its test score" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "arguments", [["--cv", "1"], ["--cv", "x"], ["--data", "mnist"]]
)
def test_bad_option_is_one_line_and_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "error: argument" in capsys.readouterr().err.splitlines()[-1]


def test_runs_as_a_module():
    result = subprocess.run(
        [sys.executable, "-m", "sklearn_mlp_edu", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == __version__
