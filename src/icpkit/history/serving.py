"""Scoring with a version of a history: prepared once, looked up again when it may have changed."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from icpkit.explanation import Explanation
from icpkit.history.errors import StoreError
from icpkit.history.versions import Version
from icpkit.profile import Profile
from icpkit.scoring import Score, Scorer
from icpkit.typing import Account, OnInvalid

_LOG = logging.getLogger("icpkit")
#: How many prepared profiles are kept.
_KEPT = 64


@attrs.frozen(eq=False)
class Prepared:
    """Scorers by scoring_id: versions that score alike are prepared once. Safe to share between threads."""

    _kept: dict[str, Scorer] = attrs.field(factory=dict, init=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False)

    def of(self, version: Version) -> Scorer:
        """Give the scorer of a version; its scores carry the version's id."""
        profile = version.profile
        with self._lock:
            known = self._kept.get(profile.scoring_id)
            if known is None:
                known = Scorer(profile, version_id=version.id)
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[profile.scoring_id] = known
        return known if known.version_id == version.id else known.saying(profile, version_id=version.id)


@attrs.define(eq=False, repr=False)
class LiveScorer:
    """Scores with the version that a reference stands for, and looks again once that is older than ``max_age``.

    Where the store cannot be reached then, it goes on with the version that it has, and says so in the log.
    Safe to share between threads.
    """

    _spec: Any
    _max_age: float
    _find: Callable[[], Version]
    _prepared: Prepared
    _state: tuple[Scorer, Version, float] = attrs.field(init=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        """Look for the first time."""
        self._look()

    def _look(self) -> tuple[Scorer, Version, float]:
        version = self._find()
        self._state = self._prepared.of(version), version, time.monotonic() + self._max_age
        return self._state

    def _current(self) -> tuple[Scorer, Version, float]:
        state = self._state
        if time.monotonic() < state[2] or not self._lock.acquire(blocking=False):  # one looks, the others go on
            return state
        try:
            return self._look()
        except StoreError as error:
            _LOG.warning("%s: scoring goes on with v%s of %r", error.problem, state[1].number, state[1].name)
            self._state = *state[:2], time.monotonic() + self._max_age
            return self._state
        finally:
            self._lock.release()

    @property
    def version(self) -> Version:
        """The version that it scores with now."""
        return self._current()[1]

    @property
    def profile(self) -> Profile:
        """The profile of that version."""
        return self._current()[0].profile

    def score(
        self,
        account: Account,
        *,
        as_of: date | str,
        key: str | None = None,
        on_invalid: OnInvalid = "raise",
        redact: bool = False,
    ) -> Score:
        """Score one account, as `icpkit.Scorer.score` does; the score carries the version's id."""
        return self._current()[0].score(account, as_of=as_of, key=key, on_invalid=on_invalid, redact=redact)

    def explain(self, account: Account, *, as_of: date | str, key: str | None = None) -> Explanation:
        """Explain one account's score, as `icpkit.Scorer.explain` does."""
        return self._current()[0].explain(account, as_of=as_of, key=key)

    def __repr__(self) -> str:
        """Say what it scores with."""
        return f"<LiveScorer of {self._spec!r}: v{self._state[1].number} of {self._state[1].name!r}>"
