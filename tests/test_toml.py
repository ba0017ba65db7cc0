import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.toml import toml_text

PROFILE = icp.Profile(
    "Größe 50 %",
    [
        icp.Dimension(
            "Firmographics",
            [
                icp.Range("employees", 50, 500),
                icp.AnyOf(icp.Flag("b2b"), ~icp.OneOf("country", {"DE": 1, "New Zealand": 0.5}), name="either"),
            ],
            weight=30,
        ),
        icp.Dimension("Needs", [icp.Bands("seats", [(10, 0.2), (50, 1)])]),
    ],
    gates=[icp.Gate(icp.Flag("consent"), overridable=False)],
    adjustments=[icp.Adjustment(-5, icp.Flag("sued"))],
    tiers=icp.TierScale([icp.Tier("Go", 70), icp.Tier("Wait", 0)], cohort=icp.Cohort(412, date(2026, 9, 30))),
    examples=[
        icp.Example({"employees": 320}, as_of="2026-11-01", tier="Go"),
        icp.Example({}, as_of=datetime(2026, 11, 1, 9, tzinfo=UTC), tier=["insufficient data"]),
    ],
    meta={"tags": ["EU"], "pains": {"silos": "high"}},
)
TEXT = """\
format = 1
name = "Größe 50 %"

[[dimensions]]
name = "Firmographics"
weight = 30

[[dimensions.criteria]]
kind = "range"
attribute = "employees"
low = 50
high = 500

[[dimensions.criteria]]
kind = "any_of"
criteria = [
    {kind = "flag", attribute = "b2b"},
    {kind = "not", criterion = {kind = "one_of", attribute = "country", values = {DE = 1, "New Zealand" = 0.5}}},
]
name = "either"

[[dimensions]]
name = "Needs"

[[dimensions.criteria]]
kind = "bands"
attribute = "seats"
bands = [[10, 0.2], [50, 1]]

[[gates]]
overridable = false

[gates.criterion]
kind = "flag"
attribute = "consent"

[[adjustments]]
points = -5

[adjustments.when]
kind = "flag"
attribute = "sued"

[[tiers]]
name = "Go"
cut = 70

[[tiers]]
name = "Wait"
cut = 0

[cohort]
size = 412
as_of = 2026-09-30

[[examples]]
as_of = 2026-11-01
account = {employees = 320}
tier = ["Go"]

[[examples]]
as_of = "2026-11-01T09:00:00+00:00"
account = {}
tier = ["insufficient data"]

[meta]
tags = ["EU"]
pains = {silos = "high"}
"""


def test_a_profile_in_toml() -> None:
    """A profile is written as people write one: a header per part, a line per field, lists over lines where long."""
    assert icp.dumps(PROFILE, "toml") == TEXT
    assert icp.loads(TEXT) == PROFILE


@pytest.mark.parametrize(
    "data",
    [
        {"a": [], "b": {}, "c": [[]], "d": [{}]},
        {"a": "\x00\x1f\x7f\r\n\t\"'\\ # 日本 🎯 \ufeff", "": "", "a.b": 1, 'a"b': 2, "é": 3},
        {"a": 1e300, "b": 5e-324, "c": -1e-7, "d": 2**53, "e": 1e16, "f": 0.1, "g": True},
        {"a": [1, "x", [True, {"b": []}]], "b": ["x" * 60, "y" * 60, {"c": "z" * 120}]},
        {"meta": {"a": {"b": {"c": 1}}, "d": [1, {"e": 2}]}},
    ],
)
def test_any_plain_data_can_be_read_again(data: dict[str, Any]) -> None:
    """What is written is TOML of the same data, whatever its text and numbers."""
    assert tomllib.loads(toml_text(data)) == data


NOTES: dict[str, dict[str, Any]] = {
    "list of mappings before text": {"steps": [{"day": 1}], "owner": "RevOps"},
    "mapping called meta": {"meta": {"x": 1}, "owner": "RevOps"},
    "mapping called when": {"when": {}, "owner": "RevOps"},
    "as_of that is no text": {"as_of": 5},
    "as_of that is no date": {"as_of": "0123456789"},
    "as_of that is a week": {"as_of": "2026-W45-1"},
    "as_of that is a list": {"as_of": ["x"] * 10},
}


@pytest.mark.parametrize("meta", NOTES.values(), ids=NOTES)
def test_notes_are_free(meta: dict[str, Any]) -> None:
    """Notes may be called as they like, and keep their order."""
    profile = attrs.evolve(PROFILE, meta=meta)
    assert repr(icp.loads(icp.dumps(profile, "toml"))) == repr(profile)


def test_notes_with_many_dots_can_be_loaded() -> None:
    """What is written can be loaded, notes with many dots among them."""
    profile = attrs.evolve(PROFILE, meta={"outline": ".".join("abcdefghijklmnopqrstuvwxyz0123456789")})
    assert icp.loads(icp.dumps(profile, "toml")) == profile


def test_the_days_of_a_field_map() -> None:
    """Fields get a header each, in their order; the days of an export and of a rate are written as days."""
    fields = icp.FieldMap(
        [icp.Field("on", note="2026-01-01"), icp.Field("hq.country", keywords={"A": "a"}, parse="keywords")],
        exported="2026-11-21",
        currency="USD",
        rates=[icp.Rate("EUR", "USD", 1.1, "2026-01-01")],
    )
    text = icp.dumps_fields(fields, "toml")
    assert text.splitlines()[1:] == [
        "exported = 2026-11-21",
        'currency = "USD"',
        "",
        "[[rates]]",
        'currency = "EUR"',
        'to = "USD"',
        "rate = 1.1",
        "on = 2026-01-01",
        "",
        "[fields.on]",
        'note = "2026-01-01"',
        "",
        '[fields."hq.country"]',
        'parse = "keywords"',
        'keywords = {A = ["a"]}',
    ]
    assert icp.loads_fields(text) == fields


def test_without_tomlkit_the_error_says_what_to_install() -> None:
    """Writing TOML without tomlkit names the extra in one line, and reading TOML and writing JSON need none."""
    code = """
import sys; sys.modules["tomlkit"] = None
import icpkit as icp
criteria = '[{kind = "flag", attribute = "a"}]'
profile = icp.loads(f'format = 1\\nname = "P"\\ndimensions = [{{name = "D", criteria = {criteria}}}]')
print(icp.loads(icp.dumps(profile)) == profile)
icp.dumps(profile, "toml")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "True\n"
    assert ran.stderr.splitlines()[-1] == 'ImportError: writing TOML needs tomlkit: pip install "icpkit[toml]"'
    assert "During handling" not in ran.stderr
