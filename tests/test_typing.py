import attrs
import pytest

from icpkit.typing import Offender


@pytest.mark.parametrize(
    ("offender", "redact", "text"),
    [
        (Offender("acme", "size", "big", "no number"), False, "acme: size = 'big': no number"),
        (Offender(None, "size", "big", "no number"), False, "size = 'big': no number"),
        (Offender(7, "size", 10**80, "too great"), False, f"7: size = 1{'0' * 78}…: too great"),
        (Offender(7, "size", 10**79, "too great"), False, f"7: size = 1{'0' * 79}: too great"),
        (Offender("acme", "size", "big", "no number"), True, "size: no number"),
    ],
)
def test_an_offender_in_one_line(offender: Offender, redact: bool, text: str) -> None:
    """An offender says account, attribute, value and reason; where redacted, attribute and reason alone."""
    assert offender.describe(redact=redact) == text


def test_an_offender_is_frozen() -> None:
    """An offender is a record: it cannot be changed."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Offender("acme", "size", "big", "no number").reason = "other"  # type: ignore[misc]
