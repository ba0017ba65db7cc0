"""An invented export that holds what real ones are feared for, as CSV in several encodings, JSON Lines and a sheet."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

HEADER: Final = (
    *("Account ID", " Company Name ", "Source ", "Source", "Country", "Stage", "Competitor", "Employees", "Team size"),
    *("Annual Revenue", "Umsatz", "Founded", "Signed (dd-mm)", "Renewal (mm-dd)", "Last Seen", "Technologies", "Tags"),
    *("Customer?", "Website", "Years With Us", "", "Source", "Notes", "source"),
)
ROWS: Final = (
    (
        *("007", "Möwe & Düne", "web", "Messe", "NA", "Select", "None", "51-200", "about 40 people in 3 offices"),
        *("$1.2m", "1.234,5", "2013 (1888)", "05-03-2024", "05-03-2024", "2024-03-05 10:15", "CRM; Slack;;crm"),
        *(
            '["a;b", "c"]',
            "Yes",
            "https://www.acme.co.uk/de?x=1",
            "over 8 years",
            "",
            "Empfehlung",
            'two\nlines, "q"',
            "a",
        ),
    ),
    (
        *(" 1e5 ", " “Acme” Corp. ", "", "web", "DE", "Won", "Globex", "1,058", "roughly 1,200"),
        *("€800k", "800", "1996", "13-02-2024", "02-13-2024", "2024-07-01T08:00:00+02:00", "-", "[]"),
        *("FALSE", "mail@acme.de", "3 months ago", " ", "web", "nan", ""),
    ),
    (
        *("NULL", "Globex – Nord", "-", "None", "USA", "- Select -", "-", "10,001+", "N/A"),
        *("£500,000", "1.000.000", "unknown", "31-12-2023", "12-31-2023", "2023-12-31", "None", "n/a"),
        *("no", "globex.com", "today", "x", "NA", "  ", "b"),
    ),
    (
        *("4", "", "N/A", "NA", "Namibia", "Lost", "none", "-", "8"),
        *("(EUR 1 200)", "", "c. 1998", "01-01-2024", "01-01-2024", "", " Slack ", '["x", null]'),
        *("", "-", "yesterday", "", "", "é, ß, €, ™", ""),
    ),
    (
        *("5.0", "Ünlü A.S. é", "web", "", "uk", "Select", "NA", "~100", "12 FTE (as of Jan 2020)"),
        *("USD 10M - 50M", "-12,5", "2001-05-17", "29-02-2024", "2-29-2024", "2024-03-05 00:00:00", "", ""),
        *("TRUE", "N/A", "about 2 weeks", "", "Messe", "+49 30 1234567", ""),
    ),
    (
        *("6", "Kaffee + Kuchen", "Select", "web", "None", "won", "Acme", "2-10 employees", "200+ (January 2020)"),
        *("0", "7 Mio", "1888", "04-05-2024", "04-05-2024", "2024-12-24 18:30:00.25", "n/a", '["tab\\tbed"]'),
        *("Y", "http://münchen.de", "1 yr 6 mos", "", "None", "the end", "NULL"),
    ),
)

#: One field map for all of it.
FIELDS: Final = """
format = 1
key = "id"
exported = 2024-11-21
currency = "USD"
rates = [
    { currency = "EUR", to = "USD", rate = 1.1, on = 2024-01-01 },
    { currency = "GBP", to = "USD", rate = 1.25, on = 2024-01-01 },
]

[fields.id]
column = "Account ID"

[fields.name]
column = "Company Name"

[fields.first_source]
column = "Source"
unknown = ["Select", "N/A", "-"]

[fields.second_source]
column = "Source"
nth = 2
unknown = ["NA"]

[fields.third_source]
column = "Source"
nth = 3

[fields.lower_source]
column = "source"

[fields.country]
column = "Country"
replace = { "NA" = "Namibia", "USA" = "United States", "uk" = "United Kingdom" }

[fields.stage]
column = "Stage"
unknown = ["Select", "- Select -"]

[fields.competitor]
column = "Competitor"
unknown = ["-"]

[fields.employees]
column = "Employees"
parse = "size"
unknown = ["-"]

[fields.team]
column = "Team size"
parse = "size"
prose = true
take = "low"
unknown = ["N/A"]

[fields.annual_revenue]
column = "Annual Revenue"
parse = "money"
take = "high"

[fields.umsatz]
column = "Umsatz"
parse = "number"
decimal = ","
unit = "thousands"

[fields.founded]
column = "Founded"
parse = "year"
take = "least"
unknown = ["unknown"]

[fields.signed]
column = "Signed (dd-mm)"
parse = "date"
order = "dmy"

[fields.renewal]
column = "Renewal (mm-dd)"
parse = "date"
order = "mdy"

[fields.last_seen]
column = "Last Seen"
parse = "date"
zone = "Europe/Berlin"

[fields.technologies]
column = "Technologies"
parse = "labels"
unknown = ["-", "n/a"]
empty = ["None"]

[fields.tags]
column = "Tags"
parse = "labels"
split = "json"
unknown = ["n/a"]

[fields.customer]
column = "Customer?"
parse = "flag"

[fields.domain]
column = "Website"
parse = "domain"
unknown = ["-", "N/A"]

[fields.customer_since]
column = "Years With Us"
parse = "ago"

[fields.kind_of_note]
column = "Notes"
parse = "keywords"
keywords = { ending = ["the end"], phone = ["+49*", "49"] }

[fields.notes]
column = "Notes"
"""

#: A profile that asks much of it.
PROFILE: Final = """
format = 1
name = "Torture"
min_coverage = 0

[[dimensions]]
name = "Firmographics"
criteria = [
    { kind = "range", attribute = "employees", low = 50, high = 1500, soft_low = 10, soft_high = 20000 },
    { kind = "range", attribute = "annual_revenue", low = 600000, high = 1500000, soft_high = 90000000, scale = "log" },
    { kind = "one_of", attribute = "country", values = ["Namibia", "United States"] },
    { kind = "age", attribute = "founded", at_most = 30, soft_at_most = 200 },
    { kind = "flag", attribute = "customer", weight = 3 },
]

[[dimensions]]
name = "Signals"
criteria = [
    { kind = "tech_overlap", attribute = "technologies", labels = ["crm", "Slack"], mode = "share" },
    { kind = "recency", attribute = "last_seen", half_life = 90 },
    { kind = "upcoming", attribute = "renewal", within = 365 },
    { kind = "overlap", attribute = "kind_of_note", labels = ["phone"], mode = "any" },
]
"""

#: What the file holds, as the map reads it, attribute by attribute.
ACCOUNTS: Final[dict[str, tuple[Any, ...]]] = {
    "id": ("007", "1e5", "NULL", "4", "5.0", "6"),
    "name": ("Möwe & Düne", "“Acme” Corp.", "Globex – Nord", None, "Ünlü A.S. é", "Kaffee + Kuchen"),
    "first_source": ("web", None, None, None, "web", None),
    "second_source": ("Messe", "web", "None", None, None, "web"),
    "third_source": ("Empfehlung", "web", "NA", None, "Messe", "None"),
    "lower_source": ("a", None, "b", None, None, "NULL"),
    "country": ("Namibia", "DE", "United States", "Namibia", "United Kingdom", "None"),
    "stage": (None, "Won", None, "Lost", None, "won"),
    "competitor": ("None", "Globex", None, "none", "NA", "Acme"),
    "employees": (101, 1058, 10001, None, 100, 4),
    "team": (40, 1200, None, 8, 12, 200),
    "annual_revenue": (1200000, 880000, 625000, -1320, 50000000, 0),
    "umsatz": (1234500, 800000, 1000000000, None, -12500, 7000000),
    "founded": (1888, 1996, None, 1998, 2001, 1888),
    "signed": (
        *(date(2024, 3, 5), date(2024, 2, 13), date(2023, 12, 31)),
        *(date(2024, 1, 1), date(2024, 2, 29), date(2024, 5, 4)),
    ),
    "renewal": (
        *(date(2024, 5, 3), date(2024, 2, 13), date(2023, 12, 31)),
        *(date(2024, 1, 1), date(2024, 2, 29), date(2024, 4, 5)),
    ),
    "last_seen": (
        *(datetime(2024, 3, 5, 9, 15, tzinfo=UTC), datetime(2024, 7, 1, 6, tzinfo=UTC), date(2023, 12, 31), None),
        *(date(2024, 3, 5), datetime(2024, 12, 24, 17, 30, 0, 250000, tzinfo=UTC)),
    ),
    "technologies": (("CRM", "Slack", "crm"), None, (), ("Slack",), None, None),
    "tags": (("a;b", "c"), (), None, ("x",), None, ("tab\tbed",)),
    "customer": (True, False, False, None, True, True),
    "domain": ("acme.co.uk", "acme.de", "globex.com", None, None, "xn--mnchen-3ya.de"),
    "customer_since": (
        *(date(2016, 11, 21), date(2024, 8, 21), date(2024, 11, 21)),
        *(date(2024, 11, 20), date(2024, 11, 7), date(2023, 5, 21)),
    ),
    "kind_of_note": ((), (), None, (), ("phone",), ("ending",)),
    "notes": ('two\nlines, "q"', "nan", None, "é, ß, €, ™", "+49 30 1234567", "the end"),
}


def text() -> str:
    """Give the export as CSV."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(ROWS)
    return file.getvalue()


def write_csv(path: Path, encoding: str = "utf-8-sig") -> Path:
    """Write the export as CSV: UTF-8 with a mark unless another encoding is asked for."""
    path.write_bytes(text().encode(encoding))
    return path


def write_sheet(path: Path) -> Path:
    """Write the export as a sheet of text cells."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.worksheets[0].append([cell or None for cell in row])
    book.save(path)
    return path


def write_json_lines(path: Path) -> Path:
    """Write the export as JSON Lines, in which a name cannot come twice: renamed as pandas does."""
    names = list(HEADER)
    for place, name in enumerate(HEADER):
        before = HEADER[:place].count(name)
        names[place] = f"{name}.{before}" if before else name
    lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in ROWS)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
