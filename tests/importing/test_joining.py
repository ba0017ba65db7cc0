from typing import Any

import pytest

import icpkit as icp
from icpkit.importing.accounts import Accounts
from icpkit.importing.joining import join
from icpkit.importing.long import accounts_from, events_from, labels_from
from icpkit.table import Table

CRM = [{"id": "acme", "employees": 320}, {"id": "globex", "employees": 80}, {"id": None, "employees": 5}]
DEALS = [{"id": "acme", "amount": 5}, {"id": "acme", "amount": 7}, {"id": "initech", "amount": 9}]
TECH = [{"company": "acme ", "tech": "Slack"}, {"company": "acme", "tech": "Jira"}]
VISITS = [{"id": "globex", "kind": "demo", "at": "2026-11-01"}]


def test_tables_are_joined_by_key() -> None:
    """Folded tables give their attributes to the accounts; an account that they lack is unknown there."""
    joined = join(
        CRM,
        accounts_from(DEALS, "id", {"amount": "sum", "deals": ("amount", "count")}),
        labels_from(TECH, "company", "tech", name="technologies"),
        events_from(VISITS, "id", "kind", "at"),
        key="id",
    )
    assert list(joined) == [
        {
            "id": "acme",
            "employees": 320,
            "amount": 12,
            "deals": 2,
            "technologies": ["Slack", "Jira"],
            "events": None,
        },
        {
            "id": "globex",
            "employees": 80,
            "amount": None,
            "deals": None,
            "technologies": None,
            "events": [{"kind": "demo", "at": "2026-11-01"}],
        },
        {"id": None, "employees": 5, "amount": None, "deals": None, "technologies": None, "events": None},
    ]
    assert [one.attribute for one in joined.readings] == ["amount", "deals", "technologies", "events"]


def test_both_sides_say_what_found_nothing() -> None:
    """Keys in no account, accounts without a row, and accounts without a key are counted and named."""
    joined = join(CRM, deals=accounts_from(DEALS, "id", {"amount": "sum"}), key="id")
    assert joined.warnings == (
        "1 of 3 accounts without 'id', for which nothing can be found",
        "1 key of deals in no account: 'initech'",
        "1 of 3 accounts without a row in deals, unknown",
    )


def test_where_all_is_there_nothing_is_told() -> None:
    """A join that finds everything has no warnings."""
    assert join(CRM[:1], deals=accounts_from(DEALS[:2], "id", {"amount": "sum"}), key="id").warnings == ()


def test_warnings_of_the_tables_come_along() -> None:
    """What was left out when a table was folded is still told, under the table's name."""
    accounts = Accounts(names=("id",), columns=(("acme",),), key="id", warnings=("as read",))
    deals = accounts_from([{"id": "acme", "x": 1, "y": 2}], "id", {"x": "sum"})
    assert join(accounts, deals=deals).warnings == (
        "as read",
        "deals: columns left out, since take names none of them: 'y'",
    )


@pytest.mark.parametrize("complete", [True, "tech", ["technologies", "deals"], ["tech", "deals"]])
def test_a_complete_table_says_none(complete: Any) -> None:
    """Who has no row in a complete list has none: an empty list, a count of 0; a sum stays unknown."""
    tables: dict[str, Any] = {
        "tech": labels_from(TECH, "company", "tech", name="technologies"),
        "money": accounts_from(DEALS, "id", {"amount": "sum", "deals": ("amount", "count")}),
    }
    joined = join(CRM, **tables, key="id", complete=complete)
    wanted = complete is True or "deals" in complete
    assert joined["globex"]["technologies"] == []
    assert (joined["globex"]["amount"], joined["globex"]["deals"]) == (None, 0 if wanted else None)
    assert joined[2] == {"id": None, "employees": 5, "technologies": None, "amount": None, "deals": None}
    assert "1 of 3 accounts without a row in tech, taken as none for 'technologies'" in joined.warnings


def test_two_accounts_do_not_share_one_empty_list() -> None:
    """Each account has a list of its own."""
    joined = join(
        CRM[:2], labels_from(TECH[:0] or [{"company": "x", "tech": "y"}], "company", "tech"), key="id", complete=True
    )
    assert joined[0]["tech"] == joined[1]["tech"] == []
    assert joined[0]["tech"] is not joined[1]["tech"]


def test_lists_of_a_plain_table_can_be_complete() -> None:
    """Without a rule, an attribute whose known values are all lists is a list; one without any known value is not."""
    plain = [{"id": "acme", "tags": ["a"], "score": 5, "empty": None}]
    assert join(CRM, plain, key="id", complete=True)["globex"] == {
        "id": "globex",
        "employees": 80,
        "tags": [],
        "score": None,
        "empty": None,
    }


@pytest.mark.parametrize(
    ("complete", "text"),
    [
        (["technologie"], "must name tables or attributes (got 'technologie')\n\nHint: did you mean 'technologies'?"),
        ("zzz", "Hint: what is joined: tech, money, technologies, amount"),
        ("amount", "must not name 'amount', which is then unknown"),
    ],
)
def test_what_cannot_be_complete_is_told(complete: Any, text: str) -> None:
    """A name that is not there, and an attribute for which none has no value."""
    tables: dict[str, Any] = {
        "tech": labels_from(TECH, "company", "tech", name="technologies"),
        "money": accounts_from(DEALS, "id", {"amount": "sum"}),
    }
    with pytest.raises(icp.DefinitionError) as caught:
        join(CRM, **tables, key="id", complete=complete)
    assert text in str(caught.value)


PRODUCTS = [{"id": "GTX Pro"}, {"id": "MG"}, {"id": "mg"}]
SOLD = accounts_from([{"id": name, "n": 1} for name in ("GTXPro", "MG ", "Mg", "Xyz")], "id", {"n": "sum"})


def test_near_misses_are_told_not_matched() -> None:
    """Keys that would match but for case and blanks are named, with the way to match them."""
    joined = join(PRODUCTS, sold=SOLD, key="id")
    assert joined.column("n") == (None, 1, None)
    assert joined.warnings[0] == (
        "3 keys of sold in no account: 'GTXPro', 'Mg', 'Xyz' "
        "(near: 'GTXPro' ~ 'GTX Pro', 'Mg' ~ 'MG' or 'mg'; fold_keys=True takes them as one)"
    )


def test_keys_match_folded_on_request() -> None:
    """An exact match goes first, what was folded is told, and a key that could be two accounts is left alone."""
    sold = accounts_from([{"id": name, "n": 1} for name in ("GTXPro", "Mg", "Xyz")], "id", {"n": "sum"})
    joined = join(PRODUCTS, sold=sold, key="id", fold_keys=True)
    assert joined.column("n") == (1, None, None)
    assert joined.warnings[:2] == (
        "1 key of sold found but for case and blanks: 'GTXPro' ~ 'GTX Pro'",
        "2 keys of sold in no account: 'Mg', 'Xyz' (near: 'Mg' ~ 'MG' or 'mg')",
    )


def test_several_rows_for_one_key_must_be_folded_first() -> None:
    """A long table is no table of accounts: the message says which key, and what to call."""
    with pytest.raises(icp.DefinitionError) as caught:
        join(CRM, deals=DEALS, key="id")
    assert str(caught.value) == (
        "join.deals must have one row for each key (got several for 'acme')\n\n"
        "Hint: make it with accounts_from, labels_from or events_from"
    )
    with pytest.raises(icp.DefinitionError, match="several for 'Mg', which is 'MG' but for case and blanks") as caught:
        join(PRODUCTS, sold=SOLD, key="id", fold_keys=True)
    assert caught.value.hint.endswith(", and fold_keys=True")


def test_an_attribute_is_there_once() -> None:
    """Tables that name an attribute alike are refused, with the way to rename one."""
    deals = accounts_from([{"id": "acme", "employees": 5}], "id", {"employees": "sum"})
    with pytest.raises(icp.DefinitionError) as caught:
        join(CRM, deals=deals, key="id")
    assert "join.deals must have attributes that are not there yet (got 'employees')" in str(caught.value)
    assert 'take={"deals_employees": ("employees", …)}' in caught.value.hint


def test_accounts_that_come_twice_get_the_same() -> None:
    """Doubles are the accounts' own trouble: each gets what its key finds, and they are told."""
    joined = join([CRM[0], CRM[0]], deals=accounts_from(DEALS[:2], "id", {"amount": "sum"}), key="id")
    assert joined.column("amount") == (12, 12)
    assert joined.warnings == ("1 key of several accounts, which get the same: 'acme'",)


def test_rows_of_a_table_without_a_key_are_counted() -> None:
    """They belong to nobody."""
    joined = join(CRM[:1], other=[{"id": "acme", "x": 1}, {"id": "", "x": 2}], key="id")
    assert (joined[0]["x"], joined.warnings) == (1, ("1 row of other without 'id', left out",))


def test_accounts_keep_what_they_know() -> None:
    """Source, lines and the key of what was read stay; accounts without a key of their own take the one given."""
    accounts = Accounts(names=("id", "x"), columns=(("acme",), (1,)), source="crm.csv", lines=(2,))
    joined = join(accounts, [{"id": "acme", "y": 2}], key="id")
    assert (joined.source, joined.lines, joined.key, joined[0]) == (
        "crm.csv",
        (2,),
        "id",
        {"id": "acme", "x": 1, "y": 2},
    )


@pytest.mark.parametrize(
    ("accounts", "options", "error", "text"),
    [
        (CRM, {}, icp.DefinitionError, "join.key must be given for accounts"),
        (CRM, {"key": "ids"}, icp.NoSuchFieldError, "did you mean 'id'"),
        (CRM, {"key": "id", "fold_key": True}, TypeError, "fold_key=True is none; did you mean 'fold_keys'?"),
        (CRM, {"key": "id", "zzz": True}, TypeError, "join() takes tables by name, and zzz=True is none"),
        (
            Table(("id", "id"), ([1], [2])),
            {"key": "id"},
            icp.DefinitionError,
            "distinct columns (got 'id' more than once)",
        ),
    ],
)
def test_what_cannot_be_joined_is_told(
    accounts: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    """A key is needed, must be there, and a misspelled option is no table."""
    with pytest.raises(error) as caught:
        join(accounts, **options)
    assert text in str(caught.value)
