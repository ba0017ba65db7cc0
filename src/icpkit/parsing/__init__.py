"""Texts of real exports, as values: pure functions that read what a column's settings say, and guess nothing.

numbers            1,058 · 18.3 MM · (1,234) · 1.234,5
bands              sizes: 51-200 · 10,000+ · under 50 · the first number in prose
money              amounts, their currency, and the user's own rates; currencies knows signs and codes, scales k€
dates              days and moments, by order, zone or format; dateformats and dateparts serve it
years              2013 (1888)
past               over 8 years, before the day of the export
truths             yes and no
lists              labels and events; json_text reads JSON strictly
domains            the registrable part of an address; publicsuffixlist knows the public suffixes
keywords           labels for the words of a free text
unknowns           what often stands for an unknown value
folding            how words are compared
unreadable         what all of them raise: a reason, and the way out
"""

from icpkit.parsing.bands import BAND_TAKES, TakeBand, size
from icpkit.parsing.currencies import CODES, SIGNS
from icpkit.parsing.dateformats import check_format
from icpkit.parsing.dates import ORDERS, Order, check_zone, day
from icpkit.parsing.domains import FREE_MAIL, domain
from icpkit.parsing.folding import fold
from icpkit.parsing.json_text import json_value
from icpkit.parsing.keywords import Rules, check_rules, keyword_labels
from icpkit.parsing.lists import events, labels
from icpkit.parsing.money import Rate, amount, money
from icpkit.parsing.numbers import DECIMALS, DecimalMark, names_scale, number, three_decimals
from icpkit.parsing.past import ago
from icpkit.parsing.truths import FALSE, TRUE, truth
from icpkit.parsing.unknowns import LIKELY_UNKNOWN, looks_unknown
from icpkit.parsing.unreadable import Unreadable
from icpkit.parsing.years import YEAR_TAKES, TakeYear, year

__all__ = [
    "BAND_TAKES",
    "CODES",
    "DECIMALS",
    "FALSE",
    "FREE_MAIL",
    "LIKELY_UNKNOWN",
    "ORDERS",
    "SIGNS",
    "TRUE",
    "YEAR_TAKES",
    "DecimalMark",
    "Order",
    "Rate",
    "Rules",
    "TakeBand",
    "TakeYear",
    "Unreadable",
    "ago",
    "amount",
    "check_format",
    "check_rules",
    "check_zone",
    "day",
    "domain",
    "events",
    "fold",
    "json_value",
    "keyword_labels",
    "labels",
    "looks_unknown",
    "money",
    "names_scale",
    "number",
    "size",
    "three_decimals",
    "truth",
    "year",
]
