"""The numpy engine: many accounts scored by one profile or several."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from time import perf_counter
from typing import Any, TypeAlias, overload

import attrs

from icpkit.batch.arguments import check_arguments
from icpkit.batch.blocks import BLOCK
from icpkit.batch.encoding import Batch, encode, profiles_of
from icpkit.batch.kernels import run
from icpkit.batch.leaves import TIMED, Leaf, leaf_of
from icpkit.batch.moments import Moments, moments_of
from icpkit.batch.plan import Ask, ask_of, plan_of
from icpkit.batch.scores import Scores
from icpkit.errors import InvalidAccountError, UnreadColumnsError
from icpkit.profile import Profile
from icpkit.typing import Offender, OnInvalid
from icpkit.value_functions import ValueFunction

#: Is told what happens: a name and plain facts, for metrics and tracing.
OnEvent: TypeAlias = Callable[[str, Mapping[str, Any]], object]


@overload
def score_batch(
    profile: Profile,
    data: Any,
    *,
    key: str | None = None,
    as_of: date | str | Iterable[Any] | None = None,
    fields: Any = None,
    unknown: Collection[str] = (),
    labels: Mapping[str, Any] | None = None,
    events: Mapping[str, Any] | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
    threads: int | None = None,
    block: int = BLOCK,
    keep: bool = False,
    on_event: OnEvent | None = None,
) -> Scores: ...
@overload
def score_batch(
    profile: Iterable[Profile],
    data: Any,
    *,
    key: str | None = None,
    as_of: date | str | Iterable[Any] | None = None,
    fields: Any = None,
    unknown: Collection[str] = (),
    labels: Mapping[str, Any] | None = None,
    events: Mapping[str, Any] | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
    threads: int | None = None,
    block: int = BLOCK,
    keep: bool = False,
    on_event: OnEvent | None = None,
) -> list[Scores]: ...
def score_batch(
    profile: Profile | Iterable[Profile],
    data: Any,
    *,
    key: str | None = None,
    as_of: date | str | Iterable[Any] | None = None,
    fields: Any = None,
    unknown: Collection[str] = (),
    labels: Mapping[str, Any] | None = None,
    events: Mapping[str, Any] | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
    threads: int | None = None,
    block: int = BLOCK,
    keep: bool = False,
    on_event: OnEvent | None = None,
) -> Scores | list[Scores]:
    """Score many accounts against a profile, or against several at once.

    Args:
        profile: the profile, or several, which share what they share.
        data: a table, as for `encode`, or a batch that was encoded before.
        key: the column that holds the accounts' keys.
        as_of: the moment of scoring, or a column of one for each account, the column itself rather than its name; None
            for now.
        fields: a field map, as for `encode`.
        unknown: attributes that may be absent, as for `encode`.
        labels: tables of labels, as for `encode`.
        events: tables of events, as for `encode`.
        on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and list them.
        redact: keeps values out of error messages.
        threads: how many; None for as many as there are cores, or one for fewer than 200,000 accounts.
        block: how many accounts are scored at a time; the scores do not depend on it.
        keep: lets the batch keep the matches, 9 bytes for each account and criterion that is no look-up, so that
            another weight or gate is scored without computing them again. It keeps the last ones, in at most twice the
            memory of its columns.
        on_event: is called with ``"score_batch"`` and the stats of the run, once for each profile.

    Raises:
        AsOfError: for a moment that is naive or none.
        InvalidAccountError: for values of the wrong kind, all of them at once.
        TypeError: for what is no profile or no table, and for other arguments of the wrong kind.
        UnreadColumnsError: for columns that are not there, or twice.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> many = icp.score_batch(profile, [{"id": "acme", "employees": 600}], key="id", as_of="2026-11-21")
    >>> many.fit, many.tier
    (array([80.]), array(['Perfect'], dtype=object))
    """
    encoding = {"key": key, "unknown": unknown, "labels": labels, "events": events, "on_invalid": on_invalid}
    check_arguments(profile, data, as_of=as_of, on_event=on_event, **encoding)
    profiles = profiles_of(profile, "score_batch")
    started = perf_counter()
    if isinstance(data, Batch):
        _refuse_settings(key=key, fields=fields, unknown=unknown, labels=labels, events=events)
        batch = data
    else:
        batch = encode(
            data,
            profiles,
            key=key,
            fields=fields,
            unknown=unknown,
            labels=labels,
            events=events,
            on_invalid=on_invalid,
            redact=redact,
            threads=threads,
        )
    encoded = perf_counter()
    now = moments_of(as_of, len(batch))
    asks = [ask_of(one) for one in profiles]
    leaves = bound(asks, batch, now, keep=keep)
    found = [_invalid(ask, leaves, batch) for ask in asks]
    if on_invalid == "raise":
        _refuse(found, redact=redact, mapped=fields is not None)
    planned = perf_counter()
    outcomes = run(plan_of(asks, leaves.__getitem__, batch.memory), len(batch), threads=threads, block=block)
    seconds = {"encode": encoded - started, "plan": planned - encoded, "score": perf_counter() - planned}
    scores = [
        Scores(one, batch, now, outcome, (*batch.bad, *invalid), seconds)
        for one, outcome, invalid in zip(profiles, outcomes, found, strict=True)
    ]
    if on_event is not None:
        for one in scores:
            on_event("score_batch", {**one.stamp, **one.stats})
    return scores[0] if isinstance(profile, Profile) else scores


def _refuse_settings(**settings: Any) -> None:
    """Refuse settings of encoding, where a batch has been encoded before."""
    given = [name for name, value in settings.items() if value]
    if given:
        raise ValueError(f"a batch is encoded already: give {', '.join(given)} to icp.encode")


def bound(asks: Sequence[Ask], batch: Batch, now: Moments, *, keep: bool = False) -> dict[ValueFunction, Leaf]:
    """Bind all that profiles ask to the columns of a batch, each question once.

    Args:
        asks: what they ask.
        batch: the batch.
        now: the moments of scoring.
        keep: whether matches are kept in the batch, and found there.

    Raises:
        UnreadColumnsError: for an attribute that was not encoded.
    """
    functions = dict.fromkeys(function for ask in asks for function in ask.functions)
    lacking = dict.fromkeys(one.attribute for one in functions if one.attribute not in batch.columns)
    if lacking:
        problems = [f"{name!r} was not encoded: encode the table for this profile too" for name in lacking]
        raise UnreadColumnsError("the batch", problems, tuple(batch.columns))
    leaves = {}
    for function in functions:
        moments = now.distinct if function.view in TIMED else None
        kept = batch.kept.get(function) if keep and now.codes is None else None
        if kept is not None and kept[0] == moments:
            leaves[function] = kept[1]
            continue
        leaf = leaf_of(function, batch.columns[function.attribute], now, batch.memory.of(function.attribute))
        leaves[function] = batch.keep(leaf, moments, functions) if keep and now.codes is None else leaf
    return leaves


def _invalid(ask: Ask, leaves: dict[ValueFunction, Leaf], batch: Batch) -> list[Offender]:
    """List the invalid values that a profile reads, by account, each once."""
    found = {
        (offence.row, function.attribute, offence.reason): offence
        for function in dict.fromkeys(ask.functions)
        for offence in leaves[function].offences
    }
    return [
        Offender(batch.keys[row] if batch.key is not None else f"row {row + 1}", attribute, offence.value, reason)
        for (row, attribute, reason), offence in sorted(found.items(), key=lambda item: item[0][0])
    ]


def _refuse(found: Iterable[list[Offender]], *, redact: bool, mapped: bool) -> None:
    offenders = list(dict.fromkeys(map(_Same, (one for listed in found for one in listed))))
    if offenders:
        raise InvalidAccountError((one.offender for one in offenders), redact=redact, mapped=mapped)


@attrs.frozen(eq=False)
class _Same:
    """An offender, the same for every profile that meets it: its value need not have a hash."""

    offender: Offender

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._token == other._token

    def __hash__(self) -> int:
        return hash(self._token)

    @property
    def _token(self) -> tuple[str, str, str]:
        return str(self.offender.key), self.offender.attribute, self.offender.reason
