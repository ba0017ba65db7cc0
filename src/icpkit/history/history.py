"""The history of profiles: who changed what, when and why; what was in force when; and the way back."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import attrs

from icpkit.criteria import Criterion
from icpkit.differences import Diff, diff
from icpkit.history import bundles, committing, labels, reviews
from icpkit.history.erasure import Erasure, erase
from icpkit.history.events import Event, event_of, events_listed
from icpkit.history.labels import Approval, label_of, role_of
from icpkit.history.ledger import EVER, LONGEST_NAME, LONGEST_SPACE, Ledger, Ref, text_of
from icpkit.history.listing import Listing, moment_text, said_text
from icpkit.history.memory import MemoryStore
from icpkit.history.moments import Clock, beginning_of, end_of, instant, now, seconds
from icpkit.history.overrides import Overrides, as_key
from icpkit.history.records import VERSIONS
from icpkit.history.serving import LiveScorer, Prepared
from icpkit.history.sqlite import SqliteStore
from icpkit.history.store import Store
from icpkit.history.verification import Checkpoint, Verification, checkpoint, checkpoint_of, verify
from icpkit.history.versions import Version
from icpkit.identity import known_kinds
from icpkit.profile import Profile
from icpkit.scoring import Score
from icpkit.typing import Account, OnInvalid
from icpkit.words import Words

if TYPE_CHECKING:
    from icpkit.history.reviews import Due

#: The space of who has one only.
DEFAULT_SPACE = "default"


@attrs.frozen(eq=False, repr=False, init=False)
class History:
    """The versions of profiles, kept for good.

    It can be shared between threads; each process opens its own. Used as a context manager it is closed at the end.

    Args:
        where: the file, which is made where there is none; or a store of your own.
        space: whose histories: a tenant's name. Nothing of one space is ever seen in another.
        kinds: your own classes of criteria.
        anonymous: whether author and message may be left out.
        clock: tells the time; for tests.
        read_only: never write, and never make a file.
        timeout: for how many seconds a writer waits for others.
        wal: let SQLite write ahead, which is faster; refused where its release can damage such files.

    Raises:
        StoreError: where it cannot be opened; its kinds say why.
        ValueError: for a space that is no name.

    >>> history = History.memory()
    >>> profile = icp.standard_profile()
    >>> v1 = history.commit(profile, author="revops@example.com", message="First definition")
    >>> v2 = history.commit(
    ...     profile.with_weight("technographics", 30),
    ...     author="marketing@example.com",
    ...     message="Q2 review",
    ...     expected=v1,
    ... )
    >>> print(history.diff(v1, v2))
    Standard
      Technographics: weight 20 → 30 (share 20 % → 27.3 %)
      also shares: ...
    >>> history.head("Standard") == v2, history["Standard", "v1"] == v1
    (True, True)
    """

    store: Store
    space: str
    overrides: Overrides
    _ledger: Ledger
    _prepared: Prepared

    def __init__(
        self,
        where: "str | PathLike[str] | Store",
        *,
        space: str = DEFAULT_SPACE,
        kinds: Iterable[type[Criterion]] = (),
        anonymous: bool = False,
        clock: Clock = now,
        read_only: bool = False,
        timeout: float = 30.0,
        wal: bool = False,
    ) -> None:
        """Open a history."""
        space = text_of("space", space, LONGEST_SPACE)
        kinds = tuple(kinds)
        known_kinds(kinds)
        store: Store
        if isinstance(where, str) and where.find("://") > 1:  # one letter is a drive
            # Not to be shown: it may hold a password.
            raise ValueError("a History is kept in a file; for the URL of a database there is History.connect(url)")
        if isinstance(where, str | PathLike):
            store = SqliteStore(where, read_only=read_only, timeout=timeout, wal=wal)
        elif all(hasattr(where, name) for name in ("reading", "writing", "damage", "close")):
            store = where
        else:
            raise TypeError(
                f"a history is kept in a file or a store (got {where!r})\n\n"
                "Hint: History('icp.db'), History.memory(), or History.connect(engine) for a database"
            )
        ledger = Ledger(store, space, clock, kinds, anonymous)
        self.__attrs_init__(store, space, Overrides(ledger), ledger, Prepared())  # pyright: ignore[reportAttributeAccessIssue]  # attrs makes it

    @classmethod
    def memory(cls, **options: Any) -> Self:
        """Open a history that lives as long as its object.

        Args:
            options: space, kinds, anonymous and clock, as for `History`.

        >>> len(History.memory().names())
        0
        """
        return cls(MemoryStore(), **options)

    @classmethod
    def connect(
        cls, where: Any, *, schema: str | None = None, create: bool = True, timeout: float = 30.0, **options: Any
    ) -> Self:
        """Open a history in a database, through SQLAlchemy (extra ``sqlalchemy``).

        Args:
            where: an Engine; a Connection, whose transaction it joins; or the URL of a database.
            schema: the schema of the tables; None for the usual one.
            create: whether tables that are missing are made; without, that is an error.
            timeout: for how many seconds a writer waits for others.
            options: space, kinds, anonymous and clock, as for `History`.

        Raises:
            ImportError: without SQLAlchemy.
            StoreError: where it cannot be opened; its kinds say why.

        >>> import sqlalchemy
        >>> engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
        >>> History.connect(engine, space="t42").names()
        ()
        """
        from icpkit.history.sqlalchemy import SqlalchemyStore  # noqa: PLC0415  # an extra

        return cls(SqlalchemyStore(where, schema=schema, create=create, timeout=timeout), **options)

    @staticmethod
    def metadata(schema: str | None = None) -> Any:
        """Give the tables of a history as SQLAlchemy's ``MetaData``, for the migrations of a host such as Alembic.

        Args:
            schema: the schema of the tables.

        Raises:
            ImportError: without SQLAlchemy.

        >>> sorted(History.metadata().tables)
        ['icp_entry', 'icp_layout', 'icp_ledger', 'icp_note', 'icp_object']
        """
        from icpkit.history.sqlalchemy import metadata  # noqa: PLC0415  # the same

        return metadata(schema)

    @staticmethod
    def ddl(dialect: str, schema: str | None = None) -> str:
        """Give the statements that make the tables of a history, for who runs them by hand.

        Args:
            dialect: SQLAlchemy's name of it, such as ``"postgresql"``.
            schema: the schema of the tables.

        Raises:
            ImportError: without SQLAlchemy.

        >>> "CREATE TABLE icp_entry" in History.ddl("postgresql")
        True
        """
        from icpkit.history.sqlalchemy import ddl  # noqa: PLC0415  # the same

        return str(ddl(dialect, schema))

    # What there is

    def names(self) -> tuple[str, ...]:
        """Give the names of all profiles, in alphabetical order."""
        with self.store.reading(self.space) as reader:
            return tuple(reader.names())

    def __contains__(self, name: object) -> bool:
        """Say whether there is a profile of this name."""
        if not isinstance(name, str):
            return False
        with self.store.reading(self.space) as reader:
            return self._ledger.head(reader, name) is not None

    def __getitem__(self, ref: "Ref") -> Version:
        """Give a version: by ``"name"``, ``"name@label"`` or ``(name, label)``.

        A label is a number (``3`` or ``"v3"``), a tag, an alias, ``"head"``, a day in ISO form, for what is in force
        then, or ``"sha:"`` and the beginning of an id.

        Raises:
            NoSuchVersionError: where there is none; it names what there is.
        """
        with self.store.reading(self.space) as reader:
            return self._ledger.version(self._ledger.find(reader, ref))

    def head(self, name: str) -> Version:
        """Give the latest version of a profile, drafts included.

        Raises:
            NoSuchVersionError: where there is none.
        """
        with self.store.reading(self.space) as reader:
            found = self._ledger.head(reader, name)
            return self._ledger.version(self._ledger.find(reader, (name, "head")) if found is None else found)

    def log(self, name: str, *, limit: int | None = None) -> Listing[Version]:
        """Give the versions of a profile, the latest first, as a table for print and notebooks.

        Args:
            name: the profile.
            limit: not more than so many.

        Raises:
            NoSuchVersionError: where there is none.
        """
        if limit is not None and (type(limit) is not int or limit < 1):
            raise ValueError(f"limit must be a whole number of at least 1 (got {limit!r})")
        with self.store.reading(self.space) as reader:
            found = list(reader.select(kinds=VERSIONS, name=name, newest=True, limit=limit))
            if not found:
                self._ledger.find(reader, (name, "head"))
            named = labels.labels_by_version(self._ledger, reader, name)
        columns = ("version", "at", "in_force", "author", "message", "labels")
        versions = tuple(map(self._ledger.version, found))
        return Listing(versions, "history_versions", columns, partial(_log_row, named))

    def events(self, name: str | None = None) -> Listing[Event]:
        """Give all that happened, in order: versions, labels, approvals, reviews, overrides, erasures.

        Args:
            name: what happened to one profile; None for all.

        Raises:
            NoSuchVersionError: for a profile that is not there.
        """
        with self.store.reading(self.space) as reader:
            if name is not None:
                self._ledger.find(reader, (name, "head"))
            return events_listed(tuple(map(event_of, reader.select(name=name))))

    def in_force(self, name: str, *, at: date | str | None = None, known_at: date | str | None = None) -> Version:
        """Give the version in force at a moment, as known now, or as known at another moment.

        In force is the version with the latest ``effective_from`` that is not after the moment; of several with the
        same, the highest number. A rollback ends all versions before it, also those that were to be in force later.
        A day means all of that day.

        Args:
            name: the profile.
            at: the moment; None for now.
            known_at: leave out what was committed later; None for now.

        Raises:
            NoSuchVersionError: where none was.

        >>> history = History.memory(anonymous=True)
        >>> v1 = history.commit(icp.standard_profile(), effective_from="2026-01-01")
        >>> history.in_force("Standard", at="2026-03-15") == v1
        True
        """
        known = EVER if known_at is None else end_of("known_at", known_at)
        with self.store.reading(self.space) as reader:
            moment = self._ledger.present(reader) if at is None else end_of("at", at)
            return self._ledger.version(self._ledger.in_force(reader, name, moment, known))

    def diff(self, before: "Ref | Profile", after: "Ref | Profile") -> Diff:
        """Compare two versions, as `icpkit.diff` does.

        Args:
            before: a version, what stands for one, or a profile.
            after: another.

        Raises:
            NoSuchVersionError: for what is not there.
        """
        return diff(self._profile(before), self._profile(after))

    def _profile(self, ref: "Ref | Profile") -> Profile:
        return ref if isinstance(ref, Profile) else ref.profile if isinstance(ref, Version) else self[ref].profile

    # New versions

    def commit(
        self,
        profile: Profile,
        *,
        author: str | None = None,
        message: str | None = None,
        expected: Any = None,
        effective_from: date | str | None = None,
        draft: bool = False,
        owner: str | None = None,
        name: str | None = None,
        idempotency_key: str | None = None,
        allow_same: bool = False,
        allow_failing: Collection[str | int] = (),
    ) -> Version:
        """Write a new version of a profile.

        Args:
            profile: the profile; its examples must get what they should.
            author: who makes it.
            message: why.
            expected: the version on which it builds, its number or what stands for it; None for the first version of a
                name; ``"any"`` to write over whatever is there.
            effective_from: from when it is in force, a day from its beginning; None from now on.
            draft: a version that is never in force; commit its profile again to put it in force.
            owner: who answers for the profile, from this version on until another one says so or nothing.
            name: the profile's name in the history, where it is not its own: the name it had before, for instance.
            idempotency_key: a text of the caller's, such as the id of a request: a commit of the same profile that is
                tried again with the same key gives the version of the first time, whatever else is given then. No text
                about people.
            allow_same: whether it may say what the head says already.
            allow_failing: examples that may fail, by name or number.

        Raises:
            ConflictError: where the head is not the expected version; it carries base, ours, theirs and their diff.
            FailingExamplesError: for examples that do not get what they should.
            UnchangedError: for what the head says already.
            KeyReusedError: for an idempotency key of another commit.
            ValueError: for a missing author or message, and for other arguments that cannot be.

        >>> history = History.memory()
        >>> v1 = history.commit(icp.standard_profile(), author="revops@example.com", message="First")
        >>> history.commit(icp.standard_profile(), author="sales@example.com", message="Mine")
        Traceback (most recent call last):
        icpkit.history.errors.ConflictError: 'Standard' is there already, and expected= does not say ...
        """
        effective = None if effective_from is None else beginning_of("effective_from", effective_from)
        made = committing.drafted(
            self._ledger,
            profile,
            author=author,
            message=message,
            owner=owner,
            expected=expected,
            effective=effective,
            draft=draft,
            name=name,
            token=idempotency_key,
            allow_same=allow_same,
            allow_failing=allow_failing,
        )
        with self.store.writing(self.space) as writer:
            return committing.commit(self._ledger, writer, made)

    def rollback(
        self,
        name: str,
        to: "Ref | int",
        *,
        author: str | None = None,
        message: str | None = None,
        effective_from: date | str | None = None,
        expected: Any = None,
    ) -> Version:
        """Go back: write a new version that says what an earlier one said. Nothing is ever deleted.

        From then on no version before it is in force any more, also none that was to be in force later.

        Args:
            name: the profile.
            to: the earlier version, its number, or what stands for it.
            author: who goes back.
            message: why.
            effective_from: as for `commit`.
            expected: the head that is to be undone; None for whatever it is.

        Raises:
            ConflictError: where the head is not the expected version.
            NoSuchVersionError: for a version that is not there.
            UnchangedError: where the head says so already.
        """
        who, why = self._ledger.people(author, message)
        effective = None if effective_from is None else beginning_of("effective_from", effective_from)
        with self.store.writing(self.space) as writer:
            return committing.restore(
                self._ledger, writer, name, to, author=who, message=why, effective=effective, expected=expected
            )

    # Labels, approvals, reviews

    def tag(self, version: "Ref", label: str, *, author: str | None = None, reason: str | None = None) -> None:
        """Give a version a name that stays, such as ``"2026-Q2"``.

        Raises:
            ConflictError: for a name that another version has.
            NoSuchVersionError: for a version that is not there.
        """
        who, why = self._ledger.people(author, reason, "reason", optional=True, signed=False)
        with self.store.writing(self.space) as writer:
            labels.tag(self._ledger, writer, version, label, author=who, reason=why)

    def move_alias(
        self,
        name: str,
        alias: str,
        *,
        to: "Ref | int | None",
        expected: Any = None,
        author: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Point an alias, such as ``"production"``, to another version.

        Args:
            name: the profile.
            alias: the alias.
            to: the version, its number, or what stands for it; None takes the alias away.
            expected: the version to which it points now; None where it does not exist yet; ``"any"`` for whatever.
            author: who moves it.
            reason: why.

        Raises:
            ConflictError: where it points elsewhere.
            NoSuchVersionError: for a version that is not there.
            UnapprovedError: where approvals are missing that `require` demands.
        """
        who, why = self._ledger.people(author, reason, "reason")
        with self.store.writing(self.space) as writer:
            labels.move(self._ledger, writer, name, alias, to=to, expected=expected, author=who, reason=why)

    def labels(self, name: str) -> dict[str, int]:
        """Give the tags and aliases of a profile, each with the number of its version."""
        with self.store.reading(self.space) as reader:
            self._ledger.find(reader, (name, "head"))
            return self._ledger.labels(reader, name)

    def alias(self, name: str, alias: str, *, at: date | str | None = None) -> Version:
        """Give the version to which an alias points, or pointed at a moment.

        Args:
            name: the profile.
            alias: the alias, or a tag.
            at: the moment, a day with all its hours; None for now.

        Raises:
            NoSuchVersionError: where it pointed nowhere.
        """
        with self.store.reading(self.space) as reader:
            moment = None if at is None else end_of("at", at)
            return self._ledger.version(self._ledger.pointed(reader, name, alias, moment))

    def approve(self, version: "Ref", role: str, *, author: str | None = None, message: str | None = None) -> None:
        """Approve a version for a role: ``"marketing"``, ``"sales"``, ``"product"`` or ``"customer success"``.

        Args:
            version: the version; another one that says the same is approved as well.
            role: for whom the author speaks.
            author: who approves.
            message: what they say, if anything.

        Raises:
            NoSuchVersionError: for a version that is not there.
            ValueError: for another role.
        """
        self._say("approval", version, role, author, message)

    def withdraw_approval(
        self, version: "Ref", role: str, *, author: str | None = None, message: str | None = None
    ) -> None:
        """Take an approval back; an alias that has moved stays where it is.

        Args:
            version: as for `approve`.
            role: as for `approve`.
            author: as for `approve`.
            message: as for `approve`.
        """
        self._say("withdrawal", version, role, author, message)

    def _say(self, kind: str, ref: "Ref", role: str, author: str | None, message: str | None) -> None:
        role = role_of(role)
        who, why = self._ledger.people(author, message, optional=True)
        with self.store.writing(self.space) as writer:
            entry = self._ledger.find(writer, ref).entry
            self._ledger.add(
                writer, kind=kind, name=entry.name, about=entry.number, label=role, author=who, said={"message": why}
            )

    def approvals(self, version: "Ref") -> dict[str, Approval]:
        """Give the approvals of what a version says, by role: its own, and those of versions that say the same."""
        with self.store.reading(self.space) as reader:
            entry = self._ledger.find(reader, version).entry
            found = labels.approved(self._ledger, reader, entry)
        return {role: labels.approval_of(found[role]) for role in labels.ROLES if role in found}

    def require(
        self,
        roles: Collection[str],
        *,
        alias: str = "production",
        name: str | None = None,
        author: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Demand approvals before an alias may move, from now on.

        Args:
            roles: whose approval is needed; none takes the demand back.
            alias: the alias.
            name: the profile, which goes before what is said for all; None for all.
            author: who demands it.
            reason: why.

        Raises:
            ValueError: for another role.
        """
        if isinstance(roles, str):
            raise TypeError(f"roles must be a list of roles: [{roles!r}]")
        wanted = [role for role in labels.ROLES if role in set(map(role_of, roles))]
        who, why = self._ledger.people(author, reason, "reason")
        label = label_of(alias, "an alias")
        with self.store.writing(self.space) as writer:
            if name is not None:
                self._ledger.find(writer, (name, "head"))
            self._ledger.add(
                writer,
                kind="requirement",
                name=name or "",
                label=label,
                author=who,
                said={"message": why},
                data={"roles": wanted},
            )

    def review(
        self,
        name: str,
        *,
        author: str | None = None,
        message: str | None = None,
        next_due: date | str | None = None,
    ) -> date:
        """Note that a profile was looked at and stays as it is; gives the day of the next review.

        Args:
            name: the profile.
            author: who looked at it.
            message: what was found.
            next_due: the day of the next review; a quarter later by default.

        Raises:
            NoSuchVersionError: for a profile that is not there.
        """
        who, why = self._ledger.people(author, message)
        with self.store.writing(self.space) as writer:
            return reviews.review(self._ledger, writer, name, said=(who, why), next_due=next_due)

    def review_due(self, name: str) -> date:
        """Give the day on which a profile is to be reviewed: a quarter after its last version or review, or as said.

        Raises:
            NoSuchVersionError: for a profile that is not there.
        """
        with self.store.reading(self.space) as reader:
            return reviews.due(self._ledger, reader, name)

    def overdue(self, *, at: date | str | None = None) -> "Listing[Due]":
        """Give the profiles whose review is overdue, the longest first; retired ones are left out.

        Args:
            at: the moment; None for now.
        """
        with self.store.reading(self.space) as reader:
            moment = self._ledger.present(reader) if at is None else end_of("at", at)
            return reviews.overdue(self._ledger, reader, instant(moment).date())

    # Scoring

    def scorer(self, ref: "Ref", *, max_age: float = 60.0) -> LiveScorer:
        """Give a scorer that follows a version, a name or an alias, to keep and to share between threads.

        Args:
            ref: what stands for the version, such as ``"Mid-market SaaS@production"``; a name alone follows its head,
                drafts included.
            max_age: after how many seconds it looks for a newer version; 0 looks each time.

        Raises:
            NoSuchVersionError: where there is none now.
            ValueError: for an age that is no number of seconds.

        >>> history = History.memory(anonymous=True)
        >>> v1 = history.commit(icp.standard_profile())
        >>> scorer = history.scorer("Standard")
        >>> scorer.score({"employees": 320, "industry": "Software"}, as_of="2026-11-21").version_id == v1.id
        True
        """
        return LiveScorer(ref, seconds("max_age", max_age), partial(self.__getitem__, ref), self._prepared)

    def score(
        self,
        name: str,
        account: Account,
        *,
        as_of: date | str | None = None,
        key: str | None = None,
        on_invalid: OnInvalid = "raise",
        redact: bool = False,
    ) -> Score:
        """Score one account with the version in force at the moment of scoring; the score carries the version's id.

        Approvals and aliases do not matter for what is in force. Who scores with an alias asks for the version to which
        it pointed then: ``"Mid-market SaaS@production"``.

        Args:
            name: the profile, or a profile and an alias.
            account: as for `icpkit.score`.
            as_of: the moment; None for now. A day means all of that day.
            key: as for `icpkit.score`.
            on_invalid: as for `icpkit.score`.
            redact: as for `icpkit.score`.

        Raises:
            NoSuchVersionError: where no version was in force then.
        """
        with self.store.reading(self.space) as reader:
            when = instant(self._ledger.present(reader)) if as_of is None else as_of
            moment = end_of("as_of", when)
            whose, label = self._ledger.split(reader, name)
            if label is None:
                found = self._ledger.in_force(reader, name, moment, EVER)
            else:
                found = self._ledger.pointed(reader, whose, str(label), moment)
            version = self._ledger.version(found)
        return self._prepared.of(version).score(account, as_of=when, key=key, on_invalid=on_invalid, redact=redact)

    # Trust

    def erase(
        self,
        *,
        author: str | None = None,
        account: str | int | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> Erasure:
        """Erase what a person wrote, with the name, or what was written about an account.

        The entries stay, and the chain still verifies; an entry says that something was erased. Overrides by that
        person hold on, without name and words. Backups and bundles that were made before keep what they have.
        What was written beside one entry goes as a whole: with the owner of a profile, also who committed that version.

        Args:
            author: who wrote, approved, decided, or answered for a profile.
            account: or the key of an account.
            by: who erases, if that is to be kept.
            reason: why, likewise.

        Raises:
            ValueError: for both, or none.
        """
        if (author is None) == (account is None):
            raise ValueError("erase either an author or an account: history.erase(author=…)")
        if account is None:
            text_of("author", author, LONGEST_NAME)
        else:
            account = as_key(account)
        who, why = self._ledger.people(by, reason, "reason", optional=True, signed=False)
        with self.store.writing(self.space) as writer:
            return erase(self._ledger, writer, author=author, account=account, said=(who, why))

    def verify(self, *, checkpoint: Checkpoint | str | None = None) -> Verification:
        """Check that everything is as it was written: files, hashes, order, numbers, notes, texts.

        Args:
            checkpoint: an earlier one, kept elsewhere: without it nobody can see that the end was cut off.

        >>> history = History.memory(anonymous=True)
        >>> v1 = history.commit(icp.standard_profile())
        >>> print(history.verify(checkpoint=history.checkpoint()))
        sound: 1 entry, 1 version, 0 notes erased (space 'default')
        """
        return verify(self._ledger, None if checkpoint is None else checkpoint_of(checkpoint))

    def checkpoint(self) -> Checkpoint:
        """Give a line that says where the history ends now, to keep elsewhere."""
        with self.store.reading(self.space) as reader:
            return checkpoint(reader, self.space)

    def save_bundle(self, path: "str | PathLike[str]") -> int:
        """Write the whole history to a file of JSON Lines, and give the number of entries; what is damaged is refused.

        A file that is there is written over.

        Raises:
            StoreDamagedError: where something in it is not as it was written.
            OSError: where the file cannot be written.
        """
        return bundles.save(self._ledger, path)

    def load_bundle(self, path: "str | PathLike[str]") -> int:
        """Take up what a bundle has beyond this history, and give the number of new entries; twice does nothing more.

        Raises:
            BundleError: for a file that is no bundle, is damaged, or is of another space.
            ConflictError: where this history went another way.
            OSError: where the file cannot be read.
        """
        with self.store.writing(self.space) as writer:
            return bundles.load(self._ledger, writer, path)

    def drop_space(self) -> None:
        """Delete everything in this space: profiles, versions, labels, overrides. There is no way back."""
        with self.store.writing(self.space) as writer:
            writer.drop()
        self._ledger.profiles.clear()

    def close(self) -> None:
        """Let go of files and connections."""
        self.store.close()

    def __enter__(self) -> Self:
        """Begin a block at whose end it is closed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        """Say where it is kept, without a password."""
        return f"<History in {self.store!r}, space {self.space!r}>"


def _log_row(named: dict[int, list[str]], version: Version, words: Words) -> tuple[str, ...]:
    in_force = words["history_draft"] if version.kind == "draft" else moment_text(version.effective_from, words)
    number = f"v{version.number}"
    if version.restores is not None:
        number = words["history_restores"].format(version=number, restores=version.restores)
    return (
        number,
        moment_text(version.committed_at, words),
        in_force,
        said_text(version.author, words, erased=version.erased),
        said_text(version.message, words, erased=version.erased),
        ", ".join(named.get(version.number, ())),
    )
