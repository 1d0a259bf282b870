"""What a person must know reaches them as a letter, on a real server and over a real line."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from prefect.server.events.schemas.automations import Automation
from prefect.server.events.schemas.events import ReceivedEvent

from ledger.offices.installation import load_settings
from ledger.post import contacts, letters
from ledger.session import Ledger
from tests.flows.conftest import OPERATOR
from tests.flows.running import PATIENCE, PLAN, eventually
from tests.tasks.incoming.samples import dsn

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(3 * PATIENCE)]

NOBODY = "550 5.1.1 nobody of that name"


@pytest.fixture
def alarms(sink):
    """Return a function that gives the alarms in the sink with such a subject and source."""

    def alarms(words, *, source):
        mails = [letter.mail for letter in sink.received if letter.recipients == [OPERATOR]]
        told = [mail for mail in mails if words in mail["Subject"]]
        return [mail for mail in told if source == source_of(mail)]

    return alarms


def source_of(mail):
    lines = mail.get_content().splitlines()
    return next((line.removeprefix("來源：") for line in lines if line.startswith("來源")), "")


def emitted(stack, name):
    events = stack.ask("events/filter", {"filter": {"event": {"name": [name]}}})["events"]
    return [event for event in events if not event["payload"].get("office")]


def live(stack, sink):
    """Live a day of the demonstration on which every address but the operator's is refused."""
    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(stack.home)})) as ledger,
        ledger.read() as conn,
    ):
        addresses = {to for ways in contacts.contacts(conn).values() for to in ways.values()}
    eventually(lambda: stack.finished(PLAN))  # its leases would be a day old at once
    for number, address in enumerate(sorted(addresses), 1):  # the same words would be about us
        sink.refused[address] = f"{NOBODY} {'x' * number}"
    assert stack.run("demo", days=1)["state_type"] == "COMPLETED"
    sink.refused.clear()


def test_two_events_of_dead_letters_on_a_day_make_one_letter(stack, sink, alarms):
    live(stack, sink)
    (letter,) = eventually(lambda: alarms("未能投遞", source=""))
    assert "頁面：發信情況" in letter.get_content()

    (event,) = emitted(stack, "duban.dead")
    again = {"id": str(uuid4()), "occurred": dt.datetime.now(dt.UTC).isoformat()}
    stack.tell([event | again])
    eventually(lambda: len(emitted(stack, "duban.dead")) == 2)
    assert stack.run("operator", kind="dead", number=2)["state_type"] == "COMPLETED"
    assert len(alarms("未能投遞", source="")) == 1


def test_a_letter_that_came_back_makes_a_letter_that_names_its_address(stack, alarms):
    assert stack.run("every-5-minutes")["state_type"] == "COMPLETED"
    with Ledger.open(load_settings({"DUBAN_HOME": str(stack.home)})) as ledger:
        with ledger.read() as conn:
            sent, *_ = letters.listed(conn, state="sent")
        report = dsn(message_id=sent.message_id, to=sent.address)
        (stack.home.parent / "bounces" / "new" / "1").write_bytes(report)
        assert stack.run("every-5-minutes")["state_type"] == "COMPLETED"
        with ledger.read() as conn:
            assert letters.one(conn, sent.id).state == "bounced"
    (letter,) = eventually(lambda: alarms("被退回", source=""))
    assert f"- {sent.address}" in letter.get_content()


def test_a_failed_sweep_makes_a_letter_that_names_it(stack, alarms):
    assert stack.run(PLAN, jurisdiction="nowhere", on="2014-01-06")["state_type"] == "FAILED"
    (letter,) = eventually(lambda: alarms("運行失敗", source="sweep"))
    assert f"- {PLAN} / nowhere.{PLAN} 2014-01-06" in letter.get_content()


def test_escalated_duties_make_a_letter_though_each_has_an_event(stack, alarms):
    eventually(lambda: emitted(stack, "duban.escalated"))
    (letter,) = eventually(lambda: alarms("升級督辦", source=""))
    assert f"- {PLAN}/" in letter.get_content()


def test_an_alarm_of_a_kind_nobody_knows_is_refused(stack):
    path = f"deployments/{stack.deployment('operator')}/create_flow_run"
    status, _ = stack._try("POST", path, {"parameters": {"kind": "../../x"}})
    assert status == 409


def test_runs_without_a_deployment_cost_no_automation_anything(stack):
    """A sub-flow has hundreds of siblings, and each match is several writes of the server."""
    if not stack.finished("demo"):  # its sweeps are sub-flows
        stack.run("demo", days=1)
    automations = [Automation.model_validate(a) for a in stack.ask("automations/filter")]
    names = ("prefect.flow-run.heartbeat", "prefect.flow-run.Completed")
    events = [ReceivedEvent.model_validate(e) for name in names for e in emitted(stack, name)]
    deployed = {e.id for e in events if "deployment" in e.resource_in_role}
    assert len(deployed) < len(events)
    matched = {
        event.id
        for event in events
        for automation in automations
        for trigger in automation.triggers()
        if trigger.covers(event)
    }
    assert matched == deployed
