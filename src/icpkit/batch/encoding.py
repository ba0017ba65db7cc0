"""Encoding: from the table that somebody has to a batch of encoded columns, only those that profiles read."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os import PathLike
from typing import Any

import attrs
import numpy as np

from icpkit.adapters import source_of
from icpkit.adapters.source import Source
from icpkit.adapters.values import plain_column
from icpkit.batch.blocks import for_each
from icpkit.batch.facts import Memory
from icpkit.batch.leaves import Leaf, prepare, whole
from icpkit.batch.plan import ask_of
from icpkit.batch.strays import Strays, strays_of
from icpkit.columns import Codes, Column, Places, column_of_values
from icpkit.errors import SHOWN, UnreadColumnsError, near
from icpkit.evaluation import MISSING, look_up
from icpkit.profile import Profile
from icpkit.reading import reader
from icpkit.typing import Offender, OnInvalid
from icpkit.value_functions import ValueFunction


@attrs.frozen(eq=False, repr=False, slots=False)
class Batch:
    """Many accounts as encoded columns, ready to be scored again and again.

    Attributes:
        columns: the encoded columns, by attribute.
        lacking: attributes that no account has, so that they are unknown for all.
        keys: the accounts' keys, or their numbers from 0 where no key was named.
        key: the column that holds the keys, or None.
        source: the table they come from, in whose kind `Scores.to_frame` answers; None after `detach`.
        memory: what was found of the columns: patterns of labels, logarithms.
        kept: matches that were kept to be used again (``keep=True``), with the moments that they hold for.
        bad: cells that the field map could not read, and that were taken as unknown.
        strays: the rows of tables of labels and events that belong to no account.
    """

    columns: Mapping[str, Column]
    rows: int
    lacking: tuple[str, ...] = ()
    key: str | None = None
    source: Source | None = None
    _keys: Sequence[Any] | None = None
    memory: Memory = attrs.field(
        default=attrs.Factory(lambda batch: Memory(batch.columns, batch.rows), takes_self=True)
    )
    kept: dict[ValueFunction, tuple[Any, Leaf]] = attrs.field(factory=dict)
    bad: tuple[Offender, ...] = ()
    strays: tuple[Strays, ...] = ()

    def __len__(self) -> int:
        """Count the accounts."""
        return self.rows

    @property
    def keys(self) -> Sequence[Any]:
        """The accounts' keys, or their numbers from 0."""
        return range(self.rows) if self._keys is None else self._keys

    @cached_property
    def row_of(self) -> Mapping[Any, int]:
        """The row of each key."""
        return {key: row for row, key in enumerate(self.keys)}

    @property
    def nbytes(self) -> int:
        """The memory of the encoded columns, and of what was found of them."""
        return self.memory.nbytes + sum(column.nbytes for column in self.columns.values())

    def keep(self, leaf: Leaf, moments: Any, needed: Collection[ValueFunction]) -> Leaf:
        """Keep the matches of a leaf, where all that is kept takes at most twice the memory of the columns.

        Args:
            leaf: the leaf.
            moments: the moments of scoring that its matches hold for.
            needed: the value functions whose matches must stay; others go where there is no room.
        """
        self.kept.pop(leaf.function, None)
        leaf = whole(leaf, self.rows)
        room = 2 * self.nbytes - sum(one.nbytes for _, one in self.kept.values())
        for function in [one for one in self.kept if one not in needed]:
            if leaf.nbytes <= room:
                break
            room += self.kept.pop(function)[1].nbytes
        if leaf.nbytes <= room:
            self.kept[leaf.function] = moments, leaf
        return leaf

    def __contains__(self, key: object) -> bool:
        """Tell whether an account has this key."""
        return key in self.row_of

    def account(self, row: int) -> dict[str, Any]:
        """Give what is known of one account, as plain Python values."""
        found = {} if self.key is None else {self.key: self.keys[row]}
        for name, column in self.columns.items():
            value = column.raw(row)
            found[name] = value
        return found

    def take(self, rows: Sequence[int] | Places) -> "Batch":
        """Give some of the accounts, by their places or by a mask; a table of results is then made of plain records."""
        places = np.arange(self.rows)[rows]
        keys = None if self._keys is None else [self._keys[row] for row in places.tolist()]
        columns = {name: column.take(places) for name, column in self.columns.items()}
        memory = Memory(columns, len(places))
        return attrs.evolve(self, columns=columns, rows=len(places), keys=keys, source=None, memory=memory, kept={})

    def detach(self) -> "Batch":
        """Let the table go that the accounts come from."""
        return attrs.evolve(self, source=None)

    def __repr__(self) -> str:
        """Say in one line what there is."""
        key = f", key {self.key!r}" if self.key is not None else ""
        return f"<Batch: {self.rows:,} accounts × {len(self.columns)} attributes{key}>"


def encode(
    data: Any,
    profiles: Profile | Iterable[Profile],
    *,
    key: str | None = None,
    fields: Any = None,
    unknown: Collection[str] = (),
    labels: Mapping[str, Any] | None = None,
    events: Mapping[str, Any] | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
    threads: int | None = None,
) -> Batch:
    """Encode the columns that profiles read, once, to score them many times.

    Args:
        data: a pandas, Polars or Arrow table, a DuckDB relation, a mapping of columns, records or objects.
        profiles: the profile or profiles that will be scored with it.
        key: the column that holds the accounts' keys, each of which stands in one row; a field map names it itself.
        fields: a field map, by which the table is read first.
        unknown: attributes that may be absent: they are then unknown for all.
        labels: attributes whose labels stand in a table of their own, one in each row: ``(table, key, label)``.
            Accounts without a row there are unknown.
        events: attributes whose events stand in a table of their own: ``(table, key, kind, at)``, or with a fifth
            column, the strength.
        on_invalid: what becomes of cells that the field map cannot read, as for `FieldMap.apply`.
        redact: keeps their values out of error messages.
        threads: how many columns are read at a time; None for as many as there are cores, or one for fewer than
            200,000 accounts.

    Raises:
        UnreadColumnsError: for columns that are not there, or twice, and for one text where a list of labels belongs.
        ValueError: for a key that several rows have, and for labels or events without a key.

    >>> batch = icp.encode([{"id": "acme", "employees": 320}], icp.standard_profile(), key="id")
    >>> batch
    <Batch: 1 accounts × 16 attributes, key 'id'>
    """
    listed = profiles_of(profiles, "encode")
    functions = list(dict.fromkeys(function for profile in listed for function in ask_of(profile).functions))
    attributes = list(dict.fromkeys(function.attribute for function in functions))
    table = _table_of(data, fields, on_invalid=on_invalid, redact=redact)
    if key is None and isinstance(getattr(table, "key", None), str):  # accounts that were read know their key
        key = table.key
    attached = _attachments({**(labels or {}), **(events or {})}, attributes, key)
    offered = source_of(table)
    source = offered.needing({key or "", *attributes, *(name.partition(".")[0] for name in attributes)})
    keys = _keys_of(source, key, offered.names)
    own = [name for name in attributes if name not in attached]
    places = _places_of(source, own, [unknown] if isinstance(unknown, str) else unknown, offered.names)
    columns_of = for_each(
        lambda name: _column_of(source, places.get(name), name, table), own, len(source), threads=threads
    )
    found = dict(zip(own, columns_of, strict=True))
    unknown_to_all = Codes(np.zeros(len(source), np.uint8), (None,))
    gathered = {name: _gathered(name, where, kinds=name in (events or {})) for name, where in attached.items()}
    columns: dict[str, Column] = {
        **{name: unknown_to_all if column is None else column for name, column in found.items()},
        **{name: _attached(rows, keys or ()) for name, rows in gathered.items()},
    }
    _refuse_texts(source, functions, columns)
    lacking = tuple(name for name, column in found.items() if column is None)
    bad, origin = (), source
    if fields is not None:
        bad = table.bad
        # Where every row became an account, results go back in the kind that came in.
        origin = source if table.rows else source_of(data)
    strays = tuple(one for name, rows in gathered.items() if (one := strays_of(name, rows, keys or ())))
    batch = Batch(columns, len(source), lacking, key, origin, keys, bad=bad, strays=strays)
    _prepare(batch, functions, threads)
    return batch


def _table_of(data: Any, fields: Any, *, on_invalid: OnInvalid, redact: bool) -> Any:
    """Give the table as it is, or the accounts that a field map makes of it."""
    if isinstance(data, (str, PathLike)):
        raise TypeError(
            f"a table must be handed over, not a path (got {str(data)!r}): "
            "icp.read_accounts reads a file, icp.score_files scores many"
        )
    if fields is None:
        return list(data) if isinstance(data, Iterator) else data
    if not hasattr(fields, "apply"):
        raise TypeError(f"fields must be a FieldMap (got {type(fields).__name__}): icp.load_fields reads one")
    return fields.apply(data, on_invalid=on_invalid, redact=redact)


def _attachments(attached: dict[str, Any], attributes: Collection[str], key: str | None) -> dict[str, Any]:
    """Refuse labels and events that nobody would read, or that belong to nobody."""
    if attached and key is None:
        raise ValueError(f"labels and events need the key of the accounts: key= (got {', '.join(attached)})")
    strangers = [
        f"{name!r} is read by no profile" + (f"; {hint}" if (hint := near(name, attributes)) else "")
        for name in attached
        if name not in attributes
    ]
    if strangers:
        raise UnreadColumnsError("labels and events", strangers, attributes)
    return attached


def _column_of(source: Source, place: int | None, attribute: str, table: Any) -> Column | None:
    """Encode a column, or a path into nested records; None where nobody has it."""
    nested = _nested(source, attribute, table) if place is None or _loose(source) else None
    if nested is None and place is not None:
        return source.column(place)
    return nested


def profiles_of(given: Any, caller: str) -> list[Profile]:
    """Give one profile or several as a list.

    Raises:
        TypeError: for what is no profile.
    """
    listed = [given] if isinstance(given, Profile) else list(given) if isinstance(given, Iterable) else [given]
    for one in listed:
        if not isinstance(one, Profile):
            place = "second, after the table" if caller == "encode" else "first, then the table"
            raise TypeError(f"{caller}() needs a Profile {place} (got {type(one).__name__})")
    return listed


def _gathered(name: str, where: Any, *, kinds: bool) -> dict[str, list[Any]]:
    """Gather labels or events by their keys from a table that holds one of them in each row."""
    shape = "(table, key, kind, at) or (table, key, kind, at, strength)" if kinds else "(table, key, label)"
    if not isinstance(where, tuple) or len(where) not in ({4, 5} if kinds else {3}):
        raise ValueError(f"{name!r} must be gathered from {shape} (got {_told(where)})")
    table, key, *parts = where
    offered = source_of(table)
    problems = [_not_there(part, offered.names) for part in (key, *parts) if part not in offered.names]
    if problems:
        raise UnreadColumnsError(f"{offered.called} of {name!r}", problems, offered.names)
    source = offered.needing({key, *parts})
    columns = [source.values(source.names.index(part)) for part in (key, *parts)]
    gathered: dict[str, list[Any]] = {}
    for owner, *item in zip(*columns, strict=True):
        if owner is not None:
            gathered.setdefault(str(owner).strip(), []).append(tuple(item) if kinds else item[0])
    return gathered


def _attached(gathered: Mapping[str, list[Any]], keys: Iterable[Any]) -> Column:
    return column_of_values([gathered.get(str(one).strip()) for one in keys])


def _told(where: Any) -> str:
    parts = where if isinstance(where, tuple) else (where,)
    return ", ".join(repr(one) if isinstance(one, str) else type(one).__name__ for one in parts)


def _refuse_texts(source: Source, functions: Iterable[ValueFunction], columns: Mapping[str, Column]) -> None:
    """Refuse a column of texts where lists of labels belong: one text is never one label."""
    problems = {}
    for function in functions:
        column = columns[function.attribute]
        if function.view == "labels" and isinstance(column, Codes):
            text = next((value for value in column.values if isinstance(value, str) and value.strip()), None)
            if text is not None:
                problems[function.attribute] = (
                    f"{function.attribute!r} holds text such as {text!r:.60} where lists of labels belong: "
                    'split it, as a field map does (split = ";")'
                )
    if problems and not _loose(source):
        raise UnreadColumnsError(source.called, problems.values(), source.names)


def _keys_of(source: Source, key: str | None, offered: Sequence[str]) -> list[Any] | None:
    if key is None:
        return None
    if not len(source) and not source.names:
        return []
    places = [place for place, name in enumerate(source.names) if name == key]
    if not places:
        raise UnreadColumnsError(source.called, [f"the key {_not_there(key, offered)}"], offered)
    keys = source.values(places[0])
    try:
        distinct = len(set(keys))
    except TypeError:
        raise ValueError(f"{source.called}: the keys in {key!r} must be texts or numbers, not lists") from None
    if distinct < len(keys):
        counts = Counter(keys)
        without = counts.pop(None, 0)
        twice = [f"{one!r} in {count} rows" for one, count in counts.items() if count > 1]
        twice += [f"{without} rows without a key"] if without > 1 else []
        more = f" and {len(twice) - SHOWN} more" if len(twice) > SHOWN else ""
        raise ValueError(
            f"{source.called}: each key in {key!r} must stand in one row (got {', '.join(twice[:SHOWN])}{more})\n\n"
            "Hint: icp.accounts_from makes one account of several rows"
        )
    return keys


def _places_of(
    source: Source, attributes: Iterable[str], unknown: Collection[str], offered: Sequence[str]
) -> dict[str, int]:
    """Find the columns; for records a field that none of them has is unknown, for tables that is a mistake."""
    places: dict[str, int] = {}
    twice = []
    for place, name in enumerate(source.names):
        if name in places:
            twice.append(name)
        places.setdefault(name, place)
    problems = [f"{name!r} stands there twice" for name in dict.fromkeys(twice) if name in set(attributes)]
    if not _loose(source) and len(source.names):
        for name in attributes:
            nested = "." in name and name.partition(".")[0] in places
            if name not in places and name not in unknown and not nested:
                problems.append(_not_there(name, offered))
    if problems:
        raise UnreadColumnsError(source.called, problems, offered)
    return places


def _not_there(name: str, names: Iterable[str]) -> str:
    hint = near(name, names)
    return f"{name!r} is not there" + (f"; {hint}" if hint else "")


def _loose(source: Source) -> bool:
    """Tell whether rows may have fields of their own."""
    return source.called == "the records"


def _nested(source: Source, attribute: str, data: Any) -> Column | None:
    """Encode a path into nested records; None where nobody has it."""
    first = attribute.partition(".")[0]
    if first == attribute or first not in source.names:
        return None
    if _loose(source):  # each record may have a field of exactly that name, which wins
        found = [look_up(reader(one), attribute, MISSING) for one in data]
    else:
        outer = source.values(source.names.index(first))
        found = [look_up({first: one}.get, attribute, MISSING) for one in outer]
    if all(one is MISSING for one in found):
        return None
    return column_of_values(plain_column([None if one is MISSING else one for one in found]))


def _prepare(batch: Batch, functions: Iterable[ValueFunction], threads: int | None) -> None:
    """Find what scoring will ask for."""
    asked: dict[str, list[ValueFunction]] = {}
    for function in functions:
        asked.setdefault(function.attribute, []).append(function)

    def prepare_column(attribute: str) -> None:
        for function in asked[attribute]:
            prepare(function, batch.memory.of(attribute))

    with np.errstate(all="ignore"):
        for_each(prepare_column, asked, len(batch), threads=threads)
    _ = batch.memory.gaps, batch.memory.joints
