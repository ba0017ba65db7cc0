from datetime import UTC, datetime
from typing import Any

import pytest

import icpkit as icp
from tests.history.cases import ANN, CLEO, FIRST, SECOND, Clock, of_three, opened, saas, told

# Tags


def test_a_tag_stays() -> None:
    """A tag names a version for good: the same again changes nothing, another version is a conflict."""
    history = of_three()
    history.tag("SaaS@v1", "2026-Q1")
    history.tag(history["SaaS", 1], "2026-Q1")
    assert history["SaaS@2026-Q1"].number == 1
    with pytest.raises(icp.ConflictError) as caught:
        history.tag("SaaS@v2", "2026-Q1")
    assert told(caught) == (
        "'2026-Q1' is a tag of 'SaaS' already, for v1\n\n"
        "Hint: a tag stays where it is; choose another name, or move an alias"
    )
    assert caught.value.name == "SaaS"
    assert history.labels("SaaS") == {"2026-Q1": 1}
    assert len(history.events()) == 4


def test_a_tag_may_say_who_and_why() -> None:
    """Author and reason of a tag are optional, and are kept where they are given."""
    history = of_three()
    history.tag("SaaS", "a")
    history.tag("SaaS", "b", author="ann", reason="Board")
    assert [(event.author, event.message) for event in history.events()[3:]] == [(None, None), ("ann", "Board")]


def test_a_name_is_a_tag_or_an_alias() -> None:
    """What is an alias cannot become a tag, nor the other way round, also after the alias was taken away."""
    history = of_three()
    history.tag("SaaS@v1", "stays")
    history.move_alias("SaaS", "moves", to=1, **CLEO)
    with pytest.raises(icp.ConflictError, match=r"^'moves' is an alias of 'SaaS' already, for v1\n"):
        history.tag("SaaS@v1", "moves")
    with pytest.raises(icp.ConflictError, match=r"^'stays' is a tag of 'SaaS' and stays at v1\n"):
        history.move_alias("SaaS", "stays", to=2, expected="any", **CLEO)
    history.move_alias("SaaS", "moves", to=None, expected=1, **CLEO)
    with pytest.raises(icp.ConflictError, match=r"^'moves' is an alias of 'SaaS' already\n"):
        history.tag("SaaS@v1", "moves")


@pytest.mark.parametrize(
    "label",
    [
        *(
            "v3",
            "V3",
            "3",
            "12",
            "20260101",
            "head",
            "any",
            "2026-01-01",
            "2026-01-01T09:00",
            "2026-13-99",
            "sha:abcdef",
        ),
        *("abcdef", "3fa92c1b", "a@b", " x", "x ", "", "a\nb", "\ud800", "x" * 101, "٣"),
    ],
)
def test_labels_that_mean_something_else(label: str) -> None:
    """A label must not look like a number, a day, an id or a word of ours, and must be a text on one line."""
    history = of_three()
    for put, name in ((tagged, "tag"), (alias, "alias")):
        with pytest.raises(ValueError, match=rf"^an? {name} must ") as caught:
            put(history, label)
        assert repr(label)[:50] in told(caught) or "at most 100 characters (got 101)" in told(caught)
    assert history.labels("SaaS") == {}


def tagged(history: icp.History, label: Any) -> None:
    """Give the head a tag."""
    history.tag("SaaS", label)


def alias(history: icp.History, label: Any) -> None:
    """Point an alias to the first version."""
    history.move_alias("SaaS", label, to=1, **CLEO)


@pytest.mark.parametrize("label", ["2026-Q2", "prod", "Mid-market, US", "H1 2026", "v3.1", "vx", "été", "<b>"])
def test_labels_that_are_names(label: str) -> None:
    """Anything else is a label, and finds its version."""
    history = of_three()
    history.tag("SaaS@v2", label)
    assert history["SaaS", label].number == history[f"SaaS@{label}"].number == 2


@pytest.mark.parametrize("label", [7, None, b"x"])
def test_a_label_is_text(label: Any) -> None:
    """What is no text is a TypeError."""
    with pytest.raises(TypeError, match=r"^a tag must be text \(got "):
        of_three().tag("SaaS", label)


# Aliases


def test_an_alias_moves() -> None:
    """An alias points to a version, moves if it points to the expected one, and can be taken away and come back."""
    history = of_three()
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.move_alias("SaaS", "production", to=history["SaaS", 2], expected=1, **CLEO)
    history.move_alias("SaaS", "production", to="SaaS@v3", expected=history["SaaS", 2], **CLEO)
    history.move_alias("SaaS", "production", to="v1", expected="any", **CLEO)
    assert history["SaaS@production"].number == history.alias("SaaS", "production").number == 1
    history.move_alias("SaaS", "production", to=None, expected="v1", **CLEO)
    assert history.labels("SaaS") == {}
    with pytest.raises(icp.NoSuchVersionError, match=r"'SaaS' has no version 'production': there are v1 to v3$"):
        _ = history["SaaS@production"]
    history.move_alias("SaaS", "production", to="head", **CLEO)
    assert history.labels("SaaS") == {"production": 3}
    assert history.verify()


def test_an_alias_to_where_it_is() -> None:
    """An alias that is moved to where it points already is left alone, and so is one that is nowhere."""
    history = of_three()
    history.move_alias("SaaS", "production", to=None, **CLEO)
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.move_alias("SaaS", "production", to=1, expected=1, **CLEO)
    assert len(history.events()) == 4


@pytest.mark.parametrize(
    ("alias", "expected", "message"),
    [
        (
            "production",
            None,
            "the alias 'production' of 'SaaS' points to v1\n\nHint: if it should move from there, pass expected=1",
        ),
        (
            "production",
            2,
            (
                "the alias 'production' of 'SaaS' points to v1, not to v2\n\n"
                "What changed meanwhile: SaaS\n  Size / employees: high 1,000 → 500\n\n"
                "Hint: if it should move from there, pass expected=1"
            ),
        ),
        ("new", 2, "the alias 'new' of 'SaaS' points nowhere yet, not to v2\n\nHint: pass expected=None"),
    ],
)
def test_an_alias_that_points_elsewhere(alias: str, expected: Any, message: str) -> None:
    """An alias moves only from where it is expected to be; the error says where it is."""
    history = of_three()
    history.move_alias("SaaS", "production", to=1, **CLEO)
    with pytest.raises(icp.ConflictError) as caught:
        history.move_alias("SaaS", alias, to=3, expected=expected, **CLEO)
    assert told(caught) == message
    assert caught.value.theirs == (history["SaaS", 1] if alias == "production" else None)
    assert caught.value.base == (None if expected is None else history["SaaS", 2])
    assert history.labels("SaaS") == {"production": 1}


def test_an_alias_points_to_a_version_of_its_profile() -> None:
    """A version of another profile, or one that is not there, is refused."""
    history = of_three()
    other = history.commit(saas(name="Other"), **ANN)
    for ref in (other, "Other", "Other@v1"):
        with pytest.raises(
            ValueError, match=r"^an alias of 'SaaS' must point to a version of it \(got one of 'Other'\)$"
        ):
            history.move_alias("SaaS", "production", to=ref, **CLEO)
    with pytest.raises(icp.NoSuchVersionError, match="'SaaS' has no version 7: its head is v3"):
        history.move_alias("SaaS", "production", to=7, **CLEO)
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Saas'"):
        history.move_alias("Saas", "production", to=1, **CLEO)
    with pytest.raises(ValueError, match="author and reason must be given"):
        history.move_alias("SaaS", "production", to=1)


def test_where_an_alias_pointed() -> None:
    """An alias is found as it was at a moment; a day means all of that day."""
    clock = Clock()
    history = of_three(clock)
    moved: tuple[tuple[str, int | None], ...] = (("2026-08-01", 1), ("2026-09-01", 3), ("2026-10-01", None))
    for day, number in moved:
        clock.set(day)
        history.move_alias("SaaS", "production", to=number, expected="any", **CLEO)
    history.tag("SaaS@v2", "tag")
    assert history.alias("SaaS", "production", at="2026-08-01").number == 1
    assert history.alias("SaaS", "production", at="2026-08-31").number == 1
    assert history.alias("SaaS", "production", at=datetime(2026, 9, 1, 8, tzinfo=UTC)).number == 1
    assert history.alias("SaaS", "production", at="2026-09-01").number == 3
    assert history.alias("SaaS", "tag").number == 2
    for at, then in (("2026-07-31", " then"), ("2026-10-01", " then"), (None, "")):
        with pytest.raises(icp.NoSuchVersionError) as caught:
            history.alias("SaaS", "production", at=at)
        assert told(caught) == f"the alias 'production' of 'SaaS' pointed nowhere{then}\n\nHint: there is tag"
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile"):
        history.alias("Saas", "production")
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile"):
        history.labels("Saas")


# Approvals


def test_approvals() -> None:
    """An approval says who approved what for whom, when and with which words."""
    clock = Clock()
    history = opened(clock)
    history.commit(FIRST, **ANN)
    clock.set("2026-02-02")
    history.approve("SaaS@v1", "sales", author="ben", message="Fits our pipeline")
    history.approve(history["SaaS", 1], "marketing", author="ann")
    found = history.approvals("SaaS")
    assert list(found) == ["marketing", "sales"]
    assert found["sales"] == icp.Approval(
        "sales", 1, "ben", "Fits our pipeline", datetime(2026, 2, 2, 9, 0, 1, tzinfo=UTC)
    )
    assert found["marketing"].message is None


def test_an_approval_is_of_what_a_version_says() -> None:
    """Another version that says the same is approved, too; one that says something else is not."""
    history = opened()
    history.commit(FIRST, draft=True, **ANN)
    history.approve("SaaS@v1", "sales", author="ben")
    history.commit(FIRST, expected=1, **ANN)
    history.commit(SECOND, expected=2, **ANN)
    history.rollback("SaaS", to=1, **ANN)
    assert [sorted(history.approvals(("SaaS", number))) for number in (1, 2, 3, 4)] == [
        ["sales"],
        ["sales"],
        [],
        ["sales"],
    ]
    assert history.approvals("SaaS@v4")["sales"].version == 1


def test_an_approval_that_is_taken_back() -> None:
    """A withdrawn approval counts no more, on whichever version that says the same it was withdrawn."""
    history = opened()
    history.commit(FIRST, draft=True, **ANN)
    history.commit(FIRST, expected=1, **ANN)
    history.approve("SaaS@v1", "sales", author="ben")
    history.withdraw_approval("SaaS@v2", "sales", author="ben", message="Not after all")
    assert history.approvals("SaaS@v1") == history.approvals("SaaS@v2") == {}
    history.approve("SaaS@v2", "sales", author="ben")
    assert list(history.approvals("SaaS@v1")) == ["sales"]


@pytest.mark.parametrize(
    ("role", "hint"), [("sale", "did you mean 'sales'?"), ("Sales", "did you mean 'sales'?"), ("ceo", ""), (3, "")]
)
def test_a_role_that_is_none(role: Any, hint: str) -> None:
    """There are four roles; another is told with all of them, and with what was probably meant."""
    history = of_three()
    for what in (history.approve, history.withdraw_approval):
        with pytest.raises(
            ValueError, match=r"^role must be one of marketing, sales, product, customer success"
        ) as caught:
            what("SaaS", role, author="ann")
        assert told(caught).partition("\n\nHint: ")[2] == hint
    with pytest.raises(ValueError, match=r"^role must be one of"):
        history.require([role], **CLEO)


def test_an_approval_needs_a_name_and_a_version() -> None:
    """Who approves must be told, and the version must be there."""
    history = of_three()
    with pytest.raises(ValueError, match=r"^author must be given"):
        history.approve("SaaS", "sales")
    with pytest.raises(icp.NoSuchVersionError):
        history.approve("SaaS@v9", "sales", author="ann")
    with pytest.raises(icp.NoSuchVersionError):
        history.approvals("SaaS@v9")


# Demands


def test_an_alias_waits_for_approvals() -> None:
    """What is demanded for all profiles must be approved before the alias moves; other aliases move freely."""
    history = of_three()
    history.require(["customer success", "sales", "sales"], **CLEO)
    with pytest.raises(icp.UnapprovedError) as caught:
        history.move_alias("SaaS", "production", to=1, **CLEO)
    assert told(caught) == (
        "'production' of 'SaaS' may not move to v1 before it is approved by sales, customer success\n\n"
        "Hint: history.approve(version, role='sales', author=…)"
    )
    error = caught.value
    assert (error.version, error.alias, error.missing) == (
        history["SaaS", 1],
        "production",
        ("sales", "customer success"),
    )
    history.move_alias("SaaS", "staging", to=1, **CLEO)
    history.approve("SaaS@v1", "sales", author="ben")
    with pytest.raises(icp.UnapprovedError, match="before it is approved by customer success\n"):
        history.move_alias("SaaS", "production", to=1, **CLEO)
    history.approve("SaaS@v1", "customer success", author="ben")
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.withdraw_approval("SaaS@v1", "sales", author="ben")
    assert history["SaaS@production"].number == 1
    history.move_alias("SaaS", "production", to=None, expected=1, **CLEO)


def test_what_one_profile_demands() -> None:
    """What is demanded for one profile goes before what is demanded for all, and no role takes a demand back."""
    history = of_three()
    history.commit(saas(name="Other"), **ANN)
    history.require(["sales"], **CLEO)
    history.require([], name="SaaS", **CLEO)
    history.move_alias("SaaS", "production", to=1, **CLEO)
    with pytest.raises(icp.UnapprovedError):
        history.move_alias("Other", "production", to=1, **CLEO)
    history.require(["marketing"], name="Other", alias="staging", **CLEO)
    with pytest.raises(icp.UnapprovedError, match="'staging' of 'Other'"):
        history.move_alias("Other", "staging", to=1, **CLEO)
    history.require([], **CLEO)
    history.move_alias("Other", "production", to=1, **CLEO)


def test_a_demand_that_cannot_be() -> None:
    """One role must still be a list; the profile must be there; people must be named."""
    history = of_three()
    role: Any = "sales"
    with pytest.raises(TypeError, match=r"^roles must be a list of roles: \['sales'\]$"):
        history.require(role, **CLEO)
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Saas'"):
        history.require(["sales"], name="Saas", **CLEO)
    with pytest.raises(ValueError, match="author and reason must be given"):
        history.require(["sales"])
    with pytest.raises(ValueError, match="an alias must be a name of its own"):
        history.require(["sales"], alias="head", **CLEO)
    assert len(history.events()) == 3


def test_a_tag_does_not_go_past_approvals() -> None:
    """What moves only once it is approved cannot be a tag, and nothing beside it may read like it."""
    history = of_three()
    history.require(["sales"], alias="production", **CLEO)
    with pytest.raises(ValueError, match="'production' moves once it is approved, so it cannot be a tag") as caught:
        history.tag("SaaS@v1", "production")
    assert told(caught).endswith("Hint: history.move_alias('SaaS', 'production', to=…)")
    history.approve("SaaS@v1", "sales", author="sam")
    history.move_alias("SaaS", "production", to=1, **CLEO)
    with pytest.raises(ValueError, match="reads like 'production', which 'SaaS' has already"):
        history.move_alias("SaaS", "Production", to=2, **CLEO)
    with pytest.raises(ValueError, match="reads like 'production', which 'SaaS' has already"):
        history.tag("SaaS@v2", "PRODUCTION")
    assert history.labels("SaaS") == {"production": 1}
