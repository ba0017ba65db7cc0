"""The taxonomies that come with icpkit: plain files, read when one is first asked for."""

import functools
from importlib import resources
from typing import Final

from icpkit import views
from icpkit.taxonomies.entries import Taxonomy
from icpkit.taxonomies.errors import NoSuchTaxonomyError

#: Their names.
SHIPPED: Final = ("countries", "employee_segments", "funding_stages", "naics", "revenue_segments", "technologies")


def taxonomy(name: str) -> Taxonomy:
    """Give one of the taxonomies that come with icpkit.

    Args:
        name: ``"countries"``, ``"employee_segments"``, ``"funding_stages"``, ``"naics"``, ``"revenue_segments"`` or
            ``"technologies"``.

    Raises:
        NoSuchTaxonomyError: for another name.

    >>> taxonomy("countries")["USA"].name
    'United States'
    """
    folded = views.fold(name).replace(" ", "_").replace("-", "_")
    if folded not in SHIPPED:
        raise NoSuchTaxonomyError(name, SHIPPED)
    return _read(folded)


@functools.cache
def _read(name: str) -> Taxonomy:
    with resources.as_file(resources.files("icpkit.taxonomies") / "data" / f"{name}.csv") as path:
        return Taxonomy.load(path)


@functools.cache
def _meanings() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name in SHIPPED:
        for entry in taxonomy(name):
            for text in dict.fromkeys(map(views.fold, entry.spellings)):
                found[text] = (*found.get(text, ()), (name, entry.name))
    return found


def meanings(text: str) -> tuple[tuple[str, str], ...]:
    """Give what a text means in the taxonomies that come with icpkit: (taxonomy, entry's name) pairs.

    >>> meanings("u.s.a.")
    (('countries', 'United States'),)
    """
    return _meanings().get(views.fold(text), ())


def same(one: str, other: str) -> tuple[str, str] | None:
    """Give (taxonomy, entry's name) where both texts mean the same in a taxonomy that comes with icpkit, or else None.

    >>> same("USA", "united states"), same("USA", "Canada")
    (('countries', 'United States'), None)
    """
    others = meanings(other)
    return next((meaning for meaning in meanings(one) if meaning in others), None)
