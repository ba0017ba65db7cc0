import contextlib
import sys
from typing import Any

import pytest

from icpkit.streaming import progress
from icpkit.streaming.progress import line_of, progress_of


class Terminal:
    """A terminal that keeps what is written to it."""

    def __init__(self, encoding: str | None = "utf-8") -> None:
        self.encoding, self.written = encoding, ""

    def isatty(self) -> bool:
        """Say that somebody looks."""
        return True

    def write(self, text: str) -> None:
        """Keep it."""
        self.written += text

    def flush(self) -> None:
        """Have nothing to do."""


def test_a_line_tells_how_far_it_is() -> None:
    """Share, counts, rate and file; without a total, counts alone."""
    assert line_of(0, 0, 0.0, "a") == "[########################] 100 %  0 of 0 accounts, 0/s, a"
    assert line_of(30, 20, 1.0, "a").startswith("[########################] 100 %")
    assert line_of(1500, None, 2.0, "in/a.csv") == "1,500 accounts, 750/s, a.csv"
    assert "\\x0a" in line_of(1, 2, 1.0, "a\nb")


@pytest.mark.parametrize("encoding", ["ascii", None])
def test_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch, encoding: str | None) -> None:
    """The bar is drawn in its line, cut to the terminal, and ends with the last state and a new line."""
    terminal = Terminal(encoding)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    with progress_of(True) as show:
        show(1, 4, "ä")
        show(4, 4, "ä")
    assert terminal.written.endswith("\n")
    first, second, last = terminal.written.split("\r")[1:]
    assert (first[:12], second[:8], len(last)) == ("[######     ", "[#######", 100)
    assert ("ä" in terminal.written) == (encoding is None)


def test_a_bar_is_not_drawn_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two drawings is a pause; the last state is drawn in any case, after an error too."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PAUSE", 1e12)
    with contextlib.suppress(KeyboardInterrupt), progress_of(True) as show:
        for done in range(50):
            show(done, 100, "a")
        raise KeyboardInterrupt
    assert terminal.written.count("\r") == 1
    assert "49 of 100" in terminal.written


class Page:
    """What IPython offers, as far as it is asked."""

    def __init__(self, kernel: Any) -> None:
        self.kernel, self.shown = kernel, list[Any]()

    def get_ipython(self) -> Any:
        """Give the shell."""
        return self

    def display(self, data: Any, **settings: Any) -> Any:
        """Show something, and give what changes it."""
        self.shown.append((data, settings))
        return self

    def update(self, data: Any, **settings: Any) -> None:
        """Show something in its place."""
        self.shown.append((data, settings))


def test_a_notebook_shows_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is text, and changes in its place."""
    page = Page(object())
    monkeypatch.setitem(sys.modules, "IPython", page)
    monkeypatch.setitem(sys.modules, "IPython.display", page)
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    with progress_of(True) as show:
        show(1, 4, "a")
    assert [(list(data), settings) for data, settings in page.shown] == [
        (["text/plain"], {"raw": True, "display_id": True}),
        (["text/plain"], {"raw": True}),
    ]


@pytest.mark.parametrize("wanted", [True, False])
def test_where_nobody_looks_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wanted: bool
) -> None:
    """In a script, in IPython on a pipe, and without a stderr, progress is silent."""
    monkeypatch.setitem(sys.modules, "IPython", Page(None))
    with progress_of(wanted) as show:
        show(1, 2, "a")
    assert capsys.readouterr().err == ""
    monkeypatch.delitem(sys.modules, "IPython")
    monkeypatch.setattr(sys, "stderr", None)
    with progress_of(wanted) as show:
        show(1, 2, "a")


def test_what_is_told_may_be_a_function() -> None:
    """A function is told as it is."""
    told: list[Any] = []
    with progress_of(lambda *one: told.append(one)) as show:
        show(1, None, "a")
    assert told == [(1, None, "a")]
