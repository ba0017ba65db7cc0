"""A criterion of one's own, in a module that workers can import; it writes down what is made of it."""

import os
from pathlib import Path

import attrs

import icpkit as icp
from icpkit.value_functions import ValueFunction


@attrs.frozen
class Noted(icp.Flag):
    """A flag that writes what happens to it into the file that is its label, with the number of the process."""

    def __attrs_post_init__(self) -> None:
        """Write that one was made."""
        self.note("made")

    def value_function(self) -> ValueFunction:
        """Write that it was taken apart."""
        self.note("asked")
        return super().value_function()

    def note(self, what: str) -> None:
        """Add a line, as a whole whoever else writes."""
        if self.label is not None:
            with Path(self.label).open("a") as file:
                file.write(f"{what} {os.getpid()}\n")
