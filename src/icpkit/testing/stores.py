"""What a store of histories must keep, as tests: a store of your own that passes them can be trusted with a history."""

from collections.abc import Callable
from contextlib import closing
from itertools import product
from typing import Any, ClassVar

from icpkit.history.errors import StaleError, StoreClosedError, StoreError
from icpkit.history.records import VERSIONS, Stored, beginning, body_id, note_hash, packed, sealed
from icpkit.history.store import Store
from icpkit.testing.ledgers import (
    CHARACTERS,
    HOSTILE,
    LEDGER,
    TIMES,
    WATCH,
    Raises,
    Stopped,
    add,
    append_one,
    chain_of,
    chosen_from,
    drop_all,
    everything,
    fill,
    fill_in,
    forget_all,
    in_force_of,
    joined,
    length_of,
    noted_in,
    same,
    started,
    without,
)


class StoreContract:
    """Tests that every store of histories passes; make a subclass that opens yours, and run it with any test runner.

    Attributes:
        threads: how many threads write at the same time in the longest test.
        appends: how many entries each of them writes.
        open_after_close: why the store can still be used after `close`, if it can.

    >>> from icpkit.history.memory import MemoryStore
    >>> class TestMemory(StoreContract):
    ...     open_after_close = "memory stays as long as its object"
    ...
    ...     def __init__(self):
    ...         self.store = MemoryStore()
    ...
    ...     def open(self):
    ...         return self.store
    >>> TestMemory().test_entries_come_in_the_order_of_the_ledger()
    """

    threads: ClassVar[int] = 8
    appends: ClassVar[int] = 200
    open_after_close: ClassVar[str] = ""

    def open(self) -> Store:
        """Give a handle on one and the same place each time within a test, and on an empty one in the next."""
        raise NotImplementedError("a subclass of StoreContract says how its store is opened: def open(self)")

    def raw(self) -> bytes:
        """Give all bytes of the place while no handle is open, where they can be told; else nothing."""
        return b""

    # Order and questions

    def test_an_empty_space_ends_at_its_beginning(self) -> None:
        """A space that nobody wrote to has the end that its name gives, and nothing in it; reading makes no space."""
        with closing(self.open()) as store:
            with store.reading("t42") as reader:
                same(reader.end(), beginning("t42"), "the end")
                same(everything(reader), ([], [], [], []), "what is in it")
                same(reader.in_force("SaaS", 2**50, 2**50), None, "what is in force")
                same((reader.with_id("ab"), reader.body(bytes(32))), ([], None), "what is found by id")
            with store.writing("t42"):
                pass
            same(store.spaces(), [], "the spaces")

    def test_entries_come_in_the_order_of_the_ledger(self) -> None:
        """Entries and notes come back as they were written, in their order, to this handle and to another."""
        with closing(self.open()) as store, closing(self.open()) as other:
            written = fill(store, "t42")
            for one in (store, other):
                with one.reading("t42") as reader:
                    same(list(reader.select()), written, "the entries")
                    same(reader.end(), (len(written), written[-1].entry.id), "the end")
                    same(reader.names(), ["Retail", "SaaS"], "the names")
                same(one.spaces(), ["t42"], "the spaces")
                same(list(one.damage()), [], "the damage")

    def test_every_filter_alone_and_together(self) -> None:
        """Whatever is asked of `select`, it gives what a plain list would give."""
        options: list[dict[str, Any]] = [
            {}, {"name": "SaaS"}, {"name": ""}, {"name": "None"}, {"number": 1}, {"name": "Retail", "number": 2},
            {"number": 9}, {"about": 1}, {"name": "SaaS", "about": 1}, {"label": "production"}, {"label": "none"},
            {"name": "SaaS", "label": "production"}, {"about": 3, "label": "production"}, {"token": "k1"},
            {"token": "k3", "name": "SaaS"}, {"token": "k1", "name": "Retail"}, {"token": "none"},
        ]  # fmt: skip
        kinds = (None, VERSIONS, ("alias", "tag"), ("commit", "override"), ())
        parts: tuple[dict[str, int], ...] = (
            {},
            {"after": 3},
            {"until": 10},
            {"after": 4, "until": 11},
            {"after": 99},
            {"until": 0},
        )
        with closing(self.open()) as store:
            written = fill(store, "t42")
            fill(store, "other")
            with store.reading("t42") as reader:
                for option, kind, part in product(options, kinds, parts):
                    asked = {**option, **part, "kinds": kind}
                    same(list(reader.select(**asked)), chosen_from(written, **asked), f"select({asked})")
                for option, limit, newest in product(options, (0, 1, 2, 99), (0, 1)):
                    asked = {**option, "limit": limit, "newest": bool(newest)}
                    same(list(reader.select(**asked)), chosen_from(written, **asked), f"select({asked})")
                for kind, part, limit in product(kinds, parts, (1, 3)):
                    asked = {"name": "SaaS", **part, "kinds": kind, "newest": True, "limit": limit}
                    same(list(reader.select(**asked)), chosen_from(written, **asked), f"select({asked})")

    def test_long_ledgers_come_whole(self) -> None:
        """More entries, texts and notes than any page holds come whole and in order, from either side."""
        count = 603
        with closing(self.open()) as store:
            with store.writing("t42") as writer:
                for number in range(1, count + 1):
                    add(writer, "t42", number=number, committed=number, author="ada")
                    writer.put(body_id(1, str(number)), packed(1, str(number)))
            with store.reading("t42") as reader:
                for kinds in (None, VERSIONS):
                    for newest in (False, True):
                        found = [one.entry.seq for one in reader.select(kinds=kinds, name="SaaS", newest=newest)]
                        same(found, list(range(1, count + 1))[:: -1 if newest else 1], f"newest={newest}")
                same([one.entry.seq for one in reader.select(limit=502)], list(range(1, 503)), "limit=502")
                same(len({id_ for id_, _ in reader.bodies()}), count, "the texts")
                places = reader.noted(author="ada")
                same(places, list(range(1, count + 1)), "the notes")
            with store.writing("t42") as writer:
                writer.forget(places)
                same(writer.noted(), [], "the notes that are left")

    def test_what_is_in_force_on_both_axes(self) -> None:
        """The latest effective moment counts, of several the highest number, among those that were known."""
        with closing(self.open()) as store:
            written = fill(store, "t42")
            with store.reading("t42") as reader:
                moments = (19, 20, 49, 50, 59, 60, 99, 100, 299, 300, 2**50)
                for name, at, known in product(
                    ("SaaS", "Retail", "None"), moments, (0, 9, 10, 39, 40, 59, 60, 70, 110, 160, 170, 2**50)
                ):
                    expected = in_force_of(written, name, at, known)
                    same(reader.in_force(name, at, known), expected, f"in_force({name!r}, {at}, {known})")

    def test_entries_are_found_by_the_beginning_of_their_id(self) -> None:
        """One entry is found by its id and by what tells it apart; two come where the beginning is ambiguous."""
        with closing(self.open()) as store:
            written = fill(store, "t42")
            other = fill(store, "other")
            with store.reading("t42") as reader:
                for stored in written:
                    for length in (64, 63, 20, 19):
                        same(reader.with_id(stored.entry.id.hex()[:length]), [stored], f"{length} digits")
                for stored in other:
                    same(reader.with_id(stored.entry.id.hex()), [], "an id of another space")
                # Fifteen ids, sixteen digits: two that begin alike are found among more, surely.
                found = reader.with_id("")
                same(len({one.entry.id for one in found}), 2, "how many entries come")
                same([one for one in found if one not in written], [], "entries of other spaces")

    # What is kept beside entries

    def test_texts_are_kept_once(self) -> None:
        """A packed text is given back by its id; one that is there already stays as it is."""
        first, second = packed(1, '{"name":"SaaS"}'), packed(2, "another")
        id_ = body_id(1, '{"name":"SaaS"}')
        with closing(self.open()) as store:
            with store.writing("t42") as writer:
                writer.put(id_, first)
                writer.put(id_, second)
                add(writer, "t42", number=1, object=id_)
                add(writer, "t42", number=2, object=id_)
                same(writer.body(id_), first, "the text")
            with store.writing("t42") as writer:
                writer.put(id_, second)
                writer.put(bytes(32), second)
            with store.reading("t42") as reader:
                same(dict(reader.bodies()), {id_: first, bytes(32): second}, "the texts")
                same(reader.body(b"\xff" * 32), None, "an unknown id")

    def test_notes_are_found_and_forgotten_for_good(self) -> None:
        """Notes are found by author and account; forgotten ones are gone, their entries stay, others are untouched."""
        person = "Äda Lövelace, +44 20 7946 0000"
        with closing(self.open()) as store, closing(self.open()) as other:
            written = fill(store, "t42")
            fill(store, "other")
            with store.writing("t42") as writer:
                last = add(writer, "t42", kind="override", author=person, account=f'"{person}"', said=person * 50)
                same(writer.noted(author=person, account=f'"{person}"'), [last.entry.seq], "the note of both")
            with other.reading("t42") as reader:
                same(reader.noted(author="ada"), noted_in(written, author="ada"), "the notes of ada")
                same(reader.noted(account='"acme"'), [10, 13], "the notes about acme")
                same(reader.noted(author="ada", account='"acme"'), [10], "the notes of ada about acme")
                same(reader.noted(), [*noted_in(written), last.entry.seq], "all notes")
                same(reader.noted(author="nobody") + reader.noted(account='"none"'), [], "notes of nobody")
            with store.writing("t42") as writer:
                writer.forget([10, last.entry.seq, 999])
                writer.forget([])
            for one in (store, other):
                with one.reading("t42") as reader:
                    kept = [without(stored, {10}) for stored in written] + [Stored(last.entry, None)]
                    same(list(reader.select()), kept, "the entries")
                    same(reader.noted(account='"acme"'), [13], "the notes about acme")
                with one.reading("other") as reader:
                    same(reader.noted(account='"acme"'), [10, 13], "the notes in another space")
        for text in (person, *(written[9].note or ())):
            bare = text if isinstance(text, bytes) else str(text).encode()
            if len(bare) > len(b'"acme"'):  # others have the same account, and the same name
                same(self.raw().count(bare), 0, f"how often the place holds {text!r}")

    def test_all_text_comes_back_as_it_was(self) -> None:
        """Names, labels, tokens, people and data of any characters stay as they are, and never meet their likes."""
        with closing(self.open()) as store:
            with store.writing("t42") as writer:
                written = [
                    add(writer, "t42", name=text, number=1, label=text, token=text, author=text, account=text)
                    for text in HOSTILE
                ]
                add(writer, "t42", name="long" * 50, number=1, said=CHARACTERS, data=f'{{"a":"{CHARACTERS}"}}')
            with store.reading("t42") as reader:
                same(reader.names(), sorted([*HOSTILE, "long" * 50]), "the names")
                for stored, text in zip(written, HOSTILE, strict=True):
                    questions: tuple[dict[str, Any], ...] = (
                        {"name": text}, {"label": text}, {"token": text}, {"name": text, "kinds": VERSIONS},
                    )  # fmt: skip
                    for asked in questions:
                        same(list(reader.select(**asked)), [stored], f"select({asked})")
                    same(reader.noted(author=text), [stored.entry.seq], f"the notes of {text!r}")
                    same(reader.noted(account=text), [stored.entry.seq], f"the notes about {text!r}")
                (last,) = reader.select(name="long" * 50)
                same(last.entry.data, f'{{"a":"{CHARACTERS}"}}', "all characters")
                note = last.note
                same(None if note is None else note_hash(note), last.entry.note, "the hash of the note")

    def test_times_and_ids_of_any_value(self) -> None:
        """Microseconds from the year 1 to 9999, and ids of any 32 bytes, come back as they were."""
        ids = (bytes(32), b"\xff" * 32, bytes(range(32)), bytes(range(224, 256)), b"\0" + b"'" * 31, b"\x80" * 32)
        with closing(self.open()) as store:
            with store.writing("t42") as writer:
                for number, when in enumerate(TIMES, 1):
                    add(writer, "t42", number=number, committed=when, effective=when)
                for number, id_ in enumerate(ids, len(TIMES) + 1):
                    when = 2**60 + number
                    add(writer, "t42", number=number, committed=when, object=id_, content=id_)
                    writer.put(id_, packed(1, id_.hex()))
            with store.reading("t42") as reader:
                found = [one.entry for one in reader.select()]
                same(tuple(one.committed for one in found[: len(TIMES)]), TIMES, "the times")
                for when in TIMES:
                    stored = reader.in_force("SaaS", when, when)
                    same(stored and stored.entry.effective, when, f"what is in force at {when}")
                same(reader.in_force("SaaS", TIMES[0] - 1, 2**60), None, "what is in force before")
                same(tuple(one.object for one in found[len(TIMES) :]), ids, "the ids")
                same({id_ for id_, _ in reader.bodies()}, set(ids), "the ids of the texts")
                for id_ in ids:
                    same(reader.body(id_), packed(1, id_.hex()), f"the text {id_.hex()}")

    # What stays, and what does not

    def test_an_error_in_a_change_leaves_nothing(self) -> None:
        """Whatever leaves the block as an exception, nothing that was done inside stays, and the handle goes on."""
        kinds: tuple[type[BaseException], ...] = (ValueError, StoreError, KeyboardInterrupt, GeneratorExit, Stopped)
        with closing(self.open()) as store, closing(self.open()) as other:
            written = fill(store, "t42")
            for kind in kinds:
                for change in (append_one, forget_all, drop_all):
                    error = StoreError("here", "on purpose") if issubclass(kind, StoreError) else kind("on purpose")
                    with Raises(kind), store.writing("t42") as writer:
                        change(writer)
                        raise error
                    for one in (store, other):
                        with one.reading("t42") as reader:
                            same(list(reader.select()), written, f"the entries after {kind.__name__}")
                            same(list(reader.bodies()), [], f"the texts after {kind.__name__}")
            with store.writing("t42") as writer:
                append_one(writer)
            with other.reading("t42") as reader:
                same(reader.end().length, len(written) + 1, "how many entries there are")

    def test_an_entry_that_does_not_follow_the_end_is_refused(self) -> None:
        """A gap, a place that is taken, another predecessor and another space are refused, and nothing forks."""
        with closing(self.open()) as store:
            written = fill(store, "t42")
            with store.writing("t42") as writer:
                end = writer.end()
                good = sealed(end, space="t42", kind="tag", name="SaaS", committed=10**6)
                for bad in (
                    good._replace(seq=good.seq + 1), good._replace(seq=good.seq - 1), good._replace(seq=0),
                    good._replace(prev=bytes(32)), good._replace(space="other"), written[-1].entry,
                    sealed(beginning("t42"), space="t42", kind="tag", name="SaaS", committed=10**6),
                ):  # fmt: skip
                    with Raises(StaleError):
                        writer.append(bad, None)
                same(writer.end(), end, "the end")
                writer.append(good, None)
            with store.reading("t42") as reader:
                same(list(reader.select()), [*written, Stored(good, None)], "the entries")

    def test_a_number_and_a_token_are_taken_once(self) -> None:
        """A second version of the same number, or entry with the same token, is a StoreError; nothing of it stays."""
        with closing(self.open()) as store:
            written = fill(store, "t42")
            for taken in ({"name": "SaaS", "number": 4}, {"name": "SaaS", "number": 1}, {"kind": "tag", "token": "k1"}):
                with Raises(StoreError), store.writing("t42") as writer:
                    add(writer, "t42", **taken)
                with store.reading("t42") as reader:
                    same(list(reader.select()), written, f"the entries after {taken}")
            with store.writing("t42") as writer:
                add(writer, "t42", name="Retail", number=6, token="k4")  # noqa: S106  # no password
            same(length_of(store, "t42"), len(written) + 1, "how many entries there are")

    def test_a_change_sees_what_it_does(self) -> None:
        """Within a change, its writer and whoever reads in the same thread see what it has done so far."""
        with closing(self.open()) as store:
            fill(store, "other")
            with store.writing("t42") as writer:
                first = add(writer, "t42", number=1, effective=1, author="ada")
                same(everything(writer), ([first], ["SaaS"], [], [1]), "what the writer sees")
                with store.reading("t42") as reader:
                    same(everything(reader), ([first], ["SaaS"], [], [1]), "what a reader in it sees")
                    same(reader.end(), (1, first.entry.id), "the end that a reader in it sees")
                with store.reading("other") as reader:
                    same(reader.end().length, len(LEDGER), "the end of another space")
                second = add(writer, "t42", number=2)
            with store.reading("t42") as reader, store.reading("t42") as within:
                same([list(one.select()) for one in (reader, within)], [[first, second]] * 2, "the entries")

    def test_a_change_within_a_change_is_refused(self) -> None:
        """A thread that is in a change cannot begin another in the same space; the first goes on and stays."""
        with closing(self.open()) as store:
            with store.writing("t42") as writer:
                first = add(writer, "t42", number=1)
                with Raises(StoreError), store.writing("t42") as inner:
                    add(inner, "t42", number=2)
                second = add(writer, "t42", number=2)
            with store.reading("t42") as reader:
                same(list(reader.select()), [first, second], "the entries")

    # Two handles, many threads

    def test_others_see_nothing_that_is_not_done(self) -> None:
        """Another handle never sees a change that is open, or one that was given up."""
        with closing(self.open()) as store, closing(self.open()) as other:
            seen: list[int] = []
            watching: list[Any] = []
            with Raises(Stopped), store.writing("t42") as writer:
                append_one(writer)
                watching.append(started(lambda: seen.append(length_of(other, "t42"))))
                watching[0].join(WATCH)  # one that waits is as good
                raise Stopped
            joined(watching[0])
            same(seen, [0], "the length that another handle saw")
            with store.writing("t42") as writer:
                append_one(writer)
            same(length_of(other, "t42"), 1, "the length that another handle sees afterwards")

    def test_readers_have_one_view(self) -> None:
        """What others do while somebody reads is not seen before the reading ends."""
        with closing(self.open()) as store, closing(self.open()) as other:
            written = fill(store, "t42")

            def change() -> None:
                with other.writing("t42") as writer:
                    append_one(writer)
                    writer.forget([1])

            with store.reading("t42") as reader:
                end = reader.end()
                writer = started(change)
                writer.join(WATCH)  # it may wait until nobody reads
                same(reader.end(), end, "the end")
                same(list(reader.select()), written, "the entries")
                same(reader.noted(), noted_in(written), "the notes")
            joined(writer)
            same(length_of(store, "t42"), end.length + 1, "the length afterwards")

    def test_one_writes_at_a_time(self) -> None:
        """A second writer of a space waits until the first is done, and then sees what it did."""
        with closing(self.open()) as store, closing(self.open()) as other:
            for second in (store, other):
                told: list[str] = []

                def write(second: Store = second, told: list[str] = told) -> None:
                    with second.writing("t42") as writer:
                        told.append(f"second at {writer.end().length}")

                with store.writing("t42") as writer:
                    waiting = started(write)
                    waiting.join(WATCH)
                    append_one(writer)
                    told.append("first")
                    length = writer.end().length
                joined(waiting)
                same(told, ["first", f"second at {length}"], "the order of the writers")

    def test_threads_lose_nothing(self) -> None:
        """Many threads that write to one space, half of them through another handle, lose nothing and fork nothing."""
        with closing(self.open()) as store, closing(self.open()) as other:

            def write(index: int) -> None:
                for turn in range(self.appends):
                    with (store, other)[index % 2].writing("t42") as writer:
                        token = f"{index}/{turn}"
                        add(writer, "t42", number=writer.end().length + 1, token=token, author=f"thread {index}")

            for thread in [started(write, index) for index in range(self.threads)]:
                joined(thread)
            with store.reading("t42") as reader:
                found = [one.entry for one in reader.select()]
                same(len(found), self.threads * self.appends, "how many entries there are")
                same(chain_of(found), "whole", "the chain")
                tokens = {f"{index}/{turn}" for index in range(self.threads) for turn in range(self.appends)}
                same({one.token for one in found}, tokens, "the tokens")
            same(list(store.damage()), [], "the damage")

    # Spaces

    def test_spaces_never_meet(self) -> None:
        """The same names, numbers, tokens, texts and people in two spaces stay apart, whatever is asked."""
        with closing(self.open()) as store:
            written = {space: fill(store, space) for space in ("t42", "T42")}
            for space, text in (("t42", "ours"), ("T42", "theirs")):
                with store.writing(space) as writer:
                    writer.put(bytes(32), packed(1, text))
            for space, text in (("t42", "ours"), ("T42", "theirs")):
                mine = written[space]
                with store.reading(space) as reader:
                    same(reader.end(), (len(mine), mine[-1].entry.id), "the end")
                    same(list(reader.bodies()), [(bytes(32), packed(1, text))], "the texts")
                    same(reader.body(bytes(32)), packed(1, text), "the text")
                    same(list(reader.select(token="k1")), mine[:1], "the entry of a token")  # noqa: S106  # no password
                    same(list(reader.select(label="production", newest=True, limit=1)), [mine[11]], "that of a label")
                    same(reader.in_force("SaaS", 100, 10**9), mine[5], "what is in force")
                    same(reader.noted(author="cy"), [9], "the notes of cy")
            with store.writing("t42") as writer:
                writer.forget(range(1, 99))
                with Raises(StaleError):
                    writer.append(sealed(writer.end(), space="T42", kind="tag", name="SaaS", committed=1), None)
            with store.reading("T42") as reader:
                same(list(reader.select()), written["T42"], "the entries of the other")

    def test_spaces_of_any_name(self) -> None:
        """Spaces whose names a server may take for each other hold what was written to each, and nothing else."""
        with closing(self.open()) as store:
            for number, space in enumerate(HOSTILE, 1):
                with store.writing(space) as writer:
                    same(writer.end(), beginning(space), f"the end of {space!r}")
                    add(writer, space, name=f"P{number}", number=1, token="k")  # noqa: S106  # no password
            same(store.spaces(), sorted(HOSTILE), "the spaces")
            for number, space in enumerate(HOSTILE, 1):
                with store.reading(space) as reader:
                    same(reader.names(), [f"P{number}"], f"the names in {space!r}")
                    same([one.entry.space for one in reader.select()], [space], f"the space of what is in {space!r}")

    def test_a_space_is_dropped_alone(self) -> None:
        """Dropping a space takes all that is in it and nothing else; it can begin anew, in the same change or later."""
        with closing(self.open()) as store, closing(self.open()) as other:
            theirs = fill(store, "other")
            again: list[Stored] = []
            for later in (False, True):
                with store.writing("t42") as writer:
                    fill_in(writer, "t42")
                    writer.put(bytes(32), packed(1, "ours"))
                with store.writing("t42") as writer:
                    writer.drop()
                    same(everything(writer), ([], [], [], []), "what is left of it")
                    same(writer.end(), beginning("t42"), "its end")
                    if not later:
                        again = [add(writer, "t42", number=1, token="k1"), add(writer, "t42", number=2)]  # noqa: S106  # no password
                if later:
                    same((store.spaces(), other.spaces()), (["other"], ["other"]), "the spaces")
                    again = fill(store, "t42")
                for one in (store, other):
                    with one.reading("t42") as reader:
                        same(list(reader.select()), again, "what it holds anew")
                        same(list(reader.bodies()), [], "its texts")
                    with one.reading("other") as reader:
                        same(list(reader.select()), theirs, "the entries of another space")
                with store.writing("t42") as writer:
                    writer.drop()
                same(other.spaces(), ["other"], "the spaces")

    # The end

    def test_what_was_written_stays(self) -> None:
        """What was written is there when the place is opened again, by another handle."""
        with closing(self.open()) as store:
            written = fill(store, "t42")
        with closing(self.open()) as store, store.reading("t42") as reader:
            same(list(reader.select()), written, "the entries")

    def test_closing_twice_is_allowed_and_closed_is_closed(self) -> None:
        """A store can be closed twice; after that each use is a StoreClosedError, and another handle goes on."""
        store, other = self.open(), self.open()
        fill(store, "t42")
        store.close()
        store.close()
        uses: tuple[Callable[[], Any], ...] = (
            lambda: length_of(store, "t42"),
            lambda: fill(store, "other"),
            store.spaces,
            lambda: list(store.damage()),
        )
        for use in uses:
            if self.open_after_close:
                use()
            else:
                with Raises(StoreClosedError):
                    use()
        same(length_of(other, "t42"), len(LEDGER), "what another handle sees")
        other.close()
