"""What can go wrong, as types that carry the objects concerned.

::

    IcpkitError
    ├── DefinitionError (ValueError)       a criterion, dimension or profile that cannot be
    ├── NoSuchPathError (LookupError)      a path that leads nowhere in this profile
    ├── NoSuchFieldError (LookupError)     a key that an account does not have
    ├── AsOfError (ValueError)             a moment of scoring that is none
    ├── AccountTypeError (TypeError)       something that is no account
    ├── InvalidAccountError (ValueError)   an account with values of the wrong kind
    └── AccountChangedError (RuntimeError) an account that changed between its score and its explanation
"""

import difflib
from collections.abc import Iterable

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
    """

    owner: str
    field: str
    value: object

    def __init__(self, owner: str, field: str, problem: str, value: object = None, *, hint: str = "") -> None:
        """Compose ``<owner>.<field> <problem>``, and the hint as a second paragraph."""
        subject = f"{owner}.{field}" if field else owner
        super().__init__(f"{subject} {problem}" + (f"\n\nHint: {hint}" if hint else ""))
        self.owner, self.field, self.value = owner, field, value


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

    def __init__(self, value: object, problem: str) -> None:
        """Show the value and the way out."""
        self.value = value
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

    def __init__(self, offenders: Iterable[Offender], *, redact: bool = False) -> None:
        """List the first offenders, and say how to go on."""
        self.offenders, self.redact = tuple(offenders), redact
        count = len(self.offenders)
        lines = [f"{count} invalid value{'s' if count != 1 else ''}:"]
        lines += [f"  {offender.describe(redact=redact)}" for offender in self.offenders[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
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


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the known names that a wrong one probably meant.

    >>> near("weigth", ["weight", "name"])
    "did you mean 'weight'?"
    >>> near("zzz", ["weight"])
    ''
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=3)
    # One that is very close stands alone.
    close = difflib.get_close_matches(name.casefold(), close, n=1, cutoff=0.85) or close
    return f"did you mean {' or '.join(repr(folded[match]) for match in close)}?" if close else ""
