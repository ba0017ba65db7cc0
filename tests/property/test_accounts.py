from collections import OrderedDict, UserDict
from dataclasses import make_dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

import attrs
from hypothesis import given

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law, outcome


@law
@given(cases(invalid=True))
def test_any_kind_of_account_scores_the_same(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """A dict, another mapping, a namespace, a dataclass and an attrs object with the same values score the same."""
    profile, account, as_of = case
    expected = outcome(icp.score(profile, account, as_of=as_of, on_invalid="unknown"))
    namespace = SimpleNamespace()
    vars(namespace).update(account)
    others: list[Any] = [MappingProxyType(account), OrderedDict(account), UserDict(account), namespace]
    # Fields of a class have no dots in their names: there the value stands in a nested record.
    plain = {name: value for name, value in account.items() if "." not in name}
    for name in account.keys() - plain.keys():
        first, _, rest = name.partition(".")
        plain[first] = {**plain.get(first, {}), rest: account[name]}
    nested = {name: SimpleNamespace(**value) if name in {"hq", "growth"} else value for name, value in plain.items()}
    others += [
        nested,
        make_dataclass("Account", list(plain))(**plain),
        attrs.make_class("Account", list(plain))(**plain),
    ]
    for other in others:
        assert outcome(icp.score(profile, other, as_of=as_of, on_invalid="unknown")) == expected


@law
@given(cases())
def test_other_attributes_do_not_matter(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """What no criterion reads changes nothing, whatever it is."""
    profile, account, as_of = case
    more = {"unread": object(), "employees ": -1, "Employees": "many", "hq.country.code": 1, **account}
    assert icp.score(profile, more, as_of=as_of) == icp.score(profile, account, as_of=as_of)
