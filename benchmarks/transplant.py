"""Put a mutated module's fault into the module that is loaded, in place.

Whatever has imported a function or a class then has the fault, too: functions get other
code, classes other attributes, and other values of a name replace it wherever it was
imported under that name.
"""

import ast
import importlib
import sys
import types

PACKAGE = "sklearn_mlp_edu"


def put_in(path, mutant):
    """Let the loaded module of that path have the fault of ``mutant``."""
    parts = path.with_suffix("").parts
    name = ".".join(parts[len(parts) - parts[::-1].index(PACKAGE) - 1 :])
    module = importlib.import_module(name)
    fresh = types.ModuleType(name)
    fresh.__dict__.update(__package__=module.__package__, __file__=str(path))
    exec(compile(mutant.tree, str(path), "exec"), fresh.__dict__)
    for statement in mutant.tree.body:
        if _first_line(statement) <= mutant.line <= statement.end_lineno:
            for target in _names(statement):
                _replace(module, target, getattr(fresh, target))


def _first_line(statement):
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _names(statement):
    """Return the names that a statement of a module binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _replace(module, name, new):
    old = getattr(module, name)
    if isinstance(old, types.FunctionType):
        _copy_function(new, old)
    elif isinstance(old, type):
        _copy_class(new, old)
    elif isinstance(old, dict):
        old.clear()
        old.update(new)
    else:
        for other in list(sys.modules.values()):
            if (other.__name__ or "").startswith((PACKAGE, "tests")):
                if getattr(other, name, None) is old:
                    setattr(other, name, new)


def _copy_function(new, old):
    old.__code__, old.__defaults__ = new.__code__, new.__defaults__
    old.__kwdefaults__ = new.__kwdefaults__
    if hasattr(new, "__wrapped__"):  # by a decorator, whose code calls it
        _copy_function(new.__wrapped__, old.__wrapped__)


def _copy_class(new, old):
    for name, value in vars(new).items():
        before = vars(old).get(name)
        if isinstance(value, types.FunctionType):
            _copy_function(value, before)
        elif isinstance(value, classmethod | staticmethod):
            _copy_function(value.__func__, before.__func__)
        elif isinstance(value, property):
            _copy_function(value.fget, before.fget)
        elif not name.startswith("_"):
            setattr(old, name, value)
