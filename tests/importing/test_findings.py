import json
import re
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.importing import CheckReport, CriterionCheck, Finding
from tests.charts.test_pages import Read
from tests.importing.checks import DAY, profile_of
from tests.property.law import law

# What notebooks that are not trusted let through, and what a page of ours has besides.
TAGS = {"div", "b", "pre", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"style", "scope", "lang", "charset", "name", "content", "http-equiv"}
PAGE = {"html", "head", "meta", "title", "style", "body"}
STYLE = re.compile(r"(?:[a-z-]+:[A-Za-z0-9#.,%()/ -]+(?:;|$))+")
#: Text with everything that a terminal or a browser might obey.
HOSTILE = st.text(
    st.characters() | st.sampled_from("\x00\x07\x1b\r\n\x85\u2028\u202e\u200b\ud800[31m<&\"'"), min_size=1, max_size=30
)
ROWS = [
    {"id": "acme", "revenue": 7, "sector": "technolgy", "country": "United States", "seen": None},
    {"id": "globex", "revenue": 11, "sector": "retail", "country": "US", "seen": "2026-11-20"},
    *({"id": str(number), "revenue": 60 + number, "sector": "retail", "seen": None} for number in range(6)),
]
PROFILE = profile_of(
    icp.Range("revenue", 5e6, 50e6, weight=3),
    icp.OneOf("sector", ["technology", "retail"]),
    icp.OneOf("country", ["USA"]),
    icp.AllOf(icp.Recency("seen", window=30), icp.Range("revenue", 0, None), name="fresh and sound"),
    gates=[icp.Gate(icp.Flag("competitor", expected=False), when_unknown="disqualify")],
)


@pytest.fixture(scope="module")
def report() -> CheckReport:
    """Give a report with findings of several kinds."""
    return icp.check(PROFILE, ROWS, as_of=DAY, key="id")


def bare(*findings: Finding, **options: Any) -> CheckReport:
    """Give a report of some findings, and otherwise nothing."""
    return attrs.evolve(icp.check(profile_of(icp.Flag("x")), [{"x": True}], as_of=DAY), findings=findings, **options)


def a_finding(**options: Any) -> Finding:
    """Give a finding."""
    made = Finding("token", "d/x", "x", "a text", "a fix", 3, 12.34, mistake=True)
    return attrs.evolve(made, **options)


def test_the_text_of_a_report(report: CheckReport) -> None:
    """A report reads as findings with points, places and fixes, then tiers and a table, within 100 columns."""
    text = str(report)
    assert all(len(line) <= 100 for line in text.split("\n"))
    assert text.startswith("P × the records: 8 accounts, as of 2026-11-21\n\n")
    head = text.split("\n\n")
    assert head[1] == "4 probable mistakes, 1 worth knowing; before each, the points of fit at stake, on average:"
    assert head[2].split("\n") == [
        " 100.0  gates/competitor: the table has no column 'competitor': unknown for all 8 accounts",
        "        → name its column in a field map, or leave the criterion out",
    ]
    assert head[3].split("\n")[-4:] == [
        "        → in a field map (python -m icpkit init starts one):",
        "          [fields.revenue]",
        '          parse = "number"',
        '          unit = "millions"',
    ]
    assert "  12.5  d/country: worth knowing: known for 2 of 8 accounts (25 %)\n" in text
    assert "tiers: Perfect 0, Strong 0, Moderate 0, Weak 0\nwithout a tier: disqualified 8\n" in text
    assert "weight at risk: 33.3 % of the weight rests on attributes that are known for less than half" in text
    assert "d/fresh and sound (revenue)" in text


def test_a_report_without_findings() -> None:
    """Where nothing is wrong, that is said, with the highest fit and who has it."""
    report = icp.check(profile_of(icp.Range("x", 0, 9)), [{"id": "acme", "x": 5}], as_of=DAY, key="id")
    assert str(report).split("\n") == [
        "P × the records: 1 account, as of 2026-11-21",
        "",
        "Nothing was found that does not add up.",
        "",
        "tiers: Perfect 1 (1 certain), Strong 0, Moderate 0, Weak 0",
        "highest fit: 100.0 (acme); the best values together would reach 100.0: Perfect at best",
        "",
        "     weight      known  invalid  stale  matched  mean match",
        "d/x   100 %  1 (100 %)                        1        1.00",
    ]
    assert (bool(report), repr(report)) == (False, "<CheckReport: P, 1 account, 0 mistakes>")


def test_who_has_the_highest_fit_need_not_have_a_key() -> None:
    """Without a key the highest fit stands alone; a moment is told to the minute."""
    when = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)
    text = str(icp.check(profile_of(icp.Range("x", 0, 9)), [{"x": 5}], as_of=when))
    assert ("highest fit: 100.0; the best" in text, "as of 2026-11-21 09:30+00:00" in text) == (True, True)


def test_many_findings_are_counted() -> None:
    """After twenty findings the others are only counted, in text and HTML; the data hold all."""
    many = bare(*(a_finding(text=f"number {number}", mistake=False) for number in range(1025)))
    assert "\n        … and 1,005 more\n" in str(many)
    assert ("… and 1,005 more" in many.to_html(), "number 20" in many.to_html()) == (True, False)
    assert len(many.to_dict()["findings"]) == 1025
    assert "1,025 worth knowing; before each" in str(many)
    assert "more" not in str(bare(a_finding())).partition("tiers")[0]


def test_points_are_rounded_for_people() -> None:
    """Points have one decimal; what would round to nothing is told to be little."""
    texts = [str(bare(a_finding(points=points))).split("\n")[4].split()[0] for points in (0.0, 0.04, 0.05, 100.0)]
    assert texts == ["0.0", "<0.1", "0.1", "100.0"]


def test_a_finding_as_text() -> None:
    """A finding says where, what, and in further lines what to do."""
    assert str(a_finding()) == "d/x: a text\n  a fix"
    assert str(a_finding(path="", fix="")) == "a text"
    assert (a_finding(fix="").advice, a_finding(fix="a\nb").advice) == ((), ("a", "b"))
    lines = str(bare(a_finding(path="", fix=""))).split("\n")
    assert (lines[4], lines[5]) == ("  12.3  a text", "")


def test_long_names_are_cut_in_the_table() -> None:
    """A name of a megabyte does not make the table one."""
    check = CriterionCheck("d/" + "x" * 1_000_000, "y", 0.5, 1, 0, 0, 1, 0.5, 0.5)
    lines = str(bare(criteria=(check,), notes=("n" * 250, "b"))).split("\n")
    assert max(map(len, lines)) <= 130
    assert lines[-1] == "note: b"


def test_the_data_of_a_report(report: CheckReport) -> None:
    """A report is plain data for JSON, that loses nothing."""
    data = report.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert (data["as_of"], data["accounts"], data["statuses"]["disqualified"]) == (DAY, 8, 8)
    assert data["tiers"][0] == {"tier": "Perfect", "accounts": 0, "certain": 0}
    assert [Finding(**one) for one in data["findings"]] == list(report.findings)
    assert [CriterionCheck(**one) for one in data["criteria"]] == list(report.criteria)


def test_the_page_of_a_report(report: CheckReport) -> None:
    """HTML shows findings with points, place, sentence and lines, the summary and the table."""
    read = Read(report.to_html(full=False))
    assert {*read.tags} == TAGS
    cells = [row for row in read.rows if row[:1] == ["50.0"]]
    assert cells[0][1].startswith("d/revenue0 of 8 values lie in 5M to 50M; they run from 7 to 65: in millions?→ in a")
    assert cells[0][1].endswith('[fields.revenue]\nparse = "number"\nunit = "millions"')
    assert ["tiers", "Perfect 0, Strong 0, Moderate 0, Weak 0"] in read.rows
    assert report._repr_html_() == report.to_html(full=False)
    page = report.to_html()
    assert page.startswith("<!doctype html>")
    assert {*Read(page).tags} == TAGS | PAGE
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    empty = bare(notes=("a note",)).to_html()
    assert ("Nothing was found" in empty, "note: a note" in empty, "<pre" in empty) == (True, True, False)


@law
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_stays_text(one: str, two: str, three: str) -> None:
    """Whatever texts stand in profile and accounts, a report holds no control characters and no markup of theirs."""
    name = f"{one.strip().replace('/', '') or 'x'} 1"
    other = three.strip() or "y"
    criteria = [icp.OneOf(name, [two.strip() or "x"]), icp.Range(other, 0, 9, name="size")]
    profile = icp.Profile(name, [icp.Dimension(name, criteria)], min_coverage=0)
    rows = [{name: text, other: value, "id": two} for text, value in ((two + "x", one), (three, 5), (one, two))]
    report = icp.check(profile, rows, as_of=DAY, key="id")
    report = attrs.evolve(report, source=three, notes=(one, two))
    assert all(line.isprintable() for line in str(report).split("\n"))
    assert all(line.isprintable() for finding in report.findings for line in str(finding).split("\n"))
    for full in (True, False):
        read = Read(report.to_html(full=full))
        assert {*read.tags} <= TAGS | PAGE
        assert all(char.isprintable() or char == "\n" for char in read.text)
        assert {attribute for attribute, _ in read.attributes} <= ATTRIBUTES
        assert all(STYLE.fullmatch(value) for attribute, value in read.attributes if attribute == "style")
    assert json.dumps(report.to_dict(), allow_nan=False)
    assert repr(report).isprintable()
