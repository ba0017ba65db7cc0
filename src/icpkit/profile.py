"""The profile: named, weighted dimensions of criteria, gates, adjustments and tiers. One ideal customer profile."""

import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, Self, TypeAlias

import attrs

from icpkit import views
from icpkit._attrs import (
    Pairs,
    a_bool,
    a_number,
    a_text,
    as_number,
    as_pairs,
    as_tuple,
    each,
    one_of,
    reject,
    short_repr,
)
from icpkit.criteria import (
    Age,
    Criterion,
    Engagement,
    Flag,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    TechOverlap,
    Upcoming,
    reject_own_weight,
)
from icpkit.errors import NoSuchPathError, near
from icpkit.missing import MissingPolicy, a_policy, as_policy
from icpkit.tiers import TierScale
from icpkit.value_functions import Combination, ValueFunction

#: Effective weights are whole multiples of 1 over this.
WEIGHT_UNITS = 2**40
#: How many decimals a threshold may have, since what it is compared with has no more.
_DECIMALS = 9
_RESERVED = ("gates", "adjustments")
#: Where a part stands: the profile's field, an index, and for a criterion its index in the dimension.
_Place: TypeAlias = tuple[Any, ...]


def _check_criterion(owner: object, field: str, criterion: Any) -> None:
    """Accept a criterion that has a name, is hashable, and answers with a value function that gives matches."""
    if not isinstance(criterion, Criterion):
        raise reject(owner, field, "must be a criterion", criterion)
    if criterion.called is None:
        raise reject(
            owner,
            field,
            "must have a name",
            criterion,
            hint='a combinator needs one: name="…"',
        )
    try:
        hash(criterion)
    except TypeError:
        raise reject(owner, field, "must be hashable: keep its fields as tuples", criterion) from None
    function = criterion.value_function()
    if not isinstance(function, ValueFunction | Combination):
        raise reject(owner, field, "must answer value_function() with a value function", function)
    if not 0 <= min(function.reach) <= max(function.reach) <= 1:
        raise reject(owner, field, f"must give matches between 0 and 1, not {function.reach}", criterion)


def _check_distinct(owner: object, field: str, names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        folded = views.fold(name)
        if folded in seen:
            hint = 'give one of them another: name="…"'
            raise reject(owner, field, f"must have distinct names, but {seen[folded]!r} comes twice", name, hint=hint)
        seen[folded] = name


def _check_decimals(owner: object, field: "attrs.Attribute[Any]", value: float) -> None:
    if round(value, _DECIMALS) != value:
        raise reject(owner, field.name, f"must have at most {_DECIMALS} decimals", value)


def _check_dimension_name(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if views.fold(value) in _RESERVED:
        raise reject(owner, field.name, "must not be 'gates' or 'adjustments', which paths use", value)


def _check_dimension_criteria(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    for criterion in value:
        _check_criterion(owner, field.name, criterion)
    _check_distinct(owner, field.name, map(name_of, value))
    if not any(criterion.weight for criterion in value):
        raise reject(owner, field.name, "must not all have the weight 0", value)


@attrs.frozen(repr=False)
class Dimension:
    """A named, weighted group of criteria.

    Args:
        name: such as ``"Firmographics"``.
        criteria: at least one, with distinct names and weights that are not all 0.
        weight: its importance among the dimensions, ≥ 0.

    >>> Dimension("Firmographics", [Range("employees", 50, 500)], weight=30)
    Dimension('Firmographics', [Range('employees', 50, 500)], weight=30)
    """

    name: str = attrs.field(validator=[a_text(), _check_dimension_name])
    criteria: tuple[Criterion, ...] = attrs.field(
        converter=as_tuple, validator=[each(Criterion, "criteria", empty=False), _check_dimension_criteria]
    )
    weight: float = attrs.field(default=1, kw_only=True, converter=as_number, validator=a_number(least=0))

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def name_of(criterion: Criterion) -> str:
    """Give the name of a criterion that stands in a profile, where each has one."""
    called = criterion.called
    assert called is not None  # checked when its dimension, gate or adjustment was made
    return called


def _check_gate_criterion(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_criterion(owner, field.name, value)
    reject_own_weight(value, inside="Gate")


@attrs.frozen(repr=False)
class Gate:
    """A must-have, or with ``~`` a knock-out: an account whose match is surely below the threshold is disqualified.

    Args:
        criterion: what is asked; it carries no weight and no missing policy.
        at_least: the threshold, above 0 up to 1.
        when_unknown: ``"pass"`` lets an account that cannot be checked pass, listed as unverified; or ``"disqualify"``.
        overridable: whether a manual override may lift it.

    >>> Gate(~OneOf("country", ["KP", "SY"]), overridable=False).name
    'country'
    """

    criterion: Criterion = attrs.field(validator=_check_gate_criterion)
    at_least: float = attrs.field(
        default=1, converter=as_number, validator=[a_number(above=0, most=1), _check_decimals]
    )
    when_unknown: Literal["pass", "disqualify"] = attrs.field(
        default="pass", kw_only=True, validator=one_of("pass", "disqualify")
    )
    overridable: bool = attrs.field(default=True, kw_only=True, validator=a_bool)

    @property
    def name(self) -> str:
        """The name of its criterion."""
        return name_of(self.criterion)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _check_adjustment_points(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value == 0:
        raise reject(owner, field.name, "must not be 0", value)


def _check_adjustment_when(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_criterion(owner, field.name, value)
    reject_own_weight(value, inside="Adjustment")


@attrs.frozen(repr=False)
class Adjustment:
    """Points added to the fit, or taken from it, in proportion to the match of a criterion.

    Args:
        points: -100 to 100, not 0.
        when: the criterion; it carries no weight and no missing policy.

    >>> Adjustment(-15, Flag("in_litigation")).name
    'in_litigation'
    """

    points: float = attrs.field(
        converter=as_number, validator=[a_number(least=-100, most=100), _check_adjustment_points]
    )
    when: Criterion = attrs.field(validator=_check_adjustment_when)

    @property
    def name(self) -> str:
        """The name of its criterion."""
        return name_of(self.when)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _as_moment(value: date | str) -> date:
    return views.moment(value).as_of


def _as_names(value: str | Iterable[str]) -> tuple[str, ...]:
    names: tuple[str, ...] = (value,) if isinstance(value, str) else as_tuple(value)
    return names


def _check_example_account(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_mapping(owner, field, value)


@attrs.frozen(repr=False)
class Example:
    """An invented account and the tier, or tiers, that everybody agrees it should get.

    Args:
        account: its attributes, a mapping.
        as_of: the moment at which it is scored.
        tier: a tier's name, or several.
    """

    account: Pairs = attrs.field(converter=as_pairs, validator=_check_example_account)
    as_of: date = attrs.field(kw_only=True, converter=_as_moment)
    tier: tuple[str, ...] = attrs.field(
        kw_only=True, converter=_as_names, validator=each(str, "tier names", empty=False)
    )

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def check_mapping(owner: object, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Accept frozen pairs whose keys are text and whose values are hashable."""
    if not isinstance(value, Pairs) or not all(isinstance(key, str) for key, _ in value):
        raise reject(owner, field.name, "must be a mapping with text keys", value)
    try:
        hash(value)
    except TypeError:
        raise reject(
            owner, field.name, "must hold plain data only: text, numbers, dates, lists, mappings", value
        ) from None


def _check_profile_dimensions(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_distinct(owner, field.name, [dimension.name for dimension in value])
    if not any(dimension.weight for dimension in value):
        raise reject(owner, field.name, "must not all have the weight 0", value)


def _check_profile_gates(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_distinct(owner, field.name, [gate.name for gate in value])


def _check_profile_adjustments(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_distinct(owner, field.name, [adjustment.name for adjustment in value])


def _check_profile_tiers(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, TierScale):
        raise reject(
            owner,
            field.name,
            "must be a TierScale",
            value,
            hint="TierScale.standard(), or TierScale.from_cuts({…})",
        )


def _check_profile_examples(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    known = [tier.name for tier in owner.tiers.tiers]
    for name in (name for example in value for name in example.tier):
        if name not in known:
            raise reject(
                owner,
                field.name,
                f"must expect tiers among {', '.join(known)}",
                name,
                hint=near(name, known),
            )


@attrs.frozen(repr=False, cache_hash=True)
class Profile:
    """One ideal customer profile.

    Args:
        name: free text.
        dimensions: at least one, with distinct names and weights that are not all 0.
        gates: must-haves and knock-outs.
        adjustments: points added or taken, in this order.
        tiers: the bands of fit.
        missing: what an unknown criterion counts for where it does not say so itself: ``"skip"`` or a match in [0, 1].
        min_coverage: the share of effective weight that must be known for a fit, with at most nine decimals.
        about: what is scored: ``"company"`` or ``"person"``.
        priority: how much this profile matters: ``"low"``, ``"medium"``, ``"high"``, or None.
        rank: its value potential: ``"primary"``, ``"secondary"``, ``"tertiary"``, or None.
        stage: ``"draft"``, ``"testing"``, ``"active"`` or ``"retired"``.
        examples: invented accounts with the tiers that they should get.
        meta: tags, notes and playbooks by category; never scored.

    Raises:
        DefinitionError: for anything that contradicts itself; the message names class, field, value and the way out.

    >>> profile = Profile(
    ...     "SaaS",
    ...     [
    ...         Dimension("Firmographics", [Range("employees", 50, 500), Flag("b2b", weight=3)], weight=3),
    ...         Dimension("Technographics", [TechOverlap("technologies", ["Slack"])]),
    ...     ],
    ... )
    >>> profile.effective_weights
    {'firmographics/employees': 0.1875, 'firmographics/b2b': 0.5625, 'technographics/technologies': 0.25}
    """

    name: str = attrs.field(validator=a_text())
    dimensions: tuple[Dimension, ...] = attrs.field(
        converter=as_tuple, validator=[each(Dimension, "dimensions", empty=False), _check_profile_dimensions]
    )
    gates: tuple[Gate, ...] = attrs.field(
        default=(), kw_only=True, converter=as_tuple, validator=[each(Gate, "gates"), _check_profile_gates]
    )
    adjustments: tuple[Adjustment, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=as_tuple,
        validator=[each(Adjustment, "adjustments"), _check_profile_adjustments],
    )
    tiers: TierScale = attrs.field(default=TierScale.standard(), kw_only=True, validator=_check_profile_tiers)
    missing: MissingPolicy = attrs.field(default="skip", kw_only=True, converter=as_policy, validator=a_policy)
    min_coverage: float = attrs.field(
        default=0.5, kw_only=True, converter=as_number, validator=[a_number(least=0, most=1), _check_decimals]
    )
    about: Literal["company", "person"] = attrs.field(
        default="company", kw_only=True, validator=one_of("company", "person")
    )
    priority: Literal["low", "medium", "high"] | None = attrs.field(
        default=None, kw_only=True, validator=one_of("low", "medium", "high", None)
    )
    rank: Literal["primary", "secondary", "tertiary"] | None = attrs.field(
        default=None, kw_only=True, validator=one_of("primary", "secondary", "tertiary", None)
    )
    stage: Literal["draft", "testing", "active", "retired"] = attrs.field(
        default="draft", kw_only=True, validator=one_of("draft", "testing", "active", "retired")
    )
    examples: tuple[Example, ...] = attrs.field(
        default=(), kw_only=True, converter=as_tuple, validator=[each(Example, "examples"), _check_profile_examples]
    )
    meta: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_pairs, validator=check_mapping)

    def __attrs_post_init__(self) -> None:
        """Refuse paths that lead to two parts, and weights so unequal that one comes to nothing."""
        _check_distinct(self, "dimensions", self.paths)
        for (path, dimension, criterion), units in zip(
            leaves(self.dimensions), weight_units(self.dimensions), strict=True
        ):
            if not units and criterion.weight and dimension.weight:
                problem = f"give {path!r} less than 2^-40 of the whole, which rounds to nothing"
                raise reject(self, "dimensions", problem, criterion.weight, hint="weigh it more, or 0")

    @property
    def effective_weights(self) -> dict[str, float]:
        """The share of the whole that each criterion carries, by path; they sum to exactly 1."""
        paths = [path for path, _, _ in leaves(self.dimensions)]
        return dict(zip(paths, [units / WEIGHT_UNITS for units in weight_units(self.dimensions)], strict=True))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all dimensions, criteria, gates and adjustments."""
        return tuple(path for path, _, _ in self._parts())

    def __getitem__(self, path: str) -> Dimension | Criterion | Gate | Adjustment:
        """Give what stands at a path, compared after folding.

        Raises:
            NoSuchPathError: with the nearest paths.

        >>> standard_profile()["firmographics/employees"]
        Range('employees', 50, 500, soft_low=25, soft_high=1000)
        """
        found: Dimension | Criterion | Gate | Adjustment = self._find(path)[1]
        return found

    def with_weight(self, path: str, weight: float) -> Self:
        """Give the profile with another weight at a dimension or criterion.

        >>> standard_profile().with_weight("technographics", 35)["technographics"].weight
        35
        """
        place, found = self._find(path)
        if isinstance(found, Dimension):
            return self._put(place, attrs.evolve(found, weight=weight))
        if isinstance(found, Criterion):
            return self._put(place, found.with_weight(weight))
        raise reject(self, "", f"has no weight to change at {path!r}: gates and adjustments carry none", found)

    def with_criterion(self, dimension: str, criterion: Criterion) -> Self:
        """Give the profile with a criterion in a dimension: in place of the one of that name, or as its last."""
        place, found = self._find(dimension)
        if not isinstance(found, Dimension):
            raise NoSuchPathError(dimension, [one.name for one in self.dimensions], profile=self.name)
        return self._put(place, attrs.evolve(found, criteria=_with(found.criteria, criterion)))

    def with_dimension(self, dimension: Dimension) -> Self:
        """Give the profile with a dimension: in place of the one of that name, or as its last."""
        return attrs.evolve(self, dimensions=_with(self.dimensions, dimension))

    def with_gate(self, gate: Gate) -> Self:
        """Give the profile with a gate: in place of the one of that name, or as its last."""
        return attrs.evolve(self, gates=_with(self.gates, gate))

    def with_adjustment(self, adjustment: Adjustment) -> Self:
        """Give the profile with an adjustment: in place of the one of that name, or as its last."""
        return attrs.evolve(self, adjustments=_with(self.adjustments, adjustment))

    def with_tiers(self, tiers: TierScale) -> Self:
        """Give the profile with other tiers."""
        return attrs.evolve(self, tiers=tiers)

    def without(self, path: str) -> Self:
        """Give the profile without what stands at a path.

        Raises:
            NoSuchPathError: where nothing stands there.
            DefinitionError: for the last criterion of a dimension; take the dimension away instead.

        >>> standard_profile().without("technographics/technologies").effective_weights["technographics/cloud_maturity"]
        0.19999999...
        """
        place, _ = self._find(path)
        return self._put(place, None)

    def _parts(self) -> Iterator[tuple[str, _Place, Any]]:
        for i, dimension in enumerate(self.dimensions):
            yield views.fold(dimension.name), ("dimensions", i), dimension
            for j, criterion in enumerate(dimension.criteria):
                yield path_of(dimension.name, name_of(criterion)), ("dimensions", i, j), criterion
        for i, gate in enumerate(self.gates):
            yield path_of("gates", gate.name), ("gates", i), gate
        for i, adjustment in enumerate(self.adjustments):
            yield path_of("adjustments", adjustment.name), ("adjustments", i), adjustment

    def _find(self, path: str) -> tuple[_Place, Any]:
        for known, place, part in self._parts():
            if known == views.fold(path):
                return place, part
        raise NoSuchPathError(path, self.paths, profile=self.name)

    def _put(self, place: _Place, part: Any) -> Self:
        """Give the profile with another part in a place, or with none there."""
        field, i, *inner = place
        if inner:
            dimension = self.dimensions[i]
            part = attrs.evolve(dimension, criteria=_at(dimension.criteria, inner[0], part))
        changes: dict[str, Any] = {field: _at(getattr(self, field), i, part)}
        return attrs.evolve(self, **changes)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _at(parts: tuple[Any, ...], index: int, part: Any) -> tuple[Any, ...]:
    return (*parts[:index], *(() if part is None else (part,)), *parts[index + 1 :])


def _with(parts: tuple[Any, ...], part: Any) -> tuple[Any, ...]:
    """Put a part in the place of the one of its name, or last."""

    def called(one: Any) -> str:
        return views.fold(str(one.called if isinstance(one, Criterion) else getattr(one, "name", "")))

    index = next((index for index, one in enumerate(parts) if called(one) == called(part)), len(parts))
    return _at(parts, index, part)


def path_of(group: str, name: str) -> str:
    """Give the path of a name within a group, folded.

    >>> path_of("Firmographics", "Employees")
    'firmographics/employees'
    """
    return f"{views.fold(group)}/{views.fold(name)}"


def leaves(dimensions: Iterable[Dimension]) -> list[tuple[str, Dimension, Criterion]]:
    """Give path, dimension and criterion of each leaf, in stored order."""
    return [
        (path_of(dimension.name, name_of(criterion)), dimension, criterion)
        for dimension in dimensions
        for criterion in dimension.criteria
    ]


def weight_units(dimensions: tuple[Dimension, ...]) -> list[int]:
    """Give the effective weight of each leaf in units of 2^-40, which sum to exactly 2^40.

    The method of largest remainders: each share is rounded down, and the units left over go to the largest remainders,
    ties by path.
    """
    across = _whole_numbers([dimension.weight for dimension in dimensions])
    within = [_whole_numbers([criterion.weight for criterion in dimension.criteria]) for dimension in dimensions]
    # One denominator for all shares, so that remainders compare as they are.
    common = math.lcm(*map(sum, within))
    denominator = sum(across) * common
    divided = [
        divmod(WEIGHT_UNITS * weight * one * (common // sum(inner)), denominator)
        for weight, inner in zip(across, within, strict=True)
        for one in inner
    ]
    units = [whole for whole, _ in divided]
    paths = [path for path, _, _ in leaves(dimensions)]
    by_remainder = sorted(range(len(units)), key=lambda i: (-divided[i][1], paths[i]))
    for i in by_remainder[: WEIGHT_UNITS - sum(units)]:
        units[i] += 1
    return units


def _whole_numbers(weights: list[float]) -> list[int]:
    """Scale weights to integers of exactly the same proportions."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = math.lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def standard_profile(name: str = "Standard") -> Profile:
    """Give a profile to start from: five dimensions at 30, 20, 25, 15 and 10, for a mid-market software vendor.

    Every criterion is one to replace with your own; the attributes are those that CRM and enrichment exports hold.

    >>> [dimension.weight for dimension in standard_profile().dimensions]
    [30, 20, 25, 15, 10]
    """
    return Profile(
        name,
        [
            Dimension(
                "Firmographics",
                [
                    Range("employees", 50, 500, soft_low=25, soft_high=1000),
                    Range("annual_revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6),
                    OneOf("industry", {"Software": 1, "IT Services": 0.6, "Financial Services": 0.5}, weight=2),
                    OneOf("region", {"North America": 1, "Europe": 1, "APAC": 0.5}),
                    Age("founded", at_least=3, soft_at_least=1),
                ],
                weight=30,
            ),
            Dimension(
                "Technographics",
                [
                    TechOverlap(
                        "technologies",
                        {"CRM": 2, "Slack": 1, "Google Workspace": 1, "Jira": 1},
                        groups={"CRM": ["Salesforce", "HubSpot", "Microsoft Dynamics"]},
                    ),
                    Ordinal("cloud_maturity", ["Early", "Growing", "Advanced"], at_least="Growing"),
                ],
                weight=20,
            ),
            Dimension(
                "Behavioral signals",
                [
                    Recency("last_demo_request", half_life=30),
                    Engagement("engagement", {"webinar": 1, "download": 1, "pricing page": 2, "demo": 3}, target=5),
                ],
                weight=25,
            ),
            Dimension(
                "Business needs",
                [
                    Overlap("pains", ["manual processes", "data silos", "poor ROI"], mode="any"),
                    Ordinal(
                        "urgency",
                        ["Nice-to-have", "Important", "Critical"],
                        matches={"Nice-to-have": 0.2, "Important": 0.7, "Critical": 1},
                    ),
                    Upcoming("contract_renewal", within=180),
                ],
                weight=15,
            ),
            Dimension(
                "Growth potential",
                [
                    Range("headcount_growth", 0.1, None, soft_low=0),
                    Recency("last_funding", linear=365, absent="unknown"),
                ],
                weight=10,
            ),
        ],
        gates=[Gate(Flag("is_competitor", expected=False))],
        adjustments=[Adjustment(-15, Flag("in_litigation"))],
    )
