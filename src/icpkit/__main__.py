"""The command line: ``python -m icpkit``.

Exit codes: 0 fine; 1 the answer is no (a file with mistakes, an example that fails, profiles that differ); 2 wrong use;
130 and 141 where the user, or who reads the output, has left.
"""

import argparse
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TextIO

import icpkit as icp
from icpkit import views
from icpkit.errors import AbsentKindError, AccountsFileError, AsOfError, NoSuchFieldError, ProfileTextError, near
from icpkit.markup import Markup, page, visible
from icpkit.words import ENGLISH, Words, listed, percent_text

if TYPE_CHECKING:
    from icpkit.importing import Accounts

#: What each command writes, by the end of a file's name; the first is the default.
_SCORES: Final = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_EXPLANATIONS: Final = {".txt": "text", ".html": "html", ".svg": "svg", ".md": "markdown", ".json": "json"}
_REPORTS: Final = {".txt": "text", ".html": "html", ".json": "json"}
_TABLES: Final = {".md": "markdown", ".html": "html"}
#: How many reasons a row gives, and how many criteria a summary names.
_REASONS, _MOST_UNKNOWN = 3, 3
#: How many characters are written at a time.
_PIECE = 2**16
_NO, _WRONG_USE, _INTERRUPTED, _NO_READER = 1, 2, 130, 141


class _WrongUse(Exception):  # noqa: N818  # no error for programs: `main` shows its text
    """What was asked for cannot be done."""


_NAME_IT: Final = "\n\nHint: name a class of criteria of your own by --kind module:Class"
_WRONG_USES = (OSError, _WrongUse, AbsentKindError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and give the exit code.

    Args:
        arguments: what follows ``python -m icpkit``; None for the arguments of this process.

    >>> main(["validate", "no/such/profile.toml"])
    2
    """
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (KeyboardInterrupt, OSError, _WrongUse, icp.IcpkitError) as error:
        with contextlib.suppress(OSError):
            return _failed(error)
        return _NO_READER  # of errors either
    return code


def _failed(error: BaseException) -> int:
    """Tell an error in one message, and give its exit code."""
    if isinstance(error, KeyboardInterrupt):
        return _INTERRUPTED
    if isinstance(error, OSError):
        _abandon(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return _NO_READER
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    elif isinstance(error, AbsentKindError):
        text = f"{text.splitlines()[0]}{_NAME_IT}"
    elif isinstance(error, ProfileTextError) and any("your own" in problem.hint for problem in error.problems):
        text += _NAME_IT
    _say(f"error: {text}", sys.stderr)
    return _WRONG_USE if isinstance(error, _WRONG_USES) else _NO


# Writing


def _abandon(stream: TextIO | None) -> None:
    """Let what is still to be written go nowhere, so that Python does not complain about it when it ends."""
    if stream is None:  # a process without a console
        return
    with contextlib.suppress(OSError, ValueError):  # what is no file of the system has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(text: str, stream: TextIO | None) -> None:
    """Write text for people: harmless on a terminal, whatever names and values stand in it."""
    _write(f"{_shown(text)}\n", stream)


def _shown(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def _write(text: str, stream: TextIO | None) -> bool:
    """Write text, by its number what the stream's encoding lacks; tell whether it lacked nothing."""
    if stream is None:  # a process without a console
        return True
    encoding = stream.encoding or "utf-8"
    written = text.encode(encoding, "backslashreplace").decode(encoding)
    for start in range(0, len(written), _PIECE):  # unbuffered, Python would not see a reader leave within one piece
        stream.write(written[start : start + _PIECE])
    return written == text


def _put(text: str, out: Path | None, *, encoding: str = "utf-8") -> None:
    """Write a result to a file as a whole, or else to stdout."""
    text = text if text.endswith("\n") else f"{text}\n"
    if out is None:
        if sys.stdout is not None and sys.stdout.isatty():  # for eyes, not for programs
            text = _shown(text)
        if not _write(text, sys.stdout):
            _warn(["what reads this output cannot hold all characters; --out writes a file in UTF-8"])
        return
    from icpkit.writing import write_whole  # noqa: PLC0415  # each command loads what it needs, and no more

    write_whole(out, text.encode(encoding))


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        _say(f"warning: {warning}", sys.stderr)


def _json(data: object, out: Path | None, indent: int | None = None) -> str:
    """Write JSON, in ASCII alone where stdout may hold no more."""
    import json  # noqa: PLC0415  # as above

    ascii_only = out is None and not (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    return json.dumps(data, ensure_ascii=ascii_only, indent=indent, allow_nan=False)


# score


def _score(options: argparse.Namespace) -> int:
    from icpkit.importing import BadCell  # noqa: PLC0415  # as above

    form, as_of = _form(options, _SCORES), _moment(options.as_of)
    _keep(options.out, options.profile, options.accounts, options.fields)
    profile = _profile(options)
    accounts = _accounts(options, profile, options.key, redact=options.redact)
    scorer = icp.Scorer(profile)
    bad = {(cell.line, cell.attribute): cell for cell in accounts.bad}
    told: list[_Told] = []
    for line, account in zip(accounts.lines, accounts, strict=True):
        one = scorer.score(account, as_of=as_of, key=accounts.key, on_invalid="unknown")
        for found in one.invalid:
            cell = BadCell(found.key, found.attribute, found.value, found.reason, line)
            bad.setdefault((line, found.attribute), cell)
        if not bad or options.on_invalid == "unknown":  # else nothing will be written
            told.append(_told(one))
    if bad:
        lines = any(not cell.attribute for cell in bad.values())
        hint = "mend the cells, blank where unknown, or pass --on-invalid unknown to take them as unknown"
        hint += ", and to leave lines out that cannot be read" if lines else ""
        error = AccountsFileError(
            accounts.source, sorted(bad.values(), key=attrgetter("line")), redact=options.redact, hint=hint
        )
        if options.on_invalid == "raise":
            raise error
        _warn([str(error).partition("\n\nHint: ")[0]])
    encoding = "utf-8-sig" if form == "csv" else "utf-8"  # by the mark, spreadsheets know that it is UTF-8
    _put(_csv(told) if form == "csv" else _jsonl(told, options.out), options.out, encoding=encoding)
    _say(_summary(profile, told, as_of.isoformat(), len(bad)), sys.stderr)
    if told and all(one.row["status"] == "insufficient data" for one in told):
        _warn([ENGLISH["cli_no_fit"]])  # in a nightly job nobody reads: the exit code says it
        return _NO
    return 0


class _Told(NamedTuple):
    """What is told of one account: its row, and what the summary counts."""

    row: dict[str, Any]
    certain: bool
    unknown: tuple[str, ...]
    ignored: int
    naive: int


def _told(one: "icp.Score") -> _Told:
    row = one.to_dict() | {"possible_tiers": list(one.possible_tiers)}
    row |= {f"reason_{rank}": None for rank in range(1, _REASONS + 1)}
    row |= {f"reason_{rank}": reason.text for rank, reason in enumerate(one.reasons(_REASONS), 1)}
    explanation = one.explanation
    unknown = tuple(result.path for result in explanation.criteria if result.share and not result.settled)
    return _Told(row, one.certain, unknown, explanation.ignored, explanation.naive)


def _jsonl(told: Iterable[_Told], out: Path | None) -> str:
    return "".join(f"{_json(one.row, out)}\n" for one in told)


def _csv(told: Iterable[_Told]) -> str:
    import csv  # noqa: PLC0415  # as above
    import io  # noqa: PLC0415  # as above

    from icpkit.writing import harmless  # noqa: PLC0415  # as above

    columns = (*icp.SCHEMA, "possible_tiers", *(f"reason_{rank}" for rank in range(1, _REASONS + 1)))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for one in told:
        row = one.row | {"possible_tiers": " / ".join(one.row["possible_tiers"])}
        writer.writerow([harmless(row[column]) for column in columns])
    return file.getvalue()


def _summary(profile: "icp.Profile", told: Sequence[_Told], as_of: str, invalid: int, words: Words = ENGLISH) -> str:
    lines = [words["cli_scored"].format(profile=profile.name, count=len(told), as_of=as_of)]
    tiers = Counter(one.row["tier"] for one in told)
    certain = Counter(one.row["tier"] for one in told if one.certain)
    for tier in (tier.name for tier in profile.tiers.tiers):
        lines += [words["cli_tier"].format(count=tiers[tier], tier=tier, certain=certain[tier])]
    statuses = Counter(one.row["status"] for one in told)
    for status in ("disqualified", "insufficient data"):
        lines += [words[f"cli_{status}"].format(count=statuses[status])]
    unknown = Counter(path for one in told for path in one.unknown)
    if unknown:
        most = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))[:_MOST_UNKNOWN]
        shares = [words["cli_share"].format(name=path, share=percent_text(count / len(told))) for path, count in most]
        lines += [words["cli_unknown"].format(what=", ".join(shares))]
    counts = {"ignored": sum(one.ignored for one in told), "naive": sum(one.naive for one in told), "invalid": invalid}
    lines += [words[f"cli_{name}"].format(count=count, as_of=as_of) for name, count in counts.items() if count]
    return "\n".join(lines)


# explain


def _explain(options: argparse.Namespace) -> int:
    form, as_of = _form(options, _EXPLANATIONS), _moment(options.as_of)
    _keep(options.out, options.profile, options.accounts, options.fields)
    profile = _profile(options)
    accounts = _accounts(options, profile, options.key_column)
    line, account = _found(accounts, options.key)
    _warn(f"{cell.describe()} (taken as unknown)" for cell in accounts.bad if cell.line == line)
    one = icp.Scorer(profile).score(account, as_of=as_of, key=accounts.key, on_invalid="unknown")
    _put(_explained(one, form, options.out), options.out)
    return 0


def _found(accounts: "Accounts", key: str) -> tuple[int, dict[str, Any]]:
    """Find the one account of a key."""
    rows = [row for row, known in enumerate(accounts.keys) if known == key.strip()]
    where = f"{accounts.source}, column {accounts.key!r}"
    if not rows:
        hint = near(key, accounts.keys) or "--key-column names the column that holds the keys"
        raise _WrongUse(f"{where}: no account has the key {key!r}\n\nHint: {hint}")
    if len(rows) > 1:
        lines = listed((str(accounts.lines[row]) for row in rows), ENGLISH)
        hint = "name a --key-column whose keys are unique"
        raise _WrongUse(f"{where}: the key {key!r} stands on the lines {lines}\n\nHint: {hint}")
    return accounts.lines[rows[0]], accounts[rows[0]]


def _explained(one: "icp.Score", form: str, out: Path | None) -> str:
    if form == "text":
        return str(one)
    if form == "json":
        return _json(one.to_dict(explanation=True), out, indent=2)
    if form == "html":
        return one.to_html(full=True)
    return one.to_svg() if form == "svg" else one.to_markdown()


# init, check


def _init(options: argparse.Namespace) -> int:
    from icpkit.importing.files import read_table  # noqa: PLC0415  # as above
    from icpkit.importing.guessing import guess_fields  # noqa: PLC0415  # as above
    from icpkit.importing.starting import fields_text, profile_text  # noqa: PLC0415  # as above
    from icpkit.writing import write_whole  # noqa: PLC0415  # as above

    for path in (options.fields, options.profile):
        if path.exists():
            raise _WrongUse(f"{path} is there already; name another file by --fields or --profile, or move it away")
        if not path.parent.is_dir():
            raise _WrongUse(f"{path}: there is no folder {str(path.parent)!r} to write it into")
    if options.fields.resolve() == options.profile.resolve():
        raise _WrongUse(f"--fields and --profile must name two files (got {options.fields} for both)")
    table, bad = read_table(options.accounts, find_header=True)
    _warn([*table.notes, *(cell.describe() for cell in bad[:_MOST_UNKNOWN])])
    if not len(table):
        raise _WrongUse(f"{options.accounts} holds no account to guess from")
    guessed = guess_fields(table)
    accounts = guessed.fields.apply(table, on_invalid="unknown")
    texts = {
        options.fields: fields_text(guessed, Path(options.accounts).name),
        options.profile: profile_text(accounts, Path(options.accounts).stem),
    }
    for path, text in texts.items():
        write_whole(path, text.encode())
    doubts = len(guessed.doubts) + sum(len(guess.doubts) for guess in guessed.guesses)
    told = ENGLISH["cli_init"].format(
        fields=options.fields, profile=options.profile, accounts=options.accounts, count=len(guessed.guesses)
    )
    _say(told, sys.stdout)
    if doubts:
        _warn([ENGLISH["cli_init_doubts"].format(count=doubts, fields=options.fields)])
    return 0


def _check(options: argparse.Namespace) -> int:
    from icpkit.importing.checking import check  # noqa: PLC0415  # as above

    form, as_of = _form(options, _REPORTS), _moment(options.as_of)
    _keep(options.out, options.profile, options.accounts, options.fields)
    profile = _profile(options)
    accounts = _accounts(options, profile, options.key, missing="unknown", quiet=True)
    report = check(profile, accounts, as_of=as_of)
    if form == "text":
        _put(report.to_text(), options.out)
    else:
        _put(report.to_html() if form == "html" else _json(report.to_dict(), options.out, indent=2), options.out)
    return _NO if report.mistakes else 0


# validate, schema, diff, table


def _validate(options: argparse.Namespace) -> int:
    profile = _profile(options)
    failures = profile.check_examples() if profile.examples else ()  # without any, nothing has to be scored
    _say(_contents(profile, len(failures)), sys.stdout)
    _warn(_strays(profile))
    if failures:
        _say("\n".join(f"error: example: {failure}" for failure in failures), sys.stderr)
    return _NO if failures else 0


def _strays(profile: "icp.Profile", words: Words = ENGLISH) -> Iterable[str]:
    """Tell what stands in notes and examples and was probably meant for somewhere else."""
    settings = {"min_coverage", "missing", "about", "priority", "rank", "stage"}
    yield from (words["cli_stray"].format(where="meta", name=name) for name, _ in profile.meta if name in settings)
    functions = [criterion.value_function() for dimension in profile.dimensions for criterion in dimension.criteria]
    functions += [gate.criterion.value_function() for gate in profile.gates]
    functions += [one.when.value_function() for one in profile.adjustments]
    read = {part for function in functions for name in function.attributes for part in (name, name.partition(".")[0])}
    for number, example in enumerate(profile.examples, 1):
        where = example.name or words["cli_an_example"].format(number=number)
        for name, _ in example.account:
            if name in settings:
                yield words["cli_stray"].format(where=where, name=name)
            elif name not in read:
                hint = near(name, read)
                yield words["cli_not_read"].format(where=where, name=name, hint=f" ({hint})" if hint else "")


def _contents(profile: "icp.Profile", failed: int, words: Words = ENGLISH) -> str:
    """Say what is in a profile."""
    lines, last = [], ""
    for category, detail in profile.to_table("rows", words):
        lines += [f"  {detail}"] if category == last else [category, f"  {detail}"]
        last = category
    inert = [path for path, share in profile.effective_weights.items() if not share]
    lines += [words["cli_inert"].format(what=", ".join(inert))] if inert else []
    key = "cli_examples_failed" if failed else "cli_examples" if profile.examples else "cli_no_examples"
    lines += [words[key].format(count=len(profile.examples), failed=failed)]
    lines += [words["cli_content_id"].format(id=profile.content_id)]
    lines += [words["cli_scoring_id"].format(id=profile.scoring_id)]
    return "\n".join(lines)


def _schema(options: argparse.Namespace) -> int:
    from icpkit.schemas import json_schema  # noqa: PLC0415  # as above

    _put(_json(json_schema(options.what, kinds=_kinds(options)), options.out, indent=2), options.out)
    return 0


def _diff(options: argparse.Namespace) -> int:
    from icpkit.differences import diff  # noqa: PLC0415  # as above

    kinds = _kinds(options)
    found = diff(icp.load(options.before, kinds=kinds), icp.load(options.after, kinds=kinds))
    _say(str(found) if found else ENGLISH["cli_same"], sys.stdout)
    return _NO if found else 0


def _table(options: argparse.Namespace) -> int:
    form = _form(options, _TABLES)
    _keep(options.out, options.profile)
    profile = _profile(options)
    text = profile.to_table("markdown") if form == "markdown" else page(profile.name, Markup(profile.to_table("html")))
    _put(text, options.out)
    return 0


# What the commands share


def _form(options: argparse.Namespace, forms: Mapping[str, str]) -> str:
    """Choose what is written: what ``--format`` says, or else the end of the file's name."""
    if options.format is not None:
        return str(options.format)
    if options.out is None:
        return next(iter(forms.values()))
    form = forms.get(options.out.suffix.lower())
    if form is None:
        raise _WrongUse(f"--out must end in {', '.join(forms)}, or --format say what to write (got {options.out})")
    return form


def _keep(out: Path | None, *read: str | None) -> None:
    """Refuse to write over what is read; None stands for what is not."""
    for path in filter(None, read):
        with contextlib.suppress(FileNotFoundError):
            if out is not None and out.samefile(path):
                raise _WrongUse(f"--out {out} would overwrite what is read; name another file")


def _moment(as_of: str | None) -> date:
    """Read ``--as-of``; by default now, to the second, so that it can be given again."""
    if as_of is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return views.as_of(as_of)
    except AsOfError:
        problem = "must be a date such as 2026-11-21, or a moment with its time zone such as 2026-11-21T09:00+01:00"
        raise _WrongUse(f"--as-of {problem} (got {as_of!r})") from None


def _profile(options: argparse.Namespace) -> "icp.Profile":
    return icp.load(options.profile, kinds=_kinds(options))


def _accounts(
    options: argparse.Namespace,
    profile: "icp.Profile",
    key: str | None,
    *,
    redact: bool = False,
    missing: Literal["raise", "unknown"] = "raise",
    quiet: bool = False,
) -> "Accounts":
    """Read the accounts; what cannot be read is left to the scorer, and told by who asked."""
    from icpkit.importing import load_fields, read_accounts  # noqa: PLC0415  # as above
    from icpkit.importing.exports import absent_warnings  # noqa: PLC0415  # as above

    fields = None if options.fields is None else load_fields(options.fields)
    attributes = [] if fields is None else [field.attribute for field in fields.fields]
    if fields is not None and key is not None and key not in attributes:
        hint = near(key, attributes) or f"it has {listed(attributes, ENGLISH)}"
        raise _WrongUse(f"{options.fields} has no attribute {key!r} for the keys\n\nHint: {hint}")
    try:
        accounts = read_accounts(
            options.accounts,
            fields or profile,
            key=key,
            split=options.split,
            on_invalid="unknown",
            missing=missing,
            redact=redact,
        )
    except NoSuchFieldError as error:
        hint = near(error.field, error.known) or f"it has {listed(error.known, ENGLISH)}"
        raise _WrongUse(f"{options.accounts} has no column {error.field!r} for the keys\n\nHint: {hint}") from None
    if not quiet:
        _warn([*accounts.warnings, *(absent_warnings(accounts, profile) if options.fields is not None else ())])
    return accounts


def _kinds(options: argparse.Namespace) -> list[type["icp.Criterion"]]:
    return [_kind(given) for given in options.kind]


def _kind(given: str) -> type["icp.Criterion"]:
    """Import the class of criteria that the user names."""
    module, _, name = given.partition(":")
    if not module or not name:
        raise _WrongUse(f"--kind must be module:Class, such as my_criteria:Near (got {given!r})")
    try:
        found = getattr(import_module(module), name)
    except Exception as error:  # noqa: BLE001  # the user's own module may raise anything
        hint = "Python looks for the module in the current directory and on PYTHONPATH"
        raise _WrongUse(f"--kind {given}: {type(error).__name__}: {error}\n\nHint: {hint}") from None
    if not (isinstance(found, type) and issubclass(found, icp.Criterion)):
        raise _WrongUse(f"--kind {given}: must be a class of criteria, which is a subclass of icpkit.Criterion")
    return found


# What can be asked for


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m icpkit",
        description="Score companies against an ideal customer profile, and say why.",
        epilog="Exit codes: 0 fine; 1 the answer is no (mistakes, failed examples, differences); 2 wrong use.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"icpkit {icp.__version__}, semantics {icp.SEMANTICS}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    score = _command(commands, "score", _score, "score all accounts of a file")
    _takes_accounts(score)
    score.add_argument(
        "--key", "--key-column", metavar="COLUMN", help="the column that holds the keys (default: the first)"
    )
    _takes_invalid(score)
    _writes(score, _SCORES)

    explain = _command(commands, "explain", _explain, "say why one account is scored as it is")
    _takes_accounts(explain)
    explain.add_argument("--key", required=True, help="the account's key")
    explain.add_argument("--key-column", metavar="COLUMN", help="the column that holds the keys (default: the first)")
    _writes(explain, _EXPLANATIONS)

    init = _command(commands, "init", _init, "write a field map and a profile to start from, for a file of accounts")
    init.add_argument("accounts", metavar="ACCOUNTS", type=_accounts_file, help="accounts: .csv, .tsv or .jsonl")
    for name in ("fields", "profile"):
        text = f"the file to write (default: {name}.toml); it must not be there"
        init.add_argument(f"--{name}", metavar="FILE", type=Path, default=Path(f"{name}.toml"), help=text)

    check = _command(commands, "check", _check, "say what does not add up between a profile and a file of accounts")
    _takes_accounts(check)
    check.add_argument("--key", "--key-column", metavar="COLUMN", help="the attribute that holds the keys")
    _writes(check, _REPORTS)

    _takes_profile(_command(commands, "validate", _validate, "check a profile and its examples"))

    schema = _command(commands, "schema", _schema, "write a JSON Schema")
    schema.add_argument("what", nargs="?", choices=("profile", "score", "explanation"), default="profile")
    _takes_kinds(schema)
    _writes(schema)

    diff = _command(commands, "diff", _diff, "say what differs between two profiles")
    diff.add_argument("before", metavar="A", help="a profile: .toml or .json")
    diff.add_argument("after", metavar="B", help="another")
    _takes_kinds(diff)

    table = _command(commands, "table", _table, "write a profile as a table of one page")
    _takes_profile(table)
    _writes(table, _TABLES)
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    command.set_defaults(run=run)
    return command


def _takes_profile(command: argparse.ArgumentParser) -> None:
    command.add_argument("profile", metavar="PROFILE", help="a profile: .toml or .json")
    _takes_kinds(command)


def _takes_kinds(command: argparse.ArgumentParser) -> None:
    text = "a class of criteria of your own; can be given again"
    command.add_argument("--kind", metavar="MODULE:CLASS", action="append", default=[], help=text)


def _takes_accounts(command: argparse.ArgumentParser) -> None:
    _takes_profile(command)
    command.add_argument("accounts", metavar="ACCOUNTS", type=_accounts_file, help="accounts: .csv, .tsv or .jsonl")
    text = "a field map, which says how columns are read: .toml or .json (default: strictly, as the profile asks)"
    command.add_argument("--fields", metavar="FIELDS", help=text)
    command.add_argument("--as-of", metavar="TIME", help="a date, or a moment with its time zone (default: now)")
    text = "what separates labels, or dates, in one cell (default: ;)"
    command.add_argument("--split", metavar="TEXT", default=";", type=_separator, help=text)


def _takes_invalid(command: argparse.ArgumentParser) -> None:
    text = "about cells that cannot be read: write nothing (default), or take them as unknown"
    command.add_argument("--on-invalid", choices=("raise", "unknown"), default="raise", help=text)
    command.add_argument("--redact", action="store_true", help="keep keys and values out of messages")


def _writes(command: argparse.ArgumentParser, forms: Mapping[str, str] | None = None) -> None:
    command.add_argument("--out", metavar="FILE", type=Path, help="a file to write as a whole (default: stdout)")
    if forms is not None:
        known = tuple(dict.fromkeys(forms.values()))
        text = f"by default what the end of --out says, else {known[0]}"
        command.add_argument("--format", choices=known, help=text)


def _accounts_file(given: str) -> str:
    from icpkit.importing.files import check_ending  # noqa: PLC0415  # as above

    try:
        check_ending(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("a file of accounts ")) from None
    return given


def _separator(given: str) -> str:
    if not given.strip():
        raise argparse.ArgumentTypeError("must not be blank")
    return given


if __name__ == "__main__":
    sys.exit(main())
