"""An IMAP folder gives each mail once, over TLS, and never longer than it may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tasks.incoming import imap
from tasks.incoming.imap import Account, Folder
from tasks.incoming.source import UnreadableSourceError
from tests.certificates import certificate
from tests.tasks.incoming.imap_server import ImapServer

TODAY = date(2014, 1, 15)


@pytest.fixture
def server(request, tmp_path):
    served, trusted = certificate(tmp_path)
    with ImapServer(served, starttls=hasattr(request, "param")) as server:
        server.client = trusted
        server.mails = {3: b"three", 8: b"eight"}
        yield server


@pytest.fixture
def account(server):
    return Account("127.0.0.1", server.port, "duban", "secret", "退信", starttls=server.starttls)


@pytest.fixture
def read(server, account, tmp_path):
    """Return a function that reads what has arrived; it is told which mails are read."""

    def read(*done, account=account):
        with Folder(account, home=tmp_path, on=TODAY, trust=server.client) as folder:
            contents = []
            for content, finish in folder.arrivals():
                contents.append(content)
                finish(content in done)
            return contents

    return read


def test_each_mail_is_given_once_and_only_what_was_read_is_marked(server, read):
    assert read(b"three") == [b"three", b"eight"]
    assert server.seen == {3}
    assert read() == []
    server.mails[9] = b"nine"
    assert read() == [b"nine"]
    assert "SEARCH UID 1:* SINCE 16-Dec-2013" in server.commands


@pytest.mark.parametrize("server", ["starttls"], indirect=True)
def test_a_line_that_begins_in_plain_text_is_encrypted_before_the_login(server, read):
    assert read() == [b"three", b"eight"]
    names = [command.split()[0] for command in server.commands]
    assert names.index("STARTTLS") < names.index("LOGIN")


def test_what_was_not_finished_is_given_again(server, account, tmp_path):
    with Folder(account, home=tmp_path, on=TODAY, trust=server.client) as folder:
        assert [each.content for each in folder.arrivals()] == [b"three", b"eight"]
        assert [each.content for each in folder.arrivals()] == [b"three", b"eight"]


def test_a_folder_made_anew_is_read_anew(server, read):
    read()
    server.validity = 8
    assert read() == [b"three", b"eight"]


def test_a_refused_login_shows_nothing_of_the_password(account, read):
    with pytest.raises(UnreadableSourceError) as refused:
        read(account=replace(account, password="hunter2"))
    assert "hunter2" not in f"{refused.value} {refused.value.values} {account!r}"
    assert "secret" not in repr(account)


def test_a_folder_that_is_not_there_is_an_error_not_an_empty_one(account, read):
    with pytest.raises(UnreadableSourceError):
        read(account=replace(account, folder="INBOX"))


def test_an_unknown_certificate_is_not_trusted(account, tmp_path):
    folder = Folder(account, home=tmp_path, on=TODAY)
    with pytest.raises(UnreadableSourceError, match="certificate"), folder:
        pass


@pytest.mark.parametrize("fault", ["flooding", "silent"])
def test_a_server_that_never_ends_its_answer_is_a_failure(server, read, fault, monkeypatch):
    monkeypatch.setattr(imap, "REQUEST", 0.3)
    monkeypatch.setattr(imap._Bounded, "_left", 1_000_000)
    setattr(server, fault, True)
    with pytest.raises(UnreadableSourceError):
        read()
