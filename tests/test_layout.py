"""The shape of the repository: what lies where, what is documented, what is never imported."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import icpkit

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "icpkit"
TESTS = ROOT / "tests"

WITHOUT_A_TEST_FILE = {
    "__init__.py": "the lobby holds no logic; this file tests it",
    "_version.py": "one constant",
    "typing.py": "names for types, which the type checkers test",
}
NEVER_IMPORTED = {"marshal", "pickle", "shelve"}
NEVER_CALLED = {"eval", "exec"}
NOT_LOADED_BY_THE_LOBBY = {
    "cattrs",
    "duckdb",
    "hypothesis",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pyspark",
    "sqlalchemy",
    "sqlglot",
    "tomlkit",
}

modules = sorted(PACKAGE.rglob("*.py"))
test_files = sorted(TESTS.rglob("test_*.py"))


def relative(path: Path) -> str:
    """The path as seen from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def test_every_module_has_its_test_file() -> None:
    """A module `x.py` is tested by `test_x.py`, in the same place below tests/."""
    wanted = {relative(module): home_of(module) for module in modules if module.name not in WITHOUT_A_TEST_FILE}
    assert len(wanted) > 50
    assert {module for module, test_file in wanted.items() if not test_file.is_file()} == set()


def home_of(module: Path) -> Path:
    """Where the tests of a module are."""
    return TESTS / module.parent.relative_to(PACKAGE) / f"test_{module.stem.strip('_')}.py"


def test_the_package_says_that_it_is_typed() -> None:
    """Type checkers use the annotations of an installed icpkit."""
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.no_cover
def test_every_test_states_a_behaviour() -> None:
    """Each test has a docstring of one line."""
    docstrings = {
        f"{relative(test_file)}::{test.name}": ast.get_docstring(test)
        for test_file in test_files
        for test in each_test_in(test_file)
    }
    assert len(docstrings) > 1000
    assert {name for name, docstring in docstrings.items() if not docstring or "\n" in docstring} == set()


def each_test_in(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The test functions of a file, methods among them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in chain(tree.body, *(one.body for one in classes)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


@pytest.mark.no_cover
def test_data_never_becomes_code() -> None:
    """The package neither imports nor calls anything that runs data as code."""
    trees = {relative(module): ast.parse(module.read_text(encoding="utf-8")) for module in modules}
    found = {module: list(code_runners_in(tree)) for module, tree in trees.items()}
    assert len(found) > 50
    assert {module: runners for module, runners in found.items() if runners} == {}


def code_runners_in(tree: ast.AST) -> Iterator[str]:
    """Whatever in the code could run data as code."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from {alias.name.partition(".")[0] for alias in names} & NEVER_IMPORTED
            case ast.ImportFrom(module=str(name), level=0) if name.partition(".")[0] in NEVER_IMPORTED:
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in NEVER_CALLED:
                yield name


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import pickle", ["pickle"]),
        ("import os.path, shelve as store", ["shelve"]),
        ("from marshal import loads", ["marshal"]),
        ("eval('1')", ["eval"]),
        ("import builtins; builtins.exec('x = 1')", ["exec"]),
        ("run = eval", ["eval"]),
        ("from .pickle import cucumber", []),
        ("import json", []),
    ],
)
def test_the_search_for_code_runners_finds_them(code: str, found: list[str]) -> None:
    """The search sees imports, calls and aliases, and nothing else."""
    assert list(code_runners_in(ast.parse(code))) == found


def test_importing_the_lobby_is_cheap() -> None:
    """`import icpkit` loads no engine, no data frame library and no serialization library."""
    code = "import sys, icpkit; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) & NOT_LOADED_BY_THE_LOBBY == set()


def test_public_names_are_listed_once() -> None:
    """`icpkit.__all__` holds each name once; the linter keeps it sorted."""
    assert len(icpkit.__all__) == len(set(icpkit.__all__))


def test_every_public_name_resolves() -> None:
    """What `icpkit.__all__` promises is there."""
    assert [name for name in icpkit.__all__ if getattr(icpkit, name, None) is None] == []


def test_dir_shows_the_public_names() -> None:
    """`dir(icpkit)` shows the public names before they are first used, so that completion works."""
    assert set(icpkit.__all__) <= set(dir(icpkit))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy lobby answers for an unknown name as any module does."""
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = icpkit.no_such_name
