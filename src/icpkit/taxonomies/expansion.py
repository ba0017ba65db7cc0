"""Taxonomies written into a profile: other spellings as aliases, categories as their members.

The profile then says all of it itself; no score ever reads a taxonomy.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from icpkit import views
from icpkit._attrs import Pairs
from icpkit.criteria import AllOf, AnyOf, Criterion, Not, OneOf, Ordinal, Overlap
from icpkit.errors import DefinitionError
from icpkit.profile import Profile, name_of, path_of
from icpkit.taxonomies.entries import Entry, Taxonomy
from icpkit.taxonomies.errors import NoSuchEntryError
from icpkit.words import ENGLISH, listed

#: Gives a criterion expanded, and whether it names anything of the taxonomy.
_Expand: TypeAlias = Callable[[Criterion], tuple[Criterion, bool]]
_Text: TypeAlias = Callable[[str], str]
#: How many texts of a criterion a message shows.
_SHOWN = 5


def with_aliases(profile: Profile, spellings: Taxonomy | Mapping[str, str], *paths: str) -> Profile:
    """Give the profile with the other spellings of what its criteria list, as their aliases.

    A `OneOf` that lists ``"USA"`` then knows ``"United States"`` and ``"U.S."`` too; so do an `Overlap` for its labels
    and the members of its groups, and both inside combinators, gates and adjustments. Only spellings of what a
    criterion lists are added, and none that it lists, or knows, already: nothing that it says now changes. Numbers and
    other criteria stay as they are. The profile itself is given back where nothing is to be added.

    Under ``prefix=True`` a text counts as listed by its name or id alone, since ``"31"`` there is no spelling of 31-33.

    Args:
        profile: the profile.
        spellings: a taxonomy, or a mapping from other spellings to names, which mean the same in either direction.
        paths: where: criteria, dimensions, gates or adjustments; everywhere by default.

    Raises:
        NoSuchEntryError: for a path at which nothing is listed that the taxonomy knows.
        NoSuchPathError: for a path that leads nowhere.
        DefinitionError: for a path at which no text is listed, and a mapping that contradicts itself.

    >>> profile = icp.Profile("P", [icp.Dimension("Firmographics", [icp.OneOf("sector", ["technology", "retail"])])])
    >>> with_aliases(profile, {"technolgy": "technology"})["firmographics/sector"]
    OneOf('sector', {'technology': 1, 'retail': 1}, aliases={'technolgy': 'technology'})
    """
    table = spellings if isinstance(spellings, Taxonomy) else _of_mapping(spellings)
    return _expanded(profile, table, paths, lambda criterion: _with_spellings(criterion, table), "entry")


def with_members(profile: Profile, table: Taxonomy, *paths: str) -> Profile:
    """Give the profile with the members of the categories that its criteria list.

    A `OneOf` that lists ``"DACH"`` then lists Austria, Germany and Switzerland after it, each with the match of the
    category. What it lists itself keeps its own match, and of two categories the one with fewer members counts. Under
    ``prefix=True`` it lists prefixes, where the taxonomy has some. In an `Overlap` the category becomes a group of its
    members; a group that is there stays as it is. The categories stay listed, for accounts that say just that.

    Names are added in the taxonomy's spelling: follow with `with_aliases` for the others.

    Args:
        profile: the profile.
        table: the taxonomy.
        paths: where: criteria, dimensions, gates or adjustments; everywhere by default.

    Raises:
        NoSuchEntryError: for a path at which no category is listed.
        NoSuchPathError: for a path that leads nowhere.
        DefinitionError: for a path at which no text is listed.

    >>> profile = icp.Profile("P", [icp.Dimension("Firmographics", [icp.OneOf("country", {"DACH": 1, "France": 0.5})])])
    >>> print(with_members(profile, icp.taxonomy("countries"))["firmographics/country"].describe())
    country: one of DACH, Austria, Germany, Switzerland, France (0.5)
    """
    if not isinstance(table, Taxonomy):
        raise _no_taxonomy("with_members", table)
    return _expanded(profile, table, paths, lambda criterion: _with_members(criterion, table), "category")


def _refused(verb: str, problem: str, given: object, *, hint: str = "") -> DefinitionError:
    return DefinitionError(verb, "", f"must {problem} (got {given!r})", given, hint=hint)


def _no_taxonomy(verb: str, given: object) -> DefinitionError:
    hint = f"icp.taxonomy({given!r})" if isinstance(given, str) else "icp.taxonomy(…), or Taxonomy.load(path)"
    return _refused(verb, "be given a taxonomy", given, hint=hint)


def _of_mapping(spellings: Any) -> Taxonomy:
    """Make a taxonomy of a mapping from other spellings to names."""
    if not isinstance(spellings, Mapping):
        raise _no_taxonomy("with_aliases", spellings)
    target: dict[str, str] = {}
    for spelling, name in spellings.items():
        if not isinstance(spelling, str) or not isinstance(name, str):
            raise _refused("with_aliases", "be given a mapping from text to text", {spelling: name})
        if views.fold(spelling) != views.fold(name):
            target[views.fold(spelling)] = name
    names: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for spelling, name in spellings.items():
        folded = views.fold(name)
        if folded in target:
            further = target[folded]
            problem = f"lead to names, but {spelling!r} leads to {name!r}, which is a spelling of {further!r}"
            raise _refused("with_aliases", problem, name, hint=f"map {spelling!r} to {further!r}")
        others.setdefault(folded, []).append(spelling)
        names.setdefault(folded, name)
    if not names:
        raise _refused("with_aliases", "be given at least one spelling", spellings)
    return Taxonomy("spellings", [Entry(name, name, others[folded]) for folded, name in names.items()])


def _expanded(profile: Profile, table: Taxonomy, paths: tuple[str, ...], expand: _Expand, what: str) -> Profile:
    """Expand all criteria, or those at some paths, and check that each of these names something."""
    wanted = {views.fold(path): path for path in paths}
    for path in paths:
        profile[path]  # raises for one that leads nowhere
    reached: dict[str, list[Criterion]] = {path: [] for path in wanted}
    named: set[str] = set()

    def at(criterion: Criterion, *places: str) -> Criterion:
        places = tuple(place for place in places if place in wanted)
        if paths and not places:
            return criterion
        changed, names = _through(criterion, expand)
        for place in places:
            reached[place].append(criterion)
            named.update([place] if names else ())
        return changed

    dimensions = [
        attrs.evolve(
            dimension,
            criteria=[
                at(one, views.fold(dimension.name), path_of(dimension.name, name_of(one))) for one in dimension.criteria
            ],
        )
        for dimension in profile.dimensions
    ]
    gates = [attrs.evolve(one, criterion=at(one.criterion, path_of("gates", one.name))) for one in profile.gates]
    adjustments = [
        attrs.evolve(one, when=at(one.when, path_of("adjustments", one.name))) for one in profile.adjustments
    ]
    for place, path in wanted.items():
        if place not in named:
            raise _nothing_at(path, reached[place], table, what)
    changed = attrs.evolve(profile, dimensions=dimensions, gates=gates, adjustments=adjustments)
    return profile if changed == profile else changed


def _through(criterion: Criterion, expand: _Expand) -> tuple[Criterion, bool]:
    """Expand a criterion, through combinators."""
    if isinstance(criterion, Not):
        part, named = _through(criterion.criterion, expand)
        return attrs.evolve(criterion, criterion=part), named
    if isinstance(criterion, AllOf | AnyOf):
        parts = [_through(part, expand) for part in criterion.criteria]
        options: dict[str, Any] = {one: getattr(criterion, one) for one in ("name", "weight", "missing", "label")}
        return type(criterion)(*(part for part, _ in parts), **options), any(named for _, named in parts)
    return expand(criterion)


def _nothing_at(path: str, reached: Iterable[Criterion], table: Taxonomy, what: str) -> Exception:
    """Make the error for a path at which nothing can be expanded."""
    leaves = [leaf for criterion in reached for leaf in _leaves(criterion)]
    texts = list(dict.fromkeys(text for leaf in leaves for text in _texts(leaf)))
    if texts:
        hint = _near(table, texts[:_SHOWN]) if what == "entry" else _categories(table)
        problem = f"has no {what} for what {path!r} lists: {listed(map(repr, texts), ENGLISH, most=_SHOWN)}"
        return NoSuchEntryError(table.name, texts, problem, hint=hint)
    hint = "OneOf(attribute, {level: match, …}) has aliases" if any(isinstance(one, Ordinal) for one in leaves) else ""
    kinds = ", ".join(dict.fromkeys(type(leaf).__name__ for leaf in leaves))
    return DefinitionError(kinds, "", f"lists no text that a taxonomy could know (at {path!r})", path, hint=hint)


def _near(table: Taxonomy, texts: Iterable[str]) -> str:
    names = dict.fromkeys(entry.name for text in texts for entry in table.find(text))
    return (
        f"it knows {listed(map(repr, names), ENGLISH)}" if names else "find(text) gives what it knows by near spellings"
    )


def _categories(table: Taxonomy) -> str:
    names = [category.name for category in table.categories]
    return f"its categories: {listed(names, ENGLISH, most=12)}" if names else "it has no categories"


def _leaves(criterion: Criterion) -> Iterator[Criterion]:
    if isinstance(criterion, Not):
        yield from _leaves(criterion.criterion)
    elif isinstance(criterion, AllOf | AnyOf):
        for part in criterion.criteria:
            yield from _leaves(part)
    else:
        yield criterion


def _texts(criterion: Criterion) -> list[str]:
    """Give the texts that a criterion lists: values, or labels and the members of their groups."""
    if isinstance(criterion, OneOf):
        return [value for value, _ in criterion.values if isinstance(value, str)]
    if isinstance(criterion, Overlap):
        members = (member for _, group in criterion.groups for member in group)
        return list(dict.fromkeys([*(label for label, _ in criterion.labels), *members]))
    return []


def _folding(criterion: OneOf | Overlap) -> _Text:
    return views.keep_case if criterion.case_sensitive else views.fold


def _entries_of(criterion: OneOf | Overlap, table: Taxonomy) -> dict[str, Entry]:
    """Give the entries that a criterion names, by the text with which it does."""
    folded = _folding(criterion)
    names = {folded(spelling): name for spelling, name in criterion.aliases}
    found: dict[str, Entry] = {}
    for text in _texts(criterion):
        for known in (text, names.get(folded(text), text)):
            entry = table.get(known)
            if entry is not None and text not in found and _means(criterion, known, entry):
                found[text] = entry
    return found


def _means(criterion: OneOf | Overlap, text: str, entry: Entry) -> bool:
    """Tell whether a text names an entry as the criterion compares: by case, or in prefixes by name or id alone."""
    folded = _folding(criterion)
    prefix = isinstance(criterion, OneOf) and criterion.prefix
    return folded(text) in map(folded, (entry.name, entry.id) if prefix else entry.spellings)


def _with_spellings(criterion: Criterion, table: Taxonomy) -> tuple[Criterion, bool]:
    if not isinstance(criterion, OneOf | Overlap):
        return criterion, False
    folded = _folding(criterion)
    names = {folded(spelling): name for spelling, name in criterion.aliases}
    texts = _texts(criterion)
    taken = {*map(folded, texts), *names, *(folded(names.get(folded(text), text)) for text in texts)}
    prefixes = tuple(map(folded, texts)) if isinstance(criterion, OneOf) and criterion.prefix else ()
    entries = _entries_of(criterion, table)
    added: dict[str, tuple[str, str]] = {}
    for text, entry in entries.items():
        for spelling in entry.spellings:
            # What begins with a listed prefix has its match already.
            if folded(spelling) not in taken and not folded(spelling).startswith(prefixes):
                taken.add(folded(spelling))
                added[folded(spelling)] = spelling, names.get(folded(text), text)
    if not added:
        return criterion, bool(entries)
    # An alias of what is itself an alias now leads to where that leads.
    kept = [(spelling, added.get(folded(name), (name, name))[1]) for spelling, name in criterion.aliases]
    return attrs.evolve(criterion, aliases=Pairs([*kept, *added.values()])), True


def _with_members(criterion: Criterion, table: Taxonomy) -> tuple[Criterion, bool]:
    if not isinstance(criterion, OneOf | Overlap):
        return criterion, False
    entries = _entries_of(criterion, table)
    spelled = {entry.id: text for text, entry in reversed(entries.items())}
    members = {text: _members_of(criterion, entry, table) for text, entry in entries.items()}
    texts = {text: [spelled.get(id_, name) for id_, name in found] for text, found in members.items() if found}
    if not texts:
        return criterion, False
    grown = _grown_values(criterion, texts) if isinstance(criterion, OneOf) else _grown_groups(criterion, texts)
    return grown, True


def _members_of(criterion: OneOf | Overlap, entry: Entry, table: Taxonomy) -> list[tuple[str, str]]:
    """Give the members of a category as (id, name), or its prefixes where such are listed."""
    members = table.members(entry.id)
    if isinstance(criterion, OneOf) and criterion.prefix:
        prefixes = entry.prefixes or tuple(prefix for member in members for prefix in member.prefixes)
        if prefixes:
            return [("", prefix) for prefix in prefixes]
    return [(member.id, member.name) for member in members]


def _grown_values(criterion: OneOf, members: Mapping[str, list[str]]) -> OneOf:
    name = views.canonical(case_sensitive=criterion.case_sensitive, aliases=criterion.aliases)
    taken = {name(value) for value, _ in criterion.values}
    given: dict[str, list[str]] = {}
    for category in sorted(members, key=lambda text: len(members[text])):  # stable: the first of two as large
        for member in members[category]:
            if name(member) not in taken:
                taken.add(name(member))
                given.setdefault(category, []).append(member)
    values = [(text, match) for value, match in criterion.values for text in (value, *given.get(value, ()))]
    return attrs.evolve(criterion, values=Pairs(values))


def _grown_groups(criterion: Overlap, members: Mapping[str, list[str]]) -> Overlap:
    name = views.canonical(case_sensitive=criterion.case_sensitive, aliases=criterion.aliases)
    groups = dict(criterion.groups)
    present = {name(group) for group in groups}
    for label, _ in criterion.labels:
        if label in members and name(label) not in present:
            groups[label] = tuple({name(member): member for member in reversed(members[label])}.values())[::-1]
    return attrs.evolve(criterion, groups=Pairs(groups.items()))
