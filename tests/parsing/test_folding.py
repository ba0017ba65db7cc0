from hypothesis import given
from hypothesis import strategies as st

from icpkit import views
from icpkit.parsing import fold


@given(st.text())
def test_words_fold_as_everywhere(text: str) -> None:
    """Parsers compare words as criteria do, and folding what is folded changes nothing."""
    assert fold(text) == views.fold(text) == fold(fold(text))
