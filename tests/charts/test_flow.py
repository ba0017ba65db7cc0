import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from icpkit.charts.colors import CARDS, COLORS, contrast
from icpkit.charts.flow import Place, Stream, flow_svg
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
    "path": {"d", "class", "fill", "fill-opacity", "stroke", "stroke-width"},
    "text": {"x", "y", "font-size", "font-weight", "text-anchor", "class", "fill"},
}


@st.composite
def flows(draw: st.DrawFn) -> tuple[list[Place], list[Place], list[Stream]]:
    """Give places at both sides, and streams between them."""
    place = st.builds(Place, names, st.none() | colors, st.just("1"), st.just("") | names)
    before, after = (draw(st.lists(place, min_size=1, max_size=5)) for _ in range(2))
    streams = [
        Stream(source, target, size, draw(st.sampled_from([-1, 0, 1])), draw(names))
        for source in range(len(before))
        for target in range(len(after))
        if (size := draw(st.integers(0, 10**6)))
    ]
    return before, after, streams


def drawn(
    before: list[Place], after: list[Place], streams: list[Stream], heads: tuple[str, str] = ("a", "b"), told: str = "t"
) -> ET.Element:
    """Draw, and read the picture."""
    return ET.fromstring(flow_svg(before, after, streams, heads, told))


@law
@given(flows(), hostile, hostile)
def test_the_picture_is_inert(flow: tuple[list[Place], list[Place], list[Stream]], head: str, told: str) -> None:
    """Whatever places are called, the picture has harmless elements and attributes alone, and names what it shows."""
    picture = drawn(*flow, heads=(head, "after"), told=told)
    for node in picture.iter():
        assert set(node.attrib) <= ALLOWED[node.tag.removeprefix(SVG)]
    assert picture.findtext(f"{SVG}title") == visible(f"{head} → after")
    assert picture.findtext(f"{SVG}desc") == visible(told)


@law
@given(flows())
def test_places_are_as_high_as_their_streams(flow: tuple[list[Place], list[Place], list[Stream]]) -> None:
    """Each place is as high as what comes or goes, places do not touch, and all lies within the picture."""
    picture = drawn(*flow)
    height = float(picture.attrib["height"])
    rects = picture.findall(f"{SVG}rect")[1:]
    assert len(rects) == len(flow[0]) + len(flow[1])
    for x in {rect.attrib["x"] for rect in rects}:
        side = [rect for rect in rects if rect.attrib["x"] == x]
        ends = [(float(rect.attrib["y"]), float(rect.attrib["y"]) + float(rect.attrib["height"])) for rect in side]
        assert ends == sorted(ends)
        assert all(below[0] - above[1] >= 19.9 for above, below in pairwise(ends))
        assert ends[-1][1] <= height - 19.9
    assert len(list(picture.iter(f"{SVG}path"))) == len(flow[2])


def test_who_moves_lies_above_who_stays() -> None:
    """Streams up are blue, those down red, and both are drawn after those that stay, with their tips."""
    places = [Place("Go", None, "3"), Place("Wait", "#1a7f37", "2", "2 too many")]
    streams = [Stream(0, 1, 1, -1, "down"), Stream(0, 0, 2, 0, "stay"), Stream(1, 0, 1, 1, "up")]
    picture = drawn(places, places, streams)
    paths = [
        (group.findtext(f"{SVG}title"), path)
        for group in picture.iter(f"{SVG}g")
        for path in group
        if "d" in path.attrib
    ]
    assert [tip for tip, _ in paths] == ["stay", "down", "up"]
    assert [path.attrib["class"] for _, path in paths] == ["f-mid s-mid", "f-taken s-taken", "f-earned s-earned"]
    assert [text.text for text in picture.iter(f"{SVG}text")] == [
        "a",
        "b",
        "Go  3",
        "Wait  2 · 2 too many",
        "3  Go",
        "2  Wait · 2 too many",
    ]


def test_one_among_a_million_is_seen() -> None:
    """A stream has a width whoever few are in it, and a place without anybody is a line."""
    places = [Place("Go", None, "1000001"), Place("Wait", None, "0")]
    picture = drawn(places, places, [Stream(0, 0, 10**6, 0, "stay"), Stream(0, 1, 1, -1, "down")])
    down = next(path for path in picture.iter(f"{SVG}path") if path.attrib["class"].startswith("f-taken"))
    ys = [float(y) for y in re.findall(r"[CMV]\S*? ?(\d+\.\d\d)", down.attrib["d"])]
    assert max(ys) - min(ys) >= 1
    assert float(picture.findall(f"{SVG}rect")[2].attrib["height"]) == 2
    assert drawn(places, places, []).findall(f"{SVG}rect")


def test_colors_are_readable_in_light_and_dark() -> None:
    """Texts have a contrast of 4.5 to the card and edges of streams one of 3, in both schemes."""
    assert "prefers-color-scheme:dark" in flow_svg(
        [Place("A", None, "0")], [Place("A", None, "0")], [], ("a", "b"), "t"
    )
    for role, least in (("ink", 4.5), ("muted", 4.5), ("earned", 3), ("taken", 3), ("mid", 3)):
        assert min(contrast(color, card) for color, card in zip(COLORS[role], CARDS, strict=True)) >= least
