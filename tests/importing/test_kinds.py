from typing import Any

import pytest

from icpkit.importing.kinds import EITHER, Cells, kind_of, shown, tells_its_sign

BAND = 'a band becomes its geometric middle: take = "low" or "high" for an end'
#: A header, cells, the settings that are guessed, and the doubts.
GUESSES: list[tuple[str, list[str], dict[str, Any], list[str]]] = [
    # Yes and no
    ("Customer", ["Yes", "no"], {"parse": "flag"}, []),
    ("Hiring", ["Yes"], {"parse": "flag"}, []),
    ("Ticked", ["✓"], {"parse": "flag"}, []),
    ("Newsletter", ["ja", "Nein"], {"parse": "flag", "true": ["ja"], "false": ["nein"]}, []),
    ("Client", ["oui", "non"], {"parse": "flag", "true": ["oui"], "false": ["non"]}, []),
    ("Newsletter", ["ja"], {}, []),
    ("Country", ["NO"], {}, []),
    ("Is Public", ["1", "0"], {"parse": "flag"}, []),
    ("Is Public", ["1"], {"parse": "flag"}, []),
    ("Active", ["1", "0"], {"parse": "flag"}, ["0 and 1 are taken for no and yes"]),
    ("Number of Rounds", ["1", "0"], {"parse": "number"}, []),
    ("Active", ["1"], {"parse": "number"}, []),
    # Dates
    ("x", ["2024-03-05", "2024-03-05 10:15:00", "5 Mar 2024"], {"parse": "date"}, []),
    ("x", ["2024/03/05", "2024/3/6"], {"parse": "date", "order": "ymd"}, []),
    ("x", ["05.03.2024", "14.03.2024"], {"parse": "date", "order": "dmy"}, []),
    ("x", ["05/03/2024 9:05", "03/14/2024 10:15"], {"parse": "date", "order": "mdy"}, []),
    ("x", ["05/05/2024", "06/06/2024"], {"parse": "date"}, []),
    ("x", ["14/03/24", "05/06/24"], {"parse": "date", "format": "%d/%m/%y"}, []),
    ("x", ["3-14-24 09:05", "5-6-24 10:15"], {"parse": "date", "format": "%m-%d-%y %H:%M"}, []),
    ("x", ["12-Mar-24", "3-Apr-24"], {"parse": "date", "format": "%d-%b-%y"}, []),
    ("x", ["Mar-24", "Apr-25"], {}, []),
    ("x", ["1.5", "2.25"], {"parse": "number"}, []),
    ("Created", ["20240305", "20231231"], {"parse": "date", "order": "ymd"}, ["20240305 for 2024-03-05"]),
    ("Date", ["45356", "45357.5"], {"parse": "date", "order": "spreadsheet"}, ["45356 for 2024-03-05"]),
    ("Last Seen", ["1709628300"], {"parse": "date", "order": "epoch_s"}, ["1709628300 for 2024-03-05"]),
    ("updated_at", ["1709628300000"], {"parse": "date", "order": "epoch_ms"}, ["1709628300000 for 2024-03-05"]),
    ("Total Raised", ["1709628300", "45356"], {"parse": "number"}, []),
    ("Created", ["1709628300", "45356"], {"parse": "number"}, []),
    ("Visit", ["12", "7"], {"parse": "number"}, []),
    # Years
    ("Founded", ["2013 (1888)", "c. 1998"], {"parse": "year"}, []),
    ("Year", ["1996", "0", "0000"], {"parse": "year", "unknown": ["0", "0000"]}, []),
    ("Year", ["0"], {"parse": "number"}, []),
    ("Founded", ["by Ann", "by Bo"], {}, []),
    ("Founded", ["2012-06-01"], {"parse": "date"}, []),
    # Lists
    ("x", ["a; b", "b; c", "a", "b", "c"], {"parse": "labels"}, []),
    ("x", ["a|b", "b|c", "a", "b", "c"], {"parse": "labels", "split": "|"}, []),
    ("x", ["a\nb", "b\nc", "a", "b", "c"], {"parse": "labels", "split": "\n"}, []),
    ("Keywords", ["a, b", "c, d"], {"parse": "labels", "split": ","}, []),
    ("Technologies", ["CRM"], {"parse": "labels"}, []),
    ("Tech", ["CRM, Mail"], {"parse": "labels", "split": ","}, []),
    ("Tag", ["vip, emea", "vip"], {"parse": "labels", "split": ","}, []),
    ("SIC Codes", ["7372, 7373", "7372"], {"parse": "labels", "split": ","}, []),
    ("x", ['["a", "b"]', "[]"], {"parse": "labels"}, []),
    ("x", ["['a']"], {"parse": "labels"}, []),
    ("x", ['[{"kind": "demo", "at": "2024-03-05"}]'], {"parse": "events"}, []),
    ("x", ["[not a list", "[7]]"], {}, []),
    ("x", ["[x]", "[y]"], {}, []),
    ("x", ['[{"a": 1}', "[[1"], {}, []),
    ("Owner", ["Smith, Ann", "Lund, Bo", "Smith, Bo", "Lund, Ann"], {}, []),
    ("Industry", ["health, wellness & fitness", "food, beverages", "retail"], {}, []),
    ("Headquarters", ["Boston, MA", "Austin, TX", "Boston, TX", "Austin, MA, USA"], {}, []),
    ("Notes", ["calls us, often", "waits", "calls us"], {}, []),
    ("Description", ["one; two", "three; four"], {}, []),
    ("Status", ["a, b", "c, d"], {}, []),
    ("Keywords", ["a, " + "b" * 61], {}, []),
    ("Rows", [";", ";;"], {}, []),
    (
        "Segment",
        ["a,b", "a", "b", "b,a,c", "c"],
        {},
        ['several in one cell, as in \'a,b\'? Then parse = "labels", split = ","'],
    ),
    # Numbers
    ("x", ["320", "18.3 MM", "1,234,567", "(5)"], {"parse": "number"}, []),
    ("x", ["1.234,5", "0,5"], {"parse": "number", "decimal": ","}, []),
    ("Growth", ["12.5%", "-3.1%"], {"parse": "number"}, []),
    ("Record ID", ["7", "8"], {}, []),
    ("SIC Code 1", ["7372"], {}, []),
    ("Account Number", ["7"], {}, []),
    ("Phone", ["415-5550"], {}, []),
    ("Zip", ["94105"], {}, []),
    ("x", ["94105", "01067"], {}, []),
    ("Number of Orgs", ["7", "0"], {"parse": "number"}, []),
    # Sizes
    ("x", ["51-200", "10001+", "7"], {"parse": "size"}, [BAND]),
    ("Employees", ["1,000 - 4,999"], {"parse": "size"}, [BAND]),
    ("Employees", ["1.000-4.999", "5.000"], {"parse": "size", "decimal": ","}, [BAND]),
    ("Employees", ["1,058", "2,300"], {"parse": "number"}, []),
    ("Employees", ["1.058", "2.300"], {"parse": "number", "decimal": ","}, []),
    (
        "Team",
        ["about 40 people here", "8"],
        {"parse": "size", "prose": True},
        ["the first number of a sentence counts"],
    ),
    ("Story", ["about 40 people here", "8 of us"], {}, []),
    # Money
    ("x", ["$1.2m", "€5", "7"], {"parse": "money"}, []),
    ("x", ["$1,200"], {"parse": "money"}, []),
    ("x", ["1.234,5 EUR", "7 EUR"], {"parse": "money", "decimal": ","}, []),
    ("x", ["$1M to $10M", "Less than $1M"], {"parse": "money", "take": "middle"}, [BAND]),
    ("x", ["1,5-2,5 EUR"], {"parse": "money", "decimal": ",", "take": "middle"}, [BAND]),
    ("x", ["R1", "R2"], {}, []),
    ("x", ["$ off", "$ much"], {}, []),
    # Text, and what is nearly something else
    ("x", ["Acme", "Globex"], {}, []),
    (
        "x",
        ["over 3 years", "8 months ago"],
        {},
        ['how long ago: parse = "ago", and above exported = the day of the export'],
    ),
    ("NPS", ["9", "10", "not asked"], {}, ["2 of 3 are numbers, but not 'not asked': parse = \"number\"?"]),
    ("x", ["1-10", "11-50", "few"], {}, ["2 of 3 are sizes, but not 'few': parse = \"size\"?"]),
    ("x", ["14/03/2024", "15/03/2024", "soon"], {}, ["2 of 3 are dates, but not 'soon': parse = \"date\"?"]),
    ("x", ["03/14/2024", "03/15/2024", "soon"], {}, ["2 of 3 are dates, but not 'soon': parse = \"date\"?"]),
]


@pytest.mark.parametrize(("name", "answers", "settings", "doubts"), GUESSES)
def test_the_narrowest_way_that_reads_nearly_all(
    name: str, answers: list[str], settings: dict[str, Any], doubts: list[str]
) -> None:
    """Cells and header say how a column is parsed; what else it might be is a question beside it."""
    found, told = kind_of(Cells(name, answers))
    assert found == settings
    assert [doubt.removeprefix("numbers are taken for dates: ") for doubt in told] == doubts


@pytest.mark.parametrize(
    ("answers", "settings", "doubt"),
    [
        (["01/02/2024", "03/04/2024"], {"parse": "date"}, "No cell tells, so that reading will ask"),
        (["01/02/24", "03/04/24"], {}, 'format = "%d/%m/%y" or format = "%m/%d/%y"? No cell tells'),
        (
            ["14/03/2024", "03/15/2024"],
            {},
            "dates in two orders: '14/03/2024' and '03/15/2024'; they cannot be told apart",
        ),
        (["1.234", "2.500"], {"parse": "number"}, 'either 1.234 or 1234: what is \'1.234\'? decimal = "." or ","'),
        (["1,234", "2,500"], {"parse": "number"}, 'either 1234 or 1.234: what is \'1,234\'? decimal = "." or ","'),
        (["$1.234", "$5.000"], {"parse": "money"}, "either 1.234 or 1234: what is '$1.234'?"),
        (["€1,234", "€5"], {"parse": "money"}, "either 1234 or 1.234: what is '€1,234'?"),
        (["¥5"], {}, "amounts? the sign ¥ is that of JPY, CNY"),
    ],
)
def test_what_has_two_readings_is_never_guessed_in_silence(
    answers: list[str], settings: dict[str, Any], doubt: str
) -> None:
    """A date or a decimal sign that no cell tells is a question."""
    found, told = kind_of(Cells("x", answers))
    assert found == settings
    assert any(doubt in one for one in told)


def test_a_few_dates_in_another_order_are_told() -> None:
    """Where nearly all dates are in one order, one in another shows that more of them may be."""
    answers = [f"{day}/03/2024" for day in range(13, 32)]
    found, told = kind_of(Cells("x", [*answers, "03/31/2024"]))
    assert found == {"parse": "date", "order": "dmy"}
    assert told == ["dates in two orders: '13/03/2024' and '03/31/2024'; more of them may be misread"]


def test_what_a_reader_has_typed_has_no_sign() -> None:
    """A number that a reader has typed is written with a point by us alone."""
    assert kind_of(Cells("x", ["1.234", "2.5"], typed=True)) == ({"parse": "number"}, [])
    assert kind_of(Cells("x", ["1.234"]))[1][0].startswith(EITHER)
    assert [tells_its_sign(Cells("x", [cell])) for cell in ("1.5", "1,234,567", "15", "approx. 5")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_few_cells_are_named() -> None:
    """Three cells are shown, and that there are more."""
    assert (shown(["a"]), shown(["a", "b", "c", "d"])) == ("'a'", "'a', 'b', 'c' …")
