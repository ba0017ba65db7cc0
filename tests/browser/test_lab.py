"""JupyterLab alone: what it takes away where a notebook is not trusted, and what moving the mouse does."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.cases import SCRIPT, shown
from tests.browser.conftest import LAB_OUTPUTS, SCHEMES, open_in_lab
from tests.browser.media import Workshop
from tests.browser.reading import Visit, Watched
from tests.browser.sanitizer import everything

pytestmark = pytest.mark.slow

TAKEN = {"svg": "<svg><text>x</text></svg>", "script": SCRIPT, "style": "<style>b{color:red}</style>"}


@pytest.mark.parametrize("name", shown())
def test_nothing_is_taken_away(look: Callable[[str, str], Visit], name: str) -> None:
    """Trusted or not, a face has the same elements, attributes, styles, texts and sizes."""
    trusted, untrusted = (look(medium, "light").faces[name] for medium in ("trusted", "untrusted"))
    assert untrusted["elements"] == trusted["elements"]
    assert untrusted["text"] == trusted["text"]
    assert untrusted["tables"] == trusted["tables"]


@pytest.fixture(scope="module")
def left(browser: Any, lab: str, workshop: Workshop) -> dict[str, tuple[list[Any], list[Any]]]:
    """Show JupyterLab all that is on the list, not trusted, and give what it left beside what it was given."""
    tried = everything() | TAKEN
    path = workshop.copy(workshop.notebooks / "plain.ipynb", "list")
    data = json.loads(path.read_text(encoding="utf-8"))
    cell = data["cells"][1]
    data["cells"] = [
        cell
        | {
            "id": f"try-{place}",
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<div>{html}</div>"}}],
        }
        for place, html in enumerate(tried.values())
    ]
    path.write_text(json.dumps(data), encoding="utf-8")
    watched = Watched(browser, "light")
    open_in_lab(watched, lab, "list", len(tried))
    found = watched.page.evaluate(
        """([outputs, given]) => {
          const list = root => [...root.querySelectorAll('*')].map(one => [one.tagName,
            Object.fromEntries([...one.attributes].filter(({name}) => name !== 'style')
              .map(({name, value}) => [name, value])),
            [...one.style].map(name => [name, one.style.getPropertyValue(name)])]);
          return [...document.querySelectorAll(outputs)].map((output, place) => {
            const meant = document.createElement('template');
            meant.innerHTML = given[place];
            const holder = output.querySelector('div') ?? output;
            return [list(holder), list(meant.content)];
          });
        }""",
        [LAB_OUTPUTS, list(tried.values())],
    )
    watched.context.close()
    return dict(zip(tried, map(tuple, found), strict=True))


@pytest.mark.parametrize("tried", everything())
def test_the_list_is_right(left: dict[str, tuple[list[Any], list[Any]]], tried: str) -> None:
    """The JupyterLab that is installed lets through what the list says."""
    got, given = left[tried]
    assert got == given
    assert given


@pytest.mark.parametrize("tried", TAKEN)
def test_other_things_are_taken_away(left: dict[str, tuple[list[Any], list[Any]]], tried: str) -> None:
    """A drawing, a script or a style sheet within HTML does not come through: hence a picture, and styles in place."""
    got, given = left[tried]
    assert given
    assert got != given


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_row_under_the_mouse_can_be_read(browser: Any, lab: str, scheme: str) -> None:
    """JupyterLab colours the row that the mouse is on: its text keeps a contrast of 4.5."""
    watched = Watched(browser, scheme)
    open_in_lab(watched, lab, "untrusted", len(shown()) + 1)
    face = watched.page.locator(LAB_OUTPUTS).nth(2)
    plain = watched.read(face)
    row = face.locator("tbody tr").nth(1)
    before = row.evaluate("row => getComputedStyle(row).backgroundColor")
    row.hover()
    watched.page.wait_for_timeout(300)
    assert row.evaluate("row => getComputedStyle(row).backgroundColor") != before
    hovered = watched.read(face)
    watched.context.close()
    assert plain["contrasts"] != hovered["contrasts"]
    assert [found for found in hovered["contrasts"] if found[1] < 4.5] == []
