import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from icpkit.writing import harmless, write_whole


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x"])
def test_no_text_runs_as_a_formula(text: str) -> None:
    """Text that a spreadsheet takes for a formula begins with an apostrophe."""
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-5, -0.5, None, True, "a=1", "", " =1"])
def test_other_cells_stay(cell: Any) -> None:
    """Numbers, and text that is no formula, stay as they are."""
    assert harmless(cell) is cell


def test_a_new_file_has_usual_permissions(tmp_path: Path) -> None:
    """A new file is as readable as any that the user writes, and lies there alone."""
    usual = tmp_path / "usual"
    usual.touch()
    write_whole(tmp_path / "new", b"data")
    assert ((tmp_path / "new").read_bytes(), (tmp_path / "new").stat().st_mode) == (b"data", usual.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "usual"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    """Who may read a file may read it after it was written again, and nobody else."""
    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_whole(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A link is followed: the file that it names is written."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("later")
    write_whole(tmp_path / "link", b"new")
    write_whole(str(tmp_path / "dangling"), b"made")
    assert (tmp_path / "link").is_symlink()
    assert ((tmp_path / "real").read_bytes(), (tmp_path / "later").read_bytes()) == (b"new", b"made")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A full disk or Ctrl-C in the middle leaves the old file, and no litter beside it."""

    def fail(_: int) -> None:
        raise error

    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)) as caught:
        write_whole(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])
    assert getattr(caught.value, "filename", str(path)) == str(path)


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write protection holds, though a file could be put in its place."""
    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")
    path.chmod(0o400)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for users other than root
    with pytest.raises(PermissionError) as caught:
        write_whole(path, b"new")
    assert (caught.value.filename, path.read_bytes()) == (str(path), b"old")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The error names the path that was given, not the temporary one."""
    with pytest.raises(FileNotFoundError) as caught:
        write_whole(tmp_path / "no" / "scores.csv", b"new")
    assert caught.value.filename == str(tmp_path / "no" / "scores.csv")


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    """A device stays a device, and a folder is an error."""
    write_whole(os.devnull, b"new")
    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)
    with pytest.raises(OSError, match=str(tmp_path.name)):
        write_whole(tmp_path, b"new")
