"""How a suspicion becomes a finding: which accounts it concerns, what hangs on it, and the lines that mend it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import isnan
from typing import Any, Final

import attrs

from icpkit import views
from icpkit.evaluation import prepare
from icpkit.importing.accounts import Accounts, BadCell, FieldReading
from icpkit.importing.answers import Answers
from icpkit.importing.fields import Field
from icpkit.importing.findings import Finding
from icpkit.views import Invalid, Moment

#: How many values a sentence names, how much of each, and how many a line of a file holds.
_NAMED, _LONGEST, _LISTED = 3, 40, 50
#: How a field must be read, so that a question can read it.
PARSE_OF: Final[dict[str, str]] = {
    "number": "number",
    "log": "number",
    "truth": "flag",
    "text": "text",
    "labels": "labels",
    "age": "date",
    "ahead": "date",
    "years": "year",
    "events": "events",
}


@attrs.frozen(slots=False)
class Teller:
    """Makes findings about one question.

    Attributes:
        accounts: the accounts.
        one: what they answer.
        bad: the cells of its attribute that could not be read.
        now: the moment of the check.
    """

    accounts: Accounts
    one: Answers
    bad: tuple[BadCell, ...]
    now: Moment

    @property
    def attribute(self) -> str:
        """The attribute that is asked for."""
        return self.one.leaf.function.attribute

    @cached_property
    def field(self) -> Field | None:
        """How the field map reads it, where there is a field map that does."""
        fields = () if self.accounts.fields is None else self.accounts.fields.fields
        return next((field for field in fields if field.attribute == self.attribute), None)

    @cached_property
    def reading(self) -> FieldReading | None:
        """What came of that."""
        return next((one for one in self.accounts.readings if one.attribute == self.attribute), None)

    def __call__(self, code: str, text: str, fix: str, accounts: int, *, mistake: bool = True) -> Finding:
        """Make a finding; what moves no score is no mistake."""
        leaf = self.one.leaf
        points = leaf.points * accounts / len(self.accounts)
        return Finding(code, leaf.path, self.attribute, text, fix, accounts, points, mistake and leaf.points > 0)

    def lines(self, *settings: str, parses: tuple[str, ...] = ()) -> str:
        """Write the lines of a field map.

        Args:
            settings: what to declare.
            parses: the ways of parsing of which one is needed for it, the likeliest first; else that of the question.
        """
        needed = parses or (PARSE_OF[self.one.leaf.function.view],)
        parse = "text" if self.field is None else self.field.parse
        declared = self.field is not None and not parses
        kept = declared or parse in needed or any(line.startswith("parse =") for line in settings)
        written = settings if kept else (f"parse = {toml(needed[0])}", *settings)
        none = self.accounts.fields is None
        where = "in a field map (python -m icpkit init starts one):" if none else "in the field map:"
        return "\n".join((where, f"[fields.{toml_key(self.attribute)}]", *written))

    def changed(self, change: Callable[[Any], Any], places: Iterable[int] | None = None) -> int:
        """Count the accounts whose match would be another if their value were changed.

        Args:
            change: gives the changed value, None for unknown, or the value itself where it stays.
            places: the places of the distinct values concerned; None for all.
        """
        match_of, column = prepare(self.one.leaf.function).match, self.one.column
        changed = 0
        for place in range(len(column.values)) if places is None else places:
            value = column.values[place]
            new = change(value)
            if new is value:
                continue
            try:
                match = None if new is None else match_of(new, self.now, None)
            except Invalid:
                match = None
            before = float(self.one.distinct[place])
            same = match is None if isnan(before) else match == before
            changed += 0 if same else column.counts[place]
        return changed


def items_of(value: Any) -> tuple[Any, ...]:
    """Give the items of a list, or a text as the only one."""
    return (value,) if isinstance(value, str) else tuple(views.items(value) or ())


def instead(value: Any, replace: Callable[[str], str | None]) -> Any:
    """Replace texts within a value, None to leave one out; the value itself is given back where nothing changes."""
    items = items_of(value)
    new = [replace(item.strip()) if isinstance(item, str) and item.strip() else item for item in items]
    if all(one is other or one == other.strip() for one, other in zip(new, items, strict=True)):
        return value
    kept = [item for item in new if item is not None]
    return None if not kept else kept[0] if isinstance(value, str) else kept


# TOML


def toml(value: str | Iterable[Any] | Mapping[str, str]) -> str:
    r"""Write texts as TOML in which everything is visible; what no file of TOML can hold is left out of lists.

    >>> print(toml('say "hi"\t'), toml(["N/A", "-"]), toml({"technolgy": "technology"}))
    "say \"hi\"\u0009" ["N/A", "-"] { "technolgy" = "technology" }
    """
    if isinstance(value, str):
        return '"' + "".join(map(_toml_char, value)) + '"'
    if isinstance(value, Mapping):
        pairs = [f"{toml(one)} = {toml(other)}" for one, other in value.items() if _writable(one + other)]
        return "{ " + ", ".join(pairs[:_LISTED]) + " }"
    return "[" + ", ".join([toml(one) for one in value if _writable(one)][:_LISTED]) + "]"


def toml_key(name: str) -> str:
    """Write a key of TOML, without quotes where it needs none.

    >>> toml_key("annual_revenue"), toml_key("hq.country")
    ('annual_revenue', '"hq.country"')
    """
    plain = name.replace("_", "a").replace("-", "a")
    return name if plain.isascii() and plain.isalnum() else toml(name)


def _toml_char(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    number = ord(char)
    return char if char.isprintable() else f"\\u{number:04x}" if number < 2**16 else f"\\U{number:08x}"


def _writable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


# Words


def named(counts: Mapping[str, int]) -> str:
    """Name the commonest with their number.

    >>> named({"retail": 17, "medical": 12})
    "'retail' × 17, 'medical' × 12"
    """
    commonest = Counter(counts).most_common(_NAMED)
    told = ", ".join(f"{short(text)!r} × {count:,}" for text, count in commonest)
    return told + (", …" if len(counts) > _NAMED else "")


def listed(names: Iterable[str]) -> str:
    """List names, the first of many.

    >>> listed(["a", "b", "c", "d"])
    "'a', 'b', 'c', … (4)"
    """
    every = list(names)
    told = ", ".join(repr(short(name)) for name in every[:_NAMED])
    return f"{told}, … ({len(every):,})" if len(every) > _NAMED else told


def short(value: object) -> str:
    """Write a value as text that fits into a sentence."""
    if not isinstance(value, str):
        try:
            value = repr(value)
        except Exception:  # noqa: BLE001  # a value of the user's own may raise anything
            value = f"a {type(value).__name__}"
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"


def accounts_text(count: int) -> str:
    """Say how many accounts.

    >>> accounts_text(1), accounts_text(1200)
    ('1 account', '1,200 accounts')
    """
    return f"{count:,} account{'s' if count != 1 else ''}"
