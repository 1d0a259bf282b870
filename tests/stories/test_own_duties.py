"""In a fan-out each party has a duty of its own: it hears of no other, and helps itself not."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.duties import conditions, duties, life
from ledger.store.changes import Change
from tasks.deeds import deciding
from tests.world import CAST, ISSUED, small_plan

OWN, OTHER = "small-2013/1.report/city/once", "small-2013/1.report/town/once"
TOWN = {"name": "深圳市人民政府", "kind": "city"}


@pytest.fixture
def lived(world, tmp_path, monkeypatch):
    """Two cities, both participants of the measure, each file a report; the museum supports."""
    monkeypatch.setitem(CAST, "town", TOWN)
    parties = ["city", "town"]
    plan = small_plan(tmp_path, {"parties": parties}, participants=[*parties, "stranger"])
    world.publish(plan)
    world.day(ISSUED)
    return world


def test_a_party_is_no_participant_of_its_own_duty_or_of_its_sisters(lived):
    assert {d.key: d.participants for d in lived.duties()} == {
        OWN: ("stranger",),
        OTHER: ("stranger",),
    }
    lived.post.letters.clear()


def test_each_party_hears_of_its_own_duty_alone(lived):
    """The lead and who supports hear of all."""
    for city, key in (("city", OWN), ("town", OTHER)):
        assert lived.expect(f"{city}/officer", ISSUED, "issue").notices == {(key, "issue")}
    for everybody in ("trade", "stranger"):
        letter = lived.expect(f"{everybody}/officer", ISSUED, "issue")
        assert letter.notices == {(OWN, "issue"), (OTHER, "issue")}
    lived.calm()


def stamped_before(world) -> None:
    """Give both duties the participants with which they were once created."""
    everybody = ("city", "town", "stranger")
    with world.ledger.transaction() as tx:
        rows = [Change("duties", key, {"participants": everybody}) for key in (OWN, OTHER)]
        tx.record("amended", OWN, changes=rows, at=world.at, actor="test")


def test_duties_of_an_earlier_version_are_read_alike(lived):
    """Their rows stay as the history made them; lists, letters and rights leave the doers out."""
    stamped_before(lived)
    assert lived.duty(OWN).participants == ("stranger",)
    with lived.ledger.read() as conn:
        concerning = {
            agency: [d.key for d in duties.chosen(conn, conditions.concerning([agency]))]
            for agency in ("city", "town", "stranger")
        }
        assert not life.problems(conn, OWN)
    assert concerning == {"city": [OWN], "town": [OTHER], "stranger": [OWN, OTHER]}
    lived.post.letters.clear()


def test_the_lead_reads_of_all_parties_in_one_item(lived):
    """How many have done it, and who is asked: not a line for each."""
    letter = lived.expect("trade/officer", ISSUED, "issue").letter
    assert "承辦單位：廣州市人民政府、深圳市人民政府" in letter.body
    assert "已報情況：全部2個承辦單位中0個已辦結" in letter.body
    assert "\n2. " not in letter.body
    city = lived.expect("city/officer", ISSUED, "issue").letter
    assert "深圳" not in city.body
    assert "個承辦單位" not in city.body
    lived.post.letters.clear()


def test_the_lead_reads_how_many_are_done_when_one_is_late(lived):
    """A single line of several parties says it too."""
    lived.acknowledge(OWN)
    lived.acknowledge(OTHER)
    lived.file(OWN)
    deciding.accept(lived.ledger, OWN, lived.act("trade/officer"))
    lived.close(OWN)
    lived.until(date(2014, 1, 1))
    lived.post.letters.clear()
    lived.day(date(2014, 1, 2))
    letter = lived.expect("trade/officer", date(2014, 1, 2), "late-1").letter
    assert "承辦單位：深圳市人民政府" in letter.body
    assert "已報情況：全部2個承辦單位中1個已辦結；" in letter.body
    lived.post.letters.clear()
