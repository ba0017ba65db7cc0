"""How columns are read: each attribute becomes facts, in which what is unknown or of the wrong kind is null."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Final

import attrs

from icpkit import views
from icpkit.errors import AsOfError
from icpkit.sql.dialects import Dialect
from icpkit.sql.options import Column, ListColumn, LongTable, Param, Place
from icpkit.sql.sqlglot import (
    PARAMETER,
    Node,
    add,
    among,
    between,
    call,
    case,
    cast,
    column,
    compare,
    denied,
    divide,
    every,
    false,
    family_of,
    is_known,
    is_null,
    modulo,
    number,
    opposite,
    parameter,
    real,
    some,
    subtract,
    text,
    true,
    whole,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400_000_000
_LAST_MICRO: Final = _DAY - 1
#: Microseconds since 1970 of the first moment of the calendar.
_FIRST: Final = views.micros_between(_EPOCH, datetime(1, 1, 1, tzinfo=UTC))
_WHOLE: Final = 2**53
_MOST: Final = 1.7976931348623157e308
_YEARS: Final = (date.min.year, date.max.year)

_NUMBERS: Final = frozenset({"small integer", "integer", "float", "decimal"})
_MOMENTS: Final = frozenset({"date", "timestamp"})


class Refused(Exception):  # noqa: N818  # no error for users: it becomes an `Unpushable`
    """A criterion cannot be said; ``reason`` says why, and what to do."""

    reason: str

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@attrs.frozen
class Now:
    """The moment of scoring, in expressions.

    Attributes:
        origin: microseconds since 1970 from which ages count.
        visible: those of the latest signal that is visible.
        year: the year in UTC.
        midnight: microseconds since 1970 of its day in UTC.
        own: the same as `origin`, of what is given when the statement runs; None of a moment that stands in it.
        each: whether each account has its own.
        told: what a head says of it.
    """

    origin: Node
    visible: Node
    year: Node
    midnight: Node
    own: Node | None
    each: bool
    told: str


def now_of(as_of: "date | str | Param | Column", dialect: Dialect) -> Now:
    """Read the moment of scoring.

    Raises:
        AsOfError: for a moment that is naive or none.
    """
    if isinstance(as_of, Param | Column):
        return _asked_now(as_of, dialect)
    try:
        now = views.moment(as_of)
    except AsOfError as error:
        raise AsOfError(as_of, f"{error.problem}, or else an icpkit.Param or icpkit.Column") from None
    origin = views.micros_between(_EPOCH, now.origin)
    return Now(
        whole(origin),
        whole(origin - now.least),
        whole(now.day.year),
        whole(origin - now.since_midnight),
        None,
        False,  # noqa: FBT003  # one of seven
        f"as of {now.as_of.isoformat()}",
    )


def _asked_now(as_of: Param | Column, dialect: Dialect) -> Now:
    """Read a moment that is given; of a day, in whatever column or text, all that counts is the day in UTC."""
    each, by_day = isinstance(as_of, Column), as_of.type == "date"
    given = column(as_of.name, "a") if isinstance(as_of, Column) else parameter()
    typed = dialect.typed and not each
    moment = cast(given, "date" if by_day else dialect.stamp) if typed else given
    micros = dialect.micros(moment)
    origin = _midnight(micros) if by_day and not typed else micros
    visible = add(origin, whole(_LAST_MICRO)) if by_day else origin
    year = dialect.year(moment, "date" if by_day and typed else "timestamp")
    told = f"as of the {'column' if each else 'parameter'} {as_of.name}, a {as_of.type}"
    return Now(origin, visible, year, _midnight(origin), origin, each, told)


def _midnight(micros: Node) -> Node:
    """Give the microseconds since 1970 of a moment's day in UTC; what % divides is never negative, and so plain."""
    return subtract(micros, modulo(add(micros, whole(-_FIRST)), whole(_DAY)))


@attrs.frozen
class Fact:
    """What is read of an attribute.

    Attributes:
        node: its value; null where it is unknown.
        good: whether a value that is there is of the right kind; None where each is.
        raw: the column.
        nan: whether it is NaN, which is unknown and not of the wrong kind; None where it cannot be.
        note: what a comment says of it.
        strict: whether it is not known of null if it is of the right kind.
    """

    node: Node
    good: Node | None
    raw: Node
    nan: Node | None = None
    note: str = ""
    strict: bool = False

    @property
    def invalid(self) -> Node | None:
        """1 where the value is of the wrong kind, else 0; None where it never is."""
        if self.good is None:
            return None
        wrong = denied(self.good)
        if wrong is not None or self.strict:
            return case((opposite(self.good) if wrong is None else wrong, whole(1)), otherwise=whole(0))
        said = some([is_null(self.raw), *([] if self.nan is None else [self.nan])])
        # The common case first, and by itself: engines are slow at alternatives.
        return case((self.good, whole(0)), (said, whole(0)), otherwise=whole(1))


@attrs.frozen
class Reader:
    """How the attributes of one statement are read.

    Attributes:
        dialect: the dialect.
        places: where each attribute is found.
        forms: how the texts of each stand there.
        types: the types of the columns of some, as they were given.
        now: the moment of scoring.
    """

    dialect: Dialect
    places: Mapping[str, Place]
    forms: Mapping[str, str]
    types: Mapping[str, str]
    now: Now

    def family(self, attribute: str, needed: str, allowed: Iterable[str]) -> str | None:
        """Give the family of a column's type, None where it was not given.

        Raises:
            Refused: for one that does not hold what is needed.
        """
        kind = self.types.get(attribute)
        if kind is None:
            return None
        try:
            family = family_of(kind, self.dialect.spoken)
        except ValueError:
            raise Refused(f"types[{attribute!r}] is {kind!r}, which is no type of {self.dialect.title}") from None
        if family not in allowed:
            raise Refused(f"reads {needed}, but the column {self._called(attribute)!r} is {kind}")
        return family

    def _called(self, attribute: str) -> str:
        place = self.places[attribute]
        return place if isinstance(place, str) else place.name if isinstance(place, ListColumn) else place.value

    def raw(self, attribute: str, needed: str) -> Node:
        """Name the column of one value.

        Raises:
            Refused: where the attribute is a list.
        """
        place = self.places[attribute]
        if not isinstance(place, str):
            raise Refused(f"reads {needed}, but columns[{attribute!r}] is a {type(place).__name__}")
        return self.column(place)

    def column(self, name: str) -> Node:
        """Name a column of the accounts.

        Raises:
            Refused: for a name that no column can have.
        """
        return column(sayable(name, "the column's name"), "a")

    # One value

    def number(self, attribute: str) -> Fact:
        """Read a number."""
        raw = self.raw(attribute, "a number")
        family = self.family(attribute, "a number", _NUMBERS)
        if not self.dialect.typed:
            kind = call("TYPEOF", raw)
            ints = every([compare(kind, "=", text("integer")), _limited(raw, _WHOLE)])
            reals = every([compare(kind, "=", text("real")), _limited(raw, _MOST)])
            good = some([ints, reals])
            empty = compare(call("TRIM", raw), "=", text(""))
            return Fact(case((good, cast(raw, "double"))), good, raw, empty)
        value = cast(raw, "double")
        if family == "small integer":
            return Fact(value, None, raw)
        if family == "float":
            endless = cast(text(self.dialect.endless), "double")
            finite = compare(call("ABS", raw), "<", endless)
            return Fact(case((finite, value)), opposite(compare(call("ABS", raw), "=", endless)), raw)
        good = _limited(raw, _MOST if family == "decimal" else _WHOLE)
        nan = None if family == "integer" else self.dialect.is_nan(raw)
        return Fact(case((good, value)), good, raw, nan, strict=nan is None)

    def truth(self, attribute: str) -> Fact:
        """Read True or False."""
        raw = self.raw(attribute, "True or False")
        family = self.family(attribute, "True or False", {"boolean", *_NUMBERS})
        numeric = not self.dialect.typed or family in _NUMBERS
        yes, no = (whole(1), whole(0)) if numeric else (true(), false())
        value = case((compare(raw, "=", yes), whole(1)), (compare(raw, "=", no), whole(0)))
        if not self.dialect.typed:
            good = every([compare(call("TYPEOF", raw), "<>", text("text")), among(raw, [yes, no])])
            return Fact(value, good, raw, compare(call("TRIM", raw), "=", text("")))
        nan = self.dialect.is_nan(raw) if family in {"float", "decimal"} else None
        return Fact(value, None if family == "boolean" else among(raw, [yes, no]), raw, nan, strict=nan is None)

    def text(self, attribute: str, *, case_sensitive: bool) -> Fact:
        """Read a text."""
        raw = self.raw(attribute, "text")
        self.family(attribute, "text", {"text"})
        self.check_form(attribute, case_sensitive=case_sensitive)
        # Both forms are stripped: no blanks are looked for.
        value = empty_as_null(raw)
        if self.dialect.typed:
            return Fact(value, None, raw)
        good = compare(call("TYPEOF", raw), "=", text("text"))
        return Fact(case((good, value)), good, raw)

    def check_form(self, attribute: str, *, case_sensitive: bool) -> None:
        """Refuse to compare texts that do not stand in the form in which they are compared."""
        form, needed = self.forms[attribute], "exact" if case_sensitive else "folded"
        if form == needed:
            return
        if form == "refuse":
            raise Refused(
                "compares text, which no SQL folds as icpkit does: hold it folded, and say so with "
                f'text="{needed}"' + ("" if needed == "exact" else " (icpkit.fold folds it)")
            )
        cases = "upper and lower case" if case_sensitive else "no case"
        raise Refused(
            f"compares text that knows {cases}, but its column is said to hold it {form}: "
            f'text={{{attribute!r}: "{needed}"}}, or another column'
        )

    def age(self, attribute: str) -> Fact:
        """Read the age in days of a moment; null where it lies after the moment of scoring."""
        return self._since(attribute, "a date or a moment", views.DAY, "age in days")

    def _since(self, attribute: str, needed: str, unit: float, note: str) -> Fact:
        raw = self._dated(attribute, needed)
        micros = self.dialect.micros(raw)
        value = case((self.visible(micros), self.elapsed(micros, unit)))
        return Fact(value, self.read(micros), raw, self._blank(raw), note)

    def _dated(self, attribute: str, needed: str) -> Node:
        raw = self.raw(attribute, needed)
        self.dated_family(attribute)
        return raw

    def dated_family(self, attribute: str) -> None:
        """Refuse a type that holds no dates."""
        self.family(attribute, "a date or a moment", {*_MOMENTS, *([] if self.dialect.typed else ["text"])})

    def elapsed(self, micros: Node, unit: float) -> Node:
        """Give the time from a visible moment to that of scoring, in a unit of so many microseconds, never below 0."""
        return self.per(call(self.dialect.greatest, subtract(self.now.origin, micros), whole(0)), unit)

    def per(self, micros: Node, unit: float) -> Node:
        """Divide a whole number of microseconds, as a double, by a unit."""
        return divide(micros if self.dialect.divides else cast(micros, "double"), real(unit))

    def visible(self, micros: Node) -> Node:
        """Tell whether a moment is visible at that of scoring."""
        return compare(micros, "<=", self.now.visible)

    def read(self, micros: Node) -> Node | None:
        """Tell whether a text was read as a moment; None where the type of the column sees to it."""
        return None if self.dialect.typed else is_known(micros)

    def _blank(self, raw: Node) -> Node | None:
        return None if self.dialect.typed else compare(call("TRIM", raw), "=", text(""))

    def ahead(self, attribute: str) -> Fact:
        """Read whole days from the day of scoring to a planned date."""
        raw = self._dated(attribute, "a date or a moment")
        micros = self.dialect.micros(raw)
        days = self.per(subtract(_midnight(micros), self.now.midnight), views.DAY)
        return Fact(days, self.read(micros), raw, self._blank(raw), "whole days ahead")

    def years(self, attribute: str) -> Fact:
        """Read years since a founding year or date; null where it lies after the moment of scoring."""
        needed = "a founding year or date"
        raw = self.raw(attribute, needed)
        family = self.family(attribute, needed, {*_NUMBERS, *_MOMENTS, *([] if self.dialect.typed else ["text"])})
        if family in _MOMENTS:
            return self._since(attribute, needed, views.YEAR * views.DAY, "years since")
        first, last = (whole(year) for year in _YEARS)
        good, seen = between(raw, first, last), between(raw, first, self.now.year)
        if family not in {"small integer", "integer"}:
            # Only of what is no infinity: some engines refuse to round that, even where a condition precedes.
            even = compare(self.dialect.floor(case((good, raw))), "=", raw)
            good, seen = every([good, even]), every([seen, even])
        year = cast(subtract(self.now.year, raw), "double")
        if self.dialect.typed:
            nan = None if family in {"small integer", "integer"} else self.dialect.is_nan(raw)
            return Fact(case((seen, year)), good, raw, nan, "years since", strict=nan is None)
        micros = self.dialect.micros(raw)
        written = compare(call("TYPEOF", raw), "=", text("text"))
        value = case(
            (every([written, self.visible(micros)]), self.elapsed(micros, views.YEAR * views.DAY)),
            (every([opposite(written), seen]), year),
        )
        fine = some([every([written, is_known(micros)]), every([opposite(written), good])])
        return Fact(value, fine, raw, self._blank(raw), "years since")

    # Lists

    def list_place(self, attribute: str) -> ListColumn:
        """Give the list column of an attribute, of the usual format where none was named."""
        place = self.places[attribute]
        assert not isinstance(place, LongTable)  # the caller saw to it
        return ListColumn(place, "array" if self.dialect.typed else "json") if isinstance(place, str) else place

    def items(self, attribute: str) -> Node:
        """Give the array of a list column.

        Raises:
            Refused: for a dialect that has none, or a column that holds none.
        """
        place = self.list_place(attribute)
        family = self.family(attribute, "a list", {"array", "text", "json", "other"})
        if self.dialect.array_of is None:
            raise Refused(f"reads a list, which {self.dialect.title} cannot look into here: give a LongTable")
        if place.format == "array" and not self.dialect.typed:
            raise Refused(f'reads an array, which {self.dialect.title} has not: ListColumn({place.name!r}, "json")')
        if (place.format == "array") != (family == "array") and family in {"array", "text", "json"}:
            raise Refused(
                f"reads a list as {place.format}, but the column {place.name!r} is {self.types[attribute]}: "
                "give a ListColumn of the right format"
            )
        return self.dialect.array_of(self.column(place.name), place)

    def list_fact(self, attribute: str) -> Fact:
        """Read a list column; JSON of anything but an array is of the wrong kind, and null there is unknown."""
        return self.list_in(self.list_place(attribute), self.items(attribute))

    def list_in(self, place: ListColumn, items: Node) -> Fact:
        """Read a list column, whatever is made of its items."""
        good = self.is_list(place)
        if good is None:
            return Fact(items, None, items, note="a list")
        raw = self.column(place.name)
        nothing = among(call("TRIM", self.dialect.json_text(raw)), [text(""), text("null")])
        return Fact(items, good, raw, nothing, "a list")

    def is_list(self, place: ListColumn) -> Node | None:
        """Tell whether a list column of JSON holds an array; None where the dialect was not tried."""
        if place.format != "json" or self.dialect.is_array is None:
            return None
        return self.dialect.is_array(self.column(place.name))


def _limited(raw: Node, most: float) -> Node:
    if most == _WHOLE:
        return between(raw, whole(-_WHOLE), whole(_WHOLE))
    return compare(call("ABS", raw), "<=", number(most))


def empty_as_null(raw: Node) -> Node:
    """Give a text that is stripped, or null where it is empty."""
    return call("NULLIF", raw, text(""))


def sayable(value: str, what: str) -> str:
    """Refuse text that cannot stand in a statement."""
    if "\0" in value:
        raise Refused(f"{what} holds the sign NUL, which SQL cannot hold (got {value!r})")
    if PARAMETER in value:
        raise Refused(f"{what} holds {PARAMETER}, which stands for a parameter here")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Refused(f"{what} holds half a sign, which no text can hold (got {value!r})")
    return value


def table_parts(table: str) -> list[str]:
    """Take the name of a table apart.

    Raises:
        Refused: for one with an empty part, or more than three.
    """
    parts = sayable(table, "table").split(".")
    if not 1 <= len(parts) <= 3 or not all(part.strip() for part in parts):
        raise Refused(f'table must be a name of one to three parts, such as "crm.accounts" (got {table!r})')
    return parts


def wanted_text(value: str) -> Node:
    """Write a wanted text."""
    return text(sayable(value, "a wanted value"))
