"""Filings are proved by files, and the files are verified again."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from catalog.duties.file_types import media_type
from catalog.errors import ConflictError
from ledger.duties import life
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from tasks.deeds import answering, deciding
from tasks.deeds.evidence import required_labels
from tasks.demo.evidence import papers, pdf
from tasks.in_force import in_force
from tests.world import ISSUED, dump, small_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.world import World

KEY = "small-2013/1.meeting/-/2013"
TRADE = "trade/officer"


@pytest.fixture
def meeting(world: World, tmp_path: Path) -> World:
    rule = {"id": "meeting", "kind": "meeting", "recurrence": "yearly", "quota": {"min": 2}}
    world.publish(small_plan(tmp_path, rule | {"evidence": ["minutes", "attendance"]}))
    world.sweep(ISSUED)
    return world


def file(world: World, labels: Sequence[str]) -> None:
    with papers(world.ledger, labels, "聯席會議", on=world.today) as files:
        answering.file_submission(
            world.ledger, KEY, world.act(TRADE), summary="已完成", evidence=files
        )


def deliver(world: World, labels: Sequence[str]) -> None:
    with papers(world.ledger, labels, "聯席會議", on=world.today) as files:
        answering.deliver_item(
            world.ledger, KEY, world.act(TRADE), title="第一次會議", evidence=files
        )


def kept(world: World) -> list[Path]:
    return [path for path in world.ledger.evidence.root.rglob("*") if path.is_file()]


def proofs(world: World) -> list[tuple[str, bool]]:
    with world.ledger.read() as conn:
        return sorted((e.kind, e.item is not None) for e in life.evidence(conn, KEY))


@pytest.mark.parametrize(
    ("brought", "rule"),
    [
        ([], "rule-evidence-minutes"),
        (["attendance", "photo"], "rule-evidence-minutes"),
        (["minutes"], "rule-evidence-attendance"),
    ],
)
def test_a_filing_without_its_evidence_is_refused_and_changes_nothing(meeting, brought, rule):
    before = dump(meeting.ledger)

    with pytest.raises(ConflictError) as refused:
        file(meeting, brought)

    assert refused.value.key == rule
    assert dump(meeting.ledger) == before
    assert kept(meeting) == []


def test_a_filing_brings_what_the_rule_asks_for(meeting):
    file(meeting, ["minutes", "attendance"])

    assert proofs(meeting) == [("attendance", False), ("minutes", False)]
    assert len(kept(meeting)) == 2


def test_what_came_with_the_meetings_need_not_come_again(meeting):
    deliver(meeting, ["minutes"])
    deliver(meeting, ["minutes", "attendance"])
    file(meeting, [])

    assert proofs(meeting) == [("attendance", True), ("minutes", True), ("minutes", True)]


def test_what_came_with_a_filing_that_was_given_back_must_come_again(meeting):
    file(meeting, ["minutes", "attendance"])
    deciding.give_back(meeting.ledger, KEY, meeting.act("office/officer"), reason="缺公章")

    with pytest.raises(ConflictError) as refused:
        file(meeting, ["attendance"])
    file(meeting, ["minutes", "attendance"])

    assert refused.value.key == "rule-evidence-minutes"
    assert len(proofs(meeting)) == 4


def test_the_rule_of_a_duty_stands_in_the_plan(meeting):
    with meeting.ledger.read() as conn:
        edition = in_force(conn, "small-2013")

    assert required_labels(edition, meeting.duty(KEY)) == ("minutes", "attendance")


def test_a_dry_run_keeps_no_file(meeting):
    before = dump(meeting.ledger)
    with (
        papers(meeting.ledger, ["minutes", "attendance"], "聯席會議", on=ISSUED) as files,
        meeting.ledger.rehearsal() as rehearsed,
    ):
        act = meeting.act(TRADE)
        answering.file_submission(rehearsed, KEY, act, summary="已完成", evidence=files)

    assert dump(meeting.ledger) == before
    assert kept(meeting) == []


def test_papers_that_were_exchanged_are_found_by_the_reviewer(meeting):
    file(meeting, ["minutes", "attendance"])
    minutes, attendance = kept(meeting)
    whole = minutes.read_bytes()
    minutes.write_bytes(attendance.read_bytes())

    with meeting.ledger.read() as conn:
        (entry,) = [e for e in chain.entries(conn, subject=KEY) if e.deed == "filed"]
        found = verify_ledger(conn, also=meeting.ledger.evidence.faults(conn))

    (fault,) = found.faults
    assert not found.ok
    assert fault.seq == entry.seq
    assert fault.what.startswith("swapped for ")
    minutes.write_bytes(whole)


def test_the_demonstrations_papers_are_the_same_every_time():
    lines = ["會議紀要", "聯席會議"]

    assert media_type("a.pdf", io.BytesIO(pdf(lines))) == "application/pdf"
    assert pdf(lines) == pdf(lines)
