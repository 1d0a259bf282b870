"""`duban bounce`: a mail that came back, from a file or a pipe."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from ledger.offices.installation import load_settings
from ledger.post import letters
from ledger.session import Ledger
from tests.tasks.incoming.samples import dsn, plain
from tests.world import ISSUED, small_plan


@pytest.fixture
def letter(duban, tmp_path):
    """A letter to the city that has left."""
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert (
        duban(
            "plan", "publish", str(tmp_path / f"{plan.plan}.toml"), "--start-on", "2013-08-05"
        ).code
        == 0
    )
    assert duban("agency", "contact", "city", "officer", "li@cast.example").code == 0
    assert duban("sweep", "--on", str(ISSUED), "--confirm").code == 0
    assert duban("deliver", "--on", str(ISSUED)).code in {0, 6}
    with Ledger.open(load_settings()) as ledger, ledger.read() as conn:
        (sent,) = letters.listed(conn, state="sent")
    return sent


@pytest.fixture
def mail(letter, tmp_path):
    """Return a function that writes a report about the letter, or another mail, into a file."""

    def mail(content=None, **changes):
        changes = {"message_id": letter.message_id, "to": letter.address, **changes}
        file = tmp_path / "mail.eml"
        file.write_bytes(content or dsn(**changes))
        return str(file)

    return mail


def state(letter):
    with Ledger.open(load_settings()) as ledger, ledger.read() as conn:
        return letters.one(conn, letter.id).state


def test_a_report_marks_its_letter(duban, letter, mail):
    tried = duban("bounce", mail(), "--dry-run", "--json")
    assert (tried.code, tried.json["outcome"], state(letter)) == (0, "bounced", "sent")
    said = duban("bounce", mail(), "--json")
    named = {"id": letter.id, "channel": "mail", "address": "li@cast.example"}
    named["message_id"] = letter.message_id
    assert said.json == {"outcome": "bounced", "letters": [named], "dry_run": False}
    assert state(letter) == "bounced"
    assert duban("bounce", mail()).out == "known li@cast.example\n"


def test_what_is_no_report_of_ours_changes_nothing(duban, letter, mail):
    for code, changes in (
        (0, {"content": plain("Precedence: bulk")}),
        (3, {"to": "other@cast.example"}),
        (3, {"message_id": "<x@elsewhere.example>"}),
        (4, {"content": plain("Subject: duties")}),
        (4, {"content": b"\0"}),
    ):
        said = duban("bounce", mail(**changes))
        assert (said.code, said.err.count("\n")) == (code, min(code, 1))
    assert duban("bounce", "nowhere.eml").code == 3
    assert state(letter) == "sent"


def test_a_mail_is_read_from_a_pipe_to_its_end(duban, mail, monkeypatch):
    content = BytesIO(Path(mail()).read_bytes() + b"x" * 3_000_000)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(content))
    assert duban("bounce").out == "bounced li@cast.example\n"
    assert content.read() == b""


def test_a_delivery_reads_the_mailbox(duban, letter, mail, tmp_path, monkeypatch):
    monkeypatch.setenv("DUBAN_BOUNCES", f"maildir:{tmp_path}/mail")
    said = duban("deliver", "--on", str(ISSUED))
    assert (said.code, "no Maildir" in said.err) == (6, True)
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    Path(mail()).rename(tmp_path / "mail" / "new" / "1")
    said = duban("deliver", "--on", str(ISSUED), "--json")
    assert (said.code, said.json["bounced"], state(letter)) == (6, 1, "bounced")
