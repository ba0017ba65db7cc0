import contextlib
import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from icpkit.errors import AccountsFileError
from icpkit.importing import BadCell
from icpkit.importing.files import check_ending, read_table, read_tables
from icpkit.table import Table


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Give a function that writes a file and reads it as a table."""

    def read(content: str | bytes, name: str = "a.csv", **options: Any) -> tuple[Table, tuple[BadCell, ...]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, **options)

    return read


def rows(table: Table) -> list[tuple[Any, ...]]:
    """Give the names and the rows of a table."""
    return [table.names, *zip(*table.columns, strict=True)]


def told(read: Any, content: str | bytes, name: str = "a.csv", **options: Any) -> list[str]:
    """Give the lines of the error that reading raises."""
    with pytest.raises(AccountsFileError) as caught:
        read(content, name, **options)
    return [line.strip() for line in str(caught.value).partition("\n\n")[0].splitlines()[1:]]


# Encodings

CP1252 = "the file is not UTF-8 (line 2); it was read as cp1252, the Western encoding of Windows"
UTF16 = "the file was read as UTF-16"


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", (UTF16,)),
        ("utf-16-le", (UTF16,)),
        ("utf-16-be", (UTF16,)),
        ("cp1252", (CP1252,)),
    ],
)
def test_an_encoding_is_found_and_told(read: Any, encoding: str, notes: tuple[str, ...]) -> None:
    """UTF-8 is read without a word; UTF-16, with a mark or without, and cp1252 are told."""
    table, bad = read("id,name\n1,Café – “x”\n".encode(encoding))
    assert (rows(table), bad, table.notes) == ([("id", "name"), ("1", "Café – “x”")], (), notes)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF_8", "utf8", "utf-16", "latin-1", "shift_jis"])
def test_an_encoding_that_is_declared(read: Any, encoding: str) -> None:
    """A declared encoding is taken, and nothing need be told."""
    table, _ = read("id,x\n1,£\n".encode(encoding), encoding=encoding)
    assert (rows(table)[1], table.notes) == (("1", "£"), ())


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_mark_before_quotes(read: Any, mark: str, encoding: str | None) -> None:
    """A mark, even twice, never hides the quotation marks of the first name, nor the first line of JSON."""
    content = f'{mark}"id, a","x"\n1,2\n'.encode(encoding or "utf-8")
    assert rows(read(content, encoding=encoding)[0]) == [("id, a", "x"), ("1", "2")]
    content = f'{mark}{{"id": 1}}'.encode(encoding or "utf-8")
    assert rows(read(content, "a.jsonl", encoding=encoding)[0]) == [("id",), (1,)]


UTF_8 = "save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
DAMAGED = "a NUL character: the file is damaged, or it is no text"


@pytest.mark.parametrize(
    ("content", "encoding", "line"),
    [
        (
            b"id\na\x81\xe9\n",
            None,
            f"line 2: the byte 0x81 is neither UTF-8 nor cp1252; {UTF_8}, or declare its encoding in the field map",
        ),
        (b"id\ncaf\xe9\n", "utf-8", f"line 2: the byte 0xe9 is not UTF-8; {UTF_8}"),
        (b"\xef\xbb\xbfid\ncaf\xe9\n", None, f"line 2: the byte 0xe9 is not UTF-8; {UTF_8}"),
        (b"id\ncaf\x81\n", "cp1252", f"line 2: the byte 0x81 is not CP1252; {UTF_8}"),
        (b"\xff\xfei\0d\0\n", None, f"line 1: the byte 0x0a is not UTF-16; {UTF_8}"),
        (b"id\na\nb\0\n", None, f"line 3: {DAMAGED}"),
        (b"PK\x03\x04\0\0\0\0", None, f"line 1: {DAMAGED}"),
    ],
)
def test_what_is_no_text(read: Any, content: bytes, encoding: str | None, line: str) -> None:
    """Bytes that no encoding knows are told with their line, and what to do about them."""
    assert told(read, content, encoding=encoding) == [line]


def test_an_encoding_that_nobody_knows(read: Any) -> None:
    """An encoding that Python does not know is a plain error."""
    with pytest.raises(ValueError, match=r"must name an encoding that Python knows .got 'utf-88'"):
        read("id\n", encoding="utf-88")


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-be")),
    st.sampled_from(("\n", "\r\n", "\r")),
)
@example([("Ã", "€")], "cp1252", "\r\n")
def test_any_text_comes_back(read: Any, cells: list[tuple[str, str]], encoding: str, end: str) -> None:
    """Whatever is written in any of these encodings, with any line ends, is read back as it was."""
    written = io.StringIO()
    csv.writer(written, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([("id", "x"), *cells])
    try:
        content = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + written.getvalue().encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    if encoding == "cp1252" and not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            pass
        else:
            assume(False)  # the same bytes are UTF-8, and nobody can tell
    table, bad = read(content)
    filled = [pair for pair in cells if any(map(str.strip, pair))]
    assert (rows(table), bad) == ([("id", "x"), *filled], ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40), st.sampled_from(("a.csv", "a.tsv", "a.jsonl")))
def test_any_bytes_are_a_table_or_one_error(read: Any, content: bytes, name: str) -> None:
    """Whatever a file holds, it becomes a table of equal columns, or the one error for files."""
    try:
        table, _ = read(content, name)
    except AccountsFileError:
        return
    assert {len(column) for column in table.columns} <= {len(table)}


# Separators


@pytest.mark.parametrize(
    ("content", "names", "sign"),
    [
        ("id;x\na;1\n", ("id", "x"), ";"),
        ("id|x\na|1\n", ("id", "x"), "|"),
        ("id\tx\na\t1\n", ("id", "x"), "\t"),
        ("id;x\na;1,5\nb;2,5\n", ("id", "x"), ";"),
        ("id;City, State;x\na;Austin, TX;1\n", ("id", "City, State", "x"), ";"),
        ("Name;City, State\na;Rome\nb;Bonn\n", ("Name", "City, State"), ";"),
        ('"id";"a,b"\n"x";"1"\n', ("id", "a,b"), ";"),
        ("id,x\na,1\n", ("id", "x"), None),
        ("id,tools\na,x;y\nb,x;z\n", ("id", "tools"), None),
        ("id,x\na\nb\n", ("id", "x"), None),
        ("id,x\na,1,\nb,2,\n", ("id", "x"), None),
        ("id\na;b\n", ("id",), None),
        ("id;x", ("id", "x"), ";"),
    ],
)
def test_a_separator_is_found_and_told(read: Any, content: str, names: tuple[str, ...], sign: str | None) -> None:
    """The separator that suits the header and the first rows best is taken; another than the usual one is told."""
    table, _ = read(content)
    assert (table.names, table.notes) == (names, () if sign is None else (f"the columns are separated by {sign!r}",))


def test_a_quotation_that_outlasts_the_sample(read: Any) -> None:
    """A long quoted cell at the end of the sample disturbs nothing."""
    assert rows(read('id;x\na;"' + "y\n" * 40_000 + '"\n')[0])[0] == ("id", "x")


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=; ", "\ufeffsep=;"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_first_line_for_spreadsheets(read: Any, first: str, end: str) -> None:
    """The line that spreadsheets write for themselves names the separator, and is no header."""
    table, _ = read(f"{first}{end}id;x{end}a;1{end}")
    assert (rows(table), tuple(table.lines)) == ([("id", "x"), ("a", "1")], (3,))
    assert table.notes == ("the columns are separated by ';', as the first line says",)
    assert rows(read(f"sep=\t{end}id\tx{end}a\t1")[0]) == [("id", "x"), ("a", "1")]


def test_a_separator_that_is_declared(read: Any) -> None:
    """A declared separator counts alone; the line for spreadsheets is left out all the same."""
    for content in ("id;x\na;1\n", "sep=;\nid;x\na;1\n", "sep=,\nid;x\na;1\n"):
        table, _ = read(content, delimiter=";")
        assert (rows(table), table.notes) == ([("id", "x"), ("a", "1")], ())
    assert rows(read("id;x\na;1\n", delimiter=",")[0]) == [("id;x",), ("a;1",)]
    assert rows(read("sep=x,id\na,b\n")[0])[0] == ("sep=x", "id")


# Lines


def test_lines_are_counted_as_an_editor_does(read: Any) -> None:
    """Each row knows where it begins, after blank lines, and after cells of several lines."""
    table, bad = read('\n id , x\n\n"a\nb",1\n,\nc\u2028d,2\n , \ne\x0bf,3\n')
    assert rows(table) == [("id", "x"), ("a\nb", "1"), ("c\u2028d", "2"), ("e\x0bf", "3")]
    assert (tuple(table.lines), bad) == ((4, 7, 9), ())


def test_lines_of_the_wrong_width(read: Any) -> None:
    """Blank cells at the end are dropped; too few and too many others are told with what stands there."""
    table, bad = read("id,x\na\nb,1\nc,1,2\nd,1, ,\n")
    assert (rows(table)[1:], tuple(table.lines)) == ([("b", "1"), ("d", "1")], (3, 5))
    assert [(cell.describe(), cell.value) for cell in bad] == [
        ("line 2: 2 columns are named, but the number of cells is 1", ("a",)),
        (
            "line 4: 2 columns are named, but the number of cells is 3; quote a cell that holds the separator",
            ("c", "1", "2"),
        ),
    ]


def test_many_rows(read: Any) -> None:
    """Rows come in their order however many there are, repeated cells, blank lines and wide ones among them."""
    lines = [f"{row},{row % 3}" + (", " if row % 700 == 5 else "") for row in range(2_000)]
    table, bad = read("id,x\n" + "\n".join(lines[:900]) + "\n\n" + "\n".join(lines[900:]))
    assert [list(column) for column in table.columns] == [
        [str(row) for row in range(2_000)],
        [str(row % 3) for row in range(2_000)],
    ]
    assert (list(table.lines), bad) == ([row + 2 + (row >= 900) for row in range(2_000)], ())


QUOTED = 'text follows a closing quotation mark; within quotes, write a quotation mark twice ("")'
EMPTY = "line 1: the file is empty; its first line must name the columns"
LONG = "a cell beyond 131,072 characters, or a quotation mark that is never closed"


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("", [EMPTY]),
        ("\n , \n", [EMPTY]),
        ("sep=;", [EMPTY]),
        ('"never closed', ["line 1: a quotation mark is opened and never closed"]),
        ('id,x\na,"b"c\n', [f"line 2: {QUOTED}"]),
        ("id,x\na,1\nb," + "y" * 140_000, [f"line 3: {LONG}"]),
        (
            'id,x\na\nb,"never closed\nc,1\n',
            [
                "line 2: 2 columns are named, but the number of cells is 1",
                "line 3: a quotation mark is opened and never closed",
            ],
        ),
    ],
    ids=["empty", "blank", "separator", "open", "text", "long", "two"],
)
def test_a_table_that_is_none(read: Any, content: str, lines: list[str]) -> None:
    """Where nobody knows where the next row begins, the whole file is one error."""
    assert told(read, content) == lines


def test_lines_of_json(read: Any) -> None:
    """Each line is an account; lines that are none are told, and blank ones do not count."""
    table, bad = read('{"id": "a\u2028b"}\r\n\n[1]\n{"x": 1.5, "id": null}\n5\n{"id": }\n', "a.jsonl")
    assert (rows(table), tuple(table.lines)) == ([("id", "x"), ("a\u2028b", None), (None, 1.5)], (1, 4))
    assert [cell.describe() for cell in bad] == [
        "line 3: a JSON list, but no object",
        "line 5: a JSON value, but no object",
        "line 6: no JSON: Expecting value at character 8",
    ]


# Pieces

TITLED = "Monthly report,,\nAs of 2026-11-21,,\n,,\nName,Employees,Country\nAcme,5,DE\nGlobex,7,US\n"


def pieces(path: Path, count: int, **options: Any) -> tuple[Table, tuple[BadCell, ...]]:
    """Read a file some rows at a time, and put the pieces together, having seen what is promised of each."""
    found = list(read_tables(path, rows=count, **options))
    tables = [table for table, _ in found]
    assert len({(table.names, table.source, table.notes, table.text, table.header_line) for table in tables}) == 1
    held = [len(table) + len(bad) for table, bad in found]
    assert max(held) <= count
    assert len(found) == 1 or all(held)
    numbers = [table.number(row) for table in tables for row in range(len(table))]
    assert numbers == list(range(1, len(numbers) + 1))
    columns = tuple(
        [cell for column in parts for cell in column] for parts in zip(*(one.columns for one in tables), strict=True)
    )
    lines = tuple(line for table in tables for line in table.lines)
    whole = Table(tables[0].names, columns, tables[0].source, lines, tables[0].notes, header_line=tables[0].header_line)
    return whole, tuple(cell for _, bad in found for cell in bad)


RECORD = st.one_of(
    st.tuples(CELLS, CELLS).map(list),
    st.just([""]),
    st.lists(CELLS, min_size=1, max_size=3),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORD, max_size=12), st.integers(1, 5), st.sampled_from(("\n", "\r\n", "\r")))
def test_pieces_of_a_table_make_the_whole(tmp_path: Path, records: list[list[str]], count: int, end: str) -> None:
    """Whatever the rows, and however many are read at a time: the same cells, lines and mistakes."""
    written = io.StringIO()
    csv.writer(written, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["id", "x"], *records])
    path = tmp_path / "a.csv"
    path.write_bytes(written.getvalue().encode())
    (whole, bad), (joined, bad_too) = read_table(path), pieces(path, count)
    assert (joined.names, joined.columns, tuple(joined.lines)) == (whole.names, whole.columns, tuple(whole.lines))
    assert (joined.notes, joined.header_line, bad_too) == (whole.notes, whole.header_line, bad)


@pytest.mark.parametrize("count", [1, 2, 127, 128, 129, 1_999, 2_000, 5_000])
def test_many_rows_come_in_pieces(tmp_path: Path, count: int) -> None:
    """Blank lines, wide ones and repeated cells are the same in pieces of any size, and so is what stands above."""
    lines = [f"{row},{row % 3}" + (", " if row % 700 == 5 else ",x" if row % 600 == 7 else "") for row in range(2_000)]
    text = "\n" * 300 + "id,x\n" + "\n".join(lines[:900]) + "\n" * 400 + "\n".join(lines[900:])
    path = tmp_path / "a.csv"
    forms: list[tuple[str, Any]] = [(text, {}), (f"title\n{text}", {"header_line": 2}), (f"sep=,\n{text}", {})]
    for content, options in forms:
        path.write_text(content, encoding="utf-8")
        (whole, bad), (joined, bad_too) = read_table(path, **options), pieces(path, count, **options)
        assert (joined.columns, tuple(joined.lines), bad_too) == (whole.columns, tuple(whole.lines), bad)
        assert len(bad) == 4


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_pieces_of_json_have_the_fields_of_all(tmp_path: Path, count: int) -> None:
    """A field that comes late is there from the beginning; lines that are no account are told with their piece."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1}\n\n[1]\n{"id": 2, "x": [5]}\n{"y": 1.5}\n{\n5\n', encoding="utf-8")
    (whole, bad), (joined, bad_too) = read_table(path), pieces(path, count)
    assert whole.names == joined.names == ("id", "x", "y")
    assert joined.columns == tuple(map(list, whole.columns)) == ([1, 2, None], [None, [5], None], [None, None, 1.5])
    assert (tuple(joined.lines), bad_too) == (tuple(whole.lines), bad)
    path.write_text("", encoding="utf-8")
    assert pieces(path, count)[0].names == ()


@pytest.mark.parametrize(
    ("content", "lines"), [("", [EMPTY]), ("\n , \n", [EMPTY]), ('"never', ["line 1: a quotation"])]
)
def test_pieces_of_what_is_no_table(tmp_path: Path, content: str, lines: list[str]) -> None:
    """What is wrong at the beginning is told as of the whole."""
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(AccountsFileError, match=lines[0]):
        next(read_tables(tmp_path / "a.csv", rows=2))


def test_a_table_that_breaks_off_gives_the_pieces_before(tmp_path: Path) -> None:
    """The error comes when it is reached, with its line and what else is wrong in that piece."""
    path = tmp_path / "a.csv"
    path.write_text('id,x\na,1\n"b\n",2\nc\nd,4\ne\nf,"6"x\n', encoding="utf-8")
    read = read_tables(path, rows=3)
    table, bad = next(read)
    assert ([*table.columns[0]], [cell.line for cell in bad]) == (["a", "b\n"], [5])
    with pytest.raises(AccountsFileError) as caught:
        next(read)
    assert [cell.describe() for cell in caught.value.offenders] == [
        "line 7: 2 columns are named, but the number of cells is 1",
        f"line 8: {QUOTED}",
    ]


def test_a_title_is_asked_about_before_the_first_piece(tmp_path: Path) -> None:
    """A first line that is no header is an error in pieces too."""
    (tmp_path / "a.csv").write_text(TITLED, encoding="utf-8")
    with pytest.raises(AccountsFileError, match="line 1: this looks like a title, and line 4 like the header"):
        next(read_tables(tmp_path / "a.csv", rows=2))
    assert pieces(tmp_path / "a.csv", 1, header_line=4)[0].columns[0] == ["Acme", "Globex"]


# Names of files


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a.xlsx", "fields.apply(pandas.read_excel('a.xlsx', dtype=object, keep_default_na=False))"),
        ("a.json", "save a sheet as CSV UTF-8, and JSON as one object a line"),
        ("csv", "save a sheet as CSV UTF-8"),
    ],
)
def test_a_file_of_another_kind(name: str, hint: str) -> None:
    """What cannot be read is refused by its name, with the way out."""
    with pytest.raises(ValueError, match=r"must end in \.csv, \.tsv, \.jsonl, \.ndjson") as caught:
        check_ending(name)
    assert hint in str(caught.value)


# Costs

ROW = "a,1,x\n"
LARGE: dict[str, tuple[str, str]] = {
    "blank lines": ("id,x,y\n" + "\n" * 100_000 + ROW, "a.csv"),
    "columns": (",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n", "a.csv"),
    "one line": (("x" * 40 + ",") * 120_000 + "\n", "a.csv"),
    "quotes": ("id,x\n" + 'a,"b\n' * 100_000, "a.csv"),
    "JSON": ('{"id": "' + "x" * 1_000_000 + '"}\n' + "[" * 1_000_000, "a.jsonl"),
    "separators": (";,|\t" * 300_000, "a.csv"),
}


@pytest.mark.no_cover
@pytest.mark.parametrize(("content", "name"), LARGE.values(), ids=LARGE)
def test_a_huge_file_costs_no_more_than_its_size(read: Any, content: str, name: str) -> None:
    """What is large costs as it is long: megabytes take seconds, whatever they hold."""
    start = time.process_time()
    with contextlib.suppress(AccountsFileError):
        read(content, name)
    assert time.process_time() - start < 15


def test_a_title_above_the_table_is_asked_about(read: Any) -> None:
    """A first line that fills at most half of the columns is no header: the error says where that seems to be."""
    with pytest.raises(
        AccountsFileError, match="line 1: this looks like a title, and line 4 like the header"
    ) as caught:
        read(TITLED)
    assert "declare header_line = 4 in the field map, or 1 if not" in str(caught.value)
    for found in (read(TITLED, header_line=4)[0], read(TITLED, find_header=True)[0]):
        assert (found.names, found.lines, found.header_line) == (("Name", "Employees", "Country"), (5, 6), 4)
    assert read(TITLED, header_line=1)[0].names == ("Monthly report", "", "")


@pytest.mark.parametrize(
    "content",
    [
        "Name,,Country\nAcme,5,DE\nGlobex,7,US\n",
        "Name,Employees,Country\nAcme,,\nGlobex,,\nHooli,,\n",
        "Name\nAcme\nGlobex\n",
        "Title,,\nAcme,5,DE\n",
    ],
)
def test_a_header_is_no_title(read: Any, content: str) -> None:
    """A header that names most columns, or as many as are filled, is one; of two lines nobody can tell."""
    assert read(content)[0].header_line == 1


def test_a_title_without_separators_hides_no_table(read: Any) -> None:
    """What separates the columns is found below a title, too, and lines keep their numbers."""
    table, bad = read("My report\r\n\r\nName;Employees\r\nAcme;5\r\nGlobex;7\r\n", find_header=True)
    assert (table.names, table.lines, table.header_line, bad) == (("Name", "Employees"), (4, 5), 3, ())


def test_a_header_below_the_end_is_none(read: Any) -> None:
    """A file that ends above the header that is declared is empty."""
    assert told(read, "a,b\n1,2\n", header_line=9) == [
        "line 1: the file is empty; its first line must name the columns"
    ]
