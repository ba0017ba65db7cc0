from icpkit.parsing.unreadable import Unreadable, shown


def test_a_refusal_carries_its_way_out() -> None:
    """Reason and way out are kept apart, and the way out may be missing."""
    error = Unreadable("no date", 'declare order = "dmy"')
    assert (error.reason, error.way_out, str(error)) == ("no date", 'declare order = "dmy"', "no date")
    assert Unreadable("no date").way_out == ""


def test_long_texts_are_cut_where_they_are_shown() -> None:
    """What a message shows of a text has at most 60 characters."""
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 59 + "…"
