"""What can go wrong, as types that carry the objects concerned.

::

    IcpkitError
    ├── DefinitionError (ValueError)       a criterion, dimension or profile that cannot be
    ├── NoSuchPathError (LookupError)      a path that leads nowhere in this profile
    ├── NoSuchFieldError (LookupError)     a key that an account does not have
    ├── NoFitError (ValueError)            a score that has no fit to compare
    ├── AbsentKindError (LookupError)      a kind of criterion that was not passed when its profile was loaded
    ├── TextError (ValueError)             a text with mistakes, all of them
    │   ├── ProfileTextError               that of a profile
    │   └── FieldMapTextError              that of a field map
    ├── AsOfError (ValueError)             a moment of scoring that is none
    ├── AccountTypeError (TypeError)       something that is no account
    ├── InvalidAccountError (ValueError)   an account with values of the wrong kind
    ├── AccountsFileError (ValueError)     a file of accounts with cells or lines that cannot be read
    ├── MissingColumnsError (LookupError)  a table that lacks columns which a field map names
    ├── UnreadColumnsError (LookupError)   a table whose columns do not suit a profile
    └── AccountChangedError (RuntimeError) an account that changed between its score and its explanation
"""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from icpkit.typing import Offender

#: How many offenders a message lists before it only counts them.
SHOWN = 20


class IcpkitError(Exception):
    """The parent of every error that icpkit raises on purpose."""


class DefinitionError(IcpkitError, ValueError):
    """A criterion, dimension or profile was asked to be something that it cannot be.

    Attributes:
        owner: name of the class, such as ``"Range"``.
        field: name of the field, such as ``"high"``, or an empty text where the whole object is meant.
        value: what was given.
        problem: the sentence without owner and field.
        hint: the way out, or an empty text.
    """

    owner: str
    field: str
    value: object
    problem: str
    hint: str

    def __init__(self, owner: str, field: str, problem: str, value: object = None, *, hint: str = "") -> None:
        """Compose ``<owner>.<field> <problem>``, and the hint as a second paragraph."""
        subject = f"{owner}.{field}" if field else owner
        super().__init__(f"{subject} {problem}" + (f"\n\nHint: {hint}" if hint else ""))
        self.owner, self.field, self.value, self.problem, self.hint = owner, field, value, problem, hint


class AbsentKindError(IcpkitError, LookupError):
    """A profile holds a criterion of a kind that was not passed when it was loaded, so it cannot be scored.

    Attributes:
        kind: the kind.
    """

    kind: str

    def __init__(self, kind: str) -> None:
        """Say which kind, and how to bring it."""
        self.kind = kind
        name = "".join(part.capitalize() for part in kind.split("_"))
        super().__init__(
            f"the profile holds a criterion of the kind {kind!r}, which is absent, so it can be read but not scored\n\n"
            f"Hint: pass its class when you load the profile: load(…, kinds=[{name}])"
        )


@attrs.frozen
class Problem:
    """One mistake in the text of a profile.

    Attributes:
        path: where it is, such as ``"$.dimensions[2].criteria[0].low"``; indexes count from 0.
        place: the same in names, such as ``"Firmographics / employees"``, or an empty text.
        text: what is wrong.
        hint: the way out, or an empty text.
    """

    path: str
    place: str
    text: str
    hint: str = ""

    def __str__(self) -> str:
        """Say it in one paragraph."""
        place = f" ({self.place})" if self.place else ""
        return f"{self.path}{place}\n    {self.text}" + (f"\n    {self.hint}" if self.hint else "")


class TextError(IcpkitError, ValueError):
    """A text, such as that of a profile, has mistakes.

    Attributes:
        source: the file's name, or ``"the text"``.
        problems: all mistakes; the message lists the first 20 and the count.
    """

    source: str
    problems: tuple[Problem, ...]

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        """List the first problems."""
        self.source, self.problems = source, tuple(problems)
        count = len(self.problems)
        lines = [f"{source} has {count} mistake{'s' if count != 1 else ''}:"]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
        # Half a character, which a text may hold, cannot be printed.
        super().__init__("\n".join(lines).encode("utf-8", "backslashreplace").decode())


class ProfileTextError(TextError):
    """The text of a profile has mistakes."""


class FieldMapTextError(TextError):
    """The text of a field map has mistakes."""


class NoFitError(IcpkitError, ValueError):
    """A score has no fit, so it cannot be compared.

    Attributes:
        key: the account's identifier, or None.
        low: the lowest fit that it could have.
        high: the highest one.
    """

    key: object
    low: float
    high: float

    def __init__(self, key: object, status: str, low: float, high: float) -> None:
        """Say why there is none, and what there is."""
        self.key, self.low, self.high = key, low, high
        name = "the account" if key is None else repr(key)
        super().__init__(
            f"{name} has no fit to compare: {status}\n\nHint: what it could have is {low:.1f} to {high:.1f} "
            "(score.low, score.high); a lower min_coverage gives it a fit"
        )


class NoSuchPathError(IcpkitError, LookupError):
    """A path names nothing in a profile.

    Attributes:
        path: the path as it was given.
        known: the paths that exist.
    """

    path: str
    known: tuple[str, ...]

    def __init__(self, path: str, known: Iterable[str], *, profile: str) -> None:
        """Say what was looked for, and what is there."""
        self.path, self.known = path, tuple(known)
        hint = near(path, self.known) or f"known paths: {', '.join(self.known)}"
        super().__init__(f"Profile {profile!r} has nothing at {path!r}\n\nHint: {hint}")


class NoSuchFieldError(IcpkitError, LookupError):
    """An account has no field of the name that was said to hold its key.

    Attributes:
        field: the name.
        known: the account's fields.
    """

    field: str
    known: tuple[str, ...]

    def __init__(self, field: str, known: Iterable[str]) -> None:
        """Say what was looked for, and what is there."""
        self.field, self.known = field, tuple(known)
        hint = near(field, self.known) or f"its fields: {', '.join(self.known)}"
        super().__init__(f"the account has no field {field!r} that could be its key\n\nHint: {hint}")


class AsOfError(IcpkitError, ValueError):
    """A moment of scoring is missing, naive or no moment at all."""

    value: object
    problem: str

    def __init__(self, value: object, problem: str) -> None:
        """Show the value and the way out."""
        self.value, self.problem = value, problem
        super().__init__(
            f"as_of {problem} (got {value!r})\n\n"
            "Hint: give a date, an aware datetime, or the ISO text of one, such as "
            '"2026-11-21" or datetime(2026, 11, 21, 9, tzinfo=timezone.utc)'
        )


class AccountTypeError(IcpkitError, TypeError):
    """Something was scored that is not one account."""

    account: object

    def __init__(self, account: object) -> None:
        """Say what is accepted."""
        self.account = account
        super().__init__(
            f"an account must be a mapping, an attrs or dataclass object, or an object with attributes "
            f"(got {type(account).__name__})\n\n"
            "Hint: score the accounts of a table or a list one by one, each as a dict"
        )


class InvalidAccountError(IcpkitError, ValueError):
    """An account holds values of the wrong kind.

    Attributes:
        offenders: all of them; the message lists the first 20 and the count.
        redact: whether the message keeps the values to itself.
    """

    offenders: tuple[Offender, ...]
    redact: bool

    def __init__(self, offenders: Iterable[Offender], *, redact: bool = False, mapped: bool = False) -> None:
        """List the first offenders, and say how to go on.

        Args:
            offenders: all of them.
            redact: keeps the values out of the message.
            mapped: whether a field map has read the values.
        """
        self.offenders, self.redact = tuple(offenders), redact
        count = len(self.offenders)
        lines = [f"{count} invalid value{'s' if count != 1 else ''}:"]
        told = [offender.describe(redact=redact) for offender in self.offenders]
        if redact:  # without keys and values most lines are the same
            told = [line + (f" ({many:,} values)" if many > 1 else "") for line, many in Counter(told).items()]
        lines += [f"  {line}" for line in told[:SHOWN]]
        if len(told) > SHOWN:
            by_attribute = Counter(offender.attribute for offender in self.offenders).most_common(SHOWN)
            listed = ", ".join(f"{attribute} {many:,}" for attribute, many in by_attribute)
            lines.append(f"  … and {len(told) - SHOWN:,} more; in all: {listed}")
        if mapped:
            lines.append('\nHint: a field of the map without parse= gives text: say parse="number", "date", "flag", …')
        lines.append('\nHint: mend the values, or pass on_invalid="unknown" to treat them as unknown')
        super().__init__("\n".join(lines))


class AccountChangedError(IcpkitError, RuntimeError):
    """An account was changed after it was scored and before its score was explained."""

    key: object

    def __init__(self, key: object) -> None:
        """Say what happened and what to do."""
        self.key = key
        super().__init__(
            f"the account {key!r} changed after it was scored, so its score can no longer be explained\n\n"
            "Hint: read score.explanation before you change the account, or score a copy"
        )


class AccountsFileError(IcpkitError, ValueError):
    """A file of accounts has cells or lines that cannot be read.

    Attributes:
        path: the file.
        offenders: all of them, in the order of the file; the message lists the first 20 and the count.
        redact: whether the message keeps the values to itself.
    """

    path: str
    offenders: tuple[Offender, ...]
    redact: bool

    def __init__(self, path: str, offenders: Iterable[Offender], *, redact: bool = False, hint: str = "") -> None:
        """List the first mistakes, and say how to go on."""
        self.path, self.offenders, self.redact = path, tuple(offenders), redact
        count = len(self.offenders)
        lines = [f"{count} mistake{'s' if count != 1 else ''} in {path}:"]
        lines += [f"  {offender.describe(redact=redact)}" for offender in self.offenders[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
        super().__init__("\n".join(lines) + (f"\n\nHint: {hint}" if hint else ""))


class MissingColumnsError(IcpkitError, LookupError):
    """A table lacks columns that a field map names.

    Attributes:
        source: the table.
        absent: the attributes that cannot be read, each with the columns that it could be read from.
        known: the columns that the table has.
    """

    source: str
    absent: dict[str, tuple[str, ...]]
    known: tuple[str, ...]

    def __init__(self, source: str, absent: Mapping[str, Iterable[str]], known: Iterable[str]) -> None:
        """Name each with the nearest that there is."""
        self.source, self.known = source, tuple(known)
        self.absent = {attribute: tuple(columns) for attribute, columns in absent.items()}
        count = len(self.absent)
        what = f"{count} columns that the field map names are" if count != 1 else "a column that the field map names is"
        wanted = [column for columns in self.absent.values() for column in columns]
        other = count > 1 and not any(near(column, self.known) for column in wanted)
        lines = [f"{what} not in {source}{'; is it the map of another table?' if other else ''}:"]
        for attribute, columns in self.absent.items():
            hints = dict.fromkeys(filter(None, (near(column, self.known) for column in columns)))
            lines.append(
                f"  {' or '.join(map(repr, columns))} for {attribute!r}" + "".join(f" ({one})" for one in hints)
            )
        lines.append(f"\nHint: it has {', '.join(self.known[:SHOWN])}{', …' if len(self.known) > SHOWN else ''}")
        lines.append("a field that is optional = true may be absent: it is then unknown for all")
        super().__init__("\n".join(lines))


class UnreadColumnsError(IcpkitError, LookupError):
    """A table lacks columns that a profile reads, or has them twice.

    Attributes:
        source: the table.
        problems: what is wrong with it, a sentence each.
        known: the columns that it has.
    """

    source: str
    problems: tuple[str, ...]
    known: tuple[str, ...]

    def __init__(self, source: str, problems: Iterable[str], known: Iterable[str]) -> None:
        """List what is wrong, and the way out."""
        self.source, self.problems, self.known = source, tuple(problems), tuple(known)
        count = len(self.problems)
        lines = [f"{count} column{'s' if count != 1 else ''} cannot be read from {source}:"]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
        lines.append(
            f"\nHint: it has {', '.join(self.known[:SHOWN])}{', …' if len(self.known) > SHOWN else ''}; "
            'rename columns, read them by a field map (fields=), or name what is unknown for all: unknown=["…"]'
        )
        super().__init__("\n".join(lines))


#: Comparing takes long: longer names, and more candidates, are left out.
_COMPARED, _CANDIDATES = 64, 1_000


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the known names that a wrong one probably meant.

    >>> near("weigth", ["weight", "name"])
    "did you mean 'weight'?"
    >>> near("zzz", ["weight"])
    ''
    """
    if len(name) > _COMPARED:
        return ""
    candidates = itertools.islice((one for one in known if len(one) <= _COMPARED), _CANDIDATES)
    folded = {candidate.casefold(): candidate for candidate in candidates}
    close = difflib.get_close_matches(name.casefold(), folded, n=3)
    # One that is very close stands alone.
    close = difflib.get_close_matches(name.casefold(), close, n=1, cutoff=0.85) or close
    return f"did you mean {' or '.join(repr(folded[match]) for match in close)}?" if close else ""
