"""Writers that are killed, and writers that race: ``python -m tests.history.trial_writers TASK ADDRESS …``.

A process of its own: it imports all that writers need, and forks them off with nothing open, so that many rounds
cost little. An address is the path of a file, or the URL of a database.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from icpkit.history import ConflictError, History
from tests.history.trial_profiles import SIGNED, small

NAME = "Small"
#: After how many rounds writers go on in another space, so that what has to be verified each time stays small.
_ROUNDS = 20
#: How long a write to a pipe may be so that it stays in one piece.
_LINE = 100


def opened(address: str, space: str = "default") -> History:
    """Open a history in a file or a database."""
    if "://" in address:
        return History.connect(address, space=space)
    return History(address, space=space, timeout=60.0)


def told(task: str, address: str, *numbers: int) -> dict[str, Any]:
    """Do a task in a process of its own, and give what it tells."""
    line = [sys.executable, "-m", "tests.history.trial_writers", task, address, *map(str, numbers)]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def forked(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Begin some work in a child, and give its process and the pipe through which it acknowledges lines."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    try:
        os.close(read)
        work(lambda line: _write(write, line))
    finally:
        error = sys.exception()
        if error is not None:
            sys.excepthook(type(error), error, error.__traceback__)
        os._exit(0 if error is None else 1)


def _write(pipe: int, line: str) -> None:
    assert len(line) < _LINE
    os.write(pipe, f"{line}\n".encode())


def lines_of(pipe: int) -> list[str]:
    """Read what was acknowledged, once the writer is gone."""
    with os.fdopen(pipe, encoding="ascii") as file:
        return file.read().split("\n")[:-1]


def writing_on(address: str, space: str, seed: int) -> Callable[[Callable[[str], None]], None]:
    """Commit for ever, upon whatever is there, and acknowledge each version once commit has returned."""

    def work(acknowledge: Callable[[str], None]) -> None:
        draw = random.Random(seed)
        with opened(address, space) as history:
            while True:
                profile = small(draw.randrange(10**6))
                made = history.commit(profile, **SIGNED, expected="any", allow_same=True)
                acknowledge(f"{made.number} {made.id}")

    return work


def kill(address: str, rounds: int, writers: int) -> dict[str, Any]:
    """Let some write at once, kill them all after a random while, and look whether anything is missing; again."""
    draw = random.Random(20261121)
    acknowledged, versions, before, problems, kept = 0, 0, 0, list[str](), None
    for number in range(rounds):
        space = f"space {number // _ROUNDS}"
        if number % _ROUNDS == 0:
            before, kept = versions, None
        children = [forked(writing_on(address, space, seed=number * writers + one)) for one in range(writers)]
        time.sleep(draw.uniform(0.02, 0.25))
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
        for child, _ in children:
            os.waitpid(child, 0)
        lines = [line for _, pipe in children for line in lines_of(pipe)]
        with opened(address, space) as history:
            acknowledged += len(lines)
            for line in lines:
                place, id_ = line.split()
                try:
                    there = history[NAME, int(place)].id
                except LookupError:
                    there = "nothing"
                if there != id_:
                    problems.append(f"round {number}: v{place} was acknowledged as {id_}, and there is {there}")
            found = history.verify(checkpoint=kept)
            problems += [] if found else [f"round {number}: {found}"]
            kept = history.checkpoint()
            versions = before + found.versions
    return {"acknowledged": acknowledged, "versions": versions, "problems": problems}


def race(address: str, writers: int, commits: int) -> dict[str, Any]:
    """Let some write to one name at once, each upon the head that it has seen, and again after each conflict."""
    opened(address).close()
    start = time.monotonic() + 0.2

    def work(acknowledge: Callable[[str], None]) -> None:
        seed, conflicts = os.getpid(), 0
        with opened(address) as history:
            time.sleep(max(0.0, start - time.monotonic()))
            head = history.head(NAME) if NAME in history else None
            for number in range(commits):
                while True:
                    try:
                        head = history.commit(small(seed * commits + number), **SIGNED, expected=head)
                        break
                    except ConflictError as error:
                        head, conflicts = error.theirs, conflicts + 1
                acknowledge(f"{head.number} {head.id}")
        acknowledge(f"conflicts {conflicts}")

    children = [forked(work) for _ in range(writers)]
    failed = [child for child, _ in children if os.waitpid(child, 0)[1]]
    lines = [line.split() for _, pipe in children for line in lines_of(pipe)]
    with opened(address) as history:
        log = {str(one.number): one.id for one in history.log(NAME)}
        return {
            "failed": len(failed),
            "conflicts": sum(int(value) for what, value in lines if what == "conflicts"),
            "acknowledged": [value for what, value in lines if what != "conflicts"],
            "log": log,
            "verified": bool(history.verify()),
        }


def retry(address: str, rounds: int) -> dict[str, Any]:
    """Kill a writer at about the moment of its commit; then commit again with the same idempotency key."""
    draw = random.Random(20261121)
    again, problems = 0, list[str]()
    longest = 0.04
    with opened(address) as history:
        history.commit(small(0), **SIGNED)
    for number in range(1, rounds + 1):

        def commit(history: History, number: int = number) -> Any:
            return history.commit(small(number), **SIGNED, expected="any", idempotency_key=f"request {number}")

        def work(acknowledge: Callable[[str], None], commit: Callable[[History], Any] = commit) -> None:
            with opened(address) as history:
                acknowledge("open")
                acknowledge(commit(history).id)

        child, pipe = forked(work)
        os.read(pipe, len("open\n"))
        time.sleep(draw.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = lines_of(pipe)
        with opened(address) as history:
            before = history.head(NAME)
            made = commit(history)
            again += made == before
            # Later after a commit that was not there, sooner after one that was: about the moment, on any machine.
            longest *= 0.8 if made == before else 1.25
            if lines and made.id != lines[0]:
                problems.append(f"round {number}: {lines[0]} was acknowledged, and {made.id} is there")
            if made.number != number + 1:
                problems.append(f"round {number}: v{made.number}")
    with opened(address) as history:
        return {"again": again, "problems": problems, "verified": bool(history.verify())}


def gather(address: str, writers: int, rounds: int) -> dict[str, Any]:
    """Let some open a history that is not there yet, all at once; again with another."""
    failed = 0
    for number in range(rounds):
        start = time.monotonic() + 0.02

        def work(acknowledge: Callable[[str], None], number: int = number, start: float = start) -> None:
            time.sleep(max(0.0, start - time.monotonic()))
            with opened(f"{address}{number}") as history:
                history.commit(small(os.getpid()), **SIGNED, expected="any")

        children = [forked(work) for _ in range(writers)]
        failed += sum(os.waitpid(child, 0)[1] != 0 for child, _ in children)
        for _, pipe in children:
            os.close(pipe)
    return {"failed": failed}


if __name__ == "__main__":
    History.memory(anonymous=True).commit(small(0))  # all that is imported on first use is there when a child begins
    task, address, *numbers = sys.argv[1:]
    tasks: dict[str, Callable[..., dict[str, Any]]] = {"kill": kill, "race": race, "retry": retry, "gather": gather}
    sys.stdout.write(json.dumps(tasks[task](address, *map(int, numbers))))
