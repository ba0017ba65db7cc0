from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from tests.importing import torture
from tests.importing.invented import EXPORTS, Invented
from tests.importing.readers import AS_TEXT, TYPED, exactly

AS_OF = "2024-11-21"


@pytest.fixture(scope="module")
def fields() -> icp.FieldMap:
    """The one field map for all readers."""
    return icp.loads_fields(torture.FIELDS)


@pytest.fixture
def meant() -> str:
    """What the torture file holds, kinds of values included."""
    return repr(("id", torture.ACCOUNTS))


def scores_of(accounts: icp.Accounts) -> list[dict[str, Any]]:
    """Give the scores of accounts with all that was found on the way."""
    scorer = icp.Scorer(icp.loads(torture.PROFILE))
    return [scorer.score(one, as_of=AS_OF, key=accounts.key).to_dict(explanation=True) for one in accounts]


# As text


def test_the_file_is_read_as_it_is_meant(tmp_path: Path, fields: icp.FieldMap, meant: str) -> None:
    """Every cell of the torture file becomes what its field says, and nothing is left over."""
    accounts = icp.read_accounts(torture.write_csv(tmp_path / "torture.csv"), fields)
    assert exactly(accounts) == meant
    assert (accounts.bad, accounts.left_out) == ((), ())
    assert accounts.warnings == ("column 21 has no name and is left out",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_the_same_in_every_encoding(tmp_path: Path, fields: icp.FieldMap, meant: str, encoding: str) -> None:
    """Whatever encoding a file has, it is found out."""
    assert exactly(icp.read_accounts(torture.write_csv(tmp_path / "torture.csv", encoding), fields)) == meant


#: Of DuckDB and lazy Polars, each reads UTF-8 alone.
READABLE = [
    pytest.param(reader, encoding, id=f"{name}, {encoding}")
    for name, reader in AS_TEXT.items()
    for encoding in ("utf-8", *(() if name in {"DuckDB", "Polars, lazy"} else ("cp1252", "utf-16")))
]


@pytest.mark.no_cover
@pytest.mark.parametrize(("reader", "encoding"), READABLE)
def test_every_reader_gives_the_same_accounts_and_scores(
    tmp_path: Path, fields: icp.FieldMap, meant: str, reader: Callable[..., Any], encoding: str
) -> None:
    """A file that a library has read as text gives the accounts of the file, and their scores, to the letter."""
    path = torture.write_csv(tmp_path / "torture.csv", encoding if encoding != "utf-8" else "utf-8-sig")
    accounts = fields.apply(reader(path, encoding))
    assert exactly(accounts) == meant
    assert scores_of(accounts) == scores_of(icp.read_accounts(path, fields))


def test_the_scores_are_worth_comparing(tmp_path: Path, fields: icp.FieldMap) -> None:
    """The accounts of the torture file have fits of their own, and unknowns among them."""
    scores = scores_of(icp.read_accounts(torture.write_csv(tmp_path / "torture.csv"), fields))
    assert len({one["fit"] for one in scores}) == len(torture.ROWS)
    assert min(one["coverage"] for one in scores) < 1


def test_json_lines_are_the_same(tmp_path: Path, fields: icp.FieldMap, meant: str) -> None:
    """In JSON Lines a column that comes twice was renamed by whoever wrote them; it is found all the same."""
    assert exactly(icp.read_accounts(torture.write_json_lines(tmp_path / "torture.jsonl"), fields)) == meant


@pytest.mark.parametrize("kind", [object, str])
def test_sheets_are_the_same(tmp_path: Path, fields: icp.FieldMap, meant: str, kind: type) -> None:
    """A sheet of text cells that pandas has read gives the accounts of the file."""
    path = torture.write_sheet(tmp_path / "torture.xlsx")
    assert exactly(fields.apply(pd.read_excel(path, dtype=kind, keep_default_na=False))) == meant


def arrow_of(frame: pd.DataFrame, kind: pa.DataType) -> pa.Table:
    """Give an Arrow table whose columns are of one kind; a name may come twice."""
    arrays = [pa.array(frame.iloc[:, place].tolist(), pa.string()).cast(kind) for place in range(frame.shape[1])]
    return pa.Table.from_arrays(arrays, names=[str(name) for name in torture.HEADER])


CONTAINERS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas objects": lambda frame: frame.astype(object),
    "pandas strings": lambda frame: frame.astype("string"),
    "pandas categories": lambda frame: frame.astype("category"),
    "pandas with None": lambda frame: frame.astype(object).where(frame != "", None),
    "pandas with NaN": lambda frame: frame.where(frame != ""),
    "pandas with an index": lambda frame: frame.set_index(pd.Index([3, 3, 1, 2, 9, -1], name="row")),
    "pandas with the key as index": lambda frame: frame.set_index("Account ID"),
    "Polars": pl.from_pandas,
    "Polars, lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "Polars categories": lambda frame: pl.from_pandas(frame).cast(pl.Categorical),
    "Arrow, large strings": lambda frame: arrow_of(frame, pa.large_string()),
    "Arrow, string views": lambda frame: arrow_of(frame, pa.string_view()),
    "Arrow, dictionaries": lambda frame: arrow_of(frame, pa.dictionary(pa.int32(), pa.string())),
    "Arrow batches": lambda frame: pa.RecordBatchReader.from_batches(
        (table := arrow_of(frame, pa.string())).schema, table.to_batches(max_chunksize=2)
    ),
    "DuckDB, of pandas": duckdb.from_df,
    "columns": lambda frame: frame.to_dict("list"),
    "columns of numpy": lambda frame: {name: frame[name].to_numpy() for name in frame.columns},
    "columns of pandas": lambda frame: {name: frame[name] for name in frame.columns},
    "columns of Polars": lambda frame: pl.from_pandas(frame).to_dict(),
    "columns of Arrow": lambda frame: {name: pa.array(frame[name], pa.string()) for name in frame.columns},
    "records": lambda frame: frame.to_dict("records"),
    "rows of pandas": lambda frame: (row for _, row in frame.iterrows()),
}


@pytest.mark.parametrize("contain", CONTAINERS.values(), ids=CONTAINERS)
def test_what_holds_the_text_makes_no_difference(
    tmp_path: Path, fields: icp.FieldMap, meant: str, contain: Callable[[pd.DataFrame], Any]
) -> None:
    """The same text in other containers gives the same accounts."""
    frame = AS_TEXT["pandas"](torture.write_csv(tmp_path / "torture.csv"))
    assert exactly(fields.apply(contain(frame))) == meant


@pytest.fixture(scope="module", params=EXPORTS.values(), ids=list(EXPORTS))
def export(request: pytest.FixtureRequest) -> Invented:
    """An export in the format of each known system in turn, as all readers can read it."""
    export: Invented = attrs.evolve(request.param, encoding="utf-8")
    return export


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, export: Invented) -> Path:
    """The export's file."""
    return export.write(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def accounts_of_the_file(export: Invented, exported: Path) -> icp.Accounts:
    """What the file itself gives."""
    return icp.read_accounts(exported, export.field_map(), on_invalid="unknown")


@pytest.mark.no_cover
@pytest.mark.parametrize("reader", AS_TEXT.values(), ids=AS_TEXT)
def test_exports_of_known_systems_are_the_same(
    export: Invented, exported: Path, accounts_of_the_file: icp.Accounts, reader: Callable[..., Any]
) -> None:
    """An export in the format of a known system gives the same accounts, whoever has read it."""
    accounts = accounts_of_the_file
    read = export.field_map().apply(reader(exported, "utf-8", export.delimiter), on_invalid="unknown")
    assert exactly(read) == exactly(accounts)
    assert [(cell.attribute, cell.row) for cell in read.bad] == [(cell.attribute, cell.row) for cell in accounts.bad]
    assert len(accounts.bad) < len(accounts)


@pytest.mark.parametrize("reader", AS_TEXT.values(), ids=AS_TEXT)
def test_rows_that_hold_nothing_are_no_accounts(tmp_path: Path, reader: Callable[..., Any]) -> None:
    """Blank lines, of which some readers make rows and others none, are left out everywhere, and that is said."""
    path = tmp_path / "a.csv"
    path.write_text('id,employees,name\n,,\nacme,5,\n\n" ",,\nglobex,,\n,7,\n,,\n\n')
    fields = icp.FieldMap([icp.Field("id"), icp.Field("employees", parse="number")])
    accounts = fields.apply(reader(path))
    assert exactly(accounts) == exactly(icp.read_accounts(path, fields))
    assert list(accounts) == [
        {"id": "acme", "employees": 5},
        {"id": "globex", "employees": None},
        {"id": None, "employees": 7},
    ]
    assert accounts.warnings[0].startswith("rows that hold nothing are left out: ")


# With the guesses of each reader

#: Real columns, of which readers make numbers, dates and truths, with cells that are blank.
GUESSED = """\
id,employees,revenue,founded,active,asked,won,signed,seen,seen_utc,naics,level,big,country,guard,sales,zip,note
A-1,320,18.3,1996,TRUE,TRUE,1,2024-01-31,2024-01-31 10:15,2024-01-31T10:15Z,54,1,9007199254740993,NA,-1,1e3,01067,.50
A-2,,0.07,,FALSE,,0,,,,,,9007199254740992,None,7,2500000.5,10115,2
A-3,1058,1100.04,2013,TRUE,FALSE,1,2024-12-01,2024-12-01 00:00:00,2024-12-01T00:00Z,51,3,12,DE,,1e13,00501,0.5
"""
GUESSED_FIELDS = icp.FieldMap(
    [
        icp.Field("id"),
        icp.Field("employees", parse="size"),
        icp.Field("revenue", parse="number", unit="millions"),
        icp.Field("amount", "revenue", parse="money"),
        icp.Field("founded", parse="year"),
        icp.Field("founded_text", "founded"),
        icp.Field("active", parse="flag"),
        icp.Field("asked", parse="flag"),
        icp.Field("won", parse="flag"),
        icp.Field("signed", parse="date"),
        icp.Field("seen", parse="date", zone="Europe/Berlin"),
        icp.Field("seen_utc", parse="date"),
        icp.Field("seen_year", "signed", parse="year"),
        icp.Field("naics", parse="labels"),
        icp.Field("level", replace={"1": "tiny", "3": "large"}),
        icp.Field("big"),
        icp.Field("biggest", "big", parse="number"),
        icp.Field("country"),
        icp.Field("guard", parse="number", unknown=["-1"]),
        icp.Field("sales", parse="number"),
        icp.Field("zip"),
        icp.Field("note"),
    ],
    currency="USD",
)


@pytest.fixture
def guessed(tmp_path: Path) -> Path:
    """The file of which readers guess the kinds."""
    path = tmp_path / "guessed.csv"
    path.write_text(GUESSED)
    return path


def differing(one: icp.Accounts, other: icp.Accounts) -> dict[str, tuple[Any, ...]]:
    """Give the attributes that are not the same, kinds of values included, as the other has them."""
    assert (one.names, one.key) == (other.names, other.key)
    pairs = zip(one.names, one.columns, other.columns, strict=True)
    return {name: column for name, first, column in pairs if repr(first) != repr(column)}


@pytest.mark.parametrize("reader", TYPED.values(), ids=TYPED)
def test_what_readers_guess_is_read_as_the_text_that_stood_there(guessed: Path, reader: Callable[..., Any]) -> None:
    """Numbers, dates and truths are the same however a reader has typed them; zeros around numbers alone are lost."""
    as_text = icp.read_accounts(guessed, GUESSED_FIELDS, on_invalid="unknown")
    assert as_text.column("biggest") == (None, 9007199254740992, 12)
    typed = GUESSED_FIELDS.apply(reader(guessed), on_invalid="unknown")
    lost = {"zip": ("1067", "10115", "501"), "note": ("0.5", "2", "0.5")}
    if reader is TYPED["DuckDB"]:  # it takes numbers that begin with a zero for text
        del lost["zip"]
    assert differing(as_text, typed) == lost
    assert [(cell.attribute, cell.row) for cell in typed.bad] == [("biggest", 1)]


def test_defaults_of_pandas_lose_answers(tmp_path: Path) -> None:
    """Where pandas may choose what is unknown, answers such as NA and None are lost; all the rest is the same."""
    path = tmp_path / "a.csv"
    path.write_text(
        "id,country,competitor,stage,employees\nA-1,NA,None,null,5\nA-2,DE,Globex,Won,\nNULL,US,n/a,Lost,7\n"
    )
    fields = icp.FieldMap([*map(icp.Field, ("id", "country", "competitor", "stage"))]).with_field(
        icp.Field("employees", parse="number")
    )
    accounts = fields.apply(pd.read_csv(path))
    assert differing(icp.read_accounts(path, fields), accounts) == {
        "id": ("A-1", "A-2", None),
        "country": (None, "DE", "US"),
        "competitor": (None, "Globex", None),
        "stage": (None, "Won", "Lost"),
    }


def test_numbers_of_more_digits_than_a_float_keeps_are_no_text() -> None:
    """A key that a reader has made a float of may be another than it was: it is refused rather than told wrong."""
    fields = icp.FieldMap([icp.Field("id")])
    frame = pd.DataFrame({"id": [9007199254740993, None], "name": ["Acme", "Globex"]})
    accounts = fields.apply(frame, on_invalid="unknown")
    assert accounts.keys == ("", "")
    assert accounts.bad[0].describe() == (
        "row 1: id = 9007199254740992.0: a number of more digits than a float keeps; read the column as text"
    )
    assert fields.apply([{"id": 9007199254740993}]).keys == ("9007199254740993",)


def test_sheets_with_kinds_of_their_own(tmp_path: Path) -> None:
    """Cells that a spreadsheet keeps as numbers, dates and truths are what their text would be."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", "employees", "founded", "signed", "active"])
    sheet.append([7, 320, 1996, datetime(2024, 1, 31), True])
    sheet.append(["A-2", "51-200", "2013 (1888)", "2024-02-29", "no"])
    book.save(tmp_path / "a.xlsx")
    fields = icp.FieldMap(
        [
            icp.Field("id"),
            icp.Field("employees", parse="size"),
            icp.Field("founded", parse="year"),
            icp.Field("signed", parse="date"),
            icp.Field("active", parse="flag"),
        ]
    )
    path = tmp_path / "a.csv"
    path.write_text(
        "id,employees,founded,signed,active\n7,320,1996,2024-01-31,TRUE\nA-2,51-200,2013 (1888),2024-02-29,no\n"
    )
    accounts = fields.apply(pd.read_excel(tmp_path / "a.xlsx", dtype=object, keep_default_na=False))
    assert exactly(accounts) == exactly(icp.read_accounts(path, fields))
