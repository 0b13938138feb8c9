"""Tables that people have: reading them, and features and labels of their columns.

In comes the path of a file; out go a `Table` of words, all cells as they stand there
(`read_table`), how each column is understood (`overview`), features and target of it
(`prepare`), and what stands before the network in a pipeline (`encoder`). Nothing is
guessed from a part of what is used, and each decision is told in a note. Start at
`reading`, then `columns`.
"""

from .columns import Column, describe
from .encoding import encoder
from .preparing import overview, prepare
from .reading import read_table

__all__ = [
    "Column",
    "describe",
    "encoder",
    "overview",
    "prepare",
    "read_table",
]
