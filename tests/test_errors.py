import pytest

from icpkit.errors import (
    SHOWN,
    AbsentKindError,
    AccountChangedError,
    AccountsFileError,
    AccountTypeError,
    AsOfError,
    DefinitionError,
    FieldMapTextError,
    IcpkitError,
    InvalidAccountError,
    MissingColumnsError,
    NoSuchFieldError,
    NoSuchPathError,
    Problem,
    ProfileTextError,
    TextError,
    UnreadColumnsError,
    near,
)
from icpkit.importing import BadCell
from icpkit.typing import Offender


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (DefinitionError("Range", "low", "must be a number"), ValueError),
        (NoSuchPathError("a", ["b"], profile="P"), LookupError),
        (NoSuchFieldError("id", []), LookupError),
        (AbsentKindError("near"), LookupError),
        (ProfileTextError("a.toml", []), ValueError),
        (FieldMapTextError("a.toml", []), ValueError),
        (TextError("a.toml", []), ValueError),
        (AccountsFileError("a.csv", []), ValueError),
        (MissingColumnsError("a.csv", {}, []), LookupError),
        (AsOfError("now", "must be ISO 8601 text"), ValueError),
        (AccountTypeError(None), TypeError),
        (InvalidAccountError([]), ValueError),
        (AccountChangedError("acme"), RuntimeError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_error_is_one_of_ours_and_a_builtin_one(error: Exception, builtin: type[Exception]) -> None:
    """Each error can be caught as `IcpkitError`, and as the built-in error that it is a kind of."""
    assert [isinstance(error, IcpkitError), isinstance(error, builtin)] == [True, True]


@pytest.mark.parametrize(
    ("field", "hint", "sentence"),
    [
        ("low", "", "Range.low must be a number"),
        ("", "", "Range must be a number"),
        ("low", "give an int", "Range.low must be a number\n\nHint: give an int"),
    ],
)
def test_a_definition_error(field: str, hint: str, sentence: str) -> None:
    """A definition error names class and field, or the class alone, and carries the value."""
    error = DefinitionError("Range", field, "must be a number", "x", hint=hint)
    assert (error.owner, error.field, error.value, str(error)) == ("Range", field, "x", sentence)
    assert (error.problem, error.hint) == ("must be a number", hint)


@pytest.mark.parametrize(("kind", "name"), [("near", "Near"), ("near_office", "NearOffice"), ("größe", "Größe")])
def test_an_absent_kind(kind: str, name: str) -> None:
    """A kind that is absent is named, with the class that would bring it."""
    error = AbsentKindError(kind)
    assert (error.kind, str(error)) == (
        kind,
        (
            f"the profile holds a criterion of the kind {kind!r}, which is absent, so it can be read but not scored\n\n"
            f"Hint: pass its class when you load the profile: load(…, kinds=[{name}])"
        ),
    )


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("$.name", "", "is lacking"), "$.name\n    is lacking"),
        (Problem("line 3", "", "is not JSON", "the line reads: x"), "line 3\n    is not JSON\n    the line reads: x"),
        (
            Problem("$.a[0]", "Size / b2b", "is no key", "did you mean 'a'?"),
            "$.a[0] (Size / b2b)\n    is no key\n    did you mean 'a'?",
        ),
    ],
)
def test_a_problem_in_a_text(problem: Problem, text: str) -> None:
    """A problem says where it is, in names too where there are any, what is wrong, and the way out if there is one."""
    assert str(problem) == text
    assert {problem: 1}[Problem(problem.path, problem.place, problem.text, problem.hint)] == 1


@pytest.mark.parametrize(
    ("count", "plural", "last"),
    [(0, "s", None), (1, "", None), (2, "s", None), (20, "s", None), (23, "s", "  … and 3 more")],
)
def test_problems_in_a_text(count: int, plural: str, last: str | None) -> None:
    """A text with mistakes is named, they are counted, and the first 20 are listed; the error carries all."""
    problems = [Problem(f"$.a[{number}]", "", "is lacking") for number in range(count)]
    error = ProfileTextError("a.toml", iter(problems))
    listed = [line for problem in problems[:SHOWN] for line in (f"  {problem.path}", "    is lacking")]
    assert (error.source, error.problems) == ("a.toml", tuple(problems))
    assert str(error).splitlines() == [f"a.toml has {count} mistake{plural}:", *listed, *([last] if last else [])]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("size/employes", "did you mean 'size/employees'?"),
        ("zzz", "known paths: size, size/employees, size/revenue"),
    ],
)
def test_a_path_that_leads_nowhere(path: str, hint: str) -> None:
    """A wrong path is answered with the nearest ones, or with all."""
    error = NoSuchPathError(path, iter(["size", "size/employees", "size/revenue"]), profile="SaaS")
    assert (error.path, error.known, str(error)) == (
        path,
        ("size", "size/employees", "size/revenue"),
        f"Profile 'SaaS' has nothing at {path!r}\n\nHint: {hint}",
    )


@pytest.mark.parametrize(
    ("field", "hint"), [("account_id", "did you mean 'accountId'?"), ("id", "its fields: accountId, name")]
)
def test_a_key_that_is_not_there(field: str, hint: str) -> None:
    """A field that should hold the key and is not there is answered with the nearest ones, or with all."""
    error = NoSuchFieldError(field, iter(["accountId", "name"]))
    assert (error.field, error.known, str(error)) == (
        field,
        ("accountId", "name"),
        f"the account has no field {field!r} that could be its key\n\nHint: {hint}",
    )


def test_a_wrong_as_of() -> None:
    """A wrong moment is shown, with what to give instead."""
    error = AsOfError("now", "must be ISO 8601 text")
    assert (error.value, str(error)) == (
        "now",
        (
            "as_of must be ISO 8601 text (got 'now')\n\nHint: give a date, an aware datetime, or the ISO text of one, "
            'such as "2026-11-21" or datetime(2026, 11, 21, 9, tzinfo=timezone.utc)'
        ),
    )


def test_a_wrong_account() -> None:
    """What is no account is named by its type, and the way out is shown."""
    error = AccountTypeError([{}])
    assert (error.account, str(error)) == (
        [{}],
        (
            "an account must be a mapping, an attrs or dataclass object, or an object with attributes (got list)\n\n"
            "Hint: score the accounts of a table or a list one by one, each as a dict"
        ),
    )


FEW = Offender("acme", "employees", "few", "text where a number belongs")
YES = Offender("acme", "b2b", "yes", "text where True or False belongs")
HINT = '\n\nHint: mend the values, or pass on_invalid="unknown" to treat them as unknown'


@pytest.mark.parametrize(
    ("offenders", "redact", "sentence"),
    [
        ([FEW], False, "1 invalid value:\n  acme: employees = 'few': text where a number belongs"),
        (
            [FEW, YES],
            False,
            (
                "2 invalid values:\n  acme: employees = 'few': text where a number belongs\n"
                "  acme: b2b = 'yes': text where True or False belongs"
            ),
        ),
        ([FEW], True, "1 invalid value:\n  employees: text where a number belongs"),
    ],
    ids=["one", "two", "redacted"],
)
def test_invalid_values(offenders: list[Offender], redact: bool, sentence: str) -> None:
    """The message lists every value of the wrong kind, without key and value where redacted."""
    error = InvalidAccountError(offenders, redact=redact)
    assert (error.offenders, error.redact, str(error)) == (tuple(offenders), redact, sentence + HINT)


@pytest.mark.parametrize(("count", "lines", "last"), [(20, 20, "  acme: employees"), (21, 21, "  … and 1 more")])
def test_many_invalid_values(count: int, lines: int, last: str) -> None:
    """The message lists the first 20 values and counts the rest; the error carries all."""
    error = InvalidAccountError(FEW for _ in range(count))
    head, *listed = str(error).removesuffix(HINT).splitlines()
    assert (len(error.offenders), head, len(listed), listed[-1].startswith(last)) == (
        count,
        f"{count} invalid values:",
        lines,
        True,
    )


@pytest.mark.parametrize("kind", [ProfileTextError, FieldMapTextError])
def test_every_text_with_mistakes_is_caught_as_one_kind(kind: type[TextError]) -> None:
    """Who reads texts of several kinds catches `TextError`, which holds the source and all problems."""
    problem = Problem("$.fields.a.parse", "a", "must be text (got 5)", "")
    with pytest.raises(TextError) as caught:
        raise kind("fields.toml", iter([problem]))
    assert (caught.value.source, caught.value.problems) == ("fields.toml", (problem,))
    assert str(caught.value) == "fields.toml has 1 mistake:\n  $.fields.a.parse (a)\n    must be text (got 5)"


def test_half_a_character_can_be_printed() -> None:
    """What no file and no screen can hold is written as an escape."""
    assert str(TextError("\ud800", [])).encode() == b"\\ud800 has 0 mistakes:"


OPTIONAL = "a field that is optional = true may be absent: it is then unknown for all"


@pytest.mark.parametrize(
    ("absent", "known", "sentence"),
    [
        (
            {"annual_revenue": ["Revenue", "Annual revenue"]},
            ["id", "Revenues"],
            (
                "a column that the field map names is not in a.csv:\n"
                "  'Revenue' or 'Annual revenue' for 'annual_revenue' (did you mean 'Revenues'?)\n\n"
                f"Hint: it has id, Revenues\n{OPTIONAL}"
            ),
        ),
        (
            {"id": ["zzz"], "b2b": ["y"]},
            [f"c{number}" for number in range(SHOWN + 1)],
            (
                "2 columns that the field map names are not in a.csv; is it the map of another table?:\n"
                "  'zzz' for 'id'\n  'y' for 'b2b'\n\n"
                f"Hint: it has {', '.join(f'c{number}' for number in range(SHOWN))}, …\n{OPTIONAL}"
            ),
        ),
    ],
    ids=["one", "two"],
)
def test_missing_columns(absent: dict[str, list[str]], known: list[str], sentence: str) -> None:
    """Every column that lacks is named with its attribute and the near names; the error carries all of both."""
    error = MissingColumnsError("a.csv", absent, iter(known))
    assert str(error) == sentence
    assert (error.source, error.known) == ("a.csv", tuple(known))
    assert error.absent == {attribute: tuple(columns) for attribute, columns in absent.items()}


@pytest.mark.parametrize(("count", "last"), [(1, "  line 2: a: no"), (20, "  line 2: a: no"), (22, "  … and 2 more")])
@pytest.mark.parametrize("hint", ["", "mend them"])
def test_an_accounts_file(count: int, last: str, hint: str) -> None:
    """Mistakes in a file are counted and the first 20 listed, redacted where asked; a hint follows if there is one."""
    cells = [BadCell("acme", "a", "secret", "no", 2)] * count
    error = AccountsFileError("a.csv", iter(cells), redact=True, hint=hint)
    told, _, after = str(error).partition("\n\n")
    lines = told.splitlines()
    assert (lines[0], lines[-1]) == (f"{count} mistake{'s' if count > 1 else ''} in a.csv:", last)
    assert after == (f"Hint: {hint}" if hint else "")
    assert (error.path, error.offenders, error.redact) == ("a.csv", tuple(cells), True)


def test_a_changed_account() -> None:
    """A changed account is named by its key, with what to do."""
    error = AccountChangedError("acme")
    assert (error.key, str(error)) == (
        "acme",
        (
            "the account 'acme' changed after it was scored, so its score can no longer be explained\n\n"
            "Hint: read score.explanation before you change the account, or score a copy"
        ),
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("EMPLOYES", "did you mean 'Employees'?"),
        ("REVENUE E", "did you mean 'Revenue EU'?"),
        ("revenue", "did you mean 'Revenue US' or 'Revenue EU'?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_near_misses(name: str, hint: str) -> None:
    """The names nearest to a wrong one are suggested as they are written; one that is very close stands alone."""
    assert near(name, ["Employees", "Revenue EU", "Revenue US"]) == hint


def test_nothing_is_near_a_very_long_name() -> None:
    """Comparing takes long: names of more than 64 characters are left out, on both sides."""
    assert near("x" * 64, ["x" * 63]) != ""
    assert near("x" * 65, ["x" * 64]) == ""
    assert near("x" * 60, ["x" * 65]) == ""


def test_many_unread_columns_are_counted() -> None:
    """Twenty problems are listed, the others counted; so are the columns that there are."""
    problems = [f"'column {i}' is not there" for i in range(23)]
    told = str(UnreadColumnsError("the frame", problems, [f"c{i}" for i in range(21)]))
    assert told.startswith("23 columns cannot be read from the frame:\n  'column 0' is not there\n")
    assert "  'column 19' is not there\n  … and 3 more\n\nHint: it has c0, " in told
    assert "c19, …; rename columns" in told
