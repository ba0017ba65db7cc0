"""Runs the examples in README.md, in docs/ and in docstrings, and sets up Hypothesis for all tests."""

import gc
import os
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers import myst, rest
from sybil.sybil import SybilCollection

# Wall time depends on the machine: a slow one must not fail a test. CI draws the same cases each time, so that it says
# what the change did; a developer's machine draws new ones, and finds what nobody thought of.
settings.register_profile("icpkit", deadline=None, print_blob=True, derandomize="CI" in os.environ, max_examples=15)
# `make slow` tries every law many times as often: --hypothesis-profile=thorough.
settings.register_profile("thorough", settings.get_profile("icpkit"), max_examples=250)
settings.load_profile("icpkit")

DOCTEST_OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE


def import_as_icp(namespace: dict[str, Any]) -> None:
    """Let a docstring's examples say `icp.…` without an import line of their own."""
    import icpkit  # noqa: PLC0415 - coverage must be running before the package is imported

    namespace["icp"] = icpkit


# Each page is a program of its own: its blocks share their names, in the order of the page.
# `<!-- skip: next -->` leaves out the block below it.
pages = Sybil(
    name="pages",
    parsers=[
        myst.SkipParser(),
        myst.PythonCodeBlockParser(doctest_optionflags=DOCTEST_OPTIONS),
    ],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    excludes=["docs/_build/**"],
)

docstrings = Sybil(
    name="docstrings",
    parsers=[
        rest.SkipParser(),
        rest.PythonCodeBlockParser(),
        rest.DocTestParser(optionflags=DOCTEST_OPTIONS),
    ],
    patterns=["src/**/*.py", "src/**/**/*.py"],  # before Python 3.13 `**` is one level
    document_types={".py": PythonDocStringDocument},
    setup=import_as_icp,
)

pytest_collect_file = SybilCollection([pages, docstrings]).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave tests that draw their cases out of coverage: it must not hang on luck, and takes half their time."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Let the garbage collector forget what stays until the end anyway: it would look at all tests, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
