"""What changed between two profiles: changes that a program can use, and their text.

Parts are known by their names, not by where they stand. A field of a part is one change, whatever it holds; its details
are what changed inside: entries of a table, tiers, parts of a combinator.
"""

import itertools
from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

import attrs

from icpkit import views
from icpkit._attrs import Pairs
from icpkit.criteria import Criterion
from icpkit.identity import data_of
from icpkit.markup import html_table, visible
from icpkit.profile import Dimension, Example, Profile, name_of, path_of
from icpkit.words import ENGLISH, Words, listed, number_text, percent_text

#: What became of a part or a field.
Kind: TypeAlias = Literal["added", "removed", "changed", "renamed", "reordered"]
#: The items of a list or table, by what identifies them.
_Items: TypeAlias = Mapping[tuple[Hashable, int], Any]
#: How much of one value, and how many entries of one table, the text shows; the data hold all.
_LONGEST, _MOST = 200, 12


@attrs.frozen
class Change:
    """One difference between two profiles.

    Attributes:
        kind: ``"added"``, ``"removed"``, ``"changed"``, ``"renamed"`` or ``"reordered"``.
        part: what it happened to: ``"dimension"``, ``"criterion"``, ``"gate"``, ``"adjustment"``, ``"example"``,
            ``"meta"``, or ``"profile"`` for its own fields.
        path: where: as ``profile[path]`` takes it (before it was renamed), ``"meta/…"`` with the key as it is written,
            ``"examples"``, or a field of the profile such as ``"tiers"``. For a new order: what holds the list.
        field: the field that changed, or None where the part as a whole did.
        before: the part or the value before; for a new order the names (or examples) in the old one.
        after: the same afterwards.
        share_before: the effective weight before, where the weight changed, or a dimension or criterion as a whole.
        share_after: the same afterwards.
        place: the index at which something added goes into its list, once the changes before this one are made.
        name: what the part or entry is called.
        title: what holds it, for people.
    """

    kind: Kind
    part: str
    path: str
    field: str | None = None
    before: Any = None
    after: Any = None
    share_before: float | None = None
    share_after: float | None = None
    place: int | None = None
    name: Any = None
    title: str = ""

    @property
    def details(self) -> "tuple[Change, ...]":
        """The changes inside a table, a tier scale or a criterion, with paths of their own; else none."""
        at = Change("reordered", "entry" if isinstance(self.after, Pairs) else "part", "")
        return tuple(_inside(self.before, self.after, at)) if self.kind == "changed" else ()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data: parts as they are in files, and the details under a key of their own.

        Raises:
            DefinitionError: for what no file can hold, in a criterion of your own.
        """
        plain = {field.name: _plain(getattr(self, field.name)) for field in attrs.fields(Change)}
        return {**plain, "details": [detail.to_dict() for detail in self.details]}

    def describe(self, words: Words = ENGLISH) -> str:
        """Say it in one line.

        >>> Change("changed", "profile", "min_coverage", "min_coverage", 0.5, 0.6).describe()
        'min_coverage 0.5 → 0.6'
        """
        text, inner = _text(self, words), self.kind == "changed"
        names = (self.title if not inner or self.part != "dimension" else "", self.name if inner else None)
        subject = " / ".join(str(name) for name in names if name not in {None, ""})
        return visible(words["diff_about"].format(subject=subject, text=text) if subject else text)


@attrs.frozen
class Diff:
    """What changed between two profiles; false where they are equal.

    Attributes:
        before: the one profile.
        after: the other.
        changes: every difference once, in an order in which they can be made one after another.
    """

    before: Profile
    after: Profile
    changes: tuple[Change, ...] = attrs.field(
        default=attrs.Factory(lambda self: tuple(_changes(self)), takes_self=True), init=False, eq=False, repr=False
    )

    def __len__(self) -> int:
        """Count the changes."""
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        """Give the changes."""
        return iter(self.changes)

    def to_text(self, words: Words = ENGLISH) -> str:
        """Tell the changes, one a line, and what they do to the shares of the rest."""
        return diff_text(self, words)

    def __str__(self) -> str:
        """Tell the changes in English."""
        return self.to_text()

    def _repr_html_(self) -> str:
        """Show the changes in a notebook."""
        title, *lines = str(self).split("\n")
        return html_table((title,), [(line.strip(),) for line in lines])


def diff(before: Profile, after: Profile) -> Diff:
    """Compare two profiles.

    Raises:
        TypeError: for anything but two profiles of one class.

    >>> profile = icp.standard_profile()
    >>> print(diff(profile, profile.with_weight("technographics", 30)))
    Standard
      Technographics: weight 20 → 30 (share 20 % → 27.3 %)
      also shares: Firmographics 30 % → 27.3 %, Behavioral signals 25 % → 22.7 %, ... Growth potential 10 % → 9.09 %
    """
    kinds: tuple[type, type] = type(before), type(after)
    if not issubclass(kinds[0], Profile) or kinds[0] is not kinds[1]:
        raise TypeError(f"diff() takes two profiles of one class (got {kinds[0].__name__} and {kinds[1].__name__})")
    return Diff(before, after)


def _changes(found: Diff) -> list[Change]:
    changes = list(_inside(found.before, found.after, Change("changed", "profile", "")))
    shares = [_shares(profile) for profile in (found.before, found.after)] if changes else []
    weighed = [_with_shares(change, *shares) for change in changes]
    # An example names tiers: the old ones go before the tiers change, the new ones come after.
    return sorted(weighed, key=lambda change: (change.part, change.kind) != ("example", "removed"))


def _inside(old: Any, new: Any, at: Change) -> Iterator[Change]:
    """Give the changes inside a table, a list of parts or an object of attrs; ``at`` is a change to fill in."""
    left, right = _items(old), _items(new)
    if left is not None and right is not None:
        yield from _listed(left, right, at)
    elif type(old) is type(new) and attrs.has(type(old)):
        fields = list(attrs.fields(type(old)))
        if isinstance(new, Criterion) and new.name is None:
            # It goes last: until what names it instead has changed as well, nobody could find the criterion.
            fields.sort(key=lambda field: field.name == "name")
        for field in fields:
            pair = getattr(old, field.name), getattr(new, field.name)
            keys = tuple(map(field.eq_key, pair)) if field.eq_key else pair
            # What equality ignores, or a class works out itself, is no change. In tuples, NaN is what it is.
            if not field.init or not field.eq or keys[:1] == keys[1:]:
                continue
            if isinstance(old, Profile | Dimension) and None not in map(_items, pair):
                path, title = (at.path, str(at.name)) if isinstance(old, Dimension) else (field.name, field.name)
                part = "criterion" if field.name == "criteria" else field.name.removesuffix("s")
                yield from _inside(*pair, Change("reordered", part, path, field.name, title=title))
            else:
                path, (before, after) = at.path or field.name, pair
                yield attrs.evolve(at, kind="changed", path=path, field=field.name, before=before, after=after)


def _items(value: Any) -> _Items | None:
    """Give the items of a table by key, those of a list of parts by folded name; None for every other value."""
    if isinstance(value, Pairs):
        given = list(value)
    elif isinstance(value, tuple) and all(attrs.has(type(item)) for item in value):
        given = [(item if (name := _called(item)) is None else views.fold(name), item) for item in value]
    else:
        return None
    items: dict[tuple[Hashable, int], Any] = {}
    for key, item in given:  # where one comes twice, the second is known as the second
        items[next((key, count) for count in itertools.count() if (key, count) not in items)] = item
    return items


def _called(part: Any, otherwise: Any = None) -> Any:
    """Give the name by which a part is known; none for examples, which are known by what they are."""
    if not attrs.has(type(part)):
        return otherwise
    name = part.called if isinstance(part, Criterion) else getattr(part, "name", None)
    return name if isinstance(name, str) and not isinstance(part, Example) else None


def _listed(old: _Items, new: _Items, at: Change) -> Iterator[Change]:
    """Give the changes of a list: renamed, added, changed, removed, reordered; then those of lists in its items."""
    free = {_nameless(key, item): key for key, item in new.items() if key not in old}
    bare = {key: _nameless(key, item) for key, item in old.items() if key not in new}
    twins = {key: free.pop(fields) for key, fields in bare.items() if fields in free}
    order = [twins.get(key, key) for key in old]
    for key, twin in twins.items():
        yield _whole("renamed", key, at, old[key], new[twin])
    gone = [_whole("removed", key, at, old[key], None) for key in order if key not in new]
    if at.part == "example":
        yield from gone
        gone, order = [], [key for key in order if key in new]
    known, keys = {*order}, [*new]
    for index, key in enumerate(keys):
        if key not in known:
            place = order.index(keys[index - 1]) + 1 if index else 0
            order.insert(place, key)
            yield attrs.evolve(_whole("added", key, at, None, new[key]), place=place)
    within: list[Change] = []
    # What becomes weightless is last, so that the weights of a list are never all 0 on the way.
    for key in sorted((key for key in new if key in old), key=lambda key: not getattr(new[key], "weight", 1)):
        if old[key] != new[key]:
            whole = _whole("changed", key, at, old[key], new[key])
            fields = _inside(old[key], new[key], whole) if attrs.has(type(new[key])) else ()
            inner = list(fields) or [whole]
            yield from (change for change in inner if change.part == at.part)
            within += [change for change in inner if change.part != at.part]
    yield from gone
    order = [key for key in order if key in new]
    if order != keys:
        shown = {key: item if (name := _called(item, key[0])) is None else name for key, item in new.items()}
        yield attrs.evolve(at, kind="reordered", before=tuple(shown[key] for key in order), after=tuple(shown.values()))
    yield from within


def _nameless(key: Any, item: Any) -> tuple[Any, ...]:
    """Give what a part is apart from its name; for what has none, what nothing else is."""
    if _called(item) is None:
        return (key,)
    return type(item), *(getattr(item, field.name) for field in attrs.fields(type(item)) if field.name != "name")


def _whole(kind: Kind, key: Any, at: Change, before: Any, after: Any) -> Change:
    """Make the change of an item as a whole."""
    name = _called(before if after is None else after, key[0])
    alone = at.part == "dimension" or not at.path
    path = at.path if name is None else str(key[0]) if alone else f"{at.path}/{key[0]}"
    return attrs.evolve(at, kind=kind, path=path, field=None, before=before, after=after, name=name)


def _shares(profile: Profile) -> dict[str, tuple[str, str, float]]:
    """Give, by path, the dimension of each criterion (of a dimension, none), its title and its effective weight."""
    weights, shares = profile.effective_weights, dict[str, tuple[str, str, float]]()
    for dimension in profile.dimensions:
        called = {path_of(dimension.name, name): name for name in map(name_of, dimension.criteria)}
        shares[views.fold(dimension.name)] = "", dimension.name, sum(weights[path] for path in called)
        shares |= {path: (dimension.name, f"{dimension.name} / {name}", weights[path]) for path, name in called.items()}
    return shares


def _with_shares(change: Change, *shares: Mapping[str, tuple[str, str, float]]) -> Change:
    whole = change.field is None and change.kind != "renamed"
    if change.part not in {"dimension", "criterion"} or not (whole or change.field == "weight"):
        return change
    before, after = (found[change.path][-1] if change.path in found else None for found in shares)
    return attrs.evolve(change, share_before=before, share_after=after)


def _moved(found: Diff, words: Words) -> Iterator[str]:
    """Tell the shares that moved because others did: of dimensions, and of criteria beside those whose own did."""
    told = {change.path: change.title for change in found if (change.share_before, change.share_after) != (None, None)}
    before = _shares(found.before)
    for path, (dimension, title, share) in _shares(found.after).items():
        if path in before and path not in told and (not dimension or dimension in told.values()):
            texts = percent_text(before[path][-1]), percent_text(share)
            if texts[0] != texts[1]:
                yield words["diff_share_of"].format(name=title, before=texts[0], after=texts[1])


def diff_text(found: Diff, words: Words = ENGLISH) -> str:
    """Tell the changes, one a line, and what they do to the shares of the rest."""
    if not found:
        return visible(words["diff_none"].format(profile=found.after.name))
    moved = list(_moved(found, words))
    shares = [words["diff_shares"].format(shares=listed(moved, words))] if moved else []
    return "\n  ".join(map(visible, [found.after.name, *(change.describe(words) for change in found), *shares]))


def _text(change: Change, words: Words, holder: str | None = None) -> str:
    """Say what happened, without the subject; ``holder`` is the field that holds a detail."""
    if change.kind == "renamed":
        old, new = (_shown(_called(part), words) for part in (change.before, change.after))
        return words["diff_renamed"].format(before=old, after=new)
    if change.kind == "reordered":
        return words["diff_reordered"].format(items=listed([_shown(name, words) for name in change.after], words))
    if change.kind != "changed":
        return words[f"diff_{change.kind}"].format(items=_item_text(change, words))
    # To people a gate and its criterion are one thing, and so are a scale and its tiers.
    hidden = change.field == holder or (change.field in {"criterion", "when"} and isinstance(change.after, Criterion))
    label = "" if change.field is None or hidden else words.get(f"diff_field_{change.field}", change.field)
    if change.details:
        text = _details_text(change, words)
        return words["diff_about"].format(subject=label, text=text) if label else text
    before, after = _shown(change.before, words), _shown(change.after, words)
    if before == after:  # rounded or cut until they are alike
        before, after = repr(change.before), repr(change.after)
    text = words["diff_changed"].format(before=before, after=after)
    shares = [percent_text(share) for share in (change.share_before, change.share_after) if share is not None]
    if change.field == "weight" and shares:
        text = words["diff_weight"].format(text=text, before=shares[0], after=shares[1])
    return f"{label} {text}" if label else text


def _details_text(change: Change, words: Words) -> str:
    """Tell what changed inside: what was added, what was removed, then the rest one by one."""
    details, texts, table = change.details, list[str](), isinstance(change.after, Pairs)
    # A table in which all is 1 was written as a list.
    plain = table and all(value == 1 for _, value in (*change.before, *change.after))
    for kind in ("added", "removed"):
        items = [_item_text(detail, words, plain=plain) for detail in details if detail.kind == kind]
        texts += [words[f"diff_{kind}"].format(items=listed(items, words, most=_MOST))] if items else []
    for detail in details:
        if detail.kind in {"renamed", "changed", "reordered"}:
            name = _shown(detail.name, words) if table else detail.name
            text = _text(detail, words, change.field)
            texts.append(f"{name} {text}" if detail.kind == "changed" and name is not None else text)
    return (", " if table else "; ").join(texts)


def _item_text(change: Change, words: Words, *, plain: bool = False) -> str:
    """Show what was added or removed: a part as the call that makes it, an entry of a table by its key."""
    item = change.before if change.kind == "removed" else change.after
    if attrs.has(type(item)):
        return _shown(item, words)
    key = _shown(change.name, words)
    return key if plain or change.kind == "removed" else words["diff_entry"].format(key=key, value=_shown(item, words))


def _shown(value: Any, words: Words) -> str:
    if value is None or isinstance(value, bool):
        text = words["diff_nothing" if value is None else "yes" if value else "no"]
    elif isinstance(value, int | float):
        text = number_text(value)
    elif isinstance(value, Pairs):
        text = "{" + ", ".join(f"{_shown(key, words)}: {_shown(item, words)}" for key, item in value) + "}"
    elif isinstance(value, tuple):
        text = "[" + ", ".join(_shown(item, words) for item in value) + "]"
    else:
        text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, Pairs) and all(isinstance(key, str) for key, _ in value):
        return {key: _plain(item) for key, item in value}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if attrs.has(type(value)):
        return data_of(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, date) else repr(value)
