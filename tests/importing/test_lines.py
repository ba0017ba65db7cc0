import io
from collections.abc import Iterator
from typing import Any

import pytest

from icpkit.errors import AccountsFileError
from icpkit.importing import lines
from icpkit.importing.lines import Text, bad_line, bad_lines, text_of


@pytest.fixture(params=[1, 3, 2**20])
def chunk(request: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let files be looked through some bytes at a time."""
    monkeypatch.setattr(lines, "_CHUNK", request.param)
    return int(request.param)


def text(content: bytes, encoding: str | None = None) -> Text:
    """Find out what some bytes are written in."""
    return text_of("a.csv", lambda: io.BytesIO(content), encoding)


CAFE = "id\nCafé – “x”\n日\n"


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-be", "utf-16-be")],
)
def test_an_encoding_is_found_however_a_file_is_cut(encoding: str, found: str) -> None:
    """A character whose bytes are read apart is one character."""
    assert (text(CAFE.encode(encoding)).encoding, list(text(CAFE.encode(encoding)).lines())) == (
        found,
        CAFE.splitlines(keepends=True),
    )
    assert list(text("名\n前\n".encode("shift_jis"), "shift_jis").lines()) == ["名\n", "前\n"]


@pytest.mark.usefixtures("chunk")
def test_what_is_wrong_is_placed_however_a_file_is_cut() -> None:
    """The line of a byte that no encoding knows, and that of a NUL, are counted over the whole file."""
    assert text(b"id\na\nb\xe9c\n").notes[0].startswith("the file is not UTF-8 (line 3)")
    for content, encoding, told in (
        (b"id\na\nb\x81\n", None, "line 3: the byte 0x81 is neither UTF-8 nor cp1252"),
        (b"id\na\nb\xe9\n", "utf-8", "line 3: the byte 0xe9 is not UTF-8"),
        (b"id\na\nb\xe6\x97", "utf-8", "line 3: the byte 0xe6 is not UTF-8"),
        (b"id\na\n\nb\0\nc\0\n", None, "line 4: a NUL character"),
        (b"id\n\0\nb\xe9\n", "utf-8", "line 3: the byte 0xe9 is not UTF-8"),
        (b"id\nb\xe9\n\0\n", None, "line 3: a NUL character"),
    ):
        with pytest.raises(AccountsFileError, match=told):
            text(content, encoding)


@pytest.mark.parametrize("encoding", ["utf-88", "hex", "rot13"])
def test_an_encoding_that_is_none_of_text(encoding: str) -> None:
    """An encoding that Python does not know, or that makes no text of bytes, is refused."""
    with pytest.raises(ValueError, match=f"must name an encoding that Python knows .got '{encoding}'"):
        text(b"id\n", encoding)


def test_lines_keep_their_ends() -> None:
    """Lines end as those of a table do, or with a line feed alone; what Python takes for an end besides is none."""
    found = text("\ufeff\ufeffa\r\nb\rc\u2028\x0bd\n".encode())
    assert list(found.lines()) == ["a\r\n", "b\r", "c\u2028\x0bd\n"]
    assert list(found.lines("\n")) == ["a\r\n", "b\rc\u2028\x0bd\n"]
    assert (found.head(2), found.head(99)) == ("a", "a\r\nb\rc\u2028\x0bd\n")


def test_a_file_is_closed_when_nobody_reads_on() -> None:
    """Each reading opens the file anew, and closes it."""
    opened: list[io.BytesIO] = []

    def open_bytes() -> io.BytesIO:
        opened.append(io.BytesIO(b"a\nb\n"))
        return opened[-1]

    found = text_of("a.csv", open_bytes, None)
    some: Iterator[str] = found.lines()
    assert next(some) == "a\n"
    assert list(found.lines()) == ["a\n", "b\n"]
    del some
    assert len(opened) > 2
    assert all(one.closed for one in opened)


def test_lines_that_are_wrong_as_a_whole() -> None:
    """They have no attribute; the error lists them with the way out."""
    assert (bad_line(2, "no JSON", "x").attribute, bad_line(2, "no JSON", "x").value) == ("", "x")
    assert str(bad_lines("a.csv", [(1, "no header")], "write one")).endswith("line 1: no header\n\nHint: write one")
