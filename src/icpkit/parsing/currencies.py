"""Which signs and codes of money there are, and what they mean."""

import re
from functools import lru_cache

from icpkit.parsing.unreadable import Unreadable

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
#: Stands for the sign or code of a currency, in a text whose amounts are asked for.
MONEY = "\ue000"
#: ISO 4217: the currencies that people are paid in today.
CODES = frozenset(_CODES.split())
#: Codes that are words as well: only capitals are a currency.
_WORDS = {
    *("ALL", "ANG", "BAM", "BOB", "COP", "CUP", "DOP", "GEL", "LAK"),
    *("LSL", "MAD", "MOP", "PEN", "RON", "RUB", "SOS", "TOP", "TRY"),
}
_DOLLARS = "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SGD TTD TWD"
#: The currencies of each sign. One that several share means the declared currency where that is among them.
SIGNS: dict[str, tuple[str, ...]] = {
    "$": tuple(_DOLLARS.split()),
    "US$": ("USD",),
    "USD$": ("USD",),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "CAD$": ("CAD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "AUD$": ("AUD",),
    "NZ$": ("NZD",),
    "S$": ("SGD",),
    "HK$": ("HKD",),
    "NT$": ("TWD",),
    "MX$": ("MXN",),
    "R$": ("BRL",),
    "€": ("EUR",),
    "£": ("GBP", "EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SYP"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "CN¥": ("CNY",),
    "JP¥": ("JPY",),
    "元": ("CNY", "TWD"),
    "円": ("JPY",),
    "RMB": ("CNY",),
    "₹": ("INR",),
    "Rs.": ("INR", "LKR", "MUR", "NPR", "PKR", "SCR"),
    "Rs": ("INR", "LKR", "MUR", "NPR", "PKR", "SCR"),
    "kr.": ("SEK", "NOK", "DKK", "ISK"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "SFr.": ("CHF",),
    "Fr.": ("CHF", "XAF", "XOF", "XPF"),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "lei": ("RON", "MDL"),
    "₩": ("KRW", "KPW"),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₴": ("UAH",),
    "₦": ("NGN",),
    "₱": ("PHP", "CUP", "MXN"),
    "₸": ("KZT",),
    "₡": ("CRC",),
    "₲": ("PYG",),
    "₵": ("GHS",),
    "₼": ("AZN",),
    "₾": ("GEL",),
    "₮": ("MNT",),
    "R": ("ZAR",),
}
#: What a shared sign means where nothing is declared; the others are ambiguous then.
_USUAL = {"$": "USD", "£": "GBP", "₩": "KRW", "₱": "PHP"}


def _marks() -> re.Pattern[str]:
    """Make the pattern of a mark; one of letters must not touch others. Three letters need not be a code."""
    signs = sorted(SIGNS, key=len, reverse=True)
    touching = "|".join(re.escape(sign) for sign in signs if not sign[0].isalpha())
    apart = "|".join(re.escape(sign) for sign in signs if sign[0].isalpha())
    return re.compile(rf"(?<![^\W\d_])(?=[^\W\d_])(?:{apart}|[A-Za-z]{{3}})(?![^\W\d_])|{touching}")


_MARK = _marks()
#: A scale that touches a code, as in kEUR or USDm. With rarer codes it would be a word: MARS, TRON.
_OFTEN = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CAD|AUD|INR|CNY"
_SCALE = "[kKmMtT]|MM|mm|mn|MN|bn|BN|(?:Mio|Mrd|Tsd)[.]?"
_GLUED = re.compile(
    rf"(?<![^\W\d_])(?:(?:{_SCALE})(?=(?:{_OFTEN})(?![^\W\d_]))|(?:{_OFTEN})(?=(?:{_SCALE})(?![^\W\d_])))"
)
#: Between the two of them, so that each is found alone.
_JOINT = "\u2060"
_BY_SIGN = {**SIGNS, **{code: (code,) for code in CODES}}


def without_marks(text: str, stand_in: str) -> tuple[str, tuple[str, ...]]:
    """Give a text with something in place of each sign and code of money, and these in their order.

    >>> without_marks("$5M to 10M usd, try it", "·")
    ('·5M to 10M ·, try it', ('$', 'usd'))
    >>> without_marks("5 kEUR", "·")
    ('5 k·', ('EUR',))
    """
    marks: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        mark = found[0]
        code = mark.upper()
        if mark not in SIGNS and (code not in CODES or (code in _WORDS and mark != code)):
            return mark
        marks.append(mark)
        return stand_in

    apart, joints = _GLUED.subn(rf"\g<0>{_JOINT}", text)
    found = _MARK.sub(replaced, apart)
    return found.replace(_JOINT, "") if joints else found, tuple(marks)


@lru_cache(maxsize=1_024)
def meaning(marks: tuple[str, ...], currency: str | None) -> str | None:
    """Give the one currency that all marks of an amount mean; None where there is none.

    Arguments:
        currency: what is declared; a sign that several currencies share means it where it is among them.

    Raises:
        Unreadable: the marks are at odds, or nobody said which currency a shared sign means.

    >>> meaning(("$",), "CAD"), meaning(("$",), None), meaning(("$", "AUD"), None), meaning((), "CAD")
    ('CAD', 'USD', 'AUD', None)
    """
    distinct = list(dict.fromkeys(marks))
    if not distinct:
        return None
    shared = [_BY_SIGN.get(mark) or _BY_SIGN[mark.upper()] for mark in distinct]
    possible = [code for code in shared[0] if all(code in codes for codes in shared)]
    if not possible:
        raise Unreadable(f"several currencies in one amount: {' and '.join(distinct)}", "write one of them")
    if len(possible) == 1:
        return possible[0]
    if currency in possible:
        return currency
    usual = next((_USUAL[mark] for mark in distinct if mark in _USUAL), None)
    if usual is None:
        listed = ", ".join(possible)
        raise Unreadable(
            f"the sign {distinct[0]} is that of {listed}", f'declare which, such as currency = "{possible[0]}"'
        )
    return usual
