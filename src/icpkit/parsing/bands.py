"""Sizes: numbers, and bands such as "51-200", "10,000+" or "under 50", as one number by a declared rule."""

import math
import re
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from icpkit.parsing.currencies import MONEY, without_marks
from icpkit.parsing.dateparts import MONTH, month_number
from icpkit.parsing.numbers import BLANK, DECIMALS, DecimalMark, other_mark, read_number, scaled, suffix, unsigned
from icpkit.parsing.unknowns import as_unknown
from icpkit.parsing.unreadable import Unreadable, shown

#: Which number of a band counts.
TakeBand: TypeAlias = Literal["middle", "low", "high"]
BAND_TAKES: tuple[TakeBand, ...] = ("middle", "low", "high")
#: Characters of a text that is a band and nothing else; and of a text whose first number is looked for.
_LONGEST, _LONGEST_PROSE = 200, 1_000
#: What networks call the smallest of companies.
_ALONE = {"self-employed", "self employed", "myself only"}

_ABOUT = r"~|≈|∼|\b(?:about|around|approx(?:imately|\.)?|circa|ca\.?|c\.|roughly|nearly|almost|close\s++to)"
_AT_LEAST = (
    r">=?|≥|⩾|\b(?:(?:more|greater)\s++than|over|above|at\s++least|minimum(?:\s++of)?|min\.?|exceeding|"
    r"not?\s++(?:less|fewer)\s++than|upwards\s++of)"
)
_AT_MOST = (
    r"<=?|≤|⩽|\b(?:(?:less|fewer)\s++than|under|below|up\s++to|at\s++most|maximum(?:\s++of)?|max\.?|"
    r"not?\s++more\s++than)"
)
_TO = r"\s*+(?:[-–—‒‑−]|\.\.+|…|\b(?:to|until|through)\b)\s*+"
_AND = r"\s++and\s++"
_OR_MORE = r"\s?\+++|\s++(?:plus|or\s++more|and\s++(?:more|up|above|over|beyond)|or\s++(?:above|over|greater|higher))\b"
_OR_LESS = r"\s++(?:or|and)\s++(?:less|fewer|below|under|lower)\b"
_PEOPLE = (
    r"(?:employees?|people|persons?|staff|team\s++members?|team\s++mates?|members?|workers?|ftes?|headcount|users?|"
    r"seats?|licen[sc]es?|professionals?|colleagues?|contractors?)\b"
)


def _amount(which: str, decimal: DecimalMark) -> str:
    """Give the pattern of one end of a band; nothing that touches a word or another number is one."""
    return (
        rf"(?:(?P<before_{which}>{MONEY})\s?)?(?<!\w)(?<!\d[.,'’])(?P<{which}>{unsigned(decimal)})"
        rf"(?:[{BLANK}]?(?P<{which}_suffix>{suffix(decimal)})(?!\w)\.?)?(?:ish\b)?(?:\s?(?P<after_{which}>{MONEY}))?"
        r"(?!\w|[.,'’]\d)"
    )


@lru_cache
def _patterns(decimal: DecimalMark) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Make the pattern of a size anywhere, and of one that is the whole text."""
    low, high = _amount("low", decimal), _amount("high", decimal)
    band = (
        rf"(?:(?:{_ABOUT})\s*+)?"
        rf"(?:(?:(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<between>\bbetween)|\bfrom)\s*+)?"
        rf"{low}(?:(?:{_TO}|(?(between){_AND}|(?!))){high})?(?:(?P<or_more>{_OR_MORE})|(?P<or_less>{_OR_LESS}))?"
    )
    flags = re.ASCII | re.IGNORECASE
    return re.compile(band, flags), re.compile(rf"{band}(?:\s*+{_PEOPLE})?\s*+[.!]*+", flags)


_MONTH = MONTH.replace("?P<m>", "?:")
#: Numbers in prose that are no sizes: links, footnotes, dates, years, spans of time, shares.
_NO_SIZE = re.compile(
    r"https?://\S++|\bwww\.\S++|\[\^?\d++\](?!\()"
    r"|\b\d{4}-\d\d?-\d\d?\b|(?<!\d)\d++(?>(?:/\d++)+)|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\bq[1-4][-\s]?\d{4}\b"
    rf"|\b{_MONTH}[\s,]*+(?:\d{{1,2}}(?:st|nd|rd|th)?[\s,]++)?(?:of\s++)?\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s++{_MONTH}(?!\w)(?:[\s,]*+\d{{4}}\b)?"
    r"|(?:\b(?:of|in|since|by|until|from|during|early|mid|late|year|founded|est\.?|fy|summer|spring|fall|autumn|winter)"
    rf"|\()\s*+(?:19|20)\d\d\b(?![-,.]?\d|\s?\+|{_TO}\d|\s*+{_PEOPLE})"
    r"|(?<![\d.,])\d[\d.,]*+\s?(?:%|(?:years?|months?|weeks?|days?|hours?)\b)",
    re.ASCII | re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₹]\s?\d[\d.,]*+(?:\s?(?:[kmbt]|mm|mn|bn|tn|thousand|[mbtr]{1,2}illion)\b)?", re.ASCII | re.IGNORECASE
)
_DATES = (
    re.compile(rf"(?P<d>\d{{1,2}})[-\s]{MONTH}(?:[-\s]\d{{2}}(?:\d\d)?)?", re.ASCII | re.IGNORECASE),
    re.compile(rf"{MONTH}[-\s](?:\d\d)?(?P<d>\d{{1,2}})", re.ASCII | re.IGNORECASE),
    re.compile(r"\d{4}-(?P<m>\d\d)-(?P<d>\d\d)(?:[T\s]00:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})[/.]\d{2,4}", re.ASCII),
)
#: Of people nobody writes three decimals; but the other mark for decimals makes thousands of them.
_THREE_DECIMALS = {
    mark: re.compile(
        rf"(?<![\d.,])[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}(?![\d.,]|[{BLANK}]?{suffix(mark)}(?!\w))",
        re.ASCII | re.IGNORECASE,
    )
    for mark in DECIMALS
}
_YEAR_ALONE = re.compile(r"(?:(?:19|20)\d\d|2100)", re.ASCII)
_PEOPLE_NEXT = re.compile(rf"\s*+{_PEOPLE}", re.ASCII | re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.ASCII)
_BLANKS = str.maketrans(dict.fromkeys(BLANK, " "))


def size(
    text: str, *, decimal: DecimalMark = ".", take: TakeBand = "middle", prose: bool = False, whole: bool = True
) -> tuple[float, bool]:
    """Read a size, and tell whether it was a band.

    A number passes as it is, "~100" and "about 100" too. Bands are "51-200", "51 to 200 employees", "1K-5K", "10,000+",
    "500 or more", ">1000", "<10", "up to 10". A suffix at the end of a band counts for both ends, if the band then
    still rises: "1-5K" is 1000 to 5000, "500-1K" is 500 to 1000. A size is a whole number from 0 on: 2.5K is one, 2.5
    is none, and "10.000" may be ten thousand, which is not guessed.

    Arguments:
        decimal: what stands before the decimals.
        take: "low" or "high", an end of the band; or "middle", the geometric one, whole where both ends are. If the low
            end is 0, or there is none, the middle is half of the high end. A band without a low end starts at 0; one
            without a high end gives its low one.
        prose: read the first number or band in a text that says more. Dates, years, spans of time, links, shares in
            percent and amounts of money are passed over.
        whole: whether fractions are refused; False where the column counts in thousands, say.

    Raises:
        Unreadable: it is no size; the way out says what prose would read.

    >>> size("51-200"), size("10,001+ employees"), size("under 50"), size("320")
    ((101, True), (10001, True), (25, True), (320, False))
    >>> size("125 and growing, spread across two countries", prose=True)
    (125, False)
    """
    value = read_number(text, decimal)
    if value is not None:
        if value < 0:
            raise Unreadable("a size below zero")
        if whole and not text.isdigit():  # nearly every cell is digits alone
            _refuse_thousands(text, decimal)
            _refuse_fractions(value)
        return value, False
    if len(text) <= _LONGEST and text.strip().lower() in _ALONE:
        return 1, False
    found = find_band(text, decimal, whole=whole)
    if found is None and (damage := _spreadsheet_date(text)):
        raise damage
    if found is None and prose:
        found = find_in_prose(text, decimal)
    if found is None:
        raise _refused(text, decimal, prose=prose)
    if whole:
        _refuse_fractions(found.low, found.high)
    return of_band(found, take)


def _refuse_fractions(*ends: float | None) -> None:
    for end in ends:
        if isinstance(end, float):
            raise Unreadable(f"a size is a whole number, which {end} is not")


def _refuse_thousands(text: str, decimal: DecimalMark) -> None:
    if either := _THREE_DECIMALS[decimal].search(text):
        raise Unreadable(
            f"{either[0]} may be a number with three decimals, or thousands",
            f'declare decimal = "{other_mark(decimal)}"',
        )


class Band(NamedTuple):
    """What was found: the two ends, one of them None where the band is open; equal ends of a single number.

    Attributes:
        low: the lower end.
        high: the upper end.
        is_band: whether it was more than one number.
        text: what was read, which starts at ``start``.
        start: a position in the text.
    """

    low: float | None
    high: float | None
    is_band: bool
    text: str = ""
    start: int = 0


def find_band(text: str, decimal: DecimalMark, *, whole: bool = False) -> Band | None:
    """Read a text that is a size and nothing else, or give None.

    Arguments:
        whole: whether an end such as 10.000 is refused, which may be thousands.

    Raises:
        Unreadable: an end may be thousands, the band falls, or reaches beyond 2^53.

    >>> find_band("51-200 employees", ".")
    Band(low=51, high=200, is_band=True, text='51-200 employees', start=0)
    """
    if len(text) > _LONGEST:
        return None
    found = _patterns(decimal)[1].fullmatch(text.translate(_BLANKS).strip())
    if not found or (found["high"] and any(found[name] for name in ("at_least", "at_most", "or_more", "or_less"))):
        return None
    if whole:
        _refuse_thousands(found[0], decimal)
    band = _of_match(found, decimal)
    if band.low is not None and band.high is not None and band.low > band.high:
        raise Unreadable(f"a band that falls from {band.low} to {band.high}", f"write {band.high}-{band.low}")
    return band


def find_in_prose(text: str, decimal: DecimalMark, *, money: bool = False) -> Band | None:
    """Find the first size in a text, or the first amount that bears a mark of money.

    Raises:
        Unreadable: it is a number such as 10.000, which prose does not write with three decimals; or a year that is
            followed by other numbers, as in the row of a table.

    >>> find_in_prose("As of July 2021, around 40 employees", ".")
    Band(low=40, high=40, is_band=False, text='around 40', start=17)
    """
    bare = text[:_LONGEST_PROSE].translate(_BLANKS)
    for pattern in (_NO_SIZE,) if money else (_NO_SIZE, _MONEY):
        bare = pattern.sub(lambda found: "\ue001" * len(found[0]), bare)
    for found in _patterns(decimal)[0].finditer(bare):
        if money and MONEY not in found[0]:
            continue
        if decimal == "." or not money:
            _refuse_thousands(found[0], decimal)
        rest = bare[found.end() :]
        if _YEAR_ALONE.fullmatch(found[0]) and not _PEOPLE_NEXT.match(rest) and _DIGIT.search(rest):
            raise Unreadable(f"{found[0]} may be a year, and other numbers follow", "write the size alone")
        try:
            band = _of_match(found, decimal)
        except Unreadable:
            continue
        if band.low is None or band.high is None or band.low <= band.high:
            return band
    return None


def _of_match(found: re.Match[str], decimal: DecimalMark) -> Band:
    name, last_name = found["low_suffix"], found["high_suffix"]
    low, text, start = scaled(found["low"], name, decimal), found[0], found.start()
    if found["high"]:
        high = scaled(found["high"], last_name, decimal)
        if last_name and not name:
            shared = scaled(found["low"], last_name, decimal)
            low = shared if shared < high else low
        return Band(low, high, is_band=True, text=text, start=start)
    if found["at_least"] or found["or_more"]:
        return Band(low, None, is_band=True, text=text, start=start)
    if found["at_most"] or found["or_less"]:
        return Band(None, low, is_band=True, text=text, start=start)
    return Band(low, low, is_band=False, text=text, start=start)


def of_band(band: Band, take: TakeBand) -> tuple[float, bool]:
    """Give the number that counts for a band, and whether it was one.

    >>> of_band(Band(11, 50, is_band=True), "middle")
    (23, True)
    """
    low, high = band.low, band.high
    if low is None:
        low = 0  # nobody has fewer
    if high is None or not band.is_band:
        return low, band.is_band
    return {"low": low, "high": high, "middle": middle(low, high)}[take], True


def middle(low: float, high: float) -> float:
    """Give the geometric middle of a band, whole if both ends are; from 0 on, half of the high end.

    >>> middle(51, 200), middle(0, 10), middle(0.5, 2)
    (101, 5, 1)
    """
    if isinstance(low, int) and isinstance(high, int):
        if low == 0:
            return (high + 1) // 2
        root = math.isqrt(low * high)
        return root + (low * high > root * (root + 1))
    value = min(max(math.sqrt(low * high), low), high) if low else high / 2
    return int(value) if value.is_integer() else value


def _spreadsheet_date(text: str) -> Unreadable | None:
    """Tell a date, which a spreadsheet makes of bands: 10-Jan of 1-10, Nov-50 of 11-50."""
    if len(text) > _LONGEST:
        return None
    for pattern in _DATES:
        if found := pattern.fullmatch(text.strip()):
            low, high = sorted((month_number(found["m"]), int(found["d"])))
            return Unreadable(
                f"a date, which a spreadsheet may have made of the band {low}-{high}",
                f"write {low}-{high}, in a column that is formatted as text",
            )
    return None


def _refused(text: str, decimal: DecimalMark, *, prose: bool) -> Unreadable:
    if unknown := as_unknown(text):
        return Unreadable("no number in the text" if prose else "not a size such as 320, 51-200 or 10,000+", unknown)
    if prose:
        return Unreadable("no number in the text")
    reason = "not a size such as 320, 51-200 or 10,000+"
    if len(text) <= _LONGEST:
        other = other_mark(decimal)
        if _is_size(text, other):
            return Unreadable(f'not a size where decimal = "{decimal}"', f'declare decimal = "{other}"')
        without, marks = without_marks(text, " ")
        if marks and _is_size(without, decimal):
            return Unreadable("an amount of money where a size belongs", 'declare parse = "money"')
    try:
        found = find_in_prose(text, decimal)
    except Unreadable as error:
        return error
    return Unreadable(reason, f'declare prose = true, which reads "{shown(found.text.strip())}" here' if found else "")


def _is_size(text: str, decimal: DecimalMark) -> bool:
    try:
        return read_number(text, decimal) is not None or find_band(text, decimal) is not None
    except Unreadable:
        return False
