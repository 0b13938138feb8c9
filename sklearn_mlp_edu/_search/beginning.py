"""How networks of classes begin: with an answer that chance has no part in.

Initial weights make each network say something of every row, before it has learned
anything. Rows that are like those it learns from soon change that. Of others, and of
all rows where there are few, a part of it stays, which is noise. So with
``init="auto"`` a fold's networks begin with a last layer of 0: every class is as
likely as the others. Hidden layers are drawn, or their units would stay alike; the
first step gives each of them something to do.

Networks of numbers begin as usual: on real tables they are not better for it.
"""

OF_CLASSES = ("sigmoid", "softmax")  # output activations


def begin(draft, init):
    """Let a draft, whose weights were drawn, begin without an answer of its own."""
    if init == "auto" and draft.out_activation_ in OF_CLASSES:
        draft.coefs_[-1][...] = 0
