"""Colours: a text has a contrast of at least 4.5 to its ground and a shape of at least 3, in light and in dark."""

from icpkit.explanation import Explanation

#: The ground of the picture: light, dark.
CARDS: tuple[str, str] = ("#ffffff", "#161b22")
#: By role: on the light card, on the dark one.
COLORS: dict[str, tuple[str, str]] = {
    "card": CARDS,
    "rim": ("#d0d7de", "#3d444d"),
    "guide": ("#e3e7eb", "#2c333b"),
    "ink": ("#1f2328", "#e6edf3"),
    "muted": ("#59636e", "#9aa4af"),
    "earned": ("#2f6fb5", "#5fa3ee"),
    "group": ("#424a53", "#b7c0ca"),
    "lost": ("#eef4fa", "#1c2836"),
    "taken": ("#c2352f", "#f0716a"),
    "mid": ("#7d8590", "#7d8590"),
}
#: What has no colour of its own.
GREY, RED = "#656d76", "#c2352f"
#: Shapes in HTML stand on a page of unknown colour: at least 3 on white and on #111.
PAGES: tuple[str, str] = ("#ffffff", "#111111")
ON_PAGES: dict[str, str] = {"earned": "#3b82c4", "taken": "#d1524c", "mid": "#7d8590"}


def _luminance(color: str) -> float:
    """Give the relative luminance of a hex colour, as WCAG 2 defines it."""
    digits = color.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two hex colours, as WCAG 2 defines it: 1 to 21.

    >>> contrast("#fff", "#000000")
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(color: str) -> str:
    """Give black or white, whichever reads better on a colour; the better one is always readable."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, color))


def edge_of(color: str, grounds: tuple[str, str]) -> str:
    """Give the edge of a shape: its own colour, or a grey where that is too pale or too dark for a ground."""
    return color if min(contrast(color, ground) for ground in grounds) >= 3 else COLORS["mid"][0]


def color_of(explanation: Explanation) -> str:
    """Give the colour of the verdict: the tier's, a red for what is disqualified, a grey where there is none."""
    if explanation.status == "disqualified":
        return RED
    colors = {tier.name: tier.color for tier in explanation.profile.tiers.tiers}
    return colors.get(explanation.tier or "") or GREY
