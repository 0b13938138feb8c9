"""The run of one batch: where an estimator would go on, were it trained on it now."""

from copy import copy, deepcopy

from .._training import TrainingSet
from .base import BaseMLP
from .run import Run
from .weights import check_weight, relative_to_mean


def run_of_one_batch(estimator, X, y, sample_weight=None, classes=None):
    """Return the `Run` of a step on these examples; nothing is trained.

    It starts from the fitted weights, if there are any, and else from initial ones. The
    estimator and its random state stay as they are. ``classes`` names all classes to a
    network that is not fitted, where y lacks some.
    """
    if not isinstance(estimator, BaseMLP):
        raise TypeError(
            f"estimator must be a network of this package, got {estimator!r}. Of a "
            "pipeline pass the last step, and X as that step receives it."
        )
    network = copy(estimator)
    network.random_state = deepcopy(estimator.random_state)
    fitted = hasattr(network, "coefs_")
    if fitted and network.alpha == "auto":  # not what it would be for so few rows
        network.alpha = network.alpha_
    draft = network._draft(keep_learned=fitted)
    X, y = draft._check_examples(X, y, draft._floats(), reset=not fitted)
    weight = check_weight(sample_weight, X)
    if fitted:
        targets = network._targets()
    elif classes is None:
        targets = network._read(y)
    else:
        targets = network._announced(classes, y)
    y = targets.encode(y)
    data = TrainingSet(X, y, relative_to_mean(network._weigh(targets, y, weight)))
    chance = network._chance(go_on=fitted)
    if not fitted:
        targets = targets.learned_from(data)
        draft._initialise(targets, X.dtype, chance)
    if network._needs_statistics() and not hasattr(draft, "_statistics_"):
        draft._set_statistics(draft._statistics_of(X, weight))
    return Run(network, draft, targets, data, chance)
