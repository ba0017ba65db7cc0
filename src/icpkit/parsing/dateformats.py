"""Dates by a declared format: the directives of ``strptime``, in English whatever the machine's language is."""

import re
from datetime import date, timedelta
from functools import lru_cache

from icpkit.parsing.dateparts import FLAGS, HALF, MONTH, WEEKDAY, ZONE, compose
from icpkit.parsing.unreadable import Unreadable

_LONGEST = 100
#: What each directive stands for; the group's name says which part it is.
_DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "b": MONTH,
    "B": MONTH,
    "Y": r"(?P<y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "j": r"(?P<j>\d{1,3})",
    "a": WEEKDAY,
    "A": WEEKDAY,
    "H": r"(?P<hour>\d{1,2})",
    "I": r"(?P<hour>\d{1,2})",
    "M": r"(?P<minute>\d{1,2})",
    "S": r"(?P<second>\d{1,2})",
    "f": r"(?P<fraction>\d{1,9})",
    "p": HALF,
    "z": ZONE,
    "Z": ZONE,
    "%": "%",
}


def check_format(format: str) -> None:  # noqa: A002  # it is what the field map calls it
    """Refuse a format that cannot say a date.

    It must hold a year (%Y, or %y: 69 to 99 lie before 2000) and a month (%m, %b, %B) or a day of the year (%j);
    without %d it means the first of the month. %H, or %I with %p, %M, %S, %f, %z and %Z tell a time; %a and %A a
    weekday, which is not checked. Names are English. A blank stands for any number of blanks, and zeros in front may
    be left out.

    Raises:
        ValueError: says what is wrong with it, and what to write.

    >>> check_format("%d.%m.%Y %H:%M")
    """
    _compiled(format)


@lru_cache(maxsize=256)
def _compiled(format: str) -> re.Pattern[str]:  # noqa: A002
    pieces, given = [], list[str]()
    for piece in re.findall(r"%.?|\s+|[^%\s]+", format.strip(), re.DOTALL):
        if piece.startswith("%"):
            if piece[1:] not in _DIRECTIVES:
                known = ", ".join(f"%{letter}" for letter in _DIRECTIVES)
                raise ValueError(f"the format {format!r} holds {piece!r}, which is none of {known}")
            given.append(piece[1:])
            pieces.append(_DIRECTIVES[piece[1:]])
        else:
            pieces.append(r"\s" if piece.isspace() else re.escape(piece))
    letters = set(given)
    for one in ("d", "mbB", "Yy", "j", "HI", "M", "S", "f", "p", "zZ"):
        if sum(letter in one for letter in given) > 1:
            raise ValueError(f"the format {format!r} says one part twice: keep one of {_listed(one)}")
    _check_parts(format, letters)
    return re.compile("".join(pieces), FLAGS)


def _check_parts(format: str, letters: set[str]) -> None:  # noqa: A002
    """Refuse a format that leaves out what others of its parts need."""
    if not letters & {"Y", "y"}:
        raise ValueError(f"the format {format!r} holds no year: add %Y")
    if not letters & {"m", "b", "B", "j"}:
        raise ValueError(f'the format {format!r} holds no month: add %m, or declare parse = "year"')
    if "j" in letters and letters & {"m", "b", "B", "d"}:
        raise ValueError(f"the format {format!r} says the day of the year and the month: keep one")
    if ("I" in letters) != ("p" in letters):
        raise ValueError(f"the format {format!r} must hold %I and %p together; hours from 0 to 23 are %H")
    needs = (("S", "M"), ("f", "S"), ("z", "HI"), ("Z", "HI"), ("M", "HI"))
    for later, earlier in needs:
        if later in letters and not letters & set(earlier):
            raise ValueError(f"the format {format!r} holds %{later} without {_listed(earlier)}")


def _listed(letters: str) -> str:
    return " or ".join(f"%{letter}" for letter in letters)


def read_format(text: str, format: str) -> date:  # noqa: A002
    """Read a date, or a datetime where the format tells a time: in UTC where the text names a zone, else naive.

    Raises:
        Unreadable: the text is not written so, or there is no such date.

    >>> read_format("21. Nov 26", "%d. %b %y")
    datetime.date(2026, 11, 21)
    """
    found = _compiled(format).fullmatch(" ".join(text.split())) if len(text) <= _LONGEST else None
    if not found:
        raise Unreadable(f'not written as format = "{format}" says')
    parts: dict[str, str | None] = {"d": None, "m": None, **found.groupdict()}
    year = parts["y"] or ""
    if len(year) == 2:
        parts["y"] = f"{'19' if year >= '69' else '20'}{year}"
    if parts.get("j") is None:
        return compose(parts)
    ordinal = int(parts["j"] or 0)
    try:
        first = date(int(parts["y"] or 0), 1, 1)
        day = first + timedelta(days=ordinal - 1)
    except (ValueError, OverflowError):
        raise Unreadable("the calendar has no such day") from None
    if day.year != first.year:
        raise Unreadable(f"the year {first.year} has no day {ordinal}")
    return compose({**parts, "m": str(day.month), "d": str(day.day)})
