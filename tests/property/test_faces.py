import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law

#: Text with everything that a terminal might obey: escapes, carriage returns, overrides of direction, lone surrogates.
HOSTILE = st.text(
    st.characters() | st.sampled_from("\x00\x07\x08\x1b\r\n\x85\u2028\u202e\u200b\ud800[31m<&"), min_size=1
)


def reddened(value: Any, text: str) -> Any:
    """Put a text in place of every text in a value."""
    if isinstance(value, str):
        return text
    if isinstance(value, list | tuple):
        return [reddened(item, text) for item in value]
    if isinstance(value, dict):
        return {name: reddened(item, text) for name, item in value.items()}
    return value


@law
@given(cases(invalid=True), HOSTILE, st.booleans())
def test_text_in_an_account_stays_text(case: tuple[icp.Profile, dict[str, Any], Any], text: str, plain: bool) -> None:
    """Whatever an account holds, a printed score holds nothing that a terminal obeys but line breaks of its own."""
    profile, account, as_of = case
    hostile = account if plain else {name: reddened(value, text) for name, value in account.items()}
    score = icp.score(profile, {**hostile, "id": text}, as_of=as_of, key="id", on_invalid="unknown")
    lines = str(score).split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) == len(
        str(icp.score(profile, {**hostile, "id": "acme"}, as_of=as_of, key="id", on_invalid="unknown")).split("\n")
    )
    assert len({reason.text for reason in score.reasons(100)}) <= 100


@law
@given(cases(invalid=True), HOSTILE)
def test_a_score_is_plain_data(case: tuple[icp.Profile, dict[str, Any], Any], text: str) -> None:
    """A score becomes JSON, NaN excluded, under the names of the one result schema, with all extras."""
    profile, account, as_of = case
    score = icp.score(profile, {**account, "id": text}, as_of=as_of, key="id", on_invalid="unknown")
    data = score.to_dict()
    assert tuple(data) == icp.SCHEMA
    whole = score.to_dict(reasons=3, points=True, stamp=True, explanation=True)
    again = json.loads(json.dumps(whole, allow_nan=False))
    assert {name: again[name] for name in icp.SCHEMA} == data
    assert again["explanation"]["fit"] == score.fit
    assert (
        (sum(again["points"].values()) == 0)
        if score.fit is None
        else abs(sum(again["points"].values()) - score.fit) < 1e-6
    )
