"""What a statement is asked for with: parameters, columns, lists, tables of many rows; and what cannot be asked."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from icpkit._attrs import a_text, one_of, reject
from icpkit.errors import IcpkitError

#: How texts stand in the columns: see `icpkit.to_sql`.
TextForm: TypeAlias = Literal["refuse", "folded", "exact"]
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_MOMENT: Final = one_of("date", "timestamp")


def _check_param_name(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise reject(owner, field.name, "must be letters, digits and _, 60 at most, and begin with no digit", value)


@attrs.frozen
class Param:
    """A parameter of a statement: the moment of scoring is given when it runs.

    Args:
        name: its name; drivers write it in their own way, as ``:name``, ``$name``, ``@name`` or ``%(name)s``.
        type: ``"date"``: signals of that day are visible, ages count from its 00:00 UTC; or ``"timestamp"``.

    >>> Param("as_of")
    Param(name='as_of', type='date')
    """

    name: str = attrs.field(validator=_check_param_name)
    type: Literal["date", "timestamp"] = attrs.field(default="date", validator=_MOMENT)


@attrs.frozen
class Column:
    """A column that holds each account's own moment of scoring; where it is null, the account has no score.

    Args:
        name: its name.
        type: ``"date"`` or ``"timestamp"``, as for `Param`.
    """

    name: str = attrs.field(validator=a_text())
    type: Literal["date", "timestamp"] = attrs.field(default="date", validator=_MOMENT)


def _check_delimiter(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse several signs, and one that JSON would have to escape."""
    if not isinstance(value, str) or len(value) != 1 or value in '"\\\0' or value.isalnum():
        raise reject(owner, field.name, "must be one sign, no letter, digit, quote or backslash", value)


@attrs.frozen
class ListColumn:
    """A column that holds a list.

    Args:
        name: its name.
        format: ``"array"``: the engine's own; ``"json"``: text of JSON, an array; ``"delimited"``: text.
        delimiter: what stands between the items of a delimited text.

    >>> ListColumn("tech_stack", format="delimited", delimiter=";").delimiter
    ';'
    """

    name: str = attrs.field(validator=a_text())
    format: Literal["array", "json", "delimited"] = attrs.field(
        default="array", validator=one_of("array", "json", "delimited")
    )
    delimiter: str = attrs.field(default=",", validator=_check_delimiter)


@attrs.frozen
class LongTable:
    """A table with a row for each label, moment or event of an account.

    Args:
        table: its name, such as ``"crm.technographics"``.
        key: the column that holds the accounts' key.
        value: the column of the label, of the moment, or of the event's kind.
        at: of events, the column of the moment.
        strength: of events, the column of the strength; None: each has 1.
        without: what an account without a row has: ``"unknown"``, or ``"empty"``, a list that is known to be empty.

    >>> LongTable("crm.visits", "account_id", "visited_at").without
    'unknown'
    """

    table: str = attrs.field(validator=a_text())
    key: str = attrs.field(validator=a_text())
    value: str = attrs.field(validator=a_text())
    at: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    strength: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))
    without: Literal["unknown", "empty"] = attrs.field(
        default="unknown", kw_only=True, validator=one_of("unknown", "empty")
    )


#: Where an attribute is found.
Place: TypeAlias = str | ListColumn | LongTable


@attrs.frozen
class Unpushable:
    """What keeps a criterion, or a profile as a whole, out of a dialect.

    Attributes:
        path: the criterion's path, such as ``"firmographics/industry"``; the profile's name, where it is all of it.
        dialect: the dialect.
        reason: why, and what to do.
    """

    path: str
    dialect: str
    reason: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.path}: {self.reason}"


class NotPushable(IcpkitError, ValueError):  # noqa: N818  # the name by which this field knows it
    """A profile cannot be said in a dialect of SQL.

    Attributes:
        problems: all that keep it out.
    """

    problems: tuple[Unpushable, ...]

    def __init__(self, problems: Iterable[Unpushable]) -> None:
        """Keep the problems, and name them all."""
        self.problems = tuple(problems)
        dialect = self.problems[0].dialect
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"cannot be said in SQL for {dialect}:\n{lines}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the problems."""
        return type(self), (self.problems,)


def places_of(columns: Mapping[str, Place] | None, attributes: Iterable[str]) -> dict[str, Place]:
    """Give the place of each attribute: that which is named, or else a column called as it.

    Raises:
        TypeError: for what is no place.
        ValueError: for an attribute that no criterion reads.
    """
    given = mapping_of("columns", columns)
    known = dict.fromkeys(attributes)
    for name, place in given.items():
        if not isinstance(place, str | ListColumn | LongTable) or not place:
            raise TypeError(f"columns[{name!r}] must be a column's name, a ListColumn or a LongTable (got {place!r})")
        if name not in known:
            raise unread("columns", name, known)
    return {name: given.get(name, name) for name in known}


def mapping_of(argument: str, given: object) -> dict[str, Any]:
    """Take a mapping from attributes, or None.

    Raises:
        TypeError: for anything else.
    """
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"{argument} must be a mapping from attributes (got {given!r})")
    return dict(given or {})


def unread(argument: str, name: str, known: Iterable[str]) -> ValueError:
    """Make the error about a name that stands for nothing."""
    from icpkit.errors import near  # noqa: PLC0415  # a hint is rarely needed

    listed = list(known)
    hint = near(str(name), listed) or f"read are {', '.join(listed)}"
    return ValueError(f"{argument} names {name!r}, an attribute that no criterion reads; {hint}")


def forms_of(text: "TextForm | Mapping[str, TextForm]", attributes: Iterable[str]) -> dict[str, str]:
    """Give the form of the texts of each attribute.

    Raises:
        ValueError: for another form, or for an attribute that no criterion reads.
    """
    known = dict.fromkeys(attributes)
    given = dict.fromkeys(known, text) if isinstance(text, str) else mapping_of("text", text)
    for name, form in given.items():
        if form not in {"refuse", "folded", "exact"}:
            raise ValueError(f'text must be "refuse", "folded" or "exact", or a mapping to these (got {form!r})')
        if name not in known:
            raise unread("text", name, known)
    return {name: given.get(name, "refuse") for name in known}
