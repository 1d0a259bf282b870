"""The file outbox: whole letters under their day, one file a letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from tasks.letters.letter_format import Letter, mime
from tasks.post.channels.channel import TryAgainError
from tasks.post.channels.files import FileChannel

if TYPE_CHECKING:
    from pathlib import Path

LETTER = Letter(
    message_id="<0123456789abcdef@duban.example>",
    sender="duban@duban.example",
    to="officer@dept.example",
    subject="【綠燈】召開會議",
    body="請於2014年6月30日或之前完成\n",
    date=dt.datetime(2014, 5, 30, 0, 30, tzinfo=dt.UTC),
)


def test_a_letter_is_a_file_under_its_day(tmp_path: Path):
    FileChannel(tmp_path / "outbox").send(LETTER)
    (file,) = (tmp_path / "outbox" / "2014-05-30").iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == mime(LETTER)
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == LETTER.subject


def test_a_second_try_replaces_the_first(tmp_path: Path):
    with FileChannel(tmp_path) as channel:
        channel.send(LETTER)
        channel.send(LETTER)
    assert len(list(tmp_path.rglob("*"))) == 2  # the day and the letter


@pytest.mark.parametrize(
    "name", ["<../../etc/passwd@x>", "</abs@x>", "<..@x>", "<a\0b@x>", "<" + "a" * 300 + ">"]
)
def test_no_message_id_leaves_the_outbox(name: str, tmp_path: Path):
    FileChannel(tmp_path / "outbox").send(replace(LETTER, message_id=name))
    (file,) = (p for p in tmp_path.rglob("*") if p.is_file())
    assert file.parent == tmp_path / "outbox" / "2014-05-30"


def test_an_outbox_that_cannot_be_written_is_tried_again(tmp_path: Path):
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(TryAgainError) as caught:
        FileChannel(tmp_path / "outbox").send(LETTER)
    assert caught.value.whole_channel
