import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.criteria import AnyOf, Criterion, Flag, OneOf, Range
from icpkit.errors import AccountChangedError, AsOfError, InvalidAccountError
from icpkit.profile import Adjustment, Dimension, Gate, Profile
from icpkit.scoring import SCHEMA, Score, Scorer, score
from icpkit.standard import standard_profile
from icpkit.typing import Offender
from icpkit.words import ENGLISH

DAY = date(2026, 11, 21)


def part(attribute: str, **options: Any) -> Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return Range(attribute, 1, None, soft_low=0, **options)


def profile(*criteria: Criterion, **options: Any) -> Profile:
    """Give a profile of one dimension, D."""
    return Profile("P", [Dimension("D", criteria)], **options)


def scored(which: Profile, account: Any, **options: Any) -> Score:
    """Score an account on DAY."""
    return score(which, account, **{"as_of": DAY, **options})


ODD = {"id": "acme", "size": "big", "b2b": "yes", "stage": True, "a": 1}
CHECKED = profile(
    *(part("a", weight=2), Range("size", 1, 9), Range("size", 5, 9, name="size again")),
    AnyOf(Flag("b2b"), Flag("x"), name="either"),
    gates=[Gate(OneOf("stage", ["Seed"]))],
    adjustments=[Adjustment(5, Flag("b2b"))],
    min_coverage=0,
)
OFFENDERS = (
    Offender("acme", "size", "big", "text where a number belongs"),
    Offender("acme", "b2b", "yes", "text where True or False belongs"),
    Offender("acme", "stage", True, "a bool where text belongs"),
)


def test_all_values_of_the_wrong_kind_are_told_at_once() -> None:
    """One error lists every value of the wrong kind once, of criteria, adjustments and gates."""
    with pytest.raises(InvalidAccountError) as caught:
        scored(CHECKED, ODD, key="id")
    assert (caught.value.offenders, str(caught.value).splitlines()[:4]) == (
        OFFENDERS,
        ["3 invalid values:", *(f"  {offender.describe()}" for offender in OFFENDERS)],
    )


def test_values_are_kept_out_of_messages() -> None:
    """With `redact` the message says attributes and reasons alone."""
    with pytest.raises(InvalidAccountError) as caught:
        scored(CHECKED, ODD, key="id", redact=True)
    assert [word in str(caught.value) for word in ("acme", "big", "yes", "size", "b2b")] == [False] * 3 + [True] * 2


def test_values_of_the_wrong_kind_may_be_unknown() -> None:
    """With `on_invalid="unknown"` they are unknown, and the score lists them."""
    one = scored(CHECKED, ODD, key="id", on_invalid="unknown")
    # a weighs 2 of 5 and is 1; the bonus of 5 for b2b is open.
    assert (one.fit, one.coverage, one.low, one.high, one.invalid) == (100, 0.4, 40, 100, OFFENDERS)


def test_valid_accounts_have_no_invalid_values() -> None:
    """What is unknown is not invalid."""
    assert scored(CHECKED, {"a": 1, "size": None}, on_invalid="unknown").invalid == ()


def test_on_invalid_has_two_answers() -> None:
    """A misspelt `on_invalid` is an error, whether the account is valid or not."""
    with pytest.raises(ValueError, match=r"on_invalid must be \"raise\" or \"unknown\" \(got 'skip'\)"):
        scored(CHECKED, {"a": 1}, on_invalid="skip")


@pytest.mark.parametrize(
    ("as_of", "kept"),
    [
        (DAY, DAY),
        ("2026-11-21", DAY),
        (datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=-4))), datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("2026-11-21T13:00Z", datetime(2026, 11, 21, 13, tzinfo=UTC)),
    ],
)
def test_the_moment_is_kept(as_of: Any, kept: date) -> None:
    """A score keeps its moment: a date as a date, and a moment in UTC."""
    one = scored(profile(Flag("b2b")), {"b2b": True}, as_of=as_of)
    assert (type(one.as_of), one.as_of) == (type(kept), kept)


def test_the_moment_defaults_to_now() -> None:
    """The convenience call scores as of now, and says when that was."""
    before = datetime.now(UTC)
    as_of = score(profile(Flag("b2b")), {"b2b": True}).as_of
    assert isinstance(as_of, datetime)
    assert before <= as_of <= datetime.now(UTC)


@pytest.mark.parametrize("as_of", [datetime(2026, 11, 21, 9), "soon", 5], ids=str)
def test_a_wrong_moment(as_of: Any) -> None:
    """A naive or senseless moment is an error, before anything is scored."""
    with pytest.raises(AsOfError):
        scored(profile(Flag("b2b")), {"b2b": "not even read"}, as_of=as_of)


# What a score holds.


def test_a_score_as_plain_data() -> None:
    """`to_dict` gives the one result schema."""
    one = scored(profile(part("a"), part("b")), {"id": "acme", "a": 0.75}, key="id")
    assert (list(one.to_dict()), one.to_dict()) == (
        list(SCHEMA),
        {
            "key": "acme",
            "fit": 75,
            "tier": "Strong",
            "status": "scored",
            "coverage": 0.5,
            "low": 37.5,
            "high": 87.5,
        },
    )


def test_more_columns_of_a_score() -> None:
    """Reasons, points and the stamp are added on request."""
    one = scored(profile(part("a"), part("b"), adjustments=[Adjustment(5, Flag("c"))]), {"a": 0.75, "b": 0, "c": 1})
    data = one.to_dict(reasons=2, points=True, stamp=True)
    assert {name: data[name] for name in data if name not in {*SCHEMA, "version"}} == {
        "reason_1": "50.0 of 50.0 points lost on b: 0 (asked for at least 1 (0 at 0))",
        "reason_2": "37.5 of 50.0 points for a: 0.75",
        "points": {"d/a": 37.5, "d/b": 0, "adjustments/c": 5, "clip": 0, "limit": 0},
        "profile": "P",
        "scoring_id": one.profile.scoring_id,
        "as_of": "2026-11-21",
        "semantics": 1,
    }


def test_the_explanation_in_plain_data() -> None:
    """The whole tree is added on request."""
    one = scored(profile(part("a")), {"a": 0.75})
    assert one.to_dict(explanation=True)["explanation"] == one.explanation.to_dict()


def test_a_score_shows_its_verdict() -> None:
    """The repr is one line, and the text the whole table."""
    one = scored(profile(part("a")), {"a": 0.75})
    assert (repr(one), str(one)) == (
        (
            "Score(key=None, fit=75.0, tier='Strong', status='scored', coverage=1.0, low=75.0, high=75.0, "
            "as_of=datetime.date(2026, 11, 21))"
        ),
        one.explanation.to_text(),
    )


def test_scores_compare_by_what_they_say() -> None:
    """Two scores are equal when their numbers are, whoever made them."""
    which, account = profile(part("a")), {"a": 0.75}
    first, second, other = (
        scored(which, account),
        Scorer(which).score(dict(account), as_of=DAY),
        scored(which, {"a": 1}),
    )
    assert [first == second, hash(first) == hash(second), first == other] == [True, True, False]


def test_a_score_is_frozen() -> None:
    """A score cannot be changed."""
    one: Any = scored(profile(part("a")), {"a": 0.75})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.fit = 100


def test_a_score_knows_its_profile_and_reasons() -> None:
    """A score leads to its profile and to the reasons of its explanation, which is made once."""
    which = profile(part("a"))
    one = scored(which, {"a": 0.75})
    assert (one.profile, one.reasons(1), one.explanation is one.explanation) == (
        which,
        one.explanation.reasons(1),
        True,
    )


@pytest.mark.parametrize("key", [None, "id"])
def test_an_account_that_changed_is_not_explained(key: str | None) -> None:
    """A score is not explained by an account that has another by now."""
    account = {"id": "acme", "a": 0.75}
    one = scored(profile(part("a")), account, key=key)
    account["a"] = 1
    with pytest.raises(AccountChangedError) as caught:
        _ = one.explanation
    assert caught.value.key == (key and "acme")


def test_an_explanation_is_kept() -> None:
    """An explanation that was read before the account changed still stands."""
    account = {"a": 0.75}
    one = scored(profile(part("a")), account)
    before = one.explanation
    account["a"] = 1
    assert one.explanation is before


def test_invalid_values_are_explained() -> None:
    """The explanation takes invalid values as unknown, as the score did."""
    one = scored(CHECKED, ODD, on_invalid="unknown")
    assert [result.invalid for result in one.explanation.criteria] == [
        None,
        "text where a number belongs",
        "text where a number belongs",
        None,
    ]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Scorer("P"), "a Scorer needs a Profile (got str)"),  # type: ignore[arg-type]  # the mistake
        (
            lambda: score({"a": 1}, profile(part("a"))),  # type: ignore[arg-type]  # the mistake
            "score() needs a Profile first, then the account (got dict)",
        ),
    ],
    ids=["Scorer", "score"],
)
def test_what_is_no_profile(make: Any, sentence: str) -> None:
    """Anything but a profile is refused before it is taken apart."""
    with pytest.raises(TypeError) as caught:
        make()
    assert str(caught.value) == sentence


def test_a_scorer_shows_its_profile() -> None:
    """A scorer is shown by what it scores."""
    assert repr(Scorer(profile(part("a")))) == f"Scorer(profile={profile(part('a'))!r})"


def test_threads_share_a_scorer() -> None:
    """Eight threads that share one scorer get what one thread gets."""
    scorer = Scorer(standard_profile())
    accounts = [
        {"employees": 20 * i, "industry": ["Software", "Mining"][i % 2], "technologies": ["Slack", "Jira"][: i % 3]}
        for i in range(60)
    ]

    def table(account: dict[str, Any]) -> tuple[Score, str]:
        one = scorer.score(account, as_of=DAY)
        return one, str(one)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(table, accounts)) == list(map(table, accounts))


def test_a_score_travels() -> None:
    """A score can be copied in depth and sent to another process: its scorer travels as the profile."""
    one = icp.score(icp.standard_profile(), {"employees": 80, "industry": "Software"}, as_of="2026-11-21")
    there = copy.deepcopy(pickle.loads(pickle.dumps(one)))
    assert (there, there.explanation.outcome) == (one, one.explanation.outcome)


# Which version of a history


def test_a_score_names_the_version_by_which_it_came_about() -> None:
    """A scorer that is told the id of a version passes it on to its scores and their stamp, and to nothing else."""
    account = {"a": 0.5}
    without, named = Scorer(profile(part("a"))), Scorer(profile(part("a")), version_id="7f" * 32)
    one, two = (scorer.score(account, as_of=DAY) for scorer in (without, named))
    assert (without.version_id, one.version_id) == (None, None)
    assert (named.version_id, two.version_id) == ("7f" * 32, "7f" * 32)
    assert one == two
    assert two.to_dict() == one.to_dict()
    assert two.to_dict(stamp=True) == {**one.to_dict(stamp=True), "version_id": "7f" * 32}
    assert "version_id" not in one.to_dict(stamp=True)
    assert repr(named) == repr(without)
    with pytest.raises(TypeError):
        Scorer(profile(part("a")), "7f" * 32)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name alone


def test_a_scorer_travels_with_its_version() -> None:
    """A scorer and its scores keep the id of the version when they are copied or sent to another process."""
    scorer = Scorer(profile(part("a")), version_id="7f" * 32)
    for there in (pickle.loads(pickle.dumps(scorer)), copy.deepcopy(scorer)):
        assert (there.profile, there.version_id) == (scorer.profile, scorer.version_id)
        assert there.score({"a": 0.25}, as_of=DAY) == scorer.score({"a": 0.25}, as_of=DAY)
    assert pickle.loads(pickle.dumps(scorer.score({"a": 0.25}, as_of=DAY))).version_id == "7f" * 32


def test_a_scorer_for_what_scores_alike() -> None:
    """What was prepared serves another profile of the same scoring_id, under its own name and version."""
    first = Scorer(profile(part("a"), meta={"note": "x"}), version_id="1" * 64)
    other = profile(part("a"), stage="retired")
    second = first.saying(other, version_id="2" * 64)
    assert second._plan is first._plan
    assert (second.profile, second.version_id) == (other, "2" * 64)
    assert second.score({"a": 0.5}, as_of=DAY).profile == other
    assert first.saying(other, version_id=None).version_id is None
    assert (first.profile.stage, first.version_id) != ("retired", "2" * 64)


def test_a_scorer_for_what_scores_otherwise() -> None:
    """A profile of another scoring_id needs a scorer of its own, and the error says so."""
    with pytest.raises(ValueError, match=r"^'P' scores otherwise than 'P': make a Scorer of its own$"):
        Scorer(profile(part("a"))).saying(profile(part("a"), part("b")), version_id=None)


# Examples


def expecting(account: dict[str, Any], *tiers: str, **options: Any) -> Profile:
    """Give a profile with an example that expects tiers."""
    one = icp.Example(account, as_of="2026-11-21", tier=tiers, **options)
    gates = [Gate(Flag("paying"))]
    return Profile(
        "P", [Dimension("D", [Range("size", 50, 500, soft_low=0), Flag("b2b")])], gates=gates, examples=[one]
    )


@pytest.mark.parametrize(
    ("account", "tiers"),
    [
        ({"size": 80, "b2b": True}, ["Perfect"]),
        ({"size": 80, "b2b": True}, ["Weak", "Perfect"]),
        ({"size": 0, "b2b": True}, ["Moderate"]),
        ({"size": 80, "b2b": True, "paying": False}, ["disqualified"]),
        ({}, ["insufficient data"]),
        ({"paying": False}, ["insufficient data", "disqualified"]),
    ],
)
def test_an_example_that_gets_what_it_should(account: dict[str, Any], tiers: list[str]) -> None:
    """An example passes where its tier, or its status in place of one, is among those that it expects."""
    assert expecting(account, *tiers).check_examples() == ()


@pytest.mark.parametrize(
    ("account", "tiers", "sentence"),
    [
        ({"size": 80, "b2b": True}, ["Strong"], "example 1 should be Strong, but is Perfect (fit 100.0)"),
        (
            {"size": 49.98, "b2b": True},
            ["Weak", "Strong"],
            "example 1 should be Weak or Strong, but is Perfect (fit 100.0)",
        ),
        ({"size": 0, "b2b": False}, ["disqualified"], "example 1 should be disqualified, but is Weak (fit 0.0)"),
        ({"size": 80, "b2b": True, "paying": False}, ["Perfect"], "example 1 should be Perfect, but is disqualified"),
        ({}, ["Weak"], "example 1 should be Weak, but is insufficient data"),
    ],
)
def test_an_example_that_fails(account: dict[str, Any], tiers: list[str], sentence: str) -> None:
    """An example that gets something else is told with what it got; its score is there to be explained."""
    profile = expecting(account, *tiers)
    (failure,) = profile.check_examples()
    assert (str(failure), failure.example, failure.number, failure.reason) == (sentence, profile.examples[0], 1, "")
    assert failure.score is not None
    assert failure.score.tier not in tiers


def test_an_example_that_cannot_be_scored() -> None:
    """An example with values of the wrong kind fails, with all of them as the reason."""
    (failure,) = expecting({"size": "many", "b2b": "yes"}, "Perfect", name="a giant").check_examples()
    assert failure.score is None
    assert failure.reason.startswith("size = 'many': ")
    assert "; b2b = 'yes': " in failure.reason
    assert str(failure) == f"a giant should be Perfect, but cannot be scored: {failure.reason}"


def test_examples_are_told_by_name_or_number() -> None:
    """Each example that fails is told, by its name or by its number among all, in the words that are asked for."""
    good, bad = expecting({"size": 80, "b2b": True}, "Perfect").examples[0], expecting({}, "Weak").examples[0]
    named = attrs.evolve(bad, name="nobody")
    profile = attrs.evolve(expecting({}, "Weak"), examples=[good, bad, good, named])
    failures = profile.check_examples()
    assert [failure.number for failure in failures] == [2, 4]
    words = {**ENGLISH, "example_failed": "{name}: {found} statt {expected}", "an_example": "Nr. {number}"}
    assert [failure.describe(words) for failure in failures] == [
        "Nr. 2: insufficient data statt Weak",
        "nobody: insufficient data statt Weak",
    ]


def test_an_example_is_scored_at_its_own_moment() -> None:
    """Each example is scored at the moment that it names, with its dates and lists as an account has them."""
    account = {"visits": [date(2026, 11, 1), "2026-10-01"], "hq": {"country": "DE"}}
    profile = Profile(
        "P",
        [Dimension("D", [icp.Recency("visits", window=7), OneOf("hq.country", ["DE"])])],
        examples=[
            icp.Example(account, as_of="2026-11-08", tier="Perfect", name="then"),
            icp.Example(account, as_of="2026-11-09", tier="Perfect", name="a day later"),
        ],
    )
    assert list(map(str, profile.check_examples())) == ["a day later should be Perfect, but is Moderate (fit 50.0)"]


def test_every_example_is_checked_whatever_became_of_the_one_before() -> None:
    """An example that cannot be scored stops none of those that follow, and each failure says which one it is."""
    accounts: list[dict[str, Any]] = [{"a": "x"}, {"a": 1}, {"a": 0}]
    examples = [icp.Example(account, as_of=DAY, tier="Perfect") for account in accounts]
    failures = attrs.evolve(profile(part("a")), examples=examples).check_examples()
    assert [(one.number, one.score is None, one.example) for one in failures] == [
        (1, True, examples[0]),
        (3, False, examples[2]),
    ]


def test_reasons_are_three_unless_more_are_asked_for_and_speak_the_given_words() -> None:
    """A score gives three reasons, in the words that it is given."""
    one = scored(profile(*map(part, "abcde")), dict.fromkeys("abcde", 1))
    assert len(one.reasons()) == 3
    assert one.reasons(1, {**ENGLISH, "reason_matched": "ja"})[0].text == "ja"
