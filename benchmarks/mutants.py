"""Mutants: copies of a module's syntax tree, each with one small fault.

The faults are those that a slip of the pen would make: another operator, another
number, another function of the same shape, a condition turned round, a line left out.
Texts for people, annotations, names in ``__all__``, and how many bytes are worked on at
a time are left alone.
"""

import ast
import copy
from functools import partial
from typing import NamedTuple

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitOr: [ast.BitAnd],
    ast.BitAnd: [ast.BitOr],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
# Functions that can be taken for each other; NumPy's, and those that equations use.
FUNCTIONS = {
    one: other
    for pair in [
        ("add", "subtract"),
        ("multiply", "divide"),
        ("maximum", "minimum"),
        ("max", "min"),
        ("argmax", "argmin"),
        ("greater_equal", "greater"),
        ("zeros_like", "ones_like"),
        ("zeros", "ones"),
        ("log1p", "expm1"),
        ("log", "exp"),
        ("expit", "log_expit"),
        ("tanh", "negative"),
        ("all", "any"),
    ]
    for one, other in (pair, pair[::-1])
} | {
    "greater": "greater_equal",
    "sqrt": "square",
    "square": "sqrt",
    "exp": "log1p",
    "abs": "negative",
    "sign": "sqrt",
    "sum": "mean",
    "average": "sum",
    "equal": "not_equal",
    "norm": "max",
}


class Mutant(NamedTuple):
    """A module with a fault."""

    line: int
    span: tuple[int, int] | None  # lines of which a test must reach one, in a function
    fault: str  # in words
    tree: ast.Module
    name: str = ""  # outside of functions, of what is given the faulty value


def mutants(source):
    """Yield all mutants of a module."""
    tree = ast.parse(source)
    exempt, spans, names = _exempt(tree), _spans(tree), _names(tree)
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in exempt:
            continue
        for faulty, fault, change in _changes(node):
            mutant = copy.deepcopy(tree)
            place = next(n for i, n in enumerate(ast.walk(mutant)) if i == index)
            change(place)
            ast.fix_missing_locations(mutant)
            span, name = spans[id(faulty)], names.get(id(faulty), "")
            yield Mutant(faulty.lineno, span, fault, mutant, name)


def _spans(tree):
    """Return by node's id the lines of its statement, of its head if it is long."""
    spans = {}

    def visit(node, span, within):
        if isinstance(node, ast.FunctionDef):
            span, within = (node.lineno, node.end_lineno), True
        elif isinstance(node, ast.stmt) and within:
            last = node.end_lineno
            if getattr(node, "body", None):
                last = max(node.lineno, node.body[0].lineno - 1)
            span = node.lineno, last
        spans[id(node)] = span
        for child in ast.iter_child_nodes(node):
            visit(child, span, within)

    visit(tree, None, False)
    return spans


def _names(tree):
    """Return by node's id the names to which an assignment gives its value."""
    names = {}
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = getattr(statement, "targets", None) or [statement.target]
            given = ", ".join(map(ast.unparse, targets))
            names |= {id(node): given for node in ast.walk(statement)}
    return names


def _exempt(tree):
    """Return the ids of nodes that no test should depend on."""
    roots = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            roots.append(node.exc)  # tests look at the kind, and at a few words
        elif isinstance(node, ast.Assign) and _is_untested(node.targets[0]):
            roots.append(node)
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            roots.append(node.annotation)
        elif isinstance(node, ast.Compare) and isinstance(
            node.ops[0], ast.Is | ast.IsNot
        ):
            roots += node.comparators  # "is 1" is no Python; "is not None" is a fault
    return {id(node) for root in roots for node in ast.walk(root)}


def _is_untested(target):
    """Tell names that are exported, and sizes of pieces: no result depends on them."""
    name = ast.unparse(target)
    return name == "__all__" or name.endswith("_BYTES")


def _changes(node):
    """Yield each fault of a node: what is faulty, words, a function that does it."""
    for words, change in _replacements(node):
        yield node, words, change
    if isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.With | ast.Try):
        yield from _deletions(node)


def _replacements(node):
    """Yield words, and a function that replaces something in the node."""
    match node:
        case ast.BinOp() | ast.AugAssign():
            for op in OPERATORS.get(type(node.op), []):
                yield _words(node, op), _setter("op", op())
        case ast.Compare():
            for op in COMPARISONS[type(node.ops[0])]:
                yield _words(node, op), _setter("ops", [op(), *node.ops[1:]])
        case ast.BoolOp():
            op = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield _words(node, op), _setter("op", op())
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield f"without sign: {ast.unparse(node)}", _setter("op", ast.UAdd())
        case ast.Constant():
            yield from _constants(node)
        case ast.Call(func=ast.Attribute(attr=name)) if name in FUNCTIONS:
            yield f"{name} → {FUNCTIONS[name]}", _renamed("attr", FUNCTIONS[name])
        case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
            yield f"{name} → {FUNCTIONS[name]}", _renamed("id", FUNCTIONS[name])
        case ast.If() | ast.IfExp() | ast.While() if not _is_turned_anyway(node.test):
            words = f"condition turned round: {ast.unparse(node.test)}"
            yield words, _turn_round


def _is_turned_anyway(test):
    """Tell whether another fault, of an operator, is the same as the opposite."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def _words(node, op):
    return f"{type(op()).__name__} in: {ast.unparse(node)}"


def _setter(field, value):
    return lambda place: setattr(place, field, value)


def _renamed(field, name):
    return lambda place: setattr(place.func, field, name)


def _turn_round(place):
    place.test = ast.UnaryOp(ast.Not(), place.test)


def _constants(node):
    """Yield other values of a number or a truth value."""
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", _setter("value", not value)
    elif isinstance(value, int | float):
        yield f"{value} → {value + 1}", _setter("value", value + 1)
        if value not in (0, 1):
            yield f"{value} → {-value}", _setter("value", -value)
    elif value is None:
        yield "None → 1", _setter("value", 1)


def _deletions(node):
    """Yield each statement of a block, words, and a function that leaves it out."""
    for field in ("body", "orelse"):
        block = getattr(node, field, [])
        for k, statement in enumerate(block):
            if not _can_go(statement):
                continue
            words = f"left out: {ast.unparse(statement).splitlines()[0]}"
            change = partial(_leave_out, field=field, k=k)
            yield statement, words, change


def _can_go(statement):
    """Tell whether it does something, and whether the rest stands without it."""
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)  # a docstring
    return isinstance(statement, ast.AugAssign | ast.Assign | ast.Return | ast.Continue)


def _leave_out(place, field, k):
    """Put nothing where the statement was; a generator stays one."""
    block = getattr(place, field)
    nothing = ast.parse("yield from ()" if _yields(block[k]) else "pass").body[0]
    block[k] = nothing


def _yields(statement):
    return any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(statement))
