import subprocess
import sys

import pytest

from icpkit.parsing.publicsuffixlist import is_suffix, registrable


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("acme.com", "acme.com"),
        ("a.b.acme.com", "acme.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("com", None),
        ("co.uk", None),
        ("acme.github.io", "acme.github.io"),
        ("www.ck", "www.ck"),
        ("acme.invalid", None),
        ("a..b", None),
    ],
)
def test_the_registrable_part_of_a_host(host: str, found: str | None) -> None:
    """The bundled list decides, exceptions and private suffixes among it; nothing ends with what it does not know."""
    assert registrable(host) == found


@pytest.mark.parametrize(("host", "public"), [("com", True), ("co.uk", True), ("acme.com", False), ("invalid", False)])
def test_public_suffixes_are_told(host: str, public: bool) -> None:
    """Under a public suffix others register."""
    assert is_suffix(host) is public


def test_without_publicsuffixlist_the_error_says_what_to_install() -> None:
    """Reading a domain without it names the extra in one line, and the rest of the room needs none."""
    code = """
import sys; sys.modules["publicsuffixlist"] = None
from icpkit.parsing import domain, number
print(number("1,058"))
domain("acme.com")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    expected = 'ImportError: reading domains needs publicsuffixlist: pip install "icpkit[domains]"'
    assert ran.stdout == "1058\n"
    assert ran.stderr.splitlines()[-1] == expected
    assert "During handling" not in ran.stderr
