import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given

import icpkit as icp
from icpkit.errors import DefinitionError, FieldMapTextError
from icpkit.importing import field_files
from tests.importing.strategies import field_maps

MAP = icp.FieldMap(
    [
        icp.Field("account", "Account "),
        icp.Field(
            "employees",
            ["No. of Employees", "Größe"],
            parse="size",
            unknown=["n/a", "-"],
            replace={"self-employed": "1"},
            unit="thousands",
            observed_at="seen",
            stale_after=365,
        ),
        icp.Field("hq.country", nth=2, optional=True, note="the second one"),
        icp.Field("needs", "about", parse="keywords", keywords={"Data": ["data warehouse", "ETL*"], "CRM": "crm"}),
        icp.Field("seen", parse="date", format="%d-%b-%y", zone="Europe/Berlin"),
        icp.Field("revenue", parse="money", currency="EUR"),
    ],
    key="account",
    exported="2026-11-21",
    currency="USD",
    rates=[icp.Rate("EUR", "USD", 1.1, "2026-01-01")],
    encoding="cp1252",
    delimiter=";",
    name="CRM",
    meta={"tags": ["a"], "owner": {"team": "RevOps"}},
)
TEXT = """\
format = 1
key = "account"
exported = 2026-11-21
currency = "USD"
encoding = "cp1252"
delimiter = ";"
name = "CRM"

[[rates]]
currency = "EUR"
to = "USD"
rate = 1.1
on = 2026-01-01

[meta]
tags = ["a"]
owner = {team = "RevOps"}

[fields.account]
column = "Account "

[fields.employees]
column = ["No. of Employees", "Größe"]
parse = "size"
unknown = ["n/a", "-"]
replace = {self-employed = "1"}
unit = "thousands"
observed_at = "seen"
stale_after = 365

[fields."hq.country"]
nth = 2
optional = true
note = "the second one"

[fields.needs]
column = "about"
parse = "keywords"
keywords = {Data = ["data warehouse", "ETL*"], CRM = ["crm"]}

[fields.seen]
parse = "date"
format = "%d-%b-%y"
zone = "Europe/Berlin"

[fields.revenue]
parse = "money"
currency = "EUR"
"""


def test_a_map_in_toml() -> None:
    """A map is written as people write one: what is about all, then a header for each attribute."""
    assert icp.dumps_fields(MAP, "toml") == TEXT
    assert icp.loads_fields(TEXT) == MAP


@given(field_maps())
@example(MAP)
@pytest.mark.parametrize("form", ["json", "toml"])
def test_a_map_survives_its_text(form: Any, fields: icp.FieldMap) -> None:
    """What is written loads as the same map, in JSON and in TOML, with a mark before it or without."""
    text = icp.dumps_fields(fields, form)
    assert icp.loads_fields(text) == fields
    assert repr(icp.loads_fields(f"\ufeff{text}")) == repr(fields)


@given(field_maps())
def test_both_forms_say_the_same(fields: icp.FieldMap) -> None:
    """TOML and JSON hold the same data."""
    of_toml = icp.loads_fields(icp.dumps_fields(fields, "toml"))
    assert icp.dumps_fields(of_toml) == icp.dumps_fields(fields)


# Mistakes: the text without its first line, `format = 1`, or the whole text after a !


MISTAKES = {
    "an unknown key of the map": (
        'keey = "a"\n[fields.a]\n',
        "$.keey\n    is no key that belongs here\n    did you mean 'key'?",
    ),
    "an unknown key of a field": (
        '[fields.a]\ncolum = "b"\n',
        "$.fields.a.colum (a)\n    is no key that belongs here\n    did you mean 'column'?",
    ),
    "a column that is a number": (
        "[fields.a]\ncolumn = 5\n",
        "$.fields.a.column (a)\n    must be text or a list (got 5)",
    ),
    "one of several columns that is a number": (
        '[fields.a]\ncolumn = ["x", 5]\n',
        '$.fields.a.column[1] (a)\n    must be text (got 5)\n    write it in quotes: "5"',
    ),
    "a number in quotes": (
        '[fields.a]\nnth = "2"\n',
        "$.fields.a.nth (a)\n    must be a whole number (got '2')\n    write it without quotes: 2",
    ),
    "a part of a column": (
        "[fields.a]\nnth = 2.5\n",
        "$.fields.a.nth (a)\n    must be a whole number (got 2.5)",
    ),
    "a column before the first": (
        "[fields.a]\nnth = 0\n",
        "$.fields.a.nth (a)\n    must be >= 1 (got 0)",
    ),
    "a truth in quotes": (
        '[fields.a]\noptional = "true"\n',
        ("$.fields.a.optional (a)\n    must be true or false (got 'true')\n    write it without quotes: true"),
    ),
    "text where a list belongs": (
        '[fields.a]\nunknown = "n/a"\n',
        "$.fields.a.unknown (a)\n    must be a list (got 'n/a')",
    ),
    "a misspelt unit": (
        '[fields.a]\nparse = "number"\nunit = "million"\n',
        (
            "$.fields.a.unit (a)\n"
            "    must be a number or one of 'thousands', 'millions', 'billions' (got 'million')\n"
            "    did you mean 'millions'?"
        ),
    ),
    "a unit that is a list": (
        '[fields.a]\nparse = "number"\nunit = [1]\n',
        "$.fields.a.unit (a)\n    must be a number or text (got [1])",
    ),
    "a unit that is a number in quotes": (
        '[fields.a]\nparse = "number"\nunit = "1000"\n',
        ("$.fields.a.unit (a)\n    must be a number or one of 'thousands', 'millions', 'billions' (got '1000')"),
    ),
    "a unit of a text": (
        '[fields.a]\nunit = "millions"\n',
        (
            "$.fields.a.unit (a)\n"
            "    must be given only where parse is 'number' or 'money' or 'size' (got 'millions' where it "
            "is 'text')"
        ),
    ),
    "a separator of a text": (
        '[fields.a]\nsplit = ","\n',
        ("$.fields.a.split (a)\n    must be given only where parse is 'labels' (got ',' where it is 'text')"),
    ),
    "a misspelt zone": (
        '[fields.a]\nparse = "date"\nzone = "Europe/Berln"\n',
        ("$.fields.a.zone (a)\n    must name a time zone (got 'Europe/Berln')\n    did you mean 'Europe/Berlin'?"),
    ),
    "a zone that is a path": (
        '[fields.a]\nparse = "date"\nzone = "../../etc/passwd"\n',
        (
            "$.fields.a.zone (a)\n"
            "    must name a time zone (got '../../etc/passwd')\n"
            '    name a place, such as "Europe/Berlin", or "UTC"'
        ),
    ),
    "a format with an unknown directive": (
        '[fields.a]\nparse = "date"\nformat = "%d.%q"\n',
        (
            "$.fields.a.format (a)\n"
            "    must say a date, as %d-%b-%Y does: the format '%d.%q' holds '%q', which is none of %d, %m, "
            "%b, %B, %Y, %y, %j, %a, %A, %H, %I, %M, %S, %f, %p, %z, %Z, %%"
        ),
    ),
    "a format of another language": (
        '[fields.a]\nparse = "date"\nformat = "DD/MM/YYYY"\n',
        ("$.fields.a.format (a)\n    must say a date, as %d-%b-%Y does: the format 'DD/MM/YYYY' holds no year: add %Y"),
    ),
    "a format and an order": (
        '[fields.a]\nparse = "date"\nformat = "%d.%m.%Y"\norder = "dmy"\n',
        "$.fields.a.format (a)\n    must not be given together with order",
    ),
    "an unknown order": (
        '[fields.a]\nparse = "date"\norder = "dd-mm"\n',
        (
            "$.fields.a.order (a)\n"
            "    must be one of 'dmy', 'mdy', 'ymd', 'epoch_s', 'epoch_ms', 'spreadsheet' (got 'dd-mm')"
        ),
    ),
    "an attribute twice in TOML": (
        "[fields.a]\n[fields.a]\n",
        (
            "line 3, column 10\n"
            "    is not TOML: Cannot declare ('fields', 'a') twice\n"
            "    the line reads: [fields.a]; each attribute has one header"
        ),
    ),
    "an attribute twice in JSON": (
        '!{"format": 1, "fields": {"a": {}, "a": {}}}',
        "$.fields.a\n    stands twice in the same object",
    ),
    "an export without its day": (
        '[fields.a]\nparse = "ago"\n',
        "$.exported\n    must be the day of the export, since 'a' counts back from it",
    ),
    "money without a currency": (
        '[fields.a]\nparse = "money"\n',
        "$.currency\n    must be given, since 'a' is money",
    ),
    "a currency that is a name": (
        'currency = "Euro"\n[fields.a]\nparse = "money"\n',
        "$.currency\n    must be a currency code of three capital letters, such as EUR (got 'Euro')",
    ),
    "a day that is not ISO 8601": (
        'exported = "21.11.2026"\n[fields.a]\nparse = "ago"\n',
        "$.exported\n    must be a date or its ISO 8601 text (got '21.11.2026')",
    ),
    "a moment where a day belongs": (
        'exported = 2026-11-21T09:00:00\n[fields.a]\nparse = "ago"\n',
        ("$.exported\n    must be a date, or the ISO text of one, such as 2026-11-21 (got 2026-11-21T09:00:00)"),
    ),
    "a moment as text where a day belongs": (
        '!{"format": 1, "exported": "2026-11-21T09:00:00", "fields": {"a": {}}}',
        ("$.exported\n    must be a date, or the ISO text of one, such as 2026-11-21 (got 2026-11-21T09:00:00)"),
    ),
    "a year where a day belongs": (
        'exported = 2026\n[fields.a]\nparse = "ago"\n',
        "$.exported\n    must be a date or its ISO 8601 text (got 2026)",
    ),
    "fields in a list": (
        '[[fields]]\nattribute = "a"\n',
        (
            "$.fields\n"
            "    must be a mapping from attributes to fields (got [{'attribute': 'a'}])\n"
            "    write [fields.employees], once for each attribute"
        ),
    ),
    "a column in place of a field": (
        '!{"format": 1, "fields": {"a": "column a"}}',
        (
            "$.fields.a (a)\n"
            "    must be a mapping (got 'column a')\n"
            '    write [fields.a], and below it column = "column a"'
        ),
    ),
    "nothing in place of a field": (
        '!{"format": 1, "fields": {"a": null}}',
        "$.fields.a (a)\n    must be a mapping (got None)",
    ),
    "nothing in place of the fields": (
        '!{"format": 1, "fields": null}',
        (
            "$.fields\n"
            "    must be a mapping from attributes to fields (got None)\n"
            "    write [fields.employees], once for each attribute"
        ),
    ),
    "no field": (
        "[fields]\n",
        "$.fields\n    must not be empty",
    ),
    "no fields at all": (
        "",
        "$.fields\n    is lacking",
    ),
    "the attribute within its field": (
        '[fields.a]\nattribute = "b"\n',
        ("$.fields.a.attribute (a)\n    is no key that belongs here\n    the header names the attribute"),
    ),
    "no format": (
        "![fields.a]\n",
        "$\n    lacks 'format'\n    add the line format = 1 at the top",
    ),
    "a later format": (
        "!format = 2\n[fields.a]\n",
        (
            "$.format\n"
            "    is written in format 2, but this release of icpkit reads formats up to 1\n"
            "    use a newer icpkit"
        ),
    ),
    "a blank attribute": (
        '[fields." "]\n',
        "$.fields[\" \"].attribute\n    must be text that is not blank (got ' ')",
    ),
    "a misspelt end of a band": (
        '[fields.a]\nparse = "size"\ntake = "midle"\n',
        ("$.fields.a.take (a)\n    must be one of 'middle', 'low', 'high' where parse is 'size' (got 'midle')"),
    ),
    "a number in place of a word": (
        '[fields.a]\nparse = "size"\ntake = 5\n',
        '$.fields.a.take (a)\n    must be text (got 5)\n    write it in quotes: "5"',
    ),
    "keywords without phrases": (
        '[fields.a]\nparse = "keywords"\n',
        "$.fields.a.keywords (a)\n    must list labels with their phrases where parse is 'keywords'",
    ),
    "phrases without labels": (
        '[fields.a]\nparse = "keywords"\nkeywords = ["cloud"]\n',
        ("$.fields.a.keywords (a)\n    must be a mapping from labels to lists of phrases (got ('cloud',))"),
    ),
    "a phrase that is a number": (
        '[fields.a]\nparse = "keywords"\n[fields.a.keywords]\nCloud = [5]\n',
        ("$.fields.a.keywords (a)\n    must be a mapping from labels to lists of phrases (got {'Cloud': (5,)})"),
    ),
    "a number as replacement": (
        "[fields.a]\n[fields.a.replace]\nUSA = 5\n",
        "$.fields.a.replace (a)\n    must be a mapping from text to text (got {'USA': 5})",
    ),
    "a list of replacements": (
        '[fields.a]\nreplace = ["a"]\n',
        "$.fields.a.replace (a)\n    must be a mapping from text to text (got ('a',))",
    ),
    "a rate in quotes": (
        '[[rates]]\ncurrency = "EUR"\nto="USD"\nrate="1.1"\non=2026-01-01\n[fields.a]\n',
        "$.rates[0].rate\n    must be a number (got '1.1')\n    write it without quotes: 1.1",
    ),
    "single brackets around rates": (
        '[rates]\ncurrency = "EUR"\n[fields.a]\n',
        (
            "$.rates\n"
            "    must be a list (got {'currency': 'EUR'})\n"
            "    in TOML, write [[rates]] with double brackets, once for each"
        ),
    ),
    "a rate that is wrong throughout": (
        '[[rates]]\ncurrency = "EUR"\nto="EUR"\nrate=0\non=2026-01-01T09:00:00\n[fields.a]\n',
        (
            "$.rates[0].to\n"
            "    must be another currency than Rate.currency (got 'EUR')\n"
            "$.rates[0].rate\n"
            "    must be > 0 (got 0)\n"
            "$.rates[0].on\n"
            "    must be a date (got datetime.datetime(2026, 1, 1, 9, 0))"
        ),
    ),
    "two delimiters": (
        'delimiter = ";;"\n[fields.a]\n',
        "$.delimiter\n    must be one character (got ';;')",
    ),
    "a number as delimiter": (
        "delimiter = 5\n[fields.a]\n",
        '$.delimiter\n    must be text (got 5)\n    write it in quotes: "5"',
    ),
    "notes that are a number": (
        "meta = 5\n[fields.a]\n",
        "$.meta\n    must be a mapping with text keys (got 5)",
    ),
    "notes that JSON cannot hold": (
        "[fields.a]\n[meta]\nd = nan\n",
        "$.meta.d\n    must be a finite number (got nan)",
    ),
    "days with a unit": (
        '[fields.a]\nstale_after = "30 days"\n',
        "$.fields.a.stale_after (a)\n    must be a number (got '30 days')",
    ),
    "a profile in place of a map": (
        'name = "P"\n[[dimensions]]\nname = "D"\n',
        ("$\n    is a profile, and no field map\n    give the map here, the profile elsewhere"),
    ),
    "a key of the map within a field": (
        '[fields.a]\nkey = "a"\nfomat = 1\n',
        (
            "$.fields.a.key (a)\n"
            "    is no key of a field\n"
            "    it belongs above the first [fields.…]: move 'key' up\n"
            "$.fields.a.fomat (a)\n"
            "    is no key that belongs here\n"
            "    did you mean 'format'?"
        ),
    ),
    "something else": (
        "![1]",
        (
            "$\n"
            "    lacks 'format'\n"
            "    add the line format = 1 at the top\n"
            "$.fields\n"
            "    is lacking\n"
            '$["1"]\n'
            "    is no key that belongs here\n"
            "    known keys: fields, key, exported, currency, rates, encoding, delimiter, header_line, name, meta"
        ),
    ),
    "nothing": (
        "!",
        "$\n    lacks 'format'\n    add the line format = 1 at the top\n$.fields\n    is lacking",
    ),
    "broken TOML": (
        "[fields.a\n",
        (
            "line 2, column 10\n"
            "    is not TOML: Expected ']' at the end of a table declaration\n"
            "    the line reads: [fields.a"
        ),
    ),
    "a misspelt encoding": (
        'encoding = "utf-88"\n[fields.a]\n',
        "$.encoding\n    must name an encoding of text (got 'utf-88')\n    did you mean 'utf-8'?",
    ),
    "a number as encoding": (
        "encoding = 5\n[fields.a]\n",
        '$.encoding\n    must be text (got 5)\n    write it in quotes: "5"',
    ),
    "several mistakes": (
        ('keyy = "a"\n[fields.a]\nparse = "numbr"\nunit = "mm"\n[fields.b]\nparse="date"\nzone="x"\norder="q"\n'),
        (
            "$.keyy\n"
            "    is no key that belongs here\n"
            "    did you mean 'key'?\n"
            "$.fields.a.parse (a)\n"
            "    must be one of 'text', 'number', 'money', 'size', 'year', 'date', 'ago', 'flag', 'labels', "
            "'events', 'domain', 'keywords', 'as_is' (got 'numbr')\n"
            "    did you mean 'number'?\n"
            "$.fields.a.unit (a)\n"
            "    must be a number or one of 'thousands', 'millions', 'billions' (got 'mm')\n"
            "$.fields.b.zone (b)\n"
            "    must name a time zone (got 'x')\n"
            '    name a place, such as "Europe/Berlin", or "UTC"\n'
            "$.fields.b.order (b)\n"
            "    must be one of 'dmy', 'mdy', 'ymd', 'epoch_s', 'epoch_ms', 'spreadsheet' (got 'q')"
        ),
    ),
    "half a character": (
        '!{"format": 1, "fields": {"a": {"column": "\\ud800"}}}',
        "$.fields.a.column\n    must be valid Unicode (got '\\ud800')",
    ),
    "text where words belong": (
        '[fields.a]\nparse="flag"\ntrue = "yes"\n',
        "$.fields.a.true (a)\n    must be a list (got 'yes')",
    ),
    "a truth where a word belongs": (
        '[fields.a]\nparse="flag"\ntrue = [true]\n',
        "$.fields.a.true[0] (a)\n    must be text (got true)",
    ),
    "a currency of a field alone": (
        '[fields.a]\nparse="money"\ncurrency = "EUR"\n',
        "$.currency\n    must be given, since 'a' is money",
    ),
    "a dot without quotes": (
        '[fields.hq.country]\ncolumn = "x"\n',
        (
            "$.fields.hq.country (hq)\n"
            "    is no key that belongs here\n"
            '    put a name with a dot in quotes: [fields."hq.country"]'
        ),
    ),
    "a name of two lines": (
        '!{"format": 1, "fields": {"a\\nb": {"colum": 1}}}',
        "$.fields[\"a\\nb\"].colum (a b)\n    is no key that belongs here\n    did you mean 'column'?",
    ),
    "attributes that do not exist": (
        (
            'key = "acount"\n'
            "[fields.account]\n"
            'observed_at = "seen"\n'
            'source = "account"\n'
            "[fields.zzzzzz]\n"
            'verified = "accounts"\n'
        ),
        (
            "$.key\n"
            "    must name an attribute of the map (got 'acount')\n"
            "    did you mean 'account'?\n"
            "$.fields.account.observed_at (account)\n"
            "    must name an attribute of the map (got 'seen')\n"
            "    the attributes: account, zzzzzz\n"
            "$.fields.zzzzzz.verified (zzzzzz)\n"
            "    must name an attribute of the map (got 'accounts')\n"
            "    did you mean 'account'?"
        ),
    ),
    "a key that is a number": (
        "key = 5\n[fields.account]\n",
        '$.key\n    must be text (got 5)\n    write it in quotes: "5"',
    ),
    "a cell replaced twice": (
        '[fields.a.replace]\nUSA = "US"\nusa = "U.S."\n',
        "$.fields.a.replace (a)\n    must not name a cell twice, whatever its case (got 'usa')",
    ),
    "a cell that is unknown and replaced": (
        '[fields.a]\nunknown=["n/a"]\n[fields.a.replace]\n"N/A" = "US"\n',
        "$.fields.a.replace (a)\n    must not name a cell that unknown names (got 'N/A')",
    ),
    "the zone of each machine": (
        '[fields.a]\nparse="date"\nzone="localtime"\n',
        (
            "$.fields.a.zone (a)\n    must name a time zone (got 'localtime')\n"
            '    name a place, such as "Europe/Berlin", or "UTC"'
        ),
    ),
    "a phrase without a word": (
        '[fields.a]\nparse="keywords"\n[fields.a.keywords]\nData = ["*"]\n',
        "$.fields.a.keywords (a)\n    must hold words: the phrase '*' of 'Data' holds no word",
    ),
    "a quotation mark as delimiter": (
        "delimiter='\"'\n[fields.a]\n",
        "$.delimiter\n    must not be a quotation mark or the end of a line (got '\"')",
    ),
    "a setting twice": (
        '!{"format": 1, "fields": {"a": {"column": "x", "column": "y"}}}',
        "$.fields.a.column\n    stands twice in the same object",
    ),
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_map(text: str, told: str) -> None:
    """Each mistake is told with its path, what is wrong in plain words, and the way out."""
    whole = text[1:] if text.startswith("!") else f"format = 1\n{text}"
    with pytest.raises(FieldMapTextError) as caught:
        icp.loads_fields(whole)
    assert "\n".join(map(str, caught.value.problems)) == told
    assert caught.value.source == "the text"


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "..", "Europe/../../x", "a\0b", "C:\\x"])
def test_a_zone_is_no_path(zone: str) -> None:
    """A zone that is a path is refused like any other that is none."""
    with pytest.raises(DefinitionError, match=r"Field\.zone must name a time zone"):
        icp.Field("seen", parse="date", zone=zone)


def test_more_mistakes_than_anybody_reads() -> None:
    """A thousand mistakes are enough; the message shows the first of them."""
    text = "format = 1\n[fields.a]\n" + "".join(f"x{number} = 1\n" for number in range(2_000))
    with pytest.raises(FieldMapTextError, match="… and 980 more"):
        icp.loads_fields(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": 1, "fields": ' + "[" * 100_000, "nests lists and mappings deeper than 32 levels"),
        ('{"format": 1, "meta": {"a": ' + "[" * 40 + "]" * 40 + "}}", "nested deeper|deeper than 32"),
        ('{"format": 1, "meta": [' + "0," * 10_001 + "0]}", "has 10,002 entries, where 10,000 are the most"),
        (f'format = 1\nname = "{"x" * 300_000}"', "is too long"),
        ("format = 1\n" + ".".join("a" * 100) + " = 1", "deeper than 32 levels"),
    ],
    ids=["brackets", "notes", "entries", "long", "dots"],
)
def test_a_text_that_would_cost_too_much(text: str, told: str) -> None:
    """A hostile text is one plain error."""
    with pytest.raises(FieldMapTextError, match=told):
        icp.loads_fields(text)


def test_what_is_no_text() -> None:
    """Bytes and paths are not text: the message names the function for files."""
    with pytest.raises(TypeError, match=r"needs text .got PosixPath.; load_fields.. reads a file"):
        icp.loads_fields(Path("fields.toml"))  # type: ignore[arg-type]  # that is the point


# Files


@pytest.mark.parametrize("name", ["fields.toml", "fields.json", "FIELDS.JSON"])
def test_a_map_in_a_file(tmp_path: Path, name: str) -> None:
    """The name's end says the form, and what was there is replaced."""
    path = tmp_path / name
    path.write_text("old")
    icp.dump_fields(MAP, path)
    assert icp.load_fields(str(path)) == MAP
    assert (path.read_bytes()[:1] == b"{") == name.lower().endswith("json")


def test_a_file_of_any_name_is_loaded_by_its_content(tmp_path: Path) -> None:
    """Without a known end, JSON is known by its brace; a mark before it does not count."""
    path = tmp_path / "fields.txt"
    path.write_bytes(b"\xef\xbb\xbf" + icp.dumps_fields(MAP).encode())
    assert icp.load_fields(path) == MAP


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("fields.json", b"format = 1", "it begins as TOML does: should its name end in .toml?"),
        ("fields.toml", b'{"format": 1}', "it begins as JSON does: should its name end in .json?"),
        ("fields.json", b"[1]", "must be a mapping with format and fields"),
        ("fields.toml", b"format = 1\n# caf\xe9", "is not UTF-8 text .got the byte 0xe9."),
        ("fields.toml", b"#" * (2**20 + 1), "is too long: more than 1,048,576 bytes"),
        ("fields.toml", b"format = 1\n[fields.a]\nparse = 5", "fields.toml has 1 mistake"),
    ],
)
def test_a_file_that_is_no_map(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    """The error names the file, and what to do about it."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FieldMapTextError, match=told) as caught:
        icp.load_fields(path)
    assert caught.value.source == str(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path without a file is the error that Python knows."""
    with pytest.raises(FileNotFoundError):
        icp.load_fields(tmp_path / "fields.toml")


def test_a_map_that_no_file_can_hold(tmp_path: Path) -> None:
    """Half a character is refused before anything is written, and what is there stays."""
    path = tmp_path / "fields.json"
    path.write_text("old")
    with pytest.raises(DefinitionError, match=r"^FieldMap cannot be written as JSON, .*: \$\.name"):
        icp.dump_fields(attrs.evolve(MAP, name="\ud800"), path)
    assert path.read_text() == "old"


def test_forms_that_are_not_known() -> None:
    """Other forms and other endings are refused with those that are known."""
    with pytest.raises(ValueError, match=r'form must be "json" or "toml" .got .yaml..'):
        icp.dumps_fields(MAP, "yaml")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(ValueError, match=r"must end in \.json or \.toml .got .fields\.yaml.."):
        icp.dump_fields(MAP, "fields.yaml")


def test_without_tomlkit() -> None:
    """Reading TOML needs nothing, and writing it names the extra in one line."""
    code = """
import sys; sys.modules["tomlkit"] = None
import icpkit as icp
fields = icp.loads_fields('format = 1\\n[fields.a]')
print(icp.loads_fields(icp.dumps_fields(fields)) == fields)
icp.dumps_fields(fields, "toml")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "True\n"
    assert ran.stderr.splitlines()[-1] == 'ImportError: writing TOML needs tomlkit: pip install "icpkit[toml]"'


def test_a_map_of_an_older_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later release brings older maps to its own format."""
    monkeypatch.setattr(field_files, "FORMAT", 2)
    monkeypatch.setattr(field_files, "UPCASTERS", {1: lambda data: {**data, "format": 2, "name": "upcast"}})
    assert icp.loads_fields("format = 1\n[fields.a]").name == "upcast"


# Presets


@pytest.mark.parametrize("name", field_files.PRESETS)
def test_a_preset(name: str) -> None:
    """A preset is a map like any other: it survives its text, its key is an attribute, and any column may be absent."""
    fields = icp.field_preset(name)
    assert icp.loads_fields(icp.dumps_fields(fields)) == fields
    assert (fields.name, fields.key in {field.attribute for field in fields.fields}) == (name, True)
    assert all(field.optional for field in fields.fields)
    assert icp.field_preset(name) is fields
    columns = [column for field in fields.fields for column in field.columns]
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize(
    ("name", "row", "account"),
    [
        (
            "hubspot",
            {
                "Record ID": "123456789012",
                "Company name": "Acme",
                "Number of Employees": "320",
                "Annual Revenue": "18300000",
                "Year Founded": "2013",
                "Web Technologies": "Slack;Google Analytics",
                "Is Public": "false",
                "Last Activity Date": "2026-11-02 14:05",
            },
            {
                "record_id": "123456789012",
                "name": "Acme",
                "employees": 320,
                "annual_revenue": 18300000,
                "founded": 2013,
                "technologies": ("Slack", "Google Analytics"),
                "is_public": False,
            },
        ),
        (
            "salesforce",
            {
                "Account ID": "0015g00000XyZab",
                "Account Name": "Acme",
                "Employees": "1,250",
                "Annual Revenue": "$5,000,000",
                "Industry": "--None--",
                "Year Started": "2013",
                "Created Date": "11/21/2025",
                "Last Activity": "",
            },
            {
                "account_id": "0015g00000XyZab",
                "name": "Acme",
                "employees": 1250,
                "annual_revenue": 5000000,
                "industry": None,
                "founded": 2013,
                "created_on": date(2025, 11, 21),
                "last_activity": None,
            },
        ),
        (
            "salesforce",
            {
                "Id": "0015g00000XyZabAAC",
                "Name": "Acme",
                "NumberOfEmployees": "1250",
                "AnnualRevenue": "5000000",
                "BillingCountry": "Germany",
                "CreatedDate": "2025-11-21T09:30:00.000Z",
            },
            {"account_id": "0015g00000XyZabAAC", "employees": 1250, "annual_revenue": 5000000, "country": "Germany"},
        ),
    ],
    ids=["hubspot", "salesforce report", "salesforce data loader"],
)
def test_an_export_by_a_preset(name: str, row: dict[str, str], account: dict[str, Any]) -> None:
    """An export with the columns that a system gives them is read without further settings."""
    [made] = icp.field_preset(name).apply([row])
    assert {attribute: made[attribute] for attribute in account} == account


def test_a_preset_that_is_not_known() -> None:
    """A system without a preset is answered with the near name, or with all."""
    with pytest.raises(LookupError, match="no preset 'hubspott'; did you mean 'hubspot'"):
        icp.field_preset("hubspott")
    with pytest.raises(LookupError, match="known: hubspot, salesforce"):
        icp.field_preset("../../etc/passwd")


def test_toml_that_others_read() -> None:
    """What is written is TOML by the standard library's own reader, attributes with dots and quotes among it."""
    fields = icp.FieldMap([icp.Field("a.b"), icp.Field('a"b'), icp.Field("größe"), icp.Field("a b", note="x\ny")])
    assert list(tomllib.loads(icp.dumps_fields(fields, "toml"))["fields"]) == ["a.b", 'a"b', "größe", "a b"]
