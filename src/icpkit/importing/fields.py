"""Field maps: which column is which attribute, and how its cells are read. Data, like a profile."""

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from icpkit._attrs import (
    Pairs,
    a_bool,
    a_number,
    a_text,
    as_number,
    as_pairs,
    as_plain,
    as_tuple,
    check_plain,
    each,
    one_of,
    reject,
    short_repr,
    typed,
)
from icpkit.errors import SHOWN, DefinitionError, near
from icpkit.importing.accounts import Accounts
from icpkit.parsing import Rate, check_format, check_rules, fold
from icpkit.typing import OnInvalid

#: How a cell becomes a value.
Parse: TypeAlias = Literal[
    "text", "number", "money", "size", "year", "date", "ago", "flag", "labels", "events", "domain", "keywords", "as_is"
]
PARSES: Final[tuple[str, ...]] = get_args(Parse)
#: Units by name.
UNITS: Final[dict[str, int]] = {"thousands": 1_000, "millions": 1_000_000, "billions": 1_000_000_000}
#: How far down a header may stand.
_LAST_LINE = 1_000
#: What to do with a column that the table does not have.
Missing: TypeAlias = Literal["raise", "unknown"]

#: Which settings belong to which ways of parsing; the others belong to all.
_BELONGS: Final[dict[str, tuple[str, ...]]] = {
    "unit": ("number", "money", "size"),
    "decimal": ("number", "money", "size"),
    "currency": ("money",),
    "take": ("size", "money", "year"),
    "prose": ("size", "money"),
    "split": ("labels",),
    "order": ("date",),
    "format": ("date",),
    "zone": ("date",),
    "true": ("flag",),
    "false": ("flag",),
    "keywords": ("keywords",),
    "empty": ("labels", "events", "keywords"),
}
#: Settings that name another attribute of the map.
REFERENCES: Final = ("observed_at", "source", "verified")
_TAKES: Final = {
    "size": ("middle", "low", "high"),
    "money": ("middle", "low", "high"),
    "year": ("first", "last", "least"),
}


def shown_list(names: Iterable[str]) -> str:
    """Name the first of many.

    >>> shown_list(["id", "employees"])
    'id, employees'
    """
    listed = list(names)
    return ", ".join(listed[:SHOWN]) + (", …" if len(listed) > SHOWN else "")


def _as_texts(value: Any) -> Any:
    """Make a tuple of one text or of several."""
    return (value,) if isinstance(value, str) else as_tuple(value)


def _as_unit(value: Any) -> Any:
    return value if isinstance(value, str) else as_number(value)


def _check_unit(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if isinstance(value, str):
        if value not in UNITS:
            hint = near(value, UNITS)
            raise reject(
                owner, field.name, f"must be a number or one of {', '.join(map(repr, UNITS))}", value, hint=hint
            )
    else:
        a_number(above=0)(owner, field, value)


def _check_texts(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    each(str, "text")(owner, field, value)
    for item in value:
        a_text()(owner, field, item)


def _check_split(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise reject(owner, field.name, "must be text that is not empty", value)


def _check_nth(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    a_number(least=1)(owner, field, value)
    if not isinstance(value, int):
        raise reject(owner, field.name, "must be a whole number", value)


def _check_line(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and (type(value) is not int or not 1 <= value <= _LAST_LINE):
        raise reject(owner, field.name, f"must be a whole number from 1 to {_LAST_LINE}", value)


def _check_delimiter(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and (not isinstance(value, str) or len(value) != 1):
        raise reject(owner, field.name, "must be one character", value)
    if value is not None and value in '"\r\n\0':
        raise reject(owner, field.name, "must not be a quotation mark or the end of a line", value)


#: Encodings of names and of program texts, which no file of accounts has.
_NO_FILES = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")


def _check_encoding(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    a_text(optional=True)(owner, field, value)
    if value is None:
        return
    try:
        "a".encode(value)
        sound = value.lower().replace("-", "_") not in _NO_FILES
    except (LookupError, ValueError):
        sound = False
    if not sound:
        hint = near(value, ("utf-8", "utf-16", "cp1252", "latin-1")) or 'such as "utf-8", "utf-16" or "cp1252"'
        raise reject(owner, field.name, "must name an encoding of text", value, hint=hint)


def _check_replace(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, Pairs) or not all(
        isinstance(part, str) and part.strip() for pair in value for part in pair
    ):
        raise reject(owner, field.name, "must be a mapping from text to text", value)


def _as_keywords(value: Any) -> Any:
    """Make pairs (label, phrases) of a mapping from labels to a phrase or several."""
    if not isinstance(value, Mapping):
        return as_pairs(value)
    return Pairs((label, _as_texts(phrases)) for label, phrases in value.items())


def _check_keywords(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, Pairs):
        raise reject(owner, field.name, "must be a mapping from labels to lists of phrases", value)
    for label, phrases in value:
        sound = isinstance(phrases, tuple) and phrases and all(isinstance(one, str) and one.strip() for one in phrases)
        if not (isinstance(label, str) and label.strip() and sound):
            raise reject(owner, field.name, "must be a mapping from labels to lists of phrases", {label: phrases})
    try:
        check_rules(value)
    except ValueError as error:
        raise DefinitionError(type(owner).__name__, field.name, f"must hold words: {error}", value) from None


#: What each machine takes for another zone, or for none.
_NO_ZONES = ("localtime", "posixrules", "Factory")


def _check_zone(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    a_text(optional=True)(owner, field, value)
    if value is None:
        return
    try:
        sound = bool(zoneinfo.ZoneInfo(value)) and value not in _NO_ZONES
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        sound = False
    if not sound:
        known = zoneinfo.available_timezones().difference(_NO_ZONES)
        offset = any(char in "+-0123456789" for char in value)  # zones that are so called mean the reverse
        hint = "" if offset else near(value, sorted(known))
        hint = hint or 'name a place, such as "Europe/Berlin", or "UTC"'
        raise reject(owner, field.name, "must name a time zone", value, hint=hint)


def _check_format(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    a_text(optional=True)(owner, field, value)
    if value is None:
        return
    try:
        check_format(value)
    except ValueError as error:
        raise DefinitionError(
            type(owner).__name__, field.name, f"must say a date, as %d-%b-%Y does: {error}", value
        ) from None


def check_currency(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Accept an ISO 4217 code, which is three capital letters, or None."""
    if value is not None and not (isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper()):
        raise reject(owner, field.name, "must be a currency code of three capital letters, such as EUR", value)


@attrs.frozen(repr=False)
class Field:
    """Which column an attribute is read from, and how.

    Args:
        attribute: the attribute's name in accounts, as profiles ask for it.
        column: the column's name, or several of which the first that the table has is read; None for the attribute's.
        parse: how a cell becomes a value: ``"text"``, ``"number"``, ``"money"``, ``"size"`` (a number or a band such as
            51-200), ``"year"``, ``"date"``, ``"ago"`` (such as "over 8 years" before the export), ``"flag"``,
            ``"labels"``, ``"events"`` (JSON), ``"domain"``, ``"keywords"`` (labels by words in free text), ``"as_is"``.
        nth: which of several columns of this name, from 1.
        optional: lets the column be absent; then the attribute is unknown for all.
        unknown: cells that mean unknown in this column, whatever their case.
        empty: cells that mean that there is none: looked, and nothing found.
        replace: cells, or items of a list, that are to be read as something else, whatever their case.
        unit: what a number is multiplied by: a number, or ``"thousands"``, ``"millions"``, ``"billions"``. A cell that
            names its own scale, such as 1.2B, is left as it is.
        decimal: the decimal sign, ``"."`` or ``","``.
        currency: the currency of amounts that name none; None for the map's.
        take: of a band ``"middle"`` (the geometric one, the default), ``"low"`` or ``"high"``; of several years
            ``"first"`` (the default), ``"last"`` or ``"least"``.
        prose: lets the first number of a sentence count.
        split: what separates labels, or ``"json"``.
        order: the order of dates: ``"ymd"``, ``"dmy"`` or ``"mdy"``; ``"epoch_s"``, ``"epoch_ms"`` or ``"spreadsheet"``
            for numbers. Dates written as ISO 8601 need none.
        format: the format of dates as `datetime.strptime` knows it.
        zone: the time zone of moments that name none; None for UTC.
        true: cells that mean yes, in place of the usual ones.
        false: cells that mean no, in place of the usual ones.
        keywords: labels, each with the phrases that stand for it; a ``*`` ends a word that goes on.
        observed_at: the attribute of this map that says when the value was observed.
        stale_after: days after which the value counts as stale in a check.
        source: the attribute of this map that says where the value comes from.
        verified: the attribute of this map, a flag, that says whether somebody has verified it.
        note: notes for people.

    Raises:
        DefinitionError: among others for a setting that does not belong to the way of parsing.

    >>> Field("annual_revenue", "revenue", parse="number", unit="millions")
    Field('annual_revenue', 'revenue', parse='number', unit='millions')
    >>> Field("tools", split=",")
    Traceback (most recent call last):
    icpkit.errors.DefinitionError: Field.split must be given only where parse is 'labels' (got ',' where it is 'text')
    """

    attribute: str = attrs.field(validator=a_text())
    column: tuple[str, ...] = attrs.field(
        default=(), converter=_as_texts, validator=_check_texts, metadata={"in files": str | tuple[str, ...]}
    )
    parse: Parse = attrs.field(default="text", kw_only=True, validator=one_of(*PARSES))
    nth: int = attrs.field(default=1, kw_only=True, converter=_as_unit, validator=_check_nth)
    optional: bool = attrs.field(default=False, kw_only=True, validator=a_bool)
    unknown: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=_check_texts)
    empty: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=_check_texts)
    replace: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_pairs, validator=_check_replace)
    unit: float | str = attrs.field(default=1, kw_only=True, converter=_as_unit, validator=_check_unit)
    decimal: Literal[".", ","] = attrs.field(default=".", kw_only=True, validator=one_of(".", ","))
    currency: str | None = attrs.field(default=None, kw_only=True, validator=check_currency)
    take: str | None = attrs.field(default=None, kw_only=True)
    prose: bool = attrs.field(default=False, kw_only=True, validator=a_bool)
    split: str = attrs.field(default=";", kw_only=True, validator=_check_split)
    order: Literal["ymd", "dmy", "mdy", "epoch_s", "epoch_ms", "spreadsheet"] | None = attrs.field(
        default=None, kw_only=True, validator=one_of("ymd", "dmy", "mdy", "epoch_s", "epoch_ms", "spreadsheet", None)
    )
    format: str | None = attrs.field(default=None, kw_only=True, validator=_check_format)
    zone: str | None = attrs.field(default=None, kw_only=True, validator=_check_zone)
    true: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=_check_texts)
    false: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=_check_texts)
    keywords: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=_as_keywords, validator=_check_keywords)
    observed_at: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    stale_after: float | None = attrs.field(default=None, kw_only=True, validator=a_number(above=0, optional=True))
    source: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    verified: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    note: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))

    def __attrs_post_init__(self) -> None:
        """Refuse settings that do not go together."""
        defaults = {one.name: one.default for one in attrs.fields(Field)}
        for name, parses in _BELONGS.items():
            value = getattr(self, name)
            if value != defaults[name] and self.parse not in parses:
                where = " or ".join(map(repr, parses))
                problem = f"must be given only where parse is {where} (got {value!r} where it is {self.parse!r})"
                raise DefinitionError("Field", name, problem, value)
        if self.take is not None and self.take not in _TAKES.get(self.parse, ()):
            known = ", ".join(map(repr, _TAKES[self.parse]))
            raise reject(self, "take", f"must be one of {known} where parse is {self.parse!r}", self.take)
        if self.parse == "keywords" and not self.keywords:
            raise reject(
                self, "keywords", "must list labels with their phrases where parse is 'keywords'", self.keywords
            )
        if self.order is not None and self.format is not None:
            raise DefinitionError("Field", "format", "must not be given together with order", self.format)
        self._check_cells()

    def _check_cells(self) -> None:
        """Refuse a cell that would be read in two ways."""
        read: dict[str, str] = {}
        for name in ("unknown", "empty"):
            for cell in getattr(self, name):
                if read.setdefault(fold(cell), name) != name:
                    raise reject(self, name, "must not name a cell that unknown names", cell)
        texts: dict[str, str] = {}
        for cell, text in self.replace:
            if fold(cell) in read:
                raise reject(self, "replace", f"must not name a cell that {read[fold(cell)]} names", cell)
            if texts.setdefault(fold(cell), text) != text:
                raise reject(self, "replace", "must not name a cell twice, whatever its case", cell)
        for cell in self.false:
            if fold(cell) in map(fold, self.true):
                raise reject(self, "false", "must not name a cell that true names", cell)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of which the first that a table has is read."""
        return self.column or (self.attribute,)

    @property
    def factor(self) -> float:
        """What a number is multiplied by."""
        return UNITS[self.unit] if isinstance(self.unit, str) else self.unit

    def __repr__(self) -> str:
        """Write the call that makes it."""
        text = short_repr(attrs.evolve(self, column=()))
        if not self.column:
            return text
        column = repr(self.column[0]) if len(self.column) == 1 else repr(list(self.column))
        head = f"Field({self.attribute!r}"
        return f"{head}, {column}{text.removeprefix(head)}"


def _as_day(value: Any) -> Any:
    """Make a date of its ISO text; all else is left for the validator."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _check_day(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        shown = value.isoformat() if isinstance(value, date) else repr(value)
        problem = f"must be a date, or the ISO text of one, such as 2026-11-21 (got {shown})"
        raise DefinitionError(type(owner).__name__, field.name, problem, value)


@attrs.frozen(repr=False)
class FieldMap:
    """How the columns of an export become attributes: data that can be kept in a file, and changes nothing in silence.

    Args:
        fields: one field for each attribute.
        key: the attribute that holds the accounts' keys; None for the first.
        exported: the day of the export, from which relative dates count back.
        currency: the currency that all amounts of money are given in.
        rates: your own dated exchange rates.
        encoding: the file's encoding; None to find out.
        delimiter: what separates its columns; None to find out.
        header_line: the line that names the columns, from 1; titles above it are left out. None for the first.
        name: what the map is called.
        meta: notes for people.

    Raises:
        DefinitionError: among others for an attribute that comes twice.

    >>> fields = FieldMap([Field("account"), Field("annual_revenue", "revenue", parse="number", unit="millions")])
    >>> fields.apply([{"account": "acme", "revenue": "1,100.04"}])[0]
    {'account': 'acme', 'annual_revenue': 1100040000}
    """

    fields: tuple[Field, ...] = attrs.field(converter=as_tuple, validator=each(Field, "fields", empty=False))
    key: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    exported: date | None = attrs.field(default=None, kw_only=True, converter=_as_day, validator=_check_day)
    currency: str | None = attrs.field(default=None, kw_only=True, validator=check_currency)
    rates: tuple[Rate, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=each(Rate, "rates"))
    encoding: str | None = attrs.field(default=None, kw_only=True, validator=_check_encoding)
    delimiter: str | None = attrs.field(default=None, kw_only=True, validator=_check_delimiter)
    header_line: int | None = attrs.field(default=None, kw_only=True, validator=_check_line)
    name: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    meta: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_plain, validator=check_plain, eq=typed)

    def __attrs_post_init__(self) -> None:
        """Refuse what does not add up between fields."""
        names = dict.fromkeys(field.attribute for field in self.fields)
        if len(names) < len(self.fields):
            twice = Counter(field.attribute for field in self.fields).most_common(1)[0][0]
            raise reject(self, "fields", "must not hold an attribute twice", twice)
        for owner, name, other in self._references():
            if other is not None and other not in names:
                hint = near(other, names) or f"the attributes: {shown_list(names)}"
                of = f"of {owner.attribute!r} " if isinstance(owner, Field) else ""
                raise reject(owner, name, f"{of}must name an attribute of the map", other, hint=hint)
        for field in self.fields:
            if field.parse == "ago" and self.exported is None:
                raise reject(
                    self,
                    "exported",
                    f"must be the day of the export, since {field.attribute!r} counts back from it",
                    None,
                )
            if field.parse == "money" and self.currency is None:
                raise reject(self, "currency", f"must be given, since {field.attribute!r} is money", None)

    def _references(self) -> Iterable[tuple[object, str, str | None]]:
        yield self, "key", self.key
        for field in self.fields:
            for name in REFERENCES:
                yield field, name, getattr(field, name)

    @property
    def key_attribute(self) -> str:
        """The attribute that holds the accounts' keys."""
        return self.key if self.key is not None else self.fields[0].attribute

    def __getitem__(self, attribute: str) -> Field:
        """Give the field of an attribute.

        Raises:
            KeyError: for an attribute that the map does not have.
        """
        for field in self.fields:
            if field.attribute == attribute:
                return field
        names = [field.attribute for field in self.fields]
        raise KeyError(f"no attribute {attribute!r}; {near(attribute, names) or 'it has ' + shown_list(names)}")

    def with_field(self, field: Field) -> "FieldMap":
        """Give a map with one more field, or with another one for the same attribute.

        >>> FieldMap([Field("id")]).with_field(Field("employees", parse="number")).fields[1]
        Field('employees', parse='number')
        """
        kept = [field if one.attribute == field.attribute else one for one in self.fields]
        return attrs.evolve(self, fields=kept if field in kept else [*kept, field])

    def without(self, attribute: str) -> "FieldMap":
        """Give a map without the field of one attribute.

        Raises:
            KeyError: for an attribute that the map does not have.
        """
        gone = self[attribute]
        return attrs.evolve(self, fields=[field for field in self.fields if field is not gone])

    def apply(
        self,
        data: Any,
        *,
        derive: "Mapping[str, Any] | None" = None,
        on_invalid: OnInvalid = "raise",
        missing: Missing = "raise",
        redact: bool = False,
    ) -> Accounts:
        """Read the accounts of a table, whatever kind of table it is.

        Args:
            data: a pandas or Polars data frame, an Arrow table, a DuckDB relation, a mapping of columns, or records.
            derive: attributes that are made of the others, each by a function of one account.
            on_invalid: ``"raise"``, or ``"unknown"`` to take cells that cannot be read as unknown, and list them.
            missing: ``"raise"``, or ``"unknown"`` to take columns that are not there as unknown, and list them.
            redact: keeps values out of messages.

        Raises:
            AccountsFileError: with all cells that cannot be read.
            MissingColumnsError: with all columns that are not there.
            TypeError: for what is no table.
        """
        from icpkit.importing.applying import apply_fields  # noqa: PLC0415  # what a map is, before what it does

        return apply_fields(self, data, derive=derive, on_invalid=on_invalid, missing=missing, redact=redact)

    def __repr__(self) -> str:
        """Write the call that makes it."""
        return short_repr(self)
