"""What the tests of all parsers share: refusals, and texts that nobody meant kindly."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from icpkit.parsing import Unreadable

LENGTH = 300_000
#: Long texts, each of which has ruined some regular expression.
HOSTILE = {
    "digits": "9" * LENGTH,
    "digits and a letter": "1" * LENGTH + "x",
    "zeros": "0" * LENGTH + "1",
    "groups": "1" + ",000" * (LENGTH // 4),
    "groups of dots": "1" + ".000" * (LENGTH // 4),
    "lakhs": "1" + ",00" * (LENGTH // 3) + ",0000",
    "dots": "." * LENGTH,
    "blanks": " " * LENGTH + "x",
    "blanks in between": "51" + " " * LENGTH + "200",
    "tabs": "1\t" * (LENGTH // 2),
    "dashes": "1-" * (LENGTH // 2),
    "minus signs": "-" * LENGTH,
    "parentheses": "(" * LENGTH,
    "words": "over about " * (LENGTH // 11),
    "months": "May " * (LENGTH // 4),
    "dollars": "$" * LENGTH,
    "codes": "EUR " * (LENGTH // 4),
    "brackets": "[" * LENGTH + "]",
    "quotes": "['" + "\\'" * (LENGTH // 2) + "']",
    "items": "[" + "'a', " * (LENGTH // 5) + "'a']",
    "addresses": "a@" * (LENGTH // 2),
    "hosts": "a." * (LENGTH // 2) + "com",
    "pluses": "c+" * (LENGTH // 2),
    "years": "1998 " * (LENGTH // 5),
    "accents": "e\u0301" * (LENGTH // 2),
}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)

#: Any text, and texts of the letters that parsers look for.
TEXTS = st.text() | st.text("0123456789.,-–+−()%$€¥ kKmMbB'’\u00a0\u202f/:TZ[]\"\\{}<>≥~@#*", max_size=30)
PIECES = st.lists(
    st.sampled_from(
        [
            *("1", "12", "2019", "0", "1,058", "1.5", "9007199254740993", "000", "-", "–", "to", "and", "between", "+"),
            *("over", "under", "about", "k", "MM", "bn", "%", "$", "€", "EUR", "kr", "(", ")", "Mar", "May", "PM", "Z"),
            *(
                "/",
                ":",
                ".",
                ",",
                " ",
                " ",
                " ",
                "years",
                "months",
                "ago",
                "a",
                "or more",
                "as of",
                "http://",
                "['",
                "']",
            ),
        ]
    ),
    max_size=8,
).map("".join)


def refused(read: Callable[..., object], text: Any, **settings: Any) -> tuple[str, str]:
    """Give the reason and the way out of a text that cannot be read."""
    with pytest.raises(Unreadable) as caught:
        read(text, **settings)
    assert caught.value.args == (caught.value.reason,)
    return caught.value.reason, caught.value.way_out


def read_or_refuse(read: Callable[..., Any], text: str, **settings: Any) -> Any:
    """Read a text, or give None of one that is refused as it should be; all other errors pass."""
    try:
        return read(text, **settings)
    except Unreadable as error:
        refusal = error
    assert refusal.reason
    assert len(refusal.reason) + len(refusal.way_out) < 500
    return None


def read_soon(read: Callable[..., Any], text: str, **settings: Any) -> None:
    """Read a hostile text; what takes time by the square of its length would need minutes, on any machine."""
    start = time.perf_counter()
    read_or_refuse(read, text, **settings)
    assert time.perf_counter() - start < 20
