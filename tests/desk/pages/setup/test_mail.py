"""The mail server that an office chooses, and its test letter."""

from __future__ import annotations

import pytest

from ledger.office_file import office_values
from ledger.proof import chain
from tasks.post import lines
from tests.desk.pages.setup.way import founded, post
from tests.tasks.post.sink import Sink


def test_a_mail_server_is_kept_in_the_home_and_never_told(browser, code, home, ledger_of_it):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "user": "duban"}
    secret = "s3cret words"
    answer = post(browser, "/setup/mail", password=secret, mail_from="duban@city.example", **fields)
    assert (answer.status_code, secret in answer.text) == (200, False)
    file = home / "office.toml"
    assert file.stat().st_mode & 0o077 == 0
    assert office_values(home)["mail_url"] == "smtp://duban:s3cret%20words@127.0.0.1:2"
    with ledger_of_it.read() as conn:
        assert "s3cret" not in str(list(chain.entries(conn)))
    again = post(browser, "/setup/mail", mail_from="d@city.example", **fields)  # the former one
    assert again.status_code == 200
    assert "s3cret%20words" in office_values(home)["mail_url"]
    elsewhere = {**fields, "host": "evil.example"}
    post(browser, "/setup/mail", mail_from="d@city.example", **elsewhere)
    assert "s3cret" not in office_values(home)["mail_url"]


def test_a_test_letter_gives_the_answer_of_the_server(browser, code):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "mail_from": "d@city.example"}
    post(browser, "/setup/mail", **fields)
    answer = post(browser, "/setup/mail/test", to="li@city.example")
    assert "服务器答复" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"host": "two words"}, {"port": "x"}, {"mail_from": "x"}, {"base_url": "ftp://x"}]
)
def test_a_mail_server_that_is_none_is_refused(browser, code, home, wrong):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "mail_from": "d@city.example"}
    assert post(browser, "/setup/mail", **fields | wrong).status_code == 422
    assert "mail_url" not in office_values(home)


def test_a_server_that_trickles_is_given_up(browser, code, monkeypatch):
    monkeypatch.setattr(lines, "LETTER", 0.3)
    founded(browser, code)
    with Sink(slow={"li@city.example"}) as sink:
        fields = {"host": "127.0.0.1", "port": str(sink.port), "way": "none"}
        post(browser, "/setup/mail", mail_from="d@city.example", **fields)
        answer = post(browser, "/setup/mail/test", to="li@city.example")
    assert "not over within 0.3 s" in answer.text


def test_a_server_that_is_set_outside_cannot_be_changed(browser, code, home, monkeypatch):
    monkeypatch.setenv("DUBAN_MAIL_URL", "smtp://relay.example:25")
    founded(browser, code)
    assert "DUBAN_MAIL_URL" in browser.get("/setup/mail").text
    fields = {"host": "evil.example", "port": "25", "way": "none", "mail_from": "d@city.example"}
    post(browser, "/setup/mail", **fields)
    assert "mail_url" not in office_values(home)


def test_a_mail_server_is_set_after_the_beginning_too(browser, code, home, ledger_of_it):
    founded(browser, code)
    post(browser, "/setup/plan", of="catalogue", plan="kindergartens-2019")
    post(browser, "/setup/go", knowingly="yes")
    assert "/settings/mail" in browser.get("/settings").text
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "mail_from": "d@city.example"}
    shown_on = "/settings/mail"
    wrong = browser.post_form(shown_on, shown_on=shown_on, **fields | {"port": "x"})
    assert wrong.status_code == 422
    assert browser.post_form(shown_on, shown_on=shown_on, **fields).status_code == 200
    assert office_values(home)["mail_url"] == "smtp://127.0.0.1:2"
    answer = browser.post_form(f"{shown_on}/test", shown_on=shown_on, to="li@city.example")
    assert "服务器答复" in answer.text
    with ledger_of_it.read() as conn:
        (entry,) = [e for e in chain.entries(conn) if e.deed == "mail-set"]
    assert entry.payload == {"changes": [], "server": "127.0.0.1"}
