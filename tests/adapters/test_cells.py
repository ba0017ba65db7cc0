from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from icpkit.adapters.cells import column_of_cells
from icpkit.adapters.values import plain_column
from icpkit.columns import Codes, Labels, Numbers


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([320, None, 50.5], Numbers),
        ([1, 10**400], Numbers),
        ([None, None], Codes),
        (["Slack", None, float("nan"), pd.NA, "Slack"], Codes),
        (["Slack", 3, "Slack"], Codes),
        ([["Slack", None], (), np.array(["Jira"], object), None, float("nan")], Labels),
        ([["Slack"], "Slack"], Codes),
        ([["Slack"], [3]], Codes),
        ([Decimal("1.5"), None], Codes),
        ([np.array("Slack"), ["Slack"]], Codes),
        ([], Codes),
    ],
)
def test_cells_hold_their_plain_values(cells: list[Any], kind: type) -> None:
    """Whatever the fast way is, each row has the plain value of its cell, in the form that suits them."""
    column = column_of_cells(cells)
    assert isinstance(column, kind)
    plain = plain_column(cells)
    expected = [
        [item for item in cell if item is not None] if isinstance(cell, list | tuple) else cell for cell in plain
    ]
    found = [column.raw(row) for row in range(len(cells))]
    assert [list(one) if isinstance(one, tuple) else one for one in found] == expected
