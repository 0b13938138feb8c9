"""What the words of a report mean, for whoever reads it without its documentation."""

LOSS = {
    "log loss": "The mean of −log p, where p is the probability that was given to the "
    "class that a row turned out to have. It punishes being sure and wrong; less is "
    "better."
}
SQUARED = {
    "squared error": "The mean of (actual − predicted)², as a share of the variance of "
    "the target, so that guessing has about 1. Less is better. By it remedies are "
    "compared, row by row.",
    "R²": "1 less the squared error as a share of that of guessing, fold by fold: 1 is "
    "perfect, 0 is as good as the mean of the target, and worse is below 0.",
}
NUMBERS = {
    "mean absolute error": "The mean of |actual − predicted|, in the unit of the "
    "target.",
    "root mean squared error": "The root of the mean of (actual − predicted)², in the "
    "unit of the target. A few rows that miss by far count more than in the mean "
    "absolute error.",
}
ALWAYS = {
    "train": "The score on the rows that a network was trained on.",
    "test": "The score on rows that it was not trained on: each row is in one of the "
    "folds, and tested by the network that was trained on the others.",
    "gap": "Train less test score. What is learned by heart widens it.",
    "guessing": "The score of who knows how frequent the classes are (or of numbers "
    "their mean; their median where the score goes by absolute errors), and nothing of "
    "the row. In the pictures a solid grey line.",
    "perfect, best": "The score of right answers only. A gap is measured by the way "
    "from guessing to there or, where that is not known, to the best that was reached.",
    "95 % interval": "Where the number would lie with other rows of the same kind, 19 "
    "times of 20, as far as the rows and folds at hand can tell. Intervals of changes "
    "are narrower than those of scores, for both settings had the same rows.",
    "std over folds": "Standard deviation of the folds' values. In the pictures a band "
    "of this width lies above and below each curve.",
    "as it is": "The estimator without a remedy. In the pictures a dotted line.",
    "helps": "Score or loss get better by more than chance among the rows would bring, "
    "allowing for all remedies that were tried, and by more than a hundredth of the "
    "way from guessing to the best; the other does not get worse; and guessing is "
    "beaten.",
    "more data": "A forecast for twice as many rows, from networks trained on parts of "
    "them.",
}
CLASSES = {
    "recall": "Of the rows of a class, the share that was taken for it.",
    "precision": "Of the rows taken for a class, the share that is of it.",
    "balanced accuracy": "The mean of the recalls, so that a rare class counts as much "
    "as a frequent one.",
    "average precision": "The mean precision for the rarer class, as rows are taken in "
    "the order of its probability.",
    "ROC AUC": "How often a row of a class gets a higher probability of it than a row "
    "of another; 0.5 is guessing.",
}


def words(report):
    """Return the meaning of each word that the report uses."""
    found = dict(ALWAYS)
    if report.test_loss is not None:
        found |= LOSS if report.data["loss"] in LOSS else SQUARED
    if report.out_of_fold_ is not None:
        found |= NUMBERS
    if report.class_results:
        shown = {"recall", "precision", *report.other_scores}
        found |= {word: text for word, text in CLASSES.items() if word in shown}
    return found
