"""The faces of a change of a profile that is replayed before it is published."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from icpkit.batch.causes import Kind, Standing
from icpkit.batch.faces import WIDTH, cut, heading, number, scrolling
from icpkit.batch.move_faces import standing_text, tenths
from icpkit.batch.summary import when_of
from icpkit.charts.colors import GREY, RED
from icpkit.charts.flow import Place, Stream, flow_svg
from icpkit.charts.rows import short
from icpkit.markup import Markup, data_url, element, html_table, page, visible
from icpkit.tiers import Tier, TierScale
from icpkit.words import ENGLISH, Words, listed

if TYPE_CHECKING:
    from icpkit.analysis.capacity import TierLoad
    from icpkit.analysis.replay import Mover, Replay
    from icpkit.edits import Edit

#: The order in which movers are told.
_ORDER: Final[tuple[Kind, ...]] = ("up", "down", "status", "same")
#: How many edits a line names.
_EDITS: Final = 6
_STATUSES: Final = ("disqualified", "insufficient data")
#: How strongly a cell is shaded at most, so that its text can be read in light and dark; and the colours, by the way.
_SHADE: Final = 0.38
_SHADES: Final = {1: "59,130,196", -1: "209,82,76", 0: "125,133,144"}


def replay_text(found: "Replay", words: Words = ENGLISH, *, most: int = 10) -> str:
    """Tell what a change does: counts, tiers, migration, edits, and the weightiest movers of each kind.

    Args:
        found: the replay.
        words: the words to use.
        most: how many movers of each kind are told.
    """
    lines = [cut(_title(found, words), WIDTH), *textwrap.wrap(_counts(found, words), WIDTH)]
    lines += ["", *_columns([_tier_header(found, words), *_tier_rows(found, words)], left={0, _CAPACITY})]
    header, rows = _migration(found, words)
    lines += ["", *_columns([header, *rows], left={0})]
    if found.edits:
        lines += ["", *textwrap.wrap(_edits_title(found, words), WIDTH)]
        lines += _columns([_edit_header(words), *_edit_rows(found, words)], left={1}, widest={1: 56})
        lines += textwrap.wrap(idle, WIDTH) if (idle := _idle(found, words)) else []
        lines += textwrap.wrap(words["replay_explained"], WIDTH) if len(found) else []
    for kind, some, more in _sections(found, most):
        lines += ["", words[f"moves_list_{kind}"]]
        for one in some:
            text = visible(_mover_text(one, words, numbered=True))
            lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
        lines += [f"  {words['moves_more'].format(count=number(more))}"] if more else []
    return "\n".join(line.rstrip() for line in lines)


def replay_html(found: "Replay", words: Words = ENGLISH, *, full: bool = False, most: int = 10) -> str:
    """Write the same as HTML with a picture, which needs no style sheet and no script.

    Args:
        found: the replay.
        words: the words to use.
        full: whether to write a whole page; else a fragment.
        most: how many movers of each kind are told.
    """
    title, header = _title(found, words), _tier_header(found, words)
    columns, rows = _migration(found, words, shaded=True)
    picture = element(
        "img",
        src=data_url(replay_svg(found, words)),
        alt=_told(found, words),
        width=760,
        style="max-width:100%;height:auto",
    )
    parts = [
        element("div", element("b", title), style="margin:4px 0"),
        element("div", _counts(found, words), style="margin:4px 0"),
        scrolling(html_table(header, _tier_rows(found, words), right=range(1, _CAPACITY))),
        element("div", picture, style="margin:8px 0"),
        scrolling(html_table(columns, rows, right=range(1, len(columns)))),
    ]
    if found.edits:
        parts.append(heading(_edits_title(found, words)))
        parts.append(scrolling(html_table(_edit_header(words), _edit_rows(found, words), right={0, *range(2, 8)})))
        notes = [_idle(found, words), words["replay_explained"] if len(found) else ""]
        parts += [element("div", note, style="margin:4px 0") for note in notes if note]
    for kind, some, more in _sections(found, most):
        parts += [heading(words[f"moves_list_{kind}"]), scrolling(_mover_table(some, words))]
        parts += [element("div", words["moves_more"].format(count=number(more)))] if more else []
    body = element("div", *parts)
    return page(title, body, language=words["language"]) if full else body


def mover_text(mover: "Mover", words: Words = ENGLISH) -> str:
    """Tell in a line what becomes of one account, and by which edits."""
    return visible(_mover_text(mover, words, numbered=False))


def replay_svg(found: "Replay", words: Words = ENGLISH) -> str:
    """Draw how accounts flow from the tiers before to those after."""
    crossings = _crossings(found, words)
    rooms = [_room_text(tier, words, brief=True) for tier in found.tiers]
    notes = [""] * len(crossings.names[0]), [*rooms[: crossings.tiers[1]], "", ""]
    places = [
        [
            Place(short(crossings.names[side][at], 24), crossings.colors[side][at], number(total[at]), notes[side][at])
            for at in crossings.kept[side]
        ]
        for side, total in enumerate(crossings.totals)
    ]
    streams = [
        Stream(row, column, count, crossings.way(source, target), f"{start.name} → {end.name}: {number(count)}")
        for row, (source, start) in enumerate(zip(crossings.kept[0], places[0], strict=True))
        for column, (target, end) in enumerate(zip(crossings.kept[1], places[1], strict=True))
        if (count := crossings.counts[source][target])
    ]
    heads = _heads(found)
    if heads[0] == heads[1]:
        heads = words["column_moves_before"], words["column_moves_after"]
    return flow_svg(places[0], places[1], streams, heads, _told(found, words))


# What is told


def _heads(found: "Replay") -> tuple[str, str]:
    return short(found.names[0], 40), short(found.names[1], 40)


def _title(found: "Replay", words: Words) -> str:
    names = _heads(found)
    called = names[0] if names[0] == names[1] else words["moves_profiles"].format(before=names[0], after=names[1])
    return words["replay_title"].format(profile=called, as_of=when_of(found.after))


def _counts(found: "Replay", words: Words) -> str:
    if not len(found.after):
        return words["summary_none"]
    kinds = [words[f"moves_{kind}"].format(count=number(count)) for kind, count in found.counts.items() if count]
    key = "summary_one" if len(found.after) == 1 else "summary_counts"
    text = words[key].format(count=number(len(found.after)), statuses=", ".join(kinds))
    return text if found.edits else words["replay_same"].format(counts=text)


def _told(found: "Replay", words: Words) -> str:
    """Tell how many accounts each tier holds before and after, in a sentence."""
    texts = []
    for tier in found.tiers:
        before, after = (words["moves_absent"] if one is None else number(one) for one in (tier.before, tier.after))
        text = words["replay_tier"].format(tier=short(tier.name), before=before, after=after)
        room = _room_text(tier, words)
        texts.append(words["replay_tier_room"].format(tier=text, room=room) if room else text)
    return ", ".join(texts)


#: The place of the capacity in the table of tiers.
_CAPACITY: Final = 5


def _tier_header(found: "Replay", words: Words) -> list[str]:
    names = ["tier", "moves_before", "moves_after", "replay_certain_before", "replay_certain_after"]
    names += ["replay_capacity"] if found.capacity else []
    return [words[f"column_{name}"] for name in names]


def _tier_rows(found: "Replay", words: Words) -> list[list[str]]:
    """Write a row for each tier, and one for each status that somebody has."""
    rows = []
    for tier in found.tiers:
        counts = (tier.before, tier.after, tier.certain_before, tier.certain_after)
        cells = ["·" if count is None else number(count) for count in counts]
        rows.append([short(tier.name), *cells, *([_room_text(tier, words)] if found.capacity else [])])
    for status in _STATUSES:
        was, now = (scores.status_counts[status] for scores in (found.before, found.after))
        if was or now:
            cells = [number(was), number(now), "", "", *([""] if found.capacity else [])]
            rows.append([words[f"face_{status}"], *cells])
    return rows


def _room_text(tier: "TierLoad", words: Words, *, brief: bool = False) -> str:
    """Tell how many accounts are too many, or may still come; nothing where nobody said."""
    if tier.over is None:
        return ""
    key = "over" if tier.over > 0 else "free" if tier.over < 0 else "full"
    text = words[f"replay_{key}"].format(count=number(abs(tier.over)))
    return text if brief else words["replay_room"].format(capacity=number(tier.capacity or 0), room=text)


def _edits_title(found: "Replay", words: Words) -> str:
    return words["replay_edits" if len(found) else "replay_no_movers"].format(count=number(len(found)))


def _edit_header(words: Words) -> list[str]:
    return ["", *(words[f"column_replay_{name}"] for name in ("edit", *_EFFECTS))]


_EFFECTS: Final = ("raised", "lowered", "points", "up", "down", "status")


def _edit_rows(found: "Replay", words: Words) -> list[list[str]]:
    """Write a row for each edit that can move a score."""
    rows = []
    for one in found.effects:
        if one.edit.scores:
            counts = [one.raised, one.lowered, one.up, one.down, one.status]
            cells = [number(count) if count else "·" for count in counts]
            cells.insert(2, _points(one.millionths) if one.raised or one.lowered else "·")
            rows.append([str(one.edit.number), short(one.edit.describe(words), 160), *cells])
    return rows


def _points(millionths: int) -> str:
    return f"{round(millionths / 1e5) / 10:+,.1f}"


def _idle(found: "Replay", words: Words) -> str:
    """Name the edits that can move no score."""
    texts = [short(edit.describe(words), 80) for edit in found.edits if not edit.scores]
    return words["replay_idle"].format(edits=listed(texts, words)) if texts else ""


def _sections(found: "Replay", most: int) -> Iterator[tuple[Kind, "Replay", int]]:
    """Give the weightiest movers of each kind that is there, and how many others there are."""
    for kind in _ORDER:
        some = found[:].only(kind)
        if len(some):
            yield kind, some[:most], max(len(some) - most, 0)


def _standings(mover: "Mover", words: Words) -> tuple[str, str]:
    replay = mover.replay
    before = standing_text(mover.before, replay.before.profile.tiers, words)
    return before, standing_text(mover.after, replay.after.profile.tiers, words)


def _mover_text(mover: "Mover", words: Words, *, numbered: bool) -> str:
    before, after = _standings(mover, words)
    text = words["moves_one"].format(key=short(str(mover.key)), before=before, after=after)
    if mover.millionths is not None:
        text = words["moves_points"].format(change=text, points=tenths(mover.millionths))
    steps = _shown_steps(mover, words)
    if not steps:
        return text
    if numbered:
        told = [
            words["moves_step"].format(cause=words["replay_edit"].format(number=edit.number), points=points)
            for edit, points in steps
        ]
        return words["moves_why"].format(change=text, why=listed(told, words, most=_EDITS))
    named = [words["replay_step"].format(points=points, edit=short(edit.describe(words), 80)) for edit, points in steps]
    return words["moves_why"].format(change=text, why=words["edit_together"].join(named))


def _shown_steps(mover: "Mover", words: Words) -> list[tuple["Edit", str]]:
    """Write the edits that did something; the tenths that are shown sum to those of the whole change."""
    shown: list[tuple[Edit, str]] = []
    run = 0
    for step in mover.steps:
        found, last = step.millionths, run
        run += found or 0
        scales = step.edit.before.tiers, step.edit.after.tiers
        if found and step.before.status == step.after.status:
            shown.append((step.edit, f"{(round(run / 1e5) - round(last / 1e5)) / 10:+.1f}"))
        elif step.before != step.after:
            shown.append((step.edit, _between(step.before, step.after, scales, words)))
    return shown


def _between(before: Standing, after: Standing, scales: tuple[TierScale, TierScale], words: Words) -> str:
    texts = [standing_text(one, scale, words) for one, scale in zip((before, after), scales, strict=True)]
    return words["moves_between"].format(before=texts[0], after=texts[1])


# Layout


def _columns(rows: list[list[str]], *, left: set[int], widest: dict[int, int] | None = None) -> list[str]:
    """Put cells below each other, numbers to the right."""
    texts = [[cut(cell, (widest or {}).get(place, 40)) for place, cell in enumerate(row)] for row in rows]
    wide = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(
            cell.ljust(wide[place]) if place in left else cell.rjust(wide[place]) for place, cell in enumerate(row)
        )
        for row in texts
    ]


@attrs.frozen
class _Crossings:
    """A migration as it is shown: the places that somebody is in, and all tiers.

    Attributes:
        names: what the places before and after are called.
        colors: their colours.
        totals: how many accounts are in each.
        tiers: how many of the places are tiers.
        kept: the places that are shown.
        counts: how many go from where to where.
        same: whether both scales name their tiers alike.
    """

    names: tuple[list[str], list[str]]
    colors: tuple[list[str], list[str]]
    totals: tuple[list[int], list[int]]
    tiers: tuple[int, int]
    kept: tuple[list[int], list[int]]
    counts: tuple[tuple[int, ...], ...]
    same: bool

    def way(self, source: int, target: int) -> int:
        """Tell which way accounts go: up, down, or neither, as between tiers of two scales with other names."""
        was, now = source >= self.tiers[0], target >= self.tiers[1]
        if was or now:
            return int(was) - int(now)
        return (source > target) - (source < target) if self.same else 0


def _crossings(found: "Replay", words: Words) -> _Crossings:
    scales, counts = (found.before.profile.tiers.tiers, found.after.profile.tiers.tiers), found.migration.counts
    statuses = [words[f"face_{status}"] for status in _STATUSES]
    tiers = [[tier.name for tier in scale] for scale in scales]
    totals = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    return _Crossings(
        names=([*tiers[0], *statuses], [*tiers[1], *statuses]),
        colors=(_colors(scales[0]), _colors(scales[1])),
        totals=totals,
        tiers=(len(tiers[0]), len(tiers[1])),
        kept=(_kept(len(tiers[0]), totals[0]), _kept(len(tiers[1]), totals[1])),
        counts=counts,
        same=tiers[0] == tiers[1],
    )


def _colors(scale: Sequence[Tier]) -> list[str]:
    return [*(tier.color or GREY for tier in scale), RED, GREY]


def _kept(tiers: int, totals: Sequence[int]) -> list[int]:
    """Give the places that are shown: all tiers, and the statuses that somebody has."""
    return [place for place, count in enumerate(totals) if place < tiers or count]


def _migration(found: "Replay", words: Words, *, shaded: bool = False) -> tuple[list[str], list[list[str]]]:
    """Write the places before at the left, those after on top.

    Args:
        found: the replay.
        words: the words to use.
        shaded: whether cells are shaded: the more of a row, the darker; up, down and as before by colour.
    """
    crossings = _crossings(found, words)
    rows = []
    for source in crossings.kept[0]:
        row = [short(crossings.names[0][source])]
        for target in crossings.kept[1]:
            count = crossings.counts[source][target]
            cell = number(count) if count else "·"
            if shaded and count:
                cell = _shaded(cell, crossings.way(source, target), count / crossings.totals[0][source])
            row.append(cell)
        rows.append(row)
    corner = words["moves_profiles"].format(before=words["column_moves_before"], after=words["column_moves_after"])
    return [corner, *(short(crossings.names[1][target]) for target in crossings.kept[1])], rows


def _shaded(cell: str, way: int, share: float) -> Markup:
    strength = 0.08 + (_SHADE - 0.08) * share
    style = f"padding:0 6px;border-radius:3px;background-color:rgba({_SHADES[way]},{strength:.2f})"
    return element("div", element("b", cell) if way else cell, style=style)


def _mover_table(some: "Replay", words: Words) -> Markup:
    """Write movers with a column for each edit that did something to one of them."""
    movers = list(some)
    steps = [{edit.number: text for edit, text in _shown_steps(mover, words)} for mover in movers]
    numbers = sorted({place for shown in steps for place in shown})
    header = [words[f"column_{name}"] for name in ("key", "moves_before", "moves_after", "points")]
    header += [words["replay_edit"].format(number=place) for place in numbers]
    rows = []
    for mover, shown in zip(movers, steps, strict=True):
        points = "" if mover.millionths is None else tenths(mover.millionths)
        cells = [short(str(mover.key)), *_standings(mover, words), points, *(shown.get(place, "") for place in numbers)]
        rows.append([element("span", cell, style="white-space:nowrap") if cell else cell for cell in cells])
    return html_table(header, rows, right=range(3, len(header)))
