"""Invented exports in the columns and cell formats of well-known systems, each with the right field map."""

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import attrs

import icpkit as icp
from icpkit.importing.attributes import words_of

ROWS: Final = 60
_FIRST = (
    *("Otter", "Quill", "Ember", "Lantern", "Pebble", "Gorse", "Möwe", "Düne"),
    *("Acker", "Zwirn", "Larch", "Onyx", "Plover", "Russet", "Sable"),
)
_SECOND = (
    *("Works", "Labs", "Freight", "Foods", "Systems", "Health", "Textiles", "Robotics"),
    *("Media", "Energy", "Bank", "Clinic", "Studios", "Tools", "Farms"),
)
_STAGES = ("Seed", "Series A", "Series B", "Series C", "Private Equity")
_COUNTRIES = ("United States", "Germany", "France", "Namibia", "Japan", "United Kingdom", "Canada")
_TOOLS = ("Salesforce", "Slack", "Google Analytics", "HubSpot", "Jira", "Amazon AWS", "Snowflake", "Zendesk")
_BANDS = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10,000", "10,001+")
_INDUSTRIES = ("Software", "Health Care", "Retail", "Oil & Energy", "Food & Beverages", "Construction")

#: How one cell is made: of the number of its row, and of chance.
Cell = Callable[[int, random.Random], str]
#: The attribute that a column should become, and the settings with which it is read.
Right = tuple[str, dict[str, Any]]


@attrs.frozen
class Invented:
    """An export: its columns with a cell of each row, and what is right for it.

    Attributes:
        name: whose format it has.
        columns: how the cells of each column are made; a name may come twice.
        right: what the columns should become, but for those that stay text under the words of their header.
        key: the attribute that tells the accounts apart.
        fixed: further settings of the right map.
        changes: the columns, or settings of the map, that a person has to change in the guessed map.
        encoding: the encoding of the file.
        delimiter: what separates its columns.
        ending: the end of the file's name.
    """

    name: str
    columns: Sequence[tuple[str, Cell]]
    right: Mapping[str, Right]
    key: str
    fixed: Mapping[str, Any] = {}
    changes: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    ending: str = ".csv"

    def rows(self) -> list[list[str]]:
        """Make the rows, the same every time."""
        chance = random.Random(self.name)
        return [[cell(row, chance) for _, cell in self.columns] for row in range(ROWS)]

    def write(self, folder: Path) -> Path:
        """Write the export."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerow(name for name, _ in self.columns)
        writer.writerows(self.rows())
        path = folder / f"{self.name.lower().replace(' ', '_')}{self.ending}"
        path.write_bytes(file.getvalue().encode(self.encoding))
        return path

    def wanted(self, column: str) -> Right:
        """Give what a column should become."""
        return self.right.get(column, (words_of(column).replace(" ", "_"), {}))

    def field_map(self) -> icp.FieldMap:
        """Give the right map."""
        fields = []
        for column, _ in self.columns:
            attribute, settings = self.wanted(column)
            fields.append(icp.Field(attribute, column, **settings))
        return icp.FieldMap(fields, key=self.key, **self.fixed)


# Cells


def company(row: int, _chance: random.Random) -> str:
    """Name a company: each one once."""
    return f"{_FIRST[row % len(_FIRST)]} {_SECOND[row // len(_FIRST)]}"


def slug(row: int) -> str:
    """Give a company's name as addresses hold it."""
    return company(row, random.Random(0)).lower().replace(" ", "-").replace("ö", "o").replace("ü", "u")


def address(pattern: str) -> Cell:
    """Make addresses of the company's name."""
    return lambda row, _chance: pattern.format(slug(row))


def numbered(pattern: str, start: int = 1, step: int = 7) -> Cell:
    """Make identifiers."""
    return lambda row, _chance: pattern.format(start + step * row)


def one_of(*values: str) -> Cell:
    """Choose one of a few, each at least once."""
    return lambda row, chance: values[row] if row < len(values) else chance.choice(values)


def mostly(cell: Cell, *others: str, share: float = 0.2) -> Cell:
    """Put something else now and then, by default a blank: at least once."""
    return lambda row, chance: (
        chance.choice(others or ("",)) if row == 3 or chance.random() < share else cell(row, chance)
    )


def whole(low: int, high: int, pattern: str = "{}") -> Cell:
    """Make whole numbers, spread as sizes are."""
    return lambda _row, chance: pattern.format(round(low * (high / low) ** chance.random()))


def fraction(low: float, high: float, pattern: str = "{:.1f}") -> Cell:
    """Make numbers with decimals."""
    return lambda _row, chance: pattern.format(low + (high - low) * chance.random())


def day(pattern: str, first: date = date(2024, 1, 1), days: int = 600) -> Cell:
    """Make dates: strftime's directives, and %-d and %-m for a day and a month without zeros."""

    def cell(_row: int, chance: random.Random) -> str:
        at = first + timedelta(days=chance.randrange(days))
        bare = pattern.replace("%-d", str(at.day)).replace("%-m", str(at.month))
        bare = bare.replace("%H", f"{chance.randrange(24):02}").replace("%M", f"{chance.randrange(60):02}")
        return at.strftime(bare)

    return cell


def some(values: Sequence[str], separator: str, most: int = 4) -> Cell:
    """Join a few of several."""
    most = min(most, len(values))
    return lambda row, chance: separator.join(chance.sample(list(values), 1 + (row + chance.randrange(2)) % most))


def german(cell: Cell) -> Cell:
    """Swap points and commas."""
    return lambda row, chance: cell(row, chance).translate(str.maketrans(",.", ".,"))


def words(row: int, chance: random.Random) -> str:
    """Say something that nobody reads."""
    return f"{company(row, chance)} makes things, in {chance.choice(_COUNTRIES)}; since {1950 + row}."


# Exports

SALESFORCE_REPORT = Invented(
    "Salesforce report",
    [
        ("Account Owner", one_of("Ann Ito", "Bo Lund", "Cy Moss")),
        ("Account Name", company),
        ("Account ID", numbered("0015g00000{:06}AAC")),
        ("Parent Account", mostly(one_of("Otter Works", "Quill Labs"), share=0.8)),
        ("Type", one_of("Customer - Direct", "Prospect", "--None--")),
        ("Industry", mostly(one_of(*_INDUSTRIES), "--None--")),
        ("Billing State/Province", mostly(one_of("CA", "NY", "TX"))),
        ("Billing Country", one_of(*_COUNTRIES)),
        ("Billing Zip/Postal Code", numbered("0{}", 1067, 11)),
        ("Phone", numbered("(415) 555-{:04}", 100)),
        ("Website", mostly(address("www.{}.com"))),
        ("Employees", mostly(whole(5, 5_000, "{:,}"))),
        ("Annual Revenue Currency", one_of("USD")),
        ("Annual Revenue", mostly(whole(2_000_000, 900_000_000, "{:,}.00"))),
        ("SIC Code", numbered("{:04}", 100, 90)),
        ("Last Activity", mostly(day("%-m/%-d/%Y"), share=0.4)),
        ("Last Modified Date", day("%-m/%-d/%Y")),
        ("Created Date", day("%-m/%-d/%Y", date(2019, 1, 1), 1500)),
        ("Active", one_of("1", "0")),
        ("Products Owned", mostly(some(("Core", "Mail", "Desk"), "; "))),
        ("Rating", mostly(one_of("Hot", "Warm", "Cold"), "-")),
    ],
    right={
        "Account Name": ("name", {}),
        "Account ID": ("account_id", {}),
        "Type": ("type", {"unknown": ["--None--"]}),
        "Industry": ("industry", {"unknown": ["--None--"]}),
        "Billing State/Province": ("state", {}),
        "Billing Country": ("country", {}),
        "Website": ("website", {}),
        "Employees": ("employees", {"parse": "number"}),
        "Annual Revenue": ("annual_revenue", {"parse": "number"}),
        "SIC Code": ("sic", {}),
        "Last Activity": ("last_activity", {"parse": "date", "order": "mdy"}),
        "Last Modified Date": ("updated_on", {"parse": "date", "order": "mdy"}),
        "Created Date": ("created_on", {"parse": "date", "order": "mdy"}),
        "Active": ("active", {"parse": "flag"}),
        "Products Owned": ("products_owned", {"parse": "labels"}),
        "Rating": ("rating", {"unknown": ["-"]}),
    },
    key="account_id",
)

DATA_LOADER = Invented(
    "Salesforce Data Loader",
    [
        ("ID", numbered("0015g00000{:06}AAC")),
        ("NAME", company),
        ("TYPE", mostly(one_of("Customer", "Prospect"))),
        ("BILLINGCOUNTRY", one_of("US", "DE", "NA", "JP")),
        ("INDUSTRY", one_of(*_INDUSTRIES)),
        ("ANNUALREVENUE", mostly(whole(2_000_000, 900_000_000, "{:.4E}"))),
        ("NUMBEROFEMPLOYEES", mostly(whole(5, 5_000))),
        ("ISDELETED", one_of("false", "true")),
        ("CREATEDDATE", day("%Y-%m-%dT%H:%M:11.000Z")),
        ("LASTACTIVITYDATE", mostly(day("%Y-%m-%d"))),
        ("SEGMENTS__C", mostly(some(("SMB", "Enterprise", "Channel"), ";"))),
        ("FIT_SCORE__C", mostly(fraction(0, 100))),
        ("WEBSITE", address("https://{}.com/")),
    ],
    right={
        "ID": ("account_id", {}),
        "NAME": ("name", {}),
        "BILLINGCOUNTRY": ("country", {}),
        "INDUSTRY": ("industry", {}),
        "ANNUALREVENUE": ("annual_revenue", {"parse": "number"}),
        "NUMBEROFEMPLOYEES": ("employees", {"parse": "number"}),
        "ISDELETED": ("isdeleted", {"parse": "flag"}),
        "CREATEDDATE": ("created_on", {"parse": "date"}),
        "LASTACTIVITYDATE": ("last_activity", {"parse": "date"}),
        "SEGMENTS__C": ("segments_c", {"parse": "labels"}),
        "FIT_SCORE__C": ("fit_score_c", {"parse": "number"}),
        "WEBSITE": ("website", {}),
    },
    key="account_id",
)

HUBSPOT = Invented(
    "HubSpot companies",
    [
        ("Record ID", numbered("{}", 9_001_200_300, 13)),
        ("Company name", company),
        ("Company owner", mostly(one_of("Ann Ito (ann@example.com)", "Bo Lund (bo@example.com)"))),
        ("Create Date", day("%Y-%m-%d %H:%M")),
        ("Phone Number", mostly(numbered("+1 415-555-{:04}", 100))),
        ("Last Activity Date", mostly(day("%Y-%m-%d %H:%M"))),
        ("City", one_of("Boston", "Berlin", "Windhoek")),
        ("Country/Region", mostly(one_of(*_COUNTRIES))),
        ("Industry", mostly(one_of("COMPUTER_SOFTWARE", "RETAIL", "OIL_ENERGY"))),
        ("Company Domain Name", mostly(address("{}.com"), share=0.05)),
        ("Website URL", address("http://www.{}.com")),
        ("Number of Employees", mostly(whole(5, 5_000))),
        ("Annual Revenue", mostly(whole(2_000_000, 900_000_000))),
        ("Lifecycle Stage", one_of("lead", "opportunity", "customer")),
        ("Web Technologies", mostly(some(_TOOLS, ";"))),
        ("Total Money Raised", mostly(whole(100_000, 90_000_000), share=0.6)),
        ("Is Public", mostly(one_of("true", "false"))),
        ("Year Founded", mostly(whole(1900, 2023))),
        ("Number of Pageviews", whole(1, 9000)),
        ("Time Zone", one_of("us/eastern", "europe/berlin")),
        ("Target Account", mostly(one_of("true", "false"))),
        ("Associated Contact IDs", mostly(some(("1501", "1502", "1503"), ";"))),
    ],
    right={
        "Record ID": ("account_id", {}),
        "Company name": ("name", {}),
        "Create Date": ("created_on", {"parse": "date"}),
        "Last Activity Date": ("last_activity", {"parse": "date"}),
        "City": ("city", {}),
        "Country/Region": ("country", {}),
        "Industry": ("industry", {}),
        "Company Domain Name": ("domain", {}),
        "Website URL": ("website", {}),
        "Number of Employees": ("employees", {"parse": "number"}),
        "Annual Revenue": ("annual_revenue", {"parse": "number"}),
        "Web Technologies": ("technologies", {"parse": "labels"}),
        "Total Money Raised": ("funding", {"parse": "number"}),
        "Is Public": ("is_public", {"parse": "flag"}),
        "Year Founded": ("founded", {"parse": "year"}),
        "Number of Pageviews": ("number_of_pageviews", {"parse": "number"}),
        "Target Account": ("target_account", {"parse": "flag"}),
        "Associated Contact IDs": ("associated_contact_ids", {"parse": "labels"}),
    },
    key="account_id",
)

ZOOMINFO = Invented(
    "ZoomInfo companies",
    [
        ("ZoomInfo Company ID", numbered("{}", 344_500_000, 137)),
        ("Company Name", company),
        ("Company Description", mostly(words)),
        ("Website", address("www.{}.com")),
        ("Founded Year", mostly(whole(1900, 2023))),
        ("Company HQ Phone", numbered("(415) 555-{:04}", 100)),
        ("Fax", mostly(numbered("(415) 555-{:04}", 5000), share=0.7)),
        ("Ticker", mostly(numbered("NYSE: Q{}"), share=0.7)),
        ("Revenue (in 000s USD)", mostly(whole(300, 2_000_000))),
        (
            "Revenue Range (in USD)",
            one_of("$10 mil. - $25 mil.", "$100 mil. - $250 mil.", "Under $500,000", "Over $5 bil."),
        ),
        ("Employees", whole(5, 20_000)),
        ("Employee Range", one_of("1 - 5", "50 - 100", "250 - 500", "Over 10,000")),
        ("Past 1 Year Employee Growth Rate", mostly(fraction(-30, 80, "{:.2f}%"))),
        ("SIC Code 1", numbered("{:04}", 100, 90)),
        ("SIC Codes", some(("7372", "7373", "0139"), ",")),
        ("NAICS Codes", some(("5415", "54151", "541511"), ",")),
        ("Primary Industry", one_of(*_INDUSTRIES)),
        ("All Industries", some(_INDUSTRIES, "; ")),
        ("Alexa Rank", mostly(whole(1_000, 9_000_000))),
        ("Ownership Type", one_of("Private", "Public", "Subsidiary")),
        ("Certified Active Company", one_of("Yes", "No")),
        ("Certification Date", mostly(day("%m/%d/%Y"))),
        ("Total Funding Amount (in 000s USD)", mostly(whole(300, 90_000), share=0.6)),
        ("Recent Funding Round", mostly(one_of(*_STAGES), share=0.6)),
        ("Number of Locations", whole(1, 300)),
        ("Company Zip Code", numbered("0{}", 1067, 11)),
        ("Company Country", one_of(*_COUNTRIES)),
    ],
    right={
        "ZoomInfo Company ID": ("account_id", {}),
        "Company Name": ("name", {}),
        "Website": ("website", {}),
        "Founded Year": ("founded", {"parse": "year"}),
        "Revenue (in 000s USD)": ("annual_revenue", {"parse": "number", "unit": "thousands"}),
        "Revenue Range (in USD)": ("revenue_range_in_usd", {"parse": "money", "take": "middle"}),
        "Employees": ("employees", {"parse": "number"}),
        "Employee Range": ("employee_range", {"parse": "size"}),
        "Past 1 Year Employee Growth Rate": ("past_1_year_employee_growth_rate", {"parse": "number"}),
        "SIC Codes": ("sic", {"parse": "labels", "split": ","}),
        "NAICS Codes": ("naics", {"parse": "labels", "split": ","}),
        "Primary Industry": ("industry", {}),
        "All Industries": ("all_industries", {"parse": "labels"}),
        "Alexa Rank": ("alexa_rank", {"parse": "number"}),
        "Certified Active Company": ("certified_active_company", {"parse": "flag"}),
        "Certification Date": ("certification_date", {"parse": "date", "order": "mdy"}),
        "Total Funding Amount (in 000s USD)": ("funding", {"parse": "number", "unit": "thousands"}),
        "Recent Funding Round": ("funding_stage", {}),
        "Number of Locations": ("number_of_locations", {"parse": "number"}),
        "Company Country": ("country", {}),
    },
    key="account_id",
    fixed={"currency": "USD"},
)

APOLLO = Invented(
    "Apollo accounts",
    [
        ("Company", company),
        ("Company Name for Emails", lambda row, chance: company(row, chance).split()[0]),
        ("Account Stage", one_of("Cold", "Current Client")),
        ("Lists", mostly(some(("Q1 targets", "ABM", "Events"), ","))),
        ("# Employees", mostly(whole(5, 5_000))),
        ("Industry", mostly(one_of("information technology & services", "health, wellness & fitness", "retail"))),
        ("Account Owner", one_of("ann@example.com", "bo@example.com")),
        ("Website", address("http://www.{}.com")),
        ("Company Linkedin Url", address("http://www.linkedin.com/company/{}")),
        ("Company Street", numbered("{} Main St")),
        ("Company City", one_of("Boston", "Berlin", "Windhoek")),
        ("Company State", mostly(one_of("Massachusetts", "Texas"))),
        ("Company Country", one_of(*_COUNTRIES)),
        ("Company Postal Code", numbered("0{}", 1067, 11)),
        ("Company Address", numbered("{} Main St, Boston, Massachusetts, United States")),
        ("Keywords", mostly(some(("crm", "b2b sales", "analytics", "cloud", "freight"), ", "))),
        ("Company Phone", mostly(numbered("'+1 415-555-{:04}", 100))),
        ("Technologies", mostly(some(_TOOLS, ", "))),
        ("Total Funding", mostly(whole(100_000, 90_000_000), share=0.6)),
        ("Latest Funding", mostly(one_of(*_STAGES), share=0.6)),
        ("Latest Funding Amount", mostly(whole(100_000, 90_000_000), share=0.6)),
        ("Last Raised At", mostly(day("%Y-%m-%d"), share=0.6)),
        ("Subsidiary of", mostly(one_of("Otter Works"), share=0.9)),
        ("Email Sent", one_of("false", "true")),
        ("Annual Revenue", mostly(whole(2_000_000, 900_000_000))),
        ("Apollo Account Id", numbered("65f0c0ffee{:014x}")),
        ("SIC Codes", mostly(one_of("7372", "7372, 7373"))),
        ("Founded Year", mostly(whole(1900, 2023))),
    ],
    right={
        "Company": ("name", {}),
        "Lists": ("lists", {"parse": "labels", "split": ","}),
        "# Employees": ("employees", {"parse": "number"}),
        "Industry": ("industry", {}),
        "Website": ("website", {}),
        "Company City": ("city", {}),
        "Company State": ("state", {}),
        "Company Country": ("country", {}),
        "Keywords": ("keywords", {"parse": "labels", "split": ","}),
        "Technologies": ("technologies", {"parse": "labels", "split": ","}),
        "Total Funding": ("funding", {"parse": "number"}),
        "Latest Funding": ("funding_stage", {}),
        "Latest Funding Amount": ("latest_funding_amount", {"parse": "number"}),
        "Last Raised At": ("last_raised_at", {"parse": "date"}),
        "Email Sent": ("email_sent", {"parse": "flag"}),
        "Annual Revenue": ("annual_revenue", {"parse": "number"}),
        "Apollo Account Id": ("account_id", {}),
        "SIC Codes": ("sic", {"parse": "labels", "split": ","}),
        "Founded Year": ("founded", {"parse": "year"}),
    },
    key="account_id",
)

CRUNCHBASE = Invented(
    "Crunchbase companies",
    [
        ("Organization Name", company),
        ("Organization Name URL", address("https://www.crunchbase.com/organization/{}")),
        ("Industries", some(_INDUSTRIES, ", ")),
        ("Headquarters Location", one_of("Boston, Massachusetts, United States", "Berlin, Berlin, Germany")),
        ("Description", words),
        ("CB Rank (Company)", whole(90, 2_000_000, "{:,}")),
        ("Founded Date", mostly(day("%Y-%m-%d", date(1990, 1, 1), 12_000))),
        ("Founded Date Precision", one_of("day", "month", "year")),
        ("Operating Status", one_of("Active", "Closed")),
        ("Website", address("https://{}.com/")),
        ("Number of Employees", one_of("1-10", "11-50", "51-100", "101-250", "10001+")),
        ("Estimated Revenue Range", mostly(one_of("Less than $1M", "$1M to $10M", "$100M to $500M", "$10B+"))),
        ("Total Funding Amount", mostly(whole(100_000, 90_000_000))),
        ("Total Funding Amount Currency", mostly(one_of("USD", "EUR", "GBP"))),
        ("Total Funding Amount Currency (in USD)", mostly(whole(100_000, 90_000_000))),
        ("Last Funding Type", mostly(one_of(*_STAGES))),
        ("Last Funding Date", mostly(day("%Y-%m-%d"))),
        ("Number of Funding Rounds", mostly(whole(1, 9))),
        ("Trend Score (7 Days)", fraction(-9, 9)),
        ("Actively Hiring", mostly(one_of("Yes"))),
        ("Top 5 Investors", mostly(some(("Larch Capital", "Onyx Partners", "Sable Fund"), ", "))),
    ],
    right={
        "Organization Name": ("name", {}),
        "Industries": ("industry", {"parse": "labels", "split": ","}),
        "CB Rank (Company)": ("cb_rank_company", {"parse": "number"}),
        "Founded Date": ("founded", {"parse": "date"}),
        "Website": ("website", {}),
        "Number of Employees": ("employees", {"parse": "size"}),
        "Estimated Revenue Range": ("annual_revenue", {"parse": "money", "take": "middle"}),
        "Total Funding Amount": ("total_funding_amount", {"parse": "number"}),
        "Total Funding Amount Currency (in USD)": ("funding", {"parse": "number"}),
        "Last Funding Type": ("funding_stage", {}),
        "Last Funding Date": ("last_funding_date", {"parse": "date"}),
        "Number of Funding Rounds": ("number_of_funding_rounds", {"parse": "number"}),
        "Trend Score (7 Days)": ("trend_score_7_days", {"parse": "number"}),
        "Actively Hiring": ("actively_hiring", {"parse": "flag"}),
        "Top 5 Investors": ("top_5_investors", {"parse": "labels", "split": ","}),
    },
    key="name",
    fixed={"currency": "USD"},
)

NAVIGATOR = Invented(
    "LinkedIn Sales Navigator",
    [
        ("Company Name", company),
        ("Company LinkedIn URL", address("https://www.linkedin.com/company/{}")),
        ("Company Website", mostly(address("https://{}.com"))),
        ("Company Domain", mostly(address("{}.com"))),
        ("Company Industry", one_of("Software Development", "Food and Beverage Services")),
        ("Company Size", one_of(*(f"{band} employees" for band in _BANDS), "Self-employed")),
        ("Company Employee Count", whole(1, 90_000)),
        ("Company Followers", whole(10, 900_000, "{:,}")),
        ("Company Type", one_of("Privately Held", "Public Company")),
        ("Company Founded", mostly(whole(1900, 2023))),
        ("Company Headquarters", one_of("Boston, MA", "Berlin, Germany")),
        ("Company Specialities", mostly(some(("CRM", "Data", "Logistics", "Sales"), ", "))),
        ("Headcount Growth 6 months", mostly(fraction(-30, 80, "{:.0f}%"))),
        ("Is Hiring", one_of("Yes", "No")),
        ("Sales Navigator ID", numbered("{}", 1_035_000, 17)),
    ],
    right={
        "Company Name": ("name", {}),
        "Company Website": ("website", {}),
        "Company Domain": ("domain", {}),
        "Company Industry": ("industry", {}),
        "Company Size": ("company_size", {"parse": "size"}),
        "Company Employee Count": ("employees", {"parse": "number"}),
        "Company Followers": ("company_followers", {"parse": "number"}),
        "Company Founded": ("founded", {"parse": "year"}),
        "Company Specialities": ("company_specialities", {"parse": "labels", "split": ","}),
        "Headcount Growth 6 months": ("headcount_growth_6_months", {"parse": "number"}),
        "Is Hiring": ("is_hiring", {"parse": "flag"}),
        "Sales Navigator ID": ("sales_navigator_id", {}),
    },
    key="sales_navigator_id",
)

SIXSENSE = Invented(
    "6sense segment",
    [
        ("6sense Company Name", company),
        ("6sense Domain", address("{}.com")),
        ("6sense Country", one_of(*_COUNTRIES)),
        ("6sense Industry", one_of(*_INDUSTRIES)),
        ("6sense Employee Range", one_of("1 - 19", "100 - 249", "1,000 - 4,999", "10,000+")),
        ("6sense Revenue Range", one_of("$1M - $5M", "$10M - $25M", "$1B - $2.5B", "$5B+")),
        ("6sense Account Intent Score", whole(1, 100)),
        ("6sense Account Buying Stage", one_of("Target", "Awareness", "Consideration", "Decision", "Purchase")),
        ("6sense Account Profile Fit", one_of("Strong", "Moderate", "Weak")),
        ("6sense Account 6QA", one_of("TRUE", "FALSE")),
        ("6sense Account 6QA Start Date", mostly(day("%-m/%-d/%Y"))),
        ("6sense Segments", mostly(some(("Top of funnel", "UK", "ABM"), ", "))),
        ("Last Web Visit", mostly(day("%-m/%-d/%Y %H:%M"))),
        ("Web Visits (30 days)", whole(1, 400)),
    ],
    right={
        "6sense Company Name": ("name", {}),
        "6sense Domain": ("domain", {}),
        "6sense Country": ("country", {}),
        "6sense Industry": ("industry", {}),
        "6sense Employee Range": ("employees", {"parse": "size"}),
        "6sense Revenue Range": ("annual_revenue", {"parse": "money", "take": "middle"}),
        "6sense Account Intent Score": ("6sense_account_intent_score", {"parse": "number"}),
        "6sense Account 6QA": ("6sense_account_6qa", {"parse": "flag"}),
        "6sense Account 6QA Start Date": ("6sense_account_6qa_start_date", {"parse": "date", "order": "mdy"}),
        "6sense Segments": ("6sense_segments", {"parse": "labels", "split": ","}),
        "Last Web Visit": ("last_visit", {"parse": "date", "order": "mdy"}),
        "Web Visits (30 days)": ("web_visits_30_days", {"parse": "number"}),
    },
    key="domain",
    fixed={"currency": "USD"},
)

DEMANDBASE = Invented(
    "Demandbase accounts",
    [
        ("Account Name", company),
        ("Website", address("{}.com")),
        ("Journey Stage", one_of("Qualified", "Aware", "Engaged", "Customer", "None")),
        ("Qualification Score", one_of("High", "Medium", "Low", "Unknown")),
        ("Pipeline Predict Score", whole(1, 99)),
        ("Engagement Points (3 mo.)", fraction(0, 400, "{:.2f}")),
        ("Intent Strength", mostly(one_of("High", "Medium", "Low"))),
        ("High Intent Keywords", mostly(some(("crm software", "lead scoring", "abm"), ", "))),
        ("Revenue", mostly(one_of("$1.2B", "$45.3M", "$870K", "$12M"))),
        ("Employees", mostly(whole(5, 5_000, "{:,}"))),
        ("Country", one_of("US", "DE", "GB", "NA")),
        ("Last Engagement", mostly(day("%b %-d, %Y"))),
        ("Trending Intent", one_of("Y", "N")),
    ],
    right={
        "Account Name": ("name", {}),
        "Website": ("website", {}),
        "Pipeline Predict Score": ("pipeline_predict_score", {"parse": "number"}),
        "Engagement Points (3 mo.)": ("engagement_points_3_mo", {"parse": "number"}),
        "High Intent Keywords": ("high_intent_keywords", {"parse": "labels", "split": ","}),
        "Revenue": ("annual_revenue", {"parse": "money"}),
        "Employees": ("employees", {"parse": "number"}),
        "Country": ("country", {}),
        "Last Engagement": ("last_activity", {"parse": "date"}),
        "Trending Intent": ("trending_intent", {"parse": "flag"}),
    },
    key="name",
    fixed={"currency": "USD"},
)

GERMAN_CRM = Invented(
    "German CRM",
    [
        ("Kundennr.", numbered("K-{:05}")),
        ("Firma", company),
        ("Branche", one_of("Maschinenbau", "Handel", "Banken")),
        ("Mitarbeiter", whole(5, 900_000, "{:,}")),
        ("Umsatz (TEUR)", fraction(100, 90_000, "{:,.1f}")),
        ("Gründungsjahr", mostly(whole(1900, 2023), "k.A.")),
        ("Letzter Kontakt", mostly(day("%d.%m.%Y"))),
        ("PLZ", numbered("0{}", 1067, 11)),
        ("Ort", one_of("Dresden", "Halle")),
        ("Land", one_of("Deutschland", "Österreich")),
        ("Newsletter", one_of("ja", "nein")),
        ("Systeme", mostly(some(("SAP", "DATEV", "Slack"), "|"))),
        ("Rabatt", fraction(0.5, 30, "{:.3f}")),
    ],
    right={
        "Kundennr.": ("kundennr", {}),
        "Firma": ("name", {}),
        "Branche": ("industry", {}),
        "Mitarbeiter": ("employees", {"parse": "number", "decimal": ","}),
        "Umsatz (TEUR)": ("annual_revenue", {"parse": "number", "decimal": ",", "unit": "thousands"}),
        "Gründungsjahr": ("founded", {"parse": "year", "unknown": ["k.A."]}),
        "Letzter Kontakt": ("last_activity", {"parse": "date", "order": "dmy"}),
        "Ort": ("city", {}),
        "Land": ("country", {}),
        "Newsletter": ("newsletter", {"parse": "flag", "true": ["ja"], "false": ["nein"]}),
        "Systeme": ("systeme", {"parse": "labels", "split": "|"}),
        "Rabatt": ("rabatt", {"parse": "number", "decimal": ","}),
    },
    key="kundennr",
    encoding="cp1252",
    delimiter=";",
)
GERMAN_CRM = attrs.evolve(
    GERMAN_CRM,
    columns=[
        (name, german(cell) if name in {"Mitarbeiter", "Umsatz (TEUR)", "Rabatt"} else cell)
        for name, cell in GERMAN_CRM.columns
    ],
)

UNICORNS = Invented(
    "List of unicorns",
    [
        ("Company", company),
        ("Valuation ($B)", fraction(1, 140, "${:.2f}")),
        ("Date Joined", day("%-m/%-d/%Y", date(2015, 1, 1), 2_000)),
        ("Country", one_of(*_COUNTRIES)),
        ("City", one_of("Boston", "Berlin")),
        ("Industry", one_of("Fintech", "E-commerce & direct-to-consumer", "Artificial intelligence")),
        ("Select Investors", some(("Larch Capital", "Onyx Partners", "Sable Fund", "Plover"), ", ")),
        ("Founded Year", mostly(whole(1990, 2020), "None")),
        ("Total Raised", mostly(fraction(1, 9, "${:.2f}B"), "None")),
        ("Financial Stage", mostly(one_of("IPO", "Acquired"), "None", share=0.8)),
        ("Investors Count", mostly(whole(1, 90), "None")),
    ],
    right={
        "Company": ("name", {}),
        "Valuation ($B)": ("valuation_b", {"parse": "money", "unit": "billions"}),
        "Date Joined": ("date_joined", {"parse": "date", "order": "mdy"}),
        "Country": ("country", {}),
        "City": ("city", {}),
        "Industry": ("industry", {}),
        "Select Investors": ("select_investors", {"parse": "labels", "split": ","}),
        "Founded Year": ("founded", {"parse": "year", "unknown": ["None"]}),
        "Total Raised": ("funding", {"parse": "money", "unknown": ["None"]}),
        "Financial Stage": ("financial_stage", {"unknown": ["None"]}),
        "Investors Count": ("investors_count", {"parse": "number", "unknown": ["None"]}),
    },
    key="name",
    fixed={"currency": "USD"},
    changes=("Financial Stage",),
)

FASTEST = Invented(
    "Fastest growing companies",
    [
        ("rank", lambda row, _chance: str(row + 1)),
        ("profile", address("https://www.example.com/profile/{}")),
        ("name", company),
        ("state", one_of("CA", "TX", "NY")),
        ("revenue", one_of("$101.6 Million", "$2.1 Billion", "$45.3 Million", "$9 Million")),
        ("growth_%", fraction(40, 30_000, "{:.4f}")),
        ("industry", one_of(*_INDUSTRIES)),
        ("workers", mostly(whole(5, 30_000))),
        ("founded", mostly(whole(1900, 2018), "0")),
        ("yrs_on_list", whole(1, 14)),
        ("metro", mostly(one_of("Los Angeles", "New York City"))),
        ("updated", day("%Y%m%d")),
        ("last_seen", numbered("{}", 1_706_700_000, 86_413)),
        ("phone", numbered("415-555{}", 1000)),
        ("sheet_date", numbered("{}", 45_000, 3)),
    ],
    right={
        "rank": ("rank", {"parse": "number"}),
        "name": ("name", {}),
        "state": ("state", {}),
        "revenue": ("annual_revenue", {"parse": "money"}),
        "growth_%": ("growth", {"parse": "number"}),
        "industry": ("industry", {}),
        "workers": ("employees", {"parse": "number"}),
        "founded": ("founded", {"parse": "year", "unknown": ["0"]}),
        "yrs_on_list": ("yrs_on_list", {"parse": "number"}),
        "updated": ("updated_on", {"parse": "date", "order": "ymd"}),
        "last_seen": ("last_visit", {"parse": "date", "order": "epoch_s"}),
        "sheet_date": ("sheet_date", {"parse": "date", "order": "spreadsheet"}),
    },
    key="name",
    fixed={"currency": "USD"},
)

ASTRAY = Invented(
    "Doubtful",
    [
        ("Ref", numbered("R{}")),
        ("Joined", one_of("01/02/2024", "03/04/2024", "11/12/2023")),
        ("Two digits", day("%m/%d/%y")),
        ("Factor", one_of("1.234", "2.500", "12.125")),
        ("Volume", one_of("1.000-5.000", "5.001-10.000")),
        ("Amount", one_of("12500", "900")),
        ("Amount Currency", one_of("USD", "EUR")),
        ("Budget", one_of("$5,000", "€1,200", "£700")),
        ("Phone", one_of("415-5550", "415-5551")),
        ("Norwegian", one_of("NO")),
        ("Country", one_of("NO")),
        ("Customer since", one_of("over 3 years", "8 months ago")),
        ("Sales lead", one_of("Smith, Ann", "Lund, Bo", "Ito, Cy")),
        ("Mixed dates", one_of("13/02/2024", "02/14/2024", "05/06/2024", "25/12/2023", "12/31/2023")),
        ("Stage", one_of("Won", "Lost", "Negotiation")),
        ("Location", one_of("Boston, MA", "Berlin")),
        ("ARR", one_of("1200", "900")),
    ],
    right={
        "Ref": ("ref", {}),
        "Joined": ("joined", {"parse": "date", "order": "mdy"}),
        "Two digits": ("two_digits", {"parse": "date", "format": "%m/%d/%y"}),
        "Factor": ("factor", {"parse": "number"}),
        "Volume": ("volume", {"parse": "size", "decimal": ","}),
        "Amount": ("amount", {"parse": "number"}),
        "Budget": ("budget", {"parse": "money"}),
        "Norwegian": ("norwegian", {"parse": "flag"}),
        "Country": ("country", {}),
        "Customer since": ("customer_since", {"parse": "ago"}),
        "Mixed dates": ("mixed_dates", {"parse": "date", "order": "dmy"}),
        "ARR": ("arr", {"parse": "number"}),
    },
    key="ref",
    fixed={
        "currency": "USD",
        "exported": date(2026, 1, 1),
        "rates": [icp.Rate("EUR", "USD", 1.1, "2024-01-01"), icp.Rate("GBP", "USD", 1.25, "2024-01-01")],
    },
    changes=("exported", "rates", "Joined", "Factor", "Customer since", "Mixed dates"),
)

EXPORTS: Final = {
    one.name: one
    for one in (
        *(SALESFORCE_REPORT, DATA_LOADER, HUBSPOT, ZOOMINFO, APOLLO, CRUNCHBASE, NAVIGATOR, SIXSENSE, DEMANDBASE),
        *(GERMAN_CRM, UNICORNS, FASTEST, ASTRAY),
    )
}
