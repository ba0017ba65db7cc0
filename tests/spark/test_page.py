import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "spark.md"


def test_the_page_says_what_happens(spark: Any, run_examples: Any, monkeypatch: Any) -> None:
    """The examples of "Score on Spark", which the docs' own run leaves out, run one after the other."""
    monkeypatch.setenv("PYSPARK_PYTHON", "")  # the page sets it
    before = spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch")
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    try:
        assert run_examples("\n".join(blocks), {}) == sum(
            len(re.findall(r"^>>> ", one, re.MULTILINE)) for one in blocks
        )
    finally:
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", before)
    assert len(blocks) >= 8
