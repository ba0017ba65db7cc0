"""The picture of one score, as SVG."""

import itertools
import math
import unicodedata
from binascii import crc32
from typing import Literal, NamedTuple

from icpkit.charts.colors import CARDS, COLORS, GREY, color_of, edge_of, readable_on
from icpkit.charts.rows import STRONG, Bar, Kind, Row, rows_of, short, stretches
from icpkit.explanation import Explanation, base_of, facts_of, title_of, verdict_of
from icpkit.markup import Markup, element, joined, visible
from icpkit.words import ENGLISH, Words

WIDTH, _MARGIN = 760, 24
_RIGHT = WIDTH - _MARGIN
_LEFT, _AXIS = 236, 384  # where the axis begins, and how long it is
_ROOM = _RIGHT - _LEFT - _AXIS - 8  # for figures
_ROW = 22
#: How much wider bold letters are.
_BOLD = 1.1
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


def _fill(role: str) -> dict[str, str]:
    return {"class_": f"f-{role}", "fill": COLORS[role][0]}


def _stroke(role: str) -> dict[str, str]:
    return {"class_": f"s-{role}", "fill": "none", "stroke": COLORS[role][0]}


def _em(char: str) -> float:
    """Estimate how wide a letter is, in ems of a wide sans-serif typeface."""
    if unicodedata.combining(char):
        return 0.0
    if char in "ijl.,:;'|!()[] Itf/·":
        return 0.38
    if char in "mwMW@%—…":
        return 0.95
    if char.isascii():
        return 0.7 if char.isupper() else 0.64 if char.isdigit() else 0.61
    return 0.7 if char < "\u0500" else 1.05


def _width(text: str, size: float) -> float:
    return size * math.fsum(map(_em, visible(text)))  # `sum` gives other bits from Python 3.12 on


def _cut(text: str, width: float, size: float) -> str:
    """Cut a text to an estimated width, with an ellipsis."""
    text = visible(text)
    ends = list(itertools.accumulate((size * _em(char) for char in text), initial=0.0))
    if ends[-1] <= width:
        return text
    kept = sum(end + size <= width for end in ends) - 1
    return text[: max(kept, 0)].rstrip() + "…"


def _text(
    x: float, y: float, text: str, width: float, role: str = "ink", *, size: float = 12.5, bold: bool = False
) -> Markup:
    """Write a text from a place on."""
    return _placed("start", (x, y), text, width, _fill(role), size=size, bold=bold)


def _placed(
    anchor: Literal["start", "middle", "end"],
    at: tuple[float, float],
    text: str,
    width: float,
    paint: dict[str, str],
    *,
    size: float = 12.5,
    bold: bool = False,
) -> Markup:
    """Write a text, cut to a width, that begins, ends or has its middle at a place; what was cut is in its title."""
    shown = _cut(text, width / (_BOLD if bold else 1), size)
    title = [element("title", text)] if shown != visible(text) else []
    attributes: dict[str, str | float | None] = {"x": at[0], "y": at[1], "font_size": size, **paint}
    attributes["font_weight"] = "600" if bold else None
    attributes["text_anchor"] = None if anchor == "start" else anchor
    return element("text", *title, shown, **attributes)


class _Axis(NamedTuple):
    """The axis of points, which all bars and the strip of tiers share."""

    low: float
    high: float

    def at(self, points: float) -> float:
        """Give the place of a number of points."""
        return _LEFT + _AXIS * (points - self.low) / (self.high - self.low)


def svg_of(explanation: Explanation, words: Words = ENGLISH) -> str:
    """Draw a score: fit, tier and bounds on a strip of tiers, and below it what each criterion earned, lost or may add.

    The picture stands alone, is the same for the same score, and follows the viewer's light or dark scheme.

    >>> svg_of(icp.score(icp.standard_profile(), {"employees": 320}, as_of="2026-11-21").explanation)[:4]
    '<svg'
    """
    facts, rows = facts_of(explanation), rows_of(explanation, words)
    title, verdict = title_of(facts, words), verdict_of(facts, words)
    name = f"icp-{crc32(repr((title, verdict, rows, explanation.profile.tiers)).encode(errors='backslashreplace')):08x}"
    bars = [bar for row in rows for bar in row.bars]
    axis = _Axis(min([0.0, *(bar.start for bar in bars)]), max([100.0, *(bar.end for bar in bars)]))
    drawn = [row for row in rows if row.kind != "part"]
    body, bottom = _waterfall(explanation, drawn, axis, name)
    gates, below = _gate_rows(explanation, bottom, name, words)
    legend, height = _legend(explanation, bars, below, name, words)
    rect = element("rect", x=0.5, y=0.5, width=WIDTH - 1, height=height - 1, rx=10, stroke="#d0d7de", **_card())
    guides = joined(
        element("line", x1=axis.at(cut), x2=axis.at(cut), y1=150, y2=bottom - 8, **_stroke("guide"))
        for cut in sorted({0.0, 100.0, *(tier.cut for tier in explanation.profile.tiers.tiers)})
    )
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", verdict, id=f"{name}-d"),
        element("style", Markup(_dark(name))),
        _definitions(name, height),
        rect,
        *(_header(explanation, facts, words), guides, _strip(explanation, axis, name, words)),
        *(body, gates, legend),
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        viewBox=f"0 0 {WIDTH} {height:g}",
        width=WIDTH,
        height=height,
        font_family=_FONT,
    )


def _card() -> dict[str, str]:
    return {"class_": "f-card s-rim", "fill": CARDS[0]}


def _dark(name: str) -> str:
    rules = (
        f"#{name} .f-{role}{{fill:{dark}}}#{name} .s-{role}{{stroke:{dark}}}" for role, (_, dark) in COLORS.items()
    )
    digits = f"#{name} text{{font-variant-numeric:tabular-nums}}"
    return f"{digits}@media(prefers-color-scheme:dark){{{''.join(rules)}}}"


def _definitions(name: str, height: float) -> Markup:
    patterns = (
        element(
            "pattern",
            element("line", x1=0, x2=0, y1=0, y2=6, stroke_width=3, **_stroke(role)),
            id=f"{name}-{role}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        for role in ("mid", "earned")
    )
    clips = (
        element("clipPath", element("rect", x=x, y=0, width=width, height=height), id=f"{name}-{column}")
        for column, x, width in (("names", 0, _LEFT - 8), ("facts", _LEFT, _AXIS))
    )
    return element("defs", *patterns, *clips)


def _header(explanation: Explanation, facts: dict[str, str], words: Words) -> Markup:
    """Write the title, the fit in large figures, the tier and how certain it is."""
    blind, color = explanation.fit is None, color_of(explanation)
    big, size = (words["face_no_fit"], 26) if blind else (facts["fit"], 42)
    role = "ink" if explanation.status == "scored" else "muted"
    x = _MARGIN + _BOLD * _width(big, size) + 12
    label = facts["tier"] or words[f"face_{explanation.status}"]
    chip = min(_BOLD * _width(label, 13) + 24, 190.0)
    side = x + chip + 16
    known = "face_needed" if explanation.status == "insufficient data" else "face_known"
    bounds = facts["bounds"] if explanation.status == "scored" else "possible"
    lines = [words[f"face_{bounds}"].format(**facts), words[known].format(**facts)]
    if explanation.status == "scored":
        lines[1] = f"{words['face_scored']} · {lines[1]}"
    if explanation.status == "disqualified":
        open_ones = lines if explanation.low < explanation.high else lines[1:]
        lines = [words["face_failed" if blind else "face_information"].format(**facts), " · ".join(open_ones)]
    room = _RIGHT - side
    title = title_of(facts | {part: short(facts[part], 30) for part in ("key", "profile")}, words)
    return joined(
        (
            _text(_MARGIN, 34, title, _RIGHT - _MARGIN, "muted", size=13, bold=True),
            _text(_MARGIN, 82, big, 200, role, size=size, bold=True),
            element("rect", x=x, y=54, width=chip, height=26, rx=13, fill=color, stroke=edge_of(color, CARDS)),
            _placed("middle", (x + chip / 2, 71.5), label, 170, {"fill": readable_on(color)}, size=13, bold=True),
            _text(side, 63, lines[0], room, bold=True),
            _text(side, 81, lines[1], room, "muted"),
        )
    )


def _strip(explanation: Explanation, axis: _Axis, name: str, words: Words) -> Markup:
    """Draw the tiers from 0 to 100, and below them what the fit is and what it could be."""
    tiers = explanation.profile.tiers.tiers
    parts = [_text(_MARGIN, 129, words["face_tiers"], _LEFT - _MARGIN - 8, "muted", size=11)]
    if explanation.low < explanation.high:
        parts.append(_text(_MARGIN, 146, words["face_bounds"], _LEFT - _MARGIN - 8, "muted", size=11))
    free = axis.at(axis.low) - 30
    for tier, above in reversed([*zip(tiers, (100.0, *(tier.cut for tier in tiers)), strict=False)]):
        left, right = axis.at(tier.cut), axis.at(above)
        color, wide = tier.color or GREY, max(right - left - 2, 0.5)
        bar = element("rect", x=left + 1, y=121, width=wide, height=9, fill=color, stroke=edge_of(color, CARDS))
        parts.append(element("g", element("title", f"{tier.name} {tier.cut:g}"), bar))
        if _width(tier.name, 11) <= wide or wide > 40:
            parts.append(_placed("middle", ((left + right) / 2, 115), tier.name, wide, _fill("muted"), size=11))
        if left >= free + 24 and axis.at(100) - left >= 30:
            parts.append(_placed("middle", (left, 169), f"{tier.cut:g}", 60, _fill("muted"), size=11))
            free = left
    parts.append(_placed("middle", (axis.at(100), 169), "100", 60, _fill("muted"), size=11))
    parts += [_bar(bar, axis, (136, 12), name) for bar in stretches([Bar("open", explanation.low, explanation.high)])]
    if explanation.fit is not None:
        x = axis.at(explanation.fit)
        parts.append(element("path", d=f"M{x - 5:.2f} 157h10l-5 -7z", **_fill("ink")))
        parts.append(element("rect", x=x - 1, y=118, width=2, height=34, **_fill("ink")))
    return element("g", *parts)


def _bar(bar: Bar, axis: _Axis, lane: tuple[float, float], name: str, color: str = GREY) -> Markup:
    """Draw a stretch: solid, outlined where it is lost, hatched where it is not known."""
    x, (y, height) = axis.at(bar.start), lane
    wide = max(axis.at(bar.end) - x, 1.0)
    box = {"x": x, "y": y, "width": wide, "height": height}
    inner = {"x": x + 0.5, "y": y + 0.5, "width": max(wide - 1, 0.5), "height": height - 1}
    match bar.kind:
        case "open" | "assumed":
            role = "mid" if bar.kind == "open" else "earned"
            hatch = element("rect", **box, fill=f"url(#{name}-{role})")
            return joined((hatch, element("rect", **inner, **_stroke(role))))
        case "lost":
            return joined((element("rect", **box, **_fill("lost")), element("rect", **inner, **_stroke("earned"))))
        case "sure":
            return element("rect", **box, **_fill("mid"))
        case "total":
            return element("rect", **inner, fill=color, stroke=edge_of(color, CARDS))
        case _:
            return element("rect", **box, **_fill(bar.kind))


def _waterfall(explanation: Explanation, rows: list[Row], axis: _Axis, name: str) -> tuple[Markup, float]:
    """Draw one row after the other; each bar begins where the one before it ended."""
    y, parts = 178.0, []
    above: tuple[float, float] | None = None  # where the bar above ends
    color = color_of(explanation)
    for row in rows:
        strong = row.kind in STRONG
        y += 30 if strong else _ROW
        indent = 0 if strong else 14
        if row.kind == "total":
            y += 6
            parts.append(element("line", x1=_MARGIN, x2=_RIGHT, y1=y - 24, y2=y - 24, **_stroke("rim")))
        if above and row.bars and not strong:
            parts.append(element("line", x1=above[0], x2=above[0], y1=above[1], y2=y - 11, **_stroke("mid")))
        if row.bars and not strong:
            above = axis.at(row.after), y + 3
        label = _text(_MARGIN + indent, y, row.name, _LEFT - _MARGIN - indent - 12, bold=strong)
        counts = strong or not {bar.kind for bar in row.bars}.isdisjoint({"earned", "assumed", "lost", "taken"})
        role = "ink" if counts else "muted"
        figure = _placed("end", (_RIGHT, y), row.figure, _ROOM, _fill(role), bold=strong)
        tip = element("title", " · ".join(filter(None, (row.name, row.asked, row.found, row.figure))))
        label = element("g", label, clip_path=f"url(#{name}-names)")
        bars = joined(_bar(bar, axis, _lane(row, bar, y), name, color) for bar in row.bars)
        parts.append(element("g", tip, label, bars, figure))
    return joined(parts), y + 18


def _lane(row: Row, bar: Bar, y: float) -> tuple[float, float]:
    """Say where a bar begins, and how high it is: thin for a dimension, the bounds of the fit below it."""
    if row.kind == "dimension":
        return y - 7, 6
    if len(row.bars) > 1 and row.kind == "total":
        return (y - 13, 11) if bar.kind == "total" else (y, 7)
    return y - 11, 14


def _gate_rows(explanation: Explanation, y: float, name: str, words: Words) -> tuple[Markup, float]:
    """Write the gates, with what was found and what that means."""
    if not explanation.gates:
        return Markup(""), y
    y += 14
    parts = [_text(_MARGIN, y, words["gates"], _LEFT - _MARGIN - 10, bold=True)]
    for gate in explanation.gates:
        y += _ROW
        failed = gate.verdict == "failed"
        label = _text(_MARGIN + 14, y, gate.result.name, _LEFT - _MARGIN - 24, bold=failed)
        found = _text(_LEFT, y, gate.result.found(words), _AXIS, "muted")
        verdict = words[f"gate_{gate.verdict}"]
        parts.append(element("g", label, clip_path=f"url(#{name}-names)"))
        parts.append(element("g", found, clip_path=f"url(#{name}-facts)"))
        parts.append(_placed("end", (_RIGHT, y), verdict, _ROOM, _fill("taken" if failed else "muted"), bold=failed))
    return joined(parts), y + 18


def _legend(explanation: Explanation, bars: list[Bar], y: float, name: str, words: Words) -> tuple[Markup, float]:
    """Say what the fillings mean, and on what the points count."""
    seen = {bar.kind for bar in bars}
    kinds: tuple[Kind, ...] = ("earned", "sure", "assumed", "lost", "open", "taken")
    x, y, parts = float(_MARGIN), y + 12, []
    for kind in kinds:
        if kind in seen:
            text = words[f"face_{kind}"]
            wide = 26 + _width(text, 11)
            if x > _MARGIN and x + wide > _RIGHT:
                x, y = float(_MARGIN), y + 18
            box = _bar(Bar(kind, 0, 20), _Axis(0, _AXIS), (y - 9, 10), name)
            parts.append(element("g", box, transform=f"translate({x - _LEFT:.2f})"))
            parts.append(_text(x + 26, y, text, _RIGHT - x - 26, "muted", size=11))
            x += wide + 18
    base = base_of(explanation)
    if base:
        y += 18
        parts.append(_text(_MARGIN, y, words["note_base"].format(what=base), _RIGHT - _MARGIN, "muted", size=11))
    return joined(parts), y + 18
