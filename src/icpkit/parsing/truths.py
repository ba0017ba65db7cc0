"""Yes and no, as exports write them."""

from collections.abc import Iterable
from functools import lru_cache

from icpkit.parsing.folding import fold
from icpkit.parsing.unknowns import as_unknown, quoted
from icpkit.parsing.unreadable import Unreadable

#: What is read as true, and as false, unless a column declares its own. A lone x is a tick to some and a no to others.
TRUE = ("true", "yes", "y", "t", "1", "1.0", "on", "checked", "✓", "✔", "☑")
FALSE = ("false", "no", "n", "f", "0", "0.0", "off", "unchecked", "✗", "✘", "☐")
_LONGEST = 200


def truth(text: str, *, true: Iterable[str] = (), false: Iterable[str] = ()) -> bool:
    """Read a yes or a no, whatever its case.

    Arguments:
        true: the words that mean it, in place of `TRUE`.
        false: the same in place of `FALSE`; if one side alone is declared, its words never mean the other.

    Raises:
        Unreadable: it is neither.

    >>> truth("Yes"), truth("nein", true=["ja"], false=["nein"])
    (True, False)
    """
    found = _words(tuple(true), tuple(false)).get(fold(text)) if len(text) <= _LONGEST else None
    if found is None:
        words = f"true = [{quoted(text)}] or false = [{quoted(text)}]"
        unknown = as_unknown(text)
        raise Unreadable("neither true nor false", f"{unknown}, or {words}" if unknown else f"declare {words}")
    return found


@lru_cache(maxsize=256)
def _words(true: tuple[str, ...], false: tuple[str, ...]) -> dict[str, bool]:
    usual = dict.fromkeys(() if true else TRUE, True) | dict.fromkeys(() if false else FALSE, False)
    declared = dict.fromkeys(true, True) | dict.fromkeys(false, False)
    return usual | {fold(word): meant for word, meant in declared.items()}
