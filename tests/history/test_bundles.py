import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.history import bundles
from icpkit.history.records import plain_json
from tests.history.cases import (
    ANN,
    BEN,
    CLEO,
    DANA,
    FIRST,
    SECOND,
    THIRD,
    Clock,
    forged,
    lines_of,
    of_three,
    opened,
    told,
    written,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that is not there yet."""
    return tmp_path / "bundle.jsonl"


def lived() -> icp.History:
    """Give a history of three versions, two of which say the same, an alias, an override, and an erased note."""
    history = of_three()
    history.rollback("SaaS", to=1, **BEN)
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.overrides.set("acme", fit=80, justification="x", author="eve@example.com")
    history.overrides.set("globex", fit=20, **DANA)
    history.erase(account="acme")
    return history


def test_a_history_as_one_file(path: Path) -> None:
    """A bundle holds everything, and loaded into an empty store gives the same history, to the last id."""
    history = lived()
    assert history.save_bundle(path) == 8
    other = opened(Clock("2026-12-01T00:00:00+00:00"))
    assert other.load_bundle(str(path)) == 8
    assert [event.id for event in other.events()] == [event.id for event in history.events()]
    assert other.events() == history.events()
    assert str(other.log("SaaS")) == str(history.log("SaaS"))
    assert [other["SaaS", number].profile for number in (1, 2, 3, 4)] == [FIRST, SECOND, THIRD, FIRST]
    assert other.overrides.active() == history.overrides.active()
    assert other.verify(checkpoint=history.checkpoint())
    assert other.commit(THIRD, expected=4, **ANN).number == 5


def test_a_bundle_is_the_same_wherever_it_is_made(path: Path, tmp_path: Path) -> None:
    """The same history gives the same bytes, from memory and from a file; an empty one is a bundle, too."""
    history = lived()
    history.save_bundle(path)
    with icp.History(tmp_path / "icp.db") as other:
        assert other.load_bundle(path) == 8
        again = tmp_path / "again.jsonl"
        assert other.save_bundle(again) == 8
        assert again.read_bytes() == path.read_bytes()
    assert opened().save_bundle(path) == 0
    assert opened().load_bundle(path) == 0


def test_a_bundle_twice_changes_nothing(path: Path) -> None:
    """A bundle of what is there already, or of less than that, adds nothing."""
    history = of_three()
    history.save_bundle(path)
    assert history.load_bundle(path) == 0
    history.commit(FIRST, expected=3, **ANN)
    assert history.load_bundle(path) == 0
    assert len(history.log("SaaS")) == 4


def test_a_bundle_that_is_ahead(path: Path) -> None:
    """Of a longer history what is new is taken up, and the old stays as it is."""
    history, copy = of_three(), opened()
    history.save_bundle(path)
    copy.load_bundle(path)
    history.commit(FIRST, expected=3, **ANN)
    history.tag("SaaS", "new")
    history.save_bundle(path)
    assert copy.load_bundle(path) == 2
    assert copy["SaaS@new"].profile == FIRST
    assert copy.verify(checkpoint=history.checkpoint())


def test_two_histories_do_not_mix(path: Path) -> None:
    """A bundle of a history that went another way is a conflict that names where, and nothing is written."""
    history, copy = of_three(), opened()
    history.save_bundle(path)
    copy.load_bundle(path)
    copy.commit(FIRST, expected=3, **BEN)
    history.commit(FIRST, expected=3, **ANN)
    history.commit(SECOND, expected=4, **ANN)
    history.save_bundle(path)
    with pytest.raises(icp.ConflictError) as caught:
        copy.load_bundle(path)
    assert told(caught) == (
        "entry 4 (v4 of 'SaaS') is another than in the bundle: these are two histories, or one that went two ways\n\n"
        "Hint: load the bundle into a new file or another store"
    )
    assert caught.value.name == "SaaS"
    assert len(copy.events()) == 4
    with pytest.raises(icp.ConflictError, match="entry 1"):
        of_three().load_bundle(path)


def test_a_bundle_of_another_space(path: Path) -> None:
    """What was written in one space is not loaded into another; the error says how it can be opened."""
    of_three(space="t42").save_bundle(path)
    with pytest.raises(icp.BundleError) as caught:
        opened().load_bundle(path)
    assert told(caught).endswith("it is of the space 't42', and this history of 'default': open it with that space")
    assert (caught.value.path, len(caught.value.problems)) == (str(path), 1)
    assert opened(space="t42").load_bundle(path) == 3


# Erased notes


def test_what_is_erased_stays_erased(path: Path, tmp_path: Path) -> None:
    """A bundle from before an erasure does not bring back what was erased, and one from after does not have it."""
    history = of_three()
    history.save_bundle(path)
    history.erase(author="ann@example.com")
    assert history.load_bundle(path) == 0
    assert history["SaaS", 1].author is None
    after = tmp_path / "after.jsonl"
    history.save_bundle(after)
    assert "ann@example.com" not in after.read_text()
    assert opened().load_bundle(after) == 4


def test_an_erasure_reaches_older_copies(path: Path) -> None:
    """A copy that takes up a bundle from after an erasure erases the same notes."""
    history, copy = of_three(), opened()
    history.save_bundle(path)
    copy.load_bundle(path)
    history.erase(author="ann@example.com")
    history.save_bundle(path)
    assert copy["SaaS", 1].author == "ann@example.com"
    assert copy.load_bundle(path) == 1
    assert [copy["SaaS", number].author for number in (1, 2)] == [None, "ben@example.com"]
    assert copy.verify(checkpoint=history.checkpoint())


def test_a_damaged_history_gives_no_bundle(path: Path) -> None:
    """What is not as it was written is not passed on."""
    history = of_three()
    history.store._spaces["default"].notes.pop(2)  # type: ignore[attr-defined]
    with pytest.raises(icp.StoreDamagedError, match="is damaged, so no bundle was made of it: entry 2") as caught:
        history.save_bundle(path)
    assert not path.exists()
    assert caught.value.place == "memory"


# Damaged bundles


def refused(path: Path, history: icp.History | None = None) -> str:
    """Load a bundle that cannot be, see that nothing of it is there, and give what is wrong."""
    history = opened() if history is None else history
    before = len(history.events())
    with pytest.raises(icp.BundleError) as caught:
        history.load_bundle(path)
    assert len(history.events()) == before
    assert history.verify()
    assert told(caught).startswith(f"{path} cannot be loaded, and nothing was written:\n  ")
    return caught.value.problems[0]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of a history in which much has happened."""
    path = tmp_path_factory.mktemp("saved") / "bundle.jsonl"
    lived().save_bundle(path)
    return path


def test_a_change_of_any_line_is_seen(saved: Path, path: Path) -> None:
    """One letter that is another, in whichever line, and the bundle is refused."""
    lines = saved.read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines):
        for place in (2, len(line) // 2, len(line) - 4):
            changed = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
            path.write_bytes(b"".join([*lines[:number], changed, *lines[number + 1 :]]))
            assert refused(path)


def test_lines_that_are_missing_twice_or_elsewhere(saved: Path, path: Path) -> None:
    """A line that is gone, there twice, or in another place is seen by the hash of the whole."""
    lines = saved.read_bytes().splitlines(keepends=True)
    for number in range(len(lines) - 1):
        for changed in ([*lines[:number], *lines[number + 1 :]], [*lines[: number + 1], *lines[number:]]):
            path.write_bytes(b"".join(changed))
            assert refused(path)
    path.write_bytes(b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    assert refused(path)


def test_a_bundle_that_was_cut_off(saved: Path, path: Path) -> None:
    """A bundle that ends too early is refused, wherever it ends."""
    raw = saved.read_bytes()
    lines = raw.splitlines(keepends=True)
    for end in (0, len(lines[0]), len(raw) - len(lines[-1]), len(raw) - 10):
        path.write_bytes(raw[:end])
        assert refused(path)
    path.write_bytes(raw[: len(raw) - len(lines[-1])])
    assert refused(path) == "its last line is missing: it was cut off, or is no bundle"
    path.write_bytes(raw + lines[-2])
    assert refused(path).endswith("does not belong there")


def test_forgers_who_mend_the_hash(saved: Path, path: Path) -> None:
    """Also where the hash of the whole was made anew, lines that are gone, twice, or moved are found."""
    lines = lines_of(saved)
    for number in range(1, len(lines)):
        assert refused(written(path, [*lines[:number], *lines[number + 1 :]]))
        assert "profile" in lines[number] or refused(written(path, [*lines[: number + 1], *lines[number:]]))
    entries = [number for number, line in enumerate(lines) if "entry" in line]
    first, second = entries[-2:]
    lines[first], lines[second] = lines[second], lines[first]
    assert refused(written(path, lines))


def mend(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set a key of an entry's line."""

    def change(line: dict[str, Any]) -> None:
        line["entry"][key] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (mend("name", "Other"), "is not as it was written: its hash is another"),
        (mend("committed", 5), "is not as it was written: its hash is another"),
        (mend("number", 2**80), "is not as it was written: its hash is another"),
        (mend("number", "1"), "entry 1 in it is none: number is '1'"),
        (mend("number", True), "entry 1 in it is none: number is True"),
        (mend("seq", 1.0), "entry 1.0 in it is none: seq is 1.0"),
        (mend("seq", None), "entry None in it is none: seq is None"),
        (mend("data", {}), "entry 1 in it is none: data is {}"),
        (mend("label", 3), "entry 1 in it is none: label is 3"),
        (mend("prev", "xyz"), "entry 1 in it is none: non-hexadecimal"),
        (mend("prev", 3), "entry 1 in it is none: prev is 3, no hexadecimal text"),
        (mend("prev", None), "does not follow the entry before it"),
        (mend("more", 3), "entry 1 in it is none: it has 'more', which this release does not know"),
        (mend("space", "other"), "entry 1 in it is none: it has 'space', which this release does not know"),
        (mend("name", "\ud800"), "its hash is another"),
        (lambda line: line.update(entry=3), "entry None in it is none: it is 3"),
        (lambda line: line.pop("entry"), "entry None in it is none: it is None"),
        (lambda line: line["entry"].pop("kind"), "entry 1 in it is none: kind is None"),
        (lambda line: line["note"].update(author="eve"), "its note (author, message) is not as it was written"),
        (lambda line: line["note"].update(author=3), "entry 1 in it is none: its note is none"),
        (lambda line: line["note"].update(body={}), "entry 1 in it is none: its note is none"),
        (lambda line: line["note"].update(salt="xyz"), "entry 1 in it is none: its note is none"),
        (lambda line: line["note"].update(salt=3), "entry 1 in it is none: its note is none"),
        (lambda line: line["note"].update(more=3), "entry 1 in it is none: its note is none"),
        (lambda line: line["note"].pop("account"), "entry 1 in it is none: its note is none"),
        (lambda line: line.update(note=[]), "entry 1 in it is none: its note is none"),
        (lambda line: line.pop("note"), "its note (author, message) is gone, and nobody erased it"),
    ],
)
def test_entries_that_cannot_be(saved: Path, path: Path, change: Any, problem: str) -> None:
    """An entry or a note of another form, another type, or with more than there is, is refused by name."""
    lines = lines_of(saved)
    change(lines[2])
    assert problem in refused(written(path, lines))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"profile": 3, "format": 1}, "a profile in it is none"),
        ({"profile": "{}"}, "a profile in it is none"),
        ({"profile": "{}", "format": True}, "a profile in it is none"),
        ({"profile": "{}", "format": 0}, "a profile in it is none"),
        ({"profile": "{}", "format": 10**9}, "a profile in it is none"),
        ({"profile": "\ud800", "format": 1}, "a profile in it holds half a character"),
        ({"profile": "{}", "format": 1}, "in it belongs to no version"),
        ({}, "entry None in it is none: it is None"),
    ],
)
def test_lines_that_cannot_be(saved: Path, path: Path, line: dict[str, Any], problem: str) -> None:
    """A line that is no entry and no profile, or a profile that no version has, is refused."""
    lines = lines_of(saved)
    assert problem in refused(written(path, [lines[0], line, *lines[1:]]))


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ({"icpkit": "other"}, "it is no bundle: history.save_bundle(path) writes one"),
        ({"format": 2}, "it is of format 2, and this release knows 1"),
        ({"format": None}, "it is of format None, and this release knows 1"),
        ({"space": None}, "it is of the space None, and this history of 'default': open it with that space"),
        ({"entries": 7}, "its end is missing"),
        ({"entries": "8"}, "its end is missing"),
        ({"end": "00"}, "its end is missing"),
        ({"end": []}, "its end is missing"),
    ],
)
def test_first_lines_that_cannot_be(saved: Path, path: Path, head: dict[str, Any], problem: str) -> None:
    """The first line says what the file is, of which form and space, and how it ends."""
    lines = lines_of(saved)
    assert refused(written(path, [{**lines[0], **head}, *lines[1:]])) == problem


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "its last line is missing: it was cut off, or is no bundle"),
        (b"a,b\n1,2\n", "line 1 is no JSON: Expecting value"),
        (b"[]\n", "line 1 does not belong there"),
        (b"[" * 100_000, "line 1 is no JSON: "),
        (b'{"a":' * 100_000, "line 1 is no JSON: "),
        (b"\xff\xfe\n", "line 1 is no JSON: "),
        (b"9" * 5000 + b"\n", "line 1 is no JSON: "),
        (b'{"icpkit":"history"}\n\n', "it is of format None"),
        (b"SQLite format 3\0", "line 1 is no JSON"),
        (b'{"sha256":"x"}\n', "its lines are not those that were written: their hash is another"),
    ],
    ids=[
        "empty",
        "CSV",
        "a list",
        "deep lists",
        "deep mappings",
        "no text",
        "digits",
        "a line",
        "a database",
        "an end",
    ],
)
def test_files_that_are_no_bundles(path: Path, raw: bytes, problem: str) -> None:
    """Whatever file is loaded, what comes out is one error that says why, and never another one."""
    path.write_bytes(raw)
    assert refused(path).startswith(problem)


def test_a_bundle_of_nothing_but_its_end(path: Path) -> None:
    """A file that has a hash and no first line is no bundle."""
    assert refused(written(path, [])) == "it is no bundle: history.save_bundle(path) writes one"


def test_a_line_that_is_too_long(saved: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without end is not read to its end."""
    longest = max(map(len, saved.read_bytes().splitlines(keepends=True)))
    monkeypatch.setattr(bundles, "_LONGEST", longest)
    assert opened().load_bundle(saved) == 8
    monkeypatch.setattr(bundles, "_LONGEST", longest - 1)
    assert refused(saved) == f"a line is longer than {longest - 1:,} bytes"


@pytest.mark.parametrize("store", ["memory", "sqlite"])
@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "erased", "committed": 1},
        {"kind": "erased", "committed": 1, "data": "[" * 50_000},
        {"kind": "override", "committed": 1, "about": 1, "data": "{}"},
        {"kind": "tag", "committed": 10**30},
        {"kind": "tag", "committed": 1, "about": 10**30, "label": "x"},
        {"kind": "commit", "committed": 1, "number": 1},
        {"kind": "requirement", "committed": 1, "label": "production"},
    ],
)
def test_forged_entries_that_hash_rightly(path: Path, tmp_path: Path, entry: dict[str, Any], store: str) -> None:
    """An entry that no history writes is refused, though all its hashes are right, by every store."""
    history = opened() if store == "memory" else icp.History(tmp_path / "icp.db")
    assert "says what no history says" in refused(forged(path, entry), history)
    history.close()


def test_a_profile_that_is_none_is_told_when_it_is_read(path: Path) -> None:
    """A text that hashes rightly and is no profile is damage, told when it is asked for."""
    from icpkit.history.records import body_id

    entry = {
        "kind": "commit",
        "name": "P",
        "committed": 1,
        "number": 1,
        "effective": 1,
        "content": b"\0" * 32,
        "object": body_id(1, "nonsense"),
    }
    lines = lines_of(forged(path, entry))
    history = opened()
    assert history.load_bundle(written(path, [lines[0], {"profile": "nonsense", "format": 1}, lines[1]])) == 1
    with pytest.raises(icp.StoreDamagedError, match="the profile of v1 of 'P' cannot be loaded"):
        _ = history["P"].profile


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    """What the system says of a file is told as it is."""
    with pytest.raises(FileNotFoundError):
        opened().load_bundle(tmp_path / "none.jsonl")
    with pytest.raises(IsADirectoryError):
        opened().load_bundle(tmp_path)
    with pytest.raises(FileNotFoundError):
        opened().save_bundle(tmp_path / "none" / "bundle.jsonl")


def test_a_bundle_is_lines_of_canonical_json(saved: Path) -> None:
    """Each line is canonical JSON, so that any program can check the hashes."""
    for line in saved.read_text(encoding="utf-8").splitlines():
        assert plain_json(json.loads(line)) == line
    assert lines_of(saved)[0] | {"end": "", "library": ""} == {
        "icpkit": "history",
        "format": 1,
        "library": "",
        "space": "default",
        "entries": 8,
        "end": "",
    }


def test_a_large_bundle_takes_little_memory(path: Path) -> None:
    """A bundle is read line by line: a file of many megabytes that is none is refused in a few."""
    path.write_bytes((b'{"icpkit":"history"}' + b" " * 1000 + b"\n") * 60_000)
    code = (
        "import resource, sys, icpkit as icp\n"
        "history = icp.History.memory()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    history.load_bundle(sys.argv[1])\nexcept icp.BundleError as error:\n    print(error.problems[0])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    found = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    problem, grown = found.stdout.splitlines()
    assert problem == "it is of format None, and this release knows 1"
    assert int(grown) < 20_000
