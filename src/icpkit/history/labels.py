"""Names for versions: tags, which stay, and aliases, which move; and what has to be approved before they do."""

import json
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from icpkit.errors import near
from icpkit.history.errors import ConflictError, UnapprovedError
from icpkit.history.ledger import ID, Ledger, Ref, text_of
from icpkit.history.moments import instant
from icpkit.history.records import Entry, Stored, of_entry
from icpkit.history.store import Reader, Writer
from icpkit.views import fold

#: Who has a say in a profile.
Role: TypeAlias = Literal["marketing", "sales", "product", "customer success"]
ROLES: Final[tuple[str, ...]] = get_args(Role)

_LONGEST_LABEL: Final = 100
#: What a label must not be: it means something else already.
_TAKEN: Final = ("head", "any")


def label_of(value: Any, what: str) -> str:
    """Check the name of a tag or an alias.

    Raises:
        ValueError: for one that would stand for something else.
    """
    label = text_of(what, value, _LONGEST_LABEL)
    number = label.lstrip("vV").isdecimal() or ID.fullmatch(label) is not None
    day = len(label) >= len("2026-01-01") and label[:10].replace("-", "").isdecimal() and label[4] == label[7] == "-"
    if label != label.strip() or "@" in label or label in _TAKEN or number or day or label[:4] == "sha:":
        raise ValueError(
            f"{what} must be a name of its own, without @: no number such as v3, no day, nothing that an id may begin "
            f"with, and neither 'head' nor 'any' (got {label!r})"
        )
    return label


def role_of(value: Any) -> str:
    """Check a role."""
    if value not in ROLES:
        hint = near(value, ROLES) if isinstance(value, str) else ""
        raise ValueError(
            f"role must be one of {', '.join(ROLES)} (got {value!r})" + (f"\n\nHint: {hint}" if hint else "")
        )
    return str(value)


def tag(ledger: Ledger, writer: Writer, ref: Ref, label: str, *, author: str | None, reason: str | None) -> None:
    """Give a version a name that stays."""
    label = label_of(label, "a tag")
    version = ledger.find(writer, ref).entry
    there = ledger.labelled(writer, version.name, label)
    if there is not None:
        if there.kind == "tag" and there.about == version.number:
            return
        kind, number = there.kind, there.about
        raise ConflictError(
            f"{label!r} is {'an' if kind == 'alias' else 'a'} {kind} of {version.name!r} already"
            + ("" if number is None else f", for v{number}"),
            "a tag stays where it is; choose another name, or move an alias",
            name=version.name,
        )
    _check_spelling(ledger, writer, version.name, label)
    if required(writer, version.name, label):
        raise ValueError(
            f"{label!r} moves once it is approved, so it cannot be a tag, which asks nobody\n\n"
            f"Hint: history.move_alias({version.name!r}, {label!r}, to=…)"
        )
    about = version.number
    ledger.add(writer, kind="tag", name=version.name, about=about, label=label, author=author, said={"message": reason})


def move(
    ledger: Ledger,
    writer: Writer,
    name: str,
    alias: str,
    *,
    to: Any,
    expected: Any,
    author: str | None,
    reason: str | None,
) -> None:
    """Point an alias to another version, if it points to the expected one now."""
    alias = label_of(alias, "an alias")
    ledger.find(writer, (name, "head"))
    there = ledger.labelled(writer, name, alias)
    if there is not None and there.kind == "tag":
        raise ConflictError(
            f"{alias!r} is a tag of {name!r} and stays at v{there.about}", "choose another name", name=name
        )
    if there is None:
        _check_spelling(ledger, writer, name, alias)
    now = None if there is None or there.about is None else there.about
    _check_expected(ledger, writer, (name, alias), now, expected)
    target = None if to is None else _of_name(ledger, writer, name, to)
    if target is not None:
        lacking = missing_approvals(ledger, writer, target.entry, alias)
        if lacking:
            raise UnapprovedError(ledger.version(target), alias, lacking)
    number = None if target is None else target.entry.number
    if number != now:
        ledger.add(
            writer, kind="alias", name=name, about=number, label=alias, author=author, said={"message": reason},
            data={} if now is None else {"from": now},
        )  # fmt: skip


def _check_spelling(ledger: Ledger, reader: Reader, name: str, label: str) -> None:
    """Refuse a label that reads like one that is there: what guards the one would not guard the other."""
    for known in ledger.labels(reader, name):
        if fold(known) == fold(label) and known != label:
            raise ValueError(
                f"the label {label!r} reads like {known!r}, which {name!r} has already\n\n"
                f"Hint: say {known!r}, or choose a name of its own"
            )


def _of_name(ledger: Ledger, reader: Reader, name: str, ref: Any) -> Stored:
    """Find a version of this name; a label or a number alone is enough."""
    if isinstance(ref, int) or (isinstance(ref, str) and ledger.head(reader, ref) is None and "@" not in ref):
        ref = (name, ref)
    found = ledger.find(reader, ref)
    if found.entry.name != name:
        raise ValueError(f"an alias of {name!r} must point to a version of it (got one of {found.entry.name!r})")
    return found


def _check_expected(ledger: Ledger, reader: Reader, what: tuple[str, str], now: int | None, expected: Any) -> None:
    name, alias = what
    if isinstance(expected, str) and expected == "any":
        return
    base = None if expected is None else _of_name(ledger, reader, name, expected)
    if (None if base is None else base.entry.number) == now:
        return
    theirs = None if now is None else ledger.version(found) if (found := ledger.numbered(reader, name, now)) else None
    where = f"points to v{now}" if now is not None else "points nowhere yet"
    wanted = "" if base is None else f", not to v{base.entry.number}"
    hint = "pass expected=None" if now is None else f"if it should move from there, pass expected={now}"
    raise ConflictError(
        f"the alias {alias!r} of {name!r} {where}{wanted}",
        hint,
        name=name,
        base=None if base is None else ledger.version(base),
        theirs=theirs,
    )


# Approvals


@attrs.frozen
class Approval:
    """Somebody's word that a version is right.

    Attributes:
        role: for whom they speak.
        version: the number of the version that they approved; another version that says the same is approved as well.
        author: who, or None where the name was erased.
        message: what they said, or None.
        at: when, in UTC.
    """

    role: str
    version: int
    author: str | None
    message: str | None
    at: datetime


def approved(ledger: Ledger, reader: Reader, entry: Entry) -> dict[str, Stored]:
    """Give the approvals, by role, of what a version says: its own, and those of versions that say the same."""
    found: dict[str, Stored] = {}
    contents: dict[int | None, bytes | None] = {entry.number: entry.content}
    for one in reader.select(kinds=("approval", "withdrawal"), name=entry.name):
        about = one.entry.about
        if about is not None and about not in contents:
            other = ledger.numbered(reader, entry.name, about)
            contents[about] = None if other is None else other.entry.content
        if contents.get(about) == entry.content:
            if one.entry.kind == "approval":
                found[str(one.entry.label)] = one
            else:
                found.pop(str(one.entry.label), None)
    return found


@of_entry
def approval_of(stored: Stored) -> Approval:
    """Make an approval of its entry.

    Raises:
        StoreDamagedError: for an entry that is not as it was written.
    """
    entry, note = stored
    message = None if note is None else json.loads(note.body).get("message")
    author = None if note is None else note.author
    return Approval(str(entry.label), entry.about or 0, author, message, instant(entry.committed))


def required(reader: Reader, name: str, alias: str) -> tuple[str, ...]:
    """Give the roles whose approval is required before an alias moves: what was said last for the name, or for all."""
    for whose in (name, ""):
        said = next(reader.select(kinds=("requirement",), name=whose, label=alias, newest=True, limit=1), None)
        if said is not None:
            return _roles_of(said)
    return ()


@of_entry
def _roles_of(said: Stored) -> tuple[str, ...]:
    return tuple(json.loads(said.entry.data)["roles"])


def missing_approvals(ledger: Ledger, reader: Reader, entry: Entry, alias: str) -> tuple[str, ...]:
    """Give the roles that have yet to approve before an alias may point to a version."""
    wanted = required(reader, entry.name, alias)
    there = approved(ledger, reader, entry) if wanted else {}
    return tuple(role for role in wanted if role not in there)


def labels_by_version(ledger: Ledger, reader: Reader, name: str) -> dict[int, list[str]]:
    """Give the labels of a profile by the number of the version that they are at."""
    found: dict[int, list[str]] = {}
    for label, number in ledger.labels(reader, name).items():
        found.setdefault(number, []).append(label)
    return found
