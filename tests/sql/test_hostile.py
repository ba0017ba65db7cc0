"""Names and values made to break out of a statement: each stands in it as itself, or is refused before it runs."""

from collections import Counter

import attrs
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

import icpkit as icp
from icpkit.profile import leaves
from icpkit.sql.dialects import dialect_of
from icpkit.sql.sqlglot import Node
from tests.parity.databases import Database, DuckDB, SQLite
from tests.parity.landing import Table
from tests.sql.hostile import DIALECTS, HOSTILE, OWN, PLAIN, Names, all_names, case_of, outcome_of, profile_of, written


@pytest.mark.no_cover
def test_hostile_names_and_values_stay_what_they_are(database: Database) -> None:
    """A statement with hostile names and values gives the reference's scores, or is refused before it runs."""
    try_names(database, 20)


@pytest.mark.slow
def test_hostile_names_and_values_stay_what_they_are_at_length(database: Database) -> None:
    """The same, five times as often."""
    try_names(database, 100)


def try_names(database: Database, times: int) -> None:
    """Run statements with hostile names and values; a quarter of them at least is not refused."""
    seen: Counter[str] = Counter()

    @settings(HOSTILE, max_examples=times)
    @given(all_names(), st.booleans())
    def run(names: Names, asked: bool) -> None:
        case = case_of(names, database.dialect, asked=asked)
        seen["no profile" if case is None else outcome_of(case, database)] += 1

    run()
    assert seen["run"] >= times / 4, seen


def statement_of(names: Names, dialect: str) -> tuple[Node, dict[str, str], dict[str, str]] | None:
    """Give the one statement as a second parser reads it, and what stands in it for each kind of name, by a plain one.

    Args:
        names: the names.
        dialect: the dialect.
    """
    if dialect == "bigquery":  # it has no such columns, and the parser takes them for two names
        columns, rows = ([one.replace(".", ":") for one in some] for some in (names.columns, names.rows))
        names = attrs.evolve(names, columns=columns, rows=rows)
    case = case_of(names, dialect, asked=False)
    sql = None if case is None else written(case, dialect)
    if case is None or sql is None:
        return None
    (tree,) = sqlglot.parse(sql, read=dialect)
    assert isinstance(tree, exp.Select)
    texts = dict(zip(PLAIN.tiers, names.tiers, strict=True))
    texts |= {icp.fold(plain): icp.fold(one) for plain, one in zip(PLAIN.wanted, names.wanted, strict=True)}
    texts |= {icp.fold(plain): icp.fold(one) for plain, one in zip(PLAIN.labels, names.labels, strict=True)}
    kinds = ((PLAIN.tables, names.tables), (PLAIN.columns, names.columns), (PLAIN.rows, names.rows))
    named = {plain: one for some, others in kinds for plain, one in zip(some, others, strict=True)}
    odd = dialect_of(dialect).odd_name
    paths = ([path for path, _, _ in leaves(one.dimensions)] for one in (profile_of(PLAIN), case.profiles[0]))
    for plain, path in zip(*paths, strict=True):
        named[plain if odd is None else odd.sub("_", plain)] = path if odd is None else odd.sub("_", path)
    return tree, texts, named


@pytest.mark.no_cover
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_second_parser_finds_the_names_and_values_alone(dialect: str) -> None:
    """Whatever the names, a statement is the same SELECT as for plain names: it differs in names and texts alone."""
    parse_again(dialect, 7)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_second_parser_finds_the_names_and_values_alone_at_length(dialect: str) -> None:
    """The same, five times as often."""
    parse_again(dialect, 35)


def parse_again(dialect: str, times: int) -> None:
    """Compare statements with the one of plain names; a third of them at least is not refused."""
    told = statement_of(PLAIN, dialect)
    assert told is not None
    plain, count = told[0], Counter[str]()

    @settings(HOSTILE, max_examples=times)
    @given(all_names())
    def run(names: Names) -> None:
        made = statement_of(names, dialect)
        if made is None:
            return
        count["read"] += 1
        tree, texts, named = made
        assert [type(one) for one in tree.walk()] == [type(one) for one in plain.walk()]
        assert texts_in(tree) == {texts.get(one, one) for one in texts_in(plain)}
        expected = {named[one] for one in names_in(plain) if one in named}
        assert expected <= names_in(tree)
        assert all(OWN.fullmatch(one) for one in names_in(tree) - expected)

    run()
    assert count["read"] >= times / 3


def texts_in(tree: Node) -> set[str]:
    """Give the texts in a statement."""
    return {one.this for one in tree.find_all(exp.Literal) if one.is_string}


def names_in(tree: Node) -> set[str]:
    """Give the names in a statement."""
    return {one.this for one in tree.find_all(exp.Identifier)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_in_a_comment_is_obeyed(dialect: str) -> None:
    """Neither a variable, nor a template, nor a backslash that lets a line go on comes out of a name in a comment."""
    name = "a\x00\x1b {{ x }} {% y %} {# z #} ${env:HOME} \u2028 -- \r\n; \\"
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency(name, name="visit")])], tiers=icp.TierScale.a_to_d())
    sql = icp.to_sql(profile, dialect=dialect, table="accounts", key="key", as_of="2026-11-21", columns={name: "at"})
    other = icp.to_sql(profile, dialect=dialect, table="accounts", key="key", as_of="2026-11-21", columns={name: "x"})
    assert len(sql.splitlines()) == len(other.splitlines())
    assert not any(sign in sql for sign in ("\0", "\x1b", "{{", "{%", "{#", "${"))
    assert not any(line.endswith("\\") for line in sql.splitlines())


@pytest.mark.parametrize("dialect", ["spark", "databricks"])
def test_a_text_that_would_become_a_variable_is_refused(dialect: str) -> None:
    """Spark puts variables in before it reads a statement, even within texts: what looks like one is refused."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("sector", ["${env:HOME}"])])])

    def told(dialect: str) -> str:
        return icp.to_sql(profile, dialect=dialect, table="t", key="k", as_of="2026-11-21", text="folded")

    with pytest.raises(icp.NotPushable, match="puts a variable in"):
        told(dialect)
    assert "${env:home}" in told("duckdb")


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
def test_criteria_that_ask_the_same_count_each_for_itself(dialect: str) -> None:
    """Two criteria, and two adjustments, of one question have a weight and points each."""
    profile = icp.Profile(
        "P",
        [icp.Dimension("D", [icp.Flag("a"), icp.Flag("a", name="again", weight=3), icp.Flag("b")])],
        adjustments=[icp.Adjustment(-10, icp.Flag("a", name="x")), icp.Adjustment(-5, icp.Flag("a", name="y"))],
    )
    database = DuckDB() if dialect == "duckdb" else SQLite()
    table = Table("accounts", (("key", "INTEGER"), ("a", "BOOLEAN"), ("b", "BOOLEAN")), ((1, True, False),))
    sql = icp.to_sql(profile, dialect=dialect, table="accounts", key="key", as_of="2026-11-21", contributions=True)
    with database.holding([table]) as run:
        (row,) = run(sql, None)
    database.close()
    assert (row["fit"], row["d/a"], row["d/again"], row["adjustments/x"], row["adjustments/y"]) == (65, 20, 60, -10, -5)
