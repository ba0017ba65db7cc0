"""Criteria about numbers: ranges, ages in years, bands."""

import math
import operator
from typing import Any, Final, Literal

import attrs

from icpkit._attrs import (
    a_number,
    a_text,
    as_number,
    as_optional_number,
    as_steps,
    check_steps,
    one_of,
    reject,
    reject_pair,
)
from icpkit.criteria.criterion import Criterion
from icpkit.value_functions import Segments, Steps, ValueFunction
from icpkit.words import ENGLISH, Words, listed, number_text


@attrs.frozen(repr=False)
class Range(Criterion):
    """A number that should lie within a range, both ends included.

    Args:
        attribute: the attribute, a number.
        low: the lower end, or None for none.
        high: the upper end, or None for none.
        soft_low: where the match has fallen to 0 below ``low``; None falls at once.
        soft_high: where it has fallen to 0 above ``high``.
        scale: ``"log"`` lets the soft edges fall evenly per factor; edges must then be > 0, and values ≤ 0 lie below
            every edge.

    Raises:
        DefinitionError: for ends that are no numbers, or in the wrong order.

    >>> Range("employees", 50, 500, soft_low=25, soft_high=1000).describe()
    'employees: 50 to 500 (0 at 25 and 1,000)'
    """

    attribute: str = attrs.field(validator=a_text())
    low: float | None = attrs.field(converter=as_optional_number, validator=a_number(optional=True))
    high: float | None = attrs.field(converter=as_optional_number, validator=a_number(optional=True))
    soft_low: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(optional=True)
    )
    soft_high: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(optional=True)
    )
    scale: Literal["linear", "log"] = attrs.field(default="linear", kw_only=True, validator=one_of("linear", "log"))

    def __attrs_post_init__(self) -> None:
        """Check the ends against each other."""
        _check_ends(self, "low", "high", "soft_low", "soft_high", log=self.scale == "log")

    def value_function(self) -> ValueFunction:
        """Give segments over the number or its logarithm."""
        shape = Segments(self.low, self.high, self.soft_low, self.soft_high)
        return ValueFunction(self.attribute, "log" if self.scale == "log" else "number", shape)

    def question(self, words: Words = ENGLISH) -> str:
        """Say which range is asked for."""
        text = _ends_text(self.low, self.high, self.soft_low, self.soft_high, words)
        soft = self.soft_low is not None or self.soft_high is not None
        return text + words["on_log_scale"] if soft and self.scale == "log" else text


@attrs.frozen(repr=False)
class Age(Criterion):
    """Years since a founding year or date, at the moment of scoring; a founding after it is unknown.

    Args:
        attribute: the attribute: a year such as 2013, or a date.
        at_least: years at least, or None.
        at_most: years at most, or None.
        soft_at_least: where the match has fallen to 0 below ``at_least``.
        soft_at_most: where it has fallen to 0 above ``at_most``.

    >>> Age("founded", at_least=5).describe()
    'founded: at least 5 years old'
    """

    attribute: str = attrs.field(validator=a_text())
    at_least: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(least=0, optional=True)
    )
    at_most: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(least=0, optional=True)
    )
    soft_at_least: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(optional=True)
    )
    soft_at_most: float | None = attrs.field(
        default=None, kw_only=True, converter=as_optional_number, validator=a_number(optional=True)
    )

    def __attrs_post_init__(self) -> None:
        """Check the ends against each other."""
        _check_ends(self, "at_least", "at_most", "soft_at_least", "soft_at_most")

    def value_function(self) -> ValueFunction:
        """Give segments over the years since."""
        return ValueFunction(
            self.attribute,
            "years",
            Segments(self.at_least, self.at_most, self.soft_at_least, self.soft_at_most),
        )

    def question(self, words: Words = ENGLISH) -> str:
        """Say which age is asked for."""
        ends = _ends_text(self.at_least, self.at_most, self.soft_at_least, self.soft_at_most, words)
        return words["years"].format(question=ends)


def _check_ends(owner: Criterion, low: str, high: str, soft_low: str, soft_high: str, *, log: bool = False) -> None:
    ends = {name: getattr(owner, name) for name in (low, high, soft_low, soft_high)}
    given = {name: value for name, value in ends.items() if value is not None}
    softened = [(soft, edge) for soft, edge in ((soft_low, low), (soft_high, high)) if soft in given]
    if low not in given and high not in given:
        raise reject(owner, low, f"or {high} must be given", None)
    for soft, edge in softened:
        if edge not in given:
            raise reject(owner, soft, f"needs {edge}, from which it falls", given[soft])
    for field, sign, other in ((soft_low, "<", low), (high, ">=", low), (soft_high, ">", high)):
        if field in given and other in given and not _HOLDS[sign](given[field], given[other]):
            raise reject_pair(owner, field, sign, other)
    for name, value in given.items():
        if log and value <= 0:
            raise reject(owner, name, "must be > 0 on a log scale", value)
    for soft, edge in softened:
        if not _finite_slope(given[edge], given[soft], log=log):
            raise reject(owner, soft, f"must lie farther from {edge}", given[soft])


_HOLDS: Final = {"<": operator.lt, ">": operator.gt, ">=": operator.ge}


def _finite_slope(edge: float, soft: float, *, log: bool) -> bool:
    width = abs(math.log(edge) - math.log(soft)) if log else abs(float(edge) - float(soft))
    return 0.0 < width < math.inf and 1.0 / width < math.inf


def _ends_text(
    low: float | None, high: float | None, soft_low: float | None, soft_high: float | None, words: Words
) -> str:
    key = "at_most" if low is None else "at_least" if high is None else "exactly" if low == high else "between"
    ends = {name: number_text(value) for name, value in (("low", low), ("high", high)) if value is not None}
    text = words[key].format(**ends)
    soft = [number_text(value) for value in (soft_low, soft_high) if value is not None]
    if not soft:
        return text
    edges = soft[0] if len(soft) == 1 else words["and"].format(left=soft[0], right=soft[1])
    return text + words["fading"].format(edges=edges)


def _check_bands_bands(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_steps(owner, field.name, value)


@attrs.frozen(repr=False)
class Bands(Criterion):
    """A number that falls into bands, each with its match.

    Args:
        attribute: the attribute, a number.
        bands: (start, match) pairs with rising starts; a band reaches up to the next start, which it does not include.
        otherwise: the match below the first start.

    >>> Bands("annual_revenue", [(1e6, 0.5), (10e6, 1)]).describe()
    'annual_revenue: by bands: from 1M: 0.5, from 10M: 1, below: 0'
    """

    attribute: str = attrs.field(validator=a_text())
    bands: tuple[tuple[float, float], ...] = attrs.field(converter=as_steps, validator=_check_bands_bands)
    otherwise: float = attrs.field(default=0, kw_only=True, converter=as_number, validator=a_number(least=0, most=1))

    def value_function(self) -> ValueFunction:
        """Give steps from each start."""
        return ValueFunction(self.attribute, "number", Steps(self.bands, self.otherwise))

    def question(self, words: Words = ENGLISH) -> str:
        """Say which bands there are."""
        texts = [words["band"].format(low=number_text(low), match=number_text(match)) for low, match in self.bands]
        texts.append(words["below"].format(match=number_text(self.otherwise)))
        return words["bands"].format(bands=listed(texts, words))
