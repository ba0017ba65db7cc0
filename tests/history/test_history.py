import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

import icpkit as icp
from icpkit.history.memory import MemoryStore
from tests.history.cases import ANN, BEN, CLEO, DANA, FIRST, SECOND, THIRD, Clock, of_three, opened, saas, told

# Opening


@pytest.mark.parametrize(
    ("space", "kind", "problem"),
    [
        ("", ValueError, "space must not be blank (got '')"),
        ("x" * 101, ValueError, "space must have at most 100 characters (got 101)"),
        ("a\0b", ValueError, "space must hold no control characters and no half characters (got 'a\\x00b')"),
        (3, TypeError, "space must be text (got 3)"),
        (None, TypeError, "space must be text (got None)"),
    ],
)
def test_a_space_that_is_no_name(space: Any, kind: type[Exception], problem: str) -> None:
    """A space is the name of a tenant; anything else is refused when the history is opened."""
    with pytest.raises(kind) as caught:
        opened(space=space)
    assert told(caught) == problem


@pytest.mark.parametrize("where", [3, None, b"icp.db", ["icp.db"], FIRST])
def test_where_a_history_is_kept(where: Any) -> None:
    """A history is kept in a file or a store; the error shows the three ways."""
    with pytest.raises(TypeError, match=r"^a history is kept in a file or a store \(got ") as caught:
        icp.History(where)
    assert told(caught).endswith("Hint: History('icp.db'), History.memory(), or History.connect(engine) for a database")


def test_arguments_that_are_none() -> None:
    """An argument that a history does not have is refused by Python."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'path'"):
        opened(path="x")
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        opened().commit(FIRST, **{**ANN, "colour": "blue"})


def test_a_store_of_ones_own() -> None:
    """Any object that keeps the protocol is a store, and a history shows it in its repr."""
    store = MemoryStore()
    history = icp.History(store, space="t42")
    history.commit(FIRST, **ANN)
    assert icp.History(store, space="t42").names() == ("SaaS",)
    assert repr(history) == "<History in memory, space 't42'>"
    assert history.store is store
    assert history.space == "t42"


def test_tables_for_a_host() -> None:
    """The tables of a history are given to the host's migrations, as SQLAlchemy's metadata and as statements."""
    assert "icp_entry" in icp.History.metadata().tables
    assert "t42.icp_entry" in icp.History.metadata("t42").tables
    assert "CREATE TABLE t42.icp_entry" in icp.History.ddl("postgresql", "t42")


def test_a_history_in_a_database() -> None:
    """A history is kept wherever SQLAlchemy leads."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    history = icp.History.connect(engine, space="t42", anonymous=True)
    assert history.commit(FIRST).number == 1
    assert icp.History.connect(engine, space="t42").head("SaaS").profile == FIRST
    engine.dispose()


# What there is


def test_what_there_is() -> None:
    """Names come in order; a name is in a history or is not, and what is no name never is."""
    history = of_three()
    history.commit(saas(name="Fintech"), **ANN)
    assert history.names() == ("Fintech", "SaaS")
    assert [one in history for one in ("SaaS", "Saas", "SaaS@v1", 3, None)] == [True, False, False, False, False]
    assert history.head("SaaS").number == 3
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Saas'"):
        history.head("Saas")
    with pytest.raises(TypeError, match="a version is named by itself"):
        history.head(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [0, -1, 1.5, "3", True])
def test_a_limit_that_is_none(limit: Any) -> None:
    """A limit is a whole number of at least 1."""
    with pytest.raises(ValueError, match=rf"^limit must be a whole number of at least 1 \(got {limit!r}\)$"):
        of_three().log("SaaS", limit=limit)


def test_the_log_of_what_is_not_there() -> None:
    """The log of a name that is not there is an error, not an empty table."""
    with pytest.raises(icp.NoSuchVersionError, match="did you mean 'SaaS'"):
        of_three().log("Saas")


def test_what_changed_between_versions() -> None:
    """Versions, what stands for them, and profiles can be compared, in words that people read."""
    history = of_three()
    wanted = icp.diff(FIRST, SECOND)
    for before, after in (
        (history["SaaS", 1], history["SaaS", 2]),
        ("SaaS@v1", "SaaS@v2"),
        (FIRST, "SaaS@2026-04-06"),
        (("SaaS", 1), SECOND),
    ):
        assert history.diff(before, after) == wanted
    assert str(wanted).splitlines() == ["SaaS", "  Size / employees: high 500 → 1,000"]
    assert "1,000" in wanted._repr_html_()
    with pytest.raises(icp.NoSuchVersionError):
        history.diff("SaaS@v1", "SaaS@v9")
    nothing: Any = 3
    with pytest.raises(TypeError, match="a version is named by itself"):
        history.diff(FIRST, nothing)


# Spaces


def test_spaces_never_cross(tmp_path: Path) -> None:
    """Two histories in one file, with the same names, labels, keys and accounts, see nothing of each other."""
    path = tmp_path / "icp.db"
    with icp.History(path, space="a", clock=Clock()) as one, icp.History(path, space="b", clock=Clock()) as two:
        check_apart(one, two, tmp_path / "a.jsonl")


def check_apart(one: icp.History, two: icp.History, bundle: Path) -> None:
    """Do alike things in two spaces, and see that each answers for itself alone."""
    for history, first, second, who in ((one, FIRST, SECOND, ANN), (two, THIRD, FIRST, BEN)):
        history.commit(first, idempotency_key="k", effective_from="2026-01-01", **who)
        history.commit(second, expected=1, idempotency_key="l", **who)
        history.tag("SaaS@v1" if history is one else "SaaS@v2", "stays")
        history.move_alias("SaaS", "production", to=1 if history is one else 2, **CLEO)
        history.approve("SaaS@v1", "sales" if history is one else "product", author="x")
        history.require(["sales"] if history is one else ["marketing"], alias="staging", **CLEO)
        history.overrides.set("acme", fit=1 if history is one else 2, **DANA)
    two.review("SaaS", next_due="2030-01-01", **BEN)
    two.commit(saas(name="Other"), **BEN)

    assert (one.names(), two.names()) == (("SaaS",), ("Other", "SaaS"))
    assert ("Other" in one, "Other" in two) == (False, True)
    assert (one.head("SaaS").profile, two.head("SaaS").profile) == (SECOND, FIRST)
    assert (one["SaaS@v1"].profile, two["SaaS@v1"].profile) == (FIRST, THIRD)
    assert (one["SaaS@stays"].number, two["SaaS@stays"].number) == (1, 2)
    assert (one.alias("SaaS", "production").number, two.alias("SaaS", "production").number) == (1, 2)
    assert (one.labels("SaaS"), two.labels("SaaS")) == ({"stays": 1, "production": 1}, {"stays": 2, "production": 2})
    assert [history.in_force("SaaS", at="2026-01-02").profile for history in (one, two)] == [FIRST, THIRD]
    assert (len(one.events()), len(two.events())) == (7, 9)
    assert {version.author for version in one.log("SaaS")} == {"ann@example.com"}
    assert ([*one.approvals("SaaS@v1")], [*two.approvals("SaaS@v1")]) == (["sales"], ["product"])
    assert (one.review_due("SaaS"), two.review_due("SaaS")) == (date(2026, 4, 5), date(2030, 1, 1))
    assert (len(one.overdue(at="2029-01-01")), [due.name for due in two.overdue(at="2029-01-01")]) == (1, ["Other"])
    assert ([o.fit for o in one.overrides.of("acme")], [o.fit for o in two.overrides.active()]) == ([1], [2])
    big = {"employees": 1500}
    assert [history.score("SaaS", big, as_of="2026-01-02").fit for history in (one, two)] == [0, 100]
    assert (one.scorer("SaaS@production").version.number, two.scorer("SaaS@production").version.number) == (1, 2)
    assert one.commit(FIRST, idempotency_key="k", **ANN).number == 1
    for role, history in (("sales", one), ("marketing", two)):
        with pytest.raises(icp.UnapprovedError, match=rf"approved by {role}$|approved by {role}\n"):
            history.move_alias("SaaS", "staging", to=2, **CLEO)
    with pytest.raises(icp.NoSuchVersionError, match=r"is not of this history \(space 'a'\)"):
        _ = one[two.head("SaaS")]
    with pytest.raises(icp.NoSuchVersionError):
        _ = one["SaaS", f"sha:{two.head('SaaS').id}"]
    with pytest.raises(icp.NoSuchVersionError, match="is not of this history"):
        one.rollback("SaaS", to=two["SaaS@v1"], **ANN)
    with pytest.raises(icp.NoSuchVersionError):
        one.commit(THIRD, expected=two.head("SaaS"), **ANN)
    assert one.verify().entries == 7
    assert one.save_bundle(bundle) == 7
    with pytest.raises(icp.BundleError, match="of the space 'a'"):
        two.load_bundle(bundle)

    assert one.erase(account="acme").notes == 1
    assert [o.account for o in two.overrides.active()] == ["acme"]
    one.drop_space()
    assert (one.names(), len(one.events()), len(one.overrides.log()), one.checkpoint().length) == ((), 0, 0, 0)
    assert len(two.events()) == 9
    assert one.verify().ok is two.verify().ok is True
    assert one.commit(FIRST, idempotency_key="k", **ANN).number == 1


def test_a_space_that_is_dropped_leaves_nothing_in_the_file(tmp_path: Path) -> None:
    """After a space was dropped none of its words, names and profiles is in any file."""
    with icp.History(tmp_path / "icp.db", space="t42") as history:
        history.commit(attrs.evolve(FIRST, name="Very secret"), **ANN)
        history.overrides.set("acme", fit=1, **DANA)
        history.drop_space()
        assert history.names() == ()
        history.drop_space()
    for file in tmp_path.iterdir():
        raw = file.read_bytes()
        assert not any(word in raw for word in (b"Very secret", b"ann@example.com", b"acme", b"t42"))


# Threads and blocks


def test_a_history_is_shared_between_threads(tmp_path: Path) -> None:
    """Four threads that retry after a conflict lose nothing, and the handle goes on working."""
    history = icp.History(tmp_path / "icp.db", clock=Clock())
    history.commit(FIRST, **ANN)
    conflicts: list[icp.ConflictError] = []

    def work() -> None:
        for number in range(5):
            base = history.head("SaaS")
            while True:
                try:
                    history.commit(saas(500 + number), expected=base, allow_same=True, **BEN)
                    break
                except icp.ConflictError as error:
                    conflicts.append(error)
                    base = history.head("SaaS") if error.theirs is None else error.theirs

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.number for version in history.log("SaaS")] == list(range(21, 0, -1))
    assert all(error.base is not None for error in conflicts)
    assert history.verify()
    history.close()


def test_a_block_closes_its_history(tmp_path: Path) -> None:
    """At the end of a with block the history is closed, also after an error, which goes on."""
    with pytest.raises(RuntimeError, match="enough"), icp.History(tmp_path / "icp.db") as history:
        fail("enough")
    with pytest.raises(icp.StoreClosedError):
        history.names()


def fail(problem: str) -> None:
    """Raise an error."""
    raise RuntimeError(problem)


def test_what_was_just_written_has_happened() -> None:
    """What is asked without a moment counts what was just written, also where the clock goes back."""
    clock = Clock()
    history = opened(clock)
    clock.set("2026-03-02")
    history.commit(FIRST, **ANN)
    history.overrides.set("acme", fit=1, **DANA)
    clock.set("2026-01-01")
    assert history.in_force("SaaS").number == 1
    assert history.score("SaaS", {"employees": 100}).as_of == datetime(2026, 3, 2, 9, 0, 2, tzinfo=UTC)
    assert len(history.overrides.active()) == 1


# A year of one profile


def test_an_audit_of_a_year() -> None:
    """Months later one call tells which profile gave an account its tier, who changed it, why, and how to go back."""
    clock = Clock()
    history = of_three(clock)
    clock.set("2026-10-05")
    account = {"employees": 1500}
    then, now = (history.score("SaaS", account, as_of=day) for day in ("2026-03-15", "2026-10-05"))
    assert (then.tier, now.tier) == ("Weak", "Perfect")
    made = next(version for version in history.log("SaaS") if version.id == now.version_id)
    assert (made.number, made.author, made.message) == (3, "ann@example.com", "First definition")
    assert str(history.diff(history["SaaS", made.number - 1], made)).endswith("high 1,000 → 2,000")
    back = history.rollback("SaaS", to=1, author="cleo@example.com", message="Too wide", expected=made)
    assert history.score("SaaS", account).version_id == back.id
    assert history.score("SaaS", account, as_of="2026-08-01").version_id == made.id


def test_a_rollback_ends_what_was_to_come() -> None:
    """A version that was to be in force later never is, once somebody went back; before that, it still was to be."""
    clock = Clock()
    history = opened(clock)
    v1 = history.commit(FIRST, **ANN, effective_from="2026-01-01")
    v2 = history.commit(SECOND, **BEN, expected=v1, effective_from="2030-01-01")
    before = clock()
    assert history.in_force("SaaS", at="2030-02-01") == v2
    v3 = history.rollback("SaaS", to=v1, **BEN)
    assert history.in_force("SaaS", at="2030-02-01") == v3
    assert history.in_force("SaaS", at="2030-02-01", known_at=before) == v2
    assert history.in_force("SaaS", at="2026-01-02") == v1


def test_an_account_is_scored_by_an_alias_at_a_moment() -> None:
    """Who scores with an alias gets the version to which it pointed then, whatever was in force."""
    clock = Clock()
    history = of_three(clock)
    clock.set("2026-08-03")
    history.move_alias("SaaS", "production", to=2, **CLEO)
    clock.set("2026-09-07")
    history.move_alias("SaaS", "production", to=3, expected=2, **CLEO)
    account = {"employees": 1500}
    found = [history.score(ref, account, as_of="2026-08-31") for ref in ("SaaS", "SaaS@production")]
    assert [one.version_id for one in found] == [history["SaaS@v3"].id, history["SaaS@v2"].id]
    assert history.score("SaaS@production", account).version_id == history["SaaS@v3"].id
    with pytest.raises(icp.NoSuchVersionError, match="the alias 'production' of 'SaaS' pointed nowhere then"):
        history.score("SaaS@production", account, as_of="2026-07-31")
    with pytest.raises(icp.NoSuchVersionError, match="there is no profile 'Sass@production'"):
        history.score("Sass@production", account)
