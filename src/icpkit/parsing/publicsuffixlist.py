"""Which part of a host is registered, through publicsuffixlist (extra: domains); its list is bundled, never fetched."""

from functools import cache

try:
    from publicsuffixlist import PublicSuffixList
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('reading domains needs publicsuffixlist: pip install "icpkit[domains]"') from None


@cache
def _bundled() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def registrable(host: str) -> str | None:
    """Give the part of a host that somebody registers; None of a public suffix, or where the last part is unknown.

    Arguments:
        host: in small letters, in ASCII.

    >>> registrable("shop.acme.co.uk"), registrable("co.uk"), registrable("printer.local")
    ('acme.co.uk', None, None)
    """
    return _bundled().privatesuffix(host)


def is_suffix(host: str) -> bool:
    """Tell a public suffix: under it others register their names.

    >>> is_suffix("co.uk"), is_suffix("acme.co.uk")
    (True, False)
    """
    return _bundled().is_public(host)
