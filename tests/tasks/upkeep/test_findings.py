"""Findings of the doctor: late backups, a full disk, and a mailbox that never answers."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from dataclasses import replace
from typing import NamedTuple

import pytest

from catalog.wording import languages
from tasks.upkeep import backups, doctor, installation_findings
from tasks.upkeep.finding import Finding
from tests.trickling import Trickler
from tests.world import PostOffice, World, small_plan


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"parties": ["city"]}))
    return stage


def check(world, name, *, days=0):
    at = world.at + dt.timedelta(days=days)
    return next(row for row in doctor.findings(world.ledger, at) if row.check == name)


def test_a_ledger_in_use_needs_a_recent_backup(world):
    assert check(world, "backup").ok  # published today
    late = check(world, "backup", days=4)
    assert (late.ok, late.says, late.page) == (False, "backup-none", "/settings/backup")
    at = world.at + dt.timedelta(days=4)
    backups.note(world.ledger.settings, "elsewhere.zip", at=at, faults=0)
    assert check(world, "backup", days=6).ok
    assert not check(world, "backup", days=7).ok


def test_the_backups_of_a_timer_are_seen(world):
    folder = backups.folder(world.ledger.settings)
    folder.mkdir()
    file = folder / "duban-20130804-023000.zip"
    file.write_bytes(b"x")
    at = (world.at + dt.timedelta(days=3)).timestamp()
    os.utime(file, (at, at))
    assert check(world, "backup", days=4).ok


def test_a_disk_nearly_full_needs_a_person(world, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 << 30, 99 << 30, 1 << 29))
    assert check(world, "disk").detail() == "0.5 of 100.0 GB are free"
    assert not check(world, "disk").ok


def test_every_finding_is_said_in_every_language(world):
    rows = doctor.findings(world.ledger, world.at)
    for lang in languages():
        assert all(row.detail(lang) for row in rows)
        assert all(row.remedy(lang) for row in rows if not row.ok)


def test_names_are_listed_up_to_ten():
    row = Finding("positions", ok=False, says="positions", values={"plan": "p", "count": 12})
    names = tuple(f"a{n}/head" for n in range(12))
    text = row._replace(values={**row.values, "names": names}).detail()
    assert text.endswith("a9/head and 2 more")


def test_a_mailbox_that_trickles_keeps_the_doctor_for_its_limit_alone(world, monkeypatch):
    monkeypatch.setattr(installation_findings, "LONGEST", 0.3)
    with Trickler() as server:
        bounces = f"imaps://u:p@{server.address}/INBOX"
        world.ledger.settings = replace(world.ledger.settings, bounces=bounces)
        began = time.monotonic()
        row = check(world, "bounces")
        assert time.monotonic() - began < 5
    assert (row.ok, row.says) == (False, "bounces-unreadable")
