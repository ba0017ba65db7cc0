from icpkit.adapters.plain import source_of_plain
from icpkit.adapters.plans import Plan
from icpkit.adapters.source import Source

ROWS = {"id": ["a", "b"], "size": [320, None]}


def planned() -> tuple[Plan, list[list[int] | None]]:
    """Give a plan, and what it has been run for."""
    ran: list[list[int] | None] = []

    def run(places: list[int] | None) -> Source:
        ran.append(places)
        names = list(ROWS)
        return source_of_plain({name: ROWS[name] for name in (names if places is None else [names[p] for p in places])})

    return Plan(tuple(ROWS), "the query", run), ran


def test_a_query_runs_once_for_what_is_needed() -> None:
    """Only the columns that are asked for are read, and one at least: without a column there are no rows."""
    plan, ran = planned()
    assert plan.needing({"size", "other"}).names == ("size",)
    assert len(plan.needing({"other"})) == 2
    assert ran == [[1], [0]]


def test_without_a_choice_everything_is_read_once() -> None:
    """Length, columns, values and results come of one run."""
    plan, ran = planned()
    assert len(plan) == 2
    assert plan.column(1).raw(0) == 320
    assert plan.values(1, [1]) == [None]
    assert plan.frame({"key": 0}) == plan.needing({"id"}).frame({"key": 0})
    assert ran == [None]
    empty = Plan((), "the query", lambda _places: source_of_plain([]))
    assert len(empty.needing({"id"})) == 0
