"""Numbers as people and exports write them: groups of digits, suffixes such as 18.3 MM, accounting negatives."""

import re
from fractions import Fraction
from typing import Literal, TypeAlias

from icpkit.parsing.currencies import MONEY, without_marks
from icpkit.parsing.unknowns import as_unknown
from icpkit.parsing.unreadable import Unreadable

#: What stands before the decimals of a number.
DecimalMark: TypeAlias = Literal[".", ","]
DECIMALS: tuple[DecimalMark, ...] = (".", ",")
#: A float holds every integer up to here; of larger ones it would lose the last digits in silence.
LARGEST = 2**53
#: Characters of a text that may be a number, with all its groups and zeros.
_LONGEST = 400
#: Each suffix and the power of ten that it multiplies by.
SUFFIXES: dict[str, int] = {
    **dict.fromkeys(("k", "thousand", "tsd"), 3),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "mil", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "bln", "bil", "mrd", "billion", "billions"), 9),
    **dict.fromkeys(("t", "tn", "trillion", "trillions"), 12),
    **dict.fromkeys(("lakh", "lakhs"), 5),
    **dict.fromkeys(("crore", "crores"), 7),
}
#: English alone: "mil" is a thousand in Spanish and Portuguese, where a comma stands before the decimals.
_WITH_A_POINT = {"mil", "bil"}
BLANK = " \u00a0\u2009\u202f"
_APOSTROPHES = "'’"


def other_mark(decimal: DecimalMark) -> DecimalMark:
    """Give what groups digits where ``decimal`` stands before the decimals.

    >>> other_mark(".")
    ','
    """
    return "," if decimal == "." else "."


def unsigned(decimal: DecimalMark) -> str:
    """Give the pattern of digits, in groups or not, with decimals or not; no part of it is ever read twice.

    A first group that begins with 0 is none, since 0,125 has decimals. What repeats is atomic, not possessive: before
    3.11.5 Python loses its place where a possessive group fails half way.
    """
    grouping = re.escape(other_mark(decimal))
    groups = "|".join(rf"(?>(?:{mark}\d{{3}})+)" for mark in (grouping, *_APOSTROPHES, *BLANK))
    lakhs = r"|[1-9]\d?+(?>(?:,\d\d(?!\d))+),\d{3}" if decimal == "." else ""
    return rf"(?:(?:[1-9]\d{{0,2}}+(?:{groups}){lakhs})(?!\d)|\d++)(?>(?:{re.escape(decimal)}\d++)?)"


def suffix(decimal: DecimalMark) -> str:
    """Give the pattern of a suffix, such as MM."""
    names = [name for name in SUFFIXES if decimal == "." or name not in _WITH_A_POINT]
    return f"(?:{'|'.join(sorted(names, key=len, reverse=True))})"


def _whole_text(decimal: DecimalMark) -> re.Pattern[str]:
    mark = re.escape(decimal)
    loose = rf"\d++{mark}|{mark}\d++"  # 5. and .5
    scientific = rf"(?:\d++(?>(?:{mark}\d*+)?)|{mark}\d++)e[+-]?\d++"
    tail = rf"(?:[{BLANK}]?(?:(?P<suffix>{suffix(decimal)})\.?|%))?"
    return re.compile(
        rf"(?P<digits>{unsigned(decimal)}|{loose}){tail}|(?P<scientific>{scientific})", re.ASCII | re.IGNORECASE
    )


_WHOLE_TEXT = {decimal: _whole_text(decimal) for decimal in DECIMALS}
_TO_PLAIN = {
    ".": str.maketrans("", "", f",{_APOSTROPHES}{BLANK}"),
    ",": str.maketrans(",", ".", f".{_APOSTROPHES}{BLANK}"),
}
_SIGNS = {"+": False, "-": True, "−": True}
_THREE_DECIMALS = {decimal: re.compile(rf"[1-9]\d{{0,2}}{re.escape(decimal)}\d{{3}}", re.ASCII) for decimal in DECIMALS}
_SIGNED = "+-−() " + BLANK
_SCALED = re.compile(
    rf"\d[{BLANK}]?{suffix('.')}(?![^\W_])|(?<![^\W_]){suffix('.')}\.?\s?{MONEY}|{MONEY}\s?{suffix('.')}(?![^\W_])",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_SCALED = 1_000
_BAND = re.compile(r"\d\s?[kKmMbB]?\s?(?:[-–—]|to)\s?\d|\d\+|[<>≤≥]\s?\d", re.ASCII)


def number(text: str, *, decimal: DecimalMark = ".") -> float:
    """Read a number: an int where it is whole, else a float.

    It may be in groups ("1,058", "1 058", "1'058", "12,34,567"), have a suffix ("18.3 MM", "0.8m", "2bn"; a capital or
    a small letter is the same: m is always a million), an exponent, a sign, or stand in parentheses, which is how
    accountants write negatives. A percent sign is dropped: "12 %" is 12. "10.000" is 10 where the point stands
    before the decimals; `three_decimals` tells such texts.

    Arguments:
        decimal: what stands before the decimals. The other mark then only groups digits, by threes.

    Raises:
        Unreadable: it is no number, or beyond ±2^53.

    >>> number("1,058"), number("18.3 MM"), number("(1,234)"), number("1.234,5", decimal=",")
    (1058, 18300000, -1234, 1234.5)
    """
    value = read_number(text, decimal)
    if value is None:
        raise _refused(text, decimal)
    return value


def read_number(text: str, decimal: DecimalMark) -> float | None:
    """Do as `number`, but give None of what is no number at all.

    Raises:
        Unreadable: it is beyond ±2^53.

    >>> read_number("2bn", "."), read_number("many", ".")
    (2000000000, None)
    """
    # Nearly every cell is read by these few lines: a regular expression would take longer than all of them.
    if len(text) < 16 and text.isascii():
        if text.isdigit():
            return int(text)
        if decimal == ".":
            before, _, after = text.partition(".")
            if before.isdigit() and after.isdigit():
                value = float(text)
                return int(value) if value.is_integer() else value
            before, _, after = text.partition(",")
            if len(after) == 3 and after.isdigit() and before.isdigit() and len(before) < 4 and before[0] != "0":
                return int(before + after)
    return _read_any(text, decimal)


def _read_any(text: str, decimal: DecimalMark) -> float | None:
    if len(text) > _LONGEST:
        return None
    bare, negative = text.strip(), False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1].strip(), True
    elif bare[:1] in _SIGNS:
        bare, negative = bare[1:].lstrip(), _SIGNS[bare[0]]
    found = _WHOLE_TEXT[decimal].fullmatch(bare)
    if not found:
        return None
    value = scaled(found["digits"] or found["scientific"], found["suffix"], decimal)
    return -value if negative else value


def scaled(digits: str, name: str | None, decimal: DecimalMark) -> float:
    """Give the number that digits and a suffix mean, correctly rounded: 18.3 MM is exactly 18300000.

    Raises:
        Unreadable: it is beyond 2^53.

    >>> scaled("0.8", "m", "."), scaled("1.234,5", None, ",")
    (800000, 1234.5)
    """
    plain = digits.translate(_TO_PLAIN[decimal])
    if name:
        plain = f"{plain}e{SUFFIXES[name.lower()]}"
    value = float(plain)
    # What lies a little above 2^53 becomes 2^53 as a float.
    if value > LARGEST or (value == LARGEST and Fraction(plain) > LARGEST):
        raise Unreadable("a number beyond 2^53, of which a float cannot hold every digit")
    return _as_whole(value)


def three_decimals(text: str, decimal: DecimalMark) -> bool:
    """Tell whether a number or an amount may as well be in thousands: up to three digits, the mark, and three more.

    "10.000" is ten where the point stands before the decimals. If nearly all numbers of a column with the mark look
    so, the other mark is likelier. "0.125" and "1058.000" do not: nobody groups digits like that.

    Arguments:
        decimal: what stands before the decimals.

    >>> [three_decimals(text, ".") for text in ("10.000", "€1.234", "1.234K", "1,234", "0.125")]
    [True, True, False, False, False]
    """
    if decimal not in text or len(text) > _LONGEST:
        return False
    return _THREE_DECIMALS[decimal].fullmatch(without_marks(text, " ")[0].strip(_SIGNED)) is not None


def names_scale(text: str) -> bool:
    """Tell whether a number, amount or band says its own scale, so that the unit of its column is not meant as well.

    >>> [names_scale(text) for text in ("12.5", "$3M", "1.2B", "5 Mio. €", "k€ 500", "5 EUR")]
    [False, True, True, True, True, False]
    """
    if text.upper() == text.lower():  # no letter at all, as in nearly every cell
        return False
    return _SCALED.search(without_marks(text[:_LONGEST_SCALED].replace(MONEY, "?"), MONEY)[0]) is not None


def _as_whole(value: float) -> float:
    return int(value) if value.is_integer() else value


def _refused(text: str, decimal: DecimalMark) -> Unreadable:
    """Make the error for what is no number, with the setting that would read it."""
    other = other_mark(decimal)
    if len(text) <= _LONGEST:
        without, marks = without_marks(text, " ")
        if marks and any(_is_number(without, each) for each in DECIMALS):
            return Unreadable("an amount of money where a number belongs", 'declare parse = "money"')
        if _is_number(text, other):
            return Unreadable(f'not a number where decimal = "{decimal}"', f'declare decimal = "{other}"')
        if _BAND.search(text):
            return Unreadable("a band where a number belongs", 'declare parse = "size"')
    return Unreadable("not a number such as 1058, 1,058.5 or 18.3m", as_unknown(text))


def _is_number(text: str, decimal: DecimalMark) -> bool:
    try:
        return read_number(text, decimal) is not None
    except Unreadable:
        return True
