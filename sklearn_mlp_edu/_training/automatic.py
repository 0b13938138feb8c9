"""What ``"auto"`` stands for: learning rate and strength of regularisation.

``docs/defaults.md`` has the measurements behind the numbers.
"""

import math

RATES = {"sgd": 0.5, "adam": 0.002, "adamw": 0.002}  # of standardised inputs
LINEAR_ADAM = 0.01  # without hidden layers
STRENGTHS = {"sgd": 0.012, "adam": 0.012, "adamw": 1.5, "lbfgs": 0.012}
PRIOR_ROWS = {"sgd": 5.0, "adam": 5.0, "adamw": 1000.0, "lbfgs": 10.0}  # worth in rows
MANY_ROWS = 4000  # beyond which λ falls as 1/n²
SMALL = 33  # rows of a step, below which SGD's rate falls faster
FIRST, LAST = (
    300,
    10_000,
)  # rows of a stream between which the rate of small parts falls
LARGEST_LENGTH = 800  # squared, of a row of inputs that SGD's rate suits
MOST_FELT = 2000  # inputs of a unit that Adam's rate suits


def usual_learning_rate(solver):
    """Return α for "auto", for inputs and batches that give no reason for less."""
    return RATES[solver] if solver in RATES else 0.0


def default_learning_rate(
    solver, loss, hidden, length, n_features, batch_size, n_seen=None
):
    """Return α for "auto", by what is typical of the inputs and by the noise of a step.

    For SGD it is 0.5 for d inputs of mean square x̄² = 1, and else divided by
    max(1, x̄², d x̄²/800): the curvature of the cost, which bounds a stable α, grows with
    x̄², and with the squared length d x̄² of correlated inputs such as pixels (LeCun,
    Bottou, Orr & Müller, "Efficient BackProp", 1998). Losses of numbers are more
    curved: a fifth. It is √(B/100) times that in steps of less than 100 rows, as
    the noise of a mini-batch gradient falls with √B (Krizhevsky, "One weird trick for
    parallelizing convolutional neural networks", 2014), and B/33 for up to ten rows.
    In a stream of such small parts it is B/√t instead, after t rows, for t from 300 to
    10,000: no patience lowers it there (Robbins & Monro, "A stochastic approximation
    method", The Annals of Mathematical Statistics 22, 1951).

    For Adam it is 0.002, for losses of numbers 0.005, or 0.01 without hidden layers,
    where no unit multiplies what another has learned. The scale of gradients does not
    matter; but as every weight moves by about α, a unit moves by α for each of its
    inputs, so with more than 2000 of them α is less.

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
    n_seen : int, optional
        t, rows of the stream so far, if it is one.
    """
    rate = RATES[solver]
    if solver != "sgd":
        felt = min(math.sqrt(n_features), length)  # in sparse rows, few are not 0
        rate = rate * loss.adam_rate if hidden else LINEAR_ADAM
        return rate / max(1.0, felt**2 / MOST_FELT)
    rate *= loss.rate
    if length == 0:
        return rate
    small = SMALL if n_seen is None else math.sqrt(min(max(n_seen, FIRST), LAST))
    noise = min(1.0, math.sqrt(batch_size / 100), batch_size / small)
    longest = math.sqrt(min(n_features, LARGEST_LENGTH))
    return rate * noise * min(1.0, longest / length) ** 2


def default_alpha(solver, n_rows, prior=1.0):
    """Return λ for "auto": 0.012, or 5/n, or 20000/n², whichever is least for n rows.

    With λ = c/n the cost summed over the rows has a penalty that does not grow with
    them, as the logarithm of a prior does not. Beyond 4000 rows it falls faster: what
    keeps few noisy rows from being learned by heart holds back where rows are many. For
    L-BFGS, which no patience stops on the way to the minimum, both are twice as much.
    ``prior``, a loss's, multiplies them: for losses of numbers it is 2. Decoupled decay
    is another quantity, the share αλ of the weights that is lost at each step, whatever
    the gradient: λ is 1.5, 1000/n, or 4·10⁶/n².
    """
    share = min(1.0, MANY_ROWS / n_rows)
    return min(STRENGTHS[solver], prior * PRIOR_ROWS[solver] / n_rows * share)
