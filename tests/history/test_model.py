"""A history obeys its model: two handles on one store, driven at random, against plain lists.

The model is what a reader of the documentation would expect: a list of versions for each name, in which the head is the
last one. Whatever the handles answer must be what the lists say, in every store.
"""

import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from icpkit.history import (
    ConflictError,
    History,
    KeyReusedError,
    NoSuchVersionError,
    OverridesError,
    UnapprovedError,
    UnchangedError,
    committing,
)
from icpkit.history.memory import MemoryStore
from tests.history.trial_profiles import small

NAMES = ("Alpha", "Beta")
ACCOUNTS = ("acme", "umbrella", 17)
PEOPLE = ("ada", "bob")
_NUMBERS = itertools.count(1)
START = datetime(2026, 6, 1, tzinfo=UTC)

names, handles = st.sampled_from(NAMES), st.sampled_from([0, 1])
people, accounts = st.sampled_from(PEOPLE), st.sampled_from(ACCOUNTS)
contents, days = st.integers(0, 3), st.integers(-40, 40)
_MISSING = 3
picks = st.integers(0, _MISSING)


@attrs.define
class Made:
    """A version, as the model knows it."""

    number: int
    content: int
    kind: str
    committed: datetime
    effective: datetime | None
    author: str | None
    message: str | None
    id: str


@attrs.define
class Decided:
    """An override, as the model knows it."""

    name: str
    account: Any
    action: str
    author: str | None


class Model(RuleBasedStateMachine):
    """Two handles on one store, and lists beside them."""

    store: ClassVar[str] = "memory"
    engine: ClassVar[sa.Engine | None] = None

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.time = START
        self.schema: str | None = None
        self.versions: dict[str, list[Made]] = {name: [] for name in NAMES}
        self.tags: dict[str, dict[str, int]] = {name: {} for name in NAMES}
        self.aliases: dict[str, dict[str, int]] = {name: {} for name in NAMES}
        self.approved: dict[str, set[tuple[str, int]]] = {name: set() for name in NAMES}
        self.decided: list[Decided] = []
        self.keys: dict[str, tuple[str, int, str, str]] = {}
        self.required: tuple[str, ...] = ()
        self.written = 0
        self.kept: list[Any] = []
        self.other = 0

    @initialize()
    def open(self) -> None:
        """Open two handles, and one on another tenant's space."""
        places: dict[str, Callable[[], Any]] = {
            "memory": lambda: shared,
            "file": lambda: str(self.folder / "icp.db"),
            "sqlalchemy": lambda: f"sqlite:///{self.folder / 'icp.db'}",
            "postgresql": lambda: self.engine,
        }
        shared = MemoryStore()
        made: Any = History
        if self.store in {"sqlalchemy", "postgresql"}:
            self.schema = None if self.engine is None else f"model{next(_NUMBERS)}"
            made = functools.partial(History.connect, schema=self.schema)
        self.handles = [made(places[self.store](), clock=self.clock) for _ in range(2)]
        self.tenant = made(places[self.store](), clock=self.clock, space="other")

    def clock(self) -> datetime:
        """Tell the time, which the rules move."""
        return self.time

    def head(self, name: str) -> Made | None:
        """Give the head that the model knows."""
        return self.versions[name][-1] if self.versions[name] else None

    def noted(self, name: str, made: Any, content: int, author: str, message: str | None) -> None:
        """Take a version into the model, once it is seen to be what it should be."""
        head = self.head(name)
        assert made.number == (1 if head is None else head.number + 1)
        assert made.parent == (None if head is None else head.id)
        assert (made.name, made.author, made.message) == (name, author, message)
        assert made.profile == small(content, name)
        last = max((one.committed for each in self.versions.values() for one in each), default=None)
        assert last is None or made.committed_at > last
        self.versions[name].append(
            Made(made.number, content, made.kind, made.committed_at, made.effective_from, author, message, made.id)
        )
        self.written += 1

    @rule(seconds=st.sampled_from([-3600, 0, 0, 1, 86_400]))
    def pass_time(self, seconds: int) -> None:
        """Time goes on, stands still, or goes back."""
        self.time += timedelta(seconds=seconds)

    @rule(
        handle=handles,
        name=names,
        content=contents,
        author=people,
        back=st.sampled_from([0, 0, 0, 1, 2, 99]),
        draft=st.sampled_from([False, False, True]),
        day=st.none() | days,
        key=st.none() | st.sampled_from(["k1", "k2", "k3"]),
        same=st.booleans(),
    )
    def commit(  # noqa: PLR0917  # Hypothesis names them all
        self, handle: int, name: str, content: int, author: str, back: int, draft: bool, day: int | None,
        key: str | None, same: bool,
    ) -> None:  # fmt: skip
        """Commit on the head, on an earlier version, on none, or on whatever is there."""
        head = self.head(name)
        expected: Any = "any" if back == 99 else None
        if head is not None and back < 3:
            expected = head.number - back if head.number > back else None
        effective = None if draft or day is None else START + timedelta(days=day)
        kind, message = "draft" if draft else "commit", f"message {self.written}"

        def call() -> Any:
            return self.handles[handle].commit(
                small(content, name), author=author, message=message, expected=expected, draft=draft,
                effective_from=effective, idempotency_key=key, allow_same=same,
            )  # fmt: skip

        if key in self.keys:
            whose, said, sort, id_ = self.keys[key]
            if (whose, said, sort) == (name, content, kind):
                assert call().id == id_
            else:
                with pytest.raises(KeyReusedError):
                    call()
        elif expected not in {"any", None if head is None else head.number}:
            with pytest.raises(ConflictError) as told:
                call()
            theirs = told.value.theirs
            assert (None if theirs is None else theirs.id) == (None if head is None else head.id)
        elif head is not None and not same and head.content == content and not (head.kind == "draft" and not draft):
            with pytest.raises(UnchangedError):
                call()
        else:
            made = call()
            self.noted(name, made, content, author, message)
            assert (made.kind, made.erased) == (kind, False)
            assert made.effective_from == (None if draft else effective or made.committed_at)
            if key is not None:
                self.keys[key] = name, content, kind, made.id

    @rule(handle=handles, name=names, content=contents, author=people)
    def grow(self, handle: int, name: str, content: int, author: str) -> None:
        """Commit on the head, so that there is something to talk about."""
        self.commit(handle, name, content, author, 0, draft=False, day=None, key=None, same=True)

    def picked(self, name: str, pick: int) -> int:
        """Give the number of one of the last versions, or of one that is not there."""
        count = len(self.versions[name])
        return count + 1 if pick == _MISSING else max(1, count - pick)

    @rule(handle=handles, name=names, pick=picks, author=people)
    def rollback(self, handle: int, name: str, pick: int, author: str) -> None:
        """Go back to an earlier version, which makes a new one."""
        head, number = self.head(name), self.picked(name, pick)

        def call() -> Any:
            return self.handles[handle].rollback(name, number, author=author, message="back")

        if head is None or number > head.number:
            with pytest.raises(NoSuchVersionError):
                call()
            return
        old = self.versions[name][number - 1]
        if old.content == head.content and head.kind != "draft":
            with pytest.raises(UnchangedError):
                call()
            return
        made = call()
        self.noted(name, made, old.content, author, "back")
        assert (made.kind, made.restores) == ("rollback", number)

    @rule(handle=handles, name=names, pick=picks, label=st.sampled_from(["q1", "q2", "production"]))
    def tag(self, handle: int, name: str, pick: int, label: str) -> None:
        """Tag a version; a tag stays where it is."""
        number = self.picked(name, pick)

        def call() -> None:
            self.handles[handle].tag((name, number), label)

        if number > len(self.versions[name]):
            with pytest.raises(NoSuchVersionError):
                call()
        elif label in self.aliases[name] or self.tags[name].get(label, number) != number:
            with pytest.raises(ConflictError):
                call()
        elif label == "production" and self.required and label not in self.tags[name]:
            with pytest.raises(ValueError, match="moves once it is approved, so it cannot be a tag"):
                call()
        else:
            call()
            self.written += label not in self.tags[name]
            self.tags[name][label] = number

    @rule(
        handle=handles, name=names, pick=st.none() | picks, alias=st.sampled_from(["production", "trial"]),
        right=st.sampled_from([True, True, False]),
    )  # fmt: skip
    def move_alias(self, handle: int, name: str, pick: int | None, alias: str, right: bool) -> None:
        """Move an alias, knowing where it points or not."""
        to = None if pick is None else self.picked(name, pick)
        now = self.aliases[name].get(alias) or None
        count = len(self.versions[name])
        wrong = None if now else 1
        expected = now if right else wrong

        def call() -> None:
            self.handles[handle].move_alias(name, alias, to=to, expected=expected, author="ada", reason="why")

        if count == 0 or (right and alias not in self.tags[name] and to is not None and to > count):
            with pytest.raises(NoSuchVersionError):
                call()
        elif alias in self.tags[name] or not right:
            with pytest.raises(ConflictError):
                call()
        elif to is not None and alias == "production" and not self._is_approved(name, to):
            with pytest.raises(UnapprovedError):
                call()
        else:
            call()
            self.written += to != now
            if to != now:
                self.aliases[name][alias] = to or 0

    def _is_approved(self, name: str, number: int) -> bool:
        content = self.versions[name][number - 1].content
        return all((role, content) in self.approved[name] for role in self.required)

    @rule(handle=handles, roles=st.sampled_from([(), ("sales",), ("marketing", "sales")]))
    def require(self, handle: int, roles: tuple[str, ...]) -> None:
        """Demand approvals for production."""
        self.handles[handle].require(roles, author="bob", reason="why")
        self.required = roles
        self.written += 1

    @rule(
        handle=handles, name=names, pick=picks, role=st.sampled_from(["marketing", "sales"]),
        back=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def approve(self, handle: int, name: str, pick: int, role: str, back: bool) -> None:
        """Approve what a version says, or take that back."""
        history = self.handles[handle]
        call = history.withdraw_approval if back else history.approve
        number = self.picked(name, pick)
        if number > len(self.versions[name]):
            with pytest.raises(NoSuchVersionError):
                call((name, number), role, author="bob")
            return
        call((name, number), role, author="bob")
        self.written += 1
        content = self.versions[name][number - 1].content
        (self.approved[name].discard if back else self.approved[name].add)((role, content))
        assert (role in history.approvals((name, number))) is not back

    @rule(handle=handles, name=names, account=accounts, author=people, clear=st.booleans())
    def override(self, handle: int, name: str, account: Any, author: str, clear: bool) -> None:
        """Decide about an account, or take that back."""
        log = self.handles[handle].overrides
        lasting = self._lasting()
        if clear and lasting and author == "ada":  # one that holds, and not any
            name, account = lasting[0].name, lasting[0].account
        about = [one for one in self.decided if (one.name, one.account) == (name, account)]
        if not self.versions[name]:
            with pytest.raises(NoSuchVersionError):
                log.adjust(account, 1, author=author, justification="why", name=name)
        elif clear and (not about or about[-1].action == "clear"):
            with pytest.raises(OverridesError):
                log.clear(account, author=author, justification="why", name=name)
        else:
            if clear:
                log.clear(account, author=author, justification="why", name=name)
            else:
                log.set(account, fit=50, author=author, justification="why", name=name)
            self.written += 1
            self.decided.append(Decided(name, account, "clear" if clear else "set", author))

    @rule(handle=handles, author=people)
    def erase_person(self, handle: int, author: str) -> None:
        """Erase a person; what that person decided last holds on, and nothing decided before holds again."""
        mine = [one for each in self.versions.values() for one in each if one.author == author]
        decided = [one for one in self.decided if one.author == author]
        lasting = [one for one in self._last() if one.author == author]
        done = self.handles[handle].erase(author=author)
        assert done.notes >= len(mine) + len(decided)
        assert done.carried == len(lasting)
        for version in mine:
            version.author = version.message = None
        for one in decided:
            one.author = one.account = None
        self.written += (done.notes > 0) + len(lasting)
        self.decided += [Decided(one.name, account, one.action, None) for one, account in lasting_pairs(lasting)]

    def _last(self) -> list[Any]:
        last: dict[tuple[str, Any], Decided] = {}
        for one in self.decided:
            if one.account is not None:
                last[one.name, one.account] = one
        return [attrs.evolve(one) for one in last.values()]

    def _lasting(self) -> list[Any]:
        return [one for one in self._last() if one.action != "clear"]

    @rule(handle=handles, account=accounts, any_=st.booleans())
    def erase_account(self, handle: int, account: Any, any_: bool) -> None:
        """Erase an account, and all that was decided about it."""
        known = [one.account for one in self.decided if one.account is not None]
        account = account if any_ or not known else known[0]
        about = [one for one in self.decided if one.account == account]
        assert self.handles[handle].erase(account=account).notes == len(about)
        for one in about:
            one.author = one.account = None
        self.written += bool(about)

    @rule(content=contents, drop=st.booleans())
    def use_another_space(self, content: int, drop: bool) -> None:
        """Another tenant writes to the same names, or drops all that it has."""
        if drop:
            self.tenant.drop_space()
            self.other = 0
        else:
            signed: dict[str, Any] = {"author": "ada", "message": "elsewhere"}
            self.tenant.commit(small(content, NAMES[0]), **signed, expected="any", allow_same=True)
            self.other += 1
        assert len(self.tenant.events()) == self.other

    @rule(handle=handles)
    def keep_a_checkpoint(self, handle: int) -> None:
        """Keep a checkpoint, which holds for ever."""
        self.kept.append(self.handles[handle].checkpoint())

    @rule(handle=handles)
    def carry_it_elsewhere(self, handle: int) -> None:
        """Save a bundle, and load it into a new history, which then says the same."""
        path = self.folder / "bundle.jsonl"
        count = self.handles[handle].save_bundle(path)
        assert count == self.written
        copy = History.memory(clock=self.clock)
        assert (copy.load_bundle(path), copy.load_bundle(path)) == (count, 0)
        assert copy.checkpoint() == self.handles[1 - handle].checkpoint()
        assert list(copy.events()) == list(self.handles[1 - handle].events())
        assert copy.verify().ok

    @rule(handle=handles, name=names, day=days, known=st.none() | days)
    def ask_what_was_in_force(self, handle: int, name: str, day: int, known: int | None) -> None:
        """In force is the version with the latest beginning up to the moment, among those that were known."""
        at = START + timedelta(days=day)
        known_at = None if known is None else START + timedelta(days=known)
        found = [
            (one.effective, one.number, one.kind)
            for one in self.versions[name]
            if one.effective is not None and one.effective <= at and (known_at is None or one.committed <= known_at)
        ]
        least = max((number for _, number, kind in found if kind == "rollback"), default=0)
        found = [one for one in found if one[1] >= least]
        if not found:
            with pytest.raises(NoSuchVersionError):
                self.handles[handle].in_force(name, at=at, known_at=known_at)
        else:
            assert self.handles[handle].in_force(name, at=at, known_at=known_at).number == max(found)[1]

    @rule(handle=handles, name=names)
    def read_all(self, handle: int, name: str) -> None:
        """The log, the labels and the overrides are what the lists say."""
        history, made = self.handles[handle], self.versions[name]
        if not made:
            assert name not in history
            with pytest.raises(NoSuchVersionError):
                history.log(name)
        else:
            told = [(one.number, one.id, one.author, one.message, one.kind) for one in reversed(history.log(name))]
            assert told == [(one.number, one.id, one.author, one.message, one.kind) for one in made]
            aliases = {alias: number for alias, number in self.aliases[name].items() if number}
            assert history.labels(name) == {**aliases, **self.tags[name]}
            assert all(history[name, label].number == number for label, number in history.labels(name).items())
            assert history.head(name).profile == small(made[-1].content, name)
        said = [(one.name, one.account, one.action, one.author) for one in history.overrides.log()]
        assert said == [(one.name, one.account, one.action, one.author) for one in self.decided]
        lasting = {(one.name, one.account) for one in self._lasting()}
        assert {(one.name, one.account) for one in history.overrides.active()} == lasting

    @invariant()
    def the_heads_are_those_of_the_model(self) -> None:
        """Both handles see each change at once."""
        for history in getattr(self, "handles", ()):
            assert history.names() == tuple(name for name in NAMES if self.versions[name])
            assert history.checkpoint().length == self.written

    def teardown(self) -> None:
        """Verify all that was written, against each checkpoint."""
        for history in getattr(self, "handles", ()):
            assert history.verify().ok
            assert all(history.verify(checkpoint=one).ok for one in self.kept)
            history.close()
        if hasattr(self, "tenant"):
            assert self.tenant.verify().ok
            self.tenant.close()
        if self.engine is not None and self.schema is not None:
            with self.engine.begin() as held:
                held.execute(sa.schema.DropSchema(self.schema, cascade=True))
        shutil.rmtree(self.folder)


def lasting_pairs(lasting: list[Any]) -> list[tuple[Any, Any]]:
    """Give the overrides that hold on with their accounts, which the first entry of each no longer has."""
    return [(one, one.account) for one in lasting]


def run(store: str, examples: int, steps: int, engine: sa.Engine | None = None, **options: Any) -> None:
    """Drive a store at random."""
    machine = type(f"Model of {store}", (Model,), {"store": store, "engine": engine})
    few = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        **options,
    )
    run_state_machine_as_test(machine, settings=few)


STORES = ("memory", "file", "sqlalchemy", "postgresql")
SHORT = {"memory": 30, "file": 12, "sqlalchemy": 5, "postgresql": 3}
FULL = {"memory": 2_000, "file": 200, "sqlalchemy": 100, "postgresql": 50}


def engine_for(store: str, request: pytest.FixtureRequest) -> sa.Engine | None:
    """Give the server where it is needed."""
    return request.getfixturevalue("engine") if store == "postgresql" else None


@pytest.mark.no_cover
@pytest.mark.parametrize("store", STORES)
def test_a_store_obeys_the_model(store: str, request: pytest.FixtureRequest) -> None:
    """Two handles on a store answer as plain lists would, whatever is done in whatever order."""
    run(store, SHORT[store], steps=30, engine=engine_for(store, request))


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_a_store_obeys_the_model_at_length(store: str, request: pytest.FixtureRequest) -> None:
    """The same, very often."""
    run(store, FULL[store], steps=40, engine=engine_for(store, request))


@pytest.mark.no_cover
def test_the_model_notices_a_lost_update(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check of what a change builds on, the model finds that one writer overwrites another."""
    monkeypatch.setattr(committing, "check_expected", lambda *_, **__: None)
    noticed = (pytest.fail.Exception, UnchangedError)  # the second where the other writer said the same
    with pytest.raises(noticed, match=r"DID NOT RAISE .*ConflictError|is already so"):
        run("memory", 200, steps=30, phases=[Phase.generate], report_multiple_bugs=False)
