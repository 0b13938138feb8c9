"""What the documents say of code and tests is so."""

import ast
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from re import findall

import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

HERE = Path(__file__).parent
EQUATIONS = (HERE.parent / "docs" / "equations.md").read_text("utf-8")
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def exists(reference):
    """Tell whether ``_room.module.name.name``, or a part of it, is in the package."""
    found = sklearn_mlp_edu
    for name in reference.removesuffix(".*").rstrip(".").split("."):
        if name == "*":
            return True
        try:
            found = getattr(found, name, None) or import_module(
                f"{found.__name__}.{name}"
            )
        except ImportError:
            return False
    return True


def names_of_tests(family):
    """Names of all tests in tests/lecture/test_FAMILY_*.py."""
    sources = [
        path.read_text("utf-8")
        for path in (HERE / "lecture").glob(f"test_{family}_*.py")
    ]
    return findall(r"\ndef (test_\w+)", "".join(sources))


def test_equations_name_code_that_exists():
    """Each `_module.name` of the document."""
    references = findall(r"`(_\w+[\w.]*)", EQUATIONS)
    assert len(references) > 40
    assert [name for name in references if not exists(name)] == []


def test_equations_name_public_methods_that_exist():
    """Each `LectureMLPClassifier.name` of the document."""
    methods = findall(r"`LectureMLPClassifier\.(\w+)", EQUATIONS)
    assert methods
    for name in methods:
        assert hasattr(sklearn_mlp_edu.LectureMLPClassifier, name)


def test_equations_name_files_that_exist():
    """Each path of the document."""
    for name in findall(r"`((?:tests|benchmarks|docs|examples)/[\w/.*]+)", EQUATIONS):
        assert list(HERE.parent.glob(name)), name


@pytest.mark.parametrize("family", ["lecture", "reference"])
def test_equations_name_tests_that_exist(family):
    """Each `lecture::test_…` and `reference::test_…`, whole or the beginning of one."""
    references = findall(rf"`{family}::(test_\w+)(…?)`", EQUATIONS)
    assert len(references) == EQUATIONS.count(f"`{family}::test_") > 8
    names = names_of_tests(family)
    for name, cut in references:
        found = any(n.startswith(name) for n in names) if cut else name in names
        assert found, name


def test_equations_count_the_tests_of_an_item():
    """`lecture::test_L4_…` (three) means that there are three."""
    counted = findall(r"`(\w+)::(test_\w+)…` \((\w+)\)", EQUATIONS)
    assert len(counted) > 10
    for family, beginning, number in counted:
        found = [name for name in names_of_tests(family) if name.startswith(beginning)]
        assert len(found) == NUMBERS[number], beginning


def test_lecture_tests_cover_every_item():
    """L1 to L24; L23 is pictures."""
    items = {
        int(number)
        for name in names_of_tests("lecture")
        for number in findall(r"_L(\d+)", name)
    }
    assert items == set(range(1, 25)) - {23}


SWITCHING = (HERE.parent / "docs" / "switching.md").read_text("utf-8")


def test_switching_names_all_that_scikit_learns_network_has(iris):
    """Each parameter, public method and attribute of `MLPClassifier`."""
    theirs = MLPClassifier(max_iter=300, early_stopping=True).fit(*iris)
    names = [name for name in dir(theirs) if not name.startswith("_")]
    missing = [name for name in names if f"`{name}" not in SWITCHING]
    assert missing == []


def test_parameters_of_scikit_learns_network_are_ours():
    """Change the import, keep the parameters."""
    theirs, ours = MLPClassifier().get_params(), LectureMLPClassifier().get_params()
    assert theirs.keys() <= ours.keys()
    new = ours.keys() - theirs.keys()
    assert all(f"`{name}`" in SWITCHING for name in new)


def test_parameters_of_scikit_learns_regressor_are_ours():
    """Beside those of the classifier, its loss."""
    theirs, ours = MLPRegressor().get_params(), LectureMLPRegressor().get_params()
    assert theirs.keys() <= ours.keys()
    of_classifier = LectureMLPClassifier().get_params().keys()
    assert ours.keys() - of_classifier == {"loss"}
    assert "`loss`" in SWITCHING
    for name, value in theirs.items():
        assert value == ours[name] or f"`{name}={value!r}`" in SWITCHING


def test_switching_tells_where_a_shared_default_differs():
    """A solver is a solver; the value of another parameter may mean something else."""
    theirs, ours = MLPClassifier().get_params(), LectureMLPClassifier().get_params()
    differ = {n for n, value in theirs.items() if value != ours[n]} - {"solver"}
    assert differ
    for name in differ:
        assert f"`{name}={theirs[name]!r}`" in SWITCHING


def rooms_in_order():
    """Rooms as CONTRIBUTING.md lists them."""
    text = (HERE.parent / "CONTRIBUTING.md").read_text("utf-8")
    return findall(r"\n\| `(_\w+)/` \|", text)


PACKAGE = HERE.parent / "sklearn_mlp_edu"


def imports_on_loading(path):
    """Yield ``level, module`` of each import in the package when ``path`` is loaded.

    Those inside functions, and for type checkers, are not among them.
    """
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [a.name for a in node.names]
            for name in names:
                yield node.level, name


def test_every_room_is_listed():
    """And nothing but rooms and the public front stands in the package."""
    rooms = rooms_in_order()
    found = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert found == {*rooms, "__init__.py", "__main__.py", "onnx.py", "py.typed"}
    for room in rooms:
        assert (import_module(f"sklearn_mlp_edu.{room}").__doc__ or "").count(".") > 2


@pytest.mark.parametrize("room", rooms_in_order())
def test_imports_point_at_rooms_further_up(room):
    """And name a room and a thing in it, not a module of it."""
    above = rooms_in_order()[: rooms_in_order().index(room)]
    for path in (PACKAGE / room).glob("*.py"):
        for level, module in imports_on_loading(path):
            if level == 2:
                assert module in above, (path, module)


@pytest.mark.parametrize("room", rooms_in_order())
def test_there_is_no_circle_in_a_room(room):
    """Its modules can be put in an order in which imports point upward."""
    paths = (PACKAGE / room).glob("*.py")
    needs = {
        path.stem: {module for level, module in imports_on_loading(path) if level == 1}
        for path in paths
    }
    assert [*TopologicalSorter(needs).static_order()]  # raises for a circle
