"""What can go wrong with a history, as types that carry the objects concerned.

::

    HistoryError (IcpkitError)
    ├── ConflictError                     somebody else has changed what this change builds on
    ├── UnchangedError (ValueError)       a commit of what the head already says
    ├── KeyReusedError (ValueError)       an idempotency key that belongs to another commit
    ├── FailingExamplesError (ValueError) a profile whose examples do not get what they should
    ├── NoSuchVersionError (LookupError)  a profile, version, tag or alias that is not there
    ├── UnapprovedError                   an alias that may not move yet
    ├── OverridesError (ValueError)       rows of overrides that cannot be, all of them
    ├── BundleError (ValueError)          a bundle that is damaged, or none
    └── StoreError                        the place where a history is kept
        ├── StoreBusyError                others write for too long
        ├── StoreFullError                no room left
        ├── StoreReadOnlyError            nothing can be written
        ├── StoreNewerError               written by a later release
        ├── StoreDamagedError             what is there cannot be read
        ├── StoreClosedError              the history has been closed
        ├── ForkedStoreError              used in a child process
        └── StaleError                    an entry that does not follow the end of its ledger
"""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from icpkit.differences import Diff, diff
from icpkit.errors import SHOWN, IcpkitError, near

if TYPE_CHECKING:
    from icpkit.history.versions import Version
    from icpkit.profile import Profile
    from icpkit.scoring import ExampleFailure


class HistoryError(IcpkitError):
    """The parent of what goes wrong with a history."""


class ConflictError(HistoryError):
    """Somebody else has changed what this change builds on; nothing was written, and the history goes on working.

    Attributes:
        name: the profile.
        base: the version that the change was built on, or None where it expected none.
        ours: the profile that was to be committed, or None where an alias was to move.
        theirs: the version that is there now, or None where there is none.
    """

    name: str
    base: "Version | None"
    ours: "Profile | None"
    theirs: "Version | None"

    def __init__(
        self,
        problem: str,
        hint: str,
        *,
        name: str,
        base: "Version | None" = None,
        ours: "Profile | None" = None,
        theirs: "Version | None" = None,
    ) -> None:
        """Remember what is there; what others did is told when it is asked for, so that a loser goes on at once."""
        self.name, self.base, self.ours, self.theirs = name, base, ours, theirs
        self._problem, self._hint = problem, hint
        super().__init__(problem, hint)

    @functools.cached_property
    def diff(self) -> Diff | None:
        """What others changed, from base to theirs; None where one of them is missing."""
        if self.base is None or self.theirs is None:
            return None
        return diff(self.base.profile, self.theirs.profile)

    def __str__(self) -> str:
        """Say what is there, what others did, and the way out."""
        done = f"\n\nWhat changed meanwhile: {self.diff}" if self.diff else ""
        return f"{self._problem}{done}\n\nHint: {self._hint}"


class UnchangedError(HistoryError, ValueError):
    """A profile was committed that says what the head already says.

    Attributes:
        head: that version.
    """

    head: "Version"

    def __init__(self, head: "Version") -> None:
        """Say that nothing was written."""
        self.head = head
        super().__init__(
            f"{head.name!r} is already so in v{head.number}, its head: nothing was written\n\n"
            "Hint: history.commit(…, allow_same=True) makes one that says the same, such as with another effective_from"
        )


class KeyReusedError(HistoryError, ValueError):
    """An idempotency key belongs to another commit.

    Attributes:
        key: the key.
        version: the version that it made, or None where it made something else.
    """

    key: str
    version: "Version | None"

    def __init__(self, key: str, version: "Version | None") -> None:
        """Say what it belongs to."""
        self.key, self.version = key, version
        what = (
            "something else" if version is None else f"v{version.number} of {version.name!r}, which says other things"
        )
        super().__init__(f"idempotency_key {key!r} has made {what}\n\nHint: give each commit a key of its own")


class FailingExamplesError(HistoryError, ValueError):
    """Examples in a profile do not get what they should.

    Attributes:
        failures: all of them.
    """

    failures: "tuple[ExampleFailure, ...]"

    def __init__(self, name: str, failures: "Iterable[ExampleFailure]") -> None:
        """List them."""
        self.failures = tuple(failures)
        count = len(self.failures)
        lines = [f"{name!r} has {count} example{'s' if count != 1 else ''} that it does not keep:"]
        lines += [f"  {failure}" for failure in self.failures[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
        names = ", ".join(repr(failure.example.name or failure.number) for failure in self.failures[:3])
        lines.append(f"\nHint: mend the profile or its examples, or name those that may fail: allow_failing=[{names}]")
        super().__init__("\n".join(lines))


class NoSuchVersionError(HistoryError, LookupError):
    """A history has no such profile, version, tag or alias.

    Attributes:
        wanted: what was asked for.
        known: what there is of that sort.
    """

    wanted: str
    known: tuple[str, ...]

    def __init__(self, problem: str, wanted: str, known: Iterable[str] = ()) -> None:
        """Say what was looked for, and what is there."""
        self.wanted, self.known = wanted, tuple(map(str, known))  # of a damaged store they may be anything
        more = ", …" if len(self.known) > SHOWN else ""
        listed = f"there is {', '.join(self.known[:SHOWN])}{more}" if self.known else ""
        hint = near(wanted, self.known) or listed
        super().__init__(problem + (f"\n\nHint: {hint}" if hint else ""))


class UnapprovedError(HistoryError):
    """An alias may not move to a version yet: approvals are missing.

    Attributes:
        version: the version.
        alias: the alias.
        missing: the roles that have not approved what it says.
    """

    version: "Version"
    alias: str
    missing: tuple[str, ...]

    def __init__(self, version: "Version", alias: str, missing: Iterable[str]) -> None:
        """Say who has to approve."""
        self.version, self.alias, self.missing = version, alias, tuple(missing)
        super().__init__(
            f"{alias!r} of {version.name!r} may not move to v{version.number} before it is approved by "
            f"{', '.join(self.missing)}\n\nHint: history.approve(version, role={self.missing[0]!r}, author=…)"
        )


class OverridesError(HistoryError, ValueError):
    """Overrides cannot be as they are given; none was written.

    Attributes:
        problems: what is wrong, each with its row; the message lists the first 20.
    """

    problems: tuple[str, ...]

    def __init__(self, problems: Iterable[str]) -> None:
        """List the first problems."""
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{count} override{'s' if count != 1 else ''} cannot be, so none was written:"]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  … and {count - SHOWN} more")
        super().__init__("\n".join(lines))


class BundleError(HistoryError, ValueError):
    """A file is no bundle, or a damaged one; nothing was written.

    Attributes:
        path: the file.
        problems: what is wrong.
    """

    path: str
    problems: tuple[str, ...]

    def __init__(self, path: str, problems: Iterable[str]) -> None:
        """List the first problems."""
        self.path, self.problems = path, tuple(problems)
        shown = [f"  {problem}" for problem in self.problems[:SHOWN]]
        more = [f"  … and {len(self.problems) - SHOWN} more"] if len(self.problems) > SHOWN else []
        super().__init__("\n".join([f"{path} cannot be loaded, and nothing was written:", *shown, *more]))


class StoreError(HistoryError):
    """The place where a history is kept cannot do what it should.

    Attributes:
        place: the file or database, without a password.
        problem: what happened.
    """

    place: str
    problem: str

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        """Say where, what, and the way out."""
        self.place, self.problem = place, problem
        super().__init__(f"{place}: {problem}" + (f"\n\nHint: {hint}" if hint else ""))


class StoreBusyError(StoreError):
    """Others write for too long."""


class StoreFullError(StoreError):
    """There is no room left; nothing of the change was written."""


class StoreReadOnlyError(StoreError):
    """Nothing can be written here."""


class StoreNewerError(StoreError):
    """A later release has written this store, in a way that this one does not know."""


class StoreDamagedError(StoreError):
    """What is there cannot be read, or is no history."""


class StoreClosedError(StoreError):
    """The history has been closed."""


class ForkedStoreError(StoreError):
    """A history was opened in one process and used in its child."""


class StaleError(StoreError):
    """An entry does not follow the end of its ledger, so it was not written."""

    def __init__(self, seq: int, length: int) -> None:
        """Say where it was to stand."""
        super().__init__("the ledger", f"entry {seq} does not follow entry {length}")
