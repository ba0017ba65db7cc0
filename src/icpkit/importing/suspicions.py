"""What looks wrong in the answers of real accounts: units, spellings, tokens, signals, gaps; each with the way out."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

import attrs

from icpkit import views
from icpkit.importing.accounts import Accounts
from icpkit.importing.answers import Answers
from icpkit.importing.attributes import meant_by
from icpkit.importing.findings import Finding
from icpkit.parsing import looks_unknown
from icpkit.taxonomies import same
from icpkit.value_functions import LabelMerge, Segments, Steps, Table, ValueFunction
from icpkit.words import number_text, percent_text

#: How many values a sentence names, and how many are compared with the spellings that a profile knows.
_SHOWN, _COMPARED = 3, 300
#: How close a spelling must be: to a name that never occurs, and to one that does.
_CLOSE, _VERY_CLOSE = 0.75, 0.86
#: What a number may have been divided by, the likeliest first.
_FACTORS = ((1e6, "millions"), (1e3, "thousands"), (1e9, "billions"), (100, "hundredths"), (0.01, "percent"))
_PEOPLE = (1e3, 1e6)
#: With fewer known values nothing is said about units.
_FEW = 5
#: Below this share of known values an attribute is a gap; labels with another separator are told from this share.
_GAP, _UNDIVIDED = 0.5, 0.25
_STALE_DAYS = 365.0


def suspicions(accounts: Accounts, answers: Sequence[Answers], as_of: date) -> list[Finding]:
    """Find what looks wrong."""
    found = [*_of_table(accounts), *_stale(accounts, answers, as_of)]
    for one in answers:
        found += _of_answers(accounts, one)
    distinct = {(finding.code, finding.path, finding.attribute, finding.text): finding for finding in found}
    return list(distinct.values())


def _of_answers(accounts: Accounts, one: Answers) -> Iterator[Finding]:
    total = len(accounts)
    if not total:
        return
    tell = _Teller(accounts, one)
    if not one.column.present or tell.reading_is_absent:
        yield from _missing(tell)
        return
    if not one.column.filled:
        yield from _empty(tell)
    yield from _bad(tell)
    if one.known or one.invalid:
        yield from _unit(tell)
        yield from _tokens(tell)
        yield from _undivided(tell)
        yield from _spelling(tell)
    if one.ignored:
        yield tell(
            "future",
            f"signals of {_accounts(one.ignored)} lie after the moment of the check and do not count yet",
            "give the moment of the export as as_of, or check the order of day and month (order)",
            one.ignored,
        )
    if 0 < one.column.filled < _GAP * total:
        text = f"known for {one.column.filled:,} of {_accounts(total)} ({percent_text(one.column.filled / total)})"
        gap = total - one.column.filled
        yield tell("gap", text, "the others' fit rests on the rest of the profile", gap, mistake=False)


@attrs.frozen
class _Teller:
    """Makes findings about one question."""

    accounts: Accounts
    one: Answers

    @property
    def attribute(self) -> str:
        return self.one.leaf.function.attribute

    @property
    def in_map(self) -> bool:
        """Whether a field map says how the attribute is read."""
        return self.accounts.fields is not None and self.attribute in self.accounts.names

    @property
    def column(self) -> str:
        """The column that the attribute is read from."""
        for reading in self.accounts.readings:
            if reading.attribute == self.attribute:
                return reading.column or self.attribute
        return self.attribute

    @property
    def reading_is_absent(self) -> bool:
        """Whether the field map names a column that the table does not have."""
        return any(one.attribute == self.attribute and not one.column for one in self.accounts.readings)

    def field(self, settings: str) -> str:
        """Give the line of a field map."""
        header = f"[fields.{_bare(self.attribute)}]"
        return f"{header} {settings}" if self.in_map else f"declare it in a field map: {header} {settings}"

    def __call__(self, code: str, text: str, fix: str, accounts: int, *, mistake: bool = True) -> Finding:
        total = len(self.accounts)
        points = self.one.leaf.points * accounts / total if total else 0.0
        return Finding(code, self.one.leaf.path, self.attribute, text, fix, accounts, points, mistake)


def _bare(name: str) -> str:
    """Write a key of TOML."""
    plain = name.replace("_", "a").replace("-", "a")
    return name if plain.isascii() and plain.isalnum() else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


# The table


def _of_table(accounts: Accounts) -> Iterator[Finding]:
    total = len(accounts)
    repeated = accounts.repeated
    if repeated:
        rows = sum(repeated.values())
        text = f"{rows:,} of {total:,} rows share {len(repeated):,} keys with others: {_named(repeated, '')}"
        fix = "one row must be one account: fold them with icp.accounts_from(rows, key=…, take={…})"
        yield Finding("repeated key", "", accounts.key or "", text, fix, rows, 100.0 * rows / total, mistake=True)
    unnamed = sum(not key for key in accounts.keys) if accounts.key is not None else 0
    if unnamed:
        text = f"{_accounts(unnamed)} have no key"
        yield Finding("no key", "", accounts.key or "", text, "", unnamed, 0.0, mistake=True)
    lines = [cell for cell in accounts.bad if not cell.attribute]
    if lines:
        text = f"{len(lines):,} lines could not be read and are left out: {lines[0].describe()}"
        yield Finding("bad line", "", "", text, "mend the lines", len(lines), 0.0, mistake=True)
    for reading in accounts.readings:
        if len(reading.currencies) > 1:
            text = f"{reading.attribute} holds amounts in {len(reading.currencies)} currencies: {_named(dict(reading.currencies), '')}"
            fix = "converted by the rates of the field map"
            yield Finding("currencies", "", reading.attribute, text, fix, reading.filled, 0.0, mistake=False)
        if reading.bands:
            text = f"{reading.attribute} holds bands in {reading.bands:,} of {reading.filled:,} cells, each read as one number"
            fix = f'[fields.{_bare(reading.attribute)}] take = "middle", "low" or "high"'
            yield Finding("bands", "", reading.attribute, text, fix, reading.bands, 0.0, mistake=False)
        if reading.naive:
            text = f"{reading.attribute} holds {reading.naive:,} moments without a time zone, read as UTC"
            fix = f'[fields.{_bare(reading.attribute)}] zone = "Europe/Berlin"'
            yield Finding("naive", "", reading.attribute, text, fix, reading.naive, 0.0, mistake=False)


def stale_of(accounts: Accounts, as_of: date) -> dict[str, int]:
    """Count the values that were observed too long ago, by attribute."""
    if accounts.fields is None:
        return {}
    found = {}
    for field in accounts.fields.fields:
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


def _stale(accounts: Accounts, answers: Sequence[Answers], as_of: date) -> Iterator[Finding]:
    old = stale_of(accounts, as_of)
    for one in answers:
        count = old.get(one.leaf.function.attribute, 0)
        if count:
            limit = accounts.fields[one.leaf.function.attribute].stale_after or _STALE_DAYS
            text = f"{count:,} of {one.column.filled:,} values were observed more than {number_text(limit)} days ago"
            yield _Teller(accounts, one)("stale", text, "refresh them, or set stale_after", count, mistake=False)


# Nothing there


def _missing(tell: _Teller) -> Iterator[Finding]:
    accounts, name = tell.accounts, tell.attribute
    never = tell.one.leaf.function.absent == "never"
    taken = "read as never for all" if never else "unknown for all"
    spare = [one for one in (*accounts.left_out, *accounts.names) if one != name]
    meant = meant_by(name, spare)
    if tell.reading_is_absent:
        text = f"the table has no column for it: {taken} {_accounts(len(accounts))}"
        fix = f"[fields.{_bare(name)}] column = …" + (f" (did you mean {meant!r}?)" if meant else "")
    elif accounts.fields is not None:
        text = f"the field map has no such attribute: {taken} {_accounts(len(accounts))}"
        column = meant if meant in accounts.left_out else "…"
        fix = f'[fields.{_bare(name)}] column = "{column}"'
        if meant in accounts.names:
            fix = f"did you mean {meant!r}? Rename one: the field's header, or the criterion's attribute"
    else:
        text = f"the table has no column {name!r}: {taken} {_accounts(len(accounts))}"
        fix = (
            tell.field(f'column = "{meant}"') if meant else "name the column in a field map, or leave the criterion out"
        )
    yield tell("missing column", text, fix, len(accounts))


def _empty(tell: _Teller) -> Iterator[Finding]:
    accounts = _accounts(len(tell.accounts))
    if any(cell.attribute == tell.attribute for cell in tell.accounts.bad):
        return  # told as bad cells
    if tell.one.leaf.function.absent == "never":
        text = f"no account has such a signal: read as never for all {accounts}, a match of 0"
        fix = 'check the export; absent = "unknown" in the criterion if it was never collected'
        yield tell("no signals", text, fix, len(tell.accounts))
    else:
        yield tell(
            "empty column", f"the column is empty: unknown for all {accounts}", "check the export", len(tell.accounts)
        )


# Cells that cannot be read


def _bad(tell: _Teller) -> Iterator[Finding]:
    cells = [cell for cell in tell.accounts.bad if cell.attribute == tell.attribute]
    unknowns = Counter(str(cell.value).strip() for cell in cells if looks_unknown(str(cell.value).strip()))
    if unknowns:
        listed = ", ".join(f'"{_toml_text(token)}"' for token, _ in unknowns.most_common(10))
        text = f"{_named(unknowns, '')} cannot be read, and look like unknowns"
        yield tell("token", text, tell.field(f"unknown = [{listed}]"), sum(unknowns.values()))
    others = [cell for cell in cells if not looks_unknown(str(cell.value).strip())]
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for cell in others:
        reasons.setdefault((cell.reason, cell.way_out), Counter())[str(cell.value).strip()] += 1
    by_reason: dict[str, tuple[Counter[str], str]] = {}
    for (reason, way_out), values in reasons.items():
        kept, first = by_reason.setdefault(reason, (Counter(), way_out))
        kept.update(values)
        by_reason[reason] = (kept, first)
    for reason, (values, way_out) in by_reason.items():
        count = values.total()
        fix = way_out or tell.field("parse = …")
        yield tell("invalid", f"{count:,} cells cannot be read ({reason}): {_named(values, '')}", fix, count)
    if not cells and tell.one.invalid:
        values = Counter[str]()
        for place in tell.one.invalid:
            values[_short(tell.one.column.values[place])] += tell.one.column.counts[place]
        reason = next(iter(tell.one.invalid.values()))
        if not (isinstance(tell.one.leaf.function.curve, Table) and tell.one.leaf.function.view == "text"):
            yield tell(
                "invalid",
                f"{values.total():,} values are invalid ({reason}): {_named(values, '')}",
                tell.field("parse = …"),
                values.total(),
            )


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


# Units


def _unit(tell: _Teller) -> Iterator[Finding]:
    """Suspect another unit where no number matches, and all lie on one side."""
    one, function = tell.one, tell.one.leaf.function
    curve = function.curve
    if function.view not in {"number", "log"} or not isinstance(curve, Segments | Steps) or one.known < _FEW:
        return
    edges = curve.edges if isinstance(curve, Segments) else [edge for edge, match in curve.steps if match > 0]
    if one.matched or not edges:
        return
    values = sorted(float(one.column.values[token]) for token in one.places)
    lowest, highest = values[0], values[-1]
    factor = next(
        (
            (size, name)
            for size, name in _FACTORS
            if sum(_within(value * size, edges) for value in values) >= max(1, len(values) // 50)
        ),
        None,
    )
    band = f"{number_text(edges[0])} to {number_text(edges[-1])}" if len(edges) > 1 else f"from {number_text(edges[0])}"
    text = f"0 of {one.known:,} values lie in {band}; they run from {_number(lowest)} to {_number(highest)}"
    if factor is None:
        yield tell("no match", text, "check the criterion's edges, or the unit of the column", one.known)
        return
    size, name = factor
    settings = f'unit = "{name}"' if size >= 1e3 else f"unit = {size:g}"
    question = f": in {name}?" if size >= 1e3 else ": as a share?" if size < 1 else ": in hundredths?"
    parse = "" if tell.in_map else 'parse = "number", '
    fix = tell.field(f"{parse}{settings}")
    yield tell("unit", text + question, fix, one.known)


def _within(value: float, edges: Sequence[float]) -> bool:
    return value >= edges[0] and (len(edges) == 1 or value <= edges[-1])


def _number(value: float) -> str:
    return number_text(float(f"{value:.4g}") if abs(value) < 1e4 else round(value))


# Texts


def _known_spellings(function: ValueFunction) -> dict[str, tuple[str, float]]:
    """Give every spelling that a question knows, folded: the name that it stands for, and its weight or match."""
    if not isinstance(function.curve, Table):
        return {}
    fold = views.keep_case if function.curve.case_sensitive else views.fold
    named = {fold(name): (name, float(weight)) for name, weight in function.curve.entries if isinstance(name, str)}
    for spelling, name in function.curve.aliases:
        named.setdefault(fold(spelling), named.get(fold(name), (name, 0.0)))
    if isinstance(function.merge, LabelMerge):
        for group, members in function.merge.groups:
            for member in members:
                named.setdefault(fold(member), named.get(fold(group), (group, 0.0)))
    return named


def _tokens(tell: _Teller) -> Iterator[Finding]:
    """Suspect texts that often mean unknown, where the profile does not name them."""
    if tell.one.leaf.function.view not in {"text", "labels"}:
        return
    known = _known_spellings(tell.one.leaf.function)
    tokens = Counter(
        {
            text: count
            for text, count in tell.one.column.texts.items()
            if looks_unknown(text) and views.fold(text) not in known
        }
    )
    if tokens:
        listed = ", ".join(f'"{_toml_text(token)}"' for token, _ in tokens.most_common(10))
        text = f"{_named(tokens, '')} look like unknowns, and count as answers"
        yield tell("token", text, tell.field(f"unknown = [{listed}]"), tokens.total())


def _undivided(tell: _Teller) -> Iterator[Finding]:
    """Suspect lists whose separator is another one."""
    if tell.one.leaf.function.view != "labels":
        return
    counts = tell.one.column.counts
    lists = {token: views.items(tell.one.column.values[token]) or () for token in tell.one.places}
    if any(len(items) > 1 for items in lists.values()):
        return
    for sign in (",", ";", "|", "/"):
        held = sum(counts[token] for token, items in lists.items() if any(sign in str(item) for item in items))
        if held and held >= _UNDIVIDED * tell.one.known:
            text = f"{held:,} of {tell.one.known:,} lists are one label that holds {sign!r}"
            parse = "" if tell.in_map else 'parse = "labels", '
            yield tell("separator", text, tell.field(f'{parse}split = "{sign}"'), held)
            return


def _spelling(tell: _Teller) -> Iterator[Finding]:
    """Suspect texts that the profile does not name, but something close to them."""
    function = tell.one.leaf.function
    curve = function.curve
    if function.view not in {"text", "labels"} or not isinstance(curve, Table) or curve.prefix:
        return
    known = _known_spellings(function)
    fold = views.keep_case if curve.case_sensitive else views.fold
    texts = tell.one.column.texts
    strangers = Counter(
        {text: count for text, count in texts.items() if fold(text) not in known and not looks_unknown(text)}
    )
    met = {name for text in texts if (found := known.get(fold(text))) for name in found[:1]}
    others, meant = strangers.copy(), set[str]()
    for text, count in strangers.most_common(_COMPARED):
        found = _meant(text, known, met)
        if found is None:
            continue
        del others[text]
        name, what = found
        meant.add(name)
        held = "" if name in met else ", which no account has"
        said = f"{text!r} × {count:,} is not what the profile names: {name!r}{held}"
        alias = f'aliases = {{ "{_toml_text(text)}" = "{_toml_text(name)}" }} in the criterion'
        replace = f'replace = {{ "{_toml_text(text)}" = "{_toml_text(name)}" }}'
        fix = f"{alias}, or icp.with_aliases(profile, icp.taxonomy({what!r}))" if what else tell.field(replace)
        yield tell("alias" if what else "spelling", said, fix, count)
    wanted = {name for name, weight in known.values() if weight > 0}
    if tell.one.known and not met & wanted and not curve.otherwise:
        commonest = _named(others or strangers, "")
        said = f"no account has any of {_listed(sorted(wanted))}; the commonest values: {commonest}"
        yield tell("no match", said, "check the spelling of both, and that the column is the right one", tell.one.known)
    elif wanted - met and tell.one.known:
        never = [name for name, weight in dict.fromkeys(known.values()) if weight > 0 and name not in met | meant]
        if never:
            yield tell("never seen", f"no account has {_listed(never)}", "", 0, mistake=False)


def _meant(text: str, known: dict[str, tuple[str, float]], met: set[str]) -> tuple[str, str] | None:
    """Find the name that a text probably means, and the taxonomy that says so, if one does."""
    for name in dict.fromkeys(name for name, _ in known.values()):
        shared = same(text, name)
        if shared is not None:
            return name, shared[0]
    folded = views.fold(text)
    matcher = difflib.SequenceMatcher(b=folded, autojunk=False)
    best, best_name = 0.0, ""
    for spelling, (name, _) in known.items():
        matcher.set_seq1(spelling)
        limit = max(best, _VERY_CLOSE if name in met else _CLOSE)
        if matcher.real_quick_ratio() >= limit and matcher.quick_ratio() >= limit and matcher.ratio() >= limit:
            best, best_name = matcher.ratio(), name
    return (best_name, "") if best_name else None


# Words


def _named(counts: "Counter[str] | dict[str, int]", nothing: str) -> str:
    """Name the commonest with their number."""
    commonest = Counter(counts).most_common()
    told = ", ".join(f"{_short(text)!r} × {count:,}" for text, count in commonest[:_SHOWN])
    return f"{told}, …" if len(commonest) > _SHOWN else told or nothing


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    told = ", ".join(repr(_short(name)) for name in listed[:_SHOWN])
    return f"{told}, … ({len(listed)})" if len(listed) > _SHOWN else told


def _accounts(count: int) -> str:
    return f"{count:,} account{'s' if count != 1 else ''}"


def _toml_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
