"""What makes numbers of a table's columns, in the pipeline, fitted on training rows."""

from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from .._arithmetic import required

COMPONENTS = 30  # features of a column of text, a tenth of its different ones at most


def encoder(columns, X, random_state=0):
    """Return the transformer of columns that `describe` has read.

    Numbers: the median where missing, with a feature that says so; scaled. Categories:
    a feature for each, and one for missing. Dates: year, month, day, hour, weekday and
    seconds by skrub's `DatetimeEncoder`, then as numbers. Text: the letters that stand
    together, in up to 30 features, by skrub's `StringEncoder`.

    Parameters
    ----------
    columns : list of Column
        Those that are features.
    X : DataFrame
        Them.
    random_state : int, default=0
        Of the features of text.

    Returns
    -------
    transformer : ColumnTransformer
    """
    of_kind = {
        kind: [column.name for column in columns if column.kind == kind]
        for kind in ("number", "category", "date", "text")
    }
    steps = [
        (_scaled(), of_kind["number"]),
        (
            OneHotEncoder(handle_unknown="ignore", sparse_output=False),
            of_kind["category"],
        ),
    ]
    if of_kind["date"] or of_kind["text"]:
        skrub = required("skrub", "Reading dates and text")
    for name in of_kind["date"]:
        dates = skrub.DatetimeEncoder(add_weekday=True)
        steps.append((make_pipeline(dates, _scaled()), name))
    for name in of_kind["text"]:
        n_components = min(COMPONENTS, max(1, X[name].nunique() // 10))
        text = skrub.StringEncoder(n_components, random_state=random_state)
        steps.append((text, name))
    return make_column_transformer(*steps)


def _scaled():
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True, add_indicator=True),
        StandardScaler(),
    )
