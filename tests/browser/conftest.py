"""A browser that is found on this machine, and the places where it looks at faces.

Set CHROMIUM to the browser's path if it is not found, and SHOTS to a folder that is to receive pictures of all faces.
"""

import functools
import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.cases import scores, shown
from tests.browser.media import FLAGS, Workshop, chromium
from tests.browser.reading import Visit, Watched

SCHEMES = ("light", "dark")
#: Where a notebook is shown; and the page that a score writes by itself.
NOTEBOOKS = ("trusted", "untrusted", "nbconvert", "sphinx")
MEDIA = (*NOTEBOOKS, "page")
#: Where in a page the outputs of a notebook's cells are.
OUTPUTS = {"sphinx": "div.cell_output"}
LAB_OUTPUTS = ".jp-CodeCell .jp-OutputArea-output"


def _need(*modules: str) -> None:
    """Leave a test out where a tool is missing, and say so."""
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (`make slow` installs it)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Run the Chromium of this machine, without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="not installed: playwright (`make slow` installs it)")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (CHROMIUM=/path/to/chromium names one)")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Give a folder for Jupyter, with the notebook of all faces and a plain one, both executed."""
    _need("nbconvert", "ipykernel")
    made = Workshop(tmp_path_factory.mktemp("jupyter"))
    made.execute(made.write("faces", [f"shown()[{name!r}]" for name in shown()]), made.write("plain", ["1 + 1"]))
    return made


@pytest.fixture(scope="session")
def lab(workshop: Workshop) -> Iterator[str]:
    """Run JupyterLab with the notebook twice, trusted and not, and give the address of a notebook."""
    _need("jupyterlab")
    faces = workshop.notebooks / "faces.ipynb"
    workshop.copy(faces, "untrusted")
    workshop.run("jupyter", "trust", str(workshop.copy(faces, "trusted")))
    with workshop.lab() as address:
        yield address


@pytest.fixture(scope="session")
def documented(workshop: Workshop) -> Path:
    """Build documentation of the notebooks by Sphinx, without a warning."""
    _need("sphinx", "furo", "myst_nb")
    return workshop.document(workshop.notebooks / "faces.ipynb", workshop.notebooks / "plain.ipynb")


def open_in_lab(watched: Watched, lab: str, name: str, outputs: int) -> None:
    """Open a notebook in JupyterLab, without a kernel, and wait for its outputs."""
    watched.page.goto(lab.format(name=name))
    watched.page.locator(LAB_OUTPUTS).nth(outputs - 1).wait_for(state="attached", timeout=90_000)
    dialog = watched.page.locator(".jp-Dialog")
    dialog.get_by_role("button", name="No Kernel", exact=True).click()
    dialog.wait_for(state="detached")


def _folder(request: pytest.FixtureRequest, medium: str, scheme: str) -> Path:
    """Give the folder of the pages that a medium makes of the notebooks."""
    if medium == "sphinx":
        documented: Path = request.getfixturevalue("documented")
        return documented
    workshop: Workshop = request.getfixturevalue("workshop")
    return workshop.convert(scheme, *(workshop.notebooks / f"{name}.ipynb" for name in ("faces", "plain")))


def _visit_notebook(request: pytest.FixtureRequest, medium: str, scheme: str, names: list[str]) -> Visit:
    watched = Watched(request.getfixturevalue("browser"), scheme)
    notebook = "faces" if names else "plain"
    if medium in {"trusted", "untrusted"}:
        lab: str = request.getfixturevalue("lab")
        open_in_lab(watched, lab, medium if names else "plain", len(names) + 1)
    else:
        watched.page.goto((_folder(request, medium, scheme) / f"{notebook}.html").as_uri())
    outputs = watched.page.locator(OUTPUTS.get(medium, LAB_OUTPUTS)).all()[1:]
    assert len(outputs) == (len(names) or 1)
    faces = {}
    for name, output in zip(names, outputs, strict=bool(names)):
        faces[name] = watched.read(output)
        shoot(output, f"{medium}-{name}", scheme)
    return watched.visit(medium, faces)


def _visit_pages(browser: Any, scheme: str, folder: Path) -> Visit:
    """Open the full page of each score."""
    watched, faces, hit = Watched(browser, scheme), {}, False
    for name, score in scores().items():
        path = folder / f"{name}.html"
        path.write_text(score.to_html(), encoding="utf-8")
        watched.page.goto(path.as_uri())
        faces[name] = watched.read(watched.page.locator("body"))
        shoot(watched.page, f"page-{name}", scheme, full_page=True)
        hit = hit or watched.was_hit()
    return watched.visit("page", faces)._replace(hit=hit)


def shoot(thing: Any, name: str, scheme: str, **options: Any) -> None:
    """Take a picture of what is seen, where pictures are asked for."""
    if "SHOTS" in os.environ:
        thing.screenshot(path=Path(os.environ["SHOTS"], f"{name}-{scheme}.png".replace(" ", "_")), **options)


@pytest.fixture(scope="session")
def look(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Visit]:
    """Give what looks at all faces in a medium, on a light or on a dark screen; it looks once."""

    @functools.cache
    def looked(medium: str, scheme: str) -> Visit:
        if medium == "page":
            return _visit_pages(request.getfixturevalue("browser"), scheme, tmp_path_factory.mktemp("pages"))
        return _visit_notebook(request, medium, scheme, list(shown()))

    return looked


@pytest.fixture(scope="session", params=[(medium, scheme) for medium in MEDIA for scheme in SCHEMES], ids="-".join)
def visit(request: pytest.FixtureRequest, look: Callable[[str, str], Visit]) -> Visit:
    """Give what was seen of all faces in one medium, on a light or on a dark screen."""
    return look(*request.param)


@pytest.fixture(scope="session")
def plain_errors(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """Give what the console says of a notebook without any face, by medium."""
    lab, nbconvert, sphinx = (
        _visit_notebook(request, medium, "light", []).errors for medium in ("untrusted", "nbconvert", "sphinx")
    )
    return {"trusted": lab, "untrusted": lab, "nbconvert": nbconvert, "sphinx": sphinx, "page": []}
