"""What docstrings say of a class and its fields, in the words of data."""

import inspect
import re
from functools import cached_property
from typing import Final

_SECTION = re.compile(r"^(?:Args|Attributes):\n((?:(?: .*)?\n)+)", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): (.+(?:\n {5,}.+)*)", re.MULTILINE)
#: What a docstring says to those who write Python, and what to those who write data.
_IN_DATA: Final = (
    (r"`+([^`]*)`+", r"\1"),
    (r" \(or a timedelta\)", ""),
    (r"\b(None|infinity)\b", "null"),
    (r"\b[Mm]illionths( of a point)?\b", "points"),
)


def texts_of(cls: type) -> dict[str, str]:
    """Give what docstrings say of each field and property; nothing where Python was told to strip them.

    >>> texts_of(icp.TechOverlap)["k"]
    'how many labels ``"at_least"`` needs.'
    """
    texts: dict[str, str] = {}
    for owner in reversed(cls.__mro__):
        section = _SECTION.search(f"{inspect.cleandoc(owner.__doc__ or '')}\n")
        texts |= dict(_ENTRY.findall(section[1])) if section else {}
        members = vars(owner).items()
        texts |= {name: _first(one.__doc__) for name, one in members if isinstance(one, property | cached_property)}
    return texts


def summary_of(cls: type) -> str:
    """Give what a docstring says of a class as a whole."""
    text = _first(cls.__doc__)
    return "" if text.startswith(f"{cls.__name__}(") else text  # which Python made up


def _first(doc: str | None) -> str:
    return inspect.cleandoc(doc or "").partition("\n\n")[0]


def described(text: str) -> dict[str, str]:
    """Give a text as a schema says it, or nothing where there is none.

    >>> described("the lower end, or ``None``")
    {'description': 'the lower end, or null'}
    """
    for pattern, data in _IN_DATA:
        text = re.sub(pattern, data, text)
    return {"description": " ".join(text.split())} if text else {}
