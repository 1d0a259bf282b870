"""Mail against a real server on loopback: the right bytes, one line, each error sorted."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from catalog.errors import InvalidError
from tasks.letters.letter_format import Attachment, Letter
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.channels.mail import MailChannel, parse_server
from tests.certificates import certificate
from tests.tasks.post.sink import Sink
from tests.trickling import EHLO, Trickler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LETTER = Letter(
    message_id="<0123456789abcdef@duban.example>",
    sender="督辦 <duban@duban.example>",
    to="officer@dept.example",
    subject="【綠燈】召開粵港、粵澳合作聯席會議，2014年6月30日到期",
    body="請於2014年6月30日或之前完成：召開會議\n.\n..兩點開頭的一行\n答覆：http://127.0.0.1/\n",
    date=dt.datetime(2014, 5, 30, 0, 30, tzinfo=dt.UTC),
)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def channel(sink: Sink) -> Iterator[MailChannel]:
    with MailChannel(parse_server(sink.url), timeout=5) as channel:
        yield channel


@pytest.mark.parametrize("eight_bit", [True, False])
def test_chinese_arrives_as_it_was_written(eight_bit, sink: Sink, channel: MailChannel):
    sink.eight_bit = eight_bit
    channel.send(LETTER)
    mail = sink.received[0].mail
    assert mail["Subject"] == LETTER.subject
    assert mail.get_content().replace("\r\n", "\n") == LETTER.body
    assert mail["Message-ID"] == LETTER.message_id
    assert mail["From"].addresses[0].display_name == "督辦"
    assert sink.received[0].content.isascii() is not eight_bit


def test_a_domain_of_other_letters_is_written_to_in_ascii(sink: Sink, channel: MailChannel):
    channel.send(replace(LETTER, to="officer@中国.example"))
    assert sink.received[0].recipients == ["officer@xn--fiqs8s.example"]
    assert sink.received[0].mail["To"] == "officer@xn--fiqs8s.example"


def test_the_envelope_has_one_recipient_and_the_bare_sender(sink: Sink, channel: MailChannel):
    channel.send(LETTER)
    assert sink.received[0].recipients == ["officer@dept.example"]
    assert sink.received[0].sender == "duban@duban.example"


def test_many_letters_use_one_connection(sink: Sink, channel: MailChannel):
    for n in range(20):
        channel.send(replace(LETTER, message_id=f"<{n}@duban.example>"))
    assert len(sink.received) == 20
    assert sink.connections == 1


def test_a_line_closed_between_letters_is_opened_anew(sink: Sink, channel: MailChannel):
    sink.hang_up_after = True
    channel.send(LETTER)
    time.sleep(0.2)
    channel.send(LETTER)
    assert [len(sink.received), sink.connections] == [2, 2]


def test_421_on_a_kept_line_is_a_closed_line(sink: Sink, channel: MailChannel):
    channel.send(LETTER)
    sink.answer("MAIL", "421 idle too long")
    channel.send(LETTER)
    assert [len(sink.received), sink.connections] == [2, 2]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 shutting down", "451 busy", "452 full"])
def test_4xx_is_tried_again_and_then_fine(step: str, answer: str, sink: Sink, channel: MailChannel):
    sink.answer(step, answer)
    with pytest.raises(TryAgainError, match=answer) as caught:
        channel.send(LETTER)
    assert caught.value.whole_channel is answer.startswith("421")
    channel.send(LETTER)
    assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "550 no such user"),
        ("RCPT", "553 not allowed"),
        ("DATA", "550 not wanted"),
        ("DATA", "552 too big"),
        ("MAIL", "552 too big"),
    ],
)
def test_5xx_for_the_letter_is_final(step: str, answer: str, sink: Sink, channel: MailChannel):
    sink.answer(step, answer)
    with pytest.raises(RefusedError, match=answer):
        channel.send(LETTER)


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("RCPT", "554 5.7.1 <x>: Relay access denied", "stopped"),
        (
            "RCPT",
            "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
            "stopped",
        ),
        ("MAIL", "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", "stopped"),
        ("RCPT", "550 Connection frequency limited", "slowed"),
        ("RCPT", "450 4.7.1 Error: too much mail from 192.0.2.1", "slowed"),
        ("DATA", "554 DT:SPM 163 smtp5", "stopped"),
        ("DATA", "550 5.7.1 Message rejected as spam", "stopped"),
    ],
)
def test_a_refusal_about_us_stops_the_channel(step, answer, kind, sink, channel):
    sink.answer(step, answer)
    with pytest.raises(ChannelStoppedError) as caught:
        channel.send(LETTER)
    assert answer in caught.value.reason
    assert caught.value.kind == kind
    channel.send(LETTER)


def test_a_greeting_that_is_refused_stops_the_channel(sink: Sink, channel: MailChannel):
    sink.answer("EHLO", "501 5.0.0 Invalid domain name")
    sink.answer("HELO", "501 5.0.0 Invalid domain name")
    with pytest.raises(ChannelStoppedError, match="EHLO: 501"):
        channel.send(LETTER)


@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "452 4.2.2 over quota"])
def test_a_full_mailbox_is_tried_again(answer, sink: Sink, channel: MailChannel):
    sink.answer("RCPT", answer)
    with pytest.raises(TryAgainError) as caught:
        channel.send(LETTER)
    assert (caught.value.is_full, caught.value.whole_channel) == (True, False)


def test_the_name_in_the_greeting_is_the_set_one_or_one_with_a_dot(sink: Sink):
    for helo in ("duban.example.org", None):
        with MailChannel(parse_server(sink.url), helo=helo) as channel:
            channel.send(LETTER)
    set_one, own = sink.greetings
    assert set_one == "duban.example.org"
    assert "." in own


def test_a_letter_too_big_for_the_server_goes_without_its_attachments(sink: Sink):
    sink.size = 5000
    file = Attachment(name="a.xlsx", content_type="application/x", content=b"x" * 5000)
    with MailChannel(parse_server(sink.url)) as channel:
        channel.send(replace(LETTER, attachments=(file,)))
        with pytest.raises(RefusedError, match="the server takes 5000"):
            channel.send(replace(LETTER, body="x" * 6000))
        channel.send(LETTER)
    assert [list(each.mail.iter_attachments()) for each in sink.received] == [[], []]


def test_a_refused_recipient_does_not_harm_the_next(sink: Sink, channel: MailChannel):
    sink.refused["gone@dept.example"] = "550 no such user"
    with pytest.raises(RefusedError):
        channel.send(replace(LETTER, to="gone@dept.example"))
    channel.send(LETTER)
    assert [r.recipients for r in sink.received] == [["officer@dept.example"]]
    assert sink.connections == 1


def test_a_refused_sender_stops_the_channel(sink: Sink, channel: MailChannel):
    sink.answer("MAIL", "550 we do not relay for you")
    with pytest.raises(ChannelStoppedError):
        channel.send(LETTER)


def test_a_server_that_wants_a_login_stops_the_channel(sink: Sink, channel: MailChannel):
    sink.login = ("duban", "s3cret/pass")
    with pytest.raises(ChannelStoppedError, match="530"):
        channel.send(LETTER)


def test_the_login_of_the_url_is_percent_decoded():
    with Sink(login=("duban@x", "s3cret/p@ss")) as sink:
        url = f"smtp://duban%40x:s3cret%2Fp%40ss@127.0.0.1:{sink.port}"
        with MailChannel(parse_server(url)) as channel:
            channel.send(LETTER)
    assert len(sink.received) == 1


def test_a_refused_login_stops_the_channel_and_tells_no_password():
    with Sink(login=("duban", "right")) as sink:
        channel = MailChannel(parse_server(f"smtp://duban:wr0ng-one@127.0.0.1:{sink.port}"))
        with pytest.raises(ChannelStoppedError, match="535") as caught:
            channel.send(LETTER)
    assert "wr0ng-one" not in f"{caught.value!r} {caught.value.values} {channel!r}"
    assert sink.received == []


def test_a_login_refused_for_the_moment_is_tried_again():
    with Sink(login=("duban", "right"), login_answer="454 4.7.0 try later") as sink:
        channel = MailChannel(parse_server(f"smtp://duban:wrong@127.0.0.1:{sink.port}"))
        with pytest.raises(TryAgainError, match="454"):
            channel.send(LETTER)


def test_a_server_without_login_stops_a_channel_that_has_one(sink: Sink):
    channel = MailChannel(parse_server(f"smtp://duban:pass@127.0.0.1:{sink.port}"))
    with pytest.raises(ChannelStoppedError):
        channel.send(LETTER)


@pytest.mark.parametrize("where", ["banner", "DATA"])
def test_a_hanging_server_costs_one_time_out(where: str):
    with Sink(hang=where) as sink:
        channel = MailChannel(parse_server(sink.url), timeout=0.3)
        started = time.monotonic()
        with pytest.raises(TryAgainError) as caught:
            channel.send(LETTER)
        assert time.monotonic() - started < 2
    assert caught.value.whole_channel


def test_a_server_that_takes_up_no_line_costs_one_time_out():
    with ExitStack() as kept:
        deaf = kept.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # as many as may wait; the next is not answered at all
            waits = kept.enter_context(socket.socket())
            waits.settimeout(0)
            waits.connect_ex(deaf.getsockname())
        url = f"smtp://127.0.0.1:{deaf.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(TryAgainError) as caught:
            MailChannel(parse_server(url), timeout=0.3).send(LETTER)
        assert time.monotonic() - started < 2
    assert caught.value.whole_channel


def test_a_reply_without_end_is_not_read_to_its_end():
    with Trickler(first=EHLO, every=5) as server:
        channel = MailChannel(parse_server(f"smtp://{server.address}"), timeout=5)
        with pytest.raises(TryAgainError, match="a reply without end"):
            channel.send(LETTER)


def test_a_kept_line_that_hangs_costs_one_time_out():
    with Sink() as sink:
        channel = MailChannel(parse_server(sink.url), timeout=0.3)
        channel.send(LETTER)
        sink.hang = "banner"  # a second connection would hang as well
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            channel._line.sock = socket.create_connection(deaf.getsockname(), timeout=0.3)
            channel._line.file = None
            with pytest.raises(TryAgainError):
                channel.send(LETTER)
    assert sink.connections == 1


def test_nobody_listening_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryAgainError) as caught:
        MailChannel(parse_server(f"smtp://127.0.0.1:{port}")).send(LETTER)
    assert caught.value.whole_channel


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "a@b\r\nRCPT TO:<c@d>", "a@b, c@d", "a b@c.example", "官@dept.example", "a@b@c"],
)
def test_an_address_that_is_none_is_refused_before_the_line_is_opened(
    to: str, sink: Sink, channel: MailChannel
):
    with pytest.raises(RefusedError):
        channel.send(replace(LETTER, to=to))
    assert sink.connections == 0


def test_starttls_is_never_done_without(sink: Sink):
    channel = MailChannel(parse_server(f"smtp+starttls://127.0.0.1:{sink.port}"))
    with pytest.raises(ChannelStoppedError):
        channel.send(LETTER)
    assert sink.received == []


def test_starttls_encrypts_the_line(tmp_path: Path):
    served, trusted = certificate(tmp_path)
    with Sink(tls=served) as sink:
        server = parse_server(f"smtp+starttls://127.0.0.1:{sink.port}")
        with MailChannel(server, trust=trusted, timeout=5) as channel:
            channel.send(LETTER)
            assert isinstance(channel._line.sock, ssl.SSLSocket)
    assert len(sink.received) == 1


def test_an_untrusted_certificate_stops_the_channel(tmp_path: Path):
    served, _ = certificate(tmp_path)
    with Sink(tls=served) as sink:
        channel = MailChannel(parse_server(f"smtp+starttls://127.0.0.1:{sink.port}"), timeout=5)
        with pytest.raises(ChannelStoppedError, match="certificate"):
            channel.send(LETTER)


@pytest.mark.parametrize(
    "url",
    ["smtp://", "http://h", "smtp://u:hidden@h:port", "ftp://u:hidden@h:25", "smtp://u:hidden@:25"],
)
def test_a_bad_url_is_refused_without_being_repeated(url: str):
    with pytest.raises(InvalidError) as caught:
        parse_server(url)
    assert "hidden" not in f"{caught.value} {caught.value.values}"


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://h", 25), ("smtp+starttls://h", 587), ("smtps://h", 465)]
)
def test_each_scheme_has_its_usual_port(url: str, port: int):
    assert parse_server(url).port == port
