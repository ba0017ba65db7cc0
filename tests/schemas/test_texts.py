from typing import NamedTuple

import attrs
import pytest

import icpkit as icp
from icpkit.schemas.texts import described, summary_of, texts_of


@attrs.frozen
class _Documented:
    """One thing.

    More about it.

    Args:
        left: the first,
            in two lines.
        right: the second: with a colon.

    Raises:
        DefinitionError: never.
    """

    left: int
    right: int

    @property
    def both(self) -> int:
        """The sum.

        With more.
        """
        return self.left + self.right


class _Bare(NamedTuple):
    left: int


def test_fields_and_properties_are_found() -> None:
    """Each entry under Args or Attributes is a text, and each property's first paragraph."""
    texts = {name: " ".join(text.split()) for name, text in texts_of(_Documented).items()}
    assert texts == {"left": "the first, in two lines.", "right": "the second: with a colon.", "both": "The sum."}
    assert texts_of(icp.Cohort)["size"] == "how many of them had a fit."


def test_a_class_inherits_texts() -> None:
    """What is said of a field is said where it is inherited, unless it is said anew."""

    @attrs.frozen
    class Child(_Documented):
        """A child.

        Args:
            right: something else.
        """

    assert texts_of(Child)["left"] == texts_of(_Documented)["left"]
    assert texts_of(Child)["right"] == "something else."
    assert texts_of(icp.TechOverlap)["weight"] == texts_of(icp.Criterion)["weight"]


def test_a_summary_is_the_first_paragraph() -> None:
    """A class is told by its first paragraph; what Python makes up, and nothing, tell nothing."""
    assert described(summary_of(_Documented)) == {"description": "One thing."}
    assert summary_of(_Bare) == ""
    assert summary_of(type("Bare", (), {})) == ""
    assert texts_of(_Bare) == {}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('``"skip"`` or `Score`', '"skip" or Score'),
        ("days (or a timedelta) in which", "days in which"),
        ("or None for none", "or null for none"),
        ("infinity of an empty list", "null of an empty list"),
        ("Millionths of a point, and millionths", "points, and points"),
    ],
)
def test_python_becomes_data(text: str, data: str) -> None:
    """What only those who write Python know is told in the words of data."""
    assert described(text) == {"description": data}
