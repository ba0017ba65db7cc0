from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.importing.files import read_table
from icpkit.importing.guessing import guess_fields
from icpkit.importing.headers import header
from icpkit.importing.starting import fields_text, profile_text
from icpkit.importing.strict import asked_of
from icpkit.table import Table
from tests.importing import torture
from tests.importing.invented import ASTRAY, EXPORTS, Invented

AS_OF = "2026-11-21"


def scored(profile: icp.Profile, accounts: icp.Accounts) -> list[icp.Score]:
    """Score accounts, with what cannot be read as unknown."""
    scorer = icp.Scorer(profile)
    return [scorer.score(one, as_of=AS_OF, key=accounts.key, on_invalid="unknown") for one in accounts]


# Any table


WORDS = st.sampled_from(
    [
        *(
            "Employees",
            "Annual Revenue",
            "Source",
            "Country",
            "Founded",
            "Tools",
            "Last Seen",
            "id",
            "Is Public",
            "a.b",
            "..",
        ),
        *(
            "Stage",
            "Price",
            "Price Currency",
            "Revenue ($M)",
            "Unnamed: 1",
            "-",
            "name",
            "[x]",
            "key = 1",
            "#",
            '"',
            "'''",
        ),
    ]
)
ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
HEADERS = st.one_of(WORDS, WORDS.map(lambda word: f" {word} "), ODD, ODD.map(lambda text: text * 300))
CELLS = st.one_of(
    ODD,
    st.sampled_from(["", " ", "n/a", "None", "NA", "-", "Unknown", "Select", "[]", "{}", "🟢", "yes", "No", "0", "1"]),
    st.sampled_from(["51-200", "1,058", "1.234", "1.234,5", "$1.2m", "€5", "¥5", "10%", "1e5", "007", "9" * 20, "-0"]),
    st.sampled_from(
        ["2024-03-05", "14/03/2024", "03/04/2024", "3/14/24", "20240305", "1709628300", "45356", "Mar 2019"]
    ),
    st.sampled_from(
        ["a;b", "a, b", "a|b\nc", '["a", null]', '[{"kind": "demo", "at": "2024-03-05"}]', "['a']", "x" * 999]
    ),
    st.sampled_from(["over 8 years", "about 40 people", "2013 (1888)", "acme.com", "United States", "Series A", "NO"]),
    st.integers().map(str),
    st.floats(allow_nan=False).map(str),
)
TYPED = st.one_of(
    *(
        CELLS,
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.decimals(),
        st.binary(),
    ),
    *(st.lists(CELLS, max_size=3), st.dictionaries(ODD, CELLS, max_size=2)),
    st.lists(st.fixed_dictionaries({"kind": CELLS, "at": st.dates().map(str)}), max_size=2),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a table with at least one named column: of a file, all text, or of a frame."""
    names = draw(st.lists(HEADERS, min_size=1, max_size=5))
    assume(any(0 < len(header(name)) <= 1_000 and not name.startswith("Unnamed") for name in names))
    rows = draw(st.integers(0, 12))
    in_file = draw(st.booleans())
    columns = tuple(draw(st.lists(CELLS if in_file else TYPED, min_size=rows, max_size=rows)) for _ in names)
    return Table(tuple(names), columns, lines=tuple(range(2, rows + 2)) if in_file else ())


@given(tables(), ODD)
def test_the_two_files_work_for_any_table(table: Table, source: str) -> None:
    """The map that is written is the one that was guessed; its accounts go into the profile that is written."""
    found = guess_fields(table)
    fields = icp.loads_fields(fields_text(found, source))
    assert fields == found.fields
    accounts = fields.apply(table, on_invalid="unknown")
    profile = icp.loads(profile_text(accounts, source))
    scores = scored(profile, accounts)
    assert len(scores) == len(accounts)
    assert icp.loads(icp.dumps(profile)) == profile


# Exports


@pytest.mark.no_cover
@pytest.mark.parametrize("export", [one for one in EXPORTS.values() if one is not ASTRAY], ids=lambda one: one.name)
def test_the_starting_profile_tells_accounts_apart(tmp_path: Path, export: Invented) -> None:
    """Accounts of an export get a fit each, and these differ."""
    table, _ = read_table(export.write(tmp_path))
    found = guess_fields(table)
    accounts = found.fields.apply(table, on_invalid="unknown")
    profile = icp.loads(profile_text(accounts, export.name))
    fits = [one.fit for one in scored(profile, accounts) if one.fit is not None]
    assert profile.name == export.name
    assert len(set(fits)) > 1
    assert len(fits) > len(accounts) / 2
    read = set(asked_of(profile))
    assert read <= set(accounts.names) - {accounts.key, "name", "website", "domain"}
    assert read & {"employees", "annual_revenue", "industry"}


def test_the_files_read_well(tmp_path: Path) -> None:
    """Each field stands under the fill rate and samples of its column, and questions are marked."""
    path = tmp_path / "a.csv"
    path.write_text(
        'Company,Employees,Stage,Founded,Tools,"Last Seen",Price\n'
        'Acme,51-200,None,1998,CRM;Mail,2026-11-01,"$5"\n'
        'Globex,"10,001+",Won,1999,CRM,2026-10-01,"€7"\n'
        'Initech,7,Won,,Mail;Chat,,"$8"\n'
    )
    found = guess_fields(read_table(path)[0])
    assert fields_text(found, "a\n.csv").splitlines() == [
        "# How the columns of a .csv become attributes, guessed from its headers and cells.",
        "# Look at each line, above all where a question mark stands; then ask what does not add up:",
        "#     python -m icpkit check profile.toml ACCOUNTS --fields fields.toml",
        "# ? amounts in USD × 2, EUR × 1: declare rates",
        "format = 1",
        'key = "name"',
        'currency = "USD"               # amounts are given in it',
        '# rates = [{ currency = "EUR", to = "USD", rate = 1.08, on = 2026-01-31 }]   # your own, for others',
        "",
        "# 100 % filled, 3 different: Acme, Globex, Initech",
        "[fields.name]",
        'column = "Company"',
        "",
        "# 100 % filled, 3 different: 51-200, 10,001+, 7",
        '# ? a band becomes its geometric middle: take = "low" or "high" for an end',
        "[fields.employees]",
        'column = "Employees"',
        'parse = "size"',
        "",
        "# 100 % filled, 2 different: Won × 2, None",
        '# ? "None" × 1: an answer, or unknown? If unknown, list it in unknown = […]',
        "[fields.stage]",
        'column = "Stage"',
        "",
        "# 66.7 % filled, 2 different: 1998, 1999",
        "[fields.founded]",
        'column = "Founded"',
        'parse = "year"',
        "",
        "# 100 % filled, 3 different: CRM;Mail, CRM, Mail;Chat",
        "[fields.technologies]",
        'column = "Tools"',
        'parse = "labels"',
        "",
        "# 66.7 % filled, 2 different: 2026-11-01, 2026-10-01",
        "[fields.last_visit]",
        'column = "Last Seen"',
        'parse = "date"',
        "",
        "# 100 % filled, 3 different: $5, €7, $8",
        "[fields.price]",
        'column = "Price"',
        'parse = "money"',
    ]


def accounts_of(**columns: list[Any]) -> icp.Accounts:
    """Give accounts of a few columns."""
    names = ("key", *columns)
    keys = tuple(map(str, range(len(next(iter(columns.values()))))))
    return icp.Accounts(names, (keys, *(tuple(column) for column in columns.values())), key="key")


def criteria_of(accounts: icp.Accounts) -> list[icp.Criterion]:
    """Give the criteria of the starting profile."""
    profile = icp.loads(profile_text(accounts, "P"))
    return [criterion for dimension in profile.dimensions for criterion in dimension.criteria]


def test_each_kind_of_attribute_gets_its_criterion() -> None:
    """Numbers get the range of their middle half, categories and labels what is commonest, dates their age."""
    accounts = accounts_of(
        employees=[10, 100, 1000, 10_000, None, 123],
        industry=["Retail", "retail ", "Banks", "Banks", "Banks", None],
        founded=[1990, 2000, 2010, 2020, 1980, None],
        technologies=[("CRM", "Mail"), ("crm",), (), None, ("Mail",), ("Chat", "CRM")],
        last_visit=[date(2026, 11, 1), None, None, None, None, None],
    )
    assert criteria_of(accounts) == [
        icp.Range("employees", 55, 5500),
        icp.OneOf("industry", ["Banks", "Retail"]),
        icp.Age("founded", at_most=25),
        icp.TechOverlap("technologies", ["CRM", "Mail", "Chat"], mode="any"),
        icp.Recency("last_visit", half_life=30),
    ]


def test_what_says_little_gets_no_criterion() -> None:
    """Numbers that hardly vary, categories that are all different, and names get none."""
    accounts = accounts_of(
        employees=[5, 5, 5, 6, 6, 7, 7, 7],
        annual_revenue=[1, 2, 3, 4, None, None, None, None],
        industry=list("abcdefgh"),
        name=["x", "x", "x", "y", "y", "y", "z", "z"],
        last_visit=[None] * 8,
        region=["EMEA", "EMEA", "APAC", "APAC", "APAC", "APAC", "APAC", "x" * 201],
    )
    assert list(asked_of(icp.loads(profile_text(accounts, "P")))) == ["annual_revenue", "region"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"x": [1, 2, 3, 4, 5]}, [icp.Range("x", 1.5, 4.5)]),
        ({"x": ["a", "a", "b", "b"]}, [icp.OneOf("x", ["a", "b"])]),
        ({"x": ["a", "b"]}, [icp.OneOf("x", ["a"])]),
        ({"x": [None, None]}, [icp.OneOf("x", ["?"])]),
        ({"x": [True, False]}, [icp.OneOf("x", ["?"])]),
        ({"x": [5] * 9 + [1, 7, 9]}, [icp.OneOf("x", ["?"])]),
        ({"x": [("a", "b"), ("b",)]}, [icp.Overlap("x", ["b", "a"], mode="any")]),
        ({"x": [("a", "b", " "), ("b", "x" * 201), (" ",)]}, [icp.Overlap("x", ["b", "a"], mode="any")]),
    ],
)
def test_there_is_always_a_criterion(columns: dict[str, list[Any]], expected: list[icp.Criterion]) -> None:
    """Where no attribute is a usual one, the first that tells accounts apart is asked for, whatever it is."""
    assert criteria_of(accounts_of(**columns)) == expected


def test_what_is_written_of_the_torture_file_works(tmp_path: Path) -> None:
    """The map of the torture file loads, and reads the file but for amounts without a rate."""
    path = torture.write_csv(tmp_path / "torture.csv")
    found = guess_fields(read_table(path)[0])
    accounts = icp.read_accounts(path, icp.loads_fields(fields_text(found, "torture.csv")), on_invalid="unknown")
    assert {cell.attribute for cell in accounts.bad} == {"annual_revenue"}
    assert len(scored(icp.loads(profile_text(accounts, "torture")), accounts)) == len(torture.ROWS)


def test_titles_above_the_header_are_left_out_again() -> None:
    """Where a file begins with titles, the map says on which line the columns are named."""
    found = guess_fields(Table(("id",), (["a", "b"],), "a.csv", (5, 6), text=True, header_line=4))
    assert "header_line = 4" in fields_text(found, "a.csv")
    assert icp.loads_fields(fields_text(found, "a.csv")).header_line == 4
