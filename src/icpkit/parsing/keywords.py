"""Free text as labels, by words that a user lists; what a user writes is never a regular expression."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from icpkit.parsing.folding import fold

#: Each label and the phrases that it stands for.
Rules: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
#: A word: letters and digits, with what belongs to C++, C#, node.js and .NET.
_WORD = re.compile(r"\.?[^\W_]++(?>(?:[+#]++[^\W_]*+|\.[^\W_]++)*)")
#: Blanks in place of all that is in no word.
_APART = "".join(letter if letter.isalnum() or letter in ".+#" else " " for letter in map(chr, range(128)))
_PHRASE = re.compile(rf"{_WORD.pattern}\*?")
_STAR_WITHIN = re.compile(r"\*[^\W_]")


def keyword_labels(text: str, rules: Rules) -> list[str]:
    """Give the labels whose phrases a text holds, in the order of the rules, each once.

    Words are compared whole, after folding; a phrase of several words stands for those words in a row, whatever is
    between them but no other word. ``develop*`` stands for every word that begins so.

    Raises:
        ValueError: a phrase is without a word, or has a ``*`` that does not end a word (see `check_rules`).

    >>> rules = (("Data", ("data engineer*", "C++")), ("Sales", ("CRM",)))
    >>> keyword_labels("We hire data-engineers with C++", rules)
    ['Data']
    """
    words = f" {' '.join(_words_of(fold(text)))} "
    found: dict[str, None] = {}
    for label, phrases in _prepared(rules):
        if any(phrase.search(words) for phrase in phrases):
            found[label] = None
    return list(found)


def check_rules(rules: Rules) -> None:
    """Refuse phrases that could never be found.

    Raises:
        ValueError: names the label and the phrase, and says what is wrong.

    >>> check_rules((("Data", ("data engineer*",)),))
    """
    _prepared(rules)


def _words_of(folded: str) -> Iterator[str]:
    """Give the words of a text; the pattern is asked only where letters and digits touch something else."""
    for piece in (folded.translate(_APART) if folded.isascii() else folded).split():
        if piece.isalnum():
            yield piece
        else:
            yield from _WORD.findall(piece)


@lru_cache(maxsize=64)
def _prepared(rules: Rules) -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    return tuple((label, tuple(_pattern(label, phrase) for phrase in phrases)) for label, phrases in rules)


def _pattern(label: str, phrase: str) -> re.Pattern[str]:
    """Make the pattern of a phrase, in a text whose words stand between single blanks; only * is more than itself."""
    folded = fold(phrase)
    words = _PHRASE.findall(folded)
    if not words:
        raise ValueError(f"the phrase {phrase!r} of {label!r} holds no word")
    if folded.count("*") != sum(word.endswith("*") for word in words) or _STAR_WITHIN.search(folded):
        raise ValueError(f"the phrase {phrase!r} of {label!r} has a * that does not end a word")
    return re.compile(re.escape(f" {' '.join(words)} ").replace(r"\*", "[^ ]*+"))
