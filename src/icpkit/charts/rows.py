"""The rows of the table, with the bars that they draw: what the picture, HTML and Markdown have in common."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from icpkit.explanation import (
    AdjustmentResult,
    CriterionResult,
    DimensionResult,
    Explanation,
    facts_of,
    own_found,
)
from icpkit.words import Words, percent_text

#: What a stretch of a bar stands for.
Kind: TypeAlias = Literal["group", "earned", "assumed", "lost", "open", "sure", "taken", "total"]


class Bar(NamedTuple):
    """A stretch of a bar, in points on the axis of the running sum; it starts where it is least."""

    kind: Kind
    start: float
    end: float


class Row(NamedTuple):
    """One row: what every face shows of it, and the running sum after it."""

    kind: Literal["dimension", "criterion", "part", "section", "adjustment", "held", "total"]
    name: str
    asked: str = ""
    found: str = ""
    match: str = ""
    weight: str = ""
    points: str = ""
    lost: str = ""
    figure: str = ""
    bars: tuple[Bar, ...] = ()
    after: float = 0.0


#: Rows that stand out.
STRONG = {"dimension", "section", "total"}


def _one(points: float) -> str:
    return f"{points:.1f}"


def _worth(low: float, high: float, words: Words) -> str:
    return words["worth"].format(low=_one(low), high=_one(high))


def short(text: str, most: int = 60) -> str:
    """Cut a text that is very long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def rows_of(explanation: Explanation, words: Words) -> list[Row]:
    """Give the rows of the table, each with what it adds to the running sum."""
    blind, run = explanation.fit is None, 0.0
    rows: list[Row] = []
    for dimension in explanation.dimensions:
        rows.append(_dimension_row(dimension, run, words))
        for result in dimension.criteria:
            rows += [_criterion_row(result, run, words), *_part_rows(result, words)]
            run += result.worth[0] if blind else (result.points or 0) / 1e6
    if explanation.adjustments:
        rows.append(Row("section", words["adjustments"]))
    for adjustment in explanation.adjustments:
        row = _adjustment_row(adjustment, run, words)
        run = row.after
        rows += [row, *_part_rows(adjustment.result, words)]
    for key, points in (("clipped", explanation.clipped), ("limited", explanation.limited)):
        if points:
            text, start = f"{points / 1e6:+.1f}", run
            run += points / 1e6
            rows.append(Row("held", words[key], points=text, figure=text, bars=(_moved(start, run),), after=run))
    return [*rows, _total_row(explanation, words)]


def _inside(start: float, end: float) -> Bar:
    """Give what is open, moved back from beyond 100: it counts on the whole weight, what is known on less of it."""
    beyond = max(end - 100, 0.0)
    return Bar("open", max(start - beyond, 0.0), end - beyond)


def _moved(start: float, end: float, kind: Kind = "earned") -> Bar:
    """Give what adds to the running sum, or takes from it."""
    return Bar(kind if end >= start else "taken", min(start, end), max(start, end))


def stretches(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Leave out what is too short to be drawn."""
    return tuple(bar for bar in bars if bar.end > bar.start)


def _dimension_row(dimension: DimensionResult, run: float, words: Words) -> Row:
    most = dimension.most / 1e6
    waiting = [one for one in dimension.criteria if dimension.points is None or (not one.settled and one.match is None)]
    low, high = (sum(one.worth[end] for one in waiting) for end in (0, 1))
    row = Row("dimension", dimension.name, weight=percent_text(dimension.share), after=run)
    if dimension.points is None:
        bars = (Bar("sure", run, run + low), _inside(run + low, run + high))
        return row._replace(bars=stretches(bars), figure=_worth(low, high, words) if low < high else "")
    earned = dimension.points / 1e6
    bars = (Bar("group", run, run + earned), Bar("lost", run + earned, run + most))
    figure = words["face_of"].format(points=_one(earned), most=_one(most))
    if waiting and not most:
        figure = _worth(low, high, words)
    return row._replace(
        points=_one(earned),
        lost=_one(most - earned),
        figure=figure,
        bars=stretches((*bars, _inside(run + most + low, run + most + high))),
        after=run + earned,
    )


def _criterion_row(result: CriterionResult, run: float, words: Words) -> Row:
    low, high = result.worth
    open_text = _worth(low, high, words)
    row = Row("criterion", result.name, result.criterion.question(words), own_found(result, words), after=run)
    row = row._replace(weight=percent_text(result.share), match=_match(result))
    if not result.share:
        return row._replace(figure=words["face_inert"])
    if result.points is None:  # no fit: what it brings on full weight, whatever it turns out to be
        bars = (Bar("sure", run, run + low), _inside(run + low, run + high))
        figure = words["face_match"].format(match=row.match) if result.settled else open_text
        points = "" if result.settled or result.match is not None else open_text
        return row._replace(points=points, figure=figure, bars=stretches(bars), after=run + low)
    if result.match is None:
        return row._replace(points=open_text, figure=open_text, bars=stretches([_inside(run + low, run + high)]))
    earned, most = result.points / 1e6, result.most / 1e6
    figure = words["face_of"].format(points=_one(earned), most=_one(most))
    bars = (
        Bar("earned" if result.settled else "assumed", run, run + earned),
        Bar("lost", run + earned, run + most),
    )
    return row._replace(
        points=_one(earned),
        lost=_one(most - earned),
        figure=figure if result.settled else f"~{figure}",
        bars=stretches(bars),
        after=run + earned,
    )


def _match(result: CriterionResult) -> str:
    if not result.share:
        return ""
    if result.match is None:
        return "?"
    return f"{result.match:.2f}" if result.settled else f"~{result.match:.2f}"


def _part_rows(result: CriterionResult, words: Words) -> Iterator[Row]:
    for part in result.parts if len(result.parts) > 1 else ():
        match = f"{part.low:.2f}" if part.settled else "?"
        yield Row("part", part.name, part.criterion.question(words), own_found(part, words), match)
        yield from _part_rows(part, words)


def _adjustment_row(adjustment: AdjustmentResult, run: float, words: Words) -> Row:
    result, (low, high) = adjustment.result, adjustment.worth
    question = result.criterion.question(words)
    asked = words["points_if"].format(points=f"{adjustment.adjustment.points:+g}", question=question)
    row = Row("adjustment", result.name, asked, own_found(result, words))
    # What is sure is its end nearest to 0; without a fit the running sum is that of the lower bound.
    sure, far = sorted((low, high), key=abs)
    counted, after = (sure, low) if adjustment.points is None else (adjustment.points / 1e6, adjustment.points / 1e6)
    moved = _moved(run, run + counted, "sure" if adjustment.points is None else "earned")
    bars = stretches((moved, Bar("open", run + min(counted, far), run + max(counted, far))))
    if not result.settled:
        text = _worth(low, high, words)
        return row._replace(points=text, figure=text, bars=bars, after=run + after)
    points = "" if adjustment.points is None else _one(counted)
    figure = f"{counted:+.1f}" if counted else _one(0)
    return row._replace(points=points, figure=figure, bars=(moved,) if counted else (), after=run + after)


def _total_row(explanation: Explanation, words: Words) -> Row:
    facts = facts_of(explanation)
    bounds = Bar("open", explanation.low, explanation.high)
    if explanation.fit is None:
        text = words["worth"].format(**facts)
        return Row("total", words["total"], points=text, figure=text, bars=stretches([bounds]))
    lost = sum(dimension.most - (dimension.points or 0) for dimension in explanation.dimensions)
    bars = stretches((Bar("total", 0, explanation.fit), bounds))
    fit = facts["fit"]
    return Row("total", words["total"], points=fit, lost=_one(lost / 1e6), figure=fit, bars=bars, after=explanation.fit)


def gates_of(explanation: Explanation, words: Words) -> list[tuple[str, str, str, str]]:
    """Give the gates: name, asked, found, verdict; the parts of each below it."""
    rows = []
    for gate in explanation.gates:
        asked, found = gate.gate.criterion.question(words), own_found(gate.result, words)
        rows.append((gate.result.name, asked, found, words[f"gate_{gate.verdict}"]))
        rows += [(part.name, part.asked, part.found, part.match) for part in _part_rows(gate.result, words)]
    return rows
