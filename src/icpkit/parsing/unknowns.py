"""What often stands for an unknown value. Nothing here is applied by itself: a column declares its own tokens."""

import json
import re

from icpkit.parsing.folding import fold
from icpkit.parsing.unreadable import shown

#: Folded; "none", "unknown" and "na" are answers in some columns, so a person decides.
LIKELY_UNKNOWN = frozenset(
    {
        *("#div/0!", "#n/a", "#na", "#name?", "#null!", "#num!", "#ref!", "#value!", "#error!", "#n/a n/a", "<na>"),
        *("n/a", "n.a.", "n.a", "n/d", "na", "nan", "nat", "-nan", "1.#qnan", "nil", "none", "null", "(null)", "\\n"),
        *("(blank)", "[blank]", "<blank>", "blank", "(empty)", "[empty]", "empty", "(none)", "[none]", "undefined"),
        *("unknown", "(unknown)", "unk", "unkn", "not known", "not available", "not applicable", "not provided"),
        *("not specified", "unspecified", "not set", "(not set)", "not given", "not found", "not disclosed"),
        *("undisclosed", "missing", "no data", "no value", "no info", "no information", "no answer", "data not found"),
        *("tbd", "tba", "tbc", "to be determined", "to be defined", "todo", "xx", "xxx", "none specified"),
        *("select", "- select -", "-- select --", "--select--", "please select", "select one", "choose", "choose one"),
        *("select an option", "- none -", "--none--", "-none-", "please choose"),
        *("k.a.", "k. a.", "keine angabe", "unbekannt", "inconnu", "non renseigné", "desconocido", "sconosciuto"),
    }
)
_ONLY_MARKS = re.compile(r"[\W_]+")
_LONGEST = 100


def looks_unknown(text: str) -> bool:
    """Tell whether a text often stands for an unknown value: a known token, or dashes, dots and the like alone.

    >>> [looks_unknown(text) for text in ("N/A", "--", "Please  select", "Namibia", "0")]
    [True, True, True, False, False]
    """
    if len(text) > _LONGEST:
        return False
    return " ".join(fold(text).split()) in LIKELY_UNKNOWN or _ONLY_MARKS.fullmatch(text) is not None


def as_unknown(text: str) -> str:
    """Give the way out of a text that looks unknown, which declares it so; of another text, an empty one.

    >>> as_unknown("n/a"), as_unknown("many")
    ('declare unknown = ["n/a"]', '')
    """
    return f"declare unknown = [{quoted(text)}]" if text.strip() and looks_unknown(text) else ""


def quoted(text: str) -> str:
    """Give a text as a field map would write it; a long one is cut.

    >>> quoted("yes")
    '"yes"'
    """
    return json.dumps(shown(text), ensure_ascii=False)
