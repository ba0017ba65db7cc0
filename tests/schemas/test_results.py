import json
from typing import Any

import pytest

import icpkit as icp
from icpkit.schemas import What
from tests.schemas.checks import validator

ACCOUNT = {"employees": 320, "technologies": ["Slack"], "last_demo_request": "2026-11-01", "in_litigation": True}
SCORE = icp.score(icp.standard_profile(), ACCOUNT, as_of="2026-11-21")
IDS = {"scoring_id": "0" * 64, "content_id": "f" * 64}

Path = tuple[Any, ...]


def told(what: What) -> dict[str, Any]:
    """Give all that a score, or its explanation, says of itself, as it comes out of a file."""
    whole = SCORE.to_dict(reasons=4, points=True, stamp=True, explanation=True) | IDS
    data: dict[str, Any] = json.loads(json.dumps(whole if what == "score" else SCORE.explanation.to_dict()))
    return data


def at(data: Any, path: Path) -> Any:
    """Give what stands at a path."""
    for key in path:
        data = data[key]
    return data


@pytest.mark.parametrize("what", ["score", "explanation"])
def test_what_is_told_is_valid(what: What) -> None:
    """All that a score or an explanation can tell suits its schema."""
    validator(what).validate(told(what))


def test_a_score_by_a_version_is_valid() -> None:
    """The id of a version of a history is part of a score's schema, and must be one."""
    named = icp.Scorer(icp.standard_profile(), version_id="7f" * 32).score(ACCOUNT, as_of="2026-11-21")
    data = named.to_dict(stamp=True) | {"scoring_id": IDS["scoring_id"]}
    assert data["version_id"] == "7f" * 32
    validator("score").validate(data)
    for wrong in ("7f", "X" * 64, None, 7):
        assert not validator("score").is_valid(data | {"version_id": wrong})


def test_a_score_may_tell_less() -> None:
    """A score tells what it is asked for, and always the columns of the one result schema."""
    score = validator("score")
    score.validate(SCORE.to_dict())
    for column in icp.SCHEMA:
        less = SCORE.to_dict()
        del less[column]
        assert not score.is_valid(less)


MAPPINGS: list[tuple[What, Path]] = [
    ("score", ()),
    ("score", ("explanation",)),
    ("explanation", ()),
    ("explanation", ("dimensions", 0)),
    ("explanation", ("dimensions", 0, "criteria", 0)),
    ("explanation", ("adjustments", 0)),
    ("explanation", ("gates", 0)),
]


@pytest.mark.parametrize(("what", "path"), MAPPINGS)
def test_no_other_key_is_valid(what: What, path: Path) -> None:
    """A key that no score tells is refused, wherever it stands."""
    data = told(what)
    at(data, path)["odd"] = 1
    assert not validator(what).is_valid(data)


@pytest.mark.no_cover
@pytest.mark.parametrize(("what", "path"), [one for one in MAPPINGS if one != ("score", ())])
def test_every_key_is_required(what: What, path: Path) -> None:
    """An explanation always tells everything."""
    checks = validator(what)
    for key in list(at(told(what), path)):
        data = told(what)
        del at(data, path)[key]
        assert not checks.is_valid(data), key


@pytest.mark.parametrize(
    ("what", "path", "wrong"),
    [
        ("score", ("fit",), 100.5),
        ("score", ("fit",), "80"),
        ("score", ("status",), "lost"),
        ("score", ("coverage",), -0.1),
        ("score", ("low",), None),
        ("score", ("reason_0",), "none"),
        ("score", ("reason_1",), 1),
        ("score", ("points", "clip"), "0"),
        ("score", ("scoring_id",), "abc"),
        ("score", ("content_id",), "F" * 64),
        ("score", ("semantics",), 2),
        ("score", ("as_of",), "2026-11-21T09:00"),
        ("score", ("explanation", "gates", 0, "verdict"), "maybe"),
        ("explanation", ("possible_tiers",), []),
        ("explanation", ("dimensions",), []),
        ("explanation", ("dimensions", 0, "criteria", 0, "match"), 1.5),
        ("explanation", ("dimensions", 0, "criteria", 0, "state"), "lost"),
        ("explanation", ("dimensions", 0, "criteria", 0, "points"), -1),
        ("explanation", ("dimensions", 0, "criteria", 0, "worth"), [0]),
        ("explanation", ("dimensions", 0, "criteria", 0, "parts"), [{}]),
        ("explanation", ("naive",), 0.5),
    ],
)
def test_other_values_are_refused(what: What, path: Path, wrong: Any) -> None:
    """A value that no score tells is refused."""
    data = told(what)
    at(data, path[:-1])[path[-1]] = wrong
    assert not validator(what).is_valid(data)


def test_points_may_be_lost() -> None:
    """An adjustment may take points, and a clip too."""
    data = told("explanation")
    assert data["adjustments"][0]["worth"] == [-15, -15]
    data["adjustments"][0]["points"] = -15
    data["clipped"] = -1.5
    validator("explanation").validate(data)
