"""What the tests of checks share: small profiles, accounts from columns, and fixes pasted as they say."""

import json
import tomllib
from typing import Any

import attrs

import icpkit as icp
from icpkit.importing import Accounts, Finding, dumps_fields, loads_fields
from icpkit.profile import path_of

DAY = "2026-11-21"


def profile_of(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, D."""
    return icp.Profile("P", [icp.Dimension("D", criteria)], **options)


def rows_of(**columns: list[Any]) -> list[dict[str, Any]]:
    """Give records from columns."""
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def found(profile: icp.Profile, accounts: Any, *codes: str) -> list[Finding]:
    """Give the findings of some kinds, or all."""
    report = icp.check(profile, accounts, as_of=DAY)
    return [one for one in report.findings if not codes or one.code in codes]


def only(profile: icp.Profile, accounts: Any) -> Finding:
    """Give the one finding that there must be."""
    findings = found(profile, accounts)
    assert len(findings) == 1, findings
    return findings[0]


def as_is(rows: list[dict[str, Any]]) -> icp.FieldMap:
    """Give the field map that reads every column as it is."""
    return icp.FieldMap([icp.Field(name, parse="as_is") for name in rows[0]])


def pasted(finding: Finding, profile: icp.Profile, fields: icp.FieldMap) -> tuple[icp.Profile, icp.FieldMap]:
    """Write the lines of a fix where it says: below their header in the field map, or into the criterion."""
    where, *lines = finding.advice
    written = tomllib.loads("\n".join(lines))
    if "field map" in where:
        data = json.loads(dumps_fields(fields))
        for attribute, settings in written["fields"].items():
            data["fields"][attribute] = data["fields"].get(attribute, {}) | settings
        return profile, loads_fields(json.dumps(data))
    assert "in the criterion" in where
    dimensions = [
        attrs.evolve(
            dimension,
            criteria=[
                attrs.evolve(one, **written) if path_of(dimension.name, one.called or "") == finding.path else one
                for one in dimension.criteria
            ],
        )
        for dimension in profile.dimensions
    ]
    return attrs.evolve(profile, dimensions=dimensions), fields


def mended(profile: icp.Profile, rows: list[dict[str, Any]], fields: icp.FieldMap, *codes: str) -> list[str]:
    """Check, do as each finding of some kinds says, and give the codes of what is found after that."""
    before = icp.check(profile, fields.apply(rows, on_invalid="unknown"), as_of=DAY)
    for finding in before.findings:
        if finding.code in codes:
            profile, fields = pasted(finding, profile, fields)
    after = icp.check(profile, fields.apply(rows, on_invalid="unknown"), as_of=DAY)
    return [one.code for one in after.findings]


def accounts_of(fields: icp.FieldMap, **columns: list[Any]) -> Accounts:
    """Read columns by a field map, cells that cannot be read as unknown."""
    numbered = {"id": list(range(len(next(iter(columns.values()))))), **columns}
    return fields.apply(rows_of(**numbered), on_invalid="unknown", missing="unknown")
