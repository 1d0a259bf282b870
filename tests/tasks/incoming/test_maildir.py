"""A Maildir gives each mail once, and keeps it."""

from __future__ import annotations

import os

import pytest

from tasks.incoming.mail import LARGEST
from tasks.incoming.maildir import Maildir
from tasks.incoming.source import UnreadableSourceError


@pytest.fixture
def folder(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def names(folder, name):
    return sorted(path.name for path in (folder / name).iterdir())


def test_mail_is_given_in_order_and_passes_on_as_read_or_as_new(folder):
    for name in ("2.b.host", "1.a.host"):
        (folder / "new" / name).write_text(name)
    with Maildir(folder) as source:
        for content, finish in source.arrivals():
            finish(content == b"1.a.host")
        assert list(source.arrivals()) == []
    assert names(folder, "cur") == ["1.a.host:2,S", "2.b.host:2,"]


def test_what_was_not_finished_is_given_again(folder):
    (folder / "new" / "1").write_text("x")
    with Maildir(folder) as source:
        assert len(list(source.arrivals())) == len(list(source.arrivals())) == 1


def test_two_readers_at_once_lose_nothing(folder):
    (folder / "new" / "1").write_text("x")
    with Maildir(folder) as one, Maildir(folder) as two:
        (first,), (second,) = list(one.arrivals()), list(two.arrivals())
        read = True
        first.finish(read)
        second.finish(read)
    assert names(folder, "cur") == ["1:2,S"]


def test_links_pipes_and_folders_are_left_where_they_are(folder, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (folder / "new" / "link").symlink_to(tmp_path / "secret")
    (folder / "new" / "folder").mkdir()
    os.mkfifo(folder / "new" / "pipe")
    with Maildir(folder) as source:
        assert list(source.arrivals()) == []
    assert names(folder, "new") == ["folder", "link", "pipe"]


def test_only_the_beginning_of_a_large_mail_is_read(folder):
    with (folder / "new" / "1").open("wb") as file:
        file.truncate(50_000_000)
    with Maildir(folder) as source:
        assert [len(each.content) for each in source.arrivals()] == [LARGEST]


def test_a_folder_that_is_no_maildir_is_named(tmp_path):
    with pytest.raises(UnreadableSourceError, match="no Maildir"), Maildir(tmp_path):
        pass
