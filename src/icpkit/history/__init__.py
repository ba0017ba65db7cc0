"""A profile's memory: versions that stay, who made them and why, and what was in force when.

history        `History`: what people use
ledger         one space of a store: entries are added, versions are found
committing     new versions; versions        what a version is
labels         tags, aliases, approvals; reviews         when to look again
overrides      decisions about single accounts
erasure        what people wrote goes, the chain stays
verification   is all as it was written? bundles         a history as one file
serving        scoring with a version; events, listing   what is shown
store          what a history asks of where it is kept: memory, sqlite, sqlalchemy (extra)
records        entries, notes, texts, hashes; moments    times
errors         what can go wrong
"""

from icpkit.history.erasure import Erasure
from icpkit.history.errors import (
    BundleError,
    ConflictError,
    FailingExamplesError,
    ForkedStoreError,
    HistoryError,
    KeyReusedError,
    NoSuchVersionError,
    OverridesError,
    StaleError,
    StoreBusyError,
    StoreClosedError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreNewerError,
    StoreReadOnlyError,
    UnapprovedError,
    UnchangedError,
)
from icpkit.history.events import Event
from icpkit.history.history import History
from icpkit.history.labels import Approval
from icpkit.history.listing import Listing
from icpkit.history.overrides import Override, Overrides
from icpkit.history.reviews import Due
from icpkit.history.serving import LiveScorer
from icpkit.history.verification import Checkpoint, Finding, Verification
from icpkit.history.versions import Version

__all__ = [
    "Approval",
    "BundleError",
    "Checkpoint",
    "ConflictError",
    "Due",
    "Erasure",
    "Event",
    "FailingExamplesError",
    "Finding",
    "ForkedStoreError",
    "History",
    "HistoryError",
    "KeyReusedError",
    "Listing",
    "LiveScorer",
    "NoSuchVersionError",
    "Override",
    "Overrides",
    "OverridesError",
    "StaleError",
    "StoreBusyError",
    "StoreClosedError",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "StoreNewerError",
    "StoreReadOnlyError",
    "UnapprovedError",
    "UnchangedError",
    "Verification",
    "Version",
]
