import datetime as dt
import decimal
from datetime import UTC
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.importing import Accounts
from tests.importing.strategies import fields

BERLIN = dt.timezone(dt.timedelta(hours=1))
RATES = [icp.Rate("EUR", "USD", 1.1, "2026-01-01")]


def apply(cells: list[Any], **options: Any) -> Accounts:
    """Read a column, and leave out what cannot be read."""
    fields = icp.FieldMap(
        [icp.Field("row"), icp.Field("x", **options)], currency="USD", exported="2026-11-21", rates=RATES
    )
    return fields.apply({"row": list(range(len(cells))), "x": cells}, on_invalid="unknown")


def read(cell: Any, **options: Any) -> Any:
    """Read one cell that can be read."""
    accounts = apply([cell], **options)
    assert accounts.bad == ()
    return accounts.column("x")[0]


def refused(cell: Any, **options: Any) -> str:
    """Give the reason, and the way out, of a cell that cannot be read."""
    accounts = apply([cell], **options)
    [bad] = accounts.bad
    assert accounts.column("x") == (None,)
    return f"{bad.reason}; {bad.way_out}".removesuffix("; ")


# What each way of parsing makes of a cell

NAIVE = dt.datetime(2026, 11, 21, 14, 5)  # readers give moments without a zone
MIDNIGHT = dt.datetime(2026, 11, 21)
MOMENT = dt.datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
DAY = dt.date(2026, 11, 21)
CELLS: list[tuple[Any, dict[str, Any], Any]] = [
    (" Acme ", {}, "Acme"),
    (320, {}, "320"),
    (320.0, {}, "320"),
    (0.25, {}, "0.25"),
    (1e15, {}, "1000000000000000"),
    (True, {}, "true"),
    (False, {}, "false"),
    (Decimal("1.50"), {}, "1.50"),
    (DAY, {}, "2026-11-21"),
    (MIDNIGHT, {}, "2026-11-21"),
    (MOMENT, {}, "2026-11-21T14:05:00+00:00"),
    ("1,058", {"parse": "number"}, 1058),
    ("1.058,5", {"parse": "number", "decimal": ","}, 1058.5),
    ("18.3 MM", {"parse": "number"}, 18300000),
    (320.0, {"parse": "number"}, 320),
    (Decimal("0.1"), {"parse": "number"}, 0.1),
    ("0.07", {"parse": "number", "unit": "millions"}, 70000),
    (1100.04, {"parse": "number", "unit": "millions"}, 1100040000),
    ("5", {"parse": "number", "unit": 0.001}, 0.005),
    (1.125, {"parse": "number", "decimal": ","}, 1.125),
    ("51-200", {"parse": "size"}, 101),
    ("51-200", {"parse": "size", "take": "high"}, 200),
    ("1-3", {"parse": "size", "unit": "thousands"}, 2000),
    ("about 70 people and a dog", {"parse": "size", "prose": True}, 70),
    (51.0, {"parse": "size"}, 51),
    ("$5", {"parse": "money"}, 5),
    ("100 EUR", {"parse": "money"}, 110),
    ("100", {"parse": "money", "currency": "EUR"}, 110),
    (100, {"parse": "money", "currency": "EUR"}, 110),
    ("$1M-$4M", {"parse": "money", "take": "middle"}, 2000000),
    ("1.1", {"parse": "money", "unit": "millions"}, 1100000),
    (1.125, {"parse": "money", "decimal": ","}, 1.125),
    ("1.125", {"parse": "money", "decimal": ","}, 1125),
    ("2013 (1888)", {"parse": "year"}, 2013),
    ("2013 (1888)", {"parse": "year", "take": "least"}, 1888),
    (2013.0, {"parse": "year"}, 2013),
    (DAY, {"parse": "year"}, 2026),
    (NAIVE, {"parse": "year"}, 2026),
    ("over 8 years", {"parse": "ago"}, dt.date(2018, 11, 21)),
    (DAY, {"parse": "ago"}, DAY),
    (NAIVE, {"parse": "ago"}, DAY),
    ("yes", {"parse": "flag"}, True),
    ("nein", {"parse": "flag", "true": ["ja"], "false": ["nein"]}, False),
    (True, {"parse": "flag", "true": ["ja"], "false": ["nein"]}, True),
    (0, {"parse": "flag"}, False),
    (1.0, {"parse": "flag"}, True),
    ("https://www.acme.co.uk/de", {"parse": "domain"}, "acme.co.uk"),
    ("We move to the cloud", {"parse": "keywords", "keywords": {"Cloud": "cloud"}}, ("Cloud",)),
    ("none of it", {"parse": "keywords", "keywords": {"Cloud": "cloud"}}, ()),
    ({"a": 1}, {"parse": "as_is"}, {"a": 1}),
    (" x ", {"parse": "as_is"}, "x"),
    ("", {"parse": "as_is"}, None),
    ([], {"parse": "as_is"}, []),
]


@pytest.mark.parametrize(("cell", "options", "value"), CELLS)
def test_a_cell_is_read_as_its_field_says(cell: Any, options: dict[str, Any], value: Any) -> None:
    """Text and values that a reader has typed become the same values."""
    found = read(cell, **options)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "parse", ["text", "number", "money", "size", "year", "date", "ago", "flag", "labels", "events", "domain", "as_is"]
)
@pytest.mark.parametrize("cell", [None, "", " \t\u00a0", float("nan"), Decimal("NaN")], ids=repr)
def test_a_cell_without_anything_is_unknown(parse: Any, cell: Any) -> None:
    """What is not there is unknown, however it is said, and never bad."""
    assert read(cell, parse=parse) is None


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (["a"], {}, "list where text belongs"),
    (b"a", {}, "bytes where text belongs"),
    (True, {"parse": "number"}, "a bool where a number belongs"),
    (float("inf"), {"parse": "number"}, "an infinite number"),
    (2**60, {"parse": "number"}, "an integer beyond 2^53, which a float cannot hold"),
    (
        DAY,
        {"parse": "size"},
        "a date where a number belongs: has a spreadsheet turned it into one?; export the column as text",
    ),
    (True, {"parse": "money"}, "a bool where a number belongs"),
    (True, {"parse": "size"}, "a bool where a number belongs"),
    ("1e10", {"parse": "number", "unit": 1e300}, "an infinite number"),
    (b"a", {"parse": "labels"}, "bytes where a list of labels belongs"),
    ({"a": 1}, {"parse": "labels"}, "dict where a list of labels belongs"),
    ([["a"]], {"parse": "labels"}, "list where text belongs"),
    (5, {"parse": "events"}, "int where a list of events belongs"),
    (["demo"], {"parse": "events"}, "item 1 is no event"),
    ([["demo"]], {"parse": "events"}, "item 1 is no event"),
    ({"kind": "demo"}, {"parse": "keywords", "keywords": {"A": "a"}}, "dict where text belongs"),
    (
        "7 SEK",
        {"parse": "money"},
        (
            "no rate from SEK to USD on 2026-11-21 or before; "
            'add one: [[rates]] currency = "SEK", to = "USD", rate = a number, on = 2026-11-21'
        ),
    ),
]


@pytest.mark.parametrize(("cell", "options", "told"), REFUSED)
def test_a_cell_that_is_no_such_value(cell: Any, options: dict[str, Any], told: str) -> None:
    """What cannot be read is told with its reason and the way out, and is unknown."""
    assert refused(cell, **options) == told


def test_true_is_not_one() -> None:
    """Cells that Python takes to be equal are read each for itself."""
    cells = [True, 1, 1.0, Decimal(1), "1", False, 0, 0.0]
    assert apply(cells).column("x") == ("true", "1", "1", "1", "1", "false", "0", "0")
    accounts = apply(cells, parse="number")
    assert accounts.column("x") == (None, 1, 1, 1, 1, None, 0, 0)
    assert [cell.row for cell in accounts.bad] == [1, 6]
    assert [type(value) for value in apply(cells, parse="as_is").column("x")] == list(map(type, cells))


def test_money_is_exact_whatever_a_program_has_set() -> None:
    """A program's own setting for decimals changes no number."""
    with decimal.localcontext() as context:
        context.prec = 2
        assert read("1058.5", parse="number", unit="thousands") == 1058500


# Dates


@pytest.mark.parametrize(
    ("cell", "zone", "value"),
    [
        ("2026-11-21", None, DAY),
        ("2026-11-21", "America/New_York", DAY),
        (DAY, "America/New_York", DAY),
        ("2026-11-21 00:00", None, DAY),
        ("2026-11-21T00:00:00Z", None, dt.datetime(2026, 11, 21, tzinfo=UTC)),
        (MIDNIGHT, None, DAY),
        (MIDNIGHT.replace(tzinfo=UTC), None, dt.datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21 14:05", None, MOMENT),
        (NAIVE, None, MOMENT),
        ("2026-11-21 15:05", "Europe/Berlin", MOMENT),
        (NAIVE.replace(hour=15), "Europe/Berlin", MOMENT),
        ("2026-11-21 00:00", "Europe/Berlin", dt.date(2026, 11, 21)),
        (MIDNIGHT, "Europe/Berlin", dt.date(2026, 11, 21)),
        ("2026-11-21T15:05+01:00", "America/New_York", MOMENT),
        (MOMENT.astimezone(BERLIN), "America/New_York", MOMENT),
        ("9999-12-31 23:59", None, dt.datetime(9999, 12, 31, 23, 59, tzinfo=UTC)),
        ("0001-01-01 00:00", None, dt.date(1, 1, 1)),
    ],
)
def test_a_date_and_its_zone(cell: Any, zone: str | None, value: Any) -> None:
    """A day stays a day; a moment is put into UTC by its own zone or the field's; midnight without one is a day."""
    found = read(cell, parse="date", zone=zone)
    assert (type(found), found) == (type(value), value)


def test_dates_by_order_and_format() -> None:
    """A column says how its days are written, for text and for numbers."""
    assert read("21/11/2026", parse="date", order="dmy") == DAY
    assert read("21. Nov 26", parse="date", format="%d. %b %y") == DAY
    assert [read(cell, parse="date", order="spreadsheet") for cell in (46347, 46347.0, "46347")] == [DAY] * 3
    assert read(1_795_269_900, parse="date", order="epoch_s") == dt.datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


def test_moments_without_a_zone_are_counted() -> None:
    """Only what has no zone of its own, and none by the field, is counted as naive."""
    cells = ["2026-11-21 14:05", NAIVE, "2026-11-21", MOMENT, "2026-11-21T14:05Z", MIDNIGHT, "9999-12-31 23:59", ""]
    assert apply(cells, parse="date").readings[1].naive == 3
    assert apply(cells[:6], parse="date", zone="UTC").readings[1].naive == 0


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        (dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5))), None),
        (dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=5))), None),
        (dt.datetime.max, "America/New_York"),  # the same
        ("9999-12-31 23:00", "America/New_York"),
    ],
)
def test_a_moment_outside_the_calendar(cell: Any, zone: str | None) -> None:
    """A moment that has none in UTC cannot be read, text or typed."""
    assert refused(cell, parse="date", zone=zone) == "a moment outside the years 1 to 9999"


# Tokens

TOKENS: dict[str, Any] = {"unknown": ["-1", "N/A", "1900-01-01", "true"], "replace": {"99": "5", "Nil": "0"}}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("n/a ", None),
        (-1, None),
        (-1.0, None),
        ("-1", None),
        (Decimal(-1), None),
        (True, None),
        (99, 5),
        (99.0, 5),
        ("99", 5),
        ("NIL", 0),
        (98, 98),
        ("", None),
        (None, None),
    ],
)
def test_a_token_is_the_same_typed_or_not(cell: Any, value: Any) -> None:
    """A sentinel such as -1 means the same whether a reader has made a number of it or left it as text."""
    assert read(cell, parse="number", **TOKENS) == value


@pytest.mark.parametrize("cell", ["1900-01-01", dt.date(1900, 1, 1), dt.datetime(1900, 1, 1)])
def test_a_day_that_means_unknown(cell: Any) -> None:
    """A day that stands for no day does so as text, as a date and as a moment at midnight."""
    assert read(cell, parse="date", unknown=["1900-01-01"]) is None


def test_cells_that_no_token_can_name() -> None:
    """Tokens are text: a list is read as it is, and told as what it is."""
    assert refused([1], unknown=["[1]"]) == "list where text belongs"


def test_tokens_are_counted() -> None:
    """Each token that stands for unknown is counted as it is written, and cells that say there is none."""
    reading = apply(["n/a", "N/A", "n/a", -1, "x"], unknown=["n/a", "-1"]).readings[1]
    assert (reading.unknown, reading.filled) == ((("n/a", 2), ("N/A", 1), ("-1", 1)), 1)
    options: dict[str, Any] = {"parse": "keywords", "keywords": {"A": "a"}, "empty": ["none"]}
    accounts = apply(["None", "a", "b"], **options)
    assert (accounts.column("x"), accounts.readings[1].empty) == (((), ("A",), ()), 1)


LABELS: dict[str, Any] = {
    "parse": "labels",
    "unknown": ["n/a", "?"],
    "empty": ["none"],
    "replace": {"SFDC": "Salesforce", "AWS; GCP": "Cloud", "MS": "Excel; Word"},
}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Slack; Jira;", ("Slack", "Jira")),
        ('["Slack", "Jira"]', ("Slack", "Jira")),
        (["Slack", None, " Jira ", "", float("nan")], ("Slack", "Jira")),
        (("Slack",), ("Slack",)),
        ([1, 2.0, True], ("1", "2", "true")),
        (5.0, ("5",)),
        (DAY, ("2026-11-21",)),
        ("n/a", None),
        ("N/A; ?", None),
        (["n/a"], None),
        ("n/a; Slack", ("Slack",)),
        (["n/a", "Slack"], ("Slack",)),
        ("None", ()),
        (["NONE"], ()),
        ("none; none", ()),
        ("none; n/a", ()),
        ("none; Slack", ("Slack",)),
        ("sfdc; Slack", ("Salesforce", "Slack")),
        (["SFDC"], ("Salesforce",)),
        ("sfdc", ("Salesforce",)),
        ("AWS; GCP", ("Cloud",)),
        ("ms", ("Excel", "Word")),
        ("[]", ()),
        ([], ()),
        ([None], ()),
        (";", ()),
        (" ", None),
    ],
)
def test_labels_and_their_tokens(cell: Any, value: Any) -> None:
    """Tokens count for a whole cell and for each of its items, whether it is text or a list."""
    assert read(cell, **LABELS) == value


def test_labels_by_another_separator() -> None:
    """Labels are split by what the field declares, and by nothing else."""
    assert read("a, b;c", parse="labels", split=",") == ("a", "b;c")
    assert refused("a, b", parse="labels", split="json").startswith("no JSON list")


# Events


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('[{"kind": "demo", "at": "2026-11-02"}]', ({"kind": "demo", "at": "2026-11-02"},)),
        ([{"kind": "demo", "at": "2026-11-02"}], ({"kind": "demo", "at": "2026-11-02"},)),
        ('[["demo", "2026-11-02", 2]]', ({"kind": "demo", "at": "2026-11-02", "strength": 2},)),
        ([["demo", "2026-11-02", 2], None], ({"kind": "demo", "at": "2026-11-02", "strength": 2},)),
        ((("demo", DAY),), ({"kind": "demo", "at": DAY},)),
        ("none", ()),
        ([], ()),
    ],
)
def test_events_typed_or_not(cell: Any, value: Any) -> None:
    """Events in JSON and events that a reader has typed are the same."""
    assert read(cell, parse="events", empty=["none"]) == value


# What is counted


def test_bands_and_currencies_are_counted() -> None:
    """The reading says how many cells held a band, and which currencies there were."""
    assert apply(["51-200", "7", "10+"], parse="size").readings[1].bands == 2
    reading = apply(["$5", "5 EUR", "5", "6 EUR", "$1-$2", 7], parse="money", take="low").readings[1]
    assert (sorted(reading.currencies), reading.bands) == ([("EUR", 2), ("USD", 4)], 1)


@pytest.mark.parametrize(
    "cells",
    [
        ["1.2.3", "4"],
        ["1", "2.5", "", "3"],
        ["1,058", "-2", "0.25"],
        ["1", "many"],
        ["1\n2", "3"],
        ["٣", "3"],
        ["9007199254740993", "1"],
        ["12345678901234567", "1"],
        ["1.", ".5"],
        ["00012", "-0.0"],
        ["", ""],
    ],
)
def test_a_column_of_numbers(cells: list[str]) -> None:
    """Plain numbers may be read all at once; what comes out is what each gives alone, to the type."""
    accounts = apply(cells, parse="number")
    alone = [apply([cell], parse="number").column("x")[0] for cell in cells]
    assert list(map(repr, accounts.column("x"))) == list(map(repr, alone))
    assert accounts.readings[1].filled == len(list(filter(None, cells)))


@pytest.mark.parametrize("options", [{"unknown": ["0"]}, {"replace": {" 1,058 ": "7"}}, {"unknown": ["n/a"]}])
def test_a_column_of_numbers_with_tokens(options: dict[str, Any]) -> None:
    """A token that is a number counts in a column of numbers as well."""
    assert apply(["0", "1,058", "5"], parse="number", **options).column("x") == (
        None if options.get("unknown") == ["0"] else 0,
        7 if "replace" in options else 1058,
        5,
    )


# Laws

WORDS = st.sampled_from(
    (
        *(
            "",
            " ",
            "n/a",
            "-",
            "None",
            "0",
            "1",
            "-0",
            "00012",
            "1,058",
            "1.058,5",
            "1.5",
            ".5",
            "5.",
            "1.2.3",
            "-5",
            "1e3",
        ),
        *(
            "123456789012345",
            "9007199254740993",
            "12345678901234.5",
            "1\n2",
            "1\n",
            "٣",
            "²",
            "1_000",
            "x",
            " 7 ",
            "7\u00a0",
        ),
        *(
            "51-200",
            "$0.8m",
            "5 EUR",
            "2013 (1888)",
            "2026-11-21",
            "02.03.2026",
            "over 8 years",
            "yes",
            "a; b",
            '["a"]',
        ),
        *(
            "[",
            "{}",
            '[["demo", "2026-11-02"]]',
            "acme.co.uk",
            "@",
            "data warehouse",
            "9999-12-31 23:59",
            "\ud800",
            "\x00",
        ),
    )
)
TEXTS = st.one_of(WORDS, WORDS, st.text(max_size=12))
TYPED = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=True),
    st.dates(),
    st.datetimes(timezones=st.sampled_from((None, UTC, BERLIN))),
    st.lists(st.one_of(TEXTS, st.integers(), st.none()), max_size=3),
    st.dictionaries(st.sampled_from(("kind", "at", "strength")), TEXTS, max_size=3),
    st.binary(max_size=3),
)


def map_of(field: icp.Field) -> icp.FieldMap:
    """Give a map for one field, beside the rows' numbers."""
    field = attrs.evolve(field, column="x", nth=1, optional=False)
    return icp.FieldMap([icp.Field("row", parse="as_is"), field], currency="USD", exported="2026-11-21", rates=RATES)


def one_by_one(fields: icp.FieldMap, cells: list[Any]) -> tuple[list[str], list[str]]:
    """Read each cell in a table of its own."""
    read = [fields.apply({"row": [row], "x": [cell]}, on_invalid="unknown") for row, cell in enumerate(cells)]
    values = [repr(one.column("x")[0]) for one in read]
    return values, [bad.reason for one in read for bad in one.bad]


@given(fields(), st.lists(TEXTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_distinct_cells_are_read_as_each_alone(field: icp.Field, cells: list[str], random: Any) -> None:
    """Shuffled, repeated and read at once, texts give what each gives alone; nothing but an error of ours is raised."""
    cells = [*cells, *cells[:2]]
    random.shuffle(cells)
    fields = map_of(field)
    accounts = fields.apply({"row": list(range(len(cells))), "x": cells}, on_invalid="unknown")
    values, reasons = one_by_one(fields, cells)
    assert list(map(repr, accounts.column("x"))) == values
    assert [cell.reason for cell in accounts.bad] == reasons


@given(fields(), st.lists(TYPED, min_size=1, max_size=8))
def test_typed_cells_are_read_as_each_alone(field: icp.Field, cells: list[Any]) -> None:
    """The same holds of cells that a reader has typed, equal ones of different kinds among them."""
    cells = [*cells, *cells[:2], True, 1, 1.0]
    fields = map_of(field)
    accounts = fields.apply({"row": list(range(len(cells))), "x": cells}, on_invalid="unknown")
    values, reasons = one_by_one(fields, cells)
    assert list(map(repr, accounts.column("x"))) == values
    assert [cell.reason for cell in accounts.bad] == reasons


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        ("number", "12.5", 12_500_000),
        ("number", "1.2B", 1_200_000_000),
        ("number", "3M", 3_000_000),
        ("size", "2", 2_000_000),
        ("size", "1K-5K", 2_236),
        ("money", "$12", 12_000_000),
        ("money", "$12M", 12_000_000),
    ],
)
def test_a_cell_that_names_its_scale_needs_no_unit(parse: Any, cell: str, value: float) -> None:
    """The unit of a column is for cells that name none."""
    fields = icp.FieldMap([icp.Field("x", parse=parse, unit="millions")], currency="USD")
    assert fields.apply([{"x": cell}])[0] == {"x": value}
