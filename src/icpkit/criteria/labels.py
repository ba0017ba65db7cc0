"""Criteria about labels, such as the technologies that an account uses."""

from typing import Any

import attrs

from icpkit import views
from icpkit._attrs import Pairs, a_bool, a_text, as_pairs, as_table, check_table, one_of, reject
from icpkit.criteria.criterion import Criterion
from icpkit.criteria.spelling import check_aliases, check_distinct, distinct
from icpkit.errors import near
from icpkit.value_functions import LabelMerge, LabelMode, Table, ValueFunction
from icpkit.words import ENGLISH, Words, listed, number_text


def _check_overlap_labels(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_table(owner, field.name, value)
    if not isinstance(value[0][0], str):
        raise reject(owner, field.name, "must be text", value[0][0])
    if not any(weight for _, weight in value):
        raise reject(owner, field.name, "must have a weight above 0", value)


def _check_overlap_aliases(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_aliases(owner, field.name, value)


@attrs.frozen(repr=False)
class Overlap(Criterion):
    """Labels that an account should have, such as technologies; its list may be empty, which is known.

    Args:
        attribute: the attribute: a list of text.
        labels: the wanted labels, or a mapping from label to weight (for ``"share"``).
        mode: ``"share"``: the weight of the wanted labels that are there over the weight of all; ``"any"``, ``"all"``
            and ``"at_least"`` give 1 or 0; ``"satisfies"``: the share of the account's own labels that are wanted.
        k: how many labels ``"at_least"`` needs.
        groups: a mapping from a wanted label to members, any of which counts as it.
        aliases: other spellings to names.
        case_sensitive: compares upper and lower case as different.

    >>> Overlap("technologies", {"CRM": 2, "Slack": 1}, groups={"CRM": ["Salesforce", "HubSpot"]}).describe()
    'technologies: share of CRM (any of Salesforce, HubSpot) ×2, Slack'
    """

    attribute: str = attrs.field(validator=a_text())
    labels: Pairs = attrs.field(converter=as_table, validator=_check_overlap_labels)
    mode: LabelMode = attrs.field(
        default="share", kw_only=True, validator=one_of("share", "any", "all", "at_least", "satisfies")
    )
    k: int | None = attrs.field(default=None, kw_only=True)
    groups: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_pairs)
    aliases: Pairs = attrs.field(default=Pairs(), kw_only=True, converter=as_pairs, validator=_check_overlap_aliases)
    case_sensitive: bool = attrs.field(default=False, kw_only=True, validator=a_bool)

    def __attrs_post_init__(self) -> None:
        """Check the fields against each other."""
        wanted = [label for label, _ in self.labels]
        check_distinct(self, "labels", wanted, self.aliases, case_sensitive=self.case_sensitive)
        if (self.mode == "at_least") != (self.k is not None):
            raise reject(self, "k", 'must be given with mode="at_least", and only then', self.k)
        if self.k is not None and (type(self.k) is not int or not 1 <= self.k <= len(wanted)):
            raise reject(self, "k", f"must be a whole number from 1 to {len(wanted)}, the number of labels", self.k)
        if self.mode != "share" and any(weight != 1 for _, weight in self.labels):
            raise reject(self, "labels", 'must have no weights unless mode="share"', self.labels)
        self._check_groups(wanted)

    def _check_groups(self, wanted: list[str]) -> None:
        if not isinstance(self.groups, Pairs):
            raise reject(self, "groups", "must be a mapping from a wanted label to its members", self.groups)
        name_of = views.canonical(case_sensitive=self.case_sensitive, aliases=self.aliases)
        names = {name_of(label) for label in wanted}
        for group, members in self.groups:
            if not isinstance(group, str) or name_of(group) not in names:
                raise reject(self, "groups", "must be named after wanted labels", group, hint=near(str(group), wanted))
            if (
                not isinstance(members, tuple)
                or not members
                or not all(isinstance(one, str) and one.strip() for one in members)
            ):
                raise reject(self, "groups", f"must give {group!r} a list of text", members)
            distinct(self, "groups", members, name_of)
        distinct(self, "groups", [group for group, _ in self.groups], name_of)

    def value_function(self) -> ValueFunction:
        """Give a table of labels and their merge."""
        table = Table(self.labels, case_sensitive=self.case_sensitive, aliases=self.aliases)
        return ValueFunction(self.attribute, "labels", table, LabelMerge(self.mode, self.k, self.groups))

    def question(self, words: Words = ENGLISH) -> str:
        """Say which labels are asked for, and how."""
        groups = dict(self.groups)
        texts = []
        for label, weight in self.labels:
            text = (
                words["group"].format(label=label, members=listed(groups[label], words)) if label in groups else label
            )
            texts.append(text if weight == 1 else words["weighted"].format(label=text, weight=number_text(weight)))
        return words[f"label_{self.mode}"].format(labels=listed(texts, words), k=self.k)


@attrs.frozen(repr=False)
class TechOverlap(Overlap):
    """`Overlap`, under the name that this field looks for.

    >>> TechOverlap("technologies", {"Slack": 1, "Jira": 2}).describe()
    'technologies: share of Slack, Jira ×2'
    """
