"""What every criterion is, and how criteria combine."""

from collections.abc import Iterable
from typing import Any, ClassVar, Literal, Self

import attrs

from icpkit._attrs import a_number, a_text, as_number, reject, short_call, short_repr
from icpkit.errors import DefinitionError
from icpkit.missing import MissingPolicy, a_policy, as_optional_policy
from icpkit.value_functions import AnyValueFunction, Combination
from icpkit.words import ENGLISH, Words


@attrs.frozen(repr=False, kw_only=True)
class Criterion:
    """The parent of every criterion, your own among them.

    A subclass is a frozen attrs class whose `value_function` returns one of the closed set; then it works in every
    engine.

    Args:
        name: what it is called; by default its attribute.
        weight: its importance among its siblings, ≥ 0.
        missing: what it counts for when unknown: ``"skip"``, a match in [0, 1], or None for the profile's default.
        label: what people read in place of the name.

    >>> import attrs, icpkit as icp
    >>> from icpkit.value_functions import Segments, ValueFunction
    >>> @attrs.frozen
    ... class Near(icp.Criterion):
    ...     attribute: str
    ...     km: float
    ...
    ...     def value_function(self):
    ...         return ValueFunction(self.attribute, "number", Segments(high=self.km, soft_high=2 * self.km))
    >>> profile = icp.Profile("Local", [icp.Dimension("Place", [Near("distance_km", 50)])])
    >>> icp.score(profile, {"distance_km": 75}, as_of="2026-11-21").fit
    50.0
    """

    name: str | None = attrs.field(default=None, validator=a_text(optional=True))
    weight: float = attrs.field(default=1, converter=as_number, validator=a_number(least=0))
    missing: MissingPolicy | None = attrs.field(default=None, converter=as_optional_policy, validator=a_policy)
    label: str | None = attrs.field(default=None, validator=a_text(optional=True))

    def value_function(self) -> AnyValueFunction:
        """Give the value function that answers this criterion's question."""
        raise TypeError(f"{type(self).__name__} must define value_function()")

    @property
    def called(self) -> str | None:
        """Its name, by default its attribute; None for a combinator without a name."""
        return self.name if self.name is not None else getattr(self, "attribute", None)

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest match that it can give."""
        return self.value_function().reach

    def with_weight(self, weight: float) -> Self:
        """Give the same criterion with another weight."""
        return attrs.evolve(self, weight=weight)

    def question(self, words: Words = ENGLISH) -> str:
        """Say what is asked, without the subject."""
        return words["own"].format(kind=type(self).__name__)

    def describe(self, words: Words = ENGLISH) -> str:
        """Say what is asked of which attribute, in plain words.

        >>> import icpkit as icp
        >>> icp.Range("employees", 50, 500).describe()
        'employees: 50 to 500'
        """
        subject = self.label or self.called
        return f"{subject}: {self.question(words)}" if subject else self.question(words)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return short_repr(self)

    def __bool__(self) -> bool:
        """Refuse ``a and b``, which would silently drop one of them."""
        raise TypeError("a criterion is neither true nor false: combine criteria with & | ~, not with and, or, not")

    def __and__(self, other: "Criterion") -> "AllOf":
        """Match as well as the worse of both."""
        return AllOf(self, other)

    def __or__(self, other: "Criterion") -> "AnyOf":
        """Match as well as the better of both."""
        return AnyOf(self, other)

    def __invert__(self) -> "Criterion":
        """Match as well as this one does not."""
        return Not(self)


def _parts(owner: type, criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Check the parts of a combinator, and open up parts of its own kind that have no name."""
    parts: list[Criterion] = []
    given: Iterable[Any] = criteria
    for part in given:
        if not isinstance(part, Criterion):
            hint = f"give them one by one: {owner.__name__}(a, b)" if isinstance(part, list | tuple) else ""
            raise DefinitionError(owner.__name__, "criteria", f"must be criteria (got {part!r})", part, hint=hint)
        reject_own_weight(part, inside=owner.__name__)
        if type(part) is owner and part.name is None and part.label is None:
            parts.extend(part.criteria)  # type: ignore[attr-defined]  # the owner is a combinator
        else:
            parts.append(part)
    if not parts:
        raise DefinitionError(owner.__name__, "criteria", "must hold at least one criterion", ())
    return tuple(parts)


def reject_own_weight(part: Criterion, *, inside: str) -> None:
    """Refuse a weight or a missing policy that the outermost criterion alone may carry."""
    for field, given in (("weight", part.weight != 1), ("missing", part.missing is not None)):
        if given:
            combinator = inside in {"AllOf", "AnyOf", "Not"}
            hint = f"give {field}= to the combinator that stands in the dimension" if combinator else ""
            problem = f"must not be set inside {inside}, " + (
                "where only the outermost criterion carries one" if combinator else "which has no use for it"
            )
            raise reject(part, field, problem, getattr(part, field), hint=hint)


@attrs.frozen(repr=False, init=False)
class _Several(Criterion):
    """What `AllOf` and `AnyOf` share: they differ in the operation alone."""

    criteria: tuple[Criterion, ...] = attrs.field()

    _operation: ClassVar[Literal["min", "max"]]
    _question: ClassVar[str]

    def __init__(
        self,
        *criteria: Criterion,
        name: str | None = None,
        weight: float = 1,
        missing: MissingPolicy | None = None,
        label: str | None = None,
    ) -> None:
        """Take the parts one by one."""
        parts = _parts(type(self), criteria)
        self.__attrs_init__(parts, name=name, weight=weight, missing=missing, label=label)  # pyright: ignore[reportAttributeAccessIssue]  # attrs makes it

    def with_weight(self, weight: float) -> Self:
        """Give the same criterion with another weight."""
        return type(self)(*self.criteria, name=self.name, weight=weight, missing=self.missing, label=self.label)

    def value_function(self) -> Combination:
        """Give the least or the greatest of the parts."""
        return Combination(self._operation, tuple(part.value_function() for part in self.criteria))

    def question(self, words: Words = ENGLISH) -> str:
        """Say what the parts ask."""
        return words[self._question].format(parts="; ".join(part.describe(words) for part in self.criteria))

    def __repr__(self) -> str:
        """Show the call that makes it, with the parts one by one."""
        _, options = short_call(self)
        return f"{type(self).__name__}({', '.join([*map(repr, self.criteria), *options])})"


@attrs.frozen(repr=False, init=False)
class AllOf(_Several):
    """All criteria together: the least of their matches. ``a & b`` makes one.

    Args:
        criteria: the parts, one by one; parts that are themselves an unnamed `AllOf` are opened up.

    >>> import icpkit as icp
    >>> (icp.Range("employees", 50, None) & icp.Flag("has_sales_team")).describe()
    'all of: employees: at least 50; has_sales_team: yes'
    """

    _operation = "min"
    _question = "all_of"


@attrs.frozen(repr=False, init=False)
class AnyOf(_Several):
    """Any of several criteria: the greatest of their matches. ``a | b`` makes one.

    Args:
        criteria: the parts, one by one; parts that are themselves an unnamed `AnyOf` are opened up.

    >>> import icpkit as icp
    >>> (icp.Flag("uses_jira") | icp.Flag("uses_asana")).describe()
    'any of: uses_jira: yes; uses_asana: yes'
    """

    _operation = "max"
    _question = "any_of"


def _check_not_criterion(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, Criterion):
        raise reject(owner, field.name, "must be a criterion", value)
    reject_own_weight(value, inside="Not")


@attrs.frozen(repr=False)
class Not(Criterion):
    """The opposite of a criterion: 1 minus its match. ``~a`` makes one, and ``~~a`` is ``a``.

    Args:
        criterion: the criterion; its name is this one's too, unless it is given another.

    >>> import icpkit as icp
    >>> (~icp.OneOf("country", ["KP", "SY"])).describe()
    'country: not one of KP, SY'
    """

    criterion: Criterion = attrs.field(validator=_check_not_criterion)

    @property
    def called(self) -> str | None:
        """Its name, by default its part's."""
        return self.name if self.name is not None else self.criterion.called

    def value_function(self) -> Combination:
        """Give 1 minus the part."""
        return Combination("not", (self.criterion.value_function(),))

    def question(self, words: Words = ENGLISH) -> str:
        """Say what must not be."""
        return words["not"].format(parts=self.criterion.question(words))

    def __invert__(self) -> Criterion:
        """Give the criterion back, unless this one carries a name, weight or policy of its own."""
        return self.criterion if self == Not(self.criterion) else Not(self)
