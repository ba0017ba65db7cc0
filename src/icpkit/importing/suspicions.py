"""What looks wrong in the answers of real accounts: units, cells, signals, gaps; each with the way out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from math import isfinite
from statistics import median
from typing import Any, Final

from icpkit import views
from icpkit.evaluation import prepare
from icpkit.importing.accounts import Accounts, BadCell
from icpkit.importing.answers import Answers
from icpkit.importing.attributes import meant_by, usual_of
from icpkit.importing.cells import reading_of
from icpkit.importing.fields import UNITS, Field, FieldMap
from icpkit.importing.findings import Finding
from icpkit.importing.spellings import Meant
from icpkit.importing.telling import PARSE_OF, Teller, accounts_text, listed, named, short, toml, toml_key
from icpkit.importing.wordings import known_names, meant_texts, unknown_line, wordings
from icpkit.parsing import Unreadable, looks_unknown
from icpkit.value_functions import Segments, Steps, Table
from icpkit.views import Moment
from icpkit.words import number_text, percent_text

#: What numbers may be multiplied by to be in another unit, the likeliest first, and how far apart the middles of both
#: must lie at least: a criterion that fits nobody is no proof of another unit.
_SCALES: Final = ((1e6, 1e3), (1e3, 1e2), (1e9, 1e6), (1e-3, 1e2), (1e-6, 1e3))
#: Shares and percentages: the factor, the largest value, and the highest edge of the criterion.
_SHARES: Final = ((100.0, 1.0, 100.0), (0.01, 100.0, 1.0))
#: With fewer known values nothing is said about units, nor about nobody who matches.
_FEW = 5
#: Of that share of the accounts, values may match in spite of another unit; so many must match in the other.
_SOME = 0.02
#: Below this share of known values an attribute is a gap.
_GAP = 0.5
_STALE_DAYS = 365.0
#: How many cells are tried to find out how they are to be read, and what share of them must hold a separator.
_TRIED, _DIVIDED = 200, 0.25
_NUMBERS = ("number", "money", "size")


def suspicions(accounts: Accounts, answers: Sequence[Answers], now: Moment) -> list[Finding]:
    """Find what looks wrong.

    Args:
        accounts: the accounts.
        answers: what they answer to each question.
        now: the moment of the check.
    """
    bad: dict[str, list[BadCell]] = {}
    for cell in accounts.bad:
        bad.setdefault(cell.attribute, []).append(cell)
    if not len(accounts):
        none = Finding("no accounts", "", "", "there are no accounts", "check the export", 0, 0.0, mistake=True)
        return [none, *_of_table(accounts, (), bad.get("", ()))]
    stale = stale_of(accounts, now.as_of)
    found = list(_of_table(accounts, answers, bad.get("", ())))
    for one in answers:
        tell = Teller(accounts, one, tuple(bad.get(one.leaf.function.attribute, ())), now)
        found += [*_of_answers(tell), *_stale(tell, stale)]
    distinct = {(finding.code, finding.path, finding.attribute, finding.text): finding for finding in found}
    return list(distinct.values())


#: How the key of a row of totals, or of a footer, begins; without a plural's s.
_TOTALS = frozenset(("total", "subtotal", "grand", "sum", "gesamt", "summe", "somme", "suma", "totale", "confidential"))


def _of_answers(tell: Teller) -> Iterator[Finding]:
    one, total = tell.one, len(tell.accounts)
    if not one.column.present or (tell.reading is not None and not tell.reading.column):
        yield _missing(tell)
        return
    if not one.column.filled and not tell.bad:
        yield _empty(tell)
    yield from _bad(tell)
    yield from _invalid(tell)
    found = [*_unit(tell), *wordings(tell)]
    yield from found
    if not any(finding.mistake and finding.code != "token" for finding in found):  # which would make some match
        yield from _no_match(tell)
    if one.ignored:
        text = f"dates of {accounts_text(one.ignored)} lie after the moment of the check, and do not count yet"
        fix = "give the moment of the export as as_of, or check the order of day and month (order)"
        yield tell("future", text, fix, one.ignored)
    filled = one.column.filled
    if 0 < filled < _GAP * total and one.leaf.function.absent != "never":
        text = f"known for {filled:,} of {accounts_text(total)} ({percent_text(filled / total)})"
        fix = "fill it in, or say in the criterion what counts where it is not known (missing)"
        yield tell("gap", text, fix, total - filled, mistake=False)


# The table


def _of_table(accounts: Accounts, answers: Iterable[Answers], lines: Sequence[BadCell]) -> Iterator[Finding]:
    total, repeated = len(accounts), accounts.repeated
    if repeated:
        rows = sum(repeated.values())
        keys = f"{len(repeated):,} key{'s' if len(repeated) > 1 else ''}"
        text = f"{rows:,} of {total:,} rows share {keys} with others: {named(repeated)}"
        fix = (
            "one row must be one account: fold them with icp.accounts_from(rows, key=…, take={…}), or name another key"
        )
        yield Finding("repeated key", "", accounts.key or "", text, fix, rows, 100.0 * rows / total, mistake=True)
    unnamed = 0 if accounts.key is None else accounts.keys.count("")
    if unnamed:
        text = f"{accounts_text(unnamed)} {'have' if unnamed > 1 else 'has'} no key"
        fix = f"fill in {accounts.key!r}, or name another key"
        yield Finding("no key", "", accounts.key or "", text, fix, unnamed, 0.0, mistake=True)
    last = accounts.keys[-1] if total else ""
    if views.fold(last).split(" ")[0].rstrip(":s") in _TOTALS:
        text = f"the last row, {short(last)!r}, looks like a total, and counts as an account"
        fix = "delete it from the export"
        yield Finding("total", "", accounts.key or "", text, fix, 1, 100.0 / total, mistake=True)
    if lines:
        many, are = ("lines", "are") if len(lines) > 1 else ("line", "is")
        text = f"{len(lines):,} {many} could not be read and {are} left out: {short(lines[0].describe())}"
        yield Finding("bad line", "", "", text, f"mend the {many}", len(lines), 0.0, mistake=True)
    yield from _of_readings(accounts, {one.leaf.function.attribute for one in answers})


def _of_readings(accounts: Accounts, asked: set[str]) -> Iterator[Finding]:
    """Tell how columns that matter were read, where nobody has declared it."""
    fields = {} if accounts.fields is None else {field.attribute: field for field in accounts.fields.fields}
    for reading in accounts.readings:
        field, name = fields.get(reading.attribute), reading.attribute
        if field is None or name not in asked:  # joined from another table, perhaps
            continue
        header = f"in the field map:\n[fields.{toml_key(name)}]\n"
        if len(reading.currencies) > 1:
            text = f"amounts in {len(reading.currencies)} currencies: {named(dict(reading.currencies))}"
            fix = "converted by the rates of the field map"
            yield Finding("currencies", "", name, f"{name}: {text}", fix, reading.filled, 0.0, mistake=False)
        if reading.bands and field.take is None:
            text = f"bands in {reading.bands:,} of {reading.filled:,} cells, each read as its geometric middle"
            fix = f'{header}take = "middle"  # or "low", or "high"'
            yield Finding("bands", "", name, f"{name}: {text}", fix, reading.bands, 0.0, mistake=False)
        if reading.naive:
            text = f"{reading.naive:,} moments without a time zone, read as UTC"
            fix = f'{header}zone = "UTC"  # or such as "Europe/Berlin"'
            yield Finding("naive", "", name, f"{name}: {text}", fix, reading.naive, 0.0, mistake=False)


def stale_of(accounts: Accounts, as_of: date) -> dict[str, int]:
    """Count the values that were observed too long ago, by attribute."""
    found = {}
    for field in () if accounts.fields is None else accounts.fields.fields:
        if field.observed_at is not None:
            limit = _STALE_DAYS if field.stale_after is None else field.stale_after
            pairs = zip(accounts.column(field.attribute), accounts.column(field.observed_at), strict=True)
            old = sum(
                value is not None and isinstance(when, date) and _days(as_of, when) > limit for value, when in pairs
            )
            if old:
                found[field.attribute] = old
    return found


def _days(as_of: date, when: date) -> float:
    return (_moment(as_of) - _moment(when)).total_seconds() / 86_400


def _moment(when: date) -> datetime:
    if isinstance(when, datetime):
        return when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return datetime(when.year, when.month, when.day, tzinfo=UTC)


def _stale(tell: Teller, stale: Mapping[str, int]) -> Iterator[Finding]:
    count = stale.get(tell.attribute, 0)
    if count and tell.field is not None:
        limit = tell.field.stale_after or _STALE_DAYS
        text = f"{count:,} of {tell.one.column.filled:,} values were observed more than {number_text(limit)} days ago"
        yield tell("stale", text, "refresh them, or set stale_after in the field map", count, mistake=False)


# Nothing there


def _missing(tell: Teller) -> Finding:
    accounts, name = tell.accounts, tell.attribute
    never = tell.one.leaf.function.absent == "never"
    taken = f"{'read as never' if never else 'unknown'} for all {accounts_text(len(accounts))}"
    spare = [one for one in (*accounts.left_out, *accounts.names) if one != name]
    meant = meant_by(name, spare)
    mistake = True
    if tell.field is not None:
        text, mistake = f"the table has no column for it: {taken}", not tell.field.optional
        fix = (
            tell.lines(f"column = {toml(meant)}") if meant in accounts.left_out else "name its column in the field map"
        )
    elif accounts.fields is not None:
        text = f"the field map has no such attribute: {taken}"
        fix = tell.lines(f"column = {toml(meant)}" if meant else "column = …")
        if meant in accounts.names:
            fix = f"did you mean {meant!r}? Rename one: the attribute in the field map, or the criterion's"
    else:
        text = f"the table has no column {name!r}: {taken}"
        fix = "name its column in a field map, or leave the criterion out"
        fix = tell.lines(f"column = {toml(meant)}") if meant else fix
    return tell("missing column", text, fix, len(accounts), mistake=mistake)


def _empty(tell: Teller) -> Finding:
    total = len(tell.accounts)
    if tell.one.leaf.function.absent == "never":
        text = f"no account has such a signal: read as never for all {accounts_text(total)}, a match of 0"
        fix = 'check the export; absent = "unknown" in the criterion if it was never collected'
        return tell("no signals", text, fix, total)
    text = f"the column is empty: unknown for all {accounts_text(total)}"
    return tell("empty column", text, "check the export", total)


# What cannot be read


def _bad(tell: Teller) -> Iterator[Finding]:
    """Tell the cells that could not be read: likely tokens, and the others by what is wrong with them."""
    texts = Counter(_text_of(cell.value) for cell in tell.bad)
    tokens = {text: count for text, count in texts.items() if looks_unknown(text)}
    yield from _unreadable_tokens(tell, tokens)
    reasons: dict[str, Counter[str]] = {}
    ways_out: dict[str, Counter[str]] = {}
    for cell in tell.bad:
        text = _text_of(cell.value)
        if text not in tokens:
            reasons.setdefault(cell.reason, Counter())[text] += 1
            ways_out.setdefault(cell.reason, Counter())[cell.way_out] += 1
    trial = _reading(tell, [text for values in reasons.values() for text in values])
    for reason, values in reasons.items():
        declared = max((way for way in ways_out[reason] if way.startswith("declare ")), key=len, default="")
        fix = trial or (
            f"{declared} in the field map" if declared else "mend the cells, or declare them in a field map"
        )
        yield _invalid_finding(tell, "cell", reason, values, fix)


def _invalid(tell: Teller) -> Iterator[Finding]:
    """Tell the values of the wrong kind, which come from records and frames; those of a field map are told as cells."""
    values: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    function = tell.one.leaf.function
    curve, told, listed_alone = function.curve, dict[str, Meant](), False
    if function.view == "text" and isinstance(curve, Table) and curve.otherwise is None and tell.one.invalid:
        told, listed_alone = meant_texts(tell, curve), True  # an ordered scale: told as spellings
    for place, reason in tell.one.invalid.items():
        value, count = tell.one.column.values[place], tell.one.column.counts[place]
        if not tell.bad and not (isinstance(value, str) and value.strip() in told):
            values[_text_of(value)] += count
            reasons[reason] += count
    tokens = {text: count for text, count in values.items() if looks_unknown(text)}
    yield from _unreadable_tokens(tell, tokens)
    others = Counter({text: count for text, count in values.items() if text not in tokens})
    if others:
        unlisted = listed_alone and all(isinstance(tell.one.column.values[place], str) for place in tell.one.invalid)
        trial = "mend the values, or list them in the criterion" if unlisted else _reading(tell, list(others))
        fix = trial or "mend the values, or declare in a field map how they are read"
        yield _invalid_finding(tell, "value", reasons.most_common(1)[0][0], others, fix)


def _invalid_finding(tell: Teller, noun: str, reason: str, values: Counter[str], fix: str) -> Finding:
    count = values.total()
    told = f"{count:,} {noun}{'s' if count > 1 else ''} cannot be read ({short(reason)}): {named(values)}"
    return tell("invalid", told, fix, count)


def _unreadable_tokens(tell: Teller, tokens: Mapping[str, int]) -> Iterator[Finding]:
    if tokens:
        text = f"{named(tokens)} cannot be read, and look{'s' if len(tokens) == 1 else ''} like unknown"
        yield tell("token", text, tell.lines(unknown_line(tell, tokens)), sum(tokens.values()))


def _text_of(value: object) -> str:
    return value.strip() if isinstance(value, str) else short(value)


def _reading(tell: Teller, texts: Sequence[str]) -> str:
    """Find the lines of a field map by which most of these texts can be read, where nothing is declared yet."""
    view = tell.one.leaf.function.view
    if tell.field is not None and tell.field.parse not in {"text", "as_is"}:
        return ""
    ways: list[dict[str, Any]] = [{"parse": PARSE_OF[view]}]
    if PARSE_OF[view] == "number":
        ways += [{"parse": "number", "decimal": ","}, {"parse": "size"}]
    elif PARSE_OF[view] == "labels":
        ways = [{"parse": "labels", "split": sign} for sign in ";,|" if _holding(sign, texts)] or ways
    elif PARSE_OF[view] == "date":
        ways += [{"parse": "date", "order": order} for order in ("dmy", "mdy", "ymd")]
    tried = list(islice(texts, _TRIED))
    read = [(_count_readable(way, tried), way) for way in ways]
    most, best = max(read, key=lambda one: one[0], default=(0, {}))
    if not most or 2 * most < len(tried):
        return ""
    ties = [way["order"] for count, way in read if count == most and "order" in way and "order" in best]
    comment = f"  # or {', '.join(map(toml, ties[1:]))}" if ties[1:] else ""
    return tell.lines(*(f"{name} = {toml(value)}" for name, value in best.items())) + comment


def _holding(sign: str, texts: Sequence[str]) -> bool:
    return sum(sign in text for text in texts) >= _DIVIDED * len(texts)


def _count_readable(way: Mapping[str, Any], texts: Iterable[str]) -> int:
    field = Field("value", **way)
    read, readable = reading_of(field, FieldMap([field])), 0
    for text in texts:
        try:
            read(text)
        except Unreadable:
            continue
        readable += 1
    return readable


# Units


def _unit(tell: Teller) -> Iterator[Finding]:
    """Suspect another unit where next to no number matches, and another one would bring some into the criterion."""
    one, function = tell.one, tell.one.leaf.function
    numeric = function.view in {"number", "log"} and not isinstance(function.curve, Table)
    if not numeric or one.known < _FEW or one.matched > _SOME * one.known or one.leaf.negated:
        return
    curve: Any = function.curve
    edges = curve.edges if isinstance(curve, Segments) else [edge for edge, _ in curve.steps]
    edges = [abs(float(edge)) for edge in edges if edge]
    values = _numbers(one)
    size = next((size for size in _likely(tell, edges, values) if _fitting(tell, size) > one.matched), None)
    if size is None:
        return
    scale = size * (1.0 if tell.field is None else tell.field.factor)
    unit = next((f'"{name}"' for name, factor in UNITS.items() if factor == scale), f"{scale:g}")
    inverse = {1e-6: "is the criterion in millions?", 1e-3: "is the criterion in thousands?"}
    told = {100.0: "as shares, not percentages?", 0.01: "as percentages, not shares?", **inverse}
    question = told.get(size) or f"in {next(name for name, factor in UNITS.items() if factor == size)}?"
    fix = tell.lines(f"unit = {unit}", parses=_NUMBERS)
    yield tell("unit", f"{_none_lies(one)}: {question}", fix, one.known)


def _numbers(one: Answers) -> list[float]:
    return sorted(float(one.column.values[place]) for place in one.places)


def _likely(tell: Teller, edges: Sequence[float], values: Sequence[float]) -> Iterator[float]:
    """Give the factors by which the values would come near the edges."""
    largest, middle = max(map(abs, values)), median(map(abs, values))
    if not edges or not middle:
        return
    for size, most, highest in _SHARES:
        if largest <= most and max(edges) <= highest and (largest < 1) == (size > 1):
            yield size
    people = usual_of(tell.attribute) == "employees" and all(value.is_integer() for value in values)
    center = median(edges)
    for size, apart in _SCALES:
        far = center / middle >= apart if size > 1 else middle / center >= apart
        if far and not (people and size > 1):  # a company of 12 people is no company of 12,000
            yield size


def _fitting(tell: Teller, size: float) -> int:
    """Count the accounts that would match in another unit; 0 where they are too few."""
    one, match_of, fitting = tell.one, prepare(tell.one.leaf.function).match, 0
    for place in one.places:
        value = float(one.column.values[place]) * size
        if isfinite(value) and match_of(value, tell.now, None):
            fitting += one.column.counts[place]
    return fitting if fitting >= _SOME * one.known else 0


def _none_lies(one: Answers) -> str:
    """Say how few numbers match, what is asked for, and what there is."""
    curve, values = one.leaf.function.curve, _numbers(one)
    runs = f"they run from {_number(values[0])} to {_number(values[-1])}"
    if values[0] == values[-1]:
        runs = f"all are {_number(values[0])}" if one.known > 1 else f"it is {_number(values[0])}"
    count = f"{one.matched:,} of {one.known:,} values"
    if not isinstance(curve, Segments):
        return f"{count} match; {runs}"
    low = curve.low if curve.soft_low is None else curve.soft_low
    high = curve.high if curve.soft_high is None else curve.soft_high
    if low is None or high is None:
        limit = f"at least {number_text(low)}" if low is not None else f"at most {number_text(high or 0)}"
        return f"{count} are {limit}; {runs}"
    return f"{count} lie in {number_text(low)} to {number_text(high)}; {runs}"


def _number(value: float) -> str:
    return number_text(float(f"{value:.4g}") if abs(value) < 1e4 else round(value))


# Nobody


def _no_match(tell: Teller) -> Iterator[Finding]:
    """Tell that nobody matches, which may be right."""
    one, function = tell.one, tell.one.leaf.function
    if one.known < _FEW or one.matched or one.leaf.negated or not function.reach[1]:
        return
    fix = "right if nobody fits; else mend the criterion, or read another column"
    if known_names(function):
        wanted = listed(dict.fromkeys(name for name, weight in known_names(function).values() if weight > 0))
        text = f"no account has {wanted}; the commonest values: {named(one.column.texts) or 'none'}"
    elif function.view in {"number", "log"} and isinstance(function.curve, Segments | Steps):
        text = _none_lies(one)
    else:
        text = f"none of {one.known:,} known values matches"
    yield tell("no match", text, fix, one.known, mistake=False)
