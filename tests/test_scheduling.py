"""What is set up once is set up on one worker."""

from __future__ import annotations

import pytest

from tests.lived import shared_by_workers
from tests.scheduling import group


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("tests/flows/test_stack.py::test_a", "tests/flows/test_shards.py::test_b", True),
        ("tests/browser/test_days.py::test_a", "tests/browser/test_provider.py::test_b", True),
        ("tests/browser/test_days.py::test_a", "tests/flows/test_stack.py::test_b", False),
        ("tests/stories/test_eight_sweeps.py::test_a[sqlite]",
         "tests/stories/test_eight_sweeps.py::test_b[sqlite]", True),
        ("tests/stories/test_eight_sweeps.py::test_a[sqlite]",
         "tests/stories/test_eight_sweeps.py::test_a[postgresql]", False),
        ("tests/stories/test_slips.py::test_a", "tests/stories/test_slips.py::test_b", False),
        ("tests/desk/pages/today/test_burden.py::test_a[sqlite]",
         "tests/desk/pages/test_every_route.py::test_b[postgresql]", True),
    ],
)  # fmt: skip
def test_tests_that_share_a_costly_fixture_stay_together(one, other, together):
    assert (group(one) == group(other)) is together


@pytest.fixture(scope="module")
def times(tmp_path_factory):
    """A file of the whole run that has a letter for each time this was set up."""
    log = shared_by_workers(tmp_path_factory) / "scheduling"
    with log.open("a") as written:
        written.write("x")
    return log


@pytest.mark.parametrize("_number", range(6))
def test_what_a_module_sets_up_is_set_up_once(times, _number):
    assert times.read_text() == "x"
