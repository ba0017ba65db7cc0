"""The tables of a history in a SQL database, as SQLAlchemy describes them; `icpkit.history.sqlalchemy` opens this."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

#: How the tables lie; within a hundred, later layouts only add to earlier ones, so that all releases can write.
LAYOUT: Final = 100
#: Texts that are keys, or beside them, are no longer than this, in characters.
LENGTHS: Final = {"space": 100, "kind": 20, "name": 200, "label": 200, "token": 200, "author": 200, "account": 512}

#: These can have an index of some lines alone.
_PARTIAL: Final = ("postgresql", "sqlite", "mssql")
#: These compare text character by character; others as a person would.
_BYTEWISE: Final = ("postgresql", "sqlite")


class ExactText(sa.types.TypeDecorator[str]):
    """Text of which two are equal only if each character is: "SaaS" is not "saas", whatever the server thinks.

    PostgreSQL and SQLite compare so, and sort by code point; on all others texts are kept as bytes of UTF-8.
    """

    impl: Any = sa.String
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the type of the column."""
        length: int | None = self.impl_instance.length  # type: ignore[attr-defined]  # it is a String
        if dialect.name not in _BYTEWISE:
            return sa.VARBINARY(4 * length) if length else sa.LargeBinary(2**24)
        # Sorted by the operating system's rules, an index would be wrong after these change.
        collation = "C" if length and dialect.name == "postgresql" else None
        return sa.String(length, collation) if length else sa.Text()

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Give what is sent to the server."""
        return value if value is None or dialect.name in _BYTEWISE else value.encode()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ARG002  # as SQLAlchemy calls it
        """Give the text."""
        return bytes(value).decode() if isinstance(value, bytes | bytearray | memoryview) else value


class Tables(NamedTuple):
    """The tables of a history."""

    layout: sa.Table
    ledger: sa.Table
    object: sa.Table
    entry: sa.Table
    note: sa.Table


def _described(held: sa.MetaData, dialects: Collection[str]) -> Tables:
    """Describe the tables, for these kinds of databases: SQLAlchemy loads each that an index names."""
    id_type = sa.LargeBinary(32).with_variant(sa.VARBINARY(32), "mysql", "mariadb", "mssql")
    packed = sa.LargeBinary().with_variant(sa.LargeBinary(2**24), "mysql", "mariadb")

    def text(name: str, *, null: bool = False) -> sa.Column[str]:
        return sa.Column(name, ExactText(LENGTHS.get(name)), nullable=null)

    def number(name: str, *, null: bool = False) -> sa.Column[int]:
        return sa.Column(name, sa.BigInteger, nullable=null, autoincrement=False)

    def id_(name: str, *, null: bool = False) -> sa.Column[bytes]:
        return sa.Column(name, id_type, nullable=null)

    def index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
        # Where an index cannot be partial, lines without the value stay apart: NULLs do not equal each other there.
        made = sa.Index(name, *columns, unique=unique)
        for dialect in _PARTIAL:
            if dialect in dialects:
                made.dialect_kwargs[f"{dialect}_where"] = sa.text(where)
        return made

    return Tables(
        sa.Table("icp_layout", held, sa.Column("layout", sa.Integer, primary_key=True, autoincrement=False)),
        sa.Table(
            "icp_ledger", held, text("space"), number("length"), id_("id"),
            sa.PrimaryKeyConstraint("space", name="icp_ledger_space"),
        ),
        sa.Table(
            "icp_object", held, text("space"), id_("id"), sa.Column("format", sa.Integer, nullable=False),
            sa.Column("packed", packed, nullable=False),
            sa.PrimaryKeyConstraint("space", "id", name="icp_object_id"),
        ),
        sa.Table(
            "icp_entry", held, text("space"), number("seq"), text("kind"), text("name"), number("number", null=True),
            number("about", null=True), text("label", null=True), number("committed"), number("effective", null=True),
            text("token", null=True), id_("object", null=True), id_("content", null=True),
            id_("note", null=True), text("data"), id_("prev"), id_("id"),
            sa.PrimaryKeyConstraint("space", "seq", name="icp_entry_seq"),
            index("icp_entry_number", "space", "name", "number", where="number IS NOT NULL", unique=True),
            index("icp_entry_effective", "space", "name", "effective", "number", where="effective IS NOT NULL"),
            index("icp_entry_rollback", "space", "name", "number", where="kind = 'rollback'"),
            index("icp_entry_other", "space", "kind", "name", "seq", where="number IS NULL"),
            index("icp_entry_token", "space", "token", where="token IS NOT NULL", unique=True),
        ),
        sa.Table(
            "icp_note", held, text("space"), number("seq"), id_("salt"), text("author", null=True),
            text("account", null=True), text("body"),
            sa.PrimaryKeyConstraint("space", "seq", name="icp_note_seq"),
            index("icp_note_account", "space", "account", where="account IS NOT NULL"),
        ),
    )  # fmt: skip  # a table reads best with its columns side by side


def metadata(schema: str | None = None) -> sa.MetaData:
    """Describe the tables of a history for tools of the host's, such as Alembic.

    Args:
        schema: the schema that they are in.

    >>> sorted(metadata("icp").tables)
    ['icp.icp_entry', 'icp.icp_layout', 'icp.icp_ledger', 'icp.icp_note', 'icp.icp_object']
    """
    held = sa.MetaData(schema=schema)
    _described(held, _PARTIAL)
    return held


def ddl(dialect: str, schema: str | None = None) -> str:
    """Give the statements that make the tables of a history, without a connection.

    Args:
        dialect: the kind of database, such as ``"postgresql"``.
        schema: the schema that they go into; it is made, too.

    Raises:
        ValueError: for a kind that SQLAlchemy does not know.

    >>> print(ddl("postgresql", "icp"))
    CREATE SCHEMA IF NOT EXISTS icp;
    <BLANKLINE>
    CREATE TABLE icp.icp_layout (
    ...
    """
    try:
        kind = sa.URL.create(dialect).get_dialect()()
    except exc.ArgumentError:
        raise ValueError(
            f"dialect {dialect!r} is not known\n\nHint: a kind of database, such as 'postgresql', 'sqlite' or 'mysql'"
        ) from None
    tables = tables_in(schema, kind.name)
    made: list[Any] = [] if schema is None else [CreateSchema(schema, if_not_exists=True)]
    for table in tables:
        made.append(CreateTable(table))
        made += [CreateIndex(one) for one in sorted(table.indexes, key=lambda one: one.name or "")]
    made.append(sa.insert(tables.layout).values(layout=LAYOUT))
    written = (str(one.compile(dialect=kind, compile_kwargs={"literal_binds": True})).strip() for one in made)
    return ";\n\n".join(written) + ";\n"


@lru_cache(maxsize=64)
def tables_in(schema: str | None, dialect: str) -> Tables:
    """Describe the tables, for the stores of this process."""
    return _described(sa.MetaData(schema=schema), (dialect,))


def columns_found(held: sa.Connection, schema: str | None) -> dict[str, dict[str, Any]]:
    """Give those of our tables that are there, with their columns by name."""
    inspector = sa.inspect(held)
    if schema is not None and not inspector.has_schema(schema):
        return {}
    wanted = [table.name for table in tables_in(schema, held.dialect.name)]
    found = inspector.get_multi_columns(schema=schema, filter_names=wanted)
    return {name: {column["name"]: column for column in columns} for (_, name), columns in found.items()}


def layout_of(held: sa.Connection, schema: str | None) -> int:
    """Give the number of the layout; where tools of the host's have made the tables, and no line, it is the first."""
    table = tables_in(schema, held.dialect.name).layout
    return held.execute(sa.select(sa.func.max(table.c.layout))).scalar() or 100


def damage_in(held: sa.Connection, schema: str | None) -> Iterator[str]:
    """Tell where tables, columns, keys and indexes are not as a history makes them."""
    found = columns_found(held, schema)
    layout = layout_of(held, schema) if "icp_layout" in found else LAYOUT
    for table in tables_in(schema, held.dialect.name):
        if table.name not in found:
            yield f"the table {table.name!r} is missing"
            continue
        there = found[table.name]
        for column in table.c:
            where = f"the column {table.name}.{column.name}"
            if column.name not in there:
                yield f"{where} is missing"
                continue
            is_, was = (_type_text(one, held.dialect) for one in (there[column.name]["type"], column.type))
            if held.dialect.name in _BYTEWISE and is_ != was:
                yield f"{where} is of the type {is_}, and was made as {was}"
            if there[column.name]["nullable"] != column.nullable:
                yield f"{where} {'must not' if column.nullable else 'may'} be empty, unlike when it was made"
        # A later layout of ours may have more columns.
        strange = there.keys() - set(table.c.keys()) if layout <= LAYOUT else ()
        yield from (f"there is a column {table.name}.{name} which does not belong there" for name in sorted(strange))
        yield from _keys_damage(held, table)


def _type_text(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    return kind.compile(dialect).partition(" COLLATE ")[0]  # which not every release of SQLAlchemy reads back


def _keys_damage(held: sa.Connection, table: sa.Table) -> Iterator[str]:
    inspector = sa.inspect(held)
    key = inspector.get_pk_constraint(table.name, table.schema)["constrained_columns"]
    if key != table.primary_key.columns.keys():
        yield f"the primary key of {table.name!r} is ({', '.join(key)}), and was made otherwise"
    there = {one["name"]: one for one in inspector.get_indexes(table.name, table.schema)}
    where = f"{held.dialect.name}_where"
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        if index.name not in there:
            yield f"the index {index.name!r} is missing"
            continue
        one = there[index.name]
        # Those that were ever partial: others have nothing to read back.
        was = str(index.dialect_kwargs.get(where, "")) if held.dialect.name in _BYTEWISE else ""
        is_ = _plainly(str(one.get("dialect_options", {}).get(where, ""))) if was else ""
        if (one["column_names"], bool(one["unique"]), is_) != (index.columns.keys(), bool(index.unique), was):
            yield f"the index {index.name!r} is not as it was made"


def _plainly(condition: str) -> str:
    """Give a condition without what PostgreSQL adds to it: brackets, and types of text."""
    return re.sub(r"::\w+|[()]", "", condition)
