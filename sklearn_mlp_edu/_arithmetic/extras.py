"""Libraries that only parts of the package need, and that an extra installs."""

from importlib import import_module


def required(module, user, extra="report"):
    """Import and return ``module``, or say what installs it for ``user``."""
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise ImportError(
            f"{user} needs {library}, which is not installed; install it with "
            f'python -m pip install "sklearn-mlp-edu[{extra}]".'
        ) from error
