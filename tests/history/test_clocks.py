"""The order of a history is that of its times, whatever its clock tells."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.history import History
from icpkit.history.sqlite import SqliteStore
from icpkit.history.store import Store
from tests.history.trial_profiles import small

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)

CLOCKS = {
    "an hour back": [NOON, NOON + TICK, NOON - HOUR, NOON - HOUR + TICK, NOON + HOUR],
    "equal ticks": [NOON] * 6,
    "a leap second that is told twice": [
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ],
    "the end of February in a leap year": [
        datetime(2028, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2028, 2, 29, tzinfo=UTC),
        datetime(2028, 3, 1, tzinfo=UTC),
    ],
    "another offset each time": [
        datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
        datetime.fromisoformat("2026-10-25T02:30:00+02:00"),
        datetime.fromisoformat("2026-10-25T02:30:00+01:00"),
    ],
    "far away and back": [datetime(2199, 1, 1, tzinfo=UTC), NOON, NOON],
}


def telling(times: list[datetime]) -> Callable[[], datetime]:
    """Give a clock that tells these times, and then the last one for ever."""
    given_ = chain(times, repeat(times[-1]))
    return lambda: next(given_)


def write(where: "str | Store", times: list[datetime]) -> History:
    """Write to two profiles by turns, and something else between."""
    history = History(where, anonymous=True, clock=telling(times))
    for number in range(6):
        for name in ("One", "Other"):
            made = history.commit(small(number, name), expected=number or None)
            history.tag(made, f"tag {number}")
    return history


def check(history: History) -> None:
    """See that the times rise, within each name and within the space, and that all reads agree with them."""
    events = [one.at for one in history.events()]
    assert all(before < after for before, after in pairwise(events))
    for name in ("One", "Other"):
        times = [one.committed_at for one in history.log(name)]
        assert all(after > before for after, before in pairwise(times))
        assert history.in_force(name).number == 6  # also where the clock is behind its last version
        for version in history.log(name):
            assert history.in_force(name, at=version.committed_at) == version
    assert history.verify().ok


@pytest.mark.parametrize("name", CLOCKS)
@pytest.mark.parametrize("kind", ["file", "memory"])
def test_times_rise_whatever_the_clock_tells(name: str, kind: str, tmp_path: Path) -> None:
    """No entry is ever written at the same time as the one before it, or earlier."""
    with write(str(tmp_path / "icp.db"), CLOCKS[name]) if kind == "file" else _in_memory(CLOCKS[name]) as history:
        check(history)


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), min_size=1))
def test_times_rise_with_any_clock(times: list[datetime]) -> None:
    """The same holds for clocks that go forth and back at random."""
    check(_in_memory(times))


def _in_memory(times: list[datetime]) -> History:
    return write(History.memory().store, times)


def test_another_process_with_a_clock_behind_goes_on_behind(tmp_path: Path) -> None:
    """Two machines whose clocks differ by an hour write by turns, and the times rise all the same."""
    path = tmp_path / "icp.db"
    fast = History(path, anonymous=True, clock=lambda: NOON + HOUR)
    slow = History(SqliteStore(path), anonymous=True, clock=lambda: NOON)
    for number in range(6):
        for name in ("One", "Other"):
            (fast, slow)[number % 2].commit(small(number, name), expected=number or None)
    check(slow)
    check(fast)
    fast.close()
    slow.close()
