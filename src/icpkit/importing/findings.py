"""What a check has found, as data, as text and as HTML."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import attrs

from icpkit import views
from icpkit.markup import Markup, element, escape, html_table, joined, page, visible
from icpkit.words import percent_text

#: How many findings a text lists before it only counts the others, how wide it is, and the longest name in a table.
_SHOWN, _WIDE, _LONGEST = 20, 100, 60


@attrs.frozen
class Finding:
    """One thing that does not add up between a profile and its accounts.

    Attributes:
        code: what kind of finding it is, such as ``"unit"`` or ``"spelling"``.
        path: the criterion, gate or adjustment concerned, or an empty text.
        attribute: the attribute concerned, or an empty text.
        text: what was found, in a sentence.
        fix: what to do; where lines are to be written, the first says where, and the others are TOML as it is written.
            Empty where there is nothing to do.
        accounts: how many accounts it concerns.
        points: the most points of fit at stake, on average over all accounts: what hangs on the question, times the
            share of accounts.
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
        """Say it in a line, and in others what to do."""
        subject = f"{self.path}: " if self.path else ""
        return "\n  ".join(visible(line) for line in (f"{subject}{self.text}", *self.advice))

    @property
    def advice(self) -> tuple[str, ...]:
        """The lines of the fix, none where there is nothing to do."""
        return tuple(self.fix.split("\n")) if self.fix else ()


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

    It shows values and keys of the accounts, since it is about them.

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
        reachable: the fit of an account that had, of every attribute, the best value among these accounts; no account
            has a higher one.
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
        counts = f"{_counted(self.accounts, 'account')}, {_counted(len(self.mistakes), 'mistake')}"
        return f"<CheckReport: {visible(self.profile)}, {counts}>"

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
        lines = [*_wrapped(self._title(), ""), "", *_wrapped(self._lead(), "")]
        for finding in self.findings[:_SHOWN]:
            subject = f"{finding.path}: " if finding.path else ""
            mark = "" if finding.mistake else "worth knowing: "
            lines += ["", *_wrapped(f"{subject}{mark}{finding.text}", f"{_points(finding.points):>6}  ")]
            told, *written = finding.advice or ("",)
            lines += _wrapped(told, "        → ") if told else []
            lines += [f"          {visible(line)}" for line in written]  # to be copied: never broken
        if len(self.findings) > _SHOWN:
            lines += ["", f"        … and {len(self.findings) - _SHOWN:,} more"]
        lines += ["", *(line for told in self._summary() for line in _wrapped(": ".join(told), "", "  "))]
        header, rows = self._table()
        lines += ["", *_aligned([header, *rows])]
        lines += [line for note in self.notes for line in _wrapped(f"note: {note}", "", "  ")]
        return "\n".join(lines)

    def to_html(self, *, full: bool = True) -> str:
        """Write the report as HTML, which loads and runs nothing.

        Args:
            full: a whole page, or else a fragment to put into one, as notebooks show it.
        """
        more = len(self.findings) - _SHOWN
        header, rows = self._table()
        table = html_table([header[0], *header[1:]], rows, right={1, 2, 3, 4, 5, 6})
        summary = joined(_html_row(element("b", name), text) for name, text in self._summary())
        body = element(
            "div",
            element("div", element("b", self._title()), style=f"font-size:18px;margin:4px 0;{_ANYWHERE}"),
            element("div", self._lead(), style="margin:4px 0 12px 0"),
            *_html_findings(self.findings[:_SHOWN]),
            element("div", f"… and {more:,} more", style="margin:4px 0") if more > 0 else "",
            element("table", element("tbody", summary), style="border-collapse:collapse;margin:16px 0"),
            element("div", table, style="overflow-x:auto"),
            *(element("div", f"note: {note}", style=f"margin:6px 0;opacity:0.8;{_ANYWHERE}") for note in self.notes),
        )
        return page(self._title(), body) if full else body

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html(full=False)

    def _title(self) -> str:
        when = self.as_of
        day = when.isoformat(sep=" ", timespec="minutes") if isinstance(when, datetime) else when.isoformat()
        return f"{self.profile} × {self.source}: {_counted(self.accounts, 'account')}, as of {day}"

    def _lead(self) -> str:
        if not self.findings:
            return "Nothing was found that does not add up."
        others = len(self.findings) - len(self.mistakes)
        told = [_counted(len(self.mistakes), "probable mistake")] if self.mistakes else []
        told += [f"{others:,} worth knowing"] if others else []
        return f"{', '.join(told)}; before each, the points of fit at stake, on average:"

    def _summary(self) -> Iterator[tuple[str, str]]:
        told = (f"{tier} {count:,}" + (f" ({sure:,} certain)" if count else "") for tier, count, sure in self.tiers)
        yield "tiers", ", ".join(told)
        others = [f"{status} {count:,}" for status, count in self.statuses if count and status != "scored"]
        if others:
            yield "without a tier", ", ".join(others)
        if self.highest is not None:
            who = f" ({short(self.highest_key)})" if self.highest_key else ""
            best = f"the best values together would reach {self.reachable:.1f}: {self.reachable_tiers[0]} at best"
            yield "highest fit", f"{self.highest:.1f}{who}; {best}"
        if self.at_risk:
            rests = "of the weight rests on attributes that are known for less than half of the accounts"
            yield "weight at risk", f"{percent_text(self.at_risk)} {rests}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        header = ["", "weight", "known", "invalid", "stale", "matched", "mean match"]
        rows = []
        for one in self.criteria:
            named = one.path.endswith(f"/{views.fold(one.attribute)}")
            name = one.path if named else f"{one.path} ({one.attribute})"
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


def short(text: str) -> str:
    """Cut a text to what a line can hold."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _wrapped(text: str, lead: str, hang: str | None = None) -> list[str]:
    """Break a text into lines of at most 100 columns, the first after a lead, the others below its text."""
    indent = " " * len(lead) if hang is None else hang
    return textwrap.wrap(visible(text), _WIDE, initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False)


def _aligned(rows: Iterable[list[str]]) -> list[str]:
    listed = [[visible(short(cell)) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in listed) for place in range(len(listed[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in listed
    ]


# HTML: every colour is one that shows on light and on dark, in notebooks that run no style sheet

_ANYWHERE = "overflow-wrap:anywhere"
_CODE = (
    "margin:6px 0 0 0;padding:6px 10px;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;"
    f"background-color:rgba(125,133,144,0.15);border-radius:4px;color:inherit;border:0;{_ANYWHERE}"
)


def _html_findings(findings: Iterable[Finding]) -> Iterator[Markup]:
    rows = joined(map(_html_finding, findings))
    if rows:
        style = "width:100%;border-collapse:separate;border-spacing:0 10px"
        yield element("table", element("tbody", rows), style=style)


def _html_finding(finding: Finding) -> Markup:
    color = "#d1524c" if finding.mistake else "#7d8590"
    told, *written = finding.advice or ("",)
    parts = [element("div", element("b", finding.path))] if finding.path else []
    parts.append(element("div", finding.text if finding.mistake else f"worth knowing: {finding.text}"))
    parts += [element("div", f"→ {told}", style="margin:2px 0 0 0;opacity:0.8")] if told else []
    parts += [element("pre", joined(_lines(written)), style=_CODE)] if written else []
    edge = f"padding:6px 16px 6px 12px;vertical-align:top;text-align:right;border-left:4px solid {color}"
    points = element("td", element("b", _points(finding.points)), style=edge)
    cell = element("td", *parts, style=f"width:100%;padding:6px 0;vertical-align:top;text-align:left;{_ANYWHERE}")
    return element("tr", points, cell)


def _lines(written: Iterable[str]) -> Iterator[Markup]:
    """Put lines one below the other; the break is ours, all else is made visible."""
    for number, line in enumerate(written):
        yield Markup(("\n" if number else "") + escape(line))


def _html_row(name: Markup, text: str) -> Markup:
    cells = (element("td", name, style="padding:2px 16px 2px 0;vertical-align:top;white-space:nowrap;text-align:left"),)
    return element("tr", *cells, element("td", text, style=f"padding:2px 0;text-align:left;{_ANYWHERE}"))
