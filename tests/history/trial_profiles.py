"""Small profiles for trials, and who commits them."""

from typing import Any

import icpkit as icp

SIGNED: dict[str, Any] = {"author": "trial@example.com", "message": "Trial"}


def small(number: int, name: str = "Small") -> icp.Profile:
    """Give a profile of one criterion, which says something else for each number."""
    return icp.Profile(name, [icp.Dimension("Size", [icp.Range("employees", 1, 2 + number)])])
