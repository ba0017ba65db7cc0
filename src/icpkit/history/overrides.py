"""The override log: what people decided about an account against its score, why, until when, and over which version.

Only the record and its queries: no score is changed by it.
"""

import json
import operator
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Final, Literal, TypeAlias

import attrs

from icpkit._attrs import as_number
from icpkit.adapters import table_of
from icpkit.errors import near
from icpkit.history.errors import HistoryError, OverridesError
from icpkit.history.ledger import Ledger, Ref, text_of
from icpkit.history.listing import Listing, moment_text, said_text
from icpkit.history.moments import end_of, instant
from icpkit.history.records import Stored, of_entry, plain_json
from icpkit.history.store import Reader
from icpkit.profile import Profile
from icpkit.views import is_unknown
from icpkit.words import ENGLISH, Words, number_text

#: What an override does: gives a fit or a tier, adds points, or takes back what was given before.
Action: TypeAlias = Literal["set", "adjust", "clear"]
#: What a row of `set_many` may hold.
_COLUMNS: Final = ("account", "tier", "fit", "points", "justification", "author", "expires", "profile")
_MILLION: Final = 10**6
_LONGEST_KEY: Final = 250
_LARGEST: Final = 2**53


@attrs.frozen
class Override:
    """A manual decision about one account.

    Attributes:
        account: the account's key, or None where it was erased.
        name: the profile.
        action: ``"set"``, ``"adjust"`` or ``"clear"``.
        fit: the fit that was given, or None.
        tier: the tier that was given, or None.
        points: the points that were added, or None.
        justification: why, or None where it was erased or carried over from an erased note.
        author: who decided, or None likewise.
        at: when, in UTC.
        expires: until when it holds, in UTC, or None.
        version: the number of the version against which it was made.
        seq: its place in the history.
    """

    account: str | int | None
    name: str
    action: Action
    fit: float | None
    tier: str | None
    points: float | None
    justification: str | None
    author: str | None
    at: datetime
    expires: datetime | None
    version: int
    seq: int

    def describe(self, words: Words = ENGLISH) -> str:
        """Say what it does."""
        if self.action == "clear":
            return words["override_clear"]
        if self.points is not None:
            points = f"{'+' if self.points > 0 else '-'}{number_text(abs(self.points))}"
            return words["override_adjust"].format(points=points)
        given = self.tier if self.tier is not None else number_text(self.fit or 0.0)
        return words["override_set"].format(value=given)


@attrs.frozen(eq=False, repr=False)
class Overrides:
    """The override log of a history: `History.overrides`.

    >>> from datetime import datetime, timezone
    >>> history = icp.History.memory(clock=lambda: datetime(2026, 11, 2, 9, tzinfo=timezone.utc))
    >>> v1 = history.commit(icp.standard_profile(), author="revops@example.com", message="First")
    >>> given = history.overrides.set(
    ...     "acme", tier="Perfect", justification="Strategic", author="ada@example.com", expires="2026-12-31"
    ... )
    >>> print(history.overrides.active())
    account  profile   override  expires           justification  author           when              version
    acme     Standard  Perfect   2026-12-31 23:59  Strategic      ada@example.com  2026-11-02 09:00  v1
    """

    _ledger: Ledger

    def set(
        self,
        account: str | int,
        *,
        tier: str | None = None,
        fit: float | None = None,
        justification: str | None = None,
        author: str | None = None,
        expires: date | str | None = None,
        name: str | None = None,
        version: Ref | None = None,
    ) -> Override:
        """Give an account a tier or a fit of your own.

        Args:
            account: its key.
            tier: a tier of the profile.
            fit: or a fit, 0 to 100, with at most six decimals.
            justification: why.
            author: who decides.
            expires: until when it holds; a day with all its hours; None for always.
            name: the profile; it may be left out where the history has one only.
            version: the version against which it is decided; the head by default.

        Raises:
            OverridesError: for one that cannot be.
            NoSuchVersionError: for a profile or a version that is not there.
        """
        row = {"tier": tier, "fit": fit, "justification": justification, "author": author, "expires": expires}
        return self._add([{"account": account, **row}], name, version)[0]

    def adjust(
        self,
        account: str | int,
        points: float,
        *,
        justification: str | None = None,
        author: str | None = None,
        expires: date | str | None = None,
        name: str | None = None,
        version: Ref | None = None,
    ) -> Override:
        """Add points to the fit of an account, or take some from it.

        Args:
            account: its key.
            points: -100 to 100, not 0, with at most six decimals.
            justification: as for `set`.
            author: as for `set`.
            expires: as for `set`.
            name: as for `set`.
            version: as for `set`.

        Raises:
            OverridesError: as for `set`.
            NoSuchVersionError: as for `set`.
        """
        row = {"points": points, "justification": justification, "author": author, "expires": expires}
        return self._add([{"account": account, **row}], name, version)[0]

    def clear(
        self,
        account: str | int,
        *,
        justification: str | None = None,
        author: str | None = None,
        name: str | None = None,
    ) -> Override:
        """Take back what was decided about an account; the log keeps it.

        Raises:
            OverridesError: where nothing holds for the account.
            NoSuchVersionError: as for `set`.
        """
        row = {"account": account, "justification": justification, "author": author, "action": "clear"}
        return self._add([row], name, None)[0]

    def set_many(
        self,
        rows: Any,
        *,
        justification: str | None = None,
        author: str | None = None,
        expires: date | str | None = None,
        name: str | None = None,
        version: Ref | None = None,
    ) -> tuple[Override, ...]:
        """Write many overrides at once: all of them, or none and every bad row named.

        Args:
            rows: a table, as `icpkit.score_batch` takes it, with the columns account and tier, fit or points (one of
                them in each row), and, where they differ from row to row, justification, author, expires, profile.
            justification: for rows that have none of their own.
            author: the same.
            expires: the same.
            name: the profile of rows that name none.
            version: as for `set`; only for rows that name no profile.

        Raises:
            OverridesError: for rows that cannot be, all of them.
            NoSuchVersionError: as for `set`.
            TypeError: for what is no table.
        """
        table = table_of(rows)
        if not table.names and not isinstance(rows, Mapping):
            return ()  # no records
        unknown = [str(column) for column in table.names if column not in _COLUMNS]
        if unknown or "account" not in table.names:
            problems = [f"there is no column {one!r}: {near(one, _COLUMNS) or ', '.join(_COLUMNS)}" for one in unknown]
            lacking = [] if "account" in table.names else ["the column 'account' is missing"]
            raise OverridesError([*lacking, *problems])
        shared = {"justification": justification, "author": author, "expires": expires}
        given = []
        for values in zip(*table.columns, strict=True):
            row = {key: _as_read(key, value) for key, value in zip(table.names, values, strict=True)}
            given.append({**row, **{key: value for key, value in shared.items() if row.get(key) is None}})
        return self._add(given, name, version)

    def _add(self, rows: list[dict[str, Any]], name: str | None, version: Ref | None) -> tuple[Override, ...]:
        ledger = self._ledger
        with ledger.store.writing(ledger.space) as writer:
            versions: dict[str | None, Stored] = {}
            seen: dict[tuple[str, str | int], int] = {}
            problems, drafts = list[str](), list[tuple[dict[str, Any], dict[str, Any], Stored]]()
            for number, row in enumerate(rows, 1):
                whose = row.get("profile") or name
                try:
                    told = {**row, "account": as_key(row["account"])}
                    if whose not in versions:
                        versions[whose] = self._version(writer, whose, version if whose == name else None)
                    against = versions[whose]
                    data = self._checked(writer, told, against)
                    _check_first(seen.setdefault((against.entry.name, told["account"]), number), number)
                except (HistoryError, ValueError, TypeError) as error:
                    if len(rows) == 1:
                        if isinstance(error, HistoryError):
                            raise
                        raise OverridesError([f"{_called(row)}: {error}"]) from None
                    problems.append(f"row {number}, {_called(row)}: {str(error).partition(chr(10))[0]}")
                    continue
                drafts.append((told, data, against))
            if problems:
                raise OverridesError(problems)
            written = [
                ledger.add(
                    writer,
                    kind="override",
                    name=against.entry.name,
                    about=against.entry.number,
                    author=row.get("author"),
                    account=plain_json(row["account"]),
                    said={"justification": row.get("justification")},
                    data=data,
                )
                for row, data, against in drafts
            ]
        return tuple(map(override_of, written))

    def _version(self, reader: Reader, name: str | None, version: Ref | None) -> Stored:
        """Find the version against which something is decided."""
        ledger = self._ledger
        if version is not None:
            found = ledger.find(reader, version)
            if name is not None and found.entry.name != name:
                raise ValueError(f"version must be one of {name!r} (got one of {found.entry.name!r})")
            return found
        if name is None:
            names = reader.names()
            if len(names) != 1:
                listed = f": {', '.join(map(repr, names))}" if names else ""
                raise ValueError(f"name must say which profile, since the history has {len(names)}{listed}")
            name = names[0]
        return ledger.find(reader, (name, "head"))

    def _checked(self, reader: Reader, row: Mapping[str, Any], against: Stored) -> dict[str, Any]:
        """Check a row, and give what its entry holds."""
        ledger = self._ledger
        ledger.people(row.get("author"), row.get("justification"), "justification")
        given = {key: row[key] for key in ("tier", "fit", "points") if row.get(key) is not None}
        if row.get("action") == "clear":
            there = self._latest(reader, against.entry.name, row["account"])
            if there is None or there.action == "clear":
                raise ValueError(f"there is nothing to clear for {row['account']!r} under {against.entry.name!r}")
            return {"action": "clear"}
        if len(given) != 1:
            raise ValueError(f"give one of tier, fit and points (got {', '.join(given) or 'none'})")
        ((what, value),) = given.items()
        data: dict[str, Any] = {"action": "adjust" if what == "points" else "set"}
        data[what] = _tier(value, ledger.version(against).profile) if what == "tier" else _millionths(what, value)
        if row.get("expires") is not None:
            data["expires"] = end_of("expires", row["expires"])
            if data["expires"] <= ledger.now():
                raise ValueError(f"expires must lie ahead (got {row['expires']!r})")
        return data

    # Queries

    def log(self, name: str | None = None) -> Listing[Override]:
        """Give all that was ever decided, in order; for one profile or all.

        Raises:
            NoSuchVersionError: for a profile that is not there; the other queries do so, too.
        """
        with self._reading(name) as reader:
            return _listing(self._all(reader, name))

    def of(self, account: str | int, name: str | None = None) -> Listing[Override]:
        """Give all that was ever decided about one account, in order."""
        account = as_key(account)
        with self._reading(name) as reader:
            return _listing(self._about(reader, account, name))

    def active(self, name: str | None = None, *, at: date | str | None = None) -> Listing[Override]:
        """Give what holds at a moment: the last decision about each account that is neither cleared nor expired.

        Args:
            name: the profile, or None for all.
            at: the moment; None for now.
        """
        moment, found = self._lasting(name, at)
        return _listing(one for one in found if not _expired(one, moment))

    def expired(self, name: str | None = None, *, at: date | str | None = None) -> Listing[Override]:
        """Give the last decision about each account where it has expired."""
        moment, found = self._lasting(name, at)
        return _listing(one for one in found if _expired(one, moment))

    def stale(self, name: str | None = None) -> Listing[Override]:
        """Give what holds now, and was decided against a version before the head: is it still right?"""
        found = self.active(name)
        with self._ledger.store.reading(self._ledger.space) as reader:
            heads = {one: self._ledger.head(reader, one) for one in {override.name for override in found}}
            numbers = {one: head.entry.number or 0 for one, head in heads.items() if head is not None}
        return _listing(one for one in found if one.version < numbers.get(one.name, 0))

    def _lasting(self, name: str | None, at: date | str | None) -> tuple[int, list[Override]]:
        """Give a moment, and the last decision about each account until then that was not taken back."""
        last: dict[tuple[str, Any], Override] = {}
        with self._reading(name) as reader:
            moment = self._ledger.present(reader) if at is None else end_of("at", at)
            for one in self._all(reader, name):
                if one.account is not None and one.at <= instant(moment):
                    last[one.name, one.account] = one
        return moment, [one for one in last.values() if one.action != "clear"]

    @contextmanager
    def _reading(self, name: str | None) -> Iterator[Reader]:
        """Open the space, and refuse the name of a profile that is not there."""
        with self._ledger.store.reading(self._ledger.space) as reader:
            if name is not None:
                self._ledger.find(reader, (name, "head"))
            yield reader

    def _all(self, reader: Reader, name: str | None) -> Iterator[Override]:
        return map(override_of, reader.select(kinds=("override",), name=name))

    def _about(self, reader: Reader, account: str | int, name: str | None) -> Iterator[Override]:
        for place in reader.noted(account=plain_json(account)):
            yield from map(override_of, reader.select(name=name, after=place - 1, until=place))

    def _latest(self, reader: Reader, name: str, account: str | int) -> Override | None:
        return next(reversed(list(self._about(reader, account, name))), None)

    def __repr__(self) -> str:
        """Say whose they are."""
        return f"<overrides of space {self._ledger.space!r}>"


@of_entry
def override_of(stored: Stored) -> Override:
    """Make an override of its entry.

    Raises:
        StoreDamagedError: for an entry that is not as it was written.
    """
    entry, note = stored
    data = json.loads(entry.data)
    expires = data.get("expires")
    return Override(
        None if note is None or note.account is None else json.loads(note.account),
        entry.name,
        data["action"],
        None if "fit" not in data else data["fit"] / _MILLION,
        data.get("tier"),
        None if "points" not in data else data["points"] / _MILLION,
        None if note is None else json.loads(note.body).get("justification"),
        None if note is None else note.author,
        instant(entry.committed),
        None if expires is None else instant(expires),
        entry.about or 0,
        entry.seq,
    )


def _expired(override: Override, moment: int) -> bool:
    return override.expires is not None and override.expires < instant(moment)


def _check_first(first: int, number: int) -> None:
    if first != number:
        raise ValueError(f"is in row {first} already: give each account one row")


def _called(row: Mapping[str, Any]) -> str:
    return f"account {row.get('account')!r}"


def as_key(account: Any) -> str | int:
    """Give the key of an account: text, or a whole number of whatever kind."""
    if isinstance(account, str):
        return text_of("account", account, _LONGEST_KEY)
    if isinstance(account, bool) or not hasattr(account, "__index__"):
        raise TypeError(f"account must be a key, text or a whole number (got {account!r})")
    key = operator.index(account)
    if abs(key) > _LARGEST:
        raise ValueError(f"account must be within ±2^53 (got {account!r})")
    return key


def _as_read(column: str, value: Any) -> Any:
    """Take a cell as people mean it: a gap makes floats of a column of whole keys, and midnights are days."""
    if is_unknown(value):
        return None
    if column == "account" and isinstance(value, float) and value.is_integer():
        return int(value)
    if column == "expires" and isinstance(value, datetime) and value.tzinfo is None and value.time() == time.min:
        return value.date()
    return value


def _tier(value: Any, profile: Profile) -> str:
    names = [tier.name for tier in profile.tiers.tiers]
    if value not in names:
        hint = near(value, names) if isinstance(value, str) else ""
        raise ValueError(f"tier must be one of {', '.join(names)} (got {value!r})" + (f"; {hint}" if hint else ""))
    return str(value)


def _millionths(what: str, value: Any) -> int:
    value, least = as_number(value), 0 if what == "fit" else -100
    fine = not isinstance(value, bool) and isinstance(value, int | float) and least <= value <= 100
    if not fine or (what == "points" and value == 0) or round(value, 6) != value:
        but = ", not 0," if what == "points" else ""
        raise ValueError(f"{what} must be a number from {least} to 100{but} with at most six decimals (got {value!r})")
    millionths: int = round(value * _MILLION)
    return millionths


def _listing(found: Any) -> Listing[Override]:
    columns = ("account", "profile", "override", "expires", "justification", "author", "at", "version")
    return Listing(tuple(found), "history_overrides", columns, _row)


def _row(one: Override, words: Words) -> tuple[str, ...]:
    erased = one.account is None
    return (
        said_text(one.account, words, erased=erased),
        one.name,
        one.describe(words),
        words["history_none"] if one.expires is None else moment_text(one.expires, words),
        said_text(one.justification, words, erased=erased),
        said_text(one.author, words, erased=erased),
        moment_text(one.at, words),
        f"v{one.version}",
    )
