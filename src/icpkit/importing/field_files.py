"""Field maps as text, TOML and JSON, in and out: strict, and with all mistakes at once, each with its path."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, Final

import attrs

from icpkit.errors import DefinitionError, FieldMapTextError, Problem, ProfileTextError, near
from icpkit.identity import data_of
from icpkit.importing.fields import REFERENCES, Field, FieldMap, shown_list
from icpkit.structuring import BAD, At, Reading, in_order, made_of, object_of, shown
from icpkit.syntax import MOST_BYTES, Form, excess_of, form_of, parsed, text_of
from icpkit.writing import write_whole

#: The form of field maps that this release writes.
FORMAT = 1
#: What makes data of the next format of data of the one before, by the format before.
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
#: Field maps for the exports of known systems, by name.
PRESETS: Final = ("hubspot", "salesforce")
_ALSO = ("format", "$schema")
#: Keys that stand above all fields.
_TOP = frozenset(field.name for field in attrs.fields(FieldMap)) | {"format"}


def load_fields(path: str | PathLike[str]) -> FieldMap:
    """Load a field map from a TOML or JSON file.

    Args:
        path: the file.

    Raises:
        FieldMapTextError: with all mistakes at once, each with its path.
        OSError: where the file cannot be read.

    >>> icp.load_fields("fields.toml")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'fields.toml'
    """
    most = max(MOST_BYTES.values())
    with Path(path).open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise FieldMapTextError(str(path), [Problem("$", "", f"is too long: more than {most:,} bytes")])
    suffix = Path(path).suffix.lower()
    form: Form | None = "json" if suffix == ".json" else "toml" if suffix == ".toml" else None
    try:
        text = text_of(raw, str(path))
    except ProfileTextError as error:
        raise FieldMapTextError(error.source, error.problems) from None
    return _loaded(text, form, str(path))


def loads_fields(text: str) -> FieldMap:
    """Load a field map from TOML or JSON text; JSON begins with a brace.

    Args:
        text: the text.

    Raises:
        FieldMapTextError: with all mistakes at once, each with its path.

    >>> icp.loads_fields('''
    ... format = 1
    ... [fields.annual_revenue]
    ... column = "revenue"
    ... parse = "numbr"
    ... ''')
    Traceback (most recent call last):
    icpkit.errors.FieldMapTextError: the text has 1 mistake:
      $.fields.annual_revenue.parse (annual_revenue)
        must be one of 'text', 'number', ...
        did you mean 'number'?
    """
    if not isinstance(text, str):
        raise TypeError(f"loads_fields() needs text (got {type(text).__name__}); load_fields() reads a file")
    return _loaded(text.removeprefix("\ufeff"), None, "the text")


def _loaded(text: str, form: Form | None, source: str) -> FieldMap:
    reading = Reading({}, read_only=False)
    try:
        data = parsed(text, form or form_of(text), source)
    except ProfileTextError as error:
        raise FieldMapTextError(error.source, map(_of_fields, error.problems)) from None
    if not isinstance(data, dict):
        reading.tell(At("$"), "must be a mapping with format and fields")
        raise FieldMapTextError(source, reading.problems.values())
    path, excess = excess_of(data)
    if excess:
        raise FieldMapTextError(source, [Problem(path, "", excess)])
    found = made_of(reading, data, FORMAT, UPCASTERS, _map)
    if reading.problems:
        raise FieldMapTextError(source, in_order(reading.problems, data))
    assert isinstance(found, FieldMap)  # nothing was told
    return found


def _of_fields(problem: Problem) -> Problem:
    """Say of a header that comes twice what it means here: in a profile, it is a list of parts."""
    line, found, _ = problem.hint.partition("; a list of parts has double brackets")
    return attrs.evolve(problem, hint=f"{line}; each attribute has one header") if found else problem


def _map(reading: Reading, data: dict[str, Any], top: At) -> Any:
    """Make a field map of data in which the fields are a mapping by attribute."""
    rest = {name: value for name, value in data.items() if name not in _ALSO}
    listed = rest.get("fields")
    if listed is None and "dimensions" in rest:
        return reading.tell(top, "is a profile, and no field map", "give the map here, the profile elsewhere")
    if isinstance(listed, dict):
        within = top.under("fields")
        made = {name: _field(reading, name, one, within.under(name)) for name, one in listed.items()}
        rest["fields"] = [_referring(reading, made, name, within.under(name)) for name in made]
        key = rest.get("key")
        if isinstance(key, str) and key not in made:
            _tell_reference(reading, key, made, top.under("key"))
    elif "fields" in rest:
        hint = "write [fields.employees], once for each attribute"
        reading.tell(top.under("fields"), f"must be a mapping from attributes to fields (got {shown(listed)})", hint)
    return object_of(reading, FieldMap, rest, top)


def _referring(reading: Reading, made: dict[str, Any], attribute: str, at: At) -> Any:
    """Tell where a field names an attribute that the map does not have; else give the field."""
    field, sound = made[attribute], True
    for name in REFERENCES if isinstance(field, Field) else ():
        other = getattr(field, name)
        if other is not None and other not in made:
            sound = False
            _tell_reference(reading, other, made, _named(at, attribute).under(name))
    return field if sound else BAD


def _tell_reference(reading: Reading, other: str, known: Iterable[str], at: At) -> None:
    hint = near(other, known) or f"the attributes: {shown_list(known)}"
    reading.tell(at, f"must name an attribute of the map (got {shown(other)})", hint)


def _named(at: At, attribute: str) -> At:
    return At(at.path).named({"name": " ".join(attribute.split())})


def _field(reading: Reading, attribute: str, data: Any, at: At) -> Any:
    at = _named(at, attribute)
    if not isinstance(data, dict):
        hint = f"write [fields.{attribute}], and below it column = {json.dumps(data)}" if isinstance(data, str) else ""
        return reading.tell(at, f"must be a mapping (got {shown(data)})", hint)
    if "attribute" in data:
        return reading.tell(at.under("attribute"), "is no key that belongs here", "the header names the attribute")
    known = {field.name for field in attrs.fields(Field)}
    misplaced = [key for key in data if key not in known and key in _TOP]
    for key in misplaced:
        reading.tell(at.under(key), "is no key of a field", f"it belongs above the first [fields.…]: move {key!r} up")
    data = {key: value for key, value in data.items() if key not in misplaced}
    within = next((key for key, value in data.items() if isinstance(value, dict) and key not in known), None)
    if within is not None:  # [fields.hq.country] is country within hq
        hint = f'put a name with a dot in quotes: [fields."{attribute}.{within}"]'
        return reading.tell(at.under(within), "is no key that belongs here", hint)
    return object_of(reading, Field, {"attribute": attribute, **data}, at)


def dump_fields(fields: FieldMap, path: str | PathLike[str]) -> None:
    """Write a field map to a file, as a whole or not at all; comments in a file that is there are lost.

    Args:
        fields: the field map.
        path: the file; its name ends in ``.json``, or in ``.toml``, which needs the extra ``toml``.

    Raises:
        DefinitionError: for a map that no file can hold.
        ImportError: for TOML without tomlkit.
        OSError: where the file cannot be written.
        ValueError: for another ending.

    >>> icp.dump_fields(icp.FieldMap([icp.Field("id")]), "fields.yaml")
    Traceback (most recent call last):
    ValueError: the name of a field map's file must end in .json or .toml (got 'fields.yaml')
    """
    form = {".json": "json", ".toml": "toml"}.get(Path(path).suffix.lower())
    if form is None:
        raise ValueError(f"the name of a field map's file must end in .json or .toml (got {str(path)!r})")
    write_whole(path, dumps_fields(fields, "json" if form == "json" else "toml").encode())


def dumps_fields(fields: FieldMap, form: Form = "json") -> str:
    """Write a field map as text that `loads_fields` reads back as the same map.

    Args:
        fields: the field map.
        form: ``"json"``, or ``"toml"``, which needs the extra ``toml``.

    Raises:
        DefinitionError: for a map that no file can hold.
        ImportError: for TOML without tomlkit.
        ValueError: for another form.

    >>> fields = icp.FieldMap([icp.Field("annual_revenue", "revenue", parse="number", unit="millions")])
    >>> print(icp.dumps_fields(fields, "toml"), end="")
    format = 1
    <BLANKLINE>
    [fields.annual_revenue]
    column = "revenue"
    parse = "number"
    unit = "millions"
    >>> icp.loads_fields(icp.dumps_fields(fields)) == fields
    True
    """
    if form not in MOST_BYTES:
        raise ValueError(f'form must be "json" or "toml" (got {form!r})')
    data = data_of(fields)
    data["fields"] = {field.attribute: _field_data(field) for field in fields.fields}
    data = {
        "format": FORMAT,
        **{name: value for name, value in data.items() if name != "fields"},
        "fields": data["fields"],
    }
    if form == "json":
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    else:
        from icpkit.toml import toml_text  # noqa: PLC0415  # an extra

        text = toml_text(data)
    try:
        loads_fields(text)
    except FieldMapTextError as error:
        problem = f"cannot be written as {form.upper()}, which could not be loaded: {error.problems[0]}"
        raise DefinitionError("FieldMap", "", problem) from None
    return text


def _field_data(field: Field) -> dict[str, Any]:
    data: dict[str, Any] = data_of(field)
    del data["attribute"]
    if len(field.column) == 1:
        data["column"] = field.column[0]
    ordered = ("column", *(one.name for one in attrs.fields(Field)))
    return {name: data[name] for name in dict.fromkeys(ordered) if name in data}


@lru_cache(maxsize=8)
def field_preset(name: str) -> FieldMap:
    """Give the field map for the exports of a known system; columns that an export lacks are unknown for all.

    Args:
        name: ``"hubspot"`` (companies) or ``"salesforce"`` (accounts: reports and Data Loader).

    Raises:
        LookupError: for a system that is not known.

    >>> icp.field_preset("hubspot")["employees"]
    Field('employees', ..., parse='size', optional=True)
    """
    if name not in PRESETS:
        raise LookupError(f"no preset {name!r}; {near(name, PRESETS) or 'known: ' + ', '.join(PRESETS)}")
    file = resources.files("icpkit.importing") / "presets" / f"{name}.toml"
    return loads_fields(file.read_text(encoding="utf-8"))
