"""The reference names everything that is public, and the pictures are those that the library draws."""

import re
from pathlib import Path

import icpkit as icp

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"


def test_every_public_name_stands_in_the_reference() -> None:
    """Each name in ``icpkit.__all__`` but the version has its entry in docs/reference."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    documented = set(re.findall(r"(?:auto(?:class|function)|py:data):: (\w+)", pages))
    assert set(icp.__all__) - documented == {"__version__"}


def test_the_picture_in_the_readme_is_the_one_of_its_example() -> None:
    """The README's account and profile draw its picture; `python -m tests.test_docs` draws it anew."""
    assert PICTURE.read_text(encoding="utf-8") == picture()


PICTURE = ROOT / "docs" / "_static" / "score.svg"


def picture() -> str:
    """Draw the score of the README's first example."""
    profile = icp.Profile(
        "Mid-market SaaS",
        [
            icp.Dimension(
                "Firmographics",
                [
                    icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                    icp.OneOf("industry", {"Software": 1.0, "IT Services": 0.6}, weight=2),
                ],
                weight=30,
            ),
            icp.Dimension(
                "Technographics",
                [icp.TechOverlap("technologies", {"Slack": 1, "Google Workspace": 1, "Jira": 2})],
                weight=20,
            ),
            icp.Dimension("Behavioral signals", [icp.Recency("last_demo_request", half_life=30)], weight=25),
        ],
        gates=[icp.Gate(~icp.OneOf("country", ["KP", "SY"]), overridable=False)],
    )
    account = {"id": "acme", "employees": 640, "industry": " software", "country": "DE", "technologies": None}
    one = icp.score(profile, account | {"last_demo_request": "2026-11-06"}, key="id", as_of="2026-11-21")
    return one.to_svg() + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
