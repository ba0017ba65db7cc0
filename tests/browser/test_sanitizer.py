import re
from typing import Any

import pytest
from hypothesis import given

import icpkit as icp
from icpkit.charts import html_of
from icpkit.explanation import Explanation
from icpkit.testing import profiles
from tests.browser.cases import shown
from tests.browser.sanitizer import STYLES, everything, offences
from tests.charts.faces import explanations, hostile_explanations


@given(explanations())
def test_a_score_shows_in_a_notebook_that_is_not_trusted(explanation: Explanation) -> None:
    """JupyterLab takes nothing away from the HTML of a score, whatever the profile and the account."""
    assert offences(html_of(explanation)) == []


@given(hostile_explanations())
def test_text_of_strangers_adds_nothing(explanation: Explanation) -> None:
    """Nor does text of a profile or an account put anything into it that JupyterLab would take away."""
    assert offences(html_of(explanation)) == []


@given(profiles())
def test_a_profile_shows_in_a_notebook_that_is_not_trusted(profile: icp.Profile) -> None:
    """JupyterLab takes nothing away from the table of a profile."""
    assert offences(profile._repr_html_()) == []


@pytest.mark.parametrize("name", shown())
def test_what_the_browser_tests_show(name: str) -> None:
    """Each object that the browser tests show keeps to the list: scores, profiles, comparisons."""
    thing: Any = shown()[name]
    assert offences(thing._repr_html_()) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<svg width="1"><text>x</text></svg>', ["<svg>", "<svg width>", "<text>"]),
        ("<script>x</script>", ["<script>"]),
        ("<style>b{color:red}</style>", ["<style>"]),
        ('<b id="x" onclick="y()">x</b>', ["<b id>", "<b onclick>"]),
        ('<i style="color:#fff;overflow-wrap:anywhere;width:calc(1px + 2%)">', ["overflow-wrap", "width:calc"]),
        ('<div style="background-color:url(x)"></div>', ["background-color:url"]),
        ('<img src="https://example.com/x.png" alt="x">', ["<img src>"]),
        ("<!doctype html><!-- x -->", ["<!doctype", "<!-- x"]),
    ],
)
def test_the_list_catches(html: str, found: list[str]) -> None:
    """What JupyterLab takes away, or what comes from elsewhere, is found."""
    assert len(offences(html)) == len(found)
    assert all(part in offence for part, offence in zip(found, offences(html), strict=True))


def test_what_is_tried_is_on_the_list() -> None:
    """Every sample that is shown to JupyterLab keeps to the list itself."""
    assert {tried: offences(html) for tried, html in everything().items() if offences(html)} == {}
    assert all(re.fullmatch(pattern, sample) for pattern, samples in STYLES.values() for sample in samples)
