"""One profile as steps of a statement: terms, totals, the fit within its bounds, tier and status."""

import functools
from collections.abc import Callable, Mapping, Sequence

import attrs

from icpkit.arithmetic import policy_of, term
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import WEIGHT_UNITS, Profile, leaves, path_of, weight_units
from icpkit.sql.dialects import Dialect
from icpkit.sql.layout import Query, Selected
from icpkit.sql.leaves import Leaf, Leaves
from icpkit.sql.options import Unpushable
from icpkit.sql.reading import Refused, sayable
from icpkit.sql.sqlglot import (
    Node,
    add,
    call,
    case,
    cast,
    column,
    compare,
    divide,
    every,
    everything,
    is_known,
    is_null,
    multiply,
    null,
    number,
    real,
    some,
    subtract,
    text,
    total,
    whole,
)
from icpkit.value_functions import AnyValueFunction, Combination, combine

_ROUNDER = 6


@attrs.frozen(eq=False)
class Ends:
    """The interval of a combination: its ends, from the columns of matches, and the leaves that it asks.

    Attributes:
        name: what its columns are called.
        low, high: the ends.
        leaves: what it asks.
        constant: whether it is known though nothing is that it asks.
    """

    name: str
    low: Node
    high: Node
    leaves: tuple[Leaf, ...]
    constant: bool


@attrs.frozen(eq=False)
class Weighed:
    """A criterion of positive weight.

    Attributes:
        name: what its columns are called; where two criteria ask the same, the second has names of its own.
        path: where it stands in the profile.
        asked: what it asks.
        weight: its effective weight.
        policy: what it counts for when unknown.
        reach: its least and greatest match.
        described: the question in words.
    """

    name: str
    path: str
    asked: Leaf | Ends
    weight: float
    policy: MissingPolicy
    reach: tuple[float, float]
    described: str

    @property
    def never(self) -> bool:
        """Whether null says that a signal never happened."""
        return isinstance(self.asked, Leaf) and self.asked.never


@attrs.frozen(eq=False)
class Adjusting:
    """An adjustment.

    Attributes:
        name: what its columns are called.
        path: where it stands in the profile.
        asked: what it asks.
        points: what a full match adds.
    """

    name: str
    path: str
    asked: Leaf | Ends
    points: float


@attrs.frozen(eq=False)
class Asked:
    """A profile, with all that it asks brought among the leaves of a statement.

    Attributes:
        profile: the profile.
        criteria: those of positive weight, in stored order.
        gates: what each gate asks.
        adjustments: the adjustments.
        problems: what the dialect cannot say.
    """

    profile: Profile
    criteria: tuple[Weighed, ...]
    gates: "tuple[Leaf | Ends, ...]"
    adjustments: tuple[Adjusting, ...]
    problems: tuple[Unpushable, ...]

    @property
    def ends(self) -> list[Ends]:
        """The combinations that have a weight."""
        return [one.asked for one in self.criteria if isinstance(one.asked, Ends)]

    @property
    def leaves(self) -> list[Leaf]:
        """All leaves that are asked, each once."""
        asked = [one.asked for one in self.criteria] + [*self.gates]
        asked += [one.asked for one in self.adjustments]
        found = [leaf for one in asked for leaf in (one.leaves if isinstance(one, Ends) else [one])]
        return list(dict.fromkeys(found))


@attrs.define
class _Asking:
    """Asks one question after the other, and takes down what cannot be said."""

    leaves: Leaves
    problems: list[Unpushable] = attrs.Factory(list)
    _named: set[str] = attrs.Factory(set)

    def ask(self, function: AnyValueFunction, name: str, path: str) -> "Leaf | Ends | None":
        """Bring a question among the leaves; None where the dialect cannot say it."""
        try:
            sayable(path, "the name")
            if isinstance(function, Combination):
                return _ends(function, name, self.leaves)
            return self.leaves.leaf(function, name)
        except Refused as refused:
            self.problems.append(Unpushable(path, self.leaves.reader.dialect.name, refused.reason))
            return None

    def name(self, asked: "Leaf | Ends", wanted: str) -> str:
        """Name the columns of one that asks: as what it asks, unless another has that name already."""
        name = self.leaves.names.new(wanted) if asked.name in self._named else asked.name
        self._named.add(name)
        return name


def ask(profile: Profile, leaves_of: Leaves) -> Asked:
    """Bring all that a profile asks among the leaves of a statement; what cannot be said is told, not raised."""
    asking = _Asking(leaves_of)
    criteria: list[Weighed] = []
    units = weight_units(profile.dimensions)
    for (path, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True):
        function = criterion.value_function()
        called = criterion.called or "combination"
        made = asking.ask(function, called, path) if share else None
        if made is not None:
            policy, words = policy_of(criterion, profile), criterion.question()
            name = asking.name(made, called)
            criteria.append(Weighed(name, path, made, share / WEIGHT_UNITS, policy, function.reach, words))
    gates = [
        asking.ask(gate.criterion.value_function(), f"gate_{gate.name}", path_of("gates", gate.name))
        for gate in profile.gates
    ]
    adjustments = []
    for one in profile.adjustments:
        called, path = f"adjustment_{one.name}", path_of("adjustments", one.name)
        made = asking.ask(one.when.value_function(), called, path)
        if made is not None:
            adjustments.append(Adjusting(asking.name(made, called), path, made, float(one.points)))
    for tier in profile.tiers.tiers:
        try:
            sayable(tier.name, "the tier's name")
        except Refused as refused:
            asking.problems.append(Unpushable(f"tiers/{tier.name}", leaves_of.reader.dialect.name, refused.reason))
    return Asked(
        profile,
        tuple(criteria),
        tuple(one for one in gates if one is not None),
        tuple(adjustments),
        tuple(asking.problems),
    )


def _ends(function: Combination, name: str, leaves_of: Leaves) -> Ends:
    found: dict[Leaf, None] = {}

    def both(one: AnyValueFunction) -> tuple[Node, Node]:
        if not isinstance(one, Combination):
            leaf = leaves_of.leaf(one, one.attribute)
            found[leaf] = None
            match = column(leaf.name, "m")
            return _or_else(match, leaf.reach[0]), _or_else(match, leaf.reach[1])
        ends = [both(part) for part in one.parts]
        if one.operation == "not":
            [(low, high)] = ends
            return subtract(whole(1), high), subtract(whole(1), low)
        dialect = leaves_of.reader.dialect
        choose = dialect.least if one.operation == "min" else dialect.greatest
        lows, highs = zip(*ends, strict=True)
        return (lows[0], highs[0]) if len(ends) == 1 else (call(choose, *lows), call(choose, *highs))

    def number_of(value: float) -> Node:
        return leaves_of.reader.dialect.number(value)

    def _or_else(match: Node, value: float) -> Node:
        return call("COALESCE", match, number_of(value))

    def absent(one: AnyValueFunction) -> tuple[float, float]:
        """Give the interval while nothing is known."""
        if isinstance(one, Combination):
            return combine(one.operation, [absent(part) for part in one.parts])
        return (0.0, 0.0) if one.absent == "never" else one.reach

    low, high = both(function)
    least, most = absent(function)
    return Ends(leaves_of.names.new(name), low, high, tuple(found), least == most)


# The steps


@attrs.frozen(eq=False, slots=False)
class Steps:
    """What the steps of one profile have in common.

    Attributes:
        asked: the profile and what it asks.
        leaves: the leaves of the statement.
        suffix: what stands behind the steps' names, where there are several profiles.
        contributions: whether the points of each criterion are asked for.
    """

    asked: Asked
    leaves: Leaves
    suffix: str
    contributions: bool

    def number(self, value: float) -> Node:
        """Write a number exactly."""
        return self.leaves.reader.dialect.number(value)

    def kept(self, table: str, *names: str) -> list[Selected]:
        """Hand columns on."""
        return [Selected(column(name, table), name) for name in names]

    @property
    def _carried(self) -> list[str]:
        own = ["as_of"] if self.leaves.reader.now.own is not None else []
        return ["key", *own, "invalid"]

    @property
    def _watched(self) -> bool:
        """Whether it must be asked if anything is known: elsewhere coverage tells."""
        return self.asked.profile.min_coverage == 0 or any(one.constant for one in self.asked.ends)

    def queries(self) -> list[Query]:
        """Give the steps, from matches to scores."""
        return [*self._with_ends(), self._terms(), self._totals(), *self._bounds(), self._scores()]

    # Interval of combinations

    def _with_ends(self) -> list[Query]:
        if not self.asked.ends:
            return []
        columns = [Selected(everything("m"), "")]
        for one in self.asked.ends:
            columns += [Selected(one.low, f"{one.name}_low"), Selected(one.high, f"{one.name}_high")]
        told = "least and greatest match of combinations, whatever their unknown parts turn out to be"
        return [Query(f"ends{self.suffix}", told, tuple(columns), ("matches AS m",))]

    def _interval(self, asked: "Leaf | Ends") -> tuple[Node, Node]:
        """Give the least and the greatest match of what is asked."""
        if isinstance(asked, Ends):
            return asked.low, asked.high
        low, high = (call("COALESCE", column(asked.name, "m"), self.number(end)) for end in asked.reach)
        return low, high

    # Terms

    def _term(self, weight: float, match: Node) -> Node:
        """Round a weighted match to a multiple of 2^-50."""
        rounded = add(multiply(self.number(weight), match), whole(_ROUNDER))
        return subtract(rounded, whole(_ROUNDER))

    def _terms(self) -> Query:
        wrong = [column(f"invalid{self.suffix}", "m"), *counts_of(self.asked, self.leaves.unlisted)]
        columns = [*self.kept("m", *self._carried[:-1]), Selected(total(wrong), "invalid")]
        for one in self.asked.criteria:
            told, brief = f"{share_of(one.weight)} of the weight", len(share_of(one.weight))
            if isinstance(one.asked, Leaf):
                match = column(one.asked.name, "m")
                columns.append(Selected(self._term(one.weight, match), one.name, told, brief))
            else:
                columns += self._combined_terms(one, one.asked, told)
        columns += self.kept("m", *(f"{leaf.name}_seen" for leaf in self._signals()))
        columns += self._failed()
        for adjusting in self.asked.adjustments:
            name, points = adjusting.name, adjusting.points
            low, high = (multiply(self.number(points), end) for end in self._interval(adjusting.asked))
            columns.append(Selected(low, f"{name}_points_low", f"{adjusting.path}: {points:+g}"))
            columns.append(Selected(high, f"{name}_points_high"))
        if self._watched:
            known = [seen_in(leaf) for one in self.asked.criteria for leaf in leaves_in(one.asked)]
            columns.append(Selected(self._as_flag(some(known)), "present", "whether anything is known"))
        source = f"ends{self.suffix} AS m" if self.asked.ends else "matches AS m"
        told = "weight × match; + 6 - 6 rounds to 2^-50, so that sums are exact in any order"
        return Query(f"terms{self.suffix}", told, tuple(columns), (source,))

    def _combined_terms(self, one: Weighed, ends: Ends, told: str) -> list[Selected]:
        low, high = column(f"{ends.name}_low", "m"), column(f"{ends.name}_high", "m")
        name, weight, dialect = ends.name, one.weight, self.leaves.reader.dialect
        point = case((compare(low, "=", high), self._term(weight, low)))
        made = [
            Selected(point, name, told, len(share_of(weight))),
            Selected(self._term(weight, low), f"{name}_low"),
            Selected(self._term(weight, high), f"{name}_high"),
        ]
        if not isinstance(one.policy, str):
            assumed = call(dialect.least, call(dialect.greatest, self.number(float(one.policy)), low), high)
            made.append(Selected(self._term(weight, assumed), assumed_of(one)))
        return made

    def _as_flag(self, condition: Node) -> Node:
        return case((condition, whole(1)), otherwise=whole(0))

    def _signals(self) -> list[Leaf]:
        """Give the leaves of criteria that are covered only where the signal has happened."""
        asked = [one.asked for one in self.asked.criteria if isinstance(one.asked, Leaf)]
        return [leaf for leaf in dict.fromkeys(asked) if leaf.seen is not None]

    def _failed(self) -> list[Selected]:
        """Tell whether a gate is failed: its match, to nine decimals, is below its threshold, surely or as it says."""
        if not self.asked.gates:
            return []
        conditions = []
        for gate, asked in zip(self.asked.profile.gates, self.asked.gates, strict=True):
            low, high = self._interval(asked)
            end = low if gate.when_unknown == "disqualify" else high
            conditions.append(compare(self._rounded(end, 1e9), "<", self.number(float(gate.at_least))))
        told = "; ".join(f"{gate.name} below {gate.at_least:g}" for gate in self.asked.profile.gates)
        return [Selected(self._as_flag(some(conditions)), "failed", f"gates: {told}", 0)]

    def _rounded(self, value: Node, steps: float) -> Node:
        """Round what is not negative: half up, to one of so many steps."""
        floor = self.leaves.reader.dialect.floor(add(multiply(value, real(steps)), self.number(0.5)))
        return divide(floor, real(steps))

    # Totals

    def _counted(self, one: Weighed) -> Node:
        """Give what a criterion counts for in the fit: its term, or else what stands in for it."""
        own = column(one.name, "t")
        if isinstance(one.asked, Ends):
            return call("COALESCE", own, column(assumed_of(one), "t") if has_assumed(one) else whole(0))
        assumed = None if one.never else stand_in(one.policy, *one.reach)
        return call("COALESCE", own, self.number(0.0 if assumed is None else term(one.weight, assumed)))

    def _unknown(self) -> list[Node]:
        """Give the weights that leave the fit while they are unknown."""
        skipped = [one for one in self.asked.criteria if isinstance(one.policy, str) and not one.never]
        return [self._unless_known(one) for one in skipped]

    def _unless_known(self, one: Weighed) -> Node:
        dialect = self.leaves.reader.dialect
        return dialect.unless(column(one.name, "t"), dialect.plain(one.weight))

    def _end(self, one: Weighed, side: int) -> Node:
        """Give the least (0) or the greatest (1) that a criterion can count for."""
        if isinstance(one.asked, Ends):
            return column(f"{one.name}_{('low', 'high')[side]}", "t")
        return call("COALESCE", column(one.name, "t"), self.number(term(one.weight, one.asked.reach[side])))

    def _unseen(self) -> list[Node]:
        """Give weights that count and are not covered: of what never happened, and of what a number stands in for."""
        dialect, found = self.leaves.reader.dialect, []
        for one in self.asked.criteria:
            if isinstance(one.asked, Leaf) and one.asked.seen is not None:
                own, seen = column(one.name, "t"), column(f"{one.asked.name}_seen", "t")
                never = every([is_known(own), compare(seen, "=", whole(0))])
                weight = case((never, dialect.plain(one.weight)), otherwise=dialect.plain(0))
                found.append(dialect.as_doubles(weight))
            if one.never or not isinstance(one.policy, str):
                found.append(self._unless_known(one))
        return found

    def _gaps(self, side: int) -> list[Node]:
        """Say how far the least (0) lies from what counts, or the greatest (1) from that with the weight of unknowns.

        Of most criteria it does not; differences of such sums are exact.
        """
        found = []
        for one in self.asked.criteria:
            skipped = isinstance(one.policy, str) and not one.never
            own, end = column(one.name, "t"), self._end(one, side)
            base = call("COALESCE", own, self.number(one.weight)) if side and skipped else self._counted(one)
            if end != base:
                found.append(subtract(end, base))
        return found

    @functools.cached_property
    def _sums(self) -> dict[str, Node]:
        """The sums, from the columns of totals: what counts, the weight that is unknown, the least and the greatest."""
        numerator = column("numerator", "t")
        full = add(numerator, column("unknown", "t")) if self._unknown() else numerator
        least, most = (
            add(base, column(("below", "above")[side], "t")) if self._gaps(side) else base
            for side, base in enumerate((numerator, full))
        )
        dialect = self.leaves.reader.dialect
        all_of_it = dialect.as_doubles(dialect.plain(1))
        weight = subtract(whole(1), column("unknown", "t")) if self._unknown() else all_of_it
        return {"numerator": numerator, "least": least, "most": most, "weight": weight}

    def _totals(self) -> Query:
        passed = [name for name, there in (("failed", self.asked.gates), ("present", self._watched)) if there]
        columns = self.kept("t", *self._carried, *passed)
        columns.append(Selected(total(map(self._counted, self.asked.criteria)), "numerator"))
        if self._unknown():
            columns.append(Selected(total(self._unknown()), "unknown"))
        columns += [
            Selected(total(self._gaps(side)), name) for side, name in enumerate(("below", "above")) if self._gaps(side)
        ]
        if self._unseen():
            columns.append(Selected(total(self._unseen()), "unseen"))
        for adjusting in self.asked.adjustments:
            columns += self.kept("t", f"{adjusting.name}_points_low", f"{adjusting.name}_points_high")
        if self.contributions:
            some_assumed = filter(has_assumed, self.asked.criteria)
            columns += self.kept("t", *(one.name for one in self.asked.criteria), *map(assumed_of, some_assumed))
        told = "numerator: what counts; unknown: weight that does not; unseen: of what never happened"
        return Query(f"totals{self.suffix}", told, tuple(columns), (f"terms{self.suffix} AS t",))

    # Bounds, where adjustments move them

    def _added(self, side: Callable[[float], str], start: Node) -> Node:
        for one in self.asked.adjustments:
            start = add(start, column(f"{one.name}_points_{side(one.points)}", "t"))
        return start

    def _clipped(self, value: Node) -> Node:
        dialect = self.leaves.reader.dialect
        return call(dialect.least, call(dialect.greatest, value, whole(0)), whole(100))

    def _bounds(self) -> list[Query]:
        if not self.asked.adjustments:
            return []
        low = self._added(lambda points: "low" if points > 0 else "high", multiply(whole(100), self._sums["least"]))
        high = self._added(lambda points: "high" if points > 0 else "low", multiply(whole(100), self._sums["most"]))
        ends = (Selected(self._clipped(low), "low"), Selected(self._clipped(high), "high"))
        return [
            Query(f"bounds{self.suffix}", "", (Selected(everything("t"), ""), *ends), (f"totals{self.suffix} AS t",))
        ]

    # Scores

    def _scores(self) -> Query:
        profile, dialect = self.asked.profile, self.leaves.reader.dialect
        moved = bool(self.asked.adjustments)
        low = column("low", "t") if moved else multiply(whole(100), self._sums["least"])
        high = column("high", "t") if moved else multiply(whole(100), self._sums["most"])
        weight = self._sums["weight"]
        coverage = self._rounded(subtract(weight, column("unseen", "t")) if self._unseen() else weight, 1e9)
        # Points are asked of every account; a fit only of those of which some weight counts.
        divisor = call("NULLIF", weight, whole(0)) if self.contributions else weight
        raw = self._added(lambda _: "low", divide(multiply(whole(100), self._sums["numerator"]), divisor))
        # Without adjustments it is never below what counts at least, if that is what counts.
        above = not moved and self._sums["least"] == self._sums["numerator"]
        limited = call(dialect.least, raw if above else call(dialect.greatest, raw, low), high)
        enough = [compare(coverage, ">=", self.number(float(profile.min_coverage)))]
        if self._watched:
            enough.append(compare(weight, ">", whole(0)))
            enough.append(compare(column("present", "t"), "=", whole(1)))
        dated = [is_known(column("as_of", "t"))] if self.leaves.reader.now.own is not None else []

        def of_dated(node: Node) -> Node:
            return case((dated[0], node)) if dated else node

        told = f"null where less than {profile.min_coverage:g} of the weight is known"
        columns = [
            *self.kept("t", *self._carried, *(["failed"] if self.asked.gates else [])),
            Selected(case((every([*dated, *enough]), self._rounded(limited, 1e6))), "fit", told),
            Selected(of_dated(coverage), "coverage"),
            Selected(of_dated(self._rounded(low, 1e6)), "low"),
            Selected(of_dated(self._rounded(high, 1e6)), "high"),
        ]
        if self.contributions:
            columns += self._marks(weight, limited)
        source = f"{'bounds' if moved else 'totals'}{self.suffix} AS t"
        return Query(f"scores{self.suffix}", "", tuple(columns), (source,))

    def _marks(self, weight: Node, limited: Node) -> list[Selected]:
        """Give the running fit in millionths, after each criterion and adjustment, the clip and the limit."""
        counted = [self._counted(one) for one in self.asked.criteria]
        sums = [total(counted[: place + 1]) for place in range(len(counted))]
        # What has no weight that counts has no fit either.
        divisor = call("NULLIF", weight, whole(0))
        steps = [divide(multiply(whole(100), running), divisor) for running in sums]
        share = steps[-1]
        for one in self.asked.adjustments:
            share = add(share, column(f"{one.name}_points_low", "t"))
            steps.append(share)
        steps += [self._clipped(share), limited]
        return [Selected(_millionths(step), f"mark_{place}") for place, step in enumerate(steps, 1)]

    def _points(self, table: str) -> list[Selected]:
        """Give what each criterion, each adjustment, the clip and the limit add; they sum exactly to the fit."""
        place_of = {one.path: place for place, one in enumerate(self.asked.criteria, 1)}
        later = len(place_of) + 1
        moved = [*(one.path for one in self.asked.adjustments), "clip", "limit"]
        place_of |= {path: place for place, path in enumerate(moved, later)}
        paths = [*(path for path, _, _ in leaves(self.asked.profile.dimensions)), *moved]
        named = zip(paths, points_named(paths, self.leaves.reader.dialect), strict=True)
        return [Selected(self._step(place_of.get(path, 0), table), name) for path, name in named]

    def _step(self, place: int, table: str) -> Node:
        """Give the points of one step; place 0 is a criterion without weight."""
        after, before = (column(f"mark_{one}", table) for one in (place, place - 1))
        added = whole(0) if place == 0 else after if place == 1 else subtract(after, before)
        return case((is_known(column("fit", table)), divide(cast(added, "double"), real(1e6))))

    def outcome(self, table: str) -> list[Selected]:
        """Give the result's columns from those of the scores."""
        profile, fit = self.asked.profile, column("fit", table)
        failed = compare(column("failed", table), "=", whole(1))
        tiers = [(compare(fit, ">=", self.number(tier.cut)), text(tier.name)) for tier in profile.tiers.tiers]
        statuses = [(is_null(fit), text("insufficient data"))]
        if self.asked.gates:
            tiers = [(failed, null()), *tiers]
            statuses = [(failed, text("disqualified")), *statuses]
        if self.leaves.reader.now.own is not None:
            undated = is_null(column("as_of", table))
            tiers, statuses = [(undated, null()), *tiers], [(undated, null()), *statuses]
        made = [
            *self.kept(table, "key", "fit"),
            Selected(case(*tiers), "tier"),
            Selected(case(*statuses, otherwise=text("scored")), "status"),
            *self.kept(table, "coverage", "low", "high", "invalid"),
        ]
        return [*made, *(self._points(table) if self.contributions else [])]


def points_named(paths: Sequence[str], dialect: Dialect) -> list[str]:
    """Name the columns of the points of paths, each once, by signs and bytes that the dialect keeps."""
    names: dict[str, None] = {}
    for path in paths:
        plain = path if dialect.odd_name is None else dialect.odd_name.sub("_", path)
        name, number = _shortened(plain, "", dialect), 1
        while name in names:  # several may differ by such a sign, or behind the last byte, alone
            number += 1
            name = _shortened(plain, f"_{number}", dialect)
        names[name] = None
    return list(names)


def _shortened(name: str, end: str, dialect: Dialect) -> str:
    if dialect.longest_name is None:
        return name + end
    return name.encode()[: dialect.longest_name - len(end)].decode(errors="ignore") + end


def _millionths(points: Node) -> Node:
    """Give points, which may be negative, in whole millionths."""
    return call("FLOOR", add(multiply(points, real(1e6)), number(0.5)))


def leaves_in(asked: "Leaf | Ends") -> Sequence[Leaf]:
    """Give the leaves that are asked."""
    return asked.leaves if isinstance(asked, Ends) else (asked,)


def counts_of(asked: Asked, found: Mapping[object, Node]) -> list[Node]:
    """Give those counts of values of the wrong kind that are a profile's own, each once."""
    keys = dict.fromkeys(key for leaf in asked.leaves for key in leaf.counts)
    return [found[key] for key in keys if key in found]


def seen_in(leaf: Leaf) -> Node:
    """Tell whether what a leaf asks is known, from the columns of matches."""
    known = column(f"{leaf.name}_seen", "m")
    return is_known(column(leaf.name, "m")) if leaf.seen is None else compare(known, "=", whole(1))


def has_assumed(one: Weighed) -> bool:
    """Tell whether a number stands in for a combination while it is unknown."""
    return isinstance(one.asked, Ends) and not isinstance(one.policy, str)


def assumed_of(one: Weighed) -> str:
    """Name the column of what stands in for a combination."""
    return f"{one.name}_assumed"


def share_of(weight: float) -> str:
    """Say a share of the whole as people do.

    >>> share_of(0.0819672131147541)
    '8.2 %'
    """
    return f"{100 * weight:.1f} %" if weight >= 0.0005 else f"{100 * weight:.2g} %"
