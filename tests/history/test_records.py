from typing import Any

import pytest
import rfc8785

import icpkit as icp
from icpkit.history.overrides import override_of
from icpkit.history.records import (
    SALT_BYTES,
    End,
    Entry,
    Note,
    Stored,
    beginning,
    body_id,
    check_types,
    entry_id,
    note_hash,
    note_of,
    packed,
    plain_json,
    sealed,
    unpacked,
)

ONE = sealed(
    beginning("t42"),
    space="t42",
    kind="commit",
    name="SaaS",
    number=1,
    about=None,
    label=None,
    committed=10,
    effective=5,
    token="t",
    object=b"\2" * 32,
    content=b"\3" * 32,
    note=b"\4" * 32,
    data='{"a":1}',
)
#: Another value for each field of an entry.
OTHERS: dict[str, Any] = {
    "space": "t43",
    "seq": 2,
    "kind": "draft",
    "name": "Saas",
    "number": 2,
    "about": 1,
    "label": "x",
    "committed": 11,
    "effective": None,
    "token": None,
    "data": "{}",
    **dict.fromkeys(("object", "content", "note", "prev"), b"\5" * 32),
}


def test_the_id_of_an_entry_is_the_same_for_ever() -> None:
    """The same entry has the same id on every platform and in every release."""
    assert ONE.id.hex() == "5aa1f8c40ef320c453d686678db8f688f9855b6153edbbf9f987f8f42b2f1c21"
    assert beginning("t42").id.hex() == "ca16f27c7549611970818c49c45476ee0dd345ecb292ca7e12ce11d93375b02c"
    assert body_id(1, '{"name":"SaaS"}').hex() == "e3a3406bb24a963cf00cd6c3a62df653c7afab17d5d3fc11019d3ec03e13c52e"
    assert (
        note_hash(Note(b"\7" * 32, "ann", '"acme"', "{}")).hex()
        == "29b3e8cc2e67e7777b24c64ade453673b7fc192ad5de54a8cc4a59efb6d6ce07"
    )


@pytest.mark.parametrize("field", OTHERS)
def test_every_field_is_under_the_id(field: str) -> None:
    """Whatever is changed in an entry, its id is another."""
    assert set(OTHERS) == set(Entry._fields) - {"id"}
    assert entry_id(ONE._replace(**{field: OTHERS[field]})) != ONE.id


def test_a_space_begins_like_no_other() -> None:
    """Ledgers of different spaces differ from their beginning, so that no entry of one fits into another."""
    assert beginning("a").id != beginning("b").id
    assert sealed(beginning("a"), space="a", kind="tag", name="", committed=0).prev == beginning("a").id


def test_an_entry_follows_the_end() -> None:
    """The next entry has the next place, and names the one before by its id."""
    end = End(7, b"\6" * 32)
    entry = sealed(end, space="a", kind="tag", name="SaaS", committed=0)
    assert (entry.seq, entry.prev, entry.data, entry.number) == (8, end.id, "{}", None)
    assert entry.id == entry_id(entry)


@pytest.mark.parametrize(
    "data", [{}, {"b": 1, "a": "é"}, ["\u2028", "日本", None, True, -5], {"a": {"d": [], "c": '\\"\n\0'}}]
)
def test_plain_json_is_canonical(data: Any) -> None:
    """Text, whole numbers, True, False and None are written as RFC 8785 says."""
    assert plain_json(data).encode() == rfc8785.dumps(data)


def test_a_note_of_nothing_is_none() -> None:
    """Where nobody wrote anything there is no note, and nothing to erase."""
    assert note_of(None, None, {"message": None}) is None
    one = note_of("ann", None, {"message": None, "owner": "x"})
    assert one is not None
    assert one[1:] == ("ann", None, '{"owner":"x"}')


def test_what_was_said_cannot_be_guessed_from_its_hash() -> None:
    """Two notes that say the same have different salts, so different hashes."""
    one, two = note_of("ann", None, {"message": "hello"}), note_of("ann", None, {"message": "hello"})
    assert one is not None
    assert two is not None
    assert one[1:] == two[1:]
    assert len(one.salt) == SALT_BYTES
    assert note_hash(one) != note_hash(two)
    assert note_hash(one) == note_hash(one._replace())


@pytest.mark.parametrize(
    "change", [{"salt": b"x"}, {"author": "ben"}, {"account": '"other"'}, {"body": "[]"}, {"author": None}]
)
def test_all_of_a_note_is_under_its_hash(change: dict[str, Any]) -> None:
    """Whatever is changed in a note, its hash is another."""
    note = Note(b"salt", "ann", '"acme"', "{}")
    assert note_hash(note._replace(**change)) != note_hash(note)


def test_the_format_is_part_of_a_texts_id() -> None:
    """The same text in another format is another profile."""
    assert body_id(1, "{}") != body_id(2, "{}")


def test_a_text_is_packed_and_unpacked() -> None:
    """A profile's text keeps its format, and comes back as it was."""
    body = packed(1, '{"name":"SaaS"}')
    assert (body.format, unpacked(body)) == (1, '{"name":"SaaS"}')


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"committed": "10"}, "its committed is str, no int"),
        ({"name": b"SaaS"}, "its name is bytes, no str"),
        ({"id": None}, "its id is NoneType, no bytes"),
    ],
)
def test_a_value_of_another_type_is_damage(change: dict[str, Any], problem: str) -> None:
    """An entry whose values are of other types than those that were written is told, with the field."""
    assert check_types(Stored(ONE, None)) is ONE
    with pytest.raises(icp.StoreDamagedError, match=problem):
        check_types(Stored(ONE._replace(**change), None))


def test_what_cannot_be_made_of_an_entry_is_damage() -> None:
    """Data that is not what an entry of its kind holds is told as damage, wherever it is read."""
    entry = sealed(beginning("t42"), space="t42", kind="override", name="SaaS", about=1, committed=10)
    with pytest.raises(icp.StoreDamagedError, match="action") as caught:
        override_of(Stored(entry, None))
    assert isinstance(caught.value.__cause__, KeyError)
