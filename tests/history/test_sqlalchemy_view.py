from contextlib import closing

import pytest
import sqlalchemy as sa

from icpkit.history.errors import StaleError
from icpkit.history.records import End
from icpkit.history.sqlalchemy import SqlalchemyStore
from icpkit.testing.ledgers import Raises, add, fill, joined, length_of, started
from tests.history.databases import write


def test_a_fork_is_seen_even_where_the_end_was_moved_back(any_engine: sa.Engine, any_schema: str | None) -> None:
    """An entry for a place that is taken is stale, though the ledger's end says that it is free."""
    store = SqlalchemyStore(any_engine, any_schema)
    fill(store, "t42")
    with store.reading("t42") as reader:
        second = list(reader.select(until=2))[-1].entry
    at = "" if any_schema is None else f"{any_schema}."
    with any_engine.begin() as held:
        held.execute(sa.text(f"UPDATE {at}icp_ledger SET length = 2, id = :id"), {"id": second.id})
    with Raises(StaleError), store.writing("t42") as writer:
        assert writer.end() == End(2, second.id)
        add(writer, "t42", kind="tag")


def test_texts_that_are_too_long(sqlite_url: str) -> None:
    """What no column holds is refused with its field, its length and what fits, on every database."""
    with closing(SqlalchemyStore(sqlite_url)) as store:
        for field, most in {"name": 200, "label": 200, "token": 200, "author": 200, "account": 512}.items():
            with pytest.raises(ValueError, match=rf"^{field} must be at most {most} characters.*\(got {most + 1}\)$"):
                write(store, **{field: "x" * (most + 1)})
            write(store, **{field: "x" * most})


def test_a_dropped_space_begins_anew_for_who_waited(engine: sa.Engine, schema: str) -> None:
    """A writer that waited while its space was dropped finds it empty, and writes."""
    store, other = SqlalchemyStore(engine, schema), SqlalchemyStore(engine, schema)
    fill(store, "t42")
    with store.writing("t42") as writer:
        waiting = started(write, other)
        waiting.join(0.2)
        assert waiting.is_alive()
        writer.drop()
    joined(waiting)
    assert length_of(store, "t42") == 1
