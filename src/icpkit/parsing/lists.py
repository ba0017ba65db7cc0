"""Lists in one text: between separators, as JSON, or as Python prints them."""

import re
from collections.abc import Mapping
from typing import Any

from icpkit.parsing.json_text import json_value
from icpkit.parsing.unreadable import Unreadable

#: Characters of a list as Python prints it; JSON may be longer.
_LONGEST_PRINTED = 100_000
_EVENTS = 'write [{"kind": "demo", "at": "2026-11-02"}]'
#: One item as Python prints it. Each letter can be read in one way only.
_ITEM = re.compile(
    r"""'((?>(?:[^'\\]|\\.)*))'|"((?>(?:[^"\\]|\\.)*))"|None|(-?\d++(?>(?:\.\d++)?))""",
    re.DOTALL | re.ASCII,
)
_ITEMS = re.compile(rf"\[(?>(?:\s*+(?:{_ITEM.pattern})\s*+(?:,|(?=\])))*)\s*+\]", re.DOTALL | re.ASCII)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "r": "\r", "t": "\t"}


def labels(text: str, *, split: str = ";") -> list[str]:
    """Read labels in their order; blank ones are dropped, and what comes twice stays twice.

    A text in square brackets is a JSON list, or one as Python prints it: "['CRM', 'Mail']". Numbers in it become text,
    and null is dropped.

    Arguments:
        split: what stands between labels; "json" accepts nothing but a JSON list. No other separator is tried.

    Raises:
        Unreadable: the brackets hold no list of texts.

    >>> labels("CRM; Mail;"), labels('["CRM", null]'), labels("['CRM', 'Mail']")
    (['CRM', 'Mail'], ['CRM'], ['CRM', 'Mail'])
    """
    bare = text.strip()
    if split == "json":
        return _texts(_json_list(bare, 'write ["CRM", "Mail"]'))
    if not (bare.startswith("[") and bare.endswith("]")):
        return [item for item in map(str.strip, text.split(split)) if item]
    printed = _printed_list(bare)
    if printed is None:
        return _texts(_json_list(bare, f'write ["CRM", "Mail"], or CRM{split}Mail'))
    return [item for item in map(str.strip, printed) if item]


def events(text: str) -> list[Mapping[str, Any]]:
    """Read events from a JSON list; each is an object, or a list of a kind, a moment and perhaps a strength.

    Raises:
        Unreadable: it is no such list.

    >>> events('[{"kind": "demo", "at": "2026-11-02"}]')
    [{'kind': 'demo', 'at': '2026-11-02'}]
    """
    found: list[Mapping[str, Any]] = []
    for number, event in enumerate(_json_list(text.strip(), _EVENTS), start=1):
        if isinstance(event, list) and 2 <= len(event) <= 3:
            found.append(dict(zip(("kind", "at", "strength"), event, strict=False)))
        elif isinstance(event, dict):
            found.append(event)
        else:
            raise Unreadable(f"item {number} is no event", _EVENTS)
    return found


def _json_list(text: str, example: str) -> list[Any]:
    try:
        value = json_value(text)
    except ValueError as error:
        raise Unreadable(f"no JSON list ({error})", example) from None
    if not isinstance(value, list):
        raise Unreadable("no JSON list", example)
    return value


def _texts(listed: list[Any]) -> list[str]:
    found: list[str] = []
    for number, item in enumerate(listed, start=1):
        if isinstance(item, bool) or not isinstance(item, str | int | float | None):
            raise Unreadable(f"item {number} of the list is no text", 'write ["CRM", "Mail"]')
        found.append("" if item is None else str(item).strip())
    return [item for item in found if item]


def _printed_list(bare: str) -> list[str] | None:
    """Read a list as Python prints it, or give None; what reads the same in JSON is left to JSON."""
    if len(bare) > _LONGEST_PRINTED or not ("'" in bare or "None" in bare) or not _ITEMS.fullmatch(bare):
        return None
    try:
        return [_unescaped(single or double or number) for single, double, number in _ITEM.findall(bare)]
    except ValueError:
        return None


def _unescaped(written: str) -> str:
    """Undo the escapes that Python prints; a ValueError tells of any other."""
    return _ESCAPE.sub(_one, written) if "\\" in written else written


def _one(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    letter = chr(int(code, 16)) if code else _PLAIN.get(escape[3])
    if letter is None or "\ud800" <= letter <= "\udfff":
        raise ValueError(escape[0])
    return letter
