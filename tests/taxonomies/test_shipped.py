from importlib import resources

import pytest

import icpkit as icp
from icpkit.taxonomies import SHIPPED, NoSuchTaxonomyError, Taxonomy, meanings, same, taxonomy


def test_all_files_are_shipped() -> None:
    """Every file of the folder is a taxonomy with a name of its own."""
    files = {file.name for file in (resources.files("icpkit.taxonomies") / "data").iterdir()}
    assert files == {f"{name}.csv" for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_each_says_what_it_is(name: str) -> None:
    """Each has its file's name, a date as version, and a notice."""
    one = taxonomy(name)
    assert one.name == name
    assert one.version.count("-") == 2
    assert "icpkit" in one.notice


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_read_once(name: str) -> None:
    """Asking again gives the same object, however the name is written."""
    assert taxonomy(name) is taxonomy(f" {name.replace('_', ' ').title()}")


def test_an_unknown_name() -> None:
    """An unknown name is an error that suggests the nearest."""
    with pytest.raises(NoSuchTaxonomyError, match="did you mean 'countries'"):
        taxonomy("country's")


@pytest.mark.parametrize(
    ("name", "entries", "categories"),
    [
        ("countries", 249, 55),
        ("naics", 96, 20),
        ("funding_stages", 30, 4),
        ("employee_segments", 36, 11),
        ("revenue_segments", 23, 7),
        ("technologies", 736, 32),
    ],
)
def test_how_many_there_are(name: str, entries: int, categories: int) -> None:
    """The numbers are those that the documentation tells."""
    one = taxonomy(name)
    assert (len(one) - len(one.categories), len(one.categories)) == (entries, categories)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("countries", "U.S.A.", "United States"),
        ("countries", "america", "United States"),
        ("countries", "UK", "United Kingdom"),
        ("countries", "England", "United Kingdom"),
        ("countries", "Deutschland", "Germany"),
        ("countries", "TURKEY", "Türkiye"),
        ("countries", "Czech Republic", "Czechia"),
        ("countries", "Korea, Republic of", "South Korea"),
        ("countries", "Korea", "South Korea"),
        ("countries", "DPRK", "North Korea"),
        ("countries", "Congo", "Republic of the Congo"),
        ("countries", "drc", "Democratic Republic of the Congo"),
        ("countries", "Georgia", "Georgia"),
        ("countries", "NA", "Namibia"),
        ("countries", "Micronesia", "Federated States of Micronesia"),
        ("countries", "co\u0302te d'ivoire", "Ivory Coast"),
        ("countries", "LATAM", "Latin America and the Caribbean"),
        ("countries", "Asia/Pacific", "APAC"),
        ("naics", "31-33", "Manufacturing"),
        ("naics", "Arts, Entertainment & Recreation", "Arts, Entertainment, and Recreation"),
        ("funding_stages", "series_a", "Series A"),
        ("funding_stages", "A round", "Series A"),
        ("funding_stages", "IPO", "Public"),
        ("funding_stages", "Preseed", "Pre-seed"),
        ("employee_segments", "1001 - 5000", "1,001-5,000"),
        ("employee_segments", "51–200 employees", "51-200"),
        ("employee_segments", "Nov-50", "11-50"),
        ("employee_segments", "c_10001_max", "10,001+"),
        ("revenue_segments", "$10M to $50M", "$10M-$50M"),
        ("revenue_segments", "Over $5 bil.", "$5B+"),
        ("technologies", "SFDC", "Salesforce"),
        ("technologies", "salesforce.com", "Salesforce"),
        ("technologies", "GA4", "Google Analytics"),
        ("technologies", "G Suite", "Google Workspace"),
        ("technologies", "Amazon Web Services", "AWS"),
        ("technologies", "MS Teams", "Microsoft Teams"),
        ("technologies", "k8s", "Kubernetes"),
        ("technologies", "HubSpot Marketing Hub", "HubSpot"),
    ],
)
def test_what_exports_say(name: str, text: str, meant: str) -> None:
    """Common spellings mean what people mean by them."""
    assert taxonomy(name)[text].name == meant


@pytest.mark.parametrize("text", ["Virgin Islands", "Copilot", "Freshworks"])
def test_what_is_ambiguous_means_nothing(text: str) -> None:
    """Whatever may mean two things is left to people."""
    assert meanings(text) == ()


MEMBERS = {
    "European Union": 27,
    "EEA": 30,
    "EFTA": 4,
    "Eurozone": 21,
    "DACH": 3,
    "Nordics": 5,
    "Baltics": 3,
    "Benelux": 3,
    "UK and Ireland": 2,
    "CEE": 12,
    "GCC": 6,
    "ASEAN": 11,
    "G7": 7,
    "G20": 19,
    "BRICS": 10,
    "OECD": 38,
    "NATO": 32,
    "Five Eyes": 5,
    "USMCA": 3,
    "ANZ": 2,
}


@pytest.mark.parametrize(("category", "count"), MEMBERS.items())
def test_groups_of_countries(category: str, count: int) -> None:
    """Each group has as many members as its treaty, or as its notice says."""
    assert len(taxonomy("countries").members(category)) == count


def test_sales_regions_share_the_world() -> None:
    """Every country but Antarctica lies in exactly one of EMEA, APAC, LATAM and North America."""
    countries = taxonomy("countries")
    regions = [countries.members(region) for region in ("EMEA", "APAC", "LATAM", "North America")]
    assert len({entry for region in regions for entry in region}) == sum(map(len, regions)) == 248
    assert {region.name for region in countries.categories_of("Antarctica")} == set()


def test_continents_share_the_world() -> None:
    """Every country but Antarctica lies on exactly one continent, and in one of its sub-regions."""
    countries = taxonomy("countries")
    continents = [countries.members(name) for name in ("Africa", "Americas", "Asia", "Europe", "Oceania")]
    assert sum(map(len, continents)) == len({entry for continent in continents for entry in continent}) == 248


def test_prefixes_of_industries() -> None:
    """Every industry has its prefixes, and those of a subsector begin with one of its sector."""
    naics = taxonomy("naics")
    assert naics["Retail"].prefixes == ("44", "45")
    for sector in naics.categories:
        assert all(member.prefixes == (member.id,) for member in naics.members(sector.name))
        assert all(member.id.startswith(sector.prefixes) for member in naics.members(sector.name))


def test_stages_make_a_scale() -> None:
    """Funding stages are an order for an Ordinal criterion."""
    order = taxonomy("funding_stages").order()
    assert order[:5] == ("Bootstrapped", "Pre-seed", "Angel", "Seed", "Series A")
    assert order[-1] == "Public"
    assert icp.Ordinal("stage", order, at_least="Series B").reach == (0.0, 1.0)


@pytest.mark.parametrize("name", ["employee_segments", "revenue_segments"])
@pytest.mark.parametrize("vendor", ["LinkedIn", "Crunchbase", "Clearbit", "ZoomInfo"])
def test_ranges_of_a_vendor_make_a_scale(name: str, vendor: str) -> None:
    """The ranges of one vendor do not overlap, and reach from the bottom to an open top."""
    one = taxonomy(name)
    order = one.order(vendor)
    assert dict(one[order[0]].facts)["low"] <= 1
    assert "high" not in dict(one[order[-1]].facts)
    assert len(order) == len(one.members(vendor))


@pytest.mark.parametrize("name", ["employee_segments", "revenue_segments"])
def test_ranges_lie_within_their_segments(name: str) -> None:
    """A range belongs to the segments within whose bounds it lies."""
    one = taxonomy(name)
    segments = [entry for entry in one.categories if "low" in dict(entry.facts)]
    for segment in segments:
        bounds = dict(segment.facts)
        for member in one.members(segment.name):
            facts = dict(member.facts)
            assert bounds["low"] <= facts["low"]
            assert facts.get("high", 10**15) <= bounds.get("high", 10**15)


def test_technologies_have_categories() -> None:
    """Every product is in a category, and every category has some."""
    technologies = taxonomy("technologies")
    categories = set(technologies.categories)
    assert all(entry.parents for entry in technologies if entry not in categories)
    assert min(len(technologies.members(category.name)) for category in categories) >= 5
    assert {"HubSpot", "Salesforce"} <= {entry.name for entry in technologies.members("CRM")}


def test_what_texts_mean() -> None:
    """A text has a meaning in every taxonomy that knows it."""
    assert meanings(" usa") == (("countries", "United States"),)
    assert meanings("Enterprise") == (("employee_segments", "Enterprise"), ("revenue_segments", "Enterprise"))
    assert meanings("xyzzy") == ()


@pytest.mark.parametrize(
    ("one", "other", "meaning"),
    [
        ("USA", "United States", ("countries", "United States")),
        ("sfdc", "Salesforce", ("technologies", "Salesforce")),
        ("Midmarket", "Mid-market", ("employee_segments", "Mid-market")),
        ("USA", "Canada", None),
        ("USA", "xyzzy", None),
        ("xyzzy", "xyzzy", None),
    ],
)
def test_whether_two_texts_mean_the_same(one: str, other: str, meaning: tuple[str, str] | None) -> None:
    """Two texts are the same where one taxonomy says so, in either order."""
    assert same(one, other) == same(other, one) == meaning


def test_a_shipped_taxonomy_survives_its_csv(tmp_path: object) -> None:
    """What is shipped can be written out, edited and read again."""
    from pathlib import Path

    countries = taxonomy("countries")
    path = Path(str(tmp_path), "mine.csv")
    path.write_text(countries.to_csv(), encoding="utf-8")
    assert Taxonomy.load(path) == countries
