from pathlib import Path

import pytest

from icpkit.streaming.inputs import inputs_of


def touch(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(paths: object) -> list[str]:
    """Give the names of the parts, from the folder of the parts."""
    return [one.part(Path("out")).as_posix() for one in inputs_of(paths)]  # type: ignore[arg-type]


def test_a_folder_holds_all_that_can_be_read(tmp_path: Path) -> None:
    """Inner folders count; what is hidden, or tells of other files, does not."""
    touch(
        tmp_path, "b.parquet", "a.CSV", "in/c.jsonl", "_metadata.parquet", ".d.parquet", "_temporary/e.parquet", "f.txt"
    )
    (tmp_path / "folder.parquet").mkdir()
    assert names(tmp_path) == ["out/a.parquet", "out/b.parquet", "out/in/c.parquet"]


def test_a_pattern_may_match_folders_of_parts(tmp_path: Path) -> None:
    """A folder that is called like a file is one table of many parts; other folders are passed over."""
    touch(tmp_path, "x.parquet/part-0.parquet", "x.parquet/_SUCCESS", "y/z.parquet", "w.feather")
    assert names(str(tmp_path / "*")) == ["out/w.parquet", "out/x.parquet/part-0.parquet"]


def test_patterns_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative patterns and names work from the current folder."""
    touch(tmp_path, "a.parquet", "in/b.parquet")
    monkeypatch.chdir(tmp_path)
    assert names(["*.parquet", "in/*.parquet"]) == ["out/a.parquet", "out/b.parquet"]
    assert names("a.parquet") == ["out/a.parquet"]


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    """A file that is there is meant, though its name looks like a pattern."""
    touch(tmp_path, "a[1].parquet", "a1.parquet")
    assert names(tmp_path / "a[1].parquet") == ["out/a[1].parquet"]


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A file, a pattern, a folder without files, an address elsewhere, and nothing at all."""
    for given, said in (
        (tmp_path / "a.parquet", "there is no file .*a.parquet$"),
        (tmp_path / "*.parquet", "no file matches"),
        (tmp_path, "holds no file that ends in .parquet"),
        ("s3://bucket/a.parquet", "only files of this machine are read.*pyarrow.dataset"),
    ):
        with pytest.raises(FileNotFoundError, match=said):
            inputs_of(given)
    with pytest.raises(ValueError, match="must name a file at least"):
        inputs_of([])


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A file that is named must be of a known kind."""
    touch(tmp_path, "a.xlsx")
    with pytest.raises(ValueError, match=r"must end in \.parquet, .* \(got .*a\.xlsx'\)"):
        inputs_of(tmp_path / "a.xlsx")
