import os
from pathlib import Path
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.streaming import parts
from tests.streaming.streamed import DAY, PROFILE, TABLE, accounts, score, write


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


def test_parts_of_text_are_known_again(tmp_path: Path) -> None:
    """A run over text goes on where it ended, however it is read; what an interrupt left is no part."""
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("id,employees\n" + "".join(f"{row},80\n" for row in range(50)))
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 50, 500)])])

    def stop(done: int, *_: Any) -> None:
        if done == 70:
            raise KeyboardInterrupt

    settings: dict[str, Any] = {"key": "id", "as_of": DAY}
    with pytest.raises(KeyboardInterrupt):
        icp.score_files(profile, tmp_path / "*.csv", tmp_path / "out", rows=10, progress=stop, **settings)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.parquet"]
    report = icp.score_files(profile, tmp_path / "*.csv", tmp_path / "out", **settings)
    assert [(part.rows, part.resumed) for part in report.parts] == [(50, True), (50, False)]


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


def test_parts_carry_their_stamp(tmp_path: Path) -> None:
    """A part says in its metadata what it was made with."""
    score(write(tmp_path, "a.parquet", TABLE), tmp_path / "out")
    stamp = parts.stamp_in(tmp_path / "out" / "a.parquet")
    assert stamp is not None
    assert (stamp["scoring_id"], stamp["as_of"], stamp["semantics"]) == (PROFILE.scoring_id, DAY, icp.SEMANTICS)
    assert stamp["input"]["name"] == "a.parquet"
    assert stamp["counts"]["rows"] == 60


def test_a_file_that_changes_while_it_is_read_is_bad(tmp_path: Path) -> None:
    """Half of an old file and half of a new one are no part."""
    path = write(tmp_path, "a.parquet", TABLE)
    with pytest.raises(icp.StreamError, match=r"a\.parquet: the file changed while it was read"):
        score(path, tmp_path / "out", progress=lambda *_: os.utime(path, ns=(1, 1)))
    assert list((tmp_path / "out").iterdir()) == []


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


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    """A half-written file of the same part goes; those of others stay."""
    path = write(tmp_path, "a.parquet", TABLE)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".a.parquet.0123.tmp").write_bytes(b"half")
    (tmp_path / "out" / ".b.parquet.0123.tmp").write_bytes(b"half")
    score(path, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".b.parquet.0123.tmp", "a.parquet"]
