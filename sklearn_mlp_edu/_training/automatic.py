"""What ``"auto"`` stands for: learning rate and strength of regularisation.

``docs/defaults.md`` has the measurements behind the numbers.
"""

import math

RATES = {"sgd": 0.2, "adam": 0.002, "adamw": 0.002}  # of standardised inputs
LINEAR_ADAM = 0.01  # without hidden layers
STRENGTHS = {"sgd": 0.012, "adam": 0.012, "adamw": 1.5, "lbfgs": 0.012}
PRIOR_ROWS = {"sgd": 5.0, "adam": 5.0, "adamw": 1000.0, "lbfgs": 10.0}  # worth in rows
LARGEST_LENGTH = 2000  # squared, of a row of inputs that the first rate suits


def usual_learning_rate(solver):
    """Return α for "auto", for inputs and batches that give no reason for less."""
    return RATES[solver] if solver in RATES else 0.0


def default_learning_rate(solver, loss, hidden, length, n_features, batch_size):
    """Return α for "auto", by what is typical of the inputs and by the noise of a step.

    For SGD it is 0.2 √(B/100), at most 0.2, for d inputs of mean square x̄² = 1, and
    else divided by max(1, x̄², d x̄²/2000): the curvature of the cost, which bounds a
    stable α, grows with x̄², and with the squared length d x̄² of correlated inputs such
    as pixels (LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998). Losses of
    numbers are more curved: half as much. The noise of a mini-batch gradient falls with
    √B (Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
    2014).

    For Adam it is 0.002, or 0.01 without hidden layers, where no unit multiplies what
    another has learned. The scale of gradients does not matter; but as every weight
    moves by about α, a unit moves by α for each of its inputs, so with more than 2000
    of them α is less.

    Parameters
    ----------
    solver : {"sgd", "adam", "adamw"}
    loss : Loss
    hidden : bool
        Whether there are hidden layers.
    length : float
        √(d x̄²), root mean squared length of the inputs.
    n_features : int
        d.
    batch_size : int
        B.
    """
    rate = RATES[solver]
    if solver != "sgd":
        n_felt = min(n_features, length**2)  # in sparse rows, few are not 0
        rate = rate if hidden else LINEAR_ADAM
        return rate / max(1.0, n_felt / LARGEST_LENGTH)
    rate *= loss.rate
    if length == 0:
        return rate
    noise = min(1.0, math.sqrt(batch_size / 100))
    longest = math.sqrt(min(n_features, LARGEST_LENGTH))
    return rate * noise * min(1.0, longest / length) ** 2


def default_alpha(solver, n_rows, prior=1.0):
    """Return λ for "auto": 0.012, or c/n where n rows make that less, with c = 5.

    With λ = c/n the cost summed over the rows has a penalty that does not grow with
    them, as the logarithm of a prior does not. For L-BFGS, which no patience stops on
    the way to the minimum, c is 10. ``prior``, a loss's, multiplies c: for losses of
    numbers it is 2. Decoupled decay is another quantity, the share αλ of the weights
    that is lost at each step, whatever the gradient: λ is 1.5, or 1000/n.
    """
    return min(STRENGTHS[solver], prior * PRIOR_ROWS[solver] / n_rows)
