import logging
import os
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest
from pyarrow import feather, ipc
from pyarrow import parquet as pq

import icpkit as icp
from icpkit.streaming import parts
from tests.streaming.streamed import DAY, PROFILE, accounts, read, reference, write

TABLE = accounts(60)


def score(paths: Any, out: Path, **settings: Any) -> icp.FilesReport:
    """Score files with the settings of most tests."""
    return icp.score_files(PROFILE, paths, out, **{"key": "id", "as_of": DAY, **settings})


def hidden(folder: Path) -> list[Path]:
    """List what a broken run has left."""
    return [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_files_give_what_the_whole_table_gives(tmp_path: Path) -> None:
    """One part for each file, and together the scores of the whole table."""
    for place in range(3):
        write(tmp_path, f"in/{place}.parquet", TABLE.slice(20 * place, 20), row_group_size=7)
    report = score(tmp_path / "in" / "*.parquet", tmp_path / "out")
    assert read(tmp_path / "out") == reference(TABLE)
    assert [Path(part.path).name for part in report.parts] == ["0.parquet", "1.parquet", "2.parquet"]
    assert (report.rows, [part.rows for part in report.parts]) == (60, [20, 20, 20])
    many = icp.score_batch(PROFILE, TABLE, key="id", as_of=DAY)
    assert (report.status, report.tier, report.invalid) == (many.stats["status"], many.stats["tier"], {})
    assert not hidden(tmp_path)


@pytest.mark.parametrize("rows", [1, 4, 1000])
def test_scores_do_not_depend_on_how_much_is_read_at_a_time(tmp_path: Path, rows: int) -> None:
    """Parts are the same in any steps, with contributions too."""
    path = write(tmp_path, "a.parquet", TABLE, row_group_size=9)
    score(path, tmp_path / "out", rows=rows, contributions=True)
    assert read(tmp_path / "out") == reference(TABLE, contributions=True)


def _feather(path: Path) -> None:
    feather.write_feather(TABLE, path, chunksize=11)


def _stream(path: Path) -> None:
    with ipc.new_stream(path, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=11)


def _views(path: Path) -> None:
    pq.write_table(TABLE.set_column(2, "industry", TABLE["industry"].dictionary_encode()), path)


def _csv(path: Path) -> None:
    rows = [
        {**row, "tools": "" if row["tools"] is None else str(row["tools"]).replace("'", '"')}
        for row in TABLE.to_pylist()
    ]
    lines = [";".join("" if value is None else str(value) for value in row.values()) for row in rows]
    path.write_text("\n".join((";".join(TABLE.column_names), *lines)), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make"), [("a.feather", _feather), ("a.arrow", _stream), ("a.pq", _views), ("a.csv", _csv)]
)
def test_every_kind_of_file_is_read(tmp_path: Path, name: str, make: Any) -> None:
    """Feather, Arrow streams, dictionaries in Parquet and CSV have the same scores."""
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


def test_accounts_need_no_key(tmp_path: Path) -> None:
    """Without a key the results have none; the first column of text is one."""
    path = write(tmp_path, "a.parquet", TABLE)
    score(path, tmp_path / "out", key=None)
    assert list(read(tmp_path / "out")[0]) == ["fit", "tier", "status", "coverage", "low", "high"]


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
    wanted = icp.arrow_schema(PROFILE, key_type=pa.string())
    assert pq.read_schema(tmp_path / "out" / "a.parquet").remove_metadata().equals(wanted)
    with pytest.raises(icp.StreamError, match="'partner' is not there"):
        score(write(tmp_path, "b.parquet", none.drop_columns(["partner"])), tmp_path / "out2")


def test_nested_records_are_read(tmp_path: Path) -> None:
    """A path into nested records reads their column, and no other."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("hq.country", ["DE"])])])
    table = pa.table({"id": ["a", "b"], "hq": [{"country": "DE", "city": "Ulm"}, {"country": "FR", "city": None}]})
    path = write(tmp_path, "a.parquet", table)
    icp.score_files(profile, path, tmp_path / "out", key="id", as_of=DAY)
    assert [row["fit"] for row in read(tmp_path / "out")] == [100.0, 0.0]


# Resuming


def test_a_second_run_leaves_alone_what_is_complete(tmp_path: Path) -> None:
    """Parts of the same profile, moment, settings and files are kept as they are; the report counts them too."""
    for name in "abc":
        write(tmp_path, f"in/{name}.parquet", TABLE)
    first = score(tmp_path / "in", tmp_path / "out")
    (tmp_path / "out" / "b.parquet").unlink()
    before = (tmp_path / "out" / "a.parquet").stat().st_mtime_ns
    second = score(tmp_path / "in", tmp_path / "out")
    assert [part.resumed for part in second.parts] == [True, False, True]
    assert (tmp_path / "out" / "a.parquet").stat().st_mtime_ns == before
    assert [attrs.evolve(part, resumed=False) for part in second.parts] == list(first.parts)
    assert "of an earlier run: 2 files" in str(second)


@pytest.mark.parametrize("how", ["grown", "touched", "settings", "fields"])
def test_what_has_changed_is_scored_again(tmp_path: Path, how: str) -> None:
    """Another size, another time or another setting: the part is written anew."""
    path = write(tmp_path, "a.parquet", TABLE)
    score(path, tmp_path / "out")
    settings: dict[str, Any] = {}
    if how == "grown":
        write(tmp_path, "a.parquet", accounts(80))
    elif how == "touched":
        os.utime(path, ns=(1, 1))
    elif how == "settings":
        settings = {"contributions": True}
    else:
        settings = {"fields": icp.FieldMap([icp.Field(name, parse="as_is") for name in TABLE.column_names])}
    assert not score(path, tmp_path / "out", **settings).parts[0].resumed
    assert score(path, tmp_path / "out", **settings).parts[0].resumed


def test_parts_of_another_run_are_an_error(tmp_path: Path) -> None:
    """A part of another profile or moment is named before anything is scored; `overwrite` replaces it."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE) for name in "ab"]
    score(paths[1], tmp_path / "out")
    with pytest.raises(icp.PartsError, match=r"b.parquet: it was made by 'Mid-market' as of 2026-11-21") as caught:
        score(paths, tmp_path / "out", as_of="2026-11-28")
    assert caught.value.paths == (str(tmp_path / "out" / "b.parquet"),)
    assert not (tmp_path / "out" / "a.parquet").exists()
    other = PROFILE.with_weight("size", 3)
    with pytest.raises(icp.PartsError, match="overwrite=True"):
        icp.score_files(other, paths, tmp_path / "out", key="id", as_of=DAY)
    report = icp.score_files(other, paths, tmp_path / "out", key="id", as_of=DAY, overwrite=True)
    assert not any(part.resumed for part in report.parts)


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """A file that is no part stays, unless `overwrite` says otherwise."""
    path = write(tmp_path, "a.parquet", TABLE)
    write(tmp_path, "out/a.parquet", TABLE)
    with pytest.raises(icp.PartsError, match=r"it is no part that score_files\(\) wrote"):
        score(path, tmp_path / "out")
    (tmp_path / "out" / "a.parquet").write_bytes(b"damaged")
    with pytest.raises(icp.PartsError, match="it is no part"):
        score(path, tmp_path / "out")
    assert score(path, tmp_path / "out", overwrite=True).rows == 60


def test_parts_of_another_format_are_not_taken_for_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp that a later release writes otherwise is no stamp of this one."""
    path = write(tmp_path, "a.parquet", TABLE)
    score(path, tmp_path / "out")
    monkeypatch.setattr(parts, "_FORMAT", 2)
    with pytest.raises(icp.PartsError, match="it is no part"):
        score(path, tmp_path / "out")


def test_parts_that_belong_to_no_file_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A part whose file is gone is listed: who reads the folder reads it too."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE) for name in "ab"]
    score(paths, tmp_path / "out")
    write(tmp_path, "out/somebody.parquet", TABLE)
    report = score(paths[0], tmp_path / "out")
    assert report.others == (str(tmp_path / "out" / "b.parquet"),)
    assert "parts of other files lie there too" in str(report)
    assert "parts of files that were not scored now lie in" in caplog.text


def test_parts_carry_their_stamp(tmp_path: Path) -> None:
    """A part says in its metadata what it was made with."""
    score(write(tmp_path, "a.parquet", TABLE), tmp_path / "out")
    stamp = parts.stamp_in(tmp_path / "out" / "a.parquet")
    assert stamp is not None
    assert (stamp["scoring_id"], stamp["as_of"], stamp["semantics"]) == (PROFILE.scoring_id, DAY, icp.SEMANTICS)
    assert stamp["input"]["name"] == "a.parquet"
    assert stamp["counts"]["rows"] == 60


# Files that are bad


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


def test_the_others_are_scored_where_one_is_bad(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With `on_error="skip"` the report lists what failed; the logs hold no values."""
    good = [write(tmp_path, f"in/{name}.parquet", TABLE) for name in "ac"]
    wrong = TABLE.set_column(1, "employees", pa.array(["many"] * 60))
    write(tmp_path, "in/b.parquet", wrong)
    (tmp_path / "in" / "d.csv").write_bytes(b"\0\0")
    (tmp_path / "in" / "e.feather").write_bytes(b"ARROW1 damaged")
    (tmp_path / "in" / "f.parquet").write_bytes(b"damaged")
    caplog.set_level(logging.INFO, "icpkit")
    told: list[Any] = []
    report = score(
        tmp_path / "in",
        tmp_path / "out",
        on_error="skip",
        progress=lambda *_: None,
        on_event=lambda *one: told.append(one),
    )
    assert [part.source for part in report.parts] == [str(path) for path in good]
    assert [Path(one.source).name for one in report.failures] == ["b.parquet", "d.csv", "e.feather", "f.parquet"]
    assert [one.group for one in report.failures] == [0, None, None, None]
    assert "b.parquet, row group 0 (from 0; accounts 1 to 60): 60 invalid values" in report.failures[0].problem
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.parquet", "c.parquet"]
    assert "b.parquet could not be scored: InvalidAccountError" in caplog.text
    assert "many" not in caplog.text
    assert "not scored: " in str(report)
    assert repr(report) == "<FilesReport: 120 accounts, 2 parts, 4 failed>"
    names = [name for name, _ in told]
    assert names.count("file_failed") == 4
    assert (names[0], names[-1]) == ("files_begun", "files_done")
    assert "many" not in repr(told)


def test_a_message_names_a_file_once(tmp_path: Path) -> None:
    """An error that names the file already is not told twice which one it is."""
    path = tmp_path / "a.csv"
    path.write_text("id,employees\na,many\n", encoding="utf-8")
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 50, 500)])])
    with pytest.raises(icp.StreamError) as caught:
        icp.score_files(profile, path, tmp_path / "out", key="id", as_of=DAY)
    assert str(caught.value).count(str(path)) == 1


def test_a_repeated_key_names_the_row_group(tmp_path: Path) -> None:
    """Keys are checked within what is read at a time, and not across files."""
    twice = pa.concat_tables([TABLE.slice(0, 2), TABLE.slice(0, 2)])
    with pytest.raises(icp.StreamError, match=r"row group 0 .*must stand in one row"):
        score(write(tmp_path, "a.parquet", twice), tmp_path / "out")
    assert score(tmp_path / "a.parquet", tmp_path / "out", rows=2).rows == 4


def test_a_file_that_changes_while_it_is_read_is_bad(tmp_path: Path) -> None:
    """Half of an old file and half of a new one are no part."""
    path = write(tmp_path, "a.parquet", TABLE)
    with pytest.raises(icp.StreamError, match=r"a\.parquet: the file changed while it was read"):
        score(path, tmp_path / "out", progress=lambda *_: os.utime(path, ns=(1, 1)))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_vanishes_is_bad(tmp_path: Path) -> None:
    """A file that is gone when its turn comes is named, whether it has a part or not."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE) for name in "abc"]
    score(paths[1], tmp_path / "out")

    def lose(*_: Any) -> None:
        for path in paths[1:]:
            path.unlink(missing_ok=True)

    report = score(paths, tmp_path / "out", on_error="skip", progress=lose)
    assert [Path(one.source).name for one in report.failures] == ["b.parquet", "c.parquet"]


def test_what_cannot_be_written_is_never_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk stops the run, names the part, and leaves nothing."""
    path = write(tmp_path, "a.parquet", TABLE)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        score(path, tmp_path / "out", on_error="skip")
    assert caught.value.filename == str(tmp_path / "out" / "a.parquet")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    """What stops a run leaves whole parts alone."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE, row_group_size=20) for name in "ab"]

    def stop(done: int, *_: Any) -> None:
        if done > 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(paths, tmp_path / "out", progress=stop)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.parquet"]
    assert [part.resumed for part in score(paths, tmp_path / "out").parts] == [True, False]


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    """A half-written file of the same part goes; those of others stay."""
    path = write(tmp_path, "a.parquet", TABLE)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".a.parquet.0123.tmp").write_bytes(b"half")
    (tmp_path / "out" / ".b.parquet.0123.tmp").write_bytes(b"half")
    score(path, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".b.parquet.0123.tmp", "a.parquet"]


# Which files


def test_inner_folders_stay(tmp_path: Path) -> None:
    """Files of the same name in several folders have parts in folders of the same names."""
    for name in ("x=1/part-0.parquet", "x=2/part-0.parquet"):
        write(tmp_path, f"in/{name}", TABLE)
    score(tmp_path / "in" / "**" / "*.parquet", tmp_path / "out")
    assert (tmp_path / "out" / "x=2" / "part-0.parquet").exists()


def test_parts_are_no_files_of_accounts(tmp_path: Path) -> None:
    """A pattern that matches the parts of an earlier run passes them over."""
    write(tmp_path, "a.parquet", TABLE)
    out = tmp_path / "scored"
    score(tmp_path / "**" / "*.parquet", out)
    report = score(tmp_path / "**" / "*.parquet", out)
    assert [part.resumed for part in report.parts] == [True]
    with pytest.raises(FileNotFoundError, match="all files are parts that lie in"):
        score(out, out)


def test_no_file_of_accounts_is_overwritten(tmp_path: Path) -> None:
    """Results never take the place of accounts, whatever is asked."""
    path = write(tmp_path, "a.parquet", TABLE)
    with pytest.raises(ValueError, match="holds accounts, and its results would take its place"):
        score(path, tmp_path, overwrite=True)
    assert pq.read_table(path).equals(TABLE)


def test_two_files_never_share_a_part(tmp_path: Path) -> None:
    """Files of one name are refused, with the way out; one that is named twice is one."""
    paths = [write(tmp_path, f"{name}/a.parquet", TABLE) for name in "xy"]
    with pytest.raises(ValueError, match=r"would both become .*a\.parquet; score them into two folders"):
        score(paths, tmp_path / "out")
    assert len(score([paths[0], str(paths[0])], tmp_path / "out").parts) == 1


def test_bad_settings_are_refused_at_once(tmp_path: Path) -> None:
    """Wrong words and numbers fail before a file is opened."""
    path = write(tmp_path, "a.parquet", TABLE)
    with pytest.raises(ValueError, match='on_error must be "raise" or "skip"'):
        score(path, tmp_path / "out", on_error="ignore")
    for rows in (0, True, 2.5):
        with pytest.raises(ValueError, match="rows must be a whole number above 0"):
            score(path, tmp_path / "out", rows=rows)
    with pytest.raises(icp.AsOfError):
        score(path, tmp_path / "out", as_of=None)
    assert not (tmp_path / "out").exists()


# Progress


def test_progress_counts_up_to_all(tmp_path: Path) -> None:
    """What is told rises to the number of accounts, those of earlier runs included."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE, row_group_size=25) for name in "ab"]
    score(paths[0], tmp_path / "out")
    told: list[Any] = []
    score(paths, tmp_path / "out", progress=lambda *one: told.append(one))
    assert told == [
        (60, 120, str(paths[0])),
        (85, 120, str(paths[1])),
        (110, 120, str(paths[1])),
        (120, 120, str(paths[1])),
    ]


def test_where_files_do_not_tell_the_total_is_unknown(tmp_path: Path) -> None:
    """CSV must be read to be counted."""
    _csv(tmp_path / "a.csv")
    told: list[Any] = []
    score(tmp_path / "a.csv", tmp_path / "out", progress=lambda *one: told.append(one))
    assert told == [(60, None, str(tmp_path / "a.csv"))]


def test_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody looks, progress is silent."""
    score(write(tmp_path, "a.parquet", TABLE), tmp_path / "out", progress=True)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
