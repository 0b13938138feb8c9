"""What a report looks like: text, table, figure, page."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
import sklearn
from sklearn.ensemble import RandomForestClassifier

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPRegressor,
    diagnose_overfitting,
)
from sklearn_mlp_edu._report import Digits

matplotlib.use("Agg")
HOSTILE = "<img src=x onerror=alert(1)>"


def diagnosed(estimator, **settings):
    """A report on data in which every name is hostile."""
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    X = pandas.DataFrame(rng.normal(size=(120, 40)))
    X.columns = [f"{HOSTILE}{i}" for i in range(40)]
    y = np.where(X.iloc[:, 0] + rng.normal(size=120) > 0, HOSTILE, "b & \"c\" 'd'\n")
    quick = {"cv": 5, "alphas": (0.03, 0.3), "train_sizes": (0.4, 0.7)}
    return diagnose_overfitting(estimator, X, y, random_state=0, **quick, **settings)


@pytest.fixture(scope="module")
def report():
    """Of a network that overfits."""
    network = LectureMLPClassifier((16, 8), max_iter=60, n_iter_no_change=np.inf)
    return diagnosed(network, dropouts=(0.2,))


@pytest.fixture(scope="module")
def forest_report():
    """Of an estimator with nothing to turn."""
    return diagnosed(RandomForestClassifier(5, random_state=0))


def test_text_fits_80_columns_and_says_all(report):
    text = str(report)
    assert max(map(len, text.splitlines())) <= 80
    assert "OVERFITTING" in text
    for remedy in report.remedies.values():
        assert remedy.name in text
    assert " ".join(report.recommendation.split()) in " ".join(text.split())
    scores = f"train {report.train_score}, test {report.test_score}, gap {report.gap}"
    assert repr(report) == f"<OverfittingReport: overfitting; {scores}>"


def test_columns_of_the_text_are_aligned(report):
    lines = str(report).splitlines()
    head = next(line for line in lines if line.startswith("remedy"))
    rows = [
        line for line in lines if re.match(r"[a-z ]+ +(-?\d\.\d{3} +){3}[+-]", line)
    ]
    assert len(rows) == sum(not r.skipped for r in report.remedies.values())
    end_of_gap = head.index("gap") + 3
    for row in rows:
        assert re.fullmatch(r".*\d\.\d{3}", row[:end_of_gap])
        assert row[head.index("helps") :] in ("yes", "no")


def test_control_characters_cannot_break_the_lines_of_the_text(report):
    assert "b & \"c\" 'd' (" in str(report)


def test_frame_has_a_row_for_each_remedy(report):
    frame = report.to_frame()
    assert list(frame.index) == ["none, as it is", *report.remedies]
    row = frame.loc["regularisation"]
    remedy = report.remedies["regularisation"]
    assert row["test_change_low"] == remedy.test_change.low
    assert row["gap"] == pytest.approx(row["train_score"] - row["test_score"])
    assert row["helps"] == remedy.helps
    assert row["why"] == remedy.why and row["loss_change"] == remedy.loss_change.mean
    skipped = frame[frame["skipped"] != ""]
    assert len(skipped) == sum(bool(r.skipped) for r in report.remedies.values()) > 0
    assert skipped["test_score"].isna().all()


def test_figure_shows_gap_and_curves(report):
    figure = report.plot()
    titles = [ax.get_title() for ax in figure.axes if ax.axison]
    assert titles == [
        "The gap with each remedy",
        "More data",
        "Regularisation",
        "Dropout",
        "Size of the network",
        "What each class was taken for",
    ]
    test_line = figure.axes[1].lines[1]
    curve = report.learning_curve_
    np.testing.assert_allclose(test_line.get_ydata(), curve["test_scores"].mean(axis=1))
    matplotlib.pyplot.close(figure)


def test_figure_of_ones_own(forest_report):
    figure = matplotlib.figure.Figure(layout="constrained")
    assert forest_report.plot(figure) is figure
    assert [ax.get_title() for ax in figure.axes if ax.axison] == [
        "The gap with each remedy",
        "More data",
        "What each class was taken for",
    ]


class Page(HTMLParser):
    """Elements, attributes and text of a page; fails where tags do not match."""

    VOID = ("meta", "link")

    def __init__(self, source):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(source)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def page(report, tmp_path):
    path = report.to_html(tmp_path / "report.html", title=f"{HOSTILE} & co")
    return Page(path.read_text(encoding="utf-8"))


def test_page_is_escaped_and_loads_nothing(page):
    tags = [tag for tag, _ in page.elements]
    assert "img" not in tags and "script" not in tags
    for tag, attributes in page.elements:
        assert not {"src", "onerror", "onload", "onclick"} & attributes.keys()
        if tag == "link":
            assert attributes["href"] == "data:,"
        else:
            assert "href" not in attributes
    text = "".join(page.texts)
    assert text.count(HOSTILE) >= 4  # title, heading, class, features
    assert "url(" not in text and "@import" not in text


def test_page_has_language_title_viewport_and_descriptions(page):
    elements = dict(reversed(page.elements))
    assert elements["html"]["lang"] == "en"
    assert any(a.get("name") == "viewport" for t, a in page.elements if t == "meta")
    pictures = [a for tag, a in page.elements if tag == "svg"]
    assert len(pictures) == 6
    assert all(a["role"] == "img" for a in pictures)
    assert all(": train " in a["aria-label"] for a in pictures[:-1])
    assert "rows right" in pictures[-1]["aria-label"]


def test_pictures_are_well_formed(report):
    source = report._repr_html_()
    for picture in re.findall(r"<svg.*?</svg>", source, re.DOTALL):
        root = ElementTree.fromstring(picture)
        _, _, width, height = map(float, root.get("viewBox").split())
        for element in root.iter():
            for name in ("x", "x1", "x2", "cx"):
                assert -1 <= float(element.get(name, 0)) <= width + 1
            for name in ("y", "y1", "y2", "cy"):
                assert -1 <= float(element.get(name, 0)) <= height + 1


def test_page_shows_every_row_of_the_text(report, page):
    text, shown = str(report), " ".join("".join(page.texts).split())
    for name in ("train", "gap", "perfect", "test log loss", "its guessing"):
        assert f"\n{name} " in text and name in shown
    for remedy in report.remedies.values():
        for part in filter(None, (remedy.why, remedy.edge, remedy.skipped)):
            assert " ".join(part.split()) in shown
            assert " ".join(part.split()) in " ".join(text.split())
    for result in report.class_results:
        assert f"{result.recall:.3f}" in text and f"{result.recall:.3f}" in shown


def test_page_shows_how_the_columns_of_a_table_were_read(report):
    assert "<h2>Columns</h2>" not in report._repr_html_()
    row = {"column": HOSTILE, "read as": "number, 1 to 5", "missing": 1234}
    page = replace(report, columns=[row] * 250)._repr_html_()
    assert HOSTILE not in page and page.count("&lt;img src=x onerror") > 200
    assert page.count('<td data-name="read as">number, 1 to 5</td>') == 200
    assert '<td data-name="missing">1,234</td>' in page
    assert "And 50 more; --columns shows all." in page
    assert replace(report, columns=[row]).to_dict()["columns"] == [row]


def test_page_explains_its_words(page):
    terms = "".join(page.texts)
    for word in ("gap", "guessing", "95 % interval", "std over folds", "as it is"):
        assert word in terms
    for meaning in ("dotted line", "a band", "solid grey line", "right answers only"):
        assert meaning in terms


def test_page_can_be_made_again_from_itself(report, page):
    origin, shown = report.provenance, "".join(page.texts)
    assert origin["call"] == (
        "diagnose_overfitting(estimator, X, y, alphas=(0.03, 0.3), dropouts=(0.2,), "
        "train_sizes=(0.4, 0.7), random_state=0)"
    )
    for text in (
        origin["call"],
        origin["date"],
        origin["estimator"],
        sklearn.__version__,
        origin["data"]["X"]["sha256"],
        str(origin["seeds"]["folds"]),
    ):
        assert text in shown
    assert origin["data"]["X"]["shape"] == [120, 40]


def test_long_estimators_are_folded(report):
    longer = {**report.provenance, "estimator": "Pipeline(" + "steps, " * 100}
    source = replace(report, provenance=longer)._repr_html_()
    assert source.count("<details>") == 1 + report._repr_html_().count("<details>")
    assert longer["estimator"] in source


def test_notebooks_get_the_same_without_the_page_around(report):
    fragment = report._repr_html_()
    assert fragment.startswith('<div class="mlp-report">')
    assert "<html" not in fragment and "Overfitting report" in fragment
    Page(fragment)


def test_report_without_remedies_to_show(forest_report):
    source = forest_report._repr_html_()
    Page(source)
    assert source.count("<svg") == 3
    assert "has no parameter alpha" in source


@pytest.mark.parametrize("library", ["pandas", "matplotlib"])
def test_missing_library_is_named_with_its_extra(report, monkeypatch, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    use = {"pandas": report.to_frame, "matplotlib": report.plot}[library]
    with pytest.raises(ImportError, match=rf"{library}.*sklearn-mlp-edu\[report\]"):
        use()


def test_page_that_cannot_be_written_is_told(report, tmp_path):
    with pytest.raises(OSError):
        report.to_html(tmp_path / "missing" / "report.html")


# Numbers


@pytest.fixture(scope="module")
def numbers_report():
    """Of a price that one row makes hopeless, with a hostile name."""
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 4))
    y = 2e5 + 5e4 * X[:, 0] + 2e4 * rng.normal(size=90)
    y[7] = 4e6
    network = LectureMLPRegressor((8,), max_iter=20, n_iter_no_change=np.inf)
    return diagnose_overfitting(
        network,
        X,
        pandas.Series(y, name=f"{HOSTILE}$x$"),
        scoring="neg_root_mean_squared_error",
        cv=3,
        alphas=(0.1,),
        train_sizes=(0.5,),
        random_state=0,
    )


def test_large_scores_are_told_in_few_digits_and_80_columns(numbers_report):
    text = str(numbers_report)
    assert max(map(len, text.splitlines())) <= 80
    for value in (numbers_report.train_score, numbers_report.test_score):
        assert f"{value.mean:,.0f}" in text
        assert f"{value.mean:,.0f}" in numbers_report._repr_html_()
    assert not re.search(r"\d{4}\.\d{3}", text)
    assert re.search(r"\nperfect +0\n", text)


def test_text_and_page_tell_target_errors_and_misses(numbers_report):
    text = " ".join(str(numbers_report).split())
    page = numbers_report._repr_html_()
    assert "numbers from" in text and "numbers from" in page
    missed = abs(
        numbers_report.out_of_fold_["actual"] - numbers_report.out_of_fold_["predicted"]
    )
    for part in (text, page):
        assert f"{np.median(missed):,.0f}" in part and f"{missed.max():,.0f}" in part
        assert "mean absolute error" in part and "test squared error" in part
        assert "log loss" not in part and "classes" not in part.split("words mean")[0]
    assert "<img" not in page and HOSTILE not in page


def test_residuals_are_drawn_with_those_beyond_the_frame_at_its_edge(numbers_report):
    pictures = re.findall(r"<svg.*?</svg>", numbers_report._repr_html_(), re.DOTALL)
    (picture,) = (p for p in pictures if "actual less predicted" in p)
    assert picture.count('class="dot"') + picture.count('class="dot beyond"') == 90
    assert picture.count('class="dot beyond"') >= 1
    assert "beyond the frame, at its edge" in picture
    test_pictures_are_well_formed(numbers_report)


def test_of_many_rows_some_are_drawn_the_worst_among_them(numbers_report):
    rng = np.random.default_rng(0)
    actual = rng.normal(size=5000)
    actual[77] = 50.0
    kept = {"row": np.arange(5000), "actual": actual, "predicted": np.zeros(5000)}
    source = replace(numbers_report, out_of_fold_=kept)._repr_html_()
    assert source.count('class="dot"') + source.count('class="dot beyond"') == 1000
    assert "1,000 of 5,000 rows; 1 beyond the frame" in source


def test_figure_shows_residuals_by_scikit_learns_display(numbers_report):
    figure = numbers_report.plot()
    (ax,) = (a for a in figure.axes if a.get_title() == "How far predictions missed")
    drawn = np.asarray(ax.collections[0].get_offsets())
    kept = numbers_report.out_of_fold_
    np.testing.assert_allclose(drawn[:, 0], kept["predicted"])
    np.testing.assert_allclose(drawn[:, 1], kept["actual"] - kept["predicted"])
    figure.canvas.draw()
    matplotlib.pyplot.close(figure)


@pytest.mark.parametrize(
    ("scale", "value", "told"),
    [
        (0.9, 0.12345, "0.123"),
        (54.3, -12.3456, "-12.346"),
        (543.2, 543.21, "543.2"),
        (54321, -54321.9, "-54,322"),
        (3e8, 3.21e8, "3.210e+08"),
        (0.012, 0.0123, "0.0123"),
        (2e-6, 2.345e-6, "2.345e-06"),
        (0, -0.0, "0.000"),
    ],
)
def test_digits_suit_the_size_of_the_scores(scale, value, told):
    assert Digits(scale)(value) == told


def test_of_many_targets_some_are_shown(numbers_report):
    rng = np.random.default_rng(0)
    targets = [
        {"name": f"target {i}", "low": 0.0, "high": 1.0, "mean": 0.5, "std": 0.1}
        for i in range(30)
    ]
    kept = {"row": np.arange(50)}
    kept |= {name: rng.normal(size=(50, 30)) for name in ("actual", "predicted")}
    data = {**numbers_report.data, "targets": targets}
    report = replace(numbers_report, data=data, out_of_fold_=kept)
    assert report._repr_html_().count("actual less predicted") == 4
    assert "target 19" in str(report) and "target 20" not in str(report)
    assert "and 10 more" in str(report) and "and 10 more" in report._repr_html_()
