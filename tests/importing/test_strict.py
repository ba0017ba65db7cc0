from typing import Any

import pytest

import icpkit as icp
from icpkit.importing.strict import asked_of, strict_reading
from icpkit.parsing import Unreadable
from icpkit.value_functions import Decay, EventSum, Segments, Steps, Table, ValueFunction, View

CURVES: dict[View, ValueFunction] = {
    "number": ValueFunction("x", "number", Segments(1)),
    "log": ValueFunction("x", "log", Segments(1)),
    "truth": ValueFunction("x", "truth", Table({1: 1})),
    "text": ValueFunction("x", "text", Table(["a"])),
    "labels": icp.Overlap("x", ["a"]).value_function(),
    "age": ValueFunction("x", "age", Decay(30), "latest"),
    "ahead": ValueFunction("x", "ahead", Steps([(90, 1)])),
    "years": ValueFunction("x", "years", Segments(1)),
    "events": ValueFunction("x", "events", Decay(30), EventSum({"demo": 1})),
}


def read(cell: str, *asked: View, split: str = ";") -> Any:
    """Read a cell as the views ask; text stays as it is."""
    reading = strict_reading([CURVES[view] for view in asked], split)
    return cell if reading is None else reading(cell)


def refused(cell: str, *asked: View, split: str = ";") -> tuple[str, str]:
    """Give the reason and the way out of a cell that cannot be read."""
    with pytest.raises(Unreadable) as caught:
        read(cell, *asked, split=split)
    return caught.value.reason, caught.value.way_out


def test_everything_that_a_profile_reads_is_asked() -> None:
    """Criteria, parts of combinators, gates and adjustments all ask, and one attribute may be asked for twice."""
    profile = icp.Profile(
        "P",
        [icp.Dimension("D", [icp.Range("size", 1, 9), icp.AnyOf(icp.Flag("a"), ~icp.Flag("b"), name="either")])],
        gates=[icp.Gate(icp.OneOf("country", ["DE"]))],
        adjustments=[icp.Adjustment(5, icp.Age("size", at_least=1))],
    )
    views = {name: [function.view for function in functions] for name, functions in asked_of(profile).items()}
    assert views == {"size": ["number", "years"], "a": ["truth"], "b": ["truth"], "country": ["text"]}


@pytest.mark.parametrize(
    ("cell", "asked", "value"),
    [
        ("320", ["number"], 320),
        ("-5", ["number"], -5),
        ("+5", ["log"], 5),
        ("007", ["number"], 7),
        ("-0", ["number"], 0),
        ("0" * 5000 + "1", ["number"], 1),
        ("0.25", ["number"], 0.25),
        ("1996.0", ["years"], 1996.0),
        (".5", ["number"], 0.5),
        ("5.", ["number"], 5.0),
        ("1e3", ["number"], 1000.0),
        ("9007199254740992", ["number"], 2**53),
        ("2013", ["years"], 2013),
        ("2013-04-30", ["years"], "2013-04-30"),
        ("1", ["number", "truth"], 1),
        ("TRUE", ["truth"], True),
        ("No", ["truth"], False),
        ("1", ["truth"], True),
        ("0.0", ["truth"], False),
        ("Slack; Jira;", ["labels"], ["Slack", "Jira"]),
        ('["Slack", null]', ["labels"], ["Slack", None]),
        ("[]", ["labels"], []),
        ("[beta] Slack", ["labels"], ["[beta] Slack"]),
        ("Slack; Jira", ["labels", "text"], ["Slack", "Jira"]),
        ("Slack; Jira", ["text"], "Slack; Jira"),
        ("2026-11-21", ["age"], "2026-11-21"),
        ("2026-11-21T09:00+01:00", ["ahead"], "2026-11-21T09:00+01:00"),
        ("2026-11-21; 2026-11-02T08:00Z", ["age"], ["2026-11-21", "2026-11-02T08:00Z"]),
        ('["2026-11-21", "2026-11-02"]', ["age"], ["2026-11-21", "2026-11-02"]),
        ("2013-04-30", ["age", "years"], "2013-04-30"),
        ('[{"kind": "demo", "at": "2026-11-02"}]', ["events"], [{"kind": "demo", "at": "2026-11-02"}]),
        ('[["demo", "2026-11-02", 2]]', ["events"], [["demo", "2026-11-02", 2]]),
    ],
)
def test_a_cell_is_read_as_it_is_asked_for(cell: str, asked: list[View], value: Any) -> None:
    """Each view has one strict form in a cell; a number is never text, and a text never a number."""
    found = read(cell, *asked)
    assert (type(found), found) == (type(value), value)


def test_dates_may_hold_what_separates_them() -> None:
    """A cell that is one moment as it stands is never split."""
    assert read("2026-11-21", "age", split="-") == "2026-11-21"


@pytest.mark.parametrize(
    ("cell", "way_out"),
    [
        ("1,058", "write 1058"),
        ("1'058'000", "write 1058000"),
        ("1 058.5", "write 1058.5"),
        ("1.058.000,50", "write 1058000.50"),
        ("0,125", "write 0.125"),
        ("-12,5", "write -12.5"),
        ("$1,200", "write 1200"),
        ("12 €", "write 12"),
        ("n/a", ""),
        ("nan", ""),
        ("inf", ""),
        ("1_000", ""),
        ("١٢", ""),
        ("0x10", ""),
        ("5M", ""),
        ("1,2,3", ""),
        (f"{'9' * 100_000}x", ""),
        (f"1{'.000' * 30_000}x", ""),
        (f"1{',000' * 30_000}x", ""),
    ],
)
def test_what_looks_like_a_number_is_told_with_its_way_out(cell: str, way_out: str) -> None:
    """Separators and currency signs are never guessed away; the message says what to write, where that is plain."""
    assert refused(cell, "number") == ("not a plain number such as 1058 or 0.25", way_out)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1e400", "beyond what a number can hold"),
        ("9" * 5000, "an integer beyond 2^53, which a float cannot hold"),
        ("9007199254740993", "an integer beyond 2^53, which a float cannot hold"),
        ("9" * 300, "an integer beyond 2^53, which a float cannot hold"),
    ],
)
def test_numbers_beyond_float64_are_refused(cell: str, reason: str) -> None:
    """No number is rounded in silence, however many digits it has."""
    assert refused(cell, "number") == (reason, "")


@pytest.mark.parametrize(
    ("cell", "asked", "reason", "way_out"),
    [
        ("2013 (1888)", "years", "neither a year nor an ISO date", "write 2013"),
        ("long ago", "years", "neither a year nor an ISO date", ""),
        ("y", "truth", "none of true, false, yes, no, 1 and 0", ""),
        ("21.11.2026", "age", "no ISO 8601 date, which is year-month-day, such as 2026-11-21", ""),
        ("2026-11-21; soon", "age", "no ISO 8601 date, which is year-month-day, such as 2026-11-21", ""),
        ("45982", "ahead", "no ISO 8601 date, which is year-month-day, such as 2026-11-21", ""),
    ],
)
def test_other_cells_are_refused_with_what_belongs_there(cell: str, asked: View, reason: str, way_out: str) -> None:
    """The reason names the form that is asked for."""
    assert refused(cell, asked) == (reason, way_out)


@pytest.mark.parametrize(
    ("cell", "asked", "reason"),
    [
        (
            "['Slack']",
            "labels",
            'no JSON list (Expecting value at character 2): write ["Slack", "Jira"], or Slack;Jira',
        ),
        (
            "demo",
            "events",
            'no JSON list (Expecting value at character 1): write [{"kind": "demo", "at": "2026-11-02"}]',
        ),
        ('{"kind": "demo"}', "events", 'no JSON list: write [{"kind": "demo", "at": "2026-11-02"}]'),
    ],
)
def test_lists_in_cells_are_json(cell: str, asked: View, reason: str) -> None:
    """A cell with brackets is JSON, and the message shows how a list is written."""
    assert refused(cell, asked) == (reason, "")
