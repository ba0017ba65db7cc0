"""One score as HTML, as Markdown and in one line."""

from collections.abc import Iterator

from icpkit.charts.colors import ON_PAGES, PAGES, color_of, edge_of, readable_on
from icpkit.charts.picture import WIDTH, svg_of
from icpkit.charts.rows import STRONG, Bar, Row, gates_of, rows_of, short
from icpkit.explanation import Explanation, facts_of, notes_of, title_of, verdict_of
from icpkit.markup import Markup, data_url, element, html_table, joined, markdown, markdown_table, page, visible
from icpkit.words import ENGLISH, Words


def line_of(explanation: Explanation, words: Words = ENGLISH) -> str:
    """Say in one line how well the account fits, how certain that is, and what weighed most.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500), icp.Flag("listed")])])
    >>> line_of(icp.score(profile, {"id": "acme", "employees": 80}, key="id", as_of="2026-11-21").explanation)
    'acme: fit 100.0, Perfect (could be 50.0 to 100.0: Perfect, Strong, Moderate), 50 % known: employees +100.0'
    """
    facts = {name: short(text) for name, text in facts_of(explanation).items()}
    line = words[f"line_{facts['status']}"].format(certainty=words[f"face_{facts['bounds']}"].format(**facts), **facts)
    earned = [(one.name, one.points or 0) for one in explanation.criteria]
    earned += [(one.result.name, one.points or 0) for one in explanation.adjustments]
    earned += [(words["clipped"], explanation.clipped or 0), (words["limited"], explanation.limited or 0)]
    most = sorted((one for one in earned if one[1]), key=lambda one: -abs(one[1]))
    texts = [words["line_point"].format(name=short(name), points=f"{points / 1e6:+.1f}") for name, points in most[:3]]
    if texts:
        points = ", ".join(texts)
        points = words["line_more"].format(points=points) if len(most) > len(texts) else points
        line = words["line_points"].format(verdict=line, points=points)
    return visible(words["line"].format(key=facts["key"], verdict=line) if facts["key"] else line)


_COLUMNS = ("name", "asked", "found", "match", "weight", "points", "lost")
_NUMBERS = {3, 4, 6}


def _header_cells(words: Words) -> list[str]:
    return [words[f"column_{name}"] for name in _COLUMNS]


def html_of(explanation: Explanation, words: Words = ENGLISH, *, full: bool = False) -> str:
    """Write a score as HTML: the verdict, the picture, and the table of all criteria, folded away.

    It needs no style sheet and no script, and shows in notebooks that are not trusted as well.

    Args:
        explanation: the explanation of the score.
        words: the words to use.
        full: whether to write a whole page, with the table open; else a fragment.

    >>> html_of(icp.score(icp.standard_profile(), {"employees": 320}, as_of="2026-11-21").explanation)[:4]
    '<div'
    """
    facts = facts_of(explanation)
    title, verdict = title_of(facts, words), verdict_of(facts, words)
    color = color_of(explanation)
    colors = f"background-color:{color};color:{readable_on(color)};border:1px solid {edge_of(color, PAGES)}"
    chip = element(
        "span",
        facts["tier"] or words[f"face_{explanation.status}"],
        style=f"display:inline-block;padding:0 10px;border-radius:12px;font-weight:600;{colors}",
    )
    picture = element(
        "img",
        src=data_url(svg_of(explanation, words)),
        alt=words["face_alt"].format(title=title, verdict=verdict),
        width=WIDTH,
        style="max-width:100%;height:auto",
    )
    gates, notes = gates_of(explanation, words), notes_of(explanation, words)
    details = [html_table(_header_cells(words), _html_rows(rows_of(explanation, words)), right=_NUMBERS)]
    if gates:
        header = [words[f"column_{name}"] for name in ("gate", "asked", "found", "verdict")]
        details += [_heading(words["gates"]), html_table(header, gates)]
    if notes:
        items = (element("li", note) for note in notes)
        details += [_heading(words["notes"]), element("ul", *items, style="margin:0 0 0 20px;padding:0")]
    body = element(
        "div",
        element("div", element("b", title), style="margin:4px 0"),
        element("div", chip, " ", verdict, style="margin:4px 0"),
        element("div", picture),
        element(
            "details",
            element("summary", words["face_details"], style="cursor:pointer;margin:4px 0"),
            element("div", *details, style="overflow-x:auto"),
            open="open" if full else None,
        ),
    )
    return page(title, body, language=words["language"]) if full else body


def _heading(text: str) -> Markup:
    return element("div", element("b", text), style="margin:10px 0 2px 0")


def _html_rows(rows: list[Row]) -> Iterator[list[str]]:
    longest = max([1.0, *(sum(bar.end - bar.start for bar in row.bars) for row in rows if row.kind in _WITH_BARS)])
    for row in rows:
        cells: list[str] = [*row[1:8]]
        if row.kind in STRONG:
            cells = [element("b", cell) if cell else cell for cell in cells]
        elif row.kind == "part":
            cells[0] = element("span", row.name, style="display:inline-block;padding-left:28px")
        else:
            cells[0] = element("span", row.name, style="display:inline-block;padding-left:14px")
        if row.kind in _WITH_BARS:
            track = joined(_html_bar(bar, 100 * (bar.end - bar.start) / longest) for bar in row.bars)
            style = "width:120px;height:10px;line-height:10px;white-space:nowrap"
            cells[5] = joined((cells[5], element("div", track, style=style)))
        yield cells


_WITH_BARS = {"criterion", "adjustment", "held"}


def _html_bar(bar: Bar, wide: float) -> Markup:
    color = ON_PAGES.get(bar.kind, ON_PAGES["earned" if bar.kind in {"lost", "assumed"} else "mid"])
    stops = f"{color} 25%, transparent 25%, transparent 50%, {color} 50%, {color} 75%, transparent 75%, transparent"
    hatch = f"background-image:linear-gradient(135deg, {stops});background-size:6px 6px"
    looks = {
        "lost": f"border:1px solid {color}",
        "open": f"border:1px dashed {color};{hatch}",
        "assumed": f"border:1px solid {color};{hatch}",
    }
    box = f"display:inline-block;box-sizing:border-box;vertical-align:top;height:10px;width:{wide:.2f}%"
    return element("span", "", style=f"{box};{looks.get(bar.kind, f'background-color:{color}')}")


def markdown_of(explanation: Explanation, words: Words = ENGLISH) -> str:
    """Write a score as Markdown: the verdict, the table of all criteria, the gates and the notes.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
    >>> print(markdown_of(icp.score(profile, {"employees": 80}, as_of="2026-11-21").explanation))
    **P · as of 2026-11-21**
    <BLANKLINE>
    Fit 100.0 · Perfect, certain · 100 % of the weight is known
    <BLANKLINE>
    | criterion | asked | found | match | weight | points | lost |
    | --- | --- | --- | ---: | ---: | ---: | ---: |
    | **Size** |  |  |  | 100 % | **100.0** | 0.0 |
    | employees | 50 to 500 | 80 | 1.00 | 100 % | 100.0 | 0.0 |
    | **Fit** |  |  |  |  | **100.0** | 0.0 |
    """
    facts = facts_of(explanation)
    rows = []
    for row in rows_of(explanation, words):
        cells: list[str] = [*row[1:8]]
        if row.kind in STRONG:
            cells[0], cells[5] = _bold(cells[0]), _bold(cells[5])
        rows.append(cells)
    parts = [_bold(title_of(facts, words)), markdown(verdict_of(facts, words))]
    parts.append(markdown_table(_header_cells(words), rows, right={*_NUMBERS, 5}))
    gates, notes = gates_of(explanation, words), notes_of(explanation, words)
    if gates:
        header = [words[f"column_{name}"] for name in ("gate", "asked", "found", "verdict")]
        parts += [_bold(words["gates"]), markdown_table(header, gates)]
    if notes:
        parts += [_bold(words["notes"]), Markup("\n".join(f"- {markdown(note)}" for note in notes))]
    return "\n\n".join(parts)


def _bold(text: str) -> Markup:
    return Markup(f"**{markdown(text)}**" if text else "")
