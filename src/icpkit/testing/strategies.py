"""Hypothesis strategies for profiles, and for accounts that hold everything that a profile reads, and worse.

They are small on purpose: few attributes, so that criteria share them; values on edges and beside them; and few
choices for each, so that thousands of cases take seconds and shrink well.
"""

import functools
import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, TypeVar

import attrs

from icpkit import views
from icpkit.criteria import (
    Age,
    AllOf,
    AnyOf,
    Bands,
    Criterion,
    Engagement,
    Flag,
    Not,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    TechOverlap,
    Upcoming,
)
from icpkit.errors import InvalidAccountError
from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile
from icpkit.scoring import Scorer
from icpkit.testing.values import UNKNOWNS, ZONES, Domain, domain, leaf_functions, spellings
from icpkit.tiers import Cohort, Tier, TierScale
from icpkit.value_functions import LabelMode, ValueFunction

try:
    from hypothesis import strategies as st
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('icpkit.testing needs Hypothesis: pip install "icpkit[testing]"') from None

T = TypeVar("T")

# Attributes by what they hold, so that nearly any valid value of one is valid for all criteria that read it.
_NUMBERS: Final = ("employees", "annual_revenue", "growth.rate", "urgency", "grade")
_LEVELS: Final[dict[str, tuple[Any, ...]]] = {
    "stage": ("Seed", "Série A", "Series B", "IPO"),
    "maturity": ("Low", "Medium", "High"),
    "urgency": (1, 2, 3),
    "grade": (0, 2.5, 10),
}
_TEXTS: Final = ("industry", "hq.country", "industry", "hq.country", "stage", "technologies")
_LABELS: Final = ("technologies", "needs")
_FLAGS: Final = ("b2b", "is_competitor")
_DATES: Final = ("founded", "renewal")
_SIGNALS: Final = ("last_visit", "last_demo", "renewal")

_WORDS: Final = (
    *("Software", "Straße", "Café", "IT Services", "Zürich", "ΟΔΟΣ", "ﬁntech", "51", "511", "5112", "Seed", "IPO"),
    *("Slack", "Jira", "CRM", "Google Workspace", "o'brien", "50%_off", "data, silos", "İstanbul", "日本"),
)
_KEYS: Final = (*_WORDS, *(form for word in _WORDS for form in spellings(word)[1:4]))
_KINDS: Final = ("webinar", "demo", "Größe", "visit", "DEMO ")
_OTHER_SPELLINGS: Final = ("SFDC", "the cloud", "Soft-ware", "groß", "n/a")
_MEMBERS: Final = ("Salesforce", "HubSpot", "Slack", "Größe", "Pipedrive")
_NAMES: Final = (None, None, None, "Size", "Größe", 'an odd, "quoted" name', "50 % {off}", "Fit/Score")
_DIMENSIONS: Final = ("Firmographics", "Technographics", "Behavioral signals", "Needs/Pains", "Wachstumsgröße", "d'Or")

_WEIGHTS: Final = (1, 1, 2, 3, 7, 30, 100, 0.5, 0.1, 0.3, 2.5, 1 / 3, 0.01, 17.000001, 1e-3 + 1, 0, 0)
_MATCHES: Final = (1, 0, 0.5, 0.1, 0.3, 0.6, 0.25, 0.999999999, 1 / 3, 2 / 3, 0.7000000001, 2**-30, 0.0)
_POLICIES: Final = (None, None, "skip", 0, 1, 0.5, 0.3, 1 / 3)
_DAYS: Final = (7, 30, 1, 90, 365, 0.5, 0.3, timedelta(hours=36), timedelta(hours=1), 14.25, 1 / 3, 1000.1, 0.01)
_EDGES: Final = (50, 0, 1, 10, 100, 500, 5e6, 0.1, 0.25, -50, -1, -0.3, 1 / 3, 1e9, 1234.5678, 2**53)
_WIDTHS: Final = (1, 10, 25, 450, 0.1, 0.3, 1 / 3, 1e6, 7.77)
_YEARS: Final = (1, 2, 5, 10, 0.5, 20, 0.3)
_POINTS: Final = (-15, 10, 5, -100, 100, 0.5, -7.25, 0.1, 1 / 3)
_SHARES: Final = (1, 0.5, 0.3, 0.25, 0.000000001, 0.333333333, 0.2, 0.75, 0.999999999)
_CUTS: Final = (80, 100, 99.999999, 72.5, 66.666667, 50, 33.333333, 25, 12.3, 0.000001)

# What is said of a profile and never scored.
_LABELS_OF: Final = (None, None, None, "Ein Etikett", "50 % {off} <b>")
_COLORS: Final = (None, "#1a7f37", "#FfF")
_ACTIONS: Final = (None, "all resources", 'ring "them" up: größte zuerst')
_COHORTS: Final = (
    *(None, None, None, Cohort(412, date(2026, 9, 30))),
    Cohort(1, datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)),
)
_PRIORITIES: Final[tuple[Literal["low", "medium", "high"] | None, ...]] = (None, "low", "medium", "high")
_RANKS: Final[tuple[Literal["primary", "secondary", "tertiary"] | None, ...]] = (
    *(None, "primary", "secondary", "tertiary"),
)
_STAGES: Final[tuple[Literal["draft", "testing", "active", "retired"], ...]] = ("draft", "testing", "active", "retired")
_METAS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"tags": ["a", "ß"], "notes": {"pains": "zu spät"}},
    {"playbook": {"steps": ["call", ["mail", "again"]], "days": 3, "odd key": {"share": 0.25, "": True}}},
    {"日本": "\x00\x7f\t\r\n\\ \" ' # 🎯", "empty": [{}, [], ""], "since": date(2026, 1, 31), "size": 2**53},
)
_EXAMPLES: Final = (
    Example({"employees": 320, "industry": "Software"}, as_of="2026-11-01", tier="disqualified"),
    Example({}, as_of=date(2024, 2, 29), tier="insufficient data", name="nobody"),
    Example(
        {
            "hq": {"country": "DE", "geo": {"lat": 52.5, "lon": -1e-7}},
            "founded": date(2013, 5, 17),
            "last_visit": [datetime(2026, 10, 30, 9, tzinfo=UTC), "2026-10-01"],
            "events": [{"kind": "Größe", "at": date(2026, 10, 1), "strength": 0.5}, ["demo", "2026-09-01"]],
            "technologies": [],
            "b2b": True,
        },
        as_of="2026-11-01T15:30:00.000001+05:30",
        tier="disqualified",
        name="nested, dated",
    ),
)


@functools.cache
def _numbered(count: int) -> "st.SearchStrategy[int]":
    return st.integers(0, count - 1)


def _pick(draw: st.DrawFn, choices: Sequence[T]) -> T:
    """Choose one; the first is the simplest. Much quicker than a new `sampled_from` each time."""
    return choices[draw(_numbered(len(choices)))]


def _some(draw: st.DrawFn, choices: Sequence[T], *, least: int = 1, most: int) -> list[T]:
    """Choose some, perhaps the same more than once."""
    return [_pick(draw, choices) for _ in range(_pick(draw, range(least, most + 1)))]


def _distinct(chosen: Iterable[T], by: Callable[[Any], Any]) -> list[T]:
    """Keep the first of those that are one."""
    first: dict[Any, T] = {}
    for one in chosen:
        first.setdefault(by(one), one)
    return list(first.values())


def _rising(draw: st.DrawFn, starts: Sequence[float], widths: Sequence[float], count: int) -> list[float]:
    """Give rising edges."""
    first = _pick(draw, starts)
    steps = [_pick(draw, widths) * (1 if abs(first) < 1e6 else 1e6) for _ in range(count - 1)]
    return list(itertools.accumulate(steps, initial=first))


def _flip(draw: st.DrawFn) -> bool:
    return _pick(draw, (False, True))


# Criteria


def _ends(
    draw: st.DrawFn, names: tuple[str, str, str, str], starts: Sequence[float], widths: Sequence[float]
) -> dict[str, Any]:
    """Give one end or two and the soft edges beyond them, under the names of low, high and the soft ones."""
    low, high, soft_low, soft_high = names
    shapes = (
        (low, high),
        (low,),
        (high,),
        (soft_low, low),
        (high, soft_high),
        (soft_low, low, high, soft_high),
        (low, low),
    )
    shape = _pick(draw, shapes)
    given = dict(zip(shape, _rising(draw, starts, widths, len(shape)), strict=True))
    return {**given, high: given[low]} if shape == (low, low) else given


def _a_range(draw: st.DrawFn, options: dict[str, Any]) -> Range:
    scales: tuple[Literal["linear", "log"], ...] = ("linear", "linear", "log")
    scale = _pick(draw, scales)
    starts = _EDGES if scale == "linear" else [edge for edge in _EDGES if edge > 0]
    ends = {"low": None, "high": None, **_ends(draw, ("low", "high", "soft_low", "soft_high"), starts, _WIDTHS)}
    return Range(_pick(draw, _NUMBERS), **ends, scale=scale, **options)


def _an_age(draw: st.DrawFn, options: dict[str, Any]) -> Age:
    names = ("at_least", "at_most", "soft_at_least", "soft_at_most")
    return Age(_pick(draw, _DATES), **_ends(draw, names, (0, *_YEARS), _YEARS), **options)


def _a_bands(draw: st.DrawFn, options: dict[str, Any]) -> Bands:
    starts = _rising(draw, _EDGES, _WIDTHS, _pick(draw, (1, 2, 3, 4)))
    bands = [(start, _pick(draw, _MATCHES)) for start in starts]
    return Bands(_pick(draw, _NUMBERS), bands, otherwise=_pick(draw, _MATCHES[1:]), **options)


def _a_one_of(draw: st.DrawFn, options: dict[str, Any]) -> OneOf:
    keys = _distinct(_some(draw, _KEYS, most=5), views.fold)
    values = {key: _pick(draw, _MATCHES) for key in keys} if _flip(draw) else keys
    otherwise = _pick(draw, (0, *_MATCHES))
    attribute = _pick(draw, _TEXTS)
    more: dict[str, Any] = {"aliases": _aliases(draw, keys), "prefix": _flip(draw), "case_sensitive": _flip(draw)}
    return OneOf(attribute, values, otherwise=otherwise, **more, **options)


def _a_number_of(draw: st.DrawFn, options: dict[str, Any]) -> OneOf:
    keys = _distinct(_some(draw, (*_EDGES, 2, 3, 2.5), most=4), float)
    values = {key: _pick(draw, _MATCHES) for key in keys} if _flip(draw) else keys
    return OneOf(_pick(draw, _NUMBERS), values, otherwise=_pick(draw, _MATCHES[1:]), **options)


def _aliases(draw: st.DrawFn, names: list[str]) -> dict[str, str]:
    if not _flip(draw):
        return {}
    return {spelling: _pick(draw, (*names, "unlisted")) for spelling in _some(draw, _OTHER_SPELLINGS, most=2)}


def _an_ordinal(draw: st.DrawFn, options: dict[str, Any]) -> Ordinal:
    attribute, levels = _pick(draw, tuple(_LEVELS.items()))
    order = levels if _flip(draw) else levels[::-1]
    shape = _pick(draw, ("at_least", "at_most", "both", "matches"))
    if shape == "matches":
        return Ordinal(attribute, order, matches={level: _pick(draw, _MATCHES) for level in order}, **options)
    first, last = sorted((_pick(draw, range(len(order))), _pick(draw, range(len(order)))))
    ends = {"at_least": order[first], "at_most": order[last]}
    return Ordinal(attribute, order, **(ends if shape == "both" else {shape: ends[shape]}), **options)


def _a_flag(draw: st.DrawFn, options: dict[str, Any]) -> Flag:
    return Flag(_pick(draw, _FLAGS), _pick(draw, (True, False)), **options)


def _an_overlap(draw: st.DrawFn, options: dict[str, Any]) -> Overlap:
    labels = _distinct(_some(draw, _KEYS, most=6), views.fold)
    modes: tuple[LabelMode, ...] = ("share", "share", "any", "all", "at_least", "satisfies")
    mode = _pick(draw, modes)
    weighed: Any = labels
    if mode == "share" and _flip(draw):
        weighed = {label: _pick(draw, _WEIGHTS) for label in labels} | {labels[0]: 2}
    groups = {}
    if _flip(draw):
        groups = {_pick(draw, labels): _distinct(_some(draw, _MEMBERS, most=3), views.fold)}
    return _pick(draw, (Overlap, TechOverlap))(
        _pick(draw, _LABELS),
        weighed,
        mode=mode,
        k=_pick(draw, range(1, len(labels) + 1)) if mode == "at_least" else None,
        groups=groups,
        aliases=_aliases(draw, [*labels, "Salesforce"] if not groups else labels),
        case_sensitive=_flip(draw),
        **options,
    )


def _a_recency(draw: st.DrawFn, options: dict[str, Any]) -> Recency:
    shape = _pick(draw, ("half_life", "linear", "window", "steps", None))
    given: dict[str, Any] = {}
    if shape == "steps":
        ends = _rising(draw, (7, 30, 1, 0.3, 0), (1, 30, 1 / 24, 0.1, 365), _pick(draw, (1, 2, 3)))
        given = {"steps": [(end, _pick(draw, _MATCHES)) for end in ends]}
    elif shape is not None:
        given = {shape: _pick(draw, _DAYS)}
    return Recency(_pick(draw, _SIGNALS), **given, absent=_pick(draw, ("never", "unknown")), **options)


def _an_engagement(draw: st.DrawFn, options: dict[str, Any]) -> Engagement:
    kinds = _distinct(_some(draw, _KINDS, most=3), views.fold)
    return Engagement(
        "events",
        {kind: _pick(draw, _WEIGHTS) for kind in kinds} | {kinds[0]: _pick(draw, (1, 3, 0.1))},
        half_life=_pick(draw, _DAYS),
        target=_pick(draw, (1, 3, 5, 0.1, 1e6)),
        absent=_pick(draw, ("never", "unknown")),
        **options,
    )


def _an_upcoming(draw: st.DrawFn, options: dict[str, Any]) -> Upcoming:
    return Upcoming(_pick(draw, _DATES), within=_pick(draw, _DAYS), **options)


_LEAVES: Final[tuple[Callable[[st.DrawFn, dict[str, Any]], Criterion], ...]] = (
    *(_a_flag, _a_range, _a_range, _an_age, _a_bands, _a_one_of, _a_one_of, _a_number_of, _an_ordinal, _an_overlap),
    *(_an_overlap, _a_recency, _a_recency, _an_engagement, _an_upcoming),
)


@st.composite
def criteria(draw: st.DrawFn, *, weighted: bool = True, depth: int = 2) -> Criterion:
    """Give any criterion of this package, under any of its options.

    Args:
        weighted: whether it may carry a weight, 0 among others, and a missing policy; then a combinator has a name, so
            that it can stand in a dimension.
        depth: how deep combinators may be nested; 0 for none.
    """
    options: dict[str, Any] = {"name": _pick(draw, _NAMES)}
    label = _pick(draw, _LABELS_OF)
    if label is not None:
        options["label"] = label
    if weighted:
        options |= {"weight": _pick(draw, _WEIGHTS), "missing": _pick(draw, _POLICIES)}
    shape = _pick(draw, (None, None, None, None, None, AllOf, AnyOf, Not)) if depth else None
    if shape is None:
        return _pick(draw, _LEAVES)(draw, options)
    inner = criteria(weighted=False, depth=depth - 1)
    parts = [draw(inner) for _ in range(1 if shape is Not else _pick(draw, (2, 1, 3)))]
    if weighted and options["name"] is None:
        options["name"] = "Combined"
    return shape(*parts, **options)


def _named_apart(found: list[Criterion]) -> list[Criterion]:
    """Give names to those that have none, and others to those whose name would come twice."""
    seen: set[str] = set()
    named = []
    for number, one in enumerate(found, 1):
        called = one.called
        name = f"{called or 'Combined'} {number}" if called is None or views.fold(called) in seen else called
        seen.add(views.fold(name))
        named.append(one if name == called else _renamed(one, name))
    return named


def _renamed(criterion: Criterion, name: str) -> Criterion:
    if isinstance(criterion, AllOf | AnyOf):
        one = criterion
        return type(one)(*one.criteria, name=name, weight=one.weight, missing=one.missing, label=one.label)
    return attrs.evolve(criterion, name=name)


# Profiles


@st.composite
def tier_scales(draw: st.DrawFn) -> TierScale:
    """Give the ready-made tier scales, and others with cuts of up to six decimals, some of them from a cohort."""
    make = _pick(draw, (TierScale.standard, TierScale.a_to_d, TierScale.primary_to_tertiary, None, None))
    if make is not None:
        return make()
    falling = sorted(set(_some(draw, _CUTS, least=0, most=4)), reverse=True)
    color, action = _pick(draw, _COLORS), _pick(draw, _ACTIONS)
    names = zip(("Gold", "Silber", "ﬁrst", "Tier 4", "D"), [*falling, 0], strict=False)
    return TierScale([Tier(name, cut, color=color, action=action) for name, cut in names], cohort=_pick(draw, _COHORTS))


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Give profiles of 1 to 4 dimensions, of up to 4 criteria each, with up to 2 gates and 2 adjustments.

    Weights (0 among them), tiers, missing policies and the least coverage vary; so does what is never scored: examples,
    notes, stage, and the like.
    """
    names = _distinct(_some(draw, _DIMENSIONS, most=4), str)
    dimensions = [draw(_dimensions(name)) for name in names]
    if not any(dimension.weight for dimension in dimensions):
        dimensions[0] = attrs.evolve(dimensions[0], weight=1)
    extra = criteria(weighted=False)
    gates, adjustments = ([draw(extra) for _ in range(_pick(draw, (0, 0, 1, 2)))] for _ in range(2))
    tiers = draw(tier_scales())
    return Profile(
        _pick(draw, ("P", "Mid-market SaaS", "Größe <b>&")),
        dimensions,
        gates=[
            Gate(
                criterion,
                _pick(draw, _SHARES),
                when_unknown=_pick(draw, ("pass", "disqualify")),
                overridable=_flip(draw),
            )
            for criterion in _named_apart(gates)
        ],
        adjustments=[Adjustment(_pick(draw, _POINTS), criterion) for criterion in _named_apart(adjustments)],
        tiers=tiers,
        missing=_pick(draw, ("skip", "skip", 0, 0.5, 1, 1 / 3)),
        min_coverage=_pick(draw, (0.5, 0, 0, *_SHARES)),
        **_notes(draw, tiers),
    )


def _notes(draw: st.DrawFn, tiers: TierScale) -> dict[str, Any]:
    """Give what is never scored; for half of the profiles nothing."""
    if not _flip(draw):
        return {}
    names = [tier.name for tier in tiers.tiers]
    return {
        "about": _pick(draw, ("company", "person")),
        "priority": _pick(draw, _PRIORITIES),
        "rank": _pick(draw, _RANKS),
        "stage": _pick(draw, _STAGES),
        "examples": [
            attrs.evolve(example, tier=(*example.tier, *names[: _pick(draw, (0, 1, 2))]))
            for example in _some(draw, _EXAMPLES, least=0, most=2)
        ],
        "meta": _pick(draw, _METAS),
    }


@st.composite
def _dimensions(draw: st.DrawFn, name: str) -> Dimension:
    weighted = criteria()
    found = _named_apart([draw(weighted) for _ in range(_pick(draw, (1, 2, 3, 4)))])
    if not any(criterion.weight for criterion in found):
        found[0] = found[0].with_weight(1)
    return Dimension(name, found, weight=_pick(draw, _WEIGHTS))


# Accounts


_TIMES: Final = (
    timedelta(),
    timedelta(hours=9),
    timedelta(days=1, microseconds=-1),
    timedelta(minutes=59, microseconds=1),
)


@st.composite
def moments(draw: st.DrawFn) -> date:
    """Give moments of scoring: dates, and aware datetimes in several zones."""
    day = date(2026, 11, 21) - timedelta(days=_pick(draw, range(1000)))
    time = _pick(draw, (None, *_TIMES))
    return day if time is None else datetime(day.year, day.month, day.day, tzinfo=_pick(draw, ZONES)) + time


@st.composite
def accounts(
    draw: st.DrawFn, profile: Profile, *, as_of: date = date(2026, 11, 21), invalid: bool = False
) -> dict[str, Any]:
    """Give accounts for a profile: under every attribute that it reads a valid value, or one that is unknown.

    Values lie on edges, beside them and between; texts are in odd case, blanks and Unicode forms; moments lie before,
    at and after ``as_of``, with time zones and without, as dates and as text; lists hold unknown items. What is unknown
    is absent, None, NaN or blank. What not every criterion can read that shares the attribute is left out.

    Args:
        profile: the profile, of any criteria, your own among them.
        as_of: the moment about which dates lie.
        invalid: whether there are values of the wrong kind, too.
    """
    account: dict[str, Any] = {}
    now = views.moment(as_of)
    ways = ("valid",) * 7 + ("absent", "unknown") + ("wrong",) * 2 * invalid
    for attribute, functions in _functions_by_attribute(profile).items():
        way = _pick(draw, ways)
        if way == "unknown":
            _put(draw, account, attribute, _pick(draw, UNKNOWNS))
        elif way != "absent":
            found = _domain(functions[0] if len(functions) == 1 else _pick(draw, functions), now)
            value = _a_wrong_value(draw, found) if way == "wrong" else _a_value(draw, found)
            if way == "wrong" or len(functions) == 1 or all(_reads(one, value, as_of) for one in functions):
                _put(draw, account, attribute, value)
    return account


_domain: Final = functools.lru_cache(maxsize=512)(domain)


@functools.lru_cache(maxsize=64)
def _functions_by_attribute(profile: Profile) -> dict[str, tuple[ValueFunction, ...]]:
    """Give the value functions that read each attribute."""
    asked = [criterion for dimension in profile.dimensions for criterion in dimension.criteria]
    asked += [gate.criterion for gate in profile.gates] + [adjustment.when for adjustment in profile.adjustments]
    by_attribute: dict[str, tuple[ValueFunction, ...]] = {}
    for function in (leaf for criterion in asked for leaf in leaf_functions(criterion.value_function())):
        by_attribute[function.attribute] = (*by_attribute.get(function.attribute, ()), function)
    return by_attribute


@attrs.frozen
class _Asks(Criterion):
    """A criterion that is a value function and nothing else."""

    function: ValueFunction

    def value_function(self) -> ValueFunction:
        return self.function


@functools.lru_cache(maxsize=512)
def _only(function: ValueFunction) -> Scorer:
    return Scorer(Profile("Alone", [Dimension("Alone", [_Asks(function, name="alone")])]))


def _reads(function: ValueFunction, value: Any, as_of: date) -> bool:
    """Tell whether a value is valid for a value function."""
    try:
        _only(function).score({function.attribute: value}, as_of=as_of)
    except InvalidAccountError:
        return False
    return True


def _put(draw: st.DrawFn, account: dict[str, Any], attribute: str, value: Any) -> None:
    """Put a value under its attribute; a dotted one under its full name, or into a nested record."""
    first, _, rest = attribute.partition(".")
    if not rest or "." in rest or _flip(draw):
        account[attribute] = value
    else:
        account.setdefault(first, {})[rest] = value


def _a_value(draw: st.DrawFn, found: Domain) -> Any:
    if not found.items or (found.singles and _flip(draw)):
        return _pick(draw, found.singles)
    items = _some(draw, found.items, least=0, most=4)
    if not _pick(draw, range(4)):
        items.insert(_pick(draw, range(len(items) + 1)), _pick(draw, UNKNOWNS))
    return _pick(draw, (list, list, tuple))(items)


def _a_wrong_value(draw: st.DrawFn, found: Domain) -> Any:
    if _flip(draw):
        return _pick(draw, found.wrong)
    items = _some(draw, found.items, least=0, most=2) if found.items else []
    items.insert(_pick(draw, range(len(items) + 1)), _pick(draw, found.wrong_items))
    return items


@st.composite
def cases(draw: st.DrawFn, *, invalid: bool = False) -> tuple[Profile, dict[str, Any], date]:
    """Give a profile, an account for it, and the moment of scoring.

    Args:
        invalid: whether the account may hold values of the wrong kind.
    """
    profile, as_of = draw(profiles()), draw(moments())
    return profile, draw(accounts(profile, as_of=as_of, invalid=invalid)), as_of
