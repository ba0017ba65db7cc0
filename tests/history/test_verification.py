from typing import Any

import pytest

import icpkit as icp
from icpkit.history.records import (
    Body,
    End,
    Note,
    Stored,
    beginning,
    body_id,
    entry_id,
    note_hash,
    note_of,
    packed,
    plain_json,
    sealed,
)
from icpkit.history.verification import Finding, Walk, checkpoint_of, nonsense
from icpkit.words import ENGLISH
from tests.history.cases import ANN, CLEO, DANA, FIRST, SECOND, of_three, opened, told


def held(history: icp.History) -> Any:
    """Give what a store in memory holds of a history, to damage it."""
    return history.store._spaces[history.space]  # type: ignore[attr-defined]


def lived() -> icp.History:
    """Give a history of three versions, an alias, an override, and an erased note: seven entries."""
    history = of_three()
    history.move_alias("SaaS", "production", to=1, **CLEO)
    history.overrides.set("acme", fit=80, justification="x", author="eve")
    history.erase(account="acme")
    history.tag("SaaS@v3", "2026-Q3")
    return history


def findings(history: icp.History) -> list[str]:
    """Verify a history that is damaged, and give what was found."""
    found = history.verify()
    assert not found
    return list(map(str, found.findings))


def test_a_history_that_is_as_it_was_written() -> None:
    """Where nothing is wrong the verification is true, and says what was looked at."""
    found = lived().verify()
    assert (found.ok, bool(found), found.findings) == (True, True, ())
    assert (found.space, found.entries, found.versions, found.erased, found.sound_until) == ("default", 7, 3, 1, 7)
    assert str(found) == repr(found) == "sound: 7 entries, 3 versions, 1 note erased (space 'default')"
    assert str(opened(space="t42").verify()) == "sound: 0 entries, 0 versions, 0 notes erased (space 't42')"


def change(place: int, **fields: Any) -> Any:
    """Change an entry, and leave its id as it is."""

    def damage(space: Any) -> None:
        space.entries[place - 1] = space.entries[place - 1]._replace(**fields)

    return damage


def resealed(place: int, **fields: Any) -> Any:
    """Change an entry, and give it the id that it should have then."""

    def damage(space: Any) -> None:
        entry = space.entries[place - 1]._replace(**fields)
        space.entries[place - 1] = entry._replace(id=entry_id(entry))

    return damage


def gone(*places: int) -> Any:
    """Take entries away; the store does not notice."""

    def damage(space: Any) -> None:
        for place in places:
            del space.entries[place - 1]

    return damage


def swapped(space: Any) -> None:
    """Let two entries change places."""
    space.entries[1], space.entries[2] = space.entries[2], space.entries[1]


#: What stands where a number belongs.
TEXT: Any = "1"
HASH = "is not as it was written: its hash is another"
FOLLOWS = "does not follow the entry before it"
ENDS = "the history: does not end where its end says"


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (change(2, name="Saas"), [f"entry 2 (v2 of 'Saas'): {HASH}"]),
        (change(2, committed=0), [f"entry 2 (v2 of 'SaaS'): {HASH}"]),
        (change(2, kind="draft"), [f"entry 2 (v2 of 'SaaS'): {HASH}"]),
        (change(2, space="other"), [f"entry 2 (v2 of 'SaaS'): {HASH}"]),
        (change(2, name=3.5), [f"entry 2 (v2 of 3.5): {HASH}"]),
        (change(2, name="\ud800"), [f"entry 2 (v2 of '\\ud800'): {HASH}"]),
        (change(4, about=2), [f"entry 4 (alias of 'SaaS'): {HASH}"]),
        (change(6, data='{"places":[1,5]}'), [f"entry 6 (erased): {HASH}"]),
        (change(2, prev=b"x"), [f"entry 2 (v2 of 'SaaS'): {FOLLOWS}", f"entry 2 (v2 of 'SaaS'): {HASH}"]),
        (change(2, id=b"x"), [f"entry 2 (v2 of 'SaaS'): {HASH}", f"entry 3 (v3 of 'SaaS'): {FOLLOWS}"]),
        (change(1, seq=0), ["entry 0 (v1 of 'SaaS'): an entry has no place of its own", "entry 1: missing"]),
        (change(3, seq=2), ["entry 2 (v3 of 'SaaS'): an entry has no place of its own", "entry 3: missing"]),
        (change(3, seq=None), ["entry None (v3 of 'SaaS'): an entry has no place of its own", "entry 3: missing"]),
        (resealed(2, name="Other"), [FOLLOWS]),
        (gone(2), ["entry 2: missing: the history goes on behind it"]),
        (gone(2, 2), ["entries 2 to 3: missing: the history goes on behind it"]),
        (gone(1), ["entry 1: missing: the history goes on behind it"]),
        (swapped, ["entry 2: missing: the history goes on behind it", "entry 2 (v2 of 'SaaS'): an entry has no place"]),
        (
            lambda space: space.notes.pop(2),
            ["entry 2 (v2 of 'SaaS'): its note (author, message) is gone, and nobody erased it"],
        ),
        (
            lambda space: space.notes.update({2: space.notes[2]._replace(author="eve")}),
            ["entry 2 (v2 of 'SaaS'): its note (author, message) is not as it was written"],
        ),
        (
            lambda space: space.notes.update({2: space.notes[2]._replace(salt=3)}),
            ["entry 2 (v2 of 'SaaS'): its note (author, message) is not as it was written"],
        ),
        (
            lambda space: space.notes.update({7: note_of("eve", None, {})}),
            ["entry 7 (tag of 'SaaS'): has a note that was not written with it"],
        ),
        (
            lambda space: space.notes.update({5: space.notes[4]}),
            ["its note (author, message) is not as it was written", "entry 5: was erased, and yet there is a note"],
        ),
        (
            lambda space: space.notes.update({99: space.notes[1]}),
            ["entry 99: there is a note beside an entry that is not there"],
        ),
        (lambda space: space.bodies.popitem(), ["of entry 3 (v3 of 'SaaS'): is not there"]),
        (
            lambda space: space.bodies.update({b"more": packed(1, "{}")}),
            ["the profile 6d6f7265…: is not as it was written: its hash is another"],
        ),
        (
            lambda space: space.bodies.update(dict.fromkeys(list(space.bodies)[:1], packed(1, "{}"))),
            ["of entry 1 (v1 of 'SaaS'): is not as it was written: its hash is another"],
        ),
        (
            lambda space: space.bodies.update(dict.fromkeys(list(space.bodies)[:1], Body(1, b"?" * 20))),
            ["of entry 1 (v1 of 'SaaS'): is damaged: its bytes are not those that were written"],
        ),
        (
            lambda space: space.bodies.update(
                dict.fromkeys(list(space.bodies)[:1], Body(TEXT, packed(1, "{}").packed))
            ),
            ["of entry 1 (v1 of 'SaaS'): is damaged: %d format"],
        ),
        (lambda space: space.bodies.update({3: packed(1, "{}")}), ["the profile 3: is not as it was written"]),
    ],
)
def test_each_kind_of_damage_is_named(damage: Any, found: list[str]) -> None:
    """Whatever is changed, taken away, added or moved is told with its place."""
    history = lived()
    damage(held(history))
    told = findings(history)
    for problem in found:
        assert any(problem in one for one in told), told


def test_a_text_that_belongs_to_no_version() -> None:
    """A profile that no version has is more than a history wrote."""
    history = lived()
    held(history).bodies[body_id(1, "{}")] = packed(1, "{}")
    assert findings(history) == [f"the profile {body_id(1, '{}').hex()[:12]}…: belongs to no version"]


def test_up_to_where_a_history_is_sound() -> None:
    """The verification says up to which entry nothing is wrong, and counts what it found."""
    history = lived()
    change(4, about=2)(held(history))
    found = history.verify()
    assert found.sound_until == 3
    assert str(found).splitlines() == [
        "1 finding among 7 entries, 3 versions, 1 note erased (space 'default'):",
        f"  entry 4 (alias of 'SaaS'): {HASH}",
        "  sound up to entry 3",
    ]
    change(6, data="{}")(held(history))
    assert str(history.verify()).startswith("2 findings among 7 entries, ") or len(history.verify().findings) > 2
    german = {**ENGLISH, "verify_until": "heil bis {seq}"}
    assert history.verify().to_text(german).endswith("  heil bis 3")
    assert found.findings == (Finding("entry 4 (alias of 'SaaS')", HASH),)


def test_the_end_is_where_the_store_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """An end that was moved, or does not name the last entry, is found."""
    history = lived()
    view = type(history.store.reading("default").__enter__())
    for end, problem in (
        (End(5, b"x"), "has 7 entries, and its end says 5"),
        (End(7, b"x"), "does not end where its end"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(view, "end", lambda self, end=end: end)
            assert findings(history)[0].startswith(f"the history: {problem}")


def test_what_the_store_itself_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store says is wrong comes first; where it cannot be read at all, nothing is sure."""
    history = lived()
    store = type(history.store)
    monkeypatch.setattr(store, "damage", lambda self: ["page 3 is wrong"])
    found = history.verify()
    assert ([str(one) for one in found.findings], found.sound_until) == (["the store: page 3 is wrong"], 0)

    def refuse(self: Any, space: str) -> Any:
        raise icp.StoreDamagedError("memory", "cannot be read")

    monkeypatch.setattr(store, "reading", refuse)
    found = history.verify()
    assert [str(one) for one in found.findings] == ["the store: page 3 is wrong", "the store: cannot be read"]
    assert (found.sound_until, found.entries) == (0, 0)


# Entries that are whole and yet none of a history's making


def add(history: icp.History, beside: Note | None = None, **fields: Any) -> None:
    """Add an entry with a hash that is right, behind the back of the store."""
    space, told = held(history), {"name": "SaaS", "committed": 2**51, **fields}
    last = space.entries[-1]
    entry = sealed(End(last.seq, last.id), space="default", **told)
    space.entries.append(entry)
    if beside is not None:
        space.notes[entry.seq] = beside


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "commit", "number": 4}, "says what no history says: it has no object"),
        ({"kind": "tag", "about": 1}, "says what no history says: it has no label"),
        ({"kind": "alias"}, "says what no history says: it has no label"),
        ({"kind": "review", "data": '{"due":1}'}, "says what no history says: it has no about"),
        ({"kind": "tag", "about": 1, "label": "x", "committed": 2**60}, "1152921504606846976 is too large a number"),
        ({"kind": "erased"}, "'{}' is no data of its kind"),
        ({"kind": "erased", "data": '{"places":[99]}'}, """'{"places":[99]}' is no data of its kind"""),
        ({"kind": "erased", "data": '{"places":[0]}'}, "is no data of its kind"),
        ({"kind": "erased", "data": '{"places":[true]}'}, "is no data of its kind"),
        ({"kind": "erased", "data": '{"places":3}'}, "is no data of its kind"),
        ({"kind": "erased", "data": "[]"}, "'[]' is no data of its kind"),
        ({"kind": "erased", "data": "nonsense"}, "'nonsense' is no data of its kind"),
        ({"kind": "erased", "data": "[" * 10**6}, "is no data of its kind"),
        ({"kind": "requirement", "label": "production"}, "is no data of its kind"),
        ({"kind": "requirement", "label": "production", "data": '{"roles":"sales"}'}, "is no data of its kind"),
        ({"kind": "requirement", "label": "production", "data": '{"roles":[3]}'}, "is no data of its kind"),
        ({"kind": "review", "about": 1, "data": '{"due":"soon"}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"set"}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"clear","fit":1}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"jump","fit":1}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":[],"fit":1}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"set","fit":"1"}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"set","tier":1}'}, "is no data of its kind"),
        ({"kind": "override", "about": 1, "data": '{"action":"set","fit":1,"expires":"x"}'}, "is no data of its kind"),
        ({"kind": "later", "data": "[]"}, "is no data of its kind"),
        ({"kind": "tag", "about": 9, "label": "x"}, "is about v9 of 'SaaS', which is not there"),
        ({"kind": "tag", "about": 1, "label": "x", "committed": 1}, "is not later than the entry before it"),
        ({"kind": "later", "number": None, "token": "k"}, "uses the idempotency key 'k' again"),
    ],
)
def test_what_no_history_says(fields: dict[str, Any], problem: str) -> None:
    """An entry that hashes rightly and breaks the rules is named, so that nobody has to guess what it means."""
    history = of_three()
    history.commit(FIRST, expected=3, idempotency_key="k", **ANN)
    add(history, **fields)
    assert any(problem in one for one in findings(history))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"number": 6}, "does not follow v3 of 'SaaS'"),
        ({"number": 3}, "does not follow v3 of 'SaaS'"),
        ({"kind": "rollback", "about": 1}, "does not restore v1, as it says"),
        ({"kind": "rollback", "about": 9}, "does not restore v9, as it says"),
    ],
)
def test_versions_that_do_not_follow(fields: dict[str, Any], problem: str) -> None:
    """A version must follow the one before it, and a rollback must restore what it says."""
    history = of_three()
    last = held(history).entries[-1]
    version = {"kind": "commit", "number": 4, "object": last.object, "content": last.content}
    add(history, **{**version, "effective": 1, **fields})
    assert any(problem in one for one in findings(history))


@pytest.mark.parametrize(
    "note",
    [
        Note(b"salt", "eve", None, "[]"),
        Note(b"salt", "eve", None, '{"message":3}'),
        Note(b"salt", "eve", None, "nonsense"),
        Note(b"salt", "eve", None, "[" * 10**6),
        Note(b"salt", "eve", "nonsense", "{}"),
        Note(b"salt", "eve", "[]", "{}"),
        Note(b"salt", "eve", "1.5", "{}"),
    ],
    ids=["a list", "a number", "no JSON", "deep", "an account that is none", "a list of accounts", "half an account"],
)
def test_notes_that_nobody_wrote(note: Note) -> None:
    """A note that hashes rightly and says nothing that a history writes is named."""
    history = of_three()
    data = plain_json({"action": "set", "fit": 1})
    add(history, note, kind="override", about=1, data=data, note=note_hash(note))
    assert findings(history) == [
        "entry 4 (override of 'SaaS'): its note (author, message) is none that a history writes"
    ]


def test_what_a_history_writes_is_no_nonsense() -> None:
    """Every entry of a history in which everything has happened passes."""
    history = lived()
    history.require(["sales"], **CLEO)
    history.review("SaaS", **ANN)
    history.overrides.adjust("acme", -5, expires="2027-01-01", **DANA)
    history.overrides.clear("acme", **DANA)
    history.rollback("SaaS", to=1, **ANN)
    history.commit(SECOND, expected=4, draft=True, **ANN)
    history.approve("SaaS", "sales", author="ann")
    history.withdraw_approval("SaaS", "sales", author="ann")
    history.move_alias("SaaS", "production", to=None, expected=1, **CLEO)
    assert [nonsense(entry) for entry in held(history).entries] == [""] * 16
    assert history.verify()


# Checkpoints


def test_a_checkpoint_is_a_line() -> None:
    """A checkpoint is written on one line, and read again from it, blanks around it left out."""
    history = of_three()
    point = history.checkpoint()
    assert (point.length, point.id, point.history) == (3, history["SaaS", 3].id, history["SaaS", 1].id[:16])
    assert str(point) == f"icpkit-checkpoint 1 {point.history} 3 {point.id}"
    assert checkpoint_of(f"  {point}\n") == checkpoint_of(point) == point
    assert opened().checkpoint().length == 0


def test_a_checkpoint_shows_that_the_end_was_cut_off() -> None:
    """Entries that are missing from the end are found by an earlier checkpoint alone."""
    history = lived()
    before, point = history.checkpoint(), history.checkpoint()
    history.commit(FIRST, expected=3, **ANN)
    after = history.checkpoint()
    assert history.verify(checkpoint=before).ok is history.verify(checkpoint=str(after)).ok is True
    for entries, wanted in (
        (7, "entry 8: missing: the end was cut off by 1 entry"),
        (5, "entry 6: missing: the end was cut off by 3 entries"),
    ):
        space = held(history)
        del space.entries[entries:]
        for place in [place for place in space.notes if place > entries]:
            del space.notes[place]
        space.versions["SaaS"] = space.versions["SaaS"][:3]
        cut = history.verify(checkpoint=after)
        assert wanted in [str(one) for one in cut.findings]
    assert point == before


def test_a_checkpoint_shows_that_a_history_was_written_anew() -> None:
    """Another history of the same length, or with another beginning, is not taken for this one."""
    one, two = of_three(), of_three()
    found = two.verify(checkpoint=one.checkpoint())
    assert "the checkpoint: is of another history (" in str(found)
    forged = icp.Checkpoint(two.checkpoint().history, 2, "00" * 32)
    assert [str(finding) for finding in two.verify(checkpoint=forged).findings] == [
        "entry 2: is another than at the checkpoint: the history was written anew"
    ]
    assert two.verify(checkpoint=opened().checkpoint())
    assert opened().verify(checkpoint=opened().checkpoint())


@pytest.mark.parametrize("given", ["", "x", 3, "icpkit-checkpoint 2 0 0 0", b"icpkit-checkpoint", ["x"]])
def test_a_checkpoint_that_is_none(given: Any) -> None:
    """What is no such line is told with its value."""
    with pytest.raises(ValueError, match=r"^a checkpoint must be the line that history\.checkpoint\(\) gave") as caught:
        of_three().verify(checkpoint=given)
    assert told(caught).endswith(f"(got {given!r})")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "tag", "number": 1, "about": 1, "label": "x", "committed": 9}, "has a number, and is no version"),
        ({"kind": "tag", "about": 1, "label": "x", "committed": "later"}, "says nothing that a history says"),
    ],
)
def test_an_entry_of_a_forger(fields: dict[str, Any], problem: str) -> None:
    """An entry whose hash is right and that no history writes is named."""
    walk = Walk("a")
    walk.committed = 5
    found = list(walk.step(Stored(sealed(beginning("a"), space="a", name="SaaS", **fields), None)))
    assert [one.problem for one in found] == [problem]


def test_up_to_where_a_history_is_sure() -> None:
    """What is wrong with a profile counts for its version, and where a checkpoint differs nothing is sure."""
    history = of_three()
    line = str(history.checkpoint())
    key = history["SaaS@v2"]._entry.object
    body = held(history).bodies.pop(key)
    found = history.verify()
    assert (found.sound_until, len(found.findings)) == (1, 1)
    held(history).bodies[key] = body
    held(history).entries[2] = sealed(End(2, held(history).entries[1].id), **{
        **held(history).entries[2]._asdict(), "committed": held(history).entries[2].committed + 1})  # fmt: skip
    assert history.verify().sound_until == 3
    assert history.verify(checkpoint=line).sound_until == 0
    assert "this one is empty" in str(opened().verify(checkpoint=line))
