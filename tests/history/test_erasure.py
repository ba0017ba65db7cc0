from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.words import ENGLISH
from tests.history.cases import ANN, BEN, CLEO, DANA, FIRST, SECOND, Clock, of_three, opened, told

ANN_IS, DANA_IS = "ann@example.com", "dana@example.com"


def test_what_a_person_wrote_is_erased() -> None:
    """Name and words go from everything that the person wrote; the versions stay, and the chain verifies."""
    history = of_three()
    history.approve("SaaS@v2", "sales", author=ANN_IS, message="Yes")
    history.tag("SaaS@v1", "q1", author=ANN_IS)
    ids = [version.id for version in history.log("SaaS")]
    gone = history.erase(author=ANN_IS)
    assert (gone, str(gone)) == (icp.Erasure(notes=4, carried=0), "erased: 4 notes")
    assert [version.id for version in history.log("SaaS")] == ids
    one, two = history["SaaS", 1], history["SaaS", 2]
    assert (one.author, one.message, one.erased, one.profile) == (None, None, True, FIRST)
    assert (two.author, two.erased) == ("ben@example.com", False)
    assert history.approvals("SaaS@v2")["sales"].author is None
    assert "(erased)" in str(history.log("SaaS"))
    assert "ann@" not in str(history.log("SaaS")) + str(history.events())
    found = history.verify()
    assert (found.ok, found.erased) == (True, 4)
    assert str(history.events()[-1].describe()) == "4 notes erased"


def test_who_answers_for_a_profile_is_erased() -> None:
    """A version whose owner is erased loses its note, whoever wrote it."""
    history = opened()
    history.commit(FIRST, owner="owner@example.com", **ANN)
    history.commit(SECOND, expected=1, **BEN)
    assert history.erase(author="owner@example.com").notes == 1
    assert (history["SaaS", 1].owner, history["SaaS", 1].author) == (None, None)
    assert history["SaaS", 2].author == "ben@example.com"


def test_what_was_written_about_an_account_is_erased() -> None:
    """The overrides of an account lose its key, and hold no more."""
    history = of_three()
    history.overrides.set("acme", fit=80, **DANA)
    history.overrides.set("globex", fit=20, **DANA)
    history.overrides.set(7, fit=20, **DANA)
    gone = history.erase(account="acme")
    assert (gone.notes, gone.carried) == (1, 0)
    assert [one.account for one in history.overrides.log()] == [None, "globex", 7]
    assert [one.account for one in history.overrides.active()] == ["globex", 7]
    assert history.overrides.of("acme") == []
    with pytest.raises(ValueError, match=r"^nothing is about the account '7', but something is about 7, a number$"):
        history.erase(account="7")
    assert history.erase(account="8").notes == history.erase(account=8).notes == 0
    assert history.erase(account=7, by="dpo@example.com", reason="Request 17").notes == 1
    last = history.events()[-1]
    assert (last.kind, last.author, last.message) == ("erased", "dpo@example.com", "Request 17")
    history.overrides.set("9", fit=20, **DANA)
    with pytest.raises(ValueError, match=r"^nothing is about the account 9, but something is about '9', a text$"):
        history.erase(account=9)
    assert str(history.overrides.log()).splitlines()[1].startswith("(erased)")
    assert history.events()[3].describe() == "override of (erased): 80"
    assert history.verify()


def test_nothing_to_erase() -> None:
    """Where nobody wrote so, nothing happens and nothing is noted; the second time, too."""
    history = of_three()
    assert history.erase(author="nobody") == icp.Erasure(0, 0)
    assert str(history.erase(account="acme")) == "erased: 0 notes"
    assert len(history.events()) == 3
    history.erase(author=ANN_IS)
    assert history.erase(author=ANN_IS) == icp.Erasure(0, 0)
    assert len(history.events()) == 4


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "erase either an author or an account: history.erase(author=…)"),
        ({"author": "a", "account": "b"}, "erase either an author or an account: history.erase(author=…)"),
        ({"author": ""}, "author must not be blank (got '')"),
        ({"author": 3}, "author must be text (got 3)"),
        ({"account": ""}, "account must not be blank (got '')"),
        ({"account": 3.5}, "account must be a key, text or a whole number (got 3.5)"),
    ],
)
def test_what_cannot_be_erased(given: dict[str, Any], problem: str) -> None:
    """A mistake is told, rather than that there was nothing to erase."""
    with pytest.raises((ValueError, TypeError)) as caught:
        of_three().erase(**given)
    assert told(caught) == problem


# Overrides hold on


def test_overrides_hold_on_without_their_author() -> None:
    """When who decided is erased, what holds holds on, without the name and the words."""
    history = of_three(Clock())
    history.overrides.set("acme", fit=80, expires="2027-01-01", **DANA)
    history.overrides.set("globex", tier="Weak", **DANA)
    gone = history.erase(author=DANA_IS)
    assert (gone.notes, gone.carried, str(gone)) == (2, 2, "erased: 2 notes; without them 2 overrides hold on")
    held = {one.account: one for one in history.overrides.active()}
    assert (held["acme"].fit, held["globex"].tier) == (80, "Weak")
    assert held["acme"].expires is not None
    assert {(one.author, one.justification) for one in held.values()} == {(None, None)}
    assert [one.version for one in held.values()] == [3, 3]
    assert history.erase(account="acme").notes == 1
    assert [one.account for one in history.overrides.active()] == ["globex"]
    history.overrides.clear("globex", **DANA)
    assert history.erase(author=DANA_IS).carried == 1
    assert history.overrides.active() == []
    assert history.verify()


@pytest.mark.parametrize("last", ["clear", "expired", "set"])
def test_what_was_decided_before_does_not_hold_again(last: str) -> None:
    """When the last decision about an account is erased with its author, an earlier one does not come back."""
    clock = Clock()
    history = of_three(clock)
    history.overrides.set("acme", tier="Perfect", justification="Pilot", author="ben@example.com")
    if last == "clear":
        history.overrides.clear("acme", **DANA)
    else:
        history.overrides.set("acme", tier="Weak", expires="2026-08-01" if last == "expired" else None, **DANA)
    clock.set("2026-09-01")
    before = [one.tier for one in history.overrides.active()]
    gone = history.erase(author=DANA_IS)
    assert str(gone) == "erased: 1 note; without them 1 override holds on"
    assert [one.tier for one in history.overrides.active()] == before == (["Weak"] if last == "set" else [])
    assert history.verify()


def test_an_earlier_decision_is_not_carried() -> None:
    """When who decided first is erased, what somebody else decided later holds as it did."""
    history = of_three()
    history.overrides.set("acme", tier="Perfect", **DANA)
    last = history.overrides.set("acme", tier="Weak", justification="No budget", author="ben@example.com")
    assert history.erase(author=DANA_IS).carried == 0
    assert list(history.overrides.active()) == [last]


def test_an_erasure_in_other_words() -> None:
    """What was erased is told in the words that are passed."""
    german = {**ENGLISH, "erasure": "gelöscht: {notes}", "verify_notes_one": "1 Notiz"}
    assert icp.Erasure(1, 0).describe(german) == "gelöscht: 1 Notiz"
    assert str(icp.Erasure(1, 0)) == "erased: 1 note"


def test_approvals_count_without_their_author() -> None:
    """An approval stays one after its author was erased, and so does a demand."""
    history = of_three()
    history.require(["sales"], author=DANA_IS, reason="Policy")
    history.approve("SaaS@v1", "sales", author=DANA_IS)
    history.erase(author=DANA_IS)
    history.move_alias("SaaS", "production", to=1, **CLEO)
    with pytest.raises(icp.UnapprovedError):
        history.move_alias("SaaS", "production", to=2, expected=1, **CLEO)


def test_other_spaces_are_left_alone(tmp_path: Path) -> None:
    """What the same person wrote in another space stays."""
    one, two = (icp.History(tmp_path / "icp.db", space=space) for space in ("a", "b"))
    one.commit(FIRST, **ANN)
    two.commit(FIRST, **ANN)
    assert one.erase(author=ANN_IS).notes == 1
    assert (one.head("SaaS").author, two.head("SaaS").author) == (None, ANN_IS)
    assert one.verify().ok is two.verify().ok is True
    one.close()
    two.close()


def test_a_damaged_override_is_told_and_nothing_is_erased() -> None:
    """Where what is to be carried over cannot be read, the erasure says so, and erases nothing."""
    history = of_three()
    history.overrides.set("acme", fit=80, **DANA)
    entries = history.store._spaces[history.space].entries  # type: ignore[attr-defined]
    entries[-1] = entries[-1]._replace(data="{")
    with pytest.raises(icp.StoreDamagedError, match="entry 4 of space 'default': is not as it was written"):
        history.erase(author="dana@example.com")
    entries[-1] = entries[-1]._replace(data='{"action":"set","fit":80000000}')
    assert history.overrides.log()[0].author == "dana@example.com"
