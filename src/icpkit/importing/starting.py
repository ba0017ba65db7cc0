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
#: Settings in the order in which a file shows them.
_ORDER = tuple(one.name for one in attrs.fields(Field))[1:]
_SIGNALS = ("last_activity", "last_demo_request", "last_visit")


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
    if fields.currency is not None:
        lines += [
            f"currency = {_toml(fields.currency)}               # amounts are given in it",
            '# rates = [{ currency = "EUR", to = "USD", rate = 1.08, on = 2026-01-31 }]    # your own, for amounts in others',
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
        f"name = {_toml(name)}",
    ]
    for dimension in dict.fromkeys(part.dimension for part in parts):
        lines += ["", "[[dimensions]]", f"name = {_toml(dimension)}", "weight = 1"]
        for part in (part for part in parts if part.dimension == dimension):
            lines += ["", f"# {_line(part.why)}", "[[dimensions.criteria]]", f'kind = "{part.kind}"']
            lines += [f"{key} = {_toml(value)}" for key, value in part.settings.items()]
    return "\n".join(lines) + "\n"


def _parts(accounts: Accounts) -> Iterator[_Part]:
    for attribute in USUAL:
        if attribute in accounts.names:
            part = _of_numbers(accounts, attribute) or _of_categories(accounts, attribute)
            if part is not None and attribute not in {"account_id", "name", "domain", "created_on", "updated_on"}:
                yield part
    for attribute in accounts.names:
        values = accounts.column(attribute)
        if any(isinstance(value, tuple) and value and isinstance(value[0], str) for value in values):
            yield _of_labels(accounts, attribute)
        elif attribute in _SIGNALS and any(isinstance(value, date) for value in values):
            settings = {"attribute": attribute, "half_life": 30}
            yield _Part("Behavioral signals", "recency", settings, "counts half after 30 days")


def _of_numbers(accounts: Accounts, attribute: str) -> _Part | None:
    numbers = [
        value for value in accounts.column(attribute) if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(set(numbers)) < 4 or len(numbers) < len(accounts) / 5:
        return None
    low, _, high = quantiles(numbers, n=4)
    if attribute == "founded":
        settings = {"attribute": attribute, "at_most": 25}
        return _Part("Firmographics", "age", settings, "at most 25 years old: choose your own limit")
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
    texts = Counter(value.strip() for value in accounts.column(attribute) if isinstance(value, str))
    if not texts or len(texts) > _MOST_VALUES or len(texts) > len(accounts) / 2:
        return None
    folded: dict[str, str] = {}
    for text, _ in texts.most_common():
        folded.setdefault(views.fold(text), text)
    values = list(folded.values())[:_LISTED]
    why = f"the commonest of {len(texts):,} different values"
    return _Part("Firmographics", "one_of", {"attribute": attribute, "values": values}, why)


def _of_labels(accounts: Accounts, attribute: str) -> _Part:
    items: Counter[str] = Counter()
    folded: dict[str, str] = {}
    for value in accounts.column(attribute):
        for item in value if isinstance(value, tuple) else ():
            items[folded.setdefault(views.fold(item), item)] += 1
    labels = [item for item, _ in items.most_common(_LISTED)]
    settings = {"attribute": attribute, "labels": labels, "mode": "any"}
    return _Part("Technographics", "tech_overlap", settings, f"any of the commonest of {len(items):,} different labels")


def _anything(accounts: Accounts) -> _Part:
    """Find one criterion where no attribute is a usual one."""
    for attribute in accounts.names:
        part = _of_numbers(accounts, attribute) or _of_categories(accounts, attribute)
        if part is not None:
            return part
    values = [value for value in accounts.column(accounts.names[-1]) if isinstance(value, str) and value.strip()] or [
        "?"
    ]
    settings = {"attribute": accounts.names[-1], "values": values[:1]}
    return _Part("Firmographics", "one_of", settings, "nothing here looks like what profiles usually ask for")
