"""Streams and files that do not fit in memory (extra: arrow): batches in, batches of results out.

streams     record batches in, record batches out; a scorer that travels as text
files       many files, a part of results for each, begun again where a run ended
pyspark     a DataFrame of Spark in, one of results out
inputs      which files there are
pieces      what is read of a file, piece by piece
parts       parts of results: written whole, stamped, known again
reports     what became of the files
progress    how far it is
failures    what could not be scored, and where it stands
arrow       what pyarrow does for streams
"""

from icpkit.streaming.failures import PartsError, StreamError
from icpkit.streaming.files import score_files
from icpkit.streaming.pyspark import score_spark
from icpkit.streaming.reports import FileFailure, FilePart, FilesReport
from icpkit.streaming.streams import StreamScorer, arrow_schema, score_stream, stream_scorer

__all__ = [
    "FileFailure",
    "FilePart",
    "FilesReport",
    "PartsError",
    "StreamError",
    "StreamScorer",
    "arrow_schema",
    "score_files",
    "score_spark",
    "score_stream",
    "stream_scorer",
]
