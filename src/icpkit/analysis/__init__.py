"""Analysis: is the profile right? What follows from it, before and after it is in force.

replay     a change of a profile tried on many accounts before it is published
splits     what each edit does to them: scores of the profiles between the old one and the new one
capacity   how many accounts each tier holds, and how many the team can work
replay_faces   what prints and notebooks show of it

`icpkit.replay` is `icpkit.analysis.replay.replay`: a room and what is in it cannot share a name here.
"""

from icpkit.analysis.capacity import TierLoad
from icpkit.analysis.replay import Mover, Replay
from icpkit.analysis.splits import EditEffect, EditStep

__all__ = ["EditEffect", "EditStep", "Mover", "Replay", "TierLoad"]
