"""Formulas as MathML, which browsers set themselves: no script, no other host."""

from docutils.utils.math.latex2mathml import tex2mathml


def visit_inline(self, node):
    """Write a formula in a line of text."""
    self.body.append(tex2mathml(node.astext(), as_block=False))
    raise_skip()


def visit_block(self, node):
    """Write a formula on a line of its own."""
    self.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}')
    if node["number"]:
        self.body.append(f'<span class="eqno">({node["number"]})</span>')
    self.body.append("</div>")
    raise_skip()


def raise_skip():
    """Leave out what is inside the node: it is written already."""
    from docutils.nodes import SkipNode

    raise SkipNode


def setup(app):
    """Offer the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
