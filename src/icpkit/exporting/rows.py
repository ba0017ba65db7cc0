"""Scores as the rows and the files of a target."""

import csv
import io
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, TypeAlias

import attrs

from icpkit import views
from icpkit._attrs import Pairs, reject
from icpkit._version import SEMANTICS, __version__
from icpkit.errors import DefinitionError
from icpkit.exporting.targets import MomentForm, Target, is_reason, target_of
from icpkit.profile import Profile
from icpkit.scoring import Score
from icpkit.words import ENGLISH, Words, listed
from icpkit.writing import harmless, write_whole

#: One value of a row; numbers stay exact until they are written.
_Value: TypeAlias = Decimal | str | int | None
_SHOWN = 3


@attrs.frozen
class Written:
    """What was written.

    Attributes:
        path: the file.
        target: the target's name.
        columns: the names of the columns.
        rows: the number of scores.
        empty: columns that are empty in some rows, with the number of these.
        warnings: what is worth telling, a sentence each.
    """

    path: str
    target: str
    columns: tuple[str, ...]
    rows: int
    empty: Pairs
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "path": self.path,
            "target": self.target,
            "columns": list(self.columns),
            "rows": self.rows,
            "empty": dict(self.empty),
            "warnings": list(self.warnings),
        }

    def to_text(self, words: Words = ENGLISH) -> str:
        """Say it in a few lines."""
        first = words["written"].format(count=self.rows, path=self.path, target=self.target)
        return "\n".join([first, *(f"  {warning}" for warning in self.warnings)])

    def __str__(self) -> str:
        """Say it in English."""
        return self.to_text()


def score_rows(
    scores: Iterable[Score],
    to: str | Target = "csv",
    *,
    columns: Mapping[str, str | None] | None = None,
    reasons: int = 3,
    decimals: int | None = None,
    null: str | None = None,
    words: Words = ENGLISH,
) -> list[dict[str, Any]]:
    """Give scores as plain rows under a target's column names, for an API or a table.

    Args:
        scores: the scores.
        to: ``"csv"``, ``"salesforce"``, ``"hubspot"``, or a `Target`.
        columns: other names of columns, as in `Target.with_columns`; None leaves one out.
        reasons: how many reasons each row gives.
        decimals: of numbers, in place of the target's; no number is rounded across the cut of a tier.
        null: what stands for nothing; None for None.
        words: the words of the reasons.

    Raises:
        DefinitionError: for an unknown target or column, or a score without the key that the target needs.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> one = icp.score(profile, {"Id": "001A", "employees": 600}, key="Id", as_of="2026-11-21")
    >>> score_rows([one], "salesforce", columns={"scoring_id": None}, reasons=1)[0]
    {'Id': '001A', 'ICP_Fit__c': 80.0, 'ICP_Tier__c': 'Perfect', 'ICP_Status__c': 'scored', 'ICP_Coverage__c': 100.0,
     'ICP_Low__c': 80.0, 'ICP_High__c': 80.0, 'ICP_Reason_1__c': '80.0 of 100.0 points for employees: 600',
     'ICP_Scored_On__c': '2026-11-21', 'ICP_Profile__c': 'P'}
    """
    target = _target(to, columns, decimals, null)
    header = target.header(_count(reasons))
    return [
        {column: _plain(value, null) for (_, column), value in zip(header, values, strict=True)}
        for values in _values(_checked(scores, target), target, header, words)
    ]


def write_scores(
    scores: Iterable[Score],
    path: "str | os.PathLike[str]",
    to: str | Target = "csv",
    *,
    columns: Mapping[str, str | None] | None = None,
    reasons: int = 3,
    decimals: int | None = None,
    null: str | None = None,
    words: Words = ENGLISH,
) -> Written:
    r"""Write scores to a CSV file that a target imports, as a whole or not at all.

    The text is UTF-8. A text that a spreadsheet would run as a formula begins with an apostrophe.

    Args:
        scores: the scores.
        path: the file.
        to: ``"csv"``, ``"salesforce"``, ``"hubspot"``, or a `Target`.
        columns: other names of columns, as in `Target.with_columns`; None leaves one out.
        reasons: how many reasons each row gives.
        decimals: of numbers, in place of the target's; no number is rounded across the cut of a tier.
        null: what stands for nothing, in place of the target's.
        words: the words of the reasons.

    Raises:
        DefinitionError: for an unknown target or column, or a score without the key that the target needs.
        OSError: for a path that cannot be written.

    >>> import pathlib, tempfile
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> one = icp.score(profile, {"Id": "001A", "employees": 600}, key="Id", as_of="2026-11-21")
    >>> path = pathlib.Path(tempfile.mkdtemp(), "scores.csv")
    >>> write_scores([one], path, "salesforce", columns={"scoring_id": None, "profile": None}, reasons=0).rows
    1
    >>> path.read_text(encoding="utf-8").splitlines()[1]
    '001A,80.0,Perfect,scored,100.0,80.0,80.0,2026-11-21'
    """
    target = _target(to, columns, decimals, null)
    header = target.header(_count(reasons))
    listed_scores = _checked(scores, target)
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column for _, column in header])
    empty: Counter[str] = Counter()
    for values in _values(listed_scores, target, header, words):
        writer.writerow([_cell(value, target.null) for value in values])
        empty.update(column for (_, column), value in zip(header, values, strict=True) if value is None)
    # Half a character, which a name may hold, is no UTF-8.
    data = file.getvalue().encode("utf-8", "backslashreplace")
    write_whole(path, b"\xef\xbb\xbf" + data if target.bom else data)
    blank = Pairs((column, empty[column]) for _, column in header if empty[column])
    return Written(
        path=os.fspath(path),
        target=target.name,
        columns=tuple(column for _, column in header),
        rows=len(listed_scores),
        empty=blank,
        warnings=tuple(_warnings(listed_scores, target, blank, words)),
    )


# What is asked for


def _target(
    to: str | Target, columns: Mapping[str, str | None] | None, decimals: int | None, null: str | None
) -> Target:
    target = target_of(to)
    changes: dict[str, Any] = {"decimals": decimals, "null": null}
    target = attrs.evolve(target, **{name: value for name, value in changes.items() if value is not None})
    return target if columns is None else target.with_columns(columns)


def _count(reasons: int) -> int:
    if type(reasons) is not int or reasons < 0:
        raise reject(Target, "reasons", "must be a whole number from 0", reasons)
    return reasons


def _checked(scores: Iterable[Score], target: Target) -> list[Score]:
    """Refuse what is no score, and scores without the keys that are needed."""
    if isinstance(scores, Score):
        raise TypeError("scores must be a list of scores: a list of one is [score]")
    listed_scores = list(scores)
    for one in listed_scores:
        if not isinstance(one, Score):
            raise TypeError(f"scores must hold only scores (got {type(one).__name__})")
    nameless = [rank for rank, one in enumerate(listed_scores, 1) if views.is_unknown(one.key)]
    if target.needs_key and nameless:
        raise DefinitionError(
            "Score",
            "key",
            f"must be known, by which {target.name} finds the account (got none in {len(nameless)} of "
            f"{len(listed_scores)} scores, the first of them number {nameless[0]})",
            hint='score with key="…", the attribute that holds the accounts\' identifiers',
        )
    return listed_scores


# Values


@attrs.frozen
class _Facts:
    """What the scores by one profile have in common.

    Attributes:
        cuts: what no number may cross when it is rounded, by what the number is.
        stamp: the values that are the same for all.
    """

    cuts: dict[str, tuple[Decimal, ...]]
    stamp: dict[str, _Value]

    @classmethod
    def of(cls, profile: Profile, target: Target) -> "_Facts":
        tiers = tuple(_exact(tier.cut) for tier in profile.tiers.tiers)
        whole = _whole(target)
        shares = (_exact(profile.min_coverage) * whole, whole)
        cuts = {"fit": tiers, "low": tiers, "high": tiers, "coverage": shares}
        stamp: dict[str, _Value] = {
            "profile": _shortened(profile.name, target),
            "scoring_id": profile.scoring_id,
            "semantics": SEMANTICS,
            "version": __version__,
        }
        return cls(cuts, stamp)


def _whole(target: Target) -> Decimal:
    """What stands for all of the weight."""
    return Decimal(100 if target.coverage == "percent" else 1)


def _values(
    scores: Iterable[Score], target: Target, header: Sequence[tuple[str, str]], words: Words
) -> Iterator[list[_Value]]:
    asked = [what for what, _ in header]
    most = max((int(what.removeprefix("reason_")) for what in asked if is_reason(what)), default=0)
    profile, facts = None, None
    for one in scores:
        if facts is None or one.profile is not profile:
            profile = one.profile
            facts = _Facts.of(profile, target)
        known = dict(facts.stamp)
        if most:
            found = enumerate(one.reasons(most, words), 1)
            known |= {f"reason_{rank}": _shortened(reason.text, target) for rank, reason in found}
        yield [
            known.get(what) if is_reason(what) or what in known else _value(one, what, target, facts) for what in asked
        ]


def _value(one: Score, what: str, target: Target, facts: _Facts) -> _Value:
    if what == "key":
        return one.key if isinstance(one.key, int) or one.key is None else str(one.key)
    if what == "as_of":
        return _moment(one.as_of, target.moment)
    if what == "possible_tiers":
        return target.separator.join(one.possible_tiers)
    value: float | str | None = getattr(one, what)
    if value is None or isinstance(value, str):
        return value
    exact = _exact(value) * _whole(target) if what == "coverage" else _exact(value)
    return rounded(exact, target.decimals, facts.cuts[what])


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


def rounded(exact: Decimal, decimals: int | None, cuts: Collection[Decimal]) -> Decimal:
    """Round a number to the nearest, or else to the next that lies on the same side of every cut.

    Where a tier is so narrow that none does, the number stays as it is.

    >>> rounded(Decimal("79.999"), 2, [Decimal(80)]), rounded(Decimal("33.3333"), 2, [Decimal("33.3333")])
    (Decimal('79.99'), Decimal('33.34'))
    """
    if decimals is None:
        return exact
    for way in (ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING):
        near = exact.quantize(Decimal(1).scaleb(-decimals), way)
        if all((near >= cut) == (exact >= cut) for cut in cuts):
            return near
    return exact


def _moment(as_of: date, form: MomentForm) -> str:
    if form == "iso":
        return as_of.isoformat()
    if form == "date":
        return (as_of.date() if isinstance(as_of, datetime) else as_of).isoformat()
    when = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, time(), UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shortened(text: str | None, target: Target) -> str | None:
    """Cut a text that is too long, counted in units of UTF-16, which no importer counts more of."""
    if text is None or target.longest is None:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * target.longest:
        return text
    return units[: 2 * (target.longest - 1)].decode("utf-16-le", "ignore") + "…"


def _plain(value: _Value, null: str | None) -> Any:
    if value is None:
        return null
    return float(value) if isinstance(value, Decimal) else value


def _cell(value: _Value, null: str) -> object:
    """Write a value as a cell: numbers without an exponent, texts that no spreadsheet runs."""
    if value is None:
        return null
    if isinstance(value, Decimal):
        return f"{_exact(float(value)):f}"  # no zeros at its end
    return harmless(value)


# Warnings


def _warnings(scores: Sequence[Score], target: Target, empty: Sequence[tuple[str, int]], words: Words) -> Iterator[str]:
    if not target.needs_key:
        return
    if empty and not target.null:
        what = [words["written_empty_column"].format(column=column, count=count) for column, count in empty]
        yield words["written_empty"].format(columns=listed(what, words))
    keys = Counter(str(one.key) for one in scores)
    if twice := [repr(key) for key, count in keys.items() if count > 1]:
        yield words["written_twice"].format(keys=listed(twice, words, most=_SHOWN))
    if guarded := [repr(key) for key in keys if harmless(key) != key]:
        yield words["written_guarded"].format(keys=listed(guarded, words, most=_SHOWN))
