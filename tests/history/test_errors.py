from typing import Any

import pytest

import icpkit as icp
from icpkit.errors import SHOWN
from tests.history.cases import ANN, FIRST, opened, told


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (icp.ConflictError, (icp.HistoryError,)),
        (icp.UnchangedError, (icp.HistoryError, ValueError)),
        (icp.KeyReusedError, (icp.HistoryError, ValueError)),
        (icp.FailingExamplesError, (icp.HistoryError, ValueError)),
        (icp.NoSuchVersionError, (icp.HistoryError, LookupError)),
        (icp.UnapprovedError, (icp.HistoryError,)),
        (icp.OverridesError, (icp.HistoryError, ValueError)),
        (icp.BundleError, (icp.HistoryError, ValueError)),
        (icp.StoreError, (icp.HistoryError,)),
        *((getattr(icp, f"Store{name}Error"), (icp.StoreError,)) for name in ("Busy", "Full", "ReadOnly", "Newer")),
        *((getattr(icp, f"Store{name}Error"), (icp.StoreError,)) for name in ("Damaged", "Closed")),
        (icp.ForkedStoreError, (icp.StoreError,)),
        (icp.StaleError, (icp.StoreError,)),
        (icp.HistoryError, (icp.IcpkitError,)),
    ],
)
def test_what_an_error_is(kind: type, parents: tuple[type, ...]) -> None:
    """Each error is one of a history, of icpkit, and of the builtin that callers catch already."""
    assert issubclass(kind, (icp.IcpkitError, *parents))
    assert all(issubclass(kind, parent) for parent in parents)


def test_long_lists_are_cut() -> None:
    """An error lists the first twenty problems, counts the others, and carries them all."""
    problems = [f"row {number} is bad" for number in range(1, 31)]
    for error in (icp.OverridesError(problems), icp.BundleError("a.jsonl", problems)):
        assert error.problems == tuple(problems)
        assert str(error).splitlines()[-1] == f"  … and {30 - SHOWN} more"
        assert len(str(error).splitlines()) == SHOWN + 2
    assert str(icp.OverridesError(problems)).startswith("30 overrides cannot be, so none was written:\n  row 1 is bad")
    assert str(icp.OverridesError(problems[:1])) == "1 override cannot be, so none was written:\n  row 1 is bad"
    assert str(icp.BundleError("a.jsonl", problems[:1])) == (
        "a.jsonl cannot be loaded, and nothing was written:\n  row 1 is bad"
    )


def test_what_there_is_is_listed() -> None:
    """Where nothing reads alike, the error lists what there is, as far as it fits."""
    few = icp.NoSuchVersionError("there is no profile 'x'", "x", ["SaaS", "Fintech"])
    assert str(few) == "there is no profile 'x'\n\nHint: there is SaaS, Fintech"
    assert (few.wanted, few.known) == ("x", ("SaaS", "Fintech"))
    many = icp.NoSuchVersionError("there is no profile 'x'", "x", [f"profile {number}" for number in range(30)])
    assert str(many).endswith("profile 19, …")
    near = icp.NoSuchVersionError("there is no profile 'Sas'", "Sas", ["SaaS", "Fintech"])
    assert str(near).endswith("Hint: did you mean 'SaaS'?")
    assert str(icp.NoSuchVersionError("nothing", "x")) == "nothing"


def test_a_key_that_made_something_else() -> None:
    """The error names what the key has made, where that is a version."""
    version = opened().commit(FIRST, **ANN)
    assert str(icp.KeyReusedError("k", version)) == (
        "idempotency_key 'k' has made v1 of 'SaaS', which says other things\n\nHint: give each commit a key of its own"
    )
    assert "'k' has made something else\n" in str(icp.KeyReusedError("k", None))


def failing(count: int) -> icp.Profile:
    """Give a profile with so many examples that it does not keep, and one that it does."""
    wrong = [icp.Example({"employees": 1}, as_of="2026-01-01", tier="Perfect", name=f"e{one}") for one in range(count)]
    right = icp.Example({"employees": 100}, as_of="2026-01-01", tier="Perfect")
    return icp.Profile("SaaS", FIRST.dimensions, examples=[*wrong, right])


@pytest.mark.parametrize(("count", "head"), [(1, "has 1 example that"), (25, "has 25 examples that")])
def test_examples_that_fail_are_listed(count: int, head: str) -> None:
    """The error lists what each example gets and should get, and shows how some may fail."""
    with pytest.raises(icp.FailingExamplesError) as caught:
        opened().commit(failing(count), **ANN)
    first, second = told(caught).splitlines()[:2]
    assert first == f"'SaaS' {head} it does not keep:"
    assert second == "  e0 should be Perfect, but is Weak (fit 0.0)"
    assert len(caught.value.failures) == count
    assert "allow_failing=['e0'" in told(caught)
    assert ("… and 5 more" in told(caught)) is (count == 25)


def test_a_store_names_its_place() -> None:
    """The error of a store begins with its place, and ends with the way out where there is one."""
    error = icp.StoreFullError("icp.db", "the disk is full", "make room")
    assert (error.place, error.problem, str(error)) == (
        "icp.db",
        "the disk is full",
        "icp.db: the disk is full\n\nHint: make room",
    )
    assert str(icp.StoreError("icp.db", "x")) == "icp.db: x"
    stale: Any = icp.StaleError(9, 7)
    assert str(stale) == "the ledger: entry 9 does not follow entry 7"
