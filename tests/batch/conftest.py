"""Which tests of the numpy engine are left out of coverage."""

import pytest

#: They go through the same lines for very many cases, and would take two or three times as long.
NO_COVER = {
    "test_adjustments_are_clipped_and_limited",
    "test_blocks_and_threads_change_nothing",
    "test_combinations",
    "test_gates",
    "test_many_wanted_labels",
    "test_moments_about_the_moment_of_scoring",
    "test_moments_of_every_form",
    "test_ranges_of_numbers",
    "test_stairs_and_lists_of_numbers",
    "test_what_is_unknown_counts_as_the_policy_says",
    "test_years_as_numbers",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them out: other tests go through every line and branch."""
    for item in items:
        if getattr(item, "originalname", None) in NO_COVER:
            item.add_marker("no_cover")
