"""Names in a table of a stranger's: no page, terminal or spreadsheet obeys them."""

import json
import unicodedata
from html.parser import HTMLParser

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, __main__, diagnose_overfitting

pd = pytest.importorskip("pandas")
pytest.importorskip("rich")
pytest.importorskip("skrub")
SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '" onmouseover="alert(1)" x=\''
FORMULA = "=HYPERLINK(1)"
TERMINAL = "\x1b]0;owned\x07\x1b[2J\u202e"
MARKUP = "[bold red]red[/] [/nothing]"
NAMES = [SCRIPT, ATTRIBUTE, FORMULA, f"name {TERMINAL}", MARKUP, "+1", "-1", "@SUM(1)"]


def table(n_rows=60):
    """Hostile names of columns and classes, hostile words in a column."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(n_rows, len(NAMES))), columns=NAMES)
    frame[SCRIPT] = rng.choice([SCRIPT, FORMULA, TERMINAL], n_rows)
    frame["target"] = np.where(frame[FORMULA] > 0, f"{FORMULA}{TERMINAL}", SCRIPT)
    return frame


class Tags(HTMLParser):
    """The elements of a page and the names of their attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}


def obeys_nothing(page):
    found = Tags(page)
    assert "script" not in found.tags
    assert not {name for name in found.attributes if name.startswith("on")}
    return True


def shows_no_control_characters(text):
    """Nor those that turn the direction of writing round."""
    kinds = {unicodedata.category(c) for c in text if c not in "\n\r"}
    assert not kinds & {"Cc", "Cf"}, repr(text)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With a hostile table in a file of hostile name; networks are trained briefly."""

    def network(*arguments, **parameters):
        return LectureMLPClassifier(*arguments, **parameters | {"max_iter": 2})

    monkeypatch.setattr(__main__, "LectureMLPClassifier", network)
    monkeypatch.chdir(tmp_path)
    table().to_csv(f"{MARKUP[:10]}<b>.csv", index=False)
    return tmp_path


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_command_line(folder, capsys):
    (file,) = (path.name for path in folder.iterdir())
    quick = ["--hidden", "2", "--cv", "2", "--jobs", "1", "--json", "report.json"]
    __main__.main(["diagnose", file, "--target", "target", *quick])
    __main__.main(["diagnose", file, "--columns", "--target", "target"])
    with pytest.raises(SystemExit):
        __main__.main(["diagnose", file, "--target", "target "])
    with pytest.raises(SystemExit):
        __main__.main(["diagnose", file, "--target", f"name {TERMINAL[:-1]}", *quick])
    told = capsys.readouterr()
    shows_no_control_characters(told.out)
    shows_no_control_characters(told.err)
    assert MARKUP in told.out  # as it is, not as colours
    page = (folder / "overfitting_report.html").read_text(encoding="utf-8")
    assert obeys_nothing(page) and "&lt;script&gt;" in page and "&lt;b&gt;" in page
    numbers = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert SCRIPT in [column["column"] for column in numbers["columns"]]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_report_as_a_spreadsheet_holds_no_formula():
    """The package writes no CSV; `to_frame` may be written as one."""
    frame = table()
    network = LectureMLPClassifier((2,), max_iter=2, random_state=0)
    X = frame[NAMES].drop(columns=SCRIPT)
    report = diagnose_overfitting(network, X, frame["target"], cv=2, random_state=0)
    shown = report.to_frame().reset_index()
    cells = [*shown.columns, *shown.to_numpy().ravel()]
    words = [cell for cell in cells if isinstance(cell, str) and cell]
    assert len(words) > 20
    assert not [word for word in words if word[0] in "=+-@\t\r"]
    assert obeys_nothing(report._repr_html_())
    shows_no_control_characters(str(report))


def test_an_estimator_in_a_notebook(iris):
    X, y = iris
    X = pd.DataFrame(X, columns=NAMES[:4])
    network = LectureMLPClassifier((2,), max_iter=1, n_iter_no_change=np.inf)
    network.fit(X, np.array([SCRIPT, ATTRIBUTE, FORMULA])[y])
    shows_no_control_characters(network.summary())
