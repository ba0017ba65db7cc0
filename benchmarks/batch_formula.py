"""The reference profile as a formula: what the peers of the batch engine compute, each in its own language.

The weighted mean of 22 matches, in which unknown ones do not count; a signal that never came counts as 0. There is no
fit where less than half of the weight is known. That is less than icpkit computes: peers leave out the rounding rules,
bounds, status, and the limits that bounds set to the fit.
"""

from typing import TypeAlias

import attrs

from benchmarks.workload import AS_OF, MIDNIGHT, reference_profile

TIERS = ("Weak", "Moderate", "Strong", "Perfect")
CUTS = (40.0, 60.0, 80.0)
MIN_COVERAGE = 0.5
DAY = 86_400e6
#: Microseconds since 1970: the beginning of the day of scoring, and its end, from where on signals are in the future.
NOW = round(MIDNIGHT.timestamp()) * 1e6
FUTURE = NOW + DAY
assert MIDNIGHT.date() == AS_OF


@attrs.frozen
class InRange:
    """1 between two edges, falling to 0 at the soft ones."""

    low: float | None = None
    high: float | None = None
    soft_low: float | None = None
    soft_high: float | None = None
    log: bool = False


@attrs.frozen
class OneOf:
    """The match of a text."""

    matches: dict[str, float]
    otherwise: float = 0.0


@attrs.frozen
class Share:
    """The share of the wanted labels, by weight, that a list has."""

    labels: dict[str, float]


@attrs.frozen
class AnyOf:
    """Whether a list has one of some labels."""

    labels: tuple[str, ...]


@attrs.frozen
class Satisfied:
    """The share of a list's labels that are among ours; 1 for an empty list."""

    labels: tuple[str, ...]


@attrs.frozen
class Decay:
    """How recent a signal is: halved every so many days; 0 where it never came."""

    half_life: float


@attrs.frozen
class Falling:
    """How recent a signal is: falling to 0 in so many days."""

    days: float
    never_is_unknown: bool = False


@attrs.frozen
class Steps:
    """How recent a signal is: a match for each number of days; 0 where it never came."""

    steps: tuple[tuple[float, float], ...]


Question: TypeAlias = InRange | OneOf | Share | AnyOf | Satisfied | Decay | Falling | Steps


def _one_of(*names: str) -> OneOf:
    return OneOf(dict.fromkeys(names, 1.0))


_QUESTIONS: dict[str, tuple[str, Question]] = {
    "firmographics/employees": ("employees", InRange(50, 500, 25, 1000)),
    "firmographics/annual_revenue": ("annual_revenue", InRange(5e6, 50e6, 2e6, 100e6, log=True)),
    "firmographics/offices": ("offices", InRange(2, 40)),
    "firmographics/industry": (
        "industry",
        OneOf({"software": 1.0, "it services": 0.6, "financial services": 0.5, "biotech": 0.4}),
    ),
    "firmographics/country": ("country", _one_of("united states", "canada", "germany", "österreich", "france")),
    "firmographics/ownership": ("ownership", OneOf({"private": 1.0, "venture backed": 0.8}, otherwise=0.2)),
    "technographics/technologies": (
        "technologies",
        Share({"salesforce": 3, "slack": 1, "google workspace": 1, "jira": 2, "snowflake": 2}),
    ),
    "technographics/public cloud": ("technologies", AnyOf(("aws", "azure", "gcp"))),
    "technographics/cloud_maturity": ("cloud_maturity", _one_of("growing", "advanced")),
    "technographics/it_budget": ("it_budget", InRange(1e5, 2e6, 2e4, log=True)),
    "behavioral signals/last_demo_request": ("last_demo_request", Decay(30)),
    "behavioral signals/last_site_visit": ("last_site_visit", Falling(90)),
    "behavioral signals/last_email_reply": ("last_email_reply", Steps(((7, 1.0), (30, 0.6), (90, 0.2)))),
    "behavioral signals/pages_viewed": ("pages_viewed", InRange(5, None, 0)),
    "behavioral signals/email_open_rate": ("email_open_rate", InRange(0.2, 0.8, 0.05)),
    "business needs/compliance": ("compliance", Satisfied(("soc 2", "iso 27001", "gdpr"))),
    "business needs/urgency": ("urgency", OneOf({"nice-to-have": 0.2, "important": 0.7, "critical": 1.0})),
    "business needs/support_tickets": ("support_tickets", InRange(None, 10, None, 30)),
    "growth potential/headcount_growth": ("headcount_growth", InRange(0.1, None, -0.05)),
    "growth potential/open_positions": ("open_positions", InRange(3, 40, 1, 80)),
    "growth potential/stage": ("stage", _one_of("series a", "series b", "series c", "ipo")),
    "growth potential/last_funding": ("last_funding", Falling(365, never_is_unknown=True)),
}


@attrs.frozen
class Part:
    """One criterion: what it asks of which attribute, and its share of the whole weight."""

    attribute: str
    question: Question
    weight: float

    @property
    def counts_when_absent(self) -> bool:
        """Whether an absent signal counts as 0."""
        question = self.question
        return isinstance(question, Decay | Steps) or (isinstance(question, Falling) and not question.never_is_unknown)


#: The criteria in the order of the profile.
FORMULA = tuple(Part(*_QUESTIONS[path], weight) for path, weight in reference_profile().effective_weights.items())
