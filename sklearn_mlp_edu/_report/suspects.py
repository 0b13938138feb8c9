"""A reason not to trust a score."""

from typing import NamedTuple

from .._arithmetic import public


@public
class Suspect(NamedTuple):
    """A reason not to trust a score.

    Attributes
    ----------
    kind : {"column", "identifier", "copies", "perfect score"}
        A column that alone predicts the target almost perfectly; a number that rows
        were given and that orders with the target; rows that are copies of others; a
        test score that cannot be beaten.
    column : str
        Which column, if it is one.
    value : float
        Share of guessing's error that the column removes, share of tested rows that are
        copies, or the score.
    text : str
        The same in words.
    """

    kind: str
    column: str
    value: float
    text: str
