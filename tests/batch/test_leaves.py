import itertools
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest

import icpkit as icp
from icpkit import views
from icpkit.batch.blocks import over_blocks
from icpkit.batch.leaves import leaf_of, whole
from icpkit.batch.moments import moments_of
from icpkit.columns import Labels, column_of_values
from icpkit.value_functions import Segments, Steps, ValueFunction
from tests.batch.cases import Asks, a_profile, same_as_reference

DAY = "2026-11-21"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
LARGE = 2**53


def rows(values: list[Any]) -> list[dict[str, Any]]:
    """Give records of one attribute; None stands for absent in turn with None itself."""
    return [{"x": value} for value in values] + [{}]


def beside(*edges: float) -> list[float]:
    """Give edges, and the floats beside them."""
    return [
        number for edge in edges for number in (math.nextafter(edge, -math.inf), edge, math.nextafter(edge, math.inf))
    ]


def a_range(shape: tuple[float | None, ...], scale: Literal["linear", "log"] = "linear") -> icp.Range:
    """Give a range by its low, high, and soft ends."""
    low, high, soft_low, soft_high = (*shape, None, None)[:4]
    return icp.Range("x", low, high, soft_low=soft_low, soft_high=soft_high, scale=scale)


def on_slopes(edges: list[float]) -> list[float]:
    """Give numbers on edges, beside them, and between them."""
    pairs = itertools.pairwise(sorted(edges))
    return [*beside(*edges), *(low + (high - low) * share for low, high in pairs for share in (0.1, 0.3, 0.5, 0.9))]


# Numbers


ZOO = [
    *(0, -0.0, 1, -1, 5e-324, -5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, 1e9, -1e9),
    *(LARGE - 1, LARGE, LARGE + 1, -LARGE, -LARGE - 1, 2.0**53, 2.0**54, 1e300, 10**400, math.inf, -math.inf, math.nan),
    *(None, True, "many", Decimal("2.5"), Fraction(1, 3), Decimal("1e400"), [1], date(2026, 1, 1)),
]
SHAPES: list[tuple[float | None, ...]] = [
    (50, 500),
    (50, None),
    (None, 500),
    (50, 50),
    (50, 500, 25),
    (50, 500, None, 1000),
    (50, 500, 25, 1000),
    (50, 500, math.nextafter(50, 0), math.nextafter(500, 1e9)),
    (0, 0, -1, 1),
    (0.1, 0.3, 0.1 - 1e-9, 0.3 + 1e-9),
    (1.0, 2.0, 0.0, 2.0000000000000004),
    (1e300, None, 0),
    (-LARGE, LARGE),
    (None, -LARGE, None, LARGE),
    (-500, -50, -1000, -25),
    (1 / 3, 2 / 3, 0.1, 0.7),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ranges_of_numbers(shape: tuple[float | None, ...]) -> None:
    """On edges, beside them, between them and far off, a range matches as the reference says, to the last bit."""
    values = on_slopes([float(edge) for edge in shape if edge is not None])
    profile = a_profile(a_range(shape))
    same_as_reference(profile, rows(values))
    same_as_reference(profile, rows([*values, *(one for one in ZOO if type(one) in {int, float})]))
    same_as_reference(profile, rows([*values, *ZOO]))


@pytest.mark.parametrize(
    "shape",
    [(5e-324, 1e-323, 0, 2e-323), (0.0, 5e-324, -5e-324, None), (0.0, 5e-324, None, 1e-323), (1.0, 5.0, 0.5, 6.0)],
    ids=str,
)
def test_slopes_that_no_float_can_hold_fall_at_once(shape: tuple[float | None, ...]) -> None:
    """A criterion of one's own may have soft edges that are all but the edge itself: they count as none."""
    low, high, soft_low, soft_high = shape
    function = ValueFunction("x", "number", Segments(low, high, soft_low, soft_high))
    values = [*on_slopes([edge for edge in shape if edge is not None]), *beside(0.0, 5e-324, 1e-323, 2e-323)]
    same_as_reference(a_profile(Asks(function, name="own")), rows(values))


LOGS: list[tuple[float | None, ...]] = [
    (50, 500),
    (50, None, 25),
    (None, 500, None, 1000),
    (50, 500, 25, 1000),
    (50, 500, 25),
    (50, 500, None, 1000),
    (1, 10, 5e-324, LARGE),
    (1e-300, 1e-200, 1e-301, 1e300),
    (50, 500, 49.999, 500.001),
    (50, 500, 49.9999999, 500.0000001),
    (50, 500, 25, 500.0000001),
    (50, 500, 49.9999999, 1000),
    (LARGE, None, 1),
]


@pytest.mark.parametrize("shape", LOGS, ids=str)
def test_ranges_on_a_log_scale(shape: tuple[float | None, ...]) -> None:
    """Gentle and steep slopes over logarithms match as the reference says; what is not positive lies below all."""
    values = [*on_slopes([float(edge) for edge in shape if edge is not None]), 0, -0.0, -1, -1e-300, 5e-324]
    profile = a_profile(a_range(shape, "log"))
    same_as_reference(profile, rows(values))
    same_as_reference(profile, rows([*values, *ZOO]))
    same_as_reference(profile, rows([*values, LARGE + 1, math.inf]), keep=True)


STAIRS: dict[str, icp.Criterion] = {
    "one step": icp.Bands("x", [(0, 0.5)], otherwise=0.1),
    "few": icp.Bands("x", [(-1, 0.3), (0, 1 / 3), (0.1, 0), (50, 1)]),
    "many": icp.Bands("x", [(edge, edge / 40) for edge in range(40)], otherwise=1 / 3),
    "sixteen": icp.Bands("x", [(edge, edge / 16) for edge in range(16)]),
    "seventeen": icp.Bands("x", [(edge, edge / 17) for edge in range(17)]),
    "up to 2^53": icp.Bands("x", [(-LARGE, 0.2), (LARGE, 0.7)]),
    "numbers listed": icp.OneOf("x", {1: 0.5, 2.5: 1, 0: 0.25, LARGE: 1 / 3}, otherwise=0.1),
    "one number listed": icp.OneOf("x", [0]),
    "levels": icp.Ordinal("x", [1, 2.5, 10], at_least=2.5),
}


@pytest.mark.parametrize("criterion", STAIRS.values(), ids=STAIRS)
def test_stairs_and_lists_of_numbers(criterion: icp.Criterion) -> None:
    """Stairs of few edges and of many, and numbers that are listed, match as the reference says."""
    values = [*beside(-1, 0, 0.1, 1, 2.5, 10, 15, 16, 17, 39, 50), -LARGE, LARGE]
    same_as_reference(a_profile(criterion), rows(values))
    same_as_reference(a_profile(criterion), rows([*values, *ZOO]))
    same_as_reference(a_profile(criterion), rows([1, 2.5, 10, None, 1]))
    same_as_reference(a_profile(criterion), rows([[1, 2.5], [], None, [50, None], (0, True), {0}, [math.inf]]))


def test_stairs_that_end_at_an_edge_count_it_in() -> None:
    """Under side="to" an edge belongs to the step below it, for few edges and for many."""
    for count in (3, 40):
        function = ValueFunction("x", "number", Steps([(edge, edge / 40) for edge in range(count)], 0.9, side="to"))
        values = [*beside(0, 1, 2, 39), -7, 50, None]
        column = column_of_values(values)
        leaf = leaf_of(function, column, moments_of(DAY, len(values)))
        match, missing = np.empty(len(values)), np.empty(len(values), np.bool_)
        leaf.fill(slice(0, len(values)), match, missing)
        expected = [next((edge / 40 for edge in range(count) if value <= edge), 0.9) for value in values[:-1]]  # type: ignore[operator]  # only the last is None
        assert match.tolist() == [*expected, 0.0]
        assert missing.tolist() == [False] * (len(values) - 1) + [True]


@pytest.mark.parametrize(
    "values",
    [
        [True, False, None],
        [1, 0, None, 1],
        [1.0, 0.0, -0.0, math.nan],
        [1, 0, 2, 0.5],
        [True, 1, 0.0, "yes", 2, None, Decimal(1), Fraction(0)],
        [1, 0, LARGE + 1, math.inf],
    ],
    ids=str,
)
@pytest.mark.parametrize("expected", [True, False])
def test_flags_of_truths_and_numbers(values: list[Any], expected: bool) -> None:
    """0 and 1 are truths, other numbers are invalid."""
    same_as_reference(a_profile(icp.Flag("x", expected)), rows(values))


# Moments


SIGNALS: dict[str, icp.Criterion] = {
    "half-life": icp.Recency("x", half_life=30),
    "short half-life": icp.Recency("x", half_life=timedelta(microseconds=3), absent="unknown"),
    "long half-life": icp.Recency("x", half_life=1e12),
    "linear": icp.Recency("x", linear=7, absent="unknown"),
    "window": icp.Recency("x", window=0.5),
    "window of nothing much": icp.Recency("x", window=timedelta(microseconds=1)),
    "steps": icp.Recency("x", steps=[(0, 1), (1, 0.7), (30, 0.3)]),
    "steps far back": icp.Recency("x", steps=[(7, 1), (40_000, 0.7)]),
    "steps between days": icp.Recency("x", steps=[(1 / 3, 1), (0.7, 0.5), (29.5, 0.1)], absent="unknown"),
    "age": icp.Age("x", at_least=2, at_most=10, soft_at_least=1, soft_at_most=20),
    "age, hard": icp.Age("x", at_least=0),
    "plan": icp.Upcoming("x", within=90),
    "short plan": icp.Upcoming("x", within=0.5),
}
MOMENTS_OF_SCORING: list[Any] = [
    DAY,
    NOON,
    datetime(2026, 11, 21, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 21, 3, tzinfo=EAST),
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    date(1684, 7, 28),
    date(2255, 6, 6),
]


def about(as_of: Any) -> list[datetime]:
    """Give moments about a moment of scoring: on it, a microsecond beside it, and about its day."""
    origin = views.moment(as_of).origin
    found = []
    for days in (0, 0.25, 0.5, 1, 1.5, 7, 14, 29.5, 30, 89, 90, 91, 365, 730.485, 3652.425, 7304.85):
        for sign, more in itertools.product((1, -1), (-1, 0, 1)):
            try:
                found.append(origin + sign * timedelta(days=days) + more * MICRO)
            except OverflowError:
                continue
    return found


@pytest.mark.parametrize("as_of", MOMENTS_OF_SCORING, ids=str)
@pytest.mark.parametrize("criterion", SIGNALS.values(), ids=SIGNALS)
def test_moments_about_the_moment_of_scoring(criterion: icp.Criterion, as_of: Any) -> None:
    """A microsecond before a moment and after it, and at the ends of the calendar, time reads as the reference says."""
    moments = about(as_of)
    far: list[Any] = [
        *(
            datetime(year, month, day, tzinfo=UTC)
            for year in (1684, 1685, 2255, 2256)
            for month, day in ((6, 5), (7, 28))
        ),
        *(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), None),
    ]
    same_as_reference(a_profile(criterion), rows([*moments, *far]), as_of)
    same_as_reference(a_profile(criterion), rows([*(one.date() for one in moments), date.min, date.max, None]), as_of)


@pytest.mark.parametrize("as_of", [DAY, NOON], ids=str)
@pytest.mark.parametrize("criterion", SIGNALS.values(), ids=SIGNALS)
def test_moments_of_every_form(criterion: icp.Criterion, as_of: Any) -> None:
    """Naive moments, zones, dates, texts, lists and what is no moment read as the reference says, alone and mixed."""
    moments = about(as_of)
    forms: list[list[Any]] = [
        [one.replace(tzinfo=None) for one in moments],
        [one.astimezone(zone) for one, zone in zip(moments, itertools.cycle((EAST, WEST, UTC)))],
        [one.isoformat() for one in moments] + [" 2026-11-20 ", "2026-11-20T00:00Z", "soon", "", "20261121"],
        [datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=WEST), NOON],
        [[one, one - timedelta(days=3)] for one in moments] + [[], [None], None, [NOON, "soon"], (DAY,), {DAY}],
        [*moments[:20], *(one.date() for one in moments[:20]), None],
        [NOON, 20261121, 1.5, True, "yesterday", b"2026-11-21", {"at": NOON}, Decimal(1), None],
    ]
    for values in forms:
        same_as_reference(a_profile(criterion), rows(values), as_of)


YEARS: list[list[Any]] = [
    [2013, 2026, 2027, 1, 9999, None, 1970],
    [2013.0, 2025.0, math.nan],
    [2013, 0],
    [2013, -3],
    [2013, 10_000],
    [2013, 2013.5],
    [2013, 2.0**53, LARGE + 1, math.inf, 10**400],
    [2013, date(2013, 5, 17), NOON, "2013", "2013-05-17", True, Decimal(1999), None],
]


@pytest.mark.parametrize("values", YEARS, ids=str)
@pytest.mark.parametrize("as_of", [DAY, NOON, date(1, 1, 1), date(9999, 12, 31)], ids=str)
def test_years_as_numbers(values: list[Any], as_of: Any) -> None:
    """Calendar years count from the year of scoring; what is no year is invalid, one to come unknown."""
    for criterion in (
        icp.Age("x", at_least=2, at_most=10, soft_at_least=1, soft_at_most=20),
        icp.Age("x", at_most=0, soft_at_most=0.5),
    ):
        same_as_reference(a_profile(criterion), rows(values), as_of)


@pytest.mark.parametrize("criterion", SIGNALS.values(), ids=SIGNALS)
def test_each_account_at_its_own_moment(criterion: icp.Criterion) -> None:
    """With a column of moments each account's time counts from its own, on the edges of the calendar too."""
    values: list[Any] = [NOON, NOON - MICRO, NOON + MICRO, None, datetime(1600, 1, 1, tzinfo=UTC), date(2026, 11, 20)]
    columns = [values, [one.date() if isinstance(one, datetime) else one for one in values], [2013, 2026, None, 2027]]
    columns += [["2026-11-20", "2026-11-21", "2026-11-21", "soon"], [[NOON], [], [NOON, DAY], None]]
    for column in columns:
        records = rows(column)
        cycle: list[Any] = [DAY, NOON, "2026-11-20", datetime(2026, 11, 21, 3, tzinfo=EAST), "2027-11-21"]
        for moments in (cycle, [*cycle, "0001-01-01", "9999-12-31"]):
            pairs = list(itertools.product(records, moments))
            same_as_reference(a_profile(criterion), [one for one, _ in pairs], [when for _, when in pairs])


def test_events_at_several_moments() -> None:
    """Events that lie after an account's own moment are not seen, whatever other accounts see."""
    criterion = icp.Engagement("x", {"demo": 3, "visit": 0.1}, half_life=14, target=5)
    lists: list[Any] = [
        [("demo", NOON)],
        [("demo", NOON), ("visit", "2026-11-01", 7)],
        [],
        None,
        [("demo", "2030-01-01")],
        [("demo", NOON, -1)],
        "demo",
        (("demo", NOON, 1),),
        (("demo", NOON, True),),
    ]
    pairs = list(itertools.product(rows(lists), [DAY, "2026-11-25", "2026-10-01"]))
    same_as_reference(a_profile(criterion), [one for one, _ in pairs], [when for _, when in pairs])
    same_as_reference(a_profile(criterion), rows(lists))


# Texts


TEXTS = [
    "Software",
    " software ",
    "SOFTWARE",
    "Straße",
    "STRASSE",
    "IT",
    "i.t.",
    "",
    " ",
    None,
    "x",
    "51",
    "5112",
    "café",
]
CATEGORIES: dict[str, icp.Criterion] = {
    "values": icp.OneOf("x", {"Software": 1, "Straße": 0.5, "Cafe\u0301": 0.3}, otherwise=0.1),
    "case": icp.OneOf("x", ["Software", "IT"], case_sensitive=True),
    "aliases": icp.OneOf("x", ["IT"], aliases={"i.t.": "IT", "x": "unlisted"}),
    "prefix": icp.OneOf("x", {"5": 0.2, "51": 0.6, "511": 1}, prefix=True),
    "levels": icp.Ordinal("x", ["IT", "Software", "Straße"], at_least="Software"),
    "matches": icp.Ordinal("x", ["IT", "Software"], matches={"IT": 0.4, "Software": 0.9}),
}


@pytest.mark.parametrize("criterion", CATEGORIES.values(), ids=CATEGORIES)
def test_texts(criterion: icp.Criterion) -> None:
    """Texts, lists of texts, and what is no text match as the reference says; unlisted levels are invalid."""
    profile = a_profile(criterion)
    same_as_reference(profile, rows(list(TEXTS)))
    same_as_reference(profile, rows([[one] for one in TEXTS]))
    same_as_reference(profile, rows([[], [None], []]))
    same_as_reference(profile, rows([["Software", "x"], [], None, [None], [" "], ("IT", "Straße"), ["x", "y"]]))
    same_as_reference(profile, rows([["Software"], {"IT"}, frozenset(["x"]), "IT", ["x", 7], [["IT"]], None]))
    same_as_reference(profile, rows([*TEXTS, 7, 7.0, True, b"IT", Decimal(1), NOON, {"name": "IT"}]))
    same_as_reference(profile, rows([1, 2.5, None, math.nan]))
    same_as_reference(profile, rows([NOON, None]))


# Labels


def labels(count: int, *, first: int = 0) -> list[str]:
    """Give so many labels."""
    return [f"Tool {number}" for number in range(first, first + count)]


LISTS: list[Any] = [
    [],
    ["Slack"],
    ["slack ", "SLACK", "Slack"],
    ["Slack", "Jira", "CRM"],
    ["Salesforce", "HubSpot"],
    ["HubSpot", "Pipedrive", "other"],
    ["other"],
    ["sfdc", "Größe", "GRÖSSE"],
    [" ", None, ""],
    ["Slack", None, " "],
    ("Jira",),
    None,
    math.nan,
]
WANTED = {"Slack": 3, "Jira": 1, "CRM": 0.1, "Suite": 2, "Größe": 1 / 3}
GROUPS = {"CRM": ["Salesforce", "HubSpot"], "Suite": ["CRM", "Slack", "Pipedrive"]}
OVERLAPS: dict[str, Callable[[], icp.Criterion]] = {
    "share": lambda: icp.TechOverlap("x", WANTED),
    "share, groups": lambda: icp.TechOverlap("x", WANTED, groups=GROUPS),
    "share, aliases": lambda: icp.TechOverlap("x", WANTED, groups=GROUPS, aliases={"sfdc": "Salesforce"}),
    "share, case": lambda: icp.TechOverlap("x", WANTED, case_sensitive=True),
    "any": lambda: icp.TechOverlap("x", list(WANTED), mode="any", groups=GROUPS),
    "all": lambda: icp.TechOverlap("x", ["Slack", "Jira"], mode="all"),
    "at least 2": lambda: icp.TechOverlap("x", list(WANTED), mode="at_least", k=2, groups=GROUPS),
    "satisfies": lambda: icp.TechOverlap("x", list(WANTED), mode="satisfies"),
    "satisfies, groups": lambda: icp.TechOverlap(
        "x", list(WANTED), mode="satisfies", groups=GROUPS, aliases={"sfdc": "Salesforce"}, case_sensitive=True
    ),
}


@pytest.mark.parametrize("make", OVERLAPS.values(), ids=OVERLAPS)
def test_overlaps(make: Callable[[], icp.Criterion]) -> None:
    """Empty lists, the same label twice, groups of groups, aliases and blank items count as the reference says."""
    profile = a_profile(make())
    same_as_reference(profile, rows(LISTS))
    same_as_reference(profile, rows([one for one in LISTS if isinstance(one, list)]))
    same_as_reference(profile, rows([*LISTS, "Slack", {"Slack"}, frozenset(["Jira"]), 7, ["Slack", 7], [["Slack"]]]))
    same_as_reference(profile, rows([[], None, []]))
    same_as_reference(profile, [{}, {}])
    same_as_reference(profile, rows([1, 2, None]))
    same_as_reference(profile, rows(LISTS), keep=True)


@pytest.mark.parametrize("count", [12, 13, 62, 63, 130, 500])
@pytest.mark.parametrize("mode", ["share", "any", "all", "at_least", "satisfies"])
def test_many_wanted_labels(count: int, mode: Any) -> None:
    """As many labels as fit into a table of patterns, into a word, into several words and beyond count alike."""
    wanted: Any = (
        {label: 1 + place % 7 for place, label in enumerate(labels(count))} if mode == "share" else labels(count)
    )
    criterion = icp.TechOverlap("x", wanted, mode=mode, k=count // 2 if mode == "at_least" else None)
    lists: list[Any] = [
        labels(count),
        labels(count - 1),
        labels(count, first=1),
        labels(count // 2),
        labels(count // 2 - 1),
        labels(3, first=count - 2),
        [label.upper() for label in labels(count)] * 2,
        ["other", *labels(1)],
        [],
        None,
    ]
    same_as_reference(a_profile(criterion), rows(lists))


@pytest.mark.parametrize("count", [5, 62, 63, 496, 497, 600])
def test_many_own_labels(count: int) -> None:
    """Where accounts' own labels are counted, there may be more of them than there are bits."""
    criterion = icp.TechOverlap("x", labels(4), mode="satisfies", aliases={"n/a": "Tool 1"})
    lists: list[Any] = [
        labels(count),
        labels(count)[::-1] * 2,
        labels(2, first=count - 2),
        ["n/a", "Tool 1"],
        [],
        None,
        [" "],
    ]
    same_as_reference(a_profile(criterion), rows(lists))
    same_as_reference(a_profile(criterion), rows(lists), block=1)


def test_no_account_has_labels() -> None:
    """A column of lists that are all empty, and one of no rows at all, is answered in every mode and width."""
    for count, mode in itertools.product((3, 20, 200), ("share", "satisfies")):
        profile = a_profile(icp.TechOverlap("x", labels(count), mode=mode))  # type: ignore[arg-type]  # one of two modes
        same_as_reference(profile, rows([[], []]))
        batch = icp.encode(rows([["Tool 1"]]), profile).take([])
        assert len(icp.score_batch(profile, batch, as_of=DAY)) == 0


# Leaves by themselves


def filled(leaf: Any, count: int, *, block: int = 3) -> tuple[list[float], list[bool]]:
    """Fill block by block."""
    match, missing = np.full(count, 7.0), np.ones(count, np.bool_)
    over_blocks(lambda part: leaf.fill(part, match[part], missing[part]), count, threads=1, block=block)
    return match.tolist(), missing.tolist()


EVERYTHING: dict[str, list[Any]] = {
    "numbers": [320, None, 2.5, LARGE + 1, 1, 0, -1],
    "odd numbers": [1, math.inf, 10**400, 0],
    "truths": [True, None, False],
    "texts": ["IT", None, "2026-11-20", " "],
    "lists": [["IT"], [], None, ["other", "IT"]],
    "moments": [NOON, None, datetime(1, 1, 1, tzinfo=UTC)],
    "dates": [date(2026, 11, 20), None],
    "mixed": [1, "IT", ["IT"], NOON, None, True, {"a": 1}],
    "nothing": [None, None],
}
VIEWS: dict[str, icp.Criterion] = {
    "range": icp.Range("x", 50, 500, soft_low=25),
    "log": icp.Range("x", 50, 500, soft_low=25, scale="log"),
    "numbers": icp.OneOf("x", [1, 2.5]),
    "number levels": icp.Ordinal("x", [1, 2.5], at_least=2.5),
    "flag": icp.Flag("x"),
    "texts": icp.OneOf("x", ["IT"], otherwise=0.25),
    "levels": icp.Ordinal("x", ["IT", "other"], at_least="other"),
    "labels": icp.TechOverlap("x", ["IT", "other"]),
    "satisfies": icp.TechOverlap("x", ["IT"], mode="satisfies"),
    "recency": icp.Recency("x", half_life=30),
    "plan": icp.Upcoming("x"),
    "age": icp.Age("x", at_least=2, at_most=10),
    "events": icp.Engagement("x", {"demo": 1}),
}


@pytest.mark.parametrize("values", EVERYTHING.values(), ids=EVERYTHING)
@pytest.mark.parametrize("criterion", VIEWS.values(), ids=VIEWS)
def test_every_view_reads_every_column(criterion: icp.Criterion, values: list[Any]) -> None:
    """Whatever column a view meets, it gives the match and the absence of each row, and tells what is invalid."""
    function = criterion.value_function()
    assert isinstance(function, ValueFunction)
    many = same_as_reference(a_profile(criterion), [{"x": value} for value in values], block=2)
    leaf = leaf_of(function, column_of_values(values), moments_of(DAY, len(values)))
    assert {offence.row for offence in leaf.offences} == {int(str(one.key)[4:]) - 1 for one in many.invalid}
    assert leaf.invalid.tolist() == sorted(offence.row for offence in leaf.offences)
    match, missing = filled(leaf, len(values))
    assert filled(whole(leaf, len(values)), len(values)) == (match, missing)
    assert all(one == 0.0 for one, absent in zip(match, missing, strict=True) if absent)
    assert leaf.complete <= (not any(missing))


@pytest.mark.parametrize("mode", ["share", "satisfies"])
def test_lists_may_have_odd_rows(mode: Any) -> None:
    """A column of lists may hold rows that are no lists of texts; they are read as the reference reads them."""
    criterion = icp.TechOverlap("x", ["Slack", "Jira"], mode=mode)
    column = Labels(
        np.array([0, 1, 1, 1]), np.array([0]), ("Slack",), np.array([True, False, False]), odd={1: {"Jira"}, 2: 7}
    )
    leaf = leaf_of(criterion.value_function(), column, moments_of(DAY, 3))
    match, missing = filled(leaf, 3)
    assert match == ([0.5, 0.5, 0.0] if mode == "share" else [1.0, 1.0, 0.0])
    assert missing == [False, False, True]
    assert [(one.row, one.value) for one in leaf.offences] == [(2, 7)]
    assert column.raw(2) == 7
    assert column.take(np.array([2, 0])).raw(0) == 7


def test_what_is_found_of_columns_is_remembered() -> None:
    """Patterns of labels and logarithms are found once for a batch, whatever their weights and edges are."""
    records = [{"t": ["Slack"], "x": 5.0}, {"t": None, "x": None}]
    profile = a_profile(icp.TechOverlap("t", {"Slack": 1, "Jira": 2}), icp.Range("x", 5, None, soft_low=1, scale="log"))
    batch = icp.encode(records, profile)
    held = batch.memory.nbytes
    assert held > 0
    other = a_profile(icp.TechOverlap("t", {"Slack": 5, "Jira": 2}), icp.Range("x", 9, None, soft_low=2, scale="log"))
    many = icp.score_batch(other, batch, as_of=DAY)
    assert batch.memory.nbytes == held
    assert many.fit.tolist()[0] == icp.score(other, records[0], as_of=DAY).fit


def test_the_best_item_of_lists_beside_what_is_no_list() -> None:
    """Where some rows hold no list of texts, the reference answers for these, and the array of the others stays."""
    function = icp.OneOf("x", {"a": 1, "b": 0.5}, otherwise=0.1).value_function()
    lists = column_of_values([["a"], ["b", "c"], None, []])
    assert isinstance(lists, Labels)
    column = Labels(lists.offsets, lists.codes, lists.texts, lists.known, {2: "B", 3: 7})
    leaf = leaf_of(function, column, moments_of(DAY, 4))
    for _ in range(2):
        match, missing = np.empty(4), np.empty(4, np.bool_)
        leaf.fill(slice(0, 4), match, missing)
        assert match.tolist() == [1, 0.5, 0.5, 0]
        assert missing.tolist() == [False, False, False, True]
    assert [one.row for one in leaf.offences] == [3]


@pytest.mark.parametrize("latest", [NOON, NOON + timedelta(days=1)])
@pytest.mark.parametrize("absent", ["never", "unknown"])
def test_steps_over_signals(absent: Any, latest: datetime) -> None:
    """Edges in days are compared as moments, whether or not some signals lie ahead."""
    moments = [latest, *(NOON - timedelta(days=days) + more * MICRO for days in (1 / 3, 30) for more in (-1, 0, 1))]
    for steps in ([(1 / 3, 1), (30, 0.5)], [(30, 1), (40_000, 0.5)]):
        criterion = icp.Recency("x", steps=steps, absent=absent)
        same_as_reference(a_profile(criterion), rows([*moments, None]), NOON)
