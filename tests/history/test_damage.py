"""Damage is noticed: whatever changes what a file says, opening it and verifying each space finds it."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import icpkit as icp
from icpkit.errors import IcpkitError
from icpkit.history import History, StoreError
from tests.golden.make_history import NAME, PEOPLE, SPACES, story, without_chance
from tests.history.trial_stores import at_two_lengths, dump

PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the bytes of a history in which everything happens."""
    path = tmp_path_factory.mktemp("whole") / "icp.db"
    without_chance(lambda: story(path))
    return path.read_bytes()


def findings(path: Path) -> list[str]:
    """Open a file and verify each space, as an operator would; what is wrong is told, or no other error is raised."""
    found = list[str]()
    for space in SPACES:
        try:
            with History(path, space=space, timeout=0) as history:
                found += map(str, history.verify().findings)
        except StoreError as error:
            found.append(str(error))
    return found


def use(path: Path) -> None:
    """Read a file in all ways; only errors of ours may come of it."""
    try:
        history = History(path, timeout=0)
    except IcpkitError:
        return
    with history:
        for look in (
            history.names,
            lambda: history.head(NAME).profile,
            lambda: str(history.log(NAME)),
            lambda: str(history.events()),
            lambda: history.in_force(NAME, at="2026-12-31"),
            lambda: history.in_force(NAME, at="2026-12-31", known_at="2026-01-10"),
            lambda: history[NAME + "@production"].profile,
            lambda: history.labels(NAME),
            lambda: history.alias(NAME, "production", at="2026-03-01"),
            lambda: history.approvals((NAME, 2)),
            lambda: history.review_due(NAME),
            lambda: str(history.overrides.log()),
            lambda: str(history.overrides.stale()),
            lambda: history.overrides.of("acme"),
            lambda: history.commit(icp.standard_profile(NAME), expected="any", author="x", message="y"),
            lambda: history.erase(author=PEOPLE["sales"]),
        ):
            try:
                look()
            except IcpkitError:
                continue
            except ValueError as error:  # the index knows a name of which the table has no version: what commit says
                assert "which is there already" in str(error)  # noqa: PT017


def is_another(broken: bytes, whole: bytes) -> bool:
    """Say whether a reader that is not ours finds another content, or none."""
    try:
        return dump(broken) != dump(whole)
    except (sqlite3.Error, UnicodeDecodeError):  # its message quotes the file, and the reader wants that to be UTF-8
        return True


def check(path: Path, broken: bytes, whole: bytes, called: object) -> bool:
    """See that damage is found where it changes anything, and give whether it does."""
    path.write_bytes(broken)
    found = findings(path)
    another = is_another(broken, whole)
    if found or another:
        use(path)
    assert found or not another, f"{called} changes what the file says, and nothing was found"
    return another


def flips(whole: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    """Turn one bit after another."""
    draw = random.Random(20261121)
    for _ in range(count):
        place = draw.randrange(8 * len(whole))
        broken = bytearray(whole)
        broken[place // 8] ^= 1 << place % 8
        yield place, bytes(broken)


def test_the_file_is_whole_before_it_is_damaged(whole: bytes, tmp_path: Path) -> None:
    """Nothing is found in the file itself, in neither space."""
    (tmp_path / "icp.db").write_bytes(whole)
    assert findings(tmp_path / "icp.db") == []


@pytest.mark.parametrize("count", at_two_lengths(150, 10_000))
def test_every_bit_that_changes_what_a_file_says_is_noticed(count: int, whole: bytes, tmp_path: Path) -> None:
    """One bit turned anywhere: found where it changes anything; and no error but ours comes of reading on."""
    changed = sum(check(tmp_path / "icp.db", broken, whole, f"bit {bit}") for bit, broken in flips(whole, count))
    assert changed > count / 10  # the rest lies in bytes that mean nothing


@pytest.mark.parametrize("count", at_two_lengths(30, 1_000))
def test_every_cut_is_noticed(count: int, whole: bytes, tmp_path: Path) -> None:
    """A file that ends too early is damaged, wherever it ends; one of no bytes is a new history, and empty."""
    draw = random.Random(20261122)
    for _ in range(count):
        length = draw.randrange(1, len(whole))
        assert check(tmp_path / "icp.db", whole[:length], whole, f"a cut at {length}")


@pytest.mark.parametrize("count", at_two_lengths(30, 1_000))
def test_every_lost_sector_is_noticed(count: int, whole: bytes, tmp_path: Path) -> None:
    """Sectors and pages of zeros, or of another place of the file, are found where they change anything."""
    draw = random.Random(20261123)
    changed = 0
    for _ in range(count):
        size = draw.choice([512, PAGE])
        place, other = (size * draw.randrange(len(whole) // size) for _ in range(2))
        put = draw.choice([bytes(size), whole[other : other + size]])
        broken = whole[:place] + put + whole[place + size :]
        changed += check(tmp_path / "icp.db", broken, whole, f"{size} bytes at {place}")
    assert changed > count / 5
