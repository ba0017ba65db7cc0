"""Checks of texts that are compared after folding and aliases."""

from collections.abc import Callable, Iterable
from typing import Any

from icpkit import views
from icpkit._attrs import Pairs, reject


def check_aliases(owner: object, field: str, value: Any) -> None:
    """Accept pairs of text."""
    if not isinstance(value, Pairs):
        raise reject(owner, field, "must be a mapping from other spellings to names", value)
    for pair in value:
        if not all(isinstance(text, str) and text.strip() for text in pair):
            raise reject(owner, field, "must map text to text", dict([pair]))


def check_distinct(owner: object, field: str, keys: Iterable[str], aliases: Pairs, *, case_sensitive: bool) -> None:
    """Refuse keys, or spellings of aliases, that are one after folding; and aliases of aliases."""
    folded = views.keep_case if case_sensitive else views.fold
    distinct(owner, "aliases", [spelling for spelling, _ in aliases], folded)
    names = {folded(spelling): folded(name) for spelling, name in aliases}
    for spelling, name in aliases:
        if names.get(folded(name), folded(name)) != folded(name):
            raise reject(owner, "aliases", f"must lead to a name, but {spelling!r} leads to the alias {name!r}", name)
    distinct(owner, field, keys, views.canonical(case_sensitive=case_sensitive, aliases=aliases))


def distinct(owner: object, field: str, texts: Iterable[str], name_of: Callable[[str], str]) -> dict[str, str]:
    """Refuse texts that are one by name; give the texts by name."""
    seen: dict[str, str] = {}
    for text in texts:
        name = name_of(text)
        if name in seen:
            raise reject(
                owner,
                field,
                f"must be distinct after folding and aliases, but {seen[name]!r} and {text!r} are one",
                text,
            )
        seen[name] = text
    return seen
