"""Public things carry the package's name, wherever they are written."""


def public(thing):
    """Let a class or a function say that it is of ``sklearn_mlp_edu``.

    Pickles, representations and documents then name the public path, and moving a
    module breaks none of them.
    """
    thing.__module__ = "sklearn_mlp_edu"
    return thing
