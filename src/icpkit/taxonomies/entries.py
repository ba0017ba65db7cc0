"""A taxonomy: what names mean, which other spellings they have, and which belong together. Plain data."""

import difflib
import functools
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

import attrs

from icpkit import views
from icpkit._attrs import Pairs, a_text, as_plain, as_tuple, check_plain, each, short_repr
from icpkit.errors import DefinitionError, Problem, near
from icpkit.markup import element, html_table, joined
from icpkit.taxonomies import files
from icpkit.taxonomies.errors import NoSuchEntryError, TaxonomyTextError
from icpkit.words import ENGLISH, Words, listed, number_text

#: Comparing takes long: longer texts have no near spellings.
_COMPARED = 64
_CLOSE: Final = 0.6


_a_text = a_text()
_texts = each(str, "text")


def _check_texts(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _texts(owner, field, value)
    for text in value:
        _a_text(owner, field, text)


@attrs.frozen(repr=False)
class Entry:
    """One thing that a taxonomy knows: a country, an industry, a product, or a category of such.

    Args:
        id: a short code, such as ``"US"``.
        name: what it is called.
        aliases: other spellings; case and blanks around do not count.
        parents: the names of the categories that it belongs to.
        prefixes: what longer codes of it begin with, as industry codes do.
        facts: numbers and texts about it, such as ``low`` and ``high``.

    >>> Entry("US", "United States", ["USA", "U.S."], ["Northern America"]).spellings
    ('United States', 'US', 'USA', 'U.S.')
    """

    id: str = attrs.field(validator=_a_text)
    name: str = attrs.field(validator=_a_text)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=_check_texts)
    parents: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=_check_texts)
    prefixes: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=as_tuple, validator=_check_texts)
    facts: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_plain, validator=check_plain)

    @property
    def spellings(self) -> tuple[str, ...]:
        """All texts that mean it: its name, its id, its aliases."""
        return tuple(dict.fromkeys((self.name, self.id, *self.aliases)))

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)


def _problems(entries: tuple[Entry, ...]) -> Iterator[tuple[int, str, str]]:
    """Give what is wrong between entries: the position of one, the problem and the way out."""
    seen: dict[str, int] = {}
    for place, entry in enumerate(entries):
        for spelling in entry.spellings:
            other = seen.setdefault(views.fold(spelling), place)
            if other != place:
                problem = f"{entry.name!r} must not be spelled {spelling!r}, which means {entries[other].name!r}"
                yield place, problem, "a spelling means one entry: take it from one of the two"
    parents: dict[int, list[int]] = {}
    for place, entry in enumerate(entries):
        for parent in entry.parents:
            if views.fold(parent) in seen:
                parents.setdefault(place, []).append(seen[views.fold(parent)])
            else:
                hint = near(parent, [one.name for one in entries]) or f"add an entry {parent!r}"
                yield place, f"{entry.name!r} must belong to entries, and {parent!r} is none", hint
    for place in parents:
        if place in _above(parents, place):
            yield place, f"{entries[place].name!r} must not belong to itself, by way of its parents", ""


def _above(parents: Mapping[int, list[int]], place: int) -> dict[int, None]:
    """Give the positions of all that an entry belongs to, the nearest first."""
    found: dict[int, None] = {}
    waiting = list(parents.get(place, ()))
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            waiting.extend(parents.get(one, ()))
    return found


def _check_entries(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    each(Entry, "entries", empty=False)(owner, field, value)
    for place, problem, hint in _problems(value):
        name = type(owner).__name__
        raise DefinitionError(name, field.name, f"are at odds: {problem}", value[place], hint=hint)


@attrs.frozen(repr=False, cache_hash=True)
class Taxonomy:
    """A table of entries: what names mean, their other spellings, and the categories that they belong to.

    An entry is found by its name, its id or an alias, compared after folding; every spelling means one entry.
    No score ever reads a taxonomy: `with_aliases` and `with_members` write what a profile needs of it into the profile.

    Args:
        name: such as ``"countries"``.
        entries: at least one; those that others name as parents are categories.
        version: a date or a number.
        notice: what it is, and where its facts come from.

    Raises:
        DefinitionError: for a spelling of two entries, a parent that is no entry, and one that belongs to itself.

    >>> sizes = Taxonomy("sizes", [Entry("S", "Small", ["little"]), Entry("L", "Large")])
    >>> sizes[" LITTLE "].name
    'Small'
    """

    name: str = attrs.field(validator=a_text())
    entries: tuple[Entry, ...] = attrs.field(converter=as_tuple, validator=_check_entries)
    version: str = attrs.field(default="", kw_only=True, validator=attrs.validators.instance_of(str))
    notice: str = attrs.field(default="", kw_only=True, validator=attrs.validators.instance_of(str))

    @classmethod
    def load(cls, path: "str | os.PathLike[str]", *, name: str | None = None) -> Self:
        r"""Read a taxonomy from a CSV or JSON file.

        A CSV file has the columns ``id``, ``name``, ``aliases``, ``parents`` and ``prefixes``, of which only the name
        is needed, and any others for facts; several texts in a cell are separated by ``;``. Lines such as
        ``# version: 2026-11-22`` may stand above the header, for name, version and notice. A JSON file is an object
        with the same and a list of ``entries``. Text is UTF-8.

        Args:
            path: a file that ends in ``.csv`` or ``.json``.
            name: its name, by default what the file says, or else the file's name.

        Raises:
            TaxonomyTextError: with all mistakes, each with its line and the way out.
            ValueError: for another ending.
            OSError: for a file that cannot be opened.

        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "regions.csv")
        >>> _ = path.write_text("name,aliases,parents\nSouth,,\nBavaria,Bayern; BY,South\n")
        >>> Taxonomy.load(path)["bayern"]
        Entry('Bavaria', 'Bavaria', aliases=['Bayern', 'BY'], parents=['South'])
        """
        content = files.read(path)
        problems, entries, places = list(content.problems), [], []
        for record in content.records:
            try:
                entries.append(_entry(record.values))
                places.append(record.place)
            except DefinitionError as error:
                called = record.values.get("name")
                place = called if isinstance(called, str) else ""
                problems.append(Problem(record.place, place, f"{error.field} {error.problem}", error.hint))
        if not entries and not problems:
            problems.append(Problem("the file", "", "has no entries"))
        if problems:
            raise TaxonomyTextError(os.fspath(path), problems)
        about = content.about
        called = name if name is not None else about.get("name") or Path(path).stem
        try:
            return cls(called, entries, version=about.get("version", ""), notice=about.get("notice", ""))
        except DefinitionError as error:
            problems = [Problem(places[at], "", text, hint) for at, text, hint in _problems(tuple(entries))]
            if not problems:  # it is the name
                raise
            raise TaxonomyTextError(os.fspath(path), problems) from error

    @functools.cached_property
    def _index(self) -> dict[str, int]:
        """The positions of entries by their folded spellings."""
        return {views.fold(text): place for place, entry in enumerate(self.entries) for text in entry.spellings}

    @functools.cached_property
    def _parents(self) -> dict[int, list[int]]:
        """The positions of an entry's parents by its own."""
        return {
            place: [self._index[views.fold(parent)] for parent in entry.parents]
            for place, entry in enumerate(self.entries)
            if entry.parents
        }

    @functools.cached_property
    def _members(self) -> dict[int, list[int]]:
        """The positions of all members of a category, those of its categories in their place, by its own."""
        holders = {parent for parents in self._parents.values() for parent in parents}
        members: dict[int, list[int]] = {}
        for place in range(len(self.entries)):
            for category in _above(self._parents, place) if place not in holders else ():
                members.setdefault(category, []).append(place)
        return members

    def get(self, text: str) -> Entry | None:
        """Give the entry that a name, an id or an alias means, or None.

        >>> icp.taxonomy("countries").get("Atlantis") is None
        True
        """
        place = self._index.get(views.fold(text))
        return None if place is None else self.entries[place]

    def __getitem__(self, text: str) -> Entry:
        """Give the entry that a name, an id or an alias means.

        Raises:
            NoSuchEntryError: with the nearest names.

        >>> icp.taxonomy("countries")["Holland"].name
        'Netherlands'
        """
        return self.entries[self._place(text)]

    def _place(self, text: str) -> int:
        place = self._index.get(views.fold(text))
        if place is None:
            raise NoSuchEntryError(self.name, [text], f"has no entry {text!r}", hint=self._hint([text]))
        return place

    def _hint(self, texts: Iterable[str]) -> str:
        names = dict.fromkeys(entry.name for text in texts for entry in self.find(text))
        if names:
            return f"did you mean {' or '.join(map(repr, itertools.islice(names, 3)))}?"
        return "with_spellings or with_entries add what it lacks"

    def __contains__(self, text: object) -> bool:
        """Tell whether a text means one of the entries."""
        return isinstance(text, str) and views.fold(text) in self._index

    def __iter__(self) -> Iterator[Entry]:
        """Give the entries in their order."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Count the entries, categories among them."""
        return len(self.entries)

    def find(self, text: str, *, most: int = 3) -> tuple[Entry, ...]:
        """Give the entries that a text may mean: the one that it does mean, or those of near spellings.

        >>> [entry.name for entry in icp.taxonomy("countries").find("Untied States")]
        ['United States']
        """
        known = self.get(text)
        if known is not None:
            return (known,)
        if len(text) > _COMPARED:
            return ()
        # Twice as many, for several may be spellings of one entry; nothing far behind the best.
        close = difflib.get_close_matches(views.fold(text), self._index, n=2 * most, cutoff=_CLOSE)
        best = difflib.get_close_matches(views.fold(text), close, n=2 * most, cutoff=0.85) or close
        return tuple(self.entries[place] for place in dict.fromkeys(self._index[one] for one in best))[:most]

    @property
    def categories(self) -> tuple[Entry, ...]:
        """The entries that others belong to.

        >>> len(icp.taxonomy("naics").categories)
        20
        """
        return tuple(self.entries[place] for place in sorted(self._members))

    def members(self, category: str) -> tuple[Entry, ...]:
        """Give all that belongs to a category, directly or by way of others, without categories; none of what is none.

        Raises:
            NoSuchEntryError: for a text that means no entry.

        >>> [entry.name for entry in icp.taxonomy("countries").members("DACH")]
        ['Austria', 'Germany', 'Switzerland']
        """
        return tuple(self.entries[place] for place in self._members.get(self._place(category), ()))

    def categories_of(self, text: str) -> tuple[Entry, ...]:
        """Give the categories that an entry belongs to, the nearest first.

        Raises:
            NoSuchEntryError: for a text that means no entry.

        >>> [category.name for category in icp.taxonomy("countries").categories_of("Japan")][:3]
        ['Eastern Asia', 'G7', 'G20']
        """
        return tuple(self.entries[place] for place in _above(self._parents, self._place(text)))

    def order(self, category: str | None = None) -> tuple[str, ...]:
        """Give names from the lowest to the highest, for `Ordinal`: by the fact ``order``, or else ``low``.

        What has neither fact has no place on the scale, and categories have none.

        Args:
            category: only what belongs to it.

        Raises:
            ValueError: where no entry has a place, or two overlap.

        >>> icp.taxonomy("funding_stages").order("Seed stage")
        ('Pre-seed', 'Angel', 'Seed')
        >>> icp.taxonomy("employee_segments").order("LinkedIn")[:3]
        ('Self-employed', '2-10', '11-50')
        """
        scale = self.members(category) if category is not None else self._leaves
        ranked = sorted(_ranks(scale), key=lambda one: one[0])
        within = "" if category is None else f" within {category!r}"
        if not ranked:
            raise ValueError(f"the taxonomy {self.name!r} has no order{within}: no entry has the fact 'order' or 'low'")
        for (low, high, name), (above, _, other) in itertools.pairwise(ranked):
            if low == above or high > above:
                hint = f"\n\nHint: name a category: order({self.categories[-1].name!r})" if self.categories else ""
                problem = f"the taxonomy {self.name!r} has no one order{within}: {name!r} and {other!r} overlap"
                raise ValueError(problem + hint)
        return tuple(name for _, _, name in ranked)

    @property
    def _leaves(self) -> tuple[Entry, ...]:
        """The entries that are no categories."""
        return tuple(entry for place, entry in enumerate(self.entries) if place not in self._members)

    def with_entries(self, entries: Iterable[Entry]) -> Self:
        """Give the taxonomy with more entries: each in place of the one of the same id, or as the last.

        >>> kosovo = Entry("XK", "Kosovo", ["Republic of Kosovo"], ["Southern Europe"])
        >>> icp.taxonomy("countries").with_entries([kosovo])["xk"].name
        'Kosovo'
        """
        kept = {views.fold(entry.id): entry for entry in self.entries}
        return attrs.evolve(self, entries=tuple((kept | {views.fold(entry.id): entry for entry in entries}).values()))

    def with_spellings(self, spellings: Mapping[str, str]) -> Self:
        """Give the taxonomy with more spellings of entries that it has.

        Args:
            spellings: a mapping from other spelling to a name, an id or an alias.

        Raises:
            NoSuchEntryError: for what means no entry.
            DefinitionError: for a spelling that means another entry already.

        >>> icp.taxonomy("countries").with_spellings({"Blighty": "UK"})["blighty"].name
        'United Kingdom'
        """
        added: dict[int, list[str]] = {}
        for spelling, text in spellings.items():
            added.setdefault(self._place(text), []).append(spelling)
        entries = [
            attrs.evolve(entry, aliases=(*entry.aliases, *added[place])) if place in added else entry
            for place, entry in enumerate(self.entries)
        ]
        return attrs.evolve(self, entries=entries)

    def without(self, *texts: str) -> Self:
        """Give the taxonomy without some entries; what belonged to one that is a category does so no longer.

        Raises:
            NoSuchEntryError: for a text that means no entry.

        >>> "Iberia" in icp.taxonomy("countries").without("Iberia")
        False
        """
        gone = {self._place(text) for text in texts}
        kept = []
        for place, entry in enumerate(self.entries):
            parents = [parent for parent in entry.parents if self._index[views.fold(parent)] not in gone]
            if place not in gone:
                kept.append(entry if len(parents) == len(entry.parents) else attrs.evolve(entry, parents=parents))
        return attrs.evolve(self, entries=kept)

    def to_csv(self) -> str:
        """Give the text of a CSV file that `load` reads, to be edited in a spreadsheet.

        Raises:
            ValueError: for an alias, a parent or a prefix that holds a ``;``, which would separate two.

        >>> print(Taxonomy("sizes", [Entry("S", "Small", ["little"], facts={"low": 1})], version="1").to_csv())
        # name: sizes
        # version: 1
        id,name,aliases,low
        S,Small,little,1
        """
        about = {"name": self.name, "version": self.version, "notice": self.notice}
        records = [
            {name: value for name, value in attrs.asdict(entry, recurse=False).items() if value}
            | {"facts": dict(entry.facts)}
            for entry in self.entries
        ]
        return files.csv_text(about, records)

    def describe(self, words: Words = ENGLISH) -> str:
        """Say in a few lines what it holds."""
        return "\n".join(text for text in (self._title(words), *self._details(words), self.notice) if text)

    def _title(self, words: Words) -> str:
        version = words["taxonomy_version"].format(version=self.version) if self.version else ""
        count = number_text(len(self.entries) - len(self._members))
        key = "taxonomy_sorted" if self._members else "taxonomy"
        return words[key].format(name=self.name, version=version, count=count, categories=len(self._members))

    def _details(self, words: Words) -> Iterator[str]:
        if self._members:
            sizes = [f"{self.entries[place].name} ({len(members)})" for place, members in sorted(self._members.items())]
            yield words["taxonomy_categories"].format(categories=listed(sizes, words))
        yield words["taxonomy_entries"].format(entries=listed([entry.name for entry in self._leaves], words))

    def _repr_html_(self) -> str:
        """Show it in a notebook: a line, its categories with their members, and its notice."""
        words = ENGLISH
        if self._members:
            header = [words[f"column_taxonomy_{one}"] for one in ("category", "count", "members")]
            rows = [(one.name, [member.name for member in self.members(one.name)]) for one in self.categories]
        else:
            header = [words[f"column_taxonomy_{one}"] for one in ("entry", "count", "aliases")]
            rows = [(one.name, list(one.aliases)) for one in self.entries[:_SHOWN]]
        cells = [(name, number_text(len(texts)), listed(texts, words)) for name, texts in rows]
        table = html_table(header, cells, right={1})
        return joined([element("p", self._title(words)), table, *([element("p", self.notice)] if self.notice else [])])

    def __str__(self) -> str:
        """Show a short summary."""
        return self.describe()

    def __repr__(self) -> str:
        """Show it in one line: its entries would fill pages."""
        return f"<{type(self).__name__} {self._title(ENGLISH)}>"


#: How many entries a notebook shows of a taxonomy without categories.
_SHOWN = 20


def _ranks(entries: Iterable[Entry]) -> Iterator[tuple[float, float, str]]:
    """Give the place on a scale, where the next may begin, and the name, of those that have a place."""
    for entry in entries:
        facts = dict(entry.facts)
        low = facts.get("order", facts.get("low"))
        high = facts.get("high", low) if "order" not in facts else low
        if isinstance(low, int | float) and isinstance(high, int | float):
            yield low, high, entry.name


def _entry(values: Mapping[str, Any]) -> Entry:
    """Make an entry of a record, its id by default its name."""
    name = values.get("name", "")
    given = {key: value for key, value in values.items() if key not in {"id", "name"}}
    return Entry(values.get("id", name), name, **given)
