"""The real exports, read by four libraries under one field map each: the same accounts and scores every time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.importing.files import read_table
from tests.importing.readers import AS_TEXT, TYPED, exactly
from tests.trials.exports import path_of, rows_of
from tests.trials.profiles import large_caps, remote_company, remote_teams
from tests.trials.twins import write_companies, write_constituents

AS_OF = "2026-11-21"


@attrs.frozen
class Export:
    """An export with its field map, and what its accounts are scored against."""

    name: str
    fields: icp.FieldMap
    profile: icp.Profile | None = None
    delimiter: str = ","
    derive: tuple[tuple[str, Callable[[dict[str, Any]], Any]], ...] = ()

    def read(self, data: Any) -> icp.Accounts:
        """Read a file or a frame."""
        derive = dict(self.derive)
        if isinstance(data, Path):
            return icp.read_accounts(data, self.fields, derive=derive, on_invalid="unknown")
        return self.fields.apply(data, derive=derive, on_invalid="unknown")

    def scores(self, accounts: icp.Accounts) -> list[dict[str, Any]]:
        """Score accounts."""
        assert self.profile is not None
        scorer = icp.Scorer(self.profile)
        return [scorer.score(one, as_of=AS_OF, key=accounts.key, on_invalid="unknown").to_dict() for one in accounts]


def places_of(account: dict[str, Any]) -> list[str] | None:
    """Give the parts of a headquarters."""
    headquarters = account["headquarters"]
    return headquarters.split(", ") if headquarters else None


def state_of(account: dict[str, Any]) -> str | None:
    """Give the last part of a headquarters: a state, or a country."""
    places = places_of(account)
    return places[-1] if places else None


EXPORTS = {
    one.name: one
    for one in (
        Export(
            "remoteintech/companies.csv",
            icp.FieldMap(
                [
                    icp.Field("title"),
                    icp.Field("region"),
                    icp.Field("remote_policy"),
                    icp.Field("company_size"),
                    icp.Field("technologies", parse="labels"),
                    icp.Field("addedAt", parse="date"),
                    icp.Field("updatedAt", parse="date"),
                    icp.Field("people", "body_size", parse="size", prose=True, take="low"),
                ]
            ),
            remote_teams(),
        ),
        Export(
            "sp500/constituents.csv",
            icp.FieldMap(
                [
                    icp.Field("symbol", "Symbol"),
                    icp.Field("name", "Security"),
                    icp.Field("GICS Sector"),
                    icp.Field("GICS Sub-Industry"),
                    icp.Field("headquarters", "Headquarters Location", unknown=["none"]),
                    icp.Field("Date added", parse="date"),
                    icp.Field("cik", "CIK"),
                    icp.Field("founded", "Founded", parse="year", take="least"),
                ]
            ),
            large_caps(),
            derive=(
                ("industry", lambda account: f"{account['GICS Sector']} > {account['GICS Sub-Industry']}"),
                ("places", places_of),
                ("state", state_of),
            ),
        ),
        Export(
            "maven_crm/accounts.csv",
            icp.FieldMap(
                [
                    icp.Field("account"),
                    icp.Field("industry", "sector", replace={"technolgy": "technology"}),
                    icp.Field("founded", "year_established", parse="year"),
                    icp.Field("annual_revenue", "revenue", parse="number", unit="millions"),
                    icp.Field("employees", parse="size"),
                    icp.Field("country", "office_location", replace={"Philipines": "Philippines"}),
                    icp.Field("parent", "subsidiary_of"),
                ]
            ),
            icp.Profile(
                "Mid-market",
                [
                    icp.Dimension(
                        "Firmographics",
                        [
                            icp.Range("employees", 500, 5000, soft_low=100, soft_high=20000),
                            icp.Range("annual_revenue", 5e8, 3e9, scale="log", soft_low=5e7, soft_high=1e10),
                            icp.OneOf("industry", {"technology": 1, "software": 1, "medical": 0.5}, otherwise=0.2),
                            icp.OneOf("country", ["United States"]),
                            icp.Age("founded", at_most=30, soft_at_most=50),
                        ],
                    )
                ],
            ),
        ),
        Export(
            "maven_crm/sales_pipeline.csv",
            icp.FieldMap(
                [
                    icp.Field("opportunity_id"),
                    icp.Field("account"),
                    icp.Field("stage", "deal_stage"),
                    icp.Field("engaged_on", "engage_date", parse="date"),
                    icp.Field("amount", "close_value", parse="money"),
                ],
                currency="USD",
            ),
        ),
        Export(
            "ravenstack/ravenstack_accounts.csv",
            icp.FieldMap(
                [
                    icp.Field("account_id"),
                    icp.Field("country"),
                    icp.Field("signed_up", "signup_date", parse="date", order="dmy"),
                    icp.Field("seats", parse="number"),
                    icp.Field("is_trial", parse="flag"),
                ]
            ),
        ),
        Export(
            "salvirt_b2b/opportunities.csv",
            icp.FieldMap(
                [
                    icp.Field("product", "Product"),
                    icp.Field("competitors", "Competitors", parse="flag", unknown=["Unknown"]),
                    icp.Field("source", "Source"),
                    icp.Field("status", "Status"),
                ]
            ),
            delimiter=";",
        ),
    )
}
#: Exports that have a twin of the same columns, for where the real one is absent.
TWINS = {"remoteintech/companies.csv": write_companies, "sp500/constituents.csv": write_constituents}


@pytest.fixture(scope="module", params=[*EXPORTS, *(f"twin of {name}" for name in TWINS)])
def which(request: pytest.FixtureRequest) -> str:
    """The name of an export, or of the twin of one."""
    return str(request.param)


@pytest.fixture(scope="module")
def export(which: str) -> Export:
    """How it is read and scored."""
    return EXPORTS[which.removeprefix("twin of ")]


@pytest.fixture(scope="module")
def path(which: str, export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file."""
    if which in EXPORTS:
        return path_of(which)
    return TWINS[export.name](tmp_path_factory.mktemp("twin") / "twin.csv")


@pytest.fixture(scope="module")
def accounts(export: Export, path: Path) -> icp.Accounts:
    """What is read of the file itself."""
    return export.read(path)


@pytest.fixture(scope="module")
def scores(export: Export, accounts: icp.Accounts) -> list[dict[str, Any]]:
    """The scores of these, where the export is scored."""
    return [] if export.profile is None else export.scores(accounts)


@pytest.mark.parametrize("reader", AS_TEXT.values(), ids=AS_TEXT)
def test_what_four_readers_read_as_text_is_the_same(
    export: Export, path: Path, accounts: icp.Accounts, scores: list[dict[str, Any]], reader: Callable[..., Any]
) -> None:
    """Accounts and scores are the same to the letter, whoever has read the file as text."""
    read = export.read(reader(path, "utf-8", export.delimiter))
    assert exactly(read) == exactly(accounts)
    assert [cell.row for cell in read.bad] == [cell.row for cell in accounts.bad]
    if export.profile is not None:
        assert export.scores(read) == scores


@pytest.mark.parametrize("reader", TYPED.values(), ids=TYPED)
def test_what_four_readers_guess_is_the_same(
    export: Export, path: Path, accounts: icp.Accounts, scores: list[dict[str, Any]], reader: Callable[..., Any]
) -> None:
    """Numbers, dates and truths that a reader has typed by itself make no difference in these exports."""
    read = export.read(reader(path, export.delimiter))
    assert exactly(read) == exactly(accounts)
    if export.profile is not None:
        assert export.scores(read) == scores


def as_frames(accounts: icp.Accounts) -> dict[str, Any]:
    """Give accounts as tables of four libraries, every column of the type that the library itself finds."""
    columns = {name: list(column) for name, column in zip(accounts.names, accounts.columns, strict=True)}
    table = pa.table(columns)
    return {
        "pandas": pd.DataFrame(columns),
        "pandas over Arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "Polars": pl.DataFrame(columns, strict=False),
        "Arrow": table,
        "DuckDB": duckdb.from_arrow(table),
    }


def test_many_at_once_are_scored_alike_in_every_library(
    export: Export, accounts: icp.Accounts, scores: list[dict[str, Any]]
) -> None:
    """The numpy engine gives each account of every library's table the score that it has by itself."""
    if export.profile is None:
        return
    settings: dict[str, Any] = {"key": accounts.key, "as_of": AS_OF, "on_invalid": "unknown"}
    for data in (accounts, *as_frames(accounts).values()):
        many = icp.score_batch(export.profile, data, **settings)
        columns = [many.keys, *(getattr(many, name).tolist() for name in icp.SCHEMA[1:])]
        rows = [dict(zip(icp.SCHEMA, row, strict=True)) for row in zip(*columns, strict=True)]
        assert [one | {"fit": None if one["fit"] != one["fit"] else one["fit"]} for one in rows] == scores


def test_json_lines_and_sheets_are_the_same(export: Export, path: Path, accounts: icp.Accounts, tmp_path: Path) -> None:
    """The same cells in JSON Lines and in a sheet give the same accounts."""
    table, _ = read_table(path)
    frame = pd.DataFrame(dict(zip(table.names, table.columns, strict=True)), dtype=str)
    frame.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    assert exactly(export.read(tmp_path / "a.jsonl")) == exactly(accounts)
    if len(frame) > 1_000:
        return
    book = openpyxl.Workbook()
    for row in (table.names, *zip(*table.columns, strict=True)):
        book.worksheets[0].append([cell or None for cell in row])
    book.save(tmp_path / "a.xlsx")
    sheet = pd.read_excel(tmp_path / "a.xlsx", dtype=object, keep_default_na=False)
    assert exactly(export.read(sheet)) == exactly(accounts)


@pytest.mark.parametrize("source", ["real", "twin"])
def test_a_field_map_does_what_a_hand_written_function_does(source: str, tmp_path: Path) -> None:
    """The accounts of a field map get the scores of those that a function has made row by row."""
    rows = rows_of(source, "remoteintech/companies.csv", write_companies, tmp_path)
    export = EXPORTS["remoteintech/companies.csv"]
    path = path_of(export.name) if source == "real" else tmp_path / "twin.csv"
    fits = [one["fit"] for one in export.scores(export.read(path))]
    scorer = icp.Scorer(remote_teams())
    by_hand = [scorer.score(remote_company(row), as_of=AS_OF, on_invalid="unknown").fit for row in rows]
    assert fits == by_hand
    assert len(set(fits)) > 50
