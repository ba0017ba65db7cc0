"""The picture of many fits: how many accounts lie where between 0 and 100, and where the tiers begin."""

from binascii import crc32
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from icpkit.charts.colors import CARDS, COLORS, GREY, edge_of
from icpkit.markup import Markup, element
from icpkit.words import number_text

_WIDE, _HIGH = 760, 190
_LEFT, _RIGHT = 56, 744
_TOP, _FLOOR = 40, 156
_FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_ROLES: Final = ("card", "rim", "guide", "ink", "muted")


class Stack(NamedTuple):
    """The accounts of one tier, by their fit.

    Attributes:
        name: the tier's name.
        cut: where it begins.
        color: its colour, or None.
        bars: how many accounts there are in each stretch of the axis, all equally wide, from 0 to 100.
    """

    name: str
    cut: float
    color: str | None
    bars: Sequence[int]


def histogram_svg(stacks: Sequence[Stack], title: str, told: str) -> Markup:
    """Draw how fits are spread, with the cuts; the picture stands alone and follows the viewer's colour scheme.

    Args:
        stacks: the tiers, the best first.
        title: what is shown.
        told: the same in words, for those who do not see it.

    >>> histogram_svg([Stack("Go", 50, None, [0, 3]), Stack("Wait", 0, None, [1, 0])], "Fits", "4 fits")[:4]
    '<svg'
    """
    name = f"icp-{crc32(repr((title, told, stacks)).encode(errors='backslashreplace')):08x}"
    totals = [sum(counts) for counts in zip(*(stack.bars for stack in stacks), strict=True)]
    most = max([1, *totals])
    rules = "".join(
        f"#{name} .f-{role}{{fill:{COLORS[role][1]}}}#{name} .s-{role}{{stroke:{COLORS[role][1]}}}" for role in _ROLES
    )
    style = f"#{name} text{{font-variant-numeric:tabular-nums}}@media(prefers-color-scheme:dark){{{rules}}}"
    rect = element(
        "rect",
        x=0.5,
        y=0.5,
        width=_WIDE - 1,
        height=_HIGH - 1,
        rx=10,
        class_="f-card s-rim",
        fill=CARDS[0],
        stroke=COLORS["rim"][0],
    )
    floor = element("line", x1=_LEFT, x2=_RIGHT, y1=_FLOOR + 0.5, y2=_FLOOR + 0.5, **_stroke("muted"))
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", told, id=f"{name}-d"),
        element("style", Markup(style)),
        rect,
        *_heights(most),
        *_bars(stacks, most),
        floor,
        *_cuts(stacks),
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        viewBox=f"0 0 {_WIDE} {_HIGH}",
        width=_WIDE,
        height=_HIGH,
        font_family=_FONT,
    )


def _stroke(role: str) -> dict[str, str]:
    return {"class_": f"s-{role}", "fill": "none", "stroke": COLORS[role][0]}


def _text(x: float, y: float, text: str, anchor: str, role: str = "muted") -> Markup:
    fill = {"class_": f"f-{role}", "fill": COLORS[role][0]}
    return element("text", text, x=x, y=y, font_size=11, text_anchor=anchor, **fill)


def _at(fit: float) -> float:
    """Give the place of a fit on the axis."""
    return _LEFT + (_RIGHT - _LEFT) * fit / 100


def _heights(most: int) -> Iterator[Markup]:
    """Write how many accounts the highest bar stands for."""
    yield element("line", x1=_LEFT, x2=_RIGHT, y1=_TOP + 0.5, y2=_TOP + 0.5, **_stroke("guide"))
    yield _text(_LEFT - 6, _TOP + 4, _short(most), "end")
    yield _text(_LEFT - 6, _FLOOR + 4, "0", "end")


def _short(count: int) -> str:
    """Write a large number in three digits or so, to the nearest that is not above it."""
    if count < 10_000:
        return number_text(count)
    unit = 10 ** (len(str(count)) - 3)
    rounded = count // unit * unit
    return f"{rounded / 1000:,.10g}k" if rounded < 1_000_000 else number_text(rounded)


def _bars(stacks: Sequence[Stack], most: int) -> Iterator[Markup]:
    """Draw one bar on the other where a cut divides a stretch, the worse tier below."""
    count = len(stacks[0].bars)
    wide = (_RIGHT - _LEFT) / count
    for place in range(count):
        y, parts = float(_FLOOR), []
        for stack in reversed(stacks):
            if not stack.bars[place]:
                continue
            color = stack.color or GREY
            high = max((_FLOOR - _TOP) * stack.bars[place] / most, 1.0)  # one account among a million shows as well
            y -= high
            parts.append(
                element(
                    "rect",
                    x=_LEFT + wide * place + 1,
                    y=y + 0.5,
                    width=wide - 2,
                    height=max(high - 1, 0.5),
                    fill=color,
                    stroke=edge_of(color, CARDS),
                )
            )
        if parts:
            ends = f"{100 * place / count:g} – {100 * (place + 1) / count:g}"
            total = sum(stack.bars[place] for stack in stacks)
            yield element("g", element("title", f"{ends}: {total:,}"), *parts)


def _cuts(stacks: Sequence[Stack]) -> Iterator[Markup]:
    """Draw where tiers begin, with their names above and the numbers below, as far as there is room."""
    above, free = 100.0, _at(100) - 14
    yield _text(_at(100), _FLOOR + 18, "100", "middle")
    for stack in stacks:
        left, right = _at(stack.cut), _at(above)
        if stack.cut:
            yield element(
                "line", x1=left, x2=left, y1=_TOP - 14, y2=_FLOOR + 5, stroke_dasharray="3 3", **_stroke("muted")
            )
        if right - left >= 24:
            # Its own small window cuts a name that is too long.
            label = element(
                "svg", _text(4, 12, stack.name, "start", "ink"), x=left, y=_TOP - 28, width=right - left - 2, height=18
            )
            yield element("g", element("title", f"{stack.name} {stack.cut:g}"), label)
        if left <= free - 14 or not stack.cut:
            yield _text(left, _FLOOR + 18, f"{stack.cut:g}", "middle")
            free = left - 14
        above = stack.cut
