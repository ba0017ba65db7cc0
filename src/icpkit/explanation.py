"""Why a fit is what it is: one typed, frozen tree, from which text, plain data and reasons are made.

Points are whole millionths throughout the tree, so that they sum exactly to the fit.
"""

import math
import numbers
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias

import attrs

from icpkit import views
from icpkit.arithmetic import millionths
from icpkit.criteria import Criterion
from icpkit.errors import near as near_names
from icpkit.evaluation import wanted_labels
from icpkit.markup import visible
from icpkit.profile import Adjustment, Dimension, Gate, Profile
from icpkit.typing import Status, Verdict
from icpkit.value_functions import LabelMerge, Table, ValueFunction
from icpkit.views import Moment
from icpkit.words import ENGLISH, Words, days_text, listed, number_text, percent_text

#: What is known of a criterion: all, nothing, that it never happened, or enough to narrow it down.
State: TypeAlias = Literal["known", "unknown", "never", "partial"]


class Reading(NamedTuple):
    """What is worth telling about how a value was read.

    Attributes:
        fields: the account's fields, where it has none of the name that was asked for.
        invalid: why the value is of the wrong kind, or None.
        ignored: how many signals after ``as_of`` were left out.
        naive: how many moments without a time zone were read as UTC.
    """

    fields: tuple[str, ...] = ()
    invalid: str | None = None
    ignored: int = 0
    naive: int = 0


class CriterionResult(NamedTuple):
    """What one criterion found and what came of it.

    Attributes:
        path: where it stands in the profile; parts of a combinator lengthen it.
        criterion: the criterion.
        state: what is known.
        raw: the value that was found, None where there is none or where it is a combinator.
        low: the least match that it can have.
        high: the greatest one.
        now: the moment of scoring.
        reading: what is worth telling about how the value was read.
        parts: the parts of a combinator.
        share: its effective weight.
        match: what counted in the fit, or None where it did not count.
        points: millionths of a point that it earned, or None where there is no fit.
        weight: the weight that counted in the whole fit.
    """

    path: str
    criterion: Criterion
    state: State
    raw: Any
    low: float
    high: float
    now: Moment
    reading: Reading
    parts: "tuple[CriterionResult, ...]" = ()
    share: float = 0.0
    match: float | None = None
    points: int | None = None
    weight: float = 1.0

    @property
    def most(self) -> int:
        """Millionths that a full match would have earned; 0 where it did not count."""
        # A contribution is a difference of rounded sums, and so may be a millionth more than its own.
        return 0 if self.match is None else max(millionths(100.0 * self.share / self.weight), self.points or 0)

    @property
    def invalid(self) -> str | None:
        """Why the value is of the wrong kind, or None."""
        return self.reading.invalid

    @property
    def ignored(self) -> int:
        """How many signals after ``as_of`` were left out."""
        return self.reading.ignored

    @property
    def naive(self) -> int:
        """How many moments without a time zone were read as UTC."""
        return self.reading.naive

    @property
    def age(self) -> float | None:
        """Days since the latest signal, infinity of an empty list; None for other criteria, or without a signal."""
        function = self.criterion.value_function()
        if self.state != "known" or not isinstance(function, ValueFunction) or function.view != "age":
            return None
        return views.latest_age(self.raw, self.now)

    @property
    def name(self) -> str:
        """Its label, which people read, or its name."""
        return self.criterion.label or self.criterion.called or type(self.criterion).__name__

    @property
    def no_field(self) -> bool:
        """Whether the account has no field of that name."""
        return bool(self.reading.fields)

    @property
    def near(self) -> str:
        """A hint at the field that was probably meant, or an empty text."""
        return near_names(getattr(self.criterion, "attribute", ""), self.reading.fields)

    @property
    def settled(self) -> bool:
        """Whether it counts as it is, without a stand-in."""
        return self.state in {"known", "never"}

    @property
    def lost(self) -> int | None:
        """Millionths that a full match would have earned beyond what it did."""
        return None if self.points is None else self.most - self.points

    @property
    def worth(self) -> tuple[float, float]:
        """The points that it could bring on full weight, from the least to the greatest match."""
        return millionths(100.0 * self.share * self.low) / 1e6, millionths(100.0 * self.share * self.high) / 1e6

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The wanted labels that are there, and those that are lacking; empty for other criteria."""
        function = self.criterion.value_function()
        if (
            self.state != "known"
            or not isinstance(function, ValueFunction)
            or not isinstance(function.merge, LabelMerge)
        ):
            return (), ()
        assert isinstance(function.curve, Table)  # a label merge has a table
        wanted = wanted_labels(function.curve, function.merge)
        bits = wanted.bits(views.labels(self.raw) or ())
        there = tuple(label for i, label in enumerate(wanted.labels) if bits >> i & 1)
        return there, tuple(label for i, label in enumerate(wanted.labels) if not bits >> i & 1)

    def leaves(self) -> "Iterator[CriterionResult]":
        """Give this result, or for a combinator those of its innermost parts."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def found(self, words: Words = ENGLISH) -> str:
        """Say what was found, in plain words."""
        if self.parts:
            if len(self.parts) == 1:
                return self.parts[0].found(words)
            return "; ".join(f"{part.name}: {part.found(words)}" for part in self.parts)
        if self.invalid is not None:
            return words["invalid"].format(reason=self.invalid)
        if self.state == "never":
            return words["never_no_field" if self.no_field else "never"]
        if self.state == "unknown":
            return words["no_field" if self.no_field else "unknown"]
        return _found_text(self, words)

    def to_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Give plain data."""
        there, lacking = self.labels
        return {
            "path": self.path,
            "name": self.name,
            "asked": self.criterion.question(words),
            "found": self.found(words),
            "value": _plain(self.raw),
            "state": self.state,
            "invalid": self.invalid,
            "no_field": self.no_field,
            "near": self.near,
            "low": self.low,
            "high": self.high,
            "match": self.match,
            "share": self.share,
            "points": _points(self.points),
            "most": _points(self.most),
            "worth": list(self.worth),
            "there": list(there),
            "lacking": list(lacking),
            "age": _plain(self.age),
            "ignored": self.ignored,
            "naive": self.naive,
            "parts": [part.to_dict(words) for part in self.parts],
        }


class DimensionResult(NamedTuple):
    """What the criteria of one dimension came to."""

    dimension: Dimension
    criteria: tuple[CriterionResult, ...]

    @property
    def name(self) -> str:
        """The dimension's name."""
        return self.dimension.name

    @property
    def share(self) -> float:
        """Its effective weight."""
        return sum(result.share for result in self.criteria)

    @property
    def points(self) -> int | None:
        """Millionths of a point that its criteria earned together, or None where there is no fit."""
        earned = [result.points for result in self.criteria if result.points is not None]
        return sum(earned) if len(earned) == len(self.criteria) else None

    @property
    def most(self) -> int:
        """Millionths that full matches would have earned."""
        return sum(result.most for result in self.criteria)

    def to_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Give plain data."""
        return {
            "name": self.name,
            "weight": self.dimension.weight,
            "share": self.share,
            "points": _points(self.points),
            "most": _points(self.most),
            "criteria": [result.to_dict(words) for result in self.criteria],
        }


@attrs.frozen(slots=False)
class GateResult:
    """What one gate says: ``"passed"``, ``"failed"`` or ``"unverified"``."""

    gate: Gate
    result: CriterionResult
    verdict: Verdict

    def to_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Give plain data."""
        gate = {"verdict": self.verdict, "at_least": self.gate.at_least, "overridable": self.gate.overridable}
        return gate | self.result.to_dict(words)


@attrs.frozen(slots=False)
class AdjustmentResult:
    """What one adjustment added: millionths of a point, or None where there is no fit."""

    adjustment: Adjustment
    result: CriterionResult
    points: int | None

    @property
    def worth(self) -> tuple[float, float]:
        """The least and the greatest number of points that it can add."""
        ends = sorted((self.adjustment.points * self.result.low, self.adjustment.points * self.result.high))
        return ends[0] + 0.0, ends[1] + 0.0  # no negative zero

    def to_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Give plain data."""
        return self.result.to_dict(words) | {"points": _points(self.points), "worth": list(self.worth)}


@attrs.frozen
class Reason:
    """One reason for a score.

    Attributes:
        code: ``gate_failed``, ``insufficient_data``, ``matched``, ``missed``, ``unknown``, ``assumed``, ``adjusted`` or
            ``gate_unverified``: stable, for programs.
        path: what it is about.
        points: millionths of a point that it is about.
        text: the sentence for people.
    """

    code: str
    path: str
    points: int
    text: str


@attrs.frozen(slots=False)
class Explanation:
    """The whole tree: dimensions of criteria, adjustments, gates, and what clip and limit gave or took.

    Attributes:
        profile: the profile.
        key: the account's identifier, or None.
        as_of: the moment of scoring.
        fit: as in the score.
        tier: as in the score.
        status: as in the score.
        coverage: as in the score.
        low: as in the score.
        high: as in the score.
        dimensions: one result per dimension.
        adjustments: one per adjustment.
        gates: one per gate.
        clipped: millionths that clipping to [0, 100] added, or None where there is no fit.
        limited: millionths that limiting to [low, high] added.
    """

    profile: Profile
    key: Any
    as_of: date
    fit: float | None
    tier: str | None
    status: Status
    coverage: float
    low: float
    high: float
    dimensions: tuple[DimensionResult, ...]
    adjustments: tuple[AdjustmentResult, ...]
    gates: tuple[GateResult, ...]
    clipped: int | None
    limited: int | None

    @property
    def outcome(self) -> tuple[float | None, str | None, Status, float, float, float]:
        """Fit, tier, status, coverage, low and high."""
        return self.fit, self.tier, self.status, self.coverage, self.low, self.high

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The results of all criteria, in stored order."""
        return tuple(result for dimension in self.dimensions for result in dimension.criteria)

    @property
    def unknowns(self) -> tuple[CriterionResult, ...]:
        """The weighted criteria that are not known, those that could move the fit most first."""
        open_ones = [result for result in self.criteria if not result.settled and result.share]
        return tuple(sorted(open_ones, key=lambda result: (result.worth[0] - result.worth[1], result.path)))

    @property
    def unverified(self) -> tuple[GateResult, ...]:
        """The gates that could not be checked."""
        return tuple(gate for gate in self.gates if gate.verdict == "unverified")

    @property
    def ignored(self) -> int:
        """How many signals after ``as_of`` were left out, each attribute counted once."""
        return sum(result.ignored for result in self._read())

    @property
    def naive(self) -> int:
        """How many moments without a time zone were read as UTC, each attribute counted once."""
        return sum(result.naive for result in self._read())

    @property
    def points(self) -> tuple[tuple[str, int], ...]:
        """Millionths by path: criteria, adjustments, ``"clip"`` and ``"limit"``; their sum is the fit, if any."""
        if self.clipped is None or self.limited is None:
            return ()
        parts = [(result.path, result.points) for result in self.criteria]
        parts += [(adjustment.result.path, adjustment.points) for adjustment in self.adjustments]
        parts += [("clip", self.clipped), ("limit", self.limited)]
        return tuple((path, points or 0) for path, points in parts)

    def _results(self) -> Iterator[CriterionResult]:
        yield from self.criteria
        yield from (adjustment.result for adjustment in self.adjustments)
        yield from (gate.result for gate in self.gates)

    def _read(self) -> list[CriterionResult]:
        """Give one result per attribute that was read."""
        by_attribute: dict[str, CriterionResult] = {}
        for result in self._results():
            for leaf in result.leaves():
                by_attribute.setdefault(getattr(leaf.criterion, "attribute", leaf.path), leaf)
        return list(by_attribute.values())

    def reasons(self, count: int = 3, words: Words = ENGLISH) -> tuple[Reason, ...]:
        """Give the weightiest reasons, each with a stable code.

        Failed gates come first, then too little data, then what won, lost or could bring the most points, then gates
        that could not be checked.
        """
        first = [_gate_reason(gate, "gate_failed", words) for gate in self.gates if gate.verdict == "failed"]
        if self.fit is None:
            text = words["reason_insufficient_data"].format(**_coverage_words(self))
            first.append(Reason("insufficient_data", "", 0, text))
        weighed: list[tuple[int, str, CriterionResult | AdjustmentResult]]
        weighed = [(-abs(_weight_of(result).points), result.path, result) for result in self.criteria if result.share]
        weighed += [(-abs(one.points), one.result.path, one) for one in self.adjustments if one.points]
        weighed.sort(key=lambda reason: reason[:2])
        last = [_gate_reason(gate, "gate_unverified", words) for gate in self.unverified]
        # Sentences cost more than all else: only those that are asked for are written.
        chosen = [
            _adjustment_reason(one, words) if isinstance(one, AdjustmentResult) else _criterion_reason(one, words)
            for _, _, one in weighed[: max(count - len(first), 0)]
        ]
        return tuple((first + chosen + last)[:count])

    def to_dict(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Give plain data: text, numbers, lists and dicts only, points as numbers with six decimals."""
        return {
            "profile": self.profile.name,
            "key": _plain(self.key),
            "as_of": self.as_of.isoformat(),
            "fit": self.fit,
            "tier": self.tier,
            "status": self.status,
            "coverage": self.coverage,
            "low": self.low,
            "high": self.high,
            "possible_tiers": list(self.profile.tiers.between(self.low, self.high)),
            "dimensions": [dimension.to_dict(words) for dimension in self.dimensions],
            "adjustments": [adjustment.to_dict(words) for adjustment in self.adjustments],
            "gates": [gate.to_dict(words) for gate in self.gates],
            "clipped": _points(self.clipped),
            "limited": _points(self.limited),
            "ignored": self.ignored,
            "naive": self.naive,
        }

    def to_text(self, words: Words = ENGLISH) -> str:
        """Draw the table that a salesperson reads."""
        return render(self, words)

    def __str__(self) -> str:
        """Draw the table in English."""
        return self.to_text()


#: How much of one text people are shown.
_LONGEST = 200


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _value_text(value: Any, words: Words) -> str:
    if isinstance(value, numbers.Real | Decimal):
        return number_text(float(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    items = views.items(value)
    if items is not None:
        return listed([_value_text(item, words) for item in items], words) or words["none_listed"]
    return _short(visible(views.keep_case(str(value))))


def _found_text(result: CriterionResult, words: Words) -> str:
    function = result.criterion.value_function()
    if not isinstance(function, ValueFunction):  # a combination that a user's criterion makes
        return words["matched"].format(match=number_text(round(result.low, 2)))
    if function.view == "labels":
        return _labels_text(result, function, words)
    if function.view == "events":
        items = views.items(result.raw) or ()
        return words["item" if len(items) == 1 else "items"].format(count=len(items))
    if function.view == "truth":
        return words["yes" if views.truth(result.raw) else "no"]
    if function.view == "age":
        return _age_text(result.age, words)
    return _moment_text(result, function.view, words)


def _moment_text(result: CriterionResult, view: str, words: Words) -> str:
    """Say how far away a date is; other values stand for themselves."""
    if view == "ahead":
        days = views.days_ahead(result.raw, result.now) or 0.0
        key = "today" if not days else "ahead" if days > 0 else "ago"
        return words[key].format(days=days_text(abs(days), words))
    if view == "years":
        years = number_text(round(views.years_since(result.raw, result.now) or 0.0, 1))
        value = f"{result.raw:.0f}" if isinstance(result.raw, int | float) else _value_text(result.raw, words)
        return words["year_old" if years == "1" else "years_old"].format(value=value, years=years)
    return _value_text(result.raw, words)


def _age_text(age: float | None, words: Words) -> str:
    if age is None or math.isinf(age):
        return words["never"]
    return words["ago"].format(days=days_text(round(age, 1), words))


def _labels_text(result: CriterionResult, function: ValueFunction, words: Words) -> str:
    there, lacking = result.labels
    assert isinstance(function.merge, LabelMerge)  # the view has no other
    if function.merge.mode == "satisfies":
        return _value_text(result.raw, words)
    if not lacking or (there and result.high == 1 and function.merge.mode != "share"):
        return listed(there, words)
    key = "found_lacking" if there else "found_lacking_all"
    return words[key].format(there=listed(there, words, most=4), lacking=listed(lacking, words, most=3))


def _points(points: int | None) -> float | None:
    return None if points is None else points / 1e6


def _plain(value: Any) -> Any:
    """Make plain data of a raw value: what JSON knows stays, moments become ISO text, everything else its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    items = views.items(value)
    return str(value) if items is None else [_plain(item) for item in items]


def _one_decimal(millionth_points: int) -> str:
    return f"{millionth_points / 1e6:.1f}"


def _coverage_words(explanation: Explanation) -> dict[str, str]:
    return {"coverage": percent_text(explanation.coverage), "needed": percent_text(explanation.profile.min_coverage)}


def _gate_reason(gate: GateResult, code: str, words: Words) -> Reason:
    asked, found = gate.gate.criterion.question(words), gate.result.found(words)
    text = words[f"reason_{code}"].format(name=gate.result.name, asked=asked, found=found)
    return Reason(code, gate.result.path, 0, text)


class _Weight(NamedTuple):
    """How much a criterion says about a score: a reason's code and points, and the points that it names."""

    code: str
    points: int
    earned: int
    lost: int
    most: int


def _weight_of(result: CriterionResult) -> _Weight:
    low, high = result.worth
    earned, most = result.points, result.most
    if earned is None:  # without a fit, what it brings on full weight
        match = result.low if result.match is None else result.match
        earned, most = millionths(100.0 * result.share * match), millionths(100.0 * result.share)
    lost = max(most - earned, 0)
    if result.match is None:
        code, points = "unknown", millionths(high - low)
    elif not result.settled:
        code, points = "assumed", max(earned, lost)
    else:
        code, points = ("matched", earned) if earned >= lost else ("missed", lost)
    return _Weight(code, points, earned, lost, most)


def _criterion_reason(result: CriterionResult, words: Words) -> Reason:
    code, points, earned, lost, most = _weight_of(result)
    low, high = result.worth
    text = words[f"reason_{code}"].format(
        name=result.name,
        asked=result.criterion.question(words),
        found=result.found(words),
        points=_one_decimal(earned),
        lost=_one_decimal(lost),
        most=_one_decimal(most),
        match=number_text(round(result.match or 0.0, 2)),
        low=f"{low:.1f}",
        high=f"{high:.1f}",
    )
    return Reason(code, result.path, points, text)


def _adjustment_reason(adjustment: AdjustmentResult, words: Words) -> Reason:
    points = adjustment.points or 0
    text = words["reason_adjusted"].format(
        name=adjustment.result.name, points=f"{points / 1e6:+.1f}", found=adjustment.result.found(words)
    )
    return Reason("adjusted", adjustment.result.path, points, text)


def facts_of(explanation: Explanation) -> dict[str, str]:
    """Give the facts that sentences are made of, and the sentence about the bounds."""
    scale = explanation.profile.tiers
    tiers = scale.between(explanation.low, explanation.high)
    as_of = explanation.as_of
    facts = {
        "profile": explanation.profile.name,
        "key": "" if explanation.key is None else str(explanation.key),
        "as_of": as_of.isoformat(sep=" ", timespec="minutes") if isinstance(as_of, datetime) else as_of.isoformat(),
        "fit": "" if explanation.fit is None else scale.rounded(explanation.fit),
        "tier": explanation.tier or "",
        "low": scale.rounded(explanation.low),
        "high": scale.rounded(explanation.high),
        "tiers": ", ".join(tiers),
        "gates": ", ".join(gate.result.name for gate in explanation.gates if gate.verdict == "failed"),
        **_coverage_words(explanation),
        "status": explanation.status,
        "bounds": "possible",
    }
    if explanation.status == "disqualified" and explanation.fit is None:
        facts["status"] = "disqualified_blind"
    if len(tiers) == 1:
        facts["bounds"] = "certain_within" if explanation.low < explanation.high else "certain"
    return facts


def title_of(facts: dict[str, str], words: Words) -> str:
    """Say who was scored, by which profile and when."""
    return words["title" if facts["key"] else "untitled"].format(**facts)


def verdict_of(facts: dict[str, str], words: Words) -> str:
    """Say in one sentence how well the account fits, and how certain that is."""
    return words[facts["status"]].format(certainty=words[facts["bounds"]].format(**facts), **facts)


def notes_of(explanation: Explanation, words: Words) -> list[str]:
    """Give what is worth knowing beside the table, one text each."""
    read = [(str(getattr(leaf.criterion, "attribute", leaf.name)), leaf) for leaf in explanation._read()]  # noqa: SLF001  # its own tree
    open_ones = [(one.name, one.worth) for one in explanation.unknowns]
    open_ones += [(one.result.name, one.worth) for one in explanation.adjustments if not one.result.settled]
    worth = [words["open"].format(name=name, low=f"{low:.1f}", high=f"{high:.1f}") for name, (low, high) in open_ones]
    notes = {
        "note_open": listed(worth, words, most=4),
        "note_base": base_of(explanation),
        "note_never": ", ".join(name for name, leaf in read if leaf.state == "never"),
        "note_no_field": ", ".join(
            f"{name} ({leaf.near})" if leaf.near else name for name, leaf in read if leaf.no_field
        ),
        "note_ignored": explanation.ignored,
        "note_naive": explanation.naive,
        "note_invalid": ", ".join(f"{leaf.name} ({leaf.invalid})" for _, leaf in read if leaf.invalid is not None),
        "note_inert": ", ".join(one.name for one in explanation.criteria if not one.share),
    }
    as_of = explanation.as_of.isoformat()
    return [words[key].format(what=what, as_of=as_of) for key, what in notes.items() if what]


def base_of(explanation: Explanation) -> str:
    """Say on which part of the weight points count, where that is not all of it."""
    if explanation.fit is None or all(one.match is not None for one in explanation.unknowns):
        return ""
    return percent_text(sum(one.share for one in explanation.criteria if one.match is not None))


def own_found(result: CriterionResult, words: Words) -> str:
    """Say what was found; nothing for several parts, which have rows of their own."""
    return "" if len(result.parts) > 1 else result.found(words)


# Widths of the columns: name, asked, found; numbers take what they need.
_NAME, _ASKED, _FOUND = 23, 33, 29
_WIDTH = 120


def render(explanation: Explanation, words: Words = ENGLISH) -> str:
    """Draw an explanation as text: the verdict, the table of criteria, gates and notes."""
    facts = facts_of(explanation)
    verdict = textwrap.wrap(visible(verdict_of(facts, words)), _WIDTH, subsequent_indent="  ")
    lines = [_cut(title_of(facts, words), _WIDTH), *verdict, "", _columns(words)]
    for dimension in explanation.dimensions:
        points, most = dimension.points, dimension.most
        earned = ("", "") if points is None else (_one_decimal(points), _one_decimal(most - points))
        lines.append(_row(dimension.name, "", "", "", percent_text(dimension.share), *earned))
        for result in dimension.criteria:
            lines += _criterion_rows(result, words)
    lines += _adjustment_rows(explanation, words)
    for key, points in (("clipped", explanation.clipped), ("limited", explanation.limited)):
        if points:
            lines.append(_row(words[key], "", "", "", "", f"{points / 1e6:+.1f}", ""))
    if explanation.fit is not None:
        lost = sum(dimension.most - (dimension.points or 0) for dimension in explanation.dimensions)
        lines.append(
            _row(words["total"], "", "", "", "", explanation.profile.tiers.rounded(explanation.fit), _one_decimal(lost))
        )
    if explanation.gates:
        lines += ["", words["gates"]]
    for gate in explanation.gates:
        asked, found = gate.result.criterion.question(words), own_found(gate.result, words)
        lines.append(_row(f"  {gate.result.name}", asked, found, words[f"gate_{gate.verdict}"], "", "", ""))
        lines += _part_rows(gate.result, words)
    notes = [
        line
        for note in notes_of(explanation, words)
        for line in textwrap.wrap(visible(note), _WIDTH - 2, subsequent_indent="  ")
    ]
    lines += ["", words["notes"], *(f"  {line}" for line in notes)] if notes else []
    return "\n".join(line.rstrip() for line in lines)


def _adjustment_rows(explanation: Explanation, words: Words) -> list[str]:
    lines = [words["adjustments"]] if explanation.adjustments else []
    for adjustment in explanation.adjustments:
        question = adjustment.result.criterion.question(words)
        asked = words["points_if"].format(points=f"{adjustment.adjustment.points:+g}", question=question)
        earned_text = "" if adjustment.points is None else f"{adjustment.points / 1e6:.1f}"
        if not adjustment.result.settled:
            earned_text = words["worth"].format(low=f"{adjustment.worth[0]:.1f}", high=f"{adjustment.worth[1]:.1f}")
        lines.append(
            _row(f"  {adjustment.result.name}", asked, own_found(adjustment.result, words), "", "", earned_text, "")
        )
        lines += _part_rows(adjustment.result, words)
    return lines


def _columns(words: Words) -> str:
    return _row("", *(words[f"column_{name}"] for name in ("asked", "found", "match", "weight", "points", "lost")))


def _criterion_rows(result: CriterionResult, words: Words) -> list[str]:
    match = "?" if result.match is None else f"{result.match:.2f}"
    points = "" if result.points is None or result.match is None else _one_decimal(result.points)
    lost = "" if result.lost is None or result.match is None else _one_decimal(result.lost)
    if not result.settled and result.match is not None:
        match = f"~{result.match:.2f}"
    if not result.share:
        match = ""
    elif not result.settled and result.match is None:
        points = words["worth"].format(low=f"{result.worth[0]:.1f}", high=f"{result.worth[1]:.1f}")
    asked, found = result.criterion.question(words), own_found(result, words)
    row = _row(f"  {result.name}", asked, found, match, percent_text(result.share), points, lost)
    return [row, *_part_rows(result, words)]


def _part_rows(result: CriterionResult, words: Words, indent: str = "    ") -> list[str]:
    rows = []
    for part in result.parts if len(result.parts) > 1 else ():
        match = f"{part.low:.2f}" if part.settled else "?"
        rows.append(_row(indent + part.name, part.criterion.question(words), own_found(part, words), match, "", "", ""))
        rows += _part_rows(part, words, indent + "  ")
    return rows


def _row(*cells: str) -> str:
    name, asked, found, match, weight, points, lost = cells
    texts = f"{_cut(name, _NAME)} {_cut(asked, _ASKED)} {_cut(found, _FOUND)}"
    return f"{texts} {match:>6} {weight:>7} {points:>10} {lost:>5}"


def _cut(text: str, width: int) -> str:
    text = visible(text)
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
