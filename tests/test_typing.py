"""What a type checker makes of a user's script."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """\
import numpy as np

from sklearn_mlp_edu import LectureMLPClassifier, make_ball_images

X, y = make_ball_images(20, random_state=0)
network = LectureMLPClassifier((5,), activation="tanh", solver="adam", alpha="auto")
fitted: LectureMLPClassifier = network.fit(X, y, X_val=X, y_val=y)
probabilities: np.ndarray = network.predict_proba(X)
curve: list[float] = network.loss_curve_
scores: list[float] | None = network.validation_scores_
print(fitted.set_params(alpha=1.0).score(X, y) + 1, network.coefs_[0].shape)
network.partial_fit(X, y, classes=[0, 1])
print(network.summary().upper(), curve[0] + network.loss_, network.n_iter_ + 1)
"""
MISTAKES = {
    'LectureMLPClassifier(activation="rellu")': '"activation" .* incompatible type',
    "network.fitt(X, y)": 'has no attribute "fitt"',
    "network.fit(X)": 'Missing positional argument "y"',
    "fitted.loss_.append(1.0)": 'has no attribute "append"',
}


def test_a_script_passes_and_its_mistakes_are_flagged(tmp_path):
    pytest.importorskip("mypy")
    script = tmp_path / "script.py"
    script.write_text("\n".join([SCRIPT, *MISTAKES]), "utf-8")
    options = ["--strict", "--follow-untyped-imports", "--follow-imports=silent"]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", tmp_path, script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    ).stdout
    errors = re.findall(r"script\.py:(\d+): error: (.*)", found)
    first = SCRIPT.count("\n") + 2
    assert [int(line) for line, _ in errors] == [*range(first, first + len(MISTAKES))]
    for (_, message), pattern in zip(errors, MISTAKES.values(), strict=True):
        assert re.search(pattern, message), message
