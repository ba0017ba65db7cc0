from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.charts.colors import CARDS, COLORS, contrast
from icpkit.charts.histogram import Stack, histogram_svg
from icpkit.markup import visible
from tests.charts.faces import colors, hostile, law, names

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg": {"id", "role", "aria-labelledby", "viewBox", "x", "y", "width", "height", "font-family"},
    "title": {"id"},
    "desc": {"id"},
    "style": set(),
    "g": set(),
    "rect": {"x", "y", "width", "height", "rx", "class", "fill", "stroke"},
    "line": {"x1", "x2", "y1", "y2", "class", "fill", "stroke", "stroke-dasharray"},
    "text": {"x", "y", "font-size", "text-anchor", "class", "fill"},
}


@st.composite
def stacks(draw: st.DrawFn) -> list[Stack]:
    """Give tiers with falling cuts and any names, and counts for ten stretches."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)), reverse=True)
    counts = st.lists(st.integers(0, 10**6), min_size=10, max_size=10)
    return [Stack(draw(names), cut, draw(st.none() | colors), draw(counts)) for cut in (*cuts, 0)]


def drawn(found: list[Stack], title: str = "Fits", told: str = "so many") -> ET.Element:
    """Draw, and read the picture."""
    return ET.fromstring(histogram_svg(found, title, told))


def bars_in(picture: ET.Element) -> list[tuple[str, list[ET.Element]]]:
    """Give the tip and the rectangles of each stretch that somebody is in."""
    groups = [group for group in picture.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    return [(group.findtext(f"{SVG}title") or "", group.findall(f"{SVG}rect")) for group in groups]


@law
@given(stacks(), hostile, hostile)
def test_the_picture_is_inert(found: list[Stack], title: str, told: str) -> None:
    """Whatever tiers are called, the picture has harmless elements and attributes alone, and names what it shows."""
    picture = drawn(found, title, told)
    for node in picture.iter():
        tag = node.tag.removeprefix(SVG)
        assert set(node.attrib) <= ALLOWED[tag]
    assert (picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")) == (visible(title), visible(told))


@law
@given(stacks())
def test_bars_are_as_high_as_there_are_accounts(found: list[Stack]) -> None:
    """Every stretch that somebody is in has a bar, with the count in its tip; bars stay within the picture."""
    totals = [sum(counts) for counts in zip(*(stack.bars for stack in found), strict=True)]
    bars = bars_in(drawn(found))
    ends = [f"{place * 10} – {place * 10 + 10}: {total:,}" for place, total in enumerate(totals) if total]
    assert [tip for tip, _ in bars] == ends
    for (_, parts), place in zip(bars, [place for place, total in enumerate(totals) if total], strict=True):
        assert len(parts) == sum(stack.bars[place] > 0 for stack in found)
        for part in parts:
            assert 56 <= float(part.attrib["x"]) <= 744
            assert 30 <= float(part.attrib["y"]) <= 157
    assert histogram_svg(found, "a", "b") == histogram_svg(found, "a", "b")


def test_a_stretch_that_a_cut_divides_is_stacked() -> None:
    """The worse tier lies below the better one, each in its colour."""
    found = [Stack("Go", 55, "#1a7f37", [0] * 5 + [3] + [0] * 4), Stack("Wait", 0, None, [0] * 5 + [1] + [0] * 4)]
    ((tip, (wait, go)),) = bars_in(drawn(found))
    assert tip == "50 – 60: 4"
    assert float(go.attrib["y"]) < float(wait.attrib["y"])
    assert float(go.attrib["height"]) == pytest.approx(3 * float(wait.attrib["height"]), abs=3)
    assert (go.attrib["fill"], wait.attrib["fill"]) == ("#1a7f37", "#656d76")


def test_one_among_a_million_is_seen() -> None:
    """A bar has a height whoever few are in it."""
    ((_, (one,)), _) = bars_in(drawn([Stack("All", 0, None, [1, 10**6])]))
    assert float(one.attrib["height"]) >= 0.5


@pytest.mark.parametrize(
    ("most", "text"),
    [(0, "1"), (7, "7"), (9_999, "9,999"), (12_345, "12.3k"), (999_999, "999k"), (1_234_567, "1.23M"), (10**9, "1bn")],
)
def test_the_scale_is_short(most: int, text: str) -> None:
    """The highest bar is labelled in a few digits, never with more than it stands for."""
    texts = [node.text for node in drawn([Stack("All", 0, None, [most])]).iter(f"{SVG}text")]
    assert texts[:2] == [text, "0"]


def test_cuts_are_named_where_there_is_room() -> None:
    """Each cut has a line; names and numbers that would run into each other are left out."""
    found = [Stack("Top", 99, None, [0]), Stack("Good", 98, None, [0]), Stack("Fair", 50, None, [0])]
    found.append(Stack("Rest", 0, None, [0]))
    picture = drawn(found)
    texts = [node.text for node in picture.iter(f"{SVG}text")]
    assert texts == ["1", "0", "100", "Fair", "50", "Rest", "0"]
    assert len([line for line in picture.iter(f"{SVG}line") if "stroke-dasharray" in line.attrib]) == 3


def test_colors_are_readable_in_light_and_dark() -> None:
    """Texts have a contrast of 4.5 to the card, in both schemes, and the picture knows both."""
    assert "prefers-color-scheme:dark" in histogram_svg([Stack("All", 0, None, [1])], "a", "b")
    for role in ("ink", "muted"):
        assert min(contrast(color, card) for color, card in zip(COLORS[role], CARDS, strict=True)) >= 4.5
