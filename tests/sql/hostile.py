"""Names and values made to break out of a statement, and accounts that hold them."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

import icpkit as icp
from tests.parity.databases import Database, DuckDB
from tests.parity.landing import TYPES, Landed, Table
from tests.parity.sql_cases import Case, compare

PIECES = (
    *("'", '"', "''", '""', ";", "--", "/*", "*/", "#", "\\", "\\'", '\\"', "`", "``", "[", "]", "$$", "|", "||"),
    *("\0", "\n", "\r", "\t", "\x1a", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\xa0", "é", "e\u0301", "🚀"),
    *("select", "drop table accounts", "null", "true", "from", "union all", "or 1=1", "key", "fit", "a.b", ".", "sum("),
    *(
        "\\\n",
        " \\",
        "--\\",
        "{{ x }}",
        "{% raw %}",
        "{#",
        "${x}",
        "${env:HOME}",
        "%s",
        "%(as_of)s",
        "%%",
        ":x",
        "::int",
        "$1",
        "$as_of",
        "?",
        "@x",
        "&",
        "x" * 70,
    ),
    *("ß", "ſ", "ʼ", "＇", "İ", "ﬁ", "\u0000x", "\\u0000", "0x27", "CHAR(39)", "x'41'", "E'\\''", "N'", "<b>", "&amp;"),
)
DIALECTS = ("duckdb", "postgres", "sqlite", "spark", "databricks", "snowflake", "bigquery", "redshift", "trino")
#: Names of our own.
OWN = re.compile(r"[a-z][a-z0-9_]*")
#: Why names are refused.
REASONS = ("the sign NUL", "one to three parts", "puts a variable in")
HOSTILE = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    # An explanation of a failure would take minutes.
    phases=set(Phase) - {Phase.explain, Phase.shrink},
)
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=4).map("".join)


@attrs.frozen
class Names:
    """What is called by hostile names, and the texts that are wanted."""

    profile: str
    dimensions: list[str]
    criteria: list[str]
    tiers: list[str]
    attributes: list[str]
    columns: list[str]
    tables: list[str]
    rows: list[str]
    wanted: list[str]
    labels: list[str]
    others: list[str]
    keys: list[str]


#: How many names of a kind there are.
COUNTS = {"profile": 1, "dimensions": 2, "criteria": 5, "tiers": 2, "attributes": 4, "columns": 5, "tables": 2}
COUNTS |= {"rows": 4, "wanted": 4, "labels": 4, "others": 3, "keys": 11}


@st.composite
def all_names(draw: st.DrawFn) -> Names:
    """Give names for everything: some kinds hostile, at their beginning or their end, and some not."""
    texts, first = draw(st.lists(hostile, min_size=1, max_size=3)), draw(st.booleans())
    bad = draw(st.sets(st.sampled_from(sorted(COUNTS)), min_size=1))
    given: dict[str, list[str]] = {}
    for kind, count in COUNTS.items():
        plain = [f"{kind}{place}" for place in range(count)]
        odd = [texts[place % len(texts)] if kind in bad else "" for place in range(count)]
        given[kind] = [more + name if first else name + more for name, more in zip(plain, odd, strict=True)]
    # A dot parts a schema from a table.
    tables = [name.replace(".", ":") for name in given.pop("tables")]
    return Names(profile=given.pop("profile")[0], tables=tables, **given)


PLAIN = Names(
    **{kind: [f"{kind}{place}" for place in range(count)] for kind, count in COUNTS.items() if kind != "profile"},
    profile="profile0",
)


def profile_of(names: Names) -> icp.Profile:
    """Make a profile that reads a text, a number, labels and events, all under hostile names."""
    text, number, tools, events = names.attributes
    one, two, three, four = names.wanted
    first, second, third, fourth, gate = names.criteria
    return icp.Profile(
        names.profile,
        [
            icp.Dimension(
                names.dimensions[0],
                [
                    icp.OneOf(text, {one: 1, two: 0.5}, otherwise=0.25, name=first, label=two),
                    icp.Overlap(tools, names.labels[:3], groups={names.labels[0]: [one]}, name=second, label=one),
                ],
            ),
            icp.Dimension(
                names.dimensions[1],
                [
                    icp.Range(number, 10, 100, soft_high=200, name=third),
                    icp.Engagement(events, {three: 2, four: 1}, target=3, name=fourth),
                ],
            ),
        ],
        gates=[icp.Gate(~icp.OneOf(text, [three], prefix=True, name=gate))],
        tiers=icp.TierScale([icp.Tier(names.tiers[0], 50, action=three), icp.Tier(names.tiers[1], 0)]),
        min_coverage=0,
    )


def landed_of(names: Names, dialect: str) -> Landed:
    """Lay accounts down under hostile names, with hostile texts in every cell."""
    types = TYPES.get(dialect, TYPES["duckdb"])
    text, number, tools, events = names.attributes
    key_column, *columns = names.columns
    texts = [icp.fold(one) for one in (*names.wanted, *names.labels, *names.others)]
    keys = names.keys
    if dialect == "postgres":
        texts, keys = ([one.replace("\0", "") for one in some] for some in (texts, keys))
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    accounts: dict[str, dict[str, Any]] = {
        key: {
            text: one,
            number: 10.0 * row,
            tools: [one, texts[row - 1], None],
            events: [(one, moment), (texts[row - 2], moment)],
        }
        for row, (key, one) in enumerate(zip(keys, texts, strict=False))
    }
    kinds = (types["text"], types["text"], types["double"], types.get("array", types["text"]))
    main = Table(
        names.tables[0],
        tuple(zip([key_column, *columns[:3]], kinds, strict=True)),
        tuple(
            (key, one[text], one[number], json.dumps(one[tools]) if dialect == "sqlite" else one[tools])
            for key, one in accounts.items()
        ),
    )
    beside = Table(
        names.tables[1],
        tuple(zip(names.rows[:3], (types["text"], types["text"], types["zoned"]), strict=True)),
        tuple(
            (key, kind, at.isoformat(" ") if dialect == "sqlite" else at)
            for key, one in accounts.items()
            for kind, at in one[events]
        ),
    )
    places: dict[str, Any] = {
        text: columns[0],
        number: columns[1],
        tools: icp.ListColumn(columns[2], format="json" if dialect == "sqlite" else "array"),
        events: icp.LongTable(names.tables[1], names.rows[0], names.rows[1], at=names.rows[2]),
    }
    if dialect == "redshift":  # it cannot look into lists
        places[tools] = icp.LongTable(names.tables[1], names.rows[0], names.rows[1])
    forms = dict.fromkeys((text, tools, events), "folded")
    return Landed((main, beside), key_column, places, {}, forms, accounts, {})


def case_of(names: Names, dialect: str, *, asked: bool) -> Case | None:
    """Give a profile and accounts under hostile names; None where the profile itself refuses them.

    Args:
        names: the names.
        dialect: the database's.
        asked: whether the moment of scoring is a parameter.
    """
    try:
        profile = profile_of(names)
    except icp.DefinitionError:
        return None
    day = date(2026, 11, 21)
    landed = landed_of(names, dialect)
    moments = dict.fromkeys(landed.accounts, day)
    told = {"as_of": day.isoformat() if dialect == "sqlite" else day} if asked else None
    return Case((profile,), landed, icp.Param("as_of") if asked else day, moments, told, contributions=True)


def written(case: Case, dialect: str) -> str | None:
    """Write a statement, or give None where it is refused for a good reason."""
    try:
        return case.sql(dialect)
    except ValueError as refused:
        if not any(reason in str(refused) for reason in REASONS):
            raise
        return None


def outcome_of(case: Case, database: Database) -> str:
    """Say whether a statement was refused before it ran, or ran; or that the database holds no such names."""
    sql = written(case, database.dialect)
    if sql is None:
        return "refused"
    if isinstance(database, DuckDB):
        assert [one.type.name for one in database.connection.extract_statements(sql)] == ["SELECT"]
    try:
        with database.holding(case.landed.tables):
            pass
    except database.errors:
        return "not held"
    compare(case, database)
    return "run"
