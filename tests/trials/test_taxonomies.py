"""The taxonomies that come with icpkit, compared with lists that others publish."""

from pathlib import Path

import pytest

from icpkit import fold
from icpkit.taxonomies import Entry, Taxonomy, taxonomy
from tests.trials.exports import rows_of


def none_made(_: Path) -> Path:
    """These lists have no twin."""
    raise AssertionError


@pytest.fixture(scope="module")
def countries() -> list[dict[str, str]]:
    """The published list of countries."""
    return rows_of("real", "taxonomies/countries.csv", none_made, Path())


@pytest.fixture(scope="module")
def industries() -> list[dict[str, str]]:
    """The published list of industries: sectors and subsectors."""
    rows = rows_of("real", "taxonomies/naics_2022.csv", none_made, Path())
    return [row for row in rows if row["level"] in {"2", "3"}]


def test_countries_have_their_codes_and_names(countries: list[dict[str, str]]) -> None:
    """Both codes and the published name mean the same entry, and there are no other countries."""
    ours = taxonomy("countries")
    assert {row["alpha2"] for row in countries} == {entry.id for entry in leaves(ours)}
    found = {row["alpha2"]: {ours[row["alpha2"]], ours[row["alpha3"]], ours[row["name"]]} for row in countries}
    assert [code for code, entries in found.items() if len(entries) > 1] == []


def test_countries_lie_in_their_regions(countries: list[dict[str, str]]) -> None:
    """Region and sub-region are among the categories of each country."""
    ours = taxonomy("countries")
    for row in countries:
        known = {entry.name.removesuffix(" (sub-region)") for entry in ours.categories_of(row["alpha2"])}
        assert {row["region"], row["subregion"]} - {""} <= known, row["alpha2"]


def test_regions_hold_nothing_else(countries: list[dict[str, str]]) -> None:
    """The members of each region and sub-region are exactly those of the published list."""
    ours = taxonomy("countries")
    for kind in ("region", "subregion"):
        for name in {row[kind] for row in countries} - {""}:
            category = f"{name} (sub-region)" if name == "Micronesia" else name
            assert {entry.id for entry in ours.members(category)} == {
                row["alpha2"] for row in countries if row[kind] == name
            }


def test_industries_have_their_codes_titles_and_sectors(industries: list[dict[str, str]]) -> None:
    """Codes, titles and parents of sectors and subsectors agree, and there are no others."""
    ours = taxonomy("naics")
    assert {row["code"] for row in industries} == {entry.id for entry in ours}
    for row in industries:
        entry = ours[row["code"]]
        assert fold(entry.name.removesuffix(" (subsector)")) == fold(row["title"])
        assert [ours[parent].id for parent in entry.parents] == ([row["parent"]] if row["parent"] else [])


def leaves(table: Taxonomy) -> list[Entry]:
    """The entries that are no categories."""
    categories = set(table.categories)
    return [entry for entry in table if entry not in categories]
