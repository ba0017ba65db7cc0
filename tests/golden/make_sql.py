"""Write the golden statements anew: ``python -m tests.golden.make_sql``.

They show in a review what a change does to the text that people keep, diff and run.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import icpkit as icp
from icpkit.sql.dialects import DIALECTS

HERE = Path(__file__).parent / "sql"

#: Twelve criteria, as a team has them: short names, one gate, no adjustment.
TWELVE = icp.Profile(
    "Mid-market",
    [
        icp.Dimension(
            "Company",
            [
                icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                icp.Range("revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6),
                icp.OneOf("industry", {"Software": 1, "IT Services": 0.6, "Finance": 0.5}, weight=2),
                icp.OneOf("naics", {"5112": 1, "51": 0.6}, prefix=True),
                icp.Age("founded", at_least=3, soft_at_least=1),
            ],
            weight=40,
        ),
        icp.Dimension(
            "Product",
            [
                icp.Overlap("tech", {"CRM": 2, "Slack": 1, "Jira": 1}, groups={"CRM": ["Salesforce", "HubSpot"]}),
                icp.Ordinal("cloud", ["Early", "Growing", "Advanced"], at_least="Growing"),
                icp.Bands("seats", [(10, 0.2), (50, 1), (500, 0.35)]),
            ],
            weight=25,
        ),
        icp.Dimension(
            "Signals",
            [
                icp.Recency("last_demo", half_life=30),
                icp.Recency("last_visit", window=14),
                icp.Upcoming("renewal", within=120),
                icp.Flag("outbound"),
            ],
            weight=35,
        ),
    ],
    gates=[icp.Gate(icp.AllOf(icp.Flag("sales_team"), icp.Flag("competitor", expected=False), name="can buy"))],
)
#: The second of two.
SMALL = icp.Profile(
    "Small business",
    [icp.Dimension("Company", [icp.Range("employees", 5, 49), icp.OneOf("industry", ["Software", "Retail"])])],
    min_coverage=0.4,
)
AS_OF = "2026-11-21"
TABLE = "crm.accounts"
ROWS = icp.LongTable("crm.account_tech", "account_id", "tech")

_KINDS: Mapping[str, Mapping[str, str]] = {
    "duckdb": {"array": "VARCHAR[]", "day": "DATE", "moment": "TIMESTAMP WITH TIME ZONE"},
    "postgres": {
        "whole": "integer",
        "double": "double precision",
        "text": "text",
        "array": "text[]",
        "truth": "boolean",
        "day": "date",
        "moment": "timestamp with time zone",
    },
    "sqlite": {"double": "REAL", "text": "TEXT", "array": "TEXT", "day": "TEXT", "moment": "TEXT"},
    "spark": {"text": "string", "whole": "int", "double": "double", "array": "array<string>", "truth": "boolean"},
    "snowflake": {"whole": "NUMBER(9,0)", "double": "FLOAT", "moment": "TIMESTAMP_TZ"},
    "bigquery": {"whole": "INT64", "double": "FLOAT64", "text": "STRING", "array": "ARRAY<STRING>", "truth": "BOOL"},
    "redshift": {
        "double": "double precision",
        "text": "character varying(256)",
        "array": "character varying(256)",
        "moment": "timestamp with time zone",
    },
    "trino": {"text": "varchar", "array": "array(varchar)", "moment": "timestamp(6) with time zone"},
}
_USUAL: Mapping[str, str] = {
    "whole": "INTEGER",
    "double": "DOUBLE",
    "text": "VARCHAR",
    "array": "ARRAY",
    "truth": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMP",
}
_HELD: Mapping[str, str] = {
    "employees": "whole",
    "revenue": "double",
    "industry": "text",
    "naics": "text",
    "founded": "whole",
    "tech": "array",
    "cloud": "text",
    "seats": "whole",
    "last_demo": "moment",
    "last_visit": "moment",
    "renewal": "day",
    "sales_team": "truth",
    "outbound": "truth",
    "competitor": "truth",
}


def types(dialect: str) -> dict[str, str]:
    """Give the types of the columns as the catalogue of a dialect tells them."""
    kinds = {**_USUAL, **_KINDS.get("spark" if dialect == "databricks" else dialect, {})}
    return {name: kinds[kind] for name, kind in _HELD.items()}


def twelve(dialect: str) -> str:
    """Write the twelve criteria; lists lie in a table of their own where the dialect cannot look into them."""
    asked: dict[str, Any] = {"columns": {"tech": ROWS}} if dialect == "redshift" else {}
    told: dict[str, Any] = {"dialect": dialect, "table": TABLE, "key": "id", "as_of": AS_OF, "text": "folded"}
    return icp.to_sql(TWELVE, types=types(dialect), **told, **asked)


def statements() -> dict[str, str]:
    """Give every golden statement by the name of its file."""
    made = {dialect: twelve(dialect) for dialect in DIALECTS}
    told: dict[str, Any] = {"dialect": "duckdb", "table": TABLE, "key": "id", "as_of": AS_OF, "text": "folded"}
    events = icp.LongTable("crm.touches", "account_id", "kind", at="at", strength="strength")
    labels = icp.LongTable("crm.account_tech", "account_id", "tech", without="empty")
    made["duckdb_standard"] = icp.to_sql(
        icp.standard_profile(), columns={"engagement": events, "technologies": labels}, **told
    )
    made["duckdb_several"] = icp.to_sql([TWELVE, SMALL], types=types("duckdb"), **told)
    made["duckdb_contributions"] = icp.to_sql(TWELVE, types=types("duckdb"), contributions=True, **told)
    return made


def timeless(sql: str) -> str:
    """Take the release out of a statement, so that the next one changes no file."""
    return sql.replace(f"icpkit {icp.__version__},", "icpkit x.y.z,")


def main() -> None:
    """Write the files; those of statements that are no more go."""
    for path in HERE.glob("*.sql"):
        path.unlink()
    for name, sql in statements().items():
        (HERE / f"{name}.sql").write_text(timeless(sql), encoding="utf-8")


if __name__ == "__main__":
    main()
