"""The site names all that is public, all of the lecture, and code that exists."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from re import DOTALL, findall

import pytest

import sklearn_mlp_edu

ROOT = Path(__file__).parents[2]
DOCS, EXAMPLES = ROOT / "docs", sorted((ROOT / "examples").glob("plot_*.py"))
NUMBERS = {f"L{number}" for number in range(1, 25)}


def blocks(path):
    """Code blocks of a Markdown file: language and code."""
    return findall(r"```(\w+)\n(.*?)```", path.read_text("utf-8"), DOTALL)


def named_items(text):
    """Lecture items that a text names, ranges such as "L1 to L3" included."""
    found = set(findall(r"\bL\d+\b", text))
    for first, last in findall(r"\bL(\d+) to L(\d+)\b", text):
        found |= {f"L{number}" for number in range(int(first), int(last) + 1)}
    return found


def test_reference_has_every_public_name():
    listed = findall(r"\n   (\w+)(?=\n)", (DOCS / "api.rst").read_text("utf-8"))
    assert sorted(listed) == sorted(sklearn_mlp_edu.__all__)


def test_guide_includes_code_that_exists():
    """``literalinclude`` with ``pyobject``: a function, or a method of a class."""
    pattern = r"\{literalinclude\} (\S+)\n:pyobject: (\S+)"
    n_found = 0
    for page in (DOCS / "guide").glob("*.md"):
        for path, name in findall(pattern, page.read_text("utf-8")):
            body = ast.parse((page.parent / path).read_text("utf-8")).body
            for part in name.split("."):
                (found,) = (n for n in body if getattr(n, "name", None) == part)
                body = found.body
            n_found += 1
    assert n_found > 8


def test_guide_and_examples_cover_the_lecture():
    guide = "".join(p.read_text("utf-8") for p in (DOCS / "guide").glob("*.md"))
    examples = "".join(path.read_text("utf-8") for path in EXAMPLES)
    assert named_items(guide) >= NUMBERS
    assert named_items(examples) >= NUMBERS


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_a_page_of_the_gallery(path):
    """A title, the lecture's items, text between code, and no file of its own."""
    source = path.read_text("utf-8")
    title, underline, *_ = ast.get_docstring(ast.parse(source)).splitlines()
    assert len(title) == len(underline) and set(underline) == {"="}
    assert named_items(ast.get_docstring(ast.parse(source)))
    assert source.count("# %%") >= 2 and source.endswith("plt.show()\n")
    assert "savefig" not in source


@pytest.mark.parametrize(
    ("korean", "english"),
    [(ROOT / "README.ko.md", ROOT / "README.md"), (DOCS / "ko.md", DOCS / "index.md")],
    ids=["README", "start page"],
)
def test_korean_pages_have_the_same_code(korean, english):
    is_code = {"bash", "python"}
    ours, theirs = (
        [block for block in blocks(path) if block[0] in is_code]
        for path in (korean, english)
    )
    assert ours == theirs and len(ours) > 1
    hangul = findall(r"[가-힣]", korean.read_text("utf-8"))
    assert len(hangul) > 100


def test_glossary_is_in_both_languages():
    lines = (DOCS / "glossary.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and "한국어" not in line]
    assert len(rows) > 40
    for row in rows:
        korean, english, *_ = (cell.strip() for cell in row.strip("|").split(" | "))
        assert findall(r"[가-힣]", korean) and english.isascii() and english


# Rules of numpydoc's that are not the house's.
NOT_OURS = {
    "ES01",  # one line may say it all
    "SA01",  # not everything has a neighbour
    "PR03",  # parameters that another class explains stand together
    "PR08",  # a description may begin with a symbol
    "RT02",  # a returned value may have a name
    "RT03",  # ``self`` needs no description
    "RT04",
}
# Made by functions, whose examples show them.
RESULTS = {
    "ClassResult",
    "Estimate",
    "GradientCheck",
    "OverfittingReport",
    "Remedy",
    "StepTrace",
    "Suspect",
}


@pytest.mark.parametrize("name", sklearn_mlp_edu.__all__)
def test_docstrings_are_valid_for_numpydoc(name):
    validate = pytest.importorskip("numpydoc.validate").validate
    thing = getattr(sklearn_mlp_edu, name)
    excused = NOT_OURS | ({"EX01", "PR01"} if name in RESULTS else set())
    assert errors(validate, name, excused) == []
    for method in own_methods(thing) if inspect.isclass(thing) else ():
        assert errors(validate, f"{name}.{method}", NOT_OURS | {"EX01"}) == [], method


def errors(validate, name, excused):
    found = validate(f"sklearn_mlp_edu.{name}")["errors"]
    return [error for error in found if error[0] not in excused]


def own_methods(cls):
    """Public methods and properties that the package defines."""
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        function = getattr(member, "__func__", getattr(member, "fget", member))
        module = getattr(function, "__module__", None) or ""
        if not name.startswith("_") and module.startswith("sklearn_mlp_edu"):
            if callable(function):
                yield name


def test_formulas_become_mathml():
    pytest.importorskip("sphinx")
    import sys

    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        mathml = import_module("mathml")
    finally:
        sys.path.pop(0)
    formulas = findall(r"\$\$\n(.*?)\n\$\$", _guide(), DOTALL)
    assert len(formulas) > 7
    for formula in formulas:
        assert mathml.tex2mathml(formula).startswith("<math")


def _guide():
    return "".join(p.read_text("utf-8") for p in (DOCS / "guide").glob("*.md"))
