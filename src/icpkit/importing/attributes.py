"""The attributes that exports of this field usually hold, and what their columns are called."""

import re
from collections.abc import Iterable
from typing import Final

from icpkit import views
from icpkit.errors import near

#: Usual attributes, each with the words of headers that mean it, the surest first.
USUAL: Final[dict[str, tuple[str, ...]]] = {
    "account_id": ("account id", "record id", "company id", "id", "symbol", "ticker"),
    "name": ("account name", "company name", "company", "account", "organization", "organisation", "name", "title"),
    "domain": ("company domain name", "domain", "website", "web site", "url", "homepage", "email", "e-mail"),
    "employees": (
        *("number of employees", "employees", "employee count", "no of employees", "employee range", "headcount"),
        *("company size", "company headcount", "size", "staff", "fte", "employee size", "num employees", "comp size"),
    ),
    "annual_revenue": (
        *("annual revenue", "revenue", "yearly revenue", "turnover", "annual sales", "sales volume", "arr", "revenues"),
        *("company revenue", "revenue range", "estimated revenue", "revenue usd", "annual revenue usd", "sales"),
    ),
    "industry": ("industry", "sector", "vertical", "branch", "industry sector", "primary industry", "gics sector"),
    "country": (
        *("country", "billing country", "country region", "hq country", "headquarters country", "company country"),
        *("location country", "office location", "headquarters location", "headquarters", "location", "hq"),
    ),
    "founded": (
        "year founded",
        "founded",
        "year established",
        "founded year",
        "established",
        "year started",
        "founding year",
    ),
    "technologies": (
        "technologies",
        "web technologies",
        "tech stack",
        "technology",
        "tools",
        "technologies used",
        "stack",
    ),
    "funding_stage": ("funding stage", "last funding type", "last round", "stage", "latest funding", "funding round"),
    "funding": ("total funding", "total money raised", "funding", "total funding amount", "amount raised"),
    "region": ("region", "territory", "geo"),
    "state": ("state", "billing state province", "state province", "province", "state region"),
    "city": ("city", "billing city", "hq city", "town"),
    "naics": ("naics", "naics code", "naics codes"),
    "sic": ("sic", "sic code", "sic codes"),
    "last_activity": ("last activity", "last activity date", "last engagement", "last engaged", "last touch"),
    "last_demo_request": ("last demo request", "demo request", "last demo", "demo requested", "demo date"),
    "last_visit": ("last visit", "last website visit", "last seen", "last session", "last web visit"),
    "created_on": ("created", "created date", "create date", "created on", "added", "added at", "date added"),
    "updated_on": ("updated", "updated at", "last modified", "last modified date", "last updated", "modified"),
}
_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(header: str) -> str:
    """Give the words of a header, however it joins them.

    >>> words_of("NumberOfEmployees"), words_of("annual_revenue (USD)"), words_of(" Addedat ")
    ('number of employees', 'annual revenue usd', 'addedat')
    """
    apart = _CAPITALS.sub(" ", header)
    return " ".join("".join(char if char.isalnum() else " " for char in views.fold(apart)).split())


def usual_of(header: str) -> str | None:
    """Give the usual attribute that a header means, if it is one of the known wordings.

    >>> usual_of("Annual Revenue"), usual_of("Company Size"), usual_of("slug")
    ('annual_revenue', 'employees', None)
    """
    words = words_of(header)
    return next((name for name, headers in USUAL.items() if words == words_of(name) or words in headers), None)


def meant_by(attribute: str, columns: Iterable[str]) -> str:
    """Give the column that an attribute probably means: by its words, by what is usual, or by its spelling.

    >>> meant_by("employees", ["account", "No. of Employees"]), meant_by("annual_revenue", ["Turnover", "City"])
    ('No. of Employees', 'Turnover')
    """
    listed = list(columns)
    for column in listed:
        if words_of(column) == words_of(attribute):
            return column
    usual = usual_of(attribute)
    ranked = USUAL.get(usual, ()) if usual else ()
    for words in ranked:
        for column in listed:
            if words_of(column) == words:
                return column
    hint = near(attribute, listed)
    return next((column for column in listed if repr(column) in hint), "")
