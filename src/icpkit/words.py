"""Every word that a user reads in a description or an explanation, in one table, so that another language is possible.

Pass another mapping with the same keys wherever a function takes ``words``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

#: Templates by key; the fields in braces are filled by name.
Words: TypeAlias = Mapping[str, str]


class _Language(Mapping[str, str]):
    """An immutable table of words with a short repr: it is the default of many arguments."""

    __slots__ = ("_name", "_templates")

    def __init__(self, name: str, templates: Mapping[str, str]) -> None:
        self._name, self._templates = name, dict(templates)

    def __getitem__(self, key: str) -> str:
        return self._templates[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._templates)

    def __len__(self) -> int:
        return len(self._templates)

    def __repr__(self) -> str:
        return self._name


ENGLISH: Words = _Language(
    "ENGLISH",
    {
        # what a criterion asks
        "between": "{low} to {high}",
        "at_least": "at least {low}",
        "at_most": "at most {high}",
        "exactly": "exactly {low}",
        "fading": " (0 at {edges})",
        "on_log_scale": ", log scale",
        "years": "{question} years old",
        "bands": "by bands: {bands}",
        "band": "from {low}: {match}",
        "below": "below: {match}",
        "one_of": "one of {values}",
        "only": "{values}",
        "beginning_with": "beginning with {values}",
        "otherwise": ", otherwise {match}",
        "graded": "{value} ({match})",
        "level": "{levels} ({order})",
        "yes": "yes",
        "no": "no",
        "label_share": "share of {labels}",
        "label_any": "any of {labels}",
        "label_all": "all of {labels}",
        "label_at_least": "at least {k} of {labels}",
        "label_satisfies": "nothing but {labels}",
        "group": "{label} (any of {members})",
        "weighted": "{label} ×{weight}",
        "half_life": "recent, halving every {days}",
        "linear": "recent, falling to 0 at {days}",
        "window": "within {days}",
        "steps": "by age: {steps}",
        "step": "within {days}: {match}",
        "engagement": "{target} points of {kinds}, halving every {days}",
        "upcoming": "soon, within {days}",
        "all_of": "all of: {parts}",
        "any_of": "any of: {parts}",
        "not": "not {parts}",
        "own": "{kind}",
        "days": "{days} days",
        "day": "{days} day",
        "and": "{left} and {right}",
        "more": "{listed} and {count} more",
        "points_if": "{points} if {question}",
        # the header of a score
        "title": "{key} · {profile} · as of {as_of}",
        "untitled": "{profile} · as of {as_of}",
        "scored": "Fit {fit} · {tier}{certainty} · {coverage} of the weight is known",
        "certain": ", certain",
        "certain_within": ", certain · could be {low} to {high}",
        "possible": " · could be {low} to {high}: {tiers}",
        "disqualified": "Disqualified by {gates} · fit {fit} for information · {coverage} of the weight is known",
        "disqualified_blind": "Disqualified by {gates} · no fit: only {coverage} of the weight is known",
        "insufficient data": "Not enough data for a fit · only {coverage} of the weight is known ({needed} needed) · "
        "could be {low} to {high}: {tiers}",
        # the columns of the table
        "column_asked": "asked",
        "column_found": "found",
        "column_match": "match",
        "column_weight": "weight",
        "column_points": "points",
        "column_lost": "lost",
        # what was found
        "unknown": "unknown",
        "no_field": "no such field",
        "never": "never",
        "never_no_field": "never (no such field)",
        "invalid": "invalid: {reason}",
        "none_listed": "none",
        "found_lacking": "{there}; not {lacking}",
        "found_lacking_all": "not {lacking}",
        "ago": "{days} ago",
        "items": "{count} events",
        "item": "{count} event",
        "worth": "{low} – {high}",
        "matched": "a match of {match}",
        "today": "today",
        "ahead": "in {days}",
        "years_old": "{value}: {years} years",
        "open": "{name} ({low} to {high} points)",
        # sections below the table
        "gates": "Gates",
        "adjustments": "Adjustments",
        "notes": "Notes",
        "gate_passed": "passed",
        "gate_failed": "FAILED",
        "gate_unverified": "not verified",
        "clipped": "clipped to 0 … 100",
        "limited": "limited to what the account can still have",
        "total": "Fit",
        "note_open": "to find out: {what}",
        "note_base": "points count on the {what} of the weight that has an answer, ranges on the whole",
        "note_never": 'no signal, taken as never (0): {what}; absent="unknown" makes it unknown',
        "note_no_field": "no such field: {what}",
        "note_ignored": "signals dated after {as_of}, left out: {what}",
        "note_naive": "moments without a time zone, read as UTC: {what}",
        "note_invalid": "invalid, taken as unknown: {what}",
        "note_inert": "weight 0, without effect: {what}",
        # reasons, by code
        "reason_gate_failed": "{name}: asked for {asked}; found {found}",
        "reason_gate_unverified": "{name} could not be checked: {found}",
        "reason_insufficient_data": "only {coverage} of the weight is known, {needed} is needed",
        "reason_matched": "{points} of {most} points for {name}: {found}",
        "reason_missed": "{lost} of {most} points lost on {name}: {found} (asked for {asked})",
        "reason_unknown": "{name} is unknown: worth {low} to {high} points",
        "reason_assumed": "{points} of {most} points for {name}: unknown, {match} is assumed",
        "reason_adjusted": "{points} points for {name}: {found}",
    },
)


def number_text(value: float) -> str:
    """Write a number as people do: with separators, and round millions and billions short.

    >>> number_text(1000), number_text(0.25), number_text(12_500_000), number_text(12_345_678)
    ('1,000', '0.25', '12.5M', '12,345,678')
    """
    for unit, letter in ((1e9, "bn"), (1e6, "M")):
        if abs(value) >= unit and round(value / unit, 2) * unit == value and abs(value) < 1e15:
            return f"{value / unit:,.10g}{letter}"
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}" if abs(value) < 1e15 else f"{value:g}"
    return f"{value:,.10g}"


def days_text(days: float, words: Words) -> str:
    """Write a number of days."""
    return words["day" if days == 1 else "days"].format(days=number_text(days))


def listed(texts: Iterable[str], words: Words, *, most: int = 6) -> str:
    """Write a list, and count what lies beyond the first few.

    >>> listed("abcdefgh", ENGLISH, most=3)
    'a, b, c and 5 more'
    """
    texts = list(texts)
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else words["more"].format(listed=shown, count=len(texts) - most)
