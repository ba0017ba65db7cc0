"""Names and values made to break out of a statement: each stands in it as itself, or is refused before it runs."""

import json
from collections import Counter
from datetime import UTC, date, datetime

import attrs
import sqlglot
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import icpkit as icp
from tests.parity.databases import Database, DuckDB
from tests.parity.landing import TYPES, Landed, Table
from tests.parity.sql_cases import Case, compare

PIECES = (
    *(
        "'",
        '"',
        "''",
        '""',
        ";",
        "--",
        "/*",
        "*/",
        "#",
        "\\",
        "\\'",
        '\\"',
        "`",
        "``",
        "[",
        "]",
        "$$",
        "$a$",
        "|",
        "||",
    ),
    *("\0", "\n", "\r", "\t", "\x1a", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\xa0", "é", "e\u0301", "🚀"),
    *("select", "drop table accounts", "null", "true", "from", "union all", "or 1=1", "key", "fit", "a.b", ".", "sum("),
    *("{{ x }}", "{% raw %}", "{#", "%s", "%(as_of)s", "%%", ":x", "::int", "$1", "$as_of", "?", "@x", "&", "x" * 70),
    *("ß", "ſ", "ʼ", "＇", "İ", "ﬁ", "\u0000x", "\\u0000", "0x27", "CHAR(39)", "x'41'", "E'\\''", "N'", "<b>", "&amp;"),
)
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=4).map("".join)


def distinct_texts(count: int) -> st.SearchStrategy[list[str]]:
    """Give texts that are different whatever the case, and not blank."""
    known = hostile.filter(lambda text: text.strip() != "")
    return st.lists(known, min_size=count, max_size=count, unique_by=icp.fold)


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


@st.composite
def all_names(draw: st.DrawFn) -> Names:
    """Give names for everything: all of them hostile, or some kinds only, so that not everything is refused at once."""
    calm = {one.name: draw(st.booleans()) for one in attrs.fields(Names)}
    counts = {"profile": 1, "dimensions": 2, "criteria": 5, "tiers": 2, "attributes": 4, "columns": 5, "tables": 2}
    counts |= {"rows": 4, "wanted": 4, "labels": 4, "others": 3}
    given = {
        kind: [f"{kind}_{place}" for place in range(count)] if calm[kind] else draw(distinct_texts(count))
        for kind, count in counts.items()
    }
    # A dot parts a schema from a table.
    tables = [name.replace(".", ":") for name in given.pop("tables")]
    return Names(profile=given.pop("profile")[0], tables=tables, **given)


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


def landed_of(names: Names, dialect: str, keys: list[str]) -> Landed:
    """Lay accounts down under hostile names, with hostile texts in every cell."""
    types = TYPES[dialect]
    text, number, tools, events = names.attributes
    key_column, *columns = names.columns
    texts = [icp.fold(one) for one in (*names.wanted, *names.labels, *names.others)]
    if dialect == "postgres":
        texts = [one.replace("\0", "") for one in texts]
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    accounts = {
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
    places = {
        text: columns[0],
        number: columns[1],
        tools: icp.ListColumn(columns[2], format="json" if dialect == "sqlite" else "array"),
        events: icp.LongTable(names.tables[1], names.rows[0], names.rows[1], at=names.rows[2]),
    }
    forms = dict.fromkeys((text, tools, events), "folded")
    return Landed((main, beside), key_column, places, {}, forms, accounts, {})


def statement_types(sql: str, database: Database) -> list[str]:
    """Say what statements a text holds, by the parser of the engine, or else by sqlglot."""
    if isinstance(database, DuckDB):
        return [one.type.name for one in database.connection.extract_statements(sql)]
    return [type(one).__name__.upper() for one in sqlglot.parse(sql, read=database.dialect)]


def test_hostile_names_and_values_stay_what_they_are(database: Database) -> None:
    """A statement with hostile names and values gives the reference's scores, or is refused before it runs."""
    seen: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(all_names(), distinct_texts(11))
    def run(names: Names, keys: list[str]) -> None:
        if database.dialect == "postgres":
            keys = list(dict.fromkeys(key.replace("\0", "") for key in keys))
        try:
            profile = profile_of(names)
        except icp.DefinitionError:
            assume(False)
        landed = landed_of(names, database.dialect, keys)
        moments = dict.fromkeys(landed.accounts, date(2026, 11, 21))
        case = Case((profile,), landed, date(2026, 11, 21), moments, {}, contributions=True)
        try:
            sql = case.sql(database.dialect)
        except ValueError:
            seen["refused"] += 1
            return
        assert statement_types(sql, database) == ["SELECT"]
        try:
            with database.holding(landed.tables):
                pass
        except database.errors:  # it holds no such names
            seen["not held"] += 1
            return
        compare(case, database)
        seen["run"] += 1

    run()
    assert seen["run"] >= 10, seen
