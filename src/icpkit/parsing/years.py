"""Years, from texts that say more than a year."""

import re
from typing import Literal, TypeAlias

from icpkit.parsing.unknowns import as_unknown
from icpkit.parsing.unreadable import Unreadable

#: Which one counts where a text holds several years.
TakeYear: TypeAlias = Literal["first", "last", "least"]
YEAR_TAKES: tuple[TakeYear, ...] = ("first", "last", "least")
_LONGEST = 10_000
_YEAR = re.compile(r"(?<!\d)(?<!\d\.)[12]\d{3}(?!\d|\.\d|,\d{3}(?!\d))", re.ASCII)
_DATE = re.compile(r"([12]\d{3})(?:\.0{1,9}|[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].{1,40})?)", re.ASCII)
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.([12]\d{3})(?!\d)", re.ASCII)
_SHORT = re.compile(r"['’]?\d\d", re.ASCII)


def year(text: str, *, take: TakeYear = "first") -> int:
    """Read a year from 1000 to 2999: a number of four digits, alone or in a text, or the year of a date.

    Arguments:
        take: which one counts where there are several: of "2013 (1888)" the first, the last or the least.

    Raises:
        Unreadable: there is none.

    >>> year("2013 (1888)"), year("2013 (1888)", take="least"), year("founded c. 1998")
    (2013, 1888, 1998)
    """
    if len(text) == 4 and text.isascii() and text.isdigit() and text[0] in "12":
        return int(text)
    if found := _DATE.fullmatch(text.strip()):
        return int(found[1])
    if len(text) > _LONGEST:
        raise Unreadable(f"more than {_LONGEST:,} characters, of which nobody knows the year")
    years = [int(each) for each in _YEAR.findall(_DOTTED.sub(r"\1", text))]
    if not years:
        short = _SHORT.fullmatch(text.strip())
        reason = "a year of two digits" if short else "no year from 1000 to 2999"
        raise Unreadable(reason, "write all four digits" if short else as_unknown(text))
    return {"first": years[0], "last": years[-1], "least": min(years)}[take]
