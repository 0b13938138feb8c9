"""Training on data that are larger than memory, and come in parts.

In come a network and a source of rows: arrays, chunks, or a table of Arrow, Dask or
Polars. Out goes the fitted network. Begin with `fit_stream`; `sources` and `tables` say
what can be read, `groups` in which order, and `passes` what is learned from it.
"""

from .fit_stream import fit_stream

__all__ = [
    "fit_stream",
]
