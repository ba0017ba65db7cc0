"""The picture of a migration: how accounts flow from where they were to where they are."""

from binascii import crc32
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from icpkit.charts.colors import CARDS, COLORS, GREY, edge_of
from icpkit.markup import Markup, element

_WIDE, _TOP, _BOTTOM = 760, 52, 20
#: How high all accounts together are, and how far apart two places are, so that their names have room.
_HIGH, _GAP = 240, 20
#: Where places begin at the left and at the right, how wide they are, and how wide their names may be.
_LEFT, _RIGHT, _NODE, _NAME = 210, 536, 14, 190
#: How high the thinnest stream and the emptiest place are.
_THIN, _EMPTY = 1.0, 2.0
_FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_ROLES: Final = ("card", "rim", "ink", "muted", "earned", "taken", "mid")
#: The roles of streams, by the way they go: -1, 0, 1.
_WAYS: Final = {-1: "taken", 0: "mid", 1: "earned"}


class Place(NamedTuple):
    """Where accounts are.

    Attributes:
        name: what it is called.
        color: its colour, or None.
        figure: how many accounts are there, as text.
        note: what else is to be said, or nothing.
    """

    name: str
    color: str | None
    figure: str
    note: str = ""


class Stream(NamedTuple):
    """Accounts that go from one place to another.

    Attributes:
        source: the index of the place that they come from.
        target: the index of the place that they go to.
        size: how many accounts there are.
        way: 1 for up, -1 for down, 0 for who stays or goes neither way.
        tip: what is shown when somebody points at it.
    """

    source: int
    target: int
    size: int
    way: int
    tip: str


def flow_svg(
    before: Sequence[Place], after: Sequence[Place], streams: Sequence[Stream], heads: tuple[str, str], told: str
) -> Markup:
    """Draw how accounts flow; the picture stands alone and follows the viewer's colour scheme.

    Args:
        before: where accounts were, from top to bottom.
        after: where they are.
        streams: who went from where to where, in the order of the places.
        heads: what stands above the two sides.
        told: the same in words, for those who do not see it.

    >>> flow_svg([Place("Go", None, "1")], [Place("Go", None, "1")], [Stream(0, 0, 1, 0, "1 stays")], ("a", "b"), "1")[
    ...     :4
    ... ]
    '<svg'
    """
    name = f"icp-{crc32(repr((before, after, streams, heads, told)).encode(errors='backslashreplace')):08x}"
    scale = _HIGH / max(1, sum(stream.size for stream in streams))
    thick = [max(stream.size * scale, _THIN) for stream in streams]
    sides = [
        _tops(len(before), [stream.source for stream in streams], thick),
        _tops(len(after), [stream.target for stream in streams], thick),
    ]
    height = max(top + high for tops in sides for top, high in tops) + _BOTTOM
    rules = "".join(
        f"#{name} .f-{role}{{fill:{COLORS[role][1]}}}#{name} .s-{role}{{stroke:{COLORS[role][1]}}}" for role in _ROLES
    )
    style = f"#{name} text{{font-variant-numeric:tabular-nums}}@media(prefers-color-scheme:dark){{{rules}}}"
    rim = {"class_": "f-card s-rim", "fill": CARDS[0], "stroke": COLORS["rim"][0]}
    return element(
        "svg",
        element("title", " → ".join(heads), id=f"{name}-t"),
        element("desc", told, id=f"{name}-d"),
        element("style", Markup(style)),
        element("rect", x=0.5, y=0.5, width=_WIDE - 1, height=height - 1, rx=10, **rim),
        _text(heads[0], _LEFT - 8, 30, "end", "muted", bold=True),
        _text(heads[1], _RIGHT + _NODE + 8, 30, "start", "muted", bold=True),
        *_ribbons(streams, thick, sides),
        *_places(before, sides[0], _LEFT, "end"),
        *_places(after, sides[1], _RIGHT, "start"),
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        viewBox=f"0 0 {_WIDE} {height:g}",
        width=_WIDE,
        height=height,
        font_family=_FONT,
    )


def _tops(places: int, ends: Sequence[int], thick: Sequence[float]) -> list[tuple[float, float]]:
    """Give where each place of a side begins, and how high it is: as high as its streams together."""
    heights = [0.0] * places
    for end, high in zip(ends, thick, strict=True):
        heights[end] += high
    tops, y = [], float(_TOP)
    for high in heights:
        tops.append((y, max(high, _EMPTY)))
        y += max(high, _EMPTY) + _GAP
    return tops


def _ribbons(
    streams: Sequence[Stream], thick: Sequence[float], sides: Sequence[list[tuple[float, float]]]
) -> Iterator[Markup]:
    """Draw streams, those that stay first, so that those that move lie above them."""
    free = [[top for top, _ in side] for side in sides]
    ends: list[tuple[float, float]] = []
    for stream, high in zip(streams, thick, strict=True):
        ends.append((free[0][stream.source], free[1][stream.target]))
        free[0][stream.source] += high
        free[1][stream.target] += high
    x, to = _LEFT + _NODE, _RIGHT
    middle = (x + to) / 2
    for place in sorted(range(len(streams)), key=lambda place: abs(streams[place].way)):
        stream, high, (y, end) = streams[place], thick[place], ends[place]
        role = _WAYS[stream.way]
        path = (
            f"M{x:g} {y:.2f}C{middle:g} {y:.2f} {middle:g} {end:.2f} {to:g} {end:.2f}V{end + high:.2f}"
            f"C{middle:g} {end + high:.2f} {middle:g} {y + high:.2f} {x:g} {y + high:.2f}Z"
        )
        paint = {"class_": f"f-{role} s-{role}", "fill": COLORS[role][0], "stroke": COLORS[role][0]}
        opacity = 0.5 if stream.way else 0.2
        ribbon = element("path", d=path, fill_opacity=opacity, stroke_width=0.75, **paint)
        yield element("g", element("title", stream.tip), ribbon)


def _places(places: Sequence[Place], tops: Sequence[tuple[float, float]], x: float, anchor: str) -> Iterator[Markup]:
    for place, (top, high) in zip(places, tops, strict=True):
        color = place.color or GREY
        yield element("rect", x=x, y=top, width=_NODE, height=high, fill=color, stroke=edge_of(color, CARDS))
        label = f"{place.name}  {place.figure}" if anchor == "end" else f"{place.figure}  {place.name}"
        label = f"{label} · {place.note}" if place.note else label
        at = x - 8 if anchor == "end" else x + _NODE + 8
        yield _text(label, at, top + high / 2 + 4, anchor, "ink")


def _text(text: str, x: float, y: float, anchor: str, role: str, *, bold: bool = False) -> Markup:
    """Write a text that begins or ends at a place; its own small window cuts one that is too long."""
    fill = {"class_": f"f-{role}", "fill": COLORS[role][0]}
    weight = "600" if bold else None
    at = _NAME if anchor == "end" else 0
    inner = element("text", text, x=at, y=14, font_size=12, text_anchor=anchor, font_weight=weight, **fill)
    left = x - _NAME if anchor == "end" else x
    window = element("svg", inner, x=left, y=y - 14, width=_NAME, height=20)
    return element("g", element("title", text), window)
