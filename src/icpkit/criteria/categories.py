"""Criteria about categories: one of several values, levels on a scale, yes or no."""

import functools
import numbers
from typing import Any, Literal

import attrs

from icpkit import views
from icpkit._attrs import (
    Pairs,
    a_bool,
    a_number,
    a_text,
    as_levels,
    as_matches,
    as_number,
    as_pairs,
    as_table,
    check_number,
    check_table,
    reject,
    reject_pair,
)
from icpkit.criteria.criterion import Criterion
from icpkit.criteria.spelling import check_aliases, check_distinct, distinct
from icpkit.errors import near
from icpkit.value_functions import Table, ValueFunction
from icpkit.words import ENGLISH, Words, listed, number_text


def _check_oneof_values(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_table(owner, field.name, value, most=1)


def _check_oneof_aliases(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_aliases(owner, field.name, value)


@attrs.frozen(repr=False)
class OneOf(Criterion):
    """A text (or a number) that should be one of those listed; under a list of them the best counts.

    Args:
        attribute: the attribute: a text, a number, or a list of them.
        values: a collection of values that match fully, or a mapping from value to match; all text or all numbers.
        otherwise: the match of everything that is not listed.
        prefix: lets a listed text stand for all that begin with it, the longest first, as industry codes do.
        aliases: other spellings to names.
        case_sensitive: compares upper and lower case as different.

    Raises:
        DefinitionError: among others for two values that are one after folding and aliases.

    >>> OneOf("industry", {"Software": 1, "IT Services": 0.6}).describe()
    'industry: one of Software, IT Services (0.6)'
    """

    attribute: str = attrs.field(validator=a_text())
    values: Pairs = attrs.field(converter=as_table, validator=_check_oneof_values)
    otherwise: float = attrs.field(default=0, kw_only=True, converter=as_number, validator=a_number(least=0, most=1))
    prefix: bool = attrs.field(default=False, kw_only=True, validator=a_bool)
    aliases: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_pairs, validator=_check_oneof_aliases)
    case_sensitive: bool = attrs.field(default=False, kw_only=True, validator=a_bool)

    def __attrs_post_init__(self) -> None:
        """Check the values after folding and aliases."""
        if isinstance(self.values[0][0], str):
            check_distinct(
                self, "values", [key for key, _ in self.values], self.aliases, case_sensitive=self.case_sensitive
            )
        elif self.prefix or self.aliases or self.case_sensitive:
            raise reject(self, "values", "must be text where prefix, aliases or case_sensitive is given", self.values)

    def value_function(self) -> ValueFunction:
        """Give a table of texts or numbers."""
        view: Literal["text", "number"] = "text" if isinstance(self.values[0][0], str) else "number"
        table = Table(self.values, self.otherwise, self.prefix, self.case_sensitive, self.aliases)
        return ValueFunction(self.attribute, view, table, "best")

    def question(self, words: Words = ENGLISH) -> str:
        """Say which values are asked for."""
        texts = [_graded(key, match, words) for key, match in self.values]
        key = "beginning_with" if self.prefix else "one_of" if len(texts) > 1 else "only"
        text = words[key].format(values=listed(texts, words))
        return text + words["otherwise"].format(match=number_text(self.otherwise)) if self.otherwise else text


def _graded(key: object, match: float, words: Words) -> str:
    value = key if isinstance(key, str) else number_text(key)  # type: ignore[arg-type]  # a table's keys are text or numbers
    return value if match == 1 else words["graded"].format(value=value, match=number_text(match))


def _check_ordinal_order(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, tuple) or isinstance(value, Pairs):
        raise reject(owner, field.name, "must be a list of levels", value)
    check_table(owner, field.name, Pairs((level, 1) for level in value))
    if isinstance(value[0], str):
        distinct(owner, field.name, value, views.fold)


@attrs.frozen(repr=False)
class Ordinal(Criterion):
    """A level on an ordered scale, such as a funding stage or an urgency; a level that is not on it is invalid.

    Args:
        attribute: the attribute: a text, or a number, that is one of the levels.
        order: all levels, from the lowest to the highest.
        at_least: the lowest level that matches.
        at_most: the highest level that matches.
        matches: instead of the two, a match for every level.

    >>> Ordinal("stage", ["Seed", "Series A", "Series B", "IPO"], at_least="Series A").describe()
    'stage: at least Series A (Seed < Series A < Series B < IPO)'
    """

    attribute: str = attrs.field(validator=a_text())
    order: tuple[str | float, ...] = attrs.field(converter=as_levels, validator=_check_ordinal_order)
    at_least: str | float | None = attrs.field(default=None, kw_only=True)
    at_most: str | float | None = attrs.field(default=None, kw_only=True)
    matches: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_matches)

    def __attrs_post_init__(self) -> None:
        """Check the levels that the other fields name."""
        ends = self.at_least is not None or self.at_most is not None
        if ends == bool(self.matches):
            raise reject(self, "at_least", "or at_most, or else matches must be given", self.at_least)
        for field in ("at_least", "at_most"):
            level = getattr(self, field)
            if level is not None and self._rank(level) is None:
                raise self._unknown_level(field, level)
        if self.at_least is not None and self.at_most is not None and self._bounds()[0] > self._bounds()[1]:
            raise reject_pair(self, "at_most", ">=", "at_least")
        if not isinstance(self.matches, Pairs):
            raise reject(self, "matches", "must be a mapping from level to match", self.matches)
        for level, match in self.matches:
            if self._rank(level) is None:
                raise self._unknown_level("matches", level)
            check_number(self, "matches", match, least=0, most=1)
        ranks = [self._rank(level) for level, _ in self.matches]
        given = set(ranks)
        lacking = [level for rank, level in enumerate(self.order) if rank not in given]
        if self.matches and (lacking or len(ranks) > len(self.order)):
            raise reject(self, "matches", f"must give each level one match, but lacks {lacking}", self.matches)

    def _rank(self, level: object) -> int | None:
        """Give the place of a level, or None of what is none."""
        known = isinstance(level, str | numbers.Real) and not isinstance(level, bool)
        return _ranks(self.order).get(_folded(level)) if known else None

    def _unknown_level(self, field: str, level: object) -> Exception:
        names = [str(known) for known in self.order]
        return reject(self, field, f"must be one of {', '.join(names)}", level, hint=near(str(level), names))

    def _bounds(self) -> tuple[int, int]:
        first = 0 if self.at_least is None else self._rank(self.at_least)
        last = len(self.order) - 1 if self.at_most is None else self._rank(self.at_most)
        assert first is not None  # checked when made
        assert last is not None  # checked when made
        return first, last

    def value_function(self) -> ValueFunction:
        """Give a table in which nothing may be unlisted."""
        if self.matches:
            entries = Pairs(self.matches)
        else:
            first, last = self._bounds()
            entries = Pairs((level, float(first <= rank <= last)) for rank, level in enumerate(self.order))
        view: Literal["text", "number"] = "text" if isinstance(self.order[0], str) else "number"
        return ValueFunction(self.attribute, view, Table(entries, otherwise=None))

    def question(self, words: Words = ENGLISH) -> str:
        """Say which levels are asked for."""
        if self.matches:
            return listed([_graded(level, match, words) for level, match in self.matches], words)
        key = "at_most" if self.at_least is None else "at_least" if self.at_most is None else "between"
        levels = words[key].format(low=self.at_least, high=self.at_most)
        return words["level"].format(levels=levels, order=" < ".join(str(level) for level in self.order))


@functools.lru_cache(maxsize=64)
def _ranks(order: tuple[str | float, ...]) -> dict[object, int]:
    return {_folded(level): rank for rank, level in enumerate(order)}


def _folded(level: object) -> object:
    return views.fold(level) if isinstance(level, str) else level


@attrs.frozen(repr=False)
class Flag(Criterion):
    """A yes or no, or unknown: True/False, 0/1 and 0.0/1.0 are accepted.

    Args:
        attribute: the attribute.
        expected: the answer that matches.

    >>> Flag("uses_competitor", expected=False).describe()
    'uses_competitor: no'
    """

    attribute: str = attrs.field(validator=a_text())
    expected: bool = attrs.field(default=True, validator=a_bool)

    def value_function(self) -> ValueFunction:
        """Give a table of both answers."""
        yes = float(self.expected)
        return ValueFunction(self.attribute, "truth", Table(Pairs([(1, yes), (0, 1.0 - yes)]), otherwise=None))

    def question(self, words: Words = ENGLISH) -> str:
        """Say which answer is asked for."""
        return words["yes" if self.expected else "no"]
