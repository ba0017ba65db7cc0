"""Which JSON Schemas there are."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, TypeAlias

from icpkit._version import SEMANTICS
from icpkit.criteria import Criterion
from icpkit.identity import FORMAT, known_kinds
from icpkit.schemas.limits import Schema
from icpkit.schemas.profiles import profile_schema
from icpkit.schemas.results import explanation_schema, score_schema

What: TypeAlias = Literal["profile", "score", "explanation"]

#: What most editors understand.
_DIALECT = "http://json-schema.org/draft-07/schema#"
#: What each schema is made by, and the number of what it describes.
_MAKERS: Final[dict[What, tuple[Callable[[dict[str, type[Criterion]]], Schema], int]]] = {
    "profile": (profile_schema, FORMAT),
    "score": (lambda _: score_schema(), SEMANTICS),
    "explanation": (lambda _: explanation_schema(), SEMANTICS),
}


def json_schema(what: What = "profile", kinds: Iterable[type[Criterion]] = ()) -> dict[str, Any]:
    """Give the JSON Schema (draft-07) of a profile's text, of `Score.to_dict` or of `Explanation.to_dict`.

    What the schema of a profile refuses, `loads` refuses too. `loads` sees more, such as fields at odds with each
    other.

    Args:
        what: ``"profile"``, ``"score"`` or ``"explanation"``.
        kinds: your own classes of criteria, as for `loads`.

    Raises:
        ValueError: for anything else, or for two classes of one kind.

    >>> schema = json_schema()
    >>> schema["definitions"]["range"]["properties"]["low"]
    {'type': ['number', 'null'], 'description': 'the lower end, or null for none.'}
    """
    if what not in _MAKERS:
        raise ValueError(f"what must be {', '.join(map(repr, _MAKERS))} (got {what!r})")
    make, number = _MAKERS[what]
    head = {"$schema": _DIALECT, "$id": f"urn:icpkit:{what}:{number}", "title": f"icpkit {what}"}
    # Through text, so that it is plain, and that nobody who alters it alters the next one.
    plain: Schema = json.loads(json.dumps({**head, **make(known_kinds(kinds))}, allow_nan=False))
    return plain
