"""How networks of classes begin: with an answer that chance has no part in.

Initial weights make each network say something of every row, before it has learned
anything. Many rows soon teach it otherwise. With few, a part of it stays in the answer
for new ones, where it is noise. So with ``init="auto"`` a fold's networks that learn
from no more than `FEW` rows begin with a last layer of 0: every class is as likely as
the others. Hidden layers are drawn, or their units would stay alike, but the weights of
the inputs have a smaller `SPREAD`: what they learn soon outweighs what they were.

With more rows it makes training longer, and the networks no better. Nor are those of
numbers better for it, so all these begin as usual.
"""

FEW = 1000
SPREAD = 0.5  # of the first layer's weights, as a multiple of the usual one
OF_CLASSES = ("sigmoid", "softmax")  # output activations


def begin(draft, init, n_rows):
    """Let a draft, whose weights were drawn, begin without an answer of its own."""
    if init == "auto" and n_rows <= FEW and draft.out_activation_ in OF_CLASSES:
        draft.coefs_[0][...] *= SPREAD
        draft.coefs_[-1][...] = 0
