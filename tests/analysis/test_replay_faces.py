import base64
import re
from xml.etree import ElementTree as ET

import attrs

import icpkit as icp
from icpkit.words import ENGLISH
from tests.analysis.cases import DAY, a_profile, replayed, revised
from tests.browser.cases import HIT, IMAGE, SCRIPT


def test_text() -> None:
    """The text has counts, tiers against capacity, the matrix, what each edit does, and the movers by kind."""
    assert str(replayed(capacity={"Perfect": 0, "Strong": 2, "Moderate": 5})) == TEXT


TEXT = """\
SaaS · replayed as of 2026-11-21
7 accounts: 1 down, 2 with another status, 4 as before

tier             before  after  certain before  certain after
Perfect               2      0               2              0  capacity 0: full
Strong                3      4               2              3  capacity 2: 2 too many
Moderate              2      1               2              1  capacity 5: 4 free
Weak                  0      0               0              0
Disqualified          0      1
Not enough data       0      1

before → after  Perfect  Strong  Moderate  Weak  Disqualified  Not enough data
Perfect               ·       1         ·     ·             1                ·
Strong                ·       3         ·     ·             ·                ·
Moderate              ·       ·         1     ·             ·                1
Weak                  ·       ·         ·     ·             ·                ·

What each edit does to the 3 that move, one after another in this order
   edit                                                      raises  lowers  points  up  down  status
1  Firmographics: weight 30 → 20 (share 50 % → 40 %)              ·       2    -5.9   ·     1       1
2  Firmographics / employees: high 500 → 800                      ·       ·       ·   ·     ·       ·
3  gates: added Gate(Not(OneOf('country', {'KP': 1})))            ·       ·       ·   ·     ·       1
4  tiers: Perfect from 80 → 90; Perfect color '#1a7f37' → …       ·       ·       ·   ·     ·       ·
Without effect on scores: stage 'draft' → 'active', meta: added 'notes' ('Q2')
raises, lowers, points: what the edit does to fits, those before it being made; up, down, status:
for how many it does most

Down
  acme: Perfect 81.5 → Strong 77.8 (-3.7): edit 1 -3.7

Another status
  umbra: Perfect 88.8 → Disqualified 86.5 (-2.2): edit 1 -2.2, edit 3 Perfect 86.5 → Disqualified
    86.5
  stark: Moderate 43.3 → Not enough data: edit 1 Moderate 43.3 → Not enough data"""


def test_one_mover() -> None:
    """A mover alone names the edits themselves, and counts those beyond the first few."""
    assert str(replayed().of("acme")) == (
        "acme: Perfect 81.5 → Strong 77.8 (-3.7): -3.7 by Firmographics: weight 30 → 20 (share 50 % → 40 %)"
    )
    scale = icp.TierScale.from_cuts({"Perfect": 85, "Strong": 60, "Weak": 0})
    names = icp.TierScale.from_cuts({"Perfect": 80, "Strong": 60, "Weak": 0})
    found = replayed(a_profile(tiers=names), a_profile(tiers=scale))
    assert str(found.of("acme")) == (
        "acme: Perfect 81.5 → Strong 81.5 (+0.0): Perfect 81.5 → Strong 81.5 by tiers: Perfect from 80 → 85"
    )


def test_who_is_beyond_the_first_few() -> None:
    """So many movers of each kind are told, and the others counted."""
    text = replayed().to_text(most=1)
    assert "umbra" in text
    assert "stark" not in text
    assert "  … and 1 more" in text
    assert "… and 1 more" in replayed().to_html(most=1)


def test_nobody_moves() -> None:
    """Edits are told also where nobody moves, without the words that explain movers."""
    text = str(replayed(after=a_profile(min_coverage=0.4)))
    assert "The edits, one after another in this order; nobody moves" in text
    assert "raises, lowers" not in text
    assert "raises, lowers" not in replayed(after=a_profile(min_coverage=0.4)).to_html()


def test_one_account() -> None:
    """One account is told as one."""
    found = icp.replay(a_profile(), revised(), [{"seen": "2026-11-20"}], as_of=DAY)
    assert "1 account: 1 as before" in str(found)


def test_html() -> None:
    """The page holds the same, loads and runs nothing, and shades the matrix: down red, as before grey."""
    found = replayed(capacity={"Strong": 2})
    html = found.to_html()
    for text in ("2 too many", "What each edit does to the 3 that move", "Without effect on scores", "edit 1", "acme"):
        assert text in html
    assert html.startswith("<!doctype html>")
    assert "rgba(209,82,76,0.23)" in html
    assert "rgba(125,133,144,0.38)" in html
    assert "<script" not in html
    assert found._repr_html_().startswith("<div")  # what notebooks call
    bundle = found._repr_mimebundle_()  # the same
    assert bundle == {"text/plain": repr(found), "text/html": found.to_html(full=False)}


def test_the_picture() -> None:
    """The picture flows from tier to tier, with the counts, and what is too many; the page holds it as an image."""
    found = replayed(capacity={"Strong": 2})
    root = ET.fromstring(found.to_svg())
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:2] == ["before", "after"]
    assert "4  Strong · 2 too many" in texts
    assert "Moderate  2" in texts
    tips = [node.text for node in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "Perfect → Strong: 1" in tips
    told = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert told.startswith("Perfect 2 → 0, Strong 3 → 4 (capacity 2: 2 too many), Moderate 2 → 1")
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', found.to_html())
    assert image
    assert base64.b64decode(image[1]).decode() == found.to_svg()
    assert f'alt="{told}"' in found.to_html()


def test_names_that_attack() -> None:
    """Names of profiles, tiers, accounts and edits are text wherever they stand."""
    tiers = icp.TierScale.from_cuts({f"A{SCRIPT}": 90, IMAGE: 0})
    after = attrs.evolve(revised(), name=f"P{SCRIPT}", tiers=tiers, meta={SCRIPT: IMAGE})
    html = replayed(after=after, capacity={IMAGE: 3}).to_html()
    assert f"<script>window.{HIT}" not in html
    assert "<img src=x" not in html
    assert "\x00" not in str(replayed(after=attrs.evolve(after, name="a\x00b")))


def test_other_words() -> None:
    """Every word comes from the table of words."""
    words = {key: value if "{" in value or not value else f"«{value}»" for key, value in ENGLISH.items()}
    found = replayed(capacity={"Perfect": 0})
    for face in (found.to_text(words), found.to_html(words=words), found.to_svg(words)):
        assert "«Disqualified»" in face
    assert "«raises»" in found.to_text(words)
    assert "«full»" in found.to_text(words)
    assert "«Disqualified»" in found.of("umbra").to_text(words)
