"""The questions that profiles ask, each once: a column of facts, and from it a column of matches."""

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from icpkit import views
from icpkit.evaluation import prepare
from icpkit.sql.long_tables import LongRows
from icpkit.sql.matches import (
    Branches,
    Items,
    best_item,
    curve,
    is_plain,
    labels,
    number_table,
    quantised,
    text_table,
)
from icpkit.sql.options import ListColumn, LongTable
from icpkit.sql.reading import Fact, Reader, Refused, sayable, table_parts, wanted_text
from icpkit.sql.sqlglot import (
    Node,
    case,
    cast,
    column,
    compare,
    every,
    false,
    is_known,
    is_null,
    some,
    subtract,
    whole,
)
from icpkit.value_functions import Decay, EventSum, LabelMerge, Segments, Steps, Table, ValueFunction


@attrs.frozen(eq=False)
class Leaf:
    """One question, as columns of the statement.

    Attributes:
        name: the column of its match, which is null where it is unknown; 0 where a signal never happened.
        match: the match, from the columns of facts.
        seen: whether the signal has happened, where the match is 0 of one that never did; None for all else.
        never: whether null is not unknown, but says that the signal never happened.
        reach: the least and the greatest match where it is null.
        counts: which counts of values of the wrong kind are its own.
        level: the fact that must be one of those listed, or is of the wrong kind; None where any may be.
    """

    name: str
    match: Node
    seen: Node | None
    never: bool
    reach: tuple[float, float]
    counts: tuple[object, ...]
    level: Node | None

    @property
    def level_name(self) -> str:
        """The column of matches that hands the level on."""
        return f"{self.name}_level"

    @property
    def unlisted(self) -> Node:
        """1 where there is a level but no match, else 0; from the columns of matches."""
        missed = every([is_known(column(self.level_name, "m")), is_null(column(self.name, "m"))])
        return case((missed, whole(1)), otherwise=whole(0))


@attrs.define(eq=False)
class Leaves:
    """All that profiles ask in one statement; it fills while their statements are made.

    Attributes:
        reader: how attributes are read.
        names: gives names to columns of matches.
        fact_names: gives names to columns of facts, and to tables.
        facts: the columns of facts, by name, with what a comment says.
        invalid: counts of values of the wrong kind, from the columns of the accounts.
        noticed: the same, from the columns of facts.
        unlisted: the same, from the columns of matches.
        rows: what is asked of tables of many rows, by attribute and view.
    """

    reader: Reader
    names: "Names"
    fact_names: "Names"
    facts: dict[str, tuple[Node, str]] = attrs.Factory(dict)
    invalid: dict[object, Node] = attrs.Factory(dict)
    noticed: dict[object, Node] = attrs.Factory(dict)
    unlisted: dict[object, Node] = attrs.Factory(dict)
    rows: dict[tuple[str, str], LongRows] = attrs.Factory(dict)
    _read: dict[tuple[str, str], tuple[str, Fact]] = attrs.Factory(dict)
    _leaves: dict[ValueFunction, Leaf] = attrs.Factory(dict)
    _touched: dict[object, Node | None] = attrs.Factory(dict)
    _brought: dict[str, str] = attrs.Factory(dict)

    @property
    def made(self) -> list[tuple[ValueFunction, Leaf]]:
        """The leaves, in the order in which they were first asked."""
        return list(self._leaves.items())

    def leaf(self, function: ValueFunction, name: str) -> Leaf:
        """Give the leaf of a value function, made when it is first asked.

        Args:
            function: the value function.
            name: what its column should be called.

        Raises:
            Refused: where the dialect cannot say it.
        """
        if function not in self._leaves:
            self._touched.clear()
            match, seen = self._match(function)
            counts = tuple(self._touched)
            never = function.absent == "never" and seen is None
            reach = (0.0, 0.0) if never else function.reach
            level = next((node for node in self._touched.values() if node is not None), None)
            leaf = Leaf(self.names.new(name), match, seen, never, reach, counts, level)
            self._leaves[function] = leaf
            for reason, node in self._touched.items():
                if node is not None:
                    self.unlisted.setdefault(reason, leaf.unlisted)
        return self._leaves[function]

    def _match(self, function: ValueFunction) -> tuple[Node, Node | None]:
        place = self.reader.places[function.attribute]
        if isinstance(place, LongTable) or (isinstance(place, ListColumn) and function.view in {"age", "events"}):
            return self._of_rows(function, place)
        if function.view == "events":
            raise Refused(
                "reads events: say where they are, "
                f"columns={{{function.attribute!r}: LongTable(table, key, kind, at=…, strength=…)}} or a ListColumn"
            )
        make = {
            "number": self._number,
            "log": self._number,
            "truth": self._number,
            "text": self._text,
            "labels": self._labels,
            "age": self._moment,
            "ahead": self._moment,
            "years": self._moment,
        }[function.view]
        return make(function)

    def _fact(self, function: ValueFunction, view: str, read: Callable[[], Fact]) -> tuple[Node, Fact]:
        """Give the column of a fact; it is read once, however many ask."""
        known = (function.attribute, view)
        if known not in self._read:
            fact = read()
            name = self.fact_names.new(function.attribute)
            self._read[known] = name, fact
            self.facts[name] = fact.node, fact.note
            if fact.invalid is not None and _counted(known) not in self.noticed:
                self.invalid[_counted(known)] = fact.invalid
        name, fact = self._read[known]
        self._touched[_counted(known)] = None
        return column(name, "f"), fact

    def _number(self, function: ValueFunction) -> tuple[Node, Node | None]:
        read = self.reader.truth if function.view == "truth" else self.reader.number
        view = "truth" if function.view == "truth" else "number"
        value, _ = self._fact(function, view, lambda: read(function.attribute))
        return self._looked_up(function, value), None

    def _looked_up(self, function: ValueFunction, value: Node) -> Node:
        shape, dialect = function.curve, self.reader.dialect
        if function.view == "truth" and isinstance(shape, Table):  # the fact is 1, 0 or null
            yes = dict(shape.entries)[1] == 1
            return cast(value if yes else subtract(whole(1), value), "double")
        if isinstance(shape, Table):
            if shape.otherwise is None:
                self._touched[function.attribute, tuple(str(key) for key, _ in shape.entries)] = value
            look_up = text_table if function.view == "text" else number_table
            return dialect.as_doubles(case(*look_up(shape, value, dialect)))
        if function.view == "log" and not is_plain(shape):
            return quantised(case(*curve(shape, value, dialect, scale="log")), dialect)
        return self._cased(curve(shape, value, dialect), shape)

    def _text(self, function: ValueFunction) -> tuple[Node, Node | None]:
        table = function.curve
        assert isinstance(table, Table)  # the constructor saw to it
        if not isinstance(self.reader.places[function.attribute], str):
            if function.merge != "best":
                raise Refused("reads one text, but its column is said to hold a list")
            return best_item(function, self._items(function, table), self.reader.dialect), None
        self._one_kind(function.attribute, {"items"}, "one text", "labels")
        view = "exact" if table.case_sensitive else "text"
        value, _ = self._fact(
            function, view, lambda: self.reader.text(function.attribute, case_sensitive=table.case_sensitive)
        )
        return self._looked_up(function, value), None

    def _one_kind(self, attribute: str, others: set[str], here: str, there: str) -> None:
        """Refuse to read one column as a text here and as a list there."""
        if any((attribute, view) in self._read for view in others):
            raise Refused(
                f"reads {here}, and another criterion reads {there} of the same column: "
                f"columns={{{attribute!r}: ListColumn(…)}} where it holds a list, or an attribute of its own"
            )

    def _labels(self, function: ValueFunction) -> tuple[Node, Node | None]:
        table, merge = function.curve, function.merge
        assert isinstance(table, Table)  # the constructor saw to it
        assert isinstance(merge, LabelMerge)  # the constructor saw to it
        return labels(table, merge, self._items(function, table), self.reader.dialect), None

    def _items(self, function: ValueFunction, table: Table) -> Items:
        reader = self.reader
        reader.check_form(function.attribute, case_sensitive=table.case_sensitive)
        self._one_kind(function.attribute, {"text", "exact"}, "labels", "one text")
        value, _ = self._fact(function, "items", lambda: reader.list_fact(function.attribute))

        def any_of(texts: Sequence[str]) -> Node:
            for one in texts:
                wanted_text(one)  # refuses what cannot be said
            return some([reader.dialect.contains(value, one) for one in texts]) if texts else false()

        def count() -> Node:
            counted, _ = self._fact(function, "count", lambda: self._count_of(function.attribute))
            return counted

        return Items(is_known(value), any_of, count)

    def _count_of(self, attribute: str) -> Fact:
        return Fact(self.reader.dialect.distinct(self.reader.items(attribute)), None, whole(0), note="how many differ")

    def _moment(self, function: ValueFunction) -> tuple[Node, Node | None]:
        shape, reader = function.curve, self.reader
        assert not isinstance(shape, Table)  # the constructor saw to it
        read = {"age": reader.age, "ahead": reader.ahead, "years": reader.years}[function.view]
        value, fact = self._fact(function, function.view, lambda: read(function.attribute))
        branches = curve(shape, value, reader.dialect)
        if function.absent != "never":
            return self._cased(branches, shape), None
        if fact.invalid is None:  # then null has one meaning alone
            return self._cased(branches, shape), None
        bad = self._bad(function, fact.invalid)
        branches.append((compare(bad, "=", whole(0)), whole(0)))
        return self._cased(branches, shape), is_known(value)

    def _cased(self, branches: Branches, shape: object) -> Node:
        made = case(*branches)
        return self.reader.dialect.as_doubles(made) if is_plain(shape) else made

    def _bad(self, function: ValueFunction, invalid: Node) -> Node:
        """Give the column that tells whether a value is of the wrong kind, which is not the same as absent."""
        known = (function.attribute, f"bad {function.view}")
        if known not in self._read:
            name = self.fact_names.new(f"{function.attribute}_invalid")
            self._read[known] = name, Fact(invalid, None, invalid)
            self.facts[name] = invalid, ""
            # What is counted in a column of its own is not counted in a second place.
            counted = _counted((function.attribute, function.view))
            self.invalid.pop(counted, None)
            self.noticed[counted] = column(name, "f")
        return column(self._read[known][0], "f")

    # Tables of many rows

    def _of_rows(self, function: ValueFunction, place: LongTable | ListColumn) -> tuple[Node, Node | None]:
        view, shape, known = function.view, function.curve, (function.attribute, function.view)
        rows = self.rows.get(known)
        if rows is None:
            if isinstance(place, LongTable):
                table_parts(place.table)
                sayable(place.key, "the key of a LongTable")
            rows = LongRows(place, self.reader, self.fact_names.new(f"{function.attribute}_rows"), function.attribute)
        if isinstance(place, LongTable) and view != "events" and (place.at, place.strength) != (None, None):
            raise Refused(f"reads no events, of which alone columns[{function.attribute!r}] can say at= and strength=")
        if view in {"text", "labels"} and isinstance(shape, Table) and (view == "labels" or function.merge == "best"):
            self.reader.check_form(function.attribute, case_sensitive=shape.case_sensitive)
            self.reader.family(function.attribute, "labels", {"text"})
            self.rows[known] = rows
            items = rows.items(self._of_row_column)
            if isinstance(function.merge, LabelMerge):
                return labels(shape, function.merge, items, self.reader.dialect), None
            return best_item(function, items, self.reader.dialect), None
        if view == "age" and not isinstance(shape, Table):
            if isinstance(place, LongTable):
                self.reader.dated_family(function.attribute)
            self.rows[known] = rows
            return self._latest(function, rows)
        if isinstance(function.merge, EventSum) and isinstance(shape, Decay):
            self.reader.check_form(function.attribute, case_sensitive=False)
            if isinstance(place, LongTable):
                self.reader.family(function.attribute, "kinds of events", {"text"})
            self.rows[known] = rows
            return self._summed(function, rows)
        needed = {"number": "a number", "log": "a number", "truth": "True or False", "text": "one text"}
        raise Refused(f"reads {needed.get(view, 'one date')}, but columns[{function.attribute!r}] is a LongTable")

    def _of_row_column(self, name: str, node: Node) -> Node:
        """Bring a column of a joined table among the facts."""
        if name not in self._brought:
            self._brought[name] = self.fact_names.new(name)
            self.facts[self._brought[name]] = node, ""
        return column(self._brought[name], "f")

    def _latest(self, function: ValueFunction, rows: LongRows) -> tuple[Node, Node | None]:
        shape = function.curve
        assert isinstance(shape, Segments | Steps | Decay)  # the caller saw to it
        known = (function.attribute, "rows", "age")
        latest, empty, bad = rows.latest(self._of_row_column)
        never = prepare(function).match([], views.moment("2000-01-01"), None)
        assert never is not None  # an empty list is known
        branches: Branches = [
            *curve(shape, latest, self.reader.dialect),
            (compare(empty, "=", whole(1)), self.reader.dialect.plain(never)),
        ]
        if bad != whole(0):
            self.noticed[known] = bad
            self._touched[known] = None
        return self._absent_rows(function, branches, bad, shape, [is_known(latest), compare(empty, "=", whole(1))])

    def _summed(self, function: ValueFunction, rows: LongRows) -> tuple[Node, Node | None]:
        known = (function.attribute, "rows", "events")
        points, bad = rows.points(function, self._of_row_column)
        if bad != whole(0):
            self.noticed[known] = bad
            self._touched[known] = None
        return self._absent_rows(function, [(is_known(points), points)], bad, Decay(1.0), [is_known(points)])

    def _absent_rows(
        self, function: ValueFunction, branches: Branches, bad: Node, shape: object, seen: list[Node]
    ) -> tuple[Node, Node | None]:
        if function.absent != "never" or bad == whole(0):
            return self._cased(branches, shape), None
        branches = [*branches, (compare(bad, "=", whole(0)), whole(0))]
        return self._cased(branches, shape), some(seen)


def _counted(read: tuple[str, str]) -> tuple[str, str]:
    """Name the count of an attribute's values of the wrong kind: what is no date is that to every view of dates."""
    attribute, view = read
    return attribute, "date" if view in {"age", "ahead"} else view


#: Ends of names that are made of names of ours.
_DERIVED: Final = ("_seen", "_level", "_low", "_high", "_assumed")


@attrs.define
class Names:
    """Gives names to columns of ours: short, plain, each once.

    >>> names = Names()
    >>> names.new("HQ country!"), names.new("hq_country"), names.new("€")
    ('hq_country', 'hq_country_2', 'column')
    """

    taken: set[str] = attrs.Factory(set)

    def new(self, wanted: str) -> str:
        """Give a name that is not taken yet."""
        plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in wanted.lower())
        stem = "_".join(filter(None, plain.split("_")))[:40].rstrip("_") or "column"
        stem = f"column_{stem}" if stem[0].isdigit() else stem
        name, number = stem, 1
        while name in self.taken or name.endswith(_DERIVED):
            number += 1
            name = f"{stem}_{number}"
        self.taken.add(name)
        return name
