"""Profiles as text, JSON and TOML, in and out: strict, and with all mistakes at once, each with its path."""

import json
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from icpkit.criteria import AllOf, AnyOf, Criterion, Range
from icpkit.errors import DefinitionError, Problem, ProfileTextError
from icpkit.identity import FORMAT, OWN_KINDS, data_of, known_kinds
from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile
from icpkit.structuring import At, Reading, in_order, made_of, object_of
from icpkit.syntax import MOST_BYTES, Form, excess_of, form_of, is_sound, parsed, problems_of, text_of, under
from icpkit.tiers import Cohort, Tier, TierScale
from icpkit.writing import write_whole

#: How many criteria the text of a profile may hold.
MOST_CRITERIA = 500
#: What makes data of the next format of data of the one before, by the format before.
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: Keys of a profile's text that are no fields of `Profile`.
_ALSO = ("format", "$schema", "cohort")


def load(path: str | PathLike[str], *, kinds: Iterable[type[Criterion]] = (), read_only: bool = False) -> Profile:
    """Load a profile from a TOML or JSON file.

    Args:
        path: the file; its name may end in anything.
        kinds: your own classes of criteria, which the file names by ``kind``: the class's name in snake case.
        read_only: open a profile though a kind is absent; then it can be read, but not scored.

    Raises:
        OSError: where the file cannot be read.
        ProfileTextError: with all mistakes at once.

    >>> icp.load("midmarket.toml")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'midmarket.toml'
    """
    most = max(MOST_BYTES.values())
    with Path(path).open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise ProfileTextError(str(path), [Problem("$", "", f"is too long: more than {most:,} bytes")])
    return _loaded(text_of(raw, str(path)), _form_of_name(path), str(path), kinds, read_only=read_only)


def loads(text: str, *, kinds: Iterable[type[Criterion]] = (), read_only: bool = False) -> Profile:
    """Load a profile from TOML or JSON text; JSON begins with a brace.

    Args:
        text: the text.
        kinds: as for `load`.
        read_only: as for `load`.

    Raises:
        ProfileTextError: with all mistakes at once, each with its path.

    >>> icp.loads('''
    ... format = 1
    ... name = "Local"
    ... [[dimensions]]
    ... name = "Size"
    ... criteria = [{ kind = "range", attribute = "employees", low = "50" }]
    ... ''')
    Traceback (most recent call last):
    icpkit.errors.ProfileTextError: the text has 1 mistake:
      $.dimensions[0].criteria[0].low (Size / employees)
        must be a number (got '50')
        write it without quotes: 50
    """
    if not isinstance(text, str):
        raise TypeError(f"loads() needs text (got {type(text).__name__}); load() reads a file")
    return _loaded(text.removeprefix("\ufeff"), None, "the text", kinds, read_only=read_only)


def dump(profile: Profile, path: str | PathLike[str]) -> None:
    """Write a profile to a file, as a whole or not at all; comments in a file that is there are lost.

    Args:
        profile: the profile.
        path: the file; its name ends in ``.json``, or in ``.toml``, which needs the extra ``toml``.

    Raises:
        DefinitionError: as for `dumps`.
        ImportError: as for `dumps`.
        OSError: where the file cannot be written.
        ValueError: for another ending.

    >>> icp.dump(icp.standard_profile(), "standard.yaml")
    Traceback (most recent call last):
    ValueError: the name of a profile's file must end in .json or .toml (got 'standard.yaml')
    """
    form = _form_of_name(path)
    if form is None:
        raise ValueError(f"the name of a profile's file must end in .json or .toml (got {str(path)!r})")
    write_whole(path, dumps(profile, form).encode())


def _form_of_name(path: str | PathLike[str]) -> Form | None:
    suffix = Path(path).suffix.lower()
    return "json" if suffix == ".json" else "toml" if suffix == ".toml" else None


def dumps(profile: Profile, form: Form = "json") -> str:
    """Write a profile as text that `loads` reads back as the same profile.

    Args:
        profile: the profile.
        form: ``"json"``, or ``"toml"``, which needs the extra ``toml``.

    Raises:
        DefinitionError: for a profile that no file can hold, by its values or by its size.
        ImportError: for TOML without tomlkit.
        ValueError: for another form.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, None)])])
    >>> print(icp.dumps(profile, "toml"), end="")
    format = 1
    name = "P"
    <BLANKLINE>
    [[dimensions]]
    name = "Size"
    <BLANKLINE>
    [[dimensions.criteria]]
    kind = "range"
    attribute = "employees"
    low = 50
    >>> icp.loads(icp.dumps(profile)) == profile
    True
    """
    if form not in MOST_BYTES:
        raise ValueError(f'form must be "json" or "toml" (got {form!r})')
    data = {"format": FORMAT, **data_of(profile)}
    if form == "json":
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        if len(text) > MOST_BYTES["json"]:  # what was read without blanks can be written without them
            text = json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"
    else:
        from icpkit.toml import toml_text  # noqa: PLC0415  # an extra

        _check_no_null("$", data)
        text = toml_text(data)
    _check_loadable(data, text, form)
    return text


def compact(profile: Profile, told: dict[str, Any] | None = None) -> str:
    """Write a profile as JSON on one line, in the order of its parts, which `loads` reads back as the same profile.

    Args:
        profile: the profile.
        told: the profile as plain data, where that is at hand.

    Raises:
        DefinitionError: as for `dumps`.

    >>> icp.loads(compact(icp.standard_profile())) == icp.standard_profile()
    True
    """
    data = {"format": FORMAT, **(data_of(profile) if told is None else told)}
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    _check_loadable(data, text, "json")
    return text


def _check_no_null(path: str, value: Any) -> None:
    if value is None:
        problem, hint = f"cannot be written as TOML, which has no null: {path} is None", "write JSON"
        raise DefinitionError("Profile", "", problem, hint=hint)
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        _check_no_null(under(path, key), item)


def _check_loadable(data: dict[str, Any], text: str, form: Form) -> None:
    """Refuse to write what would not be read again."""
    path, problem = ("", "") if is_sound(data) else next(problems_of(data), excess_of(data))
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES[form]:
        path, problem = "$", f"is too long: {size:,} bytes, where {MOST_BYTES[form]:,} are the most"
    if _criteria_in(data) > MOST_CRITERIA:
        path, problem = "$", f"has more than {MOST_CRITERIA} criteria"
    if problem:
        raise DefinitionError(
            "Profile", "", f"cannot be written as {form.upper()}, which could not be loaded: {path} {problem}"
        )


def _criteria_in(data: dict[str, Any]) -> int:
    """Count the mappings that name a kind."""
    count, todo = 0, [data.get(name) for name in ("dimensions", "gates", "adjustments")]
    while todo:
        value = todo.pop()
        count += isinstance(value, dict) and "kind" in value
        todo += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return count


# Text to plain data of this format


def _loaded(text: str, form: Form | None, source: str, kinds: Iterable[type[Criterion]], *, read_only: bool) -> Profile:
    reading = Reading(known_kinds(kinds), read_only)
    data = parsed(text, form or form_of(text), source)
    if not isinstance(data, dict):
        reading.tell(At("$"), "must be a mapping with format, name and dimensions")
        raise ProfileTextError(source, reading.problems.values())
    # Where nothing is escaped, no kind escapes a count of the text.
    few = ("\\" not in text and text.count("kind") <= MOST_CRITERIA) or _criteria_in(data) <= MOST_CRITERIA
    if few and "null" not in text and is_sound(data):
        quick = _built(data)
        if quick is not None:
            return quick
    path, excess = excess_of(data)
    if not excess and _criteria_in(data) > MOST_CRITERIA:
        path, excess = "$", f"has more than {MOST_CRITERIA} criteria"
    if excess:
        raise ProfileTextError(source, [Problem(path, "", excess)])
    profile = made_of(reading, data, FORMAT, UPCASTERS, _profile)
    if reading.problems:
        raise ProfileTextError(source, in_order(reading.problems, data))
    assert isinstance(profile, Profile)  # nothing was told
    return profile


# Plain data to a profile: at once where nothing is wrong, else field by field, so that all mistakes are told


def _built(data: dict[str, Any]) -> Profile | None:
    """Make a profile of data without a mistake and without a kind of the user's own; None of any other."""
    if type(data.get("format")) is not int or data["format"] != FORMAT:
        return None
    fields = {name: value for name, value in data.items() if name not in _ALSO}
    try:
        for name, kind in (("dimensions", Dimension), ("gates", Gate), ("adjustments", Adjustment)):
            if name in fields:
                fields[name] = [kind(**_inner(part)) for part in _a_list_of(fields[name])]
        if "examples" in fields:
            fields["examples"] = [Example(**_strict(part)) for part in _a_list_of(fields["examples"])]
        if "tiers" in fields or "cohort" in data:
            cohort = Cohort(**_strict(data["cohort"])) if "cohort" in data else None
            fields["tiers"] = TierScale([Tier(**tier) for tier in _a_list_of(fields["tiers"])], cohort=cohort)
        return Profile(**fields)
    except Exception:  # noqa: BLE001  # whatever it is: the second reading tells it, with all else
        return None


def _strict(part: dict[str, Any]) -> dict[str, Any]:
    """Refuse what a constructor would be so kind as to take, in an example or a cohort."""
    if isinstance(part["as_of"], str) and part["as_of"] != part["as_of"].strip():
        raise ValueError("no ISO 8601 text")
    return part


def _inner(part: dict[str, Any]) -> dict[str, Any]:
    """Make the criteria of a dimension, a gate, an adjustment or a combinator."""
    made = dict(part)
    for name in ("criterion", "when"):
        if name in made:
            made[name] = _built_criterion(made[name])
    if "criteria" in made:
        made["criteria"] = list(map(_built_criterion, _a_list_of(made["criteria"])))
    return made


def _built_criterion(data: dict[str, Any]) -> Criterion:
    fields = _inner(data)
    kind: Any = OWN_KINDS[fields.pop("kind")]
    parts = fields.pop("criteria") if kind is AllOf or kind is AnyOf else ()
    if kind is Range:
        fields = _OPEN_ENDS | fields
    made: Criterion = kind(*parts, **fields)  # pyright: ignore[reportArgumentType]  # it may be of any kind
    return made


#: In a file an end that is not there is open.
_OPEN_ENDS = {"low": None, "high": None}


def _a_list_of(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError("no list")
    return value


def _profile(reading: Reading, data: dict[str, Any], top: At) -> Any:
    scale = {name: data[name] for name in ("tiers", "cohort") if name in data}
    rest = {name: value for name, value in data.items() if name not in _ALSO}
    if scale:
        # A profile's text holds what is within its tier scale.
        rest["tiers"] = object_of(reading, TierScale, scale, top)
    return object_of(reading, Profile, rest, top)
