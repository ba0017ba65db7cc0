"""Analysis: is the profile right? What follows from it, before and after it is in force.

replay     a change of a profile tried on many accounts before it is published
splits     what each edit does to them: scores of the profiles between the old one and the new one
capacity   how many accounts each tier holds, and how many the team can work
replay_faces   what prints and notebooks show of it
"""

from icpkit.analysis.capacity import TierLoad
from icpkit.analysis.replay import Mover, Replay, replay
from icpkit.analysis.splits import EditEffect, EditStep
from icpkit.edits import Edit

__all__ = ["Edit", "EditEffect", "EditStep", "Mover", "Replay", "TierLoad", "replay"]
