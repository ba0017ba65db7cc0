"""Texts of profiles, packed."""

import hashlib
import zlib

import pytest

import icpkit as icp
from icpkit.history import packing
from icpkit.history.packing import squeezed, unsqueezed
from icpkit.serialization import compact


def checked(found: bytes) -> bytes:
    """Put the right check behind bytes."""
    return found + hashlib.sha256(found).digest()[:8]


@pytest.mark.parametrize("text", ["", "{}", "ü \U0001f600 \x00", "x" * 100_000, compact(icp.standard_profile())])
def test_what_was_packed_comes_back(text: str) -> None:
    """Any text comes back as it was."""
    assert unsqueezed(squeezed(text)) == text


def test_what_all_profiles_have_in_common_costs_little() -> None:
    """A usual profile takes less than half of what it would take without the dictionary."""
    text = compact(icp.standard_profile())
    assert len(squeezed(text)) < len(zlib.compress(text.encode(), 9)) / 2


def test_the_dictionary_stays() -> None:
    """What earlier releases have packed can only be read with the very same dictionary."""
    digest = hashlib.sha256(packing._DICTIONARY).hexdigest()
    assert digest == "271f0048ea553ed37c49218e7c6278f5763cf30336cfca70fc6ee174569336a4"


def test_every_flipped_bit_is_noticed() -> None:
    """One other bit anywhere, and it is refused: also in bits that mean nothing to the decompressor."""
    packed = squeezed(compact(icp.standard_profile()))
    for place in range(len(packed) * 8):
        flipped = bytearray(packed)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError, match="not those that were written"):
            unsqueezed(bytes(flipped))


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (b"\x02abc", r"packed in a way that this release does not know \(02\)"),
        (b"", "does not know"),
        (b"\x01\xff\xff", "it cannot be unpacked"),
        (squeezed("{}")[:-9], "it is not one whole text"),
        (squeezed("{}")[:-8] + b"more", "it is not one whole text"),
    ],
)
def test_what_is_no_packed_text_is_refused(found: bytes, problem: str) -> None:
    """With a right check, too: another way of packing, no compressed data, half of it, more than it."""
    with pytest.raises(ValueError, match=problem):
        unsqueezed(checked(found))


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would become longer than any profile is not unpacked any further."""
    packed = squeezed("x" * 2_000)
    monkeypatch.setattr(packing, "MOST_TEXT", 1_000)
    with pytest.raises(ValueError, match="too long"):
        unsqueezed(packed)
