import base64
import re
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.faces import number, summary_html, summary_svg, summary_text
from icpkit.charts.colors import PAGES, contrast
from icpkit.markup import visible
from icpkit.words import ENGLISH
from tests.charts.faces import colors, hostile, law, names
from tests.charts.test_pages import ATTRIBUTES, STYLES, TAGS, Read

DAY = "2026-11-21"


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, for which any coverage is enough."""
    made: dict[str, Any] = {"min_coverage": 0} | options
    return icp.Profile("P", [icp.Dimension("D", criteria)], **made)


def part(attribute: str, **options: Any) -> icp.Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return icp.Range(attribute, 1, None, soft_low=0, **options)


def of(*rows: dict[str, Any], profile: icp.Profile | None = None, **options: Any) -> icp.Scores:
    """Score rows by a profile of two criteria."""
    profile = profile or a_profile(part("a"), part("b"))
    asked: dict[str, Any] = {"as_of": DAY, "on_invalid": "unknown"} | options
    return icp.score_batch(profile, list(rows), **asked)


@st.composite
def hostile_scores(draw: st.DrawFn) -> icp.Scores:
    """Give scores in which every text that a profile or an account may hold is hostile."""
    tiers = [icp.Tier(f"{draw(names)}1", 50, color=draw(st.none() | colors)), icp.Tier(f"{draw(names)}2", 0)]
    profile = icp.Profile(
        draw(names),
        [icp.Dimension(draw(names), [part(f"{draw(names)}x"), part("a", name=draw(names)), part("z", weight=0)])],
        gates=[icp.Gate(icp.Flag("up"))],
        tiers=icp.TierScale(tiers),
        min_coverage=draw(st.sampled_from([0, 0.5])),
    )
    keys = draw(st.lists(names, min_size=1, max_size=12, unique=True))
    values = st.none() | st.floats(0, 1) | hostile
    rows = [
        {"id": key, "a": draw(values), "up": draw(st.sampled_from([True, False, None])), draw(names): 1} for key in keys
    ]
    return of(*rows, profile=profile, key="id")


# HTML.


@law
@given(hostile_scores())
def test_html_is_inert(scores: icp.Scores) -> None:
    """Whatever texts there are, the HTML has harmless tags, attributes and styles alone, as notebooks ask for."""
    markup = summary_html(scores)
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
@given(hostile_scores())
def test_text_is_plain(scores: icp.Scores) -> None:
    """Whatever texts there are, what is printed holds nothing that a terminal obeys, and no line is very long."""
    lines = summary_text(scores).split("\n")
    assert all(line.isprintable() and len(line) <= 110 for line in lines)


def test_html_tells_everything() -> None:
    """The fragment holds the counts, the notes, the tiers, the picture, what is unknown and the best."""
    profile = a_profile(part("a"), part("b"), part("c", weight=0), part("d"), gates=[icp.Gate(icp.Flag("up"))])
    profile = attrs.evolve(profile, min_coverage=0.1)
    rows: list[dict[str, Any]] = [
        {"a": 1, "b": 0.5, "bb": 1, "up": True},
        {"a": "x", "b": 0.5},
        {"up": False, "b": 1},
        {"a": None},
    ]
    scores = of(*rows, profile=profile)
    read = Read(summary_html(scores))
    assert read.text.startswith(
        "P · as of 2026-11-214 accounts: 2 scored, 1 disqualified, 1 with too little data"
        "no account has: d"
        "of the wrong kind, taken as unknown: a (1)"
        "weight 0, without effect: d/c"
    )
    assert read.rows == [
        ["tier", "from", "accounts", "share", "certain", ""],
        ["Perfect", "80", "0", "0 %", "0", ""],
        ["Strong", "60", "1", "25 %", "0", ""],
        ["Moderate", "40", "1", "25 %", "0", ""],
        ["Weak", "0", "0", "0 %", "0", ""],
        ["Disqualified", "", "1", "25 %", "", ""],
        ["Not enough data", "", "1", "25 %", "", ""],
        ["criterion", "accounts", "unknown", ""],
        ["d/d", "4", "100 %", ""],
        ["d/a", "3", "75 %", ""],
        ["d/b", "1", "25 %", ""],
        ["row (from 0)", "fit", "tier", "known", "could be", ""],
        ["0", "75.0", "Strong", "66.7 %", "50.0 – 83.3", ""],
        ["1", "50.0", "Moderate", "33.3 %", "16.7 – 83.3", ""],
    ]
    assert read["alt"] == "Fits of the 2 scored: half of them from 50.0 to 75.0, the median is 50.0"
    assert base64.b64decode(read["src"].partition(",")[2]).decode() == summary_svg(scores)


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        ([{"a": 1}, {"a": 0.5}, {"a": 0.5}], ["50.00", "100.00"]),
        ([{"a": 1, "b": 1}, {"a": 1}, {"a": 1, "b": None}, {"a": 1, "b": 1}], ["50.00", "50.00"]),
    ],
)
def test_bars_are_as_wide_as_their_counts(rows: list[dict[str, Any]], widths: list[str]) -> None:
    """The most frequent tier fills its lane; certain accounts are solid, the others hatched."""
    profile = a_profile(part("a")) if len(rows) == 3 else a_profile(part("a"), part("b"))
    table = summary_html(of(*rows, profile=profile)).partition("</table>")[0]
    assert re.findall(r"height:10px;width:([\d.]+)%", table) == widths
    assert ("linear-gradient" in table) == (len(rows) == 4)


def test_a_bar_of_few_is_seen() -> None:
    """One account among a thousand has a bar, and its share two digits."""
    table = summary_html(of({"a": 1}, *({"a": 0} for _ in range(999)), profile=a_profile(part("a"))))
    assert "width:0.50%" in table
    assert "0.1 %" in table


def test_colors_are_seen_on_any_page() -> None:
    """A tier's colour that a page might swallow has an edge."""
    pale = icp.TierScale([icp.Tier("Go", 50, color="#fff"), icp.Tier("Wait", 0, color="#000")])
    markup = summary_html(of({"a": 1}, {"a": 0}, profile=a_profile(part("a"), tiers=pale)))
    edges = set(re.findall(r"border:1px \w+ (#\w+)", markup))
    assert edges
    for edge in edges:
        assert min(contrast(edge, page) for page in PAGES) >= 3


def test_a_full_page() -> None:
    """The full page is the fragment under the title."""
    scores = of({"a": 1})
    full = summary_html(scores, full=True)
    assert full.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>P · as of 2026-11-21</title>" in full
    assert summary_html(scores) in full


def test_other_words() -> None:
    """Every word comes from the table of words."""
    german = {**ENGLISH, "summary_one": "1 Firma: {statuses}", "summary_scored": "{count} bewertet", "language": "de"}
    scores = of({"a": 1})
    assert "1 Firma: 1 bewertet" in summary_text(scores, german)
    assert '<html lang="de">' in summary_html(scores, german, full=True)
    marked = {key: f"§{text}" for key, text in ENGLISH.items()}
    read = Read(summary_html(scores, marked))
    words = {
        cell for row in read.rows for cell in row if cell and not re.match(r"§|[\d.]|d/|Perfect|Strong|Mod|Weak", cell)
    }
    assert words == set()


# Text.


def test_text() -> None:
    """Counts, notes, tiers with bars, the histogram with its cuts, what is unknown and the best follow one another."""
    profile = a_profile(part("a"), part("b"), part("c", weight=0), gates=[icp.Gate(icp.Flag("up"))])
    rows: list[dict[str, Any]] = [
        {"id": "acme", "a": 1, "b": 0.5, "up": True},
        {"id": "globex", "a": 0.5, "bb": 1},
        {"id": "initech", "b": 1, "up": False},
        {"id": "umbrella", "a": 0.3, "b": 0.3},
        {"id": "hooli"},
    ]
    assert (
        summary_text(of(*rows, profile=profile, key="id"))
        == """\
P · as of 2026-11-21
5 accounts: 3 scored, 1 disqualified, 1 with too little data
! weight 0, without effect: d/c

tier                from    accounts   share     certain
Perfect               80           0     0 %           0
Strong                60           1    20 %           1  ██████████████████████████████
Moderate              40           1    20 %           0  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Weak                   0           1    20 %           1  ██████████████████████████████
Disqualified                       1    20 %              ······························
Not enough data                    1    20 %              ······························
█ certain  ░ may change once more is known

Fits of the 3 scored: half of them from 30.0 to 75.0, the median is 50.0
                 █         █           █
  0                   40        60        80        100

Most often unknown
  d/a                                                 40 %
  d/b                                                 40 %

The best 3
  key                               fit  tier                   known  could be
  acme                             75.0  Strong                 100 %  75.0 – 75.0
  globex                           50.0  Moderate                50 %  25.0 – 75.0
  umbrella                         30.0  Weak                   100 %  30.0 – 30.0"""
    )


@pytest.mark.parametrize(
    ("rows", "options", "line"),
    [
        ([{"x": 1}], {}, "! no account has a fit: is the profile made for these accounts?"),
        ([{"x": 1}], {}, "! no account has: a, b"),
        ([{"aa": 1, "bbb": 1}], {}, "! no account has: a (did you mean 'aa'?), b"),
        ([{"a": 1}], {}, "The fit of the only one scored: 100.0"),
        ([{"a": "x", "b": 1}], {}, "! of the wrong kind, taken as unknown: a (1)"),
        ([{"a": 1}, {"a": 1}], {"as_of": ["2026-11-21", "2026-11-22"]}, "P · as of 2026-11-21 – 2026-11-22"),
    ],
)
def test_lines(rows: list[dict[str, Any]], options: dict[str, Any], line: str) -> None:
    """What may be wrong is told in a line of its own."""
    profile = a_profile(part("a", missing=0), part("b"), min_coverage=0.1)
    assert line in summary_text(of(*rows, profile=profile, **options)).split("\n")


def test_signals_after_the_moment_are_told() -> None:
    """Dates that do not count yet are counted by attribute."""
    profile = a_profile(part("a"), icp.Recency("seen"))
    rows = {"a": [1.0], "seen": [icp.score(profile, {"a": 1}, as_of="2026-12-01").as_of]}
    text = summary_text(icp.score_batch(profile, rows, as_of=DAY))
    assert "! dated after 2026-11-21, left out: seen (1)" in text.split("\n")


def test_no_accounts() -> None:
    """Without accounts there is a title and nothing to be shown, and no picture fails."""
    scores = icp.score_batch(a_profile(part("a"), part("b")), [], as_of=DAY)
    assert summary_text(scores) == "P · as of 2026-11-21\nno accounts"
    assert Read(summary_html(scores)).text == "P · as of 2026-11-21no accounts"
    assert summary_svg(scores).startswith("<svg")


def test_long_names_are_cut() -> None:
    """Texts that are very long end in an ellipsis."""
    scores = of(
        {"id": "k" * 99, "a": 1}, profile=attrs.evolve(a_profile(part("a", name="n" * 99)), name="p" * 200), key="id"
    )
    text = summary_text(scores)
    assert f"  {'k' * 29}… " in text
    assert f"{'p' * 59}… · as of" in text
    assert f"{'k' * 59}…" in Read(summary_html(scores)).text
    assert all(len(line) <= 100 for line in text.split("\n"))


def test_cuts_that_are_close_share_the_axis() -> None:
    """The axis below the bars of text shows the cuts that have room, and always its ends."""
    tiers = icp.TierScale.from_cuts({"A": 51, "B": 50, "C": 0})
    axis = summary_text(of({"a": 1}, profile=a_profile(part("a"), tiers=tiers))).split("\n")
    assert "  0                         51                      100" in axis


@given(st.integers(0, 10**12))
def test_counts_are_written_in_full(count: int) -> None:
    """A count has separators and loses nothing."""
    assert int(number(count).replace(",", "")) == count
    assert visible(number(count)) == number(count)
