from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given

import icpkit as icp
from icpkit.testing import cases
from icpkit.words import ENGLISH
from tests.property.law import law

DAY = date(2026, 11, 21)
PROFILE = icp.Profile(
    "P",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000, label="staff")]),
        icp.Dimension("Tech", [icp.TechOverlap("technologies", {"Slack": 1, "Jira": 2})]),
    ],
    adjustments=[icp.Adjustment(-10, icp.Flag("in_litigation"))],
)


def scored(key: str | None, profile: icp.Profile = PROFILE, as_of: date = DAY, **account: Any) -> icp.Score:
    """A score of an account."""
    named = account | {"id": key}
    return icp.score(profile, named, key=None if key is None else "id", as_of=as_of)


ACME = scored("Acme", employees=80, technologies=["Slack", "Jira"])
GLOBEX = scored("Globex", employees=600, technologies=["Slack"], in_litigation=True)


def test_who_leads_comes_first() -> None:
    """The sentence begins with the score that is ahead, whichever was named first."""
    sentence = "Acme leads Globex by 53.3: technologies +33.3, staff +10.0, in_litigation (adjustment) +10.0"
    assert str(icp.compare(ACME, GLOBEX)) == str(icp.compare(GLOBEX, ACME)) == sentence


def test_the_data_are_signed_from_the_first() -> None:
    """Points and lead are those of the first score, and negative where it is behind."""
    behind = icp.compare(GLOBEX, ACME)
    assert behind.lead == -53.333333
    assert behind.points == (
        ("tech/technologies", -33_333_333),
        ("size/employees", -10_000_000),
        ("adjustments/in_litigation", -10_000_000),
    )
    data = behind.to_dict()
    assert data["lead"] == -53.333333
    assert data["points"]["size/employees"] == -10.0
    assert (data["first"]["key"], data["second"]["key"]) == ("Globex", "Acme")


@law
@given(cases(), cases())
def test_the_differences_sum_to_that_of_the_fits(one: Any, two: Any) -> None:
    """Whatever is compared, the differences sum to that of the fits to the millionth, and the shown to the shown."""
    first, second = (icp.score(profile, account, as_of=as_of) for profile, account, as_of in (one, two))
    if first.fit is None or second.fit is None:
        with pytest.raises(icp.NoFitError):
            icp.compare(first, second)
        return
    compared = icp.compare(first, second)
    difference = round(first.fit * 1e6) - round(second.fit * 1e6)
    assert sum(points for _, points in compared.points) == difference
    assert all(points for _, points in compared.points)
    words = {**ENGLISH, "leads": "{points}|{parts}", "equal_fits": "0|{parts}", "difference": "{points}"}
    total, _, parts = compared.to_text(words).partition("|")
    if difference:
        shown = [float(part) for part in parts.split(", ")] if parts != words["no_difference"] else []
        assert sum(round(10 * part) for part in shown) == round(10 * float(total))
        assert float(total) == pytest.approx(abs(difference) / 1e6, abs=0.0501)


def test_the_same_account_twice_is_told_apart_by_moment_or_profile() -> None:
    """One account at two moments, and by two profiles."""
    later = scored("Acme", as_of=date(2026, 12, 1), employees=600, technologies=["Slack", "Jira"])
    assert str(icp.compare(ACME, later)) == "Acme as of 2026-11-21 leads Acme as of 2026-12-01 by 10.0: staff +10.0"
    strict = attrs.evolve(PROFILE.with_criterion("size", icp.Range("employees", 100, 500)), name="Q")
    by_other = scored("Acme", strict, employees=80, technologies=["Slack", "Jira"])
    assert str(icp.compare(ACME, by_other)) == "Acme by P leads Acme by Q by 50.0: staff +50.0"


def test_equal_fits_say_so() -> None:
    """Nothing differs, or what differs evens out."""
    assert str(icp.compare(ACME, attrs.evolve(ACME, key="Twin"))) == "Acme and Twin are level at 100.0: nothing differs"
    one = scored("A", employees=80, technologies=[])
    two = scored("B", employees=5000, technologies=["Slack", "Jira"])
    assert one.fit == two.fit == 50.0
    assert str(icp.compare(one, two)) == "A and B are level at 50.0: staff +50.0, technologies -50.0"


def test_an_account_without_a_key_is_called_this_account() -> None:
    """There is always something to call it."""
    nameless = scored(None, employees=600, technologies=["Slack", "Jira"])
    assert str(icp.compare(ACME, nameless)) == "Acme leads this account by 10.0: staff +10.0"


def test_clip_and_limit_are_told_in_words() -> None:
    """What clipping gives or takes has its name."""
    deep = attrs.evolve(PROFILE, adjustments=[icp.Adjustment(-100, icp.Flag("in_litigation"))])
    low = scored("Low", deep, employees=600, technologies=["Slack"], in_litigation=True)
    assert ENGLISH["clipped"] in str(icp.compare(ACME, low))


def test_a_score_without_a_fit_cannot_be_compared() -> None:
    """The error names the account, why it has none, and the way out."""
    blind = scored("Blind")
    with pytest.raises(icp.NoFitError, match=r"'Blind' has no fit to compare: insufficient data\n\nHint: .*0\.0 to"):
        icp.compare(ACME, blind)
    with pytest.raises(icp.NoFitError, match="the account has no fit") as caught:
        icp.compare(scored(None), ACME)
    assert (caught.value.key, caught.value.low, caught.value.high) == (None, 0.0, 100.0)


def test_it_shows_in_notebooks_and_on_one_line() -> None:
    """HTML for a notebook, with names escaped; a repr that is no wall of text."""
    hostile = scored("<b>", employees=600, technologies=["Slack"])
    compared = icp.compare(ACME, hostile)
    assert "<b>" not in compared._repr_html_()
    assert "&lt;b&gt;" in compared._repr_html_()
    assert "+33.333333" in compared._repr_html_()
    assert icp.compare(hostile, ACME)._repr_html_().count("+33.333333") == 1
    assert repr(compared).startswith("<Comparison: Acme leads <b> by")


def test_two_profiles_of_one_name_are_told_apart_by_their_ids() -> None:
    """Versions of a profile share its name: the first digits of the scoring_id tell which is which."""
    strict = PROFILE.with_criterion("size", icp.Range("employees", 100, 500))
    told = str(icp.compare(ACME, scored("Acme", strict, employees=80, technologies=["Slack", "Jira"])))
    assert told.startswith(f"Acme by P {PROFILE.scoring_id[:8]} leads Acme by P {strict.scoring_id[:8]} by 50.0:")


def test_only_scores_are_compared() -> None:
    """A profile in place of a score is told so."""
    anything: Any = PROFILE
    with pytest.raises(TypeError, match=r"^compare\(\) needs two scores \(got Profile\)$"):
        icp.compare(ACME, anything)
