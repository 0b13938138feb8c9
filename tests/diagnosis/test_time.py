"""How long a diagnosis takes: what it tells of that, and what a budget does."""

import re
import sys

import numpy as np
import pytest
from joblib import parallel_config, register_parallel_backend
from joblib._parallel_backends import ThreadingBackend
from numpy.testing import assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting

PROGRESS = "sklearn_mlp_edu._diagnosis.progress"


def diagnose(iris, **settings):
    network = LectureMLPClassifier(
        (4,), max_iter=5, n_iter_no_change=np.inf, random_state=0
    )
    quick = {
        "cv": 3,
        "alphas": (0.03,),
        "train_sizes": (0.5,),
        "cross_validated": False,
        "random_state": 0,
    }
    return diagnose_overfitting(network, *iris, **{**quick, **settings})


def plain(report):
    """Return a report's numbers, without when and how it was called."""
    values = report.to_dict()
    values.pop("provenance")
    return values


# Within a budget


def test_what_there_is_no_time_for_is_left_out_and_told(iris):
    report = diagnose(iris, budget=1e-9)
    assert report.verdict in ("overfitting", "underfitting", "balanced")
    assert_array_equal(report.test_score.values, diagnose(iris).test_score.values)
    tried = [remedy for remedy in report.remedies.values() if not remedy.skipped]
    assert tried == []
    assert report.recommendation.startswith("No remedy was measured; what was skipped")
    late = "not measured, for the budget of time was spent"
    for name in ("more data", "regularisation", "smaller network"):
        assert report.remedies[name].skipped == late
    assert any("fits were not made" in note for note in report.notes)
    assert late in str(report) and late in report._repr_html_()
    assert "budget=1e-09" in report.provenance["call"]


def test_a_budget_that_suffices_changes_nothing(iris):
    assert plain(diagnose(iris, budget=1e6)) == plain(diagnose(iris))


# Progress


def test_progress_counts_the_work(iris):
    calls = []
    diagnose(iris, progress=lambda *call: calls.append(call))
    done, total = zip(*calls, strict=True)
    assert done[-1] == total[-1] > 10
    assert list(done) == sorted(done)


@pytest.mark.parametrize("progress", [True, "auto"])
def test_elsewhere_than_on_a_terminal_lines_tell(iris, monkeypatch, capsys, progress):
    monkeypatch.setattr(f"{PROGRESS}.INTERVAL", 1e-3)
    diagnose(iris, progress=progress)
    lines = capsys.readouterr().err.splitlines()
    assert all(re.match(r"\d+% done in \d+ s", line) for line in lines)
    assert any(line.endswith("s left") for line in lines)


def test_short_work_tells_nothing(iris, capsys):
    diagnose(iris, progress="auto")
    diagnose(iris, progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("with_rich", [True, False])
def test_a_bar_on_a_terminal(iris, monkeypatch, capsys, with_rich):
    if with_rich:
        pytest.importorskip("rich")
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setenv("TERM", "xterm")
    else:
        monkeypatch.setattr(f"{PROGRESS}.find_spec", lambda name: None)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    diagnose(iris, progress=True)
    shown = capsys.readouterr().err
    assert "left" in shown and "100% done in" in shown
    assert "\n" in shown


# In parallel


class NoGenerators(ThreadingBackend):
    """As those of Ray and others, which return all results at the end."""

    supports_return_generator = False


def test_backends_that_cannot_return_as_they_go_will_do(iris):
    register_parallel_backend("no generators", NoGenerators)
    with parallel_config("no generators", n_jobs=2):
        report = diagnose(iris, n_jobs=2)
    assert plain(report) == plain(diagnose(iris))
