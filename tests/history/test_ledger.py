from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.history import ledger
from icpkit.history.ledger import text_of
from icpkit.history.records import Body
from icpkit.serialization import compact
from tests.history.cases import ANN, BEN, FIRST, SECOND, THIRD, Clock, of_three, opened, saas, told

# What stands for a version


@pytest.fixture(scope="module")
def history() -> icp.History:
    """A history of three versions, in force from January, April and July, to be read only."""
    made = of_three()
    made.tag("SaaS@v2", "2026-Q2")
    made.move_alias("SaaS", "production", to=1, author="ann@example.com", reason="Agreed")
    return made


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ("SaaS", 3),
        ("SaaS@head", 3),
        (("SaaS", "head"), 3),
        ("SaaS@v1", 1),
        (("SaaS", "v1"), 1),
        (("SaaS", 1), 1),
        ("SaaS@2026-Q2", 2),
        (("SaaS", "2026-Q2"), 2),
        ("SaaS@production", 1),
        ("SaaS@2026-04-06", 2),
        ("SaaS@2026-04-05", 1),
        ("SaaS@2026-04-06T09:00:00Z", 1),
        ("SaaS@2026-04-06T09:00:01Z", 2),
        ("SaaS@2027-01-01", 3),
    ],
)
def test_what_stands_for_a_version(history: icp.History, ref: Any, number: int) -> None:
    """A version is named by name, number, tag, alias, day or moment, in one text or as a pair."""
    assert history[ref].number == number
    assert history[history[ref]] == history[ref]


def test_the_beginning_of_an_id(history: icp.History) -> None:
    """Six digits of an id or more stand for the version, with or without sha:."""
    version = history["SaaS", 2]
    for length in (8, 20, 64):
        assert history[f"SaaS@sha:{version.id[:length]}"] == history["SaaS", version.id[:length]] == version


def test_two_ids_that_begin_alike(history: icp.History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the digits begin the ids of several versions, the error asks for more of them."""
    view: Any = type(history.store.reading("default").__enter__())
    found = list(history.store.reading("default").__enter__().select())[:2]
    monkeypatch.setattr(view, "with_id", lambda self, start: found)
    with pytest.raises(icp.NoSuchVersionError, match="'abcdef' begins the ids of several versions: give more of it"):
        _ = history["SaaS@abcdef"]


@pytest.mark.parametrize(
    ("ref", "problem", "hint"),
    [
        ("Saas", "there is no profile 'Saas' in this history (space 'default')", "did you mean 'SaaS'?"),
        ("Other@v1", "there is no profile 'Other@v1' in this history (space 'default')", "there is SaaS"),
        ("SaaS@v4", "'SaaS' has no version 4: its head is v3", ""),
        (("SaaS", 0), "'SaaS' has no version 0: its head is v3", ""),
        (("SaaS", -1), "'SaaS' has no version -1: its head is v3", ""),
        (("SaaS", 2**70), f"'SaaS' has no version {2**70}: its head is v3", ""),
        ("SaaS@4", "'SaaS' has no version '4': there are v1 to v3", "there is 2026-Q2, production"),
        ("SaaS@prodution", "'SaaS' has no version 'prodution': there are v1 to v3", "did you mean 'production'?"),
        ("SaaS@", "'SaaS' has no version '': there are v1 to v3", "there is 2026-Q2, production"),
        (
            "SaaS@sha:ffffffffff",
            "'SaaS' has no version 'sha:ffffffffff': there are v1 to v3",
            "there is 2026-Q2, production",
        ),
        (
            "SaaS@2025-12-31",
            ("no version of 'SaaS' was in force at 2025-12-31: the first is in force from 2026-01-05T09:00:01+00:00"),
            "",
        ),
    ],
)
def test_a_version_that_is_not_there(history: icp.History, ref: Any, problem: str, hint: str) -> None:
    """The error says what was looked for, what there is, and what was probably meant."""
    with pytest.raises(icp.NoSuchVersionError) as caught:
        _ = history[ref]
    assert told(caught) == problem + (f"\n\nHint: {hint}" if hint else "")


def test_an_empty_history_says_so() -> None:
    """Where nothing was ever committed the error says that, and where there is one version, that."""
    history = opened()
    with pytest.raises(icp.NoSuchVersionError) as caught:
        history.head("SaaS")
    assert told(caught) == "there is no profile 'SaaS' in this history (space 'default'), which is empty"
    history.commit(FIRST, **ANN)
    with pytest.raises(icp.NoSuchVersionError, match=r"'SaaS' has no version 'x': there is v1$"):
        _ = history["SaaS@x"]


@pytest.mark.parametrize("ref", [None, 3, 3.5, ("SaaS",), ("SaaS", "v1", "v2"), (3, "v1"), ["SaaS", "v1"], FIRST])
def test_what_stands_for_no_version(history: icp.History, ref: Any) -> None:
    """Anything else is a TypeError that shows what does."""
    with pytest.raises(TypeError, match=r"^a version is named by itself, 'name', 'name@label', or") as caught:
        _ = history[ref]
    assert "Hint: a label is v3, a tag, an alias, a day in ISO form" in told(caught)


@pytest.mark.parametrize("label", [True, 1.0, b"v1"])
def test_a_label_is_text_or_a_number(history: icp.History, label: Any) -> None:
    """A label of another type is told with its value."""
    with pytest.raises(TypeError, match=r"^a version's label must be text or a whole number \(got "):
        _ = history["SaaS", label]


@pytest.mark.parametrize(("label", "problem"), [("2026-99-99", "be ISO 8601 text"), ("2026-04-06T09:00", "time zone")])
def test_a_day_that_is_none(history: icp.History, label: str, problem: str) -> None:
    """What looks like a day or a moment and is none is told as such."""
    with pytest.raises(ValueError, match=rf"^the day of a version must .*{problem}.* \(got '{label}'\)"):
        _ = history["SaaS", label]


def test_a_version_of_another_history(history: icp.History) -> None:
    """A version that is passed must be of this history: of this space, of this name, with this id."""
    for other in (of_three(Clock("2020-01-01T00:00:00+00:00")), of_three(space="t42")):
        with pytest.raises(
            icp.NoSuchVersionError, match=r"^<Version v1 .*> is not of this history \(space 'default'\)$"
        ):
            _ = history[other["SaaS", 1]]


def test_names_that_contain_an_at() -> None:
    """A name may contain @: the whole text is looked up first, and the label is what follows the last @."""
    history = opened()
    mail, odd = saas(name="gtm@example.com"), saas(name="gtm")
    history.commit(mail, **ANN)
    history.commit(revised(mail, 1000), expected=1, **BEN)
    history.commit(odd, **ANN)
    history.tag("gtm", "example.org")
    assert history["gtm@example.com"].name == "gtm@example.com"
    assert history["gtm@example.com@v1"].number == 1
    assert history["gtm@example.com", "v2"].number == 2
    assert history["gtm@example.org"].name == "gtm"
    assert "gtm@example.com" in history
    assert history.commit(revised(mail, 2000), expected="gtm@example.com@v2", **BEN).number == 3
    history.move_alias("gtm@example.com", "production", to="v1", author="ann", reason="x")
    assert history["gtm@example.com@production"].number == 1


def revised(profile: icp.Profile, high: float) -> icp.Profile:
    """Give a profile of the same name with another range."""
    return saas(high, profile.name)


# In force


def test_the_two_axes_of_time() -> None:
    """What was in force is told as known now, or as known at another moment; a backdated version changes the past."""
    clock = Clock()
    history = opened(clock)
    clock.set("2026-01-05")
    one = history.commit(FIRST, effective_from="2026-01-01", **ANN)
    clock.set("2026-03-02")
    late = history.commit(
        SECOND, expected=1, effective_from="2026-02-01", **BEN
    )  # agreed in February, written in March
    clock.set("2026-03-03")
    planned = history.commit(THIRD, expected=2, effective_from="2026-06-01", **BEN)
    assert history.in_force("SaaS", at="2026-02-15") == late
    assert history.in_force("SaaS", at="2026-02-15", known_at="2026-03-01") == one
    assert history.in_force("SaaS", at="2026-02-15", known_at="2026-03-02") == late
    assert history.in_force("SaaS", at="2026-01-31") == one
    assert history.in_force("SaaS", at="2026-02-01T00:00:00Z") == late
    assert history.in_force("SaaS", at="2026-05-31") == late
    assert history.in_force("SaaS", at="2026-06-01") == planned
    assert history.in_force("SaaS") == late
    clock.set("2026-06-01")
    assert history.in_force("SaaS") == planned


def test_a_day_means_all_of_that_day() -> None:
    """What came into force in the course of a day is in force on that day, and what was known that day, too."""
    history = of_three()
    assert history.in_force("SaaS", at="2026-04-06").number == 2
    assert history.in_force("SaaS", at=datetime(2026, 4, 6, 8, tzinfo=UTC)).number == 1
    assert history.in_force("SaaS", at="2026-07-06", known_at="2026-04-06").number == 2
    assert history.in_force("SaaS", at="2026-07-06", known_at=datetime(2026, 4, 6, 8, tzinfo=UTC)).number == 1


@pytest.mark.parametrize(
    ("at", "known_at", "problem"),
    [
        ("2026-01-04", None, "the first is in force from 2026-01-05T09:00:01+00:00"),
        ("2026-04-06", "2025-12-31", "none was known then"),
    ],
)
def test_nothing_was_in_force(history: icp.History, at: str, known_at: str | None, problem: str) -> None:
    """The error says whether the first came later, or was not known then."""
    with pytest.raises(icp.NoSuchVersionError, match=r"^no version of 'SaaS' was in force at 2026-") as caught:
        history.in_force("SaaS", at=at, known_at=known_at)
    assert told(caught).endswith(problem)


def test_drafts_are_never_in_force() -> None:
    """Where there are drafts only, nothing is in force, and the error says why; a profile must be there at all."""
    history = opened()
    history.commit(FIRST, draft=True, **ANN)
    with pytest.raises(icp.NoSuchVersionError, match=r"there are drafts only$"):
        history.in_force("SaaS")
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Saas'"):
        history.in_force("Saas")


# Times


def test_time_rises_though_the_clock_goes_back() -> None:
    """Entries are in the order of their times, also where the clock stands still or goes back, which is noted."""
    times = [
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        *[datetime(2026, 1, 5, 8, tzinfo=UTC)] * 2,
        datetime(2026, 1, 6, tzinfo=UTC),
    ]
    history = opened(clock=iter(times).__next__)  # type: ignore[arg-type]  # a function that tells the time
    versions = [history.commit(FIRST, expected="any", allow_same=True, **ANN) for _ in range(4)]
    assert [one.committed_at - times[0] for one in versions] == [
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(microseconds=2),
        timedelta(hours=15),
    ]
    noted = [event._stored.entry.data for event in history.events()]
    assert noted == ["{}", '{"clock":1767600000000000}', '{"clock":1767600000000000}', "{}"]
    assert history["SaaS@2026-01-05"].number == 3
    assert history.verify()


@pytest.mark.parametrize("tells", [3, None, datetime(2026, 1, 1)])
def test_a_clock_that_tells_no_time(tells: Any) -> None:
    """A clock must tell an aware datetime; the error shows what it told, and nothing is written."""
    history = opened(clock=lambda: tells)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^clock must tell an aware datetime \(got "):
        history.commit(FIRST, **ANN)
    assert history.names() == ()


# People and texts


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "author and message must be given: who changes what, and why, is what a history is for"),
        ({"author": "ann"}, "message must be given: who changes what, and why, is what a history is for"),
        ({"message": "why"}, "author must be given: who changes what, and why, is what a history is for"),
        ({"author": " ", "message": "why"}, "author must not be blank (got ' ')"),
        ({"author": "ann", "message": "\n"}, "message must not be blank (got '\\n')"),
        ({"author": "a" * 201, "message": "why"}, "author must have at most 200 characters (got 201)"),
        ({"author": "a", "message": "x" * 10_001}, "message must have at most 10,000 characters (got 10,001)"),
        (
            {"author": "a\nb", "message": "why"},
            "author must hold no control characters and no half characters (got 'a\\nb')",
        ),
        (
            {"author": "a", "message": "\ud800"},
            "message must hold no control characters and no half characters (got '\\ud800')",
        ),
        (
            {"author": "a", "message": "a\0"},
            "message must hold no control characters and no half characters (got 'a\\x00')",
        ),
    ],
)
def test_who_and_why_must_be_told(given: dict[str, Any], problem: str) -> None:
    """Author and message are needed and must be text that can be stored and shown; nothing is written without."""
    history = opened()
    with pytest.raises(ValueError, match=r"author|message") as caught:
        history.commit(FIRST, **given)
    assert told(caught).partition("\n\nHint")[0] == problem
    assert history.names() == ()


def test_the_way_out_of_naming_people() -> None:
    """The error shows what to pass, and that a history may do without; then nothing is asked, and no note is kept."""
    with pytest.raises(ValueError, match="must be given") as caught:
        opened().commit(FIRST)
    assert told(caught).endswith("Hint: author=…, message=…; History(…, anonymous=True) does without")
    version = opened(anonymous=True).commit(FIRST)
    assert (version.author, version.message, version.owner, version.erased) == (None, None, None, False)


@pytest.mark.parametrize("field", ["author", "message", "owner", "name", "idempotency_key"])
def test_text_is_text(field: str) -> None:
    """What is no text where text belongs is a TypeError that names the argument."""
    with pytest.raises(TypeError, match=rf"^{field.replace('name', 'the profile.s name')} must be text \(got 3\)$"):
        opened().commit(FIRST, **{**ANN, field: 3})


def test_a_message_may_have_several_lines() -> None:
    """Lines and tabs are allowed in a message, and come back as they were."""
    assert opened().commit(FIRST, author="ann", message="a\n\n\t- b").message == "a\n\n\t- b"
    assert text_of("x", "é 日本", 10) == "é 日本"


@pytest.mark.parametrize("given", ["SaaS", None, FIRST.to_table()])
def test_a_history_keeps_profiles(given: Any) -> None:
    """Anything else is refused with its type."""
    with pytest.raises(TypeError, match=rf"^a history keeps profiles \(got {type(given).__name__}\)$"):
        opened().commit(given, **ANN)


# Profiles


def test_profiles_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many profiles are kept at hand; the others are read again when they are asked for."""
    monkeypatch.setattr(ledger, "_KEPT", 2)
    history = of_three()
    assert len(history._ledger.profiles) == 2
    assert [history["SaaS", number].profile for number in (1, 2, 3, 1)] == [FIRST, SECOND, THIRD, FIRST]
    assert len(history._ledger.profiles) == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (None, "the profile of v1 of 'SaaS' is not there"),
        (Body(1, b"nonsense, which nobody packed"), "the profile of v1 of 'SaaS' is damaged: its bytes are not those"),
        ("other", "the profile of v1 of 'SaaS' is not the one that was written"),
    ],
)
def test_a_profile_that_is_not_what_was_written(tmp_path: Path, body: Any, problem: str) -> None:
    """A text that is gone, damaged or another one is told with its version, and never taken for a profile."""
    history = opened()
    version = history.commit(FIRST, **ANN)
    history._ledger.profiles.clear()
    bodies = history.store._spaces["default"].bodies  # type: ignore[attr-defined]
    key = next(iter(bodies))
    if body is None:
        bodies.clear()
    else:
        bodies[key] = opened_body() if body == "other" else body
    with pytest.raises(icp.StoreDamagedError) as caught:
        _ = history["SaaS", version.number].profile
    assert told(caught).startswith(f"memory: {problem}")
    assert not history.verify()


def opened_body() -> Body:
    """Give the packed text of another profile."""
    from icpkit.history.records import packed

    return packed(1, compact(SECOND))


def test_a_profile_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is whole and yet no profile is told, with what is wrong."""
    history = opened()
    history.commit(FIRST, **ANN)
    history._ledger.profiles.clear()
    monkeypatch.setattr(ledger, "text_in", lambda *_: '{"format":99}')
    with pytest.raises(icp.StoreDamagedError, match="the profile of v1 of 'SaaS' cannot be loaded: the text has"):
        _ = history["SaaS"].profile


def test_a_version_without_a_number_is_damage() -> None:
    """An entry that is called a version and is none is told as damage."""
    history = opened()
    history.commit(FIRST, **ANN)
    stored = history.events()[0]._stored
    with pytest.raises(icp.StoreDamagedError, match="a version has a number and a profile"):
        history._ledger.version(stored._replace(entry=stored.entry._replace(number=None)))


def test_nothing_is_overdue_where_there_is_nothing() -> None:
    """An empty history has a present, too."""
    assert opened().overdue() == opened().overrides.active() == []


def test_an_entry_that_is_missing_is_told_when_it_is_needed() -> None:
    """Where an alias pointed at a moment cannot be told without an entry that is gone."""
    history = of_three()
    history.move_alias("SaaS", "production", to=1, author="ann", reason="x")
    del history.store._spaces["default"].entries[2]  # type: ignore[attr-defined]
    with pytest.raises(icp.StoreDamagedError, match="entry 4 of space 'default' is not there"):
        history.alias("SaaS", "production", at="2026-12-31")
