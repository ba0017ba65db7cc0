import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

import icpkit as icp
from icpkit.charts.colors import CARDS, COLORS, contrast
from icpkit.charts.picture import WIDTH, svg_of
from icpkit.charts.rows import rows_of
from icpkit.explanation import Explanation, facts_of, title_of, verdict_of
from icpkit.markup import visible
from icpkit.testing import cases
from icpkit.words import ENGLISH
from tests.charts.faces import DAY, colors, explain, explanations, hostile_explanations, law, part

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg": {"id", "role", "aria-labelledby", "viewBox", "width", "height", "font-family"},
    "title": {"id"},
    "desc": {"id"},
    "style": set(),
    "defs": set(),
    "pattern": {"id", "width", "height", "patternUnits", "patternTransform"},
    "clipPath": {"id"},
    "g": {"clip-path", "transform"},
    "rect": {"x", "y", "width", "height", "rx", "class", "fill", "stroke"},
    "line": {"x1", "x2", "y1", "y2", "class", "fill", "stroke", "stroke-width"},
    "path": {"d", "class", "fill"},
    "text": {"x", "y", "font-size", "font-weight", "text-anchor", "class", "fill"},
}
#: What attributes may hold, so that none holds a text of the account or the profile.
VALUE = re.compile(
    r"-?[\d.]+|#[0-9a-fA-F]{3,6}|none|start|middle|end|img|userSpaceOnUse|rotate\(45\)|translate\(-?[\d.]+\)"
    r"|url\(#icp-[0-9a-f]{8}-\w+\)|icp-[0-9a-f]{8}(-\w+)?( icp-[0-9a-f]{8}-d)?|[fs]-[a-z]+( s-rim)?|0 0 [\d.]+ [\d.]+"
    r"|M-?[\d.]+ 157h10l-5 -7z"
)


def drawn(explanation: Explanation) -> ET.Element:
    """Draw an explanation, and read the picture."""
    return ET.fromstring(svg_of(explanation))


def tag_of(node: ET.Element) -> str:
    """Give a tag without its namespace."""
    return node.tag.removeprefix(SVG)


def number(node: ET.Element, name: str) -> float:
    """Give an attribute as a number."""
    return float(node.attrib[name])


def shown(node: ET.Element) -> str:
    """Give what a text shows, without its title."""
    return (node.text or "") + "".join(child.tail or "" for child in node)


def rows_in(picture: ET.Element) -> Iterator[tuple[str, str, list[ET.Element]]]:
    """Give the rows of the waterfall: the tip, the figure and the rectangles."""
    for group in picture.iter(f"{SVG}g"):
        texts = group.findall(f"{SVG}text")
        if len(group) > 1 and tag_of(group[0]) == "title" and group[1].get("clip-path") and texts:
            yield group[0].text or "", shown(texts[-1]), group.findall(f"{SVG}rect")


def axis_in(picture: ET.Element) -> tuple[float, float]:
    """Give the places of 0 and of 100: the guides show them."""
    guides = [number(line, "x1") for line in picture.iter(f"{SVG}line") if line.get("class") == "s-guide"]
    return min(guides), max(guides)


# What nobody trusts.


@law
@given(hostile_explanations())
def test_a_picture_is_well_formed_and_inert(explanation: Explanation) -> None:
    """Whatever texts there are, the picture is XML of known elements, and no attribute holds any of the texts."""
    picture = drawn(explanation)
    assert picture.tag == f"{SVG}svg"
    for node in picture.iter():
        assert node.tag.startswith(SVG)
        assert set(node.attrib) <= ALLOWED[tag_of(node)]
        values = [value for name, value in node.attrib.items() if name != "font-family"]
        assert [value for value in values if not VALUE.fullmatch(value)] == []


@law
@given(hostile_explanations())
def test_the_style_holds_no_text(explanation: Explanation) -> None:
    """The style depends on nothing but the picture's id."""
    one, other = drawn(explanation), drawn(explain({"a": 1}, part("a")))
    styles = [(node.findtext(f"{SVG}style") or "").replace(node.attrib["id"], "") for node in (one, other)]
    assert styles[0] == styles[1]


@law
@given(explanations() | hostile_explanations())
def test_the_full_sentence_is_told(explanation: Explanation) -> None:
    """Those who cannot see the picture are told who was scored, and the whole verdict."""
    picture, facts = drawn(explanation), facts_of(explanation)
    assert picture.attrib["role"] == "img"
    assert picture.findtext(f"{SVG}title") == visible(title_of(facts, ENGLISH))
    assert picture.findtext(f"{SVG}desc") == visible(verdict_of(facts, ENGLISH))
    labels = [node.text for node in picture if node.get("id") in picture.attrib["aria-labelledby"].split()]
    assert labels == [picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")]


# Numbers.


@law
@given(explanations())
def test_figures_are_those_of_the_rows(explanation: Explanation) -> None:
    """Each row of the picture shows the figure of the explanation's row, in the same order."""
    rows = [row for row in rows_of(explanation, ENGLISH) if row.kind != "part"]
    assert [figure for _, figure, _ in rows_in(drawn(explanation))] == [row.figure for row in rows]


@law
@given(explanations())
def test_bars_are_as_long_as_their_points(explanation: Explanation) -> None:
    """Read back from the picture, a solid bar is as long as its criterion's points; the least that is drawn is 1 px."""
    picture = drawn(explanation)
    zero, hundred = axis_in(picture)
    unit = 100 / (hundred - zero)
    rows = [row for row in rows_of(explanation, ENGLISH) if row.kind != "part"]
    pairs = zip(rows, rows_in(picture), strict=True)
    criteria = [rects for row, (_, _, rects) in pairs if row.kind == "criterion"]
    for result, rects in zip(explanation.criteria, criteria, strict=True):
        solid = [number(rect, "width") * unit for rect in rects if rect.get("class") == "f-earned"]
        points = (result.points or 0) / 1e6 if result.settled else 0
        assert sum(solid) == pytest.approx(max(points, unit) if points else 0, abs=0.02)


@law
@given(explanations())
def test_every_bar_lies_within_the_axis(explanation: Explanation) -> None:
    """No bar leaves the place between labels and figures, and everything lies on the card."""
    picture = drawn(explanation)
    height = number(picture, "height")
    places = [rect for _, _, rects in rows_in(picture) for rect in rects]
    for rect in places:
        assert 235 <= number(rect, "x") <= number(rect, "x") + number(rect, "width") <= 236 + 384 + 1
    for node in picture.iter():
        if tag_of(node) in {"rect", "text"} and "y" in node.attrib:
            assert 0 <= number(node, "x") <= WIDTH
            assert 0 <= number(node, "y") <= height


def test_the_marker_stands_at_the_fit() -> None:
    """The marker on the strip stands where the fit is, and the hatching reaches from bound to bound."""
    tree = explain({"a": 1, "b": 0.4, "c": None}, part("a"), part("b"), part("c"))
    picture = drawn(tree)
    zero, hundred = axis_in(picture)
    marker = next(node for node in picture.iter(f"{SVG}rect") if node.get("class") == "f-ink")
    assert 100 * (number(marker, "x") + 1 - zero) / (hundred - zero) == pytest.approx(70, abs=0.01)
    hatch = next(node for node in picture.iter(f"{SVG}rect") if "-mid)" in node.get("fill", ""))
    ends = [number(hatch, "x"), number(hatch, "x") + number(hatch, "width")]
    assert [100 * (end - zero) / (hundred - zero) for end in ends] == pytest.approx([tree.low, tree.high], abs=0.01)


@law
@given(explanations())
def test_without_a_fit_no_fit_is_shown(explanation: Explanation) -> None:
    """The large figure and the marker are there if and only if there is a fit, and the fit is the one of the text."""
    picture = drawn(explanation)
    large = next(shown(text) for text in picture.iter(f"{SVG}text") if number(text, "font-size") > 20)
    marked = any(tag_of(node) == "path" for node in picture.iter())
    fit = explanation.fit
    assert (large, marked) == ("no fit", False) if fit is None else (explanation.profile.tiers.rounded(fit), True)


def texts_in(picture: ET.Element) -> list[str]:
    """Give all texts that are shown."""
    return [shown(text) for text in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("explanation", "texts"),
    [
        (
            explain({"a": 1, "b": 1}, part("a"), part("b")),
            ["100.0", "Perfect", "certain", "scored · 100 % of the weight is known"],
        ),
        (
            explain({"a": 1}, part("a"), part("b")),
            ["could be 50.0 to 100.0: Perfect, Strong, Moderate", "scored · 50 % of the weight is known"],
        ),
        (explain({"a": 1}, part("a", weight=9), part("b")), ["certain, could be 90.0 to 100.0"]),
        (
            explain({"a": 1}, part("a"), part("b"), min_coverage=0.9),
            ["no fit", "Not enough data", "only 50 % of the weight is known (90 % needed)", "match 1.00"],
        ),
        (
            explain({"a": 1, "up": False}, part("a"), gates=[icp.Gate(icp.Flag("up"))]),
            ["Disqualified", "by up · the fit is for information", "100.0", "Gates", "up", "no", "FAILED"],
        ),
        (
            explain({"up": False}, part("a"), gates=[icp.Gate(icp.Flag("up"))]),
            ["no fit", "Disqualified", "by up", "FAILED"],
        ),
    ],
)
def test_what_is_said(explanation: Explanation, texts: list[str]) -> None:
    """The picture says the fit, the tier, the status, what is certain, and which gate failed."""
    assert [text for text in texts if text not in texts_in(drawn(explanation))] == []


def test_the_legend_names_what_is_drawn() -> None:
    """Each filling that is there is named, and no other; so is the weight on which points count."""
    some = drawn(explain({"a": 1}, part("a"), part("b")))
    assert [text for text in texts_in(some) if text in {"earned", "lost", "assumed", "not known yet", "sure"}] == [
        "earned",
        "not known yet",
    ]
    assert "points count on the 50 % of the weight that has an answer, ranges on the whole" in texts_in(some)


def test_a_legend_in_a_longer_language_is_wrapped() -> None:
    """Where the names of the fillings do not fit on one line, they go on in the next."""
    long = {**ENGLISH, "face_earned": "x" * 60, "face_lost": "y" * 60}
    tree = explain({"a": 0.5}, part("a"))
    heights = [number(ET.fromstring(svg_of(tree, words)), "height") for words in (ENGLISH, long)]
    assert heights[1] == heights[0] + 18


# Looks.


@law
@given(hostile_explanations())
def test_texts_are_readable(explanation: Explanation) -> None:
    """Every text has a colour with a contrast of 4.5: on the card in both schemes, or on the tier's own colour."""
    picture = drawn(explanation)
    chip = next(node for node in picture.iter(f"{SVG}rect") if node.get("rx") == "13")
    for text in picture.iter(f"{SVG}text"):
        role = text.get("class", "").removeprefix("f-")
        if role:
            assert text.attrib["fill"] == COLORS[role][0]
            assert all(contrast(color, card) >= 4.5 for color, card in zip(COLORS[role], CARDS, strict=True))
        else:
            assert contrast(text.attrib["fill"], chip.attrib["fill"]) >= 4.5


@given(colors)
def test_the_dark_scheme_changes_every_role(color: str) -> None:
    """Each colour of a role has its dark counterpart, within this picture alone; a tier's colour stays."""
    tiers = icp.TierScale([icp.Tier("A", 0, color=color)])
    picture = drawn(explain({"a": 0.5}, part("a"), part("b"), tiers=tiers))
    style, name = picture.findtext(f"{SVG}style") or "", picture.attrib["id"]
    before, _, dark = style.partition("@media(prefers-color-scheme:dark)")
    assert before == f"#{name} text{{font-variant-numeric:tabular-nums}}"
    used = {role for node in picture.iter() for role in node.get("class", "").split()}
    for role in used:
        property_, value = "fill" if role.startswith("f-") else "stroke", COLORS[role[2:]][1]
        assert f"#{name} .{role}{{{property_}:{value}}}" in dark
    rules = re.findall(r"[{}]([^{}]+)\{", dark)
    assert all(rule.startswith(f"#{name} ") for rule in rules)
    assert color in {node.get("fill") for node in picture.iter(f"{SVG}rect")}


def test_ids_are_the_pictures_own() -> None:
    """Several pictures on one page share no id, and the same picture always has the same ones."""
    trees = [explain({"a": match / 10}, part("a")) for match in range(11)]
    ids = [{node.attrib["id"] for node in drawn(tree).iter() if "id" in node.attrib} for tree in trees]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(ids, 2))
    for tree, found in zip(trees, ids, strict=True):
        name = drawn(tree).attrib["id"]
        assert all(each.startswith(name) for each in found)
        assert set(re.findall(r"url\(#([^)]+)\)", svg_of(tree))) <= found


@law
@given(cases())
def test_the_same_score_is_drawn_the_same(case: tuple[icp.Profile, dict[str, Any], date]) -> None:
    """The same profile, account and moment give the same picture, byte for byte."""
    profile, account, as_of = case
    one, other = (svg_of(icp.Scorer(profile).explain(dict(account), as_of=as_of)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", ["x" * 300, "日" * 80, "W" * 60, "e\u0301" * 300, "ﷺ" * 40])
def test_long_names_are_cut(name: str) -> None:
    """A name that is too long ends with an ellipsis, and stands in full in a title; nothing runs into the bars."""
    picture = drawn(explain({"a": 1}, part("a", label=name)))
    text = next(text for text in picture.iter(f"{SVG}text") if text.findtext(f"{SVG}title") == name)
    assert shown(text).endswith("…")
    assert name.startswith(shown(text)[:-1])
    group = next(group for group in picture.iter(f"{SVG}g") if text in list(group))
    assert "-names)" in group.attrib["clip-path"]


def test_short_names_are_whole() -> None:
    """A name that fits has no ellipsis and needs no title."""
    picture = drawn(explain({"a": 1}, part("a", label="Employees")))
    texts = [text for text in picture.iter(f"{SVG}text") if shown(text) == "Employees"]
    assert [len(text) for text in texts] == [0]


def test_narrow_tiers_do_not_crowd_the_strip() -> None:
    """Names and cuts of tiers that are too narrow for them are left out; the bars are all there."""
    tiers = icp.TierScale([icp.Tier(f"Tier {cut}", cut) for cut in (99, 98, 97, 50, 49, 0)])
    picture = drawn(explain({"a": 1}, part("a"), tiers=tiers))
    texts = texts_in(picture)
    assert [cut for cut in ("0", "49", "50", "97", "98", "99", "100") if cut in texts] == ["0", "49", "100"]
    assert [name for name in ("Tier 0", "Tier 49", "Tier 50", "Tier 97") if name in texts] == ["Tier 0", "Tier 50"]
    tips = [group.findtext(f"{SVG}title") for group in picture.iter(f"{SVG}g")]
    assert {f"Tier {cut} {cut}" for cut in (99, 98, 97, 50, 49, 0)} <= set(tips)


def test_the_axis_makes_room_for_adjustments() -> None:
    """Where adjustments lead beyond 0 or 100, the axis does too, and the strip keeps to 0 … 100."""
    bonus, malus = icp.Adjustment(50, icp.Flag("up")), icp.Adjustment(-50, icp.Flag("down"))
    account: dict[str, Any] = {"a": 1, "up": True}
    up = axis_in(drawn(explain(account, part("a"), adjustments=[bonus])))
    down = axis_in(drawn(explain({"a": 0, "down": True}, part("a"), adjustments=[malus])))
    assert up == pytest.approx((236, 236 + 384 * 100 / 150), abs=0.01)
    assert down == pytest.approx((236 + 384 * 50 / 150, 236 + 384), abs=0.01)


def test_words_of_another_language() -> None:
    """Every word of the picture comes from the table of words."""
    upper = {key: text if "{" in text else text.upper() for key, text in ENGLISH.items()}
    tree = icp.Scorer(icp.standard_profile()).explain({"employees": 80, "is_competitor": False}, as_of=DAY)
    texts = texts_in(ET.fromstring(svg_of(tree, upper)))
    assert {"NO FIT", "NOT ENOUGH DATA", "GATES", "PASSED", "TIERS", "COULD BE", "FIT"} <= set(texts)
