import pytest

from icpkit.importing.attributes import USUAL, meaning_of, meant_by, usual_of, words_of


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Annual Revenue", "annual revenue"),
        ("annual_revenue (USD)", "annual revenue usd"),
        ("NumberOfEmployees", "number of employees"),
        ("hqCountry", "hq country"),
        ("NUMBEROFEMPLOYEES", "numberofemployees"),
        ("accountIDs", "account ids"),
        ("HTTPStatus", "http status"),
        ("6sense Account 6QA", "6sense account 6qa"),
        ("page2Views", "page2 views"),
        ("Straße", "strasse"),
        ("% growth", "growth"),
        ("🚀", ""),
        ("", ""),
    ],
)
def test_words_of_a_header(header: str, words: str) -> None:
    """Words are told apart by blanks, signs, and capitals where there are no blanks."""
    assert words_of(header) == words


@pytest.mark.parametrize(
    ("header", "attribute"),
    [
        ("Annual Revenue", "annual_revenue"),
        ("ANNUALREVENUE", "annual_revenue"),
        ("Revenue (in 000s USD)", "annual_revenue"),
        ("Estimated Revenue Range", "annual_revenue"),
        ("Umsatz (TEUR)", "annual_revenue"),
        ("Number of Employees", "employees"),
        ("# Employees", "employees"),
        ("numberofemployees", "employees"),
        ("Company Employee Count", "employees"),
        ("Company Domain Name", "domain"),
        ("6sense Company Name", "name"),
        ("ZoomInfo Company ID", "account_id"),
        ("Company", "name"),
        ("Billing State/Province", "state"),
        ("Country/Region", "country"),
        ("Last Activity Date", "last_activity"),
        ("Total Funding Amount Currency (in USD)", "funding"),
        ("last_demo_request", "last_demo_request"),
        ("Total Revenue", None),
        ("ARR", None),
        ("Company Name for Emails", None),
        ("Account Owner", None),
        ("Company Linkedin Url", None),
        ("slug", None),
        ("USD", None),
        ("%", None),
    ],
)
def test_headers_that_mean_a_usual_attribute(header: str, attribute: str | None) -> None:
    """However a header is written, its known wordings are found; whose field it is and its unit do not count."""
    assert usual_of(header) == attribute


@pytest.mark.parametrize("attribute", USUAL)
def test_attributes_mean_themselves(attribute: str) -> None:
    """The name of a usual attribute, and each of its wordings, mean it."""
    assert {usual_of(words) for words in (attribute, *USUAL[attribute])} == {attribute}


def test_wordings_are_ranked() -> None:
    """A wording is the surer, the earlier it is listed, and the fewer words had to be left out."""
    headers = ["Annual Revenue", "Company Annual Revenue", "Revenue", "Revenue (USD)", "Turnover"]
    ranks = [found[1] for header in headers if (found := meaning_of(header))]
    assert ranks == sorted(set(ranks))
    assert len(ranks) == len(headers)


@pytest.mark.parametrize(
    ("attribute", "columns", "column"),
    [
        ("employees", ["account", "No. of Employees"], "No. of Employees"),
        ("annual_revenue", ["Annual-Revenue", "Revenue"], "Annual-Revenue"),
        ("annual_revenue", ["City", "Sales", "Turnover"], "Turnover"),
        ("segment", ["city", "segmnt"], "segmnt"),
        ("employees", ["emploees"], "emploees"),
        ("segment", ["city"], ""),
        ("segment", [], ""),
    ],
)
def test_which_column_an_attribute_probably_means(attribute: str, columns: list[str], column: str) -> None:
    """The same words come first, then what is usual, the surest first, then a near spelling."""
    assert meant_by(attribute, columns) == column
