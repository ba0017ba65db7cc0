"""Tiers: named, half-open bands of fit, the best first."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Self

import attrs

from icpkit import views
from icpkit._attrs import a_number, a_text, as_number, as_tuple, check_number, each, reject, short_repr
from icpkit.errors import DefinitionError

#: How many decimals a cut may have: a fit has no more.
_DECIMALS = 6
_TOP = 100


def _check_tier_cut(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if round(value, _DECIMALS) != value:
        raise reject(owner, field.name, f"must have at most {_DECIMALS} decimals", value)


def _check_tier_color(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    digits = "" if value is None else value.removeprefix("#")
    if value is not None and (
        digits == value or len(digits) not in {3, 6} or not set(digits) <= set("0123456789abcdefABCDEF")
    ):
        raise reject(owner, field.name, "must be a hex colour such as '#1a7f37'", value)


@attrs.frozen(repr=False)
class Tier:
    """A named band of fit, from its cut up to the next tier's cut, which it does not include.

    Args:
        name: such as ``"Perfect"``.
        cut: the least fit that belongs to it, with at most six decimals.
        color: how it is drawn, a CSS hex colour, or None.
        action: what it calls for, in words.
    """

    name: str = attrs.field(validator=a_text())
    cut: float = attrs.field(converter=as_number, validator=[a_number(least=0, most=_TOP), _check_tier_cut])
    color: str | None = attrs.field(default=None, kw_only=True, validator=[a_text(optional=True), _check_tier_color])
    action: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _check_cohort_size(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if type(value) is not int:
        raise reject(owner, field.name, "must be a whole number", value)


@attrs.frozen
class Cohort:
    """The accounts on whose fits quantile cuts were found.

    Attributes:
        size: how many of them had a fit.
        as_of: the day of their scoring.
    """

    size: int = attrs.field(validator=[a_number(least=1), _check_cohort_size])
    as_of: date = attrs.field(converter=views.as_of, validator=attrs.validators.instance_of(date))


def _check_tierscale_tiers(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    seen: dict[str, Tier] = {}
    for above, tier in zip((None, *value), value, strict=False):
        other = seen.setdefault(views.fold(tier.name), tier)
        if other is not tier:
            raise reject(
                owner,
                field.name,
                f"must have distinct names, but {other.name!r} and {tier.name!r} are one",
                tier,
            )
        if above is not None and above.cut <= tier.cut:
            raise reject(
                owner,
                field.name,
                f"must have falling cuts, but {tier.name!r} at {tier.cut} follows {above.name!r} at {above.cut}",
                tier,
            )
    if value[-1].cut != 0:
        raise reject(
            owner,
            field.name,
            f"must end with a tier that begins at 0, but {value[-1].name!r} begins at {value[-1].cut}",
            value[-1],
        )


@attrs.frozen(repr=False)
class TierScale:
    """The tiers of a profile, the best first; the last begins at 0.

    Args:
        tiers: the tiers, with falling cuts.
        cohort: where the cuts come from, if from quantiles.

    Raises:
        DefinitionError: for cuts that do not fall to 0, or names that are one after folding.

    >>> TierScale.standard().tier_of(79.999999)
    'Strong'
    """

    tiers: tuple[Tier, ...] = attrs.field(
        converter=as_tuple, validator=[each(Tier, "tiers", empty=False), _check_tierscale_tiers]
    )
    cohort: Cohort | None = attrs.field(
        default=None, kw_only=True, validator=attrs.validators.optional(attrs.validators.instance_of(Cohort))
    )

    @classmethod
    def standard(cls) -> Self:
        """Perfect from 80, Strong from 60, Moderate from 40, Weak below."""
        return cls(
            (
                Tier("Perfect", 80, color="#1a7f37", action="all resources"),
                Tier("Strong", 60, color="#2f6fb5", action="high priority"),
                Tier("Moderate", 40, color="#9a6700", action="selective: nurture until stronger"),
                Tier("Weak", 0, color="#6e7781", action="no outbound; accept inbound"),
            )
        )

    @classmethod
    def a_to_d(cls) -> Self:
        """The standard cuts and colours under the letters A to D."""
        return cls(
            tuple(attrs.evolve(tier, name=name) for name, tier in zip("ABCD", cls.standard().tiers, strict=True))
        )

    @classmethod
    def primary_to_tertiary(cls) -> Self:
        """Primary from 75, secondary from 50, tertiary below: a start, to be moved."""
        return cls(
            (
                Tier("Primary", 75, color="#1a7f37", action="pursue first"),
                Tier("Secondary", 50, color="#2f6fb5", action="pursue when capacity allows"),
                Tier("Tertiary", 0, color="#6e7781", action="serve, do not pursue"),
            )
        )

    @classmethod
    def from_cuts(cls, cuts: Mapping[str, float]) -> Self:
        """Make a scale of names and cuts, in any order.

        >>> TierScale.from_cuts({"Go": 70, "Wait": 0}).tier_of(70.0)
        'Go'
        """
        if not isinstance(cuts, Mapping):
            raise reject(cls, "cuts", "must be a mapping from name to cut", cuts, hint='{"Go": 70, "Wait": 0}')
        tiers = [Tier(name, cut) for name, cut in cuts.items()]
        return cls(tuple(sorted(tiers, key=lambda tier: -tier.cut)))

    @classmethod
    def from_quantiles(cls, fits: Iterable[float | None], shares: Mapping[str, float], *, as_of: date) -> Self:
        """Cut tiers so that each holds its share of a reference cohort; then the cuts stand, whoever is scored.

        A cut is the greatest observed fit that at least the tier's share, and the shares above it, reach: the inverse
        of the empirical distribution, with ties in the upper tier.

        Args:
            fits: the fits of the cohort; None and NaN (no fit) are left out, and not counted.
            shares: tier names, the best first, and the share of the cohort that each should hold; they sum to 1.
            as_of: the day on which the cohort was scored.

        Raises:
            DefinitionError: for shares that do not sum to 1, or a cohort whose ties leave a tier without a cut.

        >>> scale = TierScale.from_quantiles([90, 80, 70, 60], {"Top": 0.25, "Rest": 0.75}, as_of=date(2026, 11, 1))
        >>> scale.tiers[0], scale.cohort.size
        (Tier('Top', 90.0), 4)
        """
        seen = sorted((float(fit) for fit in fits if fit is not None and not math.isnan(fit)), reverse=True)
        for given in shares.values():
            check_number(cls, "shares", given, least=0, most=1)
        exact = [Fraction(str(share)) for share in shares.values()]
        if not seen or min(exact, default=Fraction(0)) <= 0 or sum(exact) != 1:
            problem = "must be above 0 and sum to 1" if seen else "need a cohort with at least one fit"
            raise DefinitionError("TierScale", "shares", f"{problem} (got {dict(shares)!r})", shares)
        tiers, reached = [], Fraction(0)
        for name, share in zip(list(shares)[:-1], exact, strict=False):
            reached += share
            tiers.append(Tier(name, seen[math.ceil(reached * len(seen)) - 1]))
        return cls((*tiers, Tier(list(shares)[-1], 0)), cohort=Cohort(len(seen), as_of))

    def tier_of(self, fit: float) -> str:
        """Give the name of the tier in which a fit lies.

        Args:
            fit: 0 to 100, quantised to a millionth as every published fit is.
        """
        return self.tiers[self._rank(fit)].name

    def rounded(self, fit: float) -> str:
        """Write a fit with one decimal, rounded, but never up to a cut that it does not reach.

        >>> TierScale.standard().rounded(79.96), TierScale.standard().rounded(71.96)
        ('79.9', '72.0')
        """
        text = f"{fit:.1f}"
        return f"{math.floor(fit * 10) / 10:.1f}" if self._rank(float(text)) < self._rank(fit) else text

    def between(self, low: float, high: float) -> tuple[str, ...]:
        """Give the names of the tiers whose band meets [low, high], the best first.

        >>> TierScale.standard().between(55.0, 80.0)
        ('Perfect', 'Strong', 'Moderate')
        """
        best, worst = self._rank(high), self._rank(low)
        return tuple(tier.name for tier in self.tiers[best : worst + 1])

    def _rank(self, fit: float) -> int:
        rank = 0
        while fit < self.tiers[rank].cut:  # the last cut is 0
            rank += 1
        return rank

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)
