"""When a profile is to be looked at again."""

import json
from datetime import UTC, date, datetime
from typing import Any, Final

import attrs

from icpkit.history.ledger import Ledger
from icpkit.history.listing import Listing, counted
from icpkit.history.moments import beginning_of, instant, micros, months_after
from icpkit.history.records import Stored, check_types, of_entry
from icpkit.history.store import Reader, Writer
from icpkit.words import Words

#: How many months lie between two reviews, unless somebody says otherwise.
QUARTER: Final = 3


@attrs.frozen
class Due:
    """A review that is due.

    Attributes:
        name: the profile.
        due: the day.
        days: for how many days it has been due.
    """

    name: str
    due: date
    days: int


def review(ledger: Ledger, writer: Writer, name: str, *, said: tuple[str | None, str | None], next_due: Any) -> date:
    """Note a review, and give the day of the next."""
    head = ledger.find(writer, (name, "head")).entry
    today = instant(ledger.now()).date()
    given = months_after(today, QUARTER) if next_due is None else instant(beginning_of("next_due", next_due)).date()
    if given <= today:
        raise ValueError(f"next_due must lie ahead (got {next_due!r})")
    ledger.add(
        writer,
        kind="review",
        name=name,
        about=head.number,
        author=said[0],
        said={"message": said[1]},
        data={"due": micros(datetime(given.year, given.month, given.day, tzinfo=UTC))},
    )
    return given


def due(ledger: Ledger, reader: Reader, name: str) -> date:
    """Give the day of the next review."""
    head = ledger.find(reader, (name, "head"))
    last = next(reader.select(kinds=("review",), name=name, newest=True, limit=1), None)
    return _day_after(head if last is None or check_types(last).seq < check_types(head).seq else last)


@of_entry
def _day_after(last: Stored) -> date:
    """Give the day that a review names, or the one that a new version leaves to the calendar."""
    if last.entry.kind == "review":
        return instant(json.loads(last.entry.data)["due"]).date()
    return months_after(instant(last.entry.committed).date(), QUARTER)


def overdue(ledger: Ledger, reader: Reader, today: date) -> Listing[Due]:
    """Give the profiles whose review is overdue, the longest first."""
    found = []
    for name in reader.names():
        day = due(ledger, reader, name)
        head = ledger.head(reader, name)
        if day < today and head is not None and ledger.version(head).profile.stage != "retired":
            found.append(Due(name, day, (today - day).days))
    found.sort(key=lambda one: (one.due, one.name))
    return Listing(tuple(found), "history_overdue", ("profile", "due", "days"), _row)


def _row(one: Due, words: Words) -> tuple[str, ...]:
    return one.name, one.due.isoformat(), counted("history_days", one.days, words)
