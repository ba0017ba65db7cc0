"""The profile: named, weighted dimensions of criteria, gates, adjustments and tiers. One ideal customer profile."""

import functools
import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, overload

import attrs

from icpkit import identity, views
from icpkit._attrs import (
    Pairs,
    a_bool,
    a_number,
    a_text,
    as_number,
    as_plain,
    as_tuple,
    check_plain,
    each,
    one_of,
    reject,
    short_repr,
    typed,
)
from icpkit._version import SEMANTICS
from icpkit.criteria import CRITERIA, AllOf, AnyOf, Criterion, Not, reject_own_weight
from icpkit.errors import AbsentKindError, NoSuchPathError, near
from icpkit.markup import html_table, markdown_table
from icpkit.missing import MissingPolicy, a_policy, as_policy
from icpkit.tiers import TierScale
from icpkit.value_functions import Combination, ValueFunction
from icpkit.words import ENGLISH, Words, listed, number_text, percent_text

if TYPE_CHECKING:
    from icpkit.scoring import ExampleFailure

#: Effective weights are whole multiples of 1 over this.
WEIGHT_UNITS = 2**40
#: How many decimals a threshold may have, since what it is compared with has no more.
_DECIMALS = 9
_RESERVED = ("gates", "adjustments")
#: Where a part stands: the profile's field, an index, and for a criterion its index in the dimension.
_Place: TypeAlias = tuple[Any, ...]


#: Criteria whose own validators see to all that `_check_criterion` asks of a stranger's.
_SOUND = frozenset(CRITERIA) - {AllOf, AnyOf, Not}


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
    if type(criterion) in _SOUND:
        return
    try:
        hash(criterion)
    except TypeError:
        raise reject(owner, field, "must be hashable: keep its fields as tuples", criterion) from None
    try:
        function = criterion.value_function()
    except AbsentKindError:  # it may stand in a profile, which then can be read but not scored
        return
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

    >>> Dimension("Firmographics", [icp.Range("employees", 50, 500)], weight=30)
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

    >>> Gate(~icp.OneOf("country", ["KP", "SY"]), overridable=False).name
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

    >>> Adjustment(-15, icp.Flag("in_litigation")).name
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


def _as_names(value: str | Iterable[str]) -> tuple[str, ...]:
    names: tuple[str, ...] = (value,) if isinstance(value, str) else as_tuple(value)
    return names


#: What an example may be expected to get in place of a tier.
_WITHOUT_TIER = ("disqualified", "insufficient data")


@attrs.frozen(repr=False)
class Example:
    """An invented account and the tier, or tiers, that everybody agrees it should get.

    Args:
        account: its attributes, a mapping of plain data; dates are kept as ISO text, unknown entries are dropped.
        as_of: the moment at which it is scored.
        tier: a tier's name, or several; or ``"disqualified"``, or ``"insufficient data"``.
        name: what messages call it.

    >>> Example({"employees": 320, "founded": date(2013, 1, 1)}, as_of="2026-11-01", tier=["Perfect", "Strong"])
    Example({'employees': 320, 'founded': '2013-01-01'}, as_of=datetime.date(2026, 11, 1), tier=['Perfect', 'Strong'])
    """

    account: Pairs = attrs.field(converter=as_plain, validator=check_plain, eq=typed)
    as_of: date = attrs.field(kw_only=True, converter=views.as_of)
    tier: tuple[str, ...] = attrs.field(
        kw_only=True,
        converter=_as_names,
        validator=each(str, "tier names", empty=False),
        metadata={"in files": str | tuple[str, ...]},
    )
    name: str | None = attrs.field(default=None, kw_only=True, validator=a_text(optional=True))

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


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


def _check_expectations(profile: "Profile") -> None:
    known = dict.fromkeys([*(tier.name for tier in profile.tiers.tiers), *_WITHOUT_TIER])
    for name in (name for example in profile.examples for name in example.tier):
        if name not in known:
            problem = f"must expect tiers among {', '.join(known)}"
            raise reject(profile, "examples", problem, name, hint=near(name, known))


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
    ...         Dimension("Firmographics", [icp.Range("employees", 50, 500), icp.Flag("b2b", weight=3)], weight=3),
    ...         Dimension("Technographics", [icp.TechOverlap("technologies", ["Slack"])]),
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
        default=(), kw_only=True, converter=as_tuple, validator=each(Example, "examples")
    )
    meta: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_plain, validator=check_plain, eq=typed)

    def __attrs_post_init__(self) -> None:
        """Refuse paths that lead to two parts, and weights so unequal that one comes to nothing."""
        _check_distinct(self, "dimensions", self.paths)
        _check_expectations(self)
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

    @functools.cached_property
    def content_id(self) -> str:
        """The SHA-256 of all that it says, as hexadecimal text: the same for the same content, wherever it is made.

        The order of the entries of a mapping is no content.

        Raises:
            DefinitionError: for what no file can hold, in a criterion of your own.

        >>> icp.standard_profile().content_id == icp.standard_profile("Another name").content_id
        False
        """
        return identity.content_id(identity.data_of(self))

    @functools.cached_property
    def scoring_id(self) -> str:
        """The SHA-256 of what can move a fit, a tier or a status, as hexadecimal text: names and notes do not count.

        Raises:
            AbsentKindError: where a kind of criterion is absent.

        >>> icp.standard_profile().scoring_id == icp.standard_profile("Another name").scoring_id
        True
        """
        return identity.digest(f"icpkit/scoring/{SEMANTICS}", _meaning_of(self))

    def check_examples(self) -> "tuple[ExampleFailure, ...]":
        """Score the examples, and give those that do not get what they should; none is good news.

        Raises:
            AbsentKindError: where a kind of criterion is absent.

        >>> import attrs
        >>> big = Example({"employees": 90_000}, as_of="2026-11-01", tier="Perfect", name="a giant")
        >>> profile = Profile("P", [Dimension("Size", [icp.Range("employees", 50, 500)])], examples=[big])
        >>> print(*profile.check_examples())
        a giant should be Perfect, but is Weak (fit 0.0)
        """
        from icpkit.scoring import check_examples  # noqa: PLC0415  # the one step upward: see pyproject.toml

        return check_examples(self)

    @overload
    def to_table(self, form: Literal["markdown", "html"] = "markdown", words: Words = ENGLISH) -> str: ...
    @overload
    def to_table(self, form: Literal["rows"], words: Words = ENGLISH) -> tuple[tuple[str, str], ...]: ...
    def to_table(
        self, form: Literal["markdown", "html", "rows"] = "markdown", words: Words = ENGLISH
    ) -> str | tuple[tuple[str, str], ...]:
        """Give the one-page table of a profile: categories and their details, in words.

        Args:
            form: ``"markdown"``, ``"html"``, or ``"rows"`` for (category, detail) pairs.
            words: the words in which it speaks.

        Raises:
            ValueError: for another form.

        >>> profile = Profile("P", [Dimension("Size", [icp.Range("employees", 50, 500)])])
        >>> profile.to_table("rows")[:2]
        (('Profile', 'P (company, draft)'), ('Size (100 %)', 'employees: 50 to 500 (100 %)'))
        """
        rows = tuple(_rows_of(self, words))
        if form == "rows":
            return rows
        if form not in _TABLES:
            raise ValueError(f'form must be "markdown", "html" or "rows" (got {form!r})')
        shown = [(row[0] if i == 0 or rows[i - 1][0] != row[0] else "", row[1]) for i, row in enumerate(rows)]
        return _TABLES[form]((words["column_category"], words["column_details"]), shown)

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        return self.to_table("html")

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all dimensions, criteria, gates and adjustments."""
        return tuple(path for path, _, _ in self._parts())

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that its criteria, gates and adjustments read, each once.

        >>> size = icp.Dimension("Size", [icp.Range("employees", 50, 500)])
        >>> icp.Profile("P", [size], gates=[icp.Gate(icp.Flag("competitor", expected=False))]).attributes
        ('employees', 'competitor')
        """
        asked = [criterion for _, _, criterion in leaves(self.dimensions)]
        asked += [gate.criterion for gate in self.gates] + [adjustment.when for adjustment in self.adjustments]
        return tuple(dict.fromkeys(name for one in asked for name in one.value_function().attributes))

    def __getitem__(self, path: str) -> Dimension | Criterion | Gate | Adjustment:
        """Give what stands at a path, compared after folding.

        Raises:
            NoSuchPathError: with the nearest paths.

        >>> icp.standard_profile()["firmographics/employees"]
        Range('employees', 50, 500, soft_low=25, soft_high=1000)
        """
        found: Dimension | Criterion | Gate | Adjustment = self._find(path)[1]
        return found

    def with_weight(self, path: str, weight: float) -> Self:
        """Give the profile with another weight at a dimension or criterion.

        >>> icp.standard_profile().with_weight("technographics", 35)["technographics"].weight
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

        >>> icp.standard_profile().without("technographics/technologies").effective_weights[
        ...     "technographics/cloud_maturity"
        ... ]
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


_TABLES = {"markdown": markdown_table, "html": html_table}


def _rows_of(profile: Profile, words: Words) -> Iterator[tuple[str, str]]:
    """Give (category, detail) pairs: all that a profile says, in words."""
    facts: list[str] = [profile.about, profile.stage]
    facts += [words[f"fact_{name}"].format(value=getattr(profile, name)) for name in ("priority", "rank")
              if getattr(profile, name)]  # fmt: skip
    yield words["category_profile"], words["profile_facts"].format(name=profile.name, facts=", ".join(facts))
    shares = iter(profile.effective_weights.values())
    for dimension in profile.dimensions:
        within = [next(shares) for _ in dimension.criteria]
        category = words["detail_share"].format(detail=dimension.name, share=percent_text(sum(within)))
        for criterion, share in zip(dimension.criteria, within, strict=True):
            yield category, words["detail_share"].format(detail=criterion.describe(words), share=percent_text(share))
    for gate in profile.gates:
        key = "detail_gate" if gate.at_least == 1 else "detail_gate_at_least"
        detail = words[key].format(detail=gate.criterion.describe(words), match=number_text(gate.at_least))
        for flag, said in ((gate.when_unknown == "disqualify", "gate_strict"), (not gate.overridable, "gate_final")):
            detail += words[said] if flag else ""
        yield words["gates"], detail
    for adjustment in profile.adjustments:
        points = f"{adjustment.points:+g}"
        yield words["adjustments"], words["points_if"].format(points=points, question=adjustment.when.describe(words))
    for tier in profile.tiers.tiers:
        key = "detail_tier_action" if tier.action else "detail_tier"
        yield words["category_tiers"], words[key].format(name=tier.name, cut=number_text(tier.cut), action=tier.action)
    policy = profile.missing
    key = "detail_skip" if isinstance(policy, str) else "detail_stand_in"
    yield words["category_unknown"], words[key].format(match=policy, needed=percent_text(profile.min_coverage))
    for example in profile.examples:
        said = ", ".join(f"{name}: {_detail_text(value, words)}" for name, value in example.account)
        tiers = words["or"].join(example.tier)
        yield words["category_examples"], words["detail_example"].format(name=example.name or said, tiers=tiers)
    for category, notes in profile.meta:
        yield category, _detail_text(notes, words)


def _detail_text(value: Any, words: Words) -> str:
    if isinstance(value, Pairs):
        return "; ".join(f"{name}: {_detail_text(item, words)}" for name, item in value)
    if isinstance(value, tuple):
        return listed([_detail_text(item, words) for item in value], words, most=len(value))
    return words["yes" if value else "no"] if isinstance(value, bool) else str(value)


def _meaning_of(profile: Profile) -> dict[str, Any]:
    """Give all that can move a fit, a tier or a status, and nothing else, as plain data."""
    units = weight_units(profile.dimensions)
    told = [
        (share, criterion.value_function(), profile.missing if criterion.missing is None else criterion.missing)
        for share, (_, _, criterion) in zip(units, leaves(profile.dimensions), strict=True)
    ]
    gates = [(gate.criterion.value_function(), gate.at_least, gate.when_unknown) for gate in profile.gates]
    return {
        "criteria": [[share, identity.meaning_of(function), policy] for share, function, policy in told],
        "gates": [[identity.meaning_of(function), *rest] for function, *rest in gates],
        "adjustments": [[one.points, identity.meaning_of(one.when.value_function())] for one in profile.adjustments],
        "tiers": [[tier.name, tier.cut] for tier in profile.tiers.tiers],
        "min_coverage": profile.min_coverage,
    }


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
