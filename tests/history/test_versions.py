import copy
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from tests.history.cases import ANN, BEN, FIRST, SECOND, Clock, of_three, opened, saas


def test_what_a_version_says() -> None:
    """A version has all that was said of it, and the profile."""
    history = opened(Clock())
    one = history.commit(FIRST, owner="gtm@example.com", effective_from="2026-01-01", **ANN)
    two = history.commit(SECOND, expected=one, **BEN)
    assert (one.number, one.name, one.parent, one.author, one.message) == (1, "SaaS", None, *ANN.values())
    assert (one.owner, one.kind, one.restores, one.erased, one.space, one.seq) == (
        *("gtm@example.com", "commit", None, False),
        *("default", 1),
    )
    assert one.committed_at == datetime(2026, 1, 5, 9, 0, 1, tzinfo=UTC)
    assert one.effective_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert (one.content_id, one.profile) == (FIRST.content_id, FIRST)
    assert (two.number, two.parent, two.effective_from) == (2, one.id, two.committed_at)
    assert len(one.id) == 64


def test_a_version_is_its_id() -> None:
    """Two versions are equal where they are the same one, however they were found; they can be kept in a set."""
    history = of_three()
    assert history["SaaS", 1] == history["SaaS@v1"]
    assert history["SaaS", 1] != history["SaaS", 2]
    assert history["SaaS", 1] != FIRST
    assert len({history["SaaS", 1], history["SaaS@v1"], history.head("SaaS")}) == 2


def test_the_same_in_another_space_is_another_version() -> None:
    """Two histories that say the same at the same time have other ids: the space is under them."""
    one, two = (opened(space=space).commit(FIRST, **ANN) for space in ("a", "b"))
    assert one.committed_at == two.committed_at
    assert one.content_id == two.content_id
    assert one.id != two.id


def test_a_version_fits_on_a_line() -> None:
    """The repr says which it is, when and by whom; nothing in it can mislead a terminal."""
    history = opened(anonymous=True)
    one = history.commit(FIRST)
    assert repr(one) == f"<Version v1 of 'SaaS', {one.id[:8]}, 2026-01-05 09:00>"
    two = history.commit(SECOND, expected=1, author="ann\u202eevil")
    assert repr(two).endswith(r"2026-01-05 09:00, ann\x202eevil>")


@pytest.mark.parametrize("through", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_version_travels_without_its_history(tmp_path: Path, through: Any) -> None:
    """What is pickled or copied is equal, and has the profile though the history is closed."""
    with icp.History(tmp_path / "icp.db") as history:
        history.commit(FIRST, **ANN)
        version = history.head("SaaS")
        there = through(version)
    assert there == version
    assert there.profile == FIRST
    assert (there.author, there.committed_at, repr(there)) == (version.author, version.committed_at, repr(version))


def test_the_profile_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    """A version of a closed history whose profile was not read yet says that the history is closed."""
    with icp.History(tmp_path / "icp.db") as history:
        history.commit(FIRST, **ANN)
    history = icp.History(tmp_path / "icp.db")
    one, two = history.head("SaaS"), history.head("SaaS")
    assert one.profile is one.profile
    history.close()
    assert one.profile == FIRST
    assert two.profile == FIRST  # it is at hand
    fresh = icp.History(tmp_path / "icp.db")
    three = fresh.head("SaaS")
    fresh.close()
    with pytest.raises(icp.StoreClosedError):
        _ = three.profile


def test_a_version_is_immutable() -> None:
    """Nothing of a version can be set, but for the profile that it remembers."""
    version = opened().commit(saas(), **ANN)
    with pytest.raises(AttributeError):
        version.author = "eve"  # type: ignore[misc]
