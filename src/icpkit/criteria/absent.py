"""A criterion of a kind that is absent: it keeps its place and its fields, and answers nothing."""

from typing import Any, Never

import attrs

from icpkit._attrs import Pairs, a_text, as_plain, check_plain, typed
from icpkit.criteria.criterion import Criterion
from icpkit.errors import AbsentKindError
from icpkit.words import ENGLISH, Words


@attrs.frozen(repr=False)
class AbsentKind(Criterion):
    """A criterion whose class was not passed when its profile was loaded: it can be read, but not scored.

    Args:
        kind: the kind that its file names.
        fields: its own fields, as the file gives them.

    >>> near = AbsentKind("near", {"attribute": "distance_km", "km": 50})
    >>> near.describe()
    'distance_km: near (absent kind)'
    >>> near.value_function()
    Traceback (most recent call last):
    icpkit.errors.AbsentKindError: the profile holds a criterion of the kind 'near', which is absent, ...
    """

    kind: str = attrs.field(validator=a_text())
    fields: Pairs = attrs.field(converter=as_plain, validator=check_plain, eq=typed)

    @property
    def called(self) -> str | None:
        """Its name, by default the attribute that its fields name; else its kind."""
        attribute: Any = dict(self.fields).get("attribute")
        return self.name or (attribute if isinstance(attribute, str) and attribute.strip() else self.kind)

    def value_function(self) -> Never:
        """Refuse.

        Raises:
            AbsentKindError: always.
        """
        raise AbsentKindError(self.kind)

    def question(self, words: Words = ENGLISH) -> str:
        """Say which kind is absent."""
        return words["absent_kind"].format(kind=self.kind)
