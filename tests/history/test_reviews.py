from datetime import date

import attrs
import pytest

import icpkit as icp
from tests.history.cases import ANN, FIRST, SECOND, Clock, opened, saas, told


def test_a_review_is_due_a_quarter_later() -> None:
    """A profile is to be looked at three months after its last version or review, or on the day that was said."""
    clock = Clock()
    history = opened(clock)
    clock.set("2026-01-31")
    history.commit(FIRST, **ANN)
    assert history.review_due("SaaS") == date(2026, 4, 30)
    clock.set("2026-04-20")
    assert history.review("SaaS", **ANN) == history.review_due("SaaS") == date(2026, 7, 20)
    assert history.review("SaaS", next_due="2026-05-01", **ANN) == history.review_due("SaaS") == date(2026, 5, 1)
    clock.set("2026-04-25")
    history.commit(SECOND, expected=1, **ANN)
    assert history.review_due("SaaS") == date(2026, 7, 25)
    assert history.verify()


@pytest.mark.parametrize("day", ["2026-01-05", "2020-01-01", date(2026, 1, 4)])
def test_the_next_review_lies_ahead(day: date | str) -> None:
    """A day of today or before is refused."""
    history = opened()
    history.commit(FIRST, **ANN)
    with pytest.raises(ValueError, match=r"^next_due must lie ahead \(got ") as caught:
        history.review("SaaS", next_due=day, **ANN)
    assert repr(day) in told(caught)
    assert len(history.events()) == 1


def test_a_review_of_what_is_not_there() -> None:
    """The profile must be there, and who looked at it must be named."""
    history = opened()
    history.commit(FIRST, **ANN)
    with pytest.raises(icp.NoSuchVersionError):
        history.review("Saas", **ANN)
    with pytest.raises(icp.NoSuchVersionError):
        history.review_due("Saas")
    with pytest.raises(ValueError, match="author and message must be given"):
        history.review("SaaS")
    with pytest.raises(ValueError, match="next_due must be ISO 8601 text"):
        history.review("SaaS", next_due="soon", **ANN)


def test_what_is_overdue() -> None:
    """Overdue are those whose day has passed, the longest first; retired profiles are left out."""
    clock = Clock()
    history = opened(clock)
    for day, name in (
        ("2026-01-05", "Later"),
        ("2026-01-10", "Late"),
        ("2026-01-10", "A late one"),
        ("2026-03-01", "Not yet"),
    ):
        clock.set(day)
        history.commit(saas(name=name), **ANN)
    history.commit(saas(name="Retired", stage="retired"), **ANN)
    assert history.overdue() == []
    assert history.overdue(at="2026-04-05") == []
    found = history.overdue(at="2026-04-11")
    assert found == [
        icp.Due("Later", date(2026, 4, 5), 6),
        icp.Due("A late one", date(2026, 4, 10), 1),
        icp.Due("Late", date(2026, 4, 10), 1),
    ]
    assert str(found).splitlines() == [
        "profile     due         overdue by",
        "Later       2026-04-05  6 days",
        "A late one  2026-04-10  1 day",
        "Late        2026-04-10  1 day",
    ]
    assert str(history.overdue(at="2026-01-01")) == "no overdue reviews"
    clock.set("2026-04-11")
    assert history.overdue() == found
    history.review("Later", **ANN)
    retired = attrs.evolve(saas(name="Late"), stage="retired")
    history.commit(retired, expected=1, **ANN)
    assert [one.name for one in history.overdue()] == ["A late one"]
