"""Every deliberate mistake in a file is told, in the golden words."""

import json
import time

import pytest

import icpkit as icp
from tests.golden import mistakes

FILES = [pytest.param(*one, id=f"{one[0]} ({one[1]})") for one in mistakes.mistaken_files()]
GOLDEN = mistakes.golden()


@pytest.mark.parametrize(("title", "name", "content"), FILES)
def test_every_mistake_is_told_in_the_golden_words(title: str, name: str, content: bytes) -> None:
    """The message comes in little time (what is worse takes minutes), as it was read and accepted, with all places."""
    before = time.process_time()
    message = mistakes.message(name, content)
    assert time.process_time() - before < 5
    assert message.partition(" has ")[2] == GOLDEN[title].partition(" has ")[2]
    head, *lines = message.splitlines()
    count = head.removeprefix(f"{name} has ").split(" ")[0]
    places = [line for line in lines if line.startswith("  ") and not line.startswith("    ")]
    assert head == f"{name} has {count} mistake{'s' if count != '1' else ''}:"
    assert len(places) == min(int(count), 21)
    assert all(place.lstrip().startswith(("$", "line ", "end of document", "… and ")) for place in places)


def test_the_golden_messages_are_of_these_mistakes() -> None:
    """There is a golden message for each mistake and no other, and there are more than a hundred."""
    assert list(GOLDEN) == [*mistakes.SAID_ALIKE, *mistakes.OF_ONE]
    assert len(GOLDEN) > 100


@pytest.mark.parametrize("text", [mistakes.lines_of(mistakes.GOOD), mistakes.toml(), mistakes.as_json()])
def test_without_its_mistake_the_file_is_good(text: bytes) -> None:
    """The file that is mistaken in one place loads where it is not: the mistake is what is told."""
    written = json.loads(icp.dumps(icp.loads(text.decode())))
    assert {**written, "min_coverage": 0.5} == mistakes.GOOD  # what is the default is not written
