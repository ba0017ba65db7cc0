"""JSON Schemas (draft-07) of what is read and written: for editors, and for programs that check what they are given.

schemas     which schemas there are
profiles    of a profile's text, made of the fields of the classes
results     of scores and explanations as plain data
limits      what annotations cannot say
texts       what docstrings say, in the words of data
"""

from icpkit.schemas.schemas import What, json_schema

__all__ = ["What", "json_schema"]
