"""What the equations of a step compute, in the lecture's symbols.

An equation of the package carries a label and writes an array. `TABLE` says which
quantity of the lecture the array then holds: the name by which a trace finds it, the
symbol and the formula, and its numbers in the lecture's network of three layers, by
layer (the last of them also for the layers that follow; behind / that of layer L).
"""

from typing import NamedTuple

TABLE = """
forward pass
3.1     | Z     | z[l]     | z[l]     | W[l] a[l-1] + b[l]            | 3.1; 3.3; 3.5
3.2     | A     | a[l]     | a[l]     | g(z[l])                       | 3.2; 3.4
dropout | mask  | mask[l]  | mask[l]  | 0, or 1/(1−p), at random      |
dropout | H     | h[l]     | h[l]     | a[l] ∘ mask[l]                |
3.6     | delta | a[l]     | a[l] = ŷ | output(z[l])                  | 3.6

backward pass
3.21    | delta | dL/dz[l] | ∂L/∂z[l] | a[l] − y                      | 3.14–3.21
sign    | delta | dL/dz[l] | ∂L/∂z[l] | sign(a[l] − y)                |
limit   | delta | dL/dz[l] | ∂L/∂z[l] | a[l] − y, limited             |
3.32    | delta | dz[l]    | ∂J/∂z[l] | ∂L/∂z[l] / m                  | 3.32
3.27    | dW    | dW[l]    | ∂J/∂W[l] | ∂J/∂z[l] a[l-1]ᵀ              | 3.26–3.30 / 3.27
3.27    | db    | db[l]    | ∂J/∂b[l] | ∂J/∂z[l], summed over m       |
3.25    | delta | da[l]    | ∂J/∂a[l] | W[l+1]ᵀ ∂J/∂z[l+1]            | 3.22–3.25
3.28    | dA    | g'(z[l]) | g′(z[l]) |                               | 3.28
3.30    | delta | dz[l]    | ∂J/∂z[l] | ∂J/∂a[l] ∘ g′(z[l])           | 3.28–3.30
dropout | delta | dz[l]    | ∂J/∂z[l] | ∂J/∂a[l] ∘ g′(z[l]) ∘ mask[l] |
3.37    | dW    | dJ_L2/dW[l] | ∂J_L2/∂W[l] | ∂J/∂W[l] + λ W[l]       | 3.37

update
clipping | dW   | clipped dW[l] | g_dW[l] | ∂J/∂W[l] min(1, c/‖∂J/∂θ‖) |
clipping | db   | clipped db[l] | g_db[l] | ∂J/∂b[l] min(1, c/‖∂J/∂θ‖) |
3.33    | sum.W | vW[l]    | v_dW[l]  | β v_dW[l] + (1−β) ∂J/∂W[l]    | 3.33
3.33    | sum.b | vb[l]    | v_db[l]  | β v_db[l] + (1−β) ∂J/∂b[l]    | 3.33
Adam    | mean.W   | mW[l] | m_dW[l]  | β₁ m_dW[l] + (1−β₁) ∂J/∂W[l]  |
Adam    | mean.b   | mb[l] | m_db[l]  | β₁ m_db[l] + (1−β₁) ∂J/∂b[l]  |
Adam    | square.W | sW[l] | s_dW[l]  | β₂ s_dW[l] + (1−β₂) ∂J/∂W[l]² |
Adam    | square.b | sb[l] | s_db[l]  | β₂ s_db[l] + (1−β₂) ∂J/∂b[l]² |
"""


class Quantity(NamedTuple):
    """A quantity of some layers: a line of the table."""

    section: str
    label: str
    array: str
    key: str
    symbol: str
    formula: str
    numbers: str

    def number(self, l, L):
        """Return its number in layer l of L."""
        by_layer, _, of_last = self.numbers.partition(" / ")
        numbers = by_layer.split("; ")
        return of_last if of_last and l == L else numbers[min(l, len(numbers)) - 1]


def _by_label():
    found, section = {}, None
    for line in TABLE.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 1:
            section = line or section
        else:
            quantity = Quantity(section, *cells)
            found.setdefault(quantity.label, []).append(quantity)
    return found


QUANTITIES = _by_label()


def in_layer(text, l, x="x"):
    """Write the layer's number into a symbol or a formula; a[0] is called ``x``."""
    for offset, index in ((-1, "[l-1]"), (0, "[l]"), (1, "[l+1]")):
        text = text.replace(index, f"[{l + offset}]")
    return text.replace("a[0]", x)
