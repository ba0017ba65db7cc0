from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.criteria import Criterion
from icpkit.history.records import Stored, beginning, sealed
from tests.history.cases import ANN, BEN, FIRST, SECOND, THIRD, Clock, of_three, opened, saas, told


def test_a_first_version_and_the_next() -> None:
    """The first of a name expects nothing; each other one names the version that it builds on, in any way."""
    history = opened()
    one = history.commit(FIRST, **ANN)
    assert history.commit(SECOND, expected=one, **BEN).number == 2
    assert history.commit(THIRD, expected=2, **BEN).number == 3
    assert history.commit(FIRST, expected="v3", **BEN).number == 4
    assert history.commit(SECOND, expected="SaaS@v4", **BEN).number == 5
    assert history.commit(THIRD, expected=("SaaS", "head"), **BEN).number == 6
    assert history.commit(FIRST, expected="any", **BEN).number == 7
    assert history.commit(saas(name="Other"), expected="any", **BEN).number == 1
    assert history.names() == ("Other", "SaaS")


# Conflicts


def test_a_name_that_is_there_already() -> None:
    """Without expected on a name that exists the error names the head, and shows what to pass."""
    history = opened()
    head = history.commit(FIRST, **ANN)
    with pytest.raises(icp.ConflictError) as caught:
        history.commit(SECOND, **BEN)
    assert told(caught) == (
        "'SaaS' is there already, and expected= does not say on which version this builds: "
        "its head is v1, committed 2026-01-05 09:00 UTC by ann@example.com\n\n"
        "Hint: look at it, then pass expected=history.head('SaaS'), or 1"
    )
    error = caught.value
    assert (error.name, error.base, error.ours, error.theirs, error.diff) == ("SaaS", None, SECOND, head, None)


def test_a_conflict_carries_all_that_is_needed_to_go_on() -> None:
    """Who builds on a version that is not the head gets base, ours, theirs and their diff, and can go on."""
    history = opened()
    base = history.commit(FIRST, **ANN)
    theirs = history.commit(SECOND, expected=base, **BEN)
    with pytest.raises(icp.ConflictError) as caught:
        history.commit(THIRD, expected=base, **ANN)
    error = caught.value
    assert (error.base, error.ours, error.theirs) == (base, THIRD, theirs)
    assert error.diff == icp.diff(FIRST, SECOND)
    assert told(caught) == (
        "'SaaS' has changed since v1: its head is v2, committed 2026-01-05 09:00 UTC by ben@example.com\n\n"
        "What changed meanwhile: SaaS\n  Size / employees: high 500 → 1,000\n\n"
        "Hint: take up what changed, then pass expected=2"
    )
    assert len(history.log("SaaS")) == 2
    assert history.commit(THIRD, expected=error.theirs, **ANN).parent == theirs.id
    assert history.verify()


def test_a_conflict_with_nobody() -> None:
    """A conflict in an anonymous history names nobody, and one that expects what was never there says so."""
    history = opened(anonymous=True)
    with pytest.raises(icp.ConflictError) as caught:
        history.commit(FIRST, expected=3)
    assert told(caught) == (
        "there is no 'SaaS' in this history (space 'default'), though expected=3\n\n"
        "Hint: leave expected out for the first version of a name"
    )
    assert (caught.value.ours, caught.value.theirs) == (FIRST, None)
    history.commit(FIRST)
    with pytest.raises(icp.ConflictError, match="committed 2026-01-05 09:00 UTC\n"):
        history.commit(SECOND)


@pytest.mark.parametrize(
    ("expected", "kind"),
    [(9, LookupError), ("v9", LookupError), ("latest", LookupError), (3.5, TypeError), (True, TypeError)],
)
def test_an_expected_that_is_no_version(expected: Any, kind: type[Exception]) -> None:
    """What was never a version is told as such, not as a conflict."""
    history = of_three()
    with pytest.raises(kind, match=r"no version|a version"):
        history.commit(FIRST, expected=expected, **ANN)
    assert len(history.log("SaaS")) == 3


def test_an_expected_of_another_profile() -> None:
    """The version on which a change builds must be one of the same name."""
    history = opened()
    history.commit(FIRST, **ANN)
    other = history.commit(saas(name="Other"), **ANN)
    with pytest.raises(ValueError, match=r"^expected must be a version of 'SaaS' \(got one of 'Other'\)$"):
        history.commit(SECOND, expected=other, **ANN)


def test_a_change_of_nothing() -> None:
    """A commit of what the head says is refused unless it is allowed, such as for another day."""
    history = opened(Clock())
    head = history.commit(FIRST, **ANN)
    with pytest.raises(icp.UnchangedError, match="'SaaS' is already so in v1, its head: nothing was written") as caught:
        history.commit(FIRST, expected=1, **BEN)
    assert caught.value.head == head
    assert "allow_same=True" in told(caught)
    later = history.commit(FIRST, expected=1, allow_same=True, effective_from="2026-06-01", **BEN)
    assert (later.number, later.profile, later.effective_from) == (2, FIRST, datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["saas", "SAAS", "SaaS ", "SaaS\u00a0"])
def test_a_name_that_reads_alike(name: str) -> None:
    """A name that differs from one that is there by case or blanks alone is refused, with the way out."""
    history = opened()
    history.commit(FIRST, **ANN)
    with pytest.raises(ValueError, match=r"reads like 'SaaS', which is there already") as caught:
        history.commit(SECOND, name=name, **ANN)
    assert told(caught).endswith("Hint: commit it with name='SaaS', or give it a name of its own")
    assert history.names() == ("SaaS",)


def test_a_profile_under_its_old_name() -> None:
    """A profile that was renamed goes on under the name that it has in the history."""
    history = opened()
    history.commit(FIRST, **ANN)
    renamed = history.commit(attrs.evolve(FIRST, name="Mid-market"), name="SaaS", expected=1, **BEN)
    assert (renamed.name, renamed.number, renamed.profile.name) == ("SaaS", 2, "Mid-market")
    assert history.names() == ("SaaS",)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201, "\ud800"])
def test_a_name_that_cannot_be(name: str) -> None:
    """A blank or endless name, or one that cannot be shown, is refused."""
    with pytest.raises(ValueError, match=r"^the profile's name must "):
        opened().commit(FIRST, name=name, **ANN)


# Idempotency keys


def test_a_commit_that_is_tried_again() -> None:
    """The second time, the same commit with the same key gives the version of the first time, and writes nothing."""
    history = opened()
    one = history.commit(FIRST, idempotency_key="request 17", **ANN)
    assert history.commit(FIRST, idempotency_key="request 17", **ANN) == one
    two = history.commit(SECOND, expected=1, idempotency_key="request 18", **BEN)
    history.commit(THIRD, expected=2, **BEN)
    assert history.commit(SECOND, expected=1, idempotency_key="request 18", **BEN) == two
    assert history.commit(FIRST, idempotency_key="request 17", **ANN) == one
    assert len(history.log("SaaS")) == 3


@pytest.mark.parametrize(
    "again",
    [{"profile": SECOND}, {"name": "Other"}, {"draft": True}],
    ids=["another profile", "another name", "a draft"],
)
def test_a_key_of_another_commit(again: dict[str, Any]) -> None:
    """A key that has made something else is an error that carries it, and nothing is written."""
    history = opened()
    one = history.commit(FIRST, idempotency_key="request 17", **ANN)
    with pytest.raises(
        icp.KeyReusedError, match="'request 17' has made v1 of 'SaaS', which says other things"
    ) as caught:
        history.commit(**{"profile": FIRST, "expected": "any", "idempotency_key": "request 17", **ANN, **again})
    assert (caught.value.key, caught.value.version) == ("request 17", one)
    assert len(history.events()) == 1


def test_a_key_that_made_no_version() -> None:
    """A key on an entry that is no version, as a later release may write, belongs to something else."""
    history = opened()
    with history.store.writing("default") as writer:
        writer.append(
            sealed(beginning("default"), space="default", kind="later", name="", committed=1, token="k"), None
        )
    with pytest.raises(icp.KeyReusedError, match="'k' has made something else"):
        history.commit(FIRST, idempotency_key="k", **ANN)


# Examples


def with_examples(*tiers: str) -> icp.Profile:
    """Give a profile whose examples fit perfectly, and should get these tiers; the second has no name."""
    names = ["Acme", None, "Globex"]
    made = [
        icp.Example({"employees": 100}, as_of=date(2026, 1, 1), tier=tier, name=name)
        for tier, name in zip(tiers, names, strict=False)
    ]
    return attrs.evolve(FIRST, examples=made)


def test_examples_that_fail_stop_a_commit() -> None:
    """A profile whose examples do not get what they should is not committed, unless each that fails is named."""
    history = opened()
    profile = with_examples("Weak", "Weak", "Perfect")
    with pytest.raises(icp.FailingExamplesError, match="'SaaS' has 2 examples that it does not keep") as caught:
        history.commit(profile, **ANN)
    assert [failure.number for failure in caught.value.failures] == [1, 2]
    assert "allow_failing=['Acme', 2]" in told(caught)
    with pytest.raises(icp.FailingExamplesError, match="has 1 example that it does not keep"):
        history.commit(profile, allow_failing=["Acme"], **ANN)
    assert history.names() == ()
    assert history.commit(profile, allow_failing=["Acme", 2], **ANN).number == 1
    assert history.commit(with_examples("Perfect", "Perfect"), expected=1, **BEN).number == 2


@pytest.mark.parametrize("allowed", ["Acme", [None], [1.5]])
def test_allow_failing_is_a_list(allowed: Any) -> None:
    """One text is not taken for a list of letters."""
    with pytest.raises(TypeError, match=r"^allow_failing must be a list of names or numbers of examples \(got "):
        opened().commit(with_examples("Weak"), allow_failing=allowed, **ANN)


@pytest.mark.parametrize(("allowed", "hint"), [("acme", "did you mean 'Acme'?"), ("nobody", ""), (4, "")])
def test_an_example_that_is_not_there(allowed: Any, hint: str) -> None:
    """A name that no example has is a mistake, told with what was probably meant."""
    with pytest.raises(ValueError, match=rf"^allow_failing names {allowed!r}, which is no example") as caught:
        opened().commit(with_examples("Weak", "Weak"), allow_failing=[allowed], **ANN)
    assert told(caught).partition("\n\nHint: ")[2] == hint


# Drafts


def test_a_draft_is_never_in_force() -> None:
    """A draft is the head and has no day; its profile is put in force by a commit of it."""
    history = opened()
    one = history.commit(FIRST, **ANN)
    draft = history.commit(SECOND, expected=1, draft=True, **BEN)
    assert (draft.kind, draft.effective_from, draft.number) == ("draft", None, 2)
    assert (history.head("SaaS"), history.in_force("SaaS")) == (draft, one)
    published = history.commit(SECOND, expected=draft, **BEN)
    assert (published.kind, published.number, history.in_force("SaaS")) == ("commit", 3, published)


def test_the_same_draft_twice() -> None:
    """A draft of what the head says already is refused, be the head a draft or not."""
    history = opened()
    history.commit(FIRST, **ANN)
    with pytest.raises(icp.UnchangedError):
        history.commit(FIRST, expected=1, draft=True, **ANN)
    history.commit(SECOND, expected=1, draft=True, **ANN)
    with pytest.raises(icp.UnchangedError):
        history.commit(SECOND, expected=2, draft=True, **ANN)


def test_a_draft_has_no_day() -> None:
    """A draft with a day from which it is in force is a contradiction, told with the way out."""
    with pytest.raises(ValueError, match="a draft is never in force: leave effective_from out, and give it when"):
        opened().commit(FIRST, draft=True, effective_from="2026-01-01", **ANN)


# Going back


def test_a_rollback_is_a_new_version() -> None:
    """Going back writes a version that says what an earlier one said, from now on; nothing is deleted."""
    history = of_three()
    back = history.rollback("SaaS", to=1, author="cleo", message="Too wide")
    assert (back.number, back.kind, back.restores, back.profile) == (4, "rollback", 1, FIRST)
    assert (back.author, back.message, back.content_id) == ("cleo", "Too wide", FIRST.content_id)
    assert (history.head("SaaS"), history.in_force("SaaS")) == (back, back)
    assert len(history.log("SaaS")) == 4
    assert history.verify()


def test_a_rollback_of_a_rollback() -> None:
    """A rollback can itself be undone, and be gone back to."""
    history = of_three()
    history.rollback("SaaS", to="v1", **ANN)
    again = history.rollback("SaaS", to=history["SaaS", 3], **ANN)
    assert (again.number, again.restores, again.profile) == (5, 3, THIRD)
    last = history.rollback("SaaS", to=4, **ANN)
    assert (last.number, last.restores, last.profile) == (6, 4, FIRST)
    assert history.verify()


def test_a_rollback_with_a_day_and_a_head() -> None:
    """A rollback may say from when it is in force, and which head it undoes."""
    history = of_three()
    with pytest.raises(icp.ConflictError, match="'SaaS' has changed since v2: its head is v3") as caught:
        history.rollback("SaaS", to=1, expected=2, **ANN)
    assert caught.value.ours is None
    back = history.rollback("SaaS", to=1, expected=3, effective_from="2026-08-01", **ANN)
    assert back.effective_from == datetime(2026, 8, 1, tzinfo=UTC)
    assert history.in_force("SaaS", at="2026-07-31").number == 3
    assert history.in_force("SaaS", at="2026-08-01") == back


def test_a_rollback_to_what_is_there() -> None:
    """Going back to what the head says is refused, but for a draft, which it puts in force."""
    history = of_three()
    with pytest.raises(icp.UnchangedError, match="is already so in v3") as caught:
        history.rollback("SaaS", to=3, **ANN)
    assert "history.commit(…, allow_same=True)" in told(caught)
    history.commit(FIRST, expected=3, draft=True, **ANN)
    assert history.rollback("SaaS", to=1, **ANN).number == 5


@pytest.mark.parametrize(
    ("name", "to", "kind"),
    [("SaaS", 9, LookupError), ("Saas", 1, LookupError), ("SaaS", None, TypeError), ("SaaS", "nonsense", LookupError)],
)
def test_a_rollback_to_nowhere(name: str, to: Any, kind: type[Exception]) -> None:
    """A version that is not there is told as such, and nothing is written."""
    history = of_three()
    with pytest.raises(kind):
        history.rollback(name, to=to, **ANN)
    assert len(history.events()) == 3
    with pytest.raises(ValueError, match="author and message must be given"):
        history.rollback("SaaS", to=1)


# Kinds of the user's own


@attrs.frozen
class Prime(Criterion):
    """A kind of the user's own."""

    attribute: str

    def value_function(self) -> Any:
        """Answer as a flag does."""
        return icp.Flag(self.attribute).value_function()


def test_kinds_of_the_users_own() -> None:
    """A history that is given the kinds loads their profiles; one that is not gives them to be read only."""
    profile = icp.Profile("P", [icp.Dimension("D", [Prime("b2b")])])
    store = opened().store
    with icp.History(store, kinds=[Prime]) as history:
        made = history.commit(profile, **ANN)
        assert icp.History(store, kinds=[Prime]).head("P").profile == profile
        assert history.score("P", {"b2b": True}).fit == 100
    without = icp.History(store).head("P")
    assert (without, without.content_id) == (made, profile.content_id)
    assert without.profile.content_id == profile.content_id
    with pytest.raises(icp.AbsentKindError, match="prime"):
        icp.History(store).score("P", {"b2b": True})


def test_kinds_must_be_criteria() -> None:
    """What is no class of criteria is refused when the history is opened."""
    wrong: Any = [int]
    with pytest.raises(TypeError, match="kinds must hold classes that subclass Criterion"):
        opened(kinds=wrong)


def test_a_profile_with_an_absent_kind_is_kept_as_it_is() -> None:
    """What was opened to be read only can be committed again, and is the same to whoever knows the kind."""
    profile = icp.Profile("P", [icp.Dimension("D", [Prime("b2b")])])
    read = icp.loads(icp.dumps(profile), read_only=True)
    store = opened().store
    version = icp.History(store).commit(read, **ANN)
    assert version.content_id == profile.content_id
    assert icp.History(store, kinds=[Prime]).head("P").profile == profile


def test_a_profile_that_no_file_can_hold() -> None:
    """What could not be loaded again is not committed."""
    with pytest.raises(icp.DefinitionError, match="cannot be written as JSON, which could not be loaded"):
        opened().commit(attrs.evolve(FIRST, meta={"a": "x" * 2**20}), **ANN)


def test_a_version_without_a_head_is_the_first() -> None:
    """A name that has labels alone has no head: its first version is number one."""
    history = opened()
    with history.store.writing("default") as writer:
        stored = Stored(sealed(beginning("default"), space="default", kind="tag", name="SaaS", committed=1), None)
        writer.append(*stored)
    assert history.commit(FIRST, **ANN).number == 1


def test_a_new_name_for_an_old_profile() -> None:
    """Who builds on the versions of another name is told how to go on with these."""
    history = of_three()
    with pytest.raises(icp.ConflictError) as caught:
        history.commit(saas(600, name="SaaS 2027"), expected=history.head("SaaS"), **ANN)
    assert told(caught).endswith("under its name there, pass name='SaaS'")
    made = history.commit(saas(600, name="SaaS 2027"), expected=history.head("SaaS"), name="SaaS", **ANN)
    assert (made.number, made.name, made.profile.name) == (4, "SaaS", "SaaS 2027")


@pytest.mark.parametrize("allowed", [True, 3, "a giant", [1.5]])
def test_what_names_no_examples(allowed: Any) -> None:
    """Examples that may fail are named in a list."""
    with pytest.raises(TypeError, match=r"^allow_failing must be a list of names or numbers of examples"):
        opened().commit(FIRST, allow_failing=allowed, **ANN)
