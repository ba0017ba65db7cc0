from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.batch.strays import StrayKey, Strays, strays_of


def keys_of(found: Strays | None) -> list[tuple[str, str]]:
    """Give the examples as plain pairs."""
    assert found is not None
    return [(one.key, one.hint) for one in found.examples]


def test_every_row_belongs_to_an_account() -> None:
    """Where each key is an account's, there is nothing to tell; keys compare as stripped text."""
    assert strays_of("t", {"1": ["a"], "acme": ["b"]}, [1, " acme "]) is None
    assert strays_of("t", {}, []) is None


def test_rows_and_keys_are_counted() -> None:
    """How many keys there are, how many rows they have, and three of them."""
    found = strays_of("t", {"a": [1, 2], "b": [3], "c": [4], "d": [5], "acme": [6]}, ["acme"])
    assert found is not None
    assert (found.attribute, found.keys, found.rows) == ("t", 4, 5)
    assert [one.key for one in found.examples] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("stray", "key"),
    [
        ("ACME", "acme"),
        ("Acme Inc", "acme  inc"),
        ("7.0", 7),
        ("7", "007"),
        ("0", "000"),
        ("7", 7.0),
        ("acmee", "acme"),
    ],
)
def test_keys_that_are_written_otherwise_are_told(stray: str, key: Any) -> None:
    """Another case, other spaces, a number as text or float, or a typo: the account's key is named."""
    assert keys_of(strays_of("t", {stray: [1]}, [key])) == [(stray, f"did you mean {str(key)!r}?")]


@pytest.mark.parametrize(("stray", "key"), [("7.5", 7), ("a.0", "a"), ("zzz", "acme"), ("0", "")])
def test_other_keys_are_told_without_a_guess(stray: str, key: Any) -> None:
    """What resembles no account's key comes without a hint."""
    assert keys_of(strays_of("t", {stray: [1]}, [key])) == [(stray, "")]


def test_those_that_are_written_otherwise_come_first() -> None:
    """Among many strangers those are shown that somebody can mend."""
    strangers = {f"other {place}": [place] for place in range(50)}
    found = keys_of(strays_of("t", {**strangers, "ACME": [1]}, ["acme"]))
    assert found[0] == ("ACME", "did you mean 'acme'?")
    assert [key for key, _ in found[1:]] == ["other 0", "other 1"]


def told_with(*strays: Strays) -> icp.Scores:
    """Give scores whose summary tells of such rows."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("x", 0, 1)])])
    many = icp.score_batch(profile, {"id": ["acme"], "x": [1]}, key="id", as_of="2026-11-21")
    object.__setattr__(many.batch, "strays", strays)
    return many


def test_summaries_tell_of_strays() -> None:
    """The banner names the table, the rows and some keys; the stats count rows, and hold no keys."""
    some = Strays(
        "uses", 4, 1_200, (StrayKey("ACME", "did you mean 'acme'?"), StrayKey("x\n<b>", ""), StrayKey("y", ""))
    )
    many = told_with(some, attrs.evolve(some, attribute="visits", keys=1, rows=1, examples=some.examples[:1]))
    told = " ".join(str(many).split())
    assert "! rows of uses that belong to no account (1,200): 'ACME' (did you mean 'acme'?), 'x" in told
    assert "'y' and 1 more" in told
    assert "! rows of visits that belong to no account (1): 'ACME' (did you mean 'acme'?) tier" in told
    assert "&lt;b&gt;" in many._repr_html_()
    assert many.stats["strays"] == {"uses": 1_200, "visits": 1}
    assert many.summary.strays[0] == some
    assert told_with().stats["strays"] == {}


def test_encoding_finds_strays() -> None:
    """Labels and events of accounts that are not there are told; all others are gathered."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Overlap("uses", ["a"]), icp.Engagement("visits", ["demo"])])])
    uses = {"who": ["ACME", "acme", 7.0, None], "what": ["a", "a", "a", "a"]}
    visits = {"who": ["acme"], "kind": ["demo"], "at": ["2026-11-01"]}
    batch = icp.encode(
        {"id": ["acme", 7]},
        profile,
        key="id",
        labels={"uses": (uses, "who", "what")},
        events={"visits": (visits, "who", "kind", "at")},
    )
    keys = (StrayKey("ACME", "did you mean 'acme'?"), StrayKey("7.0", "did you mean '7'?"))
    assert batch.strays == (Strays("uses", 2, 2, keys),)
    many = icp.score_batch(profile, batch, as_of="2026-11-21")
    assert many.stats["strays"] == {"uses": 2}
    assert "ACME" in str(many)
