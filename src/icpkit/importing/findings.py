"""What a check has found, as data, as text and as HTML."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from icpkit.markup import Markup, element, escape, html_table, joined, page, visible
from icpkit.words import number_text, percent_text

#: How many findings a text lists before it only counts the others.
_SHOWN = 20


@attrs.frozen
class Finding:
    """One thing that does not add up between a profile and its accounts.

    Attributes:
        code: what kind of finding it is, such as ``"unit"`` or ``"spelling"``.
        path: the criterion, gate or adjustment concerned, or an empty text.
        attribute: the attribute concerned, or an empty text.
        text: what was found, in a sentence.
        fix: the line to write, or what to do; empty where there is nothing to do.
        accounts: how many accounts it concerns.
        points: the points of fit at stake, on average over all accounts.
        mistake: whether something is probably wrong; False for what is merely worth knowing.
    """

    code: str
    path: str
    attribute: str
    text: str
    fix: str
    accounts: int
    points: float
    mistake: bool

    def __str__(self) -> str:
        """Say it in one or two lines."""
        subject = f"{self.path}: " if self.path else ""
        return f"{subject}{self.text}" + (f"\n  {self.fix}" if self.fix else "")


@attrs.frozen
class CriterionCheck:
    """How the accounts answer one criterion.

    Attributes:
        path: the criterion, gate or adjustment.
        attribute: the attribute that it reads.
        share: its effective weight; 0 for gates and adjustments.
        known: how many accounts have a value that it can read.
        invalid: how many have one that it cannot read.
        stale: how many have one that was observed too long ago.
        matched: how many match, if only in part.
        mean: the mean match of those that are known, or None.
        best: the best match among them, or None.
    """

    path: str
    attribute: str
    share: float
    known: int
    invalid: int
    stale: int
    matched: int
    mean: float | None
    best: float | None


@attrs.frozen(repr=False)
class CheckReport:
    """What does not add up between a profile and its accounts, the weightiest first.

    Attributes:
        profile: the profile's name.
        source: where the accounts come from.
        accounts: how many there are.
        as_of: the moment of the check.
        findings: what was found, by points at stake.
        criteria: how the accounts answer each criterion.
        statuses: how many accounts have each status.
        tiers: how many accounts are in each tier, the best first, and for how many of these that is certain.
        highest: the highest fit, or None.
        highest_key: the key of the account that has it.
        reachable: the fit of an account that had, of every attribute, the best value among these accounts.
        reachable_tiers: the tiers up to there, the best first.
        at_risk: the share of weight that rests on attributes which are known for less than half of the accounts.
        notes: what else is worth telling about how the accounts were read.
    """

    profile: str
    source: str
    accounts: int
    as_of: date
    findings: tuple[Finding, ...]
    criteria: tuple[CriterionCheck, ...]
    statuses: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[str, int, int], ...]
    highest: float | None
    highest_key: str
    reachable: float
    reachable_tiers: tuple[str, ...]
    at_risk: float
    notes: tuple[str, ...]

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """The findings that are probably mistakes."""
        return tuple(finding for finding in self.findings if finding.mistake)

    def __bool__(self) -> bool:
        """Tell whether there are probable mistakes, as in ``if icp.check(...): ...``."""
        return bool(self.mistakes)

    def __repr__(self) -> str:
        """Say in one line what was found."""
        return f"<CheckReport: {self.profile}, {self.accounts:,} accounts, {_counted(len(self.mistakes), 'mistake')}>"

    def __str__(self) -> str:
        """Write the report as text."""
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        data: dict[str, Any] = attrs.asdict(self)
        data["as_of"] = self.as_of.isoformat()
        data["tiers"] = [{"tier": tier, "accounts": count, "certain": sure} for tier, count, sure in self.tiers]
        data["statuses"] = dict(self.statuses)
        for name in ("findings", "criteria", "notes", "reachable_tiers"):
            data[name] = list(data[name])
        return data

    def to_text(self) -> str:
        """Write the report as text: findings first, then what the accounts look like."""
        lines = [self._title(), ""]
        lines += self._finding_lines()
        lines += ["", *self._summary(), ""]
        header, rows = self._table()
        lines += _aligned([header, *rows])
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(visible(line) for line in lines)

    def to_html(self, *, full: bool = True) -> str:
        """Write the report as HTML, which loads and runs nothing.

        Args:
            full: a whole page, or else a fragment to put into one, as notebooks show it.
        """
        items = [
            element(
                "li",
                element("b", f"{_points(finding.points)} "),
                f"{finding.path}: " if finding.path else "",
                finding.text,
                *((element("br"), element("code", finding.fix)) if finding.fix else ()),
                style="margin:0 0 6px 0",
            )
            for finding in self.findings[:_SHOWN]
        ]
        more = len(self.findings) - _SHOWN
        header, rows = self._table()
        body = joined(
            (
                element("h3", self._title()),
                element("p", self._lead()),
                element("ul", *items) if items else "",
                element("p", f"… and {more} more") if more > 0 else "",
                *(element("p", line) for line in self._summary()),
                html_table(header, rows, right={1, 2, 3, 4, 5, 6}),
                *(element("p", f"note: {note}") for note in self.notes),
            )
        )
        return page(self._title(), body) if full else element("div", body)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html(full=False)

    def _title(self) -> str:
        return f"{self.profile} × {self.source}: {_counted(self.accounts, 'account')}, as of {self.as_of.isoformat()}"

    def _lead(self) -> str:
        if not self.findings:
            return "Nothing was found that does not add up."
        others = len(self.findings) - len(self.mistakes)
        told = f"{_counted(len(self.mistakes), 'probable mistake')}" + (f", {others} worth knowing" if others else "")
        return f"{told}; points of fit at stake, on average:"

    def _finding_lines(self) -> Iterator[str]:
        yield self._lead()
        for finding in self.findings[:_SHOWN]:
            subject = f"{finding.path}: " if finding.path else ""
            yield f"{_points(finding.points):>6}  {subject}{finding.text}"
            if finding.fix:
                yield f"        → {finding.fix}"
        if len(self.findings) > _SHOWN:
            yield f"        … and {len(self.findings) - _SHOWN} more"

    def _summary(self) -> Iterator[str]:
        tiers = ", ".join(
            f"{tier} {count:,}" + (f" ({sure:,} certain)" if count else "") for tier, count, sure in self.tiers
        )
        yield f"tiers: {tiers}"
        others = [f"{status} {count:,}" for status, count in self.statuses if count and status != "scored"]
        if others:
            yield f"without a tier: {', '.join(others)}"
        if self.highest is not None:
            who = f" ({self.highest_key})" if self.highest_key else ""
            reach = f"; the best values together would reach {self.reachable:.1f}"
            yield f"highest fit: {self.highest:.1f}{who}{reach}: {' or '.join(self.reachable_tiers[:1])} at best"
        if self.at_risk:
            yield (
                f"weight at risk: {percent_text(self.at_risk)} of the weight rests on attributes "
                "that are known for less than half of the accounts"
            )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        header = ["", "weight", "known", "invalid", "stale", "matched", "mean match"]
        rows = []
        for one in self.criteria:
            name = one.path if one.path.endswith(one.attribute) else f"{one.path} ({one.attribute})"
            mean = "" if one.mean is None else f"{one.mean:.2f}"
            share = percent_text(one.share) if one.share else ""
            counts = [str(count) if count else "" for count in (one.invalid, one.stale)]
            rows.append([name, share, _of(one.known, self.accounts), *counts, str(one.matched), mean])
        return header, rows


def _points(points: float) -> str:
    return f"{points:.1f}" if points >= 0.05 or not points else "<0.1"


def _of(count: int, total: int) -> str:
    return f"{count:,} ({percent_text(count / total)})" if total else "0"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def _aligned(rows: Iterable[list[str]]) -> list[str]:
    listed = list(rows)
    widths = [max(len(row[place]) for row in listed) for place in range(len(listed[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in listed
    ]
