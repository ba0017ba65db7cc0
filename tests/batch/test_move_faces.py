import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.causes import AttributeChange
from icpkit.batch.move_faces import _attribute_text, change_text, changes_html, changes_text
from icpkit.batch.moves import Changes, changes
from icpkit.words import ENGLISH
from tests.charts.faces import hostile, law, names
from tests.charts.test_pages import ATTRIBUTES, STYLES, TAGS, Read

DAY = "2026-11-21"
GOOD, SHUT_OUT = "Perfect 90.0", "Disqualified 90.0"


def a_profile(name: str = "P", **options: Any) -> icp.Profile:
    """Give a profile whose fit is the mean of two attributes and a signal, with a gate."""
    criteria = [icp.Range(one, 100, None, soft_low=0) for one in ("x", "y")]
    asked = [*criteria, icp.Recency("seen", linear=100, absent="unknown"), icp.Overlap("uses", ["a"], weight=0)]
    gates = [icp.Gate(icp.Flag("ok"))]
    made: dict[str, Any] = {"gates": gates, "min_coverage": 0.3} | options
    return icp.Profile(name, [icp.Dimension("D", asked)], **made)


def run(rows: list[dict[str, Any]], profile: icp.Profile | None = None, **options: Any) -> icp.Scores:
    """Score accounts that have keys."""
    asked: dict[str, Any] = {"key": "id", "as_of": DAY, "on_invalid": "unknown"} | options
    return icp.score_batch(profile or a_profile(), rows, **asked)


def told(old: dict[str, Any], new: dict[str, Any], **options: Any) -> str:
    """Give the line of one account that has both records."""
    before = run([{"id": "acme", **old}], as_of="2026-11-14")
    return change_text(changes(before, run([{"id": "acme", **new}], **options)).of("acme"))


def week() -> Changes:
    """Give changes of all kinds."""
    before = [{"id": key, "x": x, "y": x} for key, x in zip("abcdefg", (50, 50, 70, 90, 59, None, 5), strict=True)]
    after = [{"id": key, "x": x, "y": x} for key, x in zip("abcefghi", (95, 65, 30, 61, 81, 7, None, 99), strict=True)]
    return changes(run(before, as_of="2026-11-14"), run(after), hysteresis=2)


@st.composite
def hostile_changes(draw: st.DrawFn) -> Changes:
    """Give changes in which every text that a profile or an account may hold is hostile."""
    tiers = icp.TierScale([icp.Tier(f"{draw(names)}1", 50), icp.Tier(f"{draw(names)}2", 0)])
    attribute = f"{draw(names)}x"
    profile = icp.Profile(
        draw(names),
        [icp.Dimension(draw(names), [icp.Range("a", 1, None, soft_low=0), icp.Overlap(attribute, ["a"])])],
        tiers=tiers,
        min_coverage=0,
    )
    keys = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    values = st.none() | st.floats(0, 1) | hostile
    runs = []
    for _ in range(2):
        rows = [{"id": key, "a": draw(values), attribute: [draw(hostile)]} for key in keys if draw(st.booleans())]
        runs.append(run(rows or [{"id": keys[0]}], profile))
    found = changes(*runs)
    return found.unmoved if draw(st.booleans()) else found


@law
@given(hostile_changes())
def test_html_is_inert(found: Changes) -> None:
    """Whatever texts there are, the HTML has harmless tags, attributes and styles alone, as notebooks ask for."""
    markup = changes_html(found)
    read = Read(markup)
    assert set(read.tags) <= TAGS
    assert {name for name, _ in read.attributes} <= ATTRIBUTES
    for name, value in read.attributes:
        if name == "style":
            for declaration in value.split(";"):
                property_, _, given_value = declaration.partition(":")
                assert re.fullmatch(STYLES[property_], given_value), declaration
    assert markup.encode()


@law
@given(hostile_changes())
def test_text_is_plain(found: Changes) -> None:
    """Whatever texts there are, what is printed holds nothing that a terminal obeys."""
    assert all(line.isprintable() for line in changes_text(found).split("\n"))
    assert all(one.to_text().isprintable() for one in found)


def test_text() -> None:
    """Counts, the migration and the changes of each kind follow one another, the weightiest first."""
    assert (
        changes_text(week())
        == """\
P · 2026-11-14 → 2026-11-21
7 accounts before, 8 after: 2 entered, 1 left, 2 up, 1 down, 1 with another status, 1 held (not more
than 2 beyond a cut), 1 as before

before → after   Perfect  Strong  Moderate  Weak  Not enough data  not there
Perfect                ·       ·         ·     ·                ·          1
Strong                 ·       ·         ·     1                ·          ·
Moderate               1       2         ·     ·                ·          ·
Weak                   ·       ·         ·     1                ·          ·
Not enough data        1       ·         ·     ·                ·          ·
not there              1       ·         ·     ·                1          ·

Up
  a: Moderate 50.0 → Perfect 95.0 (+45.0): data +45.0, changed: x 50 → 95, y 50 → 95
  b: Moderate 50.0 → Strong 65.0 (+15.0): data +15.0, changed: x 50 → 65, y 50 → 65

Down
  c: Strong 70.0 → Weak 30.0 (-40.0): data -40.0, changed: x 70 → 30, y 70 → 30

Another status
  f: Not enough data → Perfect 81.0: data Not enough data → Perfect 81.0, changed: x unknown → 81, y
    unknown → 81

Entered
  i: Perfect 99.0
  h: Not enough data

Left
  d: was Perfect 90.0

Held
  e: Moderate 59.0 → Strong 61.0 (+2.0): data +2.0, changed: x 59 → 61, y 59 → 61"""
    )


def test_html() -> None:
    """The tables hold the migration and the changes of each kind, with what time, data and the profile did."""
    rows = Read(changes_html(week())).rows
    assert rows[0] == ["before → after", "Perfect", "Strong", "Moderate", "Weak", "Not enough data", "not there"]
    assert ["Moderate", "1", "2", "·", "·", "·", "·"] in rows
    assert rows[7:9] == [
        ["key", "before", "after", "points", "data", "what changed in the data"],
        ["a", "Moderate 50.0", "Perfect 95.0", "+45.0", "+45.0", "x 50 → 95, y 50 → 95"],
    ]
    assert ["f", "Not enough data", "Perfect 81.0", "Not enough data → Perfect 81.0"] in [row[:-1] for row in rows]
    assert rows[rows.index(["key", "after"]) :][:3] == [
        ["key", "after"],
        ["i", "Perfect 99.0"],
        ["h", "Not enough data"],
    ]
    assert rows[rows.index(["key", "before"]) :][:2] == [["key", "before"], ["d", "Perfect 90.0"]]
    assert "<b>2</b></td>" in changes_html(week())  # who moved is bold
    full = changes_html(week(), full=True)
    assert "<title>P · 2026-11-14 → 2026-11-21</title>" in full


def test_only_so_many_are_told() -> None:
    """Beyond the first few the others of a kind are counted."""
    text = changes_text(week(), most=1)
    assert "  … and 1 more" in text.split("\n")
    assert "b: Moderate" not in text
    assert "… and 1 more" in changes_html(week(), most=1)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            {"x": 50, "y": 50, "seen": "2026-11-14"},
            {"x": 50, "y": 50, "seen": "2026-11-14"},
            "acme: Strong 66.7 → Strong 64.3 (-2.3): time -2.3",
        ),
        (
            {"x": 90, "y": 90, "ok": True},
            {"x": 90, "y": 90, "ok": False},
            f"acme: {GOOD} → {SHUT_OUT} (+0.0): data {GOOD} → {SHUT_OUT}, changed: ok yes → no",
        ),
        ({"x": 90, "y": 90}, {"x": 90, "y": 90}, "acme: Perfect 90.0 → Perfect 90.0 (+0.0)"),
        ({}, {"y": " "}, "acme: Not enough data → Not enough data"),
        (
            {"x": 90, "y": 90, "uses": ["a", "b"]},
            {"x": 90, "y": 90, "uses": []},
            "acme: Perfect 90.0 → Perfect 90.0 (+0.0)",
        ),
        (
            {"x": "many" + "!" * 40, "y": 1e6},
            {"x": True, "y": 80},
            f"acme: Perfect 100.0 → Perfect 80.0 (-20.0): data -20.0, changed: x many{'!' * 25}… → yes, y 1M → 80",
        ),
    ],
)
def test_lines(old: dict[str, Any], new: dict[str, Any], line: str) -> None:
    """A line tells where an account stood and stands, by how much it moved, through what, and which values changed."""
    assert told(old, new) == line


def test_lists_are_told() -> None:
    """What a list holds is told, or that there is nothing in it."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Overlap("uses", ["a"])])])
    before, after = (run([{"id": 1, "uses": uses}], profile) for uses in (["a", "b"], []))
    assert changes(before, after).of(1).to_text() == (
        "1: Perfect 100.0 → Weak 0.0 (-100.0): data -100.0, changed: uses a, b → none"
    )


def test_profiles_of_two_names_and_scales() -> None:
    """Another profile is named, and each fit is rounded on its own scale."""
    rows = [{"id": "a", "x": 49.96, "y": 49.96}]
    before = run(rows, a_profile(tiers=icp.TierScale.from_cuts({"Go": 50, "Wait": 0})))
    found = changes(before, run(rows, a_profile("Q", tiers=icp.TierScale.from_cuts({"Yes": 20, "No": 0}))))
    assert changes_text(found).startswith("P → Q · 2026-11-21 → 2026-11-21\n")
    assert found.of("a").to_text() == "a: Wait 49.9 → Yes 50.0 (+0.0)"


def test_a_change_of_the_profile_is_told() -> None:
    """What the profile adds has its own points, and a status that it changes is told."""
    rows = [{"id": "a", "x": 90, "y": 10}]
    before = run(rows)
    heavier = changes(before, run(rows, a_profile().with_weight("d/x", 3))).of("a")
    assert heavier.to_text() == "a: Moderate 50.0 → Strong 70.0 (+20.0): profile +20.0"
    blind = changes(before, run(rows, a_profile(min_coverage=0.9))).of("a")
    assert blind.to_text() == "a: Moderate 50.0 → Not enough data: profile Moderate 50.0 → Not enough data"


def test_shown_tenths_sum_to_what_is_shown() -> None:
    """Rounding hides nothing: the tenths of time, data and profile sum to those of the whole change."""
    rows = [{"id": "a", "x": 50.04, "y": 50, "seen": "2026-11-13"}]
    before = run(rows, as_of="2026-11-14")
    after = run([{**rows[0], "x": 51.24}], a_profile().with_weight("d/x", 1.5), as_of="2026-11-20")
    cells = Read(changes_html(changes(before, after).unmoved)).rows[-1]
    assert float(cells[3]) == pytest.approx(sum(float(cell or 0) for cell in cells[4:7]))


def test_only_some_attributes_are_named() -> None:
    """A cell names six attributes and counts the others; columns that say nothing are left out."""
    letters = "abcdefgh"
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range(one, 100, None, soft_low=0) for one in letters])])
    before, after = (run([{"id": "acme", **dict.fromkeys(letters, fit)}], profile) for fit in (10, 90))
    rows = Read(changes_html(changes(before, after))).rows
    assert rows[-2] == ["key", "before", "after", "points", "data", "what changed in the data"]
    assert rows[-1][-1] == ", ".join(f"{one} 10 → 90" for one in "abcdef") + ", … and 2 more"


VALUES: dict[str, tuple[Any, Any, str]] = {
    "days": (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC), "x 2026-11-01 → 2026-11-02"),
    "moments": (
        datetime(2026, 11, 1, 9, 30, 7, tzinfo=UTC),
        datetime(2026, 11, 1),
        "x 2026-11-01 09:30+00:00 → 2026-11-01",
    ),
    "large fractions": (105_026_448.6, 2_458_642.984, "x 105,026,449 → 2,458,643"),
    "small fractions": (0.123456789, 12.5, "x 0.123457 → 12.5"),
    "labels": (["a", "b"], ["b", "c", "d"], "x +c, +d, -a"),
    "from no label": ([], ["a"], "x none → a"),
    "the same labels": (["a"], ["a", "a"], "x a → a, a"),
    "events": ([("visit", "2026-11-01")], [("visit", "2026-11-01")] * 2, "x 1 event → 2 events"),
    "other events": ([("visit", "2026-11-01")], [("visit", "2026-11-02")], "x 1 event, not the same as before"),
    "nearly the same": (1000.1, 1000.2, "x 1,000, not the same as before"),
}


@pytest.mark.parametrize(("old", "new", "text"), VALUES.values(), ids=VALUES)
def test_values_are_told_as_people_write_them(old: Any, new: Any, text: str) -> None:
    """Days have no hours, large numbers no fractions; of labels what came and went is told, events are counted."""
    assert _attribute_text(AttributeChange("x", old, new), ENGLISH) == text


def test_other_words() -> None:
    """Every word comes from the table of words."""
    german = {**ENGLISH, "moves_title": "{profile}: {before} bis {after}", "moves_data": "Daten", "language": "de"}
    assert changes_text(week(), german).startswith("P: 2026-11-14 bis 2026-11-21\n")
    assert '<html lang="de">' in changes_html(week(), german, full=True)
    assert "Daten" in Read(changes_html(week(), german)).text


def test_nobody() -> None:
    """Where there is nobody, that is said."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Flag("a")])])
    nobody = icp.score_batch(profile, {"id": [], "a": []}, key="id", as_of=DAY)
    assert "0 accounts before, 0 after: nobody moved" in changes_text(changes(nobody, nobody))
