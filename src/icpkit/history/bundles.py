"""A history as one file of JSON Lines, to keep elsewhere and to load into another store; verified on both ways."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final

from icpkit._version import __version__
from icpkit.history.errors import BundleError, ConflictError, StoreDamagedError
from icpkit.history.ledger import Ledger, text_in
from icpkit.history.packing import MOST_TEXT
from icpkit.history.records import Body, Entry, Note, Stored, body_id, packed, plain_json
from icpkit.history.store import Reader, Writer
from icpkit.history.verification import Walk, called_of, erased_by
from icpkit.writing import write_whole

#: The form of bundles that this release writes.
_FORMAT: Final = 1
#: Formats of profiles lie below it.
_FORMATS: Final = 1_000
#: The longest line, in bytes: the text of a profile is the longest thing in a bundle.
_LONGEST: Final = 2 * MOST_TEXT
_BYTES: Final = ("object", "content", "note", "prev", "id")
_TYPES: Final = {"space": str, "seq": int, "kind": str, "name": str, "committed": int, "data": str}
_OPTIONAL: Final = {"number": int, "about": int, "effective": int, "label": str, "token": str}


def save(ledger: Ledger, path: "str | PathLike[str]") -> int:
    """Write a space to a file, and give the number of its entries.

    Raises:
        StoreDamagedError: where something in it is not as it was written.
        OSError: where the file cannot be written.
    """
    with ledger.store.reading(ledger.space) as reader:
        walk = Walk(ledger.space)
        findings = list(walk.through(reader))
        if findings:
            raise StoreDamagedError(repr(ledger.store), f"is damaged, so no bundle was made of it: {findings[0]}")
        write_whole(path, b"".join(_lines(reader, ledger, walk)))
    return walk.count


def _lines(reader: Reader, ledger: Ledger, walk: Walk) -> Iterator[bytes]:
    whole = hashlib.sha256()
    for line in _parts(reader, ledger, walk):
        raw = plain_json(line).encode() + b"\n"
        whole.update(raw)
        yield raw
    yield plain_json({"sha256": whole.hexdigest()}).encode() + b"\n"


def _parts(reader: Reader, ledger: Ledger, walk: Walk) -> Iterator[dict[str, Any]]:
    yield {
        "icpkit": "history",
        "format": _FORMAT,
        "library": __version__,
        "space": ledger.space,
        "entries": walk.last,
        "end": walk.id.hex(),
    }
    told: set[bytes] = set()
    for stored in reader.select():
        key = stored.entry.object
        if key is not None and key not in told:
            told.add(key)
            body = reader.body(key)
            assert body is not None  # the walk has seen it
            text = text_in(reader, key, called_of(stored.entry), repr(ledger.store))
            yield {"profile": text, "format": body.format}
        entry = {
            field: value.hex() if isinstance(value, bytes) else value
            for field, value in stored.entry._asdict().items()
            if value is not None and field != "space"
        }
        note = None if stored.note is None else {**stored.note._asdict(), "salt": stored.note.salt.hex()}
        yield {"entry": entry, **({} if note is None else {"note": note})}


def load(ledger: Ledger, writer: Writer, path: "str | PathLike[str]") -> int:
    """Add what a bundle has beyond this space, and give how many entries that is.

    Raises:
        BundleError: for a file that is no bundle, is damaged, or is of another space.
        ConflictError: where the space has another history.
        OSError: where the file cannot be read.
    """
    source = str(path)
    walk, waiting, length = Walk(ledger.space), dict[bytes, Body](), writer.end().length
    own, added = writer.select(), 0
    with Path(path).open("rb") as file:
        lines = _checked(file, source)
        header = _header(next(lines, {}), ledger.space, source)
        for line in lines:
            if "profile" in line:
                key, body = _profile(line, source)
                waiting[key] = body
                continue
            stored = _stored(line, ledger.space, source)
            problems = list(map(str, walk.step(stored)))
            if problems:
                raise BundleError(source, problems)
            if stored.entry.seq <= length:
                _check_same(next(own), stored)
            else:
                writer.append(*stored)
                writer.forget(erased_by(stored.entry))  # who has an older copy erases what was erased since
                added += 1
            if stored.entry.object in waiting:
                writer.put(stored.entry.object, waiting.pop(stored.entry.object))
    problems = [] if (walk.last, walk.id.hex()) == header else ["its end is missing"]
    problems += [f"the profile {key.hex()[:12]}… in it belongs to no version" for key in waiting]
    problems += list(map(str, Walk(ledger.space).through(writer))) if added else []
    if problems:
        raise BundleError(source, problems)
    return added


def _checked(file: Iterable[bytes], source: str) -> Iterator[dict[str, Any]]:
    """Read the lines of a bundle, and see that the last one has the hash of all before."""
    whole, done = hashlib.sha256(), False
    for number, raw in enumerate(_lines_of(file, source), 1):
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BundleError(source, [f"line {number} is no JSON: {error}"]) from None
        if not isinstance(line, dict) or done:
            raise BundleError(source, [f"line {number} does not belong there"])
        if "sha256" in line:
            done = True
            if line["sha256"] != whole.hexdigest():
                raise BundleError(source, ["its lines are not those that were written: their hash is another"])
            continue
        whole.update(raw)
        yield line
    if not done:
        raise BundleError(source, ["its last line is missing: it was cut off, or is no bundle"])


def _lines_of(file: Any, source: str) -> Iterator[bytes]:
    while raw := file.readline(_LONGEST + 1):
        if len(raw) > _LONGEST:
            raise BundleError(source, [f"a line is longer than {_LONGEST:,} bytes"])
        yield raw


def _header(line: dict[str, Any], space: str, source: str) -> tuple[int, str]:
    """Check the first line, and give the length and the end that it tells."""
    if line.get("icpkit") != "history":
        raise BundleError(source, ["it is no bundle: history.save_bundle(path) writes one"])
    if line.get("format") != _FORMAT:
        raise BundleError(source, [f"it is of format {line.get('format')!r}, and this release knows {_FORMAT}"])
    if line.get("space") != space:
        raise BundleError(
            source,
            [f"it is of the space {line.get('space')!r}, and this history of {space!r}: open it with that space"],
        )
    return line.get("entries", 0), line.get("end", "")


def _profile(line: dict[str, Any], source: str) -> tuple[bytes, Body]:
    form, text = line.get("format"), line["profile"]
    if type(form) is not int or not isinstance(text, str) or not 0 < form < _FORMATS:
        raise BundleError(source, ["a profile in it is none"])
    try:
        return body_id(form, text), packed(form, text)
    except UnicodeEncodeError:
        raise BundleError(source, ["a profile in it holds half a character"]) from None


def _stored(line: dict[str, Any], space: str, source: str) -> Stored:
    """Make an entry and its note of their line."""
    fields: Any = line.get("entry")
    said = line.get("note")
    try:
        return Stored(_entry(fields, space), None if said is None else _note(said))
    except (TypeError, ValueError) as error:
        seq = fields.get("seq") if isinstance(fields, dict) else None
        raise BundleError(source, [f"entry {seq!r} in it is none: {error}"]) from None


def _entry(fields: Any, space: str) -> Entry:
    if not isinstance(fields, dict):
        raise TypeError(f"it is {fields!r}")
    unknown = [name for name in fields if name not in Entry._fields or name == "space"]
    if unknown:
        raise TypeError(f"it has {unknown[0]!r}, which this release does not know")
    told = {"space": space, **dict.fromkeys(_OPTIONAL), **dict.fromkeys(_BYTES), **fields}
    for name, kind in (_TYPES | _OPTIONAL).items():
        if type(told.get(name)) is not kind and not (told.get(name) is None and name in _OPTIONAL):
            raise TypeError(f"{name} is {told.get(name)!r}")
    for name in _BYTES:
        if not isinstance(told[name], str | None):
            raise TypeError(f"{name} is {told[name]!r}, no hexadecimal text")
        told[name] = None if told[name] is None else bytes.fromhex(told[name])
    return Entry(**told)


def _note(said: Any) -> Note:
    try:
        note = Note(**{**said, "salt": bytes.fromhex(said["salt"])})
    except (TypeError, ValueError, KeyError):
        raise TypeError("its note is none") from None
    told: tuple[Any, ...] = (note.body, note.author or "", note.account or "")
    if not all(isinstance(one, str) for one in told):
        raise TypeError("its note is none")
    return note


def _check_same(own: Stored, given: Stored) -> None:
    """Refuse a bundle of another history."""
    if own.entry.id != given.entry.id:
        raise ConflictError(
            f"{called_of(own.entry)} is another than in the bundle: these are two histories, or one that went two ways",
            "load the bundle into a new file or another store",
            name=own.entry.name,
        )
