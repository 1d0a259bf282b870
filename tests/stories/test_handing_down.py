"""A province hands a duty down, a city takes it into its plan, and its outcome comes back."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest

from catalog.errors import ConflictError
from ledger.offices import bundles, keys
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from tasks.deeds import answering, extending
from tasks.offices.exchanging import exchange
from tasks.offices.handing_down import hand_down
from tasks.offices.receiving import receive
from tasks.offices.reporting_up import report
from tasks.offices.taking_over import decline, take_over
from tasks.offices.trusting import trust
from tasks.plans.assigning import Order, assign
from tasks.plans.publish import publish
from tests.world import ISSUED, PostOffice, World, small_plan

OFFICE = "office/officer"
LOCAL, FAIR = "province-2013/1.local-plan/-/once", "province-2013/1.fair/-/once"
ASKED = [
    {"id": "local-plan", "title": "落實本市措施", "says": "各地", "opens_on": ISSUED},
    {
        "id": "fair",
        "title": "舉辦展會",
        "kind": "event",
        "quota": {"min": 2},
        "due_on": date(2014, 6, 30),
    },
]
SEPTEMBER = date(2013, 9, 2)


@pytest.fixture
def offices(database, tmp_path, monkeypatch):
    """A province and a city, each with a ledger and a plan in force, that trust each other."""
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    with database.open(tmp_path / "p") as above, database.open(tmp_path / "c") as below:
        province, city = World(above, post), World(below, post)
        province.publish(small_plan(tmp_path, *ASKED, code="province-2013"))
        city.publish(small_plan(tmp_path, {"id": "own"}, code="city-2013"))
        know(province, "city", city)
        know(city, "province", province)
        for world in (province, city):
            world.day(ISSUED)
            world.day(SEPTEMBER)
        yield province, city
        for world in (province, city):
            with world.ledger.read() as conn:
                assert list(differences(conn)) == []


def know(world, name, other):
    trust(world.ledger, name, keys.public(other.ledger.settings.home), world.act("admin"))


def hand(province, *wanted):
    kept = hand_down(province.ledger, wanted, province.act(OFFICE), to="city")
    return kept.document.encode()


def take(city, content, **more):
    brought = receive(city.ledger, content, city.act(OFFICE))
    said = {"plan": "city-2013", "lead": "trade", **more}
    return take_over(city.ledger, brought.bundle, city.act(OFFICE), **said)


def reported(city, province):
    content = report(city.ledger, "province", city.act(OFFICE))
    return receive(province.ledger, content, province.act(OFFICE))


def answer(province, key):
    with province.ledger.read() as conn:
        return bundles.handed_to(conn, "city")[key].last_answer


def file(city, key):
    """File the duty with the document it is about, as whoever performs it."""
    with city.ledger.evidence.tray() as tray:
        proof = tray.take(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), name="方案.pdf", kind="document")
        act = city.act("trade/officer")
        answering.file_submission(city.ledger, key, act, summary="已印發", evidence=[proof])


def children(city):
    return {duty.key: duty for duty in city.duties() if duty.measure == "2"}


def deeds(world, subject):
    with world.ledger.read() as conn:
        return [entry.deed for entry in chain.entries(conn, subject)]


def test_a_duty_beside_the_plan_is_handed_down_with_its_source(offices):
    province, city = offices
    order = Order(
        "報送名單", "trade", date(2013, 12, 31), "省領導批示", document="粵府批〔2013〕7號甲"
    )
    key = assign(province.ledger, "province-2013", province.act(OFFICE), order)
    province.sweep(date(2013, 9, 3))
    city.sweep(date(2013, 9, 3))
    take(city, hand(province, key))
    (child,) = children(city).values()
    assert (child.title, child.due_on) == ("報送名單", date(2013, 12, 31))
    reported(city, province)
    assert answer(province, key).state == "taken-over"


def test_a_duty_is_done_below_and_shown_above_where_it_stays_open(offices):
    province, city = offices
    done = take(city, hand(province, LOCAL))
    assert (done.edition, dict(done.counts)) == (2, {"scheduled": 1})
    (child,) = children(city).values()
    assert (child.key, child.title, child.due_on, child.performer) == (
        "city-2013/2.local-plan/-/once",
        "落實本市措施",
        date(2013, 12, 31),
        "trade",
    )
    for world in offices:
        world.until(SEPTEMBER + timedelta(days=1))
    city.acknowledge(child.key)
    answering.progress(city.ledger, child.key, city.act("trade/officer"), text="已形成初稿")
    reported(city, province)
    told = answer(province, LOCAL)
    assert (told.state, told.done, len(told.children), told.light) == ("taken-over", 0, 1, "green")
    assert (told.children[0].said, told.plan) == ("已形成初稿", "轉型升級計劃")
    file(city, child.key)
    city.close(child.key)
    reported(city, province)
    assert answer(province, LOCAL).done == 1
    above = province.duty(LOCAL)
    assert (above.closed_on, above.filed_on, above.delivered) == (None, None, 0)
    assert deeds(province, LOCAL)[-3:] == ["handed-down", "rolled-up", "rolled-up"]


def test_it_is_chased_below_by_the_citys_own_ladder(offices):
    province, city = offices
    take(city, hand(province, LOCAL))
    city.until(SEPTEMBER + timedelta(days=1))
    child = "city-2013/2.local-plan/-/once"
    assert {n.rung for n in city.notices() if n.duty == child} == {"issue"}


def test_the_edition_that_takes_it_over_tells_from_whom(offices):
    province, city = offices
    take(city, hand(province, LOCAL))
    with city.ledger.read() as conn:
        published = [e for e in chain.entries(conn, "city-2013") if e.deed == "published"]
        (kept,) = bundles.listed(conn, "in")
    source = published[-1].payload["source"]
    assert (source["handed-down-by"], source["bundle"]) == ("province", kept.id)
    assert (kept.state, kept.plan, kept.measure) == ("taken-over", "city-2013", "2")


def test_until_it_is_decided_it_waits_and_the_province_is_told_so(offices):
    province, city = offices
    receive(city.ledger, hand(province, LOCAL), city.act(OFFICE))
    with city.ledger.read() as conn:
        assert [kept.content.duties[0].key for kept in bundles.waiting(conn)] == [LOCAL]
    reported(city, province)
    assert answer(province, LOCAL).state == "waiting"


def test_what_is_declined_goes_back_with_its_reason(offices):
    province, city = offices
    brought = receive(city.ledger, hand(province, FAIR), city.act(OFFICE))
    decline(city.ledger, brought.bundle, city.act(OFFICE), reason="本市無展館")
    reported(city, province)
    told = answer(province, FAIR)
    assert (told.state, told.reason, told.children) == ("declined", "本市無展館", ())
    with pytest.raises(ConflictError) as refused:
        take_over(city.ledger, brought.bundle, city.act(OFFICE), plan="city-2013", lead="trade")
    assert refused.value.key == "bundle-decided"


def test_a_quota_is_reported_item_by_item(offices):
    province, city = offices
    take(city, hand(province, FAIR, LOCAL), title="省交辦事項")
    for world in offices:
        world.until(SEPTEMBER + timedelta(days=1))
    city.acknowledge("city-2013/2.fair/-/once")
    city.deliver_item("city-2013/2.fair/-/once")
    brought = reported(city, province)
    assert brought.duties == (FAIR, LOCAL)
    (child,) = answer(province, FAIR).children
    assert (child.delivered, child.quota_min) == (1, 2)
    assert province.duty(FAIR).delivered == 0


def test_a_report_that_says_nothing_new_of_a_duty_leaves_no_entry_with_it(offices):
    province, city = offices
    take(city, hand(province, LOCAL))
    reported(city, province)
    before = deeds(province, LOCAL)
    assert reported(city, province).duties == ()
    assert deeds(province, LOCAL) == before


def test_a_moved_date_handed_down_again_moves_the_duty_below(offices):
    province, city = offices
    take(city, hand(province, LOCAL))
    later = date(2014, 3, 31)
    province.until(SEPTEMBER + timedelta(days=1))
    act = province.act("trade/officer")
    extending.ask(province.ledger, LOCAL, act, to=later, reason="需要時間")
    extending.grant(province.ledger, LOCAL, province.act(OFFICE), document="粵府函〔2013〕9號")
    city.until(SEPTEMBER + timedelta(days=1))
    done = take(city, hand(province, LOCAL))
    assert (done.edition, dict(done.counts)) == (3, {"amended": 1})
    (child,) = children(city).values()
    assert (child.due_on, child.due_version) == (later, 2)


def test_a_newer_word_takes_the_place_of_one_that_waits(offices):
    province, city = offices
    first = receive(city.ledger, hand(province, LOCAL), city.act(OFFICE))
    for world in offices:
        world.until(SEPTEMBER + timedelta(days=1))
    second = receive(city.ledger, hand(province, LOCAL), city.act(OFFICE))
    with city.ledger.read() as conn:
        assert [kept.id for kept in bundles.waiting(conn)] == [second.bundle]
    with pytest.raises(ConflictError) as refused:
        take_over(city.ledger, first.bundle, city.act(OFFICE), plan="city-2013", lead="trade")
    assert refused.value.key == "bundle-superseded"


def test_what_the_city_no_longer_asks_for_is_told_as_waived(offices, tmp_path):
    province, city = offices
    take(city, hand(province, LOCAL))
    plan = small_plan(tmp_path, {"id": "own"}, code="city-2013")
    again = plan.model_copy(update={"edition": 3})
    publish(city.ledger, again, at=city.at, actor=OFFICE)
    reported(city, province)
    assert [c.status for c in answer(province, LOCAL).children] == ["waived"]


@pytest.mark.parametrize("deed", ["hand", "bring", "take", "decline", "report"])
@pytest.mark.parametrize("user", ["trade/officer", "reviewer/officer"])
def test_only_the_office_has_a_hand_in_it(offices, deed, user):
    province, city = offices
    content = hand(province, LOCAL)
    waiting = receive(city.ledger, hand(province, FAIR), city.act(OFFICE)).bundle
    do = {
        "hand": lambda: hand_down(province.ledger, [LOCAL], province.act(user), to="city"),
        "bring": lambda: receive(city.ledger, content, city.act(user)),
        "take": lambda: take_over(
            city.ledger, waiting, city.act(user), plan="city-2013", lead="trade"
        ),
        "decline": lambda: decline(city.ledger, waiting, city.act(user), reason="無力承辦"),
        "report": lambda: report(city.ledger, "province", city.act(user)),
    }
    with pytest.raises(ConflictError) as refused:
        do[deed]()
    assert refused.value.key == "rule-who-office"


def test_offices_of_one_installation_hand_their_bundles_over_by_themselves(offices, monkeypatch):
    province, city = offices
    kept = hand_down(province.ledger, [LOCAL], province.act(OFFICE), to="city")
    ledgers = {"": province.ledger, "city": city.ledger}

    def passed():
        return list(exchange(ledgers, lambda ledger: world_of[ledger].act("duban")))

    world_of = {province.ledger: province, city.ledger: city}
    with monkeypatch.context() as patch:  # an exchange that has no time leaves all to the next one
        patch.setattr("tasks.offices.exchanging.EXCHANGE", 0)
        assert passed() == []
    first = passed()
    assert [(p.sender, p.receiver, p.receipt.kind) for p in first] == [
        ("", "city", "hand-down"),
        ("city", "", "report"),
    ]
    assert passed() == []
    take_over(city.ledger, kept.id, city.act(OFFICE), plan="city-2013", lead="trade")
    assert [p.receipt.duties for p in passed()] == [(LOCAL,)]
    assert answer(province, LOCAL).state == "taken-over"


def test_no_private_key_is_in_the_history_or_in_what_is_sent(offices):
    province, city = offices
    content = hand(province, LOCAL)
    take(city, content)
    secret = keys.key_file(province.ledger.settings.home)
    assert secret.stat().st_mode & 0o777 == 0o600
    with province.ledger.read() as conn:
        told = json.dumps([entry.payload for entry in chain.entries(conn)], default=str)
    assert secret.read_text() not in told + content.decode()
