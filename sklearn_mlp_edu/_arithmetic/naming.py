"""Where the package's public classes and functions say that they come from."""

from typing import TypeVar

PACKAGE = __name__.partition(".")[0]
Thing = TypeVar("Thing")


def public(thing: Thing) -> Thing:
    """Let a class or function name the package as its module, as users import it.

    So pickles, reprs and messages hold names that stay when modules are moved.
    """
    thing.__module__ = PACKAGE
    return thing
