"""JSON and TOML as plain data, within limits that keep a hostile text from costing time or memory."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any, Literal, TypeAlias

from icpkit.errors import Problem, ProfileTextError

Form: TypeAlias = Literal["json", "toml"]

#: Bytes of a text. The standard library's TOML reader takes 20 times as long as its JSON reader.
MOST_BYTES: dict[str, int] = {"json": 2**20, "toml": 2**18}
#: Lists and mappings within each other.
MOST_DEPTH = 32
#: Entries of one list or mapping.
MOST_ITEMS = 10_000
#: Entries of all lists and mappings together.
MOST_VALUES = 100_000
#: Characters of a key that a path shows.
_LONGEST_KEY = 60
#: Digits of an integer; a profile knows none beyond 2^53.
_MOST_DIGITS = 400
_MOST_BITS = 1_024
#: Parts of one dotted key, which cost the TOML reader time and memory by their square.
_MOST_PARTS = 32
# Of groups, `(?>…)` and not `…*+`, with which Python before 3.11.5 can lose its place.
_PART = r"""(?:[\w-]++|"(?>(?:[^"\\\n]|\\.)*)"?|'[^'\n]*+'?)"""
# Text that does not end is taken to the end of its line, so that no character is looked at twice.
_TOKEN = re.compile(
    r"""(?:\"{3}(?s:(?:\\.|.)*?)(?:\"{3,5}|\Z)|'{3}(?s:.*?)(?:'{3,5}|\Z)|\#[^\n]*+)"""
    rf"|(?P<key>{_PART}(?>(?:[ \t]*+\.[ \t]*+{_PART})*))"
)
_EACH_PART = re.compile(_PART)
#: How a TOML file begins: with a comment, a key or a header.
_TOML_LINE = re.compile(r"\s*+(?:\#|[\w-]++[ \t]*+=|\[\[?[A-Za-z])")


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stand in it twice."""

    twice: tuple[str, ...] = ()


def form_of(text: str) -> Form:
    """Tell JSON from TOML: only a JSON object begins with a brace.

    >>> form_of('{"format": 1}'), form_of("format = 1")
    ('json', 'toml')
    """
    return "json" if text.lstrip().startswith("{") else "toml"


#: What people probably meant, by what the TOML reader says.
_ADVICE = {
    "Invalid value": "text stands in quotes, true and false are in lower case, a number has no percent sign",
    "Expected newline or end of document": "a number has a decimal point and no unit; text stands in quotes",
    "Invalid initial character for a key part": "a mapping in braces stands on one line, with no comma at its end",
    "Invalid statement": "a key is a plain word; quotes are straight",
    "Cannot declare": "a list of parts has double brackets, such as [[dimensions]]",
    "Cannot overwrite": "a list of parts has double brackets, such as [[dimensions.criteria]]",
}


def text_of(raw: bytes, source: str) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises:
        ProfileTextError: for bytes that are none.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text = f"is not UTF-8 text (got the byte 0x{raw[error.start]:02x})"
        raise ProfileTextError(source, [Problem(f"line {line}", "", text, "save the file as UTF-8")]) from None


def parsed(text: str, form: Form, source: str) -> Any:
    """Read a text as plain data, which may still hold what the grammar allows and a profile does not: see `is_sound`.

    Raises:
        ProfileTextError: for text that is too long or does not follow the grammar.
    """
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES[form]:
        problem = f"is too long: {size:,} bytes, where {MOST_BYTES[form]:,} are the most in {form.upper()}"
        raise ProfileTextError(source, [Problem("$", "", problem)])
    try:
        return _json(text) if form == "json" else _toml(text)
    except RecursionError:
        problem, where, hint = f"nests lists and mappings deeper than {MOST_DEPTH} levels", "$", ""
    except json.JSONDecodeError as error:
        problem, where = f"is not JSON: {error.msg}", f"line {error.lineno}, column {error.colno}"
        hint = _line_of(text, error.lineno)
    except ValueError as error:  # the TOML reader's own error among them
        found = re.search(r" \(at (line (\d+), column \d+|end of document)\)$", str(error))
        problem = f"is not {form.upper()}: {str(error)[: found.start()] if found else error}"
        where, hint = found[1] if found else "$", _line_of(text, int(found[2])) if found and found[2] else ""
        advice = next((advice for sign, advice in _ADVICE.items() if sign in str(error)), "")
        hint = "; ".join(filter(None, (hint, advice)))
    if not text.strip():
        where, problem, hint = "$", "is empty", ""
    elif form == "toml" and form_of(text) == "json":  # the name said otherwise
        hint = "it begins as JSON does: should its name end in .json?"
    elif form == "json" and _TOML_LINE.match(text):
        hint = "it begins as TOML does: should its name end in .toml?"
    raise ProfileTextError(source, [Problem(where, "", problem, hint)])


def _line_of(text: str, number: int) -> str:
    line = text.split("\n")[number - 1].strip()
    return f"the line reads: {line[:80]}{'…' if len(line) > 80 else ''}"


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_int=_integer)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.twice = tuple(key for key, count in counts.items() if count > 1)
    return found


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _toml(text: str) -> Any:
    import tomllib  # noqa: PLC0415  # a JSON profile does without

    keys = (token["key"] for token in _TOKEN.finditer(text) if token["key"] and token["key"].count(".") >= _MOST_PARTS)
    if any(len(_EACH_PART.findall(key)) > _MOST_PARTS for key in keys):
        raise RecursionError
    return tomllib.loads(text)


def excess_of(data: Any) -> tuple[str, str]:
    """Tell path and text of the first list or mapping that is nested too deep or too long, or two empty texts.

    >>> excess_of([[0] * 10_001])
    ('$[0]', 'has 10,001 entries, where 10,000 are the most')
    """
    todo: list[tuple[str, Any, int]] = [("$", data, 1)]
    values = 0
    while todo:
        path, value, depth = todo.pop()
        values += len(value)
        if values > MOST_VALUES:
            return "$", f"has more than {MOST_VALUES:,} entries in all"
        if depth > MOST_DEPTH:
            return path, f"is nested deeper than {MOST_DEPTH} levels"
        if len(value) > MOST_ITEMS:
            return path, f"has {len(value):,} entries, where {MOST_ITEMS:,} are the most"
        todo += ((under(path, key), item, depth + 1) for key, item in _entries(value) if isinstance(item, list | dict))
    return "", ""


def is_sound(data: Any) -> bool:  # noqa: C901  # one loop: calls would double its time
    """Tell whether `excess_of` and `problems_of` would find nothing, in a fraction of their time.

    >>> is_sound({"a": [1, "b"]}), is_sound({"a": [float("nan")]})
    (True, False)
    """
    level, values = [data], 0
    for depth in range(MOST_DEPTH + 1):
        deeper: list[Any] = []
        for value in level:
            kind = value.__class__
            if kind is str:
                if not value.isascii() and _broken(value):
                    return False
            elif kind is dict or kind is list or kind is _Object:
                if depth == MOST_DEPTH or len(value) > MOST_ITEMS or (kind is _Object and value.twice):
                    return False
                deeper += value
                if kind is not list:
                    deeper += value.values()
            elif kind is int:
                if value.bit_length() > _MOST_BITS:
                    return False
            elif (kind is float and not math.isfinite(value)) or kind is time:
                return False
        values += len(deeper)
        level = deeper
    return values <= MOST_VALUES


def problems_of(data: Any) -> Iterator[tuple[str, str]]:
    """Tell path and text of what the grammar allows and a profile cannot hold.

    >>> list(problems_of({"a": [float("nan")]}))
    [('$.a[0]', 'must be a finite number (got nan)')]
    """
    todo: list[tuple[str, Any]] = [("$", data)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict | list):
            yield from ((under(path, key), "stands twice in the same object") for key in getattr(value, "twice", ()))
            yield from ((path, f"has a key that is no valid Unicode ({key!a})") for key, _ in _entries(value)
                        if isinstance(key, str) and _broken(key))  # fmt: skip
            todo += reversed([(under(path, key), item) for key, item in _entries(value)])
        elif isinstance(value, float) and not math.isfinite(value):
            yield path, f"must be a finite number (got {value!r})"
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            yield path, f"must be a finite number within ±2^53 (got an integer of {value.bit_length():,} bits)"
        elif isinstance(value, time):
            yield path, f"must not be a time of day (got {value.isoformat()})"
        elif isinstance(value, str) and _broken(value):
            yield path, f"must be valid Unicode (got {value!a})"


def _entries(value: list[Any] | dict[str, Any]) -> Iterable[tuple[str | int, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)


def under(path: str, key: str | int) -> str:
    """Lengthen a path by a key or an index.

    >>> under(under("$", "criteria"), 0), under("$.meta", "an odd key")
    ('$.criteria[0]', '$.meta["an odd key"]')
    """
    if isinstance(key, int):
        return f"{path}[{key}]"
    key = key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 1]}…"
    return f"{path}.{key}" if key.isidentifier() or key == "$schema" else f"{path}[{json.dumps(key)}]"
