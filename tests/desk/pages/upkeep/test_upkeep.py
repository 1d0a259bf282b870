"""Upkeep by the administrator: the doctor's findings, backups, and the channels."""

from __future__ import annotations

import datetime as dt
import json
import threading
import zipfile
from dataclasses import replace

import pytest

from catalog.wording import texts
from ledger.post import channel_stops
from ledger.store.changes import Change
from tasks.upkeep import backups

PAGES = ("/settings/doctor", "/settings/backup", "/settings/channels")
BACKUP, CHANNELS = "/settings/backup", "/settings/channels"


@pytest.fixture
def lin(signed_in):
    return signed_in("lin")


@pytest.mark.parametrize("path", PAGES)
def test_only_the_administrator_enters(signed_in, path):
    assert {signed_in(user).get(path).status_code for user in ("li", "he", "chen")} == {403}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_each_page_reads_in_every_language(lin, path, lang):
    lin.post_form("/language", to=lang, then="/account")
    assert lin.get(path).status_code == 200


def test_the_doctor_says_what_needs_a_person_and_where_it_is_done(lin):
    page = lin.get("/settings/doctor").text
    assert "通知中沒有指向本系統的鏈接" in page
    assert "在機器上運行 duban doctor" in page
    assert 'href="/settings"' in page


def test_a_backup_is_taken_now_and_listed(lin, desk_ledger):
    assert "沒有已知的備份" in lin.get(BACKUP).text
    begun = lin.post_form(BACKUP, shown_on=BACKUP)
    assert begun.status_code == 200
    _wait(desk_ledger)
    (copy,) = backups.listed(desk_ledger.settings)
    page = lin.get(BACKUP).text
    assert copy.name in page
    assert "沒有已知的備份" not in page
    file = backups.folder(desk_ledger.settings) / copy.name
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("manifest.json"))["entries"] > 0
    assert f'href="{BACKUP}/' not in page  # not to be downloaded


def test_one_backup_runs_at_a_time_and_its_progress_is_shown(lin, desk_ledger, clock):
    folder = backups.folder(desk_ledger.settings)
    folder.mkdir(exist_ok=True)
    with (folder / backups.LOCK).open("a+") as lock:
        assert backups._is_free(lock)
        lock.write(clock().isoformat())
        lock.flush()
        (folder / ".duban-1.zip.part").write_bytes(b"x" * 3_000_000)
        page = lin.get(BACKUP)
        assert "正在備份" in page.text
        assert "2.9 MB" in page.text
        assert page.headers["Refresh"].startswith("3;")
        assert lin.post_form(BACKUP, shown_on=BACKUP).status_code == 409
    assert "上一次備份中斷" in lin.get(BACKUP).text
    lin.post_form(BACKUP, shown_on=BACKUP)
    _wait(desk_ledger)
    assert [path.name for path in folder.glob(".*.part")] == []


def test_a_backup_that_fails_says_why(lin, desk_ledger, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.backup.write", full)
    lin.post_form(BACKUP, shown_on=BACKUP)
    _wait(desk_ledger)
    assert "No space left on device" in lin.get(BACKUP).text


def test_a_backup_kept_elsewhere_counts_too(lin, desk_ledger, clock):
    at = clock() - dt.timedelta(days=5)
    backups.note(desk_ledger.settings, "elsewhere.zip", at=at, faults=1)
    page = lin.get(BACKUP).text
    assert "elsewhere.zip" in page
    assert "距今已5天" in page


def test_channels_are_shown_without_their_secrets(lin, desk_ledger):
    channels = {"wecom": "wecombot://a-secret-key/", "sms": "twilio://sid:token@+15550100"}
    mail = "smtps://office:hunter2@mail.example.org:465"
    settings = replace(desk_ledger.settings, channels=channels, mail_url=mail)
    desk_ledger.settings = settings
    page = lin.get(CHANNELS).text
    assert "mail.example.org" in page
    assert "wecombot" in page
    assert "每 60 秒最多 20 條" in page
    assert [s for s in ("hunter2", "a-secret-key", "token@", "sid") if f">{s}" in page] == []
    assert "hunter2" not in page


def test_a_stopped_channel_says_why_and_is_tried_again(lin, desk_ledger, clock):
    values = {"channel": "mail", "kind": "stopped", "reason": "535 wrong password", "words": "x"}
    row = Change("channel_stops", "stop", values | {"since": clock()}, "insert")
    with desk_ledger.transaction() as tx:
        tx.record("channel-stopped", "mail", changes=[row], at=clock(), actor="duban")
    assert "535 wrong password" in lin.get(CHANNELS).text
    page = lin.post_form(f"{CHANNELS}/resume", shown_on=CHANNELS, channel="mail")
    assert "將再試該渠道" in page.text
    with desk_ledger.read() as conn:
        assert channel_stops.current(conn) == {}
    again = lin.post_form(f"{CHANNELS}/resume", shown_on=CHANNELS, channel="mail")
    assert again.status_code == 409


def test_a_test_letter_leaves_by_a_channel_to_an_address(lin, desk_ledger):
    values = {"channel": "mail", "address": "me@example.invalid"}
    page = lin.post_form(f"{CHANNELS}/test", shown_on=CHANNELS, **values)
    assert "me@example.invalid：服務器已接收" in page.text
    letters = list((desk_ledger.settings.home / "outbox").rglob("*"))
    assert any(b"me@example.invalid" in f.read_bytes() for f in letters if f.is_file())


@pytest.mark.parametrize(
    ("channel", "address", "field"),
    [
        ("mail", "me＠example.invalid", "address"),
        ("mail", "a@example.invalid, b@example.invalid", "address"),
        ("mail", "", "address"),
        ("pigeon", "me@example.invalid", "channel"),
    ],
)
def test_what_is_wrong_with_a_test_letter_stands_at_its_field(lin, channel, address, field):
    values = {"channel": channel, "address": address}
    page = lin.post_form(f"{CHANNELS}/test", shown_on=CHANNELS, **values)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text


def test_every_finding_has_a_name_and_a_remedy_or_the_operators():
    words = texts("en")
    says = {key.split(".")[-1] for key in words if key.startswith("doctor.says.")}
    remedies = {key.split(".")[-1] for key in words if key.startswith("doctor.do.")}
    assert remedies - says == {"operator"}


def _wait(ledger):
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join(30)
    assert backups.running(ledger.settings) is None
