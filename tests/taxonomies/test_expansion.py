from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit import AllOf, AnyOf, Criterion, Flag, Not, OneOf, Ordinal, Overlap, Range, TechOverlap
from icpkit.errors import DefinitionError, NoSuchPathError
from icpkit.taxonomies import Entry, NoSuchEntryError, Taxonomy, taxonomy, with_aliases, with_members
from icpkit.testing import profiles

DAY = date(2026, 11, 22)
PLACES = Taxonomy(
    "places",
    [
        Entry("EU", "Europe", ["Old World"]),
        Entry("SO", "South", ["Süden"], ["Europe"]),
        Entry("DE", "Germany", ["Deutschland", "BRD"], ["Europe"]),
        Entry("IT", "Italy", ["Italia"], ["South"]),
        Entry("ES", "Spain", ["España"], ["South"]),
        Entry("US", "United States", ["USA", "U.S."]),
    ],
)
CODES = Taxonomy(
    "codes",
    [
        Entry("31-33", "Manufacturing", ["Making"], prefixes=["31", "32", "33"]),
        Entry("334", "Computers", ["Machines"], ["Manufacturing"], prefixes=["334"]),
        Entry("51", "Information", prefixes=["51"]),
        Entry("tech", "Tech"),
        Entry("511", "Software", parents=["Information", "Tech"], prefixes=["511"]),
        Entry("512", "Films", parents=["Information"], prefixes=["512"]),
    ],
)


def of(criterion: Criterion) -> icp.Profile:
    """Make a profile of one criterion."""
    return icp.Profile("P", [icp.Dimension("D", [criterion])], min_coverage=0)


def aliases(criterion: Any, table: Any = PLACES) -> dict[str, str]:
    """Give the aliases of a criterion with those of a taxonomy."""
    changed: Any = with_aliases(of(criterion), table)["d/x"]
    return dict(changed.aliases)


def points(criterion: Any, value: Any) -> float | None:
    """Give the match in points, 0 to 100."""
    return icp.score(of(criterion), {"x": value}, as_of=DAY).fit


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (OneOf("x", ["Italy"]), {"IT": "Italy", "Italia": "Italy"}),
        (OneOf("x", ["it", "France"]), {"Italy": "it", "Italia": "it"}),
        (OneOf("x", {"Italia": 1, "ES": 0.5}), {"Italy": "Italia", "IT": "Italia", "Spain": "ES", "España": "ES"}),
        # What is listed keeps its own match: the rest goes to the first.
        (OneOf("x", {"IT": 1, "ITALIA": 0.5}), {"Italy": "IT"}),
        (OneOf("x", ["Europe"]), {"EU": "Europe", "Old World": "Europe"}),
        # An alias that is there stays, and what it leads to counts.
        (OneOf("x", ["Italy"], aliases={"Italia": "Spain"}), {"Italia": "Spain", "IT": "Italy"}),
        (OneOf("x", ["Stivale"], aliases={"Stivale": "Italy"}), {"Stivale": "Italy", "IT": "Italy", "Italia": "Italy"}),
        # An alias of what becomes an alias leads where that leads.
        (OneOf("x", ["IT"], aliases={"Stivale": "Italy"}), {"Stivale": "IT", "Italy": "IT", "Italia": "IT"}),
        (OneOf("x", ["IT"], case_sensitive=True), {"Italy": "IT", "Italia": "IT"}),
        (OneOf("x", ["Italy", "italia"], case_sensitive=True), {"IT": "Italy", "Italia": "Italy"}),
        (Overlap("x", ["Italy", "Jira"]), {"IT": "Italy", "Italia": "Italy"}),
        (
            TechOverlap("x", ["South"], groups={"South": ["IT"]}),
            {"SO": "South", "Süden": "South", "Italy": "IT", "Italia": "IT"},
        ),
        (OneOf("x", ["France"]), {}),
    ],
    ids=repr,
)
def test_other_spellings(criterion: Criterion, expected: dict[str, str]) -> None:
    """Spellings of what is listed lead to it, but for those that are listed or lead somewhere already."""
    assert aliases(criterion) == expected


def test_other_spellings_count() -> None:
    """An account that says it otherwise gets the match of what is listed."""
    criterion: Any = with_aliases(of(OneOf("x", {"USA": 1, "Italy": 0.5})), PLACES)["d/x"]
    texts = ("united states", "U.S.", "us", "ITALIA", "Germany")
    assert [points(criterion, text) for text in texts] == [100, 100, 100, 50, 0]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        # "31" is no spelling of 31-33, so that nothing is said of 32; a name or an id is.
        (OneOf("x", ["31"], prefix=True), {}),
        (OneOf("x", ["Making"], prefix=True), {}),
        (OneOf("x", ["Manufacturing"], prefix=True), {"31-33": "Manufacturing", "Making": "Manufacturing"}),
        (OneOf("x", ["334"], prefix=True), {"Computers": "334", "Machines": "334"}),
        # "31-33" begins with 31, and has its match.
        (OneOf("x", {"Manufacturing": 0.5, "31": 1}, prefix=True), {"Making": "Manufacturing"}),
    ],
    ids=repr,
)
def test_other_spellings_of_prefixes(criterion: Criterion, expected: dict[str, str]) -> None:
    """Under prefixes only names and ids are spelled otherwise, and what matches already stays."""
    assert aliases(criterion, CODES) == expected


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({"technolgy": "Technology"}, {"technolgy": "technology"}),
        ({"technology": "Tech"}, {"Tech": "technology"}),
        ({"a": "Tech", "technology": "tech", "Tech": "TECH"}, {"Tech": "technology", "a": "technology"}),
        ({"a; b": "technology"}, {"a; b": "technology"}),
        ({"a": "b"}, {}),
    ],
    ids=repr,
)
def test_a_mapping_of_spellings(mapping: dict[str, str], expected: dict[str, str]) -> None:
    """A plain mapping says which texts mean the same, in either direction."""
    assert aliases(OneOf("x", ["technology", "retail"]), mapping) == expected


def test_a_mapping_may_tell_cases_apart() -> None:
    """Where case counts, a mapping gives the spellings in other cases."""
    assert aliases(OneOf("x", ["Tech"], case_sensitive=True), {"TECH": "Tech"}) == {"TECH": "Tech"}


TWICE = "\n\nHint: a spelling means one entry: take it from one of the two"


@pytest.mark.parametrize(
    ("spellings", "message"),
    [
        (
            {"a": "b", "b": "c"},
            (
                "with_aliases must lead to names, but 'a' leads to 'b', which is a spelling of 'c' (got 'b')\n\n"
                "Hint: map 'a' to 'c'"
            ),
        ),
        ({"a": 1}, "with_aliases must be given a mapping from text to text (got {'a': 1})"),
        ({}, "with_aliases must be given at least one spelling (got {})"),
        ("countries", "with_aliases must be given a taxonomy (got 'countries')\n\nHint: icp.taxonomy('countries')"),
        (
            ["a"],
            "with_aliases must be given a taxonomy (got ['a'])\n\nHint: icp.taxonomy(…), or Taxonomy.load(path)",
        ),
        (
            {"a": "b", "A ": "c"},
            "Taxonomy.entries are at odds: 'c' must not be spelled 'A ', which means 'b'",
        ),
    ],
)
def test_what_are_no_spellings(spellings: Any, message: str) -> None:
    """A mapping that contradicts itself, and what is neither mapping nor taxonomy, are refused."""
    with pytest.raises(DefinitionError) as caught:
        with_aliases(of(OneOf("x", ["b"])), spellings)
    assert str(caught.value).removesuffix(TWICE) == message


def test_members_need_a_taxonomy() -> None:
    """A mapping has no categories."""
    with pytest.raises(DefinitionError, match=r"^with_members must be given a taxonomy \(got \{\}\)"):
        with_members(of(OneOf("x", ["b"])), {})  # type: ignore[arg-type]


def members(criterion: Any, table: Taxonomy = PLACES) -> Any:
    """Give a criterion with the members of its categories."""
    return with_members(of(criterion), table)["d/x"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["South"], {"South": 1, "Italy": 1, "Spain": 1}),
        ({"France": 1, "süden": 0.5}, {"France": 1, "süden": 0.5, "Italy": 0.5, "Spain": 0.5}),
        # What is listed, in whichever spelling, keeps its own match.
        ({"South": 0.5, "Italia": 1}, {"South": 0.5, "Spain": 0.5, "Italia": 1}),
        # Of two categories the smaller counts, wherever it stands.
        ({"Europe": 0.2, "South": 0.5}, {"Europe": 0.2, "Germany": 0.2, "South": 0.5, "Italy": 0.5, "Spain": 0.5}),
        ({"Germany": 1}, {"Germany": 1}),
        ({"France": 1}, {"France": 1}),
    ],
    ids=repr,
)
def test_members_of_values(values: Any, expected: dict[str, float]) -> None:
    """A category lists its members after it, each with its match."""
    assert list(members(OneOf("x", values)).values) == list(expected.items())


def test_of_two_categories_as_large_the_first_counts() -> None:
    """Where neither category is smaller, the one that is listed first gives the match."""
    table = PLACES.with_entries(
        [
            Entry("L", "Latin"),
            Entry("IT", "Italy", parents=["South", "Latin"]),
            Entry("FR", "France", parents=["Latin"]),
        ]
    )
    assert dict(members(OneOf("x", {"Latin": 0.3, "South": 0.6}), table).values)["Italy"] == 0.3
    assert dict(members(OneOf("x", {"South": 0.6, "Latin": 0.3}), table).values)["Italy"] == 0.6


def test_members_respect_aliases() -> None:
    """A member that an alias leads elsewhere stays there."""
    criterion = OneOf("x", {"South": 0.5, "Rome": 1}, aliases={"Italy": "Rome"})
    assert dict(members(criterion).values) == {"South": 0.5, "Spain": 0.5, "Rome": 1}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Manufacturing"], {"Manufacturing": 1, "31": 1, "32": 1, "33": 1}),
        (["31-33"], {"31-33": 1, "31": 1, "32": 1, "33": 1}),
        ({"Manufacturing": 0.5, "334": 1}, {"Manufacturing": 0.5, "31": 0.5, "32": 0.5, "33": 0.5, "334": 1}),
        ({"Information": 0.5, "Software": 1}, {"Information": 0.5, "51": 0.5, "Software": 1, "511": 1}),
        # A category without prefixes has those of its members.
        (["Tech"], {"Tech": 1, "511": 1}),
    ],
    ids=repr,
)
def test_prefixes_of_categories(values: Any, expected: dict[str, float]) -> None:
    """Where prefixes are listed, a category gives its prefixes, and so does an entry that is none."""
    assert list(members(OneOf("x", values, prefix=True), CODES).values) == list(expected.items())


def test_prefixes_count() -> None:
    """A code counts as its industry, and the longest prefix wins."""
    criterion = members(OneOf("x", {"Manufacturing": 0.5, "Computers": 1}, prefix=True), CODES)
    assert [points(criterion, code) for code in ("311421", "334111", "44", "manufacturing")] == [50, 100, 0, 50]


def test_prefixes_of_a_table_without_prefixes() -> None:
    """Where the taxonomy has no prefixes, names are listed."""
    assert dict(members(OneOf("x", ["South"], prefix=True)).values) == {"South": 1, "Italy": 1, "Spain": 1}


def test_without_prefix_names_are_listed() -> None:
    """Where whole values are compared, a category gives the names of its members."""
    assert dict(members(OneOf("x", ["Information"]), CODES).values) == {"Information": 1, "Software": 1, "Films": 1}


@pytest.mark.parametrize(
    ("criterion", "groups"),
    [
        (Overlap("x", ["South", "Jira"]), {"South": ("Italy", "Spain")}),
        (TechOverlap("x", ["SO"]), {"SO": ("Italy", "Spain")}),
        # A member goes by the spelling that the criterion lists.
        (Overlap("x", ["South", "Italia"]), {"South": ("Italia", "Spain")}),
        # A group that is there stays.
        (
            Overlap("x", ["South", "Europe"], groups={"SOUTH": ["Malta"]}),
            {"SOUTH": ("Malta",), "Europe": ("Germany", "Italy", "Spain")},
        ),
        # Members that aliases make one are one.
        (Overlap("x", ["South"], aliases={"Spain": "Italy"}), {"South": ("Italy",)}),
        (Overlap("x", ["Jira"]), {}),
    ],
    ids=repr,
)
def test_groups_of_labels(criterion: Criterion, groups: dict[str, tuple[str, ...]]) -> None:
    """A label that is a category has its members as a group."""
    assert dict(members(criterion).groups) == groups


def test_groups_and_spellings_count() -> None:
    """A product counts as its category and as itself, in whichever spelling."""
    technologies = taxonomy("technologies")
    profile = of(TechOverlap("x", {"CRM": 2, "SFDC": 1, "Slack": 1}))
    criterion = with_aliases(with_members(profile, technologies), technologies)["d/x"]
    assert [points(criterion, [text]) for text in ("Hub Spot", "Salesforce.com", "sfdc", "MS Teams", "crm system")] == [
        50,
        75,
        75,
        0,
        50,
    ]


KP = OneOf("country", ["DE"])
KNOWN = {"Germany": "DE", "Deutschland": "DE", "BRD": "DE"}


@pytest.mark.parametrize(
    ("wrap", "unwrap"),
    [
        (Not, lambda one: one.criterion),
        (lambda one: AllOf(Flag("a"), one, name="n"), lambda one: one.criteria[1]),
        (lambda one: AnyOf(Flag("a"), Not(one), name="n"), lambda one: one.criteria[1].criterion),
        (lambda one: Not(AllOf(one), name="n"), lambda one: one.criterion.criteria[0]),
    ],
)
def test_combinators(wrap: Callable[[Criterion], Criterion], unwrap: Callable[[Any], Any]) -> None:
    """Spellings reach into combinators, in dimensions, gates and adjustments, and nothing else changes."""
    made = wrap(KP)
    name = made.called
    profile = icp.Profile(
        "P",
        [icp.Dimension("D", [made.with_weight(3), Range("size", 1, 5)])],
        gates=[icp.Gate(made, overridable=False)],
        adjustments=[icp.Adjustment(-5, made)],
    )
    changed = with_aliases(profile, PLACES)
    outer: Any = changed[f"d/{name}"]
    gate: Any = changed[f"gates/{name}"]
    adjustment: Any = changed[f"adjustments/{name}"]
    for part in (outer, gate.criterion, adjustment.when):
        assert dict(unwrap(part).aliases) == KNOWN
    assert (outer.weight, gate.overridable, adjustment.points) == (3, False, -5)
    assert changed.paths == profile.paths
    assert changed["d/size"] == profile["d/size"]


def test_a_list_of_sanctioned_countries_knows_all_spellings() -> None:
    """A knock-out by code catches the account that says the name."""
    profile = icp.Profile(
        "P", [icp.Dimension("D", [Flag("b2b")])], gates=[icp.Gate(~OneOf("country", ["KP", "SY"]), overridable=False)]
    )
    account = {"b2b": True, "country": "Korea, Democratic People's Republic of"}
    assert icp.score(profile, account, as_of=DAY).status == "scored"
    assert icp.score(with_aliases(profile, taxonomy("countries")), account, as_of=DAY).status == "disqualified"


MANY = icp.Profile(
    "P",
    [
        icp.Dimension("Here", [OneOf("a", ["IT"]), OneOf("b", ["South"]), Range("c", 1, 2)]),
        icp.Dimension("There", [OneOf("a", ["IT"]), OneOf("n", [1, 2]), Ordinal("o", ["IT", "ES"], at_least="ES")]),
    ],
    gates=[icp.Gate(~OneOf("a", ["IT"]))],
    adjustments=[icp.Adjustment(5, OneOf("a", ["IT"]))],
)


@pytest.mark.parametrize(
    ("paths", "changed"),
    [
        ((), {"here/a", "here/b", "there/a", "gates/a", "adjustments/a"}),
        (("Here/A",), {"here/a"}),
        (("here",), {"here/a", "here/b"}),
        (("gates/a", "there"), {"gates/a", "there/a"}),
        (("adjustments/a", "here", "here/b"), {"adjustments/a", "here/a", "here/b"}),
    ],
)
def test_paths_say_where(paths: tuple[str, ...], changed: set[str]) -> None:
    """Only what stands at the paths, or in a dimension that is named, changes."""
    profile = with_aliases(MANY, PLACES, *paths)
    assert {path for path in MANY.paths if profile[path] != MANY[path]} - {"here", "there"} == changed


def test_members_at_a_path() -> None:
    """Categories are expanded where the paths say."""
    profile = with_members(MANY, PLACES, "here/b")
    assert {path for path in MANY.paths if profile[path] != MANY[path]} == {"here", "here/b"}


@pytest.mark.parametrize("verb", [with_aliases, with_members])
def test_the_same_profile_where_nothing_is_to_be_done(verb: Any) -> None:
    """A profile that lists nothing of the taxonomy, or knows it all, is given back itself."""
    assert verb(MANY, Taxonomy("x", [Entry("one", "One"), Entry("two", "Two", parents=["One"])])) is MANY
    profile = of(OneOf("x", ["France"]))
    assert verb(profile, PLACES) is profile
    once = verb(MANY, PLACES)
    assert once is not MANY
    assert verb(once, PLACES) is once
    assert verb(once, PLACES, "here/b") is once


@pytest.mark.parametrize(
    ("verb", "path", "message"),
    [
        (
            lambda path: with_aliases(of(OneOf("x", ["Itly", "France"])), PLACES, path),
            "D/x",
            "the taxonomy 'places' has no entry for what 'D/x' lists: 'Itly', 'France'\n\nHint: it knows 'Italy'",
        ),
        (
            lambda path: with_aliases(of(OneOf("x", [one + one for one in "qwxyzbv"])), PLACES, path),
            "d",
            (
                "the taxonomy 'places' has no entry for what 'd' lists: 'qq', 'ww', 'xx', 'yy', 'zz' and 2 more\n\n"
                "Hint: find(text) gives what it knows by near spellings"
            ),
        ),
        (
            lambda path: with_members(of(AnyOf(~OneOf("x", ["Italy"]), Flag("y"), name="n")), PLACES, path),
            "d/n",
            (
                "the taxonomy 'places' has no category for what 'd/n' lists: 'Italy'\n\n"
                "Hint: its categories: Europe, South"
            ),
        ),
        (
            lambda path: with_members(of(Overlap("x", ["One"])), Taxonomy("few", [Entry("1", "One")]), path),
            "d/x",
            "the taxonomy 'few' has no category for what 'd/x' lists: 'One'\n\nHint: it has no categories",
        ),
    ],
)
def test_a_path_at_which_nothing_is_known(verb: Callable[[str], Any], path: str, message: str) -> None:
    """A path that was named and has nothing of the taxonomy is an error that says what there is."""
    with pytest.raises(NoSuchEntryError) as caught:
        verb(path)
    assert str(caught.value) == message


@pytest.mark.parametrize("verb", [with_aliases, with_members])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("here/c", "Range lists no text that a taxonomy could know (at 'here/c')"),
        ("there/n", "OneOf lists no text that a taxonomy could know (at 'there/n')"),
        (
            "there/o",
            (
                "Ordinal lists no text that a taxonomy could know (at 'there/o')\n\n"
                "Hint: OneOf(attribute, {level: match, …}) has aliases"
            ),
        ),
    ],
)
def test_a_path_at_which_no_text_is_listed(verb: Any, path: str, message: str) -> None:
    """A path that leads to a criterion without texts is an error that says so."""
    with pytest.raises(DefinitionError) as caught:
        verb(MANY, PLACES, path)
    assert str(caught.value) == message


@pytest.mark.parametrize("verb", [with_aliases, with_members])
def test_a_path_that_leads_nowhere(verb: Any) -> None:
    """An unknown path is an error that suggests the nearest."""
    with pytest.raises(NoSuchPathError, match="did you mean 'here/a'"):
        verb(MANY, PLACES, "her/a")


def test_what_is_expanded_is_part_of_the_profile() -> None:
    """Aliases and members are hashed, and survive a file; the taxonomy is not needed any more."""
    countries = taxonomy("countries")
    profile = of(OneOf("x", ["EMEA", "G20"]))
    changed = with_aliases(with_members(profile, countries), countries)
    assert changed.scoring_id != profile.scoring_id
    assert icp.loads(icp.dumps(changed)) == changed
    assert points(changed["d/x"], "Deutschland") == 100


TEXTS = st.sampled_from(
    [
        "EU",
        "europe",
        "South",
        "Süden",
        "DE",
        "Germany",
        "deutschland",
        "IT",
        "Italy",
        "italia",
        "ES",
        "US",
        "usa",
        "France",
    ]
)


@st.composite
def listing(draw: st.DrawFn) -> OneOf | Overlap:
    """Criteria whose texts and aliases meet those of the taxonomy in every way that is allowed."""
    case_sensitive = draw(st.booleans())
    folded = str.strip if case_sensitive else icp.fold
    spellings = draw(st.lists(TEXTS, max_size=3, unique_by=folded))
    names = draw(
        st.lists(TEXTS.filter(lambda text: folded(text) not in map(folded, spellings)), min_size=3, max_size=3)
    )
    table = dict(zip(spellings, names, strict=False))
    target = {folded(one): folded(name) for one, name in table.items()}

    def name(text: str) -> str:
        return target.get(folded(text), folded(text))

    texts = draw(st.lists(TEXTS, min_size=1, max_size=5, unique_by=name))
    if draw(st.booleans()):
        prefix = draw(st.booleans())
        matches = {text: draw(st.sampled_from([0, 0.5, 1])) for text in texts}
        return OneOf("x", matches, aliases=table, case_sensitive=case_sensitive, prefix=prefix)
    grouped = draw(st.lists(st.sampled_from(texts), max_size=2, unique_by=name))
    groups = {text: draw(st.lists(TEXTS, min_size=1, max_size=3, unique_by=name)) for text in grouped}
    return Overlap("x", texts, groups=groups, aliases=table, case_sensitive=case_sensitive)


@given(listing())
def test_no_criterion_breaks(criterion: OneOf | Overlap) -> None:
    """Whatever a criterion lists, the verbs give a sound one, and doing it again changes nothing."""
    once = with_aliases(of(criterion), PLACES)
    assert with_aliases(once, PLACES) is once
    grown = with_members(of(criterion), PLACES)
    assert with_members(grown, PLACES) is grown
    both = with_aliases(grown, PLACES)
    assert with_aliases(with_members(both, PLACES), PLACES) is both


@given(listing(), TEXTS)
def test_what_is_listed_keeps_its_match(criterion: OneOf | Overlap, text: str) -> None:
    """A text that had a match of its own has the same after spellings and members are added."""
    if isinstance(criterion, Overlap):
        return
    listed = dict(criterion.values)
    probe = OneOf(
        "x", dict.fromkeys(listed, 1), aliases=dict(criterion.aliases), case_sensitive=criterion.case_sensitive
    )
    if points(probe, text) == 100:
        changed = with_aliases(with_members(of(criterion), PLACES), PLACES)["d/x"]
        assert points(changed, text) == points(criterion, text)


@given(profiles())
def test_no_profile_breaks(profile: icp.Profile) -> None:
    """Any profile can be given any spellings; what is scored by it stays in its place."""
    spellings = {"other": "a", "another": "software", "third": "slack"}
    assert with_aliases(profile, spellings).paths == profile.paths
    assert with_members(profile, taxonomy("technologies")).paths == profile.paths
