from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.exporting import TARGETS, Target
from icpkit.exporting.targets import WRITABLE, is_reason, target_of


def test_the_flat_file_has_the_one_result_schema() -> None:
    """Its columns are those of a result, then possible tiers, reasons and the stamp, under their own names."""
    assert [column for _, column in TARGETS["csv"].header(2)] == [
        *icp.SCHEMA,
        "possible_tiers",
        "reason_1",
        "reason_2",
        *("as_of", "profile", "scoring_id", "semantics", "version"),
    ]


@pytest.mark.parametrize(
    ("name", "key", "fit", "reason", "coverage"),
    [
        ("salesforce", "Id", "ICP_Fit__c", "ICP_Reason_1__c", "percent"),
        ("hubspot", "Record ID", "icp_fit", "icp_reason_1", "share"),
    ],
)
def test_each_crm_has_names_of_its_own(name: str, key: str, fit: str, reason: str, coverage: str) -> None:
    """Custom fields end in __c in Salesforce, internal names are small in HubSpot."""
    target = TARGETS[name]
    columns = dict(target.header(1))
    assert (columns["key"], columns["fit"], columns["reason_1"], target.coverage) == (key, fit, reason, coverage)
    assert target.needs_key
    assert not target.bom


def test_columns_can_be_renamed_added_and_left_out() -> None:
    """A target is data: the order stays, new columns come last."""
    target = TARGETS["hubspot"].with_columns(
        {"fit": "score", "reason": None, "scoring_id": None, "version": "icp_version"}
    )
    assert [column for _, column in target.columns] == [
        *("Record ID", "score", "icp_tier", "icp_status", "icp_coverage", "icp_low", "icp_high"),
        *("icp_scored_on", "icp_profile", "icp_version"),
    ]
    assert dict(TARGETS["hubspot"].columns)["fit"] == "icp_fit"


@pytest.mark.parametrize(
    ("columns", "reasons", "names"),
    [
        ({"reason": "Why {rank}"}, 2, ["Why 1", "Why 2"]),
        ({"reason": "Why {rank}"}, 0, []),
        ({"reason": "Why {rank}", "reason_2": "Second"}, 2, ["Why 1", "Second"]),
        ({"reason_1": "First", "reason": "Why {rank}"}, 2, ["First", "Why 2"]),
        ({"reason": "Why {rank}", "reason_3": "Third"}, 1, ["Why 1", "Third"]),
        ({"reason_1": "First"}, 3, ["First"]),
    ],
)
def test_reasons_have_columns_by_their_rank(columns: dict[str, str], reasons: int, names: list[str]) -> None:
    """One name stands for all, and a single reason may have its own."""
    header = Target("ours", columns).header(reasons)
    assert [column for _, column in header] == names
    assert all(is_reason(what) for what, _ in header)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"columns": {"fitt": "Fit"}},
            "Target.columns must be of what a score holds (got 'fitt')\n\nHint: did you mean 'fit'?",
        ),
        ({"columns": {"zzz": "Fit"}}, f"Hint: what can be written: {', '.join(WRITABLE)}, reason_1, …"),
        ({"columns": {5: "Fit"}}, "must be of what a score holds (got 5)"),
        ({"columns": {"reason_0": "Why"}}, "must be of what a score holds (got 'reason_0')"),
        ({"columns": {}}, "must be a mapping from what is written"),
        ({"columns": ["fit"]}, "must be a mapping from what is written"),
        ({"columns": {"fit": " "}}, "must name the column of 'fit', in text that is not blank (got ' ')"),
        ({"columns": {"fit": 5}}, "must name the column of 'fit'"),
        ({"columns": {"reason": "Why"}}, "must hold {rank} in the column of 'reason'"),
        ({"columns": {"fit": "x", "tier": "x"}}, "must be distinct, but 'fit' and 'tier' have the same (got 'x')"),
        ({"columns": {"fit": "x"}, "needs_key": True}, "must hold 'key', by which accounts are found"),
        (
            {"columns": {"fit": "x"}, "decimals": 10},
            "Target.decimals must be a whole number from 0 to 9, or None (got 10)",
        ),
        ({"columns": {"fit": "x"}, "decimals": 1.5}, "Target.decimals must be a whole number"),
        ({"columns": {"fit": "x"}, "longest": 0}, "Target.longest must be a whole number from 1"),
        ({"columns": {"fit": "x"}, "coverage": "percents"}, "did you mean 'percent'?"),
        ({"columns": {"fit": "x"}, "moment": "day"}, "Target.moment must be one of 'date', 'datetime', 'iso'"),
    ],
)
def test_a_target_that_cannot_be_is_told(fields: dict[str, Any], text: str) -> None:
    """What no score holds, columns of one name, and settings out of range."""
    with pytest.raises(icp.DefinitionError) as caught:
        Target("ours", **fields)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"semantics": None}, "Target.columns have none for 'semantics'\n\nHint: there are key, fit"),
        ({"reason_2": None}, "Target.columns have none for 'reason_2'"),
        ({"tierr": None}, "did you mean 'tier'?"),
        ({"tierr": "Tier"}, "did you mean 'tier'?"),
        (["fit"], "must be a mapping from what is written"),
    ],
)
def test_changes_that_cannot_be_are_told(columns: Any, text: str) -> None:
    """What is not there cannot be left out, and what no score holds cannot be added."""
    with pytest.raises(icp.DefinitionError) as caught:
        TARGETS["hubspot"].with_columns(columns)
    assert text in str(caught.value)


def test_reasons_do_not_take_the_column_of_another() -> None:
    """A name that the ranks fill in must be free."""
    target = Target("ours", {"fit": "x1", "reason": "x{rank}"})
    with pytest.raises(icp.DefinitionError, match="'fit' and 'reason_1' have the same"):
        target.header(1)


def test_a_target_is_found_by_its_name() -> None:
    """A name, or a target of one's own; other names come with a near one."""
    ours = Target("ours", {"fit": "fit"})
    assert (target_of("csv"), target_of(ours)) == (TARGETS["csv"], ours)
    with pytest.raises(icp.DefinitionError, match="did you mean 'salesforce'"):
        target_of("salesfroce")
    unknown: Any = 5
    with pytest.raises(
        icp.DefinitionError, match=r"one of 'csv', 'salesforce', 'hubspot', or a Target of your own \(got 5\)"
    ):
        target_of(unknown)


def test_a_target_is_written_as_the_call_that_makes_it() -> None:
    """What is printed can be pasted back."""
    for target in TARGETS.values():
        assert eval(repr(target)) == target
        assert attrs.evolve(target) == target
    assert len(set(TARGETS.values())) == 3
