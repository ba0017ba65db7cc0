from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import FREE_MAIL, domain
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

NO_DOMAIN = "no domain such as acme.com"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("acme.com", "acme.com"),
        ("ACME.com", "acme.com"),
        (" acme.com. ", "acme.com"),
        ("www.acme.com", "acme.com"),
        ("shop.eu.acme.co.uk", "acme.co.uk"),
        ("https://www.acme.com/about?x=1#top", "acme.com"),
        ("HTTPS://acme.com", "acme.com"),
        ("http://acme.com:8080", "acme.com"),
        ("acme.com:8080/x", "acme.com"),
        ("acme.com:", "acme.com"),
        ("//acme.com/x", "acme.com"),
        ("acme.com?x=a@b.org", "acme.com"),
        ("acme.com/@ann", "acme.com"),
        ("https://acme.com\\@evil.org", "acme.com"),
        ("https://ann:secret@acme.com/", "acme.com"),
        ("https://ann@gmail.com/", "gmail.com"),
        ("ann@acme.com", "acme.com"),
        ("ann+x@mail.acme.com", "acme.com"),
        ("mailto:ann@acme.com?subject=x", "acme.com"),
        ("Ann <ann@acme.com>", "acme.com"),
        ("<https://acme.com>", "acme.com"),
        ("@acme.com", "acme.com"),
        ("gmail.com", "gmail.com"),
        ("https://www.gmail.com", "gmail.com"),
        ("acme.github.io", "acme.github.io"),
        ("x.acme.github.io", "acme.github.io"),
        ("bücher.example.de", "example.de"),
        ("www.bücher.de", "xn--bcher-kva.de"),
        ("XN--BCHER-KVA.de", "xn--bcher-kva.de"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("_dmarc.acme.com", "acme.com"),
        ("a-b.com", "a-b.com"),
        ("3com.com", "3com.com"),
    ],
)
def test_the_registrable_part_is_read(text: str, value: str) -> None:
    """Addresses of any kind lead to one domain, in small letters and in ASCII."""
    assert domain(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ann@gmail.com", "a free-mail address names no company"),
        ("Ann <ann@GMX.de>", "a free-mail address names no company"),
        ("ann@mail.yahoo.co.uk", "a free-mail address names no company"),
        ("mailto:ann@outlook.com", "a free-mail address names no company"),
        ("127.0.0.1", "an IP address names no company"),
        ("http://127.0.0.1:80/x", "an IP address names no company"),
        ("ann@127.0.0.1", "an IP address names no company"),
        ("[::1]", "an IP address names no company"),
        ("https://[2001:db8::1]/", "an IP address names no company"),
        ("1.2.3", NO_DOMAIN),
        ("acme.com:80:80", NO_DOMAIN),
        ("localhost", "a bare word, no domain such as acme.com"),
        ("http://localhost:3000", "a bare word, no domain such as acme.com"),
        ("Acme", "a bare word, no domain such as acme.com"),
        ("com", "a bare word, no domain such as acme.com"),
        ("co.uk", "co.uk is a public suffix, under which others register"),
        ("github.io", "github.io is a public suffix, under which others register"),
        ("printer.local", "no domain ends with .local"),
        ("report.pdf", "no domain ends with .pdf"),
        ("Acme Inc.", NO_DOMAIN),
        ("acme.com, globex.com", NO_DOMAIN),
        ("acme.com; globex.com", NO_DOMAIN),
        ("acme..com", NO_DOMAIN),
        (".acme.com", NO_DOMAIN),
        ("acme.com..", NO_DOMAIN),
        ("-acme.com", NO_DOMAIN),
        ("acme-.com", NO_DOMAIN),
        ("a" * 64 + ".com", NO_DOMAIN),
        ("ü" * 64 + ".com", NO_DOMAIN),
        ("a." * 130 + "com", NO_DOMAIN),
        ("\ud800.com", NO_DOMAIN),
        ("", NO_DOMAIN),
        ("@", NO_DOMAIN),
        ("https://", NO_DOMAIN),
        ("<>", NO_DOMAIN),
        ("a" * 10_001, "too long for an address"),
    ],
)
def test_what_names_no_company_is_refused(text: str, reason: str) -> None:
    """IP addresses, bare words, public suffixes and free mail name no company, nor does what is no address."""
    assert refused(domain, text) == (reason, "")


def test_free_mail_is_a_table_of_domains() -> None:
    """Each provider is a registrable domain itself, so that a subdomain leads to it."""
    assert [provider for provider in FREE_MAIL if domain(provider) != provider] == []


NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(NAMES, st.sampled_from(["com", "co.uk", "de", "com.br"]), st.lists(NAMES, max_size=2))
def test_every_way_to_write_an_address_leads_to_one_domain(name: str, suffix: str, above: list[str]) -> None:
    """Subdomains, schemes, ports, paths, mailboxes and capitals change nothing, and a domain is its own."""
    expected = read_or_refuse(domain, f"{name}.{suffix}")
    if expected is not None:
        host = ".".join([*above, expected])
        assert domain(expected) == expected
        for text in (host, host.upper(), f"https://{host}:443/a?b#c", f"//{host}", f"{host}."):
            assert domain(text) == expected
        if expected not in FREE_MAIL:
            assert domain(f"Ann <ann@{host}>") == expected


@given(st.ip_addresses())
def test_no_ip_address_is_a_domain(address: IPv4Address | IPv6Address) -> None:
    """Bare or in a web address, it is named as what it is."""
    bare = f"[{address}]" if address.version == 6 else str(address)
    for text in (bare, f"http://{bare}:80/"):
        assert refused(domain, text) == ("an IP address names no company", "")


@given(TEXTS | PIECES | st.text("a.-_@:/[]<>?#0 ü。\u200d", max_size=20))
def test_any_text_is_a_domain_or_refused(text: str) -> None:
    """Nothing but `Unreadable` is raised, and a domain is its own domain."""
    for each in (text, f"{text}.com", f"http://{text}"):
        found = read_or_refuse(domain, each)
        if found is not None:
            assert domain(found) == found


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are refused at once."""
    read_soon(domain, text)
    read_soon(domain, text[:9_000])
