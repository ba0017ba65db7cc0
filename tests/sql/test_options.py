import pickle
from collections.abc import Callable
from typing import Any

import pytest

import icpkit as icp
from icpkit.errors import DefinitionError
from icpkit.sql.options import Column, ListColumn, LongTable, NotPushable, Param, Unpushable, forms_of, places_of

SIGN = "must be one sign, no letter, digit, quote or backslash"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Param("1st"), "Param.name must be letters, digits and _, 60 at most, and begin with no digit"),
        (lambda: Param("as of"), "Param.name must be letters, digits and _"),
        (lambda: Param("as_of; --"), "Param.name must be letters, digits and _"),
        (lambda: Param("é"), "Param.name must be letters, digits and _"),
        (lambda: Param(""), "Param.name must be letters, digits and _"),
        (lambda: Param("x" * 61), "Param.name must be letters, digits and _"),
        (lambda: Param(5), "Param.name must be letters, digits and _"),  # type: ignore[arg-type]
        (lambda: Param("x", type="datetime"), "Param.type must be one of 'date', 'timestamp'"),  # type: ignore[arg-type]
        (lambda: Column(" "), "Column.name must be text that is not blank"),
        (lambda: Column("x", type="day"), "Column.type must be one of 'date', 'timestamp'"),  # type: ignore[arg-type]
        (lambda: ListColumn(""), "ListColumn.name must be text that is not blank"),
        (lambda: ListColumn("x", "csv"), "ListColumn.format must be one of 'array', 'json', 'delimited'"),  # type: ignore[arg-type]
        (lambda: LongTable("", "k", "v"), "LongTable.table must be text that is not blank"),
        (lambda: LongTable("t", "", "v"), "LongTable.key must be text that is not blank"),
        (lambda: LongTable("t", "k", " "), "LongTable.value must be text that is not blank"),
        (lambda: LongTable("t", "k", "v", at=""), "LongTable.at must be text that is not blank"),
        (lambda: LongTable("t", "k", "v", strength=1), "LongTable.strength must be text that is not blank"),  # type: ignore[arg-type]
        (lambda: LongTable("t", "k", "v", without="none"), "LongTable.without must be one of 'unknown', 'empty'"),  # type: ignore[arg-type]
    ],
)
def test_options_refuse_what_no_statement_could_hold(make: Callable[[], Any], message: str) -> None:
    """What a statement is asked for with is checked when it is made, and the message names class and field."""
    with pytest.raises(DefinitionError) as caught:
        make()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("delimiter", ["", ", ", '"', "\\", "\0", "a", "é", "1", 5, None])
def test_a_delimiter_is_one_sign_that_stands_in_no_name(delimiter: Any) -> None:
    """Several signs, letters, digits and what JSON escapes cannot delimit a list."""
    with pytest.raises(DefinitionError, match=f"ListColumn.delimiter {SIGN}"):
        ListColumn("x", "delimited", delimiter)


@pytest.mark.parametrize(
    "option",
    [
        Param("as_of", "timestamp"),
        Column("scored on"),
        ListColumn("x", "delimited", "|"),
        LongTable("t", "k", "v", at="at", strength="s", without="empty"),
    ],
)
def test_a_repr_is_the_call_that_makes_it(option: Any) -> None:
    """An option's repr makes an equal one."""
    assert eval(repr(option), {name: getattr(icp, name) for name in type(option).__name__.split()}) == option


def test_a_refusal_names_all_its_problems_and_travels() -> None:
    """The error lists each problem in a line under the dialect, and survives pickling."""
    problems = (Unpushable("D/a", "trino", "no"), Unpushable("D/b", "trino", "never"))
    error = NotPushable(iter(problems))
    assert str(error) == "cannot be said in SQL for trino:\n  D/a: no\n  D/b: never"
    again = pickle.loads(pickle.dumps(error))
    assert (again.problems, str(again)) == (problems, str(error))
    assert isinstance(error, ValueError)
    assert isinstance(error, icp.IcpkitError)


def test_an_attribute_is_found_in_a_column_of_its_name_unless_told() -> None:
    """Each attribute has a place, once, in the order in which they are read."""
    rows = LongTable("t", "k", "v")
    assert places_of({"b": rows}, ["a", "b", "a"]) == {"a": "a", "b": rows}
    assert places_of(None, ["a"]) == {"a": "a"}


@pytest.mark.parametrize("place", [None, 5, "", ["a"], Column("a")])
def test_what_is_no_place_is_refused(place: Any) -> None:
    """A place is a column's name, a ListColumn or a LongTable."""
    with pytest.raises(TypeError) as caught:
        places_of({"a": place}, ["a"])
    message = f"columns['a'] must be a column's name, a ListColumn or a LongTable (got {place!r})"
    assert str(caught.value) == message


def test_an_attribute_that_nobody_reads_is_refused_with_a_hint() -> None:
    """A name that no criterion reads is told with the nearest one, or with those that are read."""
    with pytest.raises(
        ValueError, match=r"columns names 'employes', an attribute that no criterion reads; .*employees"
    ):
        places_of({"employes": "x"}, ["employees", "sector"])
    with pytest.raises(
        ValueError, match="text names 'zzz', an attribute that no criterion reads; read are employees, sector"
    ):
        forms_of({"zzz": "folded"}, ["employees", "sector"])


def test_each_attribute_has_a_form_of_its_texts() -> None:
    """One form is that of all; with a mapping the others refuse."""
    assert forms_of("exact", ["a", "b"]) == {"a": "exact", "b": "exact"}
    assert forms_of({"b": "folded"}, ["a", "b"]) == {"a": "refuse", "b": "folded"}


@pytest.mark.parametrize("text", ["fold", {"a": "lower"}])
def test_another_form_is_refused(text: Any) -> None:
    """A form of texts is one of three."""
    with pytest.raises(ValueError, match='text must be "refuse", "folded" or "exact", or a mapping to these'):
        forms_of(text, ["a"])
