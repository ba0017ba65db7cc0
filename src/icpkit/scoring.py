"""The meaning of a profile for one account: the reference that every other engine must equal."""

import functools
from datetime import UTC, date, datetime
from typing import Any

import attrs

from icpkit import views
from icpkit._attrs import thaw
from icpkit._version import SEMANTICS, __version__
from icpkit.arithmetic import UNADJUSTED, Plan, adjusted_by, outcome_of, plan_of, sums_at_once, sums_of
from icpkit.errors import AccountChangedError, InvalidAccountError
from icpkit.evaluation import Answer, ask, look_up
from icpkit.examination import explain
from icpkit.explanation import Explanation, Reason
from icpkit.profile import Example, Profile
from icpkit.reading import key_of, reader
from icpkit.typing import Account, Offender, OnInvalid, Status
from icpkit.views import Invalid, Notes
from icpkit.words import ENGLISH, Words


@attrs.frozen(slots=False)
class Score:
    """How well one account fits a profile, and what is certain about it.

    Attributes:
        key: the account's identifier, if one was asked for.
        fit: 0 to 100 with six decimals, or None where too little is known.
        tier: the tier's name, or None where the account is disqualified or has no fit.
        status: ``"scored"``, ``"disqualified"`` or ``"insufficient data"``.
        coverage: the share of effective weight whose attributes are known, 0 to 1, with nine decimals.
        low: the lowest fit that the account could have once every unknown is known.
        high: the highest one.
        as_of: the date, or the datetime in UTC, of the scoring.
        invalid: the values of the wrong kind that were taken as unknown.
    """

    key: Any
    fit: float | None
    tier: str | None
    status: Status
    coverage: float
    low: float
    high: float
    as_of: date
    invalid: tuple[Offender, ...] = attrs.field(repr=False)
    _scorer: "Scorer" = attrs.field(repr=False, eq=False)
    _account: Account = attrs.field(repr=False, eq=False)

    @property
    def profile(self) -> Profile:
        """The profile by which it was scored."""
        return self._scorer.profile

    @property
    def version_id(self) -> str | None:
        """The id of the version of a history by which it was scored; None where it was none."""
        return self._scorer.version_id

    @property
    def possible_tiers(self) -> tuple[str, ...]:
        """The tiers whose band meets [low, high], the best first."""
        return self.profile.tiers.between(self.low, self.high)

    @property
    def certain(self) -> bool:
        """Whether the tier is the same whatever the unknowns turn out to be."""
        return self.status == "scored" and len(self.possible_tiers) == 1

    @functools.cached_property
    def explanation(self) -> Explanation:
        """The typed tree of how the fit came about, made when first asked for.

        Raises:
            AccountChangedError: where the account was changed in the meantime.
        """
        scorer = self._scorer
        explanation = explain(scorer.profile, scorer._plan, self._account, views.moment(self.as_of), self.key)  # noqa: SLF001  # its scorer
        if explanation.outcome != (self.fit, self.tier, self.status, self.coverage, self.low, self.high):
            raise AccountChangedError(self.key)
        return explanation

    def reasons(self, count: int = 3, words: Words = ENGLISH) -> tuple[Reason, ...]:
        """Give the weightiest reasons, with stable codes: failed gates first, then what won or lost most.

        >>> import icpkit as icp
        >>> one = icp.score(icp.standard_profile(), {"employees": 320, "is_competitor": True}, as_of="2026-11-21")
        >>> one.reasons(1)[0].code
        'gate_failed'
        """
        return self.explanation.reasons(count, words)

    def to_dict(
        self, *, reasons: int = 0, points: bool = False, stamp: bool = False, explanation: bool = False
    ) -> dict[str, Any]:
        """Give plain data in the one result schema: key, fit, tier, status, coverage, low, high.

        Args:
            reasons: how many reasons to add, as ``reason_1`` and so on.
            points: whether to add the points of each dimension and criterion, by path.
            stamp: whether to add the profile's name and scoring_id, as_of, semantics and library version, and where it
                is a version of a history, the id of that.
            explanation: whether to add the whole tree.

        >>> import icpkit as icp
        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
        >>> icp.score(profile, {"id": "acme", "employees": 80}, key="id", as_of="2026-11-21").to_dict()
        {'key': 'acme', 'fit': 100.0, 'tier': 'Perfect', 'status': 'scored', ...}
        """
        data: dict[str, Any] = {name: getattr(self, name) for name in SCHEMA}
        if reasons:
            data |= {f"reason_{rank}": reason.text for rank, reason in enumerate(self.reasons(reasons), 1)}
        if points:
            data["points"] = {path: value / 1e6 for path, value in self.explanation.points}
        if stamp:
            data |= {
                "profile": self.profile.name,
                "scoring_id": self.profile.scoring_id,
                "as_of": self.as_of.isoformat(),
                "semantics": SEMANTICS,
                "version": __version__,
                **({} if self.version_id is None else {"version_id": self.version_id}),
            }
        if explanation:
            data["explanation"] = self.explanation.to_dict()
        return data

    def to_text(self, words: Words = ENGLISH) -> str:
        """Draw the table that a salesperson reads, as `print` shows it."""
        return self.explanation.to_text(words)

    def to_markdown(self, *, words: Words = ENGLISH) -> str:
        """Write the table in Markdown, for an issue, a wiki or a chat."""
        from icpkit.charts import markdown_of  # noqa: PLC0415  # who only scores does without faces

        return markdown_of(self.explanation, words)

    def to_html(self, *, words: Words = ENGLISH, full: bool = True) -> str:
        """Draw the picture and the table as HTML, which loads and runs nothing.

        Args:
            words: the words in which it speaks.
            full: a whole page, or else a fragment to put into one, as notebooks show it.

        >>> import icpkit as icp
        >>> one = icp.score(icp.standard_profile(), {"employees": 320, "industry": "Software"}, as_of="2026-11-21")
        >>> one.to_html()[:15], "<svg" in one.to_html(full=False)
        ('<!doctype html>', False)
        """
        from icpkit.charts import html_of  # noqa: PLC0415  # who only scores does without faces

        return html_of(self.explanation, words, full=full)

    def to_svg(self, *, words: Words = ENGLISH) -> str:
        """Draw the picture alone: the fit within its bounds, and a waterfall by dimension and criterion.

        It suits light and dark screens, and says in words what it shows to those who do not see it.
        """
        from icpkit.charts import svg_of  # noqa: PLC0415  # who only scores does without faces

        return svg_of(self.explanation, words)

    def _repr_html_(self) -> str:
        """Show picture and table in a notebook."""
        return self.to_html(full=False)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show them in notebooks, and one line where there is only text."""
        from icpkit.charts import line_of  # noqa: PLC0415  # the same

        return {"text/plain": line_of(self.explanation), "text/html": self._repr_html_()}

    def __str__(self) -> str:
        """Show the table that a salesperson reads."""
        return self.to_text()


@attrs.frozen
class ExampleFailure:
    """An example that does not get what it should.

    Attributes:
        example: the example.
        number: which of the profile's examples it is, the first being 1.
        score: its score, or None where it cannot be scored.
        reason: why it cannot be scored, or an empty text.
    """

    example: Example
    number: int
    score: Score | None
    reason: str = ""

    def describe(self, words: Words = ENGLISH) -> str:
        """Say it in a sentence."""
        name = self.example.name or words["an_example"].format(number=self.number)
        expected = words["or"].join(self.example.tier)
        if self.score is None:
            return words["example_invalid"].format(name=name, expected=expected, found=self.reason)
        found: str = self.score.status
        if self.score.tier is not None and self.score.fit is not None:
            fit = self.score.profile.tiers.rounded(self.score.fit)
            found = words["example_tier"].format(tier=self.score.tier, fit=fit)
        return words["example_failed"].format(name=name, expected=expected, found=found)

    def __str__(self) -> str:
        """Say it in English."""
        return self.describe()


def check_examples(profile: Profile) -> tuple[ExampleFailure, ...]:
    """Do what `Profile.check_examples` says."""
    failures = []
    for number, example in enumerate(profile.examples, 1):
        try:
            one = score(profile, thaw(example.account), as_of=example.as_of)
        except InvalidAccountError as error:
            reason = "; ".join(offender.describe() for offender in error.offenders)
            failures.append(ExampleFailure(example, number, None, reason))
            continue
        got = one.tier if one.status == "scored" else one.status
        if got not in example.tier:
            failures.append(ExampleFailure(example, number, one))
    return tuple(failures)


_NO_ANSWERS: list[Answer] = []
#: The columns of a result, in every engine, table and file.
SCHEMA = ("key", "fit", "tier", "status", "coverage", "low", "high")


def _a_profile(profile: Profile) -> Profile:
    """Refuse anything else before it is taken apart."""
    if not isinstance(profile, Profile):
        raise TypeError(f"a Scorer needs a Profile (got {type(profile).__name__})")
    return profile


@attrs.frozen(eq=False)
class Scorer:
    """A profile, prepared once to score many accounts one by one; immutable, and safe to share between threads.

    Args:
        profile: the profile.
        version_id: the id of the version of a history that it is, which its scores carry; None where it is of none.

    >>> import icpkit as icp
    >>> scorer = icp.Scorer(icp.standard_profile())
    >>> scorer.score({"employees": 320, "industry": "Software"}, as_of="2026-11-21").status
    'insufficient data'
    """

    profile: Profile = attrs.field(converter=_a_profile)
    version_id: str | None = attrs.field(default=None, kw_only=True, repr=False)
    _plan: Plan = attrs.field(
        alias="_plan",
        kw_only=True,
        repr=False,
        default=attrs.Factory(lambda self: plan_of(self.profile), takes_self=True),
    )

    def saying(self, profile: Profile, *, version_id: str | None) -> "Scorer":
        """Give a scorer for another profile of the same ``scoring_id``, without preparing it again.

        Raises:
            ValueError: for a profile that scores otherwise.
        """
        if profile.scoring_id != self.profile.scoring_id:
            raise ValueError(f"{profile.name!r} scores otherwise than {self.profile.name!r}: make a Scorer of its own")
        return Scorer(profile, version_id=version_id, _plan=self._plan)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the profile: it is prepared again where it arrives."""
        return _scorer_again, (self.profile, self.version_id)

    def score(
        self,
        account: Account,
        *,
        as_of: date | str,
        key: str | None = None,
        on_invalid: OnInvalid = "raise",
        redact: bool = False,
    ) -> Score:
        """Score one account.

        Args:
            account: a mapping, an attrs or dataclass object, or any object with attributes.
            as_of: the moment of scoring: a date, an aware datetime, or the ISO text of one.
            key: the attribute that holds the account's identifier.
            on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and list them.
            redact: keeps values out of error messages.

        Raises:
            AsOfError: for a moment that is naive or none.
            AccountTypeError: for something that is not one account.
            NoSuchFieldError: for a key that the account does not have.
            InvalidAccountError: for values of the wrong kind, all of them at once.
        """
        now = views.moment(as_of)
        get = reader(account)
        invalid: tuple[Offender, ...] = ()
        if on_invalid != "raise" and on_invalid != "unknown":  # noqa: PLR1714  # a set would be built each time
            raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
        name = None if key is None else key_of(get, key, account)
        plan = self._plan
        if plan.dotted:
            get = functools.partial(look_up, get)
        notes = None
        try:
            sums = sums_at_once(plan, get, now)
        except Invalid:
            notes = Notes(name)
            sums = sums_of(plan, [ask(one.prepared, get, now, notes) for one in plan.criteria])
        adjusted, gates = UNADJUSTED, _NO_ANSWERS
        if plan.adjustments:
            notes = notes or Notes(name)
            adjusted = adjusted_by(plan, [ask(one, get, now, notes) for one, _ in plan.adjustments])
        if plan.gates:
            notes = notes or Notes(name)
            gates = [ask(one, get, now, notes) for one in plan.gates]
        if notes is not None and notes.offenders:
            invalid = notes.distinct()
            if on_invalid == "raise":
                raise InvalidAccountError(invalid, redact=redact)
        return Score(name, *outcome_of(self.profile, plan, sums, adjusted, gates), now.as_of, invalid, self, account)

    def explain(self, account: Account, *, as_of: date | str, key: str | None = None) -> Explanation:
        """Explain one account's score: the tree that `Score.explanation` gives.

        Values of the wrong kind are taken as unknown, and the tree says so.

        Args:
            account: as for `score`.
            as_of: as for `score`.
            key: as for `score`.
        """
        name = None if key is None else key_of(reader(account), key, account)
        return explain(self.profile, self._plan, account, views.moment(as_of), name)


def _scorer_again(profile: Profile, version_id: str | None) -> Scorer:
    return Scorer(profile, version_id=version_id)


@functools.lru_cache(maxsize=64)
def _scorer(profile: Profile) -> Scorer:
    return Scorer(profile)


def score(
    profile: Profile,
    account: Account,
    *,
    as_of: date | str | None = None,
    key: str | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
) -> Score:
    """Score one account against a profile.

    Args:
        profile: the profile; it is prepared once and remembered.
        account: a mapping, an attrs or dataclass object, or any object with attributes.
        as_of: the moment of scoring: a date, an aware datetime, or the ISO text of one; None for now.
        key: the attribute that holds the account's identifier.
        on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and list them.
        redact: keeps values out of error messages.

    Raises:
        AsOfError: for a moment that is naive or none.
        AccountTypeError: for something that is not one account.
        NoSuchFieldError: for a key that the account does not have.
        InvalidAccountError: for values of the wrong kind, all of them at once.

    >>> import icpkit as icp
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> icp.score(profile, {"employees": 600}, as_of="2026-11-21").fit
    80.0
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"score() needs a Profile first, then the account (got {type(profile).__name__})")
    return _scorer(profile).score(
        account,
        as_of=datetime.now(UTC) if as_of is None else as_of,
        key=key,
        on_invalid=on_invalid,
        redact=redact,
    )
