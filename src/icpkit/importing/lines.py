"""Files as text: encodings found out, lines one by one, and lines that are wrong as a whole."""

import codecs
import io
import os
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final, TypeAlias

import attrs

from icpkit.errors import AccountsFileError
from icpkit.importing.accounts import BadCell

#: Opens a file once more, at its beginning.
Open: TypeAlias = Callable[[], BinaryIO]

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: How many bytes tell UTF-16 without a mark, and how many are decoded at a time.
_SAMPLE, _CHUNK = 4_096, 2**20


@attrs.frozen(eq=False)
class Text:
    """The text of a file, which can be read again.

    Attributes:
        open_bytes: opens the file.
        encoding: its encoding, in which all of it can be read.
        notes: what is worth telling about that.
    """

    open_bytes: Open
    encoding: str
    notes: tuple[str, ...] = ()

    def head(self, count: int) -> str:
        """Give its first characters."""
        with io.TextIOWrapper(self.open_bytes(), self.encoding, newline="") as text:
            return _without_mark(text.read(count))

    def lines(self, end: str = "") -> Iterator[str]:
        r"""Give its lines with their ends, for which an empty text stands for \n, \r and \r\n."""
        with io.TextIOWrapper(self.open_bytes(), self.encoding, newline=end) as text:
            yield _without_mark(text.readline())
            yield from text


def _without_mark(text: str) -> str:
    """Leave out the mark of an encoding, which may come twice, or where the encoding was declared."""
    return text.lstrip("\ufeff")


def text_of(path: "str | os.PathLike[str]", open_bytes: Open, encoding: str | None) -> Text:
    r"""Find out the encoding, and look through the whole file for what is no text in it.

    Args:
        path: what the file is called in messages.
        open_bytes: opens it.
        encoding: its encoding, or None to find out: UTF-8, UTF-16 or cp1252.

    Raises:
        AccountsFileError: for bytes that the encoding does not know, and for a NUL.
        ValueError: for an encoding that Python does not know.

    >>> text = text_of("a.csv", lambda: io.BytesIO("id\nCafé\n".encode("cp1252")), None)
    >>> text.encoding, list(text.lines())
    ('cp1252', ['id\n', 'Café\n'])
    """
    notes: tuple[str, ...] = ()
    if encoding is None:
        with open_bytes() as file:
            sample = file.read(_SAMPLE)
        encoding = next((name for mark, name in _MARKS if sample.startswith(mark)), None) or _unmarked(sample)
        if encoding.startswith("utf-16"):
            notes = ("the file was read as UTF-16",)
    else:
        encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding
    problem, line = _problem(open_bytes, encoding)
    if problem is not None and encoding == "utf-8":
        encoding, first = "cp1252", line
        problem, line = _problem(open_bytes, encoding)
        if problem is not None:
            way_out = "save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”), or declare its encoding in the field map"
            raise bad_lines(path, [(line, f"{problem} is neither UTF-8 nor cp1252; {way_out}")])
        notes = (f"the file is not UTF-8 (line {first}); it was read as cp1252, the Western encoding of Windows",)
    elif problem is not None:
        told = f"{problem} is not {encoding.upper().removesuffix('-SIG')}"
        raise bad_lines(path, [(line, f"{told}; save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)")])
    if line:
        raise bad_lines(path, [(line, "a NUL character: the file is damaged, or it is no text")])
    return Text(open_bytes, encoding, notes)


def _problem(open_bytes: Open, encoding: str) -> tuple[str | None, int]:
    """Give the first byte that an encoding does not know, and its line; or the first line with a NUL, or 0."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses what codecs knows, and is none of text
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise ValueError(f"FieldMap.encoding must name an encoding that Python knows (got {encoding!r})") from None
    line, nul = 1, 0
    with open_bytes() as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if not nul and "\0" in text:
                    nul = line + text.count("\n", 0, text.index("\0"))
                line += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            place = error.object.count(b"\n", 0, error.start)
            return f"the byte 0x{error.object[error.start]:02x}", line + place
    return None, nul


def _unmarked(raw: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: every second byte of plain letters is one."""
    sample = raw[:_SAMPLE]
    if len(sample) >= 4 and sample.count(0) > len(sample) // 4:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if min(even, odd) * 8 < max(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def bad_lines(path: "str | os.PathLike[str]", told: Iterable[tuple[int, str]], hint: str = "") -> AccountsFileError:
    """Make the error for lines that are wrong as a whole.

    Args:
        path: the file.
        told: each line, from 1, and what is wrong with it.
        hint: the way out.
    """
    return AccountsFileError(os.fspath(path), [bad_line(line, reason) for line, reason in told], hint=hint)


def bad_line(line: int, reason: str, value: object = None) -> BadCell:
    """Tell what is wrong with a whole line, from 1.

    >>> bad_line(2, "no JSON").describe()
    'line 2: no JSON'
    """
    return BadCell(None, "", value, reason, line)
