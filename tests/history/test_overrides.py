from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from tests.history.cases import ANN, BEN, DANA, FIRST, SECOND, Clock, opened, saas, told


def started(clock: Clock | None = None) -> icp.History:
    """Give a history of one version."""
    history = opened(clock)
    history.commit(FIRST, **ANN)
    return history


def why_not(history: icp.History, call: Any, **given: Any) -> str:
    """Give what is wrong with one override, which is not written."""
    before = len(history.events())
    with pytest.raises(icp.OverridesError) as caught:
        call(**{**DANA, **given})
    assert len(history.events()) == before
    head, problem = told(caught).split("\n  ", 1)
    assert head == "1 override cannot be, so none was written:"
    assert problem.startswith(f"account {given['account']!r}: ")
    return problem.partition(": ")[2].partition("\n\n")[0]


# One by one


def test_a_tier_of_your_own() -> None:
    """An override says what was decided about whom, why, by whom, when, until when, and against which version."""
    history = started(Clock())
    given = history.overrides.set("acme", tier="Strong", expires="2026-12-31", **DANA)
    assert given == icp.Override(
        account="acme",
        name="SaaS",
        action="set",
        fit=None,
        tier="Strong",
        points=None,
        justification="Strategic partner",
        author="dana@example.com",
        at=datetime(2026, 1, 5, 9, 0, 3, tzinfo=UTC),
        expires=datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        version=1,
        seq=2,
    )
    assert list(history.overrides.active()) == [given]


@pytest.mark.parametrize(
    ("given", "said"),
    [({"fit": 80}, "80"), ({"fit": 62.123456}, "62.123456"), ({"fit": 0}, "0"), ({"tier": "Weak"}, "Weak")],
)
def test_a_fit_of_your_own(given: dict[str, Any], said: str) -> None:
    """A fit has up to six decimals and comes back as it was."""
    history = started()
    made = history.overrides.set(7, **given, **DANA)
    assert (made.account, made.action, made.fit, made.tier) == (7, "set", given.get("fit"), given.get("tier"))
    assert made.describe() == said


@pytest.mark.parametrize(
    ("points", "said"), [(5, "+5 points"), (-12.345678, "-12.345678 points"), (0.5, "+0.5 points")]
)
def test_points_are_added(points: float, said: str) -> None:
    """An adjustment adds points, or takes some."""
    made = started().overrides.adjust("acme", points, **DANA)
    assert (made.action, made.points, made.fit, made.describe()) == ("adjust", points, None, said)


def test_an_override_is_taken_back() -> None:
    """Clearing ends what holds, and stays in the log; there must be something to clear."""
    history = started()
    history.overrides.set("acme", fit=80, **DANA)
    cleared = history.overrides.clear("acme", **DANA)
    assert (cleared.action, cleared.describe()) == ("clear", "cleared")
    assert history.overrides.active() == []
    assert [one.action for one in history.overrides.of("acme")] == ["set", "clear"]
    problem = "there is nothing to clear for 'acme' under 'SaaS'"
    assert why_not(history, history.overrides.clear, account="acme") == problem
    assert why_not(history, history.overrides.clear, account="never").startswith(
        "there is nothing to clear for 'never'"
    )
    history.overrides.adjust("acme", 3, **DANA)
    assert len(history.overrides.active()) == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"tier": "strong"},
            "tier must be one of Perfect, Strong, Moderate, Weak (got 'strong'); did you mean 'Strong'?",
        ),
        ({"tier": "A"}, "tier must be one of Perfect, Strong, Moderate, Weak (got 'A')"),
        ({"tier": 3}, "tier must be one of Perfect, Strong, Moderate, Weak (got 3)"),
        ({}, "give one of tier, fit and points (got none)"),
        ({"tier": "Strong", "fit": 80}, "give one of tier, fit and points (got tier, fit)"),
        ({"fit": 100.1}, "fit must be a number from 0 to 100 with at most six decimals (got 100.1)"),
        ({"fit": -1}, "fit must be a number from 0 to 100 with at most six decimals (got -1)"),
        ({"fit": 50.1234567}, "fit must be a number from 0 to 100 with at most six decimals (got 50.1234567)"),
        ({"fit": float("nan")}, "fit must be a number from 0 to 100 with at most six decimals (got nan)"),
        ({"fit": True}, "fit must be a number from 0 to 100 with at most six decimals (got True)"),
        ({"fit": "80"}, "fit must be a number from 0 to 100 with at most six decimals (got '80')"),
        (
            {"fit": 80, "justification": None},
            "justification must be given: who changes what, and why, is what a history is for",
        ),
        ({"fit": 80, "justification": " "}, "justification must not be blank (got ' ')"),
        ({"fit": 80, "author": None}, "author must be given: who changes what, and why, is what a history is for"),
        ({"fit": 80, "expires": "2026-01-04"}, "expires must lie ahead (got '2026-01-04')"),
        ({"fit": 80, "expires": "soon"}, "expires must be ISO 8601 text (got 'soon')"),
        ({"fit": 80, "expires": "9999-12-31"}, "expires must lie between the years 1700 and 2250 (got '9999-12-31')"),
        ({"fit": 80, "account": ""}, "account must not be blank (got '')"),
        ({"fit": 80, "account": None}, "account must be a key, text or a whole number (got None)"),
        ({"fit": 80, "account": True}, "account must be a key, text or a whole number (got True)"),
        ({"fit": 80, "account": 1.0}, "account must be a key, text or a whole number (got 1.0)"),
        ({"fit": 80, "account": 2**60}, f"account must be within ±2^53 (got {2**60})"),
        ({"fit": 80, "version": 3.5}, "a version is named by itself, 'name', 'name@label', or (name, label) (got 3.5)"),
    ],
)
def test_an_override_that_cannot_be(given: dict[str, Any], problem: str) -> None:
    """The error names the account, the field and the value, and nothing is written."""
    history = started(Clock())
    assert why_not(history, history.overrides.set, **{"account": "acme", **given}) == problem


@pytest.mark.parametrize("points", [0, 101, -100.5, None, "5"])
def test_points_that_cannot_be(points: Any) -> None:
    """Points are a number from -100 to 100, and not 0."""
    history = started()
    problem = why_not(history, history.overrides.adjust, account="acme", points=points)
    wanted = f"points must be a number from -100 to 100, not 0, with at most six decimals (got {points!r})"
    assert problem == ("give one of tier, fit and points (got none)" if points is None else wanted)


# Which profile, which version


def test_the_profile_and_the_version() -> None:
    """With one profile its name may be left out; the head is what an override is made against, unless said."""
    history = started()
    history.commit(SECOND, expected=1, **BEN)
    assert history.overrides.set("acme", fit=1, **DANA).version == 2
    assert history.overrides.set("acme", fit=1, version="SaaS@v1", **DANA).version == 1
    assert history.overrides.set("acme", fit=1, name="SaaS", version=history["SaaS", 1], **DANA).version == 1
    history.commit(saas(name="Other"), **ANN)
    problem = "name must say which profile, since the history has 2: 'Other', 'SaaS'"
    assert why_not(history, history.overrides.set, account="acme", fit=1) == problem
    assert history.overrides.set("acme", fit=1, name="Other", **DANA).name == "Other"
    wrong = why_not(history, history.overrides.set, account="acme", fit=1, name="Other", version="SaaS@v1")
    assert wrong == "version must be one of 'Other' (got one of 'SaaS')"
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Sass'"):
        history.overrides.set("acme", fit=1, name="Sass", **DANA)
    with pytest.raises(icp.NoSuchVersionError, match="'SaaS' has no version 9"):
        history.overrides.set("acme", fit=1, version="SaaS@v9", **DANA)
    empty = opened()
    assert why_not(empty, empty.overrides.set, account="acme", fit=1) == (
        "name must say which profile, since the history has 0"
    )


def test_tiers_are_those_of_the_version() -> None:
    """A tier must be one of the version against which it is decided."""
    history = started()
    letters = saas(tiers=icp.TierScale.a_to_d())
    history.commit(letters, expected=1, **BEN)
    assert history.overrides.set("acme", tier="A", **DANA).version == 2
    assert history.overrides.set("acme", tier="Strong", version="SaaS@v1", **DANA).version == 1
    assert why_not(history, history.overrides.set, account="acme", tier="Strong") == (
        "tier must be one of A, B, C, D (got 'Strong')"
    )


# Many


FRAMES: dict[str, Any] = {
    "records": lambda columns: [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
    "columns": dict,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "arrow": pa.table,
}


@pytest.mark.parametrize("frame", FRAMES)
def test_many_at_once(frame: str) -> None:
    """A table of any kind gives one override for each row; what a row lacks is taken from the call."""
    history = started(Clock())
    rows = FRAMES[frame](
        {
            "account": ["acme", "globex", "initech"],
            "tier": ["Strong", None, None],
            "fit": [None, 62.5, None],
            "points": [None, None, -5.0],
            "expires": [date(2026, 3, 1), None, None],
            "author": [None, "eve@example.com", None],
        }
    )
    made = history.overrides.set_many(rows, name="SaaS", expires="2026-06-30", **DANA)
    assert [(one.account, one.tier, one.fit, one.points) for one in made] == [
        ("acme", "Strong", None, None),
        ("globex", None, 62.5, None),
        ("initech", None, None, -5.0),
    ]
    assert [one.expires.date().isoformat() for one in made if one.expires] == ["2026-03-01", "2026-06-30", "2026-06-30"]
    assert [one.author for one in made] == ["dana@example.com", "eve@example.com", "dana@example.com"]
    assert list(history.overrides.log()) == list(made)
    assert history.verify()


@pytest.mark.parametrize("frame", FRAMES)
def test_all_of_many_or_none(frame: str) -> None:
    """Where a row cannot be, none is written, and every bad row is named with its account."""
    history = started()
    rows = FRAMES[frame]({"account": ["acme", "globex", "acme", " "], "fit": [80.0, 300.0, 70.0, 1.0]})
    with pytest.raises(icp.OverridesError) as caught:
        history.overrides.set_many(rows, **DANA)
    assert told(caught).splitlines() == [
        "3 overrides cannot be, so none was written:",
        "  row 2, account 'globex': fit must be a number from 0 to 100 with at most six decimals (got 300.0)",
        "  row 3, account 'acme': is in row 1 already: give each account one row",
        "  row 4, account None: account must be a key, text or a whole number (got None)",
    ]
    assert len(caught.value.problems) == 3
    assert history.overrides.log() == []


def test_rows_of_several_profiles() -> None:
    """A row may name its profile; an account may have one row for each, and rows that name none need a name."""
    history = started()
    history.commit(SECOND, expected=1, **BEN)
    history.commit(saas(name="Other"), **ANN)
    rows = [{"account": "a", "fit": 1, "profile": "Other"}, {"account": "a", "fit": 2, "profile": None}]
    made = history.overrides.set_many(rows, name="SaaS", version="SaaS@v1", **DANA)
    assert [(one.name, one.version) for one in made] == [("Other", 1), ("SaaS", 1)]
    with pytest.raises(icp.OverridesError) as caught:
        history.overrides.set_many(
            [*rows, {"account": "b", "fit": 1, "profile": "Nope"}, {"account": "c", "fit": 1}], **DANA
        )
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        *("row 2, account 'a'", "row 3, account 'b'", "row 4, account 'c'"),
    ]
    assert "there is no profile 'Nope'" in caught.value.problems[1]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (
            [{"acount": "a", "fit": 1}],
            ("the column 'account' is missing", "there is no column 'acount': did you mean 'account'?"),
        ),
        (
            {"account": ["a"], "score": [1]},
            ("there is no column 'score': account, tier, fit, points, justification, author, expires, profile",),
        ),
        ({}, ("the column 'account' is missing",)),
    ],
)
def test_columns_that_cannot_be(rows: Any, problems: tuple[str, ...]) -> None:
    """A column that is missing or unknown is named, with what was probably meant."""
    with pytest.raises(icp.OverridesError) as caught:
        started().overrides.set_many(rows, **DANA)
    assert caught.value.problems == problems


@pytest.mark.parametrize("rows", [[], pd.DataFrame({"account": [], "fit": []}), {"account": [], "tier": []}])
def test_no_rows_are_no_overrides(rows: Any) -> None:
    """An empty table writes nothing."""
    history = started()
    assert history.overrides.set_many(rows, **DANA) == ()
    assert len(history.events()) == 1


def test_what_is_no_table() -> None:
    """Anything else is refused as it is for scoring."""
    with pytest.raises(TypeError, match="a table must be a data frame"):
        started().overrides.set_many("acme", **DANA)


def test_numbers_of_numpy() -> None:
    """Whole numbers of a frame are keys and fits, whatever their type there."""
    history = started()
    made = history.overrides.set_many(pd.DataFrame({"account": np.array([1, 2]), "fit": np.array([80, 90])}), **DANA)
    assert [(one.account, one.fit) for one in made] == [(1, 80), (2, 90)]
    three: Any = np.int64(3)
    assert history.overrides.set(three, fit=three, **DANA).account == 3
    assert len(history.overrides.of(three)) == 1
    wrong: Any
    for wrong in (1.5, True, None, b"x"):
        with pytest.raises(icp.OverridesError, match="account must be a key, text or a whole number"):
            history.overrides.set(wrong, fit=80, **DANA)


def test_a_frame_as_pandas_reads_it() -> None:
    """A gap makes floats of a column of keys, and days are midnights: both are taken as they were meant."""
    history = started()
    days = pd.to_datetime(["2027-01-31 00:00", "2027-01-31 09:00", None])
    frame = pd.DataFrame({"account": [1001.0, 1002.0, None], "fit": [80, 81, 82], "expires": days})
    with pytest.raises(icp.OverridesError) as caught:
        history.overrides.set_many(frame, **DANA)
    assert [problem.partition(" (")[0] for problem in caught.value.problems] == [
        "row 2, account 1002: expires must say its time zone",
        "row 3, account None: account must be a key, text or a whole number",
    ]
    (made,) = history.overrides.set_many(frame[:1], **DANA)
    assert made.account == 1001
    assert made.expires == datetime(2027, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)


# Queries


def test_what_holds() -> None:
    """The last decision about an account holds, until it is cleared or its last day is over."""
    clock = Clock()
    history = started(clock)
    clock.set("2026-02-02")
    first = history.overrides.set("acme", fit=80, **DANA)
    clock.set("2026-03-02")
    second = history.overrides.adjust("acme", 5, expires="2026-03-31", **DANA)
    other = history.overrides.set("globex", tier="Weak", **DANA)
    assert list(history.overrides.active()) == [second, other]
    assert list(history.overrides.active(at="2026-02-15")) == [first]
    assert list(history.overrides.active(at="2026-01-31")) == []
    assert list(history.overrides.active(at="2026-03-31T12:00:00Z")) == [second, other]
    assert list(history.overrides.active(at="2026-04-01")) == [other]
    assert list(history.overrides.expired(at="2026-04-01")) == [second]
    assert list(history.overrides.expired()) == []
    clock.set("2026-05-01")
    assert list(history.overrides.expired()) == [second]
    history.overrides.clear("acme", **DANA)
    assert list(history.overrides.expired()) == []
    assert list(history.overrides.of("acme"))[:2] == [first, second]


def test_what_is_stale() -> None:
    """Stale is what holds and was decided against a version before the head."""
    history = started()
    one = history.overrides.set("acme", fit=80, **DANA)
    assert history.overrides.stale() == []
    history.commit(SECOND, expected=1, **BEN)
    assert list(history.overrides.stale()) == list(history.overrides.stale("SaaS")) == [one]
    history.overrides.set("acme", fit=80, **DANA)
    assert history.overrides.stale() == []


def test_queries_by_profile() -> None:
    """Each query is for one profile or for all; one that is not there is an error, not an empty answer."""
    history = started()
    history.commit(saas(name="Other"), **ANN)
    for name in ("SaaS", "Other"):
        history.overrides.set("acme", fit=80, name=name, **DANA)
    log = history.overrides
    assert [len(log.log(name)) for name in (None, "SaaS", "Other")] == [2, 1, 1]
    assert [len(log.of("acme", name)) for name in (None, "SaaS")] == [2, 1]
    assert [len(log.active(name)) for name in (None, "Other")] == [2, 1]
    queries: list[Any] = [log.log, log.active, log.expired, log.stale, lambda name: log.of("acme", name)]
    for query in queries:
        with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Sass'"):
            query("Sass")
    with pytest.raises(TypeError, match="account must be a key"):
        log.of(None)  # type: ignore[arg-type]


def test_a_key_is_text_or_a_number() -> None:
    """The account 7 is not the account "7"."""
    history = started()
    history.overrides.set(7, fit=80, **DANA)
    history.overrides.set("7", fit=20, **DANA)
    assert [one.fit for one in history.overrides.of(7)] == [80]
    assert [one.fit for one in history.overrides.of("7")] == [20]
    assert len(history.overrides.active()) == 2


def test_the_table_of_overrides() -> None:
    """Overrides read as a table, and say whose they are."""
    history = started(Clock())
    history.overrides.set("acme", tier="Strong", expires="2026-12-31", **DANA)
    history.overrides.adjust("globex", -5, **DANA)
    assert str(history.overrides.log()).splitlines() == [
        "account  profile  override   expires           justification      author            when              version",
        "acme     SaaS     Strong     2026-12-31 23:59  Strategic partner  dana@example.com  2026-01-05 09:00  v1",
        "globex   SaaS     -5 points  –                 Strategic partner  dana@example.com  2026-01-05 09:00  v1",
    ]
    assert repr(history.overrides.log()) == "<2 overrides>"
    assert repr(history.overrides) == "<overrides of space 'default'>"


def test_an_anonymous_history_needs_no_justification() -> None:
    """Where people need not be named, no reason is asked for an override either."""
    history = opened(anonymous=True)
    history.commit(FIRST)
    made = history.overrides.set("acme", fit=1)
    assert (made.author, made.justification, made.account) == (None, None, "acme")
