import tomllib
from typing import Any

import pytest

import icpkit as icp
from icpkit.importing.telling import toml, toml_key
from tests.importing.checks import accounts_of, as_is, found, mended, only, profile_of, rows_of

SECTOR = profile_of(icp.OneOf("sector", ["technology", "retail"]))
TOOLS = profile_of(icp.Overlap("tools", ["Slack", "Jira"]))


def texts(*counts: tuple[Any, int], name: str = "sector") -> list[dict[str, Any]]:
    """Give records that hold each value so many times."""
    return [{name: value} for value, count in counts for _ in range(count)]


# Spellings


def test_a_slip_is_told_with_its_name() -> None:
    """A text that is nearly what the profile names is told, with what is at stake and the lines that mend it."""
    one = only(SECTOR, texts(("technolgy", 3), ("retail", 9), ("medical", 3)))
    assert (one.code, one.path, one.attribute, one.accounts, one.points) == ("spelling", "d/sector", "sector", 3, 20.0)
    assert one.text == "'technolgy' × 3 is probably 'technology', which no account has"
    assert one.advice[1:] == ("[fields.sector]", 'replace = { "technolgy" = "technology" }')


def test_several_slips_are_one_finding() -> None:
    """All slips of one question are told at once, so that one line mends them."""
    profile = profile_of(icp.OneOf("sector", ["technology", "manufacturing", "accounting", "consulting"]))
    wrong = ("technolgy", "manufacturng", "acounting", "consultng")
    one = only(profile, texts(*((text, 4 - place) for place, text in enumerate(wrong))))
    assert one.text == (
        "'technolgy' × 4 is probably 'technology', which no account has; "
        "'manufacturng' × 3 is probably 'manufacturing', which no account has; "
        "'acounting' × 2 is probably 'accounting', which no account has; and 1 more"
    )
    assert (one.accounts, tomllib.loads(one.advice[2])["replace"]["consultng"]) == (10, "consulting")


def test_a_slip_of_what_is_there_too_must_be_rare() -> None:
    """A text that is as common as the name that it resembles is another name."""
    assert only(SECTOR, texts(("technolgy", 2), ("technology", 6), ("retail", 4))).accounts == 2
    assert not found(SECTOR, texts(("technolgy", 3), ("technology", 6), ("retail", 4)))


def test_what_changes_no_match_is_no_slip() -> None:
    """A slip of a name that counts as much as a stranger is not told."""
    profile = profile_of(icp.OneOf("sector", {"technology": 1, "retail": 0}))
    assert not found(profile, texts(("technology", 9), ("retial", 3), ("retail", 3)))


def test_an_alias_is_told_with_its_taxonomy() -> None:
    """Another name of the same thing is told with the taxonomy that says so and the line for the criterion."""
    profile = profile_of(icp.OneOf("country", ["USA"], aliases={"America": "USA"}))
    one = only(profile, texts(("United States", 6), ("Kenya", 2), name="country"))
    assert (one.code, one.accounts, one.points) == ("alias", 6, 75.0)
    assert one.text == "'United States' × 6 is probably 'USA', which no account has"
    assert one.advice == (
        'by icp.with_aliases(profile, icp.taxonomy("countries")), or in the criterion:',
        'aliases = { "America" = "USA", "United States" = "USA" }',
    )
    assert not found(icp.with_aliases(profile, icp.taxonomy("countries")), texts(("United States", 6), name="country"))


def test_names_of_two_taxonomies() -> None:
    """Where two taxonomies are needed, both are named."""
    profile = profile_of(icp.Overlap("tags", ["USA", "Salesforce"]))
    rows = texts((["United States", "SFDC"], 3), name="tags")
    calls = 'icp.taxonomy("countries")) and icp.with_aliases(profile, icp.taxonomy("technologies"))'
    assert calls in only(profile, rows).advice[0]


def test_an_ordered_scale_takes_no_aliases() -> None:
    """A level by another name is replaced by the field map, and not told as invalid as well."""
    profile = profile_of(icp.Ordinal("stage", ["Seed", "Series A", "Series B"], at_least="Series A"))
    rows = texts(("Round A", 3), ("Seed", 3), ("Series A", 3), ("Series B", 1), ("Serie B", 1), name="stage")
    assert [one.code for one in found(profile, rows) if one.code in {"alias", "spelling"}] != []
    assert all("in the criterion" not in one.fix for one in found(profile, rows))


@pytest.mark.parametrize(
    ("named", "others"),
    [
        ("Software", ["Hardware"]),
        ("Austria", ["Australia"]),
        ("Niger", ["Nigeria"]),
        ("Series A", ["Series B"]),
        ("Java", ["JavaScript"]),
        ("SQL", ["MySQL"]),
        ("Oracle", ["Oracle Cloud"]),
        ("Product H", ["Product F", "Product E", "Product I"]),
        ("React", ["Preact"]),
        ("India", ["Indiana"]),
    ],
)
def test_alike_is_not_the_same(named: str, others: list[str]) -> None:
    """Names that are spelled alike and mean different things raise no alarm, in either direction and in lists."""
    for one, rest in ((named, others), *((other, [named]) for other in others)):
        profile = profile_of(icp.OneOf("x", [one]))
        assert not found(profile, texts((one, 9), *((other, 2) for other in rest), name="x"))
        assert not found(profile, texts(*((other, 2) for other in rest), name="x"), "spelling", "alias")
        labels = profile_of(icp.Overlap("x", [one]))
        assert not found(labels, texts(([one], 9), *(([other], 2) for other in rest), name="x"))


def test_upper_and_lower_case() -> None:
    """Case makes a difference only where the criterion says so; then another case is told."""
    rows = texts(("Technology", 2), ("technology", 9), ("retail", 1))
    assert not found(SECTOR, rows)
    strict = profile_of(icp.OneOf("sector", ["technology", "retail"], case_sensitive=True))
    assert only(strict, rows).text == "'Technology' × 2 is probably 'technology'"


def test_prefixes_have_no_spellings() -> None:
    """Where a listed text stands for all that begin with it, nothing is said about spellings."""
    profile = profile_of(icp.OneOf("sector", ["technology"], prefix=True))
    assert not found(profile, texts(("technolgy", 2), ("technology: data", 9)))


def test_groups_and_their_members_are_known() -> None:
    """What counts as a member of a group is no stranger; a slip of a member counts as the group."""
    profile = profile_of(icp.Overlap("tools", ["CRM"], groups={"CRM": ["Salesforce", "HubSpot"]}))
    assert not found(profile, texts((["Salesforce"], 3), (["HubSpot"], 3), name="tools"))
    one = only(profile, texts((["Salesfroce", None], 1), (["HubSpot"], 5), name="tools"))
    assert "'Salesfroce' × 1 is probably 'CRM'" in one.text


def test_an_alias_of_nothing_listed() -> None:
    """A spelling that the profile leads to a name which it does not list changes no match."""
    profile = profile_of(icp.OneOf("sector", ["technology"], aliases={"shops": "commerce"}))
    assert not found(profile, texts(("technology", 5), ("shop", 2), ("commerce", 2)))


def test_names_that_nobody_has() -> None:
    """A name that no account has is worth knowing, and no mistake; what is not wanted may well be absent."""
    rows = texts(("retail", 9))
    one = only(SECTOR, rows)
    assert (one.code, one.text, one.fix, one.points, one.mistake) == (
        "never seen",
        "no account has 'technology'",
        "",
        0.0,
        False,
    )
    never = profile_of(icp.Not(icp.OneOf("sector", ["gambling", "retail"]), name="no gambling"))
    assert not found(never, rows)
    many = profile_of(icp.OneOf("sector", ["retail", "a1", "b1", "c1", "d1"]))
    assert only(many, rows).text == "no account has 'a1', 'b1', 'c1', … (4)"


def test_no_more_than_fifty_are_suggested() -> None:
    """A finding stays readable, however many texts are wrong."""
    names = [f"{first}{second}chnology" for first in "bcdfghklmn" for second in "aeiouy"]
    wrong = [f"{name}x" for name in names]
    one = only(profile_of(icp.OneOf("sector", names)), texts(*((text, 1) for text in wrong)))
    assert (one.accounts, one.text.endswith("; and 57 more")) == (60, True)
    assert len(tomllib.loads(one.advice[-1])["replace"]) == 50


# Tokens


def test_tokens_that_count_as_answers() -> None:
    """Texts that usually mean unknown are told, with the tokens that the field map has already."""
    profile = profile_of(icp.OneOf("sector", ["retail"]))
    one = only(profile, texts(("N/A", 3), ("-", 1), ("retail", 4)))
    assert (one.code, one.accounts, one.points) == ("token", 4, 50.0)
    assert one.text == "'N/A' × 3, '-' × 1 look like unknown, and count as answers"
    assert one.advice[-1] == 'unknown = ["N/A", "-"]'
    fields = icp.FieldMap([icp.Field("id"), icp.Field("sector", unknown=["?"])])
    one = only(profile, accounts_of(fields, sector=["N/A", "retail", "?", "retail"]))
    assert (one.text, one.advice[-1]) == (
        "'N/A' × 1 looks like unknown, and counts as an answer",
        'unknown = ["?", "N/A"]',
    )


def test_an_answer_that_the_profile_names() -> None:
    """What the profile lists is an answer, however much it looks like unknown."""
    profile = profile_of(icp.OneOf("rfi", {"Yes": 1, "Unknown": 0.4}), icp.Overlap("tools", ["Slack", "none"]))
    assert not found(profile, rows_of(rfi=["Yes", "unknown "], tools=[["Slack"], ["None"]]))


def test_tokens_within_lists() -> None:
    """A token is at stake where it is all that a list holds, or where its absence would change the match."""
    assert only(TOOLS, texts((["N/A"], 2), (["Slack", "Jira", "N/A"], 5), ([], 1), name="tools")).accounts == 2
    assert not found(TOOLS, texts((["Slack", "Jira", "N/A"], 5), name="tools"))
    narrow = profile_of(icp.Overlap("tools", ["Slack"], mode="satisfies"))
    assert only(narrow, texts((["Slack", "N/A"], 5), name="tools")).accounts == 5


def test_namibia() -> None:
    """NA is Namibia's code where a column holds codes of countries, and a token where it holds their names."""
    profile = profile_of(icp.OneOf("country", ["DE", "US"]))
    codes = texts(("DE", 4), ("US", 2), ("NA", 2), ("FR", 1), name="country")
    assert not found(profile, codes)
    assert only(profile, [*codes, *texts(("--", 1), name="country")]).text.startswith("'--' × 1 looks")
    names = profile_of(icp.OneOf("country", ["Germany"]))
    assert only(names, texts(("Germany", 4), ("Kenya", 2), ("NA", 2), name="country")).code == "token"
    assert (
        only(profile_of(icp.OneOf("country", {"x": 1}, otherwise=0.5)), texts(("NA", 2), name="country")).accounts == 2
    )


# Separators


def test_another_separator() -> None:
    """Lists that would match if they were divided otherwise are told."""
    one = only(TOOLS, texts((["Slack, Jira"], 3), (["Slack"], 5), name="tools"))
    assert (one.code, one.accounts, one.text) == ("separator", 3, "3 of 8 lists are one label that holds ','")
    assert one.advice[1:] == ("[fields.tools]", 'parse = "labels"', 'split = ","')
    one = only(SECTOR, texts(("retail / technology", 2), ("medical|food", 1), ("x", 1)))
    assert (one.code, one.text) == ("separator", "2 of 4 values are one text that holds '/'")


@pytest.mark.parametrize(
    "lists",
    [
        [["CI/CD"], ["Slack"], ["Jira"]],
        [["Food, Beverage"], ["Slack"], ["Jira"]],
        [["Slack", "Jira"], ["Slack", "A, B"], ["Jira", "x"]],
        [["Slack"], ["Jira"], ["Slack"], ["Jira"], ["Slack,Jira"]],
        [["Slack"], ["Jira"], [None, 5, ","], ["Slack"]],
    ],
)
def test_labels_that_hold_signs(lists: list[Any]) -> None:
    """Labels with signs of their own, lists that are divided, and a few odd ones raise no alarm."""
    assert not found(TOOLS, [{"tools": value} for value in lists], "separator")


# Fixes


def test_fixes_mend_what_they_tell() -> None:
    """What a fix says, written where it says, removes its finding: spellings, tokens, separators and aliases."""
    profile = profile_of(
        icp.OneOf("sector", ["technology", "retail"]),
        icp.OneOf("country", ["USA"]),
        icp.Overlap("tools", ["Slack", "Jira"]),
        icp.OneOf("other", ['say "hi"\\there', "zwölf Größen"]),
    )
    rows = rows_of(
        id=list("abcdefgh"),
        sector=["technolgy", "Retial", "N/A", "retail", "--", "retail", "Technolgy", "retail"],
        country=["United States", "America", "U.S.", "Kenya", "Kenya", "Kenya", "Select", "USA"],
        tools=["Slack, Jira", "Slack", "Jira, Slak", "x", "N/A", "Slack,Jira", "Slack", "Jira"],
        other=['say-"hi"\\there', "zwölf Größn", "zwölf Größen", "zwölf Größen", "zwölf Größen", "a", "a", "?"],
    )
    codes = ("spelling", "token", "separator", "alias")
    lists = icp.Field("tools", parse="labels")
    for plain in (as_is(rows), icp.FieldMap([icp.Field(name) for name in rows[0]])):
        fields = plain.with_field(lists)
        first = {one.code for one in icp.check(profile, fields.apply(rows), as_of="2026-11-21").findings}
        assert first >= {*codes}
        assert mended(profile, rows, fields, *codes) == []


def test_lines_of_toml_hold_any_text() -> None:
    """Whatever stands in a text, what is written is visible, and read back as it was; what TOML cannot hold is left."""
    odd = 'a"b\\c\n\x00\x7f\u202e\U000e0001 ü'
    assert tomllib.loads(f"{toml_key(odd)} = {toml(odd)}") == {odd: odd}
    half = "lone \ud800"
    assert tomllib.loads(f"x = {toml({odd: odd, half: 'y'})}") == {"x": {odd: odd}}
    assert tomllib.loads(f"x = {toml([odd, half, 'y'])}") == {"x": [odd, "y"]}
    assert toml(odd).isprintable()


# Kinds of events


def events(*kinds: Any) -> list[dict[str, Any]]:
    """Give accounts of one event each."""
    return [{"events": [event]} for event in kinds]


class Event:
    """An event as an object."""

    def __init__(self, kind: str, at: str) -> None:
        self.kind, self.at = kind, at


ENGAGEMENT = profile_of(icp.Engagement("events", {"demo request": 3, "webinar": 1, "visit": 0}, half_life=30, target=5))


def test_kinds_of_events_that_are_spelled_otherwise() -> None:
    """A kind that no event has is told with what the events call it, or with the commonest kinds."""
    rows = events(
        {"kind": "demo_request", "at": "2026-11-20"}, ("webinar", "2026-11-20"), Event("mail", "2026-11-20"), None
    )
    one = only(ENGAGEMENT, rows)
    assert (one.code, one.accounts) == ("spelling", 1)
    assert one.text == "no event is of the kind 'demo request', which is probably 'demo_request' × 1"
    assert one.advice == ('in the criterion, among kinds, in place of "demo request":', '"demo_request"')
    one = only(ENGAGEMENT, rows[1:])
    assert (one.code, one.mistake) == ("never seen", False)
    assert one.text == "no event is of the kind 'demo request'; the commonest kinds: 'webinar' × 1, 'mail' × 1"


def test_kinds_of_events_that_are_all_there() -> None:
    """Nothing is said where all kinds occur, nor where there are no events at all."""
    rows = events(("Demo Request", "2026-11-20"), ("webinar ", "2026-11-20"))
    assert not found(ENGAGEMENT, rows)
    assert not found(ENGAGEMENT, [{"events": []}, {"events": []}])
