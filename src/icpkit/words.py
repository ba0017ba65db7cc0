"""Every word that a user reads in a description or an explanation, in one table, so that another language is possible.

Pass another mapping with the same keys wherever a function takes ``words``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

#: Templates by key; the fields in braces are filled by name.
Words: TypeAlias = Mapping[str, str]


class _Language(Mapping[str, str]):
    """An immutable table of words with a short repr: it is the default of many arguments."""

    __slots__ = ("_name", "_templates")

    def __init__(self, name: str, templates: Mapping[str, str]) -> None:
        self._name, self._templates = name, dict(templates)

    def __getitem__(self, key: str) -> str:
        return self._templates[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._templates)

    def __len__(self) -> int:
        return len(self._templates)

    def __repr__(self) -> str:
        return self._name


ENGLISH: Words = _Language(
    "ENGLISH",
    {
        # what a criterion asks
        "between": "{low} to {high}",
        "at_least": "at least {low}",
        "at_most": "at most {high}",
        "exactly": "exactly {low}",
        "fading": " (0 at {edges})",
        "on_log_scale": ", log scale",
        "years": "{question} years old",
        "bands": "by bands: {bands}",
        "band": "from {low}: {match}",
        "below": "below: {match}",
        "one_of": "one of {values}",
        "only": "{values}",
        "beginning_with": "beginning with {values}",
        "otherwise": ", otherwise {match}",
        "graded": "{value} ({match})",
        "level": "{levels} ({order})",
        "yes": "yes",
        "no": "no",
        "label_share": "share of {labels}",
        "label_any": "any of {labels}",
        "label_all": "all of {labels}",
        "label_at_least": "at least {k} of {labels}",
        "label_satisfies": "nothing but {labels}",
        "group": "{label} (any of {members})",
        "weighted": "{label} ×{weight}",
        "half_life": "recent, halving every {days}",
        "linear": "recent, falling to 0 at {days}",
        "window": "within {days}",
        "steps": "by age: {steps}",
        "step": "within {days}: {match}",
        "engagement": "{target} points of {kinds}, halving every {days}",
        "upcoming": "soon, within {days}",
        "all_of": "all of: {parts}",
        "any_of": "any of: {parts}",
        "not": "not {parts}",
        "own": "{kind}",
        "absent_kind": "{kind} (absent kind)",
        "days": "{days} days",
        "day": "{days} day",
        "and": "{left} and {right}",
        "more": "{listed} and {count} more",
        "points_if": "{points} if {question}",
        # the header of a score
        "title": "{key} · {profile} · as of {as_of}",
        "untitled": "{profile} · as of {as_of}",
        "scored": "Fit {fit} · {tier}{certainty} · {coverage} of the weight is known",
        "certain": ", certain",
        "certain_within": ", certain · could be {low} to {high}",
        "possible": " · could be {low} to {high}: {tiers}",
        "disqualified": "Disqualified by {gates} · fit {fit} for information · {coverage} of the weight is known",
        "disqualified_blind": "Disqualified by {gates} · no fit: only {coverage} of the weight is known",
        "insufficient data": "Not enough data for a fit · only {coverage} of the weight is known ({needed} needed) · "
        "could be {low} to {high}: {tiers}",
        # the columns of the table
        "column_asked": "asked",
        "column_found": "found",
        "column_match": "match",
        "column_weight": "weight",
        "column_points": "points",
        "column_lost": "lost",
        # what was found
        "unknown": "unknown",
        "no_field": "no such field",
        "never": "never",
        "never_no_field": "never (no such field)",
        "invalid": "invalid: {reason}",
        "none_listed": "none",
        "found_lacking": "{there}; not {lacking}",
        "found_lacking_all": "not {lacking}",
        "ago": "{days} ago",
        "items": "{count} events",
        "item": "{count} event",
        "worth": "{low} – {high}",
        "matched": "a match of {match}",
        "today": "today",
        "ahead": "in {days}",
        "years_old": "{value}: {years} years",
        "year_old": "{value}: {years} year",
        "open": "{name} ({low} to {high} points)",
        # sections below the table
        "gates": "Gates",
        "adjustments": "Adjustments",
        "notes": "Notes",
        "gate_passed": "passed",
        "gate_failed": "FAILED",
        "gate_unverified": "not verified",
        "clipped": "clipped to 0 … 100",
        "limited": "limited to what the account can still have",
        "total": "Fit",
        "note_open": "to find out: {what}",
        "note_base": "points count on the {what} of the weight that has an answer, ranges on the whole",
        "note_never": 'no signal, taken as never (0): {what}; absent="unknown" makes it unknown',
        "note_no_field": "no such field: {what}",
        "note_ignored": "signals dated after {as_of}, left out: {what}",
        "note_naive": "moments without a time zone, read as UTC: {what}",
        "note_invalid": "invalid, taken as unknown: {what}",
        "note_inert": "weight 0, without effect: {what}",
        # the table of a profile
        "column_category": "Category",
        "column_details": "Details",
        "category_profile": "Profile",
        "category_tiers": "Tiers",
        "category_unknown": "Unknown",
        "category_examples": "Examples",
        "profile_facts": "{name} ({facts})",
        "fact_priority": "{value} priority",
        "fact_rank": "{value} rank",
        "detail_share": "{detail} ({share})",
        "detail_gate": "{detail}",
        "detail_gate_at_least": "{detail}, a match of at least {match}",
        "gate_strict": "; unknown disqualifies",
        "gate_final": "; not to be overridden",
        "detail_tier": "{name} from {cut}",
        "detail_tier_action": "{name} from {cut}: {action}",
        "detail_skip": "unknown criteria are skipped; {needed} of the weight must be known",
        "detail_stand_in": "unknown criteria count as a match of {match}; {needed} of the weight must be known",
        "detail_example": "{name}: {tiers}",
        "or": " or ",
        # examples
        "an_example": "example {number}",
        "example_failed": "{name} should be {expected}, but is {found}",
        "example_invalid": "{name} should be {expected}, but cannot be scored: {found}",
        "example_tier": "{tier} (fit {fit})",
        # what changed between two profiles
        "diff_none": "{profile}: no difference",
        "diff_about": "{subject}: {text}",
        "diff_added": "added {items}",
        "diff_removed": "removed {items}",
        "diff_renamed": "renamed {before} to {after}",
        "diff_reordered": "in the order {items}",
        "diff_changed": "{before} → {after}",
        "diff_weight": "{text} (share {before} → {after})",
        "diff_shares": "also shares: {shares}",
        "diff_share_of": "{name} {before} → {after}",
        "diff_entry": "{key} ({value})",
        "diff_nothing": "none",
        "diff_field_cut": "from",
        "edit_together": "; ",
        # two scores compared
        "score_of": "{key}",
        "score_by": "{key} by {profile}",
        "score_then": "{key} as of {as_of}",
        "this_account": "this account",
        "leads": "{first} leads {second} by {points}: {parts}",
        "equal_fits": "{first} and {second} are level at {fit}: {parts}",
        "no_difference": "nothing differs",
        "adjustment": "{name} (adjustment)",
        "difference": "{name} {points}",
        "column_difference": "difference",
        # reasons, by code
        "reason_gate_failed": "{name}: asked for {asked}; found {found}",
        "reason_gate_unverified": "{name} could not be checked: {found}",
        "reason_insufficient_data": "only {coverage} of the weight is known, {needed} is needed",
        "reason_matched": "{points} of {most} points for {name}: {found}",
        "reason_missed": "{lost} of {most} points lost on {name}: {found} (asked for {asked})",
        "reason_unknown": "{name} is unknown: worth {low} to {high} points",
        "reason_assumed": "{points} of {most} points for {name}: unknown, {match} is assumed",
        "reason_adjusted": "{points} points for {name}: {found}",
        # the command line
        "cli_scored": "{profile}: {count} accounts as of {as_of}",
        "cli_tier": "  {count} {tier}, {certain} of them certain",
        "cli_disqualified": "  {count} disqualified",
        "cli_insufficient data": "  {count} with insufficient data",
        "cli_unknown": "most often unknown: {what}",
        "cli_share": "{name} ({share})",
        "cli_ignored": "signals dated after {as_of}, left out: {count}",
        "cli_naive": "moments without a time zone, read as UTC: {count}",
        "cli_invalid": "invalid cells, taken as unknown: {count}",
        "cli_inert": "without effect, weight 0: {what}",
        "cli_examples": "examples: {count}, all as expected",
        "cli_examples_failed": "examples: {failed} of {count} not as expected",
        "cli_no_examples": "examples: none",
        "cli_not_read": "{where} holds {name!r}, which the profile does not read{hint}",
        "cli_stray": "{where} holds {name!r}, which has no effect there: the profile's own stands above all headers in "
        "brackets",
        "cli_an_example": "example {number}",
        "cli_no_fit": "no account has a fit: is the profile made for this file?",
        "cli_content_id": "content id: {id}",
        "cli_scoring_id": "scoring id: {id}",
        "cli_same": "no difference",
        # scores written back
        "written": "{count} scores written to {path} for {target}",
        "written_empty": "empty: {columns}; what stood there before stays, unless the import empties it (null=)",
        "written_empty_column": "{column} ({count})",
        "written_twice": "keys that stand in more than one row: {keys}",
        "written_guarded": "keys that begin like a formula have an apostrophe before them now, so that the import will "
        "not "
        "find them: {keys}",
        # names linked to accounts
        "links": "{matched} of {count} names matched, {ambiguous} ambiguous, {unmatched} unmatched; "
        "looked in {attributes}",
        "links_blank": "{count} blank names left out",
        "link_matched": "{given} → {key} (by {rule}: {found})",
        "link_ambiguous": "{given} could be {keys} (by {rule})",
        "link_unmatched": "{given} is unknown",
        "link_near": "{given} is unknown; near: {near}",
        "link_near_one": "{found} ({key})",
        "link_more": "… and {count} more",
        "link_rule_key": "key",
        "link_rule_domain": "domain",
        "link_rule_name": "name",
        "link_rule_bare name": "name without its legal form",
        # taxonomies
        "taxonomy": "{name}{version}: {count} entries",
        "taxonomy_sorted": "{name}{version}: {count} entries in {categories} categories",
        "taxonomy_version": " {version}",
        "taxonomy_categories": "categories: {categories}",
        "taxonomy_entries": "entries: {entries}",
        "column_taxonomy_category": "category",
        "column_taxonomy_entry": "entry",
        "column_taxonomy_members": "members",
        "column_taxonomy_aliases": "aliases",
        "column_taxonomy_count": "count",
        # the faces of one score: picture, HTML, Markdown, one line
        "language": "en",
        "face_alt": "{title}: {verdict}",
        "face_scored": "scored",
        "face_disqualified": "Disqualified",
        "face_insufficient data": "Not enough data",
        "face_no_fit": "no fit",
        "face_certain": "certain",
        "face_certain_within": "certain, could be {low} to {high}",
        "face_possible": "could be {low} to {high}: {tiers}",
        "face_known": "{coverage} of the weight is known",
        "face_needed": "only {coverage} of the weight is known ({needed} needed)",
        "face_failed": "by {gates}",
        "face_information": "by {gates} · the fit is for information",
        "face_tiers": "tiers",
        "face_bounds": "could be",
        "face_of": "{points} of {most}",
        "face_match": "match {match}",
        "face_inert": "weight 0",
        "face_earned": "earned",
        "face_assumed": "assumed",
        "face_lost": "lost",
        "face_open": "not known yet",
        "face_sure": "sure",
        "face_taken": "taken away",
        "face_details": "All criteria: asked, found, points",
        "column_name": "criterion",
        "column_gate": "gate",
        "column_verdict": "verdict",
        "line": "{key}: {verdict}",
        "line_points": "{verdict}: {points}",
        "cli_init": "{fields}: how {count} columns become attributes, guessed; look at each line\n"
        "{profile}: a profile to start from, the middle of these accounts; edit it\n"
        "next: python -m icpkit check {profile} {accounts} --fields {fields}",
        "cli_init_doubts": "look at what “# ?” marks in {fields}: {count} in all",
        # files that are scored one by one
        "progress": "{percent:3} %  {done:,} of {total:,} accounts, {rate:,.0f}/s, {name}",
        "progress_open": "{done:,} accounts, {rate:,.0f}/s, {name}",
        "files_scored": "{rows:,} accounts of {count:,} files scored by {profile!r} as of {as_of}",
        "files_resumed": "  of an earlier run: {count:,} files",
        "files_count": "{count:>12,}  {name}",
        "files_invalid": "values of the wrong kind, taken as unknown: {what}",
        "files_lines": "lines left out",
        "files_failed": "not scored: {problem}",
        "files_others": "parts of other files lie there too: {what}",
        "line_point": "{name} {points}",
        "line_more": "{points}, …",
        "line_scored": "fit {fit}, {tier} ({certainty}), {coverage} known",
        "line_disqualified": "disqualified by {gates}, fit {fit} for information, {coverage} known",
        "line_disqualified_blind": "disqualified by {gates}, no fit, {coverage} known",
        "line_insufficient data": "not enough data for a fit, {coverage} known ({needed} needed), "
        "could be {low} to {high}: {tiers}",
        # the faces of many scores
        "summary_counts": "{count} accounts: {statuses}",
        "summary_one": "1 account: {statuses}",
        "summary_none": "no accounts",
        "summary_scored": "{count} scored",
        "summary_disqualified": "{count} disqualified",
        "summary_insufficient data": "{count} with too little data",
        "summary_no_fit": "no account has a fit: is the profile made for these accounts?",
        "summary_lacking": "no account has: {what}",
        "summary_invalid": "of the wrong kind, taken as unknown: {what}",
        "summary_ignored": "dated after {as_of}, left out: {what}",
        "summary_counted": "{name} ({count})",
        # labels and events of nobody
        "summary_strays": "rows of {name} that belong to no account ({count}): {what}",
        "summary_hint": "{name} ({hint})",
        "summary_certain": "certain",
        "summary_uncertain": "may change once more is known",
        "summary_fits": "Fits of the {count} scored: half of them from {low} to {high}, the median is {median}",
        "summary_fit": "The fit of the only one scored: {median}",
        "summary_unknown": "Most often unknown",
        "summary_best": "The best {count}",
        "column_tier": "tier",
        "column_from": "from",
        "column_accounts": "accounts",
        "column_share": "share",
        "column_certain": "certain",
        "column_unknown": "unknown",
        "column_key": "key",
        "column_row": "row (from 0)",
        "column_fit": "fit",
        "column_bounds": "could be",
        "column_known": "known",
        # what a history holds
        "history_versions": "versions",
        "history_events": "events",
        "history_overrides": "overrides",
        "history_overdue": "overdue reviews",
        "history_nothing": "no {title}",
        "history_none": "–",
        "history_all": "(all)",
        "history_erased": "(erased)",
        "history_draft": "draft",
        "history_restores": "{version} (as v{restores})",
        "history_days": "{count} days",
        "history_days_one": "1 day",
        "column_history_version": "version",
        "column_history_at": "when",
        "column_history_in_force": "in force from",
        "column_history_author": "author",
        "column_history_message": "message",
        "column_history_labels": "labels",
        "column_history_profile": "profile",
        "column_history_event": "what",
        "column_history_account": "account",
        "column_history_override": "override",
        "column_history_expires": "expires",
        "column_history_justification": "justification",
        "column_history_due": "due",
        "column_history_days": "overdue by",
        "event_commit": "v{version} committed",
        "event_draft": "v{version} committed as a draft",
        "event_rollback": "v{version} committed: back to v{about}",
        "event_tag": "tag {label}: v{version}",
        "event_alias": "alias {label} → v{version}",
        "event_alias_gone": "alias {label} taken away",
        "event_approval": "v{version} approved by {label}",
        "event_withdrawal": "approval of v{version} by {label} withdrawn",
        "event_requirement": "alias {label} moves once approved by: {roles}",
        "event_review": "v{version} reviewed, due again {due}",
        "event_override": "override of {account}: {what}",
        "event_erased": "{notes} erased",
        "erasure": "erased: {notes}",
        "erasure_carried": "erased: {notes}; without them {carried}",
        "erasure_overrides": "{count} overrides hold on",
        "erasure_overrides_one": "1 override holds on",
        "override_set": "{value}",
        "override_adjust": "{points} points",
        "override_clear": "cleared",
        "verify_sound": "sound: {entries}, {versions}, {erased} erased (space {space!r})",
        "verify_damaged": "{count} findings among {entries}, {versions}, {erased} erased (space {space!r}):",
        "verify_damaged_one": "1 finding among {entries}, {versions}, {erased} erased (space {space!r}):",
        "verify_until": "sound up to entry {seq}",
        "verify_entries": "{count} entries",
        "verify_entries_one": "1 entry",
        "verify_versions": "{count} versions",
        "verify_versions_one": "1 version",
        "verify_notes": "{count} notes",
        "verify_notes_one": "1 note",
        # what changed between two runs
        "moves_title": "{profile} · {before} → {after}",
        "moves_profiles": "{before} → {after}",
        "moves_counts": "{before} accounts before, {after} after: {kinds}",
        "moves_none": "nobody moved",
        "moves_entered": "{count} entered",
        "moves_left": "{count} left",
        "moves_up": "{count} up",
        "moves_down": "{count} down",
        "moves_status": "{count} with another status",
        "moves_held": "{count} held (not more than {hysteresis} beyond a cut)",
        "moves_same": "{count} as before",
        "moves_list_entered": "Entered",
        "moves_list_left": "Left",
        "moves_list_up": "Up",
        "moves_list_down": "Down",
        "moves_list_status": "Another status",
        "moves_list_held": "Held",
        "moves_list_same": "As before",
        "moves_more": "… and {count} more",
        "moves_absent": "not there",
        "moves_scored": "{tier} {fit}",
        "moves_no_tier": "{status} {fit}",
        "moves_blind": "{status}",
        "moves_one": "{key}: {before} → {after}",
        "moves_new": "{key}: {after}",
        "moves_gone": "{key}: was {before}",
        "moves_points": "{change} ({points})",
        "moves_why": "{change}: {why}",
        "moves_step": "{cause} {points}",
        "moves_between": "{before} → {after}",
        "moves_time": "time",
        "moves_data": "data",
        "moves_profile": "profile",
        "moves_with": "changed: {attributes}",
        "moves_attribute": "{name} {before} → {after}",
        # lists whose items came and went, and values that look the same
        "moves_labels": "{name} {labels}",
        "moves_added": "+{label}",
        "moves_removed": "-{label}",
        "moves_others": "{name} {before}, not the same as before",
        "column_moves_before": "before",
        "column_moves_after": "after",
        "column_moves_data": "what changed in the data",
        # a change of a profile, replayed before it is published
        "replay_title": "{profile} · replayed as of {as_of}",
        "replay_same": "{counts}; the profiles do not differ",
        "replay_tier": "{tier} {before} → {after}",
        "replay_tier_room": "{tier} ({room})",
        "replay_room": "capacity {capacity}: {room}",
        "replay_over": "{count} too many",
        "replay_free": "{count} free",
        "replay_full": "full",
        "replay_edits": "What each edit does to the {count} that move, one after another in this order",
        "replay_no_movers": "The edits, one after another in this order; nobody moves",
        "replay_idle": "Without effect on scores: {edits}",
        "replay_explained": "raises, lowers, points: what the edit does to fits, those before it being made; "
        "up, down, status: for how many it does most",
        "replay_edit": "edit {number}",
        "replay_step": "{points} by {edit}",
        "column_replay_edit": "edit",
        "column_replay_raised": "raises",
        "column_replay_lowered": "lowers",
        "column_replay_points": "points",
        "column_replay_up": "up",
        "column_replay_down": "down",
        "column_replay_status": "status",
        "column_replay_certain_before": "certain before",
        "column_replay_certain_after": "certain after",
        "column_replay_capacity": "",
    },
)


def number_text(value: float) -> str:
    """Write a number as people do: with separators, and round millions and billions short.

    >>> number_text(1000), number_text(0.25), number_text(12_500_000), number_text(12_345_678)
    ('1,000', '0.25', '12.5M', '12,345,678')
    """
    for unit, letter in ((1e9, "bn"), (1e6, "M")):
        if abs(value) >= unit and round(value / unit, 2) * unit == value and abs(value) < 1e15:
            return f"{value / unit:,.10g}{letter}"
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}" if abs(value) < 1e15 else f"{value:g}"
    return f"{value:,.10g}"


def percent_text(share: float) -> str:
    """Write a share as people do.

    >>> percent_text(0.2), percent_text(1 / 3)
    ('20 %', '33.3 %')
    """
    return f"{100 * share:.3g} %"


def days_text(days: float, words: Words) -> str:
    """Write a number of days."""
    return words["day" if days == 1 else "days"].format(days=number_text(days))


def listed(texts: Iterable[str], words: Words, *, most: int = 6) -> str:
    """Write a list, and count what lies beyond the first few.

    >>> listed("abcdefgh", ENGLISH, most=3)
    'a, b, c and 5 more'
    """
    texts = list(texts)
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else words["more"].format(listed=shown, count=len(texts) - most)
