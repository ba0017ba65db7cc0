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
    """The whole message stands as it was read and accepted; where both languages can say a mistake, it is the same."""
    _, _, told = mistakes.message(name, content).partition(" has ")
    assert told == GOLDEN[title].partition(" has ")[2]


@pytest.mark.parametrize(("title", "name", "content"), FILES)
def test_every_message_names_file_and_place(title: str, name: str, content: bytes) -> None:
    """A message begins with the file, counts the mistakes, and gives a path or a line for each."""
    head, *lines = mistakes.message(name, content).splitlines()
    count = head.removeprefix(f"{name} has ").split(" ")[0]
    places = [line for line in lines if line.startswith("  ") and not line.startswith("    ")]
    assert head == f"{name} has {count} mistake{'s' if count != '1' else ''}:"
    assert len(places) == min(int(count), 21)
    assert all(place.lstrip().startswith(("$", "line ", "end of document", "… and ")) for place in places)


@pytest.mark.parametrize(("title", "name", "content"), FILES)
def test_no_mistake_costs_much_time(title: str, name: str, content: bytes) -> None:
    """A mistaken file, hostile ones among them, is refused in a quarter of a second of work."""
    before = time.process_time()
    mistakes.message(name, content)
    assert time.process_time() - before < 0.25


def test_the_golden_messages_are_of_these_mistakes() -> None:
    """There is a golden message for each mistake and no other, and there are more than a hundred."""
    assert list(GOLDEN) == [*mistakes.SAID_ALIKE, *mistakes.OF_ONE]
    assert len(GOLDEN) > 100


@pytest.mark.parametrize("text", [mistakes.lines_of(mistakes.GOOD), mistakes.toml(), mistakes.as_json()])
def test_without_its_mistake_the_file_is_good(text: bytes) -> None:
    """The file that is mistaken in one place loads where it is not: the mistake is what is told."""
    written = json.loads(icp.dumps(icp.loads(text.decode())))
    assert {**written, "min_coverage": 0.5} == mistakes.GOOD  # what is the default is not written
