import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.importing.files import read_table
from icpkit.importing.guessing import Guess, GuessedMap, guess_fields
from tests.importing import invented, torture
from tests.importing.invented import EXPORTS, Invented
from tests.importing.readers import AS_TEXT, TYPED

#: Settings of a field that say how cells are read.
SETTINGS = [one.name for one in attrs.fields(icp.Field) if one.name not in {"attribute", "column", "nth"}]
#: Of the map itself.
OF_THE_MAP = ("key", "currency", "exported", "rates", "encoding", "delimiter")


def settings_of(field: icp.Field) -> dict[str, Any]:
    """Give the settings of a field that are not the usual ones."""
    usual = icp.Field("x")
    given = {name: getattr(field, name) for name in SETTINGS if getattr(field, name) != getattr(usual, name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}


def guessed(path: Path) -> GuessedMap:
    """Guess the map of a file."""
    return guess_fields(read_table(path)[0])


def changes(found: GuessedMap, export: Invented) -> list[str]:
    """Give the places that a person would have to change: settings of the map, and columns."""
    right = export.field_map()
    of_map = [name for name in OF_THE_MAP if name != "key" and getattr(found.fields, name) != getattr(right, name)]
    of_map += [] if found.fields.key_attribute == right.key_attribute else ["key"]
    pairs = ((guess.field, guess.field.columns[0]) for guess in found.guesses)
    return of_map + [
        column for field, column in pairs if (field.attribute, settings_of(field)) != export.wanted(column)
    ]


def doubted(found: GuessedMap) -> dict[str, tuple[str, ...]]:
    """Give the doubts about each column that has some."""
    return {guess.field.columns[0]: guess.doubts for guess in found.guesses if guess.doubts}


def one(*cells: Any, name: str = "x", **others: list[Any]) -> Guess:
    """Guess one column, beside others."""
    return guess_fields({name: list(cells), **others}).guesses[0]


def as_guessed(*cells: Any, name: str = "x", **others: list[Any]) -> tuple[str, dict[str, Any], int]:
    """Give the attribute and settings guessed for one column, and the number of doubts."""
    guess = one(*cells, name=name, **others)
    return guess.field.attribute, settings_of(guess.field), len(guess.doubts)


# Exports in well-known formats


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the exports of all tests."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module", params=EXPORTS.values(), ids=list(EXPORTS))
def export(request: pytest.FixtureRequest) -> Invented:
    """Each export in turn."""
    export: Invented = request.param
    return export


@pytest.fixture(scope="module")
def found(folder: Path, export: Invented) -> GuessedMap:
    """The guessed map of the export's file."""
    return guessed(export.write(folder))


@pytest.fixture(scope="module")
def in_utf_8(folder: Path, export: Invented) -> Path:
    """The export's file as all readers can read it."""
    return attrs.evolve(export, name=f"{export.name} in UTF-8", encoding="utf-8").write(folder)


@pytest.fixture(scope="module")
def found_in_utf_8(in_utf_8: Path) -> GuessedMap:
    """The guessed map of that file."""
    return guessed(in_utf_8)


def test_a_person_has_little_to_change(export: Invented, found: GuessedMap) -> None:
    """The guessed map of an export is right but for what is pinned here, and in at most three places."""
    assert changes(found, export) == list(export.changes)
    assert len(export.changes) <= 3 or export is invented.ASTRAY


def test_what_is_to_be_changed_is_asked(export: Invented, found: GuessedMap) -> None:
    """Nothing is wrong in silence: each place that has to be changed has a question beside it."""
    asked = {*doubted(found), *("rates" for doubt in found.doubts if "declare rates" in doubt)}
    asked |= {"exported" for doubts in doubted(found).values() if any("exported = " in doubt for doubt in doubts)}
    assert set(export.changes) <= asked


@pytest.mark.parametrize(
    "export",
    [one for one in EXPORTS.values() if one is not invented.ASTRAY],
    ids=lambda one: one.name,
    indirect=True,
)
def test_what_is_guessed_reads_all_cells(folder: Path, export: Invented, found: GuessedMap) -> None:
    """Every cell of these exports can be read by the guessed map."""
    accounts = icp.read_accounts(export.write(folder), found.fields)
    assert (len(accounts), accounts.repeated, accounts.left_out) == (invented.ROWS, {}, ())


@pytest.mark.no_cover
@pytest.mark.parametrize("reader", AS_TEXT.values(), ids=AS_TEXT)
def test_frames_are_guessed_as_files_are(
    export: Invented, in_utf_8: Path, found_in_utf_8: GuessedMap, reader: Any
) -> None:
    """A frame of text gives the map that the file gives."""
    assert guess_fields(reader(in_utf_8, "utf-8", export.delimiter)) == found_in_utf_8


@pytest.mark.parametrize("reader", TYPED.values(), ids=TYPED)
def test_typed_frames_are_guessed_alike(tmp_path: Path, reader: Any) -> None:
    """What a reader has typed by itself is recognized: numbers, dates, truths."""
    path = invented.DATA_LOADER.write(tmp_path)
    assert changes(guess_fields(reader(path)), invented.DATA_LOADER) in (["BILLINGCOUNTRY"], [])


def test_the_torture_file_asks_what_it_must(tmp_path: Path) -> None:
    """Of the torture file three places have to be changed, and there are questions at each: rates, and time ago."""
    found = guessed(torture.write_csv(tmp_path / "torture.csv"))
    assert found.doubts == ("amounts in USD × 2, EUR × 2, GBP × 1: declare rates",)
    assert doubted(found)["Years With Us"] == (
        'how long ago: parse = "ago", and above exported = the day of the export',
    )
    settings = {guess.field.attribute: settings_of(guess.field) for guess in found.guesses}
    assert settings == {
        "account_id": {"unknown": ["NULL"]},
        "name": {},
        "source": {"unknown": ["-", "N/A", "Select"]},
        "source_2": {},
        "country": {},
        "stage": {"unknown": ["Select", "- Select -"]},
        "competitor": {"unknown": ["-"]},
        "employees": {"parse": "size", "unknown": ["-"]},
        "team_size": {"parse": "size", "prose": True, "unknown": ["N/A"]},
        "annual_revenue": {"parse": "money", "take": "middle"},
        "umsatz": {"parse": "number", "decimal": ","},
        "founded": {"parse": "year", "unknown": ["unknown"]},
        "signed_dd_mm": {"parse": "date", "order": "dmy"},
        "renewal_mm_dd": {"parse": "date", "order": "mdy"},
        "last_visit": {"parse": "date"},
        "technologies": {"parse": "labels", "unknown": ["-", "n/a"]},
        "tags": {"parse": "labels", "unknown": ["n/a"]},
        "customer": {"parse": "flag"},
        "website": {"unknown": ["-", "N/A"]},
        "years_with_us": {},
        "source_3": {},
        "notes": {"unknown": ["nan"]},
        "source_4": {"unknown": ["NULL"]},
    }
    assert [guess.field.nth for guess in found.guesses if guess.field.columns == ("Source",)] == [1, 2, 3]


# Names


def test_the_surest_header_gives_the_usual_name() -> None:
    """Of several headers that mean the same, the surest is called as usual, and the others keep their words."""
    found = guess_fields({"Employee Range": ["1-10"], "# Employees": ["7"], "Company Size": ["11-50"]})
    assert [guess.field.attribute for guess in found.guesses] == ["employee_range", "employees", "company_size"]


@pytest.mark.parametrize(
    ("name", "cells", "attribute"),
    [
        ("Headquarters", ["United States", "USA", "Elbonia"], "country"),
        ("Headquarters", ["Boston, MA", "Berlin"], "headquarters"),
        ("Stage", ["Series A", "Seed"], "funding_stage"),
        ("Stage", ["Won", "Lost"], "stage"),
        ("Title", ["10up", "Acme"], "name"),
        ("Title", ["CEO", "CEO"], "title"),
        ("Employees", ["many", "few"], "employees_2"),
        ("Revenue", ["yes", "no"], "revenue"),
        ("Industry", ["Retail; Software", "Retail"], "industry"),
        ("Created", ["by Ann", "by Bo"], "created"),
        ("Company ID", ["7", "8"], "account_id"),
    ],
)
def test_a_usual_name_needs_cells_that_fit(name: str, cells: list[str], attribute: str) -> None:
    """A header alone does not make a column a country, a stage of funding or a number of employees."""
    beside = {"Staff": ["3", "4"]} if attribute == "employees_2" else {}
    assert guess_fields({**beside, name: cells}).guesses[-1].field.attribute == attribute


def test_names_never_clash() -> None:
    """Headers whose words are the same, or a name that is taken, get a number."""
    found = guess_fields({"Source": ["a"], "source": ["b"], "SOURCE!": ["c"], "##": ["d"], "#": ["e"]})
    assert [guess.field.attribute for guess in found.guesses] == ["source", "source_2", "source_3", "##", "#"]
    found = guess_fields({"Account Name": ["Acme"], "Name": ["Ann"], "name 2": ["x"]})
    assert [guess.field.attribute for guess in found.guesses] == ["name", "name_2", "name_2_2"]


def test_columns_without_a_name_are_left_out() -> None:
    """A blank header, and what pandas makes of one, is no attribute; a table of nothing else is refused."""
    frame = pd.DataFrame([["a", "1", "2"]], columns=["id", "Unnamed: 1", " "])
    assert [guess.field.columns for guess in guess_fields(frame).guesses] == [("id",)]
    with pytest.raises(ValueError, match=r"^the columns has no column with a name$"):
        guess_fields({" ": ["a"]})
    with pytest.raises(TypeError, match="a table must be"):
        guess_fields(7)


# Unknown values


@pytest.mark.parametrize(
    ("cells", "unknown", "asked"),
    [
        (["Won", "n/a", "-", "Select", "(blank)"], ["n/a", "-", "Select", "(blank)"], []),
        (["Won", "None", "Unknown"], [], ["None", "Unknown"]),
        (["7", "8", "None", "unknown"], ["None", "unknown"], []),
        (["yes", "no", "Unknown"], ["Unknown"], []),
        (["🟢", "🔴"], [], []),
        (["$$", "$"], [], []),
        (["N/A", "n/a"], ["N/A", "n/a"], []),
    ],
)
def test_tokens_that_may_be_answers_are_asked(cells: list[str], unknown: list[str], asked: list[str]) -> None:
    """Among numbers and truths what looks unknown is unknown; among texts only what never is an answer."""
    guess = one(*cells, name="mood")
    assert list(guess.field.unknown) == unknown
    doubts = [doubt for doubt in guess.doubts if "an answer, or unknown?" in doubt]
    assert re.findall(r'"(.*?)" × 1', " ".join(doubts)) == asked


def test_namibia_is_a_country() -> None:
    """Among two-letter codes of countries NA is one; among names of countries it is a question."""
    assert as_guessed("DE", "NA", "NO", name="Country") == ("country", {}, 0)
    assert as_guessed("Germany", "NA", name="Country") == ("country", {}, 1)


def test_an_empty_column_says_so() -> None:
    """A column without any cell stays text."""
    assert one("", None, id=["a", "b"]).doubts == ("the column is empty",)


# Lists and records that a reader has made


def test_lists_and_records_of_readers() -> None:
    """Lists of text are labels, lists of records are events, and nested records are left as they are."""
    table = {
        "id": ["a", "b"],
        "tools": [["CRM"], None],
        "events": [[{"kind": "demo", "at": "2026-01-01"}], []],
        "hq": [{"country": "DE"}, {}],
    }
    found = guess_fields(table)
    assert [guess.field.parse for guess in found.guesses] == ["text", "labels", "events", "as_is"]
    assert found.guesses[3].doubts == ("nested records: a path such as hq.country reads what is within",)
    assert [guess.field.parse for guess in guess_fields(pl.DataFrame(table, strict=False)).guesses[:3]] == [
        "text",
        "labels",
        "events",
    ]


# What columns say together


def test_one_export_has_one_decimal_sign() -> None:
    """A number that may be two is read as the other columns say, and asked about where none or two say something."""
    either = ["1.234", "2.500"]
    assert as_guessed(*either)[1:] == ({"parse": "number"}, 1)
    assert as_guessed(*either, price=["1,5", "2,25"])[1:] == ({"parse": "number", "decimal": ","}, 1)
    assert as_guessed("1,234", "2,500", price=["1,5", "2,25"])[1:] == ({"parse": "number"}, 1)
    assert as_guessed(*either, price=["1.5", "2.25"])[1:] == ({"parse": "number"}, 0)
    assert as_guessed(*either, price=["1.5", "2"], other=["1,5", "2"])[1:] == ({"parse": "number"}, 1)
    assert as_guessed(*either, price=["15", "2"])[1:] == ({"parse": "number"}, 1)
    assert as_guessed(1.234, 2.5)[1:] == ({"parse": "number"}, 0)


@pytest.mark.parametrize(
    ("name", "cells", "unit"),
    [
        ("Revenue (in 000s USD)", ["1200", "15"], "thousands"),
        ("Umsatz TEUR", ["1200", "15"], "thousands"),
        ("Revenue (k€)", ["1200", "15"], "thousands"),
        ("Assets ($M)", ["$1,200.5", "$15"], "millions"),
        ("Assets (M)", ["1,200.5", "15"], "millions"),
        ("Assets in millions", ["1200.5", "15"], "millions"),
        ("Valuation $B", ["1.5", "15"], "billions"),
        ("Valuation ($B)", ["$1.5B", "$15B"], 1),
        ("Plan B", ["1.5", "15"], 1),
        ("Revenue (k€)", ["much", "little"], 1),
    ],
)
def test_headers_say_the_unit(name: str, cells: list[str], unit: float | str) -> None:
    """A unit in the header counts, unless the cells have one of their own; it is asked about."""
    guess = one(*cells, name=name)
    assert guess.field.unit == unit
    assert any(doubt.startswith(f"in {unit}?") for doubt in guess.doubts) == (unit != 1)


@pytest.mark.parametrize(
    ("revenue", "unit"),
    [
        (["0.00013", "0.0002"], "billions"),
        (["0.13", "0.2"], "millions"),
        (["130", "200"], "thousands"),
        (["130000", "200000"], 1),
        (["0", "-5"], 1),
        (["$0.1K", "$2K"], 1),
    ],
)
def test_heads_say_the_unit_of_revenue(revenue: list[str], unit: float | str) -> None:
    """What an employee would earn tells in which unit revenue is given."""
    guess = one(*revenue, name="Revenue", Employees=["1", "1"])
    assert (guess.field.attribute, guess.field.unit) == ("annual_revenue", unit)
    assert one(*revenue, name="Revenue", Other=["1", "1"]).field.unit == 1
    assert one(*revenue, name="Revenue", Employees=["many", ""]).field.unit == 1


def test_several_currencies_are_asked_about() -> None:
    """Amounts in several currencies need rates; numbers beside a column of several currencies are mixed."""
    found = guess_fields({"Price": ["$5", "€7", "€8"]})
    assert (found.fields.currency, found.doubts) == ("EUR", ("amounts in EUR × 2, USD × 1: declare rates",))
    assert guess_fields({"Price": ["$5", "$7"]}).doubts == ()
    beside = {"Amount Currency": ["USD", "EUR"]}
    assert one("5", "7", name="Amount", **beside).doubts == (
        "'Amount Currency' names several currencies (USD × 1, EUR × 1): these are mixed",
    )
    assert one("5", "7", name="Amount", **{"Amount Currency": ["USD", "USD"]}).doubts == ()
    assert len(one("5", "7", name="AnnualRevenue", CurrencyIsoCode=["USD", "EUR"]).doubts) == 1
    assert one("5", "7", name="Employees", Currency=["USD", "EUR"]).doubts == ()


def test_a_sign_that_several_currencies_share_is_asked_about() -> None:
    """Nobody knows whose ¥ these are: the column stays text, and the map asks."""
    assert one("¥ 5", "¥ 7").doubts == (
        'amounts? the sign ¥ is that of JPY, CNY: parse = "money", and declare which, such as currency = "JPY"',
    )


# Keys


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"Name": ["Acme", "Globex"], "Record ID": ["7", "8"]}, "account_id"),
        ({"Name": ["Acme", "Globex"], "Deal ID": ["7", "8"], "Account ID": ["1", "1"]}, "deal_id"),
        ({"Name": ["Acme", "Globex"], "Domain": ["acme.com", "globex.com"]}, "domain"),
        ({"Industry": ["Retail", "Banks"], "Name": ["Acme", "Globex"]}, "name"),
        ({"Size": ["1", "2"], "Label": ["a", "b"]}, "label"),
        ({"Text": ["a" * 90, "b"], "Size": ["1", "2"], "Short": ["a", "b"]}, "short"),
        ({"Text": ["a" * 90, "b"], "Kind": ["x", "x"]}, "text"),
        ({"Size": ["1", "2"], "Kind": ["x", "x"]}, "employees"),
    ],
)
def test_the_key_tells_all_accounts_apart(table: dict[str, list[str]], key: str) -> None:
    """An identifier is the key, else a domain, a name, or whatever is different in each row."""
    found = guess_fields(table)
    assert (found.fields.key, found.doubts) == (key, ())


def test_a_key_that_repeats_is_asked_about() -> None:
    """Where no column tells all accounts apart, the map names the likeliest, and says so."""
    found = guess_fields({"Kind": ["x", "x", "y"], "Account": ["Acme", "Acme", ""]})
    assert found.fields.key == "name"
    told = "the key 'name' repeats or is blank: 2 of 3 rows have one, and 1 are different"
    assert found.doubts == (f"{told}; fold them with icp.accounts_from",)
    found = guess_fields({"Kind": ["x", "x"], "Sort": ["y", "y"]})
    assert (found.fields.key, found.doubts) == ("kind", ("no column tells all accounts apart: choose the key",))


def test_cells_that_cannot_be_read_are_counted() -> None:
    """Where a few cells do not fit what nearly all are, the map says how many, and which."""
    guess = one(*map(str, range(1, 20)), "many", name="Employees")
    assert guess.doubts == ("1 of 20 different cells cannot be read so: 'many'",)
    assert (guess.filled, guess.rows, guess.distinct, guess.samples[0]) == (20, 20, 20, ("1", 1))


# Laws: what is read without a question is what was meant


def written(number: Decimal, sign: str, *, grouped: bool) -> str:
    """Write a number as a country does."""
    text = f"{number:,f}" if grouped else f"{number:f}"
    return text if sign == "." else text.translate(str.maketrans(",.", ".,"))


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=None, allow_nan=False), min_size=1, max_size=6),
    st.sampled_from(".,"),
    st.booleans(),
    st.integers(0, 4),
)
def test_no_number_is_misread_in_silence(numbers: list[Decimal], sign: str, grouped: bool, places: int) -> None:
    """However numbers are written, a column of them is read as they were meant, or there is a question beside it."""
    meant = [round(number, places) for number in numbers]
    cells = [written(number, sign, grouped=grouped) for number in meant]
    guess = one(*cells, id=[f"K{place}" for place, _ in enumerate(cells)])
    accounts = icp.FieldMap([guess.field]).apply({"x": cells}, on_invalid="unknown")
    if guess.field.parse == "number" and not guess.doubts:
        assert list(accounts.columns[0]) == [float(number) for number in meant]
    else:
        assert guess.doubts or guess.field.parse in {"text", "flag"}


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2040, 1, 1)), min_size=1, max_size=6),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y", "%m-%d-%y", "%d/%m/%y", "%Y%m%d", "%d %b %Y"]),
)
def test_no_date_is_misread_in_silence(days: list[date], pattern: str) -> None:
    """However dates are written, a column of them is read as they were meant, or there is a question beside it."""
    cells = [day.strftime(pattern) for day in days]
    guess = one(*cells, name="Created")
    accounts = icp.FieldMap([guess.field]).apply({"Created": cells}, on_invalid="unknown")
    if guess.field.parse == "date":
        read = [found or day for found, day in zip(accounts.columns[0], days, strict=True)]
        assert read == days or guess.doubts
    else:
        assert guess.doubts
