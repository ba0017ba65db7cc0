"""The faces of what changed between two runs."""

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from icpkit.batch.causes import CAUSES, STATUSES, AttributeChange, Cause, Kind, Standing, plain
from icpkit.batch.faces import WIDTH, cut, heading, number, scrolling
from icpkit.batch.summary import when_of
from icpkit.charts.rows import short
from icpkit.markup import Markup, element, html_table, joined, page, visible
from icpkit.tiers import TierScale
from icpkit.views import is_unknown
from icpkit.words import ENGLISH, Words, listed, number_text

if TYPE_CHECKING:
    from icpkit.batch.moves import AccountChange, Changes

_ORDER: Final[tuple[Kind, ...]] = ("up", "down", "status", "entered", "left", "held", "same")
#: How many attributes a line names, and a cell of a table, and how much of a value they show.
_ATTRIBUTES, _CELL, _VALUE = 4, 6, 30
#: From here on the fraction of a number says nothing to people.
_LARGE: Final = 1_000
#: What every table of changes tells.
_ALWAYS: Final = frozenset(("key",))


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
        scrolling(html_table(header, _bold_moves(header, rows), right=range(1, len(header)))),
    ]
    for kind, listed_ones, more in _sections(changes, most):
        table = _changes_table(kind, [_change_cells(one, words) for one in listed_ones], words)
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
        text = words["moves_points"].format(change=text, points=tenths(change.millionths))
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


def standing_text(standing: Standing | None, scale: TierScale, words: Words) -> str:
    """Write how an account stands: its tier or status, and its fit as the scale shows it."""
    if standing is None:
        return words["moves_absent"]
    fit = "" if standing.fit is None else scale.rounded(standing.fit)
    if standing.tier is not None:
        return words["moves_scored"].format(tier=short(standing.tier), fit=fit)
    return words["moves_no_tier" if fit else "moves_blind"].format(status=words[f"face_{standing.status}"], fit=fit)


def _standing_texts(change: "AccountChange", words: Words) -> tuple[str, str]:
    scales = change.changes.before.profile.tiers, change.changes.after.profile.tiers
    return standing_text(change.before, scales[0], words), standing_text(change.after, scales[1], words)


def tenths(millionths: int) -> str:
    """Write points with their sign.

    >>> tenths(-4_260_000)
    '-4.3'
    """
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
                    standing_text(step.before, old, words),
                    standing_text(step.after, new if step.cause == "profile" else old, words),
                )
                shown[step.cause] = words["moves_between"].format(before=texts[0], after=texts[1])
        elif found:
            shown[step.cause] = f"{(round(run / 1e5) - round(last / 1e5)) / 10:+.1f}"
    return shown


def _changes_table(kind: str, rows: list[dict[str, str]], words: Words) -> Markup:
    """Write changes of one kind, without the columns that say nothing."""
    columns = [column for column in rows[0] if column in _ALWAYS or any(row[column] for row in rows)]
    numbers = {"points"} if kind == "status" else {"points", *CAUSES}
    right = {place for place, column in enumerate(columns) if column in numbers}
    header = [words[f"moves_{one}" if one in CAUSES else f"column_{one}"] for one in columns]
    return html_table(header, [[row[column] for column in columns] for row in rows], right=right)


def _bold_moves(header: list[str], rows: list[list[str]]) -> Iterator[list[str]]:
    """Make bold what is not where it was."""
    for name, *counts in rows:
        pairs = zip(header[1:], counts, strict=True)
        yield [name, *(count if count == "·" or name == other else element("b", count) for other, count in pairs)]


def _attribute_text(change: AttributeChange, words: Words) -> str:
    name = short(change.attribute)
    moved = _labels_moved(change, words)
    if moved:
        return words["moves_labels"].format(name=name, labels=moved)
    before, after = (_value_text(one, words) for one in (change.before, change.after))
    key = "moves_attribute" if before != after else "moves_others"
    return words[key].format(name=name, before=before, after=after)


def _labels_moved(change: AttributeChange, words: Words) -> str:
    """Tell what came to a list of texts, and what went, where there is one on both sides; else nothing."""
    before, after = plain(change.before), plain(change.after)
    if not (_texts(before) and _texts(after)):
        return ""
    came, went = ([one for one in some if one not in others] for some, others in ((after, before), (before, after)))
    texts = [words["moves_added"].format(label=short(one, _VALUE)) for one in dict.fromkeys(came)]
    texts += [words["moves_removed"].format(label=short(one, _VALUE)) for one in dict.fromkeys(went)]
    return listed(texts, words)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _value_text(value: Any, words: Words) -> str:
    if is_unknown(value):
        return words["unknown"]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00+00:00").removesuffix(" 00:00")
    found = plain(value)
    if isinstance(found, bool):
        return words["yes" if found else "no"]
    if isinstance(found, int | float):
        whole = isinstance(found, int) or abs(found) >= _LARGE
        return number_text(round(found) if whole else float(f"{found:.6g}"))
    return short(_list_text(found, words) if isinstance(found, list) else str(found), _VALUE)


def _list_text(found: list[Any], words: Words) -> str:
    if found and not _texts(found):
        return words["item" if len(found) == 1 else "items"].format(count=number(len(found)))
    return listed(found, words) or words["none_listed"]


def _change_cells(change: "AccountChange", words: Words) -> dict[str, str]:
    """Write the cells of one change, by column; empty ones for who was or is not there."""
    before, after = _standing_texts(change, words)
    shown = _shown_steps(change, words)
    attributes = [_unbroken(_attribute_text(one, words)) for one in change.attributes[:_CELL]]
    more = len(change.attributes) - len(attributes)
    attributes += [_unbroken(words["moves_more"].format(count=more))] if more else []
    return {
        "key": _unbroken(short(str(change.key))),
        "moves_before": _unbroken(before if change.before else ""),
        "moves_after": _unbroken(after if change.after else ""),
        "points": "" if change.millionths is None else tenths(change.millionths),
        **{cause: shown.get(cause, "") for cause in CAUSES},
        "moves_data": joined(
            part for place, one in enumerate(attributes) for part in ((", ", one) if place else (one,))
        ),
    }


def _unbroken(text: str) -> str:
    """Keep a text on one line; tables are wide rather than tall, and scroll."""
    return element("span", text, style="white-space:nowrap") if text else ""
