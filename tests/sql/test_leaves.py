from typing import Any

import pytest

import icpkit as icp
from icpkit.sql.leaves import Names
from tests.sql.cases import AS_OF, check, reference, scored, single


def test_names_are_short_plain_and_each_once() -> None:
    """Columns of ours have names of letters, digits and _, none twice, and none that is taken."""
    names = Names({"fit"})
    made = [names.new(one) for one in ("fit", "Fit", "2nd try", "Straße 5", "", "—", "x" * 100, "x" * 99, "_a__b_")]
    assert made == [
        "fit_2",
        "fit_3",
        "column_2nd_try",
        "stra_e_5",
        "column",
        "column_2",
        "x" * 40,
        "x" * 40 + "_2",
        "a_b",
    ]


def test_an_attribute_is_read_once_for_each_way_of_reading() -> None:
    """Criteria share a fact; the same attribute as a number and as a truth are two."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Range("x", 0, 1, name="one"),
                    icp.Range("x", 1, 2, name="two"),
                    icp.Flag("x", name="three"),
                    icp.Bands("x", [(1, 1)], name="four"),
                ],
            )
        ],
    )
    sql = icp.to_sql(profile, dialect="sqlite", table="t", key="id", as_of=AS_OF)
    facts = sql.partition("matches AS")[0]
    assert (facts.count('AS "x"'), facts.count('AS "x_2"'), facts.count('AS "x_3"')) == (1, 1, 0)
    accounts = [{"x": one} for one in (0, 1, 2, "no", None)]
    assert scored("sqlite", profile, {"x": ""}, accounts) == reference(profile, accounts)


def test_a_value_of_the_wrong_kind_counts_once_for_each_reason() -> None:
    """A value that two criteria cannot read is counted by attribute and reason, as the reference does."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Range("x", 0, 1, name="one"),
                    icp.Range("x", 1, 2, name="two", scale="log"),
                    icp.Ordinal("y", [1, 2], at_least=2, name="three"),
                    icp.Ordinal("y", [1, 3], at_least=3, name="four"),
                    icp.Recency("z", window=3),
                    icp.Recency("z", linear=3, name="five"),
                    icp.Upcoming("z", within=3, name="six"),
                ],
            )
        ],
        min_coverage=0,
    )
    accounts: list[dict[str, Any]] = [
        {"x": "many", "y": 5, "z": "soon"},
        {"x": 1, "y": 2, "z": "2026-11-20"},
        {"x": 1, "y": "high", "z": ""},
        {"y": 4, "z": 5},
        {},
    ]
    found = scored("sqlite", profile, dict.fromkeys("xyz", ""), accounts)
    assert found == reference(profile, accounts)
    assert [row[7] for row in found] == [4, 1, 1, 3, 0]


@pytest.mark.parametrize("absent", ["never", "unknown"])
def test_what_never_happened_is_not_what_is_unknown(absent: Any) -> None:
    """An absent signal counts as 0 and is not covered; where absent is unknown, it does not count."""
    profile = single(icp.Recency("x", linear=100, absent=absent), min_coverage=0)
    rows = check(profile, {"x": "TIMESTAMP"}, [{"x": None}, {"x": "2026-11-11"}, {"x": "2027-01-01"}])
    assert [row[6] for row in rows] == [0 if absent == "never" else 100, 90, 0 if absent == "never" else 100]


def test_the_best_item_or_the_only_one() -> None:
    """A criterion that reads one text reads no list, unless it takes the best item."""
    one = single(icp.Ordinal("x", ["a", "b"], at_least="b"))
    [problem] = icp.pushable(one, "duckdb", columns={"x": icp.ListColumn("x")}, text="folded")
    assert problem.reason == "reads one text, but its column is said to hold a list"
    best = single(icp.OneOf("x", ["a", "b"]))
    assert icp.pushable(best, "duckdb", columns={"x": icp.ListColumn("x")}, text="folded") == ()


@pytest.mark.parametrize("wanted", ["a\0b", "a\ud800"])
@pytest.mark.parametrize("place", [None, icp.ListColumn("x"), icp.LongTable("t", "k", "v")])
def test_wanted_texts_that_no_statement_can_hold_are_refused(wanted: str, place: Any) -> None:
    """A wanted value that cannot be written is refused, wherever the attribute lies."""
    criterion = icp.OneOf("x", [wanted])
    columns = None if place is None else {"x": place}
    [problem] = icp.pushable(single(criterion), "duckdb", columns=columns, text="folded")
    assert problem.reason.startswith("a wanted value holds ")


def test_a_column_that_no_table_can_have_is_refused() -> None:
    """A column's name is text of the statement."""
    [problem] = icp.pushable(single(icp.Range("x", 1, 2)), "duckdb", columns={"x": "a\0"})
    assert problem.reason == "the column's name holds the sign NUL, which SQL cannot hold (got 'a\\x00')"


def test_a_logarithmic_scale_with_hard_edges_needs_no_rounding() -> None:
    """Its matches are 0 and 1, made doubles by a cast: rounded, PostgreSQL would make decimals of them."""
    asked = icp.Profile("P", [icp.Dimension("D", [icp.Range("x", 2, None, scale="log")])])
    written = icp.to_sql(asked, dialect="postgres", table="t", key="id", as_of="2026-11-21")
    assert "1073741824" not in written
    assert 'CAST(CASE WHEN f."x" >= 2 THEN 1 WHEN f."x" IS NOT NULL THEN 0 END AS DOUBLE PRECISION)' in written


def test_no_name_is_like_one_that_is_made_of_another() -> None:
    """A column made of another one's name, such as a level's, is never an attribute's own."""
    assert [Names().new(one) for one in ("stage_level", "visit_seen", "x_low")] == [
        "stage_level_2",
        "visit_seen_2",
        "x_low_2",
    ]
    asked = [icp.Ordinal("x", ["a", "b"], at_least="b"), icp.Range("x_level", 1, 2), icp.Range("x_rows_listed", 1, 2)]
    accounts = [{"x": "b", "x_level": 2, "x_rows_listed": 2}, {"x": "zzz", "x_level": 1, "x_rows_listed": 5}]
    kinds = {"x": "VARCHAR", "x_level": "INTEGER", "x_rows_listed": "INTEGER"}
    assert [row[7] for row in check(icp.Profile("P", [icp.Dimension("D", asked)]), kinds, accounts)] == [0, 1]


@pytest.mark.parametrize("labels_first", [True, False])
def test_a_column_is_not_read_as_a_text_and_as_labels(labels_first: bool) -> None:
    """One text here and labels there of the same column would not run, and is refused; of a list both are read."""
    asked = [icp.Overlap("x", ["a"], name="labels"), icp.OneOf("x", ["a"], name="one")]
    profile = icp.Profile("P", [icp.Dimension("D", asked if labels_first else asked[::-1])])
    for dialect in ("duckdb", "sqlite"):
        [problem] = icp.pushable(profile, dialect, text="folded")
        assert problem.path == ("d/one" if labels_first else "d/labels")
        assert "of the same column: columns={'x': ListColumn(…)} where it holds a list" in problem.reason
        assert icp.pushable(profile, dialect, text="folded", columns={"x": icp.ListColumn("x", "json")}) == ()


def test_only_events_have_moments_and_strengths_of_their_own() -> None:
    """A table of labels of which a column of moments is named would not be read as meant, and is refused."""
    place = icp.LongTable("t", "k", "v", at="seen")
    [problem] = icp.pushable(single(icp.Overlap("x", ["a"])), "duckdb", text="folded", columns={"x": place})
    assert problem.reason == "reads no events, of which alone columns['x'] can say at= and strength="
