"""How far it is: a bar on a terminal, a line in a notebook, a call of the user's, or nothing."""

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

from icpkit.markup import visible
from icpkit.words import ENGLISH, Words

#: Is told how many accounts are done, how many there are (None where the files do not tell), and the current file.
OnProgress: TypeAlias = Callable[[int, int | None, str], None]

#: Seconds between two drawings, and the width of a bar.
_PAUSE, _WIDTH = 0.1, 24


@contextlib.contextmanager
def progress_of(progress: "bool | OnProgress", words: Words = ENGLISH) -> Iterator[OnProgress]:
    """Give what is to be told how far it is.

    Args:
        progress: True for a bar where somebody looks, False for nothing, or what is told.
        words: the words of the bar.
    """
    if callable(progress):
        yield progress
        return
    show = _shower() if progress else None
    if show is None:
        yield lambda _done, _total, _path: None
        return
    begun, last, line = monotonic(), 0.0, ""

    def tell(done: int, total: int | None, path: str) -> None:
        nonlocal last, line
        now = monotonic()
        line = line_of(done, total, now - begun, path, words)
        if now - last >= _PAUSE:
            last = now
            show(line, False)  # noqa: FBT003  # not the last one

    try:
        yield tell
    finally:
        show(line, True)  # noqa: FBT003  # the last one


def line_of(done: int, total: int | None, seconds: float, path: str, words: Words = ENGLISH) -> str:
    """Write how far it is in one line.

    >>> line_of(250, 1000, 2.0, "in/a.parquet")
    '[######                  ]  25 %  250 of 1,000 accounts, 125/s, a.parquet'
    """
    rate = done / seconds if seconds > 0 else 0.0
    name = visible(Path(path).name)
    if total is None:
        return words["progress_open"].format(done=done, rate=rate, name=name)
    share = min(1.0, done / total) if total else 1.0
    bar = f"[{'#' * int(share * _WIDTH):<{_WIDTH}}]"
    return f"{bar} {words['progress'].format(percent=int(100 * share), done=done, total=total, rate=rate, name=name)}"


def _shower() -> Callable[[str, bool], None] | None:
    """Find where somebody looks: a terminal, or the page of a notebook."""
    if sys.stderr is not None and sys.stderr.isatty():
        return _on_terminal
    notebook = sys.modules.get("IPython")
    shell = None if notebook is None else notebook.get_ipython()
    if getattr(shell, "kernel", None) is None:
        return None
    return _on_page(sys.modules["IPython.display"])


def _on_terminal(line: str, last: bool) -> None:  # noqa: FBT001  # two callers
    width = shutil.get_terminal_size().columns - 1
    encoding = sys.stderr.encoding or "utf-8"
    shown = line.encode(encoding, "backslashreplace").decode(encoding)
    sys.stderr.write(f"\r{shown[:width].ljust(width)}" + ("\n" if last else ""))
    sys.stderr.flush()


def _on_page(display: Any) -> Callable[[str, bool], None]:
    handle: Any = None

    def show(line: str, _last: bool) -> None:  # noqa: FBT001  # as above
        nonlocal handle
        if handle is None:
            handle = display.display({"text/plain": line}, raw=True, display_id=True)
        else:
            handle.update({"text/plain": line}, raw=True)

    return show
