"""Real exports: which column means what, in which unit, and what does not add up.

lines        files as text: encodings, lines
files        CSV, TSV and JSON Lines as tables of text, whole or in pieces: separators, headers, cells
fields       field maps: which column is which attribute, and how its cells are read
field_files  field maps as TOML and JSON, in and out; presets for known systems
cells        how one cell becomes a value, by its field
columns      how a whole column is read
headers      how a column is found by its name
applying     a field map at work
strict       how cells are read without a field map, by what a profile asks
exports      a file as accounts, by a field map or by a profile
accounts     what has been read
rules        how one value is made of several rows
long         long tables folded into accounts
joining      tables joined by key
linking      names linked to accounts
checking     what does not add up between a profile and accounts
answers      how many accounts at once answer what a profile asks (numpy)
suspicions   what looks wrong, and the way out
wordings     what looks wrong in texts
spellings    which name a text means
telling      how a suspicion becomes a finding, and its lines
findings     the report: data, text, HTML
attributes   what exports of this field usually hold
guessing     a first field map for an export
kinds        what a column holds
starting     the two files to start from
"""

from icpkit.importing.accounts import Accounts, BadCell, FieldReading
from icpkit.importing.exports import accounts_in_pieces, read_accounts
from icpkit.importing.field_files import dump_fields, dumps_fields, field_preset, load_fields, loads_fields
from icpkit.importing.fields import Field, FieldMap
from icpkit.importing.files import DELIMITERS
from icpkit.importing.findings import CheckReport, CriterionCheck, Finding

__all__ = [
    "DELIMITERS",
    "Accounts",
    "BadCell",
    "CheckReport",
    "CriterionCheck",
    "Field",
    "FieldMap",
    "FieldReading",
    "Finding",
    "accounts_in_pieces",
    "dump_fields",
    "dumps_fields",
    "field_preset",
    "load_fields",
    "loads_fields",
    "read_accounts",
]
