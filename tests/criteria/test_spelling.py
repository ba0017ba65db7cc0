from typing import Any

import pytest

from icpkit.criteria import OneOf, Overlap
from icpkit.errors import DefinitionError

ALIASES_THAT_CANNOT_BE: dict[str, tuple[Any, Any, str]] = {
    "list": (
        ["Information Technology"],
        ("Information Technology",),
        "aliases must be a mapping from other spellings to names (got ('Information Technology',))",
    ),
    "text": ("IT", "IT", "aliases must be a mapping from other spellings to names (got 'IT')"),
    "number": ({"1": 1}, {"1": 1}, "aliases must map text to text (got {'1': 1})"),
    "blank name": ({"i.t.": " "}, {"i.t.": " "}, "aliases must map text to text (got {'i.t.': ' '})"),
    "list of spellings": ({"IT": ["i.t."]}, {"IT": ("i.t.",)}, "aliases must map text to text (got {'IT': ('i.t.',)})"),
    "spelling twice": (
        {"i.t.": "IT", "I.T.": "IT"},
        "I.T.",
        "aliases must be distinct after folding and aliases, but 'i.t.' and 'I.T.' are one (got 'I.T.')",
    ),
    "alias of an alias": (
        {"Informatics": "i.t.", "I.T.": "IT"},
        "i.t.",
        "aliases must lead to a name, but 'Informatics' leads to the alias 'i.t.' (got 'i.t.')",
    ),
}


@pytest.mark.parametrize(("aliases", "value", "sentence"), ALIASES_THAT_CANNOT_BE.values(), ids=ALIASES_THAT_CANNOT_BE)
@pytest.mark.parametrize("kind", [OneOf, Overlap])
def test_aliases_that_cannot_be(kind: type[OneOf | Overlap], aliases: Any, value: Any, sentence: str) -> None:
    """Aliases map text to text, each spelling once, and never to another alias."""
    with pytest.raises(DefinitionError) as caught:
        kind("x", ["IT"], aliases=aliases)
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == (
        kind.__name__,
        "aliases",
        value,
        f"{kind.__name__}.{sentence}",
    )


def test_an_alias_may_lead_to_itself() -> None:
    """A spelling that folds to its own name is no chain of aliases."""
    assert dict(OneOf("x", ["IT"], aliases={"it": "IT"}).aliases) == {"it": "IT"}


def test_a_table_of_aliases_may_list_the_name_itself() -> None:
    """A name that a table lists among its own spellings is no alias to which the others may not lead."""
    assert dict(OneOf("x", ["IT"], aliases={"it": "IT", "i.t.": "IT"}).aliases) == {"it": "IT", "i.t.": "IT"}


def test_case_sensitive_spellings_may_differ_in_case_alone() -> None:
    """With `case_sensitive` two spellings that fold to one are two."""
    criterion = OneOf("x", ["IT"], aliases={"i.t.": "IT", "I.T.": "IT"}, case_sensitive=True)
    assert [spelling for spelling, _ in criterion.aliases] == ["i.t.", "I.T."]


def test_a_listed_value_may_be_spelt_as_its_alias() -> None:
    """A value that is written as an alias stands for the name that the alias leads to."""
    assert OneOf("x", ["i.t."], aliases={"i.t.": "IT"}).question() == "i.t."
