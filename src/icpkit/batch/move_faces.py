"""The faces of what changed between two runs."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from icpkit.batch.causes import CAUSES, STATUSES, AttributeChange, Cause, Kind, Standing, plain
from icpkit.batch.faces import WIDTH, cut, heading, number, scrolling
from icpkit.batch.summary import when_of
from icpkit.charts.rows import short
from icpkit.markup import element, html_table, page, visible
from icpkit.tiers import TierScale
from icpkit.views import is_unknown
from icpkit.words import ENGLISH, Words, listed, number_text

if TYPE_CHECKING:
    from icpkit.batch.moves import AccountChange, Changes

_ORDER: Final[tuple[Kind, ...]] = ("up", "down", "status", "entered", "left", "held", "same")
#: How many attributes a text names, and how much of a value it shows.
_ATTRIBUTES, _VALUE = 4, 30


def changes_text(changes: "Changes", words: Words = ENGLISH, *, most: int = 10) -> str:
    """Tell what changed between two runs: counts, tiers then and now, and the weightiest changes of each kind.

    Args:
        changes: the changes.
        words: the words to use.
        most: how many changes of each kind are told; only these are explained.
    """
    lines = [cut(_changes_title(changes, words), WIDTH), *textwrap.wrap(_changes_counts(changes, words), WIDTH)]
    header, rows = _migration(changes, words)
    texts = [[cut(cell, 18) for cell in row] for row in (header, *rows)]
    wide = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines += ["", *("  ".join((row[0].ljust(wide[0]), *map(str.rjust, row[1:], wide[1:]))) for row in texts)]
    for kind, listed_ones, more in _sections(changes, most):
        lines += ["", words[f"moves_list_{kind}"]]
        for one in listed_ones:
            lines += textwrap.wrap(
                visible(change_text(one, words)), WIDTH, initial_indent="  ", subsequent_indent="    "
            )
        lines += [f"  {words['moves_more'].format(count=number(more))}"] if more else []
    return "\n".join(line.rstrip() for line in lines)


def changes_html(changes: "Changes", words: Words = ENGLISH, *, full: bool = False, most: int = 10) -> str:
    """Write the same as HTML, which needs no style sheet and no script.

    Args:
        changes: the changes.
        words: the words to use.
        full: whether to write a whole page; else a fragment.
        most: how many changes of each kind are told; only these are explained.
    """
    title = _changes_title(changes, words)
    header, rows = _migration(changes, words)
    parts = [
        element("div", element("b", title), style="margin:4px 0"),
        element("div", _changes_counts(changes, words), style="margin:4px 0"),
        scrolling(html_table(header, rows, right=range(1, len(header)))),
    ]
    columns = ("key", "moves_before", "moves_after", "points")
    names = [words[f"column_{name}"] for name in columns]
    names += [*(words[f"moves_{cause}"] for cause in CAUSES), words["column_moves_data"]]
    for kind, listed_ones, more in _sections(changes, most):
        cells = [_change_cells(one, words) for one in listed_ones]
        right = {3} if kind == "status" else {3, 4, 5, 6}
        table = html_table(names[: len(cells[0])], cells, right=right)
        parts += [heading(words[f"moves_list_{kind}"]), scrolling(table)]
        parts += [element("div", words["moves_more"].format(count=number(more)))] if more else []
    body = element("div", *parts)
    return page(title, body, language=words["language"]) if full else body


def change_text(change: "AccountChange", words: Words = ENGLISH) -> str:
    """Tell in a line what became of one account, and why."""
    key, (before, after) = short(str(change.key)), _standing_texts(change, words)
    if change.kind == "left":
        return words["moves_gone"].format(key=key, before=before)
    if change.kind == "entered":
        return words["moves_new"].format(key=key, after=after)
    text = words["moves_one"].format(key=key, before=before, after=after)
    if change.millionths is not None:
        text = words["moves_points"].format(change=text, points=_tenths(change.millionths))
    shown = _shown_steps(change, words)
    told = [words["moves_step"].format(cause=words[f"moves_{cause}"], points=step) for cause, step in shown.items()]
    if change.attributes:
        attributes = listed((_attribute_text(one, words) for one in change.attributes), words, most=_ATTRIBUTES)
        told.append(words["moves_with"].format(attributes=attributes))
    return words["moves_why"].format(change=text, why=", ".join(told)) if told else text


def _changes_title(changes: "Changes", words: Words) -> str:
    names = [short(scores.profile.name) for scores in (changes.before, changes.after)]
    profile = names[0] if names[0] == names[1] else words["moves_profiles"].format(before=names[0], after=names[1])
    before, after = (when_of(scores) for scores in (changes.before, changes.after))
    return words["moves_title"].format(profile=profile, before=before, after=after)


def _changes_counts(changes: "Changes", words: Words) -> str:
    points = f"{changes.hysteresis:g}"
    kinds = [
        words[f"moves_{kind}"].format(count=number(count), hysteresis=points)
        for kind, count in changes.counts.items()
        if count
    ]
    counts = {"before": number(len(changes.before)), "after": number(len(changes.after))}
    return words["moves_counts"].format(kinds=", ".join(kinds) or words["moves_none"], **counts)


def _migration(changes: "Changes", words: Words) -> tuple[list[str], list[list[str]]]:
    """Write the tiers before at the left, those after on top; what nobody is in is left out."""
    found = changes.migration
    names = [
        [*places[:-3], *(words[f"face_{status}"] for status in STATUSES[1:]), words["moves_absent"]]
        for places in (found.before, found.after)
    ]
    tiers = [len(places) - 3 for places in names]
    columns = [
        place for place in range(len(names[1])) if place < tiers[1] or any(counts[place] for counts in found.counts)
    ]
    rows = [
        [short(names[0][place]), *(number(counts[column]) if counts[column] else "·" for column in columns)]
        for place, counts in enumerate(found.counts)
        if place < tiers[0] or any(counts)
    ]
    corner = words["moves_profiles"].format(before=words["column_moves_before"], after=words["column_moves_after"])
    return [corner, *(short(names[1][column]) for column in columns)], rows


def _sections(changes: "Changes", most: int) -> Iterator[tuple[str, "Changes", int]]:
    """Give the weightiest changes of each kind that is there, and how many others there are."""
    for kind in _ORDER:
        some = changes[:].only(kind)
        if len(some):
            yield kind, some.weightiest(most), max(len(some) - most, 0)


def _standing_text(standing: Standing | None, scale: TierScale, words: Words) -> str:
    if standing is None:
        return words["moves_absent"]
    fit = "" if standing.fit is None else scale.rounded(standing.fit)
    if standing.tier is not None:
        return words["moves_scored"].format(tier=short(standing.tier), fit=fit)
    return words["moves_no_tier" if fit else "moves_blind"].format(status=words[f"face_{standing.status}"], fit=fit)


def _standing_texts(change: "AccountChange", words: Words) -> tuple[str, str]:
    scales = change.changes.before.profile.tiers, change.changes.after.profile.tiers
    return _standing_text(change.before, scales[0], words), _standing_text(change.after, scales[1], words)


def _tenths(millionths: int) -> str:
    return f"{round(millionths / 1e5) / 10:+.1f}"


def _shown_steps(change: "AccountChange", words: Words) -> dict[Cause, str]:
    """Write the steps that did something; the tenths that are shown sum to those of the whole change."""
    shown: dict[Cause, str] = {}
    old, new = change.changes.before.profile.tiers, change.changes.after.profile.tiers
    run = 0
    for step in change.steps:
        found, last = step.millionths, run
        run += found or 0
        if found is None or step.before.status != step.after.status:
            if step.before != step.after:
                texts = (
                    _standing_text(step.before, old, words),
                    _standing_text(step.after, new if step.cause == "profile" else old, words),
                )
                shown[step.cause] = words["moves_between"].format(before=texts[0], after=texts[1])
        elif found:
            shown[step.cause] = f"{(round(run / 1e5) - round(last / 1e5)) / 10:+.1f}"
    return shown


def _attribute_text(change: AttributeChange, words: Words) -> str:
    before, after = (_value_text(one, words) for one in (change.before, change.after))
    return words["moves_attribute"].format(name=short(change.attribute), before=before, after=after)


def _value_text(value: Any, words: Words) -> str:
    if is_unknown(value):
        return words["unknown"]
    found = plain(value)
    if isinstance(found, bool):
        return words["yes" if found else "no"]
    if isinstance(found, int | float):
        return number_text(found)
    if isinstance(found, list):
        return short(listed(map(str, found), words) or words["none_listed"], _VALUE)
    return short(str(found), _VALUE)


def _change_cells(change: "AccountChange", words: Words) -> list[str]:
    before, after = _standing_texts(change, words)
    cells = [short(str(change.key)), before, after]
    if change.kind in {"entered", "left"}:
        return cells
    shown = _shown_steps(change, words)
    cells.append("" if change.millionths is None else _tenths(change.millionths))
    cells += [shown.get(cause, "") for cause in CAUSES]
    return [*cells, ", ".join(_attribute_text(one, words) for one in change.attributes)]
