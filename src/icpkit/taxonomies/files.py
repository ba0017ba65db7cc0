"""Files of taxonomies: CSV and JSON to plain records, each with its place; all mistakes at once."""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from icpkit import views
from icpkit.errors import Problem, near
from icpkit.taxonomies.errors import TaxonomyTextError

#: What separates several texts in one cell.
SEPARATOR: Final = ";"
#: The columns of a CSV file that are no facts, and the keys of an entry in JSON.
LISTS: Final = ("aliases", "parents", "prefixes")
COLUMNS: Final = ("id", "name", *LISTS)
_ABOUT: Final = ("name", "version", "notice")
# "007" is a code, no number.
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


@attrs.frozen
class Record:
    """One entry as a file says it, not yet checked.

    Attributes:
        place: where it stands: ``"line 12"``, or ``"$.entries[3]"``.
        values: its fields by name.
    """

    place: str
    values: dict[str, Any]


@attrs.frozen
class Content:
    """All that a file says.

    Attributes:
        about: name, version and notice, as far as they are given.
        records: the entries.
        problems: what cannot be read.
    """

    about: dict[str, str]
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def read(path: "str | os.PathLike[str]") -> Content:
    """Read a file of a taxonomy by its ending.

    Raises:
        ValueError: for an ending other than ``.csv`` and ``.json``.
        TaxonomyTextError: for a file that is no UTF-8 text.
        OSError: for a file that cannot be opened.
    """
    kind = Path(path).suffix.lower()
    if kind not in _READERS:
        raise ValueError(f"a taxonomy's file must end in {' or '.join(_READERS)} (got {os.fspath(path)!r})")
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("the file", "", f"is not UTF-8 text (byte {error.start})", "save it as UTF-8")
        raise TaxonomyTextError(os.fspath(path), [problem]) from None
    return _READERS[kind](text)


def read_csv(text: str) -> Content:
    r"""Read the text of a CSV file: a header, one entry a line, several texts in a cell separated by ``;``.

    Lines at the top that begin with ``#`` may give name, version and notice. Columns other than id, name, aliases,
    parents and prefixes are facts.

    >>> read_csv("# name: sizes\nid,name,aliases,low\nS,Small,tiny; little,1\n").records[0].values
    {'id': 'S', 'name': 'Small', 'aliases': ['tiny', 'little'], 'facts': {'low': 1}}
    """
    lines = text.splitlines(keepends=True)
    top = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    about = _about(lines[:top])
    try:
        rows = list(_rows("".join(lines[top:]), top))
    except csv.Error as error:
        return Content(about, (), (Problem("the file", "", f"is no CSV: {error}"),))
    if not rows:
        return Content(about, (), (Problem("the file", "", "has no header", "begin it with id,name,aliases,parents"),))
    (line, header), *rest = rows
    names = [_column(cell) for cell in header]
    problems = list(_header_problems(line, names))
    if problems:
        return Content(about, (), tuple(problems))
    for number, cells in rest:
        if len(cells) != len(names):
            text = f"has {len(cells)} cells, the header {len(names)}"
            problems.append(Problem(f"line {number}", cells[0], text, "quote a cell that holds a comma"))
    records = [
        Record(f"line {number}", _values(dict(zip(names, cells, strict=True))))
        for number, cells in rest
        if len(cells) == len(names)
    ]
    return Content(about, tuple(records), tuple(problems))


def _about(lines: Iterable[str]) -> dict[str, str]:
    """Read ``# notice: …`` lines; one that comes again goes on, all other comments are comments."""
    about: dict[str, str] = {}
    for line in lines:
        key, colon, value = line.lstrip("# ").partition(":")
        if colon and key.strip() in _ABOUT and value.strip():
            name = key.strip()
            about[name] = f"{about[name]} {value.strip()}" if name in about else value.strip()
    return about


def _rows(text: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    first = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield above + first, [cell.strip() for cell in row]
        first = reader.line_num + 1


def _column(cell: str) -> str:
    folded = views.fold(cell)
    return folded if folded in COLUMNS else cell.strip()


def _header_problems(line: int, names: list[str]) -> Iterator[Problem]:
    place = f"line {line}"
    if "name" not in names:
        yield Problem(place, "", "has no column 'name'", near("name", names))
    for number, name in enumerate(names, 1):
        if not name:
            yield Problem(place, "", f"column {number} has no name")
        elif name in names[: number - 1]:
            yield Problem(place, "", f"has the column {name!r} twice")
        elif name not in COLUMNS and (hint := near(name, COLUMNS)):
            yield Problem(place, "", f"has the column {name!r}, which is none of {', '.join(COLUMNS)}", hint)


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: cells[name] for name in ("id", "name") if cells.get(name)}
    for name in LISTS:
        if cells.get(name):
            values[name] = [text.strip() for text in cells[name].split(SEPARATOR) if text.strip()]
    facts = {name: _fact(cell) for name, cell in cells.items() if name not in COLUMNS and cell}
    return values | ({"facts": facts} if facts else {})


def _fact(cell: str) -> str | float:
    if not _NUMBER.fullmatch(cell):
        return cell
    return float(cell) if "." in cell else int(cell)


def read_json(text: str) -> Content:
    """Read the text of a JSON file: an object with entries, and name, version and notice if you like.

    >>> read_json('{"entries": [{"id": "S", "name": "Small", "facts": {"low": 1}}]}').records[0].place
    '$.entries[0]'
    """
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated.extend(name for place, name in enumerate(names) if name in names[:place])
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file"
        return Content({}, (), (Problem(place, "", f"is no JSON: {error}"),))
    problems = [Problem("the file", "", f"gives {name!r} twice in one object") for name in dict.fromkeys(repeated)]
    if not isinstance(data, dict) or not isinstance(data.get("entries"), list):
        problems.append(Problem("$", "", "must be an object with a list of entries", '{"entries": […]}'))
        return Content({}, (), tuple(problems))
    problems += _unknown("$", data, (*_ABOUT, "entries"))
    for name in _ABOUT:
        if name in data and not isinstance(data[name], str):
            problems.append(Problem(f"$.{name}", "", "must be text"))
    records = []
    for number, entry in enumerate(data["entries"]):
        place = f"$.entries[{number}]"
        if not isinstance(entry, dict):
            problems.append(Problem(place, "", "must be an object with a name"))
            continue
        problems += _unknown(place, entry, (*COLUMNS, "facts"))
        records.append(Record(place, {key: entry[key] for key in (*COLUMNS, "facts") if key in entry}))
    about = {name: data[name] for name in _ABOUT if isinstance(data.get(name), str)}
    return Content(about, tuple(records), tuple(problems))


def _unknown(place: str, given: Mapping[str, Any], known: Iterable[str]) -> list[Problem]:
    names = list(known)
    return [
        Problem(f"{place}.{key}", "", f"is none of {', '.join(names)}", near(key, names))
        for key in given
        if key not in names
    ]


_READERS: Final[dict[str, Callable[[str], Content]]] = {".csv": read_csv, ".json": read_json}


def csv_text(about: Mapping[str, str], records: Iterable[Mapping[str, Any]]) -> str:
    r"""Write records as the text of a CSV file that `read_csv` reads.

    >>> print(csv_text({"name": "sizes"}, [{"name": "Small", "aliases": ["tiny", "little"]}]))
    # name: sizes
    name,aliases
    Small,tiny;little
    """
    rows = [{**record, **record.get("facts", {})} for record in records]
    used = dict.fromkeys(name for row in rows for name in row if name != "facts")
    names = [name for name in COLUMNS if name in used] + [name for name in used if name not in COLUMNS]
    text = io.StringIO(newline="")
    text.writelines(f"# {name}: {' '.join(value.split())}\n" for name, value in about.items() if value)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name, "")) for name in names] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    for text in value:
        if SEPARATOR in text:
            raise ValueError(f"{text!r} must not hold {SEPARATOR!r}, which separates texts in CSV\n\nHint: write JSON")
    return SEPARATOR.join(value)
