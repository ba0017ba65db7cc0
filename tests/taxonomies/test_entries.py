from typing import Any

import pytest

from icpkit.errors import DefinitionError
from icpkit.taxonomies import Entry, NoSuchEntryError, Taxonomy

PLACES = Taxonomy(
    "places",
    [
        Entry("1", "World"),
        Entry("2", "South", ["Süden"], ["World"]),
        Entry("3", "Hills", parents=["2"]),
        Entry("4", "North", parents=["world"]),
        Entry("BY", "Bavaria", ["Bayern", "Free State"], ["South", "Hills"]),
        Entry("HH", "Hamburg", ["Hansestadt"], ["North"]),
        Entry("SL", "Saarland"),
    ],
    version="2026",
    notice="Made up.",
)


def names(entries: tuple[Entry, ...]) -> list[str]:
    """Give the names of entries."""
    return [entry.name for entry in entries]


@pytest.mark.parametrize("text", ["Bavaria", "bavaria ", "BY", "by", "BAYERN", "free state"])
def test_an_entry_is_found_by_any_spelling(text: str) -> None:
    """Name, id and aliases mean the entry, compared after folding."""
    assert PLACES[text] is PLACES.entries[4]
    assert PLACES.get(text) is PLACES.entries[4]
    assert text in PLACES


def test_what_means_nothing() -> None:
    """An unknown text is an error that names near ones; `get` and `in` just say no."""
    with pytest.raises(NoSuchEntryError) as caught:
        PLACES["Bavria"]
    assert str(caught.value) == "the taxonomy 'places' has no entry 'Bavria'\n\nHint: did you mean 'Bavaria'?"
    with pytest.raises(NoSuchEntryError, match=r"\n\nHint: with_spellings or with_entries add what it lacks$"):
        PLACES["xyzzy"]
    assert PLACES.get("Bavria") is None
    assert "Bavria" not in PLACES
    assert 5 not in PLACES


def test_a_taxonomy_gives_its_entries() -> None:
    """It counts and gives all entries in their order."""
    assert len(PLACES) == 7
    assert tuple(PLACES) == PLACES.entries


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hansestadt", ["Hamburg"]),
        ("Hamborg", ["Hamburg"]),
        ("Bayren", ["Bavaria"]),
        ("forth", ["North", "South"]),
        ("xyzzy", []),
        ("n" * 65, []),
    ],
)
def test_near_spellings(text: str, found: list[str]) -> None:
    """What a text means stands alone; else near spellings are looked for, the nearest first, an entry once."""
    assert names(PLACES.find(text)) == found


def test_near_spellings_are_as_many_as_asked_for() -> None:
    """No more entries are given than asked for."""
    assert names(PLACES.find("forth", most=1)) == ["North"]


def test_categories_and_members() -> None:
    """Categories are what others belong to; their members are all below them that are none."""
    assert names(PLACES.categories) == ["World", "South", "Hills", "North"]
    assert names(PLACES.members("world")) == ["Bavaria", "Hamburg"]
    assert names(PLACES.members("Süden")) == ["Bavaria"]
    assert PLACES.members("Saarland") == ()
    assert names(PLACES.categories_of("BY")) == ["South", "Hills", "World"]
    assert PLACES.categories_of("World") == ()
    for ask in (PLACES.members, PLACES.categories_of):
        with pytest.raises(NoSuchEntryError):
            ask("Atlantis")


@pytest.mark.parametrize(
    ("entries", "problem", "hint"),
    [
        (
            [Entry("1", "One", ["uno"]), Entry("2", "Two", ["UNO"])],
            "'Two' must not be spelled 'UNO', which means 'One'",
            "a spelling means one entry: take it from one of the two",
        ),
        (
            [Entry("1", "One", parents=["Nmbers"]), Entry("2", "Numbers")],
            "'One' must belong to entries, and 'Nmbers' is none",
            "did you mean 'Numbers'?",
        ),
        (
            [Entry("1", "One", parents=["xyzzy"])],
            "'One' must belong to entries, and 'xyzzy' is none",
            "add an entry 'xyzzy'",
        ),
        ([Entry("1", "One", parents=["One"])], "'One' must not belong to itself, by way of its parents", ""),
    ],
)
def test_entries_at_odds(entries: list[Entry], problem: str, hint: str) -> None:
    """A spelling means one entry, parents are entries, and nothing belongs to itself."""
    with pytest.raises(DefinitionError) as caught:
        Taxonomy("x", entries)
    assert caught.value.problem == f"are at odds: {problem}"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Taxonomy("", [Entry("1", "One")]), "Taxonomy.name must be text that is not blank"),
        (lambda: Taxonomy("x", []), "Taxonomy.entries must not be empty"),
        (lambda: Taxonomy("x", ["One"]), "Taxonomy.entries must hold only entries"),
        (lambda: Taxonomy("x", "One"), "Taxonomy.entries must be a list of entries"),
        (lambda: Entry("", "One"), "Entry.id must be text that is not blank"),
        (lambda: Entry("1", " "), "Entry.name must be text that is not blank"),
        (lambda: Entry("1", "One", "uno"), "Entry.aliases must be a list of text"),
        (lambda: Entry("1", "One", [""]), "Entry.aliases must be text that is not blank"),
        (lambda: Entry("1", "One", parents=[5]), "Entry.parents must hold only text"),
        (lambda: Entry("1", "One", facts={"low": float("inf")}), "Entry.facts must be a finite number"),
    ],
)
def test_what_no_entry_can_be(make: Any, message: str) -> None:
    """Texts are not blank, lists are lists, numbers are finite."""
    with pytest.raises(DefinitionError) as caught:
        make()
    assert str(caught.value).startswith(message)


def test_an_entry_that_repeats_itself() -> None:
    """Aliases that are the name again, after folding, do no harm."""
    assert Taxonomy("x", [Entry("one", "One", ["ONE", "uno"])])["UNO"].spellings == ("One", "one", "ONE", "uno")


SCALE = Taxonomy(
    "scale",
    [
        Entry("ranges", "Ranges"),
        Entry("b", "11-50", parents=["Ranges"], facts={"low": 11, "high": 50}),
        Entry("a", "1-10", parents=["Ranges"], facts={"low": 1, "high": 10}),
        Entry("c", "51+", parents=["Ranges"], facts={"low": 51}),
        Entry("d", "1-50", facts={"low": 1, "high": 50}),
        Entry("e", "unknown"),
        Entry("f", "odd", facts={"low": "few"}),
    ],
)


def test_a_scale_in_order() -> None:
    """Names come from the lowest to the highest; what has no place on the scale is left out."""
    assert SCALE.order("ranges") == ("1-10", "11-50", "51+")
    stages = [
        Entry("2", "Late", facts={"order": 2, "low": 0}),
        Entry("1", "Early", facts={"order": 1, "low": 5, "high": 9}),
    ]
    assert Taxonomy("stages", stages).order() == ("Early", "Late")


@pytest.mark.parametrize(
    ("taxonomy", "category", "message"),
    [
        (
            SCALE,
            None,
            (
                "the taxonomy 'scale' has no one order: '1-10' and '1-50' overlap\n\n"
                "Hint: name a category: order('Ranges')"
            ),
        ),
        (
            Taxonomy("s", [Entry("1", "a", facts={"low": 1, "high": 5}), Entry("2", "b", facts={"low": 4})]),
            None,
            "the taxonomy 's' has no one order: 'a' and 'b' overlap",
        ),
        (PLACES, None, "the taxonomy 'places' has no order: no entry has the fact 'order' or 'low'"),
        (PLACES, "South", "the taxonomy 'places' has no order within 'South': no entry has the fact 'order' or 'low'"),
    ],
)
def test_what_has_no_order(taxonomy: Taxonomy, category: str | None, message: str) -> None:
    """Overlapping entries, or none with a place, make no scale."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared
        taxonomy.order(category)
    assert str(caught.value) == message


def test_more_entries() -> None:
    """An entry takes the place of the one with its id, in its place, or comes last."""
    changed = PLACES.with_entries([Entry("sl", "Saar"), Entry("HB", "Bremen", parents=["North"])])
    assert names(tuple(changed))[-3:] == ["Hamburg", "Saar", "Bremen"]
    assert names(changed.members("North")) == ["Hamburg", "Bremen"]
    assert (changed.name, changed.version, changed.notice) == ("places", "2026", "Made up.")
    with pytest.raises(DefinitionError, match="must not be spelled 'Bayern'"):
        PLACES.with_entries([Entry("X", "Bayern")])


def test_more_spellings() -> None:
    """Spellings are added to entries that are named in any way."""
    changed = PLACES.with_spellings({"Baviera": "by", "Beieren": "Bayern", "Sarre": "Saarland"})
    assert changed["beieren"].aliases == ("Bayern", "Free State", "Baviera", "Beieren")
    assert changed["Sarre"].name == "Saarland"
    with pytest.raises(NoSuchEntryError):
        PLACES.with_spellings({"Atlantide": "Atlantis"})
    with pytest.raises(DefinitionError, match="must not be spelled 'Hamburg'"):
        PLACES.with_spellings({"Hamburg": "Bavaria"})


def test_fewer_entries() -> None:
    """Entries leave by any spelling; members of a category that leaves stay."""
    changed = PLACES.without("Süden", "Saarland")
    assert names(tuple(changed)) == ["World", "Hills", "North", "Bavaria", "Hamburg"]
    assert changed["Bavaria"].parents == ("Hills",)
    assert names(changed.members("World")) == ["Hamburg"]
    with pytest.raises(NoSuchEntryError):
        PLACES.without("Atlantis")


def test_a_taxonomy_in_words() -> None:
    """Its repr is one line, its text a few, and a notebook shows its categories."""
    assert repr(PLACES) == "<Taxonomy places 2026: 3 entries in 4 categories>"
    assert str(PLACES).splitlines() == [
        "places 2026: 3 entries in 4 categories",
        "categories: World (2), South (1), Hills (1), North (1)",
        "entries: Bavaria, Hamburg, Saarland",
        "Made up.",
    ]
    page = PLACES._repr_html_()
    assert "<p>places 2026: 3 entries in 4 categories</p>" in page
    assert ">Bavaria, Hamburg</td>" in page
    assert page.endswith("<p>Made up.</p>")


def test_a_taxonomy_without_categories_in_words() -> None:
    """Without categories, version and notice the texts are shorter, and a notebook shows entries."""
    plain = Taxonomy("x<y", [Entry("1", "One", ["uno", "eins"]), Entry("2", "Two")])
    assert str(plain) == "x<y: 2 entries\nentries: One, Two"
    page = plain._repr_html_()
    assert page.startswith("<p>x&lt;y: 2 entries</p>")
    assert ">uno, eins</td>" in page


def test_entries_and_taxonomies_are_values() -> None:
    """Equal ones are equal and hash alike; an entry's repr makes it again."""
    entry = Entry("1", "One", ["uno"], ["Numbers"], prefixes=["1"], facts={"low": 1})
    assert eval(repr(entry)) == entry
    again = Taxonomy("places", list(PLACES), version="2026", notice="Made up.")
    assert (again, hash(again)) == (PLACES, hash(PLACES))
    assert again != Taxonomy("places", list(PLACES))
