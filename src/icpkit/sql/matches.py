"""Value functions as SQL: what a curve makes of a fact, by cases in which null stays null."""

from collections.abc import Callable, Sequence
from math import log
from typing import Final

import attrs

from icpkit import views
from icpkit.evaluation import slope
from icpkit.sql.dialects import Dialect
from icpkit.sql.reading import Refused, wanted_text
from icpkit.sql.sqlglot import (
    Node,
    add,
    among,
    between,
    call,
    case,
    cast,
    compare,
    divide,
    every,
    is_known,
    minus,
    multiply,
    real,
    some,
    subtract,
    total,
    whole,
)
from icpkit.value_functions import Decay, LabelMerge, Segments, Steps, Table, ValueFunction

_QUANTUM: Final = 2**30
#: How often a match may halve until it is 0.
_FARTHEST: Final = 32

#: Conditions and the match where the first of them holds.
Branches = list[tuple[Node, Node]]


def quantised(match: Node, dialect: Dialect) -> Node:
    """Round a match that passed through a power or a logarithm to a multiple of 2^-30."""
    steps = dialect.floor(add(multiply(match, whole(_QUANTUM)), dialect.number(0.5)))
    return divide(steps, real(_QUANTUM))


def curve(shape: Segments | Steps | Decay, value: Node, dialect: Dialect, *, scale: str = "linear") -> Branches:
    """Give the branches of a curve over a number that may be null; on a log scale they are still to be quantised."""
    if isinstance(shape, Decay):
        half_life = float(shape.half_life)
        power = call("POWER", whole(2), divide(minus(value), dialect.number(half_life)))
        # Beyond so many halvings a match is 0; some engines refuse a power that is too small.
        far = dialect.number(_FARTHEST * half_life)
        return [(compare(value, "<", far), quantised(power, dialect)), (compare(value, ">=", far), whole(0))]
    if isinstance(shape, Steps):
        return _steps(shape, value, dialect)
    return _segments(shape, value, dialect, log_scale=scale == "log")


def _steps(shape: Steps, value: Node, dialect: Dialect) -> Branches:
    edges = [dialect.number(edge) for edge, _ in shape.steps]
    matches = [dialect.plain(match) for _, match in shape.steps]
    otherwise = dialect.plain(shape.otherwise)
    if shape.side == "from":
        below = [otherwise, *matches[:-1]]
        branches = [(compare(value, "<", edge), match) for edge, match in zip(edges, below, strict=True)]
        return [*branches, (compare(value, ">=", edges[-1]), matches[-1])]
    branches = [(compare(value, "<=", edge), match) for edge, match in zip(edges, matches, strict=True)]
    return [*branches, (compare(value, ">", edges[-1]), otherwise)]


def _segments(shape: Segments, value: Node, dialect: Dialect, *, log_scale: bool) -> Branches:
    low, high = (None if edge is None else dialect.number(edge) for edge in (shape.low, shape.high))
    if is_plain(shape):
        return [(_within(value, low, high), dialect.plain(1)), (is_known(value), dialect.plain(0))]
    branches: Branches = [(_within(value, low, high), whole(1))]
    for edge, soft in ((shape.low, shape.soft_low), (shape.high, shape.soft_high)):
        if edge is not None and soft is not None:
            ends = [dialect.number(end) for end in sorted((edge, soft))]
            branches.append((between(value, *ends), _slope(edge, soft, value, dialect, log_scale)))
    return [*branches, (is_known(value), whole(0))]


def _within(value: Node, low: Node | None, high: Node | None) -> Node:
    """Tell whether a value lies between two ends, both included, one of which may be open."""
    if low is not None and high is not None:
        return compare(value, "=", low) if low == high else between(value, low, high)
    edge = low if high is None else high
    assert edge is not None  # the constructor saw to it
    return compare(value, ">=" if high is None else "<=", edge)


def _slope(edge: float, soft: float, value: Node, dialect: Dialect, log_scale: bool) -> Node:  # noqa: FBT001  # one of two formulas
    """Write a straight line from 1 at the edge to 0 at the soft edge, anchored at the edge.

    On a log scale it may miss 0 by the last bit of a logarithm, which rounding to 2^-30 mends.
    """
    start, end = (log(edge), log(soft)) if log_scale else (float(edge), float(soft))
    there = call("LN", value) if log_scale else value
    near, far = (dialect.number(start), there) if soft < edge else (there, dialect.number(start))
    beyond = there if soft > edge and start == 0 else subtract(near, far)
    line = subtract(whole(1), multiply(dialect.number(slope(start, end)), beyond))
    return line if log_scale else call(dialect.greatest, line, whole(0))


def is_plain(shape: object) -> bool:
    """Tell whether all matches of a curve are written as numbers, which must be made doubles."""
    return not isinstance(shape, Decay) and not (
        isinstance(shape, Segments) and (shape.soft_low is not None or shape.soft_high is not None)
    )


# Look-ups


def number_table(table: Table, value: Node, dialect: Dialect) -> Branches:
    """Give the branches of a look-up of numbers."""
    found = _by_match([(dialect.number(float(key)), float(match)) for key, match in table.entries])
    branches = [(among(value, keys), dialect.plain(match)) for match, keys in found]
    return _with_otherwise(branches, table, value, dialect)


def _by_match(entries: Sequence[tuple[Node, float]]) -> list[tuple[float, list[Node]]]:
    found: dict[float, list[Node]] = {}
    for key, match in entries:
        found.setdefault(match, []).append(key)
    return list(found.items())


def _with_otherwise(branches: Branches, table: Table, value: Node, dialect: Dialect) -> Branches:
    if table.otherwise is None:
        return branches
    return [*branches, (is_known(value), dialect.plain(float(table.otherwise)))]


def spellings_of(table: Table) -> Callable[[str], list[str]]:
    """Make the function from a name, as it is compared, to the texts that stand for it: itself, and its aliases."""
    folded = views.keep_case if table.case_sensitive else views.fold
    names = {folded(spelling): folded(name) for spelling, name in table.aliases}

    def texts(name: str) -> list[str]:
        own = [name] if names.get(name, name) == name else []
        return own + [spelling for spelling, meant in names.items() if meant == name and spelling != name]

    return texts


def text_table(table: Table, value: Node, dialect: Dialect) -> Branches:
    """Give the branches of a look-up of texts."""
    entries = [(texts, match) for texts, match in listed_texts(table) if texts]
    if not table.prefix:
        found = _by_match([(wanted_text(one), match) for texts, match in entries for one in texts])
        branches = [(among(value, keys), dialect.plain(match)) for match, keys in found]
        return _with_otherwise(branches, table, value, dialect)
    return _with_otherwise(_prefixes(table, value, dialect), table, value, dialect)


def listed_texts(table: Table) -> list[tuple[list[str], float]]:
    """Give the texts that stand for each listed value, and its match."""
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    texts = spellings_of(table)
    return [(texts(name_of(key)), float(match)) for key, match in table.entries]


def _prefixes(table: Table, value: Node, dialect: Dialect) -> Branches:
    """Compare the beginnings, the longest first; an alias is a whole text, and stands for its name's."""
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    matches = {name_of(key): float(match) for key, match in table.entries}
    longest = sorted(matches.items(), key=lambda entry: -len(entry[0]))
    folded = views.keep_case if table.case_sensitive else views.fold
    otherwise = 0.0 if table.otherwise is None else float(table.otherwise)
    branches: Branches = []
    for spelling, name in table.aliases:
        match = next((match for prefix, match in longest if folded(name).startswith(prefix)), otherwise)
        branches.append((compare(value, "=", wanted_text(folded(spelling))), dialect.plain(match)))
    for prefix, match in longest:
        beginning = call("SUBSTR", value, whole(1), whole(len(prefix)))
        branches.append((compare(beginning, "=", wanted_text(prefix)), dialect.plain(match)))
    return branches


# Labels


@attrs.frozen
class Items:
    """A list of texts, however it is held.

    Attributes:
        known: whether there is a list.
        any_of: whether it holds one of some texts.
        count: how many different texts it holds.
    """

    known: Node
    any_of: Callable[[Sequence[str]], Node]
    count: Callable[[], Node]


def labels(table: Table, merge: LabelMerge, items: Items, dialect: Dialect) -> Node:
    """Give the match of a list of labels."""
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    members = {name_of(group): [name_of(one) for one in listed] for group, listed in merge.groups}
    names = [dict.fromkeys([name_of(key), *members.get(name_of(key), ())]) for key, _ in table.entries]
    if merge.mode == "satisfies":
        return _satisfied(table, dict.fromkeys(name for counted in names for name in counted), items)
    texts = spellings_of(table)
    there = [items.any_of([one for name in counted for one in texts(name)]) for counted in names]
    if merge.mode == "share":
        weights = [float(weight) for _, weight in table.entries]
        zero = dialect.plain(0)
        parts = [case((one, dialect.plain(weight)), otherwise=zero) for one, weight in zip(there, weights, strict=True)]
        # As doubles from the first on, so that sums are those of Python.
        share = divide(total([dialect.as_doubles(parts[0]), *parts[1:]]), dialect.number(_sum(weights)))
        return case((items.known, share))
    needed = {"any": 1, "all": len(there)}.get(merge.mode, merge.k)
    assert needed is not None  # the constructor saw to it
    enough = some(there) if needed == 1 else compare(total(map(_counted, there)), ">=", whole(needed))
    return dialect.as_doubles(case((enough, dialect.plain(1)), (items.known, dialect.plain(0))))


def _sum(weights: list[float]) -> float:
    made = 0.0
    for weight in weights:
        made += weight
    return made


def _counted(condition: Node) -> Node:
    return case((condition, whole(1)), otherwise=whole(0))


def _satisfied(table: Table, ours: dict[str, None], items: Items) -> Node:
    """Give the share of the account's own labels that are wanted, each name counted once, however it is spelled."""
    texts = spellings_of(table)
    wanted = total(_counted(items.any_of(texts(name))) for name in ours if texts(name))
    folded = views.keep_case if table.case_sensitive else views.fold
    aliased = dict.fromkeys(folded(name) for _, name in table.aliases)
    own = items.count()
    for name in aliased:
        spelled = texts(name)
        if len(spelled) > 1:
            several = [*(_counted(items.any_of([one])) for one in spelled), minus(_counted(items.any_of(spelled)))]
            own = subtract(own, total(several))
    share = divide(cast(wanted, "double"), own)
    # Of no list some engines count 0 labels, too.
    return case((every([items.known, compare(own, "=", whole(0))]), whole(1)), (items.known, share))


def best_item(function: ValueFunction, items: Items, dialect: Dialect) -> Node:
    """Give the best match of a list of texts; ``otherwise`` where an unlisted one is better, or the list empty."""
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    assert table.otherwise is not None  # one of a list has it
    if table.prefix:
        raise Refused("compares the beginnings of the items of a list: hold the best item in a column of its own")
    otherwise = float(table.otherwise)
    listed = [(texts, match) for texts, match in listed_texts(table) if texts]
    by_match: dict[float, list[str]] = {}
    for texts, match in listed:
        by_match.setdefault(match, []).extend(texts)
    falling = sorted(by_match.items(), reverse=True)
    branches: Branches = [(items.any_of(texts), dialect.plain(match)) for match, texts in falling if match > otherwise]
    below = [(match, texts) for match, texts in falling if match < otherwise]
    if below:
        known = total(_counted(items.any_of([one])) for texts, _ in listed for one in texts)
        branches.append((compare(items.count(), ">", known), dialect.plain(otherwise)))
        equal = by_match.get(otherwise)
        if equal:
            branches.append((items.any_of(equal), dialect.plain(otherwise)))
        branches += [(items.any_of(texts), dialect.plain(match)) for match, texts in below]
    return dialect.as_doubles(case(*branches, (items.known, dialect.plain(otherwise))))
