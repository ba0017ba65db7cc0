"""Write-back: scores as the rows that CRM imports and BI tools take.

targets     what each of them wants: the names of its columns, its numbers, dates and empty cells, as data
rows        scores as rows of a target, and as its file
"""

from icpkit.exporting.rows import Written, score_rows, write_scores
from icpkit.exporting.targets import TARGETS, Target

__all__ = ["TARGETS", "Target", "Written", "score_rows", "write_scores"]
