"""Two offices behind one port, alike to the last id: what is good at one is nothing at another."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk.access import signin, tokens
from desk.hosts import Hosts
from ledger.duties import duties, life
from ledger.offices.jurisdictions import FILE, FOLDER, Jurisdiction, settings_of
from ledger.people import drafts_and_views as own
from ledger.proof import chain
from ledger.store import bulk_rows
from ledger.store.changes import Change
from ledger.store.engine import make_engine
from ledger.tables import TABLES
from tasks.offices.add import add
from tests.databases import ON_SQLITE, OnSqlite, rows
from tests.desk.pages.crawl import Case, filled, routes
from tests.desk.visitors import CAST, HERE, Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2

    from ledger.session import Ledger
    from ledger.settings import Settings
    from tests.desk.visitors import Clock

CITY = Jurisdiction("xin-cheng", "新城區督辦室", "http://xin-cheng.localhost:8180")
THERE = "http://xin-cheng.localhost:8180"
TODAY = dt.date(2014, 1, 24)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TOKEN = "a token of thirty-two characters."
WORD = "紫芋暗語"
ASKED_AGAIN = rf'(?:value="|\?q=|<h2 id="hits">[^<]*){WORD}'
UNDO = re.compile(r'action="(/(?:views|drafts)/[0-9a-f]{32}/undo)"')
WHO = (*(person.id for person in CAST), "")
ASKED = {"agency": "foshan", "month": "2014-01", "year": "2013", "span": "2013-12"}


class Office(NamedTuple):
    """A desk at an address, and its ledger."""

    hosts: Hosts
    at: str
    ledger: Ledger
    clock: Clock

    def browser(self, user: str = "", **headers: str) -> Browser:
        """Return a browser in which `user` is signed in here, or nobody."""
        made = Browser(self.hosts, at=self.at, headers=headers)
        if user:
            with self.ledger.transaction() as tx:
                cookie = signin.begin(tx, user, at=self.clock(), proved=True)
            made.cookies.set("duban", cookie)
        return made

    def bearer(self, user: str) -> Browser:
        """Return a system that shows a token `user` was given here."""
        return self.browser(Authorization=f"Bearer {self.token(user, 'api')}")

    def token(self, user: str, kind: tokens.Kind) -> str:
        with self.ledger.transaction() as tx:
            return tokens.issue(tx, user, kind, on=TODAY)

    def dump(self) -> str:
        with self.ledger.read() as conn:
            return str(rows(conn))


@pytest.fixture(scope="session")
def lived_twice(pages_once, lived_home, kind, tmp_path_factory):
    """A home whose main jurisdiction and another one have lived the same."""
    home = tmp_path_factory.mktemp("twice") / "home"
    kind.copy(lived_home, home)
    add(kind.settings(home), CITY)
    _fill(pages_once, settings_of(kind.settings(home), CITY.id))
    return home


def _fill(lived: Path, settings: Settings) -> None:
    """Put what was lived on SQLite into the ledger of `settings`."""
    shutil.copytree(
        lived, settings.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("duban.db*")
    )
    theirs, ours = (make_engine(s.database_url) for s in (OnSqlite().settings(lived), settings))
    with theirs.connect() as held, ours.begin() as conn:
        for name, kept in rows(held).items():
            if kept:
                bulk_rows.insert(conn, TABLES[name], names=TABLES[name].c.keys(), rows=kept)
    theirs.dispose()
    ours.dispose()


@pytest.fixture
def hosts(lived_twice, home, clock, database) -> Iterator[Hosts]:
    database.copy(lived_twice, home)
    made = Hosts(database.settings(home, DUBAN_METRICS_TOKEN=TOKEN), clock=clock)
    yield made
    for desk in filter(None, (made.main.state.desk, *made.desks().values())):
        desk.ledger.close()


@pytest.fixture
def main(hosts, clock):
    return Office(hosts, HERE, hosts.main.state.desk.ledger, clock)


@pytest.fixture
def city(hosts, clock):
    return Office(hosts, THERE, hosts.desks()[CITY.id].ledger, clock)


def _open_of(ledger: Ledger, performer: str) -> str:
    with ledger.read() as conn:
        held = duties.listed(conn)
    return next(d.key for d in held if d.performer == performer and d.opened_on and not d.closed_on)


@pytest.mark.both
def test_the_host_chooses_the_office_and_the_page_names_it(main, city):
    there, here = (office.browser().get("/sign-in").text for office in (city, main))
    assert ("新城區督辦室" in there, "新城區督辦室" in here) == (True, False)
    assert '<small class="office" lang="zh">' in here
    assert city.browser("chen").get("/account").text.count("新城區督辦室") == 2


@pytest.mark.parametrize("host", ["evil.example", "xin-cheng.localhost.evil.example", "town"])
def test_a_host_that_is_no_offices_is_refused(hosts, host):
    answer = Browser(hosts).get("/sign-in", headers={"Host": host})
    assert (answer.status_code, answer.text) == (421, "unknown host\n")


def test_the_main_desk_keeps_its_own_host_name(lived_twice, home, clock, database):
    database.copy(lived_twice, home)
    hosts = Hosts(database.settings(home, DUBAN_BASE_URL=THERE), clock=clock)
    assert "新城區督辦室" not in Browser(hosts, at=THERE).get("/sign-in").text
    hosts.main.state.desk.ledger.close()


def test_an_office_added_meanwhile_is_answered_for(hosts, main, monkeypatch):
    monkeypatch.setattr("desk.hosts.REFRESH", 0.0)
    assert main.browser().get("/health").text == "ok\nok xin-cheng\n"
    add(main.ledger.settings, Jurisdiction("town", "鎮督辦室", "http://town.localhost:8180"))
    assert "鎮督辦室" in Browser(hosts, at="http://town.localhost:8180").get("/sign-in").text


@ON_SQLITE
def test_a_ledger_that_cannot_be_opened_keeps_its_own_host_away_and_no_other(hosts, main):
    own = settings_of(main.ledger.settings, CITY.id)
    (own.home / "duban.db").write_bytes(b"no database" * 1000)
    there = Browser(hosts, at=THERE).get("/sign-in")

    assert (there.status_code, there.headers["X-Frame-Options"]) == (503, "DENY")
    assert main.browser().get("/sign-in").status_code == 200
    told = main.browser().get("/health")
    assert (told.status_code, told.text) == (200, "ok\nunreadable xin-cheng\n")
    assert 'duban_readable{jurisdiction="xin-cheng"} 0.0' in _figures(main)


@ON_SQLITE
def test_a_jurisdictions_file_that_cannot_be_read_at_the_start_stops_no_other_desk(main):
    file = main.ledger.settings.home / FOLDER / CITY.id / FILE
    file.write_text('name = "no end', encoding="utf-8")
    hosts = Hosts(main.ledger.settings, clock=main.clock)
    assert Browser(hosts).get("/sign-in").status_code == 200
    assert Browser(hosts).get("/health").text == "ok\nunreadable xin-cheng\n"


def test_a_jurisdictions_file_that_cannot_be_read_changes_nothing_meanwhile(
    hosts, main, monkeypatch
):
    monkeypatch.setattr("desk.hosts.REFRESH", 0.0)
    file = main.ledger.settings.home / FOLDER / CITY.id / FILE
    file.write_text("name = ", encoding="utf-8")
    assert Browser(hosts, at=THERE).get("/sign-in").status_code == 503
    assert main.browser().get("/sign-in").status_code == 200


def test_the_main_desk_tells_figures_of_each_and_another_its_own(main, city):
    line = 'duban_unswept{{jurisdiction="{}",plan="guangdong-2013"}} 0.0'.format
    assert all(line(id_) in _figures(main) for id_ in ("", CITY.id))
    assert [line(id_) in _figures(city) for id_ in ("", CITY.id)] == [False, True]


def test_the_alarm_of_26_hours_is_of_one_jurisdiction(main, city):
    with city.ledger.transaction() as tx:
        real = [Change("editions", ("guangdong-2013", 1), {"is_demo": False})]
        tx.record("published", "guangdong-2013", changes=real, at=city.clock(), actor="duban")
    line = 'duban_unswept{{jurisdiction="{}",plan="guangdong-2013"}} {}'.format
    assert line(CITY.id, 1.0) in _figures(main)
    assert line("", 0.0) in _figures(main)


def _figures(office: Office) -> str:
    answer = office.browser(Authorization=f"Bearer {TOKEN}").get("/metrics")
    assert answer.status_code == 200
    return answer.text


def test_an_address_that_is_given_out_is_the_offices_own(city):
    assert f"{THERE}/feed/" in city.browser("li").post_form("/feeds", shown_on="/feeds").text


@pytest.mark.both
def test_days_lived_at_one_office_bring_letters_that_lead_to_its_host(main, city):
    here, there = len(_letters(main)), len(_letters(city))
    city.browser("chen").post_form("/clock", to="month")

    assert len(_letters(main)) == here
    later = _letters(city)[there:]
    assert len(later) > 3
    assert all(f"{THERE}/" in letter for letter in later)


def _letters(office: Office) -> list[str]:
    """Return what left an office, as files, the latest last."""
    outbox = office.ledger.settings.home / "outbox"
    files = sorted(outbox.glob("**/*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [file.read_text("utf-8") for file in files]


@pytest.mark.both
def test_a_session_is_nothing_at_the_other_host(main, city):
    for ours, theirs in ((main, city), (city, main)):
        browser, before = ours.browser("chen"), theirs.dump()
        stranger = theirs.browser()
        stranger.cookies.set("duban", browser.cookies["duban"])
        assert browser.get("/account").status_code == 200
        assert stranger.get("/account", follow_redirects=False).status_code == 303
        assert theirs.dump() == before


def test_a_form_shown_at_one_host_is_refused_at_the_other(main, city):
    key = _open_of(city.ledger, "dongguan")
    form = f"/duty/{key}/do/comment"
    token = re.search(r'name="token" value="([0-9a-f]{64})"', main.browser("chen").get(form).text)
    answer = city.browser("chen").post(form, data={"token": token[1], "text": WORD})
    assert answer.status_code == 403


def test_an_api_token_is_nothing_at_the_other_host(main, city):
    for ours, theirs in ((main, city), (city, main)):
        shown = {"Authorization": f"Bearer {ours.token('chen', 'api')}"}
        assert ours.browser(**shown).get("/api/duties").status_code == 200
        assert theirs.browser(**shown).get("/api/duties").status_code == 401


def test_a_feed_is_nothing_at_the_other_host(main, city):
    for ours, theirs in ((main, city), (city, main)):
        path = f"/feed/{ours.token('li', 'feed')}.ics"
        assert ours.browser().get(path).status_code == 200
        assert theirs.browser().get(path).status_code == 404


@pytest.mark.both
def test_one_idempotency_key_does_a_deed_once_at_each_host(main, city):
    key = _open_of(city.ledger, "dongguan")
    before = [_entries(office, key) for office in (main, city)]
    for office in (main, city, main, city):
        li = office.bearer("li")
        said = {"text": office.at}
        path = f"/api/duties/{key}/do/progress"
        answer = li.post(path, json=said, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 200
    after = [_entries(office, key) for office in (main, city)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1]


def _entries(office: Office, key: str) -> int:
    with office.ledger.read() as conn:
        return len(list(chain.entries(conn, subject=key)))


def test_what_one_deleted_is_had_back_at_its_own_host_alone(main, city):
    chen = city.browser("chen")
    chen.post_form("/views", shown_on="/ledger", name=WORD, query="view=overdue")
    with city.ledger.read() as conn:
        [view] = own.views(conn, "chen")
    undo = UNDO.search(chen.post_form(f"/views/{view.id}/end", shown_on="/views").text)[1]

    assert main.browser("chen").post_form(undo).status_code == 409
    assert WORD not in main.browser("chen").get("/views").text
    assert WORD in chen.post_form(undo, shown_on="/account").text


def test_what_one_typed_is_kept_at_its_own_host_alone(main, city):
    key = _open_of(city.ledger, "dongguan")
    li = city.browser("li")
    li.post_form(f"/duty/{key}/draft/progress", text=WORD)
    assert WORD in li.get(f"/duty/{key}/do/progress").text
    assert WORD not in main.browser("li").get(f"/duty/{key}/do/progress").text


def test_evidence_is_handed_out_at_its_own_host_alone(main, city):
    case = _planted(city)
    path = f"/duty/{case.key}/evidence/{case.sha256}"
    assert WORD.encode() in city.browser("li").get(path).content
    for user in WHO[:-1]:
        assert main.browser(user).get(path).status_code == 404


def test_a_word_planted_at_one_host_is_told_to_nobody_at_the_other(main, city):
    case = _planted(city)
    assert len(_told(city, "chen", case)) > 5
    before = city.dump()
    assert {user: _told(main, user, case) for user in WHO} == {user: [] for user in WHO}
    assert city.dump() == before


def _told(office: Office, user: str, case: Case) -> list[str]:
    """Return where `user` finds the word at `office`, which every route is asked for.

    A search shows its question again; that does not count.
    """
    browser = office.browser(user)
    system = office.bearer(user) if user else browser
    asked = [route for route in routes(office.hosts.main) if route.method == "GET"]
    found = []
    for route in asked:
        path = filled(office.ledger, route, case, **ASKED)
        answer = (system if path.startswith("/api/") else browser).get(path, params={"q": WORD})
        assert answer.status_code < 500, path
        if WORD.encode() in re.sub(ASKED_AGAIN.encode(), b"", _content(answer)):
            found.append(path)
    assert len(asked) > 60
    return found


def _content(answer: httpx2.Response) -> bytes:
    """Return what was answered, of a workbook or a pack all its parts."""
    if not answer.content.startswith(b"PK"):
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def _planted(office: Office) -> Case:
    """Say the word at an office in many ways; return the duty and the file that hold it."""
    key = _open_of(office.ledger, "dongguan")
    chen, li = (office.browser(user) for user in ("chen", "li"))
    chen.post_form("/views", shown_on="/ledger", name=WORD, query="view=overdue")
    chen.post_form(f"/duty/{key}/do/comment", text=WORD)
    li.post_form(f"/duty/{key}/do/raise-problem", text=WORD)
    li.post_form(f"/duty/{key}/draft/progress", text=WORD)
    pdf = PDF.replace(b"endobj", f"endobj %{WORD}".encode())
    labels = ("minutes", "attendance", "document", "photo", "source")
    files = [(f"file-{label}", (f"{WORD}.pdf", pdf, "application/pdf")) for label in labels]
    path = f"/api/duties/{key}/do/file"
    assert office.bearer("li").post(path, data={"summary": WORD}, files=files).status_code == 200
    with office.ledger.read() as conn:
        [sha256] = {proof.sha256 for proof in life.evidence(conn, key)}
        [*_, last] = chain.entries(conn, subject=key)
    return Case(key, sha256, last.seq)
