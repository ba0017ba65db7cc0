"""Plain data to frozen objects: strict, field by field, with all mistakes at once, each with its path."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import ClassValidationError, IterableValidationError, IterableValidationNote

from icpkit._attrs import Pairs, freeze
from icpkit.criteria import AbsentKind, AllOf, AnyOf, Criterion
from icpkit.errors import SHOWN, AsOfError, DefinitionError, Problem, near
from icpkit.identity import fields_of
from icpkit.syntax import problems_of, under

#: How many mistakes are looked for.
MOST_PROBLEMS = 1_000


class Bad(Enum):
    """Stands for a value that has been told to be wrong."""

    BAD = "bad"


BAD: Final = Bad.BAD


#: Characters of a name that a message shows.
_LONGEST_NAME = 60


@attrs.frozen
class At:
    """A place in the data: its path, and the same in names."""

    path: str
    names: tuple[str, ...] = ()

    def under(self, key: str | int) -> "At":
        """Go one step deeper."""
        return At(under(self.path, key), self.names)

    def named(self, data: Any) -> "At":
        """Add the name of what stands here."""
        found = (data.get(key) for key in ("name", "attribute")) if isinstance(data, dict) else ()
        name = next((name for name in found if isinstance(name, str) and name.strip()), None)
        return self if name is None else At(self.path, (*self.names, name[:_LONGEST_NAME]))


class EnoughError(Exception):
    """So many problems have been told that nobody wants to know of more."""


@attrs.define
class Reading:
    """What is known while one text is read: the kinds, and the problems so far, by path and text."""

    kinds: dict[str, type[Criterion]]
    read_only: bool
    problems: dict[str, Problem] = attrs.Factory(dict)

    def tell(self, at: At, text: str, hint: str | Callable[[], str] = "") -> Bad:
        """Take down a problem, the first at each path; hints cost time, so that only those that are shown are made."""
        if len(self.problems) >= MOST_PROBLEMS:
            raise EnoughError
        if at.path not in self.problems:
            shown = len(self.problems) < SHOWN
            made = hint if isinstance(hint, str) else hint() if shown else ""
            self.problems[at.path] = Problem(at.path, " / ".join(at.names), text, made)
        return BAD


def in_order(problems: Mapping[str, Problem], data: dict[str, Any]) -> list[Problem]:
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


def upcast(
    reading: Reading,
    data: dict[str, Any],
    top: At,
    newest: int,
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]],
) -> dict[str, Any] | None:
    """Bring the data to the present format; None where this release does not know its format."""
    number = data.get("format")
    if number is None:
        reading.tell(top, "lacks 'format'", f"add the line format = {newest} at the top")
        return data
    if type(number) is not int or number < 1:
        reading.tell(top.under("format"), f"must be a whole number from 1 to {newest} (got {number!r})")
        return data
    if number > newest:
        problem = f"is written in format {shown(number)}, but this release of icpkit reads formats up to {newest}"
        reading.tell(top.under("format"), problem, "use a newer icpkit")
        return None
    for before in range(number, newest):
        data = upcasters[before](data)
    return data


def made_of(
    reading: Reading,
    data: dict[str, Any],
    newest: int,
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]],
    make: Callable[[Reading, dict[str, Any], At], Any],
) -> Any:
    """Make an object of data within limits, lifted to the present format; the reading holds what is wrong with it."""
    top = At("$")
    with contextlib.suppress(EnoughError):
        for path, problem in problems_of(data):
            reading.tell(At(path), problem)
        current = upcast(reading, data, top, newest, upcasters)
        return None if current is None else make(reading, current, top)
    return None


def object_of(reading: Reading, cls: type, data: Any, at: At) -> Any:
    """Make an object of a mapping: each field on its own, and the fields against each other where all are sound."""
    fields = fields_of(cls)
    if not isinstance(data, dict):
        return reading.tell(at, f"must be a mapping (got {shown(data)})", f"its keys: {', '.join(fields)}")
    meant = _unknown_keys(reading, data, fields, at)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        value, within = data.get(name), at.under(name)
        if value is BAD or within.path in reading.problems:
            values[name] = BAD
        elif value is not None:
            values[name] = value_of(reading, field.type, value, within)
        elif _optional(field.type) and (name in data or field.default is attrs.NOTHING):
            values[name] = None
        elif name in data:
            values[name] = reading.tell(within, "must not be null", "leave it out for the default")
        elif field.default is attrs.NOTHING:
            values[name] = BAD if name in meant else reading.tell(within, "is lacking")
    _validate(reading, cls, values, at)
    sound = not any(value is BAD for value in values.values())
    return _made(reading, cls, values, at) if sound else BAD


def _unknown_keys(reading: Reading, data: dict[str, Any], fields: Iterable[str], at: At) -> set[str]:
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


def _validate(reading: Reading, cls: type, values: dict[str, Any], at: At) -> None:
    """Convert and check each field on its own; the constructor never comes to that where another one is wrong."""
    fields = fields_of(cls)
    owner: Any = object.__new__(cls)  # it holds what is sound, for validators that look at other fields
    for name, field in fields.items():
        value = values.get(name, field.default)
        if value is BAD or value is attrs.NOTHING:
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
        if field.validator is None or values.get(name, BAD) is BAD:
            continue
        try:
            field.validator(owner, field, getattr(owner, field.name))
        except AttributeError:  # it looks at a field that is not sound; the constructor will tell all else
            continue
        except Exception as error:  # noqa: BLE001  # a user's validator may raise what it likes
            values[name] = _tell_error(reading, cls, error, at.under(name), within=True)


def _made(reading: Reading, cls: type, values: dict[str, Any], at: At) -> Any:
    parts = values.pop("criteria") if issubclass(cls, AllOf | AnyOf) else ()
    try:
        return cls(*parts, **values)
    except Exception as error:  # noqa: BLE001  # the same
        return _tell_error(reading, cls, error, at, within=False)


def _tell_error(reading: Reading, cls: type, error: Exception, at: At, *, within: bool) -> Bad:
    """Tell what a constructor or the validator of a field has refused."""
    if isinstance(error, AsOfError):
        given = error.value.isoformat() if isinstance(error.value, date) else shown(error.value)
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


def value_of(reading: Reading, kind: Any, data: Any, at: At) -> Any:
    """Make a value of the type that a field declares."""
    members = [member for member in get_args(kind) if member is not NoneType] if _optional(kind) else []
    if len(members) == 1:
        kind = members[0]
    if data is BAD or kind is None or kind is Any or kind is Pairs:
        return data if data is BAD else freeze(data)  # what is bad has been told
    if isinstance(kind, type) and attrs.has(kind):
        if isinstance(data, kind):
            return data
        return _criterion(reading, data, at) if issubclass(kind, Criterion) else object_of(reading, kind, data, at)
    if get_origin(kind) is tuple and isinstance(get_args(kind)[0], type) and attrs.has(get_args(kind)[0]):
        return _several(reading, get_args(kind)[0], data, at)
    try:
        return _converter().structure(data, kind)
    except Exception as error:  # noqa: BLE001  # cattrs raises many kinds
        for path, told in _mistakes_in(error, at.path):
            problem, _, hint = told.partition("\n")
            reading.tell(At(path, at.names), problem, hint)
        return BAD


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


def _several(reading: Reading, kind: type, data: Any, at: At) -> Any:
    if not isinstance(data, list):
        name = at.path.rpartition(".")[2]
        hint = f"in TOML, write [[{name}]] with double brackets, once for each" if isinstance(data, dict) else ""
        return reading.tell(at, f"must be a list (got {shown(data)})", hint)
    made = tuple(value_of(reading, kind, item, at.under(index).named(item)) for index, item in enumerate(data))
    return BAD if BAD in made else made


def _criterion(reading: Reading, data: Any, at: At) -> Any:
    """Make a criterion of the class that its kind names."""
    known = f"known kinds: {', '.join(reading.kinds)}"
    if not isinstance(data, dict):
        return reading.tell(at, f"must be a criterion, a mapping with its kind (got {shown(data)})", known)
    kind = data.get("kind")
    fields = {key: value for key, value in data.items() if key != "kind"}
    if kind is None:
        return reading.tell(at.under("kind"), "is lacking", known)
    if not isinstance(kind, str):
        return reading.tell(at.under("kind"), f"must be text (got {shown(kind)})", known)
    if kind in reading.kinds:
        return object_of(reading, reading.kinds[kind], fields, at)
    if reading.read_only:
        common = {name: fields.pop(name) for name in tuple(fields) if name in _COMMON}
        return object_of(reading, AbsentKind, {"kind": kind, "fields": fields, **common}, at)
    own = f"{known}; if it is your own, pass its class: load(…, kinds=[…]), or read_only=True to look at it without"
    return reading.tell(at.under("kind"), f"is no known kind (got {kind!r})", lambda: near(kind, reading.kinds) or own)


_COMMON = tuple(field.name for field in attrs.fields(Criterion))


def _optional(kind: Any) -> bool:
    return NoneType in get_args(kind)


def shown(value: Any) -> str:
    """Show a value in a message, as files write it."""
    try:
        text = repr(value) if not isinstance(value, bool) else str(value).lower()  # as files write it
    except ValueError:  # Python refuses to write a huge integer
        return "an integer of more digits than Python writes"
    return text if len(text) <= 80 else f"{text[:79]}…"


# Values of plain types: nothing becomes what it is not


class _TypeMistakeError(ValueError):
    """A value is not of the type; the hint stands in a second line."""

    def __init__(self, problem: str, value: object, hint: str = "") -> None:
        super().__init__(f"{problem} (got {shown(value)})" + (f"\n{hint}" if hint else ""))


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
            wrong = error if wrong is None or get_origin(member) in _LISTS else wrong
    meant = len(members) == 1 or (isinstance(data, list) and any(get_origin(member) in _LISTS for member in members))
    if meant and wrong is not None:  # the only one, or the list that was meant: it says which item is wrong
        raise wrong
    raise _TypeMistakeError(f"must be {' or '.join(dict.fromkeys(map(_alternatives, members)))}", data)


def _alternatives(kind: Any) -> str:
    origin: Any = get_origin(kind)
    if origin is Literal:
        words = get_args(kind)
        return f"{'one of ' if len(words) > 1 else ''}{', '.join(map(repr, words))}"
    if origin in _LISTS:
        return "a list"
    return _PLAIN[kind][1] if kind in _PLAIN else getattr(kind, "__name__", str(kind))
