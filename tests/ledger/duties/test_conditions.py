from __future__ import annotations

from datetime import date

import pytest

from ledger.duties import conditions, duties
from ledger.store.changes import Change

MEETING = "guangdong-2013/40.meeting/-/2014"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"
SPRING = date(2014, 3, 1)
BOTH, NONE = [ADVISORY, MEETING], []


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        (conditions.EVERY, BOTH),
        (conditions.any_of(), NONE),
        (conditions.of(), BOTH),
        (conditions.of(plan="guangdong-2013", kind=""), BOTH),
        (conditions.of(measure="40", period="2014"), [MEETING]),
        (conditions.of(obligation="40.meeting", plan="other"), NONE),
        (conditions.of_keys([ADVISORY, "other"]), [ADVISORY]),
        (~conditions.of_keys([ADVISORY]), [MEETING]),
        (conditions.of_obligations({"40.meeting", "other"}), BOTH),
        (conditions.due_on(date(2014, 12, 31)), BOTH),
        (conditions.due_between(date(2014, 12, 30), date(2014, 12, 31)), BOTH),
        (conditions.due_from(date(2015, 1, 1)), NONE),
        (conditions.due_in_year(2014), BOTH),
        (conditions.begun(date(2013, 12, 31)), NONE),
        (conditions.begun(SPRING), BOTH),
        (conditions.led_by(["wjmt"]), BOTH),
        (conditions.performed_by(["guangzhou"]), [ADVISORY]),
        (conditions.answered_by(["wjmt"]), BOTH),
        (conditions.answered_by(["guangzhou"]), [ADVISORY]),
        (conditions.concerning(["guangzhou"]), BOTH),
        (conditions.concerning(["guang"]), NONE),
        (conditions.titled(["召開會議"]), BOTH),
        (conditions.key_contains("meeting/-"), [MEETING]),
        (conditions.key_contains("%"), NONE),
        (conditions.OPENED, NONE),
        (conditions.UNACKNOWLEDGED, BOTH),
        (conditions.PAST_LEAD, [MEETING]),
    ],
)
def test_a_condition_holds_for_these_duties(held, condition, keys):
    with held.read() as conn:
        assert duties.chosen_keys(conn, condition) == keys
        assert duties.count(conn, condition) == len(keys)


@pytest.mark.parametrize(
    ("values", "unclosed", "unfinished"),
    [
        ({"waived_on": SPRING}, BOTH, [ADVISORY]),
        ({"closed_on": SPRING, "closed_as": "done"}, [ADVISORY], [ADVISORY]),
    ],
)
def test_what_has_ended_is_unfinished_no_more(held, record, values, unclosed, unfinished):
    with held.transaction() as tx:
        record(tx, Change("duties", MEETING, values))

    with held.read() as conn:
        assert duties.chosen_keys(conn, conditions.UNCLOSED) == unclosed
        assert duties.chosen_keys(conn, conditions.UNFINISHED) == unfinished


def test_what_was_opened_and_has_a_quota_is_asked_for_by_day(held, record):
    values = {"opened_on": SPRING, "acknowledged_on": SPRING, "quota_min": 1, "quota_max": 3}
    with held.transaction() as tx:
        record(tx, Change("duties", ADVISORY, values))

    with held.read() as conn:
        for condition in (
            conditions.OPENED,
            conditions.opened_between(SPRING, SPRING),
            conditions.WITH_QUOTA,
            ~conditions.UNACKNOWLEDGED,
        ):
            assert duties.chosen_keys(conn, condition) == [ADVISORY]
