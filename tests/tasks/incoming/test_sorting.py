"""What comes back is told apart by what it is, whoever wrote it and in whatever shape."""

from __future__ import annotations

import pytest

from tasks.incoming.mail import LARGEST
from tasks.incoming.notifications import Notification
from tasks.incoming.sorting import Answer, Automatic, Unknown, sort
from tests.tasks.incoming import samples
from tests.tasks.incoming.samples import OURS, TO, answer, dsn, plain


def fate(content):
    """Return the one fate of the address TO in a report about OURS."""
    report = sort(content)
    assert isinstance(report, Notification)
    assert OURS in report.message_ids
    (one,) = {each for each in report.fates if each.address == TO}
    return one


@pytest.mark.parametrize(
    "returned",
    ["message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"],
)
def test_a_standard_report_names_letter_address_and_reason(returned):
    one = fate(dsn(returned=returned))
    assert one == (TO, "failed", "5.1.1", "550 5.1.1 no such user")


def test_the_address_we_wrote_to_counts_as_well_as_the_one_it_was_passed_on_to():
    report = sort(dsn(to="other@elsewhere.example", original=TO))
    assert [each.address for each in report.fates] == [TO, "other@elsewhere.example"]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_has_nobody_unreached(action):
    assert sort(dsn(action)).fates == ()


def test_a_delay_is_no_failure():
    assert fate(dsn("delayed", "4.4.1")).action == "delayed"
    assert fate(samples.DELAY).action == "delayed"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.EXIM, "550 5.1.1"),
        (samples.QMAIL, "550 5.1.1 mailbox unavailable"),
        (samples.EXCHANGE, "RecipientNotFound"),
        (samples.COREMAIL, "不存在"),
        (samples.QQ, "退信"),
    ],
    ids=["exim", "qmail", "exchange", "coremail", "qq"],
)
def test_a_report_in_words_counts_by_the_letter_and_the_address_it_quotes(content, reason):
    one = fate(content)
    assert one.action == "failed"
    assert reason in one.reason


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "Subject: Automatic reply: duties",
        "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSN77ya5LqL6aG5?=",
    ],
)
def test_an_automatic_answer_is_nothing(header):
    assert sort(plain(header)) == Automatic()


def test_mail_of_a_person_is_left_for_people():
    assert sort(plain("Auto-Submitted: no", "Subject: duties", f"In-Reply-To: {OURS}")) == Unknown()


def test_an_answer_to_an_invitation_counts_from_its_attendee_alone():
    assert sort(answer()) == Answer(samples.REPLY.encode())
    assert sort(answer(sender="somebody@else.example")) == Unknown()
    assert sort(answer(sender=f"{TO}.evil.example")) == Unknown()


HEAD = b"From: mailer-daemon@mx.example\nMIME-Version: 1.0\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(range(256)) * 100,
        HEAD + b"\n" + b"x" * 50_000_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
        HEAD + b"Content-Type: message/rfc822\n\n" * 10_000,
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                        for n in range(5_000)),
        HEAD + b"Content-Type: text/plain; " + b';"' * 100_000 + b"\n\nx",
        HEAD + b"Content-Type: text/plain; charset=punycode\n\n-" + b"99999999999" * 20_000,
        HEAD + b"Content-Type: text/plain; charset=\xff\xfe\n\n\xff\xfe",
        HEAD + b"Content-Type: message/delivery-status\n\n" + b"\n" * 250_000,
        HEAD + b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 15_000,
        HEAD + b"Subject: " + b"=?a?q?" * 40_000 + b"\n\n",
        HEAD + b"Content-Type: text/html\n\n" + b"<a" * 130_000,
        HEAD + b"\n" + b"a@" * 130_000,
        HEAD + b"\nmessage-id: " + b"<a@" * 80_000,
    ],
    ids=lambda content: f"{content[-12:]!r}",
)  # fmt: skip
@pytest.mark.timeout(5)
def test_hostile_mail_costs_little_and_raises_nothing(content):
    assert isinstance(sort(content), (Notification, Unknown))


def test_of_a_large_mail_the_beginning_is_read():
    assert fate(dsn() + b"x" * 2 * LARGEST).action == "failed"


def test_a_mail_of_too_many_parts_is_left_with_a_reason():
    mail = HEAD + b"Content-Type: message/rfc822\n\n" * 100
    assert sort(mail) == Unknown("ValueError: it has too many parts")
