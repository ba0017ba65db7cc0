"""The attributes that exports of this field usually hold, and what their columns are called."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from icpkit import views
from icpkit.errors import near

#: Usual attributes, each with the words of headers that mean it, the surest first.
USUAL: Final[dict[str, tuple[str, ...]]] = {
    "account_id": ("account id", "record id", "company id", "customer id", "organization id", "hs object id", "id"),
    "name": (
        *("account name", "company name", "organization name", "organisation name", "legal name", "company", "account"),
        *(
            "organization",
            "organisation",
            "name",
            "raison sociale",
            "unternehmen",
            "firma",
            "entreprise",
            "empresa",
            "title",
        ),
    ),
    "domain": ("company domain name", "domain", "company domain", "domain name", "email domain", "web domain"),
    "website": ("website", "web site", "website url", "homepage", "homepage url", "web address", "url"),
    "employees": (
        *("number of employees", "employees", "employee count", "no of employees", "employees count", "headcount"),
        *("total employees", "num employees", "current employee estimate", "fte", "staff", "staff count", "workers"),
        *("mitarbeiter", "mitarbeiterzahl", "anzahl mitarbeiter", "beschäftigte", "effectif", "effectifs", "empleados"),
        *("employee range", "employees range", "company size", "company headcount", "employee size", "size range"),
        *("comp size", "team size", "size employees", "size"),
    ),
    "annual_revenue": (
        *(
            "annual revenue",
            "revenue",
            "yearly revenue",
            "company revenue",
            "estimated revenue",
            "revenues",
            "turnover",
        ),
        *(
            "annual turnover",
            "annual sales",
            "sales volume",
            "sales revenue",
            "umsatz",
            "jahresumsatz",
            "chiffre d affaires",
            "sales",
        ),
        *("annual revenue range", "revenue range"),
    ),
    "industry": (
        *("industry", "primary industry", "industry sector", "sector", "gics sector", "vertical", "main industry"),
        *("branche", "branch", "secteur", "industries"),
    ),
    "country": (
        *("country", "billing country", "country region", "hq country", "headquarters country", "location country"),
        *("country name", "country code", "billing country code", "land", "pays", "pais"),
        *("office location", "headquarters location", "headquarters", "headquarter", "hq location", "location", "hq"),
    ),
    "founded": (
        *(
            "year founded",
            "founded year",
            "founded",
            "founding year",
            "year established",
            "established",
            "year started",
        ),
        *(
            "founded date",
            "date founded",
            "founding date",
            "founded on",
            "founded at",
            "gründungsjahr",
            "gegründet",
            "année de création",
        ),
    ),
    "technologies": (
        *("technologies", "web technologies", "tech stack", "technology stack", "technologies used", "technology"),
        *("installed technologies", "technology names", "tools", "tech", "stack"),
    ),
    "funding_stage": (
        *("funding stage", "last funding type", "last funding round", "last round", "latest funding", "funding round"),
        *("latest funding round", "recent funding round", "funding type", "stage", "series", "round"),
    ),
    "funding": (
        *("total funding", "total money raised", "total funding amount currency in usd", "total funding amount"),
        *("total raised", "funding total", "funding", "amount raised", "money raised"),
    ),
    "region": ("region", "territory", "geo"),
    "state": ("state", "billing state province", "state province", "province", "state region", "bundesland"),
    "city": ("city", "billing city", "hq city", "town", "ort", "stadt", "ville", "ciudad"),
    "naics": ("naics", "naics code", "naics codes"),
    "sic": ("sic", "sic code", "sic codes"),
    "last_activity": (
        *(
            "last activity",
            "last activity date",
            "last engagement",
            "last engagement date",
            "last engaged",
            "last touch",
        ),
        *("last contacted", "last contact", "last contact date", "last interaction", "notes last updated"),
        *("last activity time", "letzter kontakt", "letzte aktivität", "dernier contact"),
    ),
    "last_demo_request": ("last demo request", "demo request", "last demo", "demo requested", "demo date"),
    "last_visit": (
        "last visit",
        "last website visit",
        "last web visit",
        "last seen",
        "last session",
        "last site visit",
    ),
    "created_on": (
        "created",
        "created date",
        "create date",
        "created on",
        "created at",
        "date created",
        "creation date",
    ),
    "updated_on": (
        *("updated", "updated at", "updated on", "last modified", "last modified date", "last updated", "modified"),
        *("modified date", "date modified", "date updated", "modified time", "update time"),
    ),
}
#: Wordings that mean an attribute only where the cells say so as well: places may be countries, and stages of funding.
DOUBTFUL: Final = frozenset(
    (
        *("land", "office location", "headquarters location", "headquarters", "headquarter", "hq location", "location"),
        *("hq", "latest funding", "stage", "series", "round", "title"),
    )
)
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z](?!\b))")
#: What stands before such wordings without another meaning: whose field it is, or who has found it out.
_BEFORE: Final = frozenset(
    (
        *("account", "company", "organization", "organisation", "business", "billing", "hq", "headquarters", "primary"),
        *("main", "corporate", "estimated", "est"),
        *("6sense", "apollo", "clearbit", "demandbase", "hubspot", "salesforce", "zoominfo", "crm", "sf", "sfdc"),
        *("metrics", "category", "geo"),
    )
)
#: What stands behind them: the unit, which is no part of the name.
_BEHIND: Final = frozenset(
    (
        *("in", "usd", "eur", "gbp", "chf", "000s", "000", "k", "m", "mm", "b", "bn", "thousands", "thousand"),
        *("millions", "million", "billions", "billion", "teur", "keur", "meur", "tsd", "mio", "mrd", "euro", "est"),
    )
)
#: How many words may be left out before a wording is less sure than the next one.
_SHORTENED: Final = 10


def words_of(header: str) -> str:
    """Give the words of a header, however it joins them.

    >>> words_of("NumberOfEmployees"), words_of("annual_revenue (USD)"), words_of("ZoomInfo Contact IDs")
    ('number of employees', 'annual revenue usd', 'zoominfo contact ids')
    """
    apart = header if " " in header.strip() else _CAPITALS.sub(" ", header)
    return " ".join("".join(char if char.isalnum() else " " for char in views.fold(apart)).split())


@cache
def _wordings() -> dict[str, tuple[str, int, str]]:
    """Give the attribute, the rank and the words of each wording, by its letters."""
    known: dict[str, tuple[str, int, str]] = {}
    for attribute, headers in USUAL.items():
        for rank, words in enumerate((*headers, attribute.replace("_", " "))):
            known.setdefault(words.replace(" ", ""), (attribute, rank, words))
    return known


def meaning_of(header: str) -> tuple[str, int, str] | None:
    """Give the usual attribute that a header means, how far from sure that is, and the wording that says so.

    >>> meaning_of("Annual Revenue"), meaning_of("Revenue (in 000s USD)"), meaning_of("slug")
    (('annual_revenue', 0, 'annual revenue'), ('annual_revenue', 11, 'revenue'), None)
    """
    known, words = _wordings(), words_of(header).split()
    behind = len(words)
    while behind > 1 and words[behind - 1] in _BEHIND:
        behind -= 1
    for end in dict.fromkeys((len(words), behind)):
        for start in range(end):
            found = known.get("".join(words[start:end]))
            if found is not None:
                shortened = start + (end < len(words))
                return found[0], found[1] * _SHORTENED + shortened, found[2]
            if words[start] not in _BEFORE:
                break
    return None


def usual_of(header: str) -> str | None:
    """Give the usual attribute that a header means, if it is one of the known wordings.

    >>> usual_of("Annual Revenue"), usual_of("Company Size"), usual_of("slug")
    ('annual_revenue', 'employees', None)
    """
    found = meaning_of(header)
    return None if found is None else found[0]


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
    ranked = [(found[1], column) for column in listed if (found := meaning_of(column)) and found[0] == usual]
    if usual is not None and ranked:
        return min(ranked, key=lambda one: one[0])[1]
    hint = near(attribute, listed)
    return next((column for column in listed if repr(column) in hint), "")
