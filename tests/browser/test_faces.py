import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import icpkit as icp
from icpkit.explanation import AdjustmentResult, CriterionResult
from icpkit.markup import visible
from icpkit.words import ENGLISH
from tests.browser.cases import HIT, scores, shown
from tests.browser.conftest import NOTEBOOKS, SCHEMES, shoot
from tests.browser.reading import Visit, Watched

pytestmark = pytest.mark.slow

SCORES, SHOWN = scores(), shown()
#: Those with names of ordinary length.
ORDINARY = [name for name in SHOWN if "hostile" not in name and name != "long"]
#: Profiles and comparisons show in notebooks; a page of their own is for scores.
OTHERS = [name for name in SHOWN if name not in SCORES]
in_notebooks = pytest.mark.parametrize(
    "visit", [(medium, scheme) for medium in NOTEBOOKS for scheme in SCHEMES], indirect=True, ids="-".join
)
NAME, MATCH, WEIGHT, POINTS, LOST = 0, 3, 4, 5, 6
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")


def numbers(cell: str) -> list[float]:
    """Give the numbers in a cell: "0.0 – 5.0" has two."""
    return [float(number) for number in _NUMBER.findall(cell)]


def plain(text: str) -> str:
    """Write text as a page shows it, where any space is one space."""
    return " ".join(visible(text).split())


def svg_texts(score: icp.Score) -> tuple[str, str]:
    """Give the title and the description that the picture itself holds."""
    root = ET.fromstring(score.to_svg())
    title, desc = (root.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
    assert title
    assert desc
    return title, desc


# What is there.


@pytest.mark.parametrize("name", SCORES)
def test_the_picture_has_loaded(visit: Visit, name: str) -> None:
    """The picture is there, is drawn, and keeps its proportions."""
    (picture,) = visit.faces[name]["pictures"]
    assert picture["natural"] == 760
    assert picture["width"] > 500
    assert picture["height"] / picture["width"] == pytest.approx(picture["high"] / picture["natural"], rel=0.01)


@pytest.mark.parametrize("name", SCORES)
def test_the_picture_is_told_in_words(visit: Visit, name: str) -> None:
    """The alternative text is the sentence that the picture itself tells: who, how well, and how certain."""
    (picture,) = visit.faces[name]["pictures"]
    score = SCORES[name]
    assert picture["alt"] == ": ".join(svg_texts(score))
    told = [str(score.key), score.profile.name, score.as_of.isoformat(), score.tier or ""]
    told += [] if score.fit is None else [score.profile.tiers.rounded(score.fit)]
    told += [f"{100 * score.coverage:.3g} % of the weight is known"]
    assert [text for text in told if visible(text) not in picture["alt"]] == []


@pytest.mark.parametrize("name", SCORES)
def test_the_verdict_is_text(visit: Visit, name: str) -> None:
    """Who, how well and how certain can be read, selected and searched outside of the picture as well."""
    text = plain(visit.faces[name]["text"])
    assert [part for part in svg_texts(SCORES[name]) if plain(part) not in text] == []


def row_of(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Find the row of a name, which is there once."""
    (row,) = [row for row in rows if plain(row["cells"][NAME]) == plain(name)]
    return row


@pytest.mark.parametrize("name", SCORES)
def test_the_table_holds_the_numbers(visit: Visit, name: str) -> None:
    """Weight, match, points and loss of each criterion in the page are those of the explanation."""
    explanation, rows = SCORES[name].explanation, visit.faces[name]["tables"][0]
    for dimension in explanation.dimensions:
        row = row_of(rows, dimension.name)
        assert numbers(row["cells"][WEIGHT]) == pytest.approx([100 * dimension.share], rel=0.005)
        if dimension.points is not None:
            assert numbers(row["cells"][POINTS]) == pytest.approx([dimension.points / 1e6], abs=0.0501)
        for result in dimension.criteria:
            check_criterion(result, row_of(rows, result.name)["cells"])
    for adjustment in explanation.adjustments:
        check_adjustment(adjustment, row_of(rows, adjustment.result.name)["cells"])
    total = row_of(rows, "Fit")["cells"]
    expected = [explanation.low, explanation.high] if explanation.fit is None else [explanation.fit]
    assert numbers(total[POINTS]) == pytest.approx(expected, abs=0.0501)


def check_criterion(result: CriterionResult, cells: list[str]) -> None:
    """Compare a row with a criterion's result."""
    assert numbers(cells[WEIGHT]) == pytest.approx([100 * result.share], rel=0.005)
    if result.match is None:
        assert cells[MATCH] == "?"
    else:
        assert numbers(cells[MATCH]) == pytest.approx([result.match], abs=0.00501)
        assert cells[MATCH].startswith("~") == (not result.settled)
    if result.points is None:
        assert numbers(cells[POINTS]) == pytest.approx([] if result.settled else list(result.worth), abs=0.0501)
        assert cells[LOST] == ""
    elif result.match is None:
        assert numbers(cells[POINTS]) == pytest.approx(list(result.worth), abs=0.0501)
        assert cells[LOST] == ""
    else:
        assert numbers(cells[POINTS]) == pytest.approx([result.points / 1e6], abs=0.0501)
        assert numbers(cells[LOST]) == pytest.approx([(result.most - result.points) / 1e6], abs=0.0501)


def check_adjustment(adjustment: AdjustmentResult, cells: list[str]) -> None:
    """Compare a row with an adjustment's result."""
    expected = [] if adjustment.points is None else [adjustment.points / 1e6]
    if not adjustment.result.settled:
        expected = list(adjustment.worth)
    assert numbers(cells[POINTS]) == pytest.approx(expected, abs=0.0501)


@pytest.mark.parametrize("name", SCORES)
def test_bars_are_drawn(visit: Visit, name: str) -> None:
    """Each criterion that has points, or may have, has bars as wide as those; a hatch says what is not known."""
    explanation, rows = SCORES[name].explanation, visit.faces[name]["tables"][0]
    scale = set()
    for result in explanation.criteria:
        bars, (low, high) = row_of(rows, result.name)["bars"], result.worth
        if result.points is None:
            parts = [low, high - low]
        elif result.match is None:
            parts = [high - low]
        else:
            parts = [result.points / 1e6, (result.most - result.points) / 1e6]
        parts = [part for part in parts if part > 0]
        assert len(bars) == len(parts)
        assert all(bar["width"] >= 0.5 and bar["height"] == pytest.approx(10) for bar in bars)
        assert any(bar["hatched"] for bar in bars) == (not result.settled and bool(parts))
        scale |= {round(bar["width"] / part, 1) for bar, part in zip(bars, parts, strict=True) if part >= 2}
    assert max(scale, default=0) - min(scale, default=0) <= 0.2
    for adjustment in explanation.adjustments:
        bars = row_of(rows, adjustment.result.name)["bars"]
        assert len(bars) == (adjustment.worth != (0, 0) if not adjustment.result.settled else bool(adjustment.points))


@pytest.mark.parametrize("name", [name for name, score in SCORES.items() if score.explanation.gates])
def test_gates_are_shown(visit: Visit, name: str) -> None:
    """A second table says of each gate what was found, and whether it was passed."""
    rows = visit.faces[name]["tables"][1]
    for gate in SCORES[name].explanation.gates:
        assert row_of(rows, gate.result.name)["cells"][-1] == ENGLISH[f"gate_{gate.verdict}"]


@in_notebooks
@pytest.mark.parametrize("name", [name for name, thing in SHOWN.items() if isinstance(thing, icp.Profile)])
def test_the_table_of_a_profile(visit: Visit, name: str) -> None:
    """The table of a profile is there, cell for cell."""
    rows = visit.faces[name]["tables"][0]
    expected = SHOWN[name].to_table("rows")
    assert [plain(row["cells"][1]) for row in rows] == [plain(detail) for _, detail in expected]
    assert {plain(row["cells"][0]) for row in rows} - {""} == {plain(category) for category, _ in expected}


@in_notebooks
@pytest.mark.parametrize("name", ["comparison", "hostile comparison"])
def test_the_table_of_a_comparison(visit: Visit, name: str) -> None:
    """The differences are there, counted from the leader, and sum to the lead."""
    rows = visit.faces[name]["tables"][0]
    comparison = SHOWN[name]
    assert len(rows) == len(comparison.points)
    assert sum(numbers(row["cells"][1])[0] for row in rows) == pytest.approx(abs(comparison.lead), abs=1e-5)
    assert plain(str(comparison)) in plain(visit.faces[name]["text"])


@in_notebooks
@pytest.mark.parametrize("name", ["differences", "hostile differences"])
def test_the_table_of_differences(visit: Visit, name: str) -> None:
    """What changed between two profiles is there, change for change."""
    rows = visit.faces[name]["tables"][0]
    title, *lines = str(SHOWN[name]).split("\n")
    assert plain(title) in plain(visit.faces[name]["text"])
    assert [plain(row["cells"][0]) for row in rows] == [plain(line) for line in lines]


# How it looks.


@pytest.mark.parametrize("name", SCORES)
def test_all_text_can_be_read(visit: Visit, name: str) -> None:
    """Every text has a contrast of 4.5 to its ground, as the page shows it."""
    check_contrasts(visit.faces[name])


@in_notebooks
@pytest.mark.parametrize("name", OTHERS)
def test_all_text_of_other_faces_can_be_read(visit: Visit, name: str) -> None:
    """So has every text of a profile and of a comparison."""
    check_contrasts(visit.faces[name])


def check_contrasts(face: dict[str, Any]) -> None:
    """Find texts that are there, and none that is hard to read."""
    assert face["contrasts"]
    assert [(text, round(contrast, 2)) for text, contrast in face["contrasts"] if contrast < 4.5] == []


@pytest.mark.parametrize("name", SCORES)
def test_all_bars_can_be_seen(visit: Visit, name: str) -> None:
    """Every bar has a contrast of 3 to its ground, as the page shows it."""
    bars = [bar for row in visit.faces[name]["tables"][0] for bar in row["bars"]]
    assert [bar for bar in bars if bar["contrast"] < 3] == []


@in_notebooks
@pytest.mark.parametrize("name", ORDINARY)
def test_nothing_is_wider_than_its_place(visit: Visit, name: str) -> None:
    """A face with names of ordinary length does not have to be scrolled sideways."""
    assert visit.faces[name]["wide"] <= 0


# What must not happen.


def test_text_of_strangers_is_not_run(visit: Visit) -> None:
    """No script and no handler in a name or a value was run."""
    assert not visit.hit
    assert visit.probed == (visit.medium not in {"untrusted", "page"})


@in_notebooks
@pytest.mark.parametrize("name", [name for name in SHOWN if "hostile" in name])
def test_text_of_strangers_is_shown(visit: Visit, name: str) -> None:
    """What tried is there to be read."""
    face = visit.faces[name]
    assert HIT in face["text"]
    assert {tag for tag, _, _ in face["elements"]}.isdisjoint({"SCRIPT", "STYLE", "svg", "IFRAME", "OBJECT"})


def test_nothing_is_wrong(visit: Visit, plain_errors: dict[str, list[str]]) -> None:
    """The console says nothing that it does not say of any notebook, and nothing comes from elsewhere."""
    assert [error for error in visit.errors if error not in plain_errors[visit.medium]] == []
    if visit.medium in {"trusted", "untrusted", "page"}:
        assert visit.outside == []


# The picture by itself.


@pytest.fixture(scope="module", params=SCHEMES)
def pictures(request: pytest.FixtureRequest, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Open the picture of each score by itself."""
    folder: Path = tmp_path_factory.mktemp("pictures")
    watched, faces = Watched(browser, request.param), {}
    for name, score in SCORES.items():
        path = folder / f"{name}.svg"
        path.write_text(score.to_svg(), encoding="utf-8")
        height = float(ET.fromstring(score.to_svg()).get("height", ""))
        watched.page.set_viewport_size({"width": 760, "height": int(height) + 1})
        watched.page.goto(path.as_uri())
        faces[name] = watched.read_svg() | {"hit": watched.was_hit()}
        shoot(watched.page, f"svg-{name}", request.param)
    return watched.visit("svg", faces)


@pytest.mark.parametrize("name", SCORES)
def test_the_picture_stands_alone(pictures: Visit, name: str) -> None:
    """A picture in a file of its own is drawn, runs nothing, and says in words what it shows."""
    face = pictures.faces[name]
    assert (face["tag"], face["errors"], face["scripts"], face["hit"]) == ("svg", 0, 0, False)
    assert (face["title"], face["desc"]) == svg_texts(SCORES[name])
    assert (pictures.errors, pictures.outside) == ([], [])


@pytest.mark.parametrize("name", SCORES)
def test_the_figures_of_the_picture(pictures: Visit, name: str) -> None:
    """The picture shows the points of each criterion that has some, and the fit."""
    texts = [box["text"] for box in pictures.faces[name]["boxes"]]
    explanation = SCORES[name].explanation
    for result in explanation.criteria:
        if result.points is not None and result.match is not None:
            sure = "" if result.settled else "~"
            assert f"{sure}{result.points / 1e6:.1f} of {result.most / 1e6:.1f}" in texts
    if explanation.fit is not None:
        assert texts.count(explanation.profile.tiers.rounded(explanation.fit)) == 2


@pytest.mark.parametrize("name", SCORES)
def test_texts_in_the_picture_keep_apart(pictures: Visit, name: str) -> None:
    """With this machine's letters, no text leaves the card or lies on another; ordinary names are not clipped."""
    face = pictures.faces[name]
    boxes = face["boxes"]
    assert [box for box in boxes if box["left"] < 0 or box["right"] > face["width"]] == []
    assert [box for box in boxes if box["top"] < 0 or box["bottom"] > face["height"]] == []
    assert [box for box in boxes if box["cut"]] == [] or name not in ORDINARY
    pairs = [(one, other) for place, one in enumerate(boxes) for other in boxes[:place]]
    assert [(one["text"], other["text"]) for one, other in pairs if overlap(one, other)] == []


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Say whether two boxes share more than the room between lines."""
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return wide > 1 and high > 3


@pytest.mark.parametrize("name", SCORES)
def test_texts_in_the_picture_can_be_read(pictures: Visit, name: str) -> None:
    """Every text of the picture has a contrast of 4.5 to what it stands on."""
    check_contrasts(pictures.faces[name])
