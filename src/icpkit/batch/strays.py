"""Labels and events that belong to no account: whose they are, and whose they probably should be."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

import attrs

from icpkit.errors import near

#: How many keys are shown.
_EXAMPLES: Final = 3


class StrayKey(NamedTuple):
    """A key that no account has.

    Attributes:
        key: the key, as stripped text.
        hint: whose key was probably meant, or an empty text.
    """

    key: str
    hint: str


@attrs.frozen
class Strays:
    """What a table of labels or events holds for accounts that are not there.

    Attributes:
        attribute: the attribute that is gathered from the table.
        keys: how many keys of the table no account has.
        rows: how many rows these keys have.
        examples: some of the keys, first those that are spelled otherwise.
    """

    attribute: str
    keys: int
    rows: int
    examples: tuple[StrayKey, ...]


def strays_of(attribute: str, gathered: Mapping[str, Collection[object]], keys: Iterable[object]) -> Strays | None:
    """Find the keys of a table of labels or events that no account has; None where there are none.

    Keys compare as stripped text. One that differs from an account's in its case, or in how a number is written, is
    probably meant to be that account's.

    Args:
        attribute: the attribute that is gathered.
        gathered: the rows of the table by their keys, as stripped text.
        keys: the accounts' keys.

    >>> strays_of(
    ...     "technologies", {"ACME": ["Slack"], "globex": ["Jira"], "7.0": ["Slack", "Jira"]}, ["acme", "globex", 7]
    ... )
    Strays(attribute='technologies', keys=2, rows=3, examples=(StrayKey(key='ACME', hint="did you mean 'acme'?"), ...))
    """
    known = dict.fromkeys(str(key).strip() for key in keys)
    strangers = [key for key in gathered if key not in known]
    if not strangers:
        return None
    loose = {_loosely(key): key for key in known}
    meant = {key: loose[found] for key in strangers if (found := _loosely(key)) in loose}
    shown = [*meant, *(key for key in strangers if key not in meant)][:_EXAMPLES]
    examples = (StrayKey(key, f"did you mean {meant[key]!r}?" if key in meant else near(key, known)) for key in shown)
    return Strays(attribute, len(strangers), sum(len(gathered[key]) for key in strangers), tuple(examples))


def _loosely(key: str) -> str:
    """Give the same text for keys that differ in case, spaces, or in how a number is written."""
    folded = "".join(key.casefold().split())
    whole, _, rest = folded.partition(".")
    return whole.lstrip("0") or "0" if whole.isdecimal() and not rest.strip("0") else folded
