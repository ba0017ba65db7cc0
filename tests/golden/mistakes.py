"""Deliberate mistakes in the file of a profile, and the message for each: ``python -m tests.golden.mistakes``.

That writes ``mistakes.txt`` anew, which is read before it is committed: whoever wrote the file has nothing but the
message and the file.
"""

import contextlib
import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomlkit

import icpkit as icp

HERE = Path(__file__).parent

#: A file without a mistake, from which the mistaken ones differ in one place.
GOOD: dict[str, Any] = {
    "format": 1,
    "name": "Mid-market SaaS",
    "min_coverage": 0.5,
    "dimensions": [
        {
            "name": "Firmographics",
            "weight": 30,
            "criteria": [
                {"kind": "range", "attribute": "employees", "low": 50, "high": 500},
                {"kind": "one_of", "attribute": "industry", "values": {"Software": 1, "IT Services": 0.6}},
            ],
        },
        {
            "name": "Technographics",
            "weight": 20,
            "criteria": [
                {
                    "kind": "any_of",
                    "name": "stack",
                    "criteria": [
                        {"kind": "tech_overlap", "attribute": "technologies", "labels": ["Slack", "Jira"]},
                        {"kind": "not", "criterion": {"kind": "flag", "attribute": "uses_spreadsheets"}},
                    ],
                },
            ],
        },
    ],
    "gates": [
        {"criterion": {"kind": "not", "criterion": {"kind": "one_of", "attribute": "country", "values": ["KP"]}}}
    ],
    "adjustments": [{"points": -15, "when": {"kind": "flag", "attribute": "in_litigation"}}],
    "tiers": [{"name": "Perfect", "cut": 80}, {"name": "Strong", "cut": 60}, {"name": "Weak", "cut": 0}],
    "examples": [
        {
            "as_of": "2026-11-01",
            "tier": ["Perfect", "Strong"],
            "account": {"employees": 320, "industry": "Software", "technologies": ["Slack", "Jira"]},
        },
    ],
}

# Places in it.
TOP = ()
DIMENSION = ("dimensions", 0)
RANGE = (*DIMENSION, "criteria", 0)
ONE_OF = (*DIMENSION, "criteria", 1)
COMBINED = ("dimensions", 1, "criteria", 0)
OVERLAP = (*COMBINED, "criteria", 0)
NEGATED = (*COMBINED, "criteria", 1)
GATE, ADJUSTMENT, TIER, EXAMPLE = ("gates", 0), ("adjustments", 0), ("tiers", 0), ("examples", 0)

#: Takes a key away.
GONE: Any = object()


def good(*edits: tuple[tuple[Any, ...], dict[str, Any]]) -> dict[str, Any]:
    """Give the good data with other keys at some places."""
    data = copy.deepcopy(GOOD)
    for place, changes in edits:
        found: Any = data
        for step in place:
            found = found[step]
        for key, value in changes.items():
            if value is GONE:
                del found[key]
            else:
                found[key] = copy.deepcopy(value)
    return data


def at(place: tuple[Any, ...], **changes: Any) -> dict[str, Any]:
    """Give the good data with other keys at one place."""
    return good((place, changes))


def instead(place: tuple[Any, ...], criterion: Any) -> dict[str, Any]:
    """Give the good data with something else in a place."""
    *above, last = place
    data = copy.deepcopy(GOOD)
    found: Any = data
    for step in above:
        found = found[step]
    found[last] = criterion
    return data


def deep(levels: int) -> Any:
    """Give a list that many levels deep."""
    made: list[Any] = []
    for _ in range(levels - 1):
        made = [made]
    return made


def many_mistakes() -> dict[str, Any]:
    """Give 25 criteria with a mistake each."""
    wrong = [{"kind": "flag", "attribute": f"a{number}", "expectd": True} for number in range(25)]
    return at(DIMENSION, criteria=wrong)


def many_criteria(count: int) -> dict[str, Any]:
    """Give the good data with more criteria: so many in all, those within gates and combinators among them."""
    more = [{"kind": "flag", "attribute": f"a{number}"} for number in range(count - 9)]
    return at(DIMENSION, criteria=[*GOOD["dimensions"][0]["criteria"], *more])


#: Mistakes that JSON and TOML say alike.
SAID_ALIKE: dict[str, dict[str, Any]] = {
    # Keys
    "misspelt key of the profile": at(TOP, min_coverage=GONE, min_covrage=0.5),
    "misspelt key that must be there": at(TOP, dimensions=GONE, dimension=GOOD["dimensions"]),
    "misspelt key of a dimension": at(DIMENSION, weight=GONE, wieght=30),
    "misspelt key of a criterion": at(RANGE, high=GONE, hihg=500),
    "misspelt key of a gate": at(GATE, at_lest=0.5),
    "misspelt key of an adjustment": at(ADJUSTMENT, points=GONE, point=-15),
    "misspelt key of a tier": at(TIER, colour="#1a7f37"),
    "misspelt key of an example": at(EXAMPLE, account=GONE, acount={}),
    "misspelt key of a cohort": at(TOP, cohort={"sise": 412, "as_of": "2026-09-30"}),
    "misspelt key in a part of a combinator": instead(
        NEGATED, {"kind": "not", "criterion": {"kind": "flag", "atribute": "x"}}
    ),
    "key that is like no other": at(TOP, owner="revops@example.com"),
    "key of another kind": at(RANGE, labels=["Slack"]),
    # Kinds
    "misspelt kind": at(RANGE, kind="rnage"),
    "kind in capitals": at(OVERLAP, kind="TechOverlap"),
    "kind that nobody knows": at(RANGE, kind="near_office"),
    "no kind": at(RANGE, kind=GONE),
    "kind that is a number": at(RANGE, kind=3),
    "misspelt kind in a part of a part": instead((*NEGATED, "criterion"), {"kind": "flagg", "attribute": "x"}),
    "criterion that stands in its gate": at(TOP, gates=[{"kind": "flag", "attribute": "b2b"}]),
    "criterion that stands in its adjustment": at(TOP, adjustments=[{"points": 5, "kind": "flag", "attribute": "b2b"}]),
    # What is lacking
    "no name": at(TOP, name=GONE),
    "no dimensions": at(TOP, dimensions=GONE),
    "no criteria": at(DIMENSION, criteria=GONE),
    "no attribute": at(RANGE, attribute=GONE),
    "range without ends": at(RANGE, low=GONE, high=GONE),
    "no values": at(ONE_OF, values=GONE),
    "gate without a criterion": at(TOP, gates=[{"at_least": 0.5}]),
    "adjustment without points": at(ADJUSTMENT, points=GONE),
    "tier without a cut": at(TIER, cut=GONE),
    "example without a tier": at(EXAMPLE, tier=GONE),
    "example without a moment": at(EXAMPLE, as_of=GONE),
    "no format": at(TOP, format=GONE),
    "cohort without tiers": at(TOP, tiers=GONE, cohort={"size": 412, "as_of": "2026-09-30"}),
    "list of no dimensions": at(TOP, dimensions=[]),
    "list of no criteria": at(DIMENSION, criteria=[]),
    "list of no labels": at(OVERLAP, labels=[]),
    "blank name": at(TOP, name="  "),
    # Values of the wrong type
    "text for a number": at(RANGE, low="50"),
    "text with a comma for a number": at(TOP, min_coverage="0,5"),
    "text with a unit for a number": instead(
        RANGE, {"kind": "recency", "attribute": "last_visit", "half_life": "30 days"}
    ),
    "number for text": at(DIMENSION, name=2026),
    "truth for a number": at(RANGE, low=True),
    "truth for a weight": at(DIMENSION, weight=True),
    "number for a truth": at(GATE, overridable=1),
    "text for a truth": at(GATE, overridable="no"),
    "truth in quotes": at(GATE, overridable="false"),
    "text for a list of criteria": at(DIMENSION, criteria="employees"),
    "text for a list of dimensions": at(TOP, dimensions="Firmographics"),
    "text for a list of values": at(ONE_OF, values="Software"),
    "text for a list of labels": at(OVERLAP, labels="Slack, Jira"),
    "text for a criterion": at(GATE, criterion="not in KP"),
    "list for text": at(TOP, name=["Mid-market", "SaaS"]),
    "one dimension in place of a list": at(TOP, dimensions=GOOD["dimensions"][0]),
    "list for an account": at(EXAMPLE, account=["Acme", 320]),
    "number for a gate": at(TOP, gates=[5]),
    "fraction for a whole number": at(OVERLAP, mode="at_least", k=1.5),
    "match that is text": at(ONE_OF, values={"Software": "full"}),
    # Values that cannot be
    "ends in the wrong order": at(RANGE, low=500, high=50),
    "soft edge inside the range": at(RANGE, soft_low=60),
    "soft edge without its end": at(RANGE, high=GONE, soft_high=1000),
    "log scale at zero": at(RANGE, low=0, scale="log"),
    "negative weight": at(RANGE, weight=-1),
    "negative weight of a dimension": at(DIMENSION, weight=-30),
    "weights that are all zero": good((RANGE, {"weight": 0}), (ONE_OF, {"weight": 0})),
    "dimensions that all weigh zero": good((DIMENSION, {"weight": 0}), (("dimensions", 1), {"weight": 0})),
    "weight that comes to nothing": at(RANGE, weight=1e-13),
    "percent for a share": at(TOP, min_coverage=50),
    "threshold of a gate that always passes": at(GATE, at_least=0),
    "no points": at(ADJUSTMENT, points=0),
    "too many points": at(ADJUSTMENT, points=150),
    "two criteria of one name": at(ONE_OF, attribute="Employees"),
    "two dimensions of one name": at(("dimensions", 1), name="firmographics "),
    "dimension of a name that is taken": at(DIMENSION, name="Gates"),
    "two gates of one name": at(TOP, gates=GOOD["gates"] * 2),
    "combinator without a name": at(COMBINED, name=GONE),
    "values that are one after folding": at(ONE_OF, values=["Straße", "STRASSE"]),
    "value and alias that are one": at(ONE_OF, values=["Software", "SaaS"], aliases={"saas": "Software"}),
    "tiers that do not end at 0": at(("tiers", 2), cut=20),
    "tiers that do not fall": at(TIER, cut=50),
    "tier above 100": at(TIER, cut=150),
    "two tiers of one name": at(("tiers", 1), name="PERFECT"),
    "colour by name": at(TIER, color="green"),
    "unknown stage": at(TOP, stage="live"),
    "misspelt stage": at(TOP, stage="activ"),
    "misspelt missing policy": at(RANGE, missing="skipp"),
    "level that is on no scale": instead(
        RANGE, {"kind": "ordinal", "attribute": "maturity", "order": ["Low", "Medium", "High"], "at_least": "Midium"}
    ),
    "level without a match": instead(
        RANGE, {"kind": "ordinal", "attribute": "maturity", "order": ["Low", "High"], "matches": {"Low": 0.5}}
    ),
    "bands that do not rise": instead(
        RANGE, {"kind": "bands", "attribute": "employees", "bands": [[50, 0.5], [10, 1]]}
    ),
    "bands without matches": instead(RANGE, {"kind": "bands", "attribute": "employees", "bands": [10, 50]}),
    "two shapes": instead(RANGE, {"kind": "recency", "attribute": "last_visit", "window": 7, "half_life": 30}),
    "no number of labels": at(OVERLAP, mode="at_least"),
    "group that is not wanted": at(OVERLAP, groups={"CRM": ["Salesforce"]}),
    "unknown tier in an example": at(EXAMPLE, tier=["Pefect"]),
    "weight inside a gate": at((*GATE, "criterion"), weight=3),
    "weight inside a combinator": at(OVERLAP, weight=3),
    "missing policy inside a combinator": at((*NEGATED, "criterion"), missing=0.5),
    "weight of a gate": at(GATE, weight=3),
    "moment that is none": at(EXAMPLE, as_of="1 November 2026"),
    "moment without a time zone": at(EXAMPLE, as_of="2026-11-01T09:00:00"),
    "cohort of a day that is none": at(TOP, cohort={"size": 412, "as_of": "Q3 2026"}),
    "cohort of no size": at(TOP, cohort={"size": 0, "as_of": "2026-09-30"}),
    "integer beyond 2^53": at(RANGE, high=2**53 + 1),
    "integer of 400 digits": at(RANGE, high=int("9" * 400)),
    # Formats
    "newer format": at(TOP, format=2),
    "format in quotes": at(TOP, format="1"),
    "format that never was": at(TOP, format=0),
    # Several
    "two mistakes": good((RANGE, {"low": "50"}), (TIER, {"cut": 150})),
    "mistakes in all parts": good(
        (TOP, {"stage": "live"}),
        (DIMENSION, {"wieght": 1}),
        (RANGE, {"attribute": 5, "low": 500, "high": "50"}),
        (OVERLAP, {"kind": "techoverlap"}),
        (GATE, {"overridable": "yes"}),
        (ADJUSTMENT, {"points": 0}),
        (TIER, {"cut": GONE}),
        (EXAMPLE, {"tier": []}),
    ),
    "twenty-five mistakes": many_mistakes(),
    # Too much
    "lists too deep": at(EXAMPLE, account={"deep": deep(40)}),
    "list too long": at(ONE_OF, values=[f"v{number}" for number in range(10_001)]),
    "too many criteria": many_criteria(501),
}


def in_line(value: Any) -> str:
    """Write plain data as a TOML value."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {in_line(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(in_line, value))}]"
    return json.dumps(value, ensure_ascii=False)


def lines_of(data: dict[str, Any]) -> bytes:
    """Write plain data as TOML with one line for each of its keys."""
    return "".join(f"{key} = {in_line(value)}\n" for key, value in data.items()).encode()


def toml(old: str = "", new: str = "") -> bytes:
    """Give the good file in TOML with another piece."""
    text = tomlkit.dumps(GOOD)
    assert old in text, old
    return text.replace(old, new, 1).encode()


def as_json(old: str = "", new: str = "") -> bytes:
    """Give the good file in JSON with another piece."""
    text = json.dumps(GOOD, indent=2)
    assert old in text, old
    return text.replace(old, new, 1).encode()


#: Mistakes that only one of the two languages can make, by the name of the file.
OF_ONE: dict[str, tuple[str, bytes]] = {
    "null for a weight": ("profile.json", as_json('"weight": 30', '"weight": null')),
    "null for a name": ("profile.json", as_json('"name": "Firmographics"', '"name": null')),
    "null for all dimensions": ("profile.json", b'{"format": 1, "name": "P", "dimensions": null}'),
    "null for a dimension": ("profile.json", b'{"format": 1, "name": "P", "dimensions": [null]}'),
    "key that stands twice": ("profile.json", as_json('"low": 50', '"low": 50, "low": 5')),
    "NaN in JSON": ("profile.json", as_json('"low": 50', '"low": NaN')),
    "Infinity in JSON": ("profile.json", as_json('"high": 500', '"high": Infinity')),
    "1e400 in JSON": ("profile.json", as_json('"high": 500', '"high": 1e400')),
    "5,000 digits in JSON": ("profile.json", as_json('"high": 500', '"high": ' + "9" * 5000)),
    "half a character": ("profile.json", as_json('"Mid-market SaaS"', r'"Mid-market \ud83c"')),
    "half a character in a key": ("profile.json", as_json('"Software":', r'"\udf89":')),
    "no comma in JSON": ("profile.json", as_json('"low": 50,', '"low": 50')),
    "single quotes in JSON": ("profile.json", as_json('"Mid-market SaaS"', "'Mid-market SaaS'")),
    "JSON that is cut off": ("profile.json", as_json()[:300]),
    "comment in JSON": ("profile.json", as_json('"low": 50,', '"low": 50, // at least')),
    "JSON array": ("profile.json", b"[" + as_json() + b"]"),
    "JSON text": ("profile.json", b'"Mid-market SaaS"'),
    "JSON array without a suffix": ("profile", b"[" + as_json() + b"]"),
    "JSON brackets too deep": ("profile.json", b"[" * 100_000),
    "JSON too long": ("profile.json", as_json('"Mid-market SaaS"', f'"{"x" * 2**20}"')),
    "empty JSON": ("profile.json", b""),
    "TOML under the name of JSON": ("profile.json", toml()),
    "JSON under the name of TOML": ("profile.toml", as_json()),
    "nan in TOML": ("profile.toml", toml("low = 50", "low = nan")),
    "inf in TOML": ("profile.toml", toml("high = 500", "high = inf")),
    "1e400 in TOML": ("profile.toml", toml("high = 500", "high = 1e400")),
    "5,000 digits in TOML": ("profile.toml", toml("high = 500", "high = " + "9" * 5000)),
    "date where text belongs": ("profile.toml", toml('name = "Firmographics"', "name = 2026-11-01")),
    "date where a number belongs": ("profile.toml", toml("low = 50", "low = 2026-11-01")),
    "time of day": ("profile.toml", toml('as_of = "2026-11-01"', "as_of = 09:00:00")),
    "date and time without a zone": ("profile.toml", toml('as_of = "2026-11-01"', "as_of = 2026-11-01T09:00:00")),
    "one dimension under single brackets": (
        "profile.toml",
        b'format = 1\nname = "P"\n[dimensions]\nname = "Size"\ncriteria = [{ kind = "flag", attribute = "b2b" }]\n',
    ),
    "text without quotes": ("profile.toml", toml('kind = "range"', "kind = range")),
    "decimal comma in TOML": ("profile.toml", toml("min_coverage = 0.5", "min_coverage = 0,5")),
    "percent in TOML": ("profile.toml", toml("min_coverage = 0.5", "min_coverage = 50%")),
    "True in TOML": ("profile.toml", toml("low = 50", "low = True")),
    "null in TOML": ("profile.toml", toml("low = 50", "low = null")),
    "key that stands twice in TOML": ("profile.toml", toml("low = 50", "low = 50\nlow = 5")),
    "TOML that is cut off": ("profile.toml", toml() + b'meta = { note = "'),
    "typographic quotes": ("profile.toml", toml('"Mid-market SaaS"', "“Mid-market SaaS”")),
    "empty TOML": ("profile.toml", b""),
    "blank file": ("profile.toml", b" \n\n"),
    "YAML": (
        "profile.yaml",
        b"format: 1\nname: Mid-market SaaS\ndimensions:\n  - name: Firmographics\n    weight: 30\n",
    ),
    "CSV": ("profile.csv", b"name,weight\nFirmographics,30\n"),
    "spreadsheet": ("profile.xlsx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xdf\xa4\xd2lZ\x01"),
    "Latin-1": ("profile.toml", toml('"Mid-market SaaS"', '"Größe"').decode().encode("latin-1")),
    "UTF-16": ("profile.toml", toml().decode().encode("utf-16")),
    "TOML too long": ("profile.toml", toml() + b"#" * 2**18),
    "dotted keys": ("profile.toml", b".".join([b"a"] * 100_000) + b" = 1\n"),
    "dotted quoted keys": ("profile.toml", b" . ".join([b'"a"', b"'b'"] * 20_000) + b" = 1\n"),
    "dotted header": ("profile.toml", b"[" + b".".join([b"a"] * 100_000) + b"]\n"),
    "TOML brackets too deep": ("profile.toml", b"a = " + b"[" * 100_000),
}


def mistaken_files() -> Iterator[tuple[str, str, bytes]]:
    """Give title, file name and content of each mistaken file; what both languages say alike first in TOML."""
    for title, data in SAID_ALIKE.items():
        yield title, "profile.toml", lines_of(data)
        yield title, "profile.json", json.dumps(data, indent=2).encode()
    for title, (name, content) in OF_ONE.items():
        yield title, name, content


def message(name: str, content: bytes) -> str:
    """Give the message for a mistaken file, as if it lay in the current directory."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path(name).write_bytes(content)
        try:
            icp.load(name)
        except icp.ProfileTextError as error:
            return str(error)
    return "(no mistake)"


def golden() -> dict[str, str]:
    """Read the golden messages by title."""
    blocks = (HERE / "mistakes.txt").read_text(encoding="utf-8").removeprefix("# ").split("\n\n# ")
    return {title: text.rstrip("\n") for title, _, text in (block.partition("\n") for block in blocks)}


def main() -> None:
    """Write the golden messages."""
    found: dict[str, str] = {}
    for title, name, content in mistaken_files():
        found.setdefault(title, message(name, content))
    text = "\n\n".join(f"# {title}\n{told}" for title, told in found.items())
    (HERE / "mistakes.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
