"""Explanations to be drawn, ordinary ones and hostile ones."""

from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

import icpkit as icp
from icpkit.explanation import Explanation
from icpkit.testing import cases
from tests.property import law as laws

DAY = date(2026, 11, 21)
#: Each law is tried on fewer cases than those of scores: many laws look at the same faces.
law = settings(laws.law, max_examples=laws.law.max_examples // 2)

# Any text at all, lone surrogates among them, and texts that mean something in a markup.
_anything = st.text(st.characters(), max_size=40)
_signs = st.text(st.sampled_from("<>&\"'`*_[](){}|#;:/\\a \n\t\0\x1b\u202e\u200d\ufffe\ud800日ا"), max_size=40)
_attacks = st.sampled_from(
    ["</text><script>alert(1)</script>", "]]></style><svg onload=x>", '" onerror="x', "${x}{y}%s", "a" * 300, "日" * 80]
)
hostile = _anything | _signs | _attacks
names = hostile.filter(lambda text: bool(text.strip()))
colors = st.from_regex(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", fullmatch=True)


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """Give explanations of all kinds."""
    profile, account, as_of = draw(cases())
    return icp.Scorer(profile).explain(account, as_of=as_of)


@st.composite
def hostile_explanations(draw: st.DrawFn) -> Explanation:
    """Give explanations in which every text that an account or a profile may hold is hostile."""
    value, wanted = draw(hostile), draw(names)
    profile = icp.Profile(
        draw(names),
        [
            icp.Dimension(
                draw(names),
                [
                    icp.OneOf("text", [wanted], label=draw(st.none() | names)),
                    icp.Overlap("labels", [draw(names)]),
                    icp.Range("number", 1, 2, label=draw(st.none() | names)),
                ],
            )
        ],
        gates=[icp.Gate(icp.OneOf("text", [wanted], name=draw(names)))],
        adjustments=[icp.Adjustment(draw(st.sampled_from([-100, -10, 10, 100])), icp.Flag("flag", label=draw(names)))],
        tiers=icp.TierScale([icp.Tier(f"{draw(names)}1", 50, color=draw(colors)), icp.Tier(f"{draw(names)}2", 0)]),
        min_coverage=draw(st.sampled_from([0, 1])),
    )
    account: dict[str, Any] = {"id": draw(names), "text": value, "labels": [value], "number": draw(st.none() | hostile)}
    account["flag"] = draw(st.sampled_from([True, False, None]))
    return icp.Scorer(profile).explain(account, as_of=DAY, key="id")


def part(attribute: str, **options: Any) -> icp.Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return icp.Range(attribute, 1, None, soft_low=0, **options)


def explain(account: dict[str, Any], *criteria: icp.Criterion, **options: Any) -> Explanation:
    """Explain an account by a profile of one dimension, D."""
    return icp.Scorer(icp.Profile("P", [icp.Dimension("D", criteria)], **options)).explain(account, as_of=DAY)
