"""What every parser raises for a text that it cannot read."""

_LONGEST = 60


class Unreadable(Exception):  # noqa: N818  # no error for users: it becomes a bad cell
    """A text cannot be read as it should be.

    Attributes:
        reason: what is wrong with it, without a full stop.
        way_out: what to write, or which setting to declare, where that is plain; else an empty text.
    """

    reason: str
    way_out: str

    def __init__(self, reason: str, way_out: str = "") -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason, self.way_out = reason, way_out


def shown(text: str) -> str:
    """Give a text as it is named in a reason or a way out: a long one is cut.

    >>> shown("x" * 100)[-3:]
    'xx…'
    """
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
