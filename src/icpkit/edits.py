"""Changes made to a profile, and the edits that lead from one profile to another, each of them to a sound profile."""

from typing import Any, Final

import attrs

from icpkit import views
from icpkit._attrs import Pairs
from icpkit.criteria import AllOf, AnyOf, Criterion
from icpkit.differences import Change, Diff
from icpkit.profile import Dimension, Example, Profile, name_of, path_of
from icpkit.words import ENGLISH, Words

#: Where parts stand in a profile, by what they are.
_LISTS: Final = {
    "dimension": "dimensions",
    "criterion": "criteria",
    "gate": "gates",
    "adjustment": "adjustments",
    "example": "examples",
}


@attrs.frozen
class Edit:
    """One step from a profile to another: one change, or several that only hold together.

    Between two changes a profile may contradict itself, as where a range is moved beyond its own end before that end
    moves too; no account can be scored then, and so the changes up to the next sound profile are one edit.

    Attributes:
        number: its place among the edits, from 1.
        changes: what changes, in the order of the difference.
        before: the profile with all edits before this one.
        after: the profile with this one too.
        scores: whether it can move a fit, a tier or a status; names, notes, examples and the order of parts cannot.
    """

    number: int
    changes: tuple[Change, ...]
    before: Profile = attrs.field(repr=False)
    after: Profile = attrs.field(repr=False)
    scores: bool

    def describe(self, words: Words = ENGLISH) -> str:
        """Say it in one line.

        >>> profile = icp.standard_profile()
        >>> [edit] = edits_of(icp.diff(profile, profile.with_weight("technographics", 30)))
        >>> edit.describe()
        'Technographics: weight 20 → 30 (share 20 % → 27.3 %)'
        """
        return words["edit_together"].join(change.describe(words) for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data.

        Raises:
            DefinitionError: for what no file can hold, in a criterion of your own.
        """
        changes = [change.to_dict() for change in self.changes]
        return {"number": self.number, "text": self.describe(), "scores": self.scores, "changes": changes}


def edits_of(found: Diff) -> tuple[Edit, ...]:
    """Give the edits that lead from one profile to the other, one after another, in the order of the difference.

    Raises:
        AbsentKindError: where a kind of criterion is absent.
    """
    edits: list[Edit] = []
    waiting: list[Change] = []
    before = here = found.before
    for place, change in enumerate(found, 1):
        here = applied(here, change)
        waiting.append(change)
        after = found.after if place == len(found) else _sound(here)
        if after is not None:
            edits.append(Edit(len(edits) + 1, tuple(waiting), before, after, _scores(waiting, before, after)))
            before, waiting = after, []
    return tuple(edits)


def _sound(profile: Profile) -> Profile | None:
    """Make a profile anew as constructors do, which check it and work out what follows; None where they refuse it."""
    try:
        made: Profile = remade(profile)
    except (TypeError, ValueError):  # ours is a ValueError; a criterion of somebody's own may raise either
        return None
    return made


def _scores(changes: list[Change], before: Profile, after: Profile) -> bool:
    """Tell whether changes can move a score; adjustments alone are made in their order."""
    if all(change.kind == "reordered" and change.part != "adjustment" for change in changes):
        return False
    return before.scoring_id != after.scoring_id


def remade(part: Any) -> Any:
    """Make a profile, or a part of one, anew by the constructors of all that it holds.

    Raises:
        DefinitionError: where it contradicts itself.

    >>> remade(icp.standard_profile()) == icp.standard_profile()
    True
    """
    if isinstance(part, tuple) and not isinstance(part, Pairs) and any(attrs.has(type(item)) for item in part):
        return tuple(map(remade, part))
    if not attrs.has(type(part)):
        return part
    fields = {one.alias: remade(getattr(part, one.name)) for one in attrs.fields(type(part)) if one.init}
    if isinstance(part, AllOf | AnyOf):
        return type(part)(*fields.pop("criteria"), **fields)
    return type(part)(**fields)


def applied(profile: Profile, change: Change) -> Profile:
    """Make one change, knowing nothing but the change.

    What comes of it is not checked: between two changes a profile may contradict itself. `remade` checks it.

    >>> profile = icp.standard_profile()
    >>> [change] = icp.diff(profile, profile.with_weight("technographics", 30))
    >>> applied(profile, change)["technographics"].weight
    30
    """
    field = _LISTS.get(change.part, change.part)
    if change.part == "profile":
        fields = {str(change.field): change.after}
    elif change.part == "criterion":
        dimensions = [
            unchecked(one, criteria=_edited(one.criteria, change, one.name)) if _holds(one, change) else one
            for one in profile.dimensions
        ]
        fields = {"dimensions": tuple(dimensions)}
    else:
        fields = {field: _edited(getattr(profile, field), change, field)}
    done: Profile = unchecked(profile, **fields)
    return done


def unchecked(part: Any, **fields: Any) -> Any:
    """Give a part with other fields, sound or not.

    >>> unchecked(icp.Range("employees", 50, 500), low=900)
    Range('employees', 900, 500)
    """
    new = object.__new__(type(part))
    for field in attrs.fields(type(part)):
        object.__setattr__(new, field.name, fields.get(field.name, getattr(part, field.name)))
    if isinstance(part, Profile):
        object.__setattr__(new, "_attrs_cached_hash", None)
    return new


def _holds(dimension: Dimension, change: Change) -> bool:
    """Tell whether a change of a criterion is one of this dimension."""
    if change.kind == "reordered":
        return views.fold(dimension.name) == change.path
    if change.kind == "added":
        return path_of(dimension.name, name_of(change.after)) == change.path
    return change.path in {path_of(dimension.name, name_of(one)) for one in dimension.criteria}


def _called(item: Any) -> Any:
    """Give the name of a part, the key of an entry, or an example itself."""
    if isinstance(item, Criterion):
        return item.called
    return item[0] if isinstance(item, tuple) else item if isinstance(item, Example) else item.name


def _edited(items: tuple[Any, ...], change: Change, group: str) -> tuple[Any, ...]:
    """Give a list with one change."""

    def matches(item: Any) -> bool:
        if change.part == "example":
            return bool(item == change.before)
        if isinstance(items, Pairs):
            return f"{group}/{item[0]}" == change.path
        name = str(_called(item))
        return (views.fold(name) if change.part == "dimension" else path_of(group, name)) == change.path

    listed, entry = list(items), (change.name, change.after) if isinstance(items, Pairs) else change.after
    if change.kind == "added":
        listed.insert(len(listed) if change.place is None else change.place, entry)
    elif change.kind == "reordered":
        listed = [listed.pop([_called(item) for item in listed].index(name)) for name in change.after]
    else:
        index = [index for index, item in enumerate(listed) if matches(item)][-1]  # of equal examples, the last
        if change.kind == "removed":
            listed.pop(index)
        else:
            whole = change.field is None
            listed[index] = entry if whole else unchecked(listed[index], **{str(change.field): change.after})
    return type(items)(listed)
