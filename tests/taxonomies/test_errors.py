import pytest

from icpkit.errors import IcpkitError, Problem, TextError
from icpkit.taxonomies import NoSuchEntryError, NoSuchTaxonomyError, TaxonomyTextError


def test_an_unknown_taxonomy_suggests_the_nearest() -> None:
    """The message names what was asked for and the nearest name, or all that there are."""
    error = NoSuchTaxonomyError("contries", ["countries", "naics"])
    assert isinstance(error, IcpkitError | LookupError)
    assert (error.name, error.known) == ("contries", ("countries", "naics"))
    assert str(error) == "no taxonomy 'contries' comes with icpkit\n\nHint: did you mean 'countries'?"
    assert str(NoSuchTaxonomyError("zzz", ["countries", "naics"])).endswith(
        "Hint: known ones: countries, naics; Taxonomy.load(path) reads your own"
    )


def test_an_unknown_entry_carries_what_was_looked_for() -> None:
    """The error has the taxonomy, the texts and the way out, and its message all three."""
    error = NoSuchEntryError("countries", ["Atlantis"], "has no entry 'Atlantis'", hint="look again")
    assert isinstance(error, IcpkitError | LookupError)
    assert (error.taxonomy, error.texts, error.hint) == ("countries", ("Atlantis",), "look again")
    assert str(error) == "the taxonomy 'countries' has no entry 'Atlantis'\n\nHint: look again"


def test_mistakes_of_a_file_are_mistakes_of_a_text() -> None:
    """Whoever catches mistakes in texts catches those of taxonomies."""
    with pytest.raises(TextError, match=r"^mine.csv has 1 mistake:\n  line 3 \(Small\)\n    is wrong$"):
        raise TaxonomyTextError("mine.csv", [Problem("line 3", "Small", "is wrong")])
