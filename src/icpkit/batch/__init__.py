"""The numpy engine: many accounts at once, with the fits, tiers and statuses of the reference.

moments    one moment of scoring for all, or one for each account
leaves     value functions bound to encoded columns, answered block by block
plan       what profiles ask of a batch, each question once, and what the answers are worth
kernels    a plan run over blocks, in threads
encoding   from a table to encoded columns
strays     labels and events that belong to no account
arguments  what people hand over by mistake
scoring    the call that does it all
scores     what comes of it
summary    what is worth knowing of all of it; faces draws that
moves      what changed from one run to the next; causes says why, move_faces draws it, move_tables tables it
"""

from icpkit.batch.encoding import Batch, encode
from icpkit.batch.moves import AccountChange, Changes, changes
from icpkit.batch.scores import Contributions, Scores, TierCount
from icpkit.batch.scoring import score_batch

__all__ = [
    "AccountChange",
    "Batch",
    "Changes",
    "Contributions",
    "Scores",
    "TierCount",
    "changes",
    "encode",
    "score_batch",
]
