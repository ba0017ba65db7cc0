"""What looks wrong in texts: tokens that mean unknown, another separator, and spellings nobody knows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from icpkit import views
from icpkit.importing.findings import Finding
from icpkit.importing.spellings import Meant, meaning_of
from icpkit.importing.telling import Teller, instead, items_of, listed, named, short, toml
from icpkit.parsing import looks_unknown
from icpkit.taxonomies import meanings
from icpkit.value_functions import EventSum, LabelMerge, Table, ValueFunction

#: How many texts are compared with the names of a profile.
_COMPARED = 300
#: Of the accounts, so many must hold a sign before it counts as a separator.
_UNDIVIDED = 0.25
#: A slip of a name that is there too must be so many times as rare.
_RARER = 3
#: Two letters are a code where so many of a column's other texts are codes of countries.
_CODES = 0.9


def wordings(tell: Teller) -> Iterator[Finding]:
    """Find what looks wrong in the texts of one question."""
    function = tell.one.leaf.function
    if isinstance(function.merge, EventSum):
        yield from _kinds(tell, function.merge)
    elif isinstance(function.curve, Table) and function.view in {"text", "labels"}:
        known = known_names(function)
        yield from _tokens(tell, known)
        separators = list(_undivided(tell, function))
        yield from separators
        if not function.curve.prefix and not separators:
            yield from _spellings(tell, function.curve, known)


def known_names(function: ValueFunction) -> dict[str, tuple[str, float]]:
    """Give every spelling that a question knows, folded: the name that it stands for, and its weight or match."""
    curve = function.curve
    if not isinstance(curve, Table):
        return {}
    fold = _fold_of(curve)
    names = {fold(name): (name, float(weight)) for name, weight in curve.entries if isinstance(name, str)}
    for spelling, name in curve.aliases:
        names.setdefault(fold(spelling), names.get(fold(name), (name, 0.0)))
    if isinstance(function.merge, LabelMerge):
        for group, members in function.merge.groups:
            for member in members:
                names.setdefault(fold(member), names.get(fold(group), (group, 0.0)))
    return names


def _fold_of(curve: Table) -> Any:
    return views.keep_case if curve.case_sensitive else views.fold


# Tokens


def _tokens(tell: Teller, known: Mapping[str, object]) -> Iterator[Finding]:
    """Suspect texts that often mean unknown, where the profile does not name them."""
    texts = tell.one.column.texts
    tokens = {text: count for text, count in texts.items() if looks_unknown(text) and views.fold(text) not in known}
    if any(map(_is_code, tokens)) and _holds_codes(texts, tokens):
        tokens = {text: count for text, count in tokens.items() if not _is_code(text)}
    count = tell.changed(lambda value: instead(value, lambda text: None if text in tokens else text)) if tokens else 0
    if count:
        what = (
            "looks like unknown, and counts as an answer"
            if len(tokens) == 1
            else "look like unknown, and count as answers"
        )
        said = f"{named(tokens)} {what}"
        fix = tell.lines(unknown_line(tell, tokens))
        yield tell("token", said, f"name it in the criterion if it is an answer, else {fix}", count)


def unknown_line(tell: Teller, tokens: Mapping[str, int]) -> str:
    """Write the line that declares tokens, the commonest first, after those that the field map declares already."""
    declared = () if tell.field is None else tell.field.unknown
    ranked = [token for token, _ in Counter(tokens).most_common()]
    return f"unknown = {toml(list(dict.fromkeys((*declared, *ranked))))}"


def _is_code(text: str) -> bool:
    return len(text) == 2 and text.isupper() and any(taxonomy == "countries" for taxonomy, _ in meanings(text))


def _holds_codes(texts: Mapping[str, int], tokens: Mapping[str, int]) -> bool:
    """Tell whether a column holds codes of countries, of which NA is Namibia's."""
    others = [text for text in texts if text not in tokens]
    return bool(others) and sum(map(_is_code, others)) >= _CODES * len(others)


# Separators


def _undivided(tell: Teller, function: ValueFunction) -> Iterator[Finding]:
    """Suspect lists whose separator is another one: where dividing them would change a match."""
    column, known = tell.one.column, tell.one.known
    texts = {
        place: items[0]
        for place in tell.one.places
        if len(items := items_of(column.values[place])) == 1 and isinstance(items[0], str)
    }
    if sum(map(column.counts.__getitem__, texts)) <= (1 - _UNDIVIDED) * known:
        return  # most of them are divided
    for sign in (";", ",", "|", "/"):
        holding = [place for place, text in texts.items() if sign in text]
        held = sum(map(column.counts.__getitem__, holding))
        if not held or held < _UNDIVIDED * known:
            continue

        def divided(value: Any, sign: str = sign) -> list[str]:
            return [item.strip() for item in items_of(value)[0].split(sign) if item.strip()]

        if tell.changed(divided, holding):
            kind = "lists are one label" if function.view == "labels" else "values are one text"
            said = f"{held:,} of {known:,} {kind} that holds {sign!r}"
            yield tell("separator", said, tell.lines(f"split = {toml(sign)}", parses=("labels",)), held)
            return


# Spellings


def _spellings(tell: Teller, curve: Table, known: Mapping[str, tuple[str, float]]) -> Iterator[Finding]:
    """Suspect texts that the profile does not name, but something that they probably mean."""
    strangers, met = _strangers_and_met(tell, curve, known)
    found = _meant(tell, strangers, {spelling: name for spelling, (name, _) in known.items()}, met)
    for code in ("spelling", "alias"):
        pairs = {text: one for text, one in found.items() if (one.how == "alias") == (code == "alias")}
        if pairs:
            fix = _alias_fix(tell, curve, pairs) if code == "alias" else _replace_fix(tell, pairs)
            names = {text: one.name for text, one in pairs.items()}
            count = tell.changed(_replacing(names), _holding(tell, names))
            yield tell(code, _said(pairs, strangers, met), fix, count)
    wanted = dict.fromkeys(name for name, weight in known.values() if weight > 0)
    meant = {one.name for one in found.values()}
    never = [name for name in wanted if name not in met and name not in meant]
    if never and len(never) < len(wanted) and tell.one.known and not tell.one.leaf.negated:
        yield tell("never seen", f"no account has {listed(never)}", "", 0, mistake=False)


def meant_texts(tell: Teller, curve: Table) -> dict[str, Meant]:
    """Find the texts that the profile does not name, but something that they probably mean."""
    known = known_names(tell.one.leaf.function)
    strangers, met = _strangers_and_met(tell, curve, known)
    return _meant(tell, strangers, {spelling: name for spelling, (name, _) in known.items()}, met)


def _strangers_and_met(
    tell: Teller, curve: Table, known: Mapping[str, tuple[str, float]]
) -> tuple[dict[str, int], Counter[str]]:
    """Count the texts that a question does not know, and the names that accounts have."""
    fold, strangers, met = _fold_of(curve), dict[str, int](), Counter[str]()
    for text, count in tell.one.column.texts.items():
        entry = known.get(fold(text))
        if entry is not None:
            met[entry[0]] += count
        elif not looks_unknown(text):
            strangers[text] = count
    return strangers, met


def _meant(
    tell: Teller, strangers: Mapping[str, int], known: Mapping[str, str], met: Mapping[str, int]
) -> dict[str, Meant]:
    """Find what the commonest strangers mean, as far as it would change a match."""
    meaning, found = meaning_of(known), {}
    for text, count in Counter(strangers).most_common(_COMPARED):
        one = meaning(text)
        rare = one is not None and (one.how != "slip" or one.name not in met or count * _RARER <= met[one.name])
        if one is not None and rare:
            found[text] = one
    holding = _holding_each(tell, found)
    changing = [
        text for text, one in found.items() if tell.changed(_replacing({text: one.name}), holding.get(text, ()))
    ]
    return {text: found[text] for text in changing}


def _replacing(names: Mapping[str, str]) -> Any:
    return lambda value: instead(value, lambda text: names.get(text, text))


def _holding_each(tell: Teller, texts: Iterable[str]) -> dict[str, list[int]]:
    """Find the places of the values that hold each text."""
    found: dict[str, list[int]] = {text: [] for text in texts}
    for place, value in enumerate(tell.one.column.values) if found else ():
        for text in {item.strip() for item in items_of(value) if isinstance(item, str)}:
            if text in found:
                found[text].append(place)
    return found


def _holding(tell: Teller, texts: Iterable[str]) -> list[int]:
    return sorted({place for places in _holding_each(tell, texts).values() for place in places})


def _said(pairs: Mapping[str, Meant], strangers: Mapping[str, int], met: Mapping[str, int]) -> str:
    told = []
    for text, one in list(pairs.items())[:3]:
        absent = "" if one.name in met else ", which no account has"
        told.append(f"{short(text)!r} × {strangers[text]:,} is probably {short(one.name)!r}{absent}")
    return "; ".join(told) + (f"; and {len(pairs) - 3} more" if len(pairs) > 3 else "")


def _replace_fix(tell: Teller, pairs: Mapping[str, Meant]) -> str:
    declared = {} if tell.field is None else dict(tell.field.replace)
    return tell.lines(f"replace = {toml(declared | {text: one.name for text, one in pairs.items()})}")


def _alias_fix(tell: Teller, curve: Table, pairs: Mapping[str, Meant]) -> str:
    if curve.otherwise is None:  # an ordered scale takes no aliases
        return _replace_fix(tell, pairs)
    aliases = dict(curve.aliases) | {text: one.name for text, one in pairs.items()}
    shipped = dict.fromkeys(one.taxonomy for one in pairs.values())
    calls = " and ".join(f'icp.with_aliases(profile, icp.taxonomy("{name}"))' for name in shipped)
    return f"by {calls}, or in the criterion:\naliases = {toml(aliases)}"


# Kinds of events


def _kinds(tell: Teller, merge: EventSum) -> Iterator[Finding]:
    """Suspect kinds of events that the criterion spells otherwise, or that never happened."""
    kinds = {views.fold(kind): kind for kind, weight in merge.kinds if weight}
    seen: Counter[str] = Counter()
    for value, count in zip(tell.one.column.values, tell.one.column.counts, strict=True):
        for kind in dict.fromkeys(map(_kind_of, views.items(value) or ())):
            seen[kind] += count
    del seen[""]
    met = {kinds[views.fold(kind)] for kind in seen if views.fold(kind) in kinds}
    never = [kind for kind in kinds.values() if kind not in met]
    if not never or not seen:
        return
    meaning = meaning_of({kind: kind for kind in never})
    found = {kind: one.name for kind, _ in seen.most_common(_COMPARED) if (one := meaning(kind)) is not None}
    for kind, name in found.items():
        called = f"{short(kind)!r} × {seen[kind]:,}"
        said = f"no event is of the kind {short(name)!r}, which is probably {called}"
        fix = f"in the criterion, among kinds, in place of {toml(name)}:\n{toml(kind)}"
        yield tell("spelling", said, fix, seen[kind])
    never = [kind for kind in never if kind not in found.values()]
    if never:
        said = f"no event is of the kind {listed(never)}; the commonest kinds: {named(seen)}"
        yield tell("never seen", said, "", 0, mistake=False)


def _kind_of(event: Any) -> str:
    if isinstance(event, Mapping):
        kind = event.get("kind")
    elif isinstance(event, list | tuple) and event and not hasattr(event, "_fields"):
        kind = event[0]
    else:
        kind = getattr(event, "kind", None)
    return kind.strip() if isinstance(kind, str) else ""
