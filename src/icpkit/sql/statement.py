"""A profile, or several, as one statement of SQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from icpkit._version import SEMANTICS, __version__
from icpkit.profile import Profile, path_of
from icpkit.sql.dialects import Dialect, dialect_of
from icpkit.sql.layout import Query, Selected, statement
from icpkit.sql.leaves import Leaves, Names
from icpkit.sql.long_tables import LongRows
from icpkit.sql.options import (
    Column,
    LongTable,
    NotPushable,
    Param,
    Place,
    TextForm,
    Unpushable,
    forms_of,
    mapping_of,
    places_of,
    unread,
)
from icpkit.sql.reading import Reader, Refused, now_of, sayable, table_parts
from icpkit.sql.sqlglot import (
    case,
    column,
    compare,
    everything,
    given,
    minus,
    numbered,
    table_text,
    text,
    total,
    whole,
    write,
)
from icpkit.sql.steps import Asked, Steps, ask, counts_of

#: Names that columns of ours must not take.
_TAKEN: Final = frozenset(
    {
        *("key", "profile", "fit", "tier", "status", "coverage", "low", "high", "invalid", "as_of"),
        *("failed", "present", "numerator", "weight", "covered", "least", "most", "place"),
        *("facts", "matches", "ends", "terms", "totals", "fits", "scores", "best", "a", "f", "m", "t", "s", "r", "i"),
    }
)


@attrs.frozen(eq=False)
class Draft:
    """What a statement is made of, before it is written.

    Attributes:
        asked: the profiles, and what they ask.
        leaves: all that they ask.
        table: the lines after FROM that name the accounts, as ``a``.
        key: the column of the accounts' key.
    """

    asked: tuple[Asked, ...]
    leaves: Leaves
    table: str
    key: str


def to_sql(
    profile: Profile | Sequence[Profile],
    *,
    dialect: str,
    table: str,
    key: str,
    as_of: date | str | Param | Column,
    columns: Mapping[str, Place] | None = None,
    types: Mapping[str, str] | None = None,
    text: TextForm | Mapping[str, TextForm] = "refuse",
    contributions: bool = False,
) -> str:
    """Write the scores of a table's accounts as one SELECT, which gives what `score_batch` gives.

    Args:
        profile: the profile; or several, of which each account gets the one that fits it best: the scored one of the
            highest fit, the earlier one among equals, and the first where none is scored.
        dialect: ``"duckdb"``, ``"postgres"``, ``"sqlite"`` or ``"spark"``, which tests run; ``"databricks"``, the same
            text as Spark's; or ``"snowflake"``, ``"bigquery"``, ``"redshift"`` or ``"trino"``, generated, not executed.
        table: the accounts' table, one row for each, such as ``"crm.accounts"``.
        key: the column that holds their key.
        as_of: the moment of scoring; a `Param` that is given when it runs, or a `Column`.
        columns: where attributes are found that no column is called as: a column's name, a `ListColumn`, a `LongTable`.
        types: the types of columns, as the catalogue writes them. A column of the wrong one is then refused at once;
            numbers beyond 2^53 are known in floating columns, and founding years and dates are told apart.
        text: how texts stand in the columns: ``"folded"``, as `fold` folds them; ``"exact"``, in NFC and stripped, for
            criteria that compare upper and lower case; or ``"refuse"``. Or a mapping from attribute to one of these.
        contributions: adds the points of each criterion, a column for each path.

    Raises:
        AsOfError: for a moment that is naive or none.
        ImportError: without sqlglot.
        NotPushable: for what the dialect cannot say, all of it.
        TypeError: for what is no name, no mapping or no profile.
        ValueError: for another dialect, or a name that stands for nothing.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
    >>> sql = icp.to_sql(profile, dialect="duckdb", table="accounts", key="id", as_of="2026-11-21")
    >>> import duckdb
    >>> with duckdb.connect() as db:
    ...     _ = db.execute("CREATE TABLE accounts AS SELECT 'acme' AS id, 80 AS employees")
    ...     db.execute(sql).fetchall()
    [('acme', 100.0, 'Perfect', 'scored', 1.0, 100.0, 100.0, 0)]
    """
    spoken = dialect_of(dialect)
    profiles = _profiles(profile)
    names: dict[str, object] = {"table": table, "key": key}
    for argument, given_name in names.items():
        if not isinstance(given_name, str):
            raise TypeError(f"{argument} must be a name (got {given_name!r})")
    if not key:
        raise ValueError("key must be the name of the column of the accounts' key (got '')")
    if contributions and len(profiles) > 1:
        raise ValueError("contributions need one profile: those of several have no columns in common")
    draft = draft_of(profiles, spoken, as_of=as_of, columns=columns, types=types, text=text, table=table, key=key)
    problems = [problem for asked in draft.asked for problem in asked.problems]
    if problems:
        raise NotPushable(problems)
    written = written_of(draft, contributions=contributions, name=table)
    if isinstance(as_of, Param):
        if spoken.percents:  # such a driver takes them for its own
            written = written.replace("%", "%%")
        written = given(written, as_of.name, spoken.spoken)
    return written


def pushable(
    profile: Profile | Sequence[Profile],
    dialect: str,
    *,
    columns: Mapping[str, Place] | None = None,
    types: Mapping[str, str] | None = None,
    text: TextForm | Mapping[str, TextForm] = "refuse",
) -> tuple[Unpushable, ...]:
    """List what keeps a profile out of a dialect of SQL; nothing, where `to_sql` writes it.

    Args:
        profile: the profile, or several.
        dialect: as for `to_sql`.
        columns: as for `to_sql`.
        types: as for `to_sql`.
        text: as for `to_sql`.

    Raises:
        ImportError: without sqlglot.
        ValueError: as for `to_sql`.

    >>> profile = icp.Profile(
    ...     "P", [icp.Dimension("Size", [icp.Range("employees", 50, 500), icp.OneOf("sector", ["IT"])])]
    ... )
    >>> [problem.path for problem in icp.pushable(profile, "bigquery")]
    ['size/sector']
    >>> icp.pushable(profile, "bigquery", text="folded")
    ()
    """
    draft = draft_of(
        _profiles(profile),
        dialect_of(dialect),
        as_of="2000-01-01",
        columns=columns,
        types=types,
        text=text,
        table="accounts",
        key="key",
    )
    problems = [problem for asked in draft.asked for problem in asked.problems]
    if problems:
        return tuple(problems)
    try:
        written_of(draft, contributions=False, name="accounts")
    except NotPushable as refused:
        return refused.problems
    return ()


def _profiles(profile: Profile | Sequence[Profile]) -> tuple[Profile, ...]:
    several = profile if isinstance(profile, Iterable) else ()
    profiles = (profile,) if isinstance(profile, Profile) else tuple(several)
    if not profiles or not all(isinstance(one, Profile) for one in profiles):
        raise TypeError(f"SQL is written of a Profile, or of a list of them (got {profile!r})")
    names = [one.name for one in profiles]
    if len(set(names)) < len(names):
        raise ValueError(f"several profiles need a name each (got {', '.join(names)})")
    return profiles


def draft_of(
    profiles: tuple[Profile, ...],
    dialect: Dialect,
    *,
    as_of: date | str | Param | Column,
    columns: Mapping[str, Place] | None,
    types: Mapping[str, str] | None,
    text: TextForm | Mapping[str, TextForm],
    table: str,
    key: str,
) -> Draft:
    """Bring together what a statement is made of."""
    attributes = [name for one in profiles for name in one.attributes]
    places = places_of(columns, attributes)
    kinds = mapping_of("types", types)
    for name, kind in kinds.items():
        if name not in places:
            raise unread("types", name, places)
        if not isinstance(kind, str):
            raise TypeError(f"types[{name!r}] must be a type as the catalogue writes it (got {kind!r})")
    reader = Reader(dialect, places, forms_of(text, places), kinds, now_of(as_of, dialect))
    made = Leaves(reader, Names(set(_TAKEN)), Names(set(_TAKEN)))
    asked = tuple(ask(one, made) for one in profiles)
    try:
        sayable(key, "key")
        name = table_text(table_parts(table), "a", dialect.spoken)
        if isinstance(as_of, Column):
            sayable(as_of.name, "as_of")
        for one in profiles:
            sayable(one.name, "the profile's name")
    except Refused as refused:
        raise ValueError(refused.reason) from None
    return Draft(asked, made, name, key)


# Writing


def written_of(
    draft: Draft,
    *,
    contributions: bool,
    name: str,
    head: Sequence[str] = (),
    before: Sequence[Query] = (),
    after: Query | None = None,
) -> str:
    """Write a statement.

    Args:
        draft: what it is made of.
        contributions: whether the points of each criterion are asked for.
        name: the name of the accounts' table, for people.
        head: lines that come before all others.
        before: steps that come before those of the profile.
        after: a query of the result, which is then a step, ``found``.

    Raises:
        NotPushable: where it is larger than the dialect's engine takes.
    """
    dialect, several = draft.leaves.reader.dialect, len(draft.asked) > 1
    queries: list[Query] = [*before]
    steps = [
        Steps(asked, draft.leaves, f"_{number}" if several else "", contributions)
        for number, asked in enumerate(draft.asked, 1)
    ]
    followed = [query for step in steps for query in step.queries()]
    queries += [_rows(rows, draft) for rows in draft.leaves.rows.values()]
    queries += [_facts(draft, steps), _matches(draft, steps)]
    queries += followed
    queries += _best(steps) if several else [Query("", "", tuple(steps[0].outcome("s")), ("scores AS s",))]
    if after is not None:
        queries = [*queries[:-1], attrs.evolve(queries[-1], name="found"), after]
    made = statement([*head, *_head(draft, name)], queries, dialect)
    _check_size(draft, queries, made)
    return made


def _head(draft: Draft, name: str) -> Iterable[str]:
    reader = draft.leaves.reader
    dialect = reader.dialect
    label = (
        "tests run such statements on it"
        if dialect.executed
        else "generated, not executed: run icpkit.sql_selftest first"
    )
    for asked in draft.asked:
        yield f"How well each account of {name} fits {asked.profile.name}: scoring_id {asked.profile.scoring_id[:16]}"
    yield f"{reader.now.told}. icpkit {__version__}, semantics {SEMANTICS}, for {dialect.title} ({label})."
    said = [f"Needs {'; '.join(dialect.needs)}."] if dialect.needs else []
    forms = {reader.forms[name] for name in reader.forms} - {"refuse"}
    if forms:
        form = {"folded": "folded as icpkit.fold does", "exact": "in NFC and stripped"}
        said.append(
            f"Texts must stand {', or where so declared '.join(form[one] for one in sorted(forms, reverse=True))}."
        )
    said.append("What is null or of the wrong kind is unknown; the latter is counted.")
    yield " ".join(said)


def _rows(rows: LongRows, draft: Draft) -> Query:
    """Group the rows of a table, or of a list column, by account."""
    dialect = rows.reader.dialect
    if isinstance(rows.place, LongTable):
        key, source = column(rows.place.key, "r"), table_text(table_parts(rows.place.table), "r", dialect.spoken)
    else:
        assert rows.opened is not None  # of list columns
        key, source = column(draft.key, "a"), draft.table + rows.opened.source
    columns = [Selected(key, "key"), *(Selected(node, name) for name, node in rows.columns.items())]
    group = f"GROUP BY {write(key, dialect.spoken)}"
    return Query(rows.name, f"the rows of {rows.attribute}, by account", tuple(columns), (source, group))


def _suffixed(steps: Sequence[Steps]) -> list[tuple[Steps, str]]:
    return [(step, f"invalid{step.suffix}") for step in steps]


def _facts(draft: Draft, steps: Sequence[Steps]) -> Query:
    reader = draft.leaves.reader
    columns = [Selected(column(draft.key, "a"), "key")]
    if reader.now.own is not None:
        columns.append(Selected(reader.now.own, "as_of"))
    columns += [
        Selected(node, name, note, 0 if note == "years since" else None)
        for name, (node, note) in draft.leaves.facts.items()
    ]
    for step, name in _suffixed(steps):
        columns.append(Selected(total(counts_of(step.asked, draft.leaves.invalid)), name))
    lines = [draft.table]
    for rows in draft.leaves.rows.values():
        on = write(column("key", rows.name), reader.dialect.spoken)
        lines.append(f"LEFT JOIN {rows.name} ON {on} = {write(column(draft.key, 'a'), reader.dialect.spoken)}")
    if reader.dialect.guard is not None and _reads_moments(draft):
        lines.append(f"WHERE {write(reader.dialect.guard(), reader.dialect.spoken)}")
    return Query("facts", "what is known of each account", tuple(columns), tuple(lines))


def _reads_moments(draft: Draft) -> bool:
    return any(function.view in {"age", "ahead", "years", "events"} for function, _ in draft.leaves.made)


def _matches(draft: Draft, steps: Sequence[Steps]) -> Query:
    own = ["as_of"] if draft.leaves.reader.now.own is not None else []
    columns = [Selected(column(name, "f"), name) for name in ("key", *own)]
    for step, name in _suffixed(steps):
        more = counts_of(step.asked, draft.leaves.noticed)
        columns.append(Selected(total([column(name, "f"), *more]), name))
    made = draft.leaves.made
    columns += [Selected(leaf.level, leaf.level_name) for _, leaf in made if leaf.level is not None]
    told = told_of(draft)
    for function, leaf in made:
        path, question = told.get(leaf.name, ("", f"of {function.attribute}"))
        columns.append(Selected(leaf.match, leaf.name, f"{path}: {question}" if path else question, len(path)))
        if leaf.seen is not None:
            columns.append(Selected(case((leaf.seen, whole(1)), otherwise=whole(0)), f"{leaf.name}_seen"))
    return Query(
        "matches", "how well each answer fits, 0 to 1; null where it is unknown", tuple(columns), ("facts AS f",)
    )


def told_of(draft: Draft) -> dict[str, tuple[str, str]]:
    """Give the path and the question of each leaf that stands alone, by the name of its column."""
    told: dict[str, tuple[str, str]] = {}
    for asked in draft.asked:
        for one in asked.criteria:
            told.setdefault(one.asked.name, (one.path, one.described))
        for gate, leaf in zip(asked.profile.gates, asked.gates, strict=False):
            told.setdefault(leaf.name, (path_of("gates", gate.name), gate.criterion.question()))
        for adjusting, adjustment in zip(asked.adjustments, asked.profile.adjustments, strict=False):
            told.setdefault(adjusting.asked.name, (adjusting.path, adjustment.when.question()))
    return told


def _best(steps: Sequence[Steps]) -> list[Query]:
    """Put the profiles' scores together, and choose the best of each account."""
    queries, spoken = [], steps[0].leaves.reader.dialect.spoken
    for number, step in enumerate(steps, 1):
        profile = Selected(text(step.asked.profile.name), "profile")
        key, *rest = step.outcome("s")
        columns = (key, profile, *rest, Selected(whole(number), "place"))
        queries.append(Query(f"outcomes_{number}", "", columns, (f"scores_{number} AS s",)))
    union = " UNION ALL ".join(f"SELECT * FROM {query.name}" for query in queries)  # noqa: S608  # names of ours
    scored = compare(column("status", "o"), "=", text("scored"))
    falling = case((scored, minus(column("fit", "o"))), otherwise=whole(1))
    rank = numbered(column("key", "o"), falling, column("place", "o"))
    best = Query(
        "best",
        "the scored one of the highest fit; among equals, and where none is scored, the first",
        (Selected(everything("o"), ""), Selected(rank, "choice")),
        (f"({union}) AS o",),
    )
    first = f"WHERE {write(compare(column('choice', 'b'), '=', whole(1)), spoken)}"
    names = [one.name for one in queries[0].columns if one.name != "place"]
    final = Query("", "", tuple(Selected(column(name, "b"), name) for name in names), ("best AS b", first))
    return [*queries, best, final]


def _check_size(draft: Draft, queries: Sequence[Query], sql: str) -> None:
    dialect = draft.leaves.reader.dialect
    widest, size = max(len(query.columns) for query in queries), len(sql.encode())
    reasons = []
    if widest > dialect.most_columns:
        reasons.append(f"needs a query of {widest:,} columns, and {dialect.title} takes {dialect.most_columns:,}")
    if size > dialect.most_text:
        reasons.append(f"needs {size:,} bytes of SQL, and {dialect.title} takes {dialect.most_text:,}")
    way = "; score it with score_stream, or write fewer profiles at once, without contributions"
    reasons = [reason + way for reason in reasons]
    if dialect.variable is not None and dialect.variable in sql:
        reasons.append(
            f"has {dialect.variable!r} in a name or a text, where {dialect.title} puts a variable in before it reads a "
            "statement; score it with score_stream"
        )
    if reasons:
        name = ", ".join(asked.profile.name for asked in draft.asked)
        raise NotPushable(Unpushable(name, dialect.name, reason) for reason in reasons)
