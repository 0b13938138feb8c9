"""Data: the lecture's pictures.

Out go X and y. Nothing but the command line and users import from here.
"""

from .ball_images import make_ball_images

__all__ = ["make_ball_images"]
