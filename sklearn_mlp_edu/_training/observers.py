"""Who is told of every epoch: observers."""

from time import perf_counter


class Observer:
    """Is told of every epoch, counted from 1."""

    def before_epoch(self, epoch):
        """Take note that an epoch begins."""

    def after_epoch(self, epoch, outcomes):
        """Take note of how an epoch went; return True to ask for the end."""


class ProgressPrinter(Observer):
    """Prints every ``verbose``-th epoch on a line of its own."""

    def __init__(self, verbose):
        self.verbose, self.started = verbose, perf_counter()

    def after_epoch(self, epoch, outcomes):
        """Print the cost, what was measured on a validation set, and the time."""
        (outcome,) = outcomes
        columns = f"{'epoch':>7}  {'cost':>12}"
        line = f"{epoch:>7}  {outcome.loss_curve[-1]:>12.6f}"
        if outcome.validation_scores:
            columns += f"  {'val. loss':>12}  {'val. score':>10}"
            line += f"  {outcome.validation_losses[-1]:>12.6f}"
            line += f"  {outcome.validation_scores[-1]:>10.4f}"
        if epoch == 1:
            print(f"{columns}  {'time':>9}")
        if epoch % self.verbose == 0:
            print(f"{line}  {perf_counter() - self.started:>7.2f} s")
