import logging
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

import icpkit as icp
from icpkit.streaming import pieces
from tests.streaming.streamed import DAY, PROFILE, TABLE, read, reference, score, write


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


def test_accounts_need_no_key(tmp_path: Path) -> None:
    """Without a key the results have none; the first column of text is one."""
    path = write(tmp_path, "a.parquet", TABLE)
    score(path, tmp_path / "out", key=None)
    assert list(read(tmp_path / "out")[0]) == ["fit", "tier", "status", "coverage", "low", "high"]


def test_parts_that_belong_to_no_file_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A part whose file is gone is listed: who reads the folder reads it too."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE) for name in "ab"]
    score(paths, tmp_path / "out")
    write(tmp_path, "out/somebody.parquet", TABLE)
    report = score(paths[0], tmp_path / "out")
    assert report.others == (str(tmp_path / "out" / "b.parquet"),)
    assert "parts of other files lie there too" in str(report)
    assert "parts of files that were not scored now lie in" in caplog.text


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


def test_a_file_that_vanishes_is_bad(tmp_path: Path) -> None:
    """A file that is gone when its turn comes is named, whether it has a part or not."""
    paths = [write(tmp_path, f"{name}.parquet", TABLE) for name in "abc"]
    score(paths[1], tmp_path / "out")

    def lose(*_: Any) -> None:
        for path in paths[1:]:
            path.unlink(missing_ok=True)

    report = score(paths, tmp_path / "out", on_error="skip", progress=lose)
    assert [Path(one.source).name for one in report.failures] == ["b.parquet", "c.parquet"]


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


def test_what_comes_first_in_a_file_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece is scored while the next is read: where both fail, the error is that of the first, as without haste."""
    wrong = TABLE.set_column(1, "employees", pa.array(["many"] * 60))
    path = write(tmp_path, "a.parquet", wrong, row_group_size=20)

    def each(*given: Any) -> Any:
        yield next(each_one(*given))
        raise icp.StreamError(given[-1], "unreadable")

    each_one: Any = pieces._each
    monkeypatch.setattr(pieces, "_each", each)
    with pytest.raises(icp.StreamError, match="20 invalid values"):
        score(path, tmp_path / "out")
    monkeypatch.setattr(pieces, "_each", lambda *given: each(*given) if given[1] else each_one(*given))
    with pytest.raises(icp.StreamError, match=r"row group 1 .*unreadable"):
        score(path, tmp_path / "out", on_invalid="unknown")
    monkeypatch.setattr(pieces, "_each", lambda *given: each(*given) if not given[1] else each_one(*given))
    with pytest.raises(icp.StreamError, match=r"row group 0 .*unreadable"):
        score(path, tmp_path / "out", on_invalid="unknown")


def test_an_interrupt_is_no_error_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who interrupts a run while a bad file is read stops it, though bad files are passed over."""
    wrong = TABLE.set_column(1, "employees", pa.array(["many"] * 60))
    each_one: Any = pieces._each

    def each(*given: Any) -> Any:
        yield next(each_one(*given))
        raise KeyboardInterrupt

    monkeypatch.setattr(pieces, "_each", each)
    with pytest.raises(KeyboardInterrupt):
        score(write(tmp_path, "a.parquet", wrong), tmp_path / "out", on_error="skip")


def test_files_are_scored_by_no_more_threads_than_are_needed(tmp_path: Path) -> None:
    """What is told comes from the thread of the caller, and no thread outlives a run, nor one that fails."""
    path = write(tmp_path, "a.parquet", TABLE, row_group_size=20)
    threads: set[int] = set()

    def tell(*_: Any) -> None:
        threads.add(threading.get_ident())

    score(path, tmp_path / "out", progress=tell, on_event=tell)
    assert threads == {threading.get_ident()}

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(path, tmp_path / "other", progress=stop)
    assert not [one for one in threading.enumerate() if one.name.startswith("icpkit")]


def test_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody looks, progress is silent."""
    score(write(tmp_path, "a.parquet", TABLE), tmp_path / "out", progress=True)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
