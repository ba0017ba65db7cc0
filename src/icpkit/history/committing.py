"""New versions: what is checked before one is written, and what a conflict tells."""

from collections.abc import Collection
from typing import Any

import attrs

from icpkit.errors import near
from icpkit.history.errors import ConflictError, FailingExamplesError, KeyReusedError, UnchangedError
from icpkit.history.ledger import LONGEST_NAME, Ledger, text_of
from icpkit.history.records import VERSIONS, Body, Stored, body_id, packed
from icpkit.history.store import Reader, Writer
from icpkit.history.versions import Version
from icpkit.identity import FORMAT, content_id, data_of
from icpkit.profile import Profile
from icpkit.serialization import compact
from icpkit.views import fold


@attrs.frozen
class Draft:
    """A version that is to be written.

    Attributes:
        name: the profile's name in the history.
        profile: the profile.
        key: the id of its text.
        body: its text, packed.
        content: its content_id.
        author: who makes it.
        message: why.
        owner: who answers for the profile.
        expected: the version on which it builds, None where there is none yet, or ``"any"``.
        effective: from when it is in force, in microseconds; None for the moment of the commit, or for a draft.
        kind: ``"commit"`` or ``"draft"``.
        token: the idempotency key, or None.
        same: whether it may say what the head says.
    """

    name: str
    profile: Profile
    key: bytes
    body: Body
    content: bytes
    author: str | None
    message: str | None
    owner: str | None
    expected: Any
    effective: int | None
    kind: str
    token: str | None
    same: bool


def drafted(
    ledger: Ledger,
    profile: Profile,
    *,
    author: str | None,
    message: str | None,
    owner: str | None,
    expected: Any,
    effective: int | None,
    draft: bool,
    name: str | None,
    token: str | None,
    allow_same: bool,
    allow_failing: Collection[str | int],
) -> Draft:
    """Check all that can be checked before anybody has to wait."""
    who, why = ledger.people(author, message)
    written = _written(ledger, profile)
    _check_examples(profile, allow_failing)
    if draft and effective is not None:
        raise ValueError("a draft is never in force: leave effective_from out, and give it when you commit for good")
    return Draft(
        text_of("the profile's name", profile.name if name is None else name, LONGEST_NAME),
        profile,
        *written,
        who,
        why,
        None if owner is None else text_of("owner", owner, LONGEST_NAME),
        expected,
        effective,
        "draft" if draft else "commit",
        None if token is None else text_of("idempotency_key", token, LONGEST_NAME),
        allow_same,
    )


def _written(ledger: Ledger, profile: Profile) -> tuple[bytes, Body, bytes]:
    """Write a profile: the id of its text, the text, packed, and its content_id; not again for who tries again."""
    tried, found = ledger.written.get("last", (None, None))
    if found is None or tried is not profile:
        if not isinstance(profile, Profile):
            raise TypeError(f"a history keeps profiles (got {type(profile).__name__})")
        data = data_of(profile)
        text = compact(profile, data)
        found = body_id(FORMAT, text), packed(FORMAT, text), bytes.fromhex(content_id(data))
        ledger.written["last"] = profile, found
    return found


def _check_examples(profile: Profile, allowed: Collection[str | int]) -> None:
    """Refuse a profile whose examples fail, but for those that may, by name or number."""
    given: Any = allowed
    fine = isinstance(given, Collection) and not isinstance(given, str)
    if not fine or not all(isinstance(one, str | int) for one in given):
        raise TypeError(f"allow_failing must be a list of names or numbers of examples (got {allowed!r})")
    numbered = dict(enumerate((example.name for example in profile.examples), 1))
    for one in allowed:
        if one not in numbered and one not in numbered.values():
            hint = near(one, [name for name in numbered.values() if name]) if isinstance(one, str) else ""
            raise ValueError(
                f"allow_failing names {one!r}, which is no example" + (f"\n\nHint: {hint}" if hint else "")
            )
    failing = [one for one in profile.check_examples() if one.example.name not in allowed and one.number not in allowed]
    if failing:
        raise FailingExamplesError(profile.name, failing)


def commit(ledger: Ledger, writer: Writer, draft: Draft) -> Version:
    """Write a version, if nobody else has changed what it builds on."""
    earlier = None if draft.token is None else next(writer.select(token=draft.token), None)
    if earlier is not None:
        return _again(ledger, draft, earlier)
    head = ledger.head(writer, draft.name)
    if head is None:
        _check_new(writer, draft.name)
    check_expected(ledger, writer, draft.name, draft.expected, head=head, ours=draft.profile)
    # What was a draft may be put in force as it is.
    in_force_now = head is not None and head.entry.kind == "draft" and draft.kind == "commit"
    if head is not None and not draft.same and not in_force_now and head.entry.content == draft.content:
        raise UnchangedError(ledger.version(head))
    writer.put(draft.key, draft.body)
    ledger.remember(draft.key, draft.profile)
    stored = ledger.add(
        writer,
        kind=draft.kind,
        name=draft.name,
        number=1 if head is None else (head.entry.number or 0) + 1,
        effective=draft.effective,
        in_force=draft.kind == "commit",
        token=draft.token,
        object=draft.key,
        content=draft.content,
        author=draft.author,
        said={"message": draft.message, "owner": draft.owner},
    )
    return ledger.version(stored)


def _again(ledger: Ledger, draft: Draft, earlier: Stored) -> Version:
    """Give the version that the same commit made before."""
    entry = earlier.entry
    made = ledger.version(earlier) if entry.kind in VERSIONS else None
    if made is None or (entry.name, entry.content, entry.kind) != (draft.name, draft.content, draft.kind):
        raise KeyReusedError(str(draft.token), made)
    return made


def _check_new(reader: Reader, name: str) -> None:
    """Refuse a name that reads like one that is there."""
    for known in reader.names():
        if fold(known) == fold(name):
            raise ValueError(
                f"the profile's name {name!r} reads like {known!r}, which is there already\n\n"
                f"Hint: commit it with name={known!r}, or give it a name of its own"
            )


def check_expected(
    ledger: Ledger, reader: Reader, name: str, expected: Any, *, head: Stored | None, ours: Profile | None
) -> None:
    """Refuse a change that builds on another version than the head.

    Args:
        ledger: the space.
        reader: a view of it.
        name: the profile's name.
        expected: what stands for the version that it builds on.
        head: the version that is there.
        ours: what was to be committed.

    Raises:
        ConflictError: with all that is needed to go on.
    """
    if isinstance(expected, str) and expected == "any":
        return
    base = None
    if expected is not None and head is not None:
        if isinstance(expected, Version) and expected.id == head.entry.id.hex():
            return
        base = _base(ledger, reader, name, expected)
        if base.entry.id == head.entry.id:
            return
    elif expected is None and head is None:
        return
    if head is None:
        problem = f"there is no {name!r} in this history (space {ledger.space!r}), though expected={expected!r}"
        hint = "leave expected out for the first version of a name"
        if isinstance(expected, Version) and expected.name != name:
            hint = f"to go on with the versions of {expected.name!r} under its name there, pass name={expected.name!r}"
        raise ConflictError(problem, hint, name=name, ours=ours)
    theirs = ledger.version(head)
    told = f"{theirs.committed_at:%Y-%m-%d %H:%M} UTC" + (f" by {theirs.author}" if theirs.author else "")
    there = f"its head is v{theirs.number}, committed {told}"
    if base is None:
        problem = f"{name!r} is there already, and expected= does not say on which version this builds: {there}"
        hint = f"look at it, then pass expected=history.head({name!r}), or {theirs.number}"
        raise ConflictError(problem, hint, name=name, ours=ours, theirs=theirs)
    before = ledger.version(base)
    raise ConflictError(
        f"{name!r} has changed since v{before.number}: {there}",
        f"take up what changed, then pass expected={theirs.number}",
        name=name,
        base=before,
        ours=ours,
        theirs=theirs,
    )


def _base(ledger: Ledger, reader: Reader, name: str, expected: Any) -> Stored:
    ref = (
        (name, expected)
        if isinstance(expected, int) or (isinstance(expected, str) and "@" not in expected)
        else expected
    )
    found = ledger.find(reader, ref)
    if found.entry.name != name:
        raise ValueError(f"expected must be a version of {name!r} (got one of {found.entry.name!r})")
    return found


def restore(
    ledger: Ledger,
    writer: Writer,
    name: str,
    to: Any,
    *,
    author: str | None,
    message: str | None,
    effective: int | None,
    expected: Any,
) -> Version:
    """Write a new version that says what an earlier one said."""
    old = _base(ledger, writer, name, to)
    head = ledger.head(writer, name)
    assert head is not None  # the name has the version that was found
    if expected is not None:
        check_expected(ledger, writer, name, expected, head=head, ours=None)
    if head.entry.content == old.entry.content and head.entry.kind != "draft":
        raise UnchangedError(ledger.version(head))
    stored = ledger.add(
        writer,
        kind="rollback",
        name=name,
        number=(head.entry.number or 0) + 1,
        about=old.entry.number,
        effective=effective,
        in_force=True,
        object=old.entry.object,
        content=old.entry.content,
        author=author,
        said={"message": message},
    )
    return ledger.version(stored)
