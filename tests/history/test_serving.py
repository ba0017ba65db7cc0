import logging
import pickle
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.history import serving
from icpkit.history.serving import Prepared
from tests.history.cases import ANN, BEN, CLEO, FIRST, SECOND, of_three, opened, told

#: Too large for the first profile, and perfect for the second.
BIG = {"id": "acme", "employees": 700}
DAY = "2026-11-21"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass at will."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def passed(seconds: float) -> None:
        now[0] += seconds

    return passed


def in_production() -> icp.History:
    """Give a history of three versions, the first of which is in production."""
    history = of_three()
    history.move_alias("SaaS", "production", to=1, **CLEO)
    return history


def moved(history: icp.History, to: int) -> None:
    """Point production to another version."""
    history.move_alias("SaaS", "production", to=to, expected="any", **CLEO)


def test_scores_carry_the_version() -> None:
    """A score says by which version it came about, and is the score that the profile alone gives."""
    history = in_production()
    scorer = history.scorer("SaaS@production")
    one = scorer.score(BIG, as_of=DAY, key="id")
    assert one.version_id == history["SaaS", 1].id
    assert (one.fit, one.key) == (icp.score(FIRST, BIG, as_of=DAY).fit, "acme")
    assert one.to_dict(stamp=True)["version_id"] == one.version_id
    assert scorer.explain(BIG, as_of=DAY, key="id").to_dict() == one.explanation.to_dict()
    assert (scorer.version, scorer.profile) == (history["SaaS", 1], FIRST)
    assert repr(scorer) == "<LiveScorer of 'SaaS@production': v1 of 'SaaS'>"
    with pytest.raises(icp.InvalidAccountError):
        scorer.score({"employees": "many"}, as_of=DAY)
    assert scorer.score({"employees": "many"}, as_of=DAY, on_invalid="unknown").invalid


def test_a_scorer_follows_after_a_while(clock: Callable[[float], None]) -> None:
    """A scorer looks again once it is older than max_age, and then follows an alias or a head."""
    history = in_production()
    scorer, head = history.scorer("SaaS@production", max_age=60), history.scorer("SaaS", max_age=60)
    moved(history, 2)
    history.commit(FIRST, expected=3, **ANN)
    clock(59.9)
    assert (scorer.version.number, head.version.number) == (1, 3)
    assert scorer.score(BIG, as_of=DAY).fit == 0
    clock(0.2)
    assert (scorer.version.number, head.version.number) == (2, 4)
    assert scorer.score(BIG, as_of=DAY).fit == 100
    assert scorer.score(BIG, as_of=DAY).version_id == history["SaaS", 2].id
    assert scorer.profile == SECOND


def test_a_scorer_that_looks_each_time() -> None:
    """With max_age=0 a move is seen by the next score."""
    history = in_production()
    scorer = history.scorer("SaaS@production", max_age=0)
    for number in (2, 3, 1):
        moved(history, number)
        assert scorer.version.number == number


def test_a_scorer_goes_on_without_its_store(
    clock: Callable[[float], None], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Where the store cannot be reached, the scorer goes on with what it has, says so once, and tries again later."""
    history = icp.History(tmp_path / "icp.db")
    version = history.commit(FIRST, **ANN)
    scorer = history.scorer("SaaS", max_age=60)
    history.close()
    clock(61)
    with caplog.at_level(logging.WARNING, logger="icpkit"):
        for _ in range(3):
            assert scorer.score(BIG, as_of=DAY).version_id == version.id
    assert [record.getMessage() for record in caplog.records] == [
        "the history has been closed: scoring goes on with v1 of 'SaaS'"
    ]
    clock(61)
    with caplog.at_level(logging.WARNING, logger="icpkit"):
        assert scorer.version == version
    assert len(caplog.records) == 2


def test_an_alias_that_is_gone_is_told(clock: Callable[[float], None]) -> None:
    """When there is no such version any more, that is an error and not a guess; when it is back, scoring goes on."""
    history = in_production()
    scorer = history.scorer("SaaS@production", max_age=60)
    history.move_alias("SaaS", "production", to=None, expected="any", **CLEO)
    clock(61)
    for _ in range(2):
        with pytest.raises(icp.NoSuchVersionError, match="'SaaS' has no version 'production'"):
            scorer.score(BIG, as_of=DAY)
    history.move_alias("SaaS", "production", to=2, **CLEO)
    assert scorer.version.number == 2


def test_one_thread_looks_while_the_others_go_on(
    clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one thread looks for a newer version, the others score with the one that there is."""
    history = in_production()
    scorer = history.scorer("SaaS@production", max_age=60)
    moved(history, 2)
    looking, go_on = threading.Event(), threading.Event()
    real = scorer._find

    def find() -> icp.Version:
        looking.set()
        assert go_on.wait(10)
        return real()

    monkeypatch.setattr(scorer, "_find", find)
    clock(61)
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(scorer.version.number))
    thread.start()
    assert looking.wait(10)
    assert scorer.version.number == 1
    assert scorer.score(BIG, as_of=DAY).fit == 0
    go_on.set()
    thread.join()
    assert found == [2]
    assert scorer.version.number == 2


@pytest.mark.parametrize("max_age", [-1, "60", None, True, float("nan")])
def test_an_age_that_is_none(max_age: Any) -> None:
    """An age that is no number of seconds is refused."""
    with pytest.raises(ValueError, match=r"^max_age must be a number of seconds, 0 or more \(got "):
        in_production().scorer("SaaS", max_age=max_age)


def test_a_scorer_of_nothing() -> None:
    """A version that is not there now is told when the scorer is made."""
    with pytest.raises(icp.NoSuchVersionError, match="'SaaS' has no version 'staging'"):
        in_production().scorer("SaaS@staging")


# Scored with what was in force


def test_scored_with_what_was_in_force() -> None:
    """An account is scored with the version that was in force at the moment of scoring."""
    history = of_three()
    found = [history.score("SaaS", BIG, as_of=day) for day in ("2026-02-01", "2026-04-06", "2026-12-31")]
    assert [one.fit for one in found] == [0, 100, 100]
    assert [one.version_id for one in found] == [history["SaaS", number].id for number in (1, 2, 3)]
    assert history.score("SaaS", BIG).version_id == history["SaaS", 3].id
    assert history.score("SaaS", BIG).as_of.isoformat().startswith("2026-07-06T09:00:0")
    assert history.score("SaaS", BIG, as_of="2026-02-01", key="id").key == "acme"
    assert history.score("SaaS", {"employees": "many"}, on_invalid="unknown").invalid
    with pytest.raises(icp.InvalidAccountError) as caught:
        history.score("SaaS", {"employees": "a secret"}, redact=True)
    assert "secret" not in told(caught)


@pytest.mark.parametrize(
    ("as_of", "problem"), [("2025-12-31", "was in force at 2025"), ("soon", "as_of must be ISO 8601 text")]
)
def test_nothing_to_score_with(as_of: str, problem: str) -> None:
    """Where nothing was in force, or the moment is none, that is an error."""
    with pytest.raises((LookupError, ValueError), match=problem):
        of_three().score("SaaS", BIG, as_of=as_of)


# What is prepared


def test_versions_that_score_alike_are_prepared_once() -> None:
    """Two versions that differ in their notes alone share what was prepared, and each score names its own."""
    history = opened()
    one = history.commit(FIRST, **ANN)
    two = history.commit(attrs.evolve(FIRST, meta={"note": "x"}), expected=1, **BEN)
    prepared = Prepared()
    first, second = prepared.of(one), prepared.of(two)
    assert prepared.of(one) is first
    assert second._plan is first._plan
    assert (first.version_id, second.version_id, second.profile) == (one.id, two.id, two.profile)


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many profiles the oldest is let go, and prepared again when it is needed."""
    monkeypatch.setattr(serving, "_KEPT", 2)
    history, prepared = of_three(), Prepared()
    first = prepared.of(history["SaaS", 1])
    for number in (2, 3):
        prepared.of(history["SaaS", number])
    assert len(prepared._kept) == 2
    again = prepared.of(history["SaaS", 1])
    assert again is not first
    assert again.score(BIG, as_of=DAY).fit == 0


def test_threads_share_a_scorer() -> None:
    """Many threads score with one scorer that looks each time, and each gets a score of one whole version."""
    history = in_production()
    scorer = history.scorer("SaaS@production", max_age=0)
    fits = {version.id: icp.score(version.profile, BIG, as_of=DAY).fit for version in history.log("SaaS")}
    wrong: list[Any] = []

    def work() -> None:
        for _ in range(50):
            one = scorer.score(BIG, as_of=DAY)
            if fits[str(one.version_id)] != one.fit:
                wrong.append(one)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in (2, 1, 3, 1, 2):
        moved(history, number)
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_score_of_a_version_travels() -> None:
    """A pickled score has the version's id where it arrives."""
    history = in_production()
    one = history.scorer("SaaS@v2").score(BIG, as_of=DAY)
    there = pickle.loads(pickle.dumps(one))
    assert (there, there.version_id) == (one, history["SaaS", 2].id)
