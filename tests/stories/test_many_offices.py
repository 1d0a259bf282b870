"""Two offices in one installation, alike in every id and login: neither knows of the other."""

from __future__ import annotations

import io
from contextlib import ExitStack
from datetime import date, timedelta
from hashlib import sha256

import pytest

from ledger.backup import restore, write
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from ledger.proof import anchors, chain
from ledger.proof.ledger_verification import differences, verify_ledger
from ledger.session import Ledger
from tasks.deeds import raising
from tasks.offices.add import add
from tasks.proof.anchor import anchor
from tasks.tick import Tick
from tests.databases import rows
from tests.world import ISSUED, PostOffice, World, called, small_plan

KEY = "small-2013/1.report/city/once"
DUE = {"id": "report", "parties": ["city"], "due_on": date(2013, 8, 20)}
PROVINCE, TOWN = "", "town"
WORDS = {PROVINCE: "planted-in-the-province", TOWN: "planted-in-the-town"}


@pytest.fixture
def offices(database, home, tmp_path, monkeypatch):
    """Both have a plan of one code with one duty, and people of one name; each its own post."""
    posts = {name: PostOffice() for name in WORDS}
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda s, _name, **_: posts[s.jurisdiction])
    settings = database.settings(home)
    add(settings, Jurisdiction(TOWN, "鎮督辦室"))
    plan = small_plan(tmp_path, DUE)
    with ExitStack() as open_ones:
        worlds = {}
        for name, word in WORDS.items():
            ledger = open_ones.enter_context(Ledger.open(settings_of(settings, name)))
            worlds[name] = World(ledger, posts[name])
            worlds[name].publish(called(plan, "office", word))
        yield worlds
        for name in WORDS:
            worlds[name].calm()


def speak(world, word):
    """Have `word` stand wherever people put words: in a row, an entry, a file, a letter."""
    paper = f"%PDF-1.4 {word}".encode()
    world.ledger.evidence.bring(io.BytesIO(paper), sha256(paper).hexdigest())
    raising.raise_problem(world.ledger, KEY, world.act("city/officer"), text=word)


def entries(world):
    with world.ledger.read() as conn:
        return list(chain.entries(conn))


def is_sound(world):
    with world.ledger.read() as conn:
        known = anchors.anchors(world.ledger.settings.home)
        faults = [*differences(conn), *world.ledger.evidence.faults(conn)]
        return known and verify_ledger(conn, known).ok and not faults


def held(world):
    """Return all that is kept of an office, in its database and in the files of its home."""
    settings = world.ledger.settings
    with world.ledger.read() as conn:
        told = str(rows(conn))
    others = settings.home / "jurisdictions"
    files = [f for f in settings.home.rglob("*") if f.is_file() and not f.is_relative_to(others)]
    return told.encode() + b"".join(file.read_bytes() for file in files)


def test_each_sweeps_and_tells_its_own_duty_of_one_key(offices):
    province, town = offices.values()
    province.day(ISSUED)

    assert [letter.to for letter in town.post.letters] == []
    assert town.duties() == []
    first = province.expect("city/officer", ISSUED, "issue")
    province.expect("trade/officer", ISSUED, "issue")

    town.day(ISSUED)
    second = town.expect("city/officer", ISSUED, "issue")
    town.expect("trade/officer", ISSUED, "issue")
    assert province.duty(KEY) == town.duty(KEY)
    assert first.letter.message_id != second.letter.message_id


def test_what_an_agency_does_in_one_is_not_done_in_the_other(offices):
    province, town = offices.values()
    for world in offices.values():
        world.day(ISSUED)
        world.post.letters.clear()
    town.acknowledge(KEY)
    town.file(KEY)
    town.post.letters.clear()

    assert town.duty(KEY).filed_on == ISSUED
    assert province.duty(KEY).filed_on is None
    assert not {entry.deed for entry in entries(province)} & {"acknowledged", "filed"}


def test_each_chain_stands_alone(offices):
    for world in offices.values():
        for day in (ISSUED, ISSUED + timedelta(days=1)):
            world.day(day)
            anchor(world.ledger, Tick("small-2013", day, world.at))
        world.post.letters.clear()
    province, town = offices.values()
    before = entries(province)

    town.acknowledge(KEY)

    assert entries(province) == before
    assert all(is_sound(world) for world in offices.values())
    assert {e.hash for e in entries(province)}.isdisjoint(e.hash for e in entries(town))


def test_no_word_of_one_lies_where_the_other_keeps_its_own(offices):
    for name, world in offices.items():
        world.day(ISSUED)
        speak(world, WORDS[name])
        world.deliver()
        world.post.letters.clear()

    for name, world in offices.items():
        told = held(world)
        assert told.count(WORDS[name].encode()) > 3
        assert [w for w in WORDS.values() if w.encode() in told] == [WORDS[name]]


def test_a_backup_of_one_brought_back_leaves_the_other(offices):
    province, town = offices.values()
    for world in offices.values():
        world.day(ISSUED)
        world.post.letters.clear()
    copy = town.ledger.settings.home / "town.zip"
    with copy.open("wb") as file:
        write(town.ledger, file, at=town.at)
    before = entries(province)

    village = Jurisdiction("village", "村")
    add(province.ledger.settings, village)
    with Ledger.open(settings_of(province.ledger.settings, village.id)) as brought:
        restore(brought, copy)
        with brought.read() as conn:
            assert list(chain.entries(conn)) == entries(town)
            assert list(differences(conn)) == []
    assert entries(province) == before
