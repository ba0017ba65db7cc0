"""Scales that stand beside a currency, such as k€ 500, and what they mean for the number."""

import re
from functools import lru_cache
from typing import NamedTuple

from icpkit.parsing.currencies import MONEY
from icpkit.parsing.numbers import SUFFIXES, DecimalMark, other_mark, suffix, unsigned
from icpkit.parsing.unreadable import Unreadable

_FLAGS = re.ASCII | re.IGNORECASE
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
#: A lone T beside the currency, whether behind a number or not.
_LONE_T = re.compile(rf"(?<![^\W\d_])t(?=\.?\s?{MONEY})|(?<={MONEY})t{_END}|(?<={MONEY}\s)t{_END}", re.IGNORECASE)
_WORDS = "|".join(sorted((name for name in SUFFIXES if len(name) > 1), key=len, reverse=True))
#: What touches the currency but belongs to no number. A lone b apart from it may be the name of a round: Series B $5M.
_LEFT = re.compile(
    rf"(?<!\d)(?<!\d\s){_START}(?:(?P<before>(?:{_WORDS})\.?\s?|[km]\s?|b){MONEY})"
    rf"|{MONEY}(?P<behind>\s?(?:{_WORDS}|[km])|b){_END}",
    re.IGNORECASE,
)


class _Patterns(NamedTuple):
    """Where a scale can be beside the currency and its number."""

    ahead: re.Pattern[str]
    after: re.Pattern[str]


@lru_cache
def _patterns(decimal: DecimalMark) -> _Patterns:
    number, words = unsigned(decimal), f"(?:{_WORDS})"
    own = rf"(?!\s?{suffix(decimal)}{_END})"  # one that has a scale of its own takes no other
    ahead = (
        rf"(?<!\d)(?<!\d\s){_START}(?:(?P<scale>{words}\.?\s?|[km]){MONEY}|{MONEY}(?P<inner>\s?{words}\.?|[km]))"
        rf"(?P<space>\s?[-+−]?\s?)(?P<low>{number})(?!\w|[.,'’]\d)"
        rf"(?:(?P<to>\s*+(?:[-–—‒‑−]|\.\.+|…|\b(?:to|until|through|and)\b)\s*+{MONEY}?\s?)(?P<high>{number})(?!\w|[.,'’]\d))?{own}"
    )
    after = rf"(?P<low>{number})(?P<space>\s?){MONEY}(?P<scale>\s?{words}|[km]){_END}"
    return _Patterns(re.compile(ahead, _FLAGS), re.compile(after, _FLAGS))


def scales_behind(marked: str, decimal: DecimalMark, *, thousands: bool) -> str:
    """Put each scale that stands beside a currency behind its number, in a text with a stand-in for currencies.

    Arguments:
        decimal: what stands before the decimals.
        thousands: whether a lone T is a thousand.

    Raises:
        Unreadable: a scale is a lone T, or belongs to no number.

    >>> scales_behind(f"k{MONEY} 500", ".", thousands=False) == f"{MONEY} 500k"
    True
    """
    if _LONE_T.search(marked):
        if not thousands:
            raise Unreadable(
                "a T beside the currency is a thousand to some and a trillion to others",
                'write thousand or trillion, or declare unit = "thousands"',
            )
        marked = _LONE_T.sub("k", marked)
    patterns = _patterns(decimal)
    marked = patterns.after.sub(lambda found: f"{found['low']}{found['scale'].strip()}{MONEY}", marked)
    marked = patterns.ahead.sub(_behind, marked)
    if left := _LEFT.search(marked):
        other = other_mark(decimal)
        if _patterns(other).ahead.search(marked):
            raise Unreadable(f'not an amount where decimal = "{decimal}"', f'declare decimal = "{other}"')
        scale = (left["before"] or left["behind"]).strip()
        raise Unreadable(
            f"the scale {scale} beside the currency belongs to no number", f"write it behind, as in 5{scale}"
        )
    return marked


def _behind(found: re.Match[str]) -> str:
    scale = (found["scale"] or found["inner"]).strip().rstrip(".")
    high = f"{found['to']}{found['high']}{scale}" if found["high"] else ""
    return f"{MONEY}{found['space']}{found['low']}{scale}{high}"
