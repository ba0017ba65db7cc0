import json
from typing import Any

import pytest

import icpkit as icp
from icpkit.sql.dialects import DIALECTS
from icpkit.sql.long_tables import LongRows
from icpkit.sql.reading import Reader, now_of
from icpkit.sql.sqlglot import write
from tests.sql.cases import ENGINES, reference, scored, single, table

DAY = "2026-11-21"
Rows = list[tuple[Any, ...]]


def rows_of(lists: list[Any]) -> Rows:
    """Give the rows of lists: the account's number, and what each item holds."""
    return [
        (number, *(item if isinstance(item, tuple) else (item,)))
        for number, items in enumerate(lists)
        for item in items or []
    ]


def by_rows(
    dialect: str, profile: icp.Profile, lists: list[Any], kinds: dict[str, str], **place: Any
) -> list[tuple[Any, ...]]:
    """Score accounts whose lists are rows of a table."""
    held = icp.LongTable("rows of x", "account", next(iter(kinds)), **place)
    script = table("rows of x", {"account": "INTEGER", **kinds}, rows_of(lists), dialect)
    accounts: list[dict[str, Any]] = [{} for _ in lists]
    return scored(dialect, profile, {}, accounts, script, columns={"x": held})


def without(lists: list[Any], *, empty: bool) -> list[dict[str, Any]]:
    """Give the accounts of lists; one without a row has none, or an empty one."""
    return [{"x": items or ([] if empty else None)} for items in lists]


# Labels

LABELS: list[Any] = [["slack"], ["slack", "jira", "jira"], ["zoom", "", None], [None], [""], None]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("missing", ["unknown", "empty"])
@pytest.mark.parametrize(
    "criterion",
    [
        icp.Overlap("x", {"Slack": 1, "Jira": 3}),
        icp.Overlap("x", ["Slack", "Jira"], mode="all"),
        icp.Overlap("x", ["Slack", "Jira"], mode="satisfies", aliases={"Zoom": "Slack"}),
        icp.OneOf("x", {"Slack": 1, "Jira": 0.2}, otherwise=0.5),
    ],
    ids=repr,
)
def test_labels_are_rows(dialect: str, missing: Any, criterion: icp.Criterion) -> None:
    """A label to a row matches as a list does; rows without text count for nothing, no row at all is as was said."""
    profile = single(criterion)
    found = by_rows(dialect, profile, LABELS, {"tech": "VARCHAR"}, without=missing)
    assert found == reference(profile, without(LABELS, empty=missing == "empty"))
    assert (found[-1][3] == "scored") == (missing == "empty")


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_table_is_asked_once(dialect: str) -> None:
    """However many criteria ask for the rows of an attribute, they are grouped once, each question in a column."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Overlap("x", ["Slack", "Jira"], name="both"),
                    icp.Overlap("x", ["Slack"], mode="any", name="one"),
                    icp.Overlap("x", ["Slack"], mode="satisfies", name="own"),
                ],
            )
        ],
    )
    assert by_rows(dialect, profile, LABELS, {"tech": "VARCHAR"}) == reference(profile, without(LABELS, empty=False))
    place = icp.LongTable("rows", "account", "tech")
    sql = icp.to_sql(profile, dialect=dialect, table="t", key="id", as_of=DAY, columns={"x": place}, text="folded")
    assert (sql.count("GROUP BY"), sql.count("LEFT JOIN"), sql.count("MAX(CASE")) == (1, 1, 2)


def test_aliases_without_a_text_of_their_own_ask_for_nothing() -> None:
    """A name that an alias sends elsewhere is never met, so no text stands for it."""
    profile = single(icp.Overlap("x", ["Zoom", "Slack"], aliases={"Slack": "Jira"}))
    accounts = without(LABELS, empty=False)
    for dialect in ENGINES:
        assert by_rows(dialect, profile, LABELS, {"tech": "VARCHAR"}) == reference(profile, accounts)


def test_none_of_no_texts_is_held() -> None:
    """Asked for none of the texts, rows hold none, and are not asked."""
    dialect = DIALECTS["duckdb"]
    reader = Reader(dialect, {}, {}, {}, now_of(DAY, dialect))
    rows = LongRows(icp.LongTable("t", "k", "v"), reader, "x_rows", "x")
    assert write(rows.items(lambda _, node: node).any_of([]), "duckdb") == "FALSE"
    assert rows.columns == {}


# Moments

MOMENTS: list[Any] = [
    ["2026-11-11", "2026-11-01T12:00:00"],
    ["2026-11-11", "2026-11-25"],
    ["2026-11-25"],
    [None, "2026-10-01 00:00:00"],
    [None],
    None,
]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("missing", ["unknown", "empty"])
@pytest.mark.parametrize(
    "criterion",
    [
        icp.Recency("x", linear=100),
        icp.Recency("x", half_life=30, absent="unknown"),
        icp.Recency("x", window=30, absent="unknown"),
        icp.Age("x", at_least=0.02),
    ],
    ids=repr,
)
def test_moments_are_rows(dialect: str, missing: Any, criterion: icp.Criterion) -> None:
    """The latest visible moment counts; later ones are not seen yet, and a list of none is as the reference has it."""
    profile = single(criterion)
    if isinstance(criterion, icp.Age):
        [problem] = icp.pushable(profile, dialect, columns={"x": icp.LongTable("t", "k", "v")})
        assert problem.reason == "reads one date, but columns['x'] is a LongTable"
        return
    found = by_rows(dialect, profile, MOMENTS, {"visited": "TIMESTAMP"}, without=missing)
    assert found == reference(profile, without(MOMENTS, empty=missing == "empty"))


def test_a_moment_that_is_none_makes_its_list_wrong_on_sqlite() -> None:
    """One row of the wrong kind makes the account's list unknown, and is counted once."""
    lists: list[Any] = [["2026-11-11", "soon", "later"], ["2026-11-11", ""], ["soon"], None]
    for criterion in (icp.Recency("x", linear=100), icp.Recency("x", linear=100, absent="unknown")):
        found = by_rows("sqlite", single(criterion), lists, {"visited": ""})
        assert [(row[1], row[7]) for row in found[:3]] == [(None, 1), (90, 0), (None, 1)]
        assert found == reference(single(criterion), without(lists, empty=False))


# Events

EVENTS: list[Any] = [
    [("demo", "2026-11-21", 1.0), ("webinar", "2026-11-01", None)],
    [("demo", "2026-11-01", 0.5), ("demo", "2026-11-25", 1.0)],
    [("demo", "2026-11-25", 1.0)],
    [("coffee", "2026-11-20", 3.0)],
    [("", "2026-11-20", 1.0), (None, "2026-11-20", 1.0)],
    [("demo", None, 1.0)],
    [("demo", "2026-11-21", 0.0)],
    None,
]
ENGAGED = icp.Engagement("x", {"Webinar": 1, "Demo": 3, "Call": 1}, half_life=20, target=4)


def _as_events(lists: list[Any], *, strength: bool = True) -> list[Any]:
    """Give events as the reference reads them."""
    return [
        items and [dict(zip(("kind", "at", "strength"), item[: 3 if strength else 2], strict=False)) for item in items]
        for items in lists
    ]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("missing", ["unknown", "empty"])
@pytest.mark.parametrize("strength", [True, False])
def test_events_are_rows(dialect: str, missing: Any, strength: bool) -> None:
    """Events add up by kind, strength and age; later ones are not seen yet, and each account's rows are its own."""
    profile = single(ENGAGED)
    kinds = {"kind": "VARCHAR", "at": "TIMESTAMP", "strength": "DOUBLE"}
    asked = {"at": "at", "strength": "strength" if strength else None, "without": missing}
    found = by_rows(dialect, profile, EVENTS, kinds, **asked)
    assert found == reference(profile, without(_as_events(EVENTS, strength=strength), empty=missing == "empty"))


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("strength", [-1.0, 2.0**54, 1e300])
def test_an_event_of_a_strength_beyond_reason_is_wrong(dialect: str, strength: float) -> None:
    """A strength below 0 or beyond 2^53 makes the list unknown, and is counted; one that is not visible does not."""
    lists: list[Any] = [[("demo", DAY, strength), ("demo", DAY, 1.0)], [("demo", "2027-01-01", strength)]]
    kinds = {"kind": "VARCHAR", "at": "TIMESTAMP", "strength": "DOUBLE"}
    found = by_rows(dialect, single(ENGAGED), lists, kinds, at="at", strength="strength")
    assert [(row[3], row[7]) for row in found] == [("insufficient data", 1), ("insufficient data", 0)]
    assert found == reference(single(ENGAGED), without(_as_events(lists), empty=False))


@pytest.mark.parametrize("dialect", ENGINES)
def test_two_criteria_ask_for_the_same_events(dialect: str) -> None:
    """Two half-lives of one table's events are two columns of its groups."""
    other = icp.Engagement("x", {"demo": 1}, half_life=2, absent="unknown", name="other")
    profile = icp.Profile("P", [icp.Dimension("D", [ENGAGED, other])])
    kinds = {"kind": "VARCHAR", "at": "TIMESTAMP", "strength": "DOUBLE"}
    found = by_rows(dialect, profile, EVENTS, kinds, at="at", strength="strength")
    assert found == reference(profile, without(_as_events(EVENTS), empty=False))


# Lists in a column


@pytest.mark.parametrize("dialect", ENGINES)
def test_moments_and_events_in_a_column_of_json(dialect: str) -> None:
    """A text of JSON that holds moments, or events by field, is opened as a table's rows are."""
    columns = {"x": icp.ListColumn("x", "json")}
    held = [None if one is None else [item for item in one if item] for one in MOMENTS]
    for criterion in (icp.Recency("x", linear=100), icp.Recency("x", linear=100, absent="unknown")):
        profile = single(criterion)
        accounts = [{"x": json.dumps(one) if one is not None else one} for one in held]
        found = scored(dialect, profile, {"x": "VARCHAR"}, [*accounts, {"x": " "}], columns=columns)
        assert found == reference(profile, [*({"x": one} for one in held), {"x": None}])
    events = _as_events(EVENTS)
    accounts = [{"x": json.dumps(one) if one is not None else one} for one in [*events, []]]
    found = scored(dialect, single(ENGAGED), {"x": "VARCHAR"}, accounts, columns=columns)
    assert found == reference(single(ENGAGED), [{"x": one} for one in [*events, []]])


def test_moments_and_events_in_an_array_of_duckdb() -> None:
    """An array of moments, or of records with fields by name, is opened as a table's rows are."""
    columns = {"x": icp.ListColumn("x")}
    script = (
        "CREATE TABLE held AS SELECT 0 AS id, ['2026-11-11'::TIMESTAMP, '2026-11-25'] AS x UNION ALL SELECT 1, NULL "
        "UNION ALL SELECT 2, [];"
        "CREATE TABLE touched AS SELECT 0 AS id, [{'kind': 'demo', 'at': '2026-11-21'::DATE, 'strength': 1}] AS x;"
    )
    recent = single(icp.Recency("x", linear=100))
    found = scored("duckdb", recent, {}, [], script, table="held", columns=columns)
    assert found == reference(recent, [{"x": ["2026-11-11", "2026-11-25"]}, {"x": None}, {"x": []}])
    [row] = scored("duckdb", single(ENGAGED), {}, [], script, table="touched", columns=columns)
    assert row == reference(single(ENGAGED), [{"x": [("demo", DAY)]}])[0]


@pytest.mark.parametrize("dialect", ENGINES)
def test_lists_in_a_column_are_asked_at_each_accounts_own_moment(dialect: str) -> None:
    """A list that lies with its account is read as of the account's own moment."""
    profile = single(icp.Recency("x", linear=100))
    accounts = [{"x": '["2026-11-11", "2026-11-20"]', "own": own} for own in ("2026-11-15", "2026-11-21")]
    kinds, columns = {"x": "VARCHAR", "own": "DATE"}, {"x": icp.ListColumn("x", "json")}
    found = scored(dialect, profile, kinds, accounts, columns=columns, as_of=icp.Column("own"))
    assert [row[1] for row in found] == [96, 99]


# Refusals


@pytest.mark.parametrize(
    ("criterion", "place", "dialect", "reason"),
    [
        (
            icp.Range("x", 1, 2),
            icp.LongTable("t", "k", "v"),
            "duckdb",
            "reads a number, but columns['x'] is a LongTable",
        ),
        (
            icp.Range("x", 1, 2, scale="log"),
            icp.LongTable("t", "k", "v"),
            "duckdb",
            "reads a number, but columns['x'] is a LongTable",
        ),
        (icp.Flag("x"), icp.LongTable("t", "k", "v"), "sqlite", "reads True or False, but columns['x'] is a LongTable"),
        (
            icp.Upcoming("x", within=9),
            icp.LongTable("t", "k", "v"),
            "spark",
            "reads one date, but columns['x'] is a LongTable",
        ),
        (
            icp.Ordinal("x", ["a", "b"], at_least="b"),
            icp.LongTable("t", "k", "v"),
            "duckdb",
            "reads one text, but columns['x'] is a LongTable",
        ),
        (
            ENGAGED,
            icp.LongTable("t", "k", "v"),
            "duckdb",
            "reads events, but columns['x'] says of no column when they were: at=…",
        ),
        (
            ENGAGED,
            "x",
            "duckdb",
            (
                "reads events: say where they are, columns={'x': LongTable(table, key, kind, at=…, strength=…)} "
                "or a ListColumn"
            ),
        ),
        (
            ENGAGED,
            icp.ListColumn("x"),
            "postgres",
            "reads events of an array, whose records have no fields by name here: hold JSON",
        ),
        (
            icp.Recency("x", window=3),
            icp.ListColumn("x", "delimited"),
            "duckdb",
            (
                "reads a list of moments or events as delimited, which is not opened in DuckDB: "
                "columns={'x': LongTable(table, key, …)} of a table or view with a row for each"
            ),
        ),
        (
            icp.Recency("x", window=3),
            icp.ListColumn("x", "json"),
            "trino",
            (
                "reads a list of moments or events as json, which is not opened in Trino: "
                "columns={'x': LongTable(table, key, …)} of a table or view with a row for each"
            ),
        ),
        (
            icp.Engagement("x", {"a": 1}, target=1e-200),
            icp.LongTable("t", "k", "v", at="at"),
            "duckdb",
            "has a target below 1e-150, by which SQL engines cannot divide",
        ),
        (
            ENGAGED,
            icp.LongTable("t", "k", "v\0", at="at"),
            "duckdb",
            "the column's name holds the sign NUL, which SQL cannot hold (got 'v\\x00')",
        ),
    ],
)
def test_what_rows_cannot_be_asked_is_refused(criterion: icp.Criterion, place: Any, dialect: str, reason: str) -> None:
    """A question that rows, or the dialect, do not answer is refused with its reason."""
    profile = single(criterion)
    [problem] = icp.pushable(profile, dialect, columns={"x": place}, text="folded")
    assert (problem.path, problem.reason) == ("d/x", reason)


@pytest.mark.parametrize("criterion", [icp.Recency("x", window=3), ENGAGED])
def test_rows_of_a_table_are_not_asked_at_each_accounts_own_moment(criterion: icp.Criterion) -> None:
    """Where each account has a moment of its own, dated rows of a table cannot be grouped; the message says so."""
    place = icp.LongTable("t", "k", "v", at="at" if criterion is ENGAGED else None)
    with pytest.raises(icp.NotPushable, match="reads dated rows of a LongTable, for which each account's own moment"):
        icp.to_sql(
            single(criterion),
            dialect="duckdb",
            table="t",
            key="id",
            as_of=icp.Column("own"),
            columns={"x": place},
            text="folded",
        )
