"""Names and web addresses linked to accounts: by key, by domain, by name; never by a guess."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

import attrs

from icpkit import views
from icpkit.errors import DefinitionError, near
from icpkit.importing.accounts import Accounts
from icpkit.parsing.unreadable import Unreadable
from icpkit.words import ENGLISH, Words, listed

#: By what a name was linked; ``"bare name"`` leaves legal forms aside.
LinkRule: TypeAlias = Literal["key", "domain", "name", "bare name"]

#: How many near spellings are suggested, and how many links of a kind `print` shows.
_NEAR, _SHOWN = 3, 10


@attrs.frozen
class Link:
    """What one name leads to.

    Attributes:
        given: the name.
        keys: the keys of the accounts that it could be: one where it matched, none where it is unknown.
        rule: by what it was found, or None.
        found: what stands in the accounts that it was found by.
        near: for an unknown name, accounts that are spelled nearly so: keys, and what stands there.
    """

    given: str
    keys: tuple[str, ...] = ()
    rule: LinkRule | None = None
    found: str = ""
    near: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        near_ones = [{"key": key, "found": found} for key, found in self.near]
        return {
            "given": self.given,
            "keys": list(self.keys),
            "rule": self.rule,
            "found": self.found,
            "near": near_ones,
        }

    def to_text(self, words: Words = ENGLISH) -> str:
        """Say it in one line."""
        rule = "" if self.rule is None else words[f"link_rule_{self.rule}"]
        if len(self.keys) == 1:
            return words["link_matched"].format(given=self.given, key=self.keys[0], rule=rule, found=self.found)
        if self.keys:
            return words["link_ambiguous"].format(given=self.given, keys=listed(self.keys, words), rule=rule)
        if not self.near:
            return words["link_unmatched"].format(given=self.given)
        near_ones = [words["link_near_one"].format(found=found, key=key) for key, found in self.near]
        return words["link_near"].format(given=self.given, near=listed(near_ones, words))

    def __str__(self) -> str:
        """Say it in English."""
        return self.to_text()


@attrs.frozen(slots=False, repr=False)
class Links:
    """What names lead to.

    Attributes:
        links: one for each name that was given, in order, each name once.
        attributes: the attributes that were looked in.
        blank: how many of the names were blank, and left out.
    """

    links: tuple[Link, ...]
    attributes: tuple[str, ...] = ()
    blank: int = 0

    @cached_property
    def matched(self) -> dict[str, str]:
        """The names that lead to one account, with its key."""
        return {link.given: link.keys[0] for link in self.links if len(link.keys) == 1}

    @cached_property
    def ambiguous(self) -> dict[str, tuple[str, ...]]:
        """The names that could be several accounts, with their keys."""
        return {link.given: link.keys for link in self.links if len(link.keys) > 1}

    @cached_property
    def unmatched(self) -> dict[str, tuple[str, ...]]:
        """The names that lead to none, with near spellings that there are."""
        return {link.given: tuple(found for _, found in link.near) for link in self.links if not link.keys}

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "links": [link.to_dict() for link in self.links],
            "attributes": list(self.attributes),
            "blank": self.blank,
        }

    def to_text(self, words: Words = ENGLISH) -> str:
        """Say how many matched, then list what somebody has to look at, then what matched: the first of each."""
        kinds = (self.ambiguous, self.unmatched, self.matched)
        lines = [
            words["links"].format(
                count=len(self.links),
                matched=len(self.matched),
                ambiguous=len(self.ambiguous),
                unmatched=len(self.unmatched),
                attributes=listed(self.attributes, words),
            )
        ]
        lines += [f"  {words['links_blank'].format(count=self.blank)}"] if self.blank else []
        for kind in kinds:
            shown = (link for link in self.links if link.given in kind)
            lines += [f"  {link.to_text(words)}" for link in islice(shown, _SHOWN)]
            if len(kind) > _SHOWN:
                lines.append(f"  {words['link_more'].format(count=len(kind) - _SHOWN)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        """Say it in English."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say in one line what there is."""
        counts = f"{len(self.matched)} matched, {len(self.ambiguous)} ambiguous, {len(self.unmatched)} unmatched"
        return f"<Links: {counts}>"


def link(names: Iterable[Any], accounts: Accounts, *, attribute: str | Sequence[str] | None = None) -> Links:
    """Find the accounts that names, web addresses and e-mail addresses mean.

    The first rule by which there is an account decides: the key, exactly; the domain, first the whole host, then what
    is registered (which needs the extra ``domains``); the name, in which case, blanks and punctuation do not count;
    the name without legal forms such as Inc. and GmbH. Several accounts by one rule are ambiguous, and near spellings
    are only suggested.

    Args:
        names: the names; blank ones are left out, and counted.
        accounts: the accounts, with keys.
        attribute: the attribute, or attributes, to look in; None for those that are called like names and web
            addresses of accounts.

    Raises:
        DefinitionError: for accounts without keys, and attributes that are not there, or that cannot be found.

    >>> crm = Accounts(
    ...     ("id", "name", "website"), (("1", "2"), ("Acme Ltd", "Globex, Inc."), ("acme.com", None)), key="id"
    ... )
    >>> print(link(["https://www.acme.com/about", "GLOBEX", "Globx"], crm))
    2 of 3 names matched, 0 ambiguous, 1 unmatched; looked in name, website
      Globx is unknown; near: Globex, Inc. (2)
      https://www.acme.com/about → 1 (by domain: acme.com)
      GLOBEX → 2 (by name without its legal form: Globex, Inc.)
    """
    if isinstance(names, str):
        raise TypeError(f"names must be a list of names: a list of one is [{names!r}]")
    given_accounts: Any = accounts
    if not isinstance(given_accounts, Accounts) or given_accounts.key is None:
        hint = 'read_accounts and fields.apply give such, and Accounts(…, key="account_id")'
        raise DefinitionError("link", "accounts", "must be accounts with keys", accounts, hint=hint)
    attributes = _attributes(accounts, attribute)
    listed_names = list(names)
    given = [str(name).strip() for name in listed_names if not views.is_unknown(name)]
    index = _Index.of(accounts, attributes)
    links = tuple(_link(name, index) for name in dict.fromkeys(given))
    return Links(links, attributes, len(listed_names) - len(given))


def _link(given: str, index: "_Index") -> Link:
    host = host_of(given)
    named = not (host and _ADDRESS.search(given))
    for rule, spelling in ((0, given), *_spellings(given, host, named=named)):
        if found := index.spelled(rule, spelling):
            keys = tuple(found)
            return Link(given, keys, _RULES[rule], found[keys[0]])
    return Link(given, near=index.nearest(given))


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Attributes

_NAMES: Final = _set_of(
    "name account company organisation organization customer client business firm brand alias aliases "
    "domain domains website web url site homepage host email mail"
)
#: What tells that an attribute names something else than the account.
_OTHERS: Final = _set_of(
    "owner contact person first last user agent rep sales manager product campaign partner parent subsidiary "
    "subsidiaries competitor industry country city legal_form deal opportunity created modified"
)


def _attributes(accounts: Accounts, attribute: str | Sequence[str] | None) -> tuple[str, ...]:
    """Give the attributes to look in."""
    if attribute is None:
        found = tuple(name for name in accounts.names if _names_account(name))
        if not found:
            hint = f'attribute="…": one or more of {", ".join(accounts.names)}'
            raise DefinitionError(
                "link", "attribute", "must be given: none is called like a name or a domain", hint=hint
            )
        return found
    wanted = (attribute,) if isinstance(attribute, str) else tuple(attribute)
    for name in wanted:
        if name not in accounts.names:
            hint = near(name, accounts.names) or f"the attributes: {', '.join(accounts.names)}"
            raise DefinitionError("link", "attribute", f"must be in the accounts (got {name!r})", name, hint=hint)
    return wanted


def _names_account(attribute: str) -> bool:
    """Tell whether an attribute is called like a name or a web address of an account.

    >>> [_names_account(name) for name in ("AccountName", "Company domain name", "owner name", "company size")]
    [True, True, False, False]
    """
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", attribute).casefold()
    listed_words = re.findall(r"[^\W_]+", words)
    return bool(listed_words) and listed_words[-1] in _NAMES and not _OTHERS.intersection(listed_words)


# Spellings

#: Legal forms, without punctuation and blanks.
_LEGAL: Final = _set_of(
    "inc incorporated llc llp lp lllp pllc ltd limited plc corp corporation co company companies pc pbc "
    "gmbh mbh ag kg kgaa ohg gbr ug haftungsbeschränkt se "
    "sa sas sasu sarl eurl snc scop sl slu sau spa srl srls sapa sapi cv "
    "bv nv vof bvba sprl cvba asbl ab hb kb oy oyj abp as asa aps amba "
    "sro zrt kft nyrt doo dd ad eood ood ooo oao zao pao spzoo uab sia oü "
    "pty pte pvt sdn bhd tbk kk gk godo kaisha kabushiki ltda eireli"
)
#: What goes with a legal form, but is none itself.
_WITH_LEGAL: Final = _set_of("and und et y e og private")
_DOTLESS: Final = str.maketrans({"'": "", "’": "", "`": "", "´": "", ".": "", "&": " and "})
_SLASHED: Final = re.compile(r"\b(\w)/(\w)\b")
_WORDS: Final = re.compile(r"[^\W_]+")
_ADDRESS: Final = re.compile(r"://|@")
_HOST: Final = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.[^\W\d_](?:[\w-]*[^\W_])?")
#: Hosts of e-mail addresses that say nothing about a company.
_FREE_MAIL: Final = _set_of(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com "
    "aol.com proton.me protonmail.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de orange.fr wanadoo.fr "
    "free.fr laposte.net libero.it mail.ru yandex.ru qq.com 163.com 126.com zoho.com mail.com fastmail.com"
)


def name_of(text: str) -> str:
    """Give a name so that case, blanks and punctuation do not count.

    >>> name_of("  McDonald's  Corp. "), name_of("Johnson & Johnson")
    ('mcdonalds corp', 'johnson and johnson')
    """
    folded = views.fold(text).translate(_DOTLESS)
    if "/" in folded:
        folded = _SLASHED.sub(r"\1\2", folded)
    return " ".join(_WORDS.findall(folded))


def bare_name_of(name: str) -> str:
    """Take the legal forms from the end of a name that `name_of` gave, but never all of it.

    >>> bare_name_of("acme gmbh and co kg"), bare_name_of("beta sp z o o"), bare_name_of("co")
    ('acme', 'beta', 'co')
    """
    words = name.split()
    while len(words) > 1:
        count = _legal_words(words)
        if not count and not (words[-1] in _WITH_LEGAL and len(words) < len(name.split())):
            break
        del words[-(count or 1) :]
    return " ".join(words)


def _legal_words(words: Sequence[str]) -> int:
    """Count the words at the end that are one legal form, such as ``s p a``; one word has to stay."""
    if words[-1] in _LEGAL:
        return 1
    for count in range(2, min(4, len(words) - 1) + 1):
        last = words[-count:]
        if len(last[0]) > 2:  # such forms are letters, or pairs of them
            break
        if "".join(last) in _LEGAL:
            return count
    return 0


def host_of(text: str) -> str:
    """Give the host of a web address, an e-mail address or a bare host, or an empty text where there is none.

    >>> host_of("https://www.Acme.com:443/about?x=1"), host_of("jane@mail.acme.com"), host_of("Acme Inc.")
    ('acme.com', 'mail.acme.com', '')
    """
    text = text.strip()
    if "." not in text or " " in text:
        return ""
    _, _, rest = text.rpartition("://")
    rest = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    _, mail, host = rest.rpartition("@")
    host = host.partition(":")[0].rstrip(".").casefold().removeprefix("www.")
    return "" if not _HOST.fullmatch(host) or (mail and host in _FREE_MAIL) else host


@lru_cache(maxsize=2**16)
def _registered(host: str) -> str:
    """Give what is registered of a host, or the host where nobody knows."""
    if host.count(".") == 1:  # all of it; asking takes long
        return host
    try:
        from icpkit.parsing.domains import domain  # noqa: PLC0415  # it needs an optional library

        return domain(host)
    except (ImportError, Unreadable):
        return host


#: The rules in their order; the host is looked up whole, and then by what is registered.
_RULES: Final[tuple[LinkRule, ...]] = ("key", "domain", "domain", "name", "bare name")


def _spellings(text: str, host: str, *, named: bool) -> Iterator[tuple[int, str]]:
    """Give what a text is looked up as after the key, by the place of the rule."""
    if host:
        yield 1, host
        yield 2, _registered(host)
    if named and (name := name_of(text)):
        yield 3, name
        yield 4, bare_name_of(name)


# The accounts, indexed


@attrs.frozen(slots=False, eq=False)
class _Index:
    """Accounts by what they are looked up as.

    Attributes:
        places: keys, each with a text that stands in its account.
        by_rule: for each rule, the first place of each spelling.
        shared: for each rule, all places of the spellings that have several.
    """

    places: Sequence[tuple[str, str]]
    by_rule: Sequence[Mapping[str, int]]
    shared: Sequence[Mapping[str, Sequence[int]]]

    @classmethod
    def of(cls, accounts: Accounts, attributes: Sequence[str]) -> "_Index":
        """Look through the attributes of all accounts."""
        places = [(key, key) for key in accounts.keys if key]
        by_rule: list[dict[str, int]] = [{} for _ in _RULES]
        shared: list[dict[str, list[int]]] = [{} for _ in _RULES]
        by_rule[0].update((key, place) for place, (key, _) in enumerate(places))
        for attribute in attributes:
            for key, raw in zip(accounts.keys, accounts.column(attribute), strict=True):
                for text in _texts(raw) if key else ():
                    place = len(places)
                    places.append((key, text))
                    host = host_of(text)
                    for rule, spelling in _spellings(text, host, named=not host):
                        first = by_rule[rule].setdefault(spelling, place)
                        if first != place:
                            shared[rule].setdefault(spelling, [first]).append(place)
        return cls(places, by_rule, shared)

    def spelled(self, rule: int, spelling: str) -> dict[str, str]:
        """Give the keys of the accounts that are spelled so, each with what stands there."""
        first = self.by_rule[rule].get(spelling)
        found: dict[str, str] = {}
        for place in () if first is None else self.shared[rule].get(spelling, (first,)):
            key, text = self.places[place]
            found.setdefault(key, text)
        return found

    @cached_property
    def _folded_keys(self) -> dict[str, str]:
        return {views.fold(key): key for key in self.by_rule[0]}

    @cached_property
    def _near(self) -> "_Near":
        names = {name: (rule, name) for rule in (3, 4) for name in self.by_rule[rule]}
        hosts = [(host.partition(".")[0], (2, host)) for host in self.by_rule[2]]
        return _Near.of([*names.items(), *hosts])

    def nearest(self, given: str) -> tuple[tuple[str, str], ...]:
        """Give the accounts that are spelled nearly so, the nearest first: keys, and what stands there."""
        key = self._folded_keys.get(views.fold(given))
        found = {} if key is None else {key: key}
        host = host_of(given)
        query = _registered(host).partition(".")[0] if host else bare_name_of(name_of(given))
        for rule, spelling in self._near.to(query):
            for key, text in self.spelled(rule, spelling).items():
                found.setdefault(key, text)
        return tuple(islice(found.items(), _NEAR))


def _texts(raw: Any) -> Iterator[str]:
    """Give the texts that a value holds."""
    listed_items = views.items(raw)
    for item in [raw] if listed_items is None else listed_items:
        if not views.is_unknown(item):
            yield str(item).strip()


#: How many spellings that share rare parts are counted, and how many of them are compared.
_COUNTED, _COMPARED = 1_000, 24
#: What share of their parts near spellings have in common.
_ALIKE: Final = 0.6
_LONGEST = 80


@attrs.frozen(eq=False)
class _Near:
    """Spellings by the parts of three letters that they hold.

    Attributes:
        spellings: the spellings, each with what it stands for.
        holding: for each part, the places of the spellings that hold it.
    """

    spellings: Sequence[tuple[str, tuple[int, str]]]
    holding: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, spellings: Sequence[tuple[str, tuple[int, str]]]) -> "_Near":
        """Cut all spellings."""
        holding: defaultdict[str, list[int]] = defaultdict(list)
        for place, (spelling, _) in enumerate(spellings):
            for part in _parts(spelling, 3):
                holding[part].append(place)
        return cls(spellings, holding)

    def to(self, query: str) -> Iterator[tuple[int, str]]:
        """Give what near spellings stand for, the nearest first."""
        parts = _parts(query, 2)
        alike = [(_likeness(parts, _parts(self.spellings[place][0], 2)), place) for place in self._sharing(query)]
        for share, place in sorted(alike, key=lambda one: (-one[0], one[1])):
            if share >= _ALIKE:
                yield self.spellings[place][1]

    def _sharing(self, query: str) -> Iterator[int]:
        """Give the places of the spellings that share most parts with one, the rare parts first."""
        shared: Counter[int] = Counter()
        left = _COUNTED
        for places in sorted((self.holding.get(part, ()) for part in _parts(query, 3)), key=len):
            shared.update(places[:left])
            left -= len(places)
            if left <= 0:
                break
        most = max(shared.values(), default=0)
        return islice((place for place, count in shared.items() if count >= most - 1), _COMPARED)


def _parts(text: str, length: int) -> set[str]:
    """Cut a text, with a blank at both ends, into overlapping parts."""
    padded = f" {text[:_LONGEST]} "
    return {padded[start : start + length] for start in range(len(padded) - length + 1)}


def _likeness(parts: set[str], others: set[str]) -> float:
    """Give the share of their parts that two texts have in common."""
    return 2 * len(parts & others) / (len(parts) + len(others))
