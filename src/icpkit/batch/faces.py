"""The faces of many scores: what a notebook shows of them, and what `print` does."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from icpkit.batch.summary import STEP, Summary
from icpkit.charts.colors import GREY, ON_PAGES, PAGES, RED, edge_of, readable_on
from icpkit.charts.histogram import Stack, histogram_svg
from icpkit.charts.rows import short
from icpkit.markup import Markup, data_url, element, html_table, page, visible
from icpkit.tiers import TierScale
from icpkit.words import ENGLISH, Words, listed, percent_text

if TYPE_CHECKING:
    from icpkit.batch.scores import Scores

#: How many of the most often unknown criteria are shown.
_UNKNOWN: Final = 3
#: How wide text is, and its bars.
WIDTH, _BAR = 100, 30
_BLOCKS: Final = " ▁▂▃▄▅▆▇█"


def summary_text(scores: "Scores", words: Words = ENGLISH) -> str:
    """Tell of many scores in plain text: counts, tiers, how fits are spread, what is most often unknown, the best.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500), icp.Flag("listed")])])
    >>> rows = {"id": ["acme", "globex"], "employees": [80, 20], "listed": [True, None]}
    >>> print(summary_text(icp.score_batch(profile, rows, key="id", as_of="2026-11-21")))
    P · as of 2026-11-21
    2 accounts: 2 scored
    <BLANKLINE>
    tier         from    accounts   share     certain
    Perfect        80           1    50 %           1  ██████████████████████████████
    Strong         60           0     0 %           0
    Moderate       40           0     0 %           0
    Weak            0           1    50 %           0  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
    █ certain  ░ may change once more is known
    ...
    """
    told, scale = scores.summary, scores.profile.tiers
    lines = [cut(_title(told, words), WIDTH), _counts(told, words)]
    for note in _notes(told, words):
        lines += textwrap.wrap(visible(note), WIDTH, initial_indent="! ", subsequent_indent="  ")
    if told.rows:
        lines += ["", *_tier_lines(told, words)]
    if told.scored:
        lines += ["", _spread(told, scale, words), *_histogram_lines(told)]
    if told.unknown:
        lines += ["", words["summary_unknown"]]
        shares = [(name, percent_text(count / told.rows)) for name, count in told.unknown[:_UNKNOWN]]
        lines += [f"  {cut(name, 48):<48} {share:>7}" for name, share in shares]
    if told.top:
        lines += ["", *_top_lines(told, scale, words)]
    return "\n".join(line.rstrip() for line in lines)


def summary_html(scores: "Scores", words: Words = ENGLISH, *, full: bool = False) -> str:
    """Write the same as HTML, which needs no style sheet and no script.

    Args:
        scores: the scores.
        words: the words to use.
        full: whether to write a whole page; else a fragment.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
    >>> summary_html(icp.score_batch(profile, {"employees": [80]}, as_of="2026-11-21"))[:4]
    '<div'
    """
    told, scale = scores.summary, scores.profile.tiers
    title, notes = _title(told, words), _notes(told, words)
    parts = [element("div", element("b", title), style="margin:4px 0"), element("div", _counts(told, words))]
    if notes:
        parts.append(element("ul", *(element("li", note) for note in notes), style="margin:4px 0 4px 20px;padding:0"))
    if told.rows:
        parts += [scrolling(_tier_table(told, words)), _legend(words)]
    if told.scored:
        spread = _spread(told, scale, words)
        svg = histogram_svg(_stacks(told), title, spread)
        style = "max-width:100%;height:auto"
        picture = element("img", src=data_url(svg), alt=spread, width=760, style=style)
        parts += [heading(spread), element("div", picture)]
    if told.unknown:
        parts += [heading(words["summary_unknown"]), scrolling(_unknown_table(told, words))]
    if told.top:
        best = words["summary_best"].format(count=len(told.top))
        parts += [heading(best), scrolling(_top_table(told, scale, words))]
    body = element("div", *parts)
    return page(title, body, language=words["language"]) if full else body


def summary_svg(scores: "Scores", words: Words = ENGLISH) -> str:
    """Draw how the fits of the scored accounts are spread, with the cuts of the tiers."""
    told = scores.summary
    return histogram_svg(_stacks(told), _title(told, words), _spread(told, scores.profile.tiers, words))


# What is told


def _title(told: Summary, words: Words) -> str:
    return words["untitled"].format(profile=short(told.profile), as_of=told.when)


def _counts(told: Summary, words: Words) -> str:
    counts = {"scored": told.scored, "disqualified": told.disqualified, "insufficient data": told.insufficient}
    texts = [words[f"summary_{name}"].format(count=number(count)) for name, count in counts.items() if count]
    if not told.rows:
        return words["summary_none"]
    key = "summary_one" if told.rows == 1 else "summary_counts"
    return words[key].format(count=number(told.rows), statuses=", ".join(texts))


def number(count: int) -> str:
    """Write a count in full.

    >>> number(1_000_000)
    '1,000,000'
    """
    return f"{count:,}"


def _notes(told: Summary, words: Words) -> list[str]:
    """Say what may be wrong, the gravest first."""
    notes = [words["summary_no_fit"]] if told.rows and not told.scored and not told.disqualified else []
    if told.lacking and told.rows:
        hints = (words["summary_hint"].format(name=name, hint=hint) if hint else name for name, hint in told.lacking)
        notes.append(words["summary_lacking"].format(what=listed(hints, words, most=8)))
    for stray in told.strays:
        keys = ((repr(short(one.key)), one.hint) for one in stray.examples)
        what = ", ".join(words["summary_hint"].format(name=key, hint=hint) if hint else key for key, hint in keys)
        more = stray.keys - len(stray.examples)
        what = words["more"].format(listed=what, count=number(more)) if more else what
        notes.append(words["summary_strays"].format(name=stray.attribute, count=number(stray.rows), what=what))
    for key, counted in (("summary_invalid", told.invalid), ("summary_ignored", told.ignored)):
        if counted:
            texts = (words["summary_counted"].format(name=name, count=number(count)) for name, count in counted)
            notes.append(words[key].format(what=listed(texts, words), as_of=told.when))
    if told.inert:
        notes.append(words["note_inert"].format(what=listed(told.inert, words)))
    return notes


def _spread(told: Summary, scale: TierScale, words: Words) -> str:
    low, median, high = (scale.rounded(fit) for fit in told.quartiles or (0.0, 0.0, 0.0))
    key = "summary_fit" if told.scored == 1 else "summary_fits"
    return words[key].format(count=number(told.scored), low=low, median=median, high=high)


def _share(count: int, rows: int) -> str:
    """Write a share with two digits, or a small one as such: one account among a million is not none."""
    return percent_text(float(f"{count / rows:.2g}")) if count < rows else percent_text(1)


# Text


def cut(text: str, width: int) -> str:
    """Cut a text that is longer than there is room."""
    text = visible(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _tier_lines(told: Summary, words: Words) -> Iterator[str]:
    most = max(1, told.disqualified, told.insufficient, *(tier.count for tier in told.tiers))
    names = [visible(tier.name) for tier in told.tiers]
    others = [("disqualified", told.disqualified), ("insufficient data", told.insufficient)]
    names += [words[f"face_{status}"] for status, count in others if count]
    wide = min(max(map(len, (words["column_tier"], *names))) + 1, 30)
    header = [words[f"column_{name}"] for name in ("from", "accounts", "share", "certain")]
    yield f"{words['column_tier']:<{wide}} {header[0]:>7} {header[1]:>11} {header[2]:>7} {header[3]:>11}"
    for tier in told.tiers:
        sure = _length(tier.certain, most)
        bar = "█" * sure + "░" * (_length(tier.count, most) - sure)
        cells = f"{tier.cut:>7g} {number(tier.count):>11} {_share(tier.count, told.rows):>7}"
        yield f"{cut(tier.name, wide):<{wide}} {cells} {number(tier.certain):>11}  {bar}"
    for status, count in others:
        if count:
            cells = f"{'':>7} {number(count):>11} {_share(count, told.rows):>7} {'':>11}"
            yield f"{cut(words[f'face_{status}'], wide):<{wide}} {cells}  {'·' * _length(count, most)}"
    yield f"█ {words['summary_certain']}  ░ {words['summary_uncertain']}"


def _length(count: int, most: int) -> int:
    """Give the length of a bar; who is there at all is seen."""
    return max(round(_BAR * count / most), 1 if count else 0)


def _histogram_lines(told: Summary) -> Iterator[str]:
    """Draw a bar for each stretch of fits, and below it where the tiers begin."""
    totals = [sum(counts) for counts in zip(*(tier.bars for tier in told.tiers), strict=True)]
    most = max(totals)
    yield "  " + "".join(_BLOCKS[-(-8 * count // most)] for count in totals)
    axis = [" "] * (len(totals) + 8)
    for cut in (0.0, 100.0, *(tier.cut for tier in told.tiers)):
        place, text = round(cut / STEP), f"{cut:g}"
        if all(sign == " " for sign in axis[max(place - 1, 0) : place + len(text) + 1]):
            axis[place : place + len(text)] = text
    yield "  " + "".join(axis)


def _top_lines(told: Summary, scale: TierScale, words: Words) -> Iterator[str]:
    yield words["summary_best"].format(count=len(told.top))
    header = [words[f"column_{name}"] for name in ("key" if told.keyed else "row", "fit", "tier", "known", "bounds")]
    yield f"  {header[0]:<30} {header[1]:>6}  {header[2]:<20} {header[3]:>7}  {header[4]}"
    for one in told.top:
        worth = words["worth"].format(low=scale.rounded(one.low), high=scale.rounded(one.high))
        cells = f"{scale.rounded(one.fit):>6}  {cut(one.tier, 20):<20} {percent_text(one.coverage):>7}  {worth}"
        yield f"  {cut(str(one.key), 30):<30} {cells}"


# HTML

_TRACK = "display:inline-block;box-sizing:border-box;vertical-align:top;height:10px"
_LANE = "width:{width}px;height:10px;line-height:10px;white-space:nowrap;margin:5px 0"


def heading(text: str) -> Markup:
    """Write a heading above a table or a picture."""
    return element("div", element("b", text), style="margin:12px 0 4px 0")


def scrolling(table: Markup) -> Markup:
    """Let a table scroll where the page is too narrow for it."""
    return element("div", table, style="overflow-x:auto")


def _hatch(color: str) -> str:
    stops = f"{color} 25%, transparent 25%, transparent 50%, {color} 50%, {color} 75%, transparent 75%, transparent"
    return f"background-image:linear-gradient(135deg, {stops});background-size:6px 6px"


def _bar(percent: float, color: str, *, sure: bool = True) -> Markup:
    """Draw a bar, solid or hatched; its edge is seen on any page."""
    if not percent:
        return Markup("")
    edge = edge_of(color, PAGES)
    look = f"background-color:{color};border:1px solid {edge}" if sure else f"border:1px dashed {edge};{_hatch(color)}"
    return element("span", "", style=f"{_TRACK};width:{max(percent, 0.5):.2f}%;{look}")


def _lane(*bars: Markup, width: int = 240) -> Markup:
    return element("div", *bars, style=_LANE.format(width=width))


def _chip(name: str, color: str) -> Markup:
    colors = f"background-color:{color};color:{readable_on(color)};border:1px solid {edge_of(color, PAGES)}"
    style = f"display:inline-block;padding:0 10px;border-radius:12px;font-weight:600;{colors}"
    return element("span", short(name), style=style)


def _tier_table(told: Summary, words: Words) -> Markup:
    """Write a row for each tier, and one for each status that has none."""
    most = max(1, told.disqualified, told.insufficient, *(tier.count for tier in told.tiers))
    rows: list[Sequence[str]] = []
    for tier in told.tiers:
        color = tier.color or GREY
        sure, open_ones = (100 * count / most for count in (tier.certain, tier.count - tier.certain))
        bars = _lane(_bar(sure, color), _bar(open_ones, color, sure=False))
        cells = (f"{tier.cut:g}", number(tier.count), _share(tier.count, told.rows), number(tier.certain), bars)
        rows.append((_chip(tier.name, color), *cells))
    for status, count, color in (
        ("disqualified", told.disqualified, RED),
        ("insufficient data", told.insufficient, GREY),
    ):
        if count:
            outline = f"{_TRACK};width:{max(100 * count / most, 0.5):.2f}%;border:1px solid {edge_of(color, PAGES)}"
            cells = ("", number(count), _share(count, told.rows), "", _lane(element("span", "", style=outline)))
            rows.append((words[f"face_{status}"], *cells))
    header = [words[f"column_{name}"] for name in ("tier", "from", "accounts", "share", "certain")]
    return html_table([*header, ""], rows, right={1, 2, 3, 4})


def _legend(words: Words) -> Markup:
    box = "display:inline-block;box-sizing:border-box;height:10px;width:20px"
    color = ON_PAGES["mid"]
    looks = {
        "certain": f"background-color:{color};border:1px solid {color}",
        "uncertain": f"border:1px dashed {color};{_hatch(color)}",
    }
    parts: list[str] = []
    for name, look in looks.items():
        parts += [element("span", "", style=f"{box};{look}"), f" {words[f'summary_{name}']} "]
    return element("div", *parts, style="margin:4px 0")


def _stacks(told: Summary) -> list[Stack]:
    return [Stack(tier.name, tier.cut, tier.color, tier.bars) for tier in told.tiers]


def _unknown_table(told: Summary, words: Words) -> Markup:
    rows = [
        (
            name,
            number(count),
            _share(count, told.rows),
            _lane(_bar(100 * count / told.rows, ON_PAGES["mid"], sure=False), width=120),
        )
        for name, count in told.unknown[:_UNKNOWN]
    ]
    header = [words[f"column_{name}"] for name in ("name", "accounts", "unknown")]
    return html_table([*header, ""], rows, right={1, 2})


def _top_table(told: Summary, scale: TierScale, words: Words) -> Markup:
    """Write the best accounts, each with a bar: solid up to the fit that is certain, hatched up to what it could be."""
    colors = {tier.name: tier.color or GREY for tier in told.tiers}
    rows: list[Sequence[str]] = []
    for one in told.top:
        color = colors[one.tier]
        bars = _lane(_bar(one.low, color), _bar(one.high - one.low, color, sure=False), width=120)
        worth = words["worth"].format(low=scale.rounded(one.low), high=scale.rounded(one.high))
        cells = (scale.rounded(one.fit), short(one.tier), percent_text(one.coverage), worth, bars)
        rows.append((short(str(one.key)), *cells))
    names = ("key" if told.keyed else "row", "fit", "tier", "known", "bounds")
    return html_table([*(words[f"column_{name}"] for name in names), ""], rows, right={1, 3, 4})
