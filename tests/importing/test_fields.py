import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given

import icpkit as icp
from icpkit.errors import DefinitionError
from icpkit.importing.fields import shown_list
from tests.importing.strategies import field_maps, fields

MADE = {"icp": icp, "Field": icp.Field, "FieldMap": icp.FieldMap, "Rate": icp.Rate, "datetime": dt}


@given(fields())
def test_the_repr_of_a_field_is_the_call_that_makes_it(field: icp.Field) -> None:
    """A field's repr can be pasted back, and equal fields are one in a set."""
    made = eval(repr(field), MADE)  # that is the point
    assert made == field
    assert len({made, field}) == 1


@given(field_maps())
def test_the_repr_of_a_map_is_the_call_that_makes_it(fields: icp.FieldMap) -> None:
    """A map's repr can be pasted back, and equal maps are one in a set."""
    made = eval(repr(fields), MADE)  # the same
    assert made == fields
    assert len({made, fields}) == 1


def test_maps_differ_by_their_notes() -> None:
    """True and 1 are not the same note, as they are not in a file."""
    one, other = (icp.FieldMap([icp.Field("id")], meta={"a": value}) for value in (1, True))
    assert one != other


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (icp.Field("id"), "Field('id')"),
        (icp.Field("id", "ID"), "Field('id', 'ID')"),
        (icp.Field("id", ["ID", "Id"], nth=2), "Field('id', ['ID', 'Id'], nth=2)"),
        (icp.Field("id", (), unit=1.0), "Field('id')"),
    ],
)
def test_a_repr_is_short(field: icp.Field, text: str) -> None:
    """What is the default is left out, and a single column stands alone."""
    assert repr(field) == text


# Mistakes

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "attribute": ({"attribute": " "}, "Field.attribute must be text that is not blank (got ' ')"),
    "column blank": ({"column": [""]}, "Field.column must be text that is not blank (got '')"),
    "column mapping": ({"column": {"a": 1}}, "Field.column must be a list of text (got {'a': 1})"),
    "column number": ({"column": ["a", 5]}, "Field.column must hold only text (got 5)"),
    "nth part": ({"nth": 1.5}, "Field.nth must be a whole number (got 1.5)"),
    "nth float": ({"nth": 2.0}, "Field.nth must be a whole number (got 2.0)"),
    "nth zero": ({"nth": 0}, "Field.nth must be >= 1 (got 0)"),
    "nth truth": ({"nth": True}, "Field.nth must be a number (got True)"),
    "optional": ({"optional": 1}, "Field.optional must be True or False (got 1)"),
    "unknown": ({"unknown": "n/a"}, "Field.unknown must be a list of text (got 'n/a')"),
    "replace list": (
        {"replace": [("a", "b")]},
        "Field.replace must be a mapping from text to text (got (('a', 'b'),))",
    ),
    "replace blank": ({"replace": {"a": " "}}, "Field.replace must be a mapping from text to text (got {'a': ' '})"),
    "unit name": (
        {"parse": "number", "unit": "million"},
        "Field.unit must be a number or one of 'thousands', 'millions', 'billions' (got 'million')",
    ),
    "keywords lacking": (
        {"parse": "keywords"},
        "Field.keywords must list labels with their phrases where parse is 'keywords' (got {})",
    ),
    "order and format": (
        {"parse": "date", "order": "ymd", "format": "%Y-%m-%d"},
        "Field.format must not be given together with order",
    ),
    "unit zero": ({"parse": "number", "unit": 0}, "Field.unit must be > 0 (got 0)"),
    "unit truth": ({"parse": "number", "unit": True}, "Field.unit must be a number (got True)"),
    "unit list": ({"parse": "number", "unit": [1]}, "Field.unit must be a number (got [1])"),
    "decimal": ({"parse": "number", "decimal": ";"}, "Field.decimal must be one of '.', ',' (got ';')"),
    "prose": ({"parse": "size", "prose": 1}, "Field.prose must be True or False (got 1)"),
    "take": (
        {"parse": "year", "take": "low"},
        "Field.take must be one of 'first', 'last', 'least' where parse is 'year' (got 'low')",
    ),
    "take list": (
        {"parse": "size", "take": ["low"]},
        "Field.take must be one of 'middle', 'low', 'high' where parse is 'size' (got ['low'])",
    ),
    "split": ({"parse": "labels", "split": ""}, "Field.split must be text that is not empty (got '')"),
    "split number": ({"parse": "labels", "split": 5}, "Field.split must be text that is not empty (got 5)"),
    "format": (
        {"parse": "date", "format": "%d.%m"},
        "Field.format must say a date, as %d-%b-%Y does: the format '%d.%m' holds no year: add %Y",
    ),
    "format blank": ({"parse": "date", "format": " "}, "Field.format must be text that is not blank (got ' ')"),
    "zone": ({"parse": "date", "zone": 5}, "Field.zone must be text that is not blank (got 5)"),
    "currency": (
        {"parse": "money", "currency": "Eur"},
        "Field.currency must be a currency code of three capital letters, such as EUR (got 'Eur')",
    ),
    "keywords": (
        {"parse": "keywords", "keywords": ["a"]},
        "Field.keywords must be a mapping from labels to lists of phrases (got ('a',))",
    ),
    "keywords label": (
        {"parse": "keywords", "keywords": {" ": "a"}},
        "Field.keywords must be a mapping from labels to lists of phrases (got {' ': ('a',)})",
    ),
    "keywords none": (
        {"parse": "keywords", "keywords": {"A": []}},
        "Field.keywords must be a mapping from labels to lists of phrases (got {'A': ()})",
    ),
    "keywords number": (
        {"parse": "keywords", "keywords": 5},
        "Field.keywords must be a mapping from labels to lists of phrases (got 5)",
    ),
    "keywords word": (
        {"parse": "keywords", "keywords": {"A": "a*b"}},
        "Field.keywords must hold words: the phrase 'a*b' of 'A' has a * that does not end a word",
    ),
    "stale": ({"stale_after": 0}, "Field.stale_after must be > 0 (got 0)"),
    "note": ({"note": ""}, "Field.note must be text that is not blank (got '')"),
    "unknown and empty": (
        {"parse": "labels", "unknown": ["None"], "empty": ["NONE "]},
        "Field.empty must not name a cell that unknown names (got 'NONE ')",
    ),
    "unknown and replace": (
        {"unknown": ["None"], "replace": {"none": "a"}},
        "Field.replace must not name a cell that unknown names (got 'none')",
    ),
    "empty and replace": (
        {"parse": "labels", "empty": ["None"], "replace": {"none": "a"}},
        "Field.replace must not name a cell that empty names (got 'none')",
    ),
    "replace twice": (
        {"replace": {"USA": "US", "usa": "U.S."}},
        "Field.replace must not name a cell twice, whatever its case (got 'usa')",
    ),
    "true and false": (
        {"parse": "flag", "true": ["x"], "false": ["X"]},
        "Field.false must not name a cell that true names (got 'X')",
    ),
}


@pytest.mark.parametrize(("options", "problem"), WRONG.values(), ids=WRONG)
def test_a_field_that_cannot_be(options: dict[str, Any], problem: str) -> None:
    """A wrong setting is refused when the field is made, with what it must be."""
    with pytest.raises(DefinitionError) as caught:
        icp.Field(**{"attribute": "a", **options})
    assert str(caught.value).partition("\n")[0] == problem


@pytest.mark.parametrize("parse", ["text", "as_is", "domain"])
@pytest.mark.parametrize(
    "options",
    [
        {"unit": 2},
        {"decimal": ","},
        {"currency": "EUR"},
        {"take": "low"},
        {"prose": True},
        {"split": ","},
        {"order": "ymd"},
        {"format": "%Y-%m-%d"},
        {"zone": "UTC"},
        {"true": ["x"]},
        {"false": ["x"]},
        {"keywords": {"A": "a"}},
        {"empty": ["x"]},
    ],
    ids=lambda options: next(iter(options)),
)
def test_a_setting_that_does_not_belong(parse: Any, options: dict[str, Any]) -> None:
    """A setting that would do nothing is an error that names the ways of parsing that know it."""
    name = next(iter(options))
    with pytest.raises(
        DefinitionError, match=rf"^Field\.{name} must be given only where parse is '.*where it is '{parse}'"
    ):
        icp.Field("a", parse=parse, **options)


def test_tokens_may_come_in_several_spellings() -> None:
    """A token that stands twice in one list, or is replaced twice by the same, is no mistake."""
    field = icp.Field("a", unknown=["n/a", "N/A"], replace={"USA": "US", "usa": "US"})
    assert icp.FieldMap([field]).apply({"a": ["N/a", "Usa"]}).column("a") == (None, "US")


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory", "Europe", "", "europe/berlin\n", "a" * 999])
def test_a_zone_is_one_that_every_machine_knows(zone: str) -> None:
    """What a machine calls its own zone is no zone of an export."""
    with pytest.raises(DefinitionError, match=r"^Field\.zone must"):
        icp.Field("a", parse="date", zone=zone)


MONEY = icp.Field("revenue", parse="money")
AGO = icp.Field("since", parse="ago")
ID = icp.Field("id")
WRONG_MAPS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "nothing": ([], {}, "FieldMap.fields must not be empty (got ())"),
    "text": ("id", {}, "FieldMap.fields must be a list of fields (got 'id')"),
    "no fields": (["id"], {}, "FieldMap.fields must hold only fields (got 'id')"),
    "twice": ([ID, MONEY, ID], {"currency": "EUR"}, "FieldMap.fields must not hold an attribute twice (got 'id')"),
    "key": (
        [ID],
        {"key": "idd"},
        "FieldMap.key must name an attribute of the map (got 'idd')\n\nHint: did you mean 'id'?",
    ),
    "reference": (
        [ID, icp.Field("a", verified="b")],
        {},
        "Field.verified of 'a' must name an attribute of the map (got 'b')\n\nHint: the attributes: id, a",
    ),
    "ago": ([AGO], {}, "FieldMap.exported must be the day of the export, since 'since' counts back from it (got None)"),
    "money": ([MONEY], {}, "FieldMap.currency must be given, since 'revenue' is money (got None)"),
    "exported": (
        [ID],
        {"exported": "21.11.2026"},
        "FieldMap.exported must be a date, or the ISO text of one, such as 2026-11-21 (got '21.11.2026')",
    ),
    "exported moment": (
        [ID],
        {"exported": dt.datetime(2026, 11, 21, 9)},
        "FieldMap.exported must be a date, or the ISO text of one, such as 2026-11-21 (got 2026-11-21T09:00:00)",
    ),
    "currency": (
        [ID],
        {"currency": "€"},
        "FieldMap.currency must be a currency code of three capital letters, such as EUR (got '€')",
    ),
    "rates": ([ID], {"rates": [5]}, "FieldMap.rates must hold only rates (got 5)"),
    "two delimiters": ([ID], {"delimiter": ";;"}, "FieldMap.delimiter must be one character (got ';;')"),
    "no delimiter": ([ID], {"delimiter": 5}, "FieldMap.delimiter must be one character (got 5)"),
    "line end": (
        [ID],
        {"delimiter": "\n"},
        "FieldMap.delimiter must not be a quotation mark or the end of a line (got '\\n')",
    ),
    "quotation mark": (
        [ID],
        {"delimiter": '"'},
        "FieldMap.delimiter must not be a quotation mark or the end of a line (got '\"')",
    ),
    "name": ([ID], {"name": ""}, "FieldMap.name must be text that is not blank (got '')"),
    "notes": ([ID], {"meta": 5}, "FieldMap.meta must be a mapping with text keys (got 5)"),
    "notes with objects": (
        [ID],
        {"meta": {"a": {1j}}},
        "FieldMap.meta must hold plain data only: text, numbers, dates, lists, mappings with text keys (got 1j)",
    ),
}


@pytest.mark.parametrize(("made", "options", "problem"), WRONG_MAPS.values(), ids=WRONG_MAPS)
def test_a_map_that_cannot_be(made: Any, options: dict[str, Any], problem: str) -> None:
    """What does not add up is refused when the map is made, with the field and the way out."""
    with pytest.raises(DefinitionError) as caught:
        icp.FieldMap(made, **options)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "encoding",
    ["utf-88", "hex", "rot13", "idna", "punycode", "undefined", "unicode_escape", "../x", "a\0", " ", 5],
)
def test_an_encoding_that_no_file_has(encoding: Any) -> None:
    """What is no encoding of text is refused when the map is made, not when a file is read."""
    with pytest.raises(DefinitionError, match=r"^FieldMap\.encoding must (name an encoding of text|be text)"):
        icp.FieldMap([ID], encoding=encoding)


@pytest.mark.parametrize("encoding", [None, "utf-8", "UTF_8", "cp1252", "latin-1", "utf-16", "utf-16-le", "shift_jis"])
def test_an_encoding(encoding: str | None) -> None:
    """Whatever Python can read text in may be declared."""
    assert icp.FieldMap([ID], encoding=encoding).encoding == encoding


# Fields of a map


def test_a_map_knows_its_fields() -> None:
    """A field is found by its attribute; the first holds the keys, unless the map says otherwise."""
    fields = icp.FieldMap([ID, MONEY], currency="EUR")
    assert (fields["revenue"], fields.key_attribute) == (MONEY, "id")
    assert attrs.evolve(fields, key="revenue").key_attribute == "revenue"
    assert (ID.columns, icp.Field("id", ["a", "b"]).columns) == (("id",), ("a", "b"))
    assert [icp.Field("x", parse="number", unit=unit).factor for unit in (1, 0.5, "billions")] == [1, 0.5, 10**9]


def test_fields_come_and_go() -> None:
    """One field is put in, in its place or at the end, or left out; the map itself never changes."""
    fields = icp.FieldMap([ID, icp.Field("a")])
    assert fields.with_field(icp.Field("id", "ID")).fields == (icp.Field("id", "ID"), icp.Field("a"))
    assert fields.with_field(icp.Field("b")).fields == (ID, icp.Field("a"), icp.Field("b"))
    assert fields.without("a").fields == (ID,)
    assert fields == icp.FieldMap([ID, icp.Field("a")])


@pytest.mark.parametrize(
    ("attribute", "told"), [("ids", "no attribute 'ids'; did you mean 'id'?"), ("zzz", "no attribute 'zzz'; it has id")]
)
def test_a_field_that_is_not_there(attribute: str, told: str) -> None:
    """An attribute that the map does not have is answered with the near name, or with those that it has."""
    for ask in (icp.FieldMap([ID]).__getitem__, icp.FieldMap([ID]).without):
        with pytest.raises(KeyError) as caught:
            ask(attribute)
        assert caught.value.args[0] == told


def test_many_names_are_cut() -> None:
    """A message names the first 20 of many."""
    assert shown_list(str(number) for number in range(21)) == ", ".join(map(str, range(20))) + ", …"


@pytest.mark.no_cover
def test_a_large_map_takes_no_time_by_its_square() -> None:
    """Ten thousand fields are made at once, and the attribute that comes twice among them is found."""
    many = [icp.Field(f"a{number}") for number in range(10_000)]
    assert len(icp.FieldMap(many).fields) == 10_000
    with pytest.raises(DefinitionError, match=r"twice .got 'a9999'"):
        icp.FieldMap([*many, many[-1]])


@pytest.mark.parametrize("line", [0, -1, 1.0, True, "4", 1001])
def test_the_header_stands_on_a_line(line: Any) -> None:
    """The line of the header is a whole number, not far down."""
    with pytest.raises(icp.DefinitionError, match=r"FieldMap\.header_line must be a whole number from 1 to 1000"):
        icp.FieldMap([icp.Field("a")], header_line=line)
