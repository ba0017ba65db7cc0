from pathlib import Path

import pytest

from tests.spark import conftest


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('openjdk version "17.0.15" 2025-04-15', ""),
        ('java version "21"', ""),
        ('openjdk version "11.0.2" 2019-01-15', "Spark needs Java 17 or newer, and this is 11: install a JRE"),
        ('java version "1.8.0_401"', "Spark needs Java 17 or newer, and this is 1: install a JRE"),
        (None, "Spark needs Java 17 or newer, and there is none: install a JRE, or set JAVA_HOME"),
    ],
)
def test_the_reason_is_told_where_there_is_no_java(
    said: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a Java that is new enough the tests of Spark say what there is and what to do."""
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    if said is not None:
        java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
        java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    found = conftest.lacking()
    assert found.startswith(reason)
    assert bool(found) == bool(reason)
