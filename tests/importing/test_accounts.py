from typing import Any

import pytest

from icpkit.importing import Accounts, BadCell, FieldReading

ROWS = Accounts(("id", "n"), (("a", " b ", None, "a", 7), (1, None, 3, 4, 5)), key="id", lines=(2, 3, 5, 8, 9))


def test_accounts_are_a_sequence() -> None:
    """Accounts are counted, indexed, sliced, walked and searched like a list of mappings."""
    assert (len(ROWS), ROWS[0], ROWS[-1]) == (5, {"id": "a", "n": 1}, {"id": 7, "n": 5})
    assert ROWS[1:3] == [{"id": " b ", "n": None}, {"id": None, "n": 3}]
    assert ROWS[::-1] == list(reversed(ROWS))
    assert list(ROWS) == [ROWS[row] for row in range(5)]
    assert {"id": 7, "n": 5} in ROWS
    assert ROWS.index({"id": None, "n": 3}) == 2


@pytest.mark.parametrize("which", [5, -6])
def test_a_place_beyond_the_last(which: int) -> None:
    """A place that does not exist is an IndexError that tells how many there are."""
    with pytest.raises(IndexError, match=f"there are 5 accounts .got {which}"):
        ROWS[which]


def test_accounts_by_their_key() -> None:
    """A key is compared without blanks around it, and as text; blank ones are none."""
    assert ROWS.keys == ("a", "b", "", "a", "7")
    assert (ROWS["b"], ROWS[" 7"]) == (ROWS[1], ROWS[4])
    assert ROWS.repeated == {"a": 2}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("a", "2 accounts have the key 'a'; accounts_from makes one of several rows"),
        ("bb", "no account has the key 'bb'; did you mean 'b'?"),
        ("zzz", "no account has the key 'zzz'"),
    ],
)
def test_a_key_that_names_not_one_account(key: str, told: str) -> None:
    """A key that is not there, or comes twice, is a KeyError with the way out."""
    with pytest.raises(KeyError) as caught:
        ROWS[key]
    assert caught.value.args[0] == told


def test_one_attribute_of_all() -> None:
    """The values of an attribute come as they are; one that is not there is answered with the near name."""
    assert ROWS.column("n") == (1, None, 3, 4, 5)
    with pytest.raises(KeyError, match="no attribute 'ids'; did you mean 'id'"):
        ROWS.column("ids")
    with pytest.raises(KeyError, match="no attribute 'zzz'; the attributes: id, n"):
        ROWS.column("zzz")


def test_accounts_without_a_key() -> None:
    """Where nothing holds the keys, all are blank, and no account can be found by one."""
    rows = Accounts(("n",), ((1, 2),))
    assert (rows.keys, rows.repeated) == (("", ""), {})
    with pytest.raises(KeyError, match="no account has the key 'a'"):
        rows["a"]


def test_accounts_without_attributes() -> None:
    """Records without a field are counted by their lines."""
    rows = Accounts((), (), lines=(1, 4))
    assert (len(rows), list(rows), rows[1]) == (2, [{}, {}], {})
    assert (len(Accounts((), ())), list(Accounts((), ()))) == (0, [])


def test_where_an_account_stands() -> None:
    """In a file it is its line, elsewhere its number from 1."""
    assert (ROWS.place(2), Accounts(("n",), ((1,),)).place(0)) == ("line 5", "row 1")


def test_equal_accounts() -> None:
    """Accounts are equal by attributes, values and key; where they come from does not count."""
    other = Accounts(ROWS.names, ROWS.columns, "id", "elsewhere", bad=(BadCell("a", "n", "x", "no"),), warnings=("x",))
    assert (other == ROWS, hash(other)) == (True, hash(ROWS))
    assert Accounts(ROWS.names, ROWS.columns) != ROWS


@pytest.mark.parametrize(
    ("accounts", "text"),
    [
        (ROWS, "<Accounts: 5 accounts × 2 attributes, key 'id'>"),
        (Accounts((), (), source="a.csv"), "<Accounts: 0 accounts × 0 attributes, from a.csv>"),
    ],
)
def test_accounts_in_one_line(accounts: Accounts, text: str) -> None:
    """The repr says how many there are and where they come from, and holds no value."""
    assert repr(accounts) == text


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"line": 2, "way_out": "write 5"}, "line 2: n = 'five': no number; write 5", "line 2: n: no number"),
    ({"row": 3}, "row 3: n = 'five': no number", "row 3: n: no number"),
    ({"row": 3, "column": "No."}, "row 3: n (column 'No.') = 'five': no number", "row 3: n (column 'No.'): no number"),
    ({"attribute": "", "line": 7, "way_out": "write 5"}, "line 7: no number", "line 7: no number"),
    ({"value": "number 05", "line": 2}, "line 2: n = 'number 05': no number", "line 2: n: no …"),
]


@pytest.mark.parametrize(("options", "told", "redacted"), BAD)
def test_a_cell_that_cannot_be_read(options: dict[str, Any], told: str, redacted: str) -> None:
    """It is told with its place, its value and the way out; redacted, without anything that the value says."""
    cell = BadCell(**{"key": "acme", "attribute": "n", "value": "five", "reason": "no number", **options})
    assert (cell.describe(), cell.describe(redact=True)) == (told, redacted)


@pytest.mark.parametrize(
    ("value", "reason", "redacted"),
    [
        ("01/02/2026", "either 2026-02-01 or 2026-01-02", "either …-…-… or …-…-…"),
        ("500-10", "a band that falls from 500 to 10", "a band that falls from … to …"),
        ("7 SEK", "no rate from SEK to USD", "no rate from … to USD"),
        (12.345, "12.345 may be thousands", "….… may be thousands"),
        (None, "no number", "no number"),
    ],
)
def test_a_reason_that_repeats_its_value(value: Any, reason: str, redacted: str) -> None:
    """Redacted, a reason keeps the parts of the value to itself, zeros before them or not."""
    assert BadCell("a", "x", value, reason, 2).describe(redact=True) == f"line 2: x: {redacted}"


def test_a_reading_counts_from_nothing() -> None:
    """What a column does not hold is counted as zero."""
    reading = FieldReading("n", "No.", "number", 3)
    assert (reading.unknown, reading.currencies) == ((), ())
    assert (reading.empty, reading.bands, reading.bad, reading.naive) == (0, 0, 0, 0)
