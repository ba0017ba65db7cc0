"""The registrable domain of a web address, a host or an e-mail address: what names a company."""

import ipaddress
import re

from icpkit.parsing.unreadable import Unreadable

_FREE_MAIL = (
    "126.com 163.com 21cn.com abv.bg aim.com alice.it aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru "
    "bluewin.ch bol.com.br btinternet.com centrum.cz charter.net comcast.net cox.net daum.net duck.com fastmail.com "
    "fastmail.fm free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com "
    "hanmail.net hey.com hotmail.be hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com "
    "icloud.com inbox.lv inbox.ru interia.pl laposte.net libero.it list.ru live.ca live.co.uk live.com live.fr live.nl "
    "mac.com mail.com mail.ru me.com msn.com naver.com o2.pl ocn.ne.jp onet.pl optonline.net orange.fr outlook.com "
    "outlook.de outlook.es outlook.fr pm.me proton.me protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com "
    "sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com skynet.be sohu.com t-online.de telenet.be terra.com.br tiscali.it "
    "tuta.io tutanota.com uol.com.br verizon.net virgilio.it wanadoo.fr web.de wp.pl ya.ru yahoo.ca yahoo.co.in "
    "yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net "
    "ymail.com zoho.com zohomail.com"
)
#: Where anybody gets an address; as a web site each of them is a company's own.
FREE_MAIL = frozenset(_FREE_MAIL.split())
_LONGEST, _LONGEST_HOST = 10_000, 253
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:(?=//)|mailto:", re.ASCII | re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[^<>]*+<([^<>]++)>", re.ASCII)
_PATH = re.compile(r"[/?#\\]")
_LABEL = r"(?>[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)"
_HOST = re.compile(rf"{_LABEL}(?>(?:\.{_LABEL})*)", re.ASCII)
_NONE = "no domain such as acme.com"


def domain(text: str) -> str:
    """Read the registrable domain, in small letters, of a web address, a host or an e-mail address.

    Letters beyond ASCII become the form that the domain name system keeps (xn--…). Where customers of a service get
    names under its own, such as acme.github.io, those count as theirs.

    Raises:
        Unreadable: there is none: an IP address, a bare word, a public suffix; or the e-mail address is at a provider
            where anybody gets one (`FREE_MAIL`).
        ImportError: publicsuffixlist is missing.

    >>> domain("https://shop.acme.co.uk:8080/a?b=c"), domain("Ann <ann@mail.acme.com>")
    ('acme.co.uk', 'acme.com')
    """
    # Imported on first use: the room opens without it.
    from icpkit.parsing.publicsuffixlist import is_suffix, registrable  # noqa: PLC0415

    address = text.strip()
    if len(address) > _LONGEST:
        raise Unreadable("too long for an address")
    if inner := _IN_BRACKETS.fullmatch(address):
        address = inner[1].strip()
    host, is_mail = _host(address)
    name = _in_ascii(host)
    _check_host(name)
    found = registrable(name)
    if found is None and is_suffix(name):
        raise Unreadable(f"{name} is a public suffix, under which others register")
    if found is None:
        raise Unreadable(f"no domain ends with .{name.rpartition('.')[2]}")
    if is_mail and found in FREE_MAIL:
        raise Unreadable("a free-mail address names no company")
    return found


def _host(address: str) -> tuple[str, bool]:
    """Give the host of an address, and whether that is one of e-mail."""
    scheme = _SCHEME.match(address)
    rest = (address[scheme.end() :] if scheme else address).removeprefix("//")
    user, at, authority = _PATH.split(rest, maxsplit=1)[0].rpartition("@")
    is_mail = bool(user and at) and (scheme is None or scheme[0].lower() == "mailto:")
    host, colon, port = authority.rpartition(":")
    if colon and (":" not in host or host.endswith("]")) and (port.isdigit() or not port):
        authority = host
    return authority.strip().removesuffix("."), is_mail


def _in_ascii(host: str) -> str:
    if len(host) > _LONGEST_HOST:
        raise Unreadable(_NONE)
    try:
        return host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Unreadable(_NONE) from None


def _check_host(name: str) -> None:
    """Refuse what is no host with a name."""
    last = name.rpartition(".")[2]
    if last.isdigit() or ":" in name:
        raise Unreadable("an IP address names no company" if _is_ip(name) else _NONE)
    if not _HOST.fullmatch(name):
        raise Unreadable(_NONE)
    if last == name:
        raise Unreadable("a bare word, no domain such as acme.com")


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
