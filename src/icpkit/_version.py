"""The release, and the number of the rules by which a fit is computed."""

__version__ = "0.1.0"

#: Names the arithmetic and the meaning of every score. A change that moves a golden score is a new number.
SEMANTICS = 1
