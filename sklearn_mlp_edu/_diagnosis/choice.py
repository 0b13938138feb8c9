"""Which of several settings to prefer, by what they reached in the folds."""


def choose(merit):
    """Return the setting of the highest mean merit, of shape (n_settings, n_folds)."""
    return int(merit.mean(axis=1).round(12).argmax())  # rounding decides no tie


def choose_out_of_fold(merit):
    """Return for each fold which setting the other folds `choose`.

    A setting picked for its scores looks better on these scores than it is. The score
    of a fold that had no say in the choice does not.
    """
    folds = range(merit.shape[1])
    others = ([fold for fold in folds if fold != left_out] for left_out in folds)
    return [choose(merit[:, kept]) for kept in others]
