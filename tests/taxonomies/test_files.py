import json
from pathlib import Path
from typing import Any

import pytest

from icpkit.taxonomies import Entry, Taxonomy, TaxonomyTextError

SIZES = """# name: sizes
# version: 2026-11
# notice: Made up,
# notice: for a test.
# any other comment: stays one
id,name,aliases,parents,prefixes,low,note
A,All,,,,,

S,Small," tiny ;little;",A,1;2,-0.5,007
L,Large,,A,,1000,"big, really"
"""
ENTRIES = (
    Entry("A", "All"),
    Entry("S", "Small", ["tiny", "little"], ["A"], prefixes=["1", "2"], facts={"low": -0.5, "note": "007"}),
    Entry("L", "Large", parents=["A"], facts={"low": 1000, "note": "big, really"}),
)


def written(folder: Path, text: str | bytes, name: str = "mine.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def mistakes(path: Path) -> list[tuple[str, str, str, str]]:
    """Give place, name, text and hint of each mistake of a file."""
    with pytest.raises(TaxonomyTextError) as caught:
        Taxonomy.load(path)
    assert caught.value.source == str(path)
    return [(one.path, one.place, one.text, one.hint) for one in caught.value.problems]


@pytest.mark.parametrize("encoded", [SIZES.encode(), SIZES.encode("utf-8-sig"), SIZES.replace("\n", "\r\n").encode()])
def test_a_csv_file(tmp_path: Path, encoded: bytes) -> None:
    """Lists are separated by semicolons, further columns are facts, comments above give what it is."""
    expected = Taxonomy("sizes", ENTRIES, version="2026-11", notice="Made up, for a test.")
    assert Taxonomy.load(written(tmp_path, encoded)) == expected
    assert Taxonomy.load(str(tmp_path / "mine.csv"), name="other") == Taxonomy(
        "other", ENTRIES, version="2026-11", notice="Made up, for a test."
    )


def test_a_csv_file_of_names(tmp_path: Path) -> None:
    """A name is enough: it is the id too, and the file's name is the taxonomy's."""
    taxonomy = Taxonomy.load(written(tmp_path, "NAME \nSmall\nLarge"))
    assert taxonomy == Taxonomy("mine", [Entry("Small", "Small"), Entry("Large", "Large")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("the file", "", "has no header", "begin it with id,name,aliases,parents")]),
        ("# name: x\n", [("the file", "", "has no header", "begin it with id,name,aliases,parents")]),
        ("name\n", [("the file", "", "has no entries", "")]),
        (
            "\nid,nam,id,,alias\n",
            [
                ("line 2", "", "has no column 'name'", "did you mean 'nam'?"),
                (
                    "line 2",
                    "",
                    "has the column 'nam', which is none of id, name, aliases, parents, prefixes",
                    "did you mean 'name'?",
                ),
                ("line 2", "", "has the column 'id' twice", ""),
                ("line 2", "", "column 4 has no name", ""),
                (
                    "line 2",
                    "",
                    "has the column 'alias', which is none of id, name, aliases, parents, prefixes",
                    "did you mean 'aliases'?",
                ),
            ],
        ),
        (
            '# name: x\nid,name\nA,"All\nof it"\nB\n,\nC,\nD,Dee,3\n',
            [
                ("line 5", "B", "has 1 cells, the header 2", "quote a cell that holds a comma"),
                ("line 8", "D", "has 3 cells, the header 2", "quote a cell that holds a comma"),
                ("line 7", "", "name must be text that is not blank (got '')", ""),
            ],
        ),
        ('name\n"A', [("the file", "", "is no CSV: unexpected end of data", "")]),
        (b"name\n\xff", [("the file", "", "is not UTF-8 text (byte 5)", "save it as UTF-8")]),
        (
            "name,aliases,parents\nUSA,U.S.,\nCanada,u.s.; usa,Amerika\nAmerica,,\nOne,,Two\nTwo,,One\n",
            [
                (
                    "line 3",
                    "",
                    "'Canada' must not be spelled 'u.s.', which means 'USA'",
                    "a spelling means one entry: take it from one of the two",
                ),
                (
                    "line 3",
                    "",
                    "'Canada' must not be spelled 'usa', which means 'USA'",
                    "a spelling means one entry: take it from one of the two",
                ),
                ("line 3", "", "'Canada' must belong to entries, and 'Amerika' is none", "did you mean 'America'?"),
                ("line 5", "", "'One' must not belong to itself, by way of its parents", ""),
                ("line 6", "", "'Two' must not belong to itself, by way of its parents", ""),
            ],
        ),
    ],
)
def test_mistakes_in_csv_come_all_at_once(
    tmp_path: Path, text: str | bytes, expected: list[tuple[str, str, str, str]]
) -> None:
    """Each mistake has its line, the entry's name and the way out."""
    assert mistakes(written(tmp_path, text)) == expected


def test_a_json_file(tmp_path: Path) -> None:
    """JSON has the same: name, version, notice and entries, with facts in an object."""
    entries = [
        {"id": "A", "name": "All"},
        {
            "id": "S",
            "name": "Small",
            "aliases": ["tiny", "little"],
            "parents": ["A"],
            "prefixes": ["1", "2"],
            "facts": {"low": -0.5, "note": "007"},
        },
        {"id": "L", "name": "Large", "parents": ["A"], "facts": {"low": 1000, "note": "big, really"}},
    ]
    text = json.dumps({"name": "sizes", "version": "1", "notice": "Made up.", "entries": entries})
    taxonomy = Taxonomy.load(written(tmp_path, text, "mine.JSON"))
    assert taxonomy == Taxonomy("sizes", ENTRIES, version="1", notice="Made up.")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("[", [("line 1", "", "is no JSON: Expecting value: line 1 column 2 (char 1)", "")]),
        ("[]", [("$", "", "must be an object with a list of entries", '{"entries": […]}')]),
        ('{"entries": {}}', [("$", "", "must be an object with a list of entries", '{"entries": […]}')]),
        ('{"entries": []}', [("the file", "", "has no entries", "")]),
        (
            '{"entries": [{"name": "A", "name": "B"}]}',
            [("the file", "", "gives 'name' twice in one object", "")],
        ),
        (
            {"nam": "x", "version": 1, "entries": [3, {"name": "A", "alias": []}, {"id": 5}]},
            [
                ("$.nam", "", "is none of name, version, notice, entries", "did you mean 'name'?"),
                ("$.version", "", "must be text", ""),
                ("$.entries[0]", "", "must be an object with a name", ""),
                (
                    "$.entries[1].alias",
                    "",
                    "is none of id, name, aliases, parents, prefixes, facts",
                    "did you mean 'aliases'?",
                ),
                ("$.entries[2]", "", "id must be text that is not blank (got 5)", ""),
            ],
        ),
        (
            {"entries": [{"name": "A", "aliases": "B"}, {"name": 5}, {"name": "C", "facts": [1]}]},
            [
                ("$.entries[0]", "A", "aliases must be a list of text (got 'B')", ""),
                ("$.entries[1]", "", "id must be text that is not blank (got 5)", ""),
                ("$.entries[2]", "C", "facts must be a mapping with text keys (got (1,))", ""),
            ],
        ),
    ],
    ids=str,
)
def test_mistakes_in_json_come_all_at_once(
    tmp_path: Path, data: Any, expected: list[tuple[str, str, str, str]]
) -> None:
    """Each mistake has its path, the entry's name and the way out."""
    text = data if isinstance(data, str) else json.dumps(data)
    assert mistakes(written(tmp_path, text, "mine.json")) == expected


def test_json_that_goes_too_deep_is_a_mistake(tmp_path: Path) -> None:
    """A text that Python's reader gives up on is a mistake like others."""
    ((place, _, text, _),) = mistakes(written(tmp_path, "[" * 200_000, "mine.json"))
    assert (place, text[:10]) == ("the file", "is no JSON")


def test_other_endings_are_refused(tmp_path: Path) -> None:
    """The ending says how a file is read."""
    with pytest.raises(ValueError, match=r"^a taxonomy's file must end in .csv or .json \(got '.*mine.toml'\)$"):
        Taxonomy.load(written(tmp_path, "", "mine.toml"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """What cannot be opened is the system's error."""
    with pytest.raises(FileNotFoundError):
        Taxonomy.load(tmp_path / "mine.csv")


def test_a_blank_name_is_refused(tmp_path: Path) -> None:
    """A name that is given must be one."""
    with pytest.raises(ValueError, match=r"^Taxonomy.name must be text that is not blank"):
        Taxonomy.load(written(tmp_path, "name\nA\n"), name=" ")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """The text of a CSV file gives the same taxonomy back; a notice is put on one line."""
    taxonomy = Taxonomy("sizes", ENTRIES, version="1", notice="Made up,\n for a test.")
    again = Taxonomy.load(written(tmp_path, taxonomy.to_csv()))
    assert again == Taxonomy("sizes", ENTRIES, version="1", notice="Made up, for a test.")
    assert taxonomy.to_csv().splitlines()[:5] == [
        "# name: sizes",
        "# version: 1",
        "# notice: Made up, for a test.",
        "id,name,aliases,parents,prefixes,low,note",
        "A,All,,,,,",
    ]


def test_csv_cannot_hold_what_separates_texts() -> None:
    """An alias with a semicolon would be read as two, and is refused."""
    with pytest.raises(
        ValueError, match=r"^'a;b' must not hold ';', which separates texts in CSV\n\nHint: write JSON$"
    ):
        Taxonomy("x", [Entry("1", "One", ["a;b"])]).to_csv()
