"""A round of reading records each mail in the office it belongs to, and lets go of it."""

from __future__ import annotations

import pytest

from tasks.incoming import reading
from tasks.incoming.maildir import Maildir
from tasks.incoming.reading import read, take
from tests.tasks.incoming import samples


@pytest.fixture
def maildir(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


def fill(maildir, *contents):
    for number, content in enumerate(contents):
        (maildir / "new" / f"{number}").write_bytes(content)


def test_a_round_counts_what_became_of_each_and_names_what_is_left(world, maildir, report):
    away, person = samples.plain("Precedence: bulk"), samples.plain("Subject: duties")
    fill(maildir, report(), report(), away, person, samples.dsn(), b"--" * 300_000)
    reasons = []
    counts = read(Maildir(maildir), [world.ledger], lambda _: world.at, left=reasons.append)
    assert counts == {"bounced": 1, "known": 1, "automatic": 1, "left": 2, "foreign": 1}
    assert reasons == [f"a report about {samples.TO}, of no letter that was sent there"]
    names = {path.name for path in (maildir / "cur").iterdir()}
    assert names == {"0:2,S", "1:2,S", "2:2,S", "3:2,", "4:2,", "5:2,"}


def test_the_office_whose_letter_it_is_records_it(world, report, database, tmp_path):
    with database.open(tmp_path / "other") as other:
        outcome = take(report(), [other, world.ledger], lambda _: world.at)
    assert (outcome.word, len(outcome.letters)) == ("bounced", 1)


def test_a_round_has_an_end(world, maildir, report, monkeypatch):
    monkeypatch.setattr(reading, "ROUND", 0.0)
    fill(maildir, report(), report())
    assert read(Maildir(maildir), [world.ledger], lambda _: world.at, left=print).total() == 1
    assert len(list((maildir / "new").iterdir())) == 1


def test_an_answer_to_no_meeting_of_ours_is_left(world):
    outcome = take(samples.answer(), [world.ledger], lambda _: world.at)
    assert (outcome.word, bool(outcome.reason)) == ("left", True)
