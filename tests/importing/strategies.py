"""Hypothesis strategies for field maps, and for tables of text that they can be applied to."""

from datetime import date
from typing import Any

import attrs
from hypothesis import strategies as st

import icpkit as icp
from icpkit.errors import DefinitionError
from icpkit.importing.fields import PARSES

#: Names as exports have them, and worse.
_NAMES = (
    *("id", "employees", "annual_revenue", "hq.country", "Größe", "a b", 'an "odd" one', "Source ", "日本", "x\ny"),
    *("true", "1", "column", "fields", "on", "exported", "a'b", "[x]", "#", "\\", "\x7f", "a\u2028b"),
)
_TOKENS = ("n/a", "-", "None", "Unknown", "0", "NA", "Straße", " x", '"', "1,058", "2026-01-01", "\t.")
_NOTES: tuple[dict[str, Any], ...] = (
    {},
    {"tags": ["a", "ß"], "n": {"deep": [1, {"e": 2.5}]}},
    {"fields": {"a": 1}, "on": "2026-01-01", "exported": "x", "é.": True},
)
_TEXT = st.sampled_from(_NAMES)
_TOKEN_LISTS = st.lists(st.sampled_from(_TOKENS), max_size=3)
_NUMBERS = ("number", "money", "size")
#: Settings by the ways of parsing that they belong to; the others may be given with all.
_SETTINGS: tuple[tuple[str, tuple[str, ...], st.SearchStrategy[Any]], ...] = (
    ("unit", _NUMBERS, st.sampled_from((1000, 0.001, "millions", "thousands", 1.5))),
    ("decimal", _NUMBERS, st.sampled_from(".,")),
    ("currency", ("money",), st.sampled_from(("EUR", "CHF"))),
    ("take", ("size", "money"), st.sampled_from(("middle", "low", "high"))),
    ("take", ("year",), st.sampled_from(("first", "last", "least"))),
    ("prose", ("size", "money"), st.booleans()),
    ("split", ("labels",), st.sampled_from((",", ";", " | ", "json", "\n", '"'))),
    ("order", ("date",), st.sampled_from(("ymd", "dmy", "mdy", "epoch_s", "epoch_ms", "spreadsheet"))),
    ("format", ("date",), st.sampled_from(("%d-%b-%Y", "%m/%d/%y %I:%M %p"))),
    ("zone", ("date",), st.sampled_from(("UTC", "Europe/Berlin", "America/New_York"))),
    ("true", ("flag",), st.lists(st.sampled_from(("ja", "x")), max_size=2)),
    ("false", ("flag",), st.lists(st.sampled_from(("nein", "0")), max_size=2)),
    ("empty", ("labels", "events", "keywords"), _TOKEN_LISTS),
)
_COMMON: dict[str, st.SearchStrategy[Any]] = {
    "column": st.one_of(_TEXT, st.lists(_TEXT, max_size=3)),
    "nth": st.integers(1, 3),
    "optional": st.booleans(),
    "unknown": _TOKEN_LISTS,
    "replace": st.dictionaries(st.sampled_from(_TOKENS), st.sampled_from(("1", "a; b", "Größe", '"')), max_size=2),
    "stale_after": st.sampled_from((1, 30.5, 1e6)),
    "note": _TEXT,
}
_KEYWORDS = st.dictionaries(_TEXT, st.lists(st.sampled_from(("data", "data ware*", "C++")), min_size=1), min_size=1)


@st.composite
def fields(draw: st.DrawFn, attribute: str = "x", parse: Any = None) -> icp.Field:
    """Give a field, whose settings suit its way of parsing."""
    parse = parse or draw(st.sampled_from(PARSES))
    options = {name: draw(strategy) for name, strategy in _COMMON.items() if draw(st.integers(0, 4)) == 0}
    for name, parses, strategy in _SETTINGS:
        if parse in parses and draw(st.booleans()) and not (name == "format" and "order" in options):
            options[name] = draw(strategy)
    if parse == "keywords":
        options["keywords"] = draw(_KEYWORDS)
    try:
        return icp.Field(attribute, parse=parse, **options)
    except DefinitionError:  # a cell that would be read in two ways
        for name in ("unknown", "replace"):
            options.pop(name, None)
        return icp.Field(attribute, parse=parse, **options)


@st.composite
def field_maps(draw: st.DrawFn) -> icp.FieldMap:
    """Give a field map of a few fields that may name each other."""
    names = draw(st.lists(_TEXT, min_size=1, max_size=4, unique=True))
    some = st.sampled_from((None, None, *names))
    made = []
    for name in names:
        field = draw(fields(name))
        made.append(attrs.evolve(field, observed_at=draw(some), verified=draw(some)))
    return icp.FieldMap(
        made,
        key=draw(some),
        exported=draw(st.sampled_from((date(2026, 11, 21), "2024-02-29"))),
        currency=draw(st.sampled_from(("USD", "EUR"))),
        rates=draw(
            st.sampled_from(
                ([], [icp.Rate("CHF", "EUR", 1.04, "2026-01-01"), icp.Rate("EUR", "USD", 1 / 3, date(2025, 1, 1))])
            )
        ),
        encoding=draw(st.sampled_from((None, "cp1252", "UTF-8"))),
        delimiter=draw(st.sampled_from((None, ";", "\t", "|"))),
        name=draw(st.sampled_from((None, *_NAMES))),
        meta=draw(st.sampled_from(_NOTES)),
    )
