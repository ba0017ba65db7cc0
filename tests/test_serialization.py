import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import attrs
import pytest

import icpkit as icp
from icpkit._attrs import Pairs
from icpkit.serialization import MOST_CRITERIA, compact
from icpkit.value_functions import Segments, ValueFunction
from tests.golden.make_files import EVERYTHING, FILES, MIDMARKET, SMALL
from tests.golden.mistakes import many_criteria

ANSWER = ValueFunction("a", "number", Segments(low=1))


def text_of(criterion: dict[str, Any], **more: Any) -> str:
    """Give the JSON text of a profile of one criterion."""
    data = {"format": 1, "name": "P", "dimensions": [{"name": "D", "criteria": [criterion]}], **more}
    return json.dumps(data)


def problems_of(text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Give path, text and hint of each problem of a text, the path of its one criterion left out."""
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(text, **options)
    begin = "$.dimensions[0].criteria[0]"
    return [(one.path.removeprefix(begin), one.text, one.hint) for one in caught.value.problems]


def only_criterion(text: str, **options: Any) -> icp.Criterion:
    """Load a profile and give its one criterion."""
    return icp.loads(text, **options).dimensions[0].criteria[0]


# Files


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.toml", "toml"),
        ("a.json", "json"),
        ("A.JSON", "json"),
        ("a.txt", "json"),
        ("a", "toml"),
        ("a.json.bak", "toml"),
    ],
)
def test_a_file_is_read_by_its_suffix_or_by_what_it_holds(tmp_path: Path, name: str, form: Any) -> None:
    """A suffix of .toml or .json says what a file is; under any other name its first character does."""
    path = tmp_path / name
    path.write_text(icp.dumps(EVERYTHING, form), encoding="utf-8")
    assert icp.load(path) == icp.load(str(path)) == EVERYTHING


def test_a_suffix_is_believed(tmp_path: Path) -> None:
    """What is called .json is read as JSON, and what is called .toml as TOML, whatever it holds."""
    swapped: tuple[tuple[str, Any, str], ...] = (
        (".json", "toml", "is not JSON"),
        (".toml", "json", "is not TOML"),
    )
    for suffix, form, told in swapped:
        path = tmp_path / f"a{suffix}"
        path.write_text(icp.dumps(SMALL, form), encoding="utf-8")
        with pytest.raises(icp.ProfileTextError, match=told) as caught:
            icp.load(path)
        assert caught.value.source == str(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be read is the error that Python gives."""
    with pytest.raises(FileNotFoundError):
        icp.load(tmp_path / "none.toml")
    with pytest.raises(IsADirectoryError):
        icp.load(tmp_path)


def test_windows_lines_are_lines(tmp_path: Path) -> None:
    """A file with carriage returns at the ends of its lines is the same file."""
    forms: tuple[Any, ...] = ("json", "toml")
    for form in forms:
        path = tmp_path / f"a.{form}"
        path.write_bytes(icp.dumps(EVERYTHING, form).replace("\n", "\r\n").encode())
        assert icp.load(path) == EVERYTHING


@pytest.mark.parametrize("size", [2**20 + 1, 2**21, 2**23])
def test_a_file_that_is_too_long_is_not_read_to_its_end(tmp_path: Path, size: int) -> None:
    """Of a file without end no more is read than is needed to see that it is too long."""
    path = tmp_path / "a.json"
    path.write_bytes(b"{" + b" " * (size - 1))
    with pytest.raises(icp.ProfileTextError, match="is too long"):
        icp.load(path)


def test_a_long_file_may_end_anywhere(tmp_path: Path) -> None:
    """A file that is too long is told so, even where the bound lies within a character."""
    path = tmp_path / "a.json"
    path.write_bytes(b"{" + "日".encode() * 2**20)
    with pytest.raises(icp.ProfileTextError, match="is too long"):
        icp.load(path)


@pytest.mark.parametrize("given", [b"{}", None, Path("a.toml"), {}])
def test_loads_takes_text(given: Any) -> None:
    """What is no text is a plain TypeError that names the other function."""
    with pytest.raises(TypeError, match=r"^loads\(\) needs text \(got \w+\); load\(\) reads a file$"):
        icp.loads(given)


# Writing


def test_a_profile_in_json() -> None:
    """JSON is written over lines, its text as it is, with the format first and without what is the default."""
    assert icp.dumps(icp.Profile("Größe", [icp.Dimension("D", [icp.Range("a", 1, None)])])) == (
        '{\n  "format": 1,\n  "name": "Größe",\n  "dimensions": [\n    {\n      "name": "D",\n      "criteria": [\n'
        '        {\n          "kind": "range",\n          "attribute": "a",\n          "low": 1\n        }\n'
        "      ]\n    }\n  ]\n}\n"
    )


@pytest.mark.parametrize("profile", [SMALL, MIDMARKET, EVERYTHING, icp.standard_profile()], ids=lambda one: one.name)
def test_a_profile_on_one_line(profile: icp.Profile) -> None:
    """A profile is written on one line without blanks, in the order of its parts, and loads as the same profile."""
    text = compact(profile)
    assert "\n" not in text
    assert json.loads(text) == json.loads(icp.dumps(profile))
    assert list(json.loads(text)) == list(json.loads(icp.dumps(profile)))
    assert icp.loads(text) == profile
    assert len(text) < len(icp.dumps(profile))


def test_what_could_not_be_loaded_is_not_written_on_one_line() -> None:
    """What no file can hold has no line either, and text that is no ASCII stays as it is."""
    with pytest.raises(icp.DefinitionError, match="cannot be written as JSON, which could not be loaded"):
        compact(attrs.evolve(SMALL, meta={"a": "x" * 2**20}))
    assert '"name":"Größe"' in compact(attrs.evolve(SMALL, name="Größe"))


@pytest.mark.parametrize("form", ["yaml", "JSON", "", None])
def test_there_are_two_forms(form: Any) -> None:
    """Another form is a plain ValueError that names both."""
    with pytest.raises(ValueError, match=rf'^form must be "json" or "toml" \(got {form!r}\)$'):
        icp.dumps(SMALL, form)


def nested(levels: int) -> Any:
    """Give a list that many levels deep."""
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("changes", "form", "problem"),
    [
        ({"name": "\ud800"}, "json", "JSON, which could not be loaded: $.name must be valid Unicode (got '\\ud800')"),
        (
            {"meta": {"a": nested(31)}},
            "json",
            "JSON, which could not be loaded: $.meta.a" + "[0]" * 30 + " is nested deeper than 32 levels",
        ),
        (
            {"meta": {"a": [1] * 10_001}},
            "json",
            "JSON, which could not be loaded: $.meta.a has 10,001 entries, where 10,000 are the most",
        ),
        (
            {"meta": {"a": "x" * 2**20}},
            "json",
            "JSON, which could not be loaded: $ is too long: N bytes, where 1,048,576 are the most",
        ),
        (
            {"meta": {"a": "ß" * 2**17}},
            "toml",
            "TOML, which could not be loaded: $ is too long: N bytes, where 262,144 are the most",
        ),
    ],
    ids=["half a character", "too deep", "too many", "too long", "too long in TOML"],
)
def test_what_could_not_be_loaded_is_not_written(changes: dict[str, Any], form: Any, problem: str) -> None:
    """A profile that no file can hold is refused when it is written, with the place."""
    with pytest.raises(icp.DefinitionError) as caught:
        icp.dumps(attrs.evolve(SMALL, **changes), form)
    told = re.sub(r": [\d,]+ bytes", ": N bytes", str(caught.value))
    assert told == f"Profile cannot be written as {problem}"


def test_a_profile_may_have_500_criteria() -> None:
    """500 criteria, those within gates and combinators among them, are written and read, and one more is neither."""
    full = icp.loads(json.dumps(many_criteria(MOST_CRITERIA)))
    assert icp.loads(icp.dumps(full)) == full
    more = full.with_criterion("Firmographics", icp.Flag("one_more"))
    with pytest.raises(icp.DefinitionError, match=r"\$ has more than 500 criteria"):
        icp.dumps(more)
    with pytest.raises(icp.ProfileTextError, match="has more than 500 criteria"):
        icp.loads(json.dumps(many_criteria(MOST_CRITERIA + 1)))


def test_kinds_within_notes_are_no_criteria() -> None:
    """What notes and examples call a kind counts for nothing."""
    events = [{"kind": "demo", "at": "2026-10-01"}] * 600
    one = icp.Example({"events": events}, as_of="2026-11-01", tier="Weak")
    profile = attrs.evolve(SMALL, examples=[one], meta={"kinds": events})
    assert icp.loads(icp.dumps(profile)) == profile


def test_escapes_hide_no_criteria() -> None:
    """A kind that is written with an escape is counted like any other."""
    text = json.dumps(many_criteria(MOST_CRITERIA + 1)).replace('"kind"', r'"\u006bind"')
    with pytest.raises(icp.ProfileTextError, match="has more than 500 criteria"):
        icp.loads(text)


@pytest.mark.parametrize("name", ["a.json", "a.toml", "A.TOML"])
def test_a_profile_is_written_to_a_file(tmp_path: Path, name: str) -> None:
    """A file is written in the language of its suffix, in UTF-8, with the ends of lines of no system, and loads."""
    path = tmp_path / name
    for profile in (SMALL, EVERYTHING):
        icp.dump(profile, path)
        form: Any = path.suffix[1:].lower()
        assert path.read_bytes().decode() == icp.dumps(profile, form)
        assert icp.load(path) == profile


@pytest.mark.parametrize("name", ["a.yaml", "a", "json", "a.json.bak"])
def test_a_file_is_written_as_json_or_toml(tmp_path: Path, name: str) -> None:
    """Another suffix is a plain ValueError, and nothing is written."""
    with pytest.raises(ValueError, match=r"^the name of a profile's file must end in \.json or \.toml \(got "):
        icp.dump(SMALL, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_profile_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A profile that no file can hold costs nothing of what is there."""
    path = tmp_path / "a.json"
    icp.dump(SMALL, path)
    with pytest.raises(icp.DefinitionError):
        icp.dump(attrs.evolve(SMALL, name="\ud800"), path)
    assert icp.load(path) == SMALL


# Reading: what is told, and how


def test_a_text_says_what_it_is_and_no_more() -> None:
    """What is left out is the default, and an open end; a schema may be named."""
    bare = icp.loads(text_of({"kind": "range", "attribute": "a", "high": 5}, **{"$schema": "https://example.com"}))
    assert bare == icp.Profile("P", [icp.Dimension("D", [icp.Range("a", None, 5)])])


@pytest.mark.parametrize("gone", ["null", "left out"])
def test_null_is_left_out_where_there_is_nothing_by_default(gone: str) -> None:
    """Null where None is the default is what leaving it out is."""
    nothing: dict[str, Any] = (
        dict.fromkeys(("name", "label", "missing", "high", "soft_low"), None) if gone == "null" else {}
    )
    assert only_criterion(text_of({"kind": "range", "attribute": "a", "low": 1, **nothing})) == icp.Range("a", 1, None)
    notes: dict[str, Any] = {"priority": None, "rank": None} if gone == "null" else {}
    assert icp.loads(text_of({"kind": "flag", "attribute": "a"}, **notes)).priority is None


MOMENTS: list[tuple[Any, date]] = [
    ("2026-11-01", date(2026, 11, 1)),
    ("2026-11-01T09:00:00+02:00", datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ("2026-11-01T09:00:00.000001Z", datetime(2026, 11, 1, 9, 0, 0, 1, tzinfo=UTC)),
    (date(2026, 11, 1), date(2026, 11, 1)),
    (datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC)),
]


@pytest.mark.parametrize(("written", "kept"), MOMENTS)
def test_moments_are_dates_of_toml_or_text(written: Any, kept: date) -> None:
    """The moment of an example is a date of TOML or ISO text, a datetime with its zone, kept in UTC."""
    moment = json.dumps(written) if isinstance(written, str) else written.isoformat()
    text = (
        'format = 1\nname = "P"\n[[dimensions]]\nname = "D"\ncriteria = [{ kind = "flag", attribute = "a" }]\n'
        f'[[examples]]\ntier = ["Weak"]\naccount = {{ since = {moment} }}\nas_of = {moment}\n'
    )
    (one,) = icp.loads(text).examples
    assert one.as_of == kept
    assert type(one.as_of) is type(kept)
    (again,) = icp.loads(text, kinds=[Near]).examples
    assert (again, again.account) == (one, one.account)
    cohort = text.replace(
        "[[examples]]", f'[[tiers]]\nname = "Weak"\ncut = 0\n[cohort]\nsize = 5\nas_of = {moment}\n[[examples]]'
    )
    scale = icp.loads(cohort).tiers
    assert scale.cohort == icp.Cohort(5, kept)
    told = cohort.replace('name = "P"', 'name = "P"\nstage = "lost"')
    assert [path for path, _, _ in problems_of(told)] == ["$.stage"]


def test_problems_come_in_the_order_of_the_text() -> None:
    """Problems are told from the top of the text to its end; what is lacking stands where its part begins."""
    text = json.dumps(
        {
            "adjustments": [{"points": 0, "when": {"kind": "flag"}}],
            "gates": [{"at_least": 2, "criterion": {"kind": "flag", "attribute": 5}}],
            "format": 1,
            "dimensions": [{"criteria": [{"kind": "rnage"}], "weight": -1}],
            "stage": "lost",
        }
    )
    assert [path for path, _, _ in problems_of(text)] == [
        "$.name",
        "$.adjustments[0].points",
        "$.adjustments[0].when.attribute",
        "$.gates[0].at_least",
        "$.gates[0].criterion.attribute",
        "$.dimensions[0].name",
        ".kind",
        "$.dimensions[0].weight",
        "$.stage",
    ]


def test_a_place_is_told_in_names_too() -> None:
    """A problem names dimension, combinator and criterion by their names, where these are sound."""
    part = {"kind": "all_of", "name": "both", "criteria": [{"kind": "range", "attribute": "size", "low": "5"}]}
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(text_of(part))
    (problem,) = caught.value.problems
    assert (problem.path, problem.place) == ("$.dimensions[0].criteria[0].criteria[0].low", "D / both / size")
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(text_of({**part, "name": 5}))
    assert [one.place for one in caught.value.problems] == ["D", "D / size"]


def test_one_problem_is_told_at_each_place() -> None:
    """What is told of a value is told once, and nothing that follows from it."""
    assert problems_of('{"format": 1, "name": "P", "name": "Q", "dimensions": NaN}') == [
        ("$.name", "stands twice in the same object", ""),
        ("$.dimensions", "must be a finite number (got nan)", ""),
    ]


def test_the_first_problem_at_a_place_is_told() -> None:
    """Of several problems at one place the first is told: mending it shows the next."""
    ((path, problem, _),) = problems_of('{"format": 1, "name": "P", "dimensions": {"\\ud800": 1, "\\udfff": 2}}')
    assert (path, problem) == ("$.dimensions", "has a key that is no valid Unicode ('\\ud800')")


def test_a_moment_is_iso_text_to_the_letter() -> None:
    """Blanks around a moment are no part of ISO 8601, in an example and in a cohort."""
    example = {"account": {}, "as_of": " 2026-11-01", "tier": ["Weak"]}
    ((path, problem, _),) = problems_of(text_of({"kind": "flag", "attribute": "a"}, examples=[example]))
    assert (path, problem) == ("$.examples[0].as_of", "must be a date or its ISO 8601 text (got ' 2026-11-01')")


def test_long_values_are_cut() -> None:
    """A message shows up to 80 characters of a value."""
    ((_, problem, _),) = problems_of(text_of({"kind": "range", "attribute": "a", "low": "x" * 500}))
    assert problem == f"must be a number (got '{'x' * 78}…)"


def test_many_problems_are_counted() -> None:
    """The error carries all problems, and hints for those that its message lists."""
    wrong = [{"kind": "flagg", "attribute": f"a{number}"} for number in range(30)]
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(json.dumps({"format": 1, "name": "P", "dimensions": [{"name": "D", "criteria": wrong}]}))
    problems = caught.value.problems
    assert [bool(problem.hint) for problem in problems] == [True] * 20 + [False] * 10
    assert str(caught.value).endswith("\n  … and 10 more")


def test_problems_without_end_are_not_all_looked_for() -> None:
    """After 1,000 mistakes no more are looked for."""
    text = text_of({"kind": "flag", "attribute": "a"}, **{f"x{number}": 1 for number in range(1_500)})
    problems = problems_of(text)
    assert [path for path, _, _ in problems] == [f"$.x{number}" for number in range(1_000)]


def test_an_integer_that_cannot_be_written_is_told_by_its_size() -> None:
    """A hexadecimal integer of TOML may be too long to be written, and is told by its bits."""
    end = "0x" + "f" * 50_000
    text = f'format = 1\nname = "P"\n[[dimensions]]\nname = {end}\ncriteria = [{{ kind = "flag", attribute = "a" }}]\n'
    ((_, problem, _),) = problems_of(text)
    assert problem == "must be a finite number within ±2^53 (got an integer of 200,000 bits)"


def test_a_list_of_an_integer_that_cannot_be_written_is_told() -> None:
    """A list where text belongs is told as such, whatever integer it holds."""
    end = "0x" + "f" * 50_000
    text = (
        f'format = 1\nname = [{end}]\n[[dimensions]]\nname = "D"\ncriteria = [{{ kind = "flag", attribute = "a" }}]\n'
    )
    assert all("limit" not in problem for _, problem, _ in problems_of(text))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("5", "write it without quotes: 5"),
        (" 5.5 ", "write it without quotes: 5.5"),
        ("-1e3", "write it without quotes: -1e3"),
        ("true", ""),
        ("five", ""),
        ("[5]", ""),
        ("", ""),
        ([5], ""),
    ],
)
def test_a_number_in_quotes_is_hinted_at(value: Any, hint: str) -> None:
    """Text that is a number gets the hint to take the quotes away, and other text none."""
    assert problems_of(text_of({"kind": "range", "attribute": "a", "low": value})) == [
        (".low", f"must be a number (got {value!r})", hint)
    ]


@pytest.mark.parametrize(
    ("value", "hint"), [("True", "write it without quotes: true"), ("1", ""), (1, ""), (0.0, ""), ("yes", "")]
)
def test_a_truth_in_quotes_is_hinted_at(value: Any, hint: str) -> None:
    """Text that is true or false gets the hint to take the quotes away."""
    assert problems_of(text_of({"kind": "flag", "attribute": "a", "expected": value})) == [
        (".expected", f"must be true or false (got {value!r})", hint)
    ]


def test_a_hint_never_fails() -> None:
    """Text that is deeply nested brackets is told like any other text."""
    ((_, problem, _),) = problems_of(text_of({"kind": "range", "attribute": "a", "low": "[" * 100_000}))
    assert problem.startswith("must be a number (got '[[[")


def test_an_integer_beyond_all_floats_is_told_like_any_other() -> None:
    """An integer beyond all floats is beyond 2^53, in a text and in a constructor."""
    huge = 10**399
    with pytest.raises(icp.DefinitionError, match="must be a finite number within"):
        icp.Range("a", huge, None)
    ((_, problem, _),) = problems_of(text_of({"kind": "range", "attribute": "a", "low": huge}))
    assert problem.startswith("must be a finite number within ±2^53")


@pytest.mark.parametrize(
    ("cohort", "problems"),
    [
        (
            {"sise": 5, "as_of": "2026-11-01"},
            [("$.cohort.sise", "is no key that belongs here", "did you mean 'size'?")],
        ),
        ({"size": 0, "as_of": "2026-11-01"}, [("$.cohort.size", "must be >= 1 (got 0)", "")]),
        ({"size": 5}, [("$.cohort.as_of", "is lacking", "")]),
        (5, [("$.cohort", "must be a mapping (got 5)", "its keys: size, as_of")]),
    ],
)
def test_mistakes_in_a_cohort_are_told_like_all_others(cohort: Any, problems: Any) -> None:
    """A cohort is read as strictly as everything else, key by key."""
    tiers = [{"name": "Go", "cut": 0}]
    assert problems_of(text_of({"kind": "flag", "attribute": "a"}, tiers=tiers, cohort=cohort)) == problems


def test_whether_a_text_loads_hangs_on_the_text_alone() -> None:
    """One tier may stand without a list, whether a kind of one's own stands beside it or not."""
    example = {"account": {}, "as_of": "2026-11-01", "tier": "Weak"}
    for criterion in ({"kind": "flag", "attribute": "a"}, {"kind": "near", "attribute": "a", "km": 5}):
        (one,) = icp.loads(text_of(criterion, examples=[example]), kinds=[Near]).examples
        assert one.tier == ("Weak",)


# Kinds of one's own


@attrs.frozen
class Near(icp.Criterion):
    """A number that should be small."""

    attribute: str
    km: float

    def value_function(self) -> ValueFunction:
        """Fall to 0 at twice as far."""
        return ValueFunction(self.attribute, "number", Segments(high=self.km, soft_high=2 * self.km))


def _rising(instance: Any, attribute: Any, value: Any) -> None:
    if list(value) != sorted(value):
        raise ValueError(f"'{attribute.name}' must rise")


INNER, GO = icp.Flag("inner"), icp.Tier("Go", 70)


@attrs.frozen
class Own(icp.Criterion):
    """A criterion with a field of every type."""

    attribute: str
    text: str = "t"
    number: float = 0.5
    count: int = attrs.field(default=1, validator=attrs.validators.ge(0))
    flag: bool = False
    maybe: float | None = None
    perhaps: Optional[str] = None  # noqa: UP045  # as users write it, too
    word: Literal["km", "mi", 3] = "km"
    only: Literal["x"] = "x"
    words: tuple[str, ...] = ()
    pair: tuple[float, float] = attrs.field(default=(0, 1), validator=_rising)
    mixed: tuple[str, int] = ("a", 1)
    gaps: tuple[float | None, ...] = ()
    either: int | str = 0
    listed: tuple[tuple[str, float], ...] = ()
    part: icp.Criterion = INNER
    parts: tuple[icp.Criterion, ...] = ()
    day: date = date(2026, 1, 1)
    at: datetime | None = None
    tier: icp.Tier = GO
    noted: Annotated[str, "of no consequence"] = ""
    converted: float = attrs.field(default=1, converter=float)
    anything: Any = None
    computed: int = attrs.field(default=3, init=False)

    def value_function(self) -> ValueFunction:
        """Answer something."""
        return ValueFunction(self.attribute, "number", Segments(low=self.number))


FULL = Own(
    "a",
    text="ß",
    number=2,
    count=5,
    flag=True,
    maybe=1,
    perhaps="p",
    word=3,
    words=("x", "y"),
    pair=(1, 2.5),
    mixed=("b", 2),
    either="e",
    listed=(("x", 1), ("y", 0.5)),
    part=icp.AnyOf(icp.Flag("b"), ~icp.Range("c", 1, None)),
    parts=(icp.OneOf("d", ["x"]), Near("e", 5)),
    day=date(2025, 2, 28),
    at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
    tier=icp.Tier("Stop", 1, color="#fff"),
    noted="n",
    converted=2.0,
    anything=("x", (1, True)),
    name="full",
    weight=3,
    missing=0.25,
    label="All",
)


def profile_of(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of criteria."""
    return icp.Profile("P", [icp.Dimension("D", criteria)], **options)


@pytest.mark.parametrize("form", ["json", "toml"])
@pytest.mark.parametrize("one", [Own("a"), FULL], ids=["defaults", "full"])
def test_an_own_kind_survives(one: Own, form: Any) -> None:
    """A criterion of one's own, with fields of every type, is the same after writing and reading."""
    profile = profile_of(one, gates=[icp.Gate(Near("g", 1))], adjustments=[icp.Adjustment(5, ~Near("h", 1))])
    again = icp.loads(icp.dumps(profile, form), kinds=[Own, Near])
    assert again == profile
    assert repr(again) == repr(profile)
    assert (again.content_id, again.scoring_id) == (profile.content_id, profile.scoring_id)


WRONG: list[tuple[str, Any, str, str, str]] = [
    ("text", 5, "", "must be text (got 5)", 'write it in quotes: "5"'),
    ("text", True, "", "must be text (got true)", ""),
    ("text", ["x"], "", "must be text (got ['x'])", ""),
    ("number", "0.5", "", "must be a number (got '0.5')", "write it without quotes: 0.5"),
    ("number", True, "", "must be a number (got true)", ""),
    ("number", [], "", "must be a number (got [])", ""),
    ("count", 1.0, "", "must be a whole number (got 1.0)", ""),
    ("count", "1", "", "must be a whole number (got '1')", "write it without quotes: 1"),
    ("count", "1.5", "", "must be a whole number (got '1.5')", ""),
    ("count", True, "", "must be a whole number (got true)", ""),
    ("flag", 1, "", "must be true or false (got 1)", ""),
    ("flag", "false", "", "must be true or false (got 'false')", "write it without quotes: false"),
    ("maybe", "1", "", "must be a number (got '1')", "write it without quotes: 1"),
    ("maybe", False, "", "must be a number (got false)", ""),
    ("perhaps", 1, "", "must be text (got 1)", 'write it in quotes: "1"'),
    ("word", "KM", "", "must be one of 'km', 'mi', 3 (got 'KM')", "did you mean 'km'?"),
    ("word", 3.0, "", "must be one of 'km', 'mi', 3 (got 3.0)", ""),
    ("word", "3", "", "must be one of 'km', 'mi', 3 (got '3')", ""),
    ("only", "y", "", "must be 'x' (got 'y')", ""),
    ("words", "x", "", "must be a list (got 'x')", ""),
    ("words", {"x": 1}, "", "must be a list (got {'x': 1})", ""),
    ("words", ["x", 1], "[1]", "must be text (got 1)", 'write it in quotes: "1"'),
    ("words", [None], "[0]", "must be text (got None)", ""),
    ("pair", [1], "", "must be a list of 2 (got [1])", ""),
    ("pair", [1, 2, 3], "", "must be a list of 2 (got [1, 2, 3])", ""),
    ("pair", [1, "2"], "[1]", "must be a number (got '2')", "write it without quotes: 2"),
    ("pair", [2, 1], "", "'pair' must rise", ""),
    ("mixed", [1, 2], "[0]", "must be text (got 1)", 'write it in quotes: "1"'),
    ("either", 1.5, "", "must be a whole number or text (got 1.5)", ""),
    ("either", True, "", "must be a whole number or text (got true)", ""),
    ("listed", [["x", 1], ["y", "z"]], "[1][1]", "must be a number (got 'z')", ""),
    ("part", {"kind": "flagg", "attribute": "b"}, ".kind", "is no known kind (got 'flagg')", "did you mean 'flag'?"),
    (
        "part",
        {"kind": "flag", "attribut": "b"},
        ".attribut",
        "is no key that belongs here",
        "did you mean 'attribute'?",
    ),
    ("parts", "x", "", "must be a list (got 'x')", ""),
    ("day", "yesterday", "", "must be a date or its ISO 8601 text (got 'yesterday')", ""),
    ("day", 20260101, "", "must be a date or its ISO 8601 text (got 20260101)", ""),
    ("at", "soon", "", "must be a datetime or its ISO 8601 text (got 'soon')", ""),
    ("tier", {"name": "Go", "cut": 101}, ".cut", "must be between 0 and 100 (got 101)", ""),
    ("count", -1, "", "'count' must be >= 0: -1", ""),
    ("converted", None, "", "must not be null", "leave it out for the default"),
]


@pytest.mark.parametrize(("field", "value", "where", "problem", "hint"), WRONG, ids=lambda value: str(value)[:30])
def test_own_kinds_are_read_strictly(field: str, value: Any, where: str, problem: str, hint: str) -> None:
    """Nothing becomes what it is not: each type takes its own values, and tells what else it is given."""
    found = problems_of(text_of({"kind": "own", "attribute": "a", field: value}), kinds=[Own])
    assert [one[:2] for one in found] == [(f".{field}{where}", problem)]
    assert found[0][2] == hint


def test_what_a_constructor_does_not_take_is_no_key() -> None:
    """A field that the constructor does not take is none in a text, and not named among the keys."""
    ((path, problem, hint),) = problems_of(text_of({"kind": "own", "attribute": "a", "computed": 3}), kinds=[Own])
    assert (path, problem) == (".computed", "is no key that belongs here")
    assert "computed" not in hint


def test_null_may_stand_in_a_list_of_what_may_be_none() -> None:
    """Null in a list is None where the items may be, and survives JSON."""
    own = only_criterion(text_of({"kind": "own", "attribute": "a", "gaps": [1, None, 2.5]}), kinds=[Own])
    assert own == Own("a", gaps=(1, None, 2.5))
    assert icp.loads(icp.dumps(profile_of(own)), kinds=[Own]) == profile_of(own)
    assert problems_of(text_of({"kind": "own", "attribute": "a", "gaps": ["x", None]}), kinds=[Own]) == [
        (".gaps[0]", "must be a number (got 'x')", "")
    ]


def test_all_mistakes_in_an_own_kind_are_told() -> None:
    """All fields of a criterion of one's own are told at once, each with its path."""
    wrong = {field: value for field, value, *_ in WRONG if field != "converted"}
    found = problems_of(text_of({"kind": "own", "attribute": 5, **wrong}), kinds=[Own])
    assert [path.split(".")[1].split("[")[0] for path, _, _ in found] == ["attribute", *dict.fromkeys(wrong)]


def _half(value: Any) -> Any:
    if value == 13:
        raise ValueError("13 is unlucky\n\nHint: take 12")
    return value / 2


@attrs.frozen
class Halved(icp.Criterion):
    """A criterion whose fields are converted, one of them with a look at the object."""

    attribute: str
    size: float = attrs.field(converter=_half, validator=attrs.validators.lt(10))
    told: float = attrs.field(
        default=0,
        converter=attrs.Converter(lambda value, self_: value + 1, takes_self=True),  # type: ignore[misc]  # attrs has no type for it
    )

    def value_function(self) -> ValueFunction:
        """Answer something."""
        return ANSWER


def test_what_is_converted_is_converted_once() -> None:
    """A converter is given what the text says, as the constructor gives it."""
    one = only_criterion(text_of({"kind": "halved", "attribute": "a", "size": 18, "told": 1}), kinds=[Halved])
    assert one == Halved("a", 18, 1)
    assert {**attrs.asdict(one), "size": 9, "told": 2} == attrs.asdict(one)


@pytest.mark.parametrize(
    ("size", "problem", "hint"), [(20, "'size' must be < 10: 10.0", ""), (13, "13 is unlucky", "take 12")]
)
def test_a_validator_sees_what_the_converter_makes(size: float, problem: str, hint: str) -> None:
    """A field's converter comes before its validator, and what either refuses is told at the field."""
    text = text_of({"kind": "halved", "attribute": "a", "size": size})
    assert problems_of(text, kinds=[Halved]) == [(".size", problem, hint)]


def test_a_constructor_may_refuse() -> None:
    """What a constructor refuses as a whole is told at the criterion, an error without words by its name."""

    @attrs.frozen
    class Picky(icp.Criterion):
        attribute: str

        def __attrs_post_init__(self) -> None:
            if self.attribute == "a":
                raise LookupError
            raise icp.DefinitionError("Picky", "attribute", "is not to my taste", hint="try harder")

        def value_function(self) -> ValueFunction:
            return ANSWER

    assert problems_of(text_of({"kind": "picky", "attribute": "a"}), kinds=[Picky]) == [("", "LookupError", "")]
    assert problems_of(text_of({"kind": "picky", "attribute": "b"}), kinds=[Picky]) == [
        (".attribute", "is not to my taste", "try harder")
    ]


def test_what_a_part_is_refused_for_is_told_with_its_name() -> None:
    """What a gate refuses of its criterion names the part and its field, or the part alone."""
    gate = {"criterion": {"kind": "flag", "attribute": "b", "weight": 2}}
    ((path, problem, _),) = problems_of(text_of({"kind": "flag", "attribute": "a"}, gates=[gate]))
    assert (path, problem) == (
        "$.gates[0].criterion",
        "Flag.weight must not be set inside Gate, which has no use for it (got 2)",
    )

    def refuse(instance: Any, attribute: Any, value: Any) -> None:
        raise icp.DefinitionError("Moon", "", "is not there")

    @attrs.frozen
    class Lunar(icp.Criterion):
        attribute: str = attrs.field(validator=refuse)

    assert problems_of(text_of({"kind": "lunar", "attribute": "a"}), kinds=[Lunar]) == [
        (".attribute", "Moon is not there", "")
    ]


@dataclass(frozen=True)
class Spot:
    """A class that is no attrs class."""

    x: float
    y: float = 0


@attrs.frozen
class Placed(icp.Criterion):
    """A criterion with a field of such a class."""

    attribute: str
    spot: Spot

    def value_function(self) -> ValueFunction:
        """Answer something."""
        return ANSWER


def test_a_field_may_be_of_a_dataclass() -> None:
    """A field of a dataclass is read as strictly, and each of its mistakes told at its place."""
    placed = text_of({"kind": "placed", "attribute": "a", "spot": {"x": 1, "y": 2}})
    assert only_criterion(placed, kinds=[Placed]) == Placed("a", Spot(1, 2))
    wrong = text_of({"kind": "placed", "attribute": "a", "spot": {"x": "1", "y": True, "z": 2}})
    found = problems_of(wrong, kinds=[Placed])
    assert [path for path, _, _ in found] == [".spot", ".spot.x", ".spot.y"]
    assert "z" in found[0][1]
    assert found[1:] == [
        (".spot.x", "must be a number (got '1')", "write it without quotes: 1"),
        (".spot.y", "must be a number (got true)", ""),
    ]


def test_annotations_may_be_text() -> None:
    """Types that are written as text, as all are under `from __future__ import annotations`, are types."""
    later = attrs.make_class(
        "Later",
        {"attribute": attrs.field(type="str"), "pair": attrs.field(type="tuple[float, float] | None", default=None)},  # type: ignore[call-overload]
        bases=(icp.Criterion,),
        frozen=True,
        class_body={"value_function": lambda self: ANSWER},
    )
    one = only_criterion(text_of({"kind": "later", "attribute": "a", "pair": [1, 2]}), kinds=[later])
    assert one == later("a", (1, 2))
    assert problems_of(text_of({"kind": "later", "attribute": 5, "pair": [1]}), kinds=[later]) == [
        (".attribute", "must be text (got 5)", 'write it in quotes: "5"'),
        (".pair", "must be a list of 2 (got [1])", ""),
    ]


def test_a_field_without_a_type_takes_plain_data() -> None:
    """A field that declares no type takes any plain data, lists as tuples."""
    untyped = attrs.make_class(
        "Untyped",
        {"attribute": attrs.field(default="a"), "sizes": attrs.field(default=None)},
        bases=(icp.Criterion,),
        frozen=True,
        class_body={"value_function": lambda self: ANSWER},
    )
    text = text_of({"kind": "untyped", "attribute": "b", "sizes": [1, ["x"], True]})
    assert only_criterion(text, kinds=[untyped]) == untyped("b", (1, ("x",), True))


@pytest.mark.parametrize("given", [5, "near", Near("a", 1), int, None])
def test_kinds_are_classes_of_criteria(given: Any) -> None:
    """What is no class of criteria among the kinds is a plain TypeError."""
    with pytest.raises(TypeError, match=r"^kinds must hold classes that subclass Criterion \(got "):
        icp.loads(icp.dumps(SMALL), kinds=[given])


def test_kinds_are_a_list() -> None:
    """One class in place of a list of them is a plain TypeError that shows the list."""
    kinds: Any = Near
    with pytest.raises(TypeError, match=r"^kinds must be a list of classes: kinds=\[Near\]$"):
        icp.loads(icp.dumps(SMALL), kinds=kinds)


def test_kinds_are_distinct() -> None:
    """Two classes of one kind are a plain ValueError, one of this package among them; the same twice is one."""
    other = attrs.make_class("Near", [], bases=(icp.Criterion,), frozen=True)
    ranged = attrs.make_class("Range", [], bases=(icp.Criterion,), frozen=True)
    with pytest.raises(ValueError, match=r"^kinds must not hold two classes for 'near': "):
        icp.loads(icp.dumps(SMALL), kinds=[Near, other])
    with pytest.raises(ValueError, match=r"^kinds must not hold two classes for 'range': "):
        icp.loads(icp.dumps(SMALL), kinds=[ranged])
    assert icp.loads(icp.dumps(SMALL), kinds=iter([Near, Near, icp.Range])) == SMALL


def test_kinds_that_were_not_passed_are_not_known(tmp_path: Path) -> None:
    """A kind is known where its class is passed, from text and from a file, and nowhere else."""
    text = icp.dumps(profile_of(Near("a", 5)))
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert icp.load(path, kinds=[Near]) == icp.loads(text, kinds=[Near]) == profile_of(Near("a", 5))
    ((place, problem, hint),) = problems_of(text)
    assert (place, problem) == (".kind", "is no known kind (got 'near')")
    assert "pass its class: load(…, kinds=[…]), or read_only=True" in hint
    ((_, _, hint),) = problems_of(text.replace("near", "naer"), kinds=[Near])
    assert hint == "did you mean 'near'?"


def test_nothing_is_imported_because_a_text_says_so() -> None:
    """A kind that is written as a path to a class is no known kind."""
    ((_, problem, _),) = problems_of(text_of({"kind": "os.path:join", "attribute": "a"}))
    assert problem == "is no known kind (got 'os.path:join')"


def test_a_validator_may_look_at_other_fields() -> None:
    """A validator that compares its field with another one, as attrs shows it, passes what is right."""

    def not_below(instance: Any, attribute: Any, value: Any) -> None:
        if value < instance.low:
            raise ValueError("high must be >= low")

    @attrs.frozen
    class Ordered(icp.Criterion):
        attribute: str
        low: float
        high: float = attrs.field(validator=not_below)

        def value_function(self) -> ValueFunction:
            return ANSWER

    text = text_of({"kind": "ordered", "attribute": "a", "low": 1, "high": 2})
    assert only_criterion(text, kinds=[Ordered]) == Ordered("a", 1, 2)
    assert problems_of(text_of({"kind": "ordered", "attribute": "a", "low": 2, "high": 1}), kinds=[Ordered]) == [
        (".high", "high must be >= low", "")
    ]


def test_a_validator_may_look_at_a_field_that_is_wrong() -> None:
    """A validator that looks at a field which is itself wrong tells nothing; that field is told."""

    def not_below(instance: Any, attribute: Any, value: Any) -> None:
        if value < instance.low:
            raise ValueError("high must be >= low")

    @attrs.frozen
    class Ranged(icp.Criterion):
        attribute: str
        low: float
        high: float = attrs.field(validator=not_below)

        def value_function(self) -> ValueFunction:
            return ANSWER

    text = text_of({"kind": "ranged", "attribute": "a", "low": "1", "high": 0})
    assert [path for path, _, _ in problems_of(text, kinds=[Ranged])] == [".low"]


@attrs.frozen
class Defaulted(icp.Criterion):
    """A criterion with a field that may be None and is not by default."""

    attribute: str
    least: int | None = 5

    def value_function(self) -> ValueFunction:
        """Answer something."""
        return ANSWER


def test_what_a_text_leaves_out_is_the_default() -> None:
    """A field that is left out is its default, also where it might be None."""
    assert only_criterion(text_of({"kind": "defaulted", "attribute": "a"}), kinds=[Defaulted]) == Defaulted("a", 5)


def test_none_survives_where_it_is_not_the_default() -> None:
    """None in a field whose default is something else is the same after JSON."""
    profile = profile_of(Defaulted("a", None), Defaulted("b", 5))
    assert icp.loads(icp.dumps(profile), kinds=[Defaulted]) == profile


def test_a_criterion_may_be_optional() -> None:
    """A field that holds a criterion or None takes a criterion of any kind, and a list of them."""

    @attrs.frozen
    class Wrapped(icp.Criterion):
        attribute: str
        part: icp.Criterion | None = None
        parts: tuple[icp.Criterion, ...] | None = None

        def value_function(self) -> ValueFunction:
            return ANSWER

    flag = {"kind": "flag", "attribute": "b"}
    text = text_of({"kind": "wrapped", "attribute": "a", "part": flag, "parts": [flag]})
    one = icp.Flag("b")
    assert only_criterion(text, kinds=[Wrapped]) == Wrapped("a", one, (one,))


def test_a_private_field_is_called_as_its_argument() -> None:
    """A field whose name begins with an underscore is written and read under the name that the constructor takes."""

    @attrs.frozen
    class Private(icp.Criterion):
        attribute: str
        _size: int = 3

        def value_function(self) -> ValueFunction:
            return ANSWER

    make: Any = Private
    text = text_of({"kind": "private", "attribute": "a", "size": 4})
    assert only_criterion(text, kinds=[Private]) == make("a", size=4)
    profile = profile_of(make("a", size=4))
    assert icp.loads(icp.dumps(profile), kinds=[Private]) == profile


def test_validators_of_attrs_are_told_in_a_sentence() -> None:
    """What attrs' own validators refuse is told by their sentence alone."""

    @attrs.frozen
    class Chosen(icp.Criterion):
        attribute: str
        size: int = attrs.field(validator=attrs.validators.in_((1, 2)))

        def value_function(self) -> ValueFunction:
            return ANSWER

    ((path, problem, _),) = problems_of(text_of({"kind": "chosen", "attribute": "a", "size": 3}), kinds=[Chosen])
    assert path == ".size"
    assert problem == "'size' must be in (1, 2) (got 3)"


def test_a_type_that_cannot_be_found_names_the_class() -> None:
    """A class whose annotations name what is not there is told as a mistake of the class."""
    lost = attrs.make_class("Lost", {"attribute": attrs.field(type="Nowhere")}, bases=(icp.Criterion,), frozen=True)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"Lost\.attribute"):
        icp.loads(text_of({"kind": "lost", "attribute": "a"}), kinds=[lost])


def test_none_in_a_list_is_refused_in_words() -> None:
    """A list with None in it, which TOML cannot hold, is an error that names the place."""
    with pytest.raises(
        icp.DefinitionError, match=r"no null: \$\.dimensions\[0\]\.criteria\[0\]\.anything\[1\] is None"
    ):
        icp.dumps(profile_of(Own("a", anything=(1, None))), "toml")


def test_odd_keys_of_a_mapping_are_told_as_they_are() -> None:
    """A mistake under an odd key of a mapping is told with that key in its path."""
    mapped = attrs.make_class(
        "Mapped",
        {"attribute": attrs.field(type=str), "sizes": attrs.field(type=dict[str, float], converter=Pairs)},
        bases=(icp.Criterion,),
        frozen=True,
    )
    text = text_of({"kind": "mapped", "attribute": "a", "sizes": {"a @ b": "x"}})
    assert problems_of(text, kinds=[mapped]) == [('.sizes["a @ b"]', "must be a number (got 'x')", "")]


# Opened to read


@pytest.mark.parametrize("form", ["json", "toml"])
@pytest.mark.parametrize(
    "profile",
    [
        profile_of(Near("a", 5, name="n", weight=2, missing=0.5, label="l")),
        profile_of(icp.AllOf(icp.Flag("b"), ~Near("a", 5), name="both")),
        profile_of(icp.Flag("b"), gates=[icp.Gate(Near("a", 5))], adjustments=[icp.Adjustment(5, Near("a", 5))]),
        profile_of(FULL),
    ],
    ids=["alone", "within", "gate and adjustment", "full"],
)
def test_a_profile_can_be_read_though_a_kind_is_absent(profile: icp.Profile, form: Any) -> None:
    """What icpkit wrote can be opened without its classes, written as it was, and has the same content_id."""
    text = icp.dumps(profile, form)
    opened = icp.loads(text, read_only=True)
    assert icp.dumps(opened, form) == text
    assert opened.content_id == profile.content_id
    assert opened.effective_weights == profile.effective_weights
    assert opened.paths == profile.paths
    assert "absent kind" in str(opened.to_table("rows"))
    assert icp.loads(icp.dumps(opened, form), kinds=[Near, Own]) == profile
    with pytest.raises(icp.AbsentKindError):
        _ = opened.scoring_id
    with pytest.raises(icp.AbsentKindError):
        icp.score(opened, {"a": 1}, as_of="2026-11-21")


def test_to_read_is_to_read_strictly(tmp_path: Path) -> None:
    """An absent kind takes any fields, but its common ones and all else are checked as ever; kinds passed are known."""
    text = text_of({"kind": "near", "attribute": "a", "weight": -1, "label": 5, "anything": {"x": [1, 2.5, True, "y"]}})
    assert problems_of(text, read_only=True) == [
        (".weight", "must be >= 0 (got -1)", ""),
        (".label", "must be text (got 5)", 'write it in quotes: "5"'),
    ]
    path = tmp_path / "a.json"
    path.write_text(icp.dumps(profile_of(Near("a", 5), icp.Flag("b"))), encoding="utf-8")
    assert icp.load(path, read_only=True, kinds=[Near]) == profile_of(Near("a", 5), icp.Flag("b"))
    (absent, known) = icp.load(path, read_only=True).dimensions[0].criteria
    assert (absent, known) == (icp.AbsentKind("near", {"attribute": "a", "km": 5}), icp.Flag("b"))
    # A misspelt kind is no absent one to whoever looks.
    assert icp.load(FILES / "midmarket.toml", read_only=True) == MIDMARKET


def test_dates_of_an_absent_kind_are_kept_as_text() -> None:
    """A date of TOML in the fields of an absent kind is kept as the text that this package writes for it."""
    own = '{ kind = "own", attribute = "a", day = 2025-02-28 }'
    text = f'format = 1\nname = "P"\n[[dimensions]]\nname = "D"\ncriteria = [{own}]'
    opened, known = icp.loads(text, read_only=True), icp.loads(text, kinds=[Own])
    assert opened.dimensions[0].criteria[0] == icp.AbsentKind("own", {"attribute": "a", "day": "2025-02-28"})
    assert opened.content_id == known.content_id


@pytest.mark.parametrize("reading", [icp.loads, lambda text: icp.loads(text, kinds=[Near])])
def test_quickly_read_or_not_a_profile_is_the_same(reading: Callable[[str], icp.Profile]) -> None:
    """Own kinds that are passed change nothing in a text that does not name them."""
    for profile in (EVERYTHING, SMALL, icp.standard_profile()):
        assert reading(icp.dumps(profile)) == profile


def test_after_a_thousand_mistakes_no_more_are_looked_for() -> None:
    """Mistakes are cheap to write and dear to tell: nobody reads more than a thousand."""
    text = text_of({"kind": "flag", "attribute": "a"}, **{f"key {number}": 1 for number in range(1_500)})
    with pytest.raises(icp.ProfileTextError, match=r"has 1000 mistakes:") as caught:
        icp.loads(text)
    assert len(caught.value.problems) == 1_000
    assert str(caught.value).endswith("… and 980 more")


def test_entries_are_counted_in_all() -> None:
    """Many lists of few entries cost as much as one of many."""
    notes = {f"n{number}": [0] * 100 for number in range(1_100)}
    with pytest.raises(icp.ProfileTextError, match="has more than 100,000 entries in all"):
        icp.loads(text_of({"kind": "flag", "attribute": "a"}, meta=notes))


def test_a_class_is_no_list_of_classes() -> None:
    """Who passes one class is told how to pass a list."""
    near: Any = Near
    with pytest.raises(TypeError, match=r"^kinds must be a list of classes: kinds=\[Near\]$"):
        icp.loads(icp.dumps(SMALL), kinds=near)
