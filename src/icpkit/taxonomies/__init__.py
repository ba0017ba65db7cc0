"""Taxonomies: plain versioned data about names, their other spellings and their categories.

expansion   writes what a profile needs of them into the profile, so that no score ever reads one
shipped     those that come with icpkit, in data/
entries     what a taxonomy is, and how it is asked
files       reads and writes them as CSV and JSON
errors      what can go wrong
"""

from icpkit.taxonomies.entries import Entry, Taxonomy
from icpkit.taxonomies.errors import NoSuchEntryError, NoSuchTaxonomyError, TaxonomyTextError
from icpkit.taxonomies.expansion import with_aliases, with_members
from icpkit.taxonomies.shipped import SHIPPED, meanings, same, taxonomy

__all__ = [
    "SHIPPED",
    "Entry",
    "NoSuchEntryError",
    "NoSuchTaxonomyError",
    "Taxonomy",
    "TaxonomyTextError",
    "meanings",
    "same",
    "taxonomy",
    "with_aliases",
    "with_members",
]
