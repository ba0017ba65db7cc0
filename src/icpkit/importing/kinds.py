"""What the cells of a column seem to be: the narrowest way of parsing that reads nearly all, and every doubt."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final, NamedTuple

import attrs

from icpkit import parsing, views
from icpkit.importing.attributes import usual_of, words_of
from icpkit.parsing import Unreadable


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: The share of cells that must be readable before a column is taken to hold numbers, dates and the like; the share for
#: sentences; and the share from which it is worth saying that most are.
MOST, _PROSE, _HALF = 0.9, 0.98, 0.5
#: Lets shares of a whole number be exact.
_TINY = 1e-9
#: Words by which a header says that its numbers are names, wherever they stand, and as its last word.
_NAMES: Final = _set("id ids uuid zip postal postcode plz phone fax cik isin lei duns sic naics siret vat")
_NAMES_LAST: Final = _set("code codes number no nr key keys mobile telephone tel")
_SIZES: Final = _set("employees employee headcount size staff fte team people mitarbeiter")
_WHOLE: Final = _SIZES | _set(
    "followers visits pageviews sessions users contacts customers rank count number seats locations"
)
_PLACES: Final = _set("location headquarters address city state country region hq street place land ort")
_PROSE_WORDS: Final = _set("name description notes note comment comments summary about owner")
_COUNTS: Final = _set("number count num total score rank sum rounds visits")
_DATES: Final = _set("date time timestamp day created modified updated activity seen visit joined signed")
#: Yes and no, in a few languages; those that a map must declare come with both.
_TRUTHS: Final = frozenset(("true", "false", "yes", "no", "y", "n", "t", "f", *"✓✔☑✗✘☐"))
_DECLARED_TRUTHS: Final = (("ja", "nein"), ("j", "n"), ("oui", "non"), ("sí", "no"), ("si", "no"), ("sim", "não"))
_LONGEST_LABEL = 60
_MARK = re.compile(rf"[$€£¥₹₩₽₺₪₫฿₴₦₱]|\b(?:{'|'.join(sorted(parsing.CODES))})\b")
#: Signs of currencies whose amounts have a point before the decimals.
_AMERICAN = re.compile(r"[$£¥₹]|\b(?:USD|GBP|INR|JPY|AUD)\b")
_POINT = re.compile(r"\d\.\d{3}(?!\d)")
_TWO_DIGITS = re.compile(r"\d{1,2}([-/.])(?:\d{1,2}|[a-z]{3})\1\d{2}( \d{1,2}:\d\d)?", re.IGNORECASE | re.ASCII)

#: Settings and doubts.
Found = tuple[dict[str, Any], list[str]]


@attrs.frozen
class Cells:
    """A column as guessing looks at it.

    Attributes:
        name: its header.
        answers: its different cells as text, without blanks and without what looks unknown.
        typed: whether a reader has given its numbers a kind: then their signs are no question.
    """

    name: str
    answers: Sequence[str]
    typed: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the header, but for numbers."""
        return tuple(word for word in words_of(self.name).split() if not word.isdigit())

    def says(self, words: Collection[str]) -> bool:
        """Tell whether the header holds one of some words."""
        return any(word in words for word in self.words)

    @property
    def last(self) -> str:
        """The last word of the header, but for numbers."""
        return next(reversed(self.words), "")

    def readable(self, read: Callable[[str], object]) -> list[str]:
        """Give the cells that can be read so."""
        return [answer for answer in self.answers if _reads(read, answer)]

    def mostly(self, read: Callable[[str], object], share: float = MOST) -> bool:
        """Tell whether nearly all cells can be read so; it ends as soon as too many cannot."""
        left = len(self.answers) * (1 - share)
        for answer in self.answers:
            left -= not _reads(read, answer)
            if left < -_TINY:
                return False
        return True


def _reads(read: Callable[[str], object], cell: str) -> bool:
    try:
        read(cell)
    except Unreadable:
        return False
    return True


def kind_of(cells: Cells) -> Found:
    """Guess how cells are parsed: the first way that suits, the narrower ones first.

    >>> kind_of(Cells("Employees", ["51-200", "10,001+"]))[0], kind_of(Cells("Tools", ["CRM;Mail", "Mail", "CRM"]))[0]
    ({'parse': 'size'}, {'parse': 'labels'})
    """
    for guess in (_flag, _date, _counted, _year, _list):
        found = guess(cells)
        if found is not None:
            return found
    if cells.says(_NAMES) or cells.last in _NAMES_LAST or any(_padded(answer) for answer in cells.answers):
        return {}, []
    for guess in (_number, _size, _money):
        found = guess(cells)
        if found is not None:
            return found
    return {}, list(_nearly(cells))


def _padded(answer: str) -> bool:
    """Tell digits that begin with a zero, which no number does."""
    return len(answer) > 1 and answer[0] == "0" and answer.isdigit()


def _nearly(cells: Cells) -> list[str]:
    """Tell what a column of text mostly is."""
    ways: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("numbers", "number", parsing.number),
        ("sizes", "size", parsing.size),
        ("dates", "date", lambda text: parsing.day(text, order="dmy")),
        ("dates", "date", lambda text: parsing.day(text, order="mdy")),
    )
    for what, parse, read in ways:
        if cells.mostly(read, _HALF):
            good = cells.readable(read)
            others = sorted(set(cells.answers).difference(good), key=cells.answers.index)
            return [f'{len(good)} of {len(cells.answers)} are {what}, but not {shown(others)}: parse = "{parse}"?']
    try:
        parsing.amount(cells.answers[0])
    except Unreadable as error:
        if error.way_out.startswith("declare which"):
            return [f'amounts? {error.reason}: parse = "money", and {error.way_out}']
    if cells.mostly(_ago):
        return ['how long ago: parse = "ago", and above exported = the day of the export']
    return []


def _ago(text: str) -> object:
    return parsing.ago(text, on=views.as_of("2026-01-01"))


def shown(answers: Sequence[str]) -> str:
    """Name a few cells.

    >>> shown(["a", "b", "c", "d"])
    "'a', 'b', 'c' …"
    """
    return ", ".join(map(repr, answers[:3])) + (" …" if len(answers) > 3 else "")


# Yes and no


def _flag(cells: Cells) -> Found | None:
    folded = set(map(views.fold, cells.answers))
    if cells.says(_PLACES):  # Norway is "NO"
        return None
    if folded <= _TRUTHS:
        return {"parse": "flag"}, []
    for true, false in _DECLARED_TRUTHS:
        if folded == {true, false}:
            return {"parse": "flag", "true": [true], "false": [false]}, []
    if cells.says({"is", "has", "flag"}) and folded <= {"0", "1", "0.0", "1.0"}:
        return {"parse": "flag"}, []
    if folded == {"0", "1"} and not cells.says(_COUNTS):
        return {"parse": "flag"}, ["0 and 1 are taken for no and yes"]
    return None


# Dates


def _date(cells: Cells) -> Found | None:
    digits = [answer for answer in cells.answers if any(map(str.isdigit, answer))]
    if not digits or all(map(str.isdigit, cells.answers)) or cells.mostly(parsing.number):
        return None
    if cells.mostly(parsing.day):
        return {"parse": "date"}, []
    if cells.mostly(lambda text: parsing.day(text, order="ymd")):
        return {"parse": "date", "order": "ymd"}, []
    return _in_order(cells, {order: {"order": order} for order in ("dmy", "mdy")}) or _of_two_digits(cells)


def _of_two_digits(cells: Cells) -> Found | None:
    """Find dates whose years have two digits, which need a format."""
    short = next(filter(None, map(_TWO_DIGITS.fullmatch, cells.answers)), None)
    if short is None:
        return None
    sign, time = short[1], " %H:%M" if short[2] else ""
    formats = {"dmy": f"%d{sign}%m{sign}%y{time}", "mdy": f"%m{sign}%d{sign}%y{time}"}
    if any(map(str.isalpha, short[0])):
        formats = {"dmy": f"%d{sign}%b{sign}%y{time}"}
    return _in_order(cells, {order: {"format": written} for order, written in formats.items()})


def _in_order(cells: Cells, orders: dict[str, dict[str, Any]]) -> Found | None:
    """Choose between orders by the cells that only one of them can read; never without any."""
    reads = {order: partial(parsing.day, **settings) for order, settings in orders.items()}
    if not cells.mostly(lambda text: _first_of(reads.values(), text)):
        return None
    good = {order: set(cells.readable(read)) for order, read in reads.items()}
    best = max(good, key=lambda order: len(good[order]))
    others = set().union(*good.values()) - good[best]
    if len(good) > 1 and all(found == good[best] for found in good.values()):
        told = f"{shown(cells.answers)}: {' or '.join(map(_written, orders.values()))}? No cell tells"
        if "order" in orders[best]:
            return {"parse": "date"}, [f"{told}, so that reading will ask"]
        return {}, [told]
    if not others:
        return {"parse": "date", **orders[best]}, []
    told = f"dates in two orders: {shown(sorted(good[best])[:1])} and {shown(sorted(others)[:1])}"
    if len(good[best]) < MOST * len(cells.answers):
        return {}, [f"{told}; they cannot be told apart"]
    return {"parse": "date", **orders[best]}, [f"{told}; more of them may be misread"]


def _first_of(reads: Iterable[Callable[[str], object]], text: str) -> object:
    for read in reads:
        if _reads(read, text):
            return text
    raise Unreadable("in none of the orders")


def _written(settings: dict[str, str]) -> str:
    return ", ".join(f'{name} = "{value}"' for name, value in settings.items())


def _counted(cells: Cells) -> Found | None:
    """Find numbers that stand for days: eight digits, seconds, milliseconds, or the days of a spreadsheet."""
    if not (cells.says(_DATES) or cells.last in {"at", "on"}) or not cells.mostly(parsing.number, 1):
        return None
    for order in _EARLIEST:
        days = [_day_of(answer, order) for answer in cells.answers]
        if all(day is not None and _EARLIEST[order] <= day.year <= _LATEST for day in days):
            told = f"numbers are taken for dates: {cells.answers[0]} for {str(days[0])[:10]}"
            return {"parse": "date", "order": order}, [told]
    return None


#: What numbers in a column of dates may count, and between which years they must lie to be taken for it.
_EARLIEST: Final[dict[parsing.Order, int]] = {"ymd": 1900, "spreadsheet": 1995, "epoch_s": 1995, "epoch_ms": 1995}
_LATEST: Final = 2045


def _day_of(text: str, order: parsing.Order) -> date | None:
    try:
        found = parsing.day(text, order=order)
    except Unreadable:
        return None
    return found.date() if isinstance(found, datetime) else found


def _year(cells: Cells) -> Found | None:
    if not (cells.says({"year", "founded", "established", "founding"}) or usual_of(cells.name) == "founded"):
        return None
    never = [answer for answer in cells.answers if answer.strip("0.") == ""]
    known = attrs.evolve(cells, answers=[answer for answer in cells.answers if answer not in never])
    if not known.answers or not known.mostly(parsing.year):
        return None
    return {"parse": "year", **({"unknown": never} if never else {})}, []


# Lists


def _list(cells: Cells) -> Found | None:
    answers, usual = cells.answers, usual_of(cells.name) == "technologies"
    bracketed = [answer for answer in answers if answer.startswith("[") and answer.endswith("]")]
    if len(bracketed) >= MOST * len(answers):
        if "{" in bracketed[0] and cells.mostly(parsing.events):
            return {"parse": "events"}, []
        if cells.mostly(parsing.labels):
            return {"parse": "labels"}, []
    last = cells.last
    plural = last in {"tag", "list"} or (last.endswith("s") and not last.endswith(("ss", "us", "is")))
    doubts = []
    for sign in (";", "|", "\n", ","):
        items = _items(cells, sign)
        if items is None or (items.digits and cells.last not in {"codes", "ids"}):
            continue
        recurring = items.distinct < len(answers) or items.distinct <= items.many / 2
        if usual or (plural and not cells.says(_PROSE_WORDS)) or (recurring and sign != ","):
            return {"parse": "labels", **({} if sign == ";" else {"split": sign})}, []
        if recurring and items.uneven:
            doubts = [f'several in one cell, as in {answers[0]!r}? Then parse = "labels", split = "{sign}"']
    if usual:
        return {"parse": "labels"}, []
    return ({}, doubts) if doubts else None


class _Items(NamedTuple):
    """What a separator makes of the cells of a column."""

    many: int
    distinct: int
    uneven: bool
    digits: bool


def _items(cells: Cells, sign: str) -> _Items | None:
    """Take cells apart; None where that is none of a list's separators."""
    held = [answer for answer in cells.answers if sign in answer]
    if len(held) < len(cells.answers) / 5 or (sign == "," and cells.says(_PLACES)):
        return None
    items = Counter(item.strip() for answer in cells.answers for item in answer.split(sign) if item.strip())
    if not items or max(map(len, items)) > _LONGEST_LABEL:
        return None
    uneven = len({answer.count(sign) for answer in held}) > 1
    digits = any(item.replace(".", "").isdigit() for item in items)
    return _Items(sum(items.values()), len(items), uneven, digits)


# Numbers


def _number(cells: Cells) -> Found | None:
    return _by_sign(cells, "number", parsing.number)


def _size(cells: Cells) -> Found | None:
    found = _by_sign(cells, "size", lambda text, **sign: parsing.size(text, **sign)[0])
    if found is not None:
        return found[0], [*found[1], 'a band becomes its geometric middle: take = "low" or "high" for an end']
    if cells.says(_SIZES) and cells.mostly(lambda text: parsing.size(text, prose=True), _PROSE):
        return {"parse": "size", "prose": True}, ["the first number of a sentence counts"]
    return None


def _money(cells: Cells) -> Found | None:
    marked = [answer for answer in cells.answers if _MARK.search(answer)]
    plain = cells.readable(parsing.number)
    if not marked or len(marked) + len(plain) < MOST * len(cells.answers):  # R1 is no rand
        return None
    found = _by_sign(cells, "money", lambda text, **sign: parsing.amount(text, take="low", **sign)[0])
    if found is None:
        return None
    settings, doubts = found
    if doubts and all(_AMERICAN.search(answer) for answer in marked) and not groups_by_points(cells):
        settings, doubts = {"parse": "money"}, []
    decimal: Any = settings.get("decimal", ".")
    bands = cells.readable(partial(parsing.amount, decimal=decimal, take="middle"))
    if len(cells.readable(partial(parsing.amount, decimal=decimal))) < len(bands):
        settings["take"] = "middle"
        doubts.append('a band becomes its geometric middle: take = "low" or "high" for an end')
    return settings, doubts


#: Begins the doubt about a sign that no cell of a column tells; other columns may.
EITHER: Final = "either "


def _by_sign(cells: Cells, parse: str, read: Callable[..., float]) -> Found | None:
    """Find the decimal sign by the cells that only one can read, or that tell it by themselves."""
    if not any(cells.mostly(partial(read, decimal=sign)) for sign in parsing.DECIMALS):
        return None
    values: dict[str, dict[str, float]] = {".": {}, ",": {}}
    for sign, known in values.items():
        for answer in cells.answers:
            try:
                known[answer] = read(answer, decimal=sign)
            except Unreadable:
                continue
    point, comma = values["."], values[","]
    best = "," if len(comma) > len(point) else "."
    either = [answer for answer in point if answer in comma and point[answer] != comma[answer]]
    if cells.typed or len(comma) != len(point) or not either:
        return _with_sign(parse, best), []
    wholes = [sign for sign, known in values.items() if all(_is_whole(known[answer]) for answer in either)]
    if len(wholes) == 1 and cells.says(_WHOLE):  # nobody employs a part of a person
        return _with_sign(parse, wholes[0]), []
    one = either[0]
    told = f'{_plainly(point[one])} or {_plainly(comma[one])}: what is {one!r}? decimal = "." or ","'
    return _with_sign(parse, "."), [EITHER + told]


def _with_sign(parse: str, sign: str) -> dict[str, Any]:
    return {"parse": parse} if sign == "." else {"parse": parse, "decimal": sign}


def _is_whole(number: float) -> bool:
    return float(number).is_integer()


def _plainly(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:.4g}"


def groups_by_points(cells: Cells) -> bool:
    """Tell whether any cell has a point before three digits, as where points group them: also pesos are $."""
    return any(_POINT.search(answer) for answer in cells.answers)


def tells_its_sign(cells: Cells) -> bool:
    """Tell whether cells hold a point or a comma that only one sign of decimals explains."""
    return any(re.search(r"\d[.,]\d", answer) for answer in cells.answers)
