import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.batch.encoding import encode
from icpkit.columns import Codes, Labels, Moments, Numbers

DAY = "2026-11-21"
PROFILE = icp.Profile(
    "P",
    [
        icp.Dimension(
            "D",
            [
                icp.Range("employees", 50, 500, soft_high=1000),
                icp.OneOf("hq.country", ["DE", "AT"]),
                icp.Overlap("technologies", ["Slack", "Jira"]),
                icp.Recency("last_demo"),
                icp.Engagement("engagement", {"demo": 1}),
                icp.Range("revenue", 1e6, 5e6, soft_low=5e5, scale="log"),
            ],
        )
    ],
    min_coverage=0,
)
RECORDS: list[dict[str, Any]] = [
    {"id": "acme", "employees": 80, "hq": {"country": "DE"}, "technologies": ["Slack"], "last_demo": "2026-11-01"},
    {"id": "globex", "hq.country": None, "hq": {"country": "DE"}, "technologies": [], "revenue": 2e6},
]
ASKED = ("employees", "hq.country", "technologies", "last_demo", "engagement", "revenue")


def profile_of(*criteria: icp.Criterion) -> icp.Profile:
    """Give a profile of some criteria, for which any coverage is enough."""
    return icp.Profile("P", [icp.Dimension("D", criteria)], min_coverage=0)


def test_only_what_is_read_is_encoded() -> None:
    """Each attribute of the profile becomes a column, in the form that suits its values; others are not touched."""
    batch = encode([*RECORDS, {"id": "x", "odd": object()}], PROFILE, key="id")
    assert tuple(batch.columns) == ASKED
    assert isinstance(batch.columns["employees"], Numbers)
    assert isinstance(batch.columns["technologies"], Labels)
    assert isinstance(batch.columns["last_demo"], Codes)
    assert batch.lacking == ("engagement",)
    assert len(batch) == 3
    assert repr(batch) == "<Batch: 3 accounts × 6 attributes, key 'id'>"
    assert repr(encode(RECORDS, PROFILE)) == "<Batch: 2 accounts × 6 attributes>"
    assert batch.nbytes > sum(column.nbytes for column in batch.columns.values())


def test_an_account_comes_back_as_it_was() -> None:
    """An account of a batch has the values that it came with; a field of exactly a path's name wins."""
    batch = encode(RECORDS, PROFILE, key="id")
    for row, record in enumerate(RECORDS):
        assert icp.score(PROFILE, batch.account(row), as_of=DAY) == icp.score(PROFILE, record, as_of=DAY)
    assert batch.account(1)["hq.country"] is None


def test_some_of_the_accounts() -> None:
    """Accounts are taken by places, from the end too, or by a mask; results are records then."""
    batch = encode({"id": ["a", "b", "c"], "x": [1, 2**60, 3]}, profile_of(icp.Range("x", 1, 2)), key="id")
    assert batch.take([-1, 1]).keys == ["c", "b"]
    assert batch.take([-2]).columns["x"].raw(0) == 2**60
    assert batch.take(np.array([False, True, False])).keys == ["b"]
    assert encode({"x": [1, 2]}, profile_of(icp.Range("x", 1, 2))).take([1]).keys == range(1)
    assert batch.detach().source is None


def test_records_may_lack_what_a_table_must_have() -> None:
    """What no record has is unknown; a column that a table lacks is an error that names the nearest one."""
    profile = profile_of(icp.Range("employees", 1, 2), icp.Flag("listed"))
    assert encode([{"employes": 1}], profile).lacking == ("employees", "listed")
    assert encode([{"employees": 1}].__iter__(), profile).lacking == ("listed",)
    for frame in (pd.DataFrame({"employes": [1]}), pl.DataFrame({"employes": [1]}), pa.table({"employes": [1]})):
        with pytest.raises(icp.UnreadColumnsError) as caught:
            encode(frame, profile)
        assert caught.value.problems == (
            "'employees' is not there; did you mean 'employes'?",
            "'listed' is not there",
        )
        assert "it has employes" in str(caught.value)
        assert encode(frame, profile, unknown=["employees", "listed"]).lacking == ("employees", "listed")
    one = profile_of(icp.Range("employees", 1, 2))
    assert encode(pd.DataFrame({"x": [1]}), one, unknown="employees").lacking == ("employees",)


def test_a_path_leads_into_nested_columns() -> None:
    """A path is read from a column of records; where nobody has it, it is unknown."""
    profile = profile_of(icp.OneOf("hq.country", ["DE"]), icp.OneOf("hq.city", ["Ulm"]))
    frame = pl.DataFrame({"hq": [{"country": "DE"}, {"country": None}, None]})
    batch = encode(frame, profile)
    assert [batch.columns["hq.country"].raw(row) for row in range(3)] == ["DE", None, None]
    assert batch.lacking == ("hq.city",)


def test_a_column_that_stands_there_twice_is_refused_if_it_is_read() -> None:
    """Only where it is read is it unclear which one is meant."""
    frame = pd.DataFrame([[1, 2, 3]], columns=["x", "x", "y"])
    with pytest.raises(icp.UnreadColumnsError, match="'x' stands there twice"):
        encode(frame, profile_of(icp.Range("x", 1, 2)))
    assert len(encode(frame, profile_of(icp.Range("y", 1, 2)))) == 1


def test_a_key_stands_in_one_row() -> None:
    """A repeated key points to `accounts_from`; rows without a key, and a key that is not there, are told."""
    profile = profile_of(icp.Range("x", 1, 2))
    with pytest.raises(
        ValueError, match=r"each key in 'id' must stand in one row \(got 'a' in 2 rows\)[\s\S]*accounts_from"
    ):
        encode({"id": ["a", "a", None], "x": [1, 2, 3]}, profile, key="id")
    with pytest.raises(ValueError, match=r"got 2 rows without a key"):
        encode({"id": [None, None], "x": [1, 2]}, profile, key="id")
    with pytest.raises(ValueError, match=r"'0' in 2 rows.* and 5 more\)"):
        encode({"id": [str(i // 2) for i in range(50)], "x": [1] * 50}, profile, key="id")
    with pytest.raises(ValueError, match="the keys in 'id' must be texts or numbers, not lists"):
        encode({"id": [[1], [2]], "x": [1, 2]}, profile, key="id")
    with pytest.raises(icp.UnreadColumnsError, match="the key 'idd' is not there; did you mean 'id'"):
        encode({"id": ["a"], "x": [1]}, profile, key="idd")
    assert encode([], profile, key="id").keys == []


def test_one_text_is_never_one_label() -> None:
    """A column of texts where lists of labels belong is refused, with the way out."""
    profile = profile_of(icp.Overlap("technologies", ["Slack"]))
    with pytest.raises(icp.UnreadColumnsError, match="holds text such as 'Slack;Jira' where lists of labels belong"):
        encode(pd.DataFrame({"technologies": ["Slack;Jira"]}), profile)
    assert len(encode(pd.DataFrame({"technologies": [None, " "]}, dtype=object), profile)) == 2


def test_labels_and_events_of_their_own_tables() -> None:
    """Labels and events are gathered by key; an account without a row is unknown, and keys of others are left out."""
    jobs = pd.DataFrame({"company": ["acme", "acme", None, "other"], "skill": ["Slack", "Jira", "Slack", "Jira"]})
    events = pl.DataFrame({"company": ["acme"], "kind": ["demo"], "at": ["2026-11-20"], "strength": [2.0]})
    settings: dict[str, Any] = {"key": "id", "labels": {"technologies": (jobs, "company", "skill")}}
    for where in ((events, "company", "kind", "at"), (events, "company", "kind", "at", "strength")):
        batch = encode(RECORDS, PROFILE, events={"engagement": where}, **settings)
        assert batch.account(0)["technologies"] == ["Slack", "Jira"]
        assert batch.account(1)["technologies"] is None
        assert batch.account(0)["engagement"] == [tuple(events.row(0)[1 : len(where) - 1])]
        assert batch.lacking == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"labels": {"technologies": ([], "a", "b")}}, r"need the key of the accounts: key= \(got technologies\)"),
        ({"key": "id", "labels": {"tecnologies": ([], "a", "b")}}, "'tecnologies' is read by no profile; did you mean"),
        ({"key": "id", "labels": {"technologies": ([], "a")}}, r"from \(table, key, label\) \(got list, 'a'\)"),
        ({"key": "id", "labels": {"technologies": []}}, r"from \(table, key, label\) \(got list\)"),
        ({"key": "id", "events": {"engagement": ([], "a", "b")}}, r"\(table, key, kind, at, strength\) \(got list, "),
        ({"key": "id", "labels": {"technologies": ({"ids": []}, "id", "id")}}, "'id' is not there; did you mean 'ids'"),
        ({"fields": "fields.toml"}, r"fields must be a FieldMap \(got str\): icp.load_fields reads one"),
    ],
)
def test_mistakes_of_settings_are_told(settings: dict[str, Any], message: str) -> None:
    """Each names the setting, what was given, and what belongs there."""
    with pytest.raises((ValueError, TypeError, icp.UnreadColumnsError), match=message):
        encode(RECORDS, PROFILE, **settings)


@pytest.mark.parametrize("data", ["accounts.csv", Path("accounts.csv")])
def test_a_path_is_no_table(data: Any) -> None:
    """The error names the functions that read files."""
    with pytest.raises(TypeError, match=r"not a path \(got 'accounts.csv'\): icp.read_accounts reads a file"):
        encode(data, PROFILE)


def test_what_is_no_profile_is_refused() -> None:
    """Also among several, and where the two arguments were swapped."""
    for given in ("p", 3, [PROFILE, "x"]):
        with pytest.raises(TypeError, match=r"encode\(\) needs a Profile second, after the table"):
            encode(RECORDS, given)  # type: ignore[arg-type]  # on purpose
    assert tuple(encode(RECORDS, [PROFILE, profile_of(icp.Flag("listed"))]).columns) == (*ASKED, "listed")


def test_a_field_map_reads_the_table_first() -> None:
    """The map names key and attributes; results go back in the kind that came in, unless rows were left out."""
    fields = icp.FieldMap(
        [icp.Field("id", "Account"), icp.Field("employees", "Size", parse="number"), icp.Field("since", parse="date")]
    )
    profile = profile_of(icp.Range("employees", 50, 500), icp.Recency("since"))
    frame = pd.DataFrame({"Account": ["a", "b"], "Size": ["1,058", "many"], "since": ["2026-11-20", ""]}, index=[5, 6])
    with pytest.raises(icp.AccountsFileError, match="many"):
        encode(frame, profile, fields=fields)
    many = icp.score_batch(profile, frame, fields=fields, on_invalid="unknown", as_of=DAY)
    assert many.keys == ["a", "b"]
    assert [offender.attribute for offender in many.invalid] == ["employees"]
    assert many.to_frame().index.tolist() == [5, 6]
    assert many.to_frame()["key"].tolist() == ["a", "b"]
    blank = pd.concat([frame, pd.DataFrame({"Account": [""], "Size": [""], "since": [""]})])
    assert len(icp.score_batch(profile, blank, fields=fields, on_invalid="unknown", as_of=DAY).to_frame()) == 2
    accounts = fields.apply(frame, on_invalid="unknown")
    assert encode(accounts, profile).key == "id"


def test_what_is_found_of_columns_is_remembered() -> None:
    """Patterns and logarithms are found when a table is encoded, and count as its memory."""
    batch = encode(RECORDS, PROFILE)
    before = batch.nbytes
    technologies, revenue = (batch.memory.of(name) for name in ("technologies", "revenue"))
    assert len(technologies.patterns) == 1
    assert "logs" in vars(revenue)
    assert before == sum(column.nbytes for column in batch.columns.values()) + batch.memory.nbytes
    icp.score_batch(PROFILE, batch, as_of=DAY)
    assert batch.nbytes == before


def test_matches_are_kept_within_a_bound() -> None:
    """A batch keeps no more than twice the bytes of its columns in matches: the oldest go first."""
    data = {"x": np.arange(100.0), "t": pd.date_range("2026-01-01", periods=100)}
    profiles = [profile_of(icp.Range("x", 1, 5 + high, soft_high=200), icp.Recency("t")) for high in range(9)]
    batch = encode(data, profiles)
    assert isinstance(batch.columns["t"], Moments)
    for profile in profiles:
        icp.score_batch(profile, batch, as_of=DAY, keep=True)
        assert sum(leaf.nbytes for _, leaf in batch.kept.values()) <= 2 * batch.nbytes
    assert len(batch.kept) == 3
    greedy = profile_of(*(icp.Range("x", 1, 5 + high, soft_high=200, name=f"{high}") for high in range(9)))
    narrow = encode({"x": np.arange(100.0)}, greedy)
    for _ in range(2):
        icp.score_batch(greedy, narrow, as_of=DAY, keep=True)
    assert len(narrow.kept) == 2
    assert profiles[-1].dimensions[0].criteria[0].value_function() in batch.kept


def test_columns_may_be_read_by_threads() -> None:
    """However many columns are read at a time, the batch is the same, and one thread starts no other."""
    before = set(threading.enumerate())
    started: list[threading.Thread] = []
    one = encode(RECORDS, PROFILE, threads=1)
    many = encode(RECORDS, PROFILE, threads=3)
    started = [thread for thread in threading.enumerate() if thread not in before]
    assert started == []
    assert list(one.columns) == list(many.columns)
    for row in range(len(RECORDS)):
        assert one.account(row) == many.account(row)
    fits = [icp.score_batch(PROFILE, batch, as_of=DAY).low.tolist() for batch in (one, many)]
    assert fits[0] == fits[1]
