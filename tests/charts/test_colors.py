import pytest
from hypothesis import given

import icpkit as icp
from icpkit.charts.colors import CARDS, COLORS, GREY, ON_PAGES, PAGES, RED, color_of, contrast, edge_of, readable_on
from tests.charts.faces import colors, explain, part

SCALES = [icp.TierScale.standard(), icp.TierScale.a_to_d(), icp.TierScale.primary_to_tertiary()]
SHIPPED = sorted({tier.color or GREY for scale in SCALES for tier in scale.tiers} | {GREY, RED})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48), ("#f00", "#ffffff", 4.0), ("#abc", "#aabbcc", 1)],
)
def test_contrast(one: str, other: str, expected: float) -> None:
    """Contrast is that of WCAG 2, for short and long hex colours, in either order."""
    assert round(contrast(one, other), 2) == expected
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("role", "least"),
    [("ink", 4.5), ("muted", 4.5), ("taken", 4.5), ("earned", 3), ("group", 3), ("mid", 3)],
)
def test_every_role_stands_out_from_the_card(role: str, least: float, scheme: int) -> None:
    """In light and in dark, texts have a contrast of 4.5 to the card, and shapes of 3."""
    assert contrast(COLORS[role][scheme], CARDS[scheme]) >= least


@pytest.mark.parametrize("scheme", [0, 1])
def test_what_is_lost_differs_from_what_is_earned(scheme: int) -> None:
    """The pale filling of what is lost lets its edge, and what is earned, stand out."""
    assert contrast(COLORS["lost"][scheme], COLORS["earned"][scheme]) >= 3


@pytest.mark.parametrize("ground", PAGES)
@pytest.mark.parametrize("color", ON_PAGES.values(), ids=ON_PAGES)
def test_bars_in_html_stand_out_from_any_page(color: str, ground: str) -> None:
    """Bars in HTML have a contrast of 3 to a white page and to a dark one."""
    assert contrast(color, ground) >= 3


@pytest.mark.parametrize("color", SHIPPED)
def test_shipped_tiers_are_readable(color: str) -> None:
    """The name of each shipped tier has a contrast of 4.5 to its colour."""
    assert contrast(readable_on(color), color) >= 4.5


@given(colors)
def test_any_tier_is_readable_and_has_an_edge(color: str) -> None:
    """Whatever colour a user chooses, the name on it can be read, and its edge stands out from every ground."""
    assert contrast(readable_on(color), color) >= 4.5
    for grounds in (CARDS, PAGES):
        assert min(contrast(edge_of(color, grounds), ground) for ground in grounds) >= 3


def test_a_color_that_stands_out_is_its_own_edge() -> None:
    """A grey edge comes only where it is needed."""
    assert (edge_of("#2f81d8", CARDS), edge_of("#fffff0", CARDS)) == ("#2f81d8", COLORS["mid"][0])


def test_the_color_of_the_verdict() -> None:
    """A score has its tier's colour; what has none is grey, and what is disqualified red."""
    tiers = icp.TierScale([icp.Tier("A", 50, color="#123456"), icp.Tier("B", 0)])
    gates = [icp.Gate(icp.Flag("up"))]
    assert [color_of(explain({"a": match, "up": up}, part("a"), tiers=tiers, gates=gates)) for match, up in (
        (1, True), (0, True), (None, True), (1, False),
    )] == ["#123456", GREY, GREY, RED]  # fmt: skip
