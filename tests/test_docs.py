"""The reference names everything that is public."""

import re
from pathlib import Path

import icpkit

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


def test_every_public_name_stands_in_the_reference() -> None:
    """Each name in ``icpkit.__all__`` but the version has its entry in docs/reference."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    documented = set(re.findall(r"(?:auto(?:class|function)|py:data):: (\w+)", pages))
    assert set(icpkit.__all__) - documented == {"__version__"}
