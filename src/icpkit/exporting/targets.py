"""Targets: what those who import scores want, as data."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, Self, TypeAlias

import attrs

from icpkit._attrs import Pairs, Validator, a_bool, a_text, as_pairs, one_of, reject, short_repr
from icpkit.errors import DefinitionError, near
from icpkit.scoring import SCHEMA

#: How a share is written: 0 to 1, or 0 to 100.
Coverage: TypeAlias = Literal["share", "percent"]
#: How a moment is written: its day in UTC; its time in UTC as well, to the millisecond; or as the score holds it.
MomentForm: TypeAlias = Literal["date", "datetime", "iso"]

_STAMP: Final = ("as_of", "profile", "scoring_id", "semantics", "version")
#: What can be written of a score. ``"reason"`` stands for all reasons, ``"reason_1"`` for the first.
WRITABLE: Final = (*SCHEMA, "possible_tiers", "reason", *_STAMP)
_RANK: Final = "{rank}"


def is_reason(what: str) -> bool:
    """Tell the name of a single reason, such as ``"reason_1"``.

    >>> [is_reason(what) for what in ("reason_1", "reason_0", "reason")]
    [True, False, False]
    """
    rank = what.removeprefix("reason_")
    return rank != what and rank.isascii() and rank.isdecimal() and not rank.startswith("0")


def _check_target_columns(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, Pairs) or not value:
        raise reject(owner, field.name, "must be a mapping from what is written to the name of its column", value)
    for what, column in value:
        if what not in WRITABLE and not (isinstance(what, str) and is_reason(what)):
            raise _unwritable(what)
        if not isinstance(column, str) or not column.strip():
            raise reject(owner, field.name, f"must name the column of {what!r}, in text that is not blank", column)
        if what == "reason" and _RANK not in column:
            raise reject(
                owner, field.name, f"must hold {_RANK} in the column of 'reason', which stands for many", column
            )
    _check_distinct_columns(owner, value)


def _check_distinct_columns(owner: Any, columns: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for what, column in columns:
        if column in seen:
            problem = f"must be distinct, but {seen[column]!r} and {what!r} have the same"
            raise reject(owner, "columns", problem, column)
        seen[column] = what


def _unwritable(what: object) -> DefinitionError:
    known = f"what can be written: {', '.join(WRITABLE)}, reason_1, …"
    hint = (near(what, WRITABLE) if isinstance(what, str) else "") or known
    return reject(Target, "columns", "must be of what a score holds", what, hint=hint)


def _whole(least: int, most: int) -> Validator:
    """Validate a whole number, or None."""

    def validate(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise reject(owner, field.name, f"must be a whole number from {least} to {most:,}, or None", value)

    return validate


@attrs.frozen(repr=False)
class Target:
    """Who imports scores, and what they want: the names of columns, and how numbers, dates and empty cells are written.

    Args:
        name: what it is called in messages.
        columns: a mapping from what is written to the name of its column, in the order of the file: ``key``, ``fit``,
            ``tier``, ``status``, ``coverage``, ``low``, ``high``, ``possible_tiers``, ``reason`` (for all reasons, with
            ``{rank}`` in the name), ``reason_1`` and so on, ``as_of``, ``profile``, ``scoring_id``, ``semantics``,
            ``version``.
        decimals: of numbers; None for all that they have. No number is rounded across the cut of a tier.
        coverage: ``"share"`` (0 to 1) or ``"percent"`` (0 to 100).
        moment: ``"date"``, ``"datetime"`` (UTC, with milliseconds) or ``"iso"`` (as the score holds it).
        longest: how many characters a text may have; longer ones end with ``…``.
        separator: what stands between several tiers in one cell.
        null: what stands where there is nothing to write.
        needs_key: whether each row must say which account it is about.
        bom: whether the file begins with the mark by which spreadsheets know UTF-8.

    Raises:
        DefinitionError: for what no score holds, or columns of the same name.

    >>> TARGETS["salesforce"].column_of("fit")
    'ICP_Fit__c'
    """

    name: str = attrs.field(validator=a_text())
    columns: Pairs = attrs.field(converter=as_pairs, validator=_check_target_columns)
    decimals: int | None = attrs.field(default=None, kw_only=True, validator=_whole(0, 9))
    coverage: Coverage = attrs.field(default="share", kw_only=True, validator=one_of("share", "percent"))
    moment: MomentForm = attrs.field(default="iso", kw_only=True, validator=one_of("date", "datetime", "iso"))
    longest: int | None = attrs.field(default=None, kw_only=True, validator=_whole(1, 2**20))
    separator: str = attrs.field(default=" / ", kw_only=True, validator=attrs.validators.instance_of(str))
    null: str = attrs.field(default="", kw_only=True, validator=attrs.validators.instance_of(str))
    needs_key: bool = attrs.field(default=False, kw_only=True, validator=a_bool)
    bom: bool = attrs.field(default=False, kw_only=True, validator=a_bool)

    def __attrs_post_init__(self) -> None:
        """Ask for the column of the key, where it is needed."""
        if self.needs_key and not any(what == "key" for what, _ in self.columns):
            hint = 'columns={"key": "Id", …}'
            raise DefinitionError("Target", "columns", "must hold 'key', by which accounts are found", hint=hint)

    def column_of(self, what: str) -> str:
        """Give the name of a column.

        Raises:
            DefinitionError: for what it does not write.
        """
        column: str
        for written, column in self.columns:
            if written == what:
                return column
        known = ", ".join(written for written, _ in self.columns)
        raise DefinitionError("Target", "columns", f"have none for {what!r}", what, hint=f"there are {known}")

    def with_columns(self, columns: Mapping[str, str | None]) -> Self:
        """Rename columns, add some, or leave some out.

        Args:
            columns: names of columns by what is written in them, as in ``columns``; None leaves a column out.

        Raises:
            DefinitionError: for what no score holds, and for None where there is no column.

        >>> ours = TARGETS["salesforce"].with_columns({"fit": "Fit__c", "reason": None, "semantics": "Rules__c"})
        >>> [column for _, column in ours.columns][:3]
        ['Id', 'Fit__c', 'ICP_Tier__c']
        """
        if not isinstance(columns, Mapping):
            raise reject(self, "columns", "must be a mapping from what is written to the name of its column", columns)
        named = dict(self.columns)
        for what, column in columns.items():
            if column is not None:
                named[what] = column
            elif what in named:
                del named[what]
            elif what in WRITABLE or is_reason(what):
                self.column_of(what)  # says what there is
            else:
                raise _unwritable(what)
        return attrs.evolve(self, columns=named)

    def header(self, reasons: int) -> tuple[tuple[str, str], ...]:
        """Give what is written in each column, and its name, with a column for each of so many reasons."""
        named = dict(self.columns)
        ranks = range(1, reasons + 1) if "reason" in named else range(0)
        within = {f"reason_{rank}" for rank in ranks}
        header: list[tuple[str, str]] = []
        for what, column in self.columns:
            if what == "reason":
                names = [(f"reason_{rank}", column.replace(_RANK, str(rank))) for rank in ranks]
                header += [(reason, named.get(reason, name)) for reason, name in names]
            elif what not in within:
                header.append((what, column))
        _check_distinct_columns(self, header)
        return tuple(header)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _columns(prefix: str, end: str, what: Mapping[str, str], key: str) -> dict[str, str]:
    return {"key": key} | {written: f"{prefix}{name}{end}" for written, name in what.items()}


_OURS: Final = {
    "fit": "Fit",
    "tier": "Tier",
    "status": "Status",
    "coverage": "Coverage",
    "low": "Low",
    "high": "High",
    "reason": f"Reason_{_RANK}",
    "as_of": "Scored_On",
    "profile": "Profile",
    "scoring_id": "Scoring_Id",
}

#: The targets that come along, by name: ``"csv"`` (flat, for BI tools and spreadsheets), ``"salesforce"`` and
#: ``"hubspot"``.
TARGETS: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "csv": Target("csv", {what: what if what != "reason" else f"reason_{_RANK}" for what in WRITABLE}, bom=True),
        "salesforce": Target(
            "salesforce",
            _columns("ICP_", "__c", _OURS, "Id"),
            decimals=6,
            coverage="percent",
            moment="date",
            longest=255,
            separator=";",
            needs_key=True,
        ),
        "hubspot": Target(
            "hubspot",
            _columns("icp_", "", {what: name.lower() for what, name in _OURS.items()}, "Record ID"),
            decimals=6,
            moment="date",
            longest=65_536,
            separator=";",
            needs_key=True,
        ),
    }
)


def target_of(to: str | Target) -> Target:
    """Find a target by its name, or take one as it is.

    Raises:
        DefinitionError: for a name that none has.
    """
    given: Any = to
    if isinstance(given, Target):
        return given
    if not isinstance(given, str) or given not in TARGETS:
        known = f"one of {', '.join(map(repr, TARGETS))}, or a Target of your own"
        hint = near(given, TARGETS) if isinstance(given, str) else ""
        raise DefinitionError("Target", "name", f"must be {known} (got {given!r})", given, hint=hint)
    return TARGETS[given]
