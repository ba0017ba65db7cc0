from typing import Any

import pytest

import icpkit as icp
from icpkit.history.listing import Listing, counted, moment_text, said_text
from icpkit.history.moments import instant
from icpkit.words import ENGLISH
from tests.history.cases import ANN, FIRST, SECOND, of_three, opened
from tests.test_markup import Read

HOSTILE = "<script>alert(1)</script> & \"'` | [x](y) \u202e\x7f"


def listing(*items: str) -> Listing[str]:
    """Give a listing of texts, each with its length."""
    return Listing(items, "history_versions", ("author", "labels"), lambda item, _: (item, str(len(item))))


def test_a_listing_is_a_sequence() -> None:
    """A listing has a length, items, slices that are listings, and equals any other sequence of the same."""
    three = listing("a", "b", "c")
    assert (len(three), three[0], three[-1], list(three), "b" in three) == (3, "a", "c", ["a", "b", "c"], True)
    assert isinstance(three[1:], Listing)
    assert three[1:] == ["b", "c"]
    assert str(three[:1]).splitlines() == ["author  labels", "a       1"]
    assert three == ["a", "b", "c"] == list(three)
    assert three != ["a"]
    assert listing("a") != "a"
    assert three != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(three)
    with pytest.raises(IndexError):
        _ = three[3]


def test_a_listing_as_text() -> None:
    """The table has a header, columns as wide as they need, and no blanks at the ends of lines; long cells are cut."""
    assert str(listing("ann", "x" * 100)).splitlines() == [
        f"{'author':<60}  labels",
        f"{'ann':<60}  3",
        f"{'x' * 59}…  100",
    ]
    assert repr(listing("ann")) == "<1 versions>"


def test_an_empty_listing() -> None:
    """Where there is nothing, the listing says what there is none of."""
    assert str(listing()) == "no versions"
    assert Read(listing().to_html()).text.strip() == "no versions"
    assert listing().to_markdown().splitlines()[0] == "| author | labels |"
    assert not listing()


def test_a_listing_in_other_words() -> None:
    """Every word comes from the words that are passed."""
    german = {
        **ENGLISH,
        "column_history_author": "von",
        "history_nothing": "keine {title}",
        "history_versions": "Fassungen",
    }
    assert listing("ann").to_text(german).startswith("von  labels")
    assert listing().to_text(german) == "keine Fassungen"
    assert ">von</th>" in listing("ann").to_html(german)
    assert listing("ann").to_markdown(german).startswith("| von |")


def test_hostile_text_stays_text() -> None:
    """What people wrote is shown as it is and never runs, in text, Markdown and HTML, of every table."""
    history = opened()
    version = history.commit(FIRST, author=HOSTILE.replace("\x7f", ""), message=HOSTILE + "\n" + HOSTILE)
    history.move_alias("SaaS", "<b>", to=1, author=HOSTILE, reason=HOSTILE)
    history.overrides.set(HOSTILE, tier="Perfect", justification=HOSTILE, author=HOSTILE)
    tables: list[Any] = [history.log("SaaS"), history.events(), history.overrides.log()]
    for table in tables:
        read = Read(table.to_html())
        assert set(read.tags) <= {"table", "thead", "tbody", "tr", "th", "td"}
        assert "<script>alert(1)</script>" in read.text
        assert "\u202e" not in table.to_html() + str(table) + table.to_markdown()
        assert "<script>" not in table.to_markdown()
        assert len(str(table).splitlines()) == 1 + len(table)
        assert table._repr_html_() == table.to_html()
    assert "\u202e" not in repr(version)


def test_the_tables_of_a_history() -> None:
    """The log shows versions as people read them, the latest first."""
    history = of_three()
    history.tag("SaaS@v1", "2026-Q1")
    history.commit(SECOND, expected=3, draft=True, **ANN)
    history.rollback("SaaS", to=1, author="ann@example.com", message="Back")
    assert str(history.log("SaaS")).splitlines() == [
        "version     when              in force from     author           message               labels",
        "v5 (as v1)  2026-07-06 09:00  2026-07-06 09:00  ann@example.com  Back",
        "v4          2026-07-06 09:00  draft             ann@example.com  First definition",
        "v3          2026-07-06 09:00  2026-07-06 09:00  ann@example.com  First definition",
        "v2          2026-04-06 09:00  2026-04-06 09:00  ben@example.com  Recency matters more",
        "v1          2026-01-05 09:00  2026-01-05 09:00  ann@example.com  First definition      2026-Q1",
    ]
    assert repr(history.log("SaaS")) == "<5 versions>"
    assert [version.number for version in history.log("SaaS", limit=2)] == [5, 4]
    assert isinstance(history.log("SaaS"), icp.Listing)


def test_moments_in_tables() -> None:
    """A moment is written to the minute, the beginning of a day as the day, and none as a dash."""
    assert moment_text(instant(0), ENGLISH) == "1970-01-01"
    assert moment_text(instant(60_000_000), ENGLISH) == "1970-01-01 00:01"
    assert moment_text(instant(1_000_000), ENGLISH) == "1970-01-01 00:00"
    assert moment_text(None, ENGLISH) == "–"


def test_what_was_said_in_tables() -> None:
    """Text is written on one line; what was erased says so, and what was never said is a dash."""
    assert said_text("a\n\tb  c", ENGLISH, erased=False) == "a b c"
    assert said_text(None, ENGLISH, erased=True) == "(erased)"
    assert said_text(None, ENGLISH, erased=False) == "–"


def test_counts_in_words() -> None:
    """One of something is said otherwise than several."""
    found = [counted("verify_notes", count, ENGLISH) for count in (0, 1, 2, 1000)]
    assert found == ["0 notes", "1 note", "2 notes", "1,000 notes"]
