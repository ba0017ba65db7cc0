"""Rows for each label, moment or event, of a table or out of a list column: what is asked of them, by account."""

import functools
from collections.abc import Callable, Sequence

import attrs

from icpkit import views
from icpkit.sql.dialects import Opened
from icpkit.sql.matches import Items
from icpkit.sql.options import ListColumn, LongTable
from icpkit.sql.reading import Reader, Refused, empty_as_null, sayable, wanted_text
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
    total,
    true,
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


@attrs.define(eq=False, slots=False)
class LongRows:
    """What is asked of one table or list column, as columns of its groups; it fills while the statement is made.

    Attributes:
        place: the table, or the list column.
        reader: how values are read.
        name: what the groups are called.
        attribute: the attribute that the table holds.
        columns: the columns of the groups, by name.
    """

    place: LongTable | ListColumn
    reader: Reader
    name: str
    attribute: str
    columns: dict[str, Node] = attrs.Factory(dict)
    _texts: dict[tuple[str, ...], str] = attrs.Factory(dict)

    def _column(self, name: str) -> Node:
        return column(sayable(name, "the column's name"), "r")

    @functools.cached_property
    def opened(self) -> Opened | None:
        """The rows of a list column; None for a table.

        Raises:
            Refused: where the dialect does not open such a list.
        """
        if isinstance(self.place, LongTable):
            return None
        dialect = self.reader.dialect
        made = dialect.opened(self.reader.column(self.place.name), self.place)
        if made is None:
            raise Refused(
                f"reads a list of moments or events as {self.place.format}, which is not opened in {dialect.title}: "
                f"columns={{{self.attribute!r}: LongTable(table, key, …)}} of a table or view with a row for each"
            )
        return made

    def _field(self, field: str) -> Node:
        """Give a part of an event: its kind, its moment, its strength."""
        if self.opened is not None:
            if self.opened.field is None:
                raise Refused("reads events of an array, whose records have no fields by name here: hold JSON")
            return self.opened.field(field)
        assert isinstance(self.place, LongTable)  # else it is opened
        name = {"kind": self.place.value, "at": self.place.at, "strength": self.place.strength}[field]
        if name is None:
            raise Refused(f"reads events, but columns[{self.attribute!r}] says of no column when they were: at=…")
        return self._column(name)

    @property
    def _has_strength(self) -> bool:
        return not isinstance(self.place, LongTable) or self.place.strength is not None

    def has_list(self) -> Node:
        """Tell whether there is a list, be it empty, among the facts of an account."""
        if isinstance(self.place, LongTable):
            return true() if self.place.without == "empty" else is_known(column("key", self.name))
        found = self.reader.is_list(self.place)
        return is_known(self.reader.column(self.place.name)) if found is None else found

    def _count(self, condition: Node) -> Node:
        return call("SUM", case((condition, whole(1)), otherwise=whole(0)))

    def _brought(self, bring: Bring, name: str, node: Node, missing: int = 0) -> Node:
        """Add a column to the groups, and bring it among the facts; accounts without a row get a number."""
        self.columns.setdefault(name, node)
        return bring(f"{self.name}_{name}", call("COALESCE", column(name, self.name), whole(missing)))

    def _listed(self, bring: Bring) -> Node:
        """Tell whether there is a list at all: 1, or 0."""
        there = case((self.has_list(), whole(1)), otherwise=whole(0))
        return compare(bring(f"{self.name}_listed", there), "=", whole(1))

    def items(self, bring: Bring) -> Items:
        """Ask for labels."""
        assert isinstance(self.place, LongTable)  # list columns are asked as arrays
        label = empty_as_null(self._column(self.place.value))

        def any_of(texts: Sequence[str]) -> Node:
            if not texts:
                return false()
            name = self._texts.setdefault(tuple(texts), f"has_{len(self._texts) + 1}")
            wanted = among(label, [wanted_text(one) for one in texts])
            held = self._brought(bring, name, call("MAX", case((wanted, whole(1)), otherwise=whole(0))))
            return compare(held, "=", whole(1))

        return Items(self._listed(bring), any_of, lambda: self._brought(bring, "items", distinct(label)))

    def _micros(self, raw: Node) -> Node:
        """Give the microseconds since 1970 of a moment."""
        dialect = self.reader.dialect
        if self.opened is not None:
            return dialect.micros_of_text(raw) if self.opened.written else dialect.micros(raw)
        if self.reader.now.each:
            raise Refused(
                "reads dated rows of a LongTable, for which each account's own moment is not at hand: "
                "hold them as a list in a column, or the last in a column"
            )
        return dialect.micros(raw)

    def _wrong_moment(self, micros: Node, raw: Node) -> list[Node]:
        """Tell whether a moment is of the wrong kind, in no condition or one; only texts can be."""
        if self.reader.dialect.typed:
            return []
        return [every([is_null(micros), compare(call("TRIM", raw), "<>", text(""))])]

    def _bad(self, wrong: list[Node], bring: Bring) -> tuple[Node, list[Node]]:
        """Tell how many of an account's lists are of the wrong kind, 0 or 1, and that none is, for the groups."""
        told = None if isinstance(self.place, LongTable) else self.reader.list_in(self.place, true()).invalid
        lists = [] if told is None else [bring(f"{self.name}_wrong", told)]
        if not wrong:
            return total(lists), []
        bad = self._brought(bring, "bad", call("MAX", case((some(wrong), whole(1)), otherwise=whole(0))))
        fine = [compare(call("COALESCE", column("bad", self.name), whole(0)), "=", whole(0))]
        return total([bad, *lists]), fine

    def latest(self, bring: Bring) -> tuple[Node, Node, Node]:
        """Ask for the age in days of the latest visible moment, whether the list is empty, and if one is wrong."""
        raw = self._column(self.place.value) if isinstance(self.place, LongTable) else self._moments()
        micros = self._micros(raw)
        bad, fine = self._bad(self._wrong_moment(micros, raw), bring)
        self.columns["latest"] = call("MAX", case((self.reader.visible(micros), micros)))
        self.columns["dated"] = call("COUNT", micros)
        own = column("latest", self.name)
        age = case((every([is_known(own), *fine]), self.reader.elapsed(own, views.DAY)))
        none = compare(call("COALESCE", column("dated", self.name), whole(0)), "=", whole(0))
        empty = case((every([self.has_list(), none, *fine]), whole(1)), otherwise=whole(0))
        return bring(f"{self.name}_age", age), bring(f"{self.name}_empty", empty), bad

    def _moments(self) -> Node:
        assert self.opened is not None  # else it is a table
        return self.opened.moment

    def points(self, function: ValueFunction, bring: Bring) -> tuple[Node, Node]:
        """Ask for the points of events, null where there are none that count, and whether an event is wrong."""
        dialect, raw = self.reader.dialect, self._field("at")
        micros, kind = self._micros(raw), empty_as_null(self._field("kind"))
        seen = every([self.reader.visible(micros), is_known(kind)])
        wrong = self._wrong_moment(micros, raw)
        strength: Node = whole(1)
        if self._has_strength:
            given = self._field("strength")
            if self.opened is not None and self.opened.written and dialect.typed:
                given = cast(given, "double")
            allowed = between(given, whole(0), whole(_WHOLE))
            wrong.append(every([seen, opposite(some([allowed, is_null(given), dialect.is_nan(given)]))]))
            strength = case((allowed, cast(given, "double")), otherwise=whole(1))
        # Null, not 0, where nothing was seen; the sum is exact, in any order.
        name = f"points_{sum(one.startswith('points') for one in self.columns) + 1}"
        self.columns[name] = call("SUM", case((seen, self._share(function, kind, strength, micros))))
        self.columns["removed"] = self._count(compare(micros, ">", self.reader.now.visible))
        bad, fine = self._bad(wrong, bring)
        own, removed = column(name, self.name), call("COALESCE", column("removed", self.name), whole(0))
        branches = [
            (every([is_known(own), *fine]), call(dialect.least, own, whole(1))),
            (every([self.has_list(), is_null(own), compare(removed, "=", whole(0)), *fine]), whole(0)),
        ]
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
