import re
from datetime import UTC, datetime

import pytest

import icpkit as icp
from icpkit.history.records import sealed
from icpkit.words import ENGLISH
from tests.history.cases import ANN, BEN, CLEO, DANA, FIRST, SECOND, THIRD, Clock, opened, saas

#: As a table shows the first minute of the clock.
WHEN = "2026-01-05 09:00"


def lived(clock: Clock | None = None) -> icp.History:
    """Give a history in which everything has happened once."""
    history = opened(clock or Clock())
    history.commit(FIRST, **ANN)
    history.commit(SECOND, expected=1, draft=True, **BEN)
    history.rollback("SaaS", to=1, **ANN)
    history.tag("SaaS@v1", "2026-Q1")
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.move_alias("SaaS", "production", to=None, expected=1, **CLEO)
    history.approve("SaaS@v1", "sales", author="ben@example.com")
    history.withdraw_approval("SaaS@v1", "sales", author="ben@example.com")
    history.require(["sales", "marketing"], **CLEO)
    history.require([], name="SaaS", **CLEO)
    history.review("SaaS", **ANN)
    history.overrides.set("acme", tier="Strong", **DANA)
    history.erase(author="dana@example.com")
    return history


def test_everything_that_happened() -> None:
    """Every kind of event is told in order, with when, whose, what, who and why."""
    shown = [re.split(" {2,}", line) for line in str(lived().events()).splitlines()]
    assert shown == [
        ["when", "profile", "what", "author", "message"],
        [WHEN, "SaaS", "v1 committed", *ANN.values()],
        [WHEN, "SaaS", "v2 committed as a draft", *BEN.values()],
        [WHEN, "SaaS", "v3 committed: back to v1", *ANN.values()],
        [WHEN, "SaaS", "tag 2026-Q1: v1", "–", "–"],
        [WHEN, "SaaS", "alias production → v1", *CLEO.values()],
        [WHEN, "SaaS", "alias production taken away", *CLEO.values()],
        [WHEN, "SaaS", "v1 approved by sales", "ben@example.com", "–"],
        [WHEN, "SaaS", "approval of v1 by sales withdrawn", "ben@example.com", "–"],
        [WHEN, "(all)", "alias production moves once approved by: marketing, sales", *CLEO.values()],
        [WHEN, "SaaS", "alias production moves once approved by: –", *CLEO.values()],
        [WHEN, "SaaS", "v3 reviewed, due again 2026-04-05", *ANN.values()],
        [WHEN, "SaaS", "override of (erased): Strong", "(erased)", "(erased)"],
        [WHEN, "(all)", "1 note erased", "–", "–"],
        [WHEN, "SaaS", "override of acme: Strong", "–", "–"],
    ]


def test_an_event() -> None:
    """An event has what programs ask for, too."""
    history = lived()
    one, tag = history.events()[0], history.events()[3]
    assert (one.seq, one.kind, one.name, one.version, one.label) == (1, "commit", "SaaS", 1, None)
    assert (one.author, one.message, one.erased) == (*ANN.values(), False)
    assert one.at == datetime(2026, 1, 5, 9, 0, 1, tzinfo=UTC)
    assert one.id == history["SaaS", 1].id
    assert (tag.kind, tag.version, tag.label) == ("tag", 1, "2026-Q1")
    assert [event.kind for event in history.events()] == [
        *(
            "commit",
            "draft",
            "rollback",
            "tag",
            "alias",
            "alias",
            "approval",
            "withdrawal",
            "requirement",
            "requirement",
        ),
        *("review", "override", "erased", "override"),
    ]
    assert "commit" in repr(one)
    assert one == history.events()[0]


def test_the_events_of_one_profile() -> None:
    """What happened to one profile leaves out the others, and what is said of all; the profile must be there."""
    history = lived()
    history.commit(saas(name="Other"), **ANN)
    assert {event.name for event in history.events()} == {"SaaS", "Other", ""}
    assert {event.name for event in history.events("SaaS")} == {"SaaS"}
    assert repr(history.events("Other")) == "<1 events>"
    with pytest.raises(icp.NoSuchVersionError, match="did you mean 'SaaS'"):
        history.events("Saas")
    assert str(opened().events()) == "no events"


def test_events_in_other_words() -> None:
    """Every event is told in the words that are passed."""
    german = {**ENGLISH, "event_commit": "v{version} gespeichert", "history_erased": "(gelöscht)"}
    history = lived()
    assert history.events()[0].describe(german) == "v1 gespeichert"
    assert "(gelöscht)" in history.events().to_text(german)


def test_what_a_later_release_wrote() -> None:
    """An entry of a kind that this release does not know is shown by its kind, and verifies."""
    history = opened()
    history.commit(THIRD, **ANN)
    with history.store.writing("default") as writer:
        later = sealed(writer.end(), space="default", kind="merge", name="SaaS", committed=2**52)
        writer.append(later, None)
    assert history.events()[-1].describe() == "merge"
    assert history.verify()
