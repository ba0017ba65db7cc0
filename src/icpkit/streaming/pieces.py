"""What is read of a file, piece by piece: row groups of Parquet, batches of Arrow, some lines of text."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

from icpkit.importing import Accounts, FieldMap, accounts_in_pieces
from icpkit.streaming.arrow import empty_of, needed
from icpkit.streaming.failures import StreamError, Where
from icpkit.streaming.inputs import ARROW, PARQUET, Input
from icpkit.streaming.streams import WRONG, StreamScorer

_HINT = 'write the file anew, or pass on_error="skip" to score the others and list what failed'
_MAGIC = b"ARROW1"
#: How many accounts are read at a time: as columns of Arrow, and as objects of Python, which take far more memory.
ROWS, FEWER_ROWS = 131_072, 16_384


@attrs.frozen(eq=False)
class Piece:
    """Some accounts of a file.

    Attributes:
        where: where they stand.
        data: a record batch, or accounts that were read from text or by a field map.
    """

    where: Where
    data: "Any | Accounts"


@attrs.frozen(eq=False)
class How:
    """How files are read.

    Attributes:
        scorer: what will score the accounts.
        fields: a field map, or None.
        rows: how many accounts are read at a time, or None for the usual number.
    """

    scorer: StreamScorer
    fields: FieldMap | None
    rows: int | None

    @property
    def keyed(self) -> bool:
        """Whether accounts have keys."""
        return self.scorer.key is not None

    def rows_of(self, *, text: bool) -> int:
        """Tell how many accounts are read at a time."""
        usual = FEWER_ROWS if text or self.fields is not None else ROWS
        return usual if self.rows is None else self.rows

    def columns(self, names: Iterable[str]) -> list[str]:
        """Choose the columns to read: with a field map all, since it finds them in its own way."""
        return list(dict.fromkeys(names)) if self.fields is not None else needed(self.scorer.wanted, names)


@contextlib.contextmanager
def named(where: Where) -> Iterator[None]:
    """Let an error say where it arose.

    Raises:
        StreamError: for what is wrong with the file.
    """
    try:
        yield
    except WRONG as error:
        raise StreamError(where, str(error), hint=_HINT) from error


def pieces_of(one: Input, how: How) -> Iterator[Piece]:
    """Read a file piece by piece; one without accounts gives one empty piece.

    Raises:
        StreamError: for a file, a row group, or a column of one that cannot be read.
    """
    if one.ending in PARQUET:
        pieces = _parquet(str(one.path), how)
    elif one.ending in ARROW:
        pieces = _arrow(str(one.path), how)
    else:
        return _text(one, how)
    return pieces if how.fields is None else _mapped(pieces, how.fields, how)


def rows_of(one: Input) -> int | None:
    """Count the accounts of a file, where its footer tells."""
    if one.ending in PARQUET:
        with contextlib.suppress(*WRONG):
            return int(pq.read_metadata(one.path).num_rows)
    return None


def _mapped(pieces: Iterator[Piece], fields: FieldMap, how: How) -> Iterator[Piece]:
    """Read each piece by a field map."""
    for piece in pieces:
        with named(piece.where):
            accounts = fields.apply(
                pa.Table.from_batches([piece.data]), on_invalid=how.scorer.on_invalid, redact=how.scorer.redact
            )
        yield Piece(piece.where, accounts)


def _parquet(path: str, how: How) -> Iterator[Piece]:
    with contextlib.ExitStack() as open_files:
        with named(Where(path)):
            footer = pq.read_metadata(path)
            columns = how.columns(footer.schema.to_arrow_schema().names)
            file = open_files.enter_context(
                pq.ParquetFile(
                    path,
                    metadata=footer,
                    read_dictionary=_texts(footer.schema, columns, how) or None,
                    # Neither the bytes of a whole row group nor those of others are held.
                    pre_buffer=False,
                    buffer_size=1 << 20,
                    page_checksum_verification=True,
                )
            )
            kinds = [file.schema_arrow.field(name) for name in columns]
        first = 0
        for group in range(footer.num_row_groups):
            where = Where(path, group, first, footer.row_group(group).num_rows, how.keyed, "row group")
            for batch in _each(file, group, columns, how.rows_of(text=False), where):
                yield Piece(attrs.evolve(where, first=first, rows=batch.num_rows), batch)
                first += batch.num_rows
        if not first:
            yield Piece(Where(path), empty_of(pa.schema(kinds)))


def _each(file: Any, group: int, columns: list[str], rows: int, where: Where) -> Iterator[Any]:
    """Read a row group, and find the column that cannot be read."""
    with named(where):
        batches = file.iter_batches(rows, row_groups=[group], columns=columns)
    while True:
        try:
            batch = next(batches, None)
        except WRONG as error:
            for name in columns:
                try:
                    for _ in file.iter_batches(rows, row_groups=[group], columns=[name]):
                        pass
                except WRONG as found:
                    raise StreamError(where, f"the column {name!r} cannot be read: {found}", hint=_HINT) from found
            raise StreamError(where, str(error), hint=_HINT) from error
        if batch is None:
            return
        yield batch


def _texts(schema: Any, columns: list[str], how: How) -> list[str]:
    """Find the columns of text, by their paths, that are read as dictionaries: each distinct text once."""
    wanted = set(columns) - {how.scorer.key}
    leaves = [schema.column(place) for place in range(len(schema.names))] if how.fields is None else []
    return [
        leaf.path
        for leaf in leaves
        if leaf.path.split(".")[0] in wanted and leaf.logical_type.type in {"STRING", "ENUM"}
    ]


def _arrow(path: str, how: How) -> Iterator[Piece]:
    """Read an Arrow file, or a stream that was written to one; columns that are not needed stay unread."""
    with contextlib.ExitStack() as open_files:
        with named(Where(path)):
            source = open_files.enter_context(pa.OSFile(path))
            open_one = ipc.open_file if source.read(len(_MAGIC)) == _MAGIC else ipc.open_stream
            source.seek(0)
            names = open_one(source).schema.names
            columns = how.columns(names)
            places = [place for place, name in enumerate(names) if name in columns]
            source.seek(0)
            reader = open_one(source, options=ipc.IpcReadOptions(included_fields=places))
        first, group, where = 0, 0, Where(path, 0, keyed=how.keyed)
        rows = how.rows_of(text=False)
        while (batch := _batch_of(reader, group, where)) is not None:
            for start in range(0, batch.num_rows, rows):
                part = batch.slice(start, rows)
                yield Piece(attrs.evolve(where, first=first, rows=part.num_rows), part)
                first += part.num_rows
            where = attrs.evolve(where, group=(group := group + 1), first=first)
        if not first:
            yield Piece(Where(path), empty_of(reader.schema))


def _batch_of(reader: Any, group: int, where: Where) -> Any:
    with named(where):
        if hasattr(reader, "num_record_batches"):
            return reader.get_batch(group) if group < reader.num_record_batches else None
        return next(reader, None)


def _text(one: Input, how: How) -> Iterator[Piece]:
    """Read a file of text; what is wrong with it says where it stands itself."""
    path, scorer = str(one.path), how.scorer
    read = accounts_in_pieces(
        path,
        how.fields or scorer.profile,
        rows=how.rows_of(text=True),
        key=scorer.key,
        on_invalid=scorer.on_invalid,
        redact=scorer.redact,
    )
    first = group = 0
    while True:
        with named(Where(path)):
            accounts = next(read, None)
        if accounts is None:
            return
        yield Piece(Where(path, group, first, len(accounts)), accounts)
        first, group = first + len(accounts), group + 1
