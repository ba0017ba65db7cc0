import random
import sys
from typing import Any

import pytest

import icpkit as icp
from icpkit.importing import linking
from icpkit.importing.accounts import Accounts
from icpkit.importing.linking import Link, bare_name_of, host_of, link, name_of


def accounts_of(*rows: dict[str, Any]) -> Accounts:
    """Make accounts of records."""
    names = tuple(rows[0])
    return Accounts(names=names, columns=tuple(tuple(row.get(name) for row in rows) for name in names), key="id")


CRM = accounts_of(
    {"id": "1", "name": "Acme Ltd", "website": "https://www.acme.com/"},
    {"id": "2", "name": "Globex, Inc.", "website": "globex.co.uk"},
    {"id": "3", "name": "Globex GmbH", "website": "shop.globex.de"},
    {"id": "4", "name": "Initech", "website": ["initech.com", "initech.io", None]},
    {"id": "5", "name": None, "website": []},
    {"id": None, "name": "Hooli", "website": "hooli.xyz"},
    {"id": "A-17", "name": "Umbrella", "website": "jane@gmail.com"},
)


def linked(given: str) -> tuple[tuple[str, ...], str | None]:
    """Link one name to the accounts above."""
    (found,) = link([given], CRM).links
    return found.keys, found.rule


@pytest.mark.parametrize(
    ("given", "keys", "rule"),
    [
        (" 1 ", ("1",), "key"),
        ("acme.com", ("1",), "domain"),
        ("ACME.com", ("1",), "domain"),
        ("http://acme.com:8080/x?y#z", ("1",), "domain"),
        ("jane@acme.com", ("1",), "domain"),
        ("mail.acme.com", ("1",), "domain"),
        ("www.globex.de", ("3",), "domain"),
        ("initech.io", ("4",), "domain"),
        ("acme ltd.", ("1",), "name"),
        ("ACME", ("1",), "bare name"),
        ("Acme Corporation", ("1",), "bare name"),
        ("Globex Inc", ("2",), "name"),
        ("Globex", ("2", "3"), "bare name"),
        ("globex LLC", ("2", "3"), "bare name"),
        ("Initech S.p.A.", ("4",), "bare name"),
        ("hooli.xyz", (), None),
        ("Hooli", (), None),
        ("bob@gmail.com", (), None),
        ("acme.org", (), None),
        ("...", (), None),
    ],
)
def test_the_first_rule_that_finds_an_account_decides(given: str, keys: tuple[str, ...], rule: str | None) -> None:
    """Key, domain, name, name without legal form; several accounts are ambiguous, and none is guessed."""
    assert linked(given) == (keys, rule)


def test_the_whole_host_goes_before_what_is_registered() -> None:
    """Two accounts below one domain are told apart by their hosts, where one is given."""
    crm = accounts_of(
        {"id": "1", "site": "eu.acme.com"}, {"id": "2", "site": "acme.com"}, {"id": "3", "site": "acme.com"}
    )
    found = link(["eu.acme.com", "us.acme.com", "acme.com"], crm)
    assert found.matched == {"eu.acme.com": "1"}
    assert found.ambiguous == {"us.acme.com": ("1", "2", "3"), "acme.com": ("2", "3")}


def test_without_the_library_of_domains_hosts_compare_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where publicsuffixlist is missing, a host matches itself alone."""
    monkeypatch.setitem(sys.modules, "icpkit.parsing.publicsuffixlist", None)
    linking._registered.cache_clear()
    assert (linked("www.shop.globex.de"), linked("www.globex.de")) == ((("3",), "domain"), ((), None))
    linking._registered.cache_clear()


def test_what_is_no_registrable_host_compares_plainly() -> None:
    """A host inside a company, of which no registry knows, still matches itself."""
    crm = accounts_of({"id": "1", "host": "crm.acme.internal"})
    assert link(["crm.acme.internal"], crm).matched == {"crm.acme.internal": "1"}


def test_unknown_names_come_with_near_spellings() -> None:
    """Misspelled names, domains and keys find what was probably meant, which is suggested and no match."""
    found = link(["Globx Inc.", "initek", "acmee.com", "a-17", "Zzyzx", "x"], CRM)
    assert found.matched == {}
    assert found.unmatched == {
        "Globx Inc.": ("Globex, Inc.", "Globex GmbH"),
        "initek": ("Initech",),
        "acmee.com": ("Acme Ltd",),
        "a-17": ("A-17",),
        "Zzyzx": (),
        "x": (),
    }


def test_near_spellings_are_bounded() -> None:
    """However many accounts are spelled nearly so, a few are suggested."""
    crm = accounts_of(*({"id": str(number), "name": f"Acmetronics {number:04}"} for number in range(3000)))
    (found,) = link(["Acmetronix"], crm).links
    assert len(found.near) == 3


def test_each_name_is_linked_once_and_blanks_are_counted() -> None:
    """Names come in the order in which they first appear; None, NaN and blank text are left out."""
    found = link(["Acme", None, " ", "Initech", "Acme ", float("nan")], CRM)
    assert ([one.given for one in found.links], found.blank) == (["Acme", "Initech"], 3)
    assert "3 blank names left out" in str(found)


def test_accounts_that_share_a_key_are_one() -> None:
    """Rows that stand for the same account do not make a name ambiguous."""
    crm = accounts_of({"id": "1", "name": "Acme Inc"}, {"id": "1", "name": "ACME"})
    assert link(["acme", "Acme Inc."], crm).matched == {"acme": "1", "Acme Inc.": "1"}


def test_links_are_plain_data_on_request() -> None:
    """What was found, by which rule, and what stands there."""
    data = link(["ACME", "initek", None], CRM).to_dict()
    assert data == {
        "links": [
            {"given": "ACME", "keys": ["1"], "rule": "bare name", "found": "Acme Ltd", "near": []},
            {"given": "initek", "keys": [], "rule": None, "found": "", "near": [{"key": "4", "found": "Initech"}]},
        ],
        "attributes": ["name", "website"],
        "blank": 1,
    }


def test_links_are_readable() -> None:
    """What needs a look comes first; of each kind a few are shown, and the others counted."""
    found = link(["ACME", "Globex", "initek", "zzzz", *map(str, range(100, 111))], CRM)
    lines = str(found).splitlines()
    assert lines[:5] == [
        "1 of 15 names matched, 1 ambiguous, 13 unmatched; looked in name, website",
        "  Globex could be 2, 3 (by name without its legal form)",
        "  initek is unknown; near: Initech (4)",
        "  zzzz is unknown",
        "  100 is unknown",
    ]
    assert lines[-2:] == ["  … and 3 more", "  ACME → 1 (by name without its legal form: Acme Ltd)"]
    assert repr(found) == "<Links: 1 matched, 1 ambiguous, 13 unmatched>"
    assert str(Link("x", ("1",), "key", "1")) == "x → 1 (by key: 1)"
    assert str(found.links[0]) == lines[-1].strip()


@pytest.mark.parametrize(
    ("names", "attributes"),
    [
        (["id", "AccountName", "Website", "size"], ("AccountName", "Website")),
        (["id", "Company domain name", "owner name", "contact_email"], ("Company domain name",)),
        (["id", "account", "parent_account", "company size", "E-Mail"], ("account", "E-Mail")),
        (["id", "Company_URL", "???"], ("Company_URL",)),
    ],
)
def test_attributes_are_found_by_what_they_are_called(names: list[str], attributes: tuple[str, ...]) -> None:
    """Names and web addresses of the account are looked in, those of its people are not."""
    crm = Accounts(names=tuple(names), columns=tuple(("x",) for _ in names), key="id")
    assert link(["x"], crm).attributes == attributes


def test_attributes_can_be_given() -> None:
    """Then no other is looked in."""
    assert link(["Acme"], CRM, attribute="website").unmatched == {"Acme": ("https://www.acme.com/",)}
    assert link(["Acme"], CRM, attribute=["website", "name"]).matched == {"Acme": "1"}


@pytest.mark.parametrize(
    ("names", "accounts", "attribute", "error", "text"),
    [
        ("Acme", CRM, None, TypeError, "a list of one is ['Acme']"),
        (["Acme"], [{"id": "1"}], None, icp.DefinitionError, "link.accounts must be accounts with keys"),
        (
            ["Acme"],
            Accounts(names=("name",), columns=(("x",),)),
            None,
            icp.DefinitionError,
            "must be accounts with keys",
        ),
        (["Acme"], CRM, "nme", icp.DefinitionError, "(got 'nme')\n\nHint: did you mean 'name'?"),
        (["Acme"], CRM, ["zzzz"], icp.DefinitionError, "Hint: the attributes: id, name, website"),
        (
            ["Acme"],
            accounts_of({"id": "1", "size": 5}),
            None,
            icp.DefinitionError,
            'attribute="…": one or more of id, size',
        ),
    ],
)
def test_what_cannot_be_linked_is_told(
    names: Any, accounts: Any, attribute: Any, error: type[Exception], text: str
) -> None:
    """Keys and attributes are needed, and a text is no list of names."""
    with pytest.raises(error) as caught:
        link(names, accounts, attribute=attribute)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name", "bare"),
    [
        ("Acme, Inc.", "acme inc", "acme"),
        ("ACME  S. A.", "acme s a", "acme"),
        ("Acme S.A.S.", "acme sas", "acme"),
        ("Acme A/S", "acme as", "acme"),
        ("Acme GmbH & Co. KG", "acme gmbh and co kg", "acme"),
        ("Acme Private Limited", "acme private limited", "acme"),
        ("Acme Pty. Ltd.", "acme pty ltd", "acme"),
        ("Acme Sp. z o.o.", "acme sp z oo", "acme"),
        ("Étoile SàRL", "étoile sàrl", "étoile sàrl"),
        ("McDonald’s", "mcdonalds", "mcdonalds"),
        ("Ben & Jerry's", "ben and jerrys", "ben and jerrys"),
        ("Black and", "black and", "black and"),
        ("X Y Z", "x y z", "x y z"),
        ("Co", "co", "co"),
        ("Company Co", "company co", "company"),
        ("", "", ""),
    ],
)
def test_names_lose_punctuation_and_legal_forms(text: str, name: str, bare: str) -> None:
    """Legal forms go from the end alone, and never the whole name."""
    assert (name_of(text), bare_name_of(name_of(text))) == (name, bare)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("acme.com", "acme.com"),
        ("acme.com.", "acme.com"),
        ("www.acme.com", "acme.com"),
        ("ftp://user:pw@acme.com:21/x", "acme.com"),
        ("münchen.example", "münchen.example"),
        ("a-b.c_d.org", "a-b.c_d.org"),
        ("jane@outlook.com", ""),
        ("outlook.com", "outlook.com"),
        ("Acme Inc.", ""),
        ("acme", ""),
        ("1.2.3.4", ""),
        ("-a.com", ""),
        ("S.A.\tX", ""),
    ],
)
def test_hosts_are_found_in_addresses(text: str, host: str) -> None:
    """Web addresses, e-mail addresses and bare hosts have one; free-mail addresses, numbers and names have none."""
    assert host_of(text) == host


def test_many_names_are_linked_among_many_accounts() -> None:
    """The work grows with the names and with the accounts, not with their product."""
    draw = random.Random(7)
    syllables = ["ac", "me", "glo", "bex", "ini", "tech", "ve", "ra", "no", "va", "lum", "or"]
    names = ["".join(draw.choices(syllables, k=4)).capitalize() + f" {number}" for number in range(5000)]
    crm = Accounts(names=("id", "name"), columns=(tuple(map(str, range(5000))), tuple(names)), key="id")
    compared = 0
    original = linking._likeness

    def counted(parts: set[str], others: set[str]) -> float:
        nonlocal compared
        compared += 1
        return original(parts, others)

    linking._likeness, kept = counted, linking._likeness
    try:
        found = link([name.replace("e", "", 1) + "x" for name in names[:200]] + names[:200], crm)
    finally:
        linking._likeness = kept
    assert set(names[:200]) <= found.matched.keys()
    assert compared <= 200 * linking._COMPARED
