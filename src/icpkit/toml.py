"""TOML, written so that people like to read it, through tomlkit (extra: toml)."""

from collections.abc import Callable
from datetime import date
from typing import Any

try:
    import tomlkit
    from tomlkit.items import Item, Table
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('writing TOML needs tomlkit: pip install "icpkit[toml]"') from None

_LONGEST_LINE = 100
#: Mappings that get a header of their own; others are written in line.
_HEADED = ("criterion", "when", "cohort", "meta")
#: Days, which TOML writes as such.
_DAYS = ("as_of", "exported", "on")


def toml_text(data: dict[str, Any]) -> str:
    """Write the plain data of a profile or a field map.

    >>> print(toml_text({"name": "P", "tiers": [{"name": "Go", "cut": 70}]}), end="")
    name = "P"
    <BLANKLINE>
    [[tiers]]
    name = "Go"
    cut = 70
    """
    document = tomlkit.document()
    for key, value in data.items():
        document.add(key, _headed(key, value))
    return tomlkit.dumps(document)


def _headed(key: str, value: Any) -> Item:
    """Make what stands in the profile, a dimension, a gate, an adjustment, a tier or an example."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        tables = tomlkit.aot()
        for item in value:
            tables.append(_table(item, _within if "kind" in item else _headed))
        return tables
    if isinstance(value, dict) and key in _HEADED:
        return _table(value, _within if key == "meta" or "kind" in value else _headed)
    if key == "fields" and isinstance(value, dict):  # of a field map: a header for each
        headers = tomlkit.table(is_super_table=True)
        for name, field in value.items():
            headers.append(name, _table(field, _within))
        return headers
    if key in _DAYS and isinstance(value, str):  # both are read back as the same moment
        return tomlkit.item(date.fromisoformat(value) if len(value) == len("2026-11-01") else value)
    return _in_line(value)


def _table(data: dict[str, Any], written: Callable[[str, Any], Item]) -> Table:
    table = tomlkit.table()
    for key, value in data.items():
        table.add(key, written(key, value))
    return table


def _within(_key: str, value: Any) -> Item:
    """Make what stands in a criterion, whose parts would need headers as deep as it is, or in notes, which are free."""
    return _in_line(value)


def _in_line(value: Any) -> Item:
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, item in value.items():
            table.append(key, _in_line(item))
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for item in value:
            array.append(_in_line(item))
        array.multiline(len(array.as_string()) > _LONGEST_LINE)
        return array
    scalar: Item = tomlkit.item(value)
    return scalar
