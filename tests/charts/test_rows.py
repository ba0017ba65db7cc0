from typing import Any

import pytest
from hypothesis import given

import icpkit as icp
from icpkit.charts.rows import Bar, gates_of, rows_of, short
from icpkit.explanation import Explanation, facts_of, notes_of, title_of, verdict_of
from icpkit.markup import visible
from icpkit.words import ENGLISH
from tests.charts.faces import DAY, explain, explanations, hostile_explanations, law, part

#: Where the numbers begin in the table of text.
NUMBERS = 87


def squeezed(text: str) -> str:
    """Give a text without the blanks at which lines are wrapped."""
    return "".join(visible(text).split())


@law
@given(explanations() | hostile_explanations())
def test_sentences_are_those_of_the_text_table(explanation: Explanation) -> None:
    """Title, verdict and notes are word for word those of the table for terminals."""
    text = explanation.to_text()
    facts = facts_of(explanation)
    title = visible(title_of(facts, ENGLISH))
    assert text.startswith(title if len(title) <= 120 else title[:119])
    whole = "".join(text.split())
    for sentence in (verdict_of(facts, ENGLISH), *notes_of(explanation, ENGLISH)):
        assert squeezed(sentence) in whole


@law
@given(explanations())
def test_numbers_are_those_of_the_text_table(explanation: Explanation) -> None:
    """Match, weight, points and lost points are, row by row, those of the table for terminals."""
    lines = explanation.to_text().split("\n")
    table = lines[lines.index("") + 2 :]
    table = table[: table.index("")] if "" in table else table
    rows = [row for row in rows_of(explanation, ENGLISH) if row.kind != "total" or explanation.fit is not None]
    numbers = [f"{row.match} {row.weight} {row.points} {row.lost}".split() for row in rows]
    assert numbers == [line[NUMBERS:].split() for line in table]


@law
@given(explanations())
def test_gates_are_those_of_the_explanation(explanation: Explanation) -> None:
    """Each gate has a row with its name and what it says, and its parts have rows below it."""
    rows = gates_of(explanation, ENGLISH)
    verdicts = [(gate.result.name, ENGLISH[f"gate_{gate.verdict}"]) for gate in explanation.gates]
    found = iter((name, verdict) for name, _, _, verdict in rows)
    assert all(verdict in found for verdict in verdicts)
    assert len(rows) >= len(verdicts)


@law
@given(explanations())
def test_bars_follow_one_another_up_to_the_fit(explanation: Explanation) -> None:
    """What is earned, assumed and taken away leads from 0 to the fit, each bar from where the one before it ended."""
    run = 0.0
    for row in rows_of(explanation, ENGLISH):
        for bar in row.bars if row.kind in {"criterion", "adjustment", "held"} else ():
            if bar.kind in {"earned", "assumed"}:
                assert bar.start == pytest.approx(run, abs=1e-5)
                run = bar.end
            if bar.kind == "taken" and explanation.fit is not None:
                assert bar.end == pytest.approx(run, abs=1e-5)
                run = bar.start
    assert run == pytest.approx(explanation.fit or 0.0, abs=1e-5)


@law
@given(explanations())
def test_without_a_fit_the_sum_is_the_lower_bound(explanation: Explanation) -> None:
    """Where there is no fit, nothing is earned, and what is sure adds up to the lowest fit that there could be."""
    rows = rows_of(explanation, ENGLISH)
    if explanation.fit is None:
        assert {bar.kind for row in rows for bar in row.bars} <= {"sure", "open", "taken"}
        last = [row for row in rows if row.kind in {"criterion", "adjustment"}][-1]
        assert min(max(last.after, 0.0), 100.0) == pytest.approx(explanation.low, abs=1e-4)
    else:
        assert rows[-1].after == explanation.fit
        assert ("total" in {bar.kind for bar in rows[-1].bars}) == (explanation.fit > 0)


@law
@given(explanations())
def test_bars_lie_where_they_can(explanation: Explanation) -> None:
    """Each bar has a length, and those of dimensions and criteria lie between 0 and 100."""
    for row in rows_of(explanation, ENGLISH):
        for bar in row.bars:
            assert bar.start < bar.end
            if row.kind in {"dimension", "criterion", "total"}:
                assert bar.start >= -1e-9
                assert bar.end <= 100 + 1e-5


@law
@given(explanations())
def test_dimensions_have_the_bars_of_their_criteria(explanation: Explanation) -> None:
    """A dimension's bar is as long as those of its criteria together, part by part."""
    length: dict[str, float] = {}
    own: dict[str, float] = {}
    for row in rows_of(explanation, ENGLISH):
        if row.kind not in {"dimension", "criterion"}:
            continue
        for bar in row.bars:
            kind = "earned" if bar.kind in {"group", "assumed"} else bar.kind
            lengths = own if row.kind == "dimension" else length
            lengths[kind] = lengths.get(kind, 0.0) + bar.end - bar.start
    assert own == pytest.approx(length, abs=1e-4)


BONUS, MALUS = icp.Adjustment(10, icp.Flag("up")), icp.Adjustment(-10, icp.Flag("up"))


@pytest.mark.parametrize(
    ("explanation", "name", "figure", "bars"),
    [
        (
            explain({"a": 0.8, "b": 1}, part("a"), part("b")),
            "a",
            "40.0 of 50.0",
            [("earned", 0, 40), ("lost", 40, 50)],
        ),
        (explain({"a": 1}, part("a"), part("b")), "b", "0.0 – 50.0", [("open", 50, 100)]),
        (explain({"a": 0.2}, part("a"), part("b")), "b", "0.0 – 50.0", [("open", 20, 70)]),
        (
            explain({"a": 1}, part("a"), part("b", missing=0.5)),
            "b",
            "~25.0 of 50.0",
            [("assumed", 50, 75), ("lost", 75, 100)],
        ),
        (explain({"a": 1, "b": 1}, part("a"), part("b", weight=0)), "b", "weight 0", []),
        (explain({}, part("a"), part("b")), "b", "0.0 – 50.0", [("open", 0, 50)]),
        (explain({"a": 0.5}, part("a"), part("b"), min_coverage=1), "a", "match 0.50", [("sure", 0, 25)]),
        (
            explain({"a": 0.5}, part("a"), part("b"), min_coverage=1),
            "D",
            "25.0 – 75.0",
            [("sure", 0, 25), ("open", 25, 75)],
        ),
        (explain({}, part("a"), part("b"), min_coverage=1), "Fit", "0.0 – 100.0", [("open", 0, 100)]),
        (explain({"a": 0.5}, part("a")), "Fit", "50.0", [("total", 0, 50)]),
        (explain({"a": 0}, part("a")), "Fit", "0.0", []),
        (explain({"a": 0.5, "up": True}, part("a"), adjustments=[BONUS]), "up", "+10.0", [("earned", 50, 60)]),
        (explain({"a": 0.5, "up": True}, part("a"), adjustments=[MALUS]), "up", "-10.0", [("taken", 40, 50)]),
        (explain({"a": 0.5, "up": False}, part("a"), adjustments=[MALUS]), "up", "0.0", []),
        (explain({"a": 0.5}, part("a"), adjustments=[MALUS]), "up", "-10.0 – 0.0", [("open", 40, 50)]),
        (explain({"up": True}, part("a"), adjustments=[BONUS]), "up", "+10.0", [("sure", 0, 10)]),
        (
            explain({"a": 1, "up": True}, part("a"), adjustments=[BONUS]),
            "clipped to 0 … 100",
            "-10.0",
            [("taken", 100, 110)],
        ),
    ],
)
def test_rows(explanation: Explanation, name: str, figure: str, bars: list[tuple[Any, float, float]]) -> None:
    """A row says what its bars show: earned, assumed, lost, taken away, sure or not known yet."""
    row = next(row for row in rows_of(explanation, ENGLISH) if row.name == name)
    assert (row.figure, list(row.bars)) == (figure, [Bar(*bar) for bar in bars])


def test_an_adjustment_that_is_partly_known() -> None:
    """What an adjustment surely adds is earned, what it may add beyond that is open."""
    half = icp.AnyOf(part("b"), part("c"), name="either")
    tree = explain({"a": 0.5, "b": 0.4}, part("a"), adjustments=[icp.Adjustment(10, half)])
    row = next(row for row in rows_of(tree, ENGLISH) if row.name == "either")
    assert (row.figure, row.bars) == ("4.0 – 10.0", (Bar("earned", 50, 54), Bar("open", 54, 60)))


def test_parts_of_a_combination_have_rows() -> None:
    """The parts of a combinator stand below it, in criteria, adjustments and gates, whatever their depth."""
    both = icp.AllOf(part("b"), icp.AnyOf(part("c"), part("d"), name="inner"), name="both")
    account = {"b": 1, "c": 0.25}
    tree = explain(account, both, adjustments=[icp.Adjustment(5, both)], gates=[icp.Gate(both)])
    parts = [("b", "1.00"), ("inner", "?"), ("c", "0.25"), ("d", "?")]
    assert [(row.name, row.match) for row in rows_of(tree, ENGLISH) if row.kind == "part"] == parts * 2
    assert [(name, last) for name, _, _, last in gates_of(tree, ENGLISH)] == [("both", "not verified"), *parts]


def test_a_very_long_text_is_cut() -> None:
    """Beyond the most that is shown, an ellipsis stands."""
    assert (short("abc", 3), short("abcd", 3)) == ("abc", "ab…")


def test_words_of_another_language() -> None:
    """Every word of the rows comes from the table of words."""
    german = {**ENGLISH, "total": "Passung", "worth": "{low} bis {high}", "face_of": "{points} von {most}"}
    rows = rows_of(icp.Scorer(icp.standard_profile()).explain({"employees": 80}, as_of=DAY), german)
    assert rows[-1].name == "Passung"
    assert " bis " in rows[-1].figure
