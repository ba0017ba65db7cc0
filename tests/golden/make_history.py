"""Write the golden history of this layout anew: ``python -m tests.golden.make_history``.

What a release has written is never written again: every later one must open it, verify it and give the same. So this is
run by hand, and only until the first release with a history.
"""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import icpkit as icp
from icpkit.history import History
from icpkit.history.store import Store

HERE = Path(__file__).parent
STORE = HERE / "history_1.db"
FACTS = HERE / "history_1.json"
SPACES = ("default", "t42")
NAME = "Mid-market SaaS"
MOMENTS = ("2026-01-05", "2026-02-20", "2026-04-01", "2026-05-09T12:00:00+02:00", "2026-12-31")
PEOPLE = {name: f"{name}@example.com" for name in ("revops", "marketing", "sales", "product", "leaver")}


def ticking(start: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC), step: timedelta = timedelta(days=3, hours=1)) -> Any:
    """Give a clock that goes on by a step each time it is asked."""
    times = iter(start + step * ticks for ticks in range(1_000_000))
    return lambda: next(times)


def story(where: "str | Path | Store") -> None:
    """Write a history in which everything happens that can happen, in two spaces."""
    clock = ticking()
    history = History(where, clock=clock)
    _versions(history)
    _labels(history)
    _overrides(history)
    history.erase(author=PEOPLE["leaver"])
    history.erase(account="gone.example")
    history.commit(
        icp.standard_profile("Enterprise"),
        author=PEOPLE["product"],
        message="After the erasure",
        expected=1,
        allow_same=True,
    )
    other = History(history.store, space="t42", clock=clock)
    first = other.commit(icp.standard_profile(NAME), author="ada@t42.example", message="Of another tenant")
    other.move_alias(NAME, "production", to=first, author="ada@t42.example", reason="Launch")
    other.overrides.adjust("acme", -5, justification="Paused", author="ada@t42.example")
    history.close()


def _versions(history: History) -> None:
    profile = icp.standard_profile(NAME)
    signed: dict[str, Any] = {"author": PEOPLE["revops"]}
    first = history.commit(
        profile, **signed, message="First definition", effective_from="2026-01-01", owner=PEOPLE["leaver"]
    )
    second = history.commit(
        profile.with_weight("technographics", 30),
        author=PEOPLE["marketing"],
        message="Q2 review:\nrecency “matters” more",
        expected=first,
        effective_from="2026-04-01",
        idempotency_key="request-7",
    )
    draft = profile.with_weight("technographics", 35)
    history.commit(draft, author=PEOPLE["leaver"], message="To be talked about", expected=second, draft=True)
    history.commit(draft, author=PEOPLE["sales"], message="Agreed", expected=3)
    history.rollback(NAME, 2, author=PEOPLE["revops"], message="Too many small ones")
    history.commit(icp.standard_profile("Enterprise"), author=PEOPLE["product"], message="A second one")


def _labels(history: History) -> None:
    history.tag((NAME, 2), "2026-Q2")
    history.tag((NAME, 5), "2026-Q3", author=PEOPLE["leaver"], reason="Quarter’s end")
    history.move_alias(NAME, "production", to=1, author=PEOPLE["revops"], reason="Launch")
    history.require(["marketing", "sales"], author=PEOPLE["revops"], reason="Both have a say")
    history.approve((NAME, 2), "marketing", author=PEOPLE["marketing"])
    history.approve((NAME, 2), "sales", author=PEOPLE["leaver"], message="Fine")
    history.move_alias(NAME, "production", to=2, expected=1, author=PEOPLE["revops"], reason="Approved")
    history.approve((NAME, 4), "product", author=PEOPLE["product"])
    history.withdraw_approval((NAME, 4), "product", author=PEOPLE["product"], message="Not yet")
    history.move_alias(NAME, "trial", to=5, author=PEOPLE["sales"], reason="For a week")
    history.move_alias(NAME, "trial", to=None, expected=5, author=PEOPLE["sales"], reason="Over")
    history.review(NAME, author=PEOPLE["product"], message="Still right", next_due="2027-01-15")


def _overrides(history: History) -> None:
    log = history.overrides
    log.set("acme", tier="Perfect", justification="Strategic", author=PEOPLE["sales"], name=NAME)
    log.set(17, fit=12.5, justification="Bankrupt", author=PEOPLE["leaver"], expires="2027-06-30", name=NAME)
    log.adjust("gone.example", 7.25, justification="Asked for it", author=PEOPLE["sales"], name=NAME)
    rows = [{"account": f"account-{number}", "points": number} for number in range(1, 4)]
    log.set_many(rows, justification="Fair", author=PEOPLE["sales"], name=NAME)
    log.clear("acme", justification="No longer", author=PEOPLE["sales"], name=NAME)


def facts(path: Path) -> dict[str, Any]:
    """Tell what a history holds, as plain data: what a later release must find in the same file."""
    return {space: _facts_of(History(path, space=space, read_only=True)) for space in SPACES}


def _facts_of(history: History) -> dict[str, Any]:
    with history:
        names = history.names()
        overrides = [
            [
                one.account,
                one.name,
                one.action,
                one.tier,
                one.fit,
                one.points,
                one.author,
                one.version,
                _iso(one.expires),
            ]
            for one in history.overrides.log()
        ]
        return {
            "checkpoint": str(history.checkpoint()),
            "verified": str(history.verify()),
            "events": [
                [one.seq, one.kind, one.name, one.version, one.label, one.author, one.message, _iso(one.at), one.id]
                for one in history.events()
            ],
            "versions": {
                name: [
                    [one.number, one.kind, one.id, one.parent, one.content_id, one.profile.content_id, one.owner,
                     _iso(one.committed_at), _iso(one.effective_from), one.restores]
                    for one in history.log(name)
                ]
                for name in names
            },
            "labels": {name: history.labels(name) for name in names},
            "in_force": {name: [_number(history, name, moment) for moment in MOMENTS] for name in names},
            "due": {name: history.review_due(name).isoformat() for name in names},
            "approvals": {name: sorted(history.approvals(name + "@v1")) for name in names},
            "overrides": overrides,
            "scores": {name: _scores(history, name) for name in names},
        }  # fmt: skip


def _number(history: History, name: str, moment: str) -> int | None:
    try:
        return history.in_force(name, at=moment).number
    except LookupError:
        return None


def _scores(history: History, name: str) -> list[list[Any]]:
    """Give the tier and the fit in millionths of some accounts, with the version in force in the summer."""
    accounts = json.loads((HERE / "accounts.json").read_text(encoding="utf-8"))[:12]
    scored = [history.score(name, one, as_of="2027-07-01", key="id", on_invalid="unknown") for one in accounts]
    return [[one.key, one.tier, None if one.fit is None else round(one.fit * 10**6)] for one in scored]


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def without_chance(work: Callable[[], None]) -> None:
    """Do something with salts that are the same each time; for tests alone."""
    with mock.patch("icpkit.history.records.secrets.token_bytes", random.Random(20261121).randbytes):
        work()


def main() -> None:
    """Write the store and what it holds."""
    STORE.unlink(missing_ok=True)
    without_chance(lambda: story(STORE))
    STORE.with_name(STORE.name + "-journal").unlink()  # it is empty: nothing is under way
    FACTS.write_text(json.dumps(facts(STORE), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
