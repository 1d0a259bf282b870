"""Signed bundles of trusted offices are taken in once and whole, others are refused by name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.errors import DubanError
from catalog.offices import bundle
from catalog.wording import languages
from ledger.offices import bundles, keys
from ledger.proof import chain
from tasks.act import Act
from tasks.in_force import in_force
from tasks.offices.handing_down import hand_down, seal
from tasks.offices.receiving import receive
from tasks.offices.reporting_up import report
from tasks.offices.taking_over import take_over
from tasks.offices.trusting import distrust
from tasks.sweep.sweep import sweep
from tasks.tick import Tick
from tests.tasks.offices.conftest import AT, CHEN, ON

KEY = "national-2012/3.local-plan/guangdong/once"


def duty(**more):
    fields = {
        "key": KEY,
        "title": "制訂實施方案",
        "says": "各地制訂",
        "measure": "組織實施",
        "kind": "milestone",
        "basis": "plan",
        "period": "once",
        "opens_on": ON,
        "due_on": date(2013, 12, 31),
        "quota_min": None,
        "quota_max": None,
    }
    return fields | more


def told(ledger, home, **more):
    """Return the unsigned bundle that the office of `home` hands down to that of `ledger`."""
    fields = {
        "format": 1,
        "kind": "hand-down",
        "origin": {"name": "部協調辦", "fingerprint": keys.fingerprint(keys.public(home))},
        "to": keys.fingerprint(keys.public(ledger.settings.home)),
        "at": AT.isoformat(),
        "id": "0123456789abcdef",
        "plan": {"code": "national-2012", "title": "計劃", "number": None, "issued_on": ON},
        "duties": [duty()],
    }
    return fields | more


def signed(home, content):
    is_text = isinstance(content, str)
    payload = content if is_text else json.dumps(content, default=str, ensure_ascii=False)
    unsigned = bundle.Sealed(payload, keys.fingerprint(keys.public(home)), "")
    return bundle.seal(unsigned._replace(signature=keys.sign(home, unsigned.signed)))


def refused(ledger, content):
    with pytest.raises(DubanError) as error:
        receive(ledger, content, CHEN, name="d.json")
    assert all(error.value.in_language(language) for language in languages())
    assert "\n" not in str(error.value)
    with ledger.read() as conn:
        assert "bundle-received" not in {entry.deed for entry in chain.entries(conn)}
    return error.value.key


def test_what_a_trusted_office_signed_waits(office, ministry):
    receipt = receive(office, signed(ministry, told(office, ministry)), CHEN)
    assert receipt == ("ministry", "hand-down", "0123456789abcdef", (KEY,))


def test_we_write_what_we_read(office, ministry):
    content = bundle.HandDown.model_validate_json(json.dumps(told(office, ministry), default=str))
    assert receive(office, seal(ministry, content), CHEN).duties == (KEY,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_whatever_byte_is_changed_it_is_refused(office, ministry, at, flip):
    content = bytearray(signed(ministry, told(office, ministry)))
    content[int(at * len(content))] ^= flip
    assert refused(office, bytes(content)) in {
        "bundle-foreign",
        "bundle-tampered",
        "bundle-unreadable",
    }


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -2])
def test_what_was_cut_off_is_refused(office, ministry, cut):
    content = signed(ministry, told(office, ministry))
    assert refused(office, content[:cut]) == "bundle-unreadable"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"payload":"{}"}\n',
        b'{"payload": "\\ud800", "signature": "' + b"0" * 128 + b'", "signed_by": "' + b"0" * 32,
    ],
)
def test_what_is_no_bundle_is_refused(office, content):
    assert refused(office, content) == "bundle-unreadable"


def test_a_huge_file_is_refused_unread(office):
    assert refused(office, b" " * (bundle.LARGEST + 1)) == "bundle-too-large"


def test_more_than_may_be_taken_in_is_not_signed(ministry):
    with pytest.raises(DubanError) as error:
        signed(ministry, "x" * bundle.LARGEST)
    assert error.value.key == "bundle-too-large"


def test_a_key_nobody_trusts_is_refused_whatever_it_says(office, ministry, tmp_path):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    assert refused(office, signed(stranger, told(office, ministry))) == "bundle-foreign"
    assert refused(office, signed(stranger, "no JSON")) == "bundle-foreign"


def test_a_stranger_that_names_another_as_the_signer_is_refused(office, ministry, tmp_path):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    content = json.loads(signed(stranger, told(office, ministry)))
    content["signed_by"] = keys.fingerprint(keys.public(ministry))
    sealed = bundle.Sealed(content["payload"], content["signed_by"], content["signature"])
    assert refused(office, bundle.seal(sealed)) == "bundle-tampered"


def test_whoever_is_trusted_no_longer_is_a_stranger(office, ministry):
    distrust(office, "ministry", CHEN)
    assert refused(office, signed(ministry, told(office, ministry))) == "bundle-foreign"


def test_a_signature_for_anything_else_is_none(office, ministry):
    payload = json.dumps(told(office, ministry), default=str)
    sealed = bundle.Sealed(payload, keys.fingerprint(keys.public(ministry)), "")
    elsewhere = sealed._replace(signature=keys.sign(ministry, payload.encode()))
    assert refused(office, bundle.seal(elsewhere)) == "bundle-tampered"


def test_what_is_meant_for_another_is_refused(office, ministry):
    content = told(office, ministry, to="0" * 32)
    assert refused(office, signed(ministry, content)) == "bundle-elsewhere"


def test_nobody_speaks_for_another(office, ministry):
    content = told(office, ministry, origin={"name": "部", "fingerprint": "0" * 32})
    assert refused(office, signed(ministry, content)) == "bundle-elsewhere"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"format": 2}, "format"),
        ({"kind": "order"}, "-"),
        ({"kind": None}, "-"),
        ({"id": "../../etc/passwd"}, "id"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2013-08-05T00:30:00"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"extra": 1}, "extra"),
        ({"duties": []}, "duties"),
        ({"duties": [duty()] * 2}, "hand-down"),
        ({"duties": [duty(key=f"a/1.b/-/{n}") for n in range(501)]}, "duties"),
        ({"duties": [duty(title="two\nlines")]}, "title"),
        ({"duties": [duty(title="\u202egpj.exe")]}, "title"),
        ({"duties": [duty(says="x" * 25)]}, "says"),
        ({"duties": [duty(kind="party")]}, "kind"),
        ({"duties": [duty(due_on=date(2013, 8, 4))]}, "0"),
        ({"duties": [duty(due_on="2013-13-01")]}, "due_on"),
        ({"duties": [duty(quota_min=10**30)]}, "quota_min"),
        ({"duties": [duty(quota_min="2")]}, "quota_min"),
        ({"duties": [duty(quota_min=5, quota_max=2)]}, "0"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(office, ministry, more, field):
    with pytest.raises(DubanError) as error:
        receive(office, signed(ministry, told(office, ministry, **more)), CHEN, name="d.json")
    assert (error.value.key, error.value.values["field"].split(".")[-1]) == ("bundle-unfit", field)


def test_what_is_no_json_inside_is_refused(office, ministry):
    assert refused(office, signed(ministry, "[" * 5000)) == "bundle-unfit"
    assert refused(office, signed(ministry, "{")) == "bundle-unfit"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "{{ 7*7 }}", "'; DROP"])
def test_markup_stays_text(office, ministry, text):
    content = told(office, ministry, duties=[duty(title=text, measure=text)])
    waiting = receive(office, signed(ministry, content), CHEN).bundle
    take_over(office, waiting, CHEN, plan="small-2013", lead="trade")
    with office.read() as conn:
        (row,) = bundles.listed(conn, "in")
    assert row.content.duties[0].title == text


def test_a_bundle_comes_once(office, ministry):
    content = signed(ministry, told(office, ministry))
    receive(office, content, CHEN)
    with pytest.raises(DubanError) as error:
        receive(office, content, CHEN)
    assert error.value.key == "bundle-replayed"


@pytest.mark.parametrize("at", [AT, datetime(2013, 8, 4, tzinfo=UTC)])
def test_an_older_word_about_a_duty_is_refused(office, ministry, at):
    receive(office, signed(ministry, told(office, ministry)), CHEN)
    older = told(office, ministry, id="f" * 16, at=at.isoformat())
    with pytest.raises(DubanError) as error:
        receive(office, signed(ministry, older), CHEN)
    assert error.value.key == "bundle-older"


def test_what_an_older_bundle_alone_has_still_waits(office, ministry):
    receive(office, signed(ministry, told(office, ministry)), CHEN)
    both = [duty(), duty(key=f"{KEY}-2")]
    older = told(office, ministry, id="f" * 16, at="2013-08-04T00:00:00Z", duties=both)
    receive(office, signed(ministry, older), CHEN)
    take_over(office, "f" * 16, CHEN, plan="small-2013", lead="trade")
    with office.read() as conn:
        (obligation,) = in_force(conn, "small-2013").plan.measure("2").obligations
        assert [row.id for row in bundles.waiting(conn)] == ["0123456789abcdef"]
    assert obligation.answers == f"{KEY}-2"
    content = json.loads(json.loads(report(office, "ministry", CHEN))["payload"])
    told_ = {each["duty"]: each["state"] for each in content["answers"]}
    assert told_ == {KEY: "waiting", f"{KEY}-2": "taken-over"}


EARLY = {"opens_on": date(2013, 1, 1)}


@pytest.mark.parametrize(
    ("more", "where", "key"),
    [
        (EARLY | {"due_on": date(2013, 8, 4)}, {}, "take-late"),
        ({"opens_on": date(2016, 1, 1), "due_on": date(2016, 6, 1)}, {}, "take-outside"),
        ({}, {"plan": "other-2013"}, "plan-not-in-force"),
        ({}, {"lead": "nobody"}, "agency-unknown"),
        ({}, {"title": "\u200bx"}, "take-unfit"),
    ],
)
def test_what_a_plan_cannot_take_is_refused(office, ministry, more, where, key):
    content = told(office, ministry, duties=[duty(**more)])
    waiting = receive(office, signed(ministry, content), CHEN).bundle
    with pytest.raises(DubanError) as error:
        take_over(office, waiting, CHEN, **{"plan": "small-2013", "lead": "trade"} | where)
    assert error.value.key == key
    with office.read() as conn:
        assert [row.state for row in bundles.listed(conn, "in")] == ["waiting"]


@pytest.mark.parametrize(
    ("more", "due_on"),
    [
        (EARLY | {"due_on": ON}, ON),
        ({"due_on": date(2015, 12, 30)}, date(2015, 12, 30)),
        ({"due_on": date(2019, 1, 1)}, date(2015, 12, 31)),  # the plan is over then
    ],
)
def test_it_is_due_no_later_than_what_it_answers(office, ministry, more, due_on):
    content = told(office, ministry, duties=[duty(**more)])
    waiting = receive(office, signed(ministry, content), CHEN).bundle
    take_over(office, waiting, CHEN, plan="small-2013", lead="trade")
    with office.read() as conn:
        obligation = in_force(conn, "small-2013").plan.obligation("2.local-plan")
    assert (obligation.due_on, obligation.answers, obligation.says) == (due_on, KEY, "各地制訂")


def answered(ledger, home, number=1, **more):
    """Return the report of the office of `home` on the one duty of ours."""
    answer = {"duty": "small-2013/1.report/-/once", "state": "waiting"}
    return {
        "format": 1,
        "kind": "report",
        "origin": {"name": "市協調辦", "fingerprint": keys.fingerprint(keys.public(home))},
        "to": keys.fingerprint(keys.public(ledger.settings.home)),
        "at": AT.isoformat(),
        "number": number,
        "on": ON,
        "answers": [answer | more],
    }


@pytest.fixture
def city(office, ministry):
    """The home of a trusted office to which our one duty has been handed down."""
    sweep(office, Tick("small-2013", ON, AT))
    hand_down(office, ["small-2013/1.report/-/once"], CHEN, to="ministry")
    return ministry


def test_a_report_is_taken_in_in_order(office, city):
    receive(office, signed(city, answered(office, city, 2, state="declined", reason="a\0b")), CHEN)
    for number in (1, 2):
        with pytest.raises(DubanError) as error:
            receive(office, signed(city, answered(office, city, number)), CHEN)
        assert error.value.key == "report-older"
    with office.read() as conn:
        (handed,) = bundles.handed(conn)
    assert (handed.last_answer.state, handed.last_answer.reason) == ("declined", "ab")


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"duty": "small-2013/1.other/-/once"}, "report-duty-unknown"),
        ({"duty": KEY}, "report-duty-unknown"),
        ({"state": "closed"}, "bundle-unfit"),
        ({"children": [{}]}, "bundle-unfit"),
        ({"reason": "x" * 2001}, "bundle-unfit"),
    ],
)
def test_a_report_that_does_not_fit_is_refused(office, city, more, key):
    assert refused(office, signed(city, answered(office, city, **more))) == key


@pytest.mark.usefixtures("ministry")
def test_who_handed_nothing_down_is_told_nothing(office):
    with pytest.raises(DubanError) as error:
        report(office, "ministry", CHEN)
    assert error.value.key == "report-nothing"


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ([], "hand-down-plans"),
        (["small-2013/1.nothing/-/once"], "duty-unknown"),
    ],
)
@pytest.mark.usefixtures("ministry")
def test_what_cannot_be_handed_down_is_refused(office, wanted, key):
    with pytest.raises(DubanError) as error:
        hand_down(office, wanted, CHEN, to="ministry")
    assert error.value.key == key


@pytest.mark.usefixtures("city")
def test_a_duty_past_its_date_is_not_handed_down(office):
    later = Act("chen", date(2014, 1, 1), AT)
    with pytest.raises(DubanError) as error:
        hand_down(office, ["small-2013/1.report/-/once"], later, to="ministry")
    assert error.value.key == "hand-down-late"


def test_a_bundle_from_ahead_of_the_clock_is_refused_by_name(office, ministry):
    ahead = told(office, ministry, at="2999-01-01T00:00:00Z")
    assert refused(office, signed(ministry, ahead)) == "bundle-ahead"


def test_one_taken_in_before_does_not_block_the_later_ones(office, ministry):
    """Earlier versions took in any date."""
    ahead = told(office, ministry, at="2999-01-01T00:00:00Z", id="f" * 16)
    in_2999 = datetime(2999, 1, 1, tzinfo=UTC)
    receive(office, signed(ministry, ahead), CHEN._replace(at=in_2999))
    days = ON + 3 * timedelta(days=1), AT + 3 * timedelta(days=1)
    later = told(office, ministry, at=days[1].isoformat(), id="a" * 16)
    receive(office, signed(ministry, later), Act("chen", *days))
    with office.read() as conn:
        assert [each.id for each in bundles.waiting(conn)] == ["a" * 16]
