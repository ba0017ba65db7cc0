"""Score companies against an ideal customer profile, and say why.

The house, room by room (nothing imports upward):

    testing                     strategies and checks for those who build on icpkit (extra: testing)
    __main__                    the command line
    analysis                    what follows from a profile: a change of it replayed before it is published
    history                     a profile's memory: versions, who made them, what was in force when
    streaming                   streams and files that do not fit in memory (extra: arrow)
    importing                   real exports: which column means what, and what does not add up
    batch                       the numpy engine: many accounts at once, from whatever table they are in
    edits   sql                 the changes between two profiles, made one after another; the same score as SQL (extra)
    exporting                   scores in the columns of other systems
    serialization               profiles as text, in and out; over structuring (strict objects), syntax (JSON and TOML)
                                and toml (extra)
    schemas                     what that text may hold, for editors
    differences   comparison    what changed between two profiles; what makes two scores differ
    adapters   taxonomies       tables of other libraries; shipped vocabularies, and how they get into a profile
    scoring   standard          how well does this one account fit? The reference meaning; a profile to start from
    charts                      the faces of a score: picture, HTML, Markdown
    examination   explanation   and why? Finds the facts; one typed tree, its text, data and reasons
    reading       arithmetic    how an account's attributes are read; exact sums, one rounding
    profile                     dimensions, gates, adjustments: one ideal customer profile
    identity                    what it is as plain data, and the ids made of that
    criteria                    each asks one question of one attribute
    tiers         missing       bands of fit; what an unknown counts for
    evaluation                  what a value function gives for one account
    value_functions             the closed set that engines run
    views                       how raw values are read, and when they are unknown or invalid
    words   markup              every word that a user reads, in one table; HTML and Markdown from text, escaped
    parsing   table   columns   texts of real exports as values; columns of raw values, and encoded ones
    errors   typing   _attrs   _version    ground
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icpkit._version import SEMANTICS, __version__
    from icpkit.analysis import EditEffect, EditStep, Mover, Replay, TierLoad
    from icpkit.analysis.replay import replay
    from icpkit.batch import (
        AccountChange,
        Batch,
        Changes,
        Contributions,
        Scores,
        TierCount,
        changes,
        encode,
        score_batch,
    )
    from icpkit.comparison import Comparison, compare
    from icpkit.criteria import (
        CRITERIA,
        AbsentKind,
        Age,
        AllOf,
        AnyOf,
        Bands,
        Criterion,
        Engagement,
        Flag,
        Not,
        OneOf,
        Ordinal,
        Overlap,
        Range,
        Recency,
        TechOverlap,
        Upcoming,
    )
    from icpkit.differences import Change, Diff, diff
    from icpkit.edits import Edit
    from icpkit.errors import (
        AbsentKindError,
        AccountChangedError,
        AccountsFileError,
        AccountTypeError,
        AsOfError,
        DefinitionError,
        FieldMapTextError,
        IcpkitError,
        InvalidAccountError,
        MissingColumnsError,
        NoFitError,
        NoSuchFieldError,
        NoSuchPathError,
        Problem,
        ProfileTextError,
        TextError,
        UnreadColumnsError,
    )
    from icpkit.explanation import (
        AdjustmentResult,
        CriterionResult,
        DimensionResult,
        Explanation,
        GateResult,
        Reason,
    )
    from icpkit.exporting import TARGETS, Target, Written, score_rows, write_scores
    from icpkit.history import (
        Approval,
        BundleError,
        Checkpoint,
        ConflictError,
        Due,
        Erasure,
        Event,
        FailingExamplesError,
        ForkedStoreError,
        History,
        HistoryError,
        KeyReusedError,
        Listing,
        LiveScorer,
        NoSuchVersionError,
        Override,
        Overrides,
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
        Verification,
        Version,
    )
    from icpkit.importing import (
        Accounts,
        BadCell,
        CheckReport,
        CriterionCheck,
        Field,
        FieldMap,
        FieldReading,
        Finding,
        dump_fields,
        dumps_fields,
        field_preset,
        load_fields,
        loads_fields,
        read_accounts,
    )
    from icpkit.importing.checking import check
    from icpkit.importing.joining import join
    from icpkit.importing.linking import Link, Links, link
    from icpkit.importing.long import accounts_from, events_from, labels_from
    from icpkit.parsing import Rate
    from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile
    from icpkit.schemas import json_schema
    from icpkit.scoring import SCHEMA, ExampleFailure, Score, Scorer, score
    from icpkit.serialization import dump, dumps, load, loads
    from icpkit.sql import (
        Column,
        ListColumn,
        LongTable,
        NotPushable,
        Param,
        Unpushable,
        pushable,
        sql_selftest,
        to_sql,
    )
    from icpkit.standard import standard_profile
    from icpkit.streaming import (
        FileFailure,
        FilePart,
        FilesReport,
        PartsError,
        StreamError,
        StreamScorer,
        arrow_schema,
        score_files,
        score_spark,
        score_stream,
        stream_scorer,
    )
    from icpkit.taxonomies import (
        Entry,
        NoSuchEntryError,
        NoSuchTaxonomyError,
        Taxonomy,
        TaxonomyTextError,
        taxonomy,
        with_aliases,
        with_members,
    )
    from icpkit.tiers import Cohort, Tier, TierScale
    from icpkit.typing import Offender
    from icpkit.value_functions import Combination, ValueFunction
    from icpkit.views import fold

_ROOMS = {
    "sql": (
        "Column",
        "ListColumn",
        "LongTable",
        "NotPushable",
        "Param",
        "Unpushable",
        "pushable",
        "sql_selftest",
        "to_sql",
    ),
    "history": (
        "Approval",
        "BundleError",
        "Checkpoint",
        "ConflictError",
        "Due",
        "Erasure",
        "Event",
        "FailingExamplesError",
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
    ),
    "importing": (
        *("Accounts", "BadCell", "CheckReport", "CriterionCheck", "Field", "FieldMap", "FieldReading", "Finding"),
        *("dump_fields", "dumps_fields", "field_preset", "load_fields", "loads_fields", "read_accounts"),
    ),
    "exporting": ("TARGETS", "Target", "Written", "score_rows", "write_scores"),
    "importing.checking": ("check",),
    "importing.joining": ("join",),
    "importing.linking": ("Link", "Links", "link"),
    "importing.long": ("accounts_from", "events_from", "labels_from"),
    "parsing": ("Rate",),
    "taxonomies": (
        *("Entry", "NoSuchEntryError", "NoSuchTaxonomyError", "Taxonomy", "TaxonomyTextError"),
        *("taxonomy", "with_aliases", "with_members"),
    ),
    "_version": ("SEMANTICS", "__version__"),
    "batch": (
        *("AccountChange", "Batch", "Changes", "Contributions", "Scores", "TierCount"),
        *("changes", "encode", "score_batch"),
    ),
    "streaming": (
        *("FileFailure", "FilePart", "FilesReport", "PartsError", "StreamError", "StreamScorer"),
        *("arrow_schema", "score_files", "score_spark", "score_stream", "stream_scorer"),
    ),
    "comparison": ("Comparison", "compare"),
    "criteria": (
        *(
            "CRITERIA",
            "AbsentKind",
            "Age",
            "AllOf",
            "AnyOf",
            "Bands",
            "Criterion",
            "Engagement",
            "Flag",
            "Not",
            "OneOf",
            "Ordinal",
        ),
        *("Overlap", "Range", "Recency", "TechOverlap", "Upcoming"),
    ),
    "analysis": ("EditEffect", "EditStep", "Mover", "Replay", "TierLoad"),
    "analysis.replay": ("replay",),
    "differences": ("Change", "Diff", "diff"),
    "edits": ("Edit",),
    "errors": (
        *("AbsentKindError", "AccountChangedError", "AccountTypeError", "AccountsFileError"),
        *("AsOfError", "DefinitionError"),
        *(
            "FieldMapTextError",
            "IcpkitError",
            "InvalidAccountError",
            "MissingColumnsError",
            "NoFitError",
            "NoSuchFieldError",
            "NoSuchPathError",
            "Problem",
            "ProfileTextError",
            "TextError",
            "UnreadColumnsError",
        ),
    ),
    "explanation": (
        *("AdjustmentResult", "CriterionResult", "DimensionResult", "Explanation", "GateResult", "Reason"),
    ),
    "profile": ("Adjustment", "Dimension", "Example", "Gate", "Profile"),
    "schemas": ("json_schema",),
    "scoring": ("SCHEMA", "ExampleFailure", "Score", "Scorer", "score"),
    "serialization": ("dump", "dumps", "load", "loads"),
    "standard": ("standard_profile",),
    "tiers": ("Cohort", "Tier", "TierScale"),
    "typing": ("Offender",),
    "value_functions": ("Combination", "ValueFunction"),
    "views": ("fold",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "CRITERIA",
    "SCHEMA",
    "SEMANTICS",
    "TARGETS",
    "AbsentKind",
    "AbsentKindError",
    "AccountChange",
    "AccountChangedError",
    "AccountTypeError",
    "Accounts",
    "AccountsFileError",
    "Adjustment",
    "AdjustmentResult",
    "Age",
    "AllOf",
    "AnyOf",
    "Approval",
    "AsOfError",
    "BadCell",
    "Bands",
    "Batch",
    "BundleError",
    "Change",
    "Changes",
    "CheckReport",
    "Checkpoint",
    "Cohort",
    "Column",
    "Combination",
    "Comparison",
    "ConflictError",
    "Contributions",
    "Criterion",
    "CriterionCheck",
    "CriterionResult",
    "DefinitionError",
    "Diff",
    "Dimension",
    "DimensionResult",
    "Due",
    "Edit",
    "EditEffect",
    "EditStep",
    "Engagement",
    "Entry",
    "Erasure",
    "Event",
    "Example",
    "ExampleFailure",
    "Explanation",
    "FailingExamplesError",
    "Field",
    "FieldMap",
    "FieldMapTextError",
    "FieldReading",
    "FileFailure",
    "FilePart",
    "FilesReport",
    "Finding",
    "Flag",
    "ForkedStoreError",
    "Gate",
    "GateResult",
    "History",
    "HistoryError",
    "IcpkitError",
    "InvalidAccountError",
    "KeyReusedError",
    "Link",
    "Links",
    "ListColumn",
    "Listing",
    "LiveScorer",
    "LongTable",
    "MissingColumnsError",
    "Mover",
    "NoFitError",
    "NoSuchEntryError",
    "NoSuchFieldError",
    "NoSuchPathError",
    "NoSuchTaxonomyError",
    "NoSuchVersionError",
    "Not",
    "NotPushable",
    "Offender",
    "OneOf",
    "Ordinal",
    "Overlap",
    "Override",
    "Overrides",
    "OverridesError",
    "Param",
    "PartsError",
    "Problem",
    "Profile",
    "ProfileTextError",
    "Range",
    "Rate",
    "Reason",
    "Recency",
    "Replay",
    "Score",
    "Scorer",
    "Scores",
    "StaleError",
    "StoreBusyError",
    "StoreClosedError",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "StoreNewerError",
    "StoreReadOnlyError",
    "StreamError",
    "StreamScorer",
    "Target",
    "Taxonomy",
    "TaxonomyTextError",
    "TechOverlap",
    "TextError",
    "Tier",
    "TierCount",
    "TierLoad",
    "TierScale",
    "UnapprovedError",
    "UnchangedError",
    "Unpushable",
    "UnreadColumnsError",
    "Upcoming",
    "ValueFunction",
    "Verification",
    "Version",
    "Written",
    "__version__",
    "accounts_from",
    "arrow_schema",
    "changes",
    "check",
    "compare",
    "diff",
    "dump",
    "dump_fields",
    "dumps",
    "dumps_fields",
    "encode",
    "events_from",
    "field_preset",
    "fold",
    "join",
    "json_schema",
    "labels_from",
    "link",
    "load",
    "load_fields",
    "loads",
    "loads_fields",
    "pushable",
    "read_accounts",
    "replay",
    "score",
    "score_batch",
    "score_files",
    "score_rows",
    "score_spark",
    "score_stream",
    "sql_selftest",
    "standard_profile",
    "stream_scorer",
    "taxonomy",
    "to_sql",
    "with_aliases",
    "with_members",
    "write_scores",
]


def __getattr__(name: str) -> Any:
    """Open a room when something in it is first asked for."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'icpkit' has no attribute {name!r}")
    value = getattr(import_module(f"icpkit.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public."""
    return __all__
