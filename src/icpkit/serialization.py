"""Profiles as text, JSON and TOML, in and out: strict, and with all mistakes at once, each with its path."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from os import PathLike
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import ClassValidationError, IterableValidationError, IterableValidationNote

from icpkit._attrs import Pairs, freeze
from icpkit.criteria import AbsentKind, AllOf, AnyOf, Criterion, Range
from icpkit.errors import SHOWN, AsOfError, DefinitionError, Problem, ProfileTextError, near
from icpkit.identity import FORMAT, OWN_KINDS, data_of, fields_of, known_kinds
from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile
from icpkit.syntax import MOST_BYTES, Form, excess_of, form_of, is_sound, parsed, problems_of, text_of, under
from icpkit.tiers import Cohort, Tier, TierScale
from icpkit.writing import write_whole

#: How many mistakes are looked for.
MOST_PROBLEMS = 1_000
#: How many criteria the text of a profile may hold.
MOST_CRITERIA = 500
#: What makes data of the next format of data of the one before, by the format before.
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: Keys of a profile's text that are no fields of `Profile`.
_ALSO = ("format", "$schema", "cohort")


class _Bad(Enum):
    """Stands for a value that has been told to be wrong."""

    BAD = "bad"


_BAD: Final = _Bad.BAD


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


def _check_no_null(path: str, value: Any) -> None:
    if value is None:
        problem, hint = f"cannot be written as TOML, which has no null: {path} is None", "write JSON"
        raise DefinitionError("Profile", "", problem, hint=hint)
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        _check_no_null(under(path, key), item)


def _check_loadable(data: dict[str, Any], text: str, form: Form) -> None:
    """Refuse to write what would not be read again."""
    path, problem = next(problems_of(data), excess_of(data))
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
    reading = _Reading(known_kinds(kinds), read_only)
    data = parsed(text, form or form_of(text), source)
    top = _At("$")
    if not isinstance(data, dict):
        reading.tell(top, "must be a mapping with format, name and dimensions")
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
    profile = None
    with contextlib.suppress(_EnoughError):
        for path, problem in problems_of(data):
            reading.tell(_At(path), problem)
        current = _upcast(reading, data, top)
        profile = None if current is None else _profile(reading, current, top)
    if reading.problems:
        raise ProfileTextError(source, _in_order(reading.problems, data))
    assert isinstance(profile, Profile)  # nothing was told
    return profile


def _in_order(problems: Mapping[str, Problem], data: dict[str, Any]) -> list[Problem]:
    """Put problems in the order of the text; what is lacking stands where its surroundings begin."""
    order: dict[str, int] = {}
    todo: list[tuple[str, Any]] = [("$", data)]
    while todo:
        path, value = todo.pop()
        order[path] = len(order)
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        todo += reversed([(under(path, key), item) for key, item in entries])

    def place(path: str) -> int:
        while path not in order:
            path = path[: max(path.rfind("."), path.rfind("["), 1)]
        return order[path]

    return sorted(problems.values(), key=lambda problem: place(problem.path))


def _upcast(reading: "_Reading", data: dict[str, Any], top: "_At") -> dict[str, Any] | None:
    """Bring the data to the present format; None where this release does not know its format."""
    number = data.get("format")
    if number is None:
        reading.tell(top, "lacks 'format'", f"add the line format = {FORMAT} at the top")
        return data
    if type(number) is not int or number < 1:
        reading.tell(top.under("format"), f"must be a whole number from 1 to {FORMAT} (got {number!r})")
        return data
    if number > FORMAT:
        problem = f"is written in format {_shown(number)}, but this release of icpkit reads formats up to {FORMAT}"
        reading.tell(top.under("format"), problem, "use a newer icpkit")
        return None
    for before in range(number, FORMAT):
        data = UPCASTERS[before](data)
    return data


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


#: Characters of a name that a message shows.
_LONGEST_NAME = 60


@attrs.frozen
class _At:
    """A place in the data: its path, and the same in names."""

    path: str
    names: tuple[str, ...] = ()

    def under(self, key: str | int) -> "_At":
        return _At(under(self.path, key), self.names)

    def named(self, data: Any) -> "_At":
        """Add the name of what stands here."""
        found = (data.get(key) for key in ("name", "attribute")) if isinstance(data, dict) else ()
        name = next((name for name in found if isinstance(name, str) and name.strip()), None)
        return self if name is None else _At(self.path, (*self.names, name[:_LONGEST_NAME]))


class _EnoughError(Exception):
    """So many problems have been told that nobody wants to know of more."""


@attrs.define
class _Reading:
    """What is known while one text is read: the kinds, and the problems so far, by path and text."""

    kinds: dict[str, type[Criterion]]
    read_only: bool
    problems: dict[str, Problem] = attrs.Factory(dict)

    def tell(self, at: _At, text: str, hint: str | Callable[[], str] = "") -> _Bad:
        """Take down a problem, the first at each path; hints cost time, so that only those that are shown are made."""
        if len(self.problems) >= MOST_PROBLEMS:
            raise _EnoughError
        if at.path not in self.problems:
            shown = len(self.problems) < SHOWN
            made = hint if isinstance(hint, str) else hint() if shown else ""
            self.problems[at.path] = Problem(at.path, " / ".join(at.names), text, made)
        return _BAD


def _profile(reading: _Reading, data: dict[str, Any], top: _At) -> Any:
    scale = {name: data[name] for name in ("tiers", "cohort") if name in data}
    rest = {name: value for name, value in data.items() if name not in _ALSO}
    if scale:
        # A profile's text holds what is within its tier scale.
        rest["tiers"] = _object(reading, TierScale, scale, top)
    return _object(reading, Profile, rest, top)


def _object(reading: _Reading, cls: type, data: Any, at: _At) -> Any:
    """Make an object of a mapping: each field on its own, and the fields against each other where all are sound."""
    fields = fields_of(cls)
    if not isinstance(data, dict):
        return reading.tell(at, f"must be a mapping (got {_shown(data)})", f"its keys: {', '.join(fields)}")
    meant = _unknown_keys(reading, data, fields, at)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        value, within = data.get(name), at.under(name)
        if value is _BAD or within.path in reading.problems:
            values[name] = _BAD
        elif value is not None:
            values[name] = _typed(reading, field.type, value, within)
        elif _optional(field.type) and (name in data or field.default is attrs.NOTHING):
            values[name] = None
        elif name in data:
            values[name] = reading.tell(within, "must not be null", "leave it out for the default")
        elif field.default is attrs.NOTHING:
            values[name] = _BAD if name in meant else reading.tell(within, "is lacking")
    _validate(reading, cls, values, at)
    sound = not any(value is _BAD for value in values.values())
    return _made(reading, cls, values, at) if sound else _BAD


def _unknown_keys(reading: _Reading, data: dict[str, Any], fields: Iterable[str], at: _At) -> set[str]:
    """Tell the keys that are no fields, and give the fields that they were probably meant to be."""
    known, meant = tuple(fields), set[str]()
    for key in data:
        if key in known:
            continue
        near_key = near(key, known) if len(reading.problems) < SHOWN else ""
        if key == "kind" and {"criterion", "when"} & set(known):
            name = next(name for name in ("criterion", "when") if name in known)
            near_key = f"the criterion, with its kind, stands one level deeper, under {name!r}"
        meant |= {name for name in known if repr(name) in near_key}
        reading.tell(at.under(key), "is no key that belongs here", near_key or f"known keys: {', '.join(known)}")
    return meant


def _validate(reading: _Reading, cls: type, values: dict[str, Any], at: _At) -> None:
    """Convert and check each field on its own; the constructor never comes to that where another one is wrong."""
    fields = fields_of(cls)
    owner: Any = object.__new__(cls)  # it holds what is sound, for validators that look at other fields
    for name, field in fields.items():
        value = values.get(name, field.default)
        if value is _BAD or value is attrs.NOTHING:
            continue
        converter: Any = field.converter
        try:
            # A converter that wants to know the object is left to the constructor.
            plain = name in values and converter is not None and not isinstance(converter, attrs.Converter)
            made = converter(value) if plain else value  # pyright: ignore[reportCallIssue, reportOptionalCall]
            object.__setattr__(owner, field.name, made)
        except Exception as error:  # noqa: BLE001  # a user's converter may raise what it likes
            values[name] = _tell_error(reading, cls, error, at.under(name), within=True)
    for name, field in fields.items():
        if field.validator is None or values.get(name, _BAD) is _BAD:
            continue
        try:
            field.validator(owner, field, getattr(owner, field.name))
        except AttributeError:  # it looks at a field that is not sound; the constructor will tell all else
            continue
        except Exception as error:  # noqa: BLE001  # a user's validator may raise what it likes
            values[name] = _tell_error(reading, cls, error, at.under(name), within=True)


def _made(reading: _Reading, cls: type, values: dict[str, Any], at: _At) -> Any:
    parts = values.pop("criteria") if issubclass(cls, AllOf | AnyOf) else ()
    try:
        return cls(*parts, **values)
    except Exception as error:  # noqa: BLE001  # the same
        return _tell_error(reading, cls, error, at, within=False)


def _tell_error(reading: _Reading, cls: type, error: Exception, at: _At, *, within: bool) -> _Bad:
    """Tell what a constructor or the validator of a field has refused."""
    if isinstance(error, AsOfError):
        given = error.value.isoformat() if isinstance(error.value, date) else _shown(error.value)
        problem = f"must be a date, or a moment that says its time zone (got {given})"
        return reading.tell(at, problem, "such as 2026-11-01, or 2026-11-01T09:00:00+01:00")
    if not isinstance(error, DefinitionError):
        # The errors of attrs' own validators carry more than their sentence.
        sentence = error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
        problem, _, hint = sentence.partition("\n\nHint: ")
        return reading.tell(at, problem or type(error).__name__, hint)
    # A sentence about two fields begins with the first of them.
    text = f"{error.field} {error.problem}" if error.problem.startswith("or ") else error.problem
    for nothing in (" (got ())", " (got {})", " (got None)"):  # Python's words for what is not there
        text = text.removesuffix(nothing)
    if error.owner != cls.__name__:  # a part is what does not suit
        text = f"{error.owner}.{error.field} {text}" if error.field else f"{error.owner} {text}"
    elif not within and error.field in fields_of(cls):
        at = at.under(error.field)
    return reading.tell(at, text, error.hint)


def _typed(reading: _Reading, kind: Any, data: Any, at: _At) -> Any:
    """Make a value of the type that a field declares."""
    members = [member for member in get_args(kind) if member is not NoneType] if _optional(kind) else []
    if len(members) == 1:
        kind = members[0]
    if kind is None or kind is Any or kind is Pairs:
        return freeze(data)
    if isinstance(kind, type) and attrs.has(kind):
        if isinstance(data, kind):
            return data
        return _criterion(reading, data, at) if issubclass(kind, Criterion) else _object(reading, kind, data, at)
    if get_origin(kind) is tuple and isinstance(get_args(kind)[0], type) and attrs.has(get_args(kind)[0]):
        return _several(reading, get_args(kind)[0], data, at)
    try:
        return _converter().structure(data, kind)
    except Exception as error:  # noqa: BLE001  # cattrs raises many kinds
        for path, told in _mistakes_in(error, at.path):
            problem, _, hint = told.partition("\n")
            reading.tell(_At(path, at.names), problem, hint)
        return _BAD


def _mistakes_in(error: Exception, path: str) -> Iterator[tuple[str, str]]:
    """Take apart what cattrs raises: an error for each mistake, with notes that say where."""
    if not isinstance(error, IterableValidationError | ClassValidationError):
        yield path, str(error)
        return
    noted, others = error.group_exceptions()
    for one, note in noted:
        key = note.index if isinstance(note, IterableValidationNote) else note.name
        yield from _mistakes_in(one, under(path, key))
    for one in others:
        yield from _mistakes_in(one, path)


def _several(reading: _Reading, kind: type, data: Any, at: _At) -> Any:
    if not isinstance(data, list):
        name = at.path.rpartition(".")[2]
        hint = f"in TOML, write [[{name}]] with double brackets, once for each" if isinstance(data, dict) else ""
        return reading.tell(at, f"must be a list (got {_shown(data)})", hint)
    made = tuple(_typed(reading, kind, item, at.under(index).named(item)) for index, item in enumerate(data))
    return _BAD if _BAD in made else made


def _criterion(reading: _Reading, data: Any, at: _At) -> Any:
    """Make a criterion of the class that its kind names."""
    known = f"known kinds: {', '.join(reading.kinds)}"
    if not isinstance(data, dict):
        return reading.tell(at, f"must be a criterion, a mapping with its kind (got {_shown(data)})", known)
    kind = data.get("kind")
    fields = {key: value for key, value in data.items() if key != "kind"}
    if kind is None:
        return reading.tell(at.under("kind"), "is lacking", known)
    if not isinstance(kind, str):
        return reading.tell(at.under("kind"), f"must be text (got {_shown(kind)})", known)
    if kind in reading.kinds:
        return _object(reading, reading.kinds[kind], fields, at)
    if reading.read_only:
        common = {name: fields.pop(name) for name in tuple(fields) if name in _COMMON}
        return _object(reading, AbsentKind, {"kind": kind, "fields": fields, **common}, at)
    own = f"{known}; if it is your own, pass its class: load(…, kinds=[…]), or read_only=True to look at it without"
    return reading.tell(at.under("kind"), f"is no known kind (got {kind!r})", lambda: near(kind, reading.kinds) or own)


_COMMON = tuple(field.name for field in attrs.fields(Criterion))


def _optional(kind: Any) -> bool:
    return NoneType in get_args(kind)


def _shown(value: Any) -> str:
    try:
        text = repr(value) if not isinstance(value, bool) else str(value).lower()  # as files write it
    except ValueError:  # Python refuses to write a huge integer
        return "an integer of more digits than Python writes"
    return text if len(text) <= 80 else f"{text[:79]}…"


# Values of plain types: nothing becomes what it is not


class _TypeMistakeError(ValueError):
    """A value is not of the type; the hint stands in a second line."""

    def __init__(self, problem: str, value: object, hint: str = "") -> None:
        super().__init__(f"{problem} (got {_shown(value)})" + (f"\n{hint}" if hint else ""))


#: What a plain type accepts, its name, and the hint at what is given in its place.
_PLAIN: Final[dict[type, tuple[tuple[type, ...], str]]] = {
    str: ((str,), "text"),
    float: ((int, float), "a number"),
    int: ((int,), "a whole number"),
    bool: ((bool,), "true or false"),
}


_WORDS: Final[tuple[Any, ...]] = (Literal,)
_LISTS: Final[tuple[Any, ...]] = (tuple, list, set, frozenset)
_UNIONS: Final[tuple[Any, ...]] = (Union, UnionType)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    """Make the converter: cattrs takes types apart, and every value must be what its type says."""
    converter = Converter(forbid_extra_keys=True)
    for kind in _PLAIN:
        converter.register_structure_hook(kind, _a_plain)
    for kind in (date, datetime):
        converter.register_structure_hook(kind, _a_moment)
    converter.register_structure_hook_func(lambda kind: get_origin(kind) in _WORDS, _a_word)
    converter.register_structure_hook_factory(
        lambda kind: get_origin(kind) in _LISTS, lambda kind: _a_list(converter, kind)
    )
    converter.register_structure_hook_func(
        lambda kind: get_origin(kind) in _UNIONS, lambda data, kind: _any_of(converter, data, kind)
    )
    return converter


def _a_plain(data: Any, kind: type) -> Any:
    accepted, name = _PLAIN[kind]
    if isinstance(data, accepted) and (kind is bool or not isinstance(data, bool)):
        return data
    raise _TypeMistakeError(f"must be {name}", data, _unquoted(data, kind))


#: A number in quotes is no longer than this.
_SHORT = 40


def _unquoted(data: Any, kind: type) -> str:
    """Hint at a number or a truth in quotes, and at a number that should be text."""
    if kind is str:
        return f'write it in quotes: "{data}"' if isinstance(data, int | float) and not isinstance(data, bool) else ""
    try:
        plain = json.loads(data.strip().lower()) if isinstance(data, str) and len(data) <= _SHORT else None
    except ValueError:
        plain = None
    fits = isinstance(plain, _PLAIN[kind][0]) and isinstance(plain, bool) == (kind is bool)
    return f"write it without quotes: {data.strip().lower()}" if fits else ""


def _a_moment(data: Any, kind: type[date]) -> date:
    if isinstance(data, kind):
        return data
    for form in (kind, datetime) if isinstance(data, str) else ():
        with contextlib.suppress(ValueError):
            return form.fromisoformat(data)
    raise _TypeMistakeError(f"must be a {kind.__name__} or its ISO 8601 text", data)


def _a_word(data: Any, kind: Any) -> Any:
    known = get_args(kind)
    if any(data == word and type(data) is type(word) for word in known):
        return data
    hint = near(data, [word for word in known if isinstance(word, str)]) if isinstance(data, str) else ""
    raise _TypeMistakeError(f"must be {_alternatives(kind)}", data, hint)


def _a_list(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """Make the hook for lists: text is none, and every item is told that is wrong."""
    items: tuple[Any, ...] = get_args(kind)
    make: Any = get_origin(kind)
    fixed = len(items) if make is tuple and items[-1] is not ... else None

    def structure(data: Any, _kind: Any) -> Any:
        if not isinstance(data, list) or (fixed is not None and len(data) != fixed):
            raise _TypeMistakeError("must be a list" if fixed is None else f"must be a list of {fixed}", data)
        made, errors = [], []
        for index, item in enumerate(data):
            try:
                made.append(converter.structure(item, items[0] if fixed is None else items[index]))
            except Exception as error:  # noqa: BLE001  # the converter tells all of them together
                error.__notes__ = [IterableValidationNote("", index, kind)]
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, kind)  # pyright: ignore[reportCallIssue]  # cattrs adds one
        return make(made)

    return structure


def _any_of(converter: Converter, data: Any, kind: Any) -> Any:
    """Give the first of several types that the data is."""
    if data is None and _optional(kind):
        return None
    members = [member for member in get_args(kind) if member is not NoneType]
    wrong: Exception | None = None
    for member in members:
        try:
            return converter.structure(data, member)
        except Exception as error:  # noqa: BLE001  # one of them may still fit
            wrong = error
    if len(members) == 1 and wrong is not None:
        raise wrong
    raise _TypeMistakeError(f"must be {' or '.join(map(_alternatives, members))}", data)


def _alternatives(kind: Any) -> str:
    origin: Any = get_origin(kind)
    if origin is Literal:
        words = get_args(kind)
        return f"{'one of ' if len(words) > 1 else ''}{', '.join(map(repr, words))}"
    return _PLAIN[kind][1] if kind in _PLAIN else getattr(kind, "__name__", str(kind))
