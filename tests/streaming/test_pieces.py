import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import feather, ipc
from pyarrow import parquet as pq

import icpkit as icp
from icpkit.importing import accounts_in_pieces
from icpkit.streaming import pieces
from tests.streaming.streamed import DAY, TABLE, accounts, read, reference, score, write


def _feather(path: Path) -> None:
    feather.write_feather(TABLE, path, chunksize=11)


def _stream(path: Path) -> None:
    with ipc.new_stream(path, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=11)


def _views(path: Path) -> None:
    pq.write_table(TABLE.set_column(2, "industry", TABLE["industry"].dictionary_encode()), path)


def _csv(path: Path, table: Any = TABLE) -> None:
    rows = [
        {**row, "tools": "" if row["tools"] is None else str(row["tools"]).replace("'", '"')}
        for row in table.to_pylist()
    ]
    lines = [";".join("" if value is None else str(value) for value in row.values()) for row in rows]
    path.write_text("\n".join((";".join(TABLE.column_names), *lines)), encoding="utf-8")


def _lines(path: Path) -> None:
    """Write the first accounts without what is null."""
    rows = [
        {name: value for name, value in row.items() if value is not None or place > 30}
        for place, row in enumerate(TABLE.to_pylist())
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.feather", _feather), ("a.arrow", _stream), ("a.pq", _views), ("a.csv", _csv), ("a.jsonl", _lines)],
)
def test_every_kind_of_file_is_read(tmp_path: Path, name: str, make: Any) -> None:
    """Feather, Arrow streams, dictionaries in Parquet, CSV and JSON Lines have the same scores."""
    make(tmp_path / name)
    report = score(tmp_path / name, tmp_path / "out", rows=8)
    assert read(tmp_path / "out") == reference(TABLE)
    assert report.parts[0].path == str(tmp_path / "out" / "a.parquet")


FIELDS = icp.FieldMap(
    [
        icp.Field("id", "Account"),
        icp.Field("employees", "Employees", parse="number"),
        icp.Field("industry", "Sector"),
        icp.Field("tools", "Stack", parse="labels", split=","),
        icp.Field("country", "Country"),
        icp.Field("partner", "Partner", parse="flag"),
    ]
)
EXPORT = pa.table(
    {
        "Account": ["a", "b", None],
        "Employees": ["1,058", "many", "70"],
        "Sector": ["Software", "-", "Software"],
        "Stack": ["Slack, Jira", "", "Slack"],
        "Country": ["DE", "KP", "US"],
        "Partner": ["yes", "no", ""],
    }
)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_field_map_reads_any_file(tmp_path: Path, ending: str) -> None:
    """A field map names the columns and the key; what it cannot read is counted, once."""
    path = tmp_path / f"export.{ending}"
    if ending == "csv":
        rows = [list(EXPORT.column_names), *([row[name] or "" for name in row] for row in EXPORT.to_pylist())]
        path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    else:
        pq.write_table(EXPORT, path)
    report = score(path, tmp_path / "out", key=None, fields=FIELDS, on_invalid="unknown")
    found = read(tmp_path / "out")
    assert {row["key"] for row in found} == {None, "a", "b"}
    assert report.invalid == {"employees": 1}
    with pytest.raises(icp.StreamError, match=r"Employees.*'many'"):
        score(path, tmp_path / "other", key="id", fields=FIELDS)


def test_cells_without_a_field_map_are_counted_once(tmp_path: Path) -> None:
    """Values and lines of CSV that cannot be read are counted; lines below an empty name."""
    path = tmp_path / "a.csv"
    path.write_text("id,employees\na,many\nb,70\nc,70,x,y\n", encoding="utf-8")
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 50, 500)])])
    report = icp.score_files(profile, path, tmp_path / "out", key=None, as_of=DAY, on_invalid="unknown")
    assert report.invalid == {"employees": 1, "": 1}
    assert "lines left out 1" in str(report)
    assert [row["key"] for row in read(tmp_path / "out")] == ["a", "b"]


@pytest.mark.parametrize("ending", ["parquet", "feather", "csv"])
def test_a_file_without_accounts_gives_an_empty_part(tmp_path: Path, ending: str) -> None:
    """The part has the schema of the others; a column that is missing is found all the same."""
    path = tmp_path / f"a.{ending}"
    none = TABLE.slice(0, 0)
    if ending == "csv":
        path.write_text(",".join(TABLE.column_names) + "\n", encoding="utf-8")
    elif ending == "feather":
        feather.write_feather(none, path)
    else:
        pq.write_table(none, path)
    report = score(path, tmp_path / "out")
    assert report.rows == 0
    score(write(tmp_path, "full.parquet", TABLE), tmp_path / "out")
    empty, full = (pq.read_schema(tmp_path / "out" / f"{one}.parquet") for one in ("a", "full"))
    assert empty.remove_metadata().equals(full.remove_metadata())
    with pytest.raises(icp.StreamError, match="'partner' is not there"):
        score(write(tmp_path, "b.parquet", none.drop_columns(["partner"])), tmp_path / "out2")


def test_nested_records_are_read(tmp_path: Path) -> None:
    """A path into nested records reads their column, and no other."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("hq.country", ["DE"])])])
    table = pa.table({"id": ["a", "b"], "hq": [{"country": "DE", "city": "Ulm"}, {"country": "FR", "city": None}]})
    path = write(tmp_path, "a.parquet", table)
    icp.score_files(profile, path, tmp_path / "out", key="id", as_of=DAY)
    assert [row["fit"] for row in read(tmp_path / "out")] == [100.0, 0.0]


def damaged(path: Path, column: str, group: int) -> None:
    """Damage the data of one column in one row group."""
    footer = pq.read_metadata(path)
    place = footer.schema.names.index(column)
    chunk = footer.row_group(group).column(place)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * chunk.total_compressed_size)


def test_a_bad_file_names_itself_its_row_group_and_column(tmp_path: Path) -> None:
    """The error says where it is; nothing is left of the part."""
    path = write(tmp_path, "a.parquet", TABLE, row_group_size=20)
    damaged(path, "country", 1)
    with pytest.raises(icp.StreamError) as caught:
        score(path, tmp_path / "out")
    said = str(caught.value)
    assert said.startswith(f"{path}, row group 1 (from 0; accounts 21 to 40): the column 'country' cannot be read: ")
    assert 'on_error="skip"' in said
    assert (caught.value.path, caught.value.group) == (str(path), 1)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_fails_only_together_is_told_without_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each column can be read by itself, the row group is named."""

    class Moody(pq.ParquetFile):  # type: ignore[misc]  # Arrow has no types
        def iter_batches(self, *given: Any, **settings: Any) -> Any:
            if len(settings["columns"]) > 1:
                yield from ()
                raise OSError("no luck")
            yield from super().iter_batches(*given, **settings)

    monkeypatch.setattr(pq, "ParquetFile", Moody)
    with pytest.raises(icp.StreamError, match=r"row group 0 .*: no luck"):
        score(write(tmp_path, "a.parquet", TABLE), tmp_path / "out")


def test_a_repeated_key_names_the_row_group(tmp_path: Path) -> None:
    """Keys are checked within what is read at a time, and not across files."""
    twice = pa.concat_tables([TABLE.slice(0, 2), TABLE.slice(0, 2)])
    with pytest.raises(icp.StreamError, match=r"row group 0 .*must stand in one row"):
        score(write(tmp_path, "a.parquet", twice), tmp_path / "out")
    assert score(tmp_path / "a.parquet", tmp_path / "out", rows=2).rows == 4


def test_where_files_do_not_tell_the_total_is_unknown(tmp_path: Path) -> None:
    """CSV must be read to be counted."""
    _csv(tmp_path / "a.csv")
    told: list[Any] = []
    score(tmp_path / "a.csv", tmp_path / "out", rows=25, progress=lambda *one: told.append(one))
    assert told == [(count, None, str(tmp_path / "a.csv")) for count in (25, 50, 60)]


@pytest.mark.parametrize(("ending", "fields"), [("csv", None), ("parquet", None), ("parquet", FIELDS)])
def test_how_much_is_read_at_a_time_depends_on_what_it_takes(tmp_path: Path, ending: str, fields: Any) -> None:
    """Objects of Python take far more memory than Arrow: of these, fewer are read at a time."""
    table = accounts(20_000)
    path = tmp_path / f"a.{ending}"
    if ending == "csv":
        _csv(path, table)
    else:
        names = ["Account", "Employees", "Sector", "Stack", "Country", "Partner", "note"]
        texts = [*(table[name].cast(pa.string()) for name in ("id", "employees", "industry"))]
        texts += [pa.nulls(20_000, pa.string()), table["country"], table["partner"].cast(pa.string())]
        write(tmp_path, path.name, table if fields is None else pa.table([*texts, table["note"]], names=names))
    told: list[int] = []
    score(path, tmp_path / "out", fields=fields, progress=lambda done, *_: told.append(done))
    assert told == ([20_000] if ending == "parquet" and fields is None else [16_384, 20_000])


def test_mistakes_of_text_are_told_with_their_lines(tmp_path: Path) -> None:
    """Wherever in a file a piece begins, its mistakes have the lines of the file, and nothing is left of the part."""
    _csv(tmp_path / "a.csv")
    good = (tmp_path / "a.csv").read_text(encoding="utf-8").split("\n")
    for bad, said in (
        ("a;many;Software;;DE;True;n", "line 42: employees = 'many'"),
        ("a;5", "line 42: 7 columns are named, but the number of cells is 2"),
        ('a;"5"x;Software;;DE;True;n', "line 42: text follows a closing quotation mark"),
    ):
        (tmp_path / "a.csv").write_text("\n".join([*good[:41], bad, *good[41:]]), encoding="utf-8")
        with pytest.raises(icp.StreamError, match=said) as caught:
            score(tmp_path / "a.csv", tmp_path / "out", rows=10)
        assert str(caught.value).count("a.csv") == 1
        assert (caught.value.path, caught.value.group) == (str(tmp_path / "a.csv"), None)
        assert list((tmp_path / "out").iterdir()) == []


def test_what_cannot_be_scored_of_text_is_told_with_its_piece(tmp_path: Path) -> None:
    """Keys are checked within what is read at a time; the error says which accounts these are."""
    _csv(tmp_path / "a.csv", pa.concat_tables([TABLE, TABLE.slice(55)]))
    assert score(tmp_path / "a.csv", tmp_path / "out", rows=5).rows == 65
    with pytest.raises(
        icp.StreamError, match=r"a\.csv, batch 1 \(from 0; accounts 51 to 65\): .*must stand in one row"
    ):
        score(tmp_path / "a.csv", tmp_path / "other", rows=50)


def test_text_is_scored_before_it_is_read_to_its_end(tmp_path: Path) -> None:
    """A piece is scored while the next one is read: of a long file, no more is held."""
    _csv(tmp_path / "a.csv")
    held: list[int] = []
    read = accounts_in_pieces

    def watched(*given: Any, **settings: Any) -> Any:
        for number, piece in enumerate(read(*given, **settings)):
            held.append(number)
            yield piece

    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "accounts_in_pieces", watched)
        score(tmp_path / "a.csv", tmp_path / "out", rows=6, progress=lambda done, *_: told.append((done, len(held))))
    assert told == [(6 * part, min(part + 1, 10)) for part in range(1, 11)]
