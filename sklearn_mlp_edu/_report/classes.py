"""What becomes of the rows of a class."""

from typing import NamedTuple

from .._arithmetic import public


@public
class ClassResult(NamedTuple):
    """What becomes of the rows of a class that a network was not trained on.

    Attributes
    ----------
    name : str
        The class.
    n_rows : int
        Rows of it that were tested.
    recall, low, high : float
        Share of them that was taken for the class, and its 95 % interval (Wilson's).
    precision : float
        Share of the rows taken for the class that are of it; nan where none was.
    """

    name: str
    n_rows: int
    recall: float
    low: float
    high: float
    precision: float
