"""JSON, strictly: what Python would let pass, read twice or not survive is one plain error."""

import json
import math
from collections import Counter
from typing import Any

#: How deep a value may be nested.
_DEEPEST = 64
_TOO_DEEP = f"nested more than {_DEEPEST} deep"


def json_value(text: str) -> Any:
    """Read JSON text strictly.

    Raises:
        ValueError: says what is wrong without the values themselves: no JSON, a field that comes twice, NaN, a number
            that nothing holds, half a character, or nesting deeper than 64.

    >>> json_value('{"kind": "demo"}')
    {'kind': 'demo'}
    """
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_distinct,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError(_TOO_DEEP)
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("half a character, such as \\ud83d without its other half") from None
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON; write null where it is unknown")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number beyond what a float can hold")
    return value


def _whole(text: str) -> int:
    if len(text) > 400:  # far beyond 2^53, which the views refuse; `int` refuses thousands of digits in its own words
        raise ValueError(f"an integer of {len(text):,} digits")
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the field {twice!r} comes twice")
    return value


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
    return depth
