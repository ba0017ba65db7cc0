"""A first field map for an export, guessed from its headers and cells, with what it was guessed from beside it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from statistics import median
from typing import Any, Final

import attrs

from icpkit import parsing, taxonomies, views
from icpkit.adapters import table_of
from icpkit.importing.attributes import DOUBTFUL, meaning_of, words_of
from icpkit.importing.cells import Noted, reading_of
from icpkit.importing.fields import Field, FieldMap
from icpkit.importing.headers import header
from icpkit.importing.kinds import EITHER, Cells, groups_by_points, kind_of, shown, tells_its_sign
from icpkit.parsing import Unreadable, looks_unknown
from icpkit.table import Table

#: How many distinct cells of a column are looked at.
_SAMPLE = 2_000
#: The share of cells that must be countries, or stages of funding, before a column is called so.
_SOME = 0.5
#: How a reader calls a column without a name.
_NAMELESS = re.compile(r"Unnamed: \d+(?:_level_\d+)?")
#: Tokens that are never an answer; others that look unknown may be one.
_SURE: Final = frozenset(
    ("-", "--", "---", "–", "—", "?", "n/a", "#n/a", "<na>", "null", "(null)", "nan", "undefined", "(blank)", "[blank]",
     "(empty)", "(not set)", "not set", "no value", "no data", "data not found", "not available", "not provided",
     "not specified", "select", "- select -", "-- select --", "select one", "please select", "choose one", "-none-",
     "- none -", "--none--", "k.a.", "keine angabe", "tbd", "#ref!", "#value!", "#div/0!", "#name?")
)  # fmt: skip
#: What cells a usual attribute may have; else its column keeps the words of its header.
_KINDS: Final = {
    **dict.fromkeys(("account_id", "name", "domain", "website", "country", "state", "city", "region"), ("text",)),
    **dict.fromkeys(("last_activity", "last_demo_request", "last_visit", "created_on", "updated_on"), ("date",)),
    **dict.fromkeys(("industry", "naics", "sic"), ("text", "labels")),
    "funding_stage": ("text",),
    "employees": ("number", "size"),
    "annual_revenue": ("number", "money", "size"),
    "funding": ("number", "money"),
    "founded": ("year", "date"),
    "technologies": ("labels",),
}
#: How headers say the unit: by a word, or by a letter beside a sign of money or alone in parentheses.
_UNIT_WORDS: Final = {
    "thousands": frozenset(("thousands", "thousand", "000s", "000", "kusd", "keur", "teur", "tsd", "tusd")),
    "millions": frozenset(("millions", "million", "mm", "mio", "mn", "mln", "musd", "meur")),
    "billions": frozenset(("billions", "billion", "bn", "mrd")),
}
_UNIT_LETTERS: Final = {"k": "thousands", "t": "thousands", "m": "millions", "b": "billions"}
_UNIT_LETTER = re.compile(
    r"\(\s*(?:in\s+)?[$€£]?\s*([kmb])\s*[$€£]?\s*\)|[$€£]\s*([kmb])\b|\b([kmbt])\s*[$€£]", re.IGNORECASE
)
#: A cell that says its unit itself.
_OWN_UNIT = re.compile(
    r"\d\s*(?:k|mm?|mn|mio|b|bn|t|tn|mil|bil|thousand|million|billion|trillion|mrd)\b", re.IGNORECASE
)
#: Plausible yearly revenue per employee, by which a unit is guessed.
_PER_HEAD = (5e3, 5e6)
#: Words of headers of amounts, which a column of currencies may belong to.
_AMOUNTS: Final = frozenset(("amount", "revenue", "funding", "price", "value", "arr", "mrr", "budget", "valuation"))
#: Last words of headers of keys, and what a key is at most as long as.
_KEYS: Final = frozenset(("id", "uuid", "key", "code", "number", "nr", "no", "symbol", "ticker", "kundennr", "ref"))
_LONGEST_KEY = 80
#: How long a header may be, the name of an attribute made of it, and what is shown of a longer one.
_LONGEST_HEADER, _LONGEST_ATTRIBUTE, _LONGEST_SHOWN = 1_000, 100, 40


@attrs.frozen
class Guess:
    """What a column was guessed to be.

    Attributes:
        field: the field.
        filled: how many cells hold something.
        rows: how many there are.
        distinct: how many different ones.
        samples: the commonest, with their number.
        doubts: what a person should look at, a sentence each.
        place: where the column stands in the table, from 0.
    """

    field: Field
    filled: int
    rows: int
    distinct: int
    samples: tuple[tuple[str, int], ...]
    doubts: tuple[str, ...] = ()
    place: int = 0


@attrs.frozen
class GuessedMap:
    """A field map with what each field was guessed from.

    Attributes:
        fields: the field map.
        guesses: one for each field, in its order.
        doubts: what a person should look at, about the map as a whole.
    """

    fields: FieldMap
    guesses: tuple[Guess, ...]
    doubts: tuple[str, ...]


def guess_fields(data: Any) -> GuessedMap:
    """Guess a field map for a table: names, ways of parsing, unknown tokens, and which attribute is the key.

    Args:
        data: a table, as `FieldMap.apply` takes it.

    Raises:
        TypeError: for what is no table.
        ValueError: for a table without a named column.

    >>> guessed = guess_fields([{"Company": "Acme", "Employees": "51-200"}, {"Company": "Globex", "Employees": "n/a"}])
    >>> guessed.fields
    FieldMap([Field('name', 'Company'), Field('employees', 'Employees', parse='size', unknown=['n/a'])], key='name')
    """
    table = table_of(data).filled()
    names = ["" if _NAMELESS.fullmatch(name) else header(name) for name in table.names]
    long = [name for name in names if len(name) > _LONGEST_HEADER]
    names = ["" if len(name) > _LONGEST_HEADER else name for name in names]
    if not any(names):
        raise ValueError(f"{table.source} has no column with a name")
    columns = [_Column.of(table, names, place) for place, name in enumerate(names) if name]
    columns = _with_one_sign(columns)
    attributes = _attributes(columns)
    guesses = [_with_unit(guess, table) for guess in map(_guess, columns, attributes)]
    guesses = [_with_currencies(guess, guesses, table) for guess in _by_heads(guesses, table)]
    key, doubts = _key(guesses)
    currency, told = _currency(guesses, table)
    line = table.header_line if table.header_line > 1 else None
    fields = FieldMap([guess.field for guess in guesses], key=key, currency=currency, header_line=line)
    cut = [f"left out, for no map can name it: the column {shown([name[:_LONGEST_SHOWN]])}" for name in long]
    return GuessedMap(fields, tuple(guesses), (*doubts, *told, *cut))


@attrs.frozen
class _Column:
    """A column with what its cells seem to be.

    Attributes:
        name: its header.
        nth: which of the columns of this name it is, from 1.
        place: where it stands in the table.
        cells: its different cells, without blanks and without what looks unknown.
        counts: how often each occurs, and what looks unknown.
        rows: how many rows there are.
        tokens: what looks unknown.
        settings: how it is parsed.
        doubts: what a person should look at.
    """

    name: str
    nth: int
    place: int
    cells: Cells
    counts: Counter[str]
    rows: int
    tokens: tuple[str, ...]
    settings: dict[str, Any]
    doubts: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table, names: Sequence[str], place: int) -> "_Column":
        """Look at a column of a table."""
        name, column = names[place], table.columns[place]
        counts = Counter(map(str.strip if table.text else _text, column))
        counts.pop("", None)
        told = counts if len(counts) <= _SAMPLE else [text for text, count in counts.items() if count > 1]
        tokens = tuple(text for text in told if looks_unknown(text) and not _is_sign(text))
        answers = [text for text in counts if text not in set(tokens)][:_SAMPLE]
        cells = Cells(name, answers, typed=any(isinstance(cell, int | float) for cell in column))
        settings, doubts = _of_kinds(column) or (
            kind_of(cells) if answers else ({}, [] if counts else ["the column is empty"])
        )
        nth = names[: place + 1].count(name)
        if names.count(name) > 1:
            doubts = [f"several columns are called {name!r}: this is number {nth}", *doubts]
        return cls(name, nth, place, cells, counts, len(column), tokens, settings, tuple(doubts))

    @property
    def parse(self) -> str:
        """How it is parsed."""
        return str(self.settings.get("parse", "text"))

    @property
    def filled(self) -> int:
        """The number of cells that hold something."""
        return sum(self.counts.values())


def _is_sign(text: str) -> bool:
    """Tell signs that mean something by themselves: a tick, a green light, signs of money, an empty list."""
    return text in {"[]", "{}"} or any(unicodedata.category(char) in {"So", "Sc"} for char in text)


def _text(cell: Any) -> str:
    """Write a cell of any kind as text; lists and the like are no text."""
    if isinstance(cell, str):
        return cell.strip()
    if views.is_unknown(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _of_kinds(column: Sequence[Any]) -> tuple[dict[str, Any], list[str]] | None:
    """Tell what a reader has made of cells already: lists, and records within records."""
    others = [cell for cell in column if not isinstance(cell, str) and not views.is_unknown(cell)]
    lists = [items for cell in others if (items := views.items(cell)) is not None]
    if lists:
        nested = any(isinstance(item, dict) for items in lists for item in items)
        return {"parse": "events" if nested else "labels"}, []
    if others and all(isinstance(cell, dict) for cell in others):
        return {"parse": "as_is"}, ["nested records: a path such as hq.country reads what is within"]
    return None


def _with_one_sign(columns: list[_Column]) -> list[_Column]:
    """Read numbers that may be two, such as 1.234, as the other columns of the export say."""
    plain = [column for column in columns if column.parse in {"number", "size", "money"} and not column.cells.typed]
    either = [column for column in plain if any(doubt.startswith(EITHER) for doubt in column.doubts)]
    others = [column for column in plain if column not in either and tells_its_sign(column.cells)]
    signs = {column.settings.get("decimal", ".") for column in others}
    if len(signs) != 1:
        return columns
    return [_told_by_others(column, *signs) if column in either else column for column in columns]


def _told_by_others(column: _Column, sign: str) -> _Column:
    """Read numbers by the sign of the other columns, and say so where it is not the usual one."""
    doubts = tuple(doubt for doubt in column.doubts if not doubt.startswith(EITHER))
    if sign == ".":
        return attrs.evolve(column, doubts=doubts)
    if not groups_by_points(column.cells):  # three decimals in each cell: nobody writes so
        return column
    told = 'decimal = ","? So it is in other columns; here no cell tells'
    return attrs.evolve(column, settings={**column.settings, "decimal": sign}, doubts=(told, *doubts))


# Names


def _attributes(columns: list[_Column]) -> list[str]:
    """Name the attributes: as usual where a header says so and the cells fit, the surest first; else by their words."""
    usual: dict[str, tuple[int, int]] = {}
    for place, column in enumerate(columns):
        found = meaning_of(column.name)
        if found is None or not _fits(column, found[0], found[2]):
            continue
        if found[0] not in usual or found[1] < usual[found[0]][0]:
            usual[found[0]] = found[1], place
    chosen = {place: attribute for attribute, (_, place) in usual.items()}
    taken, named = set(chosen.values()), []
    for place, column in enumerate(columns):
        if place in chosen:
            named.append(chosen[place])
            continue
        attribute = (words_of(column.name).replace(" ", "_") or column.name)[:_LONGEST_ATTRIBUTE]
        made, again = attribute, 2
        while made in taken:
            made, again = f"{attribute}_{again}", again + 1
        taken.add(made)
        named.append(made)
    return named


def _fits(column: _Column, attribute: str, wording: str) -> bool:
    """Tell whether cells are what an attribute needs."""
    if not column.cells.answers or column.parse not in _KINDS[attribute]:
        return False
    if wording not in DOUBTFUL:
        return True
    if attribute == "name":
        return len(column.counts) == column.filled
    known = taxonomies.taxonomy("countries" if attribute == "country" else "funding_stages")
    return sum(answer in known for answer in column.cells.answers) >= _SOME * len(column.cells.answers)


def _guess(column: _Column, attribute: str) -> Guess:
    settings, doubts = dict(column.settings), list(column.doubts)
    never = settings.pop("unknown", [])
    sure = [text for text in column.tokens if column.parse not in {"text", "labels"} or views.fold(text) in _SURE]
    unsure = [text for text in column.tokens if text not in sure]
    if attribute == "country" and all(len(answer) == 2 for answer in column.cells.answers):
        unsure = [text for text in unsure if text != "NA"]  # among codes of countries it is Namibia
    if unsure:
        listed = ", ".join(f'"{text}" × {column.counts[text]}' for text in unsure)
        doubts.append(f"{listed}: an answer, or unknown? If unknown, list it in unknown = […]")
    settings["column"] = column.name
    if column.nth > 1:
        settings["nth"] = column.nth
    unknown = sorted(
        (*sure, *(text for text in never if len(text) <= _LONGEST_HEADER)), key=lambda text: -column.counts[text]
    )
    field = Field(attribute, unknown=unknown, **settings)
    samples = tuple(column.counts.most_common(3))
    guess = Guess(field, column.filled, column.rows, len(column.counts), samples, (), column.place)
    told = (*doubts, *_unreadable(guess, column.cells.answers))
    return attrs.evolve(guess, doubts=told)


def _unreadable(guess: Guess, answers: Sequence[str]) -> Iterator[str]:
    """Tell what the guess cannot read."""
    field = guess.field
    if field.parse in {"text", "as_is"} or (field.parse == "date" and field.order is None and field.format is None):
        return
    read = _reader(field)
    bad = [answer for answer in answers if answer not in field.unknown and _value(read, answer) is None]
    if bad:
        yield f"{len(bad)} of {len(answers)} different cells cannot be read so: {shown(bad)}"


def _reader(field: Field) -> Any:
    """Prepare the reading of a field; amounts of money are read whatever their currency."""
    if field.parse == "money":
        settings: dict[str, Any] = {"decimal": field.decimal, "take": field.take}
        return lambda cell: parsing.amount(_text(cell), **settings)[0] * field.factor
    return reading_of(field, FieldMap([field]))


def _value(read: Any, cell: Any) -> Any:
    try:
        value = read(cell)
    except Unreadable:
        return None
    return value.value if isinstance(value, Noted) else value


# What columns say together


def _with_unit(guess: Guess, table: Table) -> Guess:
    """Find the unit in a header, unless the cells name one themselves."""
    if guess.field.parse not in {"number", "money", "size"}:
        return guess
    name = guess.field.columns[0]
    words, letter = set(words_of(name).split()), _UNIT_LETTER.search(name)
    unit = next((unit for unit, signs in _UNIT_WORDS.items() if words & signs), None)
    if unit is None and letter is not None:
        unit = _UNIT_LETTERS[next(filter(None, letter.groups())).lower()]
    if unit is None or _says_units(guess, table):
        return guess
    told = f"in {unit}? its header says so"
    return attrs.evolve(guess, field=attrs.evolve(guess.field, unit=unit), doubts=(*guess.doubts, told))


def _says_units(guess: Guess, table: Table) -> bool:
    return any(_OWN_UNIT.search(_text(cell)) for cell in table.columns[guess.place][:_SAMPLE])


def _by_heads(guesses: list[Guess], table: Table) -> list[Guess]:
    """Guess the unit of revenue by what an employee would earn."""
    named = {guess.field.attribute: guess for guess in guesses}
    money, heads = named.get("annual_revenue"), named.get("employees")
    if money is None or heads is None or money.field.unit != 1 or _says_units(money, table):
        return guesses
    both = zip(_numbers(money, table), _numbers(heads, table), strict=True)
    ratios = [amount / people for amount, people in both if amount and people and amount > 0 and people > 0]
    ratio = median(ratios) if ratios else 0
    unit = next((unit for unit, factor in _FACTORS if _PER_HEAD[0] <= ratio * factor < _PER_HEAD[1]), "")
    if not unit:
        return guesses
    told = f"in {unit}? as it stands, the median would be {ratio:.3g} per employee"
    made = attrs.evolve(money, field=attrs.evolve(money.field, unit=unit), doubts=(*money.doubts, told))
    return [made if guess is money else guess for guess in guesses]


_FACTORS: Final = (("", 1.0), ("thousands", 1e3), ("millions", 1e6), ("billions", 1e9))


def _numbers(guess: Guess, table: Table) -> list[float | None]:
    read = _reader(guess.field)
    values = (_value(read, cell) for cell in table.columns[guess.place][: _SAMPLE * 5])
    return [value if isinstance(value, int | float) else None for value in values]


def _with_currencies(guess: Guess, guesses: list[Guess], table: Table) -> Guess:
    """Doubt numbers beside which a column names several currencies."""
    if guess.field.parse not in {"number", "money"}:
        return guess
    own = words_of(guess.field.columns[0])
    beside = {f"{own} currency", f"{own} currency code", f"currency {own}"}
    if set(own.split()) & _AMOUNTS:
        beside |= {"currency", "currency code", "currency iso code"}
    for other in guesses:
        if words_of(other.field.columns[0]) not in beside:
            continue
        codes = Counter(_text(cell) for cell in table.columns[other.place])
        named = [f"{code} × {count}" for code, count in codes.most_common() if code in parsing.CODES]
        if len(named) > 1:
            told = f"{other.field.columns[0]!r} names several currencies ({', '.join(named)}): these are mixed"
            return attrs.evolve(guess, doubts=(*guess.doubts, told))
    return guess


def _currency(guesses: Iterable[Guess], table: Table) -> tuple[str | None, list[str]]:
    """Give the commonest currency that amounts name, and doubt the others."""
    money = [guess for guess in guesses if guess.field.parse == "money"]
    if not money:
        return None, []
    codes: Counter[str] = Counter()
    for guess in money:
        for text, count in islice(Counter(map(_text, table.columns[guess.place])).items(), 2 * _SAMPLE):
            try:
                _, code, _ = parsing.amount(text, decimal=guess.field.decimal, take="middle")
            except Unreadable:
                continue
            codes.update({code: count} if code else {})
    told = ", ".join(f"{code} × {count}" for code, count in codes.most_common())
    commonest = max(codes, key=lambda code: codes[code], default="USD")
    return commonest, ([f"amounts in {told}: declare rates"] if len(codes) > 1 else [])


def _key(guesses: list[Guess]) -> tuple[str, list[str]]:
    """Choose the attribute that tells accounts apart."""
    unique = [guess for guess in guesses if guess.distinct == guess.filled == guess.rows]
    texts = [guess for guess in unique if guess.field.parse == "text"]
    named = {guess.field.attribute: guess for guess in texts}
    if "account_id" in named:
        return "account_id", []
    for guess in texts:
        if words_of(guess.field.columns[0]).split()[-1:] and words_of(guess.field.columns[0]).split()[-1] in _KEYS:
            return guess.field.attribute, []
    for name in ("domain", "name", "website"):
        if name in named:
            return name, []
    short = [guess for guess in texts if all(len(text) <= _LONGEST_KEY for text, _ in guess.samples)]
    if short or unique:
        return (short or unique)[0].field.attribute, []
    for name in ("account_id", "domain", "name"):
        for guess in guesses:
            if guess.field.attribute == name:
                rows = f"{guess.filled} of {guess.rows} rows have one, and {guess.distinct} are different"
                return name, [f"the key {name!r} repeats or is blank: {rows}; fold them with icp.accounts_from"]
    return guesses[0].field.attribute, ["no column tells all accounts apart: choose the key"]
