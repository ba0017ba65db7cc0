"""The two files to start from: a field map with what it was guessed from, and a profile that its data suggest."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from statistics import quantiles
from typing import Any, NamedTuple

import attrs

from icpkit import views
from icpkit.importing.accounts import Accounts
from icpkit.importing.attributes import USUAL
from icpkit.importing.fields import Field
from icpkit.importing.guessing import Guess, GuessedMap
from icpkit.words import percent_text

#: How long a sample may be, how many entries a starter lists, and how many values a category may have.
_LONGEST, _LISTED, _MOST_VALUES = 32, 5, 60
#: How long a value may be that a starter asks for, and its name.
_MOST_LETTERS = 200
#: Settings in the order in which a file shows them.
_ORDER = tuple(one.name for one in attrs.fields(Field))[1:]
_SIGNALS = ("last_activity", "last_demo_request", "last_visit")
#: What tells nothing about how well an account fits.
_NO_CRITERIA = frozenset(("account_id", "name", "domain", "website", "city", "created_on", "updated_on"))
#: The share of accounts of which an attribute must be known.
_KNOWN = 0.2


def fields_text(guessed: GuessedMap, source: str) -> str:
    """Write a guessed field map as TOML, each field with its column's fill rate and samples.

    Args:
        guessed: the map.
        source: what the export is called.
    """
    fields = guessed.fields
    lines = [
        f"# How the columns of {_line(source)} become attributes, guessed from its headers and cells.",
        "# Look at each line, above all where a question mark stands; then ask what does not add up:",
        "#     python -m icpkit check profile.toml ACCOUNTS --fields fields.toml",
        *(f"# ? {_line(doubt)}" for doubt in guessed.doubts),
        "format = 1",
        f"key = {_toml(fields.key_attribute)}",
    ]
    if fields.header_line is not None:
        lines.append(f"header_line = {fields.header_line}               # what stands above looks like a title")
    if fields.currency is not None:
        lines += [
            f"currency = {_toml(fields.currency)}               # amounts are given in it",
            '# rates = [{ currency = "EUR", to = "USD", rate = 1.08, on = 2026-01-31 }]   # your own, for others',
        ]
    for guess in guessed.guesses:
        lines += ["", *_field_lines(guess)]
    return "\n".join(lines) + "\n"


def _field_lines(guess: Guess) -> Iterator[str]:
    share = percent_text(guess.filled / guess.rows) if guess.rows else "0 %"
    samples = ", ".join(f"{_short(text)} × {count}" if count > 1 else _short(text) for text, count in guess.samples)
    different = f", {guess.distinct:,} different" if guess.distinct else ""
    yield f"# {share} filled{different}" + (f": {_line(samples)}" if samples else "")
    yield from (f"# ? {_line(doubt)}" for doubt in guess.doubts)
    yield f"[fields.{_key(guess.field.attribute)}]"
    for name in _ORDER:
        value, default = getattr(guess.field, name), attrs.fields_dict(Field)[name].default
        if name == "column":
            value = guess.field.columns[0]
            yield f"column = {_toml(value)}"
        elif value != default:
            yield f"{name} = {_toml(value)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _line(text: str) -> str:
    """Keep text within its comment."""
    return "".join(char if char.isprintable() else " " for char in text)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "a").replace("-", "a").isalnum()
    return name if bare else _toml(name)


def _toml(value: Any) -> str:
    """Write plain data as TOML, whose basic strings are those of JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


# A profile to start from


class _Part(NamedTuple):
    """A criterion of the starter: its dimension, its lines, and why."""

    dimension: str
    kind: str
    settings: dict[str, Any]
    why: str


def profile_text(accounts: Accounts, name: str) -> str:
    """Write a profile to start from as TOML: the middle of these accounts, which is no advice.

    Args:
        accounts: the accounts, as a guessed map reads them.
        name: the profile's name.
    """
    parts = list(_parts(accounts)) or [_anything(accounts)]
    lines = [
        "# A start, not advice: it describes the middle of these accounts. Whom do you want to win? Edit, then run",
        "#     python -m icpkit validate profile.toml",
        "format = 1",
        f"name = {_toml(' '.join(name.split())[:_MOST_LETTERS] or 'Accounts')}",
    ]
    for dimension in dict.fromkeys(part.dimension for part in parts):
        lines += ["", "[[dimensions]]", f"name = {_toml(dimension)}", "weight = 1"]
        for part in (part for part in parts if part.dimension == dimension):
            lines += ["", f"# {_line(part.why)}", "[[dimensions.criteria]]", f'kind = "{part.kind}"']
            lines += [f"{key} = {_toml(value)}" for key, value in part.settings.items()]
    return "\n".join(lines) + "\n"


def _parts(accounts: Accounts) -> Iterator[_Part]:
    for attribute in (one for one in USUAL if one in accounts.names and one not in _NO_CRITERIA):
        values = accounts.column(attribute)
        if attribute in _SIGNALS:
            if any(isinstance(value, date) for value in values):
                settings = {"attribute": attribute, "half_life": 30}
                yield _Part("Behavioral signals", "recency", settings, "counts half after 30 days")
            continue
        part = _of_anything(accounts, attribute)
        if part is not None:
            yield part


def _of_anything(accounts: Accounts, attribute: str) -> _Part | None:
    ways = (_of_ages, _of_numbers, _of_categories, _of_labels)
    return next(filter(None, (way(accounts, attribute) for way in ways)), None)


def _of_ages(accounts: Accounts, attribute: str) -> _Part | None:
    known = sum(isinstance(value, int | date) for value in accounts.column(attribute))
    if attribute != "founded" or known < len(accounts) * _KNOWN:
        return None
    settings = {"attribute": attribute, "at_most": 25}
    return _Part("Firmographics", "age", settings, "at most 25 years old: choose your own limit")


def _of_numbers(accounts: Accounts, attribute: str) -> _Part | None:
    numbers = [
        value for value in accounts.column(attribute) if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(set(numbers)) < 4 or len(numbers) < len(accounts) * _KNOWN:
        return None
    low, _, high = quantiles(numbers, n=4)
    edges = {"low": _rounded(low), "high": _rounded(high)}
    if edges["low"] >= edges["high"]:
        return None
    why = f"the middle half of {len(numbers):,} known values"
    return _Part("Firmographics", "range", {"attribute": attribute, **edges}, why)


def _rounded(number: float) -> float:
    """Round to two digits, as people say it."""
    rounded = float(f"{number:.2g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def _of_categories(accounts: Accounts, attribute: str) -> _Part | None:
    texts = Counter(value.strip() for value in accounts.column(attribute) if _is_short(value))
    if not texts or len(texts) > _MOST_VALUES or len(texts) > len(accounts) / 2:
        return None
    folded: dict[str, str] = {}
    for text, _ in texts.most_common():
        folded.setdefault(views.fold(text), text)
    values = list(folded.values())[:_LISTED]
    why = f"the commonest of {len(texts):,} different values"
    return _Part("Firmographics", "one_of", {"attribute": attribute, "values": values}, why)


def _is_short(value: Any) -> bool:
    """Tell text that a profile may ask for."""
    return isinstance(value, str) and 0 < len(value.strip()) <= _MOST_LETTERS


def _of_labels(accounts: Accounts, attribute: str) -> _Part | None:
    items: Counter[str] = Counter()
    folded: dict[str, str] = {}
    for value in accounts.column(attribute):
        for item in value if isinstance(value, tuple) else ():
            if _is_short(item):
                items[folded.setdefault(views.fold(item), item)] += 1
    if not items:
        return None
    labels = [item for item, _ in items.most_common(_LISTED)]
    settings = {"attribute": attribute, "labels": labels, "mode": "any"}
    why = f"any of the commonest of {len(items):,} different labels"
    if attribute == "technologies":
        return _Part("Technographics", "tech_overlap", settings, why)
    return _Part("Firmographics", "overlap", settings, why)


def _anything(accounts: Accounts) -> _Part:
    """Find one criterion where no attribute is a usual one."""
    spare = [attribute for attribute in accounts.names if attribute != accounts.key] or list(accounts.names)
    for attribute in spare:
        part = _of_anything(accounts, attribute)
        if part is not None:
            return part
    values = [value for value in accounts.column(spare[-1]) if _is_short(value)] or ["?"]
    settings = {"attribute": spare[-1], "values": values[:1]}
    return _Part("Firmographics", "one_of", settings, "nothing here looks like what profiles usually ask for")
