"""Which known name a text probably means: the same thing in a taxonomy, the same letters, or a slip of the pen.

Names that are alike and differ are common (Austria and Australia, Series A and Series B, SQL and MySQL), so that only
what a hurried person could have typed counts as a slip.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from icpkit import views
from icpkit.taxonomies import meanings

#: Texts that are longer are no spellings of a name.
LONGEST: Final = 80
#: A slip within a shorter word may be another word; only within a long one are two of them still slips.
_WORD, _LONG_WORD = 5, 9
_SIGNS = re.compile(r"[\s\-_.,;:/\\'\"’`´()\[\]!?]+")
_DIGITS = re.compile(r"\d+")


class Meant(NamedTuple):
    """What a text probably means.

    Attributes:
        name: the known name.
        how: ``"alias"`` where a taxonomy says so, ``"signs"`` where the letters are the same, ``"slip"`` where nearly.
        taxonomy: the taxonomy's name, or an empty text.
    """

    name: str
    how: Literal["alias", "signs", "slip"]
    taxonomy: str = ""


def meaning_of(known: Mapping[str, str]) -> "Callable[[str], Meant | None]":
    """Make the function that finds the known name that a text probably means.

    Args:
        known: the spellings that are known, each with the name that it stands for.

    >>> meant = meaning_of(
    ...     {"technology": "technology", "USA": "USA", "E-Commerce": "E-Commerce", "Series A": "Series A"}
    ... )
    >>> [meant(text).name for text in ("technolgy", "United States", "ecommerce")]
    ['technology', 'USA', 'E-Commerce']
    >>> [meant(text) for text in ("biotechnology", "Series B", "Austria")]
    [None, None, None]
    """
    spellings = {spelling: name for spelling, name in known.items() if len(spelling) <= LONGEST}
    things: dict[tuple[str, str], str] = {}
    letters: dict[tuple[str, ...], str] = {}
    alike: dict[tuple[str, ...], list[tuple[list[str], str]]] = {}
    for spelling, name in spellings.items():
        for thing in meanings(spelling):
            things.setdefault(thing, name)
        letters.setdefault(_letters(spelling), name)
        words = _words(spelling)
        alike.setdefault(_initials(words), []).append((words, name))

    def meant(text: str) -> Meant | None:
        if len(text) > LONGEST:
            return None
        own = meanings(text)
        shared = next((thing for thing in own if thing in things), None)
        if shared is not None:
            return Meant(things[shared], "alias", shared[0])
        key = _letters(text)
        if key[0] and key in letters:
            return Meant(letters[key], "signs")
        if own:  # a thing of its own, however it is spelled
            return None
        words = _words(text)
        near = ((_slips(words, others), name) for others, name in alike.get(_initials(words), ()))
        found = min((one for one in near if one[0]), key=lambda one: one[0], default=None)
        return None if found is None else Meant(found[1], "slip")

    return meant


def _plain(text: str) -> str:
    """Fold a text, and leave out its accents."""
    apart = unicodedata.normalize("NFKD", views.fold(text))
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("&", " and ")


def _words(text: str) -> list[str]:
    return [word for word in _SIGNS.split(_plain(text)) if word]


def _letters(text: str) -> tuple[str, ...]:
    """Give the letters of a text, without what joins them and without plurals, then its numbers."""
    return ("".join(map(_singular, _words(text))), *_DIGITS.findall(text))


def _singular(word: str) -> str:
    if len(word) < _WORD or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _initials(words: Iterable[str]) -> tuple[str, ...]:
    """Give the first letters: hardly anybody mistypes the first, and Gambia is not Zambia."""
    return tuple(word[0] for word in words)


def _slips(words: list[str], others: list[str]) -> int:
    """Count the slips between two texts whose words begin alike; 0 where they are no slips of one another."""
    differing = [(one, other) for one, other in zip(words, others, strict=True) if one != other]
    if len(differing) != 1:
        return 0
    one, other = differing[0]
    shortest = min(len(one), len(other))
    if shortest < _WORD or not (one.isalpha() and other.isalpha()):
        return 0
    most = 2 if shortest >= _LONG_WORD else 1
    distance = _distance(one, other, most)
    return distance if distance <= most else 0


def _distance(one: str, other: str, most: int) -> int:
    """Count the letters to add, leave out, exchange, or swap with the next; beyond ``most`` they are just too many."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, char in enumerate(one, 1):
        last, before, row = before, row, [place]
        for column, opposite in enumerate(other, 1):
            least = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (char != opposite))
            if place > 1 and column > 1 and char == other[column - 2] and one[place - 2] == opposite:
                least = min(least, last[column - 2] + 1)
            row.append(least)
    return row[-1]
