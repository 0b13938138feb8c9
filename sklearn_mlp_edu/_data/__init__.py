"""Data: the lecture's pictures, and tables from files for the command line.

Out go X and y. Nothing but the command line and users import from here.
"""

from .ball_images import make_ball_images
from .tables import prepare, read_table

__all__ = [
    "make_ball_images",
    "prepare",
    "read_table",
]
