import hashlib
import json
import zlib

import pytest

from icpkit.history.packing import MOST_TEXT, squeezed, unsqueezed


def test_a_text_comes_back_as_it_was() -> None:
    """What is packed is unpacked as the same text, in less room."""
    text = json.dumps({"name": "Größe", "more": ["日本"] * 100}, ensure_ascii=False)
    body = squeezed(text)
    assert unsqueezed(body) == text
    assert len(body) < len(text) / 5


def test_every_bit_of_a_packed_text_counts() -> None:
    """A bit that is flipped anywhere is noticed, also where the compressed text would be the same."""
    body = squeezed('{"name":"SaaS"}')
    for place in range(len(body) * 8):
        raw = bytearray(body)
        raw[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError, match="its bytes are not those that were written"):
            unsqueezed(bytes(raw))


def raw(text: bytes, first: bytes = b"\x01") -> bytes:
    """Compress bytes as a writer does."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return first + packing.compress(text) + packing.flush()


@pytest.mark.parametrize(
    ("packed", "problem"),
    [
        (b"\x01nonsense", r"^it cannot be unpacked: Error -3"),
        (raw(b"x" * 100)[:-2], "^it is not one whole text$"),
        (raw(b"x") + b"y", "^it is not one whole text$"),
        (raw(b"x" * (MOST_TEXT + 1)), "^it is too long$"),
        (raw(b"\xff"), "can't decode byte 0xff"),
        (raw(b"x", b"\x02"), r"^it is packed in a way that this release does not know \(02\)$"),
        (b"", r"^it is packed in a way that this release does not know \(\)$"),
    ],
    ids=["none", "cut off", "with more", "a bomb", "no text", "of a later release", "nothing"],
)
def test_what_cannot_be_unpacked_is_told(packed: bytes, problem: str) -> None:
    """Bytes that are no packed text are an error that says why, and a bomb is never unpacked whole."""
    with pytest.raises(ValueError, match=problem):
        unsqueezed(packed + hashlib.sha256(packed).digest()[:8])


def test_what_was_packed_once_can_be_read_for_ever() -> None:
    """The bytes of a text are the same in every release that packs so."""
    assert unsqueezed(bytes.fromhex("01c316a5ee4587b71d9e9faa540b00703866b3ea046a8c")) == '{"format":1,"name":"Größe"}'
