"""Tables with a row for each label, moment or event: what is asked of them, grouped by account."""

from collections.abc import Callable, Sequence

import attrs

from icpkit import views
from icpkit.sql.matches import Items
from icpkit.sql.options import LongTable
from icpkit.sql.reading import Reader, Refused, blank_as_null, sayable, wanted_text
from icpkit.sql.sqlglot import (
    Node,
    among,
    between,
    call,
    case,
    cast,
    column,
    compare,
    distinct,
    divide,
    every,
    false,
    is_known,
    is_null,
    minus,
    multiply,
    opposite,
    real,
    some,
    text,
    whole,
)
from icpkit.value_functions import Decay, EventSum, ValueFunction

_QUANTUM = 2**30
_WHOLE = 2**53
#: An exponent of 2 that every engine can raise, beyond which no event of a strength and weight up to 2^53 counts.
_FARTHEST = 1000
#: The least target by which a share of an event can be divided without leaving the doubles.
_LEAST_TARGET = 1e-150

#: Brings a column of a joined table among the facts: its name and its expression give the column of facts.
Bring = Callable[[str, Node], Node]


@attrs.define(eq=False)
class LongRows:
    """What is asked of one table, as columns of its groups; it fills while the statement is made.

    Attributes:
        place: the table.
        reader: how values are read.
        name: what the groups are called.
        attribute: the attribute that the table holds.
        columns: the columns of the groups, by name.
    """

    place: LongTable
    reader: Reader
    name: str
    attribute: str
    columns: dict[str, Node] = attrs.Factory(dict)
    _texts: dict[tuple[str, ...], str] = attrs.Factory(dict)

    def _column(self, name: str) -> Node:
        return column(sayable(name, "the column's name"), "r")

    def _count(self, condition: Node) -> Node:
        return call("SUM", case((condition, whole(1)), otherwise=whole(0)))

    def _has_rows(self) -> Node:
        return is_known(column("key", self.name))

    def _brought(self, bring: Bring, name: str, node: Node, missing: int = 0) -> Node:
        """Add a column to the groups, and bring it among the facts; accounts without a row get a number."""
        self.columns.setdefault(name, node)
        return bring(f"{self.name}_{name}", call("COALESCE", column(name, self.name), whole(missing)))

    def _listed(self, bring: Bring) -> Node:
        """Tell whether there is a list at all: 1, or 0."""
        rows = case((self._has_rows(), whole(1)), otherwise=whole(int(self.place.without == "empty")))
        return compare(bring(f"{self.name}_listed", rows), "=", whole(1))

    def items(self, bring: Bring) -> Items:
        """Ask for labels."""
        label = blank_as_null(self._column(self.place.value))

        def any_of(texts: Sequence[str]) -> Node:
            if not texts:
                return false()
            name = self._texts.setdefault(tuple(texts), f"has_{len(self._texts) + 1}")
            wanted = among(label, [wanted_text(one) for one in texts])
            held = self._brought(bring, name, call("MAX", case((wanted, whole(1)), otherwise=whole(0))))
            return compare(held, "=", whole(1))

        return Items(self._listed(bring), any_of, lambda: self._brought(bring, "items", distinct(label)))

    def _moment(self, name: str) -> Node:
        if isinstance(self.reader.now.own, str):
            raise Refused("reads dated rows of a LongTable, for which each account's own moment is not at hand")
        return self.reader.dialect.micros(self._column(name))

    def _wrong_moment(self, micros: Node, raw: Node) -> list[Node]:
        """Tell whether a moment is of the wrong kind, in no condition or one; only texts can be."""
        if self.reader.dialect.typed:
            return []
        return [every([is_null(micros), compare(call("TRIM", raw), "<>", text(""))])]

    def _bad(self, wrong: list[Node], bring: Bring) -> tuple[Node, list[Node]]:
        """Tell how many of an account's lists are of the wrong kind, 0 or 1, and that none is, for the groups."""
        if not wrong:
            return whole(0), []
        bad = self._brought(bring, "bad", call("MAX", case((some(wrong), whole(1)), otherwise=whole(0))))
        return bad, [compare(column("bad", self.name), "=", whole(0))]

    def latest(self, bring: Bring) -> tuple[Node, Node, Node]:
        """Ask for the age in days of the latest visible moment, whether the list is empty, and if one is wrong."""
        micros, raw = self._moment(self.place.value), self._column(self.place.value)
        bad, fine = self._bad(self._wrong_moment(micros, raw), bring)
        self.columns["latest"] = call("MAX", case((self.reader.visible(micros), micros)))
        self.columns["dated"] = call("COUNT", micros)
        own = column("latest", self.name)
        age = case((every([is_known(own), *fine]), self.reader.elapsed(own, views.DAY)))
        nothing = [every([compare(column("dated", self.name), "=", whole(0)), *fine])]
        if self.place.without == "empty":
            nothing.append(is_null(column("key", self.name)))
        empty = case((some(nothing), whole(1)), otherwise=whole(0))
        return bring(f"{self.name}_age", age), bring(f"{self.name}_empty", empty), bad

    def points(self, function: ValueFunction, bring: Bring) -> tuple[Node, Node]:
        """Ask for the points of events, null where there are none that count, and whether an event is wrong."""
        place, dialect = self.place, self.reader.dialect
        if place.at is None:
            raise Refused(f"reads events, but columns[{self.attribute!r}] says of no column when they were: at=…")
        micros, raw = self._moment(place.at), self._column(place.at)
        kind = blank_as_null(self._column(place.value))
        seen = every([self.reader.visible(micros), is_known(kind)])
        wrong = self._wrong_moment(micros, raw)
        strength: Node = whole(1)
        if place.strength is not None:
            given = self._column(place.strength)
            allowed = between(given, whole(0), whole(_WHOLE))
            wrong.append(every([seen, opposite(some([allowed, is_null(given), dialect.is_nan(given)]))]))
            strength = case((allowed, cast(given, "double")), otherwise=whole(1))
        # Null, not 0, where nothing was seen; the sum is exact, in any order.
        name = f"points_{sum(one.startswith('points') for one in self.columns) + 1}"
        self.columns[name] = call("SUM", case((seen, self._share(function, kind, strength, micros))))
        self.columns["removed"] = self._count(compare(micros, ">", self.reader.now.visible))
        bad, fine = self._bad(wrong, bring)
        own, key = column(name, self.name), column("key", self.name)
        none_left_out = compare(column("removed", self.name), "=", whole(0))
        branches = [
            (every([is_known(own), *fine]), call(dialect.least, own, whole(1))),
            (every([is_known(key), is_null(own), none_left_out, *fine]), whole(0)),
        ]
        if place.without == "empty":
            branches.append((is_null(key), whole(0)))
        return bring(f"{self.name}_{name}", cast(case(*branches), "double")), bad

    def _share(self, function: ValueFunction, kind: Node, strength: Node, micros: Node) -> Node:
        """Give what one event adds, at most 1, floored to 2^-30."""
        merge, shape, dialect = function.merge, function.curve, self.reader.dialect
        assert isinstance(merge, EventSum)  # the caller saw to it
        assert isinstance(shape, Decay)  # the caller saw to it
        if merge.target < _LEAST_TARGET:
            raise Refused(f"has a target below {_LEAST_TARGET}, by which SQL engines cannot divide")
        weights: dict[float, list[Node]] = {}
        for name, weight in merge.kinds:
            weights.setdefault(float(weight), []).append(wanted_text(views.fold(name)))
        listed = ((among(kind, kinds), dialect.number(one)) for one, kinds in weights.items())
        weight_of = cast(case(*listed, otherwise=whole(0)), "double")
        halvings = divide(self.reader.elapsed(micros, views.DAY), dialect.number(float(shape.half_life)))
        power = call("POWER", whole(2), minus(call(dialect.least, halvings, whole(_FARTHEST))))
        share = divide(multiply(multiply(weight_of, strength), power), dialect.number(float(merge.target)))
        return divide(dialect.floor(multiply(call(dialect.least, share, whole(1)), whole(_QUANTUM))), real(_QUANTUM))
