"""A first field map for an export, guessed from its headers and cells, with what it was guessed from beside it."""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

import attrs

from icpkit import parsing, views
from icpkit.adapters import table_of
from icpkit.importing.attributes import usual_of, words_of
from icpkit.importing.cells import Noted, reading_of
from icpkit.importing.fields import Field, FieldMap
from icpkit.importing.headers import header
from icpkit.parsing import Unreadable, looks_unknown
from icpkit.table import Table

#: How many distinct cells of a column are looked at.
_SAMPLE = 2_000
#: The share of cells that must be readable before a column is taken to hold numbers, dates and the like.
_MOST, _PROSE = 0.9, 0.98
#: Words by which a header says that its numbers are names.
_NAMES: Final = frozenset(
    "id ids code codes zip postcode postal phone fax mobile cik isin lei duns sic naics key uuid number no".split()
)
_COUNTS: Final = ("number of", "no of", "num ")
_SIZES: Final = frozenset("employees employee headcount size staff fte team".split())
_PLACES: Final = frozenset(
    "location headquarters address city state country region hq street place name description".split()
)
_TRUTHS: Final = frozenset(("true", "false", "yes", "no", "y", "n", "t", "f"))
#: Tokens that are never an answer; others that look unknown may be one.
_SURE: Final = frozenset(
    ("-", "--", "---", "–", "—", "n/a", "#n/a", "null", "nan", "(blank)", "[blank]", "tbd", "?", "select", "- select -",
     "please select", "choose one", "--none--", "undefined", "#ref!", "#value!", "not available", "not provided")
)  # fmt: skip
#: Words of a header that say the unit.
_UNIT_WORDS: Final = {
    "millions": frozenset(("millions", "million", "mm", "mio", "mn", "musd", "meur")),
    "thousands": frozenset(("thousands", "thousand", "000s", "000", "k", "kusd", "keur")),
    "billions": frozenset(("billions", "billion", "bn")),
}
#: Plausible yearly revenue per employee, by which a unit is guessed.
_PER_HEAD = (1e4, 1e7)


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
    """

    field: Field
    filled: int
    rows: int
    distinct: int
    samples: tuple[tuple[str, int], ...]
    doubts: tuple[str, ...] = ()


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
    table = table_of(data)
    names = [header(name) for name in table.names]
    if not any(names):
        raise ValueError(f"{table.source} has no column with a name")
    taken: set[str] = set()
    guesses = []
    for place, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        if name:
            nth = names[: place + 1].count(name)
            guesses.append(_guess(name, nth, column, taken, twice=names.count(name) > 1))
    guesses = _with_units(guesses, table, names)
    key, doubts = _key(guesses)
    money = [guess for guess in guesses if guess.field.parse == "money"]
    currency = _currency(money, table, names) if money else None
    fields = FieldMap(
        [guess.field for guess in guesses],
        key=key,
        currency=currency,
        delimiter=None,
    )
    return GuessedMap(fields, tuple(guesses), tuple(doubts))


def _guess(name: str, nth: int, column: Sequence[Any], taken: set[str], *, twice: bool) -> Guess:
    counts = Counter(_text(cell) for cell in column)
    blanks = counts.pop("", 0)
    tokens = [text for text in counts if looks_unknown(text)]
    answers = [text for text in counts if text not in tokens][:_SAMPLE]
    settings, doubts = _settings(name, answers, column)
    parse = settings.get("parse", "text")
    sure = tokens if parse not in {"text", "labels"} else [text for text in tokens if views.fold(text) in _SURE]
    unsure = [text for text in tokens if text not in sure]
    if unsure:
        listed = ", ".join(f'"{text}" × {counts[text]}' for text in unsure)
        doubts.append(f"{listed}: an answer, or unknown? If unknown, list it in unknown = […]")
    attribute = _attribute(name, parse, taken)
    if attribute != name:
        settings["column"] = name
    if nth > 1:
        settings["nth"] = nth
    if twice and nth == 1:
        doubts.append(f"several columns are called {name!r}: this is the first")
    field = Field(attribute, unknown=sorted(sure, key=lambda text: -counts[text]), **settings)
    doubts += _unreadable(field, answers)
    samples = tuple(counts.most_common(3))
    return Guess(field, len(column) - blanks, len(column), len(counts), samples, tuple(doubts))


def _text(cell: Any) -> str:
    """Write a cell of any kind as text; lists and the like are no text."""
    if isinstance(cell, str):
        return cell.strip()
    if views.is_unknown(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _attribute(name: str, parse: str, taken: set[str]) -> str:
    """Name the attribute: as usual where the header is a usual one and the cells fit, else by the header's words."""
    usual = usual_of(name)
    numeric = {
        "employees": {"number", "size"},
        "annual_revenue": {"number", "money", "size"},
        "founded": {"year", "date"},
    }
    if usual is not None and parse not in numeric.get(usual, {parse}):
        usual = None
    attribute = usual if usual is not None and usual not in taken else words_of(name).replace(" ", "_") or name
    made, again = attribute, 2
    while made in taken:
        made, again = f"{attribute}_{again}", again + 1
    taken.add(made)
    return made


# What the cells are


def _settings(name: str, answers: list[str], column: Sequence[Any]) -> tuple[dict[str, Any], list[str]]:
    """Guess how a column is parsed: the first way that suits, the narrower ones first."""
    kinds = {type(cell) for cell in column} - {str, type(None)}
    if any(isinstance(views.items(cell), list | tuple) for cell in column if not isinstance(cell, str)):
        nested = any(isinstance(item, dict) for cell in column for item in (views.items(cell) or ()))
        return {"parse": "events" if nested else "labels"}, []
    if kinds and all(issubclass(kind, dict) for kind in kinds):
        return {"parse": "as_is"}, ["nested records: a path such as hq.country reads what is within"]
    if not answers:
        return {}, ["the column is empty"]
    words = set(words_of(name).split())
    for guess in (_flag, _dates, _year, _list, _number, _size, _money):
        found = guess(words, words_of(name), answers)
        if found is not None:
            return found
    return {}, []


_Found = tuple[dict[str, Any], list[str]] | None


def _readable(read: Callable[[str], object], answers: Sequence[str]) -> float:
    """Give the share of cells that can be read so."""
    good = 0
    for answer in answers:
        try:
            read(answer)
        except Unreadable:
            continue
        good += 1
    return good / len(answers)


def _flag(words: set[str], _name: str, answers: list[str]) -> _Found:
    folded = set(map(views.fold, answers))
    said = bool(words & {"is", "has", "flag"})
    if folded <= _TRUTHS or (said and folded <= {*_TRUTHS, "0", "1", "0.0", "1.0"}):
        return {"parse": "flag"}, []
    return None


def _dates(_words: set[str], _name: str, answers: list[str]) -> _Found:
    if not any(char.isdigit() for char in answers[0]) or all(answer.replace(".", "").isdigit() for answer in answers):
        return None
    if _readable(parsing.day, answers) >= _MOST:
        return {"parse": "date"}, []
    shares = {
        order: _readable(lambda text, order=order: parsing.day(text, order=order), answers)
        for order in ("dmy", "mdy", "ymd")
    }
    best = max(shares, key=lambda order: shares[order])
    if shares[best] < _MOST:
        return None
    if shares["dmy"] == shares["mdy"] >= _MOST:
        return {"parse": "date"}, ['order = "dmy" or "mdy"? No date of the sample tells, so that reading will ask']
    return {"parse": "date", "order": best}, []


def _year(words: set[str], name: str, answers: list[str]) -> _Found:
    if not (words & {"year", "founded", "established", "founding"} or usual_of(name) == "founded"):
        return None
    return ({"parse": "year"}, []) if _readable(parsing.year, answers) >= _MOST else None


def _number(words: set[str], name: str, answers: list[str]) -> _Found:
    named = words & _NAMES and not name.startswith(_COUNTS)
    zeros = any(len(answer) > 1 and answer[0] == "0" and answer.isdigit() for answer in answers)
    if named or zeros:
        return None
    for decimal in (".", ","):
        if _readable(lambda text, decimal=decimal: parsing.number(text, decimal=decimal), answers) >= _MOST:
            return ({"parse": "number"} if decimal == "." else {"parse": "number", "decimal": ","}), []
    return None


def _size(words: set[str], _name: str, answers: list[str]) -> _Found:
    if _readable(parsing.size, answers) >= _MOST:
        return {"parse": "size"}, ['a band becomes its geometric middle: take = "low" or "high" for an end']
    if words & _SIZES and _readable(lambda text: parsing.size(text, prose=True), answers) >= _PROSE:
        return {"parse": "size", "prose": True}, ["the first number of a sentence counts"]
    return None


def _money(_words: set[str], _name: str, answers: list[str]) -> _Found:
    for decimal in (".", ","):
        read = lambda text, decimal=decimal: parsing.amount(text, decimal=decimal, take="middle")  # noqa: E731  # it is passed on at once
        if _readable(read, answers) >= _MOST:
            return ({"parse": "money"} if decimal == "." else {"parse": "money", "decimal": ","}), []
    return None


def _list(words: set[str], name: str, answers: list[str]) -> _Found:
    if sum(answer.startswith("[") and answer.endswith("]") for answer in answers) >= _MOST * len(answers):
        if _readable(parsing.events, answers) >= _MOST and "{" in answers[0]:
            return {"parse": "events"}, []
        if _readable(parsing.labels, answers) >= _MOST:
            return {"parse": "labels", "split": "json" if '"' in "".join(answers) else ";"}, []
    for sign in (";", "|", ","):
        held = [answer for answer in answers if sign in answer]
        if len(held) < len(answers) / 5 or (sign == "," and words & _PLACES):
            continue
        items = Counter(item.strip() for answer in answers for item in answer.split(sign) if item.strip())
        lengths = {answer.count(sign) for answer in held}
        many = sum(items.values())
        recurring = len(items) <= many / 2 or usual_of(name) == "technologies"
        short = max(map(len, items)) <= 40 and many > len(answers)
        if (
            recurring
            and short
            and (sign != "," or len(lengths) > 1)
            and not any(item.replace(".", "").isdigit() for item in items)
        ):
            return {"parse": "labels", **({} if sign == ";" else {"split": sign})}, []
    return ({"parse": "labels"}, []) if usual_of(name) == "technologies" else None


def _unreadable(field: Field, answers: list[str]) -> list[str]:
    """Tell what the guess cannot read."""
    if field.parse in {"text", "as_is", "money"}:
        return []
    read = reading_of(field, FieldMap([field]))
    bad = [answer for answer in answers if not _reads(read, answer)]
    if not bad:
        return []
    return [f"{len(bad)} of {len(answers)} different cells cannot be read so, such as {', '.join(map(repr, bad[:3]))}"]


def _reads(read: Callable[[Any], Any], cell: str) -> bool:
    try:
        read(cell)
    except Unreadable:
        return False
    return True


# What columns say together


def _with_units(guesses: list[Guess], table: Table, names: list[str]) -> list[Guess]:
    """Guess the unit of numbers: by their header, and of revenue by what an employee would earn."""
    made = []
    heads = next((guess for guess in guesses if guess.field.attribute == "employees"), None)
    for guess in guesses:
        words = set(words_of(guess.field.columns[0]).split())
        unit = next((unit for unit, signs in _UNIT_WORDS.items() if words & signs), None)
        why = "its header says so"
        if unit is None and heads is not None and guess.field.attribute == "annual_revenue":
            unit, why = _unit_by_heads(guess, heads, table, names)
        if unit is not None and guess.field.parse in {"number", "money", "size"}:
            field = attrs.evolve(guess.field, unit=unit)
            guess = attrs.evolve(guess, field=field, doubts=(*guess.doubts, f"in {unit}? {why}"))  # noqa: PLW2901  # the same guess, told more
        made.append(guess)
    return made


def _unit_by_heads(guess: Guess, heads: Guess, table: Table, names: list[str]) -> tuple[str | None, str]:
    both = zip(_numbers(guess, table, names), _numbers(heads, table, names), strict=True)
    ratios = [amount / people for amount, people in both if amount and people and amount > 0 and people > 0]
    if not ratios:
        return None, ""
    ratio = median(ratios)
    for unit, factor in ((None, 1.0), ("thousands", 1e3), ("millions", 1e6)):
        if _PER_HEAD[0] <= ratio * factor <= _PER_HEAD[1]:
            return unit, f"as it stands, the median would be {ratio:.3g} per employee"
    return None, ""


def _numbers(guess: Guess, table: Table, names: list[str]) -> list[float | None]:
    places = [place for place, name in enumerate(names) if name == guess.field.columns[0]]
    column = table.columns[places[guess.field.nth - 1]]
    read = reading_of(guess.field, FieldMap([guess.field], currency="USD"))
    numbers: list[float | None] = []
    for cell in column[: _SAMPLE * 5]:
        try:
            value = read(cell)
        except Unreadable:
            value = None
        value = value.value if isinstance(value, Noted) else value
        numbers.append(value if isinstance(value, int | float) else None)
    return numbers


def _currency(money: list[Guess], table: Table, names: list[str]) -> str:
    """Give the commonest currency that amounts name."""
    codes: Counter[str] = Counter()
    for guess in money:
        place = names.index(guess.field.columns[0])
        for cell in table.columns[place][:_SAMPLE]:
            try:
                _, code, _ = parsing.amount(_text(cell), decimal=guess.field.decimal, take="middle")
            except Unreadable:
                continue
            if code:
                codes[code] += 1
    return codes.most_common(1)[0][0] if codes else "USD"


def _key(guesses: list[Guess]) -> tuple[str, list[str]]:
    """Choose the attribute that tells accounts apart."""
    unique = [guess for guess in guesses if guess.distinct == guess.filled == guess.rows]
    for name in ("account_id", "domain", "name"):
        for guess in unique:
            if guess.field.attribute == name:
                return name, []
    named = [guess for guess in unique if guess.field.parse == "text"] or unique
    if named:
        return named[0].field.attribute, []
    for name in ("account_id", "domain", "name"):
        for guess in guesses:
            if guess.field.attribute == name:
                rows = f"{guess.filled} rows have {guess.distinct} different ones"
                return name, [f"the key {name!r} repeats or is blank: {rows}; fold them with icp.accounts_from"]
    return guesses[0].field.attribute, ["no column tells all accounts apart: choose the key"]
