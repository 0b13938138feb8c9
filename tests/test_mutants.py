"""The faults that mutation testing puts in."""

import ast
import sys
from pathlib import Path
from types import ModuleType

from benchmarks import transplant
from benchmarks.mutants import mutants

SOURCE = '''"""Doc."""
SIZE_BYTES = 2**20
LIMIT = 0.5


def f(a, b=None, *, c: int | None = None):
    """Doc."""
    if a < LIMIT and not b:
        raise ValueError(f"{a} - 1 is too small")
    a += np.maximum(a, -b)
    return a


def g(x):
    yield "3.1", add(x, x)
'''


def faults():
    return [(m.line, m.fault) for m in mutants(SOURCE)]


def test_every_slip_of_the_pen_and_no_text():
    assert sorted(faults()) == [
        (3, "0.5 → -0.5"),
        (3, "0.5 → 1.5"),
        (6, "None → 1"),
        (6, "None → 1"),
        (8, "GtE in: a < LIMIT"),
        (8, "LtE in: a < LIMIT"),
        (8, "Or in: a < LIMIT and (not b)"),
        (8, "condition turned round: a < LIMIT and (not b)"),
        (8, "without sign: not b"),
        (10, "Sub in: a += np.maximum(a, -b)"),
        (10, "left out: a += np.maximum(a, -b)"),
        (10, "maximum → minimum"),
        (10, "without sign: -b"),
        (11, "left out: return a"),
        (15, "add → subtract"),
        (15, "left out: yield ('3.1', add(x, x))"),
    ]


def test_no_fault_twice_and_none_that_python_warns_of():
    source = """
def f(x):
    if x is not None:
        return x
    if not x:
        return 2
    """
    assert sorted(m.fault for m in mutants(source) if m.line != 6) == [
        "Is in: x is not None",
        "left out: return x",
        "without sign: not x",
    ]


def test_a_mutant_compiles_and_differs_in_one_place():
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for mutant in mutants(SOURCE):
        compile(mutant.tree, "mutant", "exec")
        changed = ast.unparse(mutant.tree).splitlines()
        assert len(changed) == len(plain)
        assert sum(a != b for a, b in zip(changed, plain, strict=True)) == 1


def test_tests_are_sought_that_reach_the_statement_or_the_head_of_a_block():
    spans = {(m.line, m.span) for m in mutants(SOURCE)}
    assert (3, None) in spans and (6, (6, 11)) in spans
    assert (8, (8, 8)) in spans and (15, (15, 15)) in spans


def test_of_a_value_outside_of_functions_its_name_is_known():
    names = {(m.line, m.name) for m in mutants(SOURCE) if m.span is None}
    assert names == {(3, "LIMIT")}


def test_a_fault_under_a_decorator_reaches_who_holds_the_function(monkeypatch):
    source = """
import numpy as np

@np.errstate(over="ignore")
def f(x):
    return x + 1
"""
    module = ModuleType("sklearn_mlp_edu.decorated")
    exec(source, module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    f = module.f
    (mutant,) = (m for m in mutants(source) if m.fault == "Sub in: x + 1")
    transplant.put_in(Path("sklearn_mlp_edu/decorated.py"), mutant)
    assert f(1) == 0
