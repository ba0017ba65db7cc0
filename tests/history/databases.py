"""What tests of histories in a SQL database do to it."""

from typing import Any

import sqlalchemy as sa

from icpkit.history.sqlalchemy import SqlalchemyStore
from icpkit.testing.ledgers import add


def write(store: SqlalchemyStore, space: str = "t42", **fields: Any) -> None:
    """Append one entry."""
    with store.writing(space) as writer:
        add(writer, space, **{"number": writer.end().length + 1, **fields})


def run(engine: sa.Engine, *statements: str) -> None:
    """Do something behind the back of a store."""
    with engine.begin() as held:
        for statement in statements:
            held.exec_driver_sql(statement)
